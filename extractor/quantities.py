"""Text -> quantities: numerals with hedge, unit and the interval the words allow.

One pass: a pattern finds where a numeral may begin; a small parser reads numeral, hedges, range and unit
from there by longest match in the rule tables. Every step looks at a bounded stretch of text, so the
whole is linear. What is read and what is left out: docs/quantities.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractor import measures, nonfigures, numerals, shares
from extractor.amounts import NumberReader, Read
from extractor.bounds import interval, negated, number, plain
from extractor.folding import fold
from extractor.measures import Hedge, Measured, NonFigure, Tables, Unit, compile_tables
from extractor.model import Hedge as HedgeName
from extractor.model import Quantity
from extractor.numerals import ASCII_DIGITS, CHINESE, DIGITS, PLACES, Numeral

__all__ = [
    "Hedge", "NonFigure", "Tables", "Unit", "compile_tables", "find", "hedge_fires", "interval", "nonfigure_fires", "number", "plain", "unit_fires",
]  # fmt: skip

_RANGE = re.compile(r" ?(?:[-—–~～]{1,2}|至|到) ?")
_RANGE_FIRST = frozenset("-—–~～至到 ")
_CHANGES = re.compile(r"[从由自]")
_TWO = re.compile(rf"、([{CHINESE}]{{1,8}})")
_MINUS = re.compile(r"(?:(?:^|[为达长比率额幅是温于：:（(，, ])[-−]|(?:^|[^担背肩抱欺辜胜自减身])[负負])$")
_LETTER = re.compile(r"[A-Za-z]")
_SILVER = re.compile(r"[，。；、：！？）)”,.;:!?\s]|$|[重银黄白茶酒半多]")
_HALF_ENDS = re.compile(r"[，。；、：！？）)”,.;:!?\s]|$|的|左右|以上|以内|时间")
_AGE_ENDS = re.compile(r"[，。；、！？）)\s]|$|[的了时]|小孩|婴儿|幼儿")
_SINCE = frozenset(("年", "个月", "周", "天"))
_OF_AGE = frozenset(("周", "天", "个月", "岁"))
_DIGIT, _HAN = frozenset(ASCII_DIGITS), frozenset(CHINESE)
_NUMERAL = _DIGIT | _HAN
_PART_FIRST = _NUMERAL | {"又"}
_MINUS_FIRST = frozenset("-−负負")


def unit_fires(rule: Unit, text: str, tables: Tables) -> bool:
    """Whether a quantity of the text has a unit of this rule."""
    wanted = {rule.unit} if rule.unit else {fold(form) for form in rule.forms}
    return any(q.unit in wanted for q in find(text, tables))


def hedge_fires(rule: Hedge, text: str, tables: Tables) -> bool:
    """Whether a quantity of the text is widened by a form of this rule."""
    return any(q.hedge == rule.hedge and any(form in q.raw for form in rule.forms) for q in find(text, tables))


def nonfigure_fires(rule: NonFigure, text: str, tables: Tables) -> bool:
    """Whether no quantity with a unit is read from the text."""
    return not any(q.unit for q in find(text, tables))


def find(text: str, tables: Tables) -> list[Quantity]:
    """The quantities of a text, in order and apart. Offsets are code points; `raw` is text[start:end] with its
    hedges and unit. A number without a measure word has the unit None; dates, times of day, ordinals and
    the classes of rules/nonfigures.toml are left out."""
    return list(_Scanner(text, fold(text), tables).run())


_Whole = tuple[Read, str | None, int]
"""A number, its unit, and where the unit ends."""


class _Scanner(NumberReader):
    """Reads one text from left to right. `floor` is where the last quantity ends: nothing reaches back over it."""

    def __init__(self, raw: str, text: str, tables: Tables) -> None:
        super().__init__(text, tables)
        self.raw = raw

    def run(self) -> Iterator[Quantity]:
        at = 0
        search = self.tables.candidate.search
        while found := search(self.text, at):
            start, at = found.span()
            if at - start > 1:
                continue
            quantity, end = self._at(start)
            at = max(at, end)
            if quantity is not None:
                self.floor = quantity.end
                yield quantity

    def _at(self, start: int) -> tuple[Quantity | None, int]:
        """The quantity that begins at `start` (hedges in front are found from there) and where to go on."""
        text = self.text
        share = self._share(start)
        if share is not None:
            return self._build(*share), share[2]
        read = self._half(start) if text[start] == "半" else self._numeral(start)
        if read is None:
            return None, self._skip(start)
        share = self._fraction(read)
        if share is not None:
            return self._build(*share), share[2]
        sign = self._prefix(read.numeral)
        if nonfigures.is_date_or_code(text, read.numeral, sign is not None):
            return None, read.numeral.end
        read, unit, end = self._measured(read)
        if nonfigures.is_nonfigure(text, read.numeral, unit, end, read.over, self.tables):
            return None, max(read.numeral.end, end if unit else 0)
        if unit is None and sign is None and not nonfigures.stands_alone(text, read.numeral):
            return None, read.numeral.end
        return self._build(read, unit, end, sign), end

    def _skip(self, start: int) -> int:
        """Behind a run of digits or numerals that is no number."""
        at = start
        kind = _DIGIT if self.text[start] in _DIGIT else _HAN
        while at < len(self.text) and self.text[at] in kind:
            at += 1
        return at

    # --- shares ---------------------------------------------------------------------------------

    def _share(self, start: int) -> _Whole | None:
        """What is a share from its first character on: 百分之八, 九五折, 翻两番."""
        text, first = self.text, self.text[start]
        if first == "翻":
            doubled = shares.doubling(text, start)
            return (Read(*doubled), "倍", doubled[0].end) if doubled else None
        if first in "百佰" and (found := shares.PERCENT.match(text, start)):
            read = self._percent(start, found.end())
            return (read, "%", read.numeral.end) if read else None
        if first in "对對半" or (first in DIGITS and text[start + 2 : start + 4].lstrip(" ")[:1] in ("折", *DIGITS)):
            reduced = shares.discount(text, start)
            return (Read(reduced), "%", reduced.end) if reduced else None
        return None

    def _percent(self, start: int, at: int) -> Read | None:
        text = self.text
        first = shares.number_at(text, at) or numerals.decimals_at(text, at)
        if first is None or _LETTER.match(text, first.end):
            return None
        over, first = self._inner_hedge(first._replace(start=start, arabic=False))
        if not over and text[first.end : first.end + 1] in ("多", "余"):
            over, first = True, first._replace(end=first.end + 1)
        mark = _RANGE.match(text, first.end)
        if mark and mark.group().strip() in ("至", "到", "-", "—", "~", "～"):
            again = shares.PERCENT.match(text, mark.end())
            second = shares.number_at(text, again.end() if again else mark.end())
            if second and second.value > first.value and (again or self.tables.unit_at(text, second.end) is None):
                return Read(first._replace(end=second.end, low=first.value, high=second.value))
        return Read(first, over)

    def _fraction(self, read: Read) -> _Whole | None:
        """三分之一 as a share, 二又三分之一 as a number; its measure word may follow."""
        text, below, whole = self.text, read.numeral, None
        if text[below.end : below.end + 1] == "又":
            second = shares.number_at(text, below.end + 1)
            if second is None:
                return None
            whole, below = below.value, second._replace(start=below.start)
        if text[below.end : below.end + 1] not in ("分", " ") or not below.value or not (found := shares.FRACTION.match(text, below.end)):
            return None
        above = shares.number_at(text, found.end())
        if above is None:
            return None
        result = Read(shares.fraction(below, above, whole))
        if whole is None:
            return result, "%", above.end
        unit = self._unit(above.end, result)
        return result, unit.unit, unit.end

    # --- units and ranges -----------------------------------------------------------------------

    def _prefix(self, numeral: Numeral) -> tuple[int, str] | None:
        """A sign of money directly before an Arabic number: where it begins and the unit it says."""
        text = self.text
        at = numeral.start - (text[numeral.start - 1 : numeral.start] == " " and numeral.start > 0)
        if not numeral.arabic or at <= self.floor:
            return None
        for form, unit in self.tables.prefixes.get(text[at - 1], ()):
            begin = at - len(form)
            before = text[begin - 1 : begin] if begin else ""
            if begin >= self.floor and text.startswith(form, begin) and not (before.isascii() and before.isalnum()):
                return begin, unit
        return None

    def _measured(self, read: Read) -> _Whole:
        """The number with what stands behind it: 成 or 折, a second end of a range, a unit and what the unit adds."""
        text, numeral = self.text, read.numeral
        share = shares.tenths(text, numeral) if not read.over else None
        if share is not None:
            joined = self._range(read, Measured("%", share[0].end))
            return joined or (Read(*share), "%", share[0].end)
        unit = self._unit(numeral.end, read)
        joined = self._range(read, unit)
        if joined is not None:
            return joined
        if unit.adds:
            added = Decimal(unit.adds)
            read = read._replace(numeral=numeral._replace(value=numeral.value + added, grain=numerals.grain_of(added)))
        return Read(read.numeral, read.over or unit.over), unit.unit, unit.end

    def _unit(self, at: int, read: Read) -> Measured:
        """The canonical unit behind a numeral and where it ends; (None, at) without one."""
        text, numeral = self.text, read.numeral
        start = self._gap(at, numeral.start)
        first = text[start : start + 1]
        if first == "年" and nonfigures.is_years(text, numeral._replace(end=start)):
            return self._half_behind("年", start + 1, numeral)
        if first == "个" and text[start + 1 : start + 2] in ("多", "半"):
            inner = self.tables.unit_at("个" + text[start + 2 : start + 6], 0)
            if inner and len(inner[0]) > 1:
                half = text[start + 1] == "半"
                return Measured(inner[1], start + 1 + len(inner[0]), not half, "0.5" if half else "")
        pair = self.tables.unit_at(text, start)
        if pair is None:
            return Measured(None, at)
        form, unit = pair
        end = start + len(form)
        if form in self.tables.arabic_only and not numeral.arabic and not read.over and not self._has_places(numeral):
            return Measured(None, at)
        if form.isascii() and form.isalpha() and text[end : end + 1].isascii() and text[end : end + 1].isalnum():
            return Measured(None, at)
        if form == "两" and not _SILVER.match(text, end):
            return Measured(None, at)
        unit, end = measures.compound(text, unit, end, self.tables)
        if unit in self.tables.parts and text[end : end + 1] in _PART_FIRST:
            return self._parts(unit, end, numeral)
        return self._half_behind(unit, end, numeral)

    def _has_places(self, numeral: Numeral) -> bool:
        """二十一, but not 百, 十 or 三八: a numeral of several characters that can be nothing else."""
        word = self.text[numeral.start : numeral.end]
        return len(word) > 1 and word[0] not in "百千万亿" and any(char in PLACES for char in word)

    def _half_behind(self, unit: str, end: int, numeral: Numeral) -> Measured:
        """三斤半, 一年半: a 半 behind the unit, and nothing that makes it another word (半价); 三个月大 is an age."""
        if self.text[end : end + 1] == "大" and unit in _OF_AGE and _AGE_ENDS.match(self.text, end + 1):
            end += 1
        if self.text[end : end + 1] == "半" and (unit == "年" or unit in self.tables.halved) and numeral.low is None and _HALF_ENDS.match(self.text, end + 1):
            return Measured(unit, end + 1, adds="0.5")
        return Measured(unit, end)

    def _parts(self, unit: str, end: int, numeral: Numeral) -> Measured:
        """12元5角3分 is one amount of 12.53 元."""
        added, parts = Decimal(0), self.tables.parts[unit]
        while not (numeral.multiplied or numeral.decimal):
            at = end + (self.text[end : end + 1] in ("又", "零"))
            number_ = shares.number_at(self.text, at)
            name = next((part for part in parts if number_ and self.text.startswith(part, number_.end)), None)
            if number_ is None or name is None or number_.value >= parts[name] or self.text.startswith("钟", number_.end + len(name)):
                break
            added, end = added + number_.value / parts[name], number_.end + len(name)
        return Measured(unit, end, adds=str(added) if added else "")

    def _range(self, read: Read, unit: Measured) -> _Whole | None:
        """A second number behind 至, - or the like: the two are the ends of one range, with one unit or the same twice."""
        text, first = self.text, read.numeral
        if text[first.end : first.end + 1] == "、":
            return self._listed(first)
        for mark_at in {first.end, unit.end}:
            if text[mark_at : mark_at + 1] not in _RANGE_FIRST or not (mark := _RANGE.match(text, mark_at)):
                continue
            second = self._numeral(mark.end()) if text[mark.end() : mark.end() + 1] in _NUMERAL and mark.end() < len(text) else None
            if second is None or nonfigures.is_dated(text, second.numeral) or second.numeral.arabic != first.arabic:
                continue
            joined = self._ends(first, second, unit, mark.group().strip(), mark_at != first.end)
            if joined is not None:
                return joined
        return None

    def _ends(self, first: Numeral, second: Read, unit: Measured, mark: str, twice: bool) -> _Whole | None:
        """The range of two numbers, whose unit stands once behind them or `twice`; None where they are apart."""
        tenths = shares.tenths(self.text, second.numeral)
        end = Measured("%", tenths[0].end) if tenths else self._unit(second.numeral.end, second)
        high = (tenths[0] if tenths else second.numeral).value
        low = first.value * 10 if tenths else first.value
        if end.unit is None and (twice or mark not in ("至", "~", "～")):
            return None
        if twice and (end.unit != unit.unit or (mark == "到" and _CHANGES.search(self.text, max(0, first.start - 8), first.start))):
            return None
        if not twice and second.numeral.multiplied and not first.multiplied:
            scale = next(iter(numerals.SCALE.findall(self.text, second.numeral.start, second.numeral.end)), None)
            factor = numerals.SCALES[scale] if scale else 1
            low = low * factor if low * factor < high else low
        if low >= high:
            return None
        ends = second.numeral.end if tenths is None else end.end
        return Read(Numeral(first.start, ends, low, first.grain, low=low, high=high, arabic=first.arabic)), end.unit, end.end

    def _listed(self, first: Numeral) -> _Whole | None:
        """七、八千 and 十七、八个: neighbouring Chinese digits parted by 、."""
        text, end = self.text, first.end
        found = _TWO.match(text, end) if not first.arabic and text[end - 1] in DIGITS else None
        if found is None:
            return None
        ends = numerals.vague(text[first.start : end] + found[1])
        if ends is None:
            return None
        numeral = Numeral(first.start, found.end(), ends[0], numerals.grain_of(ends[0]), low=ends[0], high=ends[1])
        unit = self._unit(numeral.end, Read(numeral))
        return (Read(numeral), unit.unit, unit.end) if unit.unit else None

    # --- hedges ---------------------------------------------------------------------------------

    def _hedge_behind(self, end: int, plainly: bool) -> tuple[str, Hedge] | None:
        """The hedge word directly behind `end`, unless it begins another word (3场多媒体讲座 has none)."""
        for form, rule in self.tables.behind.get(self.text[end : end + 1], ()):
            if self.text.startswith(form, end):
                following = self.text[end + len(form) : end + len(form) + 1]
                return (form, rule) if not (following and following in rule.unless) and (rule.hedge != "over" or plainly) else None
        return None

    def _build(self, read: Read, unit: str | None, end: int, sign: tuple[int, str] | None = None) -> Quantity:
        """The quantity with its outer hedges and interval."""
        numeral, text, start = read.numeral, self.text, read.numeral.start
        if sign is not None:
            # 新台币3000元 are no yuan; 人民币300万元 are, with or without the word in front.
            unit = sign[1] if unit in (None, "元") else unit
            if end == numeral.end or sign[1] != "元" or not "\u4e00" <= text[sign[0]] <= "\u9fff":
                start = sign[0]
        negative = text[start - 1 : start] in _MINUS_FIRST and start > self.floor and unit in self.tables.signed and _MINUS.search(text, max(self.floor, start - 2), start)
        start -= bool(negative)
        first = text[numeral.start]
        before = self._hedge_before(start, big=first in "百千万亿十" or (first == "一" and numeral.value >= 100))
        hedge: HedgeName | None = None
        if before is not None and not (before[1].hedge == "under" and unit in _SINCE and text.startswith("来", end)):
            # 近五年来 is no 近五年: it says since when, not how many at most.
            start, hedge = before[0], before[1].hedge
        behind = self._hedge_behind(end, hedge is None and not read.over)
        if behind is not None:
            end += len(behind[0])
            hedge = hedge or behind[1].hedge
        if hedge in (None, "about") and read.over:
            hedge = "over"
        bounds = interval(numeral, hedge)
        low, high, name = negated(bounds) if negative else bounds
        value = -numeral.value if negative else numeral.value
        return Quantity(start=start, end=end, raw=self.raw[start:end], value=plain(value), low=number(low), high=number(high), hedge=name, unit=unit)

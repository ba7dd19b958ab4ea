"""Text -> quantities: numerals with hedge, unit and the interval the words allow.

One pass: a pattern finds where a numeral may begin; a small parser reads numeral, hedges, range and unit
from there by longest match in the rule tables. Every step looks at a bounded stretch of text, so the
whole is linear. The interval rules are those of the report contract: 余 truncates, 约 widens both ways, a
multiplier or a decimal point rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import regex

from extractor import numerals
from extractor.folding import fold
from extractor.model import Hedge as HedgeName
from extractor.model import Number, Quantity, Rule
from extractor.numerals import CHINESE, DIGITS, Numeral

_CANDIDATE = regex.compile(rf"\d|[{CHINESE}几数翻]")
_CHINESE_RUN = regex.compile(rf"[{CHINESE}]{{1,41}}")
_RANGE = regex.compile(r" ?(?:[-—–~～]{1,2}|至|到) ?")
_DATE_BEHIND = regex.compile(r" ?(?:年(?!来|间|内|多|以上|左右|级|报|的历史)|月(?!份?刊)|日(?!均|志|报)|号(?!楼))")
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_YEARS = regex.compile(r" ?年(?=来|间|内|以上|左右|多|[，。；、）)]|的(?:历史|时间)|$)")
_YEARS_BEFORE = regex.compile(r"(?:连续|历时|长达|为期|已满|工龄|超过|服务|从业|使用|满|近|逾)$")
_DOUBLING = regex.compile(r"翻了?([一两二三四1234])番")
_FRACTION = regex.compile(r" ?分之 ?")
_TENTHS = regex.compile(r"成(?![员立果功为群绩本人交语品年长效就熟分份套册批型都活家都])")
_STOP = regex.compile(r"[，。；、：！？）)”’,.;:!?\s]|$")
_GOES_ON = frozenset(CHINESE + "余多来几分成点至到-—–~～、 ")
_AROUND_DIGITS = "+·×*=/:：.．"


class Unit(Rule, frozen=True):
    """Spellings of a measure word; `unit` is the canonical one (none: each form is its own)."""

    forms: tuple[str, ...]
    unit: str | None = None
    arabic: tuple[str, ...] = ()


class Hedge(Rule, frozen=True):
    """Words that widen a number, before, inside or behind it."""

    hedge: HedgeName
    place: Literal["before", "inside", "behind"]
    forms: tuple[str, ...]
    unless: tuple[str, ...] = ()
    big: bool = False


class NonFigure(Rule, frozen=True):
    """A class of numbers that count nothing; all keys given must hold (see rules/nonfigures.toml)."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    reach: int = 0
    only: Literal["arabic", "chinese"] | None = None
    article: bool = False


@dataclass(frozen=True, slots=True)
class _Class:
    """A class of non-figures with the characters that its words begin or end with, looked at first."""

    rule: NonFigure
    only: bool | None
    before_last: frozenset[str]
    whole_first: frozenset[str]
    after_first: frozenset[str]


@dataclass(frozen=True)
class Tables:
    """Compiled rules: units and their spellings, hedges by place (those before a number by their last character,
    those behind by their first), and the classes of non-figures."""

    units: dict[str, str]
    arabic_only: frozenset[str]
    longest_unit: int
    unit_first: frozenset[str]
    before: dict[str, tuple[tuple[str, Hedge], ...]]
    inside: frozenset[str]
    behind: dict[str, tuple[tuple[str, Hedge], ...]]
    nonfigures: tuple[_Class, ...]


def compile_tables(units: Iterable[Unit], hedges: Iterable[Hedge], nonfigures: Iterable[NonFigure], faults: list[str]) -> Tables:
    """The tables for `find`; a spelling given to two units is a fault."""
    spelled: dict[str, str] = {}
    arabic_only: set[str] = set()
    for unit in units:
        for form in unit.forms:
            plain = fold(form)
            if spelled.setdefault(plain, unit.unit or plain) != (unit.unit or plain):
                faults.append(f"units.toml: [[unit]] {unit.id}: forms: {form!r} is also a form of {spelled[plain]}")
        arabic_only.update(map(fold, unit.arabic))
    hedges = tuple(hedges)

    def at(place: str, key: int) -> dict[str, tuple[tuple[str, Hedge], ...]]:
        forms = sorted(((form, h) for h in hedges if h.place == place for form in h.forms), key=lambda p: -len(p[0]))
        return {char: tuple(p for p in forms if p[0][key] == char) for char in {form[key] for form, _ in forms}}

    return Tables(
        units=spelled, arabic_only=frozenset(arabic_only), longest_unit=max(map(len, spelled), default=0),
        unit_first=frozenset(form[0] for form in spelled),
        before=at("before", -1), inside=frozenset(at("inside", 0)), behind=at("behind", 0), nonfigures=tuple(map(_classed, nonfigures)),
    )  # fmt: skip


def _classed(rule: NonFigure) -> _Class:
    return _Class(
        rule, None if rule.only is None else rule.only == "arabic", frozenset(w[-1] for w in rule.before),
        frozenset(w[0] for w in rule.whole), frozenset(w[0] for w in rule.after),
    )  # fmt: skip


def unit_fires(rule: Unit, text: str, tables: Tables) -> bool:
    """Whether a quantity of the text has a unit of this rule."""
    wanted = {rule.unit} if rule.unit else {tables.units[fold(form)] for form in rule.forms}
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


@dataclass(slots=True)
class _Read:
    """A numeral with its inner hedge, before units and outer hedges are read."""

    numeral: Numeral
    over: bool = False


class _Scanner:
    """Reads one text from left to right."""

    def __init__(self, raw: str, text: str, tables: Tables) -> None:
        self.raw, self.text, self.tables = raw, text, tables
        self.floor = 0

    def run(self) -> Iterator[Quantity]:
        at = 0
        while found := _CANDIDATE.search(self.text, at):
            start = found.start()
            quantity, at = self._at(start)
            at = max(at, start + 1)
            if quantity is not None:
                self.floor = quantity.end
                yield quantity

    def _at(self, start: int) -> tuple[Quantity | None, int]:
        """The quantity that begins at `start` (hedges in front are found from there) and where to go on."""
        text = self.text
        if text[start] == "翻":
            return self._doubling(start)
        if text.startswith("百分之", start):
            return self._percent(start)
        if self._is_lone(start):
            return None, start + 1
        read = self._numeral(start)
        if read is None:
            return None, self._skip(start)
        fraction = _FRACTION.match(text, read.numeral.end)
        if fraction:
            return self._fraction(read, fraction.end())
        if self._is_date_or_code(read.numeral):
            return None, read.numeral.end
        tenths = self._tenths(read)
        if tenths is not None:
            return self._build(tenths, "%", tenths.numeral.end), tenths.numeral.end
        read, unit, end = self._range(read)
        if unit is None and end == read.numeral.end:
            unit, end = self._unit(read.numeral.end, read)
        if self._is_nonfigure(read.numeral, unit, end):
            return None, max(read.numeral.end, end if unit else 0)
        if unit is None and not self._stands_alone(read):
            return None, read.numeral.end
        return self._build(read, unit, end), end

    def _is_lone(self, start: int) -> bool:
        """A Chinese digit alone that no unit, hedge, range or share follows: most of them are parts of words."""
        text = self.text
        if text[start] not in DIGITS:
            return False
        following = text[start + 1 : start + 2]
        return not (following in _GOES_ON or following.isdigit() or following in self.tables.unit_first)

    def _skip(self, start: int) -> int:
        """Behind a run of digits or numerals that is no number."""
        at = start
        kind = str.isdigit if self.text[start].isdigit() else CHINESE.__contains__
        while at < len(self.text) and kind(self.text[at]):
            at += 1
        return at

    # --- numerals -------------------------------------------------------------------------------

    def _numeral(self, start: int) -> _Read | None:
        text = self.text
        if text[start] in "几数":
            return self._several(start)
        if text[start].isdigit():
            numeral = numerals.arabic(text, start)
            return self._scaled(numeral) if numeral else None
        run = _CHINESE_RUN.match(text, start)
        if run is None or run.end() - start > numerals.LONGEST:
            return None
        end = run.end()
        if text.startswith("分之", end) and end - start > 1 and text[end - 1] == "百":
            end -= 1
        if text[end : end + 1] == "几" and text[end - 1] in "十百":
            base = numerals.chinese(text, start, end)
            step = Decimal(_PLACES[text[end - 1]]) / 10
            if base:
                low, high = base.value + step, base.value + 10 * step - 1
                return _Read(Numeral(start, end + 1, low, step, low=low, high=high))
        numeral = numerals.chinese(text, start, end)
        if numeral is None or self._names_something(start, end):
            return None
        over, numeral = self._inner_hedge(numeral)
        if over and text[numeral.end : numeral.end + 1] in ("万", "亿"):
            numeral = numerals.scaled(numeral, text[numeral.end], numeral.end + 1)
        elif text[numeral.end : numeral.end + 1] == "点" and text[numeral.end + 1 : numeral.end + 2] in DIGITS:
            return self._decimal(numeral)
        return _Read(numeral, over)

    def _decimal(self, numeral: Numeral) -> _Read:
        """三点五万 and 三十六点九, read digit by digit behind the point."""
        at = numeral.end + 1
        digits = ""
        while at < len(self.text) and self.text[at] in DIGITS and len(digits) < 8:
            digits += str(DIGITS[self.text[at]])
            at += 1
        value = numeral.value + Decimal("0." + digits)
        read = Numeral(numeral.start, at, value, Decimal(1).scaleb(-len(digits)), decimal=True)
        scale = numerals.SCALE.match(self.text, at)
        return _Read(numerals.scaled(read, scale.group(), scale.end()) if scale else read)

    def _names_something(self, start: int, end: int) -> bool:
        """百, 千, 万 alone are numbers only with a hedge; 一二三 in a row name or list something."""
        word = self.text[start:end]
        if word in ("百", "千", "万", "亿", "十", "十万", "千万", "百万") and word[0] in "百千万亿":
            behind = self.text[end : end + 1]
            return not (behind in self.tables.inside or self._hedge_before(start, big=True) is not None)
        return False

    def _several(self, start: int) -> _Read | None:
        """几十, 数百: from two (of the place) up to ten of it, less one."""
        text = self.text
        places = regex.compile(r"[十百千万亿]{1,2}").match(text, start + 1)
        if places is None or (text[start] == "数" and start and text[start - 1] in "总人次册件岁年天个倍基多少无指分"):
            return None
        factor = Decimal(1)
        for char in places.group():
            factor *= _PLACES[char]
        return _Read(Numeral(start, places.end(), 2 * factor, factor, low=2 * factor, high=10 * factor - 1))

    def _inner_hedge(self, numeral: Numeral) -> tuple[bool, Numeral]:
        """余, 多, 来 directly behind the numeral; the numeral then ends behind it."""
        at = numeral.end + (self.text[numeral.end : numeral.end + 1] == " ")
        mark = self.text[at : at + 1]
        if mark not in self.tables.inside or not mark:
            return False, numeral
        if mark in "多来" and not self._unit_or_scale(at + 1):
            return False, numeral
        return True, Numeral(
            numeral.start, at + 1, numeral.value, numeral.grain, numeral.multiplied, numeral.decimal, numeral.arabic, numeral.low, numeral.high
        )  # fmt: skip

    def _unit_or_scale(self, at: int) -> bool:
        return self.text[at : at + 1] in ("万", "亿", "千") or self._longest_unit(at) is not None

    def _scaled(self, numeral: Numeral) -> _Read:
        """An Arabic numeral with 余 and 万 behind it in either order, and mixtures such as 25万7134."""
        text = self.text
        over, numeral = self._inner_hedge(numeral)
        at = numeral.end + (text[numeral.end : numeral.end + 1] == " ")
        scale = numerals.SCALE.match(text, at)
        if scale and self._longest_unit(at) is None:
            numeral = numerals.scaled(numeral, scale.group(), scale.end())
            if not over:
                over, numeral = self._inner_hedge(numeral)
            tail = numerals.arabic(text, numeral.end) if text[numeral.end : numeral.end + 1].isdigit() and not over else None
            if tail and tail.value < numeral.grain * 10 and not tail.decimal:
                return _Read(self._joined(numeral, tail))
        return _Read(numeral, over)

    def _joined(self, head: Numeral, tail: Numeral) -> Numeral:
        scale = numerals.SCALE.match(self.text, tail.end)
        if scale:
            tail = numerals.scaled(tail, scale.group(), scale.end())
        return Numeral(head.start, tail.end, head.value + tail.value, tail.grain, multiplied=bool(scale), arabic=True)

    # --- shares ---------------------------------------------------------------------------------

    def _percent(self, start: int) -> tuple[Quantity | None, int]:
        at = start + 3
        if self.text.startswith("百", at):
            return self._build(_Read(Numeral(start, at + 1, Decimal(100), Decimal(1))), "%", at + 1), at + 1
        read = self._numeral(at) if at < len(self.text) and (self.text[at].isdigit() or self.text[at] in CHINESE) else None
        if read is None:
            return None, at
        numeral = Numeral(start, read.numeral.end, read.numeral.value, read.numeral.grain, decimal=read.numeral.decimal)
        return self._build(_Read(numeral, read.over), "%", numeral.end), numeral.end

    def _tenths(self, read: _Read) -> _Read | None:
        """三成, 六成多: tenths as a percentage; None where 成 begins another word."""
        numeral, text = read.numeral, self.text
        if not 0 < numeral.value <= 10 or read.over or not _TENTHS.match(text, numeral.end):
            return None
        over = text[numeral.end + 1 : numeral.end + 2] in ("多", "余")
        end = numeral.end + 1 + over
        low = numeral.low * 10 if numeral.low is not None else None
        high = numeral.high * 10 if numeral.high is not None else None
        return _Read(Numeral(numeral.start, end, numeral.value * 10, numeral.grain * 10, low=low, high=high), over)

    def _fraction(self, below: _Read, at: int) -> tuple[Quantity | None, int]:
        above = self._numeral(at) if at < len(self.text) and (self.text[at].isdigit() or self.text[at] in CHINESE) else None
        if above is None or not below.numeral.value:
            return None, at
        value = round(above.numeral.value / below.numeral.value * 100, 6).normalize()
        end = above.numeral.end
        numeral = Numeral(below.numeral.start, end, value, Decimal(1), low=value, high=value)
        quantity = self._build(_Read(numeral), "%", end)
        return quantity, end

    def _doubling(self, start: int) -> tuple[Quantity | None, int]:
        found = _DOUBLING.match(self.text, start)
        if not found:
            return None, start + 1
        times = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}[found[1]]
        value = Decimal(2**times)
        return self._build(_Read(Numeral(start, found.end(), value, Decimal(1))), "倍", found.end()), found.end()

    # --- what is no number ------------------------------------------------------------------------

    def _is_date_or_code(self, numeral: Numeral) -> bool:
        """Years, months, days, times, telephone numbers, versions: by what stands directly around."""
        text, start, end = self.text, numeral.start, numeral.end
        before, behind = text[start - 1 : start], text[end : end + 1]
        if numeral.arabic:
            if before and ((before.isascii() and before.isalpha()) or before in "_#＃№@"):
                return True
            if before and before in _AROUND_DIGITS + "-—–" and text[start - 2 : start - 1].isdigit():
                return True
            if behind and behind in "·+×:" and text[end + 1 : end + 2].isalnum():
                return True
            if behind == "." and text[end + 1 : end + 2].isdigit():
                return True
            if behind in ("-", "/") and text[end + 1 : end + 2].isdigit() and self._is_code_range(numeral):
                return True
            if before == "-" and start >= 2 and text[start - 2].isascii() and text[start - 2].isalnum():
                return True
        return _DATE_BEHIND.match(text, end) is not None and not numeral.multiplied and not self._is_years(numeral)

    def _is_code_range(self, numeral: Numeral) -> bool:
        """2019-04-23, 0391-3930221, 9/10."""
        text, end = self.text, numeral.end
        second = numerals.arabic(text, end + 1)
        if second is None or text[end] == "/":
            return True
        further = text[second.end : second.end + 2]
        digits = text[numeral.start : end]
        return (further[:1] in ("-", "/") and further[1:].isdigit()) or (digits[0] == "0" and len(digits) > 1) or len(text[end + 1 : second.end].split(".")[0]) > len(digits) + 4

    def _is_years(self, numeral: Numeral) -> bool:
        """20年 as a duration, told from 2020年 by size and by what stands around it."""
        if not numeral.arabic or numeral.value > 300 or numeral.end - numeral.start > 3:
            return False
        return _YEARS.match(self.text, numeral.end) is not None or _YEARS_BEFORE.search(self.text[max(0, numeral.start - 4) : numeral.start]) is not None

    def _is_nonfigure(self, numeral: Numeral, unit: str | None, end: int) -> bool:
        text, start = self.text, numeral.start
        before = text[max(0, start - 8) : start].rstrip(" ")
        first, last, behind = text[start], before[-1:], text[numeral.end : numeral.end + 2].lstrip(" ")[:1]
        for known in self.tables.nonfigures:
            if known.only is not None and known.only != numeral.arabic:
                continue
            if (known.before_last and last not in known.before_last) or (known.whole_first and first not in known.whole_first) or (known.after_first and behind not in known.after_first):
                continue
            rule = known.rule
            if rule.before and not before.endswith(rule.before):
                continue
            if rule.whole and not text.startswith(rule.whole, start):
                continue
            if rule.after and not text.startswith(rule.after, numeral.end + (text[numeral.end : numeral.end + 1] == " ")):
                continue
            if rule.units and unit not in rule.units:
                continue
            if rule.then and not any(text.find(word, end, end + rule.reach + len(word)) > -1 for word in rule.then):
                continue
            if rule.article and (numeral.end - start != 1 or self._is_counted_one(start, unit, end)):
                continue
            return True
        return False

    def _is_counted_one(self, start: int, unit: str | None, end: int) -> bool:
        """论文集一部。 : one of a thing named before, at the end of its clause."""
        before = self.text[start - 1 : start] if start else ""
        return (
            unit is not None
            and "\u4e00" <= before <= "\u9fff"
            and before not in "第每周天月年日又再有另唯之任某同逐统单万专这那哪是成头其了着过在于为到从和与或及用按以"
            and _STOP.match(self.text, end) is not None
        )

    def _stands_alone(self, read: _Read) -> bool:
        """Whether a number without a unit is a number at all: Chinese numerals of one character are words."""
        numeral = read.numeral
        if numeral.arabic:
            behind = self.text[numeral.end : numeral.end + 1]
            return not (behind.isascii() and behind.isalpha())
        return numeral.end - numeral.start >= 2 and (numeral.value >= 10) and self.text[numeral.start] not in "几数"

    # --- units, ranges, hedges ------------------------------------------------------------------

    def _longest_unit(self, at: int) -> int | None:
        """Where the longest unit that begins at `at` ends."""
        text, units = self.text, self.tables.units
        for length in range(min(self.tables.longest_unit, len(text) - at), 0, -1):
            if text[at : at + length] in units:
                return at + length
        return None

    def _unit(self, at: int, read: _Read) -> tuple[str | None, int]:
        """The canonical unit behind a numeral and where it ends; (None, at) without one."""
        text = self.text
        start = at + (text[at : at + 1] == " ")
        years = _YEARS.match(text, at)
        if years is not None or (text.startswith("年", start) and self._is_years(read.numeral)):
            return "年", start + 1
        end = self._longest_unit(start)
        if end is None:
            return None, at
        word = text[start:end]
        if word in self.tables.arabic_only and not read.numeral.arabic and not read.over:
            return None, at
        if word.isascii() and word.isalpha() and text[end : end + 1].isascii() and text[end : end + 1].isalnum():
            return None, at
        unit = self.tables.units[word]
        return self._compound(unit, end)

    def _compound(self, unit: str, end: int) -> tuple[str, int]:
        """件/套, 册(件), 元/间夜, 人次/日."""
        text = self.text
        mark = text[end : end + 1]
        if mark == "/":
            second = self._longest_unit(end + 1)
            if second is None and text[end + 1 : end + 2] in ("日", "年", "月", "天", "时"):
                second = end + 2
            if second is not None:
                further = self._longest_unit(second)
                if further is not None and text[second : second + 1] in "夜晚次":
                    second = further
                elif text[second : second + 1] == "夜":
                    second += 1
                return f"{unit}/{text[end + 1 : second]}", second
        if mark in ("(", "（"):
            second = self._longest_unit(end + 1)
            if second is not None and text[second : second + 1] in (")", "）"):
                return f"{unit}({text[end + 1 : second]})", second + 1
        if mark == "、":
            second = self._longest_unit(end + 1)
            if second is not None and _STOP.match(text, second) and len(text[end + 1 : second]) == 1 and unit in ("册", "件", "种", "部"):
                return f"{unit}、{text[end + 1 : second]}", second
        return unit, end

    def _range(self, read: _Read) -> tuple[_Read, str | None, int]:
        """A second number behind 至, - or the like: the two are the ends of one range, with one unit or the same twice."""
        text, first = self.text, read.numeral
        at = first.end
        unit, unit_end = self._unit(at, read)
        listed = self._listed(first)
        if listed is not None:
            unit, end = self._unit(listed.end, _Read(listed))
            return (_Read(listed), unit, end) if unit else (read, None, at)
        for mark_at in {at, unit_end}:
            mark = _RANGE.match(text, mark_at)
            if not mark or mark.end() >= len(text) or not (text[mark.end()].isdigit() or text[mark.end()] in CHINESE):
                continue
            second = self._numeral(mark.end())
            if second is None or _DATE_BEHIND.match(text, second.numeral.end) or second.numeral.arabic != first.arabic:
                continue
            second_unit, end = self._unit(second.numeral.end, second)
            if second_unit is None or (mark_at != at and (second_unit != unit or "到" in mark.group())) or second.numeral.value <= 0:
                continue
            low = first.value
            if first.value >= second.numeral.value or not first.multiplied:
                scale = numerals.SCALE.search(text, mark.end(), second.numeral.end)
                if scale and second.numeral.multiplied and not first.multiplied:
                    low = first.value * numerals.SCALES[scale.group()]
            if low >= second.numeral.value:
                continue
            joined = Numeral(first.start, second.numeral.end, low, first.grain, low=low, high=second.numeral.value, arabic=first.arabic)
            return _Read(joined), second_unit, end
        return read, None, at

    def _listed(self, first: Numeral) -> Numeral | None:
        """七、八千: two neighbouring Chinese digits parted by 、."""
        text, end = self.text, first.end
        if first.arabic or end - first.start != 1 or text[end : end + 1] != "、":
            return None
        run = _CHINESE_RUN.match(text, end + 1)
        if run is None:
            return None
        return_word = text[first.start : end] + run.group()
        vague = numerals.chinese(return_word, 0, len(return_word))
        if vague is None or vague.low is None:
            return None
        return Numeral(first.start, run.end(), vague.value, vague.grain, low=vague.low, high=vague.high)

    def _hedge_before(self, start: int, big: bool = False) -> tuple[int, Hedge] | None:
        """The hedge word directly before `start` and where it begins."""
        text = self.text
        at = start - (text[start - 1 : start] == " " and start > 0)
        for form, rule in self.tables.before.get(text[at - 1 : at], ()):
            begin = at - len(form)
            if begin < self.floor or not text.startswith(form, begin) or (rule.big and not big):
                continue
            if begin and text[begin - 1] in rule.unless:
                return None
            return begin, rule
        return None

    def _widens(self, found: tuple[str, Hedge], at: int, plain: bool) -> bool:
        """Whether a hedge word at `at` belongs to the number before it (3场多媒体讲座 has none)."""
        form, rule = found
        following = self.text[at + len(form) : at + len(form) + 1]
        return not (following and following in rule.unless) and (rule.hedge != "over" or plain)

    def _build(self, read: _Read, unit: str | None, end: int) -> Quantity:
        """The quantity with its outer hedges and interval."""
        numeral, text = read.numeral, self.text
        start = numeral.start
        first = text[numeral.start]
        before = self._hedge_before(start, big=first in "百千万亿十" or (first in "一" and numeral.value >= 100))
        hedge: HedgeName | None = None
        if before is not None:
            start, hedge = before[0], before[1].hedge
        behind = next(((form, rule) for form, rule in self.tables.behind.get(text[end : end + 1], ()) if text.startswith(form, end)), None)
        if behind and self._widens(behind, end, hedge is None and not read.over):
            end += len(behind[0])
            hedge = hedge or behind[1].hedge
        if hedge in (None, "about") and read.over:
            hedge = "over"
        low, high, name = interval(numeral, hedge)
        return Quantity(start=start, end=end, raw=self.raw[start:end], value=plain(numeral.value), low=number(low), high=number(high), hedge=name, unit=unit)


def interval(numeral: Numeral, hedge: HedgeName | None) -> tuple[Decimal | None, Decimal | None, HedgeName]:
    """(low, high, hedge) that the words allow, both ends included, None where open."""
    value, grain = numeral.value, numeral.grain
    if numeral.low is not None and numeral.high is not None:
        if numeral.low == numeral.high:
            return numeral.low, numeral.high, "exact"
        if hedge in ("at_least", "at_most"):
            return (numeral.low, None, hedge) if hedge == "at_least" else (None, numeral.high, hedge)
        return numeral.low, numeral.high, "range"
    if hedge in ("under", "about") and _one_and_zeros(value):
        grain = value / 10
    if hedge == "under":
        return value - grain, value, "under"
    if hedge == "about":
        return value - grain, value + grain, "about"
    if hedge == "over":
        return value, value + grain, "over"
    if hedge == "at_least":
        return value, None, "at_least"
    if hedge == "at_most":
        return None, value, "at_most"
    if numeral.multiplied or numeral.decimal:
        return value - grain / 2, value + grain / 2, "rounded"
    return value, value, "exact"


def _one_and_zeros(value: Decimal) -> bool:
    """1000, 1万: a 1 followed by zeros only."""
    return value >= 10 and value == value.to_integral_value() and str(int(value)).rstrip("0") == "1"


def number(value: Decimal | None) -> Number | None:
    """A Decimal as the int or float that JSON carries."""
    if value is None:
        return None
    return plain(value)


def plain(value: Decimal) -> Number:
    """The int or float of a Decimal."""
    return int(value) if value == value.to_integral_value() else float(value)

"""Text -> dates in EDTF: a small hand-written parser over the tokens of `extractor.datewords`.

Tokens become *parts* (`extractor.dateparts`: one date as far as the words say it); parts joined by a dash, 至
or 和…之间 become ranges, parts in a list stay separate; then each is *settled*: the year and month it leaves
unsaid come from what was read before, from the caller, or stay unknown (``XXXX-03-05``). A date the calendar
does not have keeps its words and has no `edtf`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor import edtf
from extractor.dateparts import CLAUSE, LAST, Part, Parts
from extractor.datewords import RANGE, SPACE, Period, Tables, compile_tables
from extractor.edtf import Point, contains, first_day, last_day, precision, valid
from extractor.folding import fold
from extractor.lazy import Pattern
from extractor.model import Date

__all__ = [
    "Period", "Tables", "compile_tables", "contains", "find", "first_day", "last_day", "period_fires", "precision", "valid",
]  # fmt: skip

_WEEKDAY = r"(?:[（(](?:周|星期|礼拜)[一二三四五六日天][)）])?"
_TIME = r"(?:上午|下午|晚上?|中午|凌晨|早上)?(?:[0-9]{1,2}(?:[时点](?:[0-9]{1,2}分|半)?|[:：][0-9]{2}))?"
_CONNECT = Pattern(
    rf"{_WEEKDAY}{_TIME}(?:{SPACE}(?P<range>(?:起|开始)?(?:延续|持续|延长)?{RANGE}){SPACE}"
    rf"|{SPACE}(?P<list>[、，,；;]|(?P<pair>以?及|[和与])){SPACE})"
)
_BETWEEN = Pattern("之?间(?![隔接歇断谍或])")
_BARE = Pattern(
    rf"[ ]?(?:(?P<range>{RANGE})|[、，])[ ]?(?:(?P<month>[0-9]{{1,2}})[./·])?(?P<day>[0-9]{{1,2}})日?"
    r"(?![0-9.月日/·:：%％\-]|[\u4e00-\u9fff])"
)
_AGAINST = frozenset("比较与同")
"""What stands before a year that is only compared with."""
_SINCE = Pattern(
    r"以来|以后|之后|至今|起至今|起(?![草步源义因诉航点床飞身伏重落用码色家])|后(?![勤来续期备方台援排记代果悔者面0-9一二三四五六七八九十两几数])"
)
_UNTIL = Pattern(r"之前|以前|前(?![往来后夕期身列排台言景进瞻沿方所辈述线提任])")
_SINCE_AFAR = Pattern(r"[^，,。；;\n]{1,24}?(?:以来|至今)")
_BY = ("截至", "截止", "截至到", "截止到", "截止至", "截至于", "截止于")
_FROM = ("自从", "自", "从")
_NOT_FROM = ("来自", "各自", "独自", "亲自", "私自", "服从", "听从", "跟从", "遵从", "随从", "无从")
_NOT_TOLD = ("比", "较", "与", "同", "和", "“", "《", "〔", "‘", '"', "超", "及")
"""A year right behind one of these is compared with or part of a name: what follows is not told of it."""

_Pair = tuple[Part, Part | None]


def find(
    text: str, tables: Tables, year: int | None = None, month: int | None = None, context: Date | None = None,
    *, numeric_month_day: bool = False,
) -> list[Date]:  # fmt: skip
    """The dates of `text`, in order, none overlapping; ``raw == text[start:end]``.

    `year` is taken where neither the words nor a date before them give one (without it: ``XXXX-03-05``),
    `month` by entries under a month heading (``8日``), `context` is the date the text is told under (for 当日, 次月).
    With `numeric_month_day`, for cells and leads known to be dates, ``4.23`` and ``20210423`` are dates too.
    `inferred` names what was not said: ``year``, ``month``, ``day``. An impossible date has ``edtf=None``.
    """
    return list(_Reading(text, tables, year, month, context, numeric_month_day).dates())


def period_fires(rule: Period, text: str, tables: Tables) -> bool:
    """Whether the rule's words are read as (part of) a date in `text`; words of ``nothing``: whether they are not."""
    found = find(text, tables, year=2021, month=6)
    tails = tuple(word[1:] for word in rule.words if rule.of in tables.tails and word[1:] and word[0] in "年月")
    at = [match.span() for word in rule.words + tails for match in re.finditer(re.escape(word), text)]
    if rule.of == "nothing":
        return bool(at) and not any(date.start < end and start < date.end for date in found for start, end in at)
    return any(date.start <= start and end <= date.end for date in found for start, end in at)


_MISTAKEN = Pattern(
    r"(?:(?<=月[0-9])|(?<=月[0-9]{2}))口(?![头语味岸腔碑号径述试])"  # 4月23口
    r"|(?<=[0-9])一(?=[0-9]{1,2}[.月日])"  # 7一8月, 11.8一11.10
    r"|(?<=月)[lI](?=[0-9]?日)|(?<=月[0-9])[lIOo](?=日)"  # 10月l6日, 10月1O日
    r"|(?<=[0-9]\.)[lI](?=[0-9](?![0-9]))|(?<=[0-9]\.[0-9])[lIOo](?![0-9A-Za-z.])"  # 11.1O
)
_MEANT = {"口": "日", "一": "-", "l": "1", "I": "1", "O": "0", "o": "0"}


def _unmistaken(text: str) -> str:
    """`text` with what recognition and typists put for a like character between the figures of a date; same length."""
    while (found := _MISTAKEN.search(text)) is not None:
        text = text[: found.start()] + _MEANT[found[0]] + text[found.end() :]
    return text


class _Reading:
    """One pass over a text. `before` is the date read last in this line, `told` the one the text is told under,
    `carried` the year that dates without one take."""

    def __init__(
        self, raw: str, tables: Tables, year: int | None, month: int | None, context: Date | None, cell: bool
    ) -> None:
        self.raw, self.text = raw, _unmistaken(fold(raw))
        self.year, self.month, self.cell = year, month, cell
        self.told = _last_point(context)
        self.carried, self.carried_firmly = self.told[0], True
        self.before: Point | None = None
        self.seen = 0
        self.parts = Parts(self.text, tables, cell)

    def dates(self) -> Iterator[Date]:
        while self.parts.token is not None:
            self.pass_over(self.parts.token.start())
            parts = self.read(None)
            for part, last in self.joined(parts) if parts else ():
                yield self.settled(part, last)
                self.seen = (last or part).end

    def read(self, linked: Part | None, ranged: bool = False) -> list[Part]:
        return self.parts.read(linked, ranged, self.month, self.before or self.told, self.year)

    # --- parts -> ranges and lists ----------------------------------------------------------------

    def joined(self, parts: list[Part]) -> list[_Pair]:
        """The parts and those linked to them; a pair with a second part is a range from the one to the other."""
        found: list[_Pair] = [(part, None) for part in parts]
        while True:
            part, last = found[-1]
            end = (last or part).end
            bare = _BARE.match(self.text, end) if last is None and part.high is None else None
            if bare and (closing := self.bare(part, bare)):
                found[-1:] = [(part, closing)] if bare["range"] else [(part, None), (closing, None)]
                continue
            if self.parts.token is None or self.parts.token.start() > end + 16:
                return found
            link = _CONNECT.fullmatch(self.text, end, self.parts.link_end())
            following = self.read(last or part, bool(link["range"])) if link else []
            if link is None or not following:
                return found
            first = following[0]
            between = _BETWEEN.match(self.text, first.end) if link["pair"] and len(following) == 1 else None
            if last is None and (link["range"] or between) and all(p.high is None or p.inner for p in (part, first)):
                first.end = between.end() if between else first.end
                found[-1] = (part, first)
                following = following[1:]
            elif link["list"]:
                _shared(last if last and last.low[1] else part, first)
            found += [(p, None) for p in following]

    def bare(self, part: Part, bare: re.Match[str]) -> Part | None:
        """2019.4.23-25, 2019.4.23-5.1 and, in a date cell, 7.6、13: bare numbers as the last or next day (or month)."""
        year, month, day = part.low
        if not (part.figures or (bare["range"] and day)) or not (bare["range"] or self.cell) or (bare["month"] and not (bare["range"] and day)):
            return None
        value = int(bare["day"])
        point: Point = (year, value, None) if day is None else (year, int(bare["month"] or month or 0), value)
        if not edtf.real(point) or (point[1] or 0, point[2] or 0) <= (month or 0, day or 0):
            return None
        self.parts.advance(bare.end())
        return Part(bare.start("day"), bare.end(), point, figures=True)

    # --- what the words leave unsaid --------------------------------------------------------------

    def pass_over(self, start: int) -> None:
        """What was said before counts no longer behind a line, or a sentence, that ends in between."""
        if self.text.find("\n", self.seen, start) >= 0:
            self.before = None
            if self.year is not None:
                self.carried = self.told[0]
        elif self.year is not None and not self.carried_firmly and self.text.find("。", self.seen, start) >= 0:
            self.carried = self.told[0]
        self.seen = start

    def settled(self, part: Part, last: Part | None) -> Date:
        """The date of a part, or of the range to the last; it is remembered for those that follow."""
        start, end = part.start, (last or part).end
        low, inferred = self.lower(part)
        high = self.upper(part, last or part, low) if last or part.high else low
        if last is not None and part.low[0] is None and part.relative is None and (last.high or last.low)[0] is not None:
            low, inferred = _year_before(low, high, inferred)
        if high[2] == LAST and edtf.real((high[0], high[1], None)):
            high = (high[0], high[1], edtf.month_end(high[0], high[1] or 12))
        ranged = last is not None or (part.high is not None and not part.inner)
        value = edtf.interval(low, high) if edtf.real(low) and edtf.real(high) and _ascending(low, high) else None
        openness, stop = ("", end) if ranged else self.openness(start, end)
        if value and openness:
            value, end = _opened(openness, low, high, part.closing), stop
        elif ranged:
            start, end = self.whole_range(start, end)
        if value:
            self.note(part, start, low, high, bool(openness))
        return Date(edtf=value, raw=self.raw[start:end], start=start, end=end, inferred=tuple(inferred))

    def whole_range(self, start: int, end: int) -> tuple[int, int]:
        """The span with the 从 or 自 and the 止 or 之间 that belong to a range."""
        head = next((word for word in _FROM if self.text.endswith(word, max(0, start - 2), start)), "")
        if head and not self.text.endswith(_NOT_FROM, max(0, start - 2), start):
            start -= len(head)
        between = _BETWEEN.match(self.text, end)
        return start, between.end() if between else end + self.text.startswith("止", end)

    def lower(self, part: Part) -> tuple[Point, list[str]]:
        """The low end with year and month filled in, and what had to be."""
        year, month, day = part.low
        before = self.before or self.told
        if part.day_word is not None:
            return self.day_after(before, part.day_word.shift), ["year", "month", "day"]
        said = month is not None
        if part.month_word is not None:
            year, month = self.month_after(before, part.month_word.shift)
        elif month is None and day is not None:
            month = before[1] if self.before else self.month or before[1]
        known = year
        if year is None and (month is not None or day is None):
            year = self.relative_year(part.relative, before) if part.relative else self.unsaid_year()
        inferred = ["year"] if known != year or (part.month_word and year) else []
        wanted = day is not None or (part.month_word is not None and part.month_word.of == "month")
        return (year, month, day), inferred + ["month"] * (wanted and not said and month is not None)

    def unsaid_year(self) -> int | None:
        return self.carried if self.carried is not None else self.year

    def relative_year(self, rule: Period, before: Point) -> int | None:
        """今年 counts from the report's year, 次年 from the date before."""
        if rule.of == "previous" and before[0] is not None:
            known: int | None = before[0]
        else:
            known = self.year if self.year is not None and rule.of == "report" else self.unsaid_year()
        return None if known is None else known + rule.shift

    def month_after(self, before: Point, shift: int) -> tuple[int | None, int | None]:
        year, month = before[0] if before[0] is not None else self.unsaid_year(), before[1] or self.month
        if month is None:
            return year, None
        over, rest = divmod(month - 1 + shift, 12)
        return None if year is None else year + over, rest + 1

    def day_after(self, before: Point, shift: int) -> Point:
        year, month, day = before
        if month is None or day is None:
            return before
        if day + shift > edtf.month_end(year, month):
            return (*self.month_after(before, 1), 1)
        return (year, month, day + shift)

    def upper(self, part: Part, last: Part, low: Point) -> Point:
        """The high end; its year and month are those of the low end, the year after where it would come earlier."""
        year, month, day = last.high or last.low
        if year is not None:
            return (year, month, day)
        if last is not part:
            if last.day_word is not None:
                return self.day_after(low, last.day_word.shift)
            if last.month_word is not None:
                return (*self.month_after(low, last.month_word.shift), day)
            if last.relative is not None:
                return (self.relative_year(last.relative, low), month, day)
        if month is None:
            return (low[0], low[1] if day is not None else None, day)
        if low[0] is None:
            return (self.unsaid_year() if low[1] is None else None, month, day)
        return (low[0] + (low[1] is not None and (month, day or LAST) < (low[1], low[2] or 0)), month, day)

    def openness(self, start: int, end: int) -> tuple[str, int]:
        """``since`` or ``until`` where the words leave an end open, and where those behind the date end."""
        limit = self.parts.link_end() if self.parts.token else len(self.text)
        if (found := _SINCE.match(self.text, end)) and found.end() <= limit:
            return "since", found.end()
        if (found := _UNTIL.match(self.text, end)) and found.end() <= limit:
            return "until", found.end()
        before = self.text[max(0, start - 5) : start].rstrip(" ")
        if before.endswith(_BY):
            return "until", end
        if before.endswith(_FROM) and not before.endswith(_NOT_FROM):
            if self.text.startswith("开始", end):
                return "since", end + 2
            if _SINCE_AFAR.match(self.text, end):
                return "since", end
        return "", end

    def note(self, part: Part, start: int, low: Point, high: Point, is_open: bool) -> None:
        """Remembers the date for what follows, and its year where what follows is told of that year."""
        lead = self.text[start - 1] if start else "\n"
        if part.relative is not None and part.low[1] is None and lead in _AGAINST:
            return  # 比上年增长6.5%；当年购书6230册: the year compared with is not told of
        self.before = high
        if low[0] != high[0] or lead in _NOT_TOLD or (is_open and self.year is not None):
            return
        firmly = lead in "\n\t。；;！？ " and part.low[0] is not None
        if part.low[0] is not None and (part.low[1] is not None or (part.high is None and lead in CLAUSE + "！？")):
            self.carried, self.carried_firmly = low[0], firmly
        elif part.relative is not None and part.low[1] is not None and low[0] is not None:
            self.carried, self.carried_firmly = low[0], False


def _shared(before: Part, part: Part) -> None:
    """A date in a list takes what the one before it says and it does not: 2021年9月23日、24日."""
    year, month, day = part.low
    if year is None and part.relative is None and month is None and day is not None and part.month_word is None:
        month = before.low[1]
        if month is not None:
            part.low = (None, month, day)
            part.high = (None, month, part.high[2]) if part.high else None
    if year is None and part.relative is None and part.low[1] is not None and before.low[0] is not None:
        part.low = (before.low[0], part.low[1], part.low[2])
        part.high = (before.low[0], part.high[1], part.high[2]) if part.high else None


def _year_before(low: Point, high: Point, inferred: list[str]) -> tuple[Point, list[str]]:
    """12月28日至2022年1月3日: the first year is the last that fits before the second's."""
    assert high[0] is not None
    year = high[0] - ((low[1] or 0) > (high[1] or 12))
    if low[0] is not None and low[0] <= year:
        return low, inferred
    return (year, low[1], low[2]), [what for what in inferred if what != "year"]


def _ascending(low: Point, high: Point) -> bool:
    """Whether an interval does not run backwards; unknown years may be any, but a month is one and the same."""
    if low[0] is None or high[0] is None:
        return low[1] is None or low[1] != high[1] or (low[2] or 1) <= (high[2] or LAST)
    return (low[0], low[1] or 1, low[2] or 1) <= (high[0], high[1] or 12, high[2] or LAST)


def _opened(openness: str, low: Point, high: Point, closing: bool) -> str:
    """The interval open at one end; 截至年底 means the last day of the year's last month."""
    if openness == "since":
        return f"{edtf.point(low)}/.."
    if closing and high[1] is not None:
        high = (high[0], high[1], edtf.month_end(high[0], high[1]))
    return f"../{edtf.point(high)}"


def _last_point(date: Date | None) -> Point:
    """The last day, month or year of a date; all unknown where it has none."""
    last = (date.edtf or "").rpartition("/")[2] if date else ""
    fields = [int(field) if field.isdecimal() else None for field in last.split("-")]
    year, month, day = [*fields, None, None][:3]
    return (year, month, day)

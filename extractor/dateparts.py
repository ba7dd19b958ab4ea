"""Tokens -> parts: what stands at one place of a text, as far as its own words say it.

A *part* is one date, or one stretch that the words name as such (``4-6月``, ``上半年``). What it leaves unsaid,
and how parts make ranges and lists, is the business of `extractor.dates`.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from extractor import eras
from extractor.datewords import HAN, NUMBER, RANGE, Numbers, Period, Tables, digits, number, numbers, words_at
from extractor.edtf import Point
from extractor.lazy import Pattern

CLOSES = r"(?=[，,。；;、：:）)\s]|$)"
CLAUSE = " \t\n，,。；;、：:（(“”《》【[—-~至到于在自从并且及和与"
"""Behind these a bare day, a two-digit year or a month in figures may stand."""
LAST = 99
"""Stands for the last day of a month until the month is known."""

_OPEN_DAY = Pattern(rf"[ ]?({NUMBER})(?:{CLOSES}|(?=[ ]?{RANGE}[ ]?{NUMBER}[ ]?月))")
_TO_A_MONTH = Pattern(rf"[ ]?{RANGE}[ ]?{NUMBER}[ ]?月")
_ENDS_OR_GOES_ON = Pattern(rf"[\s，,。；;、：:）)\]】”》]|$|{RANGE}")
_EVERY = ("每", "每年", "每逢", "历年", "逐年", "往年", "农历", "阴历", "旧历", "夏历", "古历", "民国", "公元前")
_COUNTED_BEFORE = ("约", "近", "达", "有", "逾", "超过", "长达", "历时")
_COUNTED_AFTER = ("历史", "的历史", "之久", "多", "余", "前", "间", "来")
_ONE_MONTH_BEFORE = ("个", "数", "几", "半", "整", "满", "余", "近", "逾", "达", "期", "时", "单", "下", "上", "本")
_ONE_MONTH_AFTER = Pattern(r"有余|之久|[一内后余多]|来(?:[，,。；;、：\s的我已共累先]|$)")
_LUNAR_DAY = Pattern("初[一二三四五六七八九十]")
_LUNAR = ("农历", "阴历", "旧历", "夏历", "古历")
_NO_MONTH_AFTER = ("龄", "嫂", "饼", "薪", "亮")
_NO_DAY_AFTER = ("内", "后", "前", "间", "游", "夜", "票", "均")
_WHOLE_MONTH = ("一整月", "整个月", "整月", "全月")
_COUNTED = "余多来几个人次册件场名位元万千百亿种部家项期篇条天本份套台张户处所座平公米吨度分秒点号级届时小里克斤倍"
"""Before these a number at the head of a text counts, and is no year."""
_PARTED = Pattern("的?(?:第?[一二三四1-4]季度|[上下]半年|年?[初底末](?![中级步审选蕴色层班]))")
_THREE_DIGITS = Pattern(rf"年(?:{CLOSES}|[建修始创重设立])")
_NEVER_A_NUMBER = frozenset(f"{ten}{one}" for ten in "八九" for one in "〇零一二三四五六七八九" if ten + one not in ("八九", "九十"))
"""Years of two spelled digits; the others can be an estimate (七八年, 三五年)."""
_FROM_A_DAY = ("从", "自", "于", "在")
_HEAD = Pattern(rf"[ ]?[\u4e00-\u9fff](?<![{_COUNTED}年月日{HAN}两])")
_ENDS = Pattern(r"(?=[，,。；;、）)\]】\s]|$)|(?=年)")
_COMPARED = ("低于", "大于", "小于", "少于", "多于", "等于", "晚于", "早于", "优于", "高于", "长于", "短于", "限于", "属于")
_NOTHING: Point = (None, None, None)


class Part(Struct):
    """One date as far as its own words go; `high` where they name a stretch. `relative` counts the year from the
    report's or from the date before, `month_word` the month and `day_word` the day from the date before.

    `inner` marks a part of a year or month (上半年, 上旬): a stretch that can still be an end of a range.
    `closing` is that of the rule. `figures`: written 2019.4.23, a bare number behind it can be its last day.
    """

    start: int
    end: int
    low: Point
    high: Point | None = None
    relative: Period | None = None
    month_word: Period | None = None
    day_word: Period | None = None
    inner: bool = False
    closing: bool = False
    figures: bool = False


class Parts:
    """Reads parts off a folded text from left to right; `token` is the next token not used up."""

    def __init__(self, text: str, tables: Tables, cell: bool) -> None:
        self.text, self.tables, self.cell = text, tables, cell
        self.pattern = tables.cell_token if cell else tables.token
        self.longest = max(map(len, tables.words), default=0)
        self.tokens = self.pattern.finditer(text)
        self.token: re.Match[str] | None = next(self.tokens, None)

    def read(self, linked: Part | None, ranged: bool, month: int | None, before: Point, year: int | None) -> list[Part]:
        """The parts that begin with the next token, which is used up; none where it means no date.

        `linked` is the part before where only a mark of enumeration, or (`ranged`) of a range, lies between, `month`
        that of a heading, `before` the date before in the line, `year` the report's.
        """
        token = self.token
        assert token is not None
        start, end, unit = token.start(), token.end(), token["unit"]
        self.advance(end)
        if unit is None:
            if token["word"] or token["name"]:
                return self._word(start, end, bool(month or before[1] or (linked and linked.low[1])), before)
            return self._figures(token, linked, year)
        items = numbers(self.text, token.start("numbers"), token.end("numbers"))
        if unit in eras.READERS:
            found = eras.READERS[unit](self.text, items, end, year)
            return [Part(first, last, (low, None, None), (high, None, None)) for first, last, low, high in found]
        if unit == "年":
            return self._years(items, end)
        if unit in self.tables.units:
            return self._counted(items, end, self.tables.units[unit], None)
        if unit in ("日", "号"):
            return self._days(items, unit, end, linked, ranged, month, before, year)
        return self._months(items, end, None, None)

    def advance(self, end: int) -> None:
        """Goes on to the first token that begins at or behind `end`."""
        while self.token is not None and self.token.start() < end:
            self.token = next(self.tokens, None)

    def link_end(self) -> int:
        """Where the text before the next token ends, less the 第 or 前 that belong to a quarter."""
        assert self.token is not None
        at = self.token.start()
        while self.token["unit"] in self.tables.units and at and self.text[at - 1] in "第前头":
            at -= 1
        return at

    def _next(self, end: int, *units: str) -> tuple[list[Numbers], int, str] | None:
        """Uses up the next token if it counts one of the units and stands close behind `end`."""
        token = self.token
        if token is None or token["unit"] not in units or token.start() > end + 3:
            return None
        between = self.text[end : token.start()].replace("的", "", 1) if self.text.startswith("年", end - 1) else self.text[end : token.start()]
        if between.strip(" 第" if token["unit"] in self.tables.units else " "):
            return None
        self.advance(token.end())
        return numbers(self.text, token.start("numbers"), token.end("numbers")), token.end(), token["unit"]

    def _tail(self, end: int, of: str) -> tuple[Period, int] | None:
        """The rule of a part of a year or month close behind `end`, and where its word ends."""
        at = end + 1 if self.text.startswith((" ", "的"), end) else end
        found = next(words_at(self.text, at, self.tables.tails[of], self.longest), None)
        if found and self.text.startswith("的", end) and self.text[at : found[1]] not in found[0].words:
            return None  # 今年的初…: only the whole word (年初) may stand behind 的
        if found:
            self.advance(found[1])
        return found

    def _word(self, start: int, end: int, month_known: bool, before: Point) -> list[Part]:
        if self.text.endswith(_EVERY, max(0, start - 3), start):
            return []
        for rule, stop in words_at(self.text, start, self.tables.words, end - start):
            if rule.of == "nothing":
                return []
            if rule.of == "year":
                return [_year_part(start, stop, None, rule, None)]
            if rule.of == "month":
                return [_month_part(start, stop, _NOTHING, rule)] if month_known else []
            part = Part(start, stop, _NOTHING)
            if rule.of == "report" or rule.unit == "year":
                part.relative = rule
                return self._below_year(part)
            if rule.unit == "month":
                part.month_word = rule
                return self._below_month(part) if month_known else []
            part.day_word = rule
            return [part] if before[2] is not None else []
        return []

    # --- years ------------------------------------------------------------------------------------

    def _years(self, items: list[Numbers], end: int) -> list[Part]:
        end += next((len(suffix) for suffix in ("年度", "度", "份") if self.text.startswith(suffix, end)), 0)
        monthly = self.token is not None and self.token["unit"] in ("月", "月份") and self.token.start() <= end + 2
        parted = monthly or _PARTED.match(self.text, end) is not None
        lunar = self.text.endswith(_LUNAR, 0, items[0].start)
        parts: list[Part] = []
        for item in items:
            low, high = None if lunar else self._year(item, monthly, parted), None
            if item.high is not None and low is not None:
                high = number(item.high)
                high = digits(item.high) if high is None and len(item.high) == 2 else high
                if high is not None and high < 100:
                    high += low - low % 100
                low = None if high is None or not 1000 <= high <= 2999 else low
            if low is None:
                parts.clear()
            else:
                parts.append(Part(item.start, item.end, (low, None, None), None if high is None else (high, None, None)))
        if not parts or parts[-1].end != items[-1].end:
            # 民国23年5月3日: month and day belong to the year that is none.
            if monthly and (month := self._next(end, "月", "月份")):
                self._next(month[1], "日", "号")
            return []
        parts[-1].end = end
        parts[-1:] = self._below_year(parts[-1])
        return [] if len(parts) == 1 and parts[0].end == end and self._counts_years(parts[0]) else parts

    def _year(self, item: Numbers, monthly: bool, parted: bool) -> int | None:
        """The year of an item; `monthly`: a month stands behind it, `parted`: a month, a quarter or another part.
        Of two digits it is a year only so, with a leading zero, or where no number of years is so written (九八年)."""
        value, before = number(item.low), self.text[max(0, item.start - 3) : item.start]
        if value is None and len(item.low) == 2:
            value = digits(item.low)
        if value is None or before.endswith(("第", "前", "民国")):
            return None
        if len(item.low) == 4:
            return value if 1000 <= value <= 2999 else None
        if len(item.low) == 3:
            told = before.endswith("公元") or (before.endswith(("在", "于")) and _THREE_DIGITS.match(self.text, item.end))
            return value if value >= 100 and (monthly or told) else None
        short = parted and (not before or before[-1] in CLAUSE)
        closing = number(item.high) if item.high and len(item.high) == 2 else None
        nineties = closing is not None and 80 <= value < closing  # 95-97年; 10-15年 would be a number of years
        if len(item.low) == 2 and (short or nineties or item.low[0] in "0〇○零" or item.low in _NEVER_A_NUMBER):
            return value + (2000 if value <= 50 else 1900)
        return None

    def _counts_years(self, part: Part) -> bool:
        """距今1300年, 2000年的历史, 3000年前: so many years, not the year of that number."""
        year = part.low[0] or 0
        if self.text.endswith(("距今", "距今约"), 0, part.start):
            return True
        return (year % 100 == 0 or year < 1900) and (
            self.text.endswith(_COUNTED_BEFORE, 0, part.start) or self.text.startswith(_COUNTED_AFTER, part.end)
        )

    def _below_year(self, part: Part) -> list[Part]:
        """The part with the months, the quarter or the part of the year that follow the year."""
        year, end = (part.high or part.low)[0], part.end
        if found := self._next(end, "月", "月份"):
            parts = self._months(found[0], found[1], year, part)
            if parts and part.high is not None:
                parts[0].low, parts[0].high = part.low, parts[0].high or parts[0].low
            return parts
        if part.high is not None:
            return [part]
        if self.cell and (token := self.token) and token.start() == end and token["cell_month"]:
            self.advance(token.end())
            return [replace(part, end=token.end(), low=(year, int(token["cell_month"]), int(token["cell_day"])), figures=True)]
        first = next((len(word) for word in ("前", "头", "后", "最后") if self.text.startswith(word, end)), 0)
        if found := self._next(end + first, *self.tables.units):
            return self._counted(found[0], found[1], self.tables.units[found[2]], part) or [part]
        if tail := self._tail(end, "year"):
            return [_year_part(part.start, tail[1], year, tail[0], part.relative)]
        return [part]

    def _counted(self, items: list[Numbers], end: int, rule: Period, owner: Part | None) -> list[Part]:
        """第三季度, 一、二季度, 前三季度, 前8个月; `owner` is the year before it."""
        start = items[0].start
        nth = self.text.endswith("第", 0, start)
        start -= nth
        first = self.text.endswith(("前", "头"), 0, start)
        last = owner is not None and self.text.endswith("后", 0, start)
        start -= first or last
        left = self.text[start - 1 : start] if start else ""
        alone = not left or left in CLAUSE
        counted = (first and (owner or alone)) or (nth and (owner or rule.each > 1)) or last
        if rule.counted and not (len(items) == 1 and counted):
            return []
        if last and (items[0].high or len(items) > 1 or self.text.startswith("内", end)):
            return []
        if not first and owner is None and left in ("每", "上", "下", "各", "个", "几", "数"):
            return []
        parts = []
        for item in items:
            low, high = (2 if spelling == "两" else number(spelling) for spelling in (item.low, item.high or item.low))
            if low is None or high is None or not 1 <= low <= high <= 12 // rule.each:
                return []
            year = owner.low[0] if owner else None
            bottom = 1 if first else (low - 1) * rule.each + 1
            top = high * rule.each
            if last:
                bottom, top = 13 - top, 12
            parts.append(Part(item.start, item.end, (year, bottom, None), (year, top, None), inner=True))
            parts[-1].relative = owner.relative if owner else None
        parts[0].start, parts[-1].end = owner.start if owner else start, end
        return parts

    # --- months -----------------------------------------------------------------------------------

    def _months(self, items: list[Numbers], end: int, year: int | None, owner: Part | None) -> list[Part]:
        """4-6月, 1、3月, 3月5、6日, 10月下旬; `owner` is the year before it."""
        if items[-1].low == "两" or _LUNAR_DAY.match(self.text, end):
            return [owner] if owner is not None and not self.text.endswith(_LUNAR, 0, owner.start) else []
        last = items[-1]
        below = self._below_month(Part(last.start, end, (year, number(last.high or last.low), None)), last.high is None)
        fine = below[0].low[2] is not None or below[0].inner
        if owner is None and len(items) > 1 and (below[0].low[2] is not None or self._begins_line(items)):
            items = items[1:] if self._begins_line(items) and len(items) == 2 else items[-1:]  # 1、3月5日: a list number
        parts = [
            Part(item.start, item.end, (year, number(item.low), None), (year, number(item.high), None) if item.high else None)
            for item in items
        ]
        if last.high is None:
            parts[-1:] = below
        else:
            if fine:
                parts[-1].high = below[0].high or below[0].low
            parts[-1].end = below[0].end
        impossible = any(not 1 <= (month or 0) <= 12 for part in parts for month in (part.low[1], (part.high or part.low)[1]))
        if impossible and not (below[0].low[2] is not None or owner):
            return []
        if owner is not None:
            parts[0].start = owner.start
            for part in parts:
                part.relative = owner.relative
            return parts
        return [] if self._is_no_month(parts, fine) else parts

    def _is_no_month(self, parts: list[Part], fine: bool) -> bool:
        """每年4月, 农历八月, 为期一月, 12月龄; `fine`: a day or part of the month is said."""
        start, end, text = parts[0].start, parts[-1].end, self.text
        if text.endswith((*_EVERY, "月", "第"), max(0, start - 3), start):
            return True
        if fine:
            return False
        if re.search(r"[0-9]\.$", text[max(0, start - 2) : start]) and not self._begins_at(start):
            return True
        if text.startswith(_NO_MONTH_AFTER, end):
            return True
        bare = text[start] in HAN and len(parts) == 1 and parts[0].high is None
        return bare and (text.endswith(_ONE_MONTH_BEFORE, 0, start) or _ONE_MONTH_AFTER.match(text, end) is not None)

    def _begins_line(self, items: list[Numbers]) -> bool:
        """Whether the first item is the number of a list (1、3月5日)."""
        return items[0].high is None and self._begins_at(items[0].start)

    def _begins_at(self, start: int) -> bool:
        """Whether nothing but a list number stands before `start` in its line."""
        lead = self.text[max(0, start - 7) : start].rpartition("\n")
        return (bool(lead[1]) or start <= 7) and not lead[2].strip("0123456789.、．（）() \t")

    def _below_month(self, part: Part, open_day: bool = True) -> list[Part]:
        """The part with the days or the part of the month that follow the month."""
        year, month, _ = part.low
        if found := self._next(part.end, "日", "号"):
            parts = [
                Part(
                    item.start, item.end, (year, month, number(item.low) or 0),
                    (year, month, number(item.high) or 0) if item.high else None, part.relative, part.month_word,
                )
                for item in found[0]
            ]  # fmt: skip
            parts[0].start, parts[-1].end = part.start, found[1]
            return parts
        if open_day and (bare := _OPEN_DAY.match(self.text, part.end)) and 1 <= (number(bare[1]) or 0) <= 31:
            if self.token is not None and self.token.start() < bare.end(1) < self.token.end():
                # 3月5—8月2日: the token 5—8月 is read anew from behind the 5.
                self.tokens = self.pattern.finditer(self.text, bare.end(1))
                self.token = next(self.tokens, None)
            self.advance(bare.end(1))
            return [replace(part, end=bare.end(1), low=(year, month, number(bare[1])))]
        if tail := self._tail(part.end, "month"):
            found_part = _month_part(part.start, tail[1], part.low, tail[0])
            return [replace(found_part, relative=part.relative, month_word=part.month_word or found_part.month_word)]
        part.end += next((len(word) for word in _WHOLE_MONTH if self.text.startswith(word, part.end)), 0)
        return [part]

    # --- days, figures, decades -------------------------------------------------------------------

    def _days(
        self, items: list[Numbers], unit: str, end: int, linked: Part | None, ranged: bool,
        month: int | None, before: Point, year: int | None,
    ) -> list[Part]:  # fmt: skip
        """Days without a month: in a list or range, under a month known, or at the head of a text told without a year."""
        start, text = items[0].start, self.text
        if linked is not None:
            if linked.low[2] is None or text.startswith(("游", "票", "内", "夜"), end):
                return []
        else:
            known = month or before[1] or (start == 0 and year is None) or _TO_A_MONTH.match(text, end)
            alone = start == 0 or text[start - 1] in CLAUSE
            known = known or (year is None and text[:start] in _FROM_A_DAY)
            han = text[start] in HAN and not re.match(rf"{CLOSES}|[ ]?{RANGE}", text[end : end + 4])
            if unit == "号" or han or not (known and alone) or text.startswith(_NO_DAY_AFTER, end):
                return []
            if month is None and len(items) == 2 and items[0].high is None and self._begins_line(items):
                items = items[1:]
        parts = []
        floor = None if ranged else linked.low[2] if linked else before[2] if month is None else None
        for item in items:
            low, high = number(item.low), number(item.high or item.low)
            if low is None or high is None or not 1 <= low <= 31 or not 1 <= high <= 31 or low <= (floor or 0):
                return []
            parts.append(Part(item.start, item.end, (None, None, low), (None, None, high) if item.high else None))
        parts[-1].end = end
        return parts

    def _figures(self, token: re.Match[str], linked: Part | None, known: int | None) -> list[Part]:
        """2019.4.23, 2019-10, 2016-2018, 始建于1958; in a date cell also 4.23 and 20210423."""
        start, end, text = token.start(), token.end(), self.text
        if token["alone"]:
            return self._bare_year(start, end, int(token["alone"]), known)
        if self.cell and (run := token["run"]):
            return [Part(start, end, (int(run[:4]), int(run[4:6]), int(run[6:])), figures=True)]
        if self.cell and token["cell_month"]:
            return [Part(start, end, (None, int(token["cell_month"]), int(token["cell_day"])), figures=True)]
        year, month = int(token["year"]), token["month"] or token["month2"]
        if not 1800 <= year < 2200 or (linked is None and re.search(r"[0-9]-$", text[max(0, start - 2) : start])):
            return []
        if token["day"] or (token["day2"] and "0" in (month[0], token["day2"][0])):
            return [Part(start, end, (year, int(month), int(token["day"] or token["day2"])), figures=True)]
        alone = start == 0 or text[start - 1] in CLAUSE
        if token["day2"] or not alone or not _ENDS_OR_GOES_ON.match(text, end):
            return []
        if last := token["last"]:
            return [Part(start, end, (year, None, None), (int(last), None, None))] if int(last) > year else []
        return [Part(start, end, (year, int(month), None), figures=True)] if 1 <= int(month) <= 12 else []

    def _bare_year(self, start: int, end: int, year: int, known: int | None) -> list[Part]:
        """始建于1958，; a text that begins with a year, as titles do (2021工作总结), where the caller knows none."""
        text = self.text
        if start == 0:
            stands = known is None and year >= 1900 and _HEAD.match(text, end) is not None
        else:
            stands = _ENDS.match(text, end) is not None and not text.endswith(_COMPARED, 0, start)
        return [Part(start, end, (year, None, None))] if stands else []


def _year_part(start: int, end: int, year: int | None, rule: Period, relative: Period | None) -> Part:
    """上半年, 年底, 全年."""
    low, high = int(rule.start or 0) or None, int(rule.end or 0) or None
    stretch = (year, high, None) if high != low else None
    return Part(start, end, (year, low, None), stretch, relative=relative, inner=True, closing=rule.closing)


def _month_part(start: int, end: int, low: Point, rule: Period) -> Part:
    """上旬, 月底."""
    part = Part(start, end, low, month_word=rule if low[1] is None else None, inner=True, closing=rule.closing)
    if rule.start:
        part.low = (low[0], low[1], int(rule.start))
        part.high = (low[0], low[1], LAST if rule.end == "last" else int(rule.end))
    return part

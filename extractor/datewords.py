"""The words of dates: `Period` rules, numerals, and the one pattern that finds what a date is made of.

The pattern is linear: every repeat is bounded and possessive. It finds *tokens*, each a list of numbers
with its unit (``5、12、19日``, ``4-6月``, ``2021年``), a date in figures (``2019.4.23``) or a word of a
rule (``上半年``); `extractor.dates` puts them together. It is compiled with `re`, four times as fast here as
`regex`, since rules add plain words only, never patterns.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from extractor.model import Rule

SPACE = "[ ]{0,2}+"
DASH = r"[-‐‑‒–—―─~～]{1,3}+"
HAN = "〇○零O一二三四五六七八九十廿卅"
NUMBER = f"(?:[0-9{HAN}]{{4}}+|[0-9]{{1,4}}+|[{HAN}]{{1,5}}+|[元两])"
RANGE = f"(?:{DASH}|直?至|到)"

_NUMBERS = f"(?<![0-9{HAN}百千万])(?<![0-9][:：]){NUMBER}(?:{SPACE}(?:{DASH}|[至到、和及与]){SPACE}第?{NUMBER}){{0,12}}+"
_TOKEN = (
    r"(?P<name>%s)"
    rf"|(?P<numbers>{_NUMBERS}){SPACE}(?P<unit>年代|世纪|学年度?|年|月份?|日|号|%s)"
    r"|(?<![0-9])(?<![0-9][./:])(?P<year>[12][0-9]{3})(?:"
    r"[ ]?(?P<sep>[./·]|[-–—―]{1,2})[ ]?(?P<month>[0-9]{1,2})(?:[ ]?(?P=sep)[ ]?(?P<day>[0-9]{1,2}))?+"
    r"|[ ](?P<month2>0[1-9]|1[0-2])[ ](?P<day2>[0-3][0-9])"
    rf"|{SPACE}(?:{DASH}|[至到]){SPACE}(?P<last>(?:19|20)[0-9]{{2}})(?:学年度?)?+)"
    r"(?![0-9年]|(?(sep)[ ]?(?P=sep)|[./·\-])(?!(?:19|20)[0-9]{2}[./\-])[0-9])[月日号]?"
    r"|(?:\A|(?<=[于自从]))(?P<alone>(?:1[89]|2[01])[0-9]{2})(?![0-9.,])"
    r"|(?P<word>%s)"
)
_CELL = (
    r"(?<![0-9.])(?P<cell_month>1[0-2]|0?[1-9])[ ]?[.·/][ ]?(?P<cell_day>[0-3]?[0-9])日?(?![0-9.万亿千百%‰个元倍米平吨岁分])"
    r"|(?<![0-9])(?P<run>(?:19|20)[0-9]{6})(?![0-9])|"
)
_SMALL: dict[str, int] = {"廿": 20, "卅": 30, "元": 1} | {f"{t}十": 10 * n for n, t in enumerate("四五六七八九", 4)} | {
    tens + ones: 10 * count + value
    for count, spellings in enumerate((("",), ("十",), ("二十", "廿"), ("三十", "卅")))
    for tens in spellings
    for value, ones in enumerate(("", *"一二三四五六七八九"))
    if tens + ones
}
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_ONE_NUMBER = re.compile(NUMBER)


class Period(Rule, frozen=True, kw_only=True):
    """Words that name a stretch of time.

    `of` says what the words are counted in: a part of a ``year`` (上半年: `start` and `end` are its first and
    last month) or of a ``month`` (上旬: its first and last day; ``last`` is the month's last), a year counted from
    the ``report``'s (去年: `shift` -1), the ``previous`` date in the text (次日: `unit` day, `shift` 1), or
    ``nothing`` (十月革命 is no date). `each` is the number of months of a numbered part (第三季度: 3);
    `counted` says that the number counts from the year's beginning (前8个月). `closing` words (年底, 月末) mean
    the last day where an open interval ends with them. Behind `not_after` and before `not_before` the same
    characters mean something else (过去|年, 今年|初中).
    """

    words: tuple[str, ...]
    of: Literal["year", "month", "report", "previous", "nothing"]
    start: str = ""
    end: str = ""
    unit: Literal["day", "month", "year"] = "year"
    shift: int = 0
    each: int = 0
    counted: bool = False
    closing: bool = False
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Tables(Struct, frozen=True, dict=True):
    """`pattern` is that of a token, which begins with one of `first`; `words` are the rules by word,
    `tails` those that may follow a ``year`` or ``month``, there also without their first character (2021年|底),
    `units` those that count (季度)."""

    pattern: str
    first: str
    words: dict[str, Period]
    tails: dict[str, dict[str, Period]]
    units: dict[str, Period]

    @functools.cached_property
    def token(self) -> re.Pattern[str]:
        """Finds tokens in prose."""
        return re.compile(f"(?=[{self.first}])(?:{self.pattern})")

    @functools.cached_property
    def cell_token(self) -> re.Pattern[str]:
        """Finds tokens in a date cell, where ``4.23`` is one too."""
        return re.compile(f"(?=[{self.first}])(?:{_CELL}{self.pattern})")


class Numbers(Struct):
    """One item of a list of numbers: `low` to `high` where it is a range, with its span and spelling."""

    start: int
    end: int
    low: str
    high: str | None = None


def compile_tables(periods: Iterable[Period], faults: list[str]) -> Tables:
    """The tables of the rules; faulty rules are named in `faults` and left out."""
    words: dict[str, Period] = {}
    units: dict[str, Period] = {}
    for rule in periods:
        found = _faults(rule)
        faults += [f"dates.toml: [[period]] {rule.id}: {fault}" for fault in found]
        for word in () if found else rule.words:
            if word in words or word in units:
                faults.append(f"dates.toml: [[period]] {rule.id}: words: {word} is in another rule too")
                continue
            (units if rule.each else words)[word] = rule
    tails: dict[str, dict[str, Period]] = {"year": {}, "month": {}}
    for word, rule in words.items():
        if rule.of in tails:
            tails[rule.of][word] = rule
            if len(word) > 1 and word[0] in "年月":
                tails[rule.of][word[1:]] = rule
    pattern = _TOKEN % (
        "|".join(f"{re.escape(w)}(?!{_any(r.not_before)})" for w, r in words.items() if r.of == "nothing") or "(?!)", _any(units),
        _any(word for word, rule in words.items() if rule.of != "nothing"),
    )  # fmt: skip
    first = "".join(re.escape(char) for char in sorted({word[0] for word in words}))
    return Tables(
        pattern=pattern,
        first=f"0-9{HAN}元两{first}",
        words=words,
        tails=tails,
        units=units,
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w))) or "(?!)"


def _faults(rule: Period) -> list[str]:
    top, what = (12, "month 01-12") if rule.of == "year" else (31, "day 01-31, or last")
    found = [] if rule.words and all(rule.words) else ["words: give at least one word, none of them empty"]
    for key, limit in (("start", rule.start), ("end", rule.end)):
        known = limit == "" or (limit == "last" and (key, rule.of) == ("end", "month"))
        if not known and not (re.fullmatch("[0-9]{1,2}", limit) and 1 <= int(limit) <= top):
            found.append(f"{key}: {limit!r} is no {what}")
    if bool(rule.start) != bool(rule.end):
        found.append("end: give start and end together")
    if rule.each and (rule.of != "year" or not 1 <= rule.each <= 12):
        found.append("each: 1 to 12 months, and only for parts of a year")
    return found


def number(spelling: str) -> int | None:
    """The value of a year, month or day as spelled: ``12``, ``十二``, ``廿三``, ``二〇一九``; None for none of these."""
    if spelling.isdecimal():
        return int(spelling)
    if spelling in _SMALL:
        return _SMALL[spelling]
    digits = spelling.translate(_DIGITS)
    return int(digits) if len(digits) > 2 and digits.isdecimal() else None


def digits(spelling: str) -> int | None:
    """The value of digits spelled one by one, of two also: ``九八`` is 98."""
    value = spelling.translate(_DIGITS)
    return int(value) if value.isdecimal() else None


def numbers(text: str, start: int, end: int) -> list[Numbers]:
    """The items of the list of numbers in text[start:end]: ``5、12-14`` is 5 and 12 to 14."""
    if end - start == 1 or text[start:end].isdecimal():
        return [Numbers(start, end, text[start:end])]
    items: list[Numbers] = []
    for found in _ONE_NUMBER.finditer(text, start, end):
        between = text[items[-1].end : found.start()].strip(" 第") if items else "、"
        if between in ("、", "和", "及", "与"):
            items.append(Numbers(found.start(), found.end(), found[0]))
        else:
            items[-1].high, items[-1].end = found[0], found.end()
    return items


def words_at(text: str, start: int, words: dict[str, Period], longest: int) -> Iterator[tuple[Period, int]]:
    """The rules whose word stands at `start` between neighbours it allows, each with its end, longest first."""
    for length in range(min(longest, len(text) - start), 0, -1):
        rule = words.get(text[start : start + length])
        end = start + length
        if rule and not text.startswith(rule.not_before, end) and not text.endswith(rule.not_after, 0, start):
            yield rule, end

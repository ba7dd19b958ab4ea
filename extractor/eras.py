"""Stretches longer than a year, as their years: decades (80年代), centuries (21世纪), school years (2020学年).

Every function is given the text, the numbers in front of the unit, where the unit ends and the report's year, and
gives ``(start, end, first year, last year)`` of each stretch.
"""

from __future__ import annotations

from extractor.datewords import HAN, Numbers, number
from extractor.lazy import Pattern

_CENTURY = Pattern(rf"(?:(?<![0-9./-])(?P<nth>[0-9]{{2}}|[{HAN}]{{2,3}})|(?P<last>上个?)|本)世纪[ ]?$")
_DECADE_FOLLOWS = Pattern(rf"[ ]?[0-9{HAN}、至]{{2,5}}[ ]?年代")
_NAMES = ("海上", "公园", "广场", "大厦", "不动产", "教育", "英才")
"""21世纪海上丝绸之路, 21世纪公园: a century in front of these is part of a name."""
_NOT_BEHIND = ("每", "第", "跨", "公元前", "前", "“", "《", "了")

Stretch = tuple[int, int, int, int]


def school_years(text: str, items: list[Numbers], end: int, year: int | None) -> list[Stretch]:
    """2020学年, 2020-2021学年: the two calendar years that it touches."""
    low, high = number(items[0].low), number(items[0].high or "")
    if len(items) > 1 or len(items[0].low) != 4 or low is None or not 1800 <= low < 2200:
        return []
    if high is not None and high < 100:
        high += low - low % 100
    return [(items[0].start, end, low, low + 1 if high is None else high)]


def centuries(text: str, items: list[Numbers], end: int, year: int | None) -> list[Stretch]:
    """21世纪: the hundred years that begin with the round one. 20世纪80年代 is left to its decade."""
    nth = number(items[0].low)
    if len(items) > 1 or items[0].high or nth is None or not 10 <= nth <= 22:
        return []
    named = text.startswith(_NAMES, end) or text.endswith(_NOT_BEHIND, 0, items[0].start)
    return [] if named or _DECADE_FOLLOWS.match(text, end) else [(items[0].start, end, nth * 100 - 100, nth * 100 - 1)]


def decades(text: str, items: list[Numbers], end: int, year: int | None) -> list[Stretch]:
    """80年代, 20世纪80年代, 五六十年代, 80、90年代."""
    start, century = items[0].start, None
    if found := _CENTURY.search(text, max(0, start - 7), start):
        start = found.start()
        century = number(found["nth"]) if found["nth"] else 20 if found["last"] else 21
        if century is None:
            return []
    stretches: list[Stretch] = []
    for item in items:
        first, last = _tens(item.low), _tens(item.high or item.low)
        low = first and _first_year(first[0], century, year)
        high = last and _first_year(last[1], century, year)
        if low is None or high is None or low > high:
            return []
        stretches.append((start if item is items[0] else item.start, end if item is items[-1] else item.end, low, high + 9))
    return stretches


def _first_year(value: int, century: int | None, year: int | None) -> int | None:
    """The first year of the eighties (80) of a century, or else of those last gone by; 1980 says it itself."""
    if value >= 100:
        return None if century else value
    if century:
        return (century - 1) * 100 + value
    return value + (2000 if value <= (year or 2000) - 2000 else 1900)


def _tens(spelling: str) -> tuple[int, int] | None:
    """First and last decade as spelled: ``80``, ``八十``, ``1980``, ``八`` (in 八、九十年代), ``五六十`` (two)."""
    if len(spelling) == 3 and spelling[2] == "十":
        first, last = number(spelling[0]), number(spelling[1])
        return (first * 10, last * 10) if first and last == first + 1 and last < 10 else None
    value = number(spelling)
    if value is not None and value < 10 and spelling in HAN:
        value *= 10
    if value is None or value % 10 or not (10 <= value <= 90 or 1000 <= value <= 2990):
        return None
    return value, value


READERS = {"年代": decades, "世纪": centuries, "学年": school_years, "学年度": school_years}

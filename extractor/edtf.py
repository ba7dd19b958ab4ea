"""EDTF (ISO 8601-2) as far as reports need it: days, months, years, intervals, open ends, an unknown year.

A point is ``(year, month, day)``, from coarse to fine; what is not said is None. Only a year or a
month in front of something finer can be unknown while the rest is known (``XXXX-03-05``,
``XXXX-XX-29``). Grammar: https://www.loc.gov/standards/datetime/ , levels 0 and 1, with the
unspecified year of level 2 also at the ends of an interval.
"""

from __future__ import annotations

import datetime
import functools
from calendar import monthrange
from typing import Literal

Point = tuple[int | None, int | None, int | None]
Precision = Literal["day", "month", "year", "interval"]

_PRECISIONS: tuple[Precision, ...] = ("year", "month", "day")
_OPEN: Point = (None, None, None)
_FIRST, _LAST = datetime.date.min, datetime.date.max


def point(value: Point) -> str:
    """The point in EDTF, as fine as it is known: ``(None, 3, 5)`` is ``XXXX-03-05``."""
    year, month, day = value
    text = "XXXX" if year is None else f"{year:04d}"
    if month is not None:
        text += f"-{month:02d}"
    elif day is not None:
        text += "-XX"
    return text if day is None else f"{text}-{day:02d}"


def interval(low: Point, high: Point) -> str:
    """The interval in EDTF, a single point where both ends are the same."""
    return point(low) if low == high else f"{point(low)}/{point(high)}"


def month_end(year: int | None, month: int) -> int:
    """The last day of a month; of February of an unknown year the 28th, which every year has."""
    return monthrange(2001 if year is None else year, month)[1]


def real(value: Point) -> bool:
    """Whether the calendar has this point. 29 February of an unknown year counts as real."""
    year, month, day = value
    if year is not None and not 1 <= year <= 9999:
        return False
    if month is not None and not 1 <= month <= 12:
        return False
    if day is not None and month is None and year is not None:
        return False
    return day is None or 1 <= day <= monthrange(2000 if year is None else year, month or 1)[1]


def valid(edtf: str) -> bool:
    """Whether `edtf` is well formed, real, and not running backwards."""
    ends = _ends(edtf)
    if ends is None:
        return False
    (first, _), (_, last) = (_days(end) for end in ends)
    return first is None or last is None or first <= last


def precision(edtf: str) -> Precision | None:
    """``day``, ``month`` or ``year`` of a single date, else ``interval``; None where it is no EDTF."""
    if not valid(edtf):
        return None
    if "/" in edtf:
        return "interval"
    return _PRECISIONS[edtf.count("-")]


def first_day(edtf: str) -> datetime.date | None:
    """The first day it can mean; None where that is open, unknown (``XXXX``) or not EDTF."""
    first = _bounds(edtf)[0]
    return None if first == _FIRST else first


def last_day(edtf: str) -> datetime.date | None:
    """The last day it can mean; None where that is open, unknown (``XXXX``) or not EDTF."""
    last = _bounds(edtf)[1]
    return None if last == _LAST else last


def contains(outer: str, inner: str) -> bool:
    """Whether every day of `inner` is a day of `outer`; False where a year is unknown."""
    (low, high), (first, last) = _bounds(outer), _bounds(inner)
    if low is None or high is None or first is None or last is None:
        return False
    return low <= first and last <= high


@functools.lru_cache(maxsize=4096)
def _bounds(edtf: str) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day; the far ends of the calendar stand for an open end, None for unknown."""
    if not valid(edtf):
        return None, None
    ends = _ends(edtf)
    assert ends is not None
    low, high = ends
    return (
        _FIRST if low == _OPEN and edtf.startswith("..") else _days(low)[0],
        _LAST if high == _OPEN and edtf.endswith("..") else _days(high)[1],
    )


def _ends(edtf: str) -> tuple[Point, Point] | None:
    low, slash, high = edtf.partition("/")
    if not slash:
        single = _parse(low)
        return None if single is None else (single, single)
    if low == high == "..":
        return None
    first = _OPEN if low == ".." else _parse(low)
    last = _OPEN if high == ".." else _parse(high)
    return None if first is None or last is None else (first, last)


def _parse(text: str) -> Point | None:
    fields = text.split("-")
    if len(fields) > 3 or [len(field) for field in fields] != [4, 2, 2][: len(fields)]:
        return None
    numbers: list[int | None] = []
    for place, field in enumerate(fields):
        if field.isascii() and field.isdigit():
            numbers.append(int(field))
        elif field == "X" * len(field) and place < 2 and not any(numbers):
            numbers.append(None)
        else:
            return None
    if len(fields) == 2 and numbers[1] is None:
        return None
    year, month, day = [*numbers, None, None][:3]
    return (year, month, day) if real((year, month, day)) else None


def _days(value: Point) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and last day of a point, None where its year or month is unknown."""
    year, month, day = value
    if year is None or (month is None and day is not None):
        return None, None
    last_month = month or 12
    return (
        datetime.date(year, month or 1, day or 1),
        datetime.date(year, last_month, day or monthrange(year, last_month)[1]),
    )

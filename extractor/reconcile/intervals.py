"""Arithmetic on what words allow. Two numbers are never compared, only the intervals they stand for.

As XBRL Calculations 1.1 does for rounding: values agree where their intervals meet, a sum is judged by
the sum of its parts' intervals. An open end is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from extractor.model import Number, Struct

_WRITTEN = re.compile(r"\d[\d,]*(?:\.(?P<places>\d+))?(?P<scale>[万亿])", re.ASCII)


class HasBounds(Protocol):
    """A figure, or anything else with bounds."""

    @property
    def low(self) -> Number | None: ...
    @property
    def high(self) -> Number | None: ...


class Interval(Struct, frozen=True):
    """low..high, both included; None is open. Decimals, so that 30.9万 adds up exactly."""

    low: Decimal | None
    high: Decimal | None

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return not (_above(self.low, other.high) or _above(other.low, self.high))

    def below(self, other: Interval) -> bool:
        """Whether every value of this one is smaller than every value of the other."""
        return _above(other.low, self.high)

    def gap(self, other: Interval) -> Decimal:
        """How far apart the two are: 0 where they meet."""
        if self.meets(other):
            return Decimal(0)
        if self.high is not None and other.low is not None and self.high < other.low:
            return other.low - self.high
        assert self.low is not None and other.high is not None
        return self.low - other.high


def _above(low: Decimal | None, high: Decimal | None) -> bool:
    return low is not None and high is not None and low > high


def of(record: HasBounds) -> Interval:
    """The interval of a figure."""
    return Interval(_decimal(record.low), _decimal(record.high))


def as_written(raw: str, interval: Interval) -> Interval:
    """The interval of a rounded number if its zeros are meant: 1860万 beside 126.5万 is no 1855 to 1865万."""
    found = _WRITTEN.search(raw)
    if found is None or interval.low is None or interval.high is None:
        return interval
    places = len(found["places"] or "")
    half = Decimal(10 ** (8 if found["scale"] == "亿" else 4)) / Decimal(2 * 10**places)
    middle = (interval.low + interval.high) / 2
    return Interval(max(interval.low, middle - half), min(interval.high, middle + half))


def exactly(value: Number) -> Interval:
    """A value that is meant to the last digit, such as a cell of the form."""
    return Interval(_decimal(value), _decimal(value))


def total(intervals: Iterable[Interval]) -> Interval:
    """The interval of a sum; open where a part is."""
    low: Decimal | None = Decimal(0)
    high: Decimal | None = Decimal(0)
    for interval in intervals:
        low = None if low is None or interval.low is None else low + interval.low
        high = None if high is None or interval.high is None else high + interval.high
    return Interval(low, high)


def _decimal(value: Number | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def number(value: Decimal) -> Number:
    """A Decimal as the int or float that JSON carries."""
    return int(value) if value == value.to_integral_value() else float(value)


def shown(value: Decimal | Number) -> str:
    """A number as a clerk writes it: no trailing zeros, no exponent."""
    plain = Decimal(str(value))
    text = format(plain.normalize(), "f")
    return text

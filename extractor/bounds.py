"""What a hedged number allows: the interval of the report contract, both ends included."""

from __future__ import annotations

from decimal import Decimal

from extractor.model import Hedge, Number
from extractor.numerals import Numeral

Interval = tuple[Decimal | None, Decimal | None, Hedge]


def interval(numeral: Numeral, hedge: Hedge | None) -> Interval:
    """(low, high, hedge) that the words allow, None where open. The table is in docs/quantities.md."""
    value, grain = numeral.value, numeral.grain
    if numeral.low is not None and numeral.high is not None:
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


def negated(bounds: Interval) -> Interval:
    """The interval of the number with a minus sign: at least 3 below zero is at most -3."""
    low, high, hedge = bounds
    turned: dict[Hedge, Hedge] = {"at_least": "at_most", "at_most": "at_least"}
    return None if high is None else -high, None if low is None else -low, turned.get(hedge, hedge)


def number(value: Decimal | None) -> Number | None:
    """A Decimal as the int or float that JSON carries."""
    return None if value is None else plain(value)


def plain(value: Decimal) -> Number:
    """The int or float of a Decimal."""
    return int(value) if value == value.to_integral_value() else float(value)

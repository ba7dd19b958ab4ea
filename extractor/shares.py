"""Shares in words -> numerals in per cent: 百分之八, 千分之三, 三分之一, 六成多, 八折, and 翻两番 as a multiple.

All functions take folded text.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from extractor import numerals
from extractor.numerals import CHINESE, DIGITS, Numeral

PERCENT = re.compile(r"[百佰] {0,2}分 {0,2}之 {0,2}")
FRACTION = re.compile(r" {0,2}分 {0,2}之 {0,2}")
_TENTHS = re.compile(r" ?成(?![员立果功为群绩本人交语品年长效就熟分份套册批型都活家不])")
_AND_FIVE = re.compile(rf"([{''.join(DIGITS)}])(?=[，。；、）)\s]|$|以上|左右|的)")
_DISCOUNT = re.compile(r" ?折(?=优惠|扣|起|出售|销售|购|[，。；、）),;.]|\s|$)")
_PAIR = re.compile(rf"([{''.join(DIGITS)}]) ?([{''.join(DIGITS)}])(?= ?折)")
_ACTS = re.compile(r"[戏剧曲演出]")
_DOUBLING = re.compile(r"翻了?([一两二三四1234])番(多)?")
_EIGHT = Context(prec=8)
_TIMES = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}


def number_at(text: str, at: int) -> Numeral | None:
    """A plain numeral at `at`, of either script."""
    char = text[at : at + 1]
    if char in numerals.ASCII_DIGITS and char:
        return numerals.arabic(text, at)
    return numerals.chinese_at(text, at) if char and char in CHINESE else None


def fraction(below: Numeral, above: Numeral, whole: Decimal | None = None) -> Numeral:
    """三分之一 as 33.333333 %; with a whole before it (二又三分之一) as the number itself. Eight digits are kept; a
    share that does not end within them has 1 % as grain."""
    part = _EIGHT.divide(above.value * (1 if whole is not None else 100), below.value)
    value = part.normalize() + (whole or 0)
    grain = numerals.grain_of(value) if part * below.value == above.value * (1 if whole is not None else 100) else Decimal(1)
    return Numeral(below.start, above.end, value, grain)


def tenths(text: str, numeral: Numeral) -> tuple[Numeral, bool] | None:
    """三成, 七成五, 六成多, 八折, as a percentage and whether 多 or 余 follows; None where 成 or 折 begins another word."""
    if numeral.value > 10 or numeral.value < 0:
        return None
    end, found = numeral.end, None
    if text[end : end + 1] in _MARKS:
        found = _TENTHS.match(text, end) if numeral.value else None
        if found is None and (found := _DISCOUNT.match(text, end)) and _ACTS.search(text, max(0, numeral.start - 10), numeral.start):
            return None
    if found is None:
        return None
    fives = _AND_FIVE.match(text, found.end())
    if fives and not numeral.decimal and numeral.low is None:
        return Numeral(numeral.start, fives.end(1), numeral.value * 10 + DIGITS[fives[1]], Decimal(1)), False
    over = text[found.end() : found.end() + 1] in _OVER
    low = None if numeral.low is None else numeral.low * 10
    high = None if numeral.high is None else numeral.high * 10
    return numeral._replace(end=found.end() + over, value=numeral.value * 10, grain=numeral.grain * 10, low=low, high=high, multiplied=False), over


_MARKS, _OVER = frozenset("成折 "), frozenset("多余")


def discount(text: str, start: int) -> Numeral | None:
    """九五折, 三八折: two digits read one by one; 对折 and 半折 are half."""
    if text[start] in "对對半":
        behind = _DISCOUNT.match(text, start + 1)
        return Numeral(start, behind.end(), Decimal(50), Decimal(1)) if behind else None
    found = _PAIR.match(text, start)
    if not found or not (behind := _DISCOUNT.match(text, found.end())) or not DIGITS[found[1]]:
        return None
    return Numeral(start, behind.end(), Decimal(DIGITS[found[1]] * 10 + DIGITS[found[2]]), Decimal(1))


def doubling(text: str, start: int) -> tuple[Numeral, bool] | None:
    """翻一番 is 2 times, 翻两番 is 4 times; and whether 多 follows."""
    found = _DOUBLING.match(text, start)
    return (Numeral(start, found.end(), Decimal(2 ** _TIMES[found[1]]), Decimal(1)), bool(found[2])) if found else None

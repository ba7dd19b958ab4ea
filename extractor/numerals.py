"""Written numerals -> values: Arabic, full-width, Chinese, formal capitals, and their mixtures.

All functions take folded text. A numeral carries what the interval rules need: whether its last part is
a multiplier (3.66万, 三千), and its grain, the place of its last significant digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import regex

DIGITS = dict(zip("〇零○一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
TENS = {"廿": 20, "卅": 30}
CHINESE = "".join(DIGITS) + "".join(SMALL) + "".join(LARGE) + "".join(TENS)
SCALES = {"百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
_POWERS = tuple(Decimal(10) ** n for n in range(60))
LONGEST = 40
"""A written number is shorter than this; longer runs of digits are no numbers anyone reports."""

# Thousands may be parted by commas or spaces, in groups of three only; a comma before one, two or four digits and
# 万 or 亿 is a slip for the decimal point (61,0328万), which offices do make.
ARABIC = regex.compile(
    r"(?:\d{1,3}(?:[,，]\d{3})++(?![,，]?\d)|\d{1,3}(?: \d{3})++(?!\d)|\d{1,4},(?:\d{1,2}|\d{4})(?=[万亿])|\d{1,40}+)(?:\.\d{1,20}+)?"
)
SCALE = regex.compile(r"(?:百万|千万|十万|万亿|千亿|百亿|十亿|[百千万亿萬億])")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral in text[start:end]. `multiplied`: its last part is a multiplier; `decimal`: it has a decimal
    point; `low`/`high` are set where the words themselves are a range (三四十, 几百)."""

    start: int
    end: int
    value: Decimal
    grain: Decimal
    multiplied: bool = False
    decimal: bool = False
    arabic: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


def _grain(value: Decimal) -> Decimal:
    """The place of the last digit behind the point, else of the last that is not zero."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < 0:
        return Decimal(1).scaleb(exponent)
    digits = str(int(value))
    return _POWERS[len(digits) - len(digits.rstrip("0"))] if value else _POWERS[0]


def arabic(text: str, start: int) -> Numeral | None:
    """The Arabic numeral at `start`, without its multiplier; None for a run of digits too long to be one."""
    found = ARABIC.match(text, start)
    if not found or found.end() - start > LONGEST or text[found.end() : found.end() + 1].isdigit():
        return None
    digits = found.group().replace(" ", "").replace("，", ",")
    if "," in digits and regex.search(r",(?:\d{1,2}|\d{4})$", digits):
        digits = digits.replace(",", ".")
    value = Decimal(digits.replace(",", ""))
    return Numeral(start, found.end(), value, _grain(value), decimal="." in digits, arabic=True)


def scaled(numeral: Numeral, scale: str, end: int) -> Numeral:
    """The numeral with a multiplier behind it, which ends at `end`."""
    factor = SCALES[scale]
    return Numeral(
        numeral.start, end, numeral.value * factor, numeral.grain * factor, multiplied=factor >= 1000, decimal=numeral.decimal, arabic=numeral.arabic
    )  # fmt: skip


def chinese(text: str, start: int, end: int) -> Numeral | None:
    """The Chinese numeral text[start:end]; None where the characters do not form one.

    一万二千, 三百二十, 二〇二一 (digit by digit), 百 and 千 alone as one of them, and the ranges of two digits in
    front of a place: 三四十, 七八千, 一两百.
    """
    word = text[start:end]
    if len(word) > LONGEST:
        return None
    vague = _vague(word)
    if vague is not None:
        return Numeral(start, end, vague[0], _grain(vague[0]), multiplied=False, low=vague[0], high=vague[1])
    if len(word) > 1 and all(char in DIGITS for char in word):
        if len(word) == 2 and word[0] not in "〇零○":
            return None
        value = Decimal("".join(str(DIGITS[char]) for char in word))
        return Numeral(start, end, value, Decimal(1))
    value_of = parse(word)
    if value_of is None:
        return None
    value = Decimal(value_of)
    multiplied = word[-1] in "千仟万萬亿億"
    return Numeral(start, end, value, _grain(value), multiplied=multiplied)


def parse(word: str) -> int | None:
    """The value of a Chinese numeral with places (一万零二百, 十二, 壹佰贰拾, 两万五), or None."""
    total = section = 0
    digit: int | None = None
    last = 10**16
    place = 10**16
    zero = False
    for char in word:
        if char in DIGITS:
            if digit is not None and not zero:
                return None
            digit, zero = DIGITS[char], DIGITS[char] == 0
            if zero:
                digit = None
                zero = False
                place = 1 if place == 1 else place
        elif char in TENS:
            if digit is not None:
                return None
            section += TENS[char]
            place = 10
        elif char in SMALL:
            if SMALL[char] >= place:
                return None
            if digit is None and section and char not in "十拾":
                return None
            section += (1 if digit is None else digit) * SMALL[char]
            place, digit = SMALL[char], None
        elif char in LARGE:
            factor = LARGE[char]
            part = section + (digit or 0)
            if part == 0 and total == 0:
                part = 1
            if factor >= last and total % factor:
                return None
            total, section, digit = (total + part) * factor if factor > last or (total and total < factor) else total + part * factor, 0, None
            last, place = factor, 10**16
        else:
            return None
    if digit is not None:
        # 两万五, 三百二: a digit right behind a place counts the place below it.
        shorthand = len(word) > 1 and word[-2] in "百佰千仟万萬亿億"
        below = {"百": 10, "佰": 10, "千": 100, "仟": 100, "万": 1000, "萬": 1000, "亿": 10**7, "億": 10**7}
        section += digit * (below[word[-2]] if shorthand else 1)
    return total + section


def _vague(word: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits in front of a place, or at the end: 三四十 30-40, 七八千 7000-8000, 十五六 15-16."""
    for at in range(len(word) - 1):
        a, b = DIGITS.get(word[at]), DIGITS.get(word[at + 1])
        if a and b and (b - a == 1 or (a, b) == (3, 5)) and word[at + 1] != "两" and (at == 0 or word[at - 1] not in DIGITS):
            before, behind = word[:at], word[at + 2 :]
            if behind and behind[0] not in SMALL and behind[0] not in LARGE:
                return None
            low, high = parse(before + word[at] + behind), parse(before + word[at + 1] + behind)
            if low is not None and high is not None and low < high and not any(char in DIGITS for char in behind):
                return Decimal(low), Decimal(high)
    if len(word) >= 2 and word[0] == "一" and word[1] == "两":
        low, high = parse("一" + word[2:]), parse("两" + word[2:])
        if low is not None and high is not None:
            return Decimal(low), Decimal(high)
    return None

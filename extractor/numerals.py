"""Written numerals -> values: Arabic, full-width, Chinese, formal capitals, and their mixtures.

All functions take folded text. A numeral carries what the interval rules need: whether its last part is
a multiplier (3.66万, 三千), and its grain, the place of its last significant digit. Spaces inside a numeral
(7 620, 一 百 二) are strays of typesetting; a numeral is read over them where what results is well formed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

ASCII_DIGITS = "0123456789"
DIGITS = dict(zip("〇零○一二两兩俩倆三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖", (0, 0, 0, 1, 2, 2, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9), strict=True))
_ZEROS = "〇零○"
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
TENS = {"廿": 20, "卅": 30}
CHINESE = "".join(DIGITS) + "".join(SMALL) + "".join(LARGE) + "".join(TENS)
PLACES = SMALL | LARGE
SCALES = {"百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "十万": 10**5, "百万": 10**6, "千万": 10**7, "百萬": 10**6, "千萬": 10**7,
    "万万": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12, "萬億": 10**12}  # fmt: skip
LONGEST = 40
"""A written number is shorter than this; longer runs of digits are no numbers anyone reports."""

_DIGIT_SET = frozenset(ASCII_DIGITS)
_BEFORE_POINT = frozenset("点點 ")
_POWERS = tuple(Decimal(10) ** n for n in range(60))
# Thousands may be parted by commas or spaces, in groups of three only; a comma before one, two or four digits and
# 万 or 亿 is a slip for the decimal point (61,0328万), which offices do make.
_ARABIC = re.compile(
    r"(?:[0-9]{1,3}(?:[,，][0-9]{3})++(?![,，]?[0-9])|[0-9]{1,3}(?: [0-9]{3})++(?![0-9])|[0-9]{1,4},(?:[0-9]{1,2}|[0-9]{4})(?=[万亿])|[0-9]{1,40}+)(?:\.[0-9]{1,20}+)?"
)
SCALE = re.compile(r"[百千十万]?[万亿]|[百千]?[萬億]|[百千佰仟]")
_TAIL = re.compile(r"[〇零]?(?=[0-9])")
_SPACED_TAIL = re.compile(r" {1,2}(?=[0-9]{1,4} ?[百千万萬])")
_DATED = re.compile(r"[0-9]{1,8} ?[年月日号.-]")
_RUN = re.compile(rf"[{CHINESE}](?:[{CHINESE}兆]| {{1,2}}(?=[{CHINESE}])){{0,60}}+")
_POINT = re.compile(rf" {{0,2}}[点點] {{0,2}}([{''.join(DIGITS)}](?: {{0,2}}[{''.join(DIGITS)}]){{0,9}})(?! ?[十拾百分刻半线])")
_DIGIT_GAP = re.compile(rf"[{''.join(DIGITS)}] +[{''.join(DIGITS)}]")
_DIGIT_PAIR = re.compile(rf"[{''.join(DIGITS)}]{{2}}")


class Numeral(NamedTuple):
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


def grain_of(value: Decimal) -> Decimal:
    """The place of the last digit behind the point, else of the last that is not zero."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < 0:
        return Decimal(1).scaleb(exponent)
    digits = str(int(value))
    return _POWERS[len(digits) - len(digits.rstrip("0"))] if value else _POWERS[0]


def arabic(text: str, start: int) -> Numeral | None:
    """The Arabic numeral at `start`, without its multiplier; None for a run of digits too long to be one."""
    found = _ARABIC.match(text, start)
    if not found or found.end() - start > LONGEST or text[found.end() : found.end() + 1] in _DIGIT_SET:
        return None
    digits = found.group()
    if digits.isdecimal():
        value = Decimal(digits)
        return Numeral(start, found.end(), value, _POWERS[len(digits) - len(digits.rstrip("0"))] if value else _POWERS[0], arabic=True)
    if "," in digits or "，" in digits or " " in digits:
        digits = digits.replace(" ", "").replace("，", ",")
        head, comma, tail = digits.rpartition(",")
        if comma and len(tail) in (1, 2, 4) and "." not in tail:
            digits = f"{head}.{tail}"
        digits = digits.replace(",", "")
    value = Decimal(digits)
    return Numeral(start, found.end(), value, grain_of(value), decimal="." in digits, arabic=True)


def behind_point(numeral: Numeral) -> Numeral:
    """.5 for the 5 behind a point that nothing stands before."""
    value = Decimal("0." + str(int(numeral.value)).zfill(numeral.end - numeral.start))
    return Numeral(numeral.start - 1, numeral.end, value, grain_of(value), decimal=True, arabic=True)


def scaled(numeral: Numeral, scale: str, end: int) -> Numeral:
    """The numeral with a multiplier behind it, which ends at `end`."""
    factor = SCALES[scale]
    return numeral._replace(end=end, value=numeral.value * factor, grain=numeral.grain * factor, multiplied=factor >= 1000,
        low=None if numeral.low is None else numeral.low * factor, high=None if numeral.high is None else numeral.high * factor)  # fmt: skip


def with_tail(text: str, head: Numeral, factor: int) -> Numeral:
    """A scaled numeral with the rest of a mixed one behind it: 25万7134, 1千零1, 7 万5 千4 百.

    `factor` is the head's multiplier, which the rest stays below. One digit right behind 万 counts thousands,
    as in speech (2万5).
    """
    while not head.decimal and (found := _TAIL.match(text, head.end) or _SPACED_TAIL.match(text, head.end)):
        if _DATED.match(text, found.end()):
            return head
        tail = arabic(text, found.end())
        if tail is None or tail.decimal:
            return head
        at = tail.end + (text[tail.end : tail.end + 1] == " ")
        scale = SCALE.match(text, at)
        if scale:
            tail = scaled(tail, scale.group(), scale.end())
        elif tail.value < 10 and found.end() == head.end:
            tail = tail._replace(value=tail.value * factor / 10, grain=_POWERS[0] * factor / 10)
        if tail.value >= factor:
            return head
        head = tail._replace(start=head.start, value=head.value + tail.value)
        if not scale:
            return head
        factor = SCALES[scale.group()]
    return head


def chinese_at(text: str, start: int) -> Numeral | None:
    """The longest Chinese numeral at `start`, over stray spaces; None where its characters do not form one."""
    found = _RUN.match(text, start)
    if found is None:
        return None
    end = found.end()
    while text[end - 1] in " 兆":
        end -= 1
    if end - start > LONGEST + 20:
        return None
    numeral = chinese(text, start, end)
    while numeral is None:
        cut = text.rfind(" ", start, end)
        if cut < 0:
            # 二两, 三十两: the measure of silver and tea behind a numeral.
            return chinese(text, start, end - 1) if text[end - 1] == "两" and end - start > 1 else None
        end = cut
        while text[end - 1] == " ":
            end -= 1
        numeral = chinese(text, start, end)
    if text[end - 1] == "两" and end - start > 1 and text[end - 2] in "十百千" and numeral.low is None:
        return chinese(text, start, end - 1)
    return _with_decimals(text, numeral)


def _with_decimals(text: str, numeral: Numeral) -> Numeral:
    """三点五万 and 三十六点九, read digit by digit behind the point; times of day (八点三十, 九点一刻) are left."""
    behind = text[numeral.end : numeral.end + 1]
    if behind not in _BEFORE_POINT or numeral.low is not None:
        return numeral
    found = _POINT.match(text, numeral.end)
    if not found:
        return numeral
    return _decimals(text, numeral.start, numeral.value, found[1], found.end())


def _decimals(text: str, start: int, whole: Decimal, written: str, end: int) -> Numeral:
    digits = "".join(str(DIGITS[char]) for char in written if char != " ")
    read = Numeral(start, end, whole + Decimal("0." + digits), Decimal(1).scaleb(-len(digits)), decimal=True)
    scale = SCALE.match(text, end)
    return scaled(read, scale.group(), scale.end()) if scale and scale.group() not in "百千" else read


def decimals_at(text: str, start: int) -> Numeral | None:
    """点五, as behind 百分之: a decimal without its zero."""
    found = _POINT.match(text, start)
    return _decimals(text, start, Decimal(0), found[1], found.end()) if found else None


def chinese(text: str, start: int, end: int) -> Numeral | None:
    """The Chinese numeral text[start:end]; None where the characters do not form one.

    一万二千, 三百二十, 二〇二一 (digit by digit), 百 and 千 alone as one of them, and the ranges of two digits in
    front of a place: 三四十, 七八千, 一两百.
    """
    written = text[start:end]
    word = written.replace(" ", "")
    if len(word) > LONGEST:
        return None
    if _DIGIT_PAIR.search(word):
        if word != written and _DIGIT_GAP.search(written):
            return None
        bounds = vague(word)
        if bounds is not None:
            return Numeral(start, end, bounds[0], grain_of(bounds[0]), low=bounds[0], high=bounds[1])
        if all(char in DIGITS for char in word):
            if len(word) == 2 and word[0] not in _ZEROS:
                return None
            return Numeral(start, end, Decimal("".join(str(DIGITS[char]) for char in word)), _POWERS[0])
    value_of = parse(word)
    if value_of is None:
        return None
    value = Decimal(value_of)
    return Numeral(start, end, value, grain_of(value), multiplied=word[-1] in "千仟万萬亿億")


def parse(word: str) -> int | None:
    """The value of a Chinese numeral with places (一万零二百, 十二, 壹佰贰拾, 两万五, 三百五十万亿), or None."""
    for signs, factor, limit in ((("兆",), 10**12, None), (("亿", "億"), 10**8, 10**12), (("万", "萬"), 10**4, 10**4)):
        at = max(word.rfind(sign) for sign in signs)
        if at < 0:
            continue
        head, tail = word[:at], word[at + 1 :]
        above = 1 if not head else parse(head)
        if above is None or not above or (limit and above >= limit and not _squared(head, signs)):
            return None
        below = _below(tail, factor)
        return None if below is None else above * factor + below
    return _section(word)


def _squared(head: str, signs: tuple[str, ...]) -> bool:
    """四万万: 万 times 万 is an 亿."""
    return head[-1:] in signs and head[-1:] in "万萬"


def _below(tail: str, factor: int) -> int | None:
    """What stands behind 万 or 亿; a digit alone counts the place below it (两万五)."""
    if not tail:
        return 0
    if len(tail) == 1 and tail in DIGITS:
        return DIGITS[tail] * factor // 10
    value = parse(tail)
    return value if value is not None and value < factor else None


def _section(word: str) -> int | None:
    """A numeral below 10000: 三千二百一十五, 一百零二, 百十二, 三百二 (320), 廿五."""
    total, place, digit, zero = 0, 10**5, None, False
    for char in word:
        if char in DIGITS:
            if digit is not None:
                return None
            if DIGITS[char]:
                digit = DIGITS[char]
            else:
                zero = True
        elif char in TENS:
            if digit is not None or place <= 10:
                return None
            total, place, zero = total + TENS[char], 10, False
        elif char in SMALL:
            size = SMALL[char]
            if size >= place or (digit is None and total and size != 10):
                return None
            total, place, digit, zero = total + (digit or 1) * size, size, None, False
        else:
            return None
    if digit is not None:
        shorthand = len(word) > 1 and not zero and word[-2] in "百佰千仟"
        total += digit * (place // 10 if shorthand else 1)
    return total


def vague(word: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits in front of a place, or at the end: 三四十 30-40, 七八千 7000-8000, 十五六 15-16."""
    if word[:2] == "一两" and len(word) > 1:
        low, high = parse("一" + word[2:]), parse("两" + word[2:])
        return None if low is None or high is None else (Decimal(low), Decimal(high))
    for at in range(len(word) - 1):
        a, b = DIGITS.get(word[at]), DIGITS.get(word[at + 1])
        if not a or not b or not (b - a == 1 or (a, b) == (3, 5)) or word[at + 1] in "两兩俩倆" or (at and word[at - 1] in DIGITS and DIGITS[word[at - 1]]):
            continue
        before, behind = word[:at], word[at + 2 :]
        if behind and behind[0] not in PLACES:
            return None
        low, high = parse(before + word[at] + behind), parse(before + word[at + 1] + behind)
        if low is not None and high is not None and low < high and not any(char in DIGITS for char in behind):
            return Decimal(low), Decimal(high)
    return None

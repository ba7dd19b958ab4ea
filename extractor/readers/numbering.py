"""Automatic list numbers: number formats, and the counters of the lists of one document.

A paragraph names a numbering (w:num in a .docx, LFO in a .doc), that a list definition with up to nine
levels; numberings that share a definition share its counters, unless one overrides a start. Source of the
rules and of the number formats: ISO/IEC 29500-1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import msgspec

LEVELS = 9
MAX_NUMBER = 32_767
"""The largest number Word gives to a list item."""

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_SERIES = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}


def _roman(number: int) -> str:
    letters = ""
    for value, letter in _ROMAN:
        count, number = divmod(number, value)
        letters += letter * count
    return letters


def _letters(number: int) -> str:
    """a … z, aa, bb … zz, aaa: the letter repeated, as Word does, not base 26."""
    repeats, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (repeats + 1)


def _by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _counted(number: int) -> str:
    """一 … 九十九 with 十, digit by digit from 100 on (一〇〇)."""
    return _grouped(number, _DIGITS, "十百千", "万") if number < 100 else _by_digit(number)


def _grouped(number: int, digits: str, units: str, myriad: str, bare_one: bool = False) -> str:
    """`number` in words: 一千二百零三. A leading 一十 is written 十; with `bare_one` also 百, 千 (Japanese)."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = digits[0] if 0 < low < 1000 else ""
        return (
            _grouped(high, digits, units, myriad) + myriad + gap + (_grouped(low, digits, units, myriad) if low else "")
        )
    if number == 0:
        return digits[0]
    words, owed = "", False  # a zero inside the number is owed until its next digit
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            owed = bool(words)
            continue
        one_unsaid = digit == 1 and place and (bare_one or (place == 1 and not words and digits[1] == "一"))
        words += (digits[0] if owed and not bare_one else "") + ("" if one_unsaid else digits[digit])
        words += units[place - 1] if place else ""
        owed = False
    return words


_COUNT_WORDS = _DIGITS.replace("〇", "零")
_WRITERS: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "numberInDash": lambda number: f"- {number} -",
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "chineseCounting": _counted,
    "taiwaneseCounting": _counted,
    "chineseCountingThousand": lambda number: _grouped(number, _COUNT_WORDS, "十百千", "万"),
    "taiwaneseCountingThousand": lambda number: _grouped(number, _COUNT_WORDS, "十百千", "萬"),
    "japaneseCounting": lambda number: _grouped(number, _DIGITS, "十百千", "万", bare_one=True),
    "ideographDigital": _by_digit,
    "japaneseDigitalTenThousand": _by_digit,
    "taiwaneseDigital": _by_digit,
    "chineseLegalSimplified": lambda number: _grouped(number, _LEGAL, "拾佰仟", "万"),
    "ideographLegalTraditional": lambda number: _grouped(number, _LEGAL_TRADITIONAL, "拾佰仟", "萬"),
}
_WRITERS["decimalFullWidth2"] = _WRITERS["decimalFullWidth"]


def format_number(number: int, style: str) -> str:
    """`number` in the ST_NumberFormat `style`; plain digits where the style is unknown or has no such number."""
    if series := _SERIES.get(style):
        return series[number - 1] if 1 <= number <= len(series) else str(number)
    writer = _WRITERS.get(style)
    if writer is None or (number < 1 and style not in ("none", "decimalZero", "decimalFullWidth", "ideographDigital")):
        return str(number)
    return writer(number)


_FORMAT_CODES = {
    1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital", 11: "japaneseCounting",
    14: "decimalFullWidth", 17: "japaneseDigitalTenThousand", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2",
    22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional", 31: "ideographZodiac",
    33: "taiwaneseCounting", 34: "ideographLegalTraditional", 35: "taiwaneseCountingThousand", 36: "taiwaneseDigital",
    37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand", 57: "numberInDash", 255: "none",
}  # fmt: skip


def format_of(code: int) -> str:
    """The ST_NumberFormat of a code of the binary formats ([MS-OSHARED] 2.2.1.3, MSONFC; .doc and .rtf); else decimal."""
    return _FORMAT_CODES.get(code, "decimal")


class Level(msgspec.Struct):
    """One level of a list: in `text` the number of level n (from 1) stands as %n; `width` pads with zeros."""

    start: int = 1
    style: str = "decimal"
    width: int = 0
    text: str = ""
    restart: int | None = None
    decimal_only: bool = False
    paragraph_style: str | None = None


class List(msgspec.Struct):
    """A list definition with its counters: None where a level has not been used since its restart."""

    levels: dict[int, Level]
    counters: list[int | None] = msgspec.field(default_factory=lambda: [None] * LEVELS)


class Num(msgspec.Struct):
    """A numbering: its list, the levels it redefines, and the starts it still has to set."""

    shared: List
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """The numberings of one document by id. Labels have to be asked for in document order, once a paragraph."""

    def __init__(self, nums: dict[str, Num]) -> None:
        self._nums = nums

    def __contains__(self, num_id: str) -> bool:
        return num_id in self._nums

    def level_of(self, num_id: str, paragraph_style: str) -> int | None:
        """The level that belongs to a paragraph style."""
        num = self._nums.get(num_id)
        levels = {**num.shared.levels, **num.levels} if num else {}
        return next((at for at, level in levels.items() if level.paragraph_style == paragraph_style), None)

    def label(self, num_id: str, at: int) -> str:
        """The next number of that list and level as printed, e.g. "75." or "（三）"; "" for bullets without text."""
        num = self._nums.get(num_id)
        level = (num.levels.get(at) or num.shared.levels.get(at)) if num else None
        if num is None or level is None:
            return ""
        self._count(num, at, level)
        if level.style == "bullet":
            return "".join(
                char for char in level.text if not char.isalnum() and unicodedata.category(char) != "Co"
            ).strip()

        def placed(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = level if place == at else num.levels.get(place) or num.shared.levels.get(place) or Level()
            number = num.shared.counters[place]
            number = other.start if number is None else number
            return f"{number:0{other.width}}" if other.width else format_number(
                number, "decimal" if level.decimal_only else other.style
            )  # fmt: skip

        return re.sub("%([1-9])", placed, level.text).strip()

    def _count(self, num: Num, at: int, level: Level) -> None:
        counters = num.shared.counters
        before = counters[at]
        start = num.starts.pop(at, None)
        if start is not None:
            counters[at] = min(start, MAX_NUMBER)
        else:
            counters[at] = level.start if before is None else min(before + 1, MAX_NUMBER)
        for deeper in range(at + 1, LEVELS):
            other = num.levels.get(deeper) or num.shared.levels.get(deeper)
            restart = deeper if other is None or other.restart is None else other.restart
            if at < restart:
                counters[deeper] = None

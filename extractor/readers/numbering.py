"""Automatic list numbers of WordprocessingML: numbering.xml and the counters behind it.

A paragraph names a `w:num`, that an abstract definition with up to nine levels; `w:num` elements that
share a definition share its counters, unless one overrides a start. Source of the rules and of the
number formats: ISO/IEC 29500-1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import msgspec
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = _W + "val"
LEVELS = 9
MAX_NUMBER = 32_767
"""The largest number Word gives to a list item."""
_MAX_LINKS = 10
"""List styles that refer to each other; more is a circle."""

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


class _Level(msgspec.Struct):
    start: int = 1
    style: str = "decimal"
    width: int = 0
    text: str = ""
    restart: int | None = None
    decimal_only: bool = False
    paragraph_style: str | None = None


class _List(msgspec.Struct):
    """An abstract definition with its counters: None where a level has not been used since its restart."""

    levels: dict[int, _Level]
    counters: list[int | None] = msgspec.field(default_factory=lambda: [None] * LEVELS)


class _Num(msgspec.Struct):
    """A `w:num`: its list, the levels it redefines, and the starts it still has to set."""

    shared: _List
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """The lists of one document. Labels have to be asked for in document order, once a paragraph.

    `root` is that of numbering.xml or None; `list_style` gives the `w:numId` of a list style (w:numStyleLink).
    """

    def __init__(self, root: etree._Element | None, list_style: Callable[[str], str | None]) -> None:
        self._nums: dict[str, _Num] = {}
        if root is None:
            return
        definitions = {node.get(_W + "abstractNumId"): node for node in root.iterchildren(_W + "abstractNum")}
        instances = {node.get(_W + "numId"): node for node in root.iterchildren(_W + "num")}
        shared: dict[str | None, _List] = {}
        for num_id, instance in instances.items():
            key = _definition(num_id, definitions, instances, list_style)
            if num_id is None or key not in definitions:
                continue
            if key not in shared:
                shared[key] = _List(_levels(definitions[key]))
            overrides = list(instance.iterchildren(_W + "lvlOverride"))
            self._nums[num_id] = _Num(
                shared[key],
                {_ilvl(node): _level(level) for node in overrides if (level := node.find(_W + "lvl")) is not None},
                {_ilvl(node): _number(node, "startOverride", 1)
                 for node in overrides if node.find(_W + "startOverride") is not None},
            )  # fmt: skip

    def level_of(self, num_id: str, paragraph_style: str) -> int | None:
        """The level that belongs to a paragraph style (w:lvl/w:pStyle)."""
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
            other = level if place == at else num.levels.get(place) or num.shared.levels.get(place) or _Level()
            number = num.shared.counters[place]
            number = other.start if number is None else number
            return f"{number:0{other.width}}" if other.width else format_number(
                number, "decimal" if level.decimal_only else other.style
            )  # fmt: skip

        return re.sub("%([1-9])", placed, level.text).strip()

    def _count(self, num: _Num, at: int, level: _Level) -> None:
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


def _definition(
    num_id: str | None,
    definitions: dict[str | None, etree._Element],
    instances: dict[str | None, etree._Element],
    list_style: Callable[[str], str | None],
) -> str | None:
    """The abstract definition that `num_id` comes to, through w:numStyleLink where there is one."""
    key = None
    for _ in range(_MAX_LINKS):
        instance = instances.get(num_id)
        link = None if instance is None else instance.find(_W + "abstractNumId")
        key = None if link is None else link.get(_VAL)
        style = None if key not in definitions else definitions[key].find(_W + "numStyleLink")
        following = None if style is None else list_style(style.get(_VAL, ""))
        if following is None or following == num_id:
            break
        num_id = following
    return key


def _levels(definition: etree._Element) -> dict[int, _Level]:
    return {_ilvl(node): _level(node) for node in definition.iterchildren(_W + "lvl")}


def _level(node: etree._Element) -> _Level:
    style, width = "decimal", 0
    # A custom format ("001, 002, …") stands in mc:Choice, its plain stand-in in mc:Fallback: the last one wins.
    for form in node.iter(_W + "numFmt"):
        style = form.get(_VAL, style)
        sample = form.get(_W + "format", "").partition(",")[0].strip()
        if sample.isdecimal() and sample.startswith("0"):
            width = min(len(sample), 6)
    text = node.find(_W + "lvlText")
    legal = node.find(_W + "isLgl")
    linked = node.find(_W + "pStyle")
    return _Level(
        start=min(_number(node, "start", 0), MAX_NUMBER),
        style=style,
        width=width,
        text="" if text is None else text.get(_VAL, ""),
        restart=None if node.find(_W + "lvlRestart") is None else _number(node, "lvlRestart", 0),
        decimal_only=legal is not None and legal.get(_VAL) not in ("0", "false", "off"),
        paragraph_style=None if linked is None else linked.get(_VAL),
    )


def _ilvl(node: etree._Element) -> int:
    return as_int(node.get(_W + "ilvl"), 0)


def _number(node: etree._Element, name: str, default: int) -> int:
    found = node.find(_W + name)
    return default if found is None else as_int(found.get(_VAL), default)


def as_int(value: str | None, default: int) -> int:
    """A count of the markup; `default` where it is missing, no number or negative."""
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 10 else default

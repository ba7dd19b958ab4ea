"""What the styles of an OpenDocument file say that changes its text: hidden text, list styles, hidden tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from extractor.model import Struct
from extractor.readers.numbering import LEVELS, Level
from extractor.readers.odf_names import LOEXT, STYLE, TABLE, TEXT, number

MAX_PARENTS = 50
"""Styles that one style builds on."""

_FORMATS = {
    "": "none", "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "01": "decimalZero",
    "一": "chineseCountingThousand", "壹": "chineseLegalSimplified", "壱": "chineseLegalSimplified", "①": "decimalEnclosedCircle", "甲": "ideographTraditional",
    "子": "ideographZodiac", "１": "decimalFullWidth", "〇": "ideographDigital",
}  # fmt: skip
"""By the first number of a style:num-format ("一, 二, 三, ..."), the ST_NumberFormat that writes it."""


class Style(Struct, frozen=True):
    """What a style comes to with its parents."""

    hidden: bool = False
    list_style: str | None = None
    outline: int | None = None
    """The outline level of a paragraph style, from 1."""
    shown: bool = True
    """Whether tables of the style are."""


class Styles:
    """The styles of all parts by family and name, the list styles, and the numbering of headings."""

    def __init__(self, roots: list[etree._Element]) -> None:
        self._nodes: dict[tuple[str, str], etree._Element] = {}
        self._lists: dict[str, etree._Element] = {}
        self._known: dict[tuple[str, str], Style] = {}
        self.outline: dict[int, Level] = {}
        for root in roots:
            for node in root.iter(STYLE + "style", TEXT + "list-style", TEXT + "outline-style"):
                name = node.get(STYLE + "name", "")
                if node.tag == STYLE + "style":
                    self._nodes.setdefault((node.get(STYLE + "family", ""), name), node)
                elif node.tag == TEXT + "list-style":
                    self._lists.setdefault(name, node)
                else:
                    self.outline = self.outline or _levels(node)

    def get(self, family: str, name: str | None) -> Style:
        """The style of a family (paragraph, text, table …); what a style says by default where there is none."""
        if name is None:
            return Style()
        key = (family, name)
        if key not in self._known:
            self._known[key] = self._resolve(family, name)
        return self._known[key]

    def levels(self, list_style: str | None) -> dict[int, Level] | None:
        """The levels of a list style, from 0; None if there is no such style."""
        node = self._lists.get(list_style or "")
        return None if node is None else _levels(node)

    def _resolve(self, family: str, name: str) -> Style:
        hidden: bool | None = None
        list_style, outline, shown = None, None, True
        for node in self._parents(family, name):
            text, table = node.find(STYLE + "text-properties"), node.find(STYLE + "table-properties")
            if hidden is None and text is not None and (display := text.get(TEXT + "display")) is not None:
                hidden = display == "none"
            if list_style is None:
                list_style = node.get(STYLE + "list-style-name")
            if outline is None and (level := node.get(STYLE + "default-outline-level")):
                outline = number(level, 0, LEVELS) or None
            if table is not None and table.get(TABLE + "display") == "false":
                shown = False
        return Style(bool(hidden), list_style or None, outline, shown)

    def _parents(self, family: str, name: str) -> Iterator[etree._Element]:
        for _ in range(MAX_PARENTS):  # also ends a circle
            node = self._nodes.get((family, name))
            if node is None:
                return
            yield node
            name = node.get(STYLE + "parent-style-name", "")


def _levels(style: etree._Element) -> dict[int, Level]:
    found = {}
    for node in style:
        at = number(node.get(TEXT + "level"), 0, LEVELS + 1) - 1
        if not 0 <= at < LEVELS:
            continue
        if node.tag in (TEXT + "list-level-style-number", TEXT + "outline-level-style"):
            found[at] = _level(node, at)
        elif node.tag == TEXT + "list-level-style-bullet":
            found[at] = Level(style="bullet", text=node.get(TEXT + "bullet-char", "")[:4])
    return found


def _level(node: etree._Element, at: int) -> Level:
    """One level: its own number, and before it those of the levels above that it displays."""
    form = node.get(STYLE + "num-format", "")
    style = _FORMATS.get(form.split(",")[0].strip(), "decimal")
    text = node.get(LOEXT + "num-list-format")
    if text is None:
        displayed = min(number(node.get(TEXT + "display-levels"), 1, LEVELS), at + 1)
        numbers = ".".join(f"%{place}" for place in range(at + 2 - displayed, at + 2))
        text = node.get(STYLE + "num-prefix", "") + numbers + node.get(STYLE + "num-suffix", "")
    else:
        text = re.sub("%([1-9])%", r"%\1", text)
    return Level(start=number(node.get(TEXT + "start-value"), 1, 32_767), style=style, text="" if style == "none" else text[:100])

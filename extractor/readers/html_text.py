"""Text of a web page, piece by piece, to paragraphs: white space, line breaks, picture fonts, list numbers, links.

White space is collapsed as a browser does (CSS Text 3, 4.1). A line feed of the source between two wide
characters is no space (4.1.3), except in pages by LibreOffice, which breaks its lines at spaces only.
"""

from __future__ import annotations

import io
import re
from collections import Counter

import msgspec

from extractor.readers.blocks import RawParagraph, RawTable, is_cjk
from extractor.readers.flow import BREAK, Block, Flow
from extractor.readers.html_style import Place
from extractor.readers.limits import Budget
from extractor.readers.symbols import symbol

_BREAK = "\0"
"""A line break until white space is collapsed; the source holds no such character any more."""
_SPACE = re.compile(r"[ \t\n\f]+")
_LITERAL = str.maketrans({" ": "\xa0", "\t": "\xa0", "\n": _BREAK})
_UNPRINTED = str.maketrans({"\xa0": " ", _BREAK: BREAK, **dict.fromkeys("\xad\u200b\ufeff\u2060", "")})
_LABEL_LETTER = "o"
"""Word's second bullet is this letter of Courier New."""


class Item(msgspec.Struct):
    """A block with what tells the text of a page from what stands around it: `size` and `linked` count characters."""

    block: Block
    size: int
    linked: int
    chrome: bool


class Settings(msgspec.Struct):
    """What the page says of the program that wrote it, and what is counted while it is read."""

    budget: Budget
    left_out: Counter[str]
    feed_is_space: bool = False
    office: bool = False
    """Written by a word processor: nothing stands around the text."""


class Paragraphs:
    """The items of one flow (page, cell, caption) in the making."""

    def __init__(self, settings: Settings) -> None:
        self.items: list[Item] = []
        self._settings = settings
        self._pending = ""
        self._reset()

    def _reset(self) -> None:
        self._text, self._label = io.StringIO(), io.StringIO()
        self._size = self._linked = 0
        self._level: int | None = None
        self._chrome = False

    def expect(self, label: str) -> None:
        """The number of a list item, which goes to its first paragraph; "" forgets one that found none."""
        self._pending = label

    def add(self, text: str, place: Place) -> None:
        """Appends text to the paragraph."""
        self._settings.budget.characters(len(text))
        if place.font:
            text = self._signs(text, place)
        if place.label:
            self._label.write(text)
            return
        if place.literal:
            text = text.translate(_LITERAL)
        seen = len(text.strip())
        if seen and not self._size:
            self._level, self._chrome = place.level, place.chrome
        self._size += seen
        self._linked += seen if place.linked else 0
        self._text.write(text)

    def line_break(self) -> None:
        """A ``br``."""
        self._text.write(_BREAK)

    def end(self) -> None:
        """Ends the paragraph; one without text is none."""
        if not self._text.tell():
            if self._label.tell():
                self._reset()
            return
        text = self._collapsed(self._text.getvalue())
        if text.strip():
            label = self._collapsed(self._label.getvalue()).strip()
            label = self._pending or (label if label != _LABEL_LETTER else "")
            for _ in range(text.count(BREAK) + 1):
                self._settings.budget.block()
            flow = Flow()
            flow.paragraph(text, lambda: label, level=self._level)
            share = self._linked / self._size if self._size else 0
            for block in flow.end():
                if isinstance(block, RawParagraph):
                    size = len(block.text)
                    self.items.append(Item(block, size, round(size * share), self._chrome))
            self._pending = ""
        self._reset()

    def extend(self, items: list[Item]) -> None:
        """Appends what is no paragraph of this flow: a table, or what a table laid out."""
        self.end()
        self.items += items

    def _collapsed(self, text: str) -> str:
        return _SPACE.sub(" " if self._settings.feed_is_space else _space, text).translate(_UNPRINTED)

    def _signs(self, text: str, place: Place) -> str:
        """The plain characters for letters of a picture font; a list bullet of one is no text."""
        if place.label:
            return "" if text.strip() else text
        signs = []
        for char in text:
            sign = char if char.isspace() else symbol(place.font, f"{ord(char):x}")
            self._settings.left_out["symbol"] += sign is None
            signs.append(sign or "")
        return "".join(signs)


def _space(found: re.Match[str]) -> str:
    """What a run of white space comes to."""
    text, before, behind = found.string, found.start() - 1, found.end()
    if "\n" not in found[0] or before < 0 or behind == len(text):
        return " "
    return "" if is_cjk(text[before]) and is_cjk(text[behind]) else " "


def linked_share(blocks: list[Item]) -> tuple[int, int]:
    """Characters of the items, and how many of them are in links."""
    return sum(item.size for item in blocks), sum(item.linked for item in blocks)


def is_table(item: Item) -> bool:
    """Whether the item is a table."""
    return isinstance(item.block, RawTable)

"""The style sheet of an RTF file, as far as it says which paragraphs are headings."""

from __future__ import annotations

import re

import msgspec

from extractor.readers.numbering import LEVELS

MAX_BASES = 50
"""Styles that one style builds on; Word stops at 11."""
_MAX_NAME = 100
_HEADING = re.compile(r"\s*(?:heading|标题)\s*([1-9])\s*", re.IGNORECASE)


class _Style(msgspec.Struct):
    name: str = ""
    base: int | None = None
    outline: int | None = None


class Styles:
    """The paragraph styles by number, while the sheet is read and afterwards."""

    def __init__(self) -> None:
        self._styles: dict[int, _Style] = {}
        self._open: _Style | None = None

    def open(self, number: int) -> None:
        """Begins the entry of a style."""
        self._open = self._styles.setdefault(number, _Style()) if 0 <= number <= 65_535 else None

    def describe(self, word: str, number: int) -> None:
        """A control word inside an entry."""
        if self._open is None:
            return
        if word == "sbasedon":
            self._open.base = number
        else:
            self._open.outline = number

    def name(self, text: str) -> None:
        """A piece of a style's name, which ends with a semicolon and the entry with it."""
        if self._open is not None:
            self._open.name = (self._open.name + text)[:_MAX_NAME]
            if text.endswith(";"):
                self._open = None

    def outline(self, number: int) -> int | None:
        """The outline level of a style, from 0; what it says, what its name says, what its bases say."""
        current: int | None = number
        for _ in range(MAX_BASES):  # also ends a circle
            style = self._styles.get(current) if current is not None else None
            if style is None:
                return None
            if style.outline is not None:
                return style.outline
            heading = _HEADING.fullmatch(style.name.rstrip(";"))
            if heading:
                return min(int(heading[1]), LEVELS) - 1
            current = style.base
        return None

"""The styles of a .doc: what each says, with the styles it builds on, about outline, list and hidden text.

Source: [MS-DOC] 2.9.272 (STSHI) and 2.9.260 (STD). Styles 1 to 9 of the built-in ones are Word's headings.
"""

from __future__ import annotations

import struct

from extractor.model import Struct
from extractor.readers.doc_modifiers import LIST, LIST_LEVEL, NONE, OUTLINE, VANISH, Modifiers, read_modifiers

BODY_LEVEL = 9
"""The outline level that means: no heading."""
MAX_BASES = 50
"""Styles that one style builds on; Word stops at 11."""
_PARAGRAPH_STYLE, _CHARACTER_STYLE = 1, 2
_NO_BASE = 0xFFF


class Place(Struct, frozen=True):
    """A list and a level in it; None where nothing is said. `style` is the style that says so."""

    number: int | None
    level: int | None
    style: int | None = None


class Style(Struct, frozen=True):
    """What a style comes to with its base styles. `outline` counts from 0."""

    outline: int | None = None
    place: Place | None = None
    hidden: bool | None = None


class _Definition(Struct, frozen=True):
    built_in: int
    base: int
    paragraph: Modifiers
    characters: Modifiers


class Styles:
    """The styles by number. Raises struct.error or IndexError where the sheet is cut off."""

    def __init__(self, sheet: bytes) -> None:
        self._definitions = dict(_definitions(sheet)) if sheet else {}
        self._resolved: dict[int, Style] = {}

    def get(self, number: int) -> Style:
        """What the style and its bases say together; nothing for an unknown style."""
        if number not in self._resolved:
            self._resolved[number] = self._resolve(number)
        return self._resolved[number]

    def _resolve(self, number: int) -> Style:
        outline, hidden, list_number, level, owner = None, None, None, None, None
        current = number
        for _ in range(MAX_BASES):  # also ends a circle
            style = self._definitions.get(current)
            if style is None:
                break
            if outline is None:
                said = style.paragraph.number(OUTLINE)
                outline = style.built_in - 1 if said is None and 1 <= style.built_in <= 9 else said
            if hidden is None:
                said = style.characters.number(VANISH)
                hidden = None if said is None else bool(said)
            if (place := place_of(style.paragraph)) is not None:
                list_number = place.number if list_number is None else list_number
                level = place.level if level is None else level
                owner = current if owner is None else owner
            current = style.base
        return Style(outline, None if owner is None else Place(list_number, level, owner), hidden)


def place_of(modifiers: Modifiers) -> Place | None:
    """The list and level that modifiers of a paragraph name."""
    number, level = modifiers.number(LIST), modifiers.number(LIST_LEVEL)
    return None if number is None and level is None else Place(number, level)


def _definitions(sheet: bytes) -> list[tuple[int, _Definition]]:
    head, count, base_size = struct.unpack_from("<HHH", sheet)
    at, found = 2 + head, []
    for number in range(count):
        if at + 2 > len(sheet):
            break
        (size,) = struct.unpack_from("<H", sheet, at)
        if size:
            found.append((number, _definition(sheet[at + 2 : at + 2 + size], base_size)))
        at += 2 + size
    return found


def _definition(std: bytes, base_size: int) -> _Definition:
    first, second, third = struct.unpack_from("<HHH", std)
    kind, base, parts = second & 0xF, second >> 4, third & 0xF
    (name,) = struct.unpack_from("<H", std, base_size)
    at, found = base_size + 2 + 2 * (name + 1), []
    for _ in range(parts):
        if at + 2 > len(std):
            break
        (size,) = struct.unpack_from("<H", std, at)
        found.append(std[at + 2 : at + 2 + size])
        at += 2 + size + (size & 1)
    paragraph = characters = b""
    if kind == _PARAGRAPH_STYLE:
        paragraph, characters = (*found, b"", b"")[:2]
    elif kind == _CHARACTER_STYLE:
        characters = (*found, b"")[0]
    return _Definition(
        first & 0xFFF if kind == _PARAGRAPH_STYLE else 0, _NO_BASE if base == _NO_BASE else base,
        read_modifiers(paragraph[2:]) if paragraph else NONE, read_modifiers(characters) if characters else NONE,
    )  # fmt: skip

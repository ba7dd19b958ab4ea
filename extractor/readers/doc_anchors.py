"""What the text of a .doc refers to: footnotes, endnotes and text boxes, which stand in texts of their own behind it.

Source: [MS-DOC] 2.8.16 to 2.8.18 (PlcffndRef and its like), 2.8.37 (PlcSpa), 2.8.32 (PlcftxbxTxt).
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from itertools import pairwise
from typing import Generic, TypeVar

from extractor.readers import doc_fib
from extractor.readers.compound import Broken
from extractor.readers.doc_drawings import Shape, read_shapes
from extractor.readers.doc_fib import Fib, Part

T = TypeVar("T")
Box = Part | str
"""A text box: where its text stands, or the words of WordArt."""


class Anchors(Generic[T]):
    """Things by the position in the text that refers to them."""

    def __init__(self, found: list[tuple[int, T]]) -> None:
        self._found = sorted(found, key=lambda entry: entry[0])
        self._positions = [position for position, _ in self._found]

    def between(self, start: int, end: int) -> list[tuple[int, T]]:
        """What the characters from `start` to `end` refer to, in order."""
        return self._found[bisect_left(self._positions, start) : bisect_left(self._positions, end)]


def note_anchors(references: bytes, texts: bytes, part: Part, body: Part) -> list[tuple[int, Part]]:
    """The notes of `body` by position; an empty part where the text is missing."""
    count = max(0, (len(references) - 4) // 6)
    bounds = _bounds(texts, len(texts) // 4, part)
    positions = struct.unpack_from(f"<{count}I", references)
    missing = Part(part.start, part.start)
    return [
        (position, Part(*bounds[number : number + 2]) if number + 1 < len(bounds) else missing)
        for number, position in enumerate(positions)
        if position < body.end
    ]


class Drawing:
    """What one anchored shape holds: its text boxes and WordArt, and how many pictures."""

    def __init__(self, shapes: list[Shape], texts: dict[int, Part]) -> None:
        self.pictures = sum(shape.picture for shape in shapes)
        self.boxes: list[Box] = [
            box for shape in shapes for box in (texts.get(shape.number), shape.word_art) if box is not None and box != ""
        ]


def box_anchors(fib: Fib) -> tuple[Anchors[Drawing], list[Part]]:
    """The drawings by position, and the texts of boxes that none of them holds."""
    texts = _box_texts(fib.plc(doc_fib.BOX_TEXTS), fib.boxes)
    table = fib.plc(doc_fib.ANCHORS)
    count = max(0, (len(table) - 4) // 30)
    positions = struct.unpack_from(f"<{count}I", table)
    numbers = [struct.unpack_from("<I", table, 4 * (count + 1) + 26 * at)[0] for at in range(count)]
    members: dict[int, list[Shape]] = {number: [] for number in numbers}
    for shape in read_shapes(fib.plc(doc_fib.DRAWINGS)):
        if shape.top in members:
            members[shape.top].append(shape)
    found: list[tuple[int, Drawing]] = []
    for position, number in zip(positions, numbers, strict=True):
        if position >= fib.body.end:  # a box inside a box, or inside itself
            continue
        shapes = members.pop(number, [])
        if not any(shape.number == number for shape in shapes):
            shapes = [Shape(number, number), *shapes]
        found.append((position, Drawing(shapes, texts)))
        for shape in shapes:
            texts.pop(shape.number, None)
    return Anchors(found), list(texts.values())


def _box_texts(table: bytes, part: Part) -> dict[int, Part]:
    count = max(0, (len(table) - 4) // 26)
    bounds = _bounds(table, count + 1, part) if count else []
    found: dict[int, Part] = {}
    for at in range(count):
        (number,) = struct.unpack_from("<I", table, 4 * (count + 1) + 22 * at + 14)
        found[number if number not in found else -at - 1] = Part(bounds[at], bounds[at + 1])
    return found


def _bounds(table: bytes, count: int, part: Part) -> list[int]:
    """The first positions of a table, inside the part they count in. Raises `Broken` unless they rise."""
    bounds = [min(part.end, part.start + position) for position in struct.unpack_from(f"<{count}I", table)]
    if any(a > b for a, b in pairwise(bounds)):
        raise Broken("positions run backwards")
    return bounds


def read_fonts(table: bytes) -> list[str]:
    """The names of the fonts by number ([MS-DOC] 2.9.286 SttbfFfn, 2.9.81 FFN)."""
    fonts: list[str] = []
    at = 4
    while at < len(table):
        entry = table[at + 1 : at + 1 + table[at]]
        fonts.append(entry[39:].decode("utf-16-le", "replace").partition("\0")[0])
        at += 1 + table[at]
    return fonts

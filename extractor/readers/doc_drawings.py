"""Drawn shapes of a .doc: which picture or WordArt a shape is, and which group it belongs to.

Source: [MS-DOC] 2.9.172 (OfficeArtContent) and [MS-ODRAW] 2.2 (containers, OfficeArtFSP, OfficeArtFOPT).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

_DRAWING, _GROUP, _SHAPE, _IDENTITY, _OPTIONS = 0xF002, 0xF003, 0xF004, 0xF00A, 0xF00B
_CONTAINER = 0xF
_PICTURE, _WORD_ART = 0x0104, 0x00C0
_COMPLEX = 0x8000
MAX_DEPTH = 20
"""Groups inside each other; what is deeper belongs to the shape at that depth."""


class Shape(msgspec.Struct):
    """A shape by its number. `top` is that of the group that is anchored in the text, its own outside of groups."""

    number: int
    top: int
    word_art: str = ""
    picture: bool = False


def read_shapes(data: bytes) -> list[Shape]:
    """Every shape, in drawing order. Raises struct.error where the records are cut off."""
    if not data:
        return []
    (size,) = struct.unpack_from("<I", data, 4)  # the properties common to all drawings
    at = 8 + size
    found: list[Shape] = []
    while at + 9 <= len(data):  # a byte that says body or headers stands before each drawing
        _, kind, size = struct.unpack_from("<HHI", data, at + 1)
        if kind == _DRAWING and not data[at]:
            found += _shapes(data, at + 9, min(len(data), at + 9 + size))
        at += 9 + size
    return found


def _shapes(data: bytes, start: int, end: int) -> Iterator[Shape]:
    groups: list[tuple[int, int | None]] = []  # where each open group ends, and the number of its own shape
    at = start
    while at + 8 <= end:
        head, kind, size = struct.unpack_from("<HHI", data, at)
        while groups and at >= groups[-1][0]:
            groups.pop()
        at += 8
        if kind == _GROUP and len(groups) < MAX_DEPTH:
            groups.append((at + size, None))
        elif kind == _SHAPE:
            shape = _shape(data, at, min(end, at + size))
            if groups and groups[-1][1] is None:  # the first shape in a group is the group
                groups[-1] = (groups[-1][0], shape.number)
            # The outermost group is the drawing itself; those inside it are what is anchored.
            shape.top = (groups[1][1] if len(groups) > 1 else None) or shape.number
            yield shape
            at += size
        elif head & 0xF != _CONTAINER:
            at += size


def _shape(data: bytes, at: int, end: int) -> Shape:
    shape = Shape(0, 0)
    while at + 8 <= end:
        head, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        if kind == _IDENTITY:
            (shape.number,) = struct.unpack_from("<I", data, at)
        elif kind == _OPTIONS:
            _read_options(data[at : min(end, at + size)], head >> 4, shape)
        at += size
    return shape


def _read_options(data: bytes, count: int, shape: Shape) -> None:
    """Properties of six bytes; the value of a complex one is the length of its bytes behind them all."""
    behind = 6 * count
    for at in range(0, min(behind, len(data) - 5), 6):
        code, value = struct.unpack_from("<HI", data, at)
        if code & 0x3FFF == _PICTURE:
            shape.picture = True
        if code & _COMPLEX:
            if code & 0x3FFF == _WORD_ART:
                shape.word_art = data[behind : behind + value].decode("utf-16-le", "replace").rstrip("\0")
            behind += value

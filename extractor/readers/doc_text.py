"""The text of a .doc and where its bytes are: the piece table, and the pages of paragraph and run properties.

Positions in the text (CP) count UTF-16 units, so the text is kept as one: a character beyond U+FFFF is two
surrogates until `whole` puts them together. Source: [MS-DOC] 2.8.35 (PlcPcd), 2.9.73 (FcCompressed), 2.9.33
and 2.9.174 (ChpxFkp, PapxFkp).
"""

from __future__ import annotations

import codecs
import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from extractor.model import Struct
from extractor.readers.compound import Broken
from extractor.readers.doc_modifiers import NONE, Modifiers, read_modifiers, short_modifier

PAGE = 512
MAX_RUNS = 1_000_000
"""Runs and paragraphs with properties; a book of a million characters has some ten thousand."""

_BYTES_TO_TEXT = "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMPRESSED = 0x4000_0000
_PRC, _PCDT = 1, 2


class Piece(Struct, frozen=True):
    """Characters that stand together in the stream. `offset` is in bytes, `width` 1 or 2 bytes a character."""

    start: int
    end: int
    offset: int
    width: int
    modifiers: Modifiers


class Pieces:
    """The text, put together. Raises `Broken` or struct.error where pieces are missing."""

    def __init__(self, clx: bytes, stream: bytes) -> None:
        modifiers, table = _pieces_of(clx)
        count = (len(table) - 4) // 12
        if count < 1:
            raise Broken("its list of text pieces is missing")
        bounds = struct.unpack_from(f"<{count + 1}I", table)
        known = {0: NONE}
        texts, left = [], len(stream)
        self.pieces: list[Piece] = []
        for number, (start, end) in enumerate(pairwise(bounds)):
            _, where, prm = struct.unpack_from("<HIH", table, 4 * (count + 1) + 8 * number)
            compressed = bool(where & _COMPRESSED)
            offset, width = ((where & _COMPRESSED - 1) // 2, 1) if compressed else (where & _COMPRESSED - 1, 2)
            size = (end - start) * width
            left -= size
            if end < start or left < 0 or offset + size > len(stream):
                raise Broken("pieces of its text are missing")
            texts.append(_decoded(stream[offset : offset + size], compressed))
            if prm not in known:
                known[prm] = _modifiers_of(prm, modifiers)
            self.pieces.append(Piece(start, end, offset, width, known[prm]))
        self.text = "".join(texts)
        if bounds[0] != 0 or len(self.text) != bounds[-1]:
            raise Broken("its text does not begin at the beginning")
        self._starts = bounds[:-1]

    def place(self, at: int) -> tuple[int, Piece]:
        """Where the character at `at` is in the stream, and its piece."""
        piece = self.pieces[max(0, bisect_right(self._starts, at) - 1)]
        return piece.offset + (at - piece.start) * piece.width, piece


def whole(text: str) -> str:
    """The text with surrogates put together; a lone one is replaced."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decoded(data: bytes, compressed: bool) -> str:
    if compressed:
        return codecs.charmap_decode(data, "strict", _BYTES_TO_TEXT)[0]
    text = data.decode("utf-16-le", "surrogatepass")
    if 2 * len(text) == len(data):
        return text
    return "".join(chr(unit) for unit in struct.unpack(f"<{len(data) // 2}H", data))


def _pieces_of(clx: bytes) -> tuple[list[bytes], bytes]:
    """The modifiers that pieces refer to by number, and the table of pieces."""
    modifiers, at = [], 0
    while at < len(clx) and clx[at] == _PRC:
        (size,) = struct.unpack_from("<H", clx, at + 1)
        modifiers.append(clx[at + 3 : at + 3 + size])
        at += 3 + size
    if at >= len(clx) or clx[at] != _PCDT:
        raise Broken("its list of text pieces is missing")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    if at + 5 + size > len(clx):
        raise Broken("its list of text pieces is cut off")
    return modifiers, clx[at + 5 : at + 5 + size]


def _modifiers_of(prm: int, modifiers: list[bytes]) -> Modifiers:
    if not prm & 1:
        return short_modifier(prm >> 1 & 0x7F, prm >> 8)
    return read_modifiers(modifiers[prm >> 1]) if prm >> 1 < len(modifiers) else NONE


class Runs:
    """Stretches of the stream with their property bytes, in order."""

    def __init__(self, found: list[tuple[int, int, bytes]]) -> None:
        self._found = found if all(a[0] <= b[0] for a, b in pairwise(found)) else sorted(found)
        self._starts = [start for start, _, _ in self._found]

    def at(self, offset: int) -> tuple[int, int, bytes]:
        """The stretch that the byte at `offset` belongs to; an empty one where there is none."""
        number = bisect_right(self._starts, offset) - 1
        if number >= 0 and offset < self._found[number][1]:
            return self._found[number]
        return offset, offset, b""

    def between(self, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
        """The stretches that overlap the bytes from `start` to `end`."""
        for number in range(max(0, bisect_right(self._starts, start) - 1), len(self._found)):
            if self._found[number][0] >= end:
                return
            if self._found[number][1] > start:
                yield self._found[number]


def character_runs(stream: bytes, plc: bytes) -> Runs:
    """The runs with the bytes of their properties (Chpx)."""
    return Runs(list(_runs(stream, plc, 1)))


def paragraph_runs(stream: bytes, plc: bytes) -> Runs:
    """The paragraphs with the bytes of their style number and properties (GrpPrlAndIstd)."""
    return Runs(list(_runs(stream, plc, 13)))


def _runs(stream: bytes, plc: bytes, entry: int) -> Iterator[tuple[int, int, bytes]]:
    """Every stretch of the pages that `plc` lists; `entry` is the size of what a page has for each of them."""
    count = (len(plc) - 4) // 8
    pages = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count > 0 else ()
    total = 0
    for number in dict.fromkeys(page & 0x3FFFFF for page in pages):
        page = stream[number * PAGE : (number + 1) * PAGE]
        if len(page) < PAGE:
            raise Broken("its pages of properties are cut off")
        total += page[PAGE - 1]
        if total > MAX_RUNS:
            raise Broken(f"it has more than {MAX_RUNS} runs of properties")
        yield from _page(page, entry)


def _page(page: bytes, entry: int) -> Iterator[tuple[int, int, bytes]]:
    count = page[PAGE - 1]
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    known: dict[int, bytes] = {0: b""}
    size = 0
    for number in range(count):
        at = 2 * page[4 * (count + 1) + entry * number]
        if at not in known:
            known[at] = _character_properties(page, at) if entry == 1 else _paragraph_properties(page, at)
            size += len(known[at])
            if size > PAGE:  # they would have to overlap, at a cost that grows with their number
                raise Broken("a page of its properties is not possible")
        yield bounds[number], bounds[number + 1], known[at]


def _character_properties(page: bytes, at: int) -> bytes:
    return page[at + 1 : at + 1 + page[at]]


def _paragraph_properties(page: bytes, at: int) -> bytes:
    size = 2 * page[at] - 1
    if size > 0:
        return page[at + 1 : at + 1 + size]
    return page[at + 2 : at + 2 + 2 * page[at + 1]]

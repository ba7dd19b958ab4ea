"""What the properties at a place in the text of a .doc say: about the paragraph, and about runs that are not plain.

Source: [MS-DOC] 2.4.6 (which properties apply where) and 2.6 (the modifiers).
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from extractor.model import Struct
from extractor.readers import doc_fib
from extractor.readers import doc_modifiers as sprm
from extractor.readers.compound import Broken
from extractor.readers.doc_fib import Fib
from extractor.readers.doc_modifiers import Modifiers, read_modifiers
from extractor.readers.doc_styles import Place, Styles, place_of
from extractor.readers.doc_tables import Definition, define
from extractor.readers.doc_text import Piece, Pieces, character_runs, paragraph_runs

_OPPOSITE = 0x81
"""A toggle with this value is the opposite of what the style says; with 0x80 it is the same."""


class Paragraph(Struct, frozen=True):
    """A paragraph's style number, its own outline level and list, how many tables it stands in, what its mark ends."""

    style: int
    outline: int | None = None
    place: Place | None = None
    depth: int = 0
    row: Definition | None = None
    ends_inner_cell: bool = False


class Look(Struct, frozen=True):
    """What is not plain about characters. `hidden` is None where the paragraph's style decides."""

    hidden: bool | None
    deleted: bool
    special: bool
    symbol: bytes
    embedded: bool
    form_data: bool


class Run(Struct, frozen=True):
    """Characters that are not plain."""

    start: int
    end: int
    look: Look


_PLAIN = Look(None, False, False, b"", False, False)


class Properties:
    """The properties of one document by position in its text."""

    def __init__(self, fib: Fib, pieces: Pieces, styles: Styles) -> None:
        self._data = fib.data
        self._pieces = pieces
        self._styles = styles
        self._paragraphs = paragraph_runs(fib.stream, fib.plc(doc_fib.PARAGRAPHS))
        self._known: dict[tuple[bytes, int], Paragraph] = {}
        self._known_elsewhere: dict[int, Modifiers] = {}
        self._elsewhere_bytes = 0
        self._looks: dict[tuple[bytes, int], Look] = {}
        self._characters = character_runs(fib.stream, fib.plc(doc_fib.RUNS))
        self._runs: list[Run] = []
        for piece in pieces.pieces:
            end = piece.offset + (piece.end - piece.start) * piece.width
            for run in self._characters.between(piece.offset, end):
                self._add(piece, *run)
        self._starts = [run.start for run in self._runs]

    # --- paragraphs -----------------------------------------------------------------------------

    def paragraph(self, mark: int) -> Paragraph:
        """The paragraph that ends with the character at `mark`."""
        offset, piece = self._pieces.place(mark)
        papx = self._paragraphs.at(offset)[2]
        key = (papx, id(piece.modifiers))  # pieces that share their modifiers share the object
        found = self._known.get(key)
        if found is None:
            modifiers = self._expanded(read_modifiers(papx[2:])).then(piece.modifiers)
            found = self._known[key] = _paragraph(papx[:2], modifiers)
        return found

    def ends_at(self, mark: int) -> bool:
        """True if the properties of a paragraph end with the character at `mark`."""
        offset, piece = self._pieces.place(mark)
        return self._paragraphs.at(offset)[1] == offset + piece.width

    def _expanded(self, modifiers: Modifiers) -> Modifiers:
        """With the modifiers that were too many for their place, and stand in the stream Data ([MS-DOC] 2.9.209).

        These may refer to others there in turn: a long list of properties to the table's part of it.
        """
        for code in (sprm.HUGE, sprm.HUGE_OLD, sprm.TABLE_ELSEWHERE):
            offset = modifiers.number(code)
            if offset is not None:
                modifiers = modifiers.then(self._elsewhere(offset))
        return modifiers

    def _elsewhere(self, offset: int) -> Modifiers:
        if offset not in self._known_elsewhere:
            (size,) = struct.unpack_from("<H", self._data, offset)
            self._elsewhere_bytes += size
            if self._elsewhere_bytes > len(self._data):  # they would have to overlap
                raise Broken("its table properties are not possible")
            self._known_elsewhere[offset] = read_modifiers(self._data[offset + 2 : offset + 2 + size])
        return self._known_elsewhere[offset]

    # --- runs -----------------------------------------------------------------------------------

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """The runs between two positions that are not plain, cut off at both."""
        for number in range(max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, end)):
            if self._runs[number].end > start:
                yield self._runs[number]

    def run(self, at: int) -> Run | None:
        """The run of the character at `at`; None where it is plain."""
        number = bisect_right(self._starts, at) - 1
        return self._runs[number] if number >= 0 and at < self._runs[number].end else None

    def font(self, at: int) -> int | None:
        """The number of the font of the character at `at`, where its own properties name one."""
        return read_modifiers(self._characters.at(self._pieces.place(at)[0])[2]).number(sprm.FONT)

    def _add(self, piece: Piece, start: int, end: int, chpx: bytes) -> None:
        key = (chpx, id(piece.modifiers))
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = self._look(read_modifiers(chpx).then(piece.modifiers))
        if look == _PLAIN:
            return
        first = piece.start + max(0, start - piece.offset) // piece.width
        last = min(piece.end, piece.start - (piece.offset - end) // piece.width)
        if self._runs:
            first = max(first, self._runs[-1].end)
        if first < last:
            self._runs.append(Run(first, last, look))

    def _look(self, modifiers: Modifiers) -> Look:
        own, style = modifiers.number(sprm.VANISH), modifiers.number(sprm.CHARACTER_STYLE)
        hidden = None if style is None else self._styles.get(style).hidden
        if own in (0, 1):
            hidden = bool(own)
        elif own == _OPPOSITE:
            hidden = not hidden
        return Look(
            hidden, bool(modifiers.number(sprm.DELETED)), bool(modifiers.number(sprm.SPECIAL)),
            modifiers.values.get(sprm.SYMBOL, b""), bool(modifiers.number(sprm.OLE_OBJECT)),
            bool(modifiers.number(sprm.FORM_DATA)),
        )  # fmt: skip


def _paragraph(style: bytes, modifiers: Modifiers) -> Paragraph:
    said = modifiers.number(sprm.STYLE)
    depth = max(1, modifiers.number(sprm.DEPTH) or 1) if modifiers.number(sprm.IN_TABLE) else 0
    ends_row = depth and modifiers.number(sprm.ROW_END if depth == 1 else sprm.INNER_ROW_END)
    return Paragraph(
        int.from_bytes(style, "little") if said is None else said, modifiers.number(sprm.OUTLINE),
        place_of(modifiers), depth, define(modifiers) if ends_row else None,
        bool(depth > 1 and modifiers.number(sprm.INNER_CELL_END)),
    )  # fmt: skip

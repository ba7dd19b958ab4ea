"""The file information block of a .doc: which version, where everything is, how long each part of the text is.

Source: [MS-DOC] 2.5. Word 97 and later share one layout at the front; what later versions add stands behind it.
"""

from __future__ import annotations

import struct

from extractor.errors import UnreadableDocument
from extractor.model import Struct
from extractor.readers.compound import Broken, Compound

STYLES, NOTE_REFERENCES, NOTE_TEXTS, RUNS, PARAGRAPHS, FONTS, PIECES = 1, 2, 3, 12, 13, 15, 33
ANCHORS, ENDNOTE_REFERENCES, ENDNOTE_TEXTS, DRAWINGS, BOX_TEXTS, LISTS, NUMBERINGS = 40, 46, 47, 50, 56, 73, 74
"""Numbers of the tables that are used, in the order of FibRgFcLcb97."""

_WORD_97, _WORD_6 = 0xA5EC, 0xA5DC
_FIRST_97 = 0xC0
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_LENGTHS, _TABLES = 0x4C, 0x9A


class Unsupported(Exception):
    """The document is of another version than those read here; the text says which."""


class Part(Struct, frozen=True):
    """A part of the text: character positions, half open."""

    start: int
    end: int


class Fib(Struct, frozen=True):
    """The streams, and the parts of the text, one behind the other; those that are read have names of their own."""

    stream: bytes
    table: bytes
    data: bytes
    parts: tuple[Part, ...]
    body: Part
    footnotes: Part
    endnotes: Part
    boxes: Part

    def plc(self, number: int) -> bytes:
        """The bytes of the table with that number; fewer than declared where the stream ends early."""
        offset, length = struct.unpack_from("<II", self.stream, _TABLES + 8 * number)
        return self.table[offset : offset + length]

    def tail(self, number: int) -> bytes:
        """From the beginning of the table with that number to the end of the stream."""
        (offset,) = struct.unpack_from("<I", self.stream, _TABLES + 8 * number)
        return self.table[offset:]


def read_fib(file: Compound, name: str) -> Fib:
    """Raises `UnreadableDocument` for protected files, `Unsupported` for old ones, struct.error where it is cut off."""
    stream = file.stream("WordDocument")
    magic, version, *_, flags = struct.unpack_from("<HH3HH", stream)
    if magic not in (_WORD_97, _WORD_6):
        raise Broken("it does not begin as a document of Word does")
    if flags & _ENCRYPTED:
        raise UnreadableDocument(
            name, "the document is protected by a password", "open it, remove the password, save it and try again"
        )
    if magic == _WORD_6 or version < _FIRST_97:
        raise Unsupported("the document was written by Word 6 or Word 95, whose format is not read here")
    lengths = struct.unpack_from("<8I", stream, _LENGTHS)
    ends = [sum(lengths[: number + 1]) for number in range(len(lengths))]
    parts = tuple(Part(end - length, end) for end, length in zip(ends, lengths, strict=True))
    body, footnotes, _headers, _macros, _comments, endnotes, boxes, _header_boxes = parts
    table = file.stream("1Table" if flags & _SECOND_TABLE else "0Table")
    return Fib(stream, table, file.stream("Data"), parts, body, footnotes, endnotes, boxes)

"""Records of the binary Excel formats (BIFF5 and BIFF8): the stream cut into records, and the strings in them.

A record is a type, a length and up to 8 224 bytes; what does not fit goes on in CONTINUE records, at whose starts a
string states its encoding anew. Source: [MS-XLS] 2.1.4 (records), 2.5.293 and 2.5.296 (strings), 2.4.265 (SST).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from extractor.readers import limits

CONTINUE = 0x003C
MAX_RECORDS = 5_000_000
"""Records of one stream; at four bytes and more each, no file within the limits of a report has as many."""
_WIDE, _EXTENDED, _RICH = 1, 4, 8


class Record(NamedTuple):
    """One record with its place in the stream."""

    kind: int
    data: bytes
    end: int


class Damaged(Exception):
    """The stream is no BIFF, or contradicts itself; the argument says how."""


def records(stream: bytes, start: int = 0) -> Iterator[Record]:
    """The records from `start`; a last one that is cut off is left out."""
    at = start
    for _ in range(MAX_RECORDS):
        if at + 4 > len(stream):
            return
        kind, length = struct.unpack_from("<HH", stream, at)
        end = at + 4 + length
        if end > len(stream):
            return
        yield Record(kind, stream[at + 4 : end], end)
        at = end
    raise Damaged(f"it has more than {MAX_RECORDS:,} records")


class Text:
    """Reads the strings of a workbook; `wide` is BIFF8, whose strings say themselves how they are encoded.

    `encoding` is that of the bytes of the older format.
    """

    def __init__(self, wide: bool, encoding: str) -> None:
        self._wide, self._encoding = wide, encoding

    def string(self, data: bytes, at: int, size: int) -> str:
        """The string at `at` with a count of `size` (1 or 2) bytes before it; shorter where the record ends."""
        count = int.from_bytes(data[at : at + size], "little")
        at += size
        if not self._wide:
            return data[at : at + count].decode(self._encoding, "replace")
        flags = data[at] if at < len(data) else 0
        at += 1 + 2 * bool(flags & _RICH) + 4 * bool(flags & _EXTENDED)
        return data[at : at + 2 * count].decode("utf-16-le", "replace") if flags & _WIDE else data[at : at + count].decode("latin-1")


def shared_strings(parts: list[bytes]) -> list[str]:
    """The strings of an SST record, `parts` being its data and that of the CONTINUE records behind it.

    A cut-off table gives the strings before the cut.
    """
    source = _Parts(parts)
    declared = struct.unpack_from("<I", parts[0], 4)[0] if parts and len(parts[0]) >= 8 else 0
    source.take(8)
    # Every string has at least three bytes, whatever the table declares.
    found: list[str] = []
    for _ in range(min(declared, sum(map(len, parts)) // 3)):
        head = source.take(3)
        if len(head) < 3:
            break
        count, flags = struct.unpack("<HB", head)
        runs = int.from_bytes(source.take(2), "little") if flags & _RICH else 0
        extended = int.from_bytes(source.take(4), "little") if flags & _EXTENDED else 0
        if len(found) == limits.MAX_STRINGS:
            raise Damaged(f"it has more than {limits.MAX_STRINGS:,} texts")
        found.append(source.text(count, flags & _WIDE))
        source.take(4 * runs + extended)
    return found


class _Parts:
    """A record and its continuations read one after the other."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts, self._part, self._at = parts, 0, 0

    def take(self, count: int) -> bytes:
        """The next bytes, over the borders of the parts; fewer at the end."""
        taken = []
        while count > 0 and self._part < len(self._parts):
            piece = self._parts[self._part][self._at : self._at + count]
            taken.append(piece)
            count -= len(piece)
            self._at += len(piece)
            if count > 0:
                self._part, self._at = self._part + 1, 0
        return b"".join(taken)

    def text(self, count: int, wide: int) -> str:
        """`count` characters; a part that goes on with them begins with a byte that says whether they are wide."""
        pieces: list[str] = []
        while count > 0 and self._part < len(self._parts):
            part = self._parts[self._part]
            width = 2 if wide else 1
            piece = part[self._at : self._at + count * width]
            self._at += len(piece)
            count -= len(piece) // width
            pieces.append(piece.decode("utf-16-le", "replace") if wide else piece.decode("latin-1"))
            if count > 0:
                self._part, self._at = self._part + 1, 1
                if self._part < len(self._parts):
                    wide = (self._parts[self._part][:1] or b"\0")[0] & _WIDE
                if width == 2 and len(piece) % 2:
                    break
        return "".join(pieces)

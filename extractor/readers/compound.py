"""Compound files (OLE2: .doc, .wps, .xls, encrypted packages): the streams of the root, read as if from an enemy.

A small file system: chains of sectors through an allocation table, small streams in sectors of a stream of
their own, a directory as a tree of 128-byte entries. Only the streams directly below the root are reached;
those of embedded objects are not. No chain is followed beyond the number of sectors there are, and no
declared size beyond the file. Source: [MS-CFB].
"""

from __future__ import annotations

import struct
from array import array
from functools import cached_property

from extractor.model import Struct

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_NO_ENTRY = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on say something else: end of chain, free, part of the table."""
_STREAM, _ROOT = 2, 5
MAX_ENTRIES = 100_000
"""Directory entries; a document with hundreds of embedded objects has some thousands."""

class _Entry(Struct, frozen=True):
    start: int
    size: int


class Broken(Exception):
    """The structure contradicts itself; the text says what is wrong, as in "the file is damaged: …"."""


class Compound:
    """The streams of the root by name. Raises `Broken` where header, table, directory or a chain is damaged."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        try:
            self._open()
        except (struct.error, IndexError) as error:
            raise Broken("its structure is cut off") from error

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._entries)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream, b"" if there is none; fewer than declared where the file ends early."""
        entry = self._entries.get(name)
        if entry is None:
            return b""
        if entry.size < self._cutoff:
            return self._chained(*self._small, 0, self._small_shift, entry)
        return self._chained(self._data, self._table, 1, self._shift, entry)

    def _open(self) -> None:
        data = self._data
        if bytes(data[:8]) != MAGIC:
            raise Broken("it has no header")
        self._shift, self._small_shift = struct.unpack_from("<HH", data, 30)
        if self._shift not in (9, 12) or self._small_shift != 6:
            raise Broken("its sectors have an unknown size")
        directory, _, self._cutoff, small_table, small_sectors, more, more_sectors = struct.unpack_from(
            "<IIIIIII", data, 48
        )
        self._table = self._allocation_table(more, more_sectors)
        entries = self._chained(self._data, self._table, 1, self._shift, _Entry(directory, -1))
        self._entries, self._root = self._root_streams(entries)
        self._small_sectors = _Entry(small_table, small_sectors << self._shift)

    @cached_property
    def _small(self) -> tuple[memoryview, array[int]]:
        """The stream of small streams, and its own table of sectors."""
        stream = self._chained(self._data, self._table, 1, self._shift, self._root)
        return memoryview(stream), _numbers(self._chained(self._data, self._table, 1, self._shift, self._small_sectors))

    def _allocation_table(self, more: int, more_sectors: int) -> array[int]:
        """The next sector of each sector: from the table's sectors, listed in the header and in a chain behind it."""
        sectors = max(0, len(self._data) - 1 >> self._shift)
        per_sector = 1 << self._shift - 2
        wanted = -(-sectors // per_sector)
        listed = list(struct.unpack_from("<109I", self._data, 76))
        for _ in range(min(more_sectors, wanted)):
            if more >= _LAST_SECTOR or len(listed) >= wanted:
                break
            *numbers, more = _numbers(bytes(self._sector(more)))
            listed += numbers
        table = array("I")
        for number in listed[:wanted]:
            if number < _LAST_SECTOR:
                table += _numbers(bytes(self._sector(number)))
        return table[:sectors]

    def _sector(self, number: int) -> memoryview:
        start = number + 1 << self._shift
        found = self._data[start : start + (1 << self._shift)]
        if len(found) != 1 << self._shift:
            raise Broken("its sector table points beyond the end")
        return found

    def _chained(self, source: memoryview, table: array[int], first: int, shift: int, entry: _Entry) -> bytes:
        """The bytes of a chain; `first` sectors stand before number 0. A size of -1 means: to the end of the chain."""
        if entry.size > len(self._data):
            raise Broken("it declares a part larger than itself")
        wanted = len(table) if entry.size < 0 else -(-entry.size >> shift)
        parts = []
        seen = bytearray(len(table))
        number = entry.start
        for _ in range(wanted):
            if number >= len(table):
                break
            if seen[number]:
                raise Broken("a chain of its sectors is a circle")
            seen[number] = 1
            parts.append(source[number + first << shift : number + first + 1 << shift])
            number = table[number]
        found = b"".join(parts)
        return found if entry.size < 0 else found[: entry.size]

    def _root_streams(self, directory: bytes) -> tuple[dict[str, _Entry], _Entry]:
        """The streams below the root, and the stream that holds the small ones."""
        count = min(len(directory) // _ENTRY_BYTES, MAX_ENTRIES)
        if not count or directory[66] != _ROOT:
            raise Broken("its directory is missing")
        found: dict[str, _Entry] = {}
        seen: set[int] = set()
        waiting = [struct.unpack_from("<I", directory, 76)[0]]
        while waiting:
            number = waiting.pop()
            if number >= count or number in seen:
                continue
            seen.add(number)
            at = number * _ENTRY_BYTES
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            waiting += struct.unpack_from("<II", directory, at + 68)
            if kind == _STREAM:
                name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                found.setdefault(name, self._entry(directory, at))
        return found, self._entry(directory, 0)

    def _entry(self, directory: bytes, at: int) -> _Entry:
        start, low, high = struct.unpack_from("<III", directory, at + 116)
        # With small sectors the upper half of the size is undefined.
        return _Entry(start, low | high << 32 if self._shift == 12 else low)


def root_streams(data: bytes) -> frozenset[str]:
    """The names of the streams below the root; none where `data` is no compound file or a damaged one."""
    if not data.startswith(MAGIC):
        return frozenset()
    try:
        return Compound(data).names
    except Broken:
        return frozenset()


def _numbers(data: bytes) -> array[int]:
    """Little-endian 32-bit numbers; a rest of fewer than four bytes is left out."""
    return array("I", struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

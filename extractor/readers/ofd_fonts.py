"""What a font of an OFD file says: how wide its characters are, and which character a glyph stands for.

A page states where every character begins, not where it ends, and may name glyphs whose characters have no code.
Fonts that are part of the file say both (TrueType and OpenType tables `hmtx` and `cmap`); of others the width is
that of the usual ones.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator

MAX_GLYPHS = 65_536
"""Glyphs of a font; the format has numbers for no more."""
_MAX_TABLES = 128
_MAX_CODES = 200_000
"""Codes of a font's character map; Unicode has some 160,000 characters."""
_NARROW, _WIDE = "fijltrI.,:;'!|()[]{} `-/\\", "mwMW%@"
_EAST_ASIAN = ("song", "hei", "kai", "ming", "fang", "sun", "gb2312", "yuan", "fzxbs", "st")


class Font:
    """A font by its name and, where it is part of the file, its bytes."""

    def __init__(self, name: str, data: bytes = b"") -> None:
        codes: dict[int, int] = {}
        self._widths: list[float] = []
        try:
            tables = _tables(data)
            codes = dict(_codes(tables.get("cmap", b"")))
            self._widths = _widths(tables)
        except (struct.error, IndexError, ZeroDivisionError):
            codes, self._widths = {}, []
        self._glyphs = codes
        self._chars = {glyph: code for code, glyph in sorted(codes.items(), reverse=True) if _means_something(code)}
        # Chinese fonts set Latin letters in half an em each.
        self._halves = any(_is_wide(char) for char in name) or name.lower().startswith(_EAST_ASIAN) or name.lower().endswith(_EAST_ASIAN)

    def char(self, glyph: int) -> str | None:
        """The character that a glyph stands for; None where the font does not say."""
        code = self._chars.get(glyph)
        return None if code is None else chr(code)

    def width(self, char: str, glyph: int | None) -> float:
        """The width of a character in ems, by its glyph if that is known."""
        at = self._glyphs.get(ord(char)) if glyph is None else glyph
        if at is not None and self._widths and 0 < at < MAX_GLYPHS:
            return self._widths[min(at, len(self._widths) - 1)]
        if _is_wide(char):
            return 1.0
        if self._halves or char.isdigit():
            return 0.5
        return 0.3 if char in _NARROW else 0.85 if char in _WIDE else 0.68 if char.isupper() else 0.5

    def knows(self, char: str, glyph: int | None) -> bool:
        """Whether `width` is what the font says, or what all fonts of its kind have."""
        return bool(self._widths and (glyph is not None or ord(char) in self._glyphs)) or self._halves or _is_wide(char)


def _is_wide(char: str) -> bool:
    # Ambiguous ones (quotation marks, dashes, the middle dot) take a whole em in Chinese fonts.
    return unicodedata.east_asian_width(char) in "WFA"


def _means_something(code: int) -> bool:
    return code > 0x20 and not 0xD800 <= code < 0xF900 and code < 0xF0000


# --- tables (OpenType 1.9, ISO/IEC 14496-22) ------------------------------------------------------


def _tables(data: bytes) -> dict[str, bytes]:
    """The tables of a font file; none of anything else. They are given as they stand, also where they overlap."""
    if data[:4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        return {}
    found = {}
    for at in range(12, 12 + 16 * min(_MAX_TABLES, struct.unpack_from(">H", data, 4)[0]), 16):
        tag, _, start, length = struct.unpack_from(">4sIII", data, at)
        if tag in (b"cmap", b"head", b"hhea", b"hmtx"):
            found[tag.decode()] = data[start : start + length]
    return found


def _widths(tables: dict[str, bytes]) -> list[float]:
    """Advance widths in ems by glyph; glyphs behind the last one have its width."""
    if not {"head", "hhea", "hmtx"} <= set(tables):
        return []
    (em,) = struct.unpack_from(">H", tables["head"], 18)
    (count,) = struct.unpack_from(">H", tables["hhea"], 34)
    return [advance / em for advance, _ in struct.iter_unpack(">HH", tables["hmtx"][: 4 * min(count, len(tables["hmtx"]) // 4)])]


def _codes(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Codes with their glyphs, from the Unicode parts of a character map."""
    if not cmap:
        return
    (count,) = struct.unpack_from(">H", cmap, 2)
    left = _MAX_CODES
    for at in range(4, 4 + 8 * min(count, 16), 8):
        platform, encoding, start = struct.unpack_from(">HHI", cmap, at)
        if platform == 0 or (platform, encoding) in ((3, 1), (3, 10)):
            form = struct.unpack_from(">H", cmap, start)[0]
            found = _segments(cmap[start:]) if form == 4 else _groups(cmap[start:]) if form == 12 else iter(())
            for code, glyph in found:
                left -= 1
                if left < 0:
                    return
                if 0 < glyph < MAX_GLYPHS:
                    yield code, glyph


def _segments(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 4."""
    size = struct.unpack_from(">H", table, 6)[0] & ~1
    ends, starts = 14, 16 + size
    for at in range(0, size, 2):
        (end,), (start,) = struct.unpack_from(">H", table, ends + at), struct.unpack_from(">H", table, starts + at)
        (delta,), (offset,) = struct.unpack_from(">H", table, starts + size + at), struct.unpack_from(">H", table, starts + 2 * size + at)
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = starts + 2 * size + at + offset + 2 * (code - start)
                glyph = struct.unpack_from(">H", table, place)[0]
                if glyph == 0:
                    yield code, 0
                    continue
            yield code, (glyph + delta) & 0xFFFF


def _groups(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 12."""
    (count,) = struct.unpack_from(">I", table, 12)
    for at in range(16, 16 + 12 * min(count, _MAX_CODES), 12):
        start, end, glyph = struct.unpack_from(">III", table, at)
        for code in range(start, min(end, 0x10FFFF) + 1):
            yield code, glyph + code - start

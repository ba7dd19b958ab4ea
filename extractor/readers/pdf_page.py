"""What pdfium sees on one page: characters with their boxes, and with them what is drawn there.

Everything is turned upright (page rotation and sideways text) and given in points from the top left
corner, so that no later stage knows about PDF's coordinates. Characters are fetched through pdfium's C
functions in bulk: `map` runs over the indices and pdfium writes into one buffer, which is several times
faster than a Python call per character with its own out-parameters. pdfium is not thread safe.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

from extractor.readers.pdf_drawn import find_drawn, function
from extractor.readers.printed import (
    MAX_CHARACTERS,
    Char,
    Glyph,
    Matrix,
    PageContent,
    TooLarge,
    apply,
    is_slanted,
    placed,
    reading_turn,
)

_WIDEST = 3.0
"""Ems: a wider box is not that of the glyph (fonts for vertical writing state an advance in the other direction)."""
_SAMPLES = 50
"""Characters of a page that are asked in which direction they run."""


_PAGE, _INDEX, _ADDRESS = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_unicode = function("FPDFText_GetUnicode", ctypes.c_uint, _PAGE, _INDEX)
_generated = function("FPDFText_IsGenerated", ctypes.c_int, _PAGE, _INDEX)
_font_size = function("FPDFText_GetFontSize", ctypes.c_double, _PAGE, _INDEX)
_loose_box = function("FPDFText_GetLooseCharBox", ctypes.c_int, _PAGE, _INDEX, _ADDRESS)


def read_page(document: Any, index: int, glyphs: Sequence[Glyph] = ()) -> PageContent:
    """Page `index` (from 0) of an open pdfium document, `glyphs` in place of its characters if given.

    Raises `TooLarge`, or `ValueError` for a broken page.
    """
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise ValueError(f"page {index + 1} cannot be loaded")
    try:
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            raise ValueError(f"the text of page {index + 1} cannot be loaded")
        try:
            return _upright(page, text, index + 1, glyphs)
        finally:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)


def _upright(page: Any, text: Any, number: int, glyphs: Sequence[Glyph]) -> PageContent:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    turn = reading_turn(((glyph.along, glyph.upwards) for glyph in glyphs) if glyphs else _directions(text))
    place = _turn(box, turn)
    chars, slanted = placed(glyphs, place) if glyphs else _chars(text, place)
    drawn = find_drawn(page, place)
    width, height = box.right - box.left, box.top - box.bottom
    if turn % 2:
        width, height = height, width
    share = min(1.0, drawn.covered / (width * height)) if width * height > 0 else 0.0
    return PageContent(number, width, height, chars, drawn.rules, share, slanted, drawn.too_many, drawn.unseen)


def _directions(text: Any) -> Iterator[tuple[float, float]]:
    """The directions in which a sample of the characters runs."""
    count = pdfium.FPDFText_CountChars(text)
    matrix = pdfium.FS_MATRIX()
    for index in range(0, count, max(1, count // _SAMPLES)):
        if pdfium.FPDFText_GetMatrix(text, index, matrix):
            yield matrix.a, matrix.b


def _turn(box: Any, quarters: int) -> Matrix:
    """From PDF's page space to points from the upright top left corner, after `quarters` turns."""
    if quarters == 1:
        return (0.0, 1.0, 1.0, 0.0, -box.bottom, -box.left)
    if quarters == 2:
        return (-1.0, 0.0, 0.0, 1.0, box.right, -box.bottom)
    if quarters == 3:
        return (0.0, -1.0, -1.0, 0.0, box.top, box.right)
    return (1.0, 0.0, 0.0, -1.0, -box.left, box.top)


# --- characters ---------------------------------------------------------------------------------


def _chars(text: Any, place: Matrix) -> tuple[list[Char], str]:
    """The characters with the boxes of their font, in the order of the page's content, and the slanted ones."""
    count = pdfium.FPDFText_CountChars(text)
    if count > MAX_CHARACTERS:
        raise TooLarge(f"{count} characters, the limit is {MAX_CHARACTERS}")
    if count <= 0:
        return [], ""
    handle = ctypes.cast(text, ctypes.c_void_p).value
    buffer = (ctypes.c_float * (4 * count))()
    start = ctypes.addressof(buffer)
    known = list(map(_loose_box, repeat(handle), range(count), range(start, start + 16 * count, 16)))
    bounds = buffer[:]
    a, _, _, d, e, f = place
    straight = a == 1.0 and d == -1.0
    sizes: dict[tuple[float, int], float] = {}
    size = last_height = last_y0 = 0.0
    chars: list[Char] = []
    slanted: list[str] = []
    for index, (char, x0, y1, x1, y0) in enumerate(
        zip(_letters(text, count), bounds[::4], bounds[1::4], bounds[2::4], bounds[3::4], strict=True)
    ):
        # pdfium adds spaces and line ends of its own wherever it guesses a word border; only the page's own stay.
        if (char <= " " and (char not in " \t" or _generated(handle, index))) or not known[index]:
            continue
        height = y1 - y0
        slack = 0.06 * height
        if not (-slack < height - last_height < slack and -slack < y0 - last_y0 < slack):
            # Another font, size or line: the size is asked for again. It is stated before scaling, and
            # equal heights at equal stated size are scaled alike.
            stated = _font_size(handle, index)
            key = (stated, int(16 * height / stated) if stated > 0 else 0)
            if key not in sizes:
                sizes[key] = _size(text, index, height)
            size, last_height, last_y0 = sizes[key], height, y0
        if size == 0.0:
            slanted.append(char)
            continue
        if x1 - x0 > _WIDEST * size:
            x0, x1, y0, y1 = _tight_box(text, index)
        if straight:
            chars.append(Char(char, x0 + e, x1 + e, f - (y0 + y1) / 2, size))
        else:
            (xa, ya), (xb, yb) = apply(place, x0, y0), apply(place, x1, y1)
            chars.append(Char(char, min(xa, xb), max(xa, xb), (ya + yb) / 2, size))
    return chars, "".join(slanted).strip()


_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-", "\x7f": "\0"})
"""pdfium's marks for a hyphen at a line's end, and the soft hyphen, which a page only holds where it is printed."""


def _letters(text: Any, count: int) -> str | list[str]:
    """The characters by pdfium's index. A pair of surrogates becomes the character and an empty place."""
    wide = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text, 0, count, wide) == count + 1:
        letters = bytes(wide)[:-2].decode("utf-16-le", "replace")
        if len(letters) == count:
            return letters.translate(_HYPHENS)
    # Characters without a code or beyond 16 bits: the two counts differ, and each is asked for by itself.
    handle = ctypes.cast(text, ctypes.c_void_p).value
    codes = list(map(_unicode, repeat(handle), range(count)))
    chars: list[str] = []
    for code, following in zip(codes, [*codes[1:], 0], strict=True):
        if 0xD800 <= code < 0xDC00 and 0xDC00 <= following < 0xE000:
            chars.append(chr(0x10000 + ((code - 0xD800) << 10) + (following - 0xDC00)))
        elif 0xDC00 <= code < 0xE000:
            chars.append("\0" if chars and chars[-1] > "\uffff" else "\ufffd")
        else:
            chars.append("\ufffd" if 0xD800 <= code < 0xDC00 or code > 0x10FFFF else chr(code).translate(_HYPHENS))
    return chars


def _size(text: Any, index: int, height: float) -> float:
    """The size in which a character is printed, 0 for slanted text; the height of its box where none is stated."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    if is_slanted(matrix.a, matrix.b):
        return 0.0
    size = float((matrix.c**2 + matrix.d**2) ** 0.5 * pdfium.FPDFText_GetFontSize(text, index))
    return size if size > 0.1 else max(1.0, height)


def _tight_box(text: Any, index: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    return left.value, right.value, bottom.value, top.value

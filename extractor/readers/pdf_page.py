"""What pdfium sees on one page: characters with their boxes, ruling lines, and how much of it is pictures.

Everything is turned upright (page rotation and sideways text) and given in points from the top left
corner, so that no later stage knows about PDF's coordinates. Characters are fetched through pdfium's C
functions in bulk: `map` runs over the indices and pdfium writes into one buffer, which is several times
faster than a Python call per character with its own out-parameters. pdfium is not thread safe.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

MAX_CHARACTERS = 200_000
"""Characters of one page; a dense printed page has about 5 000."""
MAX_OBJECTS = 200_000
"""Drawn objects (text runs, paths, pictures) of one page."""
MAX_SEGMENTS = 200_000
"""Path segments of one page; a page that is one large drawing has more, and no table."""
THICKEST = 4.0
"""Points: a filled rectangle up to this thick is a ruling line, a thicker one is a shaded area."""
_WIDEST = 3.0
"""Ems: a wider box is not that of the glyph (fonts for vertical writing state an advance in the other direction)."""
_SHORTEST = 1.5
_DEEPEST_FORM = 8

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class TooLarge(Exception):
    """The page is beyond a limit; the argument says which."""


class Char(NamedTuple):
    """One character in reading direction; `size` is the height of its font in points."""

    char: str
    x0: float
    x1: float
    middle: float
    size: float


class Rule(NamedTuple):
    """A straight ruling line, horizontal (``y0 == y1``) or vertical (``x0 == x1``)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class PageContent:
    """One upright page; `pictures` is the share of it that pictures cover (0 to 1)."""

    number: int
    width: float
    height: float
    chars: list[Char]
    rules: list[Rule]
    pictures: float


def _function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A C function of pdfium that takes addresses as plain integers, so that `map` can count them up."""
    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


_PAGE, _INDEX, _ADDRESS = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_unicode = _function("FPDFText_GetUnicode", ctypes.c_uint, _PAGE, _INDEX)
_generated = _function("FPDFText_IsGenerated", ctypes.c_int, _PAGE, _INDEX)
_font_size = _function("FPDFText_GetFontSize", ctypes.c_double, _PAGE, _INDEX)
_kind = _function("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p)
_page_object = _function("FPDFPage_GetObject", ctypes.c_void_p, _PAGE, _INDEX)
_form_object = _function("FPDFFormObj_GetObject", ctypes.c_void_p, _PAGE, ctypes.c_ulong)
_loose_box = _function("FPDFText_GetLooseCharBox", ctypes.c_int, _PAGE, _INDEX, _ADDRESS)


def read_page(document: Any, index: int) -> PageContent:
    """Page `index` (from 0) of an open pdfium document. Raises `TooLarge`, or `ValueError` for a broken page."""
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise ValueError(f"page {index + 1} cannot be loaded")
    try:
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            raise ValueError(f"the text of page {index + 1} cannot be loaded")
        try:
            return _upright(page, text, index + 1)
        finally:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)


def _upright(page: Any, text: Any, number: int) -> PageContent:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    chars, sideways = _glyphs(text, box)
    # The text says how the page is to be turned: a /Rotate of 90 only means something if its text runs upwards.
    angles = [glyph.angle for glyph in sideways]
    turn = max((1, 2, 3), key=angles.count)
    if angles.count(turn) <= len(chars):
        turn = 0
    place = _turn(box, turn)
    width, height = box.right - box.left, box.top - box.bottom
    if turn:
        back = _joined((1.0, 0.0, 0.0, -1.0, box.left, box.top), place)
        chars = [_lying(char, back) for char in chars]
    chars += [_straight(glyph, place, turn) for glyph in sideways]
    rules, covered = _drawn(page, place)
    if turn % 2:
        width, height = height, width
    share = min(1.0, covered / (width * height)) if width * height > 0 else 0.0
    return PageContent(number, width, height, chars, rules, share)


def _turn(box: Any, quarters: int) -> Matrix:
    """From PDF's page space to points from the upright top left corner, after `quarters` turns."""
    if quarters == 1:
        return (0.0, 1.0, 1.0, 0.0, -box.bottom, -box.left)
    if quarters == 2:
        return (-1.0, 0.0, 0.0, 1.0, box.right, -box.bottom)
    if quarters == 3:
        return (0.0, -1.0, -1.0, 0.0, box.top, box.right)
    return (1.0, 0.0, 0.0, -1.0, -box.left, box.top)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


# --- characters ---------------------------------------------------------------------------------


class _Sideways(NamedTuple):
    """A character whose text runs upwards (1), backwards (2), downwards (3) or slanted (0)."""

    char: str
    angle: int
    origin: tuple[float, float]
    box: tuple[float, float, float, float]
    size: float


def _glyphs(text: Any, box: Any) -> tuple[list[Char], list[_Sideways]]:
    """The characters that stand upright in the page's own space, and all others."""
    count = pdfium.FPDFText_CountChars(text)
    if count > MAX_CHARACTERS:
        raise TooLarge(f"{count} characters, the limit is {MAX_CHARACTERS}")
    if count <= 0:
        return [], []
    handle = ctypes.cast(text, ctypes.c_void_p).value
    buffer = (ctypes.c_float * (4 * count))()
    start = ctypes.addressof(buffer)
    known = list(map(_loose_box, repeat(handle), range(count), range(start, start + 16 * count, 16)))
    bounds = buffer[:]
    left, top = box.left, box.top
    sizes: dict[tuple[float, int], float] = {}
    size = last_height = last_y0 = 0.0
    chars: list[Char] = []
    sideways: list[_Sideways] = []
    for index, (char, x0, y1, x1, y0) in enumerate(
        zip(_letters(text, count), bounds[::4], bounds[1::4], bounds[2::4], bounds[3::4], strict=True)
    ):
        # pdfium adds spaces and line ends of its own wherever it guesses a word border; only the page's own stay.
        if char <= " " and (char not in " \t" or _generated(handle, index)):
            continue
        height = y1 - y0
        if height > 0.1 and x1 >= x0 and known[index]:
            slack = 0.06 * height
            if not (-slack < height - last_height < slack and -slack < y0 - last_y0 < slack):
                # Another font, size or line: the size is asked for again. It is stated before scaling, and
                # equal heights at equal stated size are scaled alike.
                stated = _font_size(handle, index)
                key = (stated, int(16 * height / stated) if stated > 0 else 0)
                if key not in sizes:
                    sizes[key] = _size(text, index, height)
                size, last_height, last_y0 = sizes[key], height, y0
            if x1 - x0 <= _WIDEST * size:
                chars.append(Char(char, x0 - left, x1 - left, top - (y0 + y1) / 2, size))
                continue
        if char not in " \t" and (odd := _sideways(text, index, char)):
            sideways.append(odd)
    return chars, sideways


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
    """The size in which a character is printed; the height of its box where none is stated."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    size = float((matrix.c**2 + matrix.d**2) ** 0.5 * pdfium.FPDFText_GetFontSize(text, index))
    return size if size > 0.1 else height


def _sideways(text: Any, index: int, char: str) -> _Sideways | None:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    if not (
        pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        and pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        and pdfium.FPDFText_GetMatrix(text, index, matrix)
    ):
        return None
    scale = (matrix.c**2 + matrix.d**2) ** 0.5
    size = scale * pdfium.FPDFText_GetFontSize(text, index)
    if abs(matrix.b) > 5 * abs(matrix.a):
        angle = 1 if matrix.b > 0 else 3
    elif abs(matrix.a) > 5 * abs(matrix.b):
        angle = 2 if matrix.a < 0 else 0
    else:
        angle = 0
    box = (left.value, bottom.value, right.value, top.value)
    return _Sideways(char, angle, (x.value, y.value), box, size if size > 0.1 else max(1.0, top.value - bottom.value))


def _straight(glyph: _Sideways, place: Matrix, turn: int) -> Char:
    """A character of turned text on the page turned upright."""
    (xa, ya), (xb, yb) = _apply(place, *glyph.box[:2]), _apply(place, *glyph.box[2:])
    x0, x1 = min(xa, xb), max(xa, xb)
    if glyph.angle != turn:
        return Char(glyph.char, x0, x1, (ya + yb) / 2, glyph.size)
    x, y = _apply(place, *glyph.origin)
    if x - x0 > 0.3 * glyph.size:  # vertical writing: its origin is the middle of the top edge
        return Char(glyph.char, x0, x1, (ya + yb) / 2, glyph.size)
    wide = glyph.char >= "\u2e80"
    return Char(glyph.char, x, max(x1, x + glyph.size) if wide else max(x1, x), y - 0.35 * glyph.size, glyph.size)


def _lying(char: Char, place: Matrix) -> Char:
    """An unturned character on a page that was turned for the sake of the others."""
    half = char.size / 2
    (xa, ya), (xb, yb) = _apply(place, char.x0, char.middle - half), _apply(place, char.x1, char.middle + half)
    return Char(char.char, min(xa, xb), max(xa, xb), (ya + yb) / 2, char.size)


# --- ruling lines and pictures ------------------------------------------------------------------


def _drawn(page: Any, place: Matrix) -> tuple[list[Rule], float]:
    """The ruling lines of the page, and the area its pictures cover in square points."""
    total = pdfium.FPDFPage_CountObjects(page)
    if total > MAX_OBJECTS:
        raise TooLarge(f"{total} drawn objects, the limit is {MAX_OBJECTS}")
    rules: list[Rule] = []
    covered = 0.0
    budget = MAX_SEGMENTS
    handle = ctypes.cast(page, ctypes.c_void_p).value or 0
    for item, kind, matrix in _objects(total, _page_object, handle, place, 0):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += _area(item, matrix)
        elif budget > 0:
            budget -= max(1, pdfium.FPDFPath_CountSegments(item))
            if budget > 0:
                rules += _path_rules(item, matrix)
    return (rules if budget > 0 else []), covered


def _objects(count: int, get: Callable[..., Any], holder: int, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    """The paths and pictures of a page or form, forms opened, each with the matrix of its holder."""
    items = list(map(get, repeat(holder), range(count)))
    for address, kind in zip(items, map(_kind, items), strict=True):
        if kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            yield _item(address), kind, matrix
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            form = _item(address)
            inner = _joined(_matrix_of(form), matrix)
            yield from _objects(pdfium.FPDFFormObj_CountObjects(form), _form_object, address, inner, depth + 1)


def _item(address: int) -> Any:
    return ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)


def _matrix_of(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _joined(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _area(item: Any, matrix: Matrix) -> float:
    a, b, c, d, _, _ = _joined(_matrix_of(item), matrix)
    return float(abs(a * d - b * c))  # a picture is the unit square before its matrix


def _path_rules(item: Any, holder: Matrix) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if not fill.value and not stroke.value:
        return
    outlines = _outlines(item, _joined(_matrix_of(item), holder))
    # Two nested boxes filled between them are a frame, drawn without a stroke.
    edges = bool(stroke.value) or len(outlines) > 1
    for outline in outlines:
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        box = Rule(min(xs), min(ys), max(xs), max(ys))
        width, height = box.x1 - box.x0, box.y1 - box.y0
        if min(width, height) <= THICKEST:
            if max(width, height) > max(_SHORTEST, 1.5 * min(width, height)):
                yield _centred(box)
        elif edges:
            for (xa, ya), (xb, yb) in zip(outline, outline[1:], strict=False):
                side = Rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
                if min(side.x1 - side.x0, side.y1 - side.y0) < 1.0 and max(side.x1 - side.x0, side.y1 - side.y0) > _SHORTEST:
                    yield _centred(side)


def _centred(box: Rule) -> Rule:
    if box.x1 - box.x0 >= box.y1 - box.y0:
        middle = (box.y0 + box.y1) / 2
        return Rule(box.x0, middle, box.x1, middle)
    middle = (box.x0 + box.x1) / 2
    return Rule(middle, box.y0, middle, box.y1)


def _outlines(item: Any, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The straight-edged sub-paths as points; those with a curve are left out."""
    outlines: list[list[tuple[float, float]]] = []
    points: list[tuple[float, float]] = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not curved:
                outlines.append(points)
            points, curved = [], False
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        points.append(_apply(matrix, x.value, y.value))
        if points and pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and not curved:
        outlines.append(points)
    return outlines

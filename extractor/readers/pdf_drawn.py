"""What is drawn on a page besides its characters: ruling lines, pictures, and text that pdfium passes over.

Objects are listed through pdfium's C functions in bulk, since a page has thousands.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extractor.readers.printed import (
    IDENTITY,
    MAX_SEGMENTS,
    Matrix,
    Point,
    Rule,
    TooLarge,
    apply,
    joined,
    outline_rules,
)

MAX_OBJECTS = 200_000
"""Drawn objects (text runs, paths, pictures) of one page."""
_NO_EXTENT = 0.01
"""Points: pdfium passes over text objects narrower than this."""
_DEEPEST_FORM = 8

def function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A C function of pdfium that takes addresses as plain integers, so that `map` can count them up.

    It keeps the interpreter's lock, which is faster and right for a library that is not thread safe.
    """
    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_kind = function("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p)
_page_object = function("FPDFPage_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_form_object = function("FPDFFormObj_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
_font = function("FPDFTextObj_GetFont", ctypes.c_void_p, ctypes.c_void_p)


class Drawn(NamedTuple):
    """What is drawn on a page, turned upright."""

    rules: list[Rule]
    covered: float
    """Square points under pictures."""
    too_many: bool
    """There were more path segments than are looked at."""
    unseen: bool
    """There is text without an extent in a font that is not part of the file."""


def find_drawn(page: Any, place: Matrix) -> Drawn:
    """What is drawn on an open page; `place` turns page space upright. Raises `TooLarge`."""
    total = pdfium.FPDFPage_CountObjects(page)
    if total > MAX_OBJECTS:
        raise TooLarge(f"{total} drawn objects, the limit is {MAX_OBJECTS}")
    rules: list[Rule] = []
    covered = 0.0
    unseen = False
    budget = MAX_SEGMENTS
    handle = ctypes.cast(page, ctypes.c_void_p).value or 0
    for item, kind, matrix in _objects(total, _page_object, handle, place, 0):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            unseen = unseen or _is_unseen(item)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += _area(item, matrix)
        elif budget > 0:
            budget -= max(1, pdfium.FPDFPath_CountSegments(item))
            if budget > 0:
                rules += _path_rules(item, matrix)
    return Drawn(rules if budget > 0 else [], covered, budget <= 0, unseen)


def _objects(count: int, get: Callable[..., Any], holder: int, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    """The paths, the pictures and the text in fonts that are not part of the file, of a page or form, each
    with the matrix of its holder; forms are opened."""
    items = list(map(get, repeat(holder), range(count)))
    kinds = list(map(_kind, items))
    texts = [item for item, kind in zip(items, kinds, strict=True) if kind == pdfium.FPDF_PAGEOBJ_TEXT]
    fonts = list(map(_font, texts))
    foreign = {font for font in set(fonts) if font and not pdfium.FPDFFont_GetIsEmbedded(ctypes.cast(font, pdfium.FPDF_FONT))}
    if foreign:
        for address, font in zip(texts, fonts, strict=True):
            if font in foreign:
                yield _item(address), pdfium.FPDF_PAGEOBJ_TEXT, matrix
    for address, kind in zip(items, kinds, strict=True):
        if kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            yield _item(address), kind, matrix
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            form = _item(address)
            inner = joined(_matrix_of(form), matrix)
            yield from _objects(pdfium.FPDFFormObj_CountObjects(form), _form_object, address, inner, depth + 1)


def _item(address: int) -> Any:
    return ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)


def _is_unseen(text: Any) -> bool:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(text, left, bottom, right, top)
    return right.value - left.value < _NO_EXTENT


def _matrix_of(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _area(item: Any, matrix: Matrix) -> float:
    a, b, c, d, _, _ = joined(_matrix_of(item), matrix)
    return float(abs(a * d - b * c))  # a picture is the unit square before its matrix


def _path_rules(item: Any, holder: Matrix) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if not fill.value and not stroke.value:
        return
    yield from outline_rules(_outlines(item, joined(_matrix_of(item), holder)), bool(stroke.value))


def _outlines(item: Any, matrix: Matrix) -> list[list[Point]]:
    """The straight-edged sub-paths as points; those with a curve are left out."""
    outlines: list[list[Point]] = []
    points: list[Point] = []
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
        points.append(apply(matrix, x.value, y.value))
        if points and pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and not curved:
        outlines.append(points)
    return outlines

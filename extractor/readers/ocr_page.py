"""One scanned page to what a printed page is: placed characters and ruling lines, upright and in points.

Straighten the picture, find its ruling lines and take them off, find the lines of text cell by cell, read them. A
page that lies on its side shows by its lines running down, one that stands on its head by reading badly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extractor.readers.lattice import Grid, find_grids, split_rules
from extractor.readers.ocr_chars import characters, mean_confidence
from extractor.readers.ocr_engine import Box, Engine, Image, Reading
from extractor.readers.ocr_lines import clean_ink, cut, dash, forgotten, signs
from extractor.readers.ocr_rules import Stroke, find_strokes, ink, without
from extractor.readers.ocr_upright import straightened, turned
from extractor.readers.printed import PageContent, Rule

_SAMPLE, _SAMPLED = 6, 16
"""Lines that are read to see whether the page stands on its head, and how much of each, in heights of the line."""
_LONGEST_LINE = 100
"""Heights: what is longer is no line of text but what is left of a ruling line or an edge, and takes seconds to read."""
_SURE, _UNCLEAR = 0.8, 0.6
"""Mean confidence above which a page is the right way up, and below which a line is no text that can be told."""
_PAD, _PAD_BESIDE = 0.18, 0.25
"""Shares of a line's height that are left white above and below it and beside it when it is cut out, as the recogniser
expects."""
_LOW = 0.5
"""Shares of the usual height of lines: a lone ring that is lower is a full stop and no nought."""
_LARGEST_CELL = 0.3
"""Share of the page: in a larger cell nothing is looked for that the recogniser did not see."""
_PAGE_NUMBER = re.compile(r"([-—–一二ー_~=\s]+)(\d{1,4})([-—–一二ー_~=\s]+)")


@dataclass(slots=True)
class _Seen:
    """A straightened picture without its ruling lines, those lines, its ink, and its lines of text."""

    image: Image
    flat: list[Stroke]
    upright: list[Stroke]
    ink: Image
    lines: list[Box]
    guessed: int = 0
    """How many of the lines, the last ones, the recogniser had not seen."""


def read_picture(image: Image, number: int, point: float, engine: Engine) -> PageContent:
    """The page on a grey picture; `point` is the length of a point in pixels."""
    image = straightened(image)
    seen = _seen(image, point, engine)
    if _lies_on_its_side(seen.lines):
        image = turned(image, 1)
        seen = _seen(image, point, engine)
    if _sample(seen, engine) < _SURE:
        other = _seen(turned(image, 2), point, engine)
        if _sample(other, engine) > _sample(seen, engine):
            seen = other
    readings = _read(seen, point, engine)
    told = [(line, _mended(reading)) for line, reading in zip(seen.lines, readings, strict=True) if _is_clear(reading)]
    height, width = seen.image.shape
    return PageContent(
        number, width / point, height / point, characters(told, seen.ink, point), _rules(seen, point), pictures=0.0, slanted="",
        confidence=mean_confidence([reading for _, reading in told]),
        unclear=sum(not _is_clear(reading) for reading in readings[: len(readings) - seen.guessed]),
    )  # fmt: skip


def is_blank(image: Image, point: float) -> bool:
    """Whether there is nothing on the picture but specks."""
    return not signs(ink(image, point), point).any()


def _seen(image: Image, point: float, engine: Engine) -> _Seen:
    dark = ink(image, point)
    flat, upright = find_strokes(dark, point)
    strokes = [*flat, *upright]
    image = without(image, strokes, point)
    dark = clean_ink(dark, strokes, point)
    seen = _Seen(image, flat, upright, dark, cut(engine.find(image), flat, upright, dark, point))
    cells = [cell for grid in find_grids(*split_rules(_rules(seen, point))) for cell in _cells(grid, image, point)]
    more = forgotten(cells, seen.lines, dark, point)
    seen.lines, seen.guessed = seen.lines + more, len(more)
    return seen


def _rules(seen: _Seen, point: float) -> list[Rule]:
    """Ruling lines in points."""
    flat = [Rule(x0 / point, (y0 + y1) / 2 / point, x1 / point, (y0 + y1) / 2 / point) for x0, y0, x1, y1 in seen.flat]
    upright = [Rule((x0 + x1) / 2 / point, y0 / point, (x0 + x1) / 2 / point, y1 / point) for x0, y0, x1, y1 in seen.upright]
    return flat + upright


def _cells(grid: Grid, image: Image, point: float) -> list[Box]:
    """The inside of the cells in pixels."""
    inset = max(2, round(1.2 * point))
    found = []
    for row, column, rowspan, colspan in grid.places:
        x0, x1 = (round(grid.xs[k] * point) for k in (column, column + colspan))
        y0, y1 = (round(grid.ys[k] * point) for k in (row, row + rowspan))
        box = Box(max(0, x0 + inset), max(0, y0 + inset), x1 - inset, y1 - inset)
        if box.x1 > box.x0 and box.y1 > box.y0 and (x1 - x0) * (y1 - y0) <= _LARGEST_CELL * image.size:
            found.append(box)
    return found


def _read(seen: _Seen, point: float, engine: Engine) -> list[Reading]:
    """What the lines say; nothing for one that was guessed and says nothing sure.

    The recogniser takes dashes for the numeral 一, so ink without height is not shown to it.
    """
    seen_first = len(seen.lines) - seen.guessed
    shown = [line for at, line in enumerate(seen.lines) if _may_be_text(line) and (at < seen_first or not dash(line, point))]
    found = dict(zip(shown, _read_lines(seen.image, shown, engine), strict=True))
    readings = []
    for line in seen.lines:
        reading = found.get(line, Reading(""))
        flat = dash(line, point)
        readings.append(_dashes(flat) if flat and not (_is_clear(reading) and _has_no_height(reading.text)) else reading)
    usual = median([line.y1 - line.y0 for line in seen.lines] or [0])
    for at in range(seen_first, len(readings)):
        reading, height = readings[at], seen.lines[at].y1 - seen.lines[at].y0
        if reading.text in ("0", "o", "O") and height < _LOW * usual:
            readings[at] = reading._replace(text="。")
        elif not dash(seen.lines[at], point) and (mean_confidence([reading]) < _SURE or not any(map(str.isalnum, reading.text))):
            readings[at] = Reading("")
    return readings


def _has_no_height(text: str) -> bool:
    return not any(char.isalnum() and char != "一" for char in text)


def _dashes(text: str) -> Reading:
    return Reading(text, tuple((k + 0.5) / len(text) for k in range(len(text))), (1.0,) * len(text))


def _lies_on_its_side(lines: Sequence[Box]) -> bool:
    """Whether more of the text runs down the page than across."""
    down = sum(box.y1 - box.y0 for box in lines if box.y1 - box.y0 > 1.5 * (box.x1 - box.x0))
    across = sum(box.x1 - box.x0 for box in lines if box.x1 - box.x0 > 1.5 * (box.y1 - box.y0))
    return down > across


def _sample(seen: _Seen, engine: Engine) -> float:
    """How sure the recogniser is of the longest lines."""
    longest = sorted(filter(_may_be_text, seen.lines), key=lambda box: box.x0 - box.x1)[:_SAMPLE]
    begun = [box._replace(x1=min(box.x1, box.x0 + _SAMPLED * (box.y1 - box.y0))) for box in longest]
    return mean_confidence(_read_lines(seen.image, begun, engine))


def _may_be_text(line: Box) -> bool:
    return line.x1 - line.x0 <= _LONGEST_LINE * (line.y1 - line.y0)


def _read_lines(image: Image, lines: Sequence[Box], engine: Engine) -> list[Reading]:
    """What lines say, with the centres of characters as shares of the lines."""
    found = []
    for line, reading in zip(lines, engine.read([_cut_out(image, line) for line in lines]), strict=True):
        width, pad = line.x1 - line.x0, _beside(line)
        # The recogniser saw the white beside the line as well.
        centres = tuple(min(1.0, max(0.0, (centre * (width + 2 * pad) - pad) / width)) for centre in reading.centres)
        found.append(reading._replace(centres=centres))
    return found


def _cut_out(image: Image, line: Box) -> Image:
    import numpy as np

    down, across = max(2, round(_PAD * (line.y1 - line.y0))), _beside(line)
    padded = image[max(0, line.y0 - down) : line.y1 + down, max(0, line.x0 - across) : line.x1 + across]
    return np.ascontiguousarray(padded)


def _beside(line: Box) -> int:
    return max(2, round(_PAD_BESIDE * (line.y1 - line.y0)))


def _is_clear(reading: Reading) -> bool:
    return bool(reading.text.strip()) and mean_confidence([reading]) >= _UNCLEAR


def _mended(reading: Reading) -> Reading:
    """A page number between dashes: a dash and the numeral 一 look alike, but nobody numbers a page 一 12 一."""
    found = _PAGE_NUMBER.fullmatch(reading.text)
    if found is None:
        return reading
    return reading._replace(text="".join("—" if char in "一二ー_~=" else char for char in reading.text))

"""Where the lines of text stand on a scanned page, cell by cell.

The recogniser's boxes are cut where a ruling line runs through them and drawn in to their ink. In the cells of
tables it passes over lone digits and dashes, so ink there that is in no box makes a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from extractor.readers.ocr_engine import Box, Image
from extractor.readers.ocr_rules import Stroke

_SPECK = 1.0
"""Points: ink no longer than this is dirt, or a full stop, which does not say how far a line reaches."""
_SIGN = 2.2
"""Points: what stands at the end of a line must be so long to belong to it, as a full stop is."""
_STROKE, _FLATTER = 1.6, 1.4
"""Points, and times its height: a stroke so long belongs to it as well, as the sign before a number does."""
_FAINTEST = 3.0
"""Points: what is forgotten in a cell must be so long, as a digit or a dash is."""
_TALLEST = 45.0
_WORD_GAP = 12.0
_FEW = 30
_FLAT, _LONGEST_DASH = 2.6, 14.0
"""Points: ink no higher is a dash; from this width on it is a double one."""
_INSIDE = 1.5
"""Points that a ruling line must lie inside a box to cut it."""
_GAP = 0.35
"""Shares of a box's height that may be white within a line, as between the strokes of 三."""
_REACH, _MARGIN = 0.9, 0.15
"""Shares of a line's height: what stands no further from its end, and not only at its upper or lower edge, belongs to it."""
MOST_LINES = 3_000
"""Lines of one page that are read."""


def clean_ink(dark: Image, strokes: Iterable[Stroke], point: float) -> Image:
    """The dark pixels without ruling lines and specks."""
    dark = dark.copy()
    edge = max(1, round(0.5 * point))
    for x0, y0, x1, y1 in strokes:
        dark[max(0, y0 - edge) : y1 + edge, max(0, x0 - edge) : x1 + edge] = 0
    return _larger(dark, _SPECK * point)


def signs(dark: Image, point: float) -> Image:
    """The dark pixels of what is as large as a sign."""
    return _larger(dark.copy(), _SIGN * point)


def _larger(dark: Image, length: float, lying: float | None = None) -> Image:
    """The dark pixels that hang together over more than a length, of a stroke that lies flat over more than `lying`."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    keep = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) > length
    if lying is not None:
        width = stats[:, cv2.CC_STAT_WIDTH]
        keep |= (width > lying) & (width >= _FLATTER * stats[:, cv2.CC_STAT_HEIGHT])
    keep[0] = False
    dark[~keep[labels]] = 0
    return dark


def cut(boxes: Iterable[Box], flat: Sequence[Stroke], upright: Sequence[Stroke], ink: Image, point: float) -> list[Box]:
    """The boxes cut at ruling lines, each drawn in to its ink; those without ink are left out."""
    found = []
    ink = _larger(ink.copy(), _SIGN * point, _STROKE * point)
    for box in boxes:
        for row in _cut_down(box, flat, _INSIDE * point):
            for piece in _cut_across(row, upright, _INSIDE * point):
                tight = _drawn_in(piece, ink)
                if tight is not None:
                    found.append(tight)
    return _reaching(found[:MOST_LINES], upright, ink)


def _reaching(lines: list[Box], upright: Sequence[Stroke], ink: Image) -> list[Box]:
    """The lines with what stands at their ends and the recogniser did not see: list numbers, dashes, full stops."""
    found = []
    for line in lines:
        middle, reach = (line.y0 + line.y1) / 2, round(_REACH * (line.y1 - line.y0))
        walls = [s.x1 for s in upright if s.y0 <= middle <= s.y1] + [o.x1 for o in lines if o.y0 <= middle <= o.y1 and o is not line]
        stops = [s.x0 for s in upright if s.y0 <= middle <= s.y1] + [o.x0 for o in lines if o.y0 <= middle <= o.y1 and o is not line]
        first = max((x for x in walls if x <= line.x0 + 1), default=0)
        last = min((x for x in stops if x >= line.x1 - 1), default=ink.shape[1])
        margin = round(_MARGIN * (line.y1 - line.y0))  # where the lines above and below may touch it
        dark = ink[line.y0 + margin : line.y1 - margin].any(axis=0)
        x0, x1 = line.x0, line.x1
        while x0 > first and (step := _first_dark(dark[max(first, x0 - reach) : x0])) is not None:
            x0 = max(first, x0 - reach) + step
        while x1 < last and (step := _first_dark(dark[x1 : min(last, x1 + reach)][::-1])) is not None:
            x1 = min(last, x1 + reach) - step
        found.append(Box(x0, line.y0, x1, line.y1))
    return found


def _first_dark(dark: Image) -> int | None:
    import numpy as np

    at = np.flatnonzero(dark)
    return int(at[0]) if len(at) else None


def _cut_across(box: Box, strokes: Sequence[Stroke], inside: float) -> list[Box]:
    middle = (box.y0 + box.y1) / 2
    cuts = sorted((s.x0, s.x1) for s in strokes if s.y0 <= middle <= s.y1 and box.x0 + inside < (s.x0 + s.x1) / 2 < box.x1 - inside)
    edges = [box.x0, *(x for pair in cuts for x in pair), box.x1]
    return [Box(a, box.y0, b, box.y1) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > inside]


def _cut_down(box: Box, strokes: Sequence[Stroke], inside: float) -> list[Box]:
    """A line that runs near the middle of a box parts two rows; one at its edge is the side of the cell."""
    middle = (box.x0 + box.x1) / 2
    reach = max(inside, 0.25 * (box.y1 - box.y0))
    cuts = sorted((s.y0, s.y1) for s in strokes if s.x0 <= middle <= s.x1 and box.y0 + reach < (s.y0 + s.y1) / 2 < box.y1 - reach)
    edges = [box.y0, *(y for pair in cuts for y in pair), box.y1]
    return [Box(box.x0, a, box.x1, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > inside]


def _drawn_in(box: Box, ink: Image) -> Box | None:
    """The box around the ink of its middle line; ink of the lines above and below is left out."""
    import numpy as np

    part = ink[max(0, box.y0) : box.y1, max(0, box.x0) : box.x1]
    bands = _bands(np.flatnonzero(part.any(axis=1)), _GAP * (box.y1 - box.y0))
    if not bands:
        return None
    middle = (box.y1 - box.y0) / 2
    top, bottom = min(bands, key=lambda band: max(band[0] - middle, middle - band[1], 0))
    columns = np.flatnonzero(part[top:bottom].any(axis=0))
    return Box(box.x0 + int(columns[0]), box.y0 + top, box.x0 + int(columns[-1]) + 1, box.y0 + bottom)


def _bands(rows: Any, gap: float) -> list[tuple[int, int]]:
    """Stretches of an array of rising numbers with no more than `gap` between two, as (first, last + 1)."""
    bands: list[tuple[int, int]] = []
    for row in rows.tolist():
        if bands and row - bands[-1][1] <= gap:
            bands[-1] = (bands[-1][0], row + 1)
        else:
            bands.append((row, row + 1))
    return bands


def forgotten(cells: Sequence[Box], lines: Sequence[Box], ink: Image, point: float) -> list[Box]:
    """Lines made of the ink that stands in none of `lines`: any in `cells`, outside only what is as high as the others.

    Much of such ink outside is a picture, and left alone.
    """
    rest = ink.copy()
    pad = round(1.5 * point)
    for x0, y0, x1, y1 in lines:
        rest[max(0, y0 - pad) : y1 + pad, max(0, x0 - pad) : x1 + pad] = 0
    rest = _larger(rest, _FAINTEST * point)
    found = []
    for x0, y0, x1, y1 in cells:
        found += [Box(x0 + a, y0 + b, x0 + c, y0 + d) for a, b, c, d in _pieces(rest[y0:y1, x0:x1], point) if d - b <= _TALLEST * point]
        rest[y0:y1, x0:x1] = 0
    heights = sorted(box.y1 - box.y0 for box in lines)
    usual = heights[len(heights) // 2] if heights else 0
    outside = [box for box in _pieces(rest, point) if 0.45 * usual <= box.y1 - box.y0 <= 1.6 * usual]
    if len(outside) <= _FEW:
        found += outside
    return found[: MOST_LINES - len(lines)]


def _pieces(ink: Image, point: float) -> list[Box]:
    """Ink in rows and words."""
    import numpy as np

    return [
        Box(left, top, right, bottom)
        for top, bottom in _bands(np.flatnonzero(ink.any(axis=1)), 2.0 * point)
        for left, right in _bands(np.flatnonzero(ink[top:bottom].any(axis=0)), _WORD_GAP * point)
    ]


def dash(line: Box, point: float) -> str:
    """The dashes that a line of ink without height is; empty for one with height."""
    width, height = (line.x1 - line.x0) / point, (line.y1 - line.y0) / point
    return "" if height > _FLAT or width < 3.0 * height else "—" * (2 if width > _LONGEST_DASH else 1)

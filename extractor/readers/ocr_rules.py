"""Ruling lines of a scanned page, and the page without them.

Dark pixels are opened by long thin bars (mathematical morphology): only straight lines survive. A short line is
one only where both of its ends meet others, as the sides of a cell do and the strokes of a character do not.
"""

from __future__ import annotations

from typing import NamedTuple

from extractor.readers.ocr_engine import Image

_ALONE, _LONG, _SHORT = 60.0, 26.0, 7.0
"""Points: the shortest line that counts by itself, that counts where it touches another, and that counts between two
others. The strokes of 22-point type are up to 22 points long."""
_BROKEN = 5.0
"""Points that may be missing in a line where the print or the scan is weak."""
_THICKEST = 3.0
_BESIDE = 0.5
"""Share of a line's length along which there may be ink above it, or below."""
_TOUCHING, _ENDING = 3.5, 1.3
"""Points between a line and another that it touches somewhere, and that it ends at: characters come closer to the sides
of their cell than the first."""
_WINDOW = 24.0
"""Points around a pixel with which it is compared to say whether it is dark."""
_GRAIN = 0.3
"""Points over which the grain of the paper and the scanner's noise are evened out."""
_CONTRAST = 14
"""Levels of grey by which a dark pixel is darker than its surroundings."""
MOST_LINES = 2_000


class Stroke(NamedTuple):
    """A ruling line in pixels: a thin upright rectangle, ends excluded."""

    x0: int
    y0: int
    x1: int
    y1: int


def ink(image: Image, point: float) -> Image:
    """A mask of what is darker than its surroundings, so that shades and shadows do not count; `point` in pixels."""
    import cv2

    window = max(3, round(_WINDOW * point) | 1)
    smooth = cv2.GaussianBlur(image, (0, 0), _GRAIN * point)
    return cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, _CONTRAST)


def find_strokes(dark: Image, point: float) -> tuple[list[Stroke], list[Stroke]]:
    """The horizontal and the vertical ruling lines among the dark pixels; none on a page with too many."""
    # The vertical ones are looked for on the page turned over its diagonal, so that there is one way to look.
    flat, flat_pieces = _along(dark, point)
    upright, upright_pieces = _along(dark.T.copy(), point)
    if max(map(len, (flat, flat_pieces, upright, upright_pieces))) > MOST_LINES:
        return [], []
    slack, ending = _TOUCHING * point, _ENDING * point
    # A side of a cell may hang on another short one, hence twice.
    for _ in range(2):
        flat, flat_pieces = _taken(flat, flat_pieces, list(map(_flipped, upright)), ending)
        upright, upright_pieces = _taken(upright, upright_pieces, list(map(_flipped, flat)), ending)
    alone = _ALONE * point
    return (
        [s for s in flat if s.x1 - s.x0 >= alone or _touches(s, upright, slack)],
        [_flipped(s) for s in upright if s.x1 - s.x0 >= alone or _touches(s, flat, slack)],
    )


def _taken(lines: list[Stroke], pieces: list[Stroke], across: list[Stroke], slack: float) -> tuple[list[Stroke], list[Stroke]]:
    """Horizontal lines with the pieces that end at lines `across` on both sides, and the other pieces."""
    verdicts = [(piece, _meets(piece, across, slack)) for piece in pieces]
    return lines + [piece for piece, good in verdicts if good], [piece for piece, good in verdicts if not good]


def without(image: Image, strokes: list[Stroke], point: float) -> Image:
    """The page with lines painted over in the colour of its paper."""
    import numpy as np

    paper = int(np.median(image))
    clean = image.copy()
    edge = max(1, round(0.5 * point))
    for x0, y0, x1, y1 in strokes:
        clean[max(0, y0 - edge) : y1 + edge, max(0, x0 - edge) : x1 + edge] = paper
    return clean


def _flipped(stroke: Stroke) -> Stroke:
    return Stroke(stroke.y0, stroke.x0, stroke.y1, stroke.x1)


def _along(dark: Image, point: float) -> tuple[list[Stroke], list[Stroke]]:
    """Horizontal lines: those long enough by themselves or with the pieces beside them, and the other short ones."""
    import cv2

    # A line that still falls by a pixel now and then is held together by one of width.
    thick = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3)))
    long = max(3, round(_LONG * point))
    pieces = [s for s in _opened(thick, max(3, round(_SHORT * point)), point) if s.x1 - s.x0 < long]
    # Long ones are looked for by themselves, without the strokes of characters that touch them.
    return _continued(_opened(thick, long, point), pieces, _BROKEN * point)


def _opened(thick: Image, length: int, point: float) -> list[Stroke]:
    """The horizontal stretches of at least `length` pixels that are as thin as a line and stand alone."""
    import cv2

    bars = cv2.morphologyEx(thick, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(bars, connectivity=8)
    found = []
    for x, y, width, height, area in stats[1:].tolist():
        # The widening added a pixel above and one below.
        if area / width - 2 <= _THICKEST * point and height - 2 <= _THICKEST * point + 0.01 * width:
            inset = 1 if height > 2 else 0
            stroke = Stroke(x, y + inset, x + width, y + height - inset)
            if _stands_alone(stroke, thick, point):
                found.append(stroke)
    return found


def _stands_alone(stroke: Stroke, dark: Image, point: float) -> bool:
    """Whether it is white above and below, as it is not at the strokes of characters; of a double line, on one side.

    No character has a stroke as long as some lines are, and in low rows the text comes close to them.
    """
    if stroke.x1 - stroke.x0 >= _ALONE * point:
        return True
    near, far = round(0.8 * point) + 1, round(2.2 * point) + 1
    above = dark[max(0, stroke.y0 - far) : max(0, stroke.y0 - near), stroke.x0 : stroke.x1]
    below = dark[stroke.y1 + near : stroke.y1 + far, stroke.x0 : stroke.x1]
    shares = sorted(float(side.any(axis=0).mean()) if side.size else 0.0 for side in (above, below))
    if stroke.x1 - stroke.x0 >= _LONG * point:
        return shares[0] <= _BESIDE
    return shares[1] <= _BESIDE or (shares[0] <= 0.1 and shares[1] >= 0.9)


def _continued(lines: list[Stroke], pieces: list[Stroke], gap: float) -> tuple[list[Stroke], list[Stroke]]:
    """Long lines with the pieces that go on from them behind a gap, reaching over to it; and the other pieces."""
    lines = sorted(lines, key=lambda s: s.x0)
    rest: list[Stroke] = []
    for piece in sorted(pieces, key=lambda s: s.x0):
        for k, line in enumerate(lines):
            level = abs(line.y0 + line.y1 - piece.y0 - piece.y1) <= 2 + line.y1 - line.y0
            if level and max(piece.x0 - line.x1, line.x0 - piece.x1) <= gap:
                lines[k] = Stroke(min(line.x0, piece.x0), line.y0, max(line.x1, piece.x1), line.y1)
                break
        else:
            rest.append(piece)
    return lines, rest


def _touches(stroke: Stroke, others: list[Stroke], slack: float) -> bool:
    """Whether a line across, itself lying on its side, stands somewhere on a horizontal one."""
    middle = (stroke.y0 + stroke.y1) / 2
    return any(
        stroke.x0 - slack <= (other.y0 + other.y1) / 2 <= stroke.x1 + slack and other.x0 - slack <= middle <= other.x1 + slack
        for other in others
    )


def _meets(stroke: Stroke, others: list[Stroke], slack: float) -> bool:
    """Whether upright lines stand at both ends of a horizontal one."""
    middle = (stroke.y0 + stroke.y1) / 2
    return all(
        any(abs((other.x0 + other.x1) / 2 - end) <= slack and other.y0 - slack <= middle <= other.y1 + slack for other in others)
        for end in (stroke.x0, stroke.x1)
    )

"""What is printed on one page, whatever format it comes from: placed characters and ruling lines.

Everything is upright and in points from the page's top left corner. A format with pages only has to fill a
`PageContent`; `paged` makes lines, tables and paragraphs of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

MAX_PAGES = 2_000
"""Pages of one document; year-end reports have 10 to 200."""
MAX_DOCUMENT_CHARACTERS = 5_000_000
"""Characters of one document, over all pages."""
MAX_CHARACTERS = 100_000
"""Characters of one page; a dense printed page has about 5 000."""
MAX_SEGMENTS = 200_000
"""Path segments of one page; a page that is one large drawing has more, and no table."""
MAX_SCANS = 300
"""Pages of one document that are read from pictures; each takes some seconds."""
THICKEST = 4.0
"""Points: a filled rectangle up to this thick is a ruling line, a thicker one is a shaded area."""
FULL_PAGE, _STAMP = 0.85, 40
"""A picture that covers such a share of a page, with fewer characters than this beside it, is the page."""
_SHORTEST = 1.5
_GARBAGE = 0.3
"""Share of characters without a known meaning from which the fonts are reported."""
_MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff]")
_SLANT = 0.2
"""Tangent from which text counts as slanted; scanned pages lie up to a few degrees askew."""

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class TooLarge(Exception):
    """The page is beyond a limit; the argument says which."""


class Char(NamedTuple):
    """One character in reading direction; `size` is the height of its font in points, `sure` how certain a recogniser
    is of it (0 to 1)."""

    char: str
    x0: float
    x1: float
    middle: float
    size: float
    sure: float = 1.0


class Glyph(NamedTuple):
    """A character with its box in the page's own space, in points, and the direction in which it runs as a vector."""

    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    along: float
    upwards: float


class Rule(NamedTuple):
    """A straight ruling line, horizontal (``y0 == y1``) or vertical (``x0 == x1``)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class PageContent:
    """One upright page; `pictures` is the share of it that pictures cover (0 to 1), `slanted` the text set at
    an angle (a watermark), which is not among `chars`. `drawing` says that there were too many paths to look
    for ruling lines, `unseen` that there is text which was passed over. `confidence` is how certain a recogniser is of a
    character on average (0 to 1), for a page that was read from its picture, and `unclear` how many of its lines could not be told."""

    number: int
    width: float
    height: float
    chars: list[Char]
    rules: list[Rule]
    pictures: float
    slanted: str
    drawing: bool = False
    unseen: bool = False
    confidence: float | None = None
    unclear: int = 0

    @property
    def garbled(self) -> bool:
        """Whether many of the characters have no known meaning."""
        return len(_MEANINGLESS.findall("".join([char.char for char in self.chars]))) > _GARBAGE * max(1, len(self.chars))

    @property
    def is_scan(self) -> bool:
        """Whether its text is in its picture: it has no characters, only a stamp, or only ones without a meaning."""
        printed = sum(not char.char.isspace() for char in self.chars)
        return printed == 0 or (printed < _STAMP and self.pictures >= FULL_PAGE) or self.garbled


def apply(matrix: Matrix, x: float, y: float) -> Point:
    """The point where `matrix` puts ``(x, y)``."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def joined(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does `first` and then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def is_slanted(along: float, upwards: float) -> bool:
    """Whether text that runs in this direction lies across the page."""
    return min(abs(along), abs(upwards)) > _SLANT * max(abs(along), abs(upwards))


def reading_turn(directions: Iterable[tuple[float, float]]) -> int:
    """Quarter turns clockwise after which most of the text runs to the right; `directions` are as of a `Glyph`.

    The text says it, not what the file says of the page: a page turned by 90 degrees only means something if its
    text runs upwards, and sideways tables are also drawn on pages that are not turned.
    """
    turns = [0, 0, 0, 0]
    for along, upwards in directions:
        if abs(upwards) > abs(along):
            turns[1 if upwards > 0 else 3] += 1
        else:
            turns[0 if along >= 0 else 2] += 1
    return turns.index(max(turns))


def placed(glyphs: Sequence[Glyph], place: Matrix) -> tuple[list[Char], str]:
    """The characters where `place` puts them, and the slanted ones; the height of a box is the size of its font."""
    if len(glyphs) > MAX_CHARACTERS:
        raise TooLarge(f"{len(glyphs)} characters, the limit is {MAX_CHARACTERS}")
    chars: list[Char] = []
    slanted: list[str] = []
    for char, x0, y0, x1, y1, along, upwards in glyphs:
        if is_slanted(along, upwards):
            slanted.append(char)
            continue
        (xa, ya), (xb, yb) = apply(place, x0, y0), apply(place, x1, y1)
        chars.append(Char(char, min(xa, xb), max(xa, xb), (ya + yb) / 2, max(1.0, abs(yb - ya))))
    return chars, "".join(slanted).strip()


def outline_rules(outlines: list[list[Point]], stroked: bool) -> Iterator[Rule]:
    """The ruling lines of one path: its straight-edged outlines, `stroked` or else filled."""
    # Two nested boxes filled between them are a frame, drawn without a stroke.
    edges = stroked or len(outlines) > 1
    for outline in outlines:
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        box = Rule(min(xs), min(ys), max(xs), max(ys))
        width, height = box.x1 - box.x0, box.y1 - box.y0
        if min(width, height) <= THICKEST:
            if max(width, height) > max(_SHORTEST, 1.5 * min(width, height)):
                yield _centred(box)
        elif edges:
            for (xa, ya), (xb, yb) in pairwise(outline):
                side = Rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
                if min(side.x1 - side.x0, side.y1 - side.y0) < 1.0 and max(side.x1 - side.x0, side.y1 - side.y0) > _SHORTEST:
                    yield _centred(side)


def _centred(box: Rule) -> Rule:
    if box.x1 - box.x0 >= box.y1 - box.y0:
        middle = (box.y0 + box.y1) / 2
        return Rule(box.x0, middle, box.x1, middle)
    middle = (box.x0 + box.x1) / 2
    return Rule(middle, box.y0, middle, box.y1)

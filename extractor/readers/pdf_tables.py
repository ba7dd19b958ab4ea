"""Grids and runs to tables, and the parts of a table that goes on over pages to one.

A part goes on on the next page if it ends the one page and begins the next and its column edges agree. On
joining, a header printed again is dropped, a merged cell that the break cut is made one again, and so is
a row that the break cut: its tail stands first on the new page with nothing in the key cell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from extractor.readers.blocks import RawCell
from extractor.readers.lattice import Grid
from extractor.readers.pdf_paragraphs import join_wrapped
from extractor.readers.pdf_text import Line, Run, find_lines, split_run, unsure_numbers

_FULL = 14.0
"""Points: with less left beside it than this and the next word, a cell's line is full (padding included)."""
EDGE, LOOSE_EDGE = 2.5, 12.0
"""Points by which the column edges of two parts may differ; more where no line marks them."""
_NO_START = "，。、；：？！）》”’】」』%％"
_DIGIT = 0.6
"""A digit is about so wide (em)."""
_NUMERIC = re.compile(r"[-+—–]*[\d,，.％%\s]*")


@dataclass(slots=True)
class Part:
    """A table on one page, or joined so far: `xs` are its column edges, `top` and `bottom` its ends."""

    cells: list[RawCell]
    xs: list[float]
    rows: int
    page: int
    last_page: int
    top: float
    bottom: float
    first_row: float
    """Height of the first row in points."""
    free: dict[int, float] = field(default_factory=dict)
    """By column, the width that the last line of a cell of the last row leaves free."""
    heads: dict[int, float] = field(default_factory=dict)
    """By column, the width of the first word of a cell of the first row."""
    ruled: bool = True
    opening: list[RawCell] = field(default_factory=list)
    """The cells of the first page."""
    latest: list[RawCell] = field(default_factory=list)
    """The cells of the last page."""
    ending: list[RawCell] = field(default_factory=list)
    """The cells that reach down to the end, from left to right."""

    def __post_init__(self) -> None:
        self.opening = self.latest = list(self.cells)
        self.ending = _reaching(self.cells, self.rows)


def fill(grid: Grid, runs: list[Run], page: int) -> tuple[Part | None, list[Run]]:
    """The table of `grid` with its text, and the runs that lie outside it. None if it holds no text."""
    xs, ys = grid.xs, grid.ys
    owner: dict[tuple[int, int], int] = {}
    for number, place in enumerate(grid.places):
        for row in range(place.row, place.row + place.rowspan):
            for column in range(place.column, place.column + place.colspan):
                owner[row, column] = number
    held: list[list[Run]] = [[] for _ in grid.places]
    walls = [_walls(grid, owner, row) for row in range(len(ys) - 1)]
    outside: list[Run] = []
    for run in runs:
        if not ys[0] < run.middle < ys[-1] or run.x1 < xs[0] or run.x0 > xs[-1]:
            outside.append(run)
            continue
        row = bisect_right(ys, run.middle) - 1
        for part_of_run in split_run(run, walls[row]):
            middle = (part_of_run.x0 + part_of_run.x1) / 2
            if xs[0] - 1 <= middle <= xs[-1] + 1:
                column = min(max(bisect_right(xs, middle) - 1, 0), len(xs) - 2)
                held[owner[row, column]].append(part_of_run)
            else:
                outside.append(part_of_run)
    if not any(held):
        return None, runs
    rows = len(ys) - 1
    cells: list[RawCell] = []
    free: dict[int, float] = {}
    heads: dict[int, float] = {}
    for place, runs_here in zip(grid.places, held, strict=True):
        lines = find_lines(runs_here) if runs_here else []
        cells.append(RawCell(place.row, place.column, _text(lines, xs[place.column], xs[place.column + place.colspan]), place.rowspan, place.colspan, page, unsure=unsure_numbers(lines)))
        if lines and place.row + place.rowspan == rows:
            free[place.column] = xs[place.column + place.colspan] - xs[place.column] - (lines[-1].x1 - lines[-1].x0)
        if lines and place.row == 0:
            heads[place.column] = lines[0].head
    return Part(cells, xs, rows, page, page, ys[0], ys[-1], ys[1] - ys[0], free, heads), outside


def _walls(grid: Grid, owner: dict[tuple[int, int], int], row: int) -> list[float]:
    """The edges at which a cell of `row` ends."""
    inner = [grid.xs[k] for k in range(1, len(grid.xs) - 1) if owner[row, k - 1] != owner[row, k]]
    return [grid.xs[0], *inner, grid.xs[-1]]


def _text(lines: list[Line], left: float = 0, right: float = 0) -> str:
    """The lines of a cell between two walls as one text. A number that is wider than its cell is broken anywhere: where no
    digit more had room, the digit that begins the next line goes on with it."""
    parts: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before and right and before.text[-1:].isdigit() and line.text[:1].isdigit() and right - before.x1 < (before.x0 - left) + _DIGIT * before.size:
            parts[-1] += line.text
        else:
            parts.append(line.text)
    return join_wrapped(parts)


def cell_text(runs: list[Run]) -> str:
    """The text of one cell, its lines joined."""
    return _text(find_lines(runs)) if runs else ""


# --- over pages ---------------------------------------------------------------------------------


def goes_on(part: Part, following: Part, room: float) -> bool:
    """Whether `following`, first on the next page, is the rest of `part`, last on its own.

    `room` is the height that `part` left unused on its page: a table that stopped with room for more
    ended there, unless the next one prints the same header again.
    """
    if following.page != part.last_page + 1:
        return False
    slack = EDGE if part.ruled and following.ruled else LOOSE_EDGE
    shorter, longer = sorted((part.xs, following.xs), key=len)
    if abs(shorter[0] - longer[0]) > slack or abs(shorter[-1] - longer[-1]) > slack:
        return False
    if not all(min(abs(x - y) for y in longer) <= slack for x in shorter):
        return False
    return room < following.first_row + 60.0 or repeated_header(part, following) > 0


def join(part: Part, following: Part) -> tuple[int, bool]:
    """Appends `following` to `part`. Returns how many repeated header rows were dropped, and whether a cut row was mended."""
    xs = max(part.xs, following.xs, key=len)
    _regrid(part, xs)
    _regrid(following, xs)
    dropped = repeated_header(part, following)
    cells = sorted((cell for cell in following.cells if cell.row >= dropped), key=lambda cell: (cell.row, cell.column))
    for cell in cells:
        cell.row -= dropped
    rows = following.rows - dropped
    mended = rows > 0 and _is_tail(part, following, [cell for cell in cells if cell.row == 0])
    if mended:
        _merge_tail(part, [cell for cell in cells if cell.row == 0])
        cells = [cell for cell in cells if cell.row > 0]
        for cell in cells:
            cell.row -= 1
        rows -= 1
    grown = part.ending
    if rows > 0 and not mended:
        cells = _rejoin_merged(part, cells)
    for cell in cells:
        cell.row += part.rows
    part.cells += cells
    part.rows += rows
    if rows > 0:
        part.free, part.latest = following.free, cells
        part.ending = _reaching([*grown, *cells], part.rows)
    part.last_page, part.bottom = following.last_page, following.bottom
    return dropped, mended


def _regrid(part: Part, xs: list[float]) -> None:
    """Numbers the columns of `part` by the edges `xs`, which hold all of its own."""
    if len(xs) == len(part.xs):
        return
    index = [min(range(len(xs)), key=lambda k: abs(xs[k] - x)) for x in part.xs]
    for cell in part.cells:
        start, end = index[cell.column], index[cell.column + cell.colspan]
        cell.column, cell.colspan = start, max(1, end - start)
    part.xs = xs


def repeated_header(part: Part, following: Part) -> int:
    """How many rows at the top of `following` repeat the top of `part`."""
    count = 0
    while count < min(part.rows, following.rows):
        ours, theirs = _row(part.opening, count), _row(following.opening, count)
        if not any(cell.text for cell in theirs) or _plain(ours) != _plain(theirs):
            break
        count += 1
    # A header that spans rows is repeated whole or not at all.
    while count and any(cell.row < count < cell.row + cell.rowspan for cell in following.cells):
        count -= 1
    return count


def _row(cells: list[RawCell], number: int) -> list[RawCell]:
    return sorted((cell for cell in cells if cell.row == number), key=lambda cell: cell.column)


def _plain(cells: list[RawCell]) -> list[tuple[str, int]]:
    return [("".join(cell.text.split()), cell.rowspan) for cell in cells]


def _is_tail(part: Part, following: Part, first: list[RawCell]) -> bool:
    """Whether the first row after the break is the rest of the row before it."""
    heads = {cell.column: cell for cell in part.ending}
    filled = [cell for cell in first if cell.text]
    if not filled or any(cell.rowspan > 1 for cell in first) or any(cell.column not in heads for cell in filled):
        return False
    pairs = [(heads[cell.column], cell) for cell in filled]
    if any(head.colspan != cell.colspan or not head.text for head, cell in pairs):
        return False
    if any(_NUMERIC.fullmatch(head.text) and _NUMERIC.fullmatch(cell.text) for head, cell in pairs):
        return False
    if any(cell.text[0] in _NO_START for cell in filled):
        return True
    key = min(heads, default=None)
    if key is None or heads[key].rowspan > 1 or not heads[key].text:
        return False
    # An empty cell says something only where its column is filled otherwise.
    usual = [column for column in heads if _is_filled(part, column)]
    if all(cell.column != key for cell in filled):
        return key in usual
    # The key cell itself goes on: the other columns are empty, and the lines above were full.
    bare = [column for column in usual if all(cell.column != column for cell in filled)]
    full = all(part.free.get(c.column, 1e9) < following.heads.get(c.column, 0.0) + _FULL for c in filled)
    return full and len(bare) > 0 and len(bare) >= len(usual) - len(filled)


def _reaching(cells: list[RawCell], end: int) -> list[RawCell]:
    return sorted((cell for cell in cells if cell.row + cell.rowspan == end), key=lambda cell: cell.column)


def _is_filled(part: Part, column: int) -> bool:
    cells = [cell for cell in part.latest if cell.column == column]
    return sum(bool(cell.text) for cell in cells) >= 0.8 * len(cells)


def _merge_tail(part: Part, tail: list[RawCell]) -> None:
    heads = {cell.column: cell for cell in part.ending}
    for cell in tail:
        if cell.text:
            head = heads[cell.column]
            head.text = join_wrapped([head.text, cell.text])
            head.last_page, head.unsure = cell.page, head.unsure + cell.unsure


def _rejoin_merged(part: Part, cells: list[RawCell]) -> list[RawCell]:
    """Without the empty first cells that only carry a merged cell of `part` on; that one grows instead."""
    heads = {(cell.column, cell.colspan): cell for cell in part.ending}
    kept = []
    for cell in cells:
        head = heads.get((cell.column, cell.colspan))
        carried = cell.row == 0 and not cell.text and head is not None and head.text and head.rowspan + cell.rowspan > 2
        if carried and head is not None:
            head.rowspan += cell.rowspan
        else:
            kept.append(cell)
    return kept

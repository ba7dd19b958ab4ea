"""Ruling lines to grids: which lines meet, where rows and columns lie, which neighbours are one cell.

Lines are snapped to common coordinates, joined where they are pieces of one line, and grouped by where
they meet. A group with rows and columns is a grid; two grid places with no line between them are one
cell. A side that is left open (no outer border, or a table cut by the page's end) is closed where the
crossing lines end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from extractor.readers.printed import Rule

SNAP = 2.5
"""Points within which parallel lines count as one (double borders) and ends count as touching."""
_OPEN = 6.0
MAX_LINES = 2_000
"""Joined lines of one page; a page with more is a drawing and has no table."""
MAX_PLACES = 40_000
"""Grid places (rows times columns) of one table."""


class Line(NamedTuple):
    """A joined ruling line at coordinate `at`, from `low` to `high` along the other axis."""

    at: float
    low: float
    high: float


class Place(NamedTuple):
    """A cell: its top left grid place and how many rows and columns it spans."""

    row: int
    column: int
    rowspan: int
    colspan: int


@dataclass(slots=True)
class Grid:
    """Column edges `xs`, row edges `ys` (both rising) and the cells between them in row order."""

    xs: list[float]
    ys: list[float]
    places: list[Place]


def split_rules(rules: Iterable[Rule]) -> tuple[list[Line], list[Line]]:
    """The horizontal and the vertical lines, pieces of one line joined."""
    flat: list[Line] = []
    upright: list[Line] = []
    for x0, y0, x1, y1 in rules:
        if x1 - x0 >= y1 - y0:
            flat.append(Line(y0, x0, x1))
        else:
            upright.append(Line(x0, y0, y1))
    return _join_pieces(flat), _join_pieces(upright)


def _levels(values: Iterable[float]) -> list[float]:
    """Means of the clusters of `values`: a value within `SNAP` of a cluster's first joins it."""
    levels: list[float] = []
    cluster: list[float] = []
    for value in sorted(values):
        if cluster and value - cluster[0] > SNAP:
            levels.append(sum(cluster) / len(cluster))
            cluster = []
        cluster.append(value)
    if cluster:
        levels.append(sum(cluster) / len(cluster))
    return levels


def _join_pieces(lines: list[Line]) -> list[Line]:
    joined: list[Line] = []
    lines = sorted(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].at - lines[start].at <= SNAP:
            end += 1
        at = sum(line.at for line in lines[start:end]) / (end - start)
        low = high = None
        for line in sorted(lines[start:end], key=lambda line: line.low):
            if low is None or high is None:
                low, high = line.low, line.high
            elif line.low <= high + SNAP:
                high = max(high, line.high)
            else:
                joined.append(Line(at, low, high))
                low, high = line.low, line.high
        if low is not None and high is not None:
            joined.append(Line(at, low, high))
        start = end
    return joined


def find_grids(flat: list[Line], upright: list[Line]) -> list[Grid]:
    """The grids of at least two cells that the lines prove, from top to bottom."""
    if len(flat) + len(upright) > MAX_LINES:
        return []
    grids = []
    for flat_group, upright_group in _groups(flat, upright):
        grid = _grid(flat_group, upright_group)
        if grid is not None and len(grid.places) > 1:
            grids.append(grid)
    outer = [grid for grid in grids if not any(_inside(grid, other) for other in grids if other is not grid)]
    return sorted(outer, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _inside(grid: Grid, other: Grid) -> bool:
    return (
        other.xs[0] - SNAP <= grid.xs[0] and grid.xs[-1] <= other.xs[-1] + SNAP
        and other.ys[0] - SNAP <= grid.ys[0] and grid.ys[-1] <= other.ys[-1] + SNAP
        and (other.xs[-1] - other.xs[0]) * (other.ys[-1] - other.ys[0]) > (grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0])
    )  # fmt: skip


def _groups(flat: list[Line], upright: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that meet directly or through others (union by smallest index)."""
    parent = list(range(len(flat) + len(upright)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, (y, left, right) in enumerate(flat):
        for j, (x, top, bottom) in enumerate(upright, len(flat)):
            if left - SNAP <= x <= right + SNAP and top - SNAP <= y <= bottom + SNAP:
                a, b = root(i), root(j)
                parent[max(a, b)] = min(a, b)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for node in range(len(parent)):
        group = groups.setdefault(root(node), ([], []))
        if node < len(flat):
            group[0].append(flat[node])
        else:
            group[1].append(upright[node - len(flat)])
    return [group for group in groups.values() if group[0] and group[1]]


def _grid(flat: list[Line], upright: list[Line]) -> Grid | None:
    xs, ys = _levels(line.at for line in upright), _levels(line.at for line in flat)
    flat, upright = flat + _closing(flat, upright, ys), upright + _closing(upright, flat, xs)
    xs, ys = _levels(line.at for line in upright), _levels(line.at for line in flat)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MAX_PLACES:
        return None
    # below[r][c]: a line under row r in column c; beside[r][c]: a line right of column c in row r.
    below = [[False] * (len(xs) - 1) for _ in ys]
    beside = [[False] * len(xs) for _ in range(len(ys) - 1)]
    for line in flat:
        row = _nearest(ys, line.at)
        for column in _covered(xs, line):
            below[row - 1][column] = True
    for line in upright:
        column = _nearest(xs, line.at)
        for row in _covered(ys, line):
            beside[row][column - 1] = True
    return Grid(xs, ys, _places(below, beside, len(ys) - 1, len(xs) - 1))


def _closing(along: list[Line], across: list[Line], levels: list[float]) -> list[Line]:
    """Lines that close the open sides: where most crossing lines run on past the outermost level."""
    closing = []
    low, high = min(line.low for line in across), max(line.high for line in across)
    reach_low = [line for line in across if line.low < levels[0] - _OPEN]
    reach_high = [line for line in across if line.high > levels[-1] + _OPEN]
    start, end = min(line.at for line in across), max(line.at for line in across)
    if 2 * len(reach_low) > len(across) or (len(along) > 1 and len(reach_low) > 2):
        closing.append(Line(low, start, end))
    if 2 * len(reach_high) > len(across) or (len(along) > 1 and len(reach_high) > 2):
        closing.append(Line(high, start, end))
    return closing


def _nearest(levels: list[float], value: float) -> int:
    return min(range(len(levels)), key=lambda k: abs(levels[k] - value))


def _covered(levels: list[float], line: Line) -> list[int]:
    return [
        k for k in range(len(levels) - 1)
        if line.low - SNAP <= (levels[k] + levels[k + 1]) / 2 <= line.high + SNAP
    ]  # fmt: skip


def _places(below: list[list[bool]], beside: list[list[bool]], rows: int, columns: int) -> list[Place]:
    """Rectangles of grid places with no line inside, each as wide and then as high as the lines allow."""
    taken = [[False] * columns for _ in range(rows)]
    places = []
    for row in range(rows):
        for column in range(columns):
            if taken[row][column]:
                continue
            right = column
            while right + 1 < columns and not beside[row][right] and not taken[row][right + 1]:
                right += 1
            bottom = row
            while bottom + 1 < rows and _open_row(below, beside, taken, bottom, column, right):
                bottom += 1
            for r in range(row, bottom + 1):
                for c in range(column, right + 1):
                    taken[r][c] = True
            places.append(Place(row, column, bottom - row + 1, right - column + 1))
    return places


def _open_row(below: list[list[bool]], beside: list[list[bool]], taken: list[list[bool]], row: int, left: int, right: int) -> bool:
    """No line under `row` from `left` to `right`, none inside the next row there, and the next row is free."""
    return not (
        any(below[row][left : right + 1]) or any(beside[row + 1][left:right]) or any(taken[row + 1][left : right + 1])
    )

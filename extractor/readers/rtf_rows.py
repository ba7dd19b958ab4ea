"""Rows of an RTF table to a grid: a row says where its cells end on the page, the edges of all rows make the columns.

Source: Rich Text Format Specification 1.9.1, "Table Definitions".
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

import msgspec

from extractor.readers.flow import Block
from extractor.readers.grid import MAX_COLUMNS, Grid, GridCell, columns

_UNSAID = 1000
"""Twips (twentieths of a point) of a cell of which the row does not say where it ends."""


class Edge(msgspec.Struct):
    """The right edge of a cell, and how it is merged: with the cell to its left, or below one above."""

    right: int = 0
    opens: bool = False
    below: bool = False
    beside: bool = False


class Shape(msgspec.Struct):
    """What ``\\trowd`` and the words behind it say of a row."""

    left: int = 0
    edges: list[Edge] = msgspec.field(default_factory=list)
    next: Edge = msgspec.field(default_factory=Edge)
    last: bool = False

    def end_cell(self, right: int) -> None:
        """``\\cellx``: the cell described so far ends here."""
        if len(self.edges) < MAX_COLUMNS:
            self.next.right = max(right, (self.edges[-1].right if self.edges else self.left) + 1)
            self.edges.append(self.next)
            self.next = Edge()


class Row(msgspec.Struct):
    """A row with the content of its cells."""

    shape: Shape
    cells: list[list[Block]]


def table(rows: list[Row], left_out: Counter[str]) -> list[Block]:
    """The table of the rows, and the tables in its cells; cells that a merge hides are counted in `left_out`."""
    edges = [_edges(row) for row in rows]
    begins = columns({edge.right for row in edges for edge in row} | {row.shape.left for row in rows})
    grid = Grid()
    for row, ends in zip(rows, edges, strict=True):
        grid.row(_placed(row, ends, begins))
    left_out["merged-text"] += grid.merged_text
    return grid.blocks()


def _edges(row: Row) -> list[Edge]:
    """The edges of a row's cells, with more of them where there are more cells that hold something."""
    edges = list(row.shape.edges)
    filled = max((at + 1 for at, content in enumerate(row.cells) if content), default=1)
    while len(edges) < filled:
        edges.append(Edge((edges[-1].right if edges else row.shape.left) + _UNSAID))
    return edges


def _placed(row: Row, edges: list[Edge], begins: list[int]) -> list[GridCell]:
    cells: list[GridCell] = []
    column = bisect_right(begins, row.shape.left) - 1
    for at, edge in enumerate(edges):
        end = max(column + 1, bisect_right(begins, edge.right) - 1)
        content = row.cells[at] if at < len(row.cells) else []
        cells.append(GridCell(column, end - column, content, edge.opens, edge.below, edge.beside))
        column = end
    return cells

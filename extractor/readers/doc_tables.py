"""Tables of a .doc: the cells of each row by their edges, put on one grid.

A row only says where its own cells begin and end, in twentieths of a point. The edges of all rows together
are the columns, as in w:tblGrid of a .docx; a cell spans those between its edges. Source: [MS-DOC] 2.9.328
(TDefTableOperand) and 2.9.315 (TC80).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from itertools import accumulate, groupby

import msgspec

from extractor.readers import doc_modifiers as sprm
from extractor.readers.doc_modifiers import Modifiers
from extractor.readers.flow import Block
from extractor.readers.grid import Grid, GridCell, columns

MAX_CELLS = 64
"""Cells of one row; Word stops at 63."""
_INCH = 1440
_CELL_BYTES = 20
_BELOW, _TOP = 1, 3  # of the two bits that tell of merges from row to row


class _Cell(msgspec.Struct):
    """A cell's width, and its merge flags: `beside` in the row, `below` from row to row."""

    width: int
    beside: int = 0
    below: int = 0


class Definition(msgspec.Struct, frozen=True):
    """What the mark of a row says of it: where it begins, its cells, and what rows of one table agree on."""

    start: int
    cells: list[_Cell]
    table: tuple[int, ...]


class Row(msgspec.Struct):
    """A row as the file has it: its edges, its cells, what stands in them, and what tells its table from others."""

    edges: list[int]
    cells: list[_Cell]
    contents: list[list[Block]]
    table: tuple[int, ...]


UNDEFINED = Definition(0, [], ())


def define(modifiers: Modifiers) -> Definition:
    """The definition of a row by the modifiers of its mark."""
    return Definition(*_defined(modifiers), tuple(modifiers.number(code) or 0 for code in sprm.TABLE))


def fill(definition: Definition, contents: list[list[Block]]) -> Row:
    """The row with these contents; cells that are not defined are an inch wide."""
    cells = definition.cells[: len(contents)]
    cells += [_Cell(_INCH) for _ in range(len(contents) - len(cells))]
    edges = list(accumulate((max(0, cell.width) for cell in cells), initial=definition.start))
    return Row(edges, cells, contents, definition.table)


def _defined(modifiers: Modifiers) -> tuple[int, list[_Cell]]:
    """Where the row begins, and its cells, after every modifier in turn ([MS-DOC] 2.6.3).

    Edges that a definition gives are final; indent and gap say where a row begins whose cells are all inserted.
    """
    start: int | None = None
    left = gap = 0
    cells: list[_Cell] = []
    for code, operand in modifiers.cells:
        if code == sprm.ROW:
            edges, flags = _definition(operand)
            start = edges[0]
            cells = [
                _Cell(edges[at + 1] - edges[at], flag & 3, flag >> 5 & 3) for at, flag in enumerate(flags)
            ]
        elif code == sprm.LEFT:
            (left,) = struct.unpack("<h", operand)
        elif code == sprm.GAP:
            (gap,) = struct.unpack("<h", operand)
        elif code == sprm.MERGE_BELOW:
            for cell in cells[operand[0] : operand[0] + 1]:
                cell.below = operand[1]
        else:
            _change(cells, code, operand[0], operand[1], int.from_bytes(operand[2:], "little"))
    return left - gap if start is None else start, cells


def _change(cells: list[_Cell], code: int, first: int, second: int, width: int) -> None:
    """The modifiers of a range of cells: `second` is where it ends, of an insertion the number of cells."""
    if code == sprm.INSERT_CELLS:
        cells[first:first] = [_Cell(width) for _ in range(min(second, MAX_CELLS - len(cells)))]
    elif code == sprm.DELETE_CELLS:
        del cells[first:second]
    for at, cell in enumerate(cells[first:second]):
        if code == sprm.WIDTH:
            cell.width = width
        elif code == sprm.MERGE_BESIDE:
            cell.beside = 2 if at else 1
        elif code == sprm.SPLIT_BESIDE:
            cell.beside = 0


def _definition(row: bytes) -> tuple[list[int], list[int]]:
    count = row[0]
    edges = list(struct.unpack_from(f"<{count + 1}h", row, 1))
    at = 1 + 2 * (count + 1)
    return edges, [
        int.from_bytes(row[at + _CELL_BYTES * number : at + _CELL_BYTES * number + 2], "little")
        for number in range(count)
    ]


def put_together(rows: list[Row]) -> list[Grid]:
    """The tables of adjacent rows: one, unless the rows do not agree on what those of one table do."""
    return [_grid(list(group)) for _, group in groupby(rows, key=lambda row: row.table)]


def _grid(rows: list[Row]) -> Grid:
    begins = columns({edge for row in rows for edge in row.edges})
    grid = Grid()
    for row in rows:
        grid.row(_cells(row, begins))
    return grid


def _cells(row: Row, begins: list[int]) -> list[GridCell]:
    found: list[GridCell] = []
    free, first, before = 0, 0, 0
    for number, (cell, content) in enumerate(zip(row.cells, row.contents, strict=False)):
        left, right = (bisect_right(begins, edge) - 1 for edge in row.edges[number : number + 2])
        column = max(left, free)
        # Two versions of the format disagree on which value begins a merge from cell to cell and which goes on with
        # it: among cells that are merged, the value of the first begins one.
        first = cell.beside if not before else first
        found.append(
            GridCell(
                column, max(1, right - column), content, opens=cell.below == _TOP, below=cell.below == _BELOW,
                beside=bool(before and cell.beside and cell.beside != first),
            )
        )  # fmt: skip
        free, before = column + found[-1].span, cell.beside
    return found

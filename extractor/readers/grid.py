"""Rows of cells with merge flags to a table whose merged cells appear once: what .docx, .doc and .rtf share."""

from __future__ import annotations

from collections.abc import Iterable, Set

import msgspec

from extractor.readers.blocks import RawCell, RawParagraph, RawTable, join_lines
from extractor.readers.flow import Block

MAX_COLUMNS = 1000
"""Grid columns of one table; Word itself stops at 63. Spans beyond are cut off."""

_SAME_EDGE = 20
"""Edges of two rows that are nearer than a point (in twentieths of one) are one: programs round them differently."""


def columns(edges: Set[int]) -> list[int]:
    """Where the columns of a grid begin, by the edges of the cells of all rows; those that are one put together."""
    found: list[int] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > _SAME_EDGE:
            found.append(edge)
    return found


class GridCell(msgspec.Struct):
    """One cell as the file has it. `below` and `beside` say that it goes on a cell above, or the one before it."""

    column: int
    span: int
    content: list[Block]
    opens: bool = False
    below: bool = False
    beside: bool = False


class Grid:
    """A table in the making, row by row."""

    def __init__(self) -> None:
        self._cells: list[RawCell] = []
        self._contents: list[list[Block]] = []
        self._above: dict[int, RawCell] = {}
        self._rows = 0
        self.merged_text = 0
        """Cells under a merge that hold text of their own, which is left out."""

    def row(self, cells: Iterable[GridCell]) -> None:
        """Adds the row's own cells. A cell with `opens` or `below` may be continued by the next row."""
        open_cells: dict[int, RawCell] = {}
        last: RawCell | None = None
        for cell in cells:
            column = min(cell.column, MAX_COLUMNS - 1)
            span = max(1, min(cell.span, MAX_COLUMNS - column))
            upper = self._above.get(column) if cell.below else None
            text = join_lines([block.text for block in cell.content if isinstance(block, RawParagraph)])
            if upper is not None and upper.colspan == span:
                upper.rowspan += 1
                last = open_cells[column] = upper
            elif last is not None and last.row == self._rows and cell.beside:
                last.colspan += span
            else:
                last = RawCell(self._rows, column, text, 1, span)
                self._cells.append(last)
                self._contents.append(cell.content)
                if cell.opens or cell.below:
                    open_cells[column] = last
                text = ""
            self.merged_text += bool(text)
        self._above = open_cells
        self._rows += 1

    def blocks(self) -> list[Block]:
        """The table, then the tables inside its cells; only these if it is a mere frame around them."""
        nested: list[Block] = [block for content in self._contents for block in content if isinstance(block, RawTable)]
        framed = nested and all(
            not cell.text or any(isinstance(block, RawTable) for block in content)
            for cell, content in zip(self._cells, self._contents, strict=True)
        )
        if framed:
            return [block for content in self._contents for block in content]
        return [RawTable(self._cells), *nested] if self._cells else []

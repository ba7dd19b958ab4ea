"""Tables of a web page: rows of cells with spans to a grid, and which tables only lay the page out.

The grid follows the HTML standard (WHATWG), 4.9.12, with its limits on spans. A span that says more columns than
the table has (``colspan=100`` for the whole width) is cut off.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from extractor.readers.blocks import RawCell, RawParagraph, RawTable, join_lines
from extractor.readers.grid import MAX_COLUMNS
from extractor.readers.html_style import Place, integer
from extractor.readers.html_text import Item, linked_share
from extractor.readers.limits import Budget

MAX_ROWSPAN = 65_534
_LONG_CELL, _MANY_PARAGRAPHS = 300, 3
"""A cell with so much text, most of its table's, is the page itself."""


class Box(msgspec.Struct):
    """One cell as the page has it."""

    colspan: int
    rowspan: int
    items: list[Item]

    @property
    def text(self) -> str:
        return join_lines([item.block.text for item in self.items if isinstance(item.block, RawParagraph)])


class Row(msgspec.Struct):
    """A row with the number of its row group; groups of heads come first, those of feet last (`order`)."""

    group: int
    order: int
    boxes: list[Box]


class OpenTable:
    """A table while it is open."""

    def __init__(self, place: Place, role: str, bordered: bool) -> None:
        self.place = self.group_place = self.row_place = place
        self.rows: list[Row] = []
        self.captions: list[Item] = []
        self.in_row = False
        self.data = bordered
        """Whether something says that this is a table of data: border, header cells, caption."""
        self.layout = role in ("presentation", "none")
        self._group, self._order = 0, 1

    def start_group(self, name: str, place: Place) -> None:
        self._group, self._order = self._group + 1, {"thead": 0, "tfoot": 2}.get(name, 1)
        self.group_place, self.in_row = place, False

    def start_row(self, place: Place) -> None:
        self.rows.append(Row(self._group, self._order, []))
        self.row_place, self.in_row = place, True

    def add(self, attributes: dict[str, str], items: list[Item]) -> None:
        """A cell of the last row."""
        rowspan = integer(attributes.get("rowspan"))
        self.rows[-1].boxes.append(
            Box(
                max(1, min(integer(attributes.get("colspan")) or 1, MAX_COLUMNS)),
                # No rows at all means: to the end of the row group.
                MAX_ROWSPAN if rowspan == 0 else max(1, min(rowspan or 1, MAX_ROWSPAN)),
                items,
            )
        )

    def items(self, budget: Budget) -> list[Item]:
        """The table with its caption above and the tables inside it below; what is in its cells where it only lays out."""
        rows = sorted(self.rows, key=lambda row: row.order)
        boxes = [box for row in rows for box in row.boxes]
        inside = [item for box in boxes for item in box.items]
        if self._lays_out(boxes, inside):
            return self.captions + inside
        cells = _placed(rows, budget)
        nested = [item for item in inside if isinstance(item.block, RawTable)]
        if not any(cell.text for cell in cells):
            return self.captions + nested
        size, linked = linked_share([item for item in inside if isinstance(item.block, RawParagraph)])
        chrome = all(item.chrome for item in inside)
        return [*self.captions, Item(RawTable(cells), size, linked, chrome), *nested]

    def _lays_out(self, boxes: list[Box], inside: list[Item]) -> bool:
        nested = [box for box in boxes if any(isinstance(item.block, RawTable) for item in box.items)]
        if self.layout or (nested and all(box in nested for box in boxes if box.text)):
            return True
        if self.data or self.captions:
            return False
        columns = max((len(row.boxes) for row in self.rows), default=0)
        if nested or columns <= 1 or sum(bool(row.boxes) for row in self.rows) <= 1:
            return True
        most = max(boxes, key=lambda box: linked_share(box.items)[0])
        size = linked_share(most.items)[0]
        return size >= _LONG_CELL and len(most.items) >= _MANY_PARAGRAPHS and size >= 0.6 * linked_share(inside)[0]


def _placed(rows: list[Row], budget: Budget) -> list[RawCell]:
    """The cells at their grid places. Rows without cells count only under a merged cell."""
    cells: list[RawCell] = []
    free_from: list[int] = []  # by column: the first row in which no cell from above stands any more
    left = Counter(row.group for row in rows)
    at = 0
    for row in rows:
        if not row.boxes and all(free <= at for free in free_from):
            left[row.group] -= 1
            continue
        column = 0
        for box in row.boxes:
            while column < len(free_from) and free_from[column] > at:
                column += 1
            column = min(column, MAX_COLUMNS - 1)
            end = column + 1
            while end < min(column + box.colspan, MAX_COLUMNS) and (end >= len(free_from) or free_from[end] <= at):
                end += 1
            free_from += [0] * (end - len(free_from))
            rowspan = min(box.rowspan, left[row.group])
            free_from[column:end] = [at + rowspan] * (end - column)
            cells.append(RawCell(at, column, box.text, rowspan, end - column))
            column = end
        left[row.group] -= 1
        at += 1
        budget.places(len(free_from))
    return _as_wide_as_it_is(cells)


def _as_wide_as_it_is(cells: list[RawCell]) -> list[RawCell]:
    """The cells cut off where the cells that begin in the last column end."""
    last = max((cell.column for cell in cells), default=0)
    width = min((cell.column + cell.colspan for cell in cells if cell.column == last), default=1)
    for cell in cells:
        cell.colspan = min(cell.colspan, width - cell.column)
    return cells

"""Paragraphs, cells and rows of RTF, which come one behind the other with the depth they stand at, to blocks.

Source: Rich Text Format Specification 1.9.1, "Paragraph Text", "Nested Tables".
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter

import msgspec

from extractor.readers.flow import BREAK, Block, Flow
from extractor.readers.limits import Budget
from extractor.readers.rtf_rows import Row, Shape, table

MAX_DEPTH = 20
"""Tables inside each other; deeper ones are read as if they were no deeper."""
_LABEL_LETTER = "o"
"""Word's second bullet is this letter of Courier New."""
_HALF = re.compile("[\ud800-\udfff]")


class _Level(msgspec.Struct):
    """A table that is open (level 0: the story itself): the cell that is being filled, its row, the rows above."""

    flow: Flow = msgspec.field(default_factory=Flow)
    cells: list[list[Block]] = msgspec.field(default_factory=list)
    rows: list[Row] = msgspec.field(default_factory=list)


class Story:
    """The body, a note or a text box in the making."""

    def __init__(self, budget: Budget, left_out: Counter[str]) -> None:
        self._budget = budget
        self._left_out = left_out
        self._levels = [_Level()]
        self._boxes: list[Block] = []
        self._text, self._label = io.StringIO(), io.StringIO()
        self._labelled = False
        self.endnote = False

    @property
    def pending(self) -> bool:
        """Whether there is text that no paragraph mark has ended."""
        return bool(self._text.tell() or self._boxes)

    def add(self, text: str) -> None:
        """Text of the paragraph."""
        self._budget.characters(len(text))
        self._text.write(text)

    def label(self, text: str) -> None:
        """Text of the paragraph's printed list number."""
        self._budget.characters(len(text))
        self._labelled = True
        self._label.write(text)

    def box(self, blocks: list[Block]) -> None:
        """A text box that the paragraph anchors."""
        self._boxes += blocks

    def paragraph(self, depth: int, level: int | None = None, *, listed: bool = False, joins_next: bool = False, vanishes: bool = False) -> None:
        """Ends the paragraph, which stands in so many tables. `listed`: it belongs to a list, so it should have a number."""
        text = _paired(self._text.getvalue())
        label = _printed(_paired(self._label.getvalue()))
        self._left_out["list-numbers"] += bool(listed and not self._labelled and text.strip())
        boxes, self._boxes = self._boxes, []
        self._text, self._label, self._labelled = io.StringIO(), io.StringIO(), False
        if text or label:
            for _ in range(text.count(BREAK) + 1):
                self._budget.block()
        self._go_to(depth)
        self._levels[-1].flow.paragraph(text, lambda: label, level=level, joins_next=joins_next, vanishes=vanishes, boxes=boxes)

    def end_cell(self, depth: int) -> None:
        """Ends a cell of the innermost table, behind its last paragraph."""
        self._go_to(depth)
        level = self._levels[-1]
        level.cells.append(level.flow.end())
        level.flow = Flow()
        self._budget.block()

    def end_row(self, depth: int, shape: Shape | None) -> None:
        """Ends a row; a table that never began has none."""
        if len(self._levels) <= depth:
            return
        self._go_to(depth)
        self._end_row(self._levels[-1], shape)
        if shape is not None and shape.last:
            self._go_to(depth - 1)

    def end(self) -> list[Block]:
        """All blocks of the story."""
        if self.pending:
            self.paragraph(len(self._levels) - 1)
        self._go_to(0)
        return self._levels[0].flow.end()

    def _go_to(self, depth: int) -> None:
        depth = max(0, min(depth, MAX_DEPTH))
        while len(self._levels) > depth + 1:
            level = self._levels.pop()
            self._end_row(level, level.rows[-1].shape if level.rows else None)
            self._levels[-1].flow.add(table(level.rows, self._left_out))
        while len(self._levels) <= depth:
            self._budget.block()
            self._levels.append(_Level())

    def _end_row(self, level: _Level, shape: Shape | None) -> None:
        if left := level.flow.end():
            level.cells.append(left)
        if level.cells:
            shape = shape or Shape()
            for _ in range(len(level.cells), len(shape.edges)):
                self._budget.block()
            level.rows.append(Row(shape, level.cells))
        level.flow, level.cells = Flow(), []


def _paired(text: str) -> str:
    """The text with its halves of characters beyond U+FFFF put together; a half alone is no character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALF.search(text) else text


def _printed(label: str) -> str:
    """The list number of a paragraph as it is printed; "" for bullets, whose letters are signs of a picture font."""
    text = "".join(char for char in label if unicodedata.category(char) not in ("Co", "Cc")).strip()
    return "" if text == _LABEL_LETTER else text

"""The body of an OpenDocument text (.odt, .fodt) -> blocks.

Like a .docx, it is walked element by element in document order, through whatever is not known to carry no text. White
space collapses as in HTML; what is meant as a space is an element of its own. Footnotes and endnotes follow at the end.
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec
from lxml import etree

from extractor.readers.blocks import RawParagraph, RawTable
from extractor.readers.flow import BREAK, Block, Flow
from extractor.readers.grid import MAX_COLUMNS, Grid, GridCell
from extractor.readers.limits import MAX_BLOCKS, Budget
from extractor.readers.odf_lists import Lists, Place
from extractor.readers.odf_names import (
    CELL,
    COVERED,
    FRAME,
    LIST,
    LIST_HEADER,
    LIST_ITEM,
    NOTE,
    NUMBERED,
    PARAGRAPHS,
    ROW,
    SHAPES,
    SKIPPED,
    STYLE_NAME,
    TABLE,
    TABLE_NAME,
    TEXT,
    TEXT_BOX,
    number,
)
from extractor.readers.odf_styles import Styles

MAX_SPACES = 40
"""Spaces that one element stands for; more say nothing more."""
MAX_BLANK_ROWS = 100
"""Times that a row without text is repeated; one with text is as often as it says, within `limits.MAX_BLOCKS`."""

_WHITE = re.compile(r"[ \t\r\n]+")
_DELETION, _CHANGES = TEXT + "deletion", TEXT + "tracked-changes"


class _Line(msgspec.Struct):
    """A paragraph while it is read. `blank` says that white space at this place would be one too many."""

    parts: list[str] = msgspec.field(default_factory=list)
    boxes: list[etree._Element] = msgspec.field(default_factory=list)
    blank: bool = True
    hidden: bool = False

    def add(self, text: str | None) -> None:
        """Text of the markup."""
        if not text:
            return
        text = _WHITE.sub(" ", text)
        if self.blank and text.startswith(" "):
            text = text[1:]
        if text:
            self.parts.append(text)
            self.blank = text.endswith(" ")

    def put(self, text: str) -> None:
        """A space, tab or line break that an element stands for."""
        self.parts.append(text)
        self.blank = text == BREAK


class Reader:
    """One document's walk. `name` is for messages."""

    def __init__(self, styles: Styles, name: str) -> None:
        self._styles, self._lists = styles, Lists(styles)
        self._budget = Budget(name)
        self._notes: dict[str, list[etree._Element]] = {"footnote": [], "endnote": []}
        self.left_out: Counter[str] = Counter()

    def read(self, body: etree._Element) -> list[Block]:
        """Every paragraph and table of the body, then its footnotes, then its endnotes."""
        found = self._blocks(body)
        for notes in self._notes.values():
            for note in notes:  # a note may hold no further one
                found += self._blocks(note)
        self.left_out["list-numbers"] += self._lists.without_style
        return found

    def _blocks(self, parent: etree._Element) -> list[Block]:
        flow = Flow()
        self._walk(parent, flow, None)
        return flow.end()

    def _walk(self, parent: etree._Element, flow: Flow, place: Place | None) -> None:
        for node in parent:
            tag = node.tag
            if tag in PARAGRAPHS:
                self._paragraph(node, flow, place)
            elif tag == LIST:
                self._list(node, flow, place)
            elif tag == NUMBERED:
                self._numbered(node, flow)
            elif tag == TABLE_NAME:
                flow.add(self._table(node))
            elif tag == FRAME:
                flow.add(self._frame(node))
            elif tag in SHAPES:
                flow.add(self._blocks(node))
            elif tag == _CHANGES:
                self.left_out["tracked-deletion"] += sum(1 for _ in node.iter(_DELETION))
            elif tag in SKIPPED:
                self._skip(node)
            elif node.get(TEXT + "display") == "none" or node.get(TEXT + "is-hidden") == "true":
                self.left_out["hidden-text"] += 1
            else:
                self._walk(node, flow, place)

    def _skip(self, node: etree._Element) -> None:
        if code := SKIPPED[node.tag]:
            self.left_out[code] += 1

    # --- paragraphs -----------------------------------------------------------------------------

    def _paragraph(self, node: etree._Element, flow: Flow, place: Place | None) -> None:
        self._budget.block()
        style_name = node.get(STYLE_NAME)
        style = self._styles.get("paragraph", style_name)
        line = _Line(hidden=style.hidden)
        level = number(node.get(TEXT + "outline-level"), 1, 10) if node.tag == TEXT + "h" else style.outline
        self._inline(node, line)
        boxes = [block for box in line.boxes for block in self._box(box)]
        text = "".join(line.parts)
        if line.hidden:
            self.left_out["hidden-text"] += bool(text.strip())
            text = ""

        def label() -> str:
            if place is not None:
                return self._lists.label(place, style_name)
            return self._lists.heading(level) if level and node.tag == TEXT + "h" and node.get(TEXT + "is-list-header") != "true" else ""

        flow.paragraph(text, label, level=level, vanishes=line.hidden, boxes=boxes)

    def _inline(self, parent: etree._Element, line: _Line) -> None:
        line.add(parent.text)
        for node in parent:
            tag = node.tag
            if tag == TEXT + "span":
                self._span(node, line)
            elif tag == TEXT + "s":
                line.put(" " * number(node.get(TEXT + "c"), 1, MAX_SPACES))
            elif tag == TEXT + "tab":
                line.put("\t")
            elif tag == TEXT + "line-break":
                line.put(BREAK)
            elif tag == NOTE:
                self._note(node)
            elif tag == FRAME or tag in SHAPES:
                line.boxes.append(node)
            elif tag in SKIPPED:
                self._skip(node)
            elif tag == TEXT + "hidden-paragraph":
                line.hidden = line.hidden or node.get(TEXT + "is-hidden") == "true"
            elif tag == TEXT + "hidden-text" and node.get(TEXT + "is-hidden") == "true":
                self.left_out["hidden-text"] += 1
            else:
                self._inline(node, line)
            line.add(node.tail)

    def _span(self, node: etree._Element, line: _Line) -> None:
        if self._styles.get("text", node.get(STYLE_NAME)).hidden:
            self.left_out["hidden-text"] += 1
        else:
            self._inline(node, line)

    def _note(self, node: etree._Element) -> None:
        body = node.find(TEXT + "note-body")
        if body is None:
            self.left_out["note"] += 1
        else:
            self._notes["endnote" if node.get(TEXT + "note-class") == "endnote" else "footnote"].append(body)

    def _box(self, node: etree._Element) -> list[Block]:
        return self._frame(node) if node.tag == FRAME else self._blocks(node)

    def _frame(self, node: etree._Element) -> list[Block]:
        """The first of a frame's alternatives: a picture behind an object or a text box only stands in for it."""
        for child in node:
            if child.tag == TEXT_BOX:
                return self._blocks(child)
            if child.tag == TABLE_NAME:
                return self._table(child)
            if SKIPPED.get(child.tag):
                self._skip(child)
                return []
        return []

    # --- lists ----------------------------------------------------------------------------------

    def _list(self, node: etree._Element, flow: Flow, outer: Place | None) -> None:
        place = self._lists.enter(node, outer)
        for item in node:
            if item.tag == LIST_ITEM:
                self._lists.item(place, item)
                self._walk(item, flow, place)
            elif item.tag == LIST_HEADER:
                place.due = False
                self._walk(item, flow, place)

    def _numbered(self, node: etree._Element, flow: Flow) -> None:
        """A text:numbered-paragraph: an item of the list that it names, by itself."""
        place = self._lists.enter(node, None)
        place.level = max(0, number(node.get(TEXT + "level"), 1, 9) - 1)
        self._lists.item(place, node)
        self._walk(node, flow, place)

    # --- tables ---------------------------------------------------------------------------------

    def _table(self, node: etree._Element) -> list[Block]:
        grid = Grid()
        spans: dict[int, tuple[int, int]] = {}
        for row in table_rows(node):
            cells, spans = self._row(row, spans)
            blank = not any(isinstance(block, RawParagraph) for cell in cells for block in cell.content)
            repeated = number(row.get(TABLE + "number-rows-repeated"), 1, MAX_BLANK_ROWS if blank else MAX_BLOCKS)
            self._budget.block(repeated * sum(1 + sum(map(_weight, cell.content)) for cell in cells))
            if row.get(TABLE + "visibility", "visible") != "visible":
                self.left_out["hidden-text"] += not blank
                continue
            for _ in range(repeated):
                grid.row(cells)
        self.left_out["merged-text"] += grid.merged_text
        return grid.blocks()

    def _row(self, row: etree._Element, above: dict[int, tuple[int, int]]) -> tuple[list[GridCell], dict[int, tuple[int, int]]]:
        """The row's cells; by column, how many rows a cell still goes on below it, and how wide it is."""
        cells: list[GridCell] = []
        spans: dict[int, tuple[int, int]] = {}
        column = 0
        for node in row.iterchildren(CELL, COVERED):
            content = self._blocks(node) if len(node) else []
            for _ in range(number(node.get(TABLE + "number-columns-repeated"), 1, MAX_COLUMNS)):
                if column >= MAX_COLUMNS:
                    break
                rows, width = above.get(column, (0, 1))
                if node.tag == COVERED:
                    if rows > 0:
                        cells.append(GridCell(column, width, content, below=True))
                        spans[column] = (rows - 1, width)
                    elif content:
                        self.left_out["merged-text"] += 1
                else:
                    width = max(1, number(node.get(TABLE + "number-columns-spanned"), 1, MAX_COLUMNS - column))
                    rows = number(node.get(TABLE + "number-rows-spanned"), 1, MAX_BLOCKS)
                    cells.append(GridCell(column, width, content, opens=rows > 1))
                    if rows > 1:
                        spans[column] = (rows - 1, width)
                column += 1
        return cells, spans


def _weight(block: Block) -> int:
    """How many cells or paragraphs a block is, so that a cell with tables inside is not repeated without bound."""
    return len(block.cells) if isinstance(block, RawTable) else 1


def table_rows(parent: etree._Element) -> list[etree._Element]:
    """The rows of a table, also those in groups, not those of tables inside its cells."""
    found: list[etree._Element] = []
    for node in parent:
        if node.tag == ROW:
            found.append(node)
        elif node.tag in (TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"):
            found += table_rows(node)
    return found

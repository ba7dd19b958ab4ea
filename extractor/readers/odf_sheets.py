"""The tables of an OpenDocument spreadsheet (.ods, .fods) -> sheets; a cell's text is stored as printed."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from extractor.readers.blocks import join_lines
from extractor.readers.limits import Budget
from extractor.readers.odf_names import (
    CELL,
    COLUMN,
    COVERED,
    DRAW,
    OFFICE,
    PARAGRAPHS,
    SHAPES,
    TABLE,
    TABLE_NAME,
    TEXT,
    number,
)
from extractor.readers.odf_styles import Styles
from extractor.readers.odf_text import table_rows
from extractor.readers.sheet_rows import MAX_COLUMNS, MAX_ROWS, Area, Row, Rows
from extractor.readers.sheets import Book, Sheet

_VALUES = tuple(OFFICE + name for name in ("string-value", "value", "date-value", "time-value", "boolean-value"))


def read(body: etree._Element, styles: Styles, name: str) -> Book:
    """The sheets of an office:spreadsheet. Raises `UnreadableDocument` where they have too many cells."""
    budget = Budget(name)
    left_out: Counter[str] = Counter()
    sheets: list[Sheet] = []
    hidden: list[str] = []
    for node in body.iterchildren(TABLE_NAME):
        title = node.get(TABLE + "name", "")
        if styles.get("table", node.get(TABLE + "style-name")).shown:
            sheets.append(_sheet(node, title, budget, left_out))
        else:
            hidden.append(title)
    return Book(sheets, hidden, left_out)


def _sheet(node: etree._Element, title: str, budget: Budget, left_out: Counter[str]) -> Sheet:
    rows: Rows = {}
    merged: list[Area] = []
    hidden_rows: set[int] = set()
    at = 0
    for row in table_rows(node):
        repeated = number(row.get(TABLE + "number-rows-repeated"), 1, MAX_ROWS - at)
        cells = _row(row, at, merged, budget, left_out)
        if cells:
            budget.block(len(cells) * (repeated - 1))
            for k in range(at, at + repeated):
                rows[k] = dict(cells)
            if row.get(TABLE + "visibility", "visible") != "visible":
                hidden_rows.update(range(at, at + repeated))
        at += repeated
    for shapes in node.iterchildren(TABLE + "shapes"):
        _count_shapes(shapes, left_out)
    return Sheet(title, rows, merged, hidden_rows, _hidden_columns(node))


def _row(row: etree._Element, at: int, merged: list[Area], budget: Budget, left_out: Counter[str]) -> Row:
    cells: Row = {}
    column = 0
    for node in row.iterchildren(CELL, COVERED):
        repeated = number(node.get(TABLE + "number-columns-repeated"), 1, MAX_COLUMNS - column)
        text = _text(node, left_out) if len(node) or node.get(OFFICE + "value-type") else ""
        if text:
            budget.block(repeated)
            cells.update(dict.fromkeys(range(column, column + repeated), text))
        elif node.get(TABLE + "formula"):
            left_out["formula-without-value"] += not node.get(OFFICE + "value-type")
        height = number(node.get(TABLE + "number-rows-spanned"), 1, MAX_ROWS - at)
        width = number(node.get(TABLE + "number-columns-spanned"), 1, MAX_COLUMNS - column)
        if height > 1 or width > 1:
            budget.areas(1)
            merged.append((at, column, at + max(1, height) - 1, column + max(1, width) - 1))
        column += repeated
    return cells


def _text(node: etree._Element, left_out: Counter[str]) -> str:
    """What is printed in a cell; its value where no text is stored."""
    lines = []
    for child in node:
        if child.tag in PARAGRAPHS:
            lines.append(_line(child))
        elif child.tag == OFFICE + "annotation":
            left_out["comment"] += 1
        elif child.tag.startswith(DRAW):
            _count_shape(child, left_out)
    text = join_lines(lines)
    if not text and not lines:
        text = next((value for name in _VALUES if (value := node.get(name))), "")
    left_out["cell-error"] += text.startswith(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:"))
    return "" if text.isspace() else text


def _line(paragraph: etree._Element) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag in (TEXT + "s", TEXT + "tab", TEXT + "line-break"):
            parts.append(" ")
        parts.append(node.text or "")
        if node is not paragraph:
            parts.append(node.tail or "")
    return " ".join("".join(parts).split())


def _count_shapes(shapes: etree._Element, left_out: Counter[str]) -> None:
    for shape in shapes:
        _count_shape(shape, left_out)


def _count_shape(shape: etree._Element, left_out: Counter[str]) -> None:
    if next(shape.iter(DRAW + "object", DRAW + "object-ole"), None) is not None:
        left_out["embedded-object"] += 1
    elif shape.tag in SHAPES or next(shape.iter(DRAW + "text-box"), None) is not None:
        left_out["shape-text"] += any(node.text for node in shape.iter(*PARAGRAPHS, TEXT + "span"))
    elif next(shape.iter(DRAW + "image"), None) is not None:
        left_out["picture"] += 1


def _hidden_columns(node: etree._Element) -> set[int]:
    hidden: set[int] = set()
    at = 0
    for column in node.iter(COLUMN):
        repeated = number(column.get(TABLE + "number-columns-repeated"), 1, MAX_COLUMNS - at)
        if column.get(TABLE + "visibility", "visible") != "visible":
            hidden.update(range(at, at + repeated))
        at += repeated
    return hidden

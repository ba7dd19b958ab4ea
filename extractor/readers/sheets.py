"""Sheets of cells to paragraphs and tables: what .xlsx, .xls and .ods share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

import msgspec

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers.blocks import Raw, RawParagraph, RawTable
from extractor.readers.leftout import diagnostics
from extractor.readers.limits import Budget
from extractor.readers.sheet_rows import Area, Rows, parted

_SAYS_NOTHING = re.compile(r"(?:sheet|table|工作表|表)?\s*\d*", re.IGNORECASE)
_FARTHEST_ANCHOR = 1000
"""Rows or columns of a merged area that are searched for one that is not hidden."""
_NAMES_SHOWN = 10


class Sheet(msgspec.Struct):
    """One sheet as its format tells it: what is printed in its cells, by row and column, without the empty ones;
    merged areas; the rows and columns that are hidden."""

    name: str
    rows: Rows
    merged: list[Area] = msgspec.field(default_factory=list)
    hidden_rows: Collection[int] = frozenset()
    hidden_columns: Collection[int] = frozenset()


class Book(msgspec.Struct):
    """A whole file: its visible sheets, the names of the hidden ones, how often what was left out, and what else there
    is to say."""

    sheets: list[Sheet]
    hidden: list[str] = msgspec.field(default_factory=list)
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    told: list[Diagnostic] = msgspec.field(default_factory=list)


def as_blocks(book: Book, name: str) -> Raw:
    """The sheets in order. A sheet's name heads it where it says what the sheet does not begin with itself.

    `name` is for messages. Raises `UnreadableDocument` where there are more cells than `limits.MAX_BLOCKS`, or none with a value.
    """
    budget = Budget(name)
    told = list(book.told)
    counts = book.left_out.copy()
    parts: list[tuple[str, list[RawParagraph | RawTable]]] = []
    for sheet in book.sheets:
        hidden = _take_hidden(sheet)
        if hidden:
            told.append(Diagnostic(level="warning", code="hidden-cells", message=f"工作表“{sheet.name}”中隐藏的{hidden}未计入正文"))
        blocks, covered = parted(sheet.rows, sheet.merged, budget)
        counts["merged-text"] += covered
        if blocks:
            parts.append((sheet.name, blocks))
    if book.hidden:
        message = "隐藏的工作表未计入正文：" + _listed([f"“{hidden}”" for hidden in book.hidden], "个")
        told.append(Diagnostic(level="warning", code="hidden-sheet", message=message))
    if not parts:
        hidden = " that is not hidden" if book.hidden or told else ""
        raise UnreadableDocument(name, f"its sheets hold no cell with a value{hidden}", "check that the right file was passed")
    found: list[RawParagraph | RawTable] = []
    for title, blocks in parts:
        if _is_heading(title, blocks[0]):
            found.append(RawParagraph(title, level=1))
        found += blocks
    return Raw(found, diagnostics=told + diagnostics(counts))


def _is_heading(title: str, first: RawParagraph | RawTable) -> bool:
    """Whether the name of a sheet says something, and the sheet does not begin by saying it itself."""
    text = first.text if isinstance(first, RawParagraph) else first.cells[0].text
    return _SAYS_NOTHING.fullmatch(title.strip()) is None and "".join(title.split()) not in "".join(text.split())


def _listed(names: list[str], counter: str) -> str:
    rest = f"等{len(names)}{counter}" if len(names) > _NAMES_SHOWN else ""
    return "、".join(names[:_NAMES_SHOWN]) + rest


# --- hidden rows and columns --------------------------------------------------------------------


def _take_hidden(sheet: Sheet) -> str:
    """Takes hidden rows and columns out of the sheet; returns which of them held text, as a clerk names them."""
    if not sheet.hidden_rows and not sheet.hidden_columns:
        return ""
    _move_anchors(sheet)
    rows = sorted(row for row in sheet.rows if row in sheet.hidden_rows)
    columns = sorted({column for row in sheet.rows.values() for column in row if column in sheet.hidden_columns})
    for row in rows:
        del sheet.rows[row]
    gone = frozenset(columns)
    if gone:
        sheet.rows = {at: {c: text for c, text in row.items() if c not in gone} for at, row in sheet.rows.items()}
        sheet.rows = {at: row for at, row in sheet.rows.items() if row}
    parts = []
    if rows:
        parts.append(f"第{_listed([str(row + 1) for row in rows], '')}行")
    if columns:
        parts.append(f"{_listed([column_name(column) for column in columns], '')}列")
    return "和".join(parts)


def _move_anchors(sheet: Sheet) -> None:
    """A merged area whose first row or column is hidden shows its text in the first that is not."""
    for k, (top, left, bottom, right) in enumerate(sheet.merged):
        if top not in sheet.hidden_rows and left not in sheet.hidden_columns:
            continue
        rows, columns = range(top, min(bottom, top + _FARTHEST_ANCHOR) + 1), range(left, min(right, left + _FARTHEST_ANCHOR) + 1)
        row = next((row for row in rows if row not in sheet.hidden_rows), None)
        column = next((column for column in columns if column not in sheet.hidden_columns), None)
        text = sheet.rows.get(top, {}).get(left)
        if row is not None and column is not None and text:
            del sheet.rows[top][left]
            if not sheet.rows[top]:
                del sheet.rows[top]
            sheet.rows.setdefault(row, {})[column] = text
            sheet.merged[k] = (row, column, bottom, right)


def column_name(column: int) -> str:
    """A, B … Z, AA: the letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters

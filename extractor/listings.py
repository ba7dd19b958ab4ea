"""Rows of media and award tables, cell by cell, for the records made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor import dates
from extractor.folding import fold
from extractor.model import Cell, Date, Media, View

_EMPTY = re.compile(r"[\s—–―\-/无]*")


def rows(view: View, text: str) -> Iterator[tuple[int, dict[str, Cell], tuple[Cell, ...]]]:
    """Every data row of a table with a header: its ordinal, its cells by role, and the cells that begin in it.

    A cell merged over several rows counts for each of them; a role given to two columns counts once.
    """
    if view.header is None:
        return
    first = view.header.row + view.header.rows
    titles = {fold(text[c.start : c.end]).strip() for c in view.own[view.header.row]}
    for r in range(first, len(view.grid)):
        cells: dict[str, Cell] = {}
        for role, cell in zip(view.header.roles, view.grid[r], strict=True):
            if role and cell is not None:
                cells.setdefault(role, cell)
        own = view.own[r]
        filled = [fold(text[c.start : c.end]).strip() for c in own if text[c.start : c.end].strip()]
        if filled and not (len(filled) > 1 and titles.issuperset(filled)):
            yield r - view.header.rows, cells, own


def cell_value(cell: Cell | None, text: str) -> str | None:
    """What a cell says; None for a blank one or a dash."""
    value = text[cell.start : cell.end].strip() if cell else ""
    return None if _EMPTY.fullmatch(value) else value


def cell_number(cell: Cell | None, text: str) -> int | None:
    """A running number, or None."""
    digits = fold(cell_value(cell, text) or "").strip(" .、")
    return int(digits) if digits.isdigit() and len(digits) <= 5 else None


def cell_date(cell: Cell | None, text: str, year: int | None, tables: dates.Tables) -> Date | None:
    """The first date of a date cell, at its place in the document. A bare year (2019, 2019年度) is one too."""
    if cell is None:
        return None
    value = text[cell.start : cell.end]
    if bare := re.fullmatch(r"\s*((?:19|20)\d\d)\s*(?:年度?)?\s*", fold(value)):
        return Date(edtf=bare[1], raw=value.strip(), start=cell.start, end=cell.end)
    found = dates.find(value, tables, year=year, numeric_month_day=True)
    if not found:
        return None
    first = found[0]
    return Date(edtf=first.edtf, raw=first.raw, start=cell.start + first.start, end=cell.start + first.end, inferred=first.inferred)


def media(view: View, text: str, year: int | None, tables: dates.Tables) -> list[Media]:
    """The rows of a media table; ids are left empty."""
    if view.kind != "media":
        return []
    records = []
    for row, cells, own in rows(view, text):
        if not cell_value(cells.get("title"), text) and not cell_value(cells.get("content"), text):
            continue
        date = cell_date(cells.get("date"), text, year, tables)
        records.append(
            Media(
                id="", start=min(c.start for c in own), end=max(c.end for c in own), page=own[0].page, table=view.index, row=row,
                rule="tables:media", number=cell_number(cells.get("number"), text), date=date.edtf if date else None, title=cell_value(cells.get("title"), text), content=cell_value(cells.get("content"), text),
                outlet=cell_value(cells.get("outlet"), text), outlet_type=cell_value(cells.get("outlet_type"), text), form=cell_value(cells.get("form"), text),
            )
        )  # fmt: skip
    return records

"""Reads .xlsx (.xlsm, also those of WPS and LibreOffice): values by python-calamine, what else a cell shows by `xlsx_parts`."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from extractor.errors import UnreadableDocument
from extractor.readers.blocks import Raw, join_lines
from extractor.readers.number_formats import DAYS_1904, Format, plain, shown, shown_date
from extractor.readers.package import Package, parse_xml
from extractor.readers.sheet_rows import MAX_CELLS, Row
from extractor.readers.sheets import Book, Sheet, as_blocks
from extractor.readers.xlsx_package import KIND, Part, Workbook
from extractor.readers.xlsx_parts import Look, formats_of, is_ordinary, look_into, look_over

MAX_PLACES = 4_000_000
"""Rows times columns of the rectangle around a sheet's values; calamine allots memory for all of it."""
MAX_STORED = 2_000_000
"""Cells of all sheets as stored, those that only have a border included."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXACT = 1e15
"""Below this a whole number is printed with all its digits."""
_SECONDS = 86_400
_ZERO = dt.date(1899, 12, 31)


def read(data: bytes, name: str) -> Raw:
    """The sheets of a workbook. `name` is for messages.

    Raises `UnreadableDocument` if the package is damaged, protected, beyond a limit, or holds no cell with a value.
    """
    workbook = Workbook(Package(data, name, KIND), name)
    raw = as_blocks(_book(workbook, name), name)
    if not raw.blocks:
        hidden = " that is not hidden" if workbook.hidden else ""
        raise UnreadableDocument(name, f"its sheets hold no cell with a value{hidden}", "check that the right file was passed")
    return raw


def _book(workbook: Workbook, name: str) -> Book:
    stored = valued = 0
    for sheet in workbook.sheets:
        stored += sheet.xml.count(b"<c ")
        valued += sheet.xml.count(b"<v>") + sheet.xml.count(b"<is>")
    if stored > MAX_STORED or valued > MAX_CELLS:
        raise UnreadableDocument(name, f"its sheets have more than {MAX_CELLS:,} cells", "save the sheets with the report in a file of their own")
    formats = formats_of(workbook.styles())
    looks = [_look(sheet, formats, name) for sheet in workbook.sheets]
    read_sheets = _calamine(workbook, name) if workbook.sheets else []
    days = DAYS_1904 if workbook.since_1904 else 0
    sheets = []
    for sheet, look, found in zip(workbook.sheets, looks, read_sheets, strict=True):
        top, left = found.start or (0, 0)
        rows: dict[int, Row] = {}
        for at, values in enumerate(found.to_python(), top):
            if row := _row(values, at, left, look, days):
                rows[at] = row
        for (at, column), text in look.errors.items():
            rows.setdefault(at, {})[column] = text
        workbook.left_out["cell-error"] += len(look.errors)
        workbook.left_out["formula-without-value"] += look.unvalued
        merged = [(*first, *last) for first, last in found.merged_cell_ranges or ()]
        sheets.append(Sheet(sheet.name, rows, merged, look.hidden_rows, look.hidden_columns))
    return Book(sheets, workbook.hidden, workbook.left_out, workbook.told)


def _look(sheet: Part, formats: dict[str, Format], name: str) -> Look:
    if is_ordinary(sheet.xml):
        return look_over(sheet.xml, formats)
    look = look_into(parse_xml(sheet.xml, name, f"its sheet {sheet.name}", KIND), formats)
    if look.height * look.width > MAX_PLACES:
        raise UnreadableDocument(
            name, f"the cells of its sheet {sheet.name} are spread over {look.height:,} rows and {look.width:,} columns",
            "clear the cells far away from the table (Ctrl+End leads to the last one) and save it again",
        )  # fmt: skip
    return look


def _calamine(workbook: Workbook, name: str) -> list[Any]:
    """The sheets as calamine reads them. A panic of its Rust code is no `Exception`, but damage of this file alone."""
    import python_calamine

    try:
        opened = python_calamine.load_workbook(io.BytesIO(workbook.copy()))
        return [opened.get_sheet_by_index(number) for number in range(len(workbook.sheets))]
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise UnreadableDocument(name, "its sheets are damaged", KIND.send_again) from error


def _row(values: list[Any], at: int, left: int, look: Look, days: int) -> Row:
    row: Row = {}
    formats = look.formats
    for column, value in enumerate(values, left):
        if value == "":
            continue
        kind = type(value)
        if kind is str:
            text = _text(value) if "\n" in value or "_x" in value else value
            if not text or text.isspace():
                continue
            row[column] = text
        elif kind is float or kind is int:
            form = formats.get((at, column)) if formats else None
            if form is not None:
                row[column] = shown(value, form, days)
            else:
                row[column] = str(int(value)) if -_EXACT < value < _EXACT and value == int(value) else plain(value)
        else:
            row[column] = _moment(value, formats.get((at, column)))
    return row


def _text(value: str) -> str:
    if "_x" in value:
        value = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value).replace("\r", "")
    return join_lines(value.split("\n"))


def _moment(value: dt.datetime | dt.date | dt.time | dt.timedelta | bool, form: Format | None) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.timedelta):
        number = value.total_seconds() / _SECONDS
        return plain(number) if form is None else shown(number, form)
    if isinstance(value, dt.time):
        return shown_date(dt.datetime.combine(_ZERO, value), form) if form else f"{value:%H:%M}"
    return shown_date(value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day), form)

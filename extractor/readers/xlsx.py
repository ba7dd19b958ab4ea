"""Reads .xlsx (.xlsm, WPS's newer .et): the sheets of the package -> paragraphs and tables.

By own reading, not by python-calamine: it gives values without their number formats (12.5% as 0.125), tells nothing of hidden
rows and columns, and allots memory for the rectangle around the outermost cells, so that two cells in the corners of a
sheet end the process. What would have to be read beside it is the same XML.
"""

from __future__ import annotations

from functools import partial

from extractor.errors import UnreadableDocument
from extractor.readers.blocks import Raw
from extractor.readers.limits import Budget
from extractor.readers.number_formats import DAYS_1904
from extractor.readers.package import Package, parse_xml
from extractor.readers.sheets import Book, Sheet, as_blocks
from extractor.readers.xlsx_cells import Cells
from extractor.readers.xlsx_package import KIND, Workbook

MAX_STORED = 1_000_000
"""Cells that a file stores, those that have nothing but a border included."""


def read(data: bytes, name: str) -> Raw:
    """The visible sheets of a workbook. `name` is for messages.

    Raises `UnreadableDocument` if the package is damaged, protected, beyond a limit, or holds no cell with a value.
    """
    return as_blocks(_book(Workbook(Package(data, name, KIND), name), name), name)


def _book(workbook: Workbook, name: str) -> Book:
    budget = Budget(name)
    formats = workbook.formats(budget)
    cells = Cells(workbook.strings(), formats, DAYS_1904 if workbook.since_1904 else 0)
    sheets: list[Sheet] = []
    stored = 0
    for title, xml in workbook.sheets():
        stored += xml.count(b"<c ") + xml.count(b":c ")
        if stored > MAX_STORED:
            raise UnreadableDocument(name, f"its sheets store more than {MAX_STORED:,} cells", "clear the formats of empty cells, or save the sheets with the report in a file of their own")
        budget.areas(xml.count(b"mergeCell "))
        found = cells.of(xml, partial(parse_xml, name=name, what=f"its sheet {title}", kind=KIND))
        budget.block(sum(map(len, found.rows.values())))
        workbook.left_out["cell-error"] += found.errors
        workbook.left_out["formula-without-value"] += found.unvalued
        workbook.left_out["missing-text"] += found.missing
        sheets.append(Sheet(title, found.rows, found.merged, found.hidden_rows, found.hidden_columns))
    return Book(sheets, workbook.hidden, workbook.left_out, workbook.told)

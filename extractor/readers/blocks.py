"""What a format reader produces, and how it becomes one positioned text.

A reader only says what it saw, in reading order: paragraphs and tables without offsets. `assemble`
alone decides what `Document.text` looks like (paragraphs joined by a line feed, cells by a tab, rows
by a line feed), so every format gets the same text from the same content.
"""

from __future__ import annotations

from operator import attrgetter

import msgspec

from extractor.model import Cell, Diagnostic, Document, Paragraph, Source, Table

_PLACE = attrgetter("row", "column")


class RawParagraph(msgspec.Struct):
    text: str
    page: int | None = None
    level: int | None = None


class RawCell(msgspec.Struct, gc=False):
    """One cell at its top left grid place. A merged cell appears once, with its spans."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None


class RawTable(msgspec.Struct):
    cells: list[RawCell]
    page: int | None = None


class Raw(msgspec.Struct):
    """A reader's whole output. `pages` is None where the format has no pages."""

    blocks: list[RawParagraph | RawTable]
    pages: int | None = None
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list)


def is_cjk(char: str) -> bool:
    """True for characters between which a line break carries no space (Han, CJK punctuation, full width)."""
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef" or char in "“”‘’—…·"


def join_lines(lines: list[str]) -> str:
    """The lines of one wrapped paragraph or cell as one line: no space beside CJK, one space else."""
    joined = ""
    for line in (part.strip() for part in lines):
        if not line:
            continue
        if joined and not (is_cjk(joined[-1]) or is_cjk(line[0])):
            joined += " "
        joined += line
    return joined


def assemble(raw: Raw, source: Source) -> Document:
    """The positioned document of a reader's blocks; blank paragraphs and empty tables are left out."""
    parts: list[str] = []
    blocks: list[Paragraph | Table] = []
    offset = 0
    for block in raw.blocks:
        if isinstance(block, RawParagraph):
            text = block.text.replace("\n", " ").replace("\t", " ").strip()
            if not text:
                continue
            blocks.append(Paragraph(start=offset, end=offset + len(text), page=block.page, level=block.level))
        else:
            text, table = _table(block, offset)
            if table is None:
                continue
            blocks.append(table)
        parts.append(text)
        offset += len(text) + 1
    return Document(source=source, text="\n".join(parts), blocks=tuple(blocks), diagnostics=tuple(raw.diagnostics))


def _table(raw: RawTable, offset: int) -> tuple[str, Table | None]:
    start, rows, columns, last = offset, 0, 0, -1
    cells: list[Cell] = []
    parts: list[str] = []
    for cell in sorted(raw.cells, key=_PLACE):
        text = cell.text.strip()
        if "\t" in text or "\n" in text:
            text = text.replace("\t", " ").replace("\n", " ")
        row, column, rowspan, colspan = cell.row, cell.column, cell.rowspan, cell.colspan
        if cells:
            parts.append("\t" if row == last else "\n")
            offset += 1
        end = offset + len(text)
        cells.append(Cell(row=row, column=column, start=offset, end=end, rowspan=rowspan, colspan=colspan, page=cell.page or raw.page))
        parts.append(text)
        offset, last = end, row
        if row + rowspan > rows:
            rows = row + rowspan
        if column + colspan > columns:
            columns = column + colspan
    if offset - start == len(cells) - 1 or not cells:
        return "", None
    return "".join(parts), Table(start=start, end=offset, cells=tuple(cells), page=raw.page, rows=rows, columns=columns)

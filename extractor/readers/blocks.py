"""What a format reader produces, and how it becomes one positioned text.

A reader only says what it saw, in reading order: paragraphs and tables without offsets. `assemble`
alone decides what `Document.text` looks like (paragraphs joined by a line feed, cells by a tab, rows
by a line feed), so every format gets the same text from the same content.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from operator import attrgetter

import msgspec

from extractor.model import Cell, Diagnostic, Document, Paragraph, Scan, Source, Table

_PLACE = attrgetter("row", "column")
_PAGED = attrgetter("page")


class RawParagraph(msgspec.Struct):
    """A paragraph; `page` is where it begins, `last_page` where it ends if that is another one. `unsure` are the numbers
    in it that a recogniser read but is not certain of."""

    text: str
    page: int | None = None
    level: int | None = None
    last_page: int | None = None
    unsure: tuple[str, ...] = ()


class RawCell(msgspec.Struct, gc=False):
    """One cell at its top left grid place. A merged cell appears once, with its spans. `read_as` is what a recogniser
    read where `text` was mended, `unsure` are the numbers that it is not certain of."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None
    last_page: int | None = None
    read_as: str = ""
    unsure: tuple[str, ...] = ()


class RawTable(msgspec.Struct):
    cells: list[RawCell]
    page: int | None = None


class Raw(msgspec.Struct):
    """A reader's whole output. `pages` is None where the format has no pages, `scans` are the pages that were read from
    their pictures, with how certain the recogniser is of a character on average (0 to 1)."""

    blocks: list[RawParagraph | RawTable]
    pages: int | None = None
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list)
    scans: dict[int, float] = msgspec.field(default_factory=dict)


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
    told: list[Diagnostic] = []
    extents: dict[int, tuple[int, int]] = {}
    offset = 0
    for block in raw.blocks:
        if isinstance(block, RawParagraph):
            text = block.text.replace("\n", " ").replace("\t", " ").strip()
            if not text:
                continue
            paragraph = Paragraph(start=offset, end=offset + len(text), page=block.page, level=block.level)
            blocks.append(paragraph)
            told += _doubts(block, paragraph.start, paragraph.end, text)
            for page in (block.page, block.last_page):
                _extend(extents, page, paragraph.start, paragraph.end)
        else:
            block.cells.sort(key=_PLACE)
            text, table = _table(block, offset)
            if table is None:
                continue
            blocks.append(table)
            if block.page is not None or any(map(_PAGED, block.cells)):
                for raw_cell, cell in zip(block.cells, table.cells, strict=True):
                    told += _doubts(raw_cell, cell.start, cell.end, text[cell.start - offset : cell.end - offset])
                    for page in (cell.page, raw_cell.last_page):
                        _extend(extents, page, cell.start, cell.end)
        parts.append(text)
        offset += len(text) + 1
    scans = [Scan(page=page, start=extents[page][0], end=extents[page][1], confidence=round(sure, 4)) for page, sure in sorted(raw.scans.items()) if page in extents]
    diagnostics = (*raw.diagnostics, *map(_about_scan, scans), *told)
    return Document(source=source, text="\n".join(parts), blocks=tuple(blocks), diagnostics=diagnostics, scans=tuple(scans))


def _extend(extents: dict[int, tuple[int, int]], page: int | None, start: int, end: int) -> None:
    if page is not None:
        first, last = extents.get(page, (start, end))
        extents[page] = min(first, start), max(last, end)


def _about_scan(scan: Scan) -> Diagnostic:
    message = f"第{scan.page}页由扫描图像识别，平均置信度{100 * scan.confidence:.1f}%，所载数字请核对原件"
    return Diagnostic(level="warning", code="ocr-page", message=message, start=scan.start, end=scan.end)


def _doubts(block: RawParagraph | RawCell, start: int, end: int, text: str) -> list[Diagnostic]:
    """What a recogniser was not sure of in a block, and what it read where that was mended."""
    found = []
    at = 0
    for number in block.unsure:
        place = text.find(number, at)
        at = place + len(number) if place >= 0 else at
        span = (start + place, start + at) if place >= 0 else (start, end)
        found.append(Diagnostic(level="warning", code="ocr-unsure", message=f"扫描件上的“{number}”辨认不清，请核对原件", start=span[0], end=span[1]))
    if isinstance(block, RawCell) and block.read_as:
        message = f"扫描件上识别为“{block.read_as}”，按表格上下文改为“{text}”，请核对原件"
        found.append(Diagnostic(level="warning", code="ocr-mended", message=message, start=start, end=end))
    return found


def _table(raw: RawTable, offset: int) -> tuple[str, Table | None]:
    """The text and the table of cells that are in order. A yearbook has a hundred thousand of them: no step but plain passes."""
    texts = [cell.text.strip() for cell in raw.cells]
    whole = "".join(texts)
    if not whole:
        return "", None
    if "\t" in whole or "\n" in whole:
        texts = [text.replace("\t", " ").replace("\n", " ") for text in texts]
    starts = accumulate([len(text) + 1 for text in texts], initial=offset)
    page = raw.page
    cells = tuple([
        Cell(row=cell.row, column=cell.column, start=start, end=start + len(text), rowspan=cell.rowspan, colspan=cell.colspan, page=cell.page or page)
        for cell, text, start in zip(raw.cells, texts, starts)  # noqa: B905 (the last start is where the table ends)
    ])  # fmt: skip
    rows = [cell.row for cell in raw.cells]
    breaks = [0, *[at for at in range(1, len(rows)) if rows[at] != rows[at - 1]], len(rows)]
    text = "\n".join(["\t".join(texts[first:last]) for first, last in pairwise(breaks)])
    return text, Table(
        start=offset, end=offset + len(text), cells=cells, page=page,
        rows=max([cell.row + cell.rowspan for cell in cells]), columns=max([cell.column + cell.colspan for cell in cells]),
    )  # fmt: skip

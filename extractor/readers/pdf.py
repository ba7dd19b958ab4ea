"""Reads born-digital PDF: pages -> lines and ruled tables -> furniture aside -> paragraphs and joined tables.

The page is taken as printed: nothing is read from tags or outlines, so headings carry no level. Pages are
opened and closed one after the other, and only their lines and tables are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers.blocks import Raw, RawParagraph, RawTable
from extractor.readers.lattice import MAX_LINES, find_grids, split_rules
from extractor.readers.pdf_aligned import find_aligned
from extractor.readers.pdf_drawn import TooLarge
from extractor.readers.pdf_furniture import find_furniture
from extractor.readers.pdf_page import Char, PageContent, read_page
from extractor.readers.pdf_paragraphs import Paragraphs, measure
from extractor.readers.pdf_tables import Part, fill, goes_on, join
from extractor.readers.pdf_text import Line, find_lines, find_runs, in_columns
from extractor.readers.pdf_unseen import Glyph, Unseen

MAX_PAGES = 2_000
"""Pages of one document; year-end reports have 10 to 200."""
MAX_DOCUMENT_CHARACTERS = 5_000_000
"""Characters of one document, over all pages."""
_GARBAGE = 0.3
"""Share of characters without a known meaning from which the fonts are reported."""
_MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff]")
_TAIL = 4096


@dataclass(slots=True)
class Page:
    """What is kept of a page: lines outside tables, tables, and its place among the others."""

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[Part]
    characters: int
    garbage: int
    pictures: float
    slanted: str
    drawing: bool


def read(data: bytes, name: str) -> Raw:
    """The blocks of a PDF.

    Raises `UnreadableDocument` if it is empty, cut off, damaged, locked by a password, beyond a limit
    or without any text (a scan).
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableDocument(name, "the file is empty", "check that it was saved or copied completely")
    if b"%%EOF" not in data[-_TAIL:] and b"startxref" not in data[-_TAIL:]:
        raise UnreadableDocument(name, "the PDF is cut off: its end is missing", "get the file again; it was not copied or downloaded completely")
    document = _open(data, name)
    unseen = Unseen(data)
    try:
        pages, diagnostics = _pages(document, unseen, name)
    finally:
        document.close()
        unseen.close()
    _require_text(pages, name)
    diagnostics += _about_pages(pages)
    diagnostics += _set_furniture_aside(pages)
    blocks, joining = _blocks(pages)
    return Raw(blocks, len(pages), diagnostics + joining)


def _open(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise UnreadableDocument(name, "the PDF is locked by a password", "open it with the password and save or print it to a PDF without one") from error
        raise UnreadableDocument(name, "the PDF is damaged", "open it in a PDF program and save or print it to a new PDF, or get the file again") from error
    if not 0 < len(document) <= MAX_PAGES:
        count = len(document)
        document.close()
        if count == 0:
            raise UnreadableDocument(name, "the PDF has no pages", "get the file again; it is damaged or incomplete")
        raise UnreadableDocument(name, f"the PDF has {count} pages, the limit is {MAX_PAGES}", "split it and pass the part with the report")
    return document


def _pages(document: pypdfium2.PdfDocument, unseen: Unseen, name: str) -> tuple[list[Page], list[Diagnostic]]:
    pages: list[Page] = []
    diagnostics: list[Diagnostic] = []
    total = 0
    for index in range(len(document)):
        try:
            content = read_page(document.raw, index)
            if content.unseen:
                content, missing = _seen(document, content, unseen.glyphs(index))
                diagnostics += missing
        except TooLarge as error:
            raise UnreadableDocument(name, f"page {index + 1} has {error}", "print it to a new PDF at normal size, or pass the source document") from error
        except ValueError:
            diagnostics.append(Diagnostic(level="error", code="page-unreadable", message=f"第{index + 1}页已损坏，无法读取，其内容未包括在内"))
            content = PageContent(index + 1, 595.0, 842.0, [], [], 0.0, "")
        total += len(content.chars)
        if total > MAX_DOCUMENT_CHARACTERS:
            raise UnreadableDocument(name, f"the PDF has more than {MAX_DOCUMENT_CHARACTERS} characters", "split it and pass the part with the report")
        pages.append(_laid_out(content))
    return pages, diagnostics


def _seen(document: pypdfium2.PdfDocument, content: PageContent, glyphs: Sequence[Glyph] | None) -> tuple[PageContent, list[Diagnostic]]:
    """The page with the characters that pdfium passed over; as it was if there are none."""
    if glyphs is None:
        message = f"第{content.number}页使用了未嵌入文件的字体，可能有个别文字未能读出；请用原文档另存为PDF"
        return content, [Diagnostic(level="warning", code="text-incomplete", message=message)]
    if _printed(glyphs) > _printed(content.chars) + len(content.slanted):
        content = read_page(document.raw, content.number - 1, glyphs)
    return content, []


def _printed(chars: Sequence[Char | Glyph]) -> int:
    return sum(not char.char.isspace() for char in chars)


def _laid_out(content: PageContent) -> Page:
    runs = find_runs(content.chars)
    flat, upright = split_rules(content.rules)
    grids = find_grids(flat, upright)
    tables: list[Part] = []
    for grid in grids:
        part, runs = fill(grid, runs, content.number)
        if part is not None:
            tables.append(part)
    lines = find_lines(runs)
    loose = [rule for rule in flat if not any(part.top - 3 <= rule.at <= part.bottom + 3 for part in tables)]
    ordered = in_columns(lines)
    if not any(line.column for line in ordered):
        for part, taken in find_aligned(lines, loose, content.number):
            tables.append(part)
            gone = {id(line) for line in taken}
            ordered = [line for line in ordered if id(line) not in gone]
    for line in ordered:
        line.page = content.number
    drawing = content.drawing or len(flat) + len(upright) > MAX_LINES
    garbage = len(_MEANINGLESS.findall("".join([char.char for char in content.chars])))
    return Page(content.number, content.width, content.height, ordered, tables, len(content.chars), garbage, content.pictures, content.slanted, drawing)


# --- what is said about the document ------------------------------------------------------------


def _require_text(pages: list[Page], name: str) -> None:
    if any(page.lines or page.tables for page in pages):
        return
    if any(page.pictures > 0 for page in pages):
        raise UnreadableDocument(
            name, f"its {len(pages)} page(s) hold no text, only images: it is a scan",
            "scans need OCR, which is not part of this version: pass the document it was printed from, or a PDF with a text layer",
        )  # fmt: skip
    raise UnreadableDocument(name, "its pages hold no text", "check that the right file was passed, or that its letters were not turned into drawings")


def _about_pages(pages: list[Page]) -> list[Diagnostic]:
    diagnostics = []
    blank = [page.number for page in pages if not page.lines and not page.tables and page.pictures > 0.05]
    if blank:
        message = f"第{_listed(blank)}页只有图像，没有文字，其内容未包括在内；扫描页需要先做文字识别（OCR）"
        diagnostics.append(Diagnostic(level="warning", code="page-without-text", message=message))
    garbled = [page.number for page in pages if page.garbage > _GARBAGE * max(1, page.characters)]
    if garbled:
        message = f"第{_listed(garbled)}页的字体没有文字编码，读出的多为无意义的字符；请用原文档另存为PDF，或做文字识别（OCR）"
        diagnostics.append(Diagnostic(level="warning", code="text-garbled", message=message))
    drawings = [page.number for page in pages if page.drawing]
    if drawings:
        message = f"第{_listed(drawings)}页的线条过多，其中的表格无法识别，文字按行读出"
        diagnostics.append(Diagnostic(level="warning", code="too-many-lines", message=message))
    slanted = list(dict.fromkeys(page.slanted for page in pages if page.slanted))
    if slanted:
        message = f"斜排的文字（水印）未计入正文：“{slanted[0][:40]}”" + (f"等{len(slanted)}种" if len(slanted) > 1 else "")
        diagnostics.append(Diagnostic(level="info", code="watermark-set-aside", message=message))
    return diagnostics


def _listed(numbers: list[int]) -> str:
    """Page numbers as clerks write them: 1、3–5."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in ranges)


def _set_furniture_aside(pages: list[Page]) -> list[Diagnostic]:
    by_height = [(page.height, sorted(page.lines, key=lambda line: line.middle)) for page in pages]
    aside = {id(line): line for line in find_furniture(by_height)}
    for page in pages:
        page.lines = [line for line in page.lines if id(line) not in aside]
    if not aside:
        return []
    texts = list(dict.fromkeys(line.text for line in aside.values()))
    shown = "、".join(f"“{text}”" for text in texts[:3]) + (f"等{len(texts)}种" if len(texts) > 3 else "")
    message = f"页眉、页脚和页码未计入正文，共{len(aside)}处：{shown}"
    return [Diagnostic(level="info", code="furniture-set-aside", message=message)]


# --- blocks -------------------------------------------------------------------------------------

Block = RawParagraph | RawTable


def _blocks(pages: list[Page]) -> tuple[list[Block], list[Diagnostic]]:
    pitches = measure((line for page in pages for line in page.lines), {page.number: page.width for page in pages})
    return _Flow(pitches, _body_bottoms(pages)).run(pages)


def _body_bottoms(pages: list[Page]) -> dict[int, float]:
    """How far down the body reaches on pages of each height."""
    bottoms: dict[int, float] = {}
    for page in pages:
        ends = [line.bottom for line in page.lines] + [part.bottom for part in page.tables]
        bottoms[round(page.height)] = max([bottoms.get(round(page.height), 0.0), *ends])
    return bottoms


class _Flow:
    """Lines and tables of all pages in reading order to blocks; holds the table that may still go on."""

    def __init__(self, pitches: dict[int, float], bottoms: dict[int, float]) -> None:
        self._paragraphs = Paragraphs(pitches)
        self._bottoms = bottoms
        self._blocks: list[Block | Part] = []
        self._dropped: list[int] = []
        self._mended: list[int] = []

    def run(self, pages: list[Page]) -> tuple[list[Block], list[Diagnostic]]:
        room = 0.0
        for page in pages:
            for item in _in_order(page):
                if isinstance(item, Line):
                    self._emit(self._paragraphs.add(item))
                else:
                    self._emit(self._paragraphs.close())
                    self._table(item, room)
            ends = [line.bottom for line in page.lines] + [part.bottom for part in page.tables]
            room = self._bottoms[round(page.height)] - max(ends, default=0.0)
        self._emit(self._paragraphs.close())
        blocks = [RawTable(block.cells, block.page) if isinstance(block, Part) else block for block in self._blocks]
        return blocks, self._diagnostics()

    def _emit(self, paragraph: RawParagraph | None) -> None:
        if paragraph is not None:
            self._blocks.append(paragraph)

    def _table(self, part: Part, room: float) -> None:
        before = self._blocks[-1] if self._blocks else None
        if not isinstance(before, Part) or not goes_on(before, part, room):
            self._blocks.append(part)
            return
        dropped, mended = join(before, part)
        self._dropped += [part.page] if dropped else []
        self._mended += [part.page] if mended else []

    def _diagnostics(self) -> list[Diagnostic]:
        diagnostics = []
        if self._dropped:
            message = f"续表在第{_listed(self._dropped)}页重复的表头行未重复计入"
            diagnostics.append(Diagnostic(level="info", code="table-header-repeated", message=message))
        if self._mended:
            message = f"第{_listed(self._mended)}页开头的表格行是上一页末行的后半，已合并为一行"
            diagnostics.append(Diagnostic(level="info", code="table-row-rejoined", message=message))
        return diagnostics


def _in_order(page: Page) -> list[Line | Part]:
    """Lines in their reading order, each table before the first line that stands below its middle."""
    items: list[Line | Part] = list(page.lines)
    for part in sorted(page.tables, key=lambda part: part.top):
        place = next((k for k, item in enumerate(items) if _top(item) >= part.top - 1.0), len(items))
        items.insert(place, part)
    return items


def _top(item: Line | Part) -> float:
    return item.middle if isinstance(item, Line) else item.top

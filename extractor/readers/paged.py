"""Printed pages, whatever format they come from, to paragraphs and tables.

Page by page: runs, ruled tables, lines, columns, tables without a lattice. Then over all pages: furniture aside,
lines to paragraphs, tables that go on over pages to one.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers.blocks import Raw, RawParagraph, RawTable
from extractor.readers.lattice import MAX_LINES, find_grids, split_rules
from extractor.readers.ocr_engine import is_installed
from extractor.readers.ocr_mend import mend_tables
from extractor.readers.pdf_aligned import find_aligned
from extractor.readers.pdf_furniture import find_furniture
from extractor.readers.pdf_paragraphs import Paragraphs, measure
from extractor.readers.pdf_tables import Part, fill, goes_on, join
from extractor.readers.pdf_text import Line, find_lines, find_runs, in_columns
from extractor.readers.printed import PageContent

INSTALL = "pip install 'extractor[ocr]'"
"""What brings text recognition."""


@dataclass(slots=True)
class Page:
    """What is kept of a page: lines outside tables, tables, and its place among the others."""

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[Part]
    garbled: bool
    pictures: float
    slanted: str
    drawing: bool
    confidence: float | None = None
    unclear: int = 0


def lay_out(content: PageContent) -> Page:
    """The lines and tables of one page; its characters are not kept."""
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
    return Page(
        content.number, content.width, content.height, ordered, tables, content.garbled, content.pictures, content.slanted, drawing,
        content.confidence, content.unclear,
    )  # fmt: skip


def as_blocks(pages: list[Page], diagnostics: list[Diagnostic]) -> Raw:
    """The whole document; `diagnostics` are those of reading the pages."""
    diagnostics = diagnostics + _about_pages(pages) + _set_furniture_aside(pages)
    blocks, joining = _blocks(pages)
    scans = {page.number: page.confidence for page in pages if page.confidence is not None}
    mend_tables((block for block in blocks if isinstance(block, RawTable)), scans)
    return Raw(blocks, len(pages), diagnostics + joining, scans)


def require_text(pages: list[Page], name: str) -> None:
    """Raises `UnreadableDocument` where no page holds any text; the advice depends on whether scans can be read."""
    if any(page.lines or page.tables for page in pages):
        return
    if any(page.pictures > 0 for page in pages):
        raise UnreadableDocument(
            name, f"its {len(pages)} page(s) hold no text, only images" + (", and no text was recognised on them" if is_installed() else ": it is a scan"),
            "scan it again at 200 to 300 dots to an inch, straight and in focus" if is_installed()
            else f"install text recognition with {INSTALL}, or pass the document it was printed from",
        )  # fmt: skip
    raise UnreadableDocument(name, "its pages hold no text", "check that the right file was passed, or that its letters were not turned into drawings")


# --- what is said about the document ------------------------------------------------------------


def _about_pages(pages: list[Page]) -> list[Diagnostic]:
    diagnostics = []
    blank = [page.number for page in pages if not page.lines and not page.tables and page.pictures > 0.05]
    if blank:
        why = "没有识别出文字" if is_installed() else f"没有文字；请安装文字识别组件（{INSTALL}）后重试"
        message = f"第{_listed(blank)}页只有图像，其内容未包括在内：{why}"
        diagnostics.append(Diagnostic(level="warning", code="page-without-text", message=message))
    garbled = [page.number for page in pages if page.garbled]
    if garbled:
        message = f"第{_listed(garbled)}页的字体没有文字编码，读出的多为无意义的字符；请用原文档另存为PDF，或安装文字识别组件（{INSTALL}）后重试"
        diagnostics.append(Diagnostic(level="warning", code="text-garbled", message=message))
    unclear = [page for page in pages if page.unclear]
    if unclear:
        message = f"第{_listed([page.number for page in unclear])}页有{sum(page.unclear for page in unclear)}处文字辨认不出，未包括在内，请核对原件"
        diagnostics.append(Diagnostic(level="warning", code="ocr-unclear", message=message))
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

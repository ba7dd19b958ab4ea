"""Reads born-digital PDF: opens it, fetches what each page prints, and has blocks made of it.

The page is taken as printed: nothing is read from tags or outlines, so headings carry no level. Pages are
opened and closed one after the other, and only their lines and tables are kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import pypdfium2

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers.blocks import Raw
from extractor.readers.paged import Page, as_blocks, lay_out, require_text
from extractor.readers.pdf_page import read_page
from extractor.readers.pdf_scans import Scans
from extractor.readers.pdf_unseen import Unseen
from extractor.readers.printed import MAX_DOCUMENT_CHARACTERS, MAX_PAGES, Char, Glyph, PageContent, TooLarge

_TAIL = 4096


def read(data: bytes, name: str) -> Raw:
    """The blocks of a PDF.

    Raises `UnreadableDocument` if it is empty, cut off, damaged, locked by a password, beyond a limit
    or without any text (a scan on which none was recognised, or no text recognition is installed).
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
    require_text(pages, name)
    return as_blocks(pages, diagnostics)


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
    scans = Scans(document, name)
    total = 0
    for index in range(len(document)):
        try:
            content = read_page(document.raw, index)
            if content.unseen:
                content, missing = _seen(document, content, unseen.glyphs(index))
                diagnostics += missing
            if content.is_scan:
                content = scans.read(content)
        except TooLarge as error:
            raise UnreadableDocument(name, f"page {index + 1} has {error}", "print it to a new PDF at normal size, or pass the source document") from error
        except ValueError:
            diagnostics.append(Diagnostic(level="error", code="page-unreadable", message=f"第{index + 1}页已损坏，无法读取，其内容未包括在内"))
            content = PageContent(index + 1, 595.0, 842.0, [], [], 0.0, "")
        total += len(content.chars)
        if total > MAX_DOCUMENT_CHARACTERS:
            raise UnreadableDocument(name, f"the PDF has more than {MAX_DOCUMENT_CHARACTERS} characters", "split it and pass the part with the report")
        pages.append(lay_out(content))
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

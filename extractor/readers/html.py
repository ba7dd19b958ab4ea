"""Reads web pages and documents saved as web pages (Word, WPS, LibreOffice): HTML source -> blocks.

Kept: paragraphs, headings, the printed numbers of lists, tables with merged cells; what a reader of the page does
not see (scripts, hidden elements, comments) is left out. In pages of the web, what stands around the text is set
aside where that is sure (`html_chrome`). Notes of Word and LibreOffice stand at the end, as they do in the page.
"""

from __future__ import annotations

from collections import Counter

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers import charset
from extractor.readers.blocks import Raw
from extractor.readers.html_body import Body
from extractor.readers.html_chrome import text_of_page
from extractor.readers.html_text import Settings
from extractor.readers.html_tokens import Tokens
from extractor.readers.leftout import diagnostics
from extractor.readers.limits import MAX_TEXT_BYTES, Budget


def read(data: bytes, name: str, declared: str | None = None) -> Raw:
    """The paragraphs and tables of a page, in reading order. `declared` is the encoding that its sender gave.

    Raises `UnreadableDocument` for a page without text, of frames only, or beyond a limit of `limits`.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise UnreadableDocument(name, f"the page has {len(data) >> 20} MB, the limit is {MAX_TEXT_BYTES >> 20} MB", "save it without pictures")
    source, found = charset.decode(data, declared)
    settings = Settings(Budget(name), Counter())
    tokens, body = Tokens(source), Body(name, settings)
    del source
    items = body.read(tokens)
    if not items and body.frames:
        raise UnreadableDocument(name, "the page consists of frames; their text is in other files", "open the frame with the report in a browser and save it alone, or save the page as .mht")
    if not items:
        raise UnreadableDocument(name, "the page holds no text", "it may be put together by a script: open it in a browser and save it again, or print it to PDF")
    if not settings.office:
        items, aside = text_of_page(items)
        found += aside
    if tokens.cut_off:
        found.append(Diagnostic(level="warning", code="cut-off", message="the file ends inside a tag or comment: it may not have been copied to the end"))
    return Raw([item.block for item in items], diagnostics=found + diagnostics(settings.left_out))

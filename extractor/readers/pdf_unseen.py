"""The characters of a page by pdfplumber, for pages on which pdfium passes some over.

A font that is not part of the file is replaced by one of the machine's. Where that one has no picture of
a character, pdfium finds its text object to be nothing wide and leaves it out: lone characters (units in the
cells of a table) and sideways lines are lost on machines without CJK fonts. pdfplumber (pdfminer) takes
widths and meanings from the file alone, but is many times slower, so it reads such pages only.
"""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from extractor.readers.printed import Glyph

_UNKNOWN = re.compile(r"\(cid:\d+\)")
"""What pdfminer writes for a character without a known meaning."""

logging.getLogger("pdfminer").addHandler(logging.NullHandler())  # its remarks on a damaged file are for who asks for them, not for stderr


class Unseen:
    """A document opened by pdfplumber once the first page is asked for.

    It is never closed: it holds nothing but memory, and pdfplumber's way to close it reads pages that may be damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._opened: Any = None

    def glyphs(self, index: int) -> list[Glyph] | None:
        """The characters of page `index` (from 0) in the order of its content; None where pdfplumber fails."""
        try:
            return self._glyphs(index)
        except Exception:  # pdfminer raises whatever a malformed file makes it run into
            return None

    def _glyphs(self, index: int) -> list[Glyph]:
        if self._opened is None:
            import pdfplumber

            self._opened = pdfplumber.open(io.BytesIO(self._data))
        page = self._opened.pages[index]
        page.page_obj.rotate = 0  # boxes as the page's content states them, like pdfium's
        left, bottom = page.page_obj.mediabox[0] - page.mediabox[0], page.page_obj.mediabox[1]
        found = []
        for char in page.chars:
            x0, x1, y0, y1 = char["x0"] + left, char["x1"] + left, char["y0"] + bottom, char["y1"] + bottom
            along, upwards = char["matrix"][:2]
            for letter in _UNKNOWN.sub("\ufffd", char["text"]):
                if letter >= " " or letter == "\t":
                    found.append(Glyph(letter, x0, y0, x1, y1, along, upwards))
        page.close()
        return found

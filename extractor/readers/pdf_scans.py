"""Pages of a PDF that are pictures, read by text recognition."""

from __future__ import annotations

import pypdfium2

from extractor.errors import UnreadableDocument
from extractor.readers.ocr_engine import Image, is_installed, started
from extractor.readers.printed import MAX_SCANS, PageContent

DPI = 200
"""Dots to an inch at which pages are read; finer scans are made coarser, which reads no worse and much faster."""
_SHORTEST, _LONGEST = 1_600, 3_600
"""Pixels of the longer side of a picture, however small or large the page is said to be."""
_PAGE = (500.0, 1300.0)
"""Points between which the longer side of a page is believed: A5 to A3. Scanners' programs state anything."""
_A4 = 842.0


class Scans:
    """Reads the scanned pages of an open document, as many as are allowed, if the extra `ocr` is installed."""

    def __init__(self, document: pypdfium2.PdfDocument, name: str) -> None:
        self._document, self._name = document, name
        self._installed = is_installed()
        self._read = 0

    def read(self, content: PageContent) -> PageContent:
        """The page as its picture shows it; as it was if that shows no text.

        Raises `UnreadableDocument` beyond the limit, ValueError for a page that cannot be drawn.
        """
        if not self._installed:
            return content
        from extractor.readers.ocr_page import is_blank, read_picture

        image, point = self._draw(content.number - 1)
        if is_blank(image, point):
            return content
        self._read += 1
        if self._read > MAX_SCANS:
            raise UnreadableDocument(self._name, f"more than {MAX_SCANS} of its pages are scans", "split it and pass the part with the report")
        seen = read_picture(image, content.number, point, started(self._name))
        if not seen.chars:
            return content
        seen.pictures = content.pictures
        return seen

    def _draw(self, index: int) -> tuple[Image, float]:
        """The page as a grey picture, and the length of a point on it in pixels."""
        import numpy as np

        try:
            page = self._document[index]
            try:
                longer = max(page.get_size())
                pixels = min(max(longer * DPI / 72, _SHORTEST), _LONGEST)
                bitmap = page.render(scale=pixels / longer, grayscale=True)
                drawn = bitmap.to_numpy()
            finally:
                page.close()
        except (pypdfium2.PdfiumError, ZeroDivisionError, MemoryError) as error:
            raise ValueError(f"page {index + 1} cannot be drawn") from error
        image = np.ascontiguousarray(drawn[:, :, 0] if drawn.ndim == 3 else drawn)
        bitmap.close()
        return image, pixels / (longer if _PAGE[0] <= longer <= _PAGE[1] else _A4)

"""Reads pictures of pages: PNG, JPEG, BMP, and TIFF with a page in every frame."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

from extractor.errors import UnreadableDocument, UnsupportedFormat
from extractor.model import Diagnostic
from extractor.readers.blocks import Raw
from extractor.readers.ocr_engine import Engine, Image, is_installed, started
from extractor.readers.paged import INSTALL, Page, as_blocks, lay_out
from extractor.readers.printed import PageContent

MAX_PAGES = 300
"""Frames of one file; each takes some seconds."""
MAX_PIXELS = 80_000_000
"""Pixels of one picture: A4 at 600 dots to an inch has 35 million, A3 70 million."""
_LONGEST = 3_600
"""Pixels of the longer side that is read; larger pictures are made smaller."""
_A4, _A4_PIXELS = 842.0, 2_339
"""Points of the longer side that a page is taken to have, whatever its file says of dots to an inch, and its pixels at 200."""
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP")


def read(data: bytes, name: str) -> Raw:
    """The blocks of a picture, a page for every frame.

    Raises `UnsupportedFormat` where the extra `ocr` is not installed, `UnreadableDocument` if the picture is damaged,
    beyond a limit, or shows no text.
    """
    if not is_installed():
        raise UnsupportedFormat(name, "this is an image", f"install text recognition with {INSTALL}, or pass the document it was printed from")
    from extractor.readers.ocr_page import is_blank, read_picture

    pages: list[Page] = []
    diagnostics: list[Diagnostic] = []
    for number, image in enumerate(_frames(data, name), 1):
        content = PageContent(number, 595.0, _A4, [], [], 1.0, "")
        if image is None:
            diagnostics.append(Diagnostic(level="error", code="page-unreadable", message=f"第{number}页已损坏，无法读取，其内容未包括在内"))
        elif not is_blank(image, point := max(image.shape) / _A4):
            content = read_picture(image, number, point, started(name))
        pages.append(lay_out(content))
    if not any(page.lines or page.tables for page in pages):
        raise UnreadableDocument(name, "no text was recognised on the picture", "scan it again at 200 to 300 dots to an inch, straight and in focus")
    return as_blocks(pages, diagnostics)


def read_page(data: bytes, number: int, name: str, engine: Engine) -> PageContent | None:
    """The first frame of a picture as page `number` of a document; None where it shows no text.

    Raises `UnreadableDocument` if the picture is damaged or beyond a limit. The extra `ocr` must be there.
    """
    from extractor.readers.ocr_page import is_blank, read_picture

    image: Image = _frame(_open(data, name), 0, name, alone=True)
    point = max(image.shape) / _A4
    return None if is_blank(image, point) else read_picture(image, number, point, engine)


def _frames(data: bytes, name: str) -> Iterator[Image | None]:
    """The frames as grey pictures, None for a damaged one."""
    picture = _open(data, name)
    if picture.format != "TIFF" or _seek(picture, 1) is False:
        yield _frame(picture, 0, name, alone=True)
        return
    if _seek(picture, MAX_PAGES):
        raise UnreadableDocument(name, f"the image has more than {MAX_PAGES} pages", "split it and pass the part with the report")
    for index in range(MAX_PAGES):
        there = _seek(picture, index)
        if there is not False:
            yield _frame(picture, index, name, alone=False)
        if not there:
            return


def _open(data: bytes, name: str) -> Any:
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about sizes that are looked at below, and about odd metadata
            return PIL.Image.open(io.BytesIO(data), formats=_FORMATS)
    except PIL.Image.DecompressionBombError as error:
        raise _too_large(name, "many") from error
    except Exception as error:  # Pillow raises whatever a malformed file makes it run into
        raise UnreadableDocument(name, "this is an image that is damaged", "scan or save it again, or get the file again from its source") from error


def _seek(picture: Any, index: int) -> bool | None:
    """Whether there is such a frame; None where the file is damaged there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.seek(index)
    except EOFError:
        return False
    except Exception:  # as above
        return None
    return True


def _frame(picture: Any, index: int, name: str, *, alone: bool) -> Image | None:
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.seek(index)
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large(name, f"{picture.width} x {picture.height}")
            return _grey(picture)
    except UnreadableDocument:
        raise
    except PIL.Image.DecompressionBombError as error:
        raise _too_large(name, "many") from error
    except Exception as error:  # as above
        if alone:
            raise UnreadableDocument(name, "this is an image that is damaged or incomplete", "scan or save it again, or get the file again from its source") from error
        return None


def _too_large(name: str, size: str) -> UnreadableDocument:
    problem = f"the image has {size} pixels, the limit is {MAX_PIXELS // 1_000_000} million"
    return UnreadableDocument(name, problem, "scan it at 200 to 300 dots to an inch")


def _grey(picture: Any) -> Image:
    """The picture the way up its camera noted, grey on white, of a size that is read well."""
    import numpy as np
    import PIL.Image
    import PIL.ImageOps

    longest = max(picture.size)
    if picture.format == "JPEG":
        picture.draft("L", tuple(max(1, side * _LONGEST // longest) for side in picture.size))
    if picture.mode.startswith(("I", "F")):
        deep = np.asarray(picture, dtype=np.float64)
        top = max(1.0, float(deep.max()))
        picture = PIL.Image.fromarray((deep * (255.0 / top)).astype(np.uint8))
    elif "A" in picture.mode or "transparency" in picture.info:
        layers = picture.convert("LA") if picture.mode in ("LA", "La") else picture.convert("RGBA")
        paper = PIL.Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(layers.convert("RGBA"))
        picture = paper
    grey = PIL.ImageOps.exif_transpose(picture.convert("L"))
    longest = max(grey.size)
    scale = min(1.0, _LONGEST / longest) if longest >= _A4_PIXELS // 2 else _A4_PIXELS / 2 / longest
    if scale != 1.0:
        grey = grey.resize(tuple(max(1, round(side * scale)) for side in grey.size), PIL.Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(grey, dtype=np.uint8))

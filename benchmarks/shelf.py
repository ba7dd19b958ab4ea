"""Shelves of documents to measure with: variants of the corpus reports, no two the same, the same at every call."""

from __future__ import annotations

import io
import random
import re
import zipfile
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import docx

ROOT = Path(__file__).resolve().parent.parent
_NUMBER = re.compile(r"(?<![\d.,])[1-9]\d{1,5}(?![\d年月日.,])")


def varied(text: str, number: int) -> str:
    """The text with every number of two to six digits, dates apart, another one."""
    chance = random.Random(number)
    return _NUMBER.sub(lambda found: str(chance.randint(10 ** (len(found[0]) - 1), 10 ** len(found[0]) - 1)), text)


def short(text: str, size: int) -> str:
    """The first paragraphs of a text, about so many characters."""
    return text[: text.index("\n", size) + 1] if "\n" in text[size:] else text


def fill(folder: Path, documents: int, size: int | None = None, docx_every: int = 5) -> int:
    """Fills a folder with variants of the corpus reports as .txt, every fifth as .docx, a hundred to a folder; `size` is about
    how many characters of each report are taken. Returns the bytes written."""
    reports = [path.read_text("utf-8-sig") for path in sorted((ROOT / "corpus").rglob("*.txt"))]
    written = 0
    for number in range(documents):
        text = varied(reports[number % len(reports)], number)
        text = short(text, size) if size else text
        path = folder / f"{number // 100:04}" / f"{number:06}.{'docx' if number % docx_every == 0 else 'txt'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = as_docx(text) if path.suffix == ".docx" else text.encode()
        path.write_bytes(data)
        written += len(data)
    return written


@cache
def _blank() -> dict[str, bytes]:
    """The parts of an empty Word document."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as package:
        return {name: package.read(name) for name in package.namelist() if not name.startswith("docProps/thumbnail")}


def as_docx(text: str) -> bytes:
    """A Word document with the lines of a text as paragraphs."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.splitlines())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in _blank().items():
            if name == "word/document.xml":
                data = data.replace(b"<w:body>", b"<w:body>" + paragraphs.encode())
            package.writestr(name, data)
    return stream.getvalue()


def varied_docx(path: Path, number: int) -> bytes:
    """A .docx of the corpus with other numbers in its text; tables and numbering stay."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = re.sub(r"(<w:t(?: [^>]*)?>)([^<]*)", lambda found: found[1] + varied(found[2], number), data.decode()).encode()
            target.writestr(name, data)
    return stream.getvalue()

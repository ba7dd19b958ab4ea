"""Bytes to a positioned Document. The content decides the format; the suffix only words the message.

To add a format: one module with ``read(data, name) -> Raw`` and one line in `READERS`.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from extractor.errors import UnreadableDocument, UnsupportedFormat
from extractor.model import Document, Source
from extractor.readers.blocks import Raw, assemble

MAX_BYTES = 200 * 1024 * 1024
"""Largest file that is opened at all. Reports are well under 50 MB; anything larger is a mistake or an attack."""


class Reader(NamedTuple):
    """`fits(data)` looks at the content; `module` holds ``read`` and is imported only when it is needed."""

    name: str
    media_type: str
    module: str
    fits: Callable[[bytes], bool]


def _zip_holds(data: bytes, member: str) -> bool:
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return any(name.startswith(member) for name in package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return member.encode() in data[:65536]


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return True
    head = data[:8192]
    return b"\0" not in head and sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1a\x1b" for byte in head) <= len(head) // 100


READERS = (
    Reader("pdf", "application/pdf", "extractor.readers.pdf", lambda data: b"%PDF-" in data[:1024]),
    Reader(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "extractor.readers.docx",
        lambda data: _zip_holds(data, "word/"),
    ),
    Reader("txt", "text/plain", "extractor.readers.txt", _is_text),
)  # fmt: skip

# What is recognised but not read: the first bytes, what it is, and what a clerk can do about it.
_FOREIGN: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*"), "this is an image, not a document",
     "scan it to a PDF with a text layer, or send the file it was printed from"),
    ((b"\xd0\xcf\x11\xe0",), "this is an old Word/Excel file (.doc, .wps, .xls) or a password-protected one",
     "open it in Word or WPS, remove the password if it has one, and save it as .docx"),
    ((b"{\\rtf",), "this is an RTF file", "open it in Word or WPS and save it as .docx"),
    ((b"<!doctype html", b"<!DOCTYPE html", b"<!DOCTYPE HTML", b"<html", b"<HTML", b"<?xml"), "this is a web page or an XML file",
     "open it in a browser or Word and save it as .docx or PDF"),
    ((b"PK\x03\x04", b"PK\x05\x06"), "this is a zip archive, but not a .docx document",
     "unpack it, or open it in its own program and save it as .docx or PDF"),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), "this is an archive, not a document", "unpack it and pass the reports inside"),
)  # fmt: skip


def read(source: str | Path | bytes, name: str | None = None) -> Document:
    """The document in `source`, a path or the bytes themselves.

    Raises `UnsupportedFormat` for content no reader knows and `UnreadableDocument` for content that is
    empty, damaged, encrypted or beyond a limit; both name the file and say what to do.
    """
    if isinstance(source, bytes):
        label, data = name or "<bytes>", source
    else:
        label, data = str(name or source), load(Path(source))
    if len(data) > MAX_BYTES:
        raise too_large(label, len(data))
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableDocument(label, "the file is empty", "check that it was saved or copied completely")
    reader = _choose(data, label)
    module = importlib.import_module(reader.module)
    raw: Raw = module.read(data, label)
    about = Source(
        name=Path(label).name.encode("utf-8", "backslashreplace").decode(), sha256=hashlib.sha256(data).hexdigest(), media_type=reader.media_type,
        bytes=len(data), pages=raw.pages, reader=reader.name,
    )  # fmt: skip
    document = assemble(raw, about)
    if not document.text.strip():
        raise UnreadableDocument(label, "no text was found in it", "check that the right file was passed")
    return document


def too_large(label: str, size: int) -> UnreadableDocument:
    """What is said of a file of so many bytes."""
    return UnreadableDocument(label, f"the file has {size >> 20} MB, the limit is {MAX_BYTES >> 20} MB", "split it, or remove its pictures")


def load(path: Path) -> bytes:
    """The bytes of a file. Raises `UnreadableDocument` where it is missing, too large or may not be opened."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_large(str(path), path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocument(str(path), "no such file", "check the path") from None
    except IsADirectoryError:
        raise UnreadableDocument(str(path), "this is a folder", "pass a file, or let the command line walk the folder") from None
    except OSError as error:
        raise UnreadableDocument(str(path), f"it cannot be opened ({error.strerror or error})", "check its permissions and that it is not in use") from error


def _choose(data: bytes, label: str) -> Reader:
    for starts, what, advice in _FOREIGN[:-2]:
        if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(starts):
            raise UnsupportedFormat(label, what, advice)
    for reader in READERS:
        if reader.fits(data):
            return reader
    for starts, what, advice in _FOREIGN[-2:]:
        if data.startswith(starts):
            if Path(label).suffix.lower() == ".docx":
                raise UnreadableDocument(label, "the .docx package is damaged or incomplete", "get the file again from its source, or open and save it once more in Word or WPS")
            raise UnsupportedFormat(label, what, advice)
    raise UnsupportedFormat(label, "its content is of no format known here", "pass a .docx, .pdf or .txt file")

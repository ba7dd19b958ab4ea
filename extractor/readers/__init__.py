"""Bytes to a positioned Document. The content decides the format; the suffix only words the message.

To add a format: one module with ``read(data, name) -> Raw`` and one line in `READERS`.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from extractor.errors import UnreadableDocument, UnsupportedFormat
from extractor.model import Document, Source, Table
from extractor.readers.blocks import Raw, RawParagraph, RawTable, assemble
from extractor.readers.compound import MAGIC, root_streams
from extractor.readers.limits import Budget
from extractor.readers.packages import open_document, zip_holds
from extractor.readers.sniff import is_html, is_mime, is_rtf, is_xml

MAX_BYTES = 200 * 1024 * 1024
"""Largest file that is opened at all. Reports are well under 50 MB; anything larger is a mistake or an attack."""


class Reader(NamedTuple):
    """`fits(data)` looks at the content; `module` holds ``read`` and is imported only when it is needed.

    `suffixes` are those that files of the format have, so that a walk through a folder finds them.
    """

    name: str
    media_type: str
    module: str
    fits: Callable[[bytes], bool]
    suffixes: tuple[str, ...]


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return True
    head = data[:8192]
    return b"\0" not in head and sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1a\x1b" for byte in head) <= len(head) // 100


def _is_bitmap(data: bytes) -> bool:
    """A text may begin with BM as well: a bitmap's header says how long the header behind it is."""
    return data.startswith(b"BM") and len(data) > 18 and int.from_bytes(data[14:18], "little") in (12, 40, 52, 56, 64, 108, 124)


def _is_old_workbook(data: bytes) -> bool:
    """A compound file with the stream of a workbook, or such a stream by itself, which begins with the record BOF."""
    return bool({"Workbook", "Book"} & root_streams(data)) or data.startswith((b"\x09\x08\x08\x00", b"\x09\x08\x10\x00", b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"))


READERS = (
    Reader("pdf", "application/pdf", "extractor.readers.pdf", lambda data: b"%PDF-" in data[:1024], (".pdf",)),
    Reader(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "extractor.readers.docx",
        lambda data: zip_holds(data, "word/"), (".docx", ".docm", ".dotx"),
    ),
    Reader(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "extractor.readers.xlsx",
        lambda data: zip_holds(data, "xl/"), (".xlsx", ".xlsm", ".xltx", ".et"),
    ),
    Reader(
        "ods", "application/vnd.oasis.opendocument.spreadsheet", "extractor.readers.odf",
        lambda data: open_document(data) == "spreadsheet", (".ods", ".ots", ".fods"),
    ),
    Reader("odt", "application/vnd.oasis.opendocument.text", "extractor.readers.odf", lambda data: bool(open_document(data)), (".odt", ".ott", ".fodt")),
    Reader("ofd", "application/ofd", "extractor.readers.ofd", lambda data: zip_holds(data, "OFD.xml"), (".ofd",)),
    Reader("xls", "application/vnd.ms-excel", "extractor.readers.xls", _is_old_workbook, (".xls",)),
    Reader("doc", "application/msword", "extractor.readers.doc", lambda data: "WordDocument" in root_streams(data), (".doc", ".wps")),
    Reader("rtf", "application/rtf", "extractor.readers.rtf", is_rtf, (".rtf",)),
    Reader("mht", "multipart/related", "extractor.readers.mht", is_mime, (".mht", ".mhtml")),
    Reader("html", "text/html", "extractor.readers.html", is_html, (".html", ".htm", ".xhtml")),
    Reader("image", "image/png", "extractor.readers.ocr", lambda data: data.startswith(b"\x89PNG"), ()),
    Reader("image", "image/jpeg", "extractor.readers.ocr", lambda data: data.startswith(b"\xff\xd8\xff"), ()),
    Reader("image", "image/tiff", "extractor.readers.ocr", lambda data: data.startswith((b"II*\0", b"MM\0*")), ()),
    Reader("image", "image/bmp", "extractor.readers.ocr", _is_bitmap, ()),
    Reader("txt", "text/plain", "extractor.readers.txt", lambda data: _is_text(data) and not is_xml(data), (".txt",)),
)  # fmt: skip

_PACKAGES = (".docx", ".xlsx", ".et", ".odt", ".ods", ".ofd")
"""Suffixes of zip packages that are read."""

SUFFIXES = frozenset(suffix for reader in READERS for suffix in reader.suffixes)
"""What is taken from a folder. Any of them may hold any format: a .doc is often RTF or a web page."""

_Foreign = tuple[tuple[tuple[bytes, ...], str, str], ...]

# What is recognised but not read: the first bytes, what it is, and what a clerk can do about it.
_FOREIGN: _Foreign = (
    ((b"GIF8",), "this is a GIF image", "save it as PNG, or pass the document it was printed from"),
)  # fmt: skip

# The same, for what no reader has claimed.
_UNCLAIMED: _Foreign = (
    ((b"<?xml", b"<\0?\0x\0m\0l\0", b"\xff\xfe<\0?\0"), "this is an XML file, not a web page (Word 2003 and programs for forms write such files)",
     "open it in the program that wrote it, or in Word, and save it as .docx"),
    ((b"PK\x03\x04", b"PK\x05\x06"), "this is a zip archive, but no document that is read here",
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
    budget = Budget(label)
    budget.characters(sum([_length(block) for block in raw.blocks]))
    document = assemble(raw, about)
    for table in (block for block in document.blocks if isinstance(block, Table)):
        budget.places(table.rows * table.columns)
    if not document.text.strip():
        raise UnreadableDocument(label, "no text was found in it", "check that the right file was passed")
    return document


def _length(block: RawParagraph | RawTable) -> int:
    return len(block.text) if isinstance(block, RawParagraph) else sum([len(cell.text) for cell in block.cells])


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
    for starts, what, advice in _FOREIGN:
        if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(starts):
            raise UnsupportedFormat(label, what, advice)
    for reader in READERS:
        if reader.fits(data):
            return reader
    if data.startswith(MAGIC):
        raise _unread_compound(data, label)
    for starts, what, advice in _UNCLAIMED:
        if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(starts):
            suffix = Path(label).suffix.lower()
            if data.startswith(b"PK") and suffix in _PACKAGES:
                raise UnreadableDocument(label, f"the {suffix} package is damaged or incomplete", "get the file again from its source, or open and save it once more in the program that wrote it")
            raise UnsupportedFormat(label, what, advice)
    raise UnsupportedFormat(label, "its content is of no format known here", "pass a .docx, .doc, .wps, .odt, .xlsx, .xls, .et, .ods, .pdf, .ofd, .rtf, .html, .mht or .txt file")


def _unread_compound(data: bytes, label: str) -> UnreadableDocument | UnsupportedFormat:
    """Why a compound file (OLE2) that no reader took is not read."""
    streams = root_streams(data)
    if not streams:
        return UnreadableDocument(label, "this is an old Word or Excel file that is damaged or was not copied to the end", "fetch the file again from its source")
    if "EncryptedPackage" in streams:
        return UnreadableDocument(label, "the document is protected by a password", "open it, remove the password, save it and try again")
    if "PowerPoint Document" in streams:
        return UnsupportedFormat(label, "this is an old PowerPoint presentation", "save it as PDF")
    return UnsupportedFormat(label, "this is a file of another program, not of Word or WPS Writer", "open it in its own program and save it as .docx or PDF")

"""Reads web archives (.mht, .mhtml by Word, WPS and browsers; also saved mails): MIME -> the page in it -> blocks.

The parts are found here, by their boundary, without copying them: Python's parser of whole messages takes a
generator a level and quadratic time for parts inside parts. Only the value of a Content-Type, cut to a sane length,
goes through `email`. Source: RFC 2557 (web archives), RFC 2046 (parts).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from email.message import Message

import msgspec

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers import html, txt
from extractor.readers.blocks import Raw
from extractor.readers.limits import MAX_TEXT_BYTES

MAX_PARTS = 10_000
MAX_NESTING = 5
"""Parts inside parts; mails have up to three."""
MAX_HEADER = 65_536
MAX_VALUE = 1000

_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n")
_FIELD = re.compile(rb"^(content-(?:type|transfer-encoding|location)):[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_FURNITURE = re.compile(r"header\.html?\s*$", re.IGNORECASE)
"""Word keeps running heads and feet in this part."""
_PAGES = ("text/html", "application/xhtml+xml")
_SAVE_AGAIN = "open it in Word or a browser and save it again"


class _Part(msgspec.Struct):
    """What the header says, and where in the file the body lies."""

    kind: str
    boundary: str
    charset: str | None
    encoding: str
    location: str
    start: int
    end: int

    def content(self, data: bytes) -> bytes:
        """The body with its transfer encoding undone; what is damaged in it is passed over."""
        body = data[self.start : self.end]
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if self.encoding != "base64":
            return body
        letters = _NOT_BASE64.sub(b"", body)
        return base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + b"=" * (-len(letters) % 4))


def read(data: bytes, name: str) -> Raw:
    """The page of a web archive, read as `html` reads one; else its plain text.

    Raises `UnreadableDocument` where there is neither, or a limit is passed.
    """
    first = len(data) - len(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    pages: list[_Part] = []
    plain: list[_Part] = []
    for part in _parts(data, _part(data, first, len(data)), name, 0):
        if part.kind in _PAGES and not (pages and _FURNITURE.search(part.location)):
            pages.append(part)
        elif part.kind == "text/plain":
            plain.append(part)
    if not pages and not plain:
        raise UnreadableDocument(name, "there is no page of text in this web archive", _SAVE_AGAIN)
    chosen = (pages or plain)[0]
    content = chosen.content(data)
    if len(content) > MAX_TEXT_BYTES:
        raise UnreadableDocument(name, f"the page has {len(content) >> 20} MB, the limit is {MAX_TEXT_BYTES >> 20} MB", "save it without pictures")
    if not pages:
        return txt.read(content, name)
    raw = html.read(content, name, chosen.charset)
    if others := len(pages) - 1:
        raw.diagnostics.append(Diagnostic(level="warning", code="embedded-document", message=f"further pages of the web archive (frames) are not read ({others})"))
    return raw


def _parts(data: bytes, part: _Part, name: str, depth: int) -> Iterator[_Part]:
    """The parts that hold no other parts, in order."""
    if not part.boundary:
        yield part
        return
    if depth >= MAX_NESTING:
        raise UnreadableDocument(name, f"more than {MAX_NESTING} of its parts are inside each other", _SAVE_AGAIN)
    mark = re.compile(rb"\n--" + re.escape(part.boundary.encode("latin-1", "replace")) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
    found = list(_bounded(mark.finditer(data, max(0, part.start - 1), part.end), name))
    for at, start in enumerate(found):
        if start[1]:
            break
        end = found[at + 1].start() if at + 1 < len(found) else part.end
        yield from _parts(data, _part(data, min(start.end() + 1, end), end), name, depth + 1)


def _bounded(marks: Iterator[re.Match[bytes]], name: str) -> Iterator[re.Match[bytes]]:
    for count, found in enumerate(marks):
        if count > MAX_PARTS:
            raise UnreadableDocument(name, f"it has more than {MAX_PARTS:,} parts", "the file may be malicious; save the page again from its source")
        yield found


def _part(data: bytes, start: int, end: int) -> _Part:
    """The part between two places: its header block, if it has one, and where its body begins."""
    head, body = b"", start
    if data[start : start + 2] not in (b"\r\n", b"\n\n") and data[start : start + 1] != b"\n":
        found = _HEADER_END.search(data, start, min(end, start + MAX_HEADER))
        if found is not None:
            head, body = data[start : found.start()].replace(b"\r\n", b"\n"), found.end()
    fields = {name.lower().decode("latin-1"): value[:MAX_VALUE].decode("latin-1") for name, value in reversed(_FIELD.findall(head))}
    about = Message()
    about["Content-Type"] = re.sub(r"\s+", " ", fields.get("content-type", "text/plain"))
    return _Part(
        kind=about.get_content_type(),
        boundary=_parameter(about, "boundary").rstrip() if about.get_content_maintype() == "multipart" else "",
        charset=_parameter(about, "charset") or None,
        encoding=fields.get("content-transfer-encoding", "").strip().lower(),
        location=fields.get("content-location", ""),
        start=body, end=end,
    )  # fmt: skip


def _parameter(about: Message, name: str) -> str:
    try:
        value = about.get_param(name, "")
    except (ValueError, LookupError):
        return ""
    return value if isinstance(value, str) else str(value[2])

"""Which kind of zip package or flat file a document is, for choosing a reader by content."""

from __future__ import annotations

import io
import zipfile

_ODF = b"application/vnd.oasis.opendocument."
_HEAD = 4096


def zip_holds(data: bytes, member: str) -> bool:
    """Whether a zip archive has a member of this name or in this folder; damaged ones count by their first bytes."""
    if not data.startswith(b"PK\x03\x04") or member.encode() not in data:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return any(name.startswith(member) for name in package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return member.encode() in data[:65536]


def open_document(data: bytes) -> str:
    """What an OpenDocument file is: text, spreadsheet, presentation …; "" for other files.

    Its media type stands unpacked at the beginning of a package, and as an attribute in that of a flat file.
    """
    head = data[:_HEAD]
    if data.startswith(b"PK"):
        if _ODF in head:
            return _behind(head)
        if zip_holds(data, "content.xml") and zip_holds(data, "META-INF/manifest.xml"):
            return _behind(_member(data, "mimetype")) or "text"
        return ""
    if b"urn:oasis:names:tc:opendocument:xmlns:office" in head and b"<office:document" in head:
        return _behind(head) or _behind(data[: 16 * _HEAD]) or "text"
    return ""


def _behind(head: bytes) -> str:
    kind = head.partition(_ODF)[2][:24].decode("ascii", "replace")
    return next((name for name in ("text", "spreadsheet", "presentation", "graphics", "chart", "formula") if kind.startswith(name)), "")


def _member(data: bytes, name: str) -> bytes:
    """The first bytes of a small member; nothing where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(name) as member:
            return member.read(_HEAD)
    except Exception:  # zipfile raises whatever a damaged archive makes it run into
        return b""

"""What formats of marked-up text begin with, for choosing a reader by content."""

from __future__ import annotations

import re

_SNIFFED = 65_536
"""Bytes that are looked at; pages begin with comments of licences and build numbers, but not with so many."""

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BLANK = b" \t\r\n\f"
_LEADING = re.compile(r"(?:\s++|<!--.*?-->|<\?xml\s[^>]*+>|<\?[a-z-]++\s[^>]*+\?>)*+", re.DOTALL)
_FIRST_TAG = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|title|meta|base|link|body|style|script|iframe|h[1-6]|div|font|table|center|span|section|article|main|form"
    r"|blockquote|ol|ul|pre|br|hr|p|a|b)(?=[\s/>]))",
    re.IGNORECASE,
)
_XHTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,60}:")


def is_html(data: bytes) -> bool:
    """Whether HTML begins here, behind comments and an XML declaration (after WHATWG MIME Sniffing, 7.1).

    Behind an XML declaration only ``html`` will do: other XML may have elements called ``table`` or ``p``.
    """
    text = _narrow(data[:_SNIFFED]).decode("utf-8", "replace")
    leading = _LEADING.match(text)
    start = leading.end() if leading else 0
    return (_XHTML if "<?xml" in text[:start] else _FIRST_TAG).match(text, start) is not None


def is_xml(data: bytes) -> bool:
    """Whether an XML declaration begins here."""
    return _narrow(data[:_SNIFFED]).lstrip(_BLANK).startswith(b"<?xml")


def is_rtf(data: bytes) -> bool:
    """Whether Rich Text Format begins here."""
    return data[:1024].removeprefix(_BOMS[0]).lstrip(_BLANK).startswith(b"{\\rt")


def is_mime(data: bytes) -> bool:
    """Whether the header of a MIME message begins here: a web archive or a mail."""
    start = data[:_SNIFFED].removeprefix(_BOMS[0]).lstrip(_BLANK)
    if not _HEADER_LINE.match(start):
        return False
    head = _HEADER_END.split(start, maxsplit=1)[0].lower()
    return head.startswith(b"mime-version:") or (b"\nmime-version:" in head and b"\ncontent-type:" in head)


def _narrow(head: bytes) -> bytes:
    """UTF-16 as ASCII, as far as it is; the byte order mark off."""
    wide = head.startswith(_BOMS[1:]) or head[:2] in (b"<\0", b"\0<")
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return head.replace(b"\0", b"") if wide else head

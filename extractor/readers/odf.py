"""Reads OpenDocument texts and spreadsheets: .odt, .ott, .ods, .ots, and the flat .fodt and .fods."""

from __future__ import annotations

from lxml import etree

from extractor.errors import UnreadableDocument, UnsupportedFormat
from extractor.model import Diagnostic
from extractor.readers import odf_sheets
from extractor.readers.blocks import Raw
from extractor.readers.leftout import diagnostics, unreadable_part
from extractor.readers.odf_names import OFFICE
from extractor.readers.odf_styles import Styles
from extractor.readers.odf_text import Reader
from extractor.readers.package import Kind, Package, locked, parse_xml
from extractor.readers.sheets import as_blocks

_KIND = Kind(".odt or .ods", "LibreOffice or WPS")
_MANIFEST = "META-INF/manifest.xml"
_CONTENT, _STYLES = "content.xml", "styles.xml"


def read(data: bytes, name: str) -> Raw:
    """The blocks of a text or a spreadsheet. `name` is for messages.

    Raises `UnreadableDocument` if it is damaged, protected by a password, beyond a limit or without text, and
    `UnsupportedFormat` for presentations and drawings. Damaged styles are a diagnostic.
    """
    roots, told = _roots(data, name)
    body = roots[0].find(OFFICE + "body")
    content = None if body is None else next(iter(body), None)
    if content is None:
        raise UnreadableDocument(name, "this is an OpenDocument file without content", _KIND.send_again)
    styles = Styles(roots)
    if content.tag == OFFICE + "spreadsheet":
        raw = as_blocks(odf_sheets.read(content, styles, name), name)
    elif content.tag == OFFICE + "text":
        reader = Reader(styles, name)
        blocks = reader.read(content)
        raw = Raw(blocks, diagnostics=diagnostics(reader.left_out))
    else:
        raise UnsupportedFormat(name, "this is an OpenDocument presentation or drawing, not a text or spreadsheet", "save it as PDF")
    raw.diagnostics += told
    if not raw.blocks:
        raise UnreadableDocument(name, "the document holds no text", "if its pages are pictures, use the original or a text-recognised PDF")
    return raw


def _roots(data: bytes, name: str) -> tuple[list[etree._Element], list[Diagnostic]]:
    """The XML of content and styles; both are one where the file is flat."""
    if not data.startswith(b"PK"):
        return [parse_xml(data, name, "the file", _KIND)], []
    package = Package(data, name, _KIND)
    if _MANIFEST in package and next(package.xml(_MANIFEST).iter("{*}encryption-data"), None) is not None:
        raise locked(name)
    roots = [package.xml(_CONTENT)]
    told = []
    if _STYLES in package:
        try:
            roots.append(package.xml(_STYLES))
        except UnreadableDocument as error:
            told.append(unreadable_part(error.problem))
    return roots, told

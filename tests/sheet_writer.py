"""Workbooks and OpenDocument files for tests, written part by part, so that a test decides on every element."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip package; a part called mimetype is stored unpacked, as OpenDocument asks."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return stream.getvalue()


# --- .xlsx --------------------------------------------------------------------------------------


def letters(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def cell(row: int, column: int, value: str | float, style: int | None = None) -> str:
    """A cell with a number, or with a text in place."""
    look = "" if style is None else f' s="{style}"'
    place = f"{letters(column)}{row + 1}"
    if isinstance(value, str):
        return f'<c r="{place}"{look} t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else f'<c r="{place}"{look}/>'
    return f'<c r="{place}"{look}><v>{value!r}</v></c>'


def sheet(rows: Iterable[Iterable[str | float]], *, merged: Iterable[str] = (), before: str = "", after: str = "") -> str:
    """The XML of a sheet from its values; `merged` are references such as A1:C1, `before` and `after` stand beside the cells."""
    body = "".join(
        f'<row r="{at + 1}">{"".join(cell(at, column, value) for column, value in enumerate(row) if value != "")}</row>'
        for at, row in enumerate(rows)
    )  # fmt: skip
    return worksheet(body, merged=merged, before=before, after=after)


def worksheet(body: str, *, merged: Iterable[str] = (), before: str = "", after: str = "") -> str:
    """The XML of a sheet whose rows are given as XML."""
    areas = "".join(f'<mergeCell ref="{reference}"/>' for reference in merged)
    areas = f"<mergeCells>{areas}</mergeCells>" if areas else ""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{body}</sheetData>{areas}{after}</worksheet>'


def styles(*codes: str | int) -> str:
    """Cell styles 0, 1 …, one for each number format: a code, or the number of one that is built in."""
    own = "".join(f'<numFmt numFmtId="{200 + k}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>' for k, code in enumerate(codes) if isinstance(code, str))
    looks = "".join(f'<xf numFmtId="{200 + k if isinstance(code, str) else code}"/>' for k, code in enumerate(codes))
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellXfs>{looks}</cellXfs></styleSheet>'


def xlsx(
    sheets: Mapping[str, str | bytes], *, strings: Iterable[str] = (), look: str = "", hidden: Iterable[str] = (), workbook: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook: sheets by name, shared strings as XML (``<t>…</t>``), styles, and which sheets are hidden."""
    relations, listed, found = [], [], dict(parts or {})
    for k, (name, xml) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed.append(f'<sheet name="{escape(name)}" sheetId="{k}"{state} r:id="rId{k}"/>')
        relations.append((f"rId{k}", "worksheet", f"worksheets/sheet{k}.xml"))
        found[f"xl/worksheets/sheet{k}.xml"] = xml
    if strings:
        relations.append(("rIdS", "sharedStrings", "sharedStrings.xml"))
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{"".join(f"<si>{string}</si>" for string in strings)}</sst>'
    if look:
        relations.append(("rIdF", "styles", "styles.xml"))
        found["xl/styles.xml"] = look
    targets = "".join(f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in relations)
    office = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return packed({
        "[Content_Types].xml": _content_types(found),
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{office}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}<sheets>{"".join(listed)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{targets}</Relationships>',
        **found,
    })  # fmt: skip


def _content_types(parts: Mapping[str, str | bytes]) -> str:
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {"worksheets": "worksheet", "sharedStrings": "sharedStrings", "styles": "styles"}
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{base}.{kind}+xml"/>' for part in parts for mark, kind in kinds.items() if mark in part
    )  # fmt: skip
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{base}.sheet.main+xml"/>{overrides}</Types>'
    )


# --- .xls ---------------------------------------------------------------------------------------

BOF, EOF = 0x809, 0x0A


def record(kind: int, data: bytes = b"") -> bytes:
    """One record of a binary workbook."""
    return struct.pack("<HH", kind, len(data)) + data


def wide(text: str, size: int = 2) -> bytes:
    """A string of BIFF8 behind a count of `size` bytes."""
    return len(text).to_bytes(size, "little") + b"\x01" + text.encode("utf-16-le")


def biff(sheets: Mapping[str, bytes], *, before: bytes = b"", version: int = 0x600, hidden: Iterable[str] = ()) -> bytes:
    """The stream of a workbook: the records of its sheets, and what stands before their list."""
    head = record(BOF, struct.pack("<HHHHII", version, 5, 0, 0, 0, 0)) + before
    names = {name: wide(name, 1) if version == 0x600 else bytes([len(name.encode("gb18030"))]) + name.encode("gb18030") for name in sheets}
    at = len(head) + sum(4 + 6 + len(name) for name in names.values()) + 4
    bodies = b""
    for name, records in sheets.items():
        body = record(BOF, struct.pack("<HHHHII", version, 0x10, 0, 0, 0, 0)) + records + record(EOF)
        head += record(0x85, struct.pack("<IBB", at, name in hidden, 0) + names[name])
        at += len(body)
        bodies += body
    return head + record(EOF) + bodies


# --- OpenDocument -------------------------------------------------------------------------------

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for name, full in {"office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "svg": "svg-compatible"}.items()
)
_KIND = "application/vnd.oasis.opendocument."


def open_document(kind: str, body: str, automatic: str = "", *, common: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A text or spreadsheet: `body` inside office:text or office:spreadsheet, automatic and common styles."""
    return packed({
        "mimetype": _KIND + kind,
        "content.xml": f"<office:document-content {_NAMES}><office:automatic-styles>{automatic}</office:automatic-styles><office:body>"
        f"<office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_NAMES}><office:styles>{common}</office:styles></office:document-styles>",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        **(parts or {}),
    })  # fmt: skip


def flat(kind: str, body: str, automatic: str = "") -> bytes:
    """The same in one XML file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMES} office:mimetype="{_KIND}{kind}"><office:automatic-styles>{automatic}'
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()

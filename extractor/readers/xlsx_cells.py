"""The cells of one sheet of an .xlsx, and the strings and styles that they refer to.

Nearly every program writes a cell in the same few ways. Where one pattern takes all cells of a sheet, they are read by it, in a
third of the time that parsing takes. A sheet with anything else in it (prefixes, comments, hidden rows, formulas without a
result, rich text in place …) is parsed. Both ways give the same. Source: ISO/IEC 29500-1, 18.3 (worksheets), 18.4 (shared strings), 18.8 (styles), 22.9.2.19 (ST_Xstring).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import msgspec
from lxml import etree

from extractor.readers.blocks import join_lines
from extractor.readers.number_formats import BUILT_IN, Format, compiled, from_iso, plain, shown, shown_date
from extractor.readers.sheet_rows import MAX_COLUMNS, Area, Row, Rows

Parse = Callable[[bytes], etree._Element]
"""Parses a part within the limits, or raises `UnreadableDocument`."""

_CELL = re.compile(
    r'<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"([^<>/]*+)'
    r"(?:/>|>(?:<f[^<>]*+(?:(?<=/)>|(?<!/)>[^<]*+</f>))?+"
    r"(?:<v>(?:(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]*[1-9])?+)(?=<)|([^<]++))</v>|<is><t(?: [^<>]*+)?>([^<]++)</t></is>)</c>|></c>)"
)
"""Column, row, the other attributes; a value that is a plain number, another value, a text in place."""
_AT_ONCE = 1 << 18
"""Bytes of rows in which cells are searched for at once, so that not all of them are in memory."""
_ATTRIBUTES = re.compile(r'(?: [a-z]+="[^"<>&]*")*')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"/>')
_UNUSUAL = (b"<!", b'hidden="1"', b'hidden="true"', b"hidden='", b"hidden =")
"""Comments and CDATA; what is hidden."""
_TEXT = re.compile(rb"<t(?: [^<>]*+)?>([^<]*+)</t>")
_UTF8 = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*?encoding=[\"'](?:utf-8|UTF-8)[\"'][^>]*>|<\?xml(?![^>]*encoding)[^>]*>|<[^?!])")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|lt|gt|amp|quot|apos);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true")
_MOST_LOOKS = 10_000
_EXACT = 16
"""Characters below which a plain number has no more than fifteen digits, so that it is printed as it stands."""


class Found(msgspec.Struct):
    """What a sheet holds: printed cells, merged areas, hidden rows and columns; how many cells show an error, are
    formulas without a stored result, or refer to a string that is missing."""

    rows: Rows = msgspec.field(default_factory=dict)
    merged: list[Area] = msgspec.field(default_factory=list)
    hidden_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)
    errors: int = 0
    unvalued: int = 0
    missing: int = 0


class Unusual(Exception):
    """The patterns do not take all that is in a sheet."""


class _Columns(dict[str, int]):
    """By its letters, the number of a column; remembered, since a sheet has few columns and many cells."""

    def __missing__(self, letters: str) -> int:
        number = self[letters] = column_of(letters)
        return number


class _Looks(dict[str, tuple[str, Format | None]]):
    """By the attributes of a cell as they are written, its type and number format; remembered for the same reason."""

    def __init__(self, formats: dict[str, Format]) -> None:
        self._formats = formats

    def __missing__(self, written: str) -> tuple[str, Format | None]:
        if not _ATTRIBUTES.fullmatch(written):
            raise Unusual
        attributes = dict(_ATTRIBUTE.findall(written))
        kind = attributes.get("t", "n")
        look = "" if kind == "n" else kind, self._formats.get(attributes.get("s", ""))
        if len(self) < _MOST_LOOKS:
            self[written] = look
        return look


class Cells:
    """Prints the cells of one workbook. `strings` are its shared strings, `formats` the number formats by cell style,
    `days` what is added to a day number (`number_formats.DAYS_1904` or 0)."""

    def __init__(self, strings: list[str], formats: dict[str, Format], days: int) -> None:
        self._strings, self._formats, self._days = strings, formats, days
        self._columns, self._looks = _Columns(), _Looks(formats)

    def of(self, xml: bytes, parse: Parse) -> Found:
        """What the sheet in `xml` holds."""
        try:
            return self._by_pattern(xml)
        except (Unusual, UnicodeDecodeError):
            return self._by_tree(parse(xml))

    def _by_pattern(self, xml: bytes) -> Found:
        """Raises `Unusual` where the patterns do not take every row, cell and merged area."""
        start, end = xml.find(b"<sheetData>"), xml.find(b"</sheetData>")
        if start < 0 or end < 0 or any(mark in xml for mark in _UNUSUAL) or xml.find(b":c", start, end) >= 0 or not _UTF8.match(xml):
            raise Unusual
        merged = _MERGED.findall(xml, end)
        if len(merged) != xml.count(b"mergeCell", end) - xml.count(b"mergeCells", end):
            raise Unusual
        found = Found(merged=[area for reference in merged if (area := area_of(reference.decode()))])
        unread = xml.count(b"<c", start, end)
        while start < end:
            stop = xml.find(b"</row>", min(start + _AT_ONCE, end), end)
            stop = end if stop < 0 else stop
            cells = _CELL.findall(xml[start:stop].decode())
            self._take(cells, found)
            unread -= len(cells)
            start = stop
        if unread:
            raise Unusual
        return found

    def _take(self, cells: list[tuple[str, ...]], found: Found) -> None:
        """Prints the cells that the pattern found. Most are plain numbers or shared strings."""
        rows, strings, looks, columns = found.rows, self._strings, self._looks, self._columns
        last, row = "", Row()
        for letters, at, attributes, number, value, inline in cells:
            if number:
                kind, form = looks[attributes]
                if form is None and not kind and len(number) < _EXACT:
                    text = number
                elif kind == "s" and len(number) < 8 and number.isdigit() and int(number) < len(strings):
                    text = strings[int(number)]
                else:
                    text = self._printed(kind, form, number, found)
            elif value or inline:
                text = self._printed(*looks[attributes], unescaped(value or inline), found)
            else:
                continue
            if text:
                if at != last:
                    last, row = at, rows.setdefault(int(at) - 1, {})
                row[columns[letters]] = text

    def _by_tree(self, root: etree._Element) -> Found:
        found = Found(hidden_columns=set(_hidden_columns(root)))
        row_at = -1
        for row in root.iterfind("{*}sheetData/{*}row"):
            number = row.get("r", "")
            row_at = int(number) - 1 if number.isdecimal() and len(number) < 9 else row_at + 1
            if row.get("hidden") in _TRUE:
                found.hidden_rows.add(row_at)
            at = (row_at, -1)
            for cell in row.iterfind("{*}c"):
                at = _place(cell.get("r")) or (at[0], at[1] + 1)
                if text := self._cell(cell, found):
                    found.rows.setdefault(at[0], {})[at[1]] = text
        for node in root.iterfind("{*}mergeCells/{*}mergeCell"):
            if area := area_of(node.get("ref", "")):
                found.merged.append(area)
        return found

    def _cell(self, cell: etree._Element, found: Found) -> str:
        kind = cell.get("t", "")
        value = cell.findtext("{*}v") or ""
        if kind == "inlineStr" and (inline := cell.find("{*}is")) is not None:
            return one_line(_runs(inline))
        if not value:
            found.unvalued += cell.find("{*}f") is not None
            return ""
        return self._printed(kind, self._formats.get(cell.get("s", "")), value, found)

    def _printed(self, kind: str, form: Format | None, value: str, found: Found) -> str:
        """The value as its type and number format print it."""
        if kind in ("", "n"):
            try:
                number = float(value)
            except ValueError:
                return one_line(value)
            return plain(number) if form is None else shown(number, form, self._days)
        if kind == "s":
            at = int(value) if value.strip().isdecimal() and len(value) < 8 else len(self._strings)
            found.missing += at >= len(self._strings)
            return self._strings[at] if at < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value.strip() in _TRUE else "FALSE"
        if kind == "d" and (moment := from_iso(value)) is not None:
            return shown_date(moment, form)
        found.errors += kind == "e"
        return one_line(value)


# --- strings and styles -------------------------------------------------------------------------


def strings_of(xml: bytes, parse: Parse) -> list[str]:
    """The shared strings, each as one line."""
    try:
        return _strings_by_pattern(xml)
    except (Unusual, UnicodeDecodeError):
        return [one_line(_runs(node)) for node in parse(xml).iterfind("{*}si")]


def _strings_by_pattern(xml: bytes) -> list[str]:
    """Raises `Unusual` where there is more than texts and runs of text, such as readings above the characters."""
    _, *pieces = xml.split(b"<si>")
    if len(pieces) != xml.count(b"<si") or any(mark in xml for mark in (b"<!", b"<rPh", b":si", b":t>")) or not _UTF8.match(xml):
        raise Unusual
    found = [_TEXT.findall(piece) for piece in pieces]
    if sum(map(len, found)) != xml.count(b"</t>"):
        raise Unusual
    return [one_line(unescaped(b"".join(texts).decode())) for texts in found]


def formats_of(styles: etree._Element) -> dict[str, Format]:
    """By the number of a cell style, its number format; only those that print something else than the plain number."""
    codes = {node.get("numFmtId", ""): node.get("formatCode", "") for node in styles.iterfind("{*}numFmts/{*}numFmt")}
    found = {}
    for at, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        number = style.get("numFmtId", "")
        code = codes.get(number) or BUILT_IN.get(int(number) if number.isdecimal() and len(number) < 4 else 0)
        if code and (form := compiled(code)) is not None:
            found[str(at)] = form
    return found


def _runs(node: etree._Element) -> str:
    """The text of a string, plain or in runs, without the readings that may stand above its characters."""
    return "".join(text.text or "" for text in node.iterfind("{*}t")) + "".join(text.text or "" for text in node.iterfind("{*}r/{*}t"))


def unescaped(text: str) -> str:
    """Character data with its references resolved."""
    return _REFERENCE.sub(lambda found: _character(found[0]), text) if "&" in text else text


@lru_cache(maxsize=8192)
def _character(reference: str) -> str:
    """What a reference such as &#39; stands for. Some programs write all Han characters so: they are remembered."""
    name = reference[1:-1]
    if name in _NAMED:
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"


def one_line(text: str) -> str:
    """A string as one line, with the characters that XML cannot hold as Excel escapes them (_x000D_)."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\n" in text or "\r" in text:
        text = join_lines(text.replace("\r", "\n").split("\n"))
    return "" if text.isspace() else text


# --- places -------------------------------------------------------------------------------------


def _hidden_columns(root: etree._Element) -> Iterator[int]:
    ranges = []
    for node in root.iterfind("{*}cols/{*}col"):
        first, last = node.get("min", ""), node.get("max", "")
        if node.get("hidden") in _TRUE and first.isdecimal() and last.isdecimal():
            ranges.append((int(first[:5]) - 1, min(int(last[:5]), MAX_COLUMNS)))
    at = 0
    for start, end in sorted(ranges):  # which may overlap where the file is hostile
        yield from range(max(at, start), end)
        at = max(at, end)


def _place(reference: str | None) -> tuple[int, int] | None:
    found = _PLACE.fullmatch(reference or "")
    return (int(found[2]) - 1, column_of(found[1])) if found else None


def area_of(reference: str) -> Area | None:
    """The merged area of a reference such as A1:C2; None where it is none."""
    first, _, last = reference.partition(":")
    upper, lower = _place(first), _place(last)
    if upper is None or lower is None:
        return None
    area = (*upper, *lower)
    return area if area[0] <= area[2] and area[1] <= area[3] else None


def column_of(letters: str) -> int:
    """The column, from 0, that the letters name."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1

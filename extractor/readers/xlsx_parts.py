"""What python-calamine does not tell of an .xlsx, and what it must not see.

Not told: number formats, hidden rows and columns, error values, formulas without a stored result. Must not be
seen: cells far apart, for whose whole rectangle it allots memory (beyond what there is, the process ends). A sheet
is looked over by patterns first; only one that shows anything out of the ordinary is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from extractor.readers.number_formats import BUILT_IN, Format, compiled

Place = tuple[int, int]

_UNUSUAL = (
    re.compile(rb'<c(?:[\t\r\n/>]| (?!r="[A-D]?[A-Z][0-9]{1,4}"))'),
    re.compile(rb'<row(?![A-Z])(?! r="[0-9]{1,4}")'),
    re.compile(rb":(?:c|row)[\s/>]"),
    re.compile(rb'hidden="(?:1|true)"'),
    re.compile(rb' t="e"'),
    re.compile(rb"</f>(?:<v></v>|<v/>)?</c>|<f[^<>]*/></c>"),
)
"""Cells without a place of their own in the first 130 columns and 9 999 rows, names with a prefix, what is hidden,
errors, formulas without a result."""
_REFERENCE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,8})")


class Look(msgspec.Struct):
    """What a sheet says beyond its values. `height` and `width` span its cells with a value."""

    formats: dict[Place, Format] = msgspec.field(default_factory=dict)
    errors: dict[Place, str] = msgspec.field(default_factory=dict)
    hidden_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)
    unvalued: int = 0
    height: int = 0
    width: int = 0


def formats_of(styles: etree._Element | None) -> dict[str, Format]:
    """By the number of a cell style, its number format; only those that print something else than the plain number."""
    if styles is None:
        return {}
    codes = {node.get("numFmtId", ""): node.get("formatCode", "") for node in styles.iterfind("{*}numFmts/{*}numFmt")}
    found = {}
    for at, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        number = style.get("numFmtId", "")
        code = codes.get(number) or BUILT_IN.get(int(number) if number.isdecimal() and len(number) < 4 else 0)
        if code and (form := compiled(code)) is not None:
            found[str(at)] = form
    return found


def is_ordinary(sheet: bytes) -> bool:
    """Whether there is nothing in a sheet's XML to look at but the styles of its cells."""
    return not any(unusual.search(sheet) for unusual in _UNUSUAL)


def look_over(sheet: bytes, formats: dict[str, Format]) -> Look:
    """The formats of an ordinary sheet's cells."""
    if not formats:
        return Look()
    cell = re.compile(rb'<c r="([A-Z]+)([0-9]+)" s="(' + "|".join(formats).encode() + rb')"')
    columns: dict[bytes, int] = {}
    found = {}
    for letters, row, style in cell.findall(sheet):
        column = columns.get(letters)
        if column is None:
            column = columns[letters] = column_of(letters.decode())
        found[int(row) - 1, column] = formats[style.decode()]
    return Look(formats=found)


def look_into(root: etree._Element, formats: dict[str, Format]) -> Look:
    """The same of any sheet, from its parsed XML, with all that is out of the ordinary."""
    look = Look(hidden_columns=set(_hidden_columns(root)))
    row_at = -1
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = row.get("r", "")
        row_at = int(number) - 1 if number.isdecimal() and len(number) < 9 else row_at + 1
        if row.get("hidden") in ("1", "true"):
            look.hidden_rows.add(row_at)
        at = (row_at, -1)
        for cell in row.iterfind("{*}c"):
            at = _place(cell.get("r")) or (at[0], at[1] + 1)
            _look_at(cell, at, formats, look)
    return look


def _look_at(cell: etree._Element, at: Place, formats: dict[str, Format], look: Look) -> None:
    value = cell.find("{*}v")
    text = "" if value is None else value.text or ""
    if cell.find("{*}f") is not None and not text:
        look.unvalued += 1
    if not text and cell.find("{*}is") is None:
        return
    look.height, look.width = max(look.height, at[0] + 1), max(look.width, at[1] + 1)
    if cell.get("t") == "e":
        look.errors[at] = text
    elif (form := formats.get(cell.get("s", ""))) is not None:
        look.formats[at] = form


def _hidden_columns(root: etree._Element) -> Iterator[int]:
    for node in root.iterfind("{*}cols/{*}col"):
        first, last = node.get("min", ""), node.get("max", "")
        if node.get("hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
            yield from range(int(first[:5]) - 1, min(int(last[:5]), 16_384))


def _place(reference: str | None) -> Place | None:
    found = _REFERENCE.fullmatch(reference or "")
    return (int(found[2]) - 1, column_of(found[1])) if found else None


def column_of(letters: str) -> int:
    """The column, from 0, that the letters name."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1

"""Mends what a recogniser cannot tell in the cells of a table, by what stands in the same row and column.

A dash and the numeral 一 are one stroke, a nought and the letter O one ring. In a column of numbers a lone stroke is
a dash (no value, not 1), in a column that counts 一, 二, 三 it is the numeral; letters within a number are the digits they
look like, a point behind it is dirt, and one before each three digits is a comma where others have commas. Everything else stays as it was read: a wrong number is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from extractor.readers.blocks import RawCell, RawTable

_STROKES = re.compile(r"[一—–―－ー_~\-]{1,3}")
_NUMBER = re.compile(r"[-+]?\d[\d,，]*(?:[.．]\d+)?[%％]?")
_ALMOST = re.compile(r"(?=.*\d)[\dOoIl|][\dOoIl|,，]*(?:[.．][\dOoIl|]+)?")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,])")
_POINTED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,])")
"""A number with commas, and one in which they may have been read as points."""
_DIGITS = str.maketrans("OoIl|", "00111")
_NUMERALS = frozenset("二三四五六七八九十")
_LEAST, _SHARE = 3, 0.6
"""A column of numbers has at least so many, and so large a share of its filled cells, strokes not counted."""


def mend_tables(tables: Iterable[RawTable], scans: Mapping[int, float]) -> None:
    """Mends the cells of pages in `scans` in place; `read_as` keeps what was read."""
    if scans:
        for table in tables:
            _mend(table, scans)


def _mend(table: RawTable, scans: Mapping[int, float]) -> None:
    columns: dict[int, list[RawCell]] = {}
    for cell in table.cells:
        columns.setdefault(cell.column, []).append(cell)
    numbers = {column for column, cells in columns.items() if _holds_numbers(cells)}
    counted = {column for column, cells in columns.items() if any(cell.text in _NUMERALS for cell in cells)}
    grouped = {column for column, cells in columns.items() if any(_GROUPED.search(cell.text) for cell in cells)}
    dashed = {cell.row for cell in table.cells if cell.column in numbers and _STROKES.fullmatch(cell.text)}
    for cell in table.cells:
        if cell.page not in scans:
            continue
        if _STROKES.fullmatch(cell.text):
            if cell.column in counted and cell.column not in numbers:
                _change(cell, "一")
            elif cell.column in numbers or cell.row in dashed:
                _change(cell, "—" * len(cell.text))
        elif "." in cell.text and (text := _with_commas(cell.text, cell.column in grouped)) != cell.text:
            _change(cell, text)
        elif cell.column in numbers and _ALMOST.fullmatch(text := cell.text.rstrip(",.，．")):
            _change(cell, text.translate(_DIGITS))


def _with_commas(text: str, grouped: bool) -> str:
    """Commas for the points of numbers that have a comma as well, or several points, or stand among numbers with commas."""

    def mended(found: re.Match[str]) -> str:
        number = found.group()
        return number.replace(".", ",") if grouped or "," in number or number.count(".") > 1 else number

    return _POINTED.sub(mended, text)


def _holds_numbers(cells: list[RawCell]) -> bool:
    texts = [cell.text for cell in cells if cell.text and not _STROKES.fullmatch(cell.text)]
    found = sum(_NUMBER.fullmatch(text) is not None for text in texts)
    return found >= _LEAST and found >= _SHARE * len(texts)


def _change(cell: RawCell, text: str) -> None:
    if cell.text != text:
        cell.text, cell.read_as = text, cell.text

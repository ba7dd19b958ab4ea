"""Rows and columns of a table that are called a total (合计, 小计, 总计) against what they add up.

Any table is looked at, also those whose rows are no statistics (classes of a school, income beside expenditure). A
column is added up from the row behind the last total, or the header, to the total; one that has a cell which is no
number, or that holds averages or shares, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractor.folding import fold
from extractor.model import Finding, Report, Struct, TableRecord
from extractor.reconcile.findings import make, passage
from extractor.reconcile.intervals import shown

_TOTAL = re.compile(r"[\u4e00-\u9fff]{0,6}(?:合计|总计|共计|总和|合共)|小计|[\u4e00-\u9fff]{0,6}小计")
_FIRST, _SECOND = re.compile(r"\s*[一二三四五六七八九十]{1,3}[、.．]"), re.compile(r"\s*[（(]?[一二三四五六七八九十\d]{1,2}[)）.．]")
_BARE = re.compile(r"合计|总计|共计|小计")
_PART = re.compile(r"其中|^[（(]?其中|占比")
_NO_SUM = re.compile(r"平均|均|率|占|比|%|％|序号|编号|代码|年份|同比|增减|名次|电话|邮编|日期|时间")
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
_BLANK = re.compile(r"[\s—–―\-/无…]*")
_LEAST, _MOST = 2, 200
"""So many parts at least, and rows of a table at most, are added up."""


class _Cell(Struct, frozen=True):
    """A cell with its place in the text, and its number (None: none)."""

    start: int
    end: int
    text: str
    number: Decimal | None


def find(report: Report) -> Iterator[Finding]:
    """Findings of kind sum on rows of totals; columns whose parts are all there agree or conflict."""
    for table in report.tables:
        if table.kind in ("awards", "media", "chronicle", "profile") or len(table.rows) > _MOST:
            continue
        rows = _cells(report, table)
        if rows is not None:
            yield from _columns(report, table, rows)


def _cells(report: Report, table: TableRecord) -> list[list[_Cell]] | None:
    """The data rows of a table cell by cell, from the first that has a cell in every column; None where merged cells leave open which column a cell is in."""
    lines: list[list[_Cell]] = []
    at = table.start
    for line in report.text[table.start : table.end].split("\n"):
        row: list[_Cell] = []
        for words in line.split("\t"):
            row.append(_Cell(at, at + len(words), words.strip(), _number(words)))
            at += len(words) + 1
        lines.append(row)
    width = max(map(len, table.rows), default=0)
    data = lines[len(lines) - len(table.rows) :]
    while data and len(data[0]) != width:
        data = data[1:]  # a header of several rows that was not told as one
    return data if width > 1 and data and all(len(row) == width for row in data) else None


def _number(words: str) -> Decimal | None:
    found = _NUMBER.fullmatch(fold(words).strip())
    return Decimal(found[0].replace(",", "").replace("−", "-")) if found else None


def _columns(report: Report, table: TableRecord, rows: Sequence[Sequence[_Cell]]) -> Iterator[Finding]:
    first = next((n for n, row in enumerate(rows) if any(cell.number is not None for cell in row)), len(rows))
    for column in range(1, len(rows[0])):
        heads = [*(row[column].text for row in rows[:first]), *table.header[column : column + 1]]
        if any(_NO_SUM.search(fold(head)) for head in heads):
            continue
        begin = first
        for n, row in enumerate(rows):
            names = [row[c].text for c in range(column - 1, -1, -1) if row[c].text and row[c].number is None]
            label = next((name for at, name in enumerate(names) if (_TOTAL if at == 0 else _BARE).fullmatch(re.sub(r"\s|[（(][^（）()]*[)）]", "", name))), None)
            if label is None:
                continue  # behind a unit only the bare word: 本年支出合计 heads what follows it
            labels = [next((rows[m][c].text for c in range(column - 1, -1, -1) if rows[m][c].text and rows[m][c].number is None), "") for m in range(begin, n)]
            parts = [rows[m][column] for m in range(begin, n)]
            if any(map(_FIRST.match, labels)) and any(map(_SECOND.match, labels)):  # 一、财政拨款 1. 一般公共预算: the second level is within the first
                parts, labels = [part for part, name in zip(parts, labels, strict=True) if _FIRST.match(name)], [name for name in labels if _FIRST.match(name)]
            yield from _judged(report, label, row[column], parts, labels)
            begin = n + 1


def _judged(report: Report, label: str, total: _Cell, parts: Sequence[_Cell], labels: Sequence[str]) -> Iterator[Finding]:
    filled = [part for part in parts if part.number is not None]
    broken = any(part.number is None and not _BLANK.fullmatch(part.text) for part in parts)
    if total.number is None or len(filled) < _LEAST or broken or any(_PART.search(name) for name in labels) or not all(part.text or _BLANK.fullmatch(part.text) for part in parts):
        return
    added = sum((part.number for part in filled if part.number is not None), Decimal(0))
    places = max((-int(part.number.as_tuple().exponent) for part in filled if part.number is not None), default=0)
    slack = Decimal(0) if places <= 0 else Decimal(len(filled)) * Decimal(1).scaleb(-places) / 2
    gap = abs(added - total.number)
    left, right = passage(report, total.start, total.end), passage(report, filled[0].start, filled[-1].end)
    sums = " + ".join(part.text for part in filled) if len(filled) <= 12 else f"{len(filled)}项之和"
    if gap <= slack:
        yield make(report, "sum", "agrees", left, right, "sum:合计行", f"“{label}”{total.text}与各行之和相符：{sums} = {shown(added)}。", difference=Decimal(0))
    elif gap <= added / 2:  # what is farther off adds up something else
        yield make(
            report, "sum", "conflicts", left, right, "sum:合计行",
            f"表中“{label}”为{total.text}，而各行相加：{sums} = {shown(added)}，相差{shown(gap)}，请核对。", difference=gap,
        )  # fmt: skip

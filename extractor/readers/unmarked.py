"""Tables dumped one cell a line without any mark, found by what repeats.

Two shapes are certain enough to be lifted out of the prose: a list whose rows begin with running
numbers 1, 2, 3 ... at one constant distance (the lines between 序号 and 1 are its header), and a form
whose header is four lines item, code, unit, value and whose rows follow at that distance with a code in
the second place. Everything else stays prose: a wrong table is worse than none.
"""

from __future__ import annotations

import re

from extractor.readers.blocks import RawCell, RawParagraph, RawTable

_NUMBERED = ("序号", "编号", "次序")
_CODE_HEADS = ("代码", "编码", "指标代码")
_TAILS = ("日期", "时间")
"""What a header cell that wraps leaves on its second line, as a rule."""
_MAX_COLUMNS = 16
_LONGEST_CELL = 120


def lift_tables(lines: list[str]) -> list[RawParagraph | RawTable]:
    """The blocks of `lines`: paragraphs, with the unmarked tables among them lifted out."""
    blocks: list[RawParagraph | RawTable] = []
    at = 0
    while at < len(lines):
        text = lines[at].strip()
        table, following = (None, at)
        if text in _NUMBERED:
            table, following = _numbered_list(lines, at)
        elif at + 1 < len(lines) and lines[at + 1].strip() in _CODE_HEADS:
            table, following = _coded_form(lines, at)
        if table is not None:
            blocks.append(table)
            at = following
            continue
        if text:
            blocks.append(RawParagraph(lines[at]))
        at += 1
    return blocks


def _table(rows: list[list[str]]) -> RawTable:
    return RawTable([RawCell(r, c, text.strip()) for r, row in enumerate(rows) for c, text in enumerate(row)])


def _numbered_list(lines: list[str], at: int) -> tuple[RawTable | None, int]:
    first = next((k for k in range(at + 1, min(at + 2 * _MAX_COLUMNS, len(lines))) if lines[k].strip() == "1"), None)
    if first is None:
        return None, at
    width = next((k - first for k in range(first + 2, min(first + _MAX_COLUMNS + 1, len(lines))) if lines[k].strip() == "2"), None)
    if width is None:
        return None, at
    rows = [_header(lines[at:first], width)]
    number = 1
    while first < len(lines) and lines[first].strip() == str(number) and first + width <= len(lines):
        row = lines[first : first + width]
        if any(len(cell) > 10 * _LONGEST_CELL for cell in row):
            break
        rows.append(row)
        first += width
        number += 1
    return _table(rows), first


def _header(lines: list[str], width: int) -> list[str]:
    """Header lines as `width` cells; where a header cell wrapped, its short tail joins the line above."""
    cells = list(lines)
    while len(cells) > width:
        tail = min(range(1, len(cells)), key=lambda k: (cells[k].strip() not in _TAILS, len(cells[k].strip()) + len(cells[k - 1].strip())))
        cells[tail - 1 : tail + 1] = [cells[tail - 1].strip() + cells[tail].strip()]
    return cells + [""] * (width - len(cells))


def _coded_form(lines: list[str], at: int) -> tuple[RawTable | None, int]:
    width = 4
    header = [line.strip() for line in lines[at : at + width]]
    if len(header) < width or any(len(cell) > 12 or not cell for cell in header):
        return None, at
    rows = [header]
    following = at + width
    while following + width <= len(lines):
        row = [line.strip() for line in lines[following : following + width]]
        if row == header or (len(row[1]) == 1 and len(row[0]) == 1) or (row[0] and len(row[0]) <= _LONGEST_CELL and re.fullmatch(r"\d{1,3}|[—–-]{1,2}", row[1]) and re.fullmatch(r"[\d,，.\s—–-]*", row[3])):
            rows.append(row)
        else:
            break
        following += width
    return (_table(rows), following) if len(rows) >= 4 else (None, at)

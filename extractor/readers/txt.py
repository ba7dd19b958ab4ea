"""Plain text -> blocks: encodings, and the ways in which programs dump tables into a text file.

Three dumps are read as tables: one cell a line behind a tab (rows parted by empty lines, an empty cell
a lone tab, a line without a tab goes on with the cell above); one row a line with its cells parted by
tabs; and one row a line with its cells parted by ``|``. `unmarked` finds a fourth, one cell a line
without any mark, as LibreOffice writes it, by its running numbers.
"""

from __future__ import annotations

import codecs
import re

from extractor.errors import UnreadableDocument
from extractor.readers.blocks import Raw, RawCell, RawTable, join_lines
from extractor.readers.unmarked import lift_tables

MAX_TEXT_BYTES = 64 * 1024 * 1024
"""A report is some 100 kB; a text of more than this is no report and is refused before it is decoded."""

_GROUP_NAME = 20
"""A row of one short cell amid rows of several names the group of rows below it."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(data: bytes, name: str) -> Raw:
    """The paragraphs and tables of a text file. Encodings in order: BOM, strict UTF-8, GB18030."""
    if len(data) > MAX_TEXT_BYTES:
        raise UnreadableDocument(name, f"the text has {len(data) >> 20} MB, the limit is {MAX_TEXT_BYTES >> 20} MB", "pass the report alone, not a collection")
    lines = decode(data, name).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    raw = Raw(blocks=[])
    prose: list[str] = []
    at = 0
    while at < len(lines):
        for shape in (_tabbed_cells, _separated_rows):
            table, following = shape(lines, at)
            if table is not None:
                raw.blocks += lift_tables(prose)
                prose = []
                raw.blocks.append(table)
                at = following
                break
        else:
            prose.append(lines[at])
            at += 1
    raw.blocks += lift_tables(prose)
    return raw


def decode(data: bytes, name: str) -> str:
    """The text of `data`; raises `UnreadableDocument` where no encoding of Chinese text fits."""
    encodings = [encoding for bom, encoding in _BOMS if data.startswith(bom)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDocument(name, "its bytes are neither UTF-8 nor GB18030 text", "open it in an editor and save it as UTF-8")


def _tabbed_cells(lines: list[str], at: int) -> tuple[RawTable | None, int]:
    """A table with one cell a line behind a tab, starting at line `at`."""
    rows: list[list[list[str]]] = []
    row: list[list[str]] = []
    end = at
    while at < len(lines):
        line = lines[at]
        if line.startswith("\t") and "\t" not in line[1:].rstrip():
            row.append([line[1:]])
            end = at + 1
        elif not line.strip():
            # Rows are parted by one empty line; a second one, or prose behind it, ends the table.
            if row:
                rows.append(row)
                row = []
            if at + 1 >= len(lines) or not lines[at + 1].startswith("\t"):
                break
        elif row and _goes_on(lines, at):
            row[-1].append(line)
            end = at + 1
        else:
            break
        at += 1
    if row:
        rows.append(row)
    if sum(map(len, rows)) < 2:
        return None, at
    return RawTable(_placed([[join_lines(cell) for cell in cells] for cells in rows])), end


_OWN_TITLE = re.compile(r"(?:附件?|附表|附录|表|图)\s*[一二三四五六七八九十\d]")
"""A line that names a table of its own below it."""


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether the unmarked lines from `at` belong to the cell above: the row goes on behind them."""
    for following in lines[at : at + 20]:
        if following.startswith("\t"):
            return True
        if not following.strip():
            return False
    return False


def _is_group_row(lines: list[str], at: int, separator: str, rows: list[list[str]]) -> bool:
    """A line without separators amid the rows: the name of the group of rows below it."""
    line = lines[at].strip()
    if not rows or not 0 < len(line) <= _GROUP_NAME or line.endswith(("。", "；", "：")) or at + 1 >= len(lines):
        return False
    if _OWN_TITLE.match(line):
        return False
    following = lines[at + 1].split(separator)
    return len(following) == len(rows[0]) and any(char.isdigit() for cell in following[1:] for char in cell)


def _separated_rows(lines: list[str], at: int) -> tuple[RawTable | None, int]:
    """A table with one row a line, at least two rows with the same separator."""
    rows: list[list[str]] = []
    separator = "\t" if "\t" in lines[at].strip() else "|" if lines[at].count("|") >= 2 else ""
    while separator and at < len(lines) and (separator in lines[at].strip("\r\n ") or _is_group_row(lines, at, separator, rows)):
        line = lines[at].strip("\n")
        row = [cell.strip() for cell in (line.strip().strip("|") if separator == "|" else line).split(separator)]
        if separator == "|" and all(cell and set(cell) <= set("-: ") for cell in row):
            row = []  # the rule below a Markdown header
        if row:
            rows.append(row)
        at += 1
    if len(rows) < 2:
        return None, at
    return RawTable(_placed(rows)), at


def _repeated(rows: list[list[str]], width: int) -> list[str]:
    """The upper texts of a header whose lower row says the same under each of them (种, 册 under 2018年 and 种, 册 under 2019年)."""
    if len(rows) < 3:
        return []
    groups, lower = [text for text in rows[0][1:] if text], rows[1][1:]
    if len(groups) < 2 or rows[1][0] or len(rows[1]) != width or not all(lower) or (width - 1) % len(groups):
        return []
    span = (width - 1) // len(groups)
    apart = len(rows[0]) == len(groups) + 1 or all(bool(text) == (n % span == 0) for n, text in enumerate(rows[0][1:]))
    return groups if span > 1 and apart and lower == lower[:span] * len(groups) else []


def _placed(rows: list[list[str]]) -> list[RawCell]:
    """The cells at their grid places. Where the first row's last cell plainly stands over all of the second row (类别, 指标, 数值 over
    2017年, 2018年), the header has two levels, and a row that lacks one cell goes on below the first cell of the row above."""
    width = max(map(len, rows))
    if groups := _repeated(rows, width):
        span = (width - 1) // len(groups)
        head = [RawCell(0, 0, rows[0][0], rowspan=2), *(RawCell(0, 1 + n * span, text, colspan=span) for n, text in enumerate(groups))]
        return head + [RawCell(r, c, text) for r, row in enumerate(rows) if r for c, text in enumerate(row) if r > 1 or c]
    lead = next((c for c, text in enumerate(rows[1]) if text), 0) if len(rows) > 2 else 0
    if lead and len(rows[1]) == width > lead + 1 and len(rows[0]) in (lead + 1, width) and all(rows[0][: lead + 1]) and not any(rows[0][lead + 1 :]) and all(rows[1][lead:]):
        rows = [rows[0][: lead + 1], rows[1][lead:], *rows[2:]]  # the same with its merged places left blank
    if len(rows) < 3 or len(rows[0]) == width or len(rows[0]) - 1 + len(rows[1]) != width or not all(len(row) in (1, width - 1, width) for row in rows[2:]):
        return [RawCell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    lead = len(rows[0]) - 1
    cells = [RawCell(0, c, text, rowspan=2) for c, text in enumerate(rows[0][:-1])]
    cells.append(RawCell(0, lead, rows[0][-1], colspan=width - lead))
    cells += [RawCell(1, lead + c, text) for c, text in enumerate(rows[1])]
    for r, row in enumerate(rows[2:], 2):
        if len(row) == width - 1:
            cells += [RawCell(r, c + 1, text) for c, text in enumerate(row)]
            above = next(cell for cell in reversed(cells) if cell.column == 0 and cell.row < r)
            above.rowspan = r - above.row + 1
        else:
            cells += [RawCell(r, c, text, colspan=width if len(row) == 1 else 1) for c, text in enumerate(row)]
    return cells

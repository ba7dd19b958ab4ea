"""Rows of a statistics table, in every shape it comes in -> Statistic and ProfileEntry records.

Shapes: item, code, unit, value once or several times side by side, with repeated headers in between;
without codes; with years as columns; labels and values in turn without a header; indicators as the
header and years (or nothing) as rows. Profile rows (单位名称, 邮政编码 ...) may stand above the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from extractor import indicators
from extractor.folding import fold
from extractor.model import Cell, Header, Number, ProfileEntry, Statistic, View
from extractor.tables import is_numeric, is_year, normal

if TYPE_CHECKING:
    from extractor.registry import Tables

_NUMBER = re.compile(r"[-+−]?\d[\d,，]*(?:\s\d{3})*(?:[.．]\d+)?")
_TOTAL = re.compile(r"[合总共小]\s*计|总数|总和")
_BLANK = re.compile(r"[\s—–―─\-/无…]*")
_SCALES = {"万": 10**4, "千": 10**3, "百万": 10**6, "亿": 10**8, "十亿": 10**9}
_WHOLE = ("千克", "千米", "千瓦", "千卡", "千字", "千兆", "万方", "百分")
_BRACKET = re.compile(r"[(（]\s*(?:单位\s*[:：])?\s*([^()（）]{1,8})\s*[)）]")
_PAIR = re.compile(r"([件套组台册张种部卷幅])[（(]([件套组台册张种部卷幅])[）)]")
_CAPTION_UNIT = re.compile(r"单位\s*[:：]\s*([\u4e00-\u9fffA-Za-z%/]{1,6})")


@dataclass(frozen=True)
class _Row:
    """One label with one value, before it becomes a record."""

    label: Cell
    value: Cell
    code: str | None
    unit: str | None
    period: str | None
    above: tuple[str, ...]
    row: int
    prefix: str = ""


def statistics(view: View, text: str, period: str | None, tables: Tables) -> list[Statistic]:
    """The statistics of a classified table, in reading order; ids are left empty."""
    if view.kind != "statistics":
        return []
    first = view.header.rows if view.header else 0
    rows = list(_rows(view, text, period, tables))
    records = [_statistic(row, view, text, first, None, tables) for row in rows]
    if any(record.indicator is None and record.code for record in records):
        form = indicators.form_year([(record.indicator, record.code) for record in records if record.code], (period or "")[:4], tables.indicators)
        records = [record if record.indicator or not record.code else _statistic(row, view, text, first, form, tables) for row, record in zip(rows, records, strict=True)]
    return _parents(sorted(records, key=lambda r: (r.start, r.column or 0)), tables)


def profile(view: View, text: str, tables: Tables) -> list[ProfileEntry]:
    """The label and value pairs of a profile, also those above a form's header in one table."""
    if view.kind == "profile":
        last = len(view.own)
    elif view.kind == "statistics" and view.header and view.header.row:
        last = view.header.row
    else:
        return []
    entries = []
    labels = tables.tables.labels
    for r, row in enumerate(view.own[:last]):
        cells = list(row)
        while len(cells) >= 2:
            label, value = cells[0], cells[1]
            name = text[label.start : label.end].strip()
            if not name or (normal(name) not in labels and view.kind != "profile" and len(row) % 2):
                cells.pop(0)
                continue
            end = max(value.end, label.end)
            entries.append(
                ProfileEntry(
                    id="", start=label.start, end=end, label=name, value=text[value.start : value.end].strip(),
                    page=label.page, table=view.index, row=r, column=value.column, rule="tables:profile",
                )
            )  # fmt: skip
            cells = cells[2:]
    return entries


def _rows(view: View, text: str, period: str | None, tables: Tables) -> Iterator[_Row]:
    if view.header is not None:
        yield from _headed(view, text, period, tables)
    elif _is_wide(view, text):
        yield from _wide(view, text, period, tables)
    else:
        yield from _pairs(view, text, period)


def _cell_text(cell: Cell | None, text: str) -> str:
    return text[cell.start : cell.end].strip() if cell else ""


def _headed(view: View, text: str, period: str | None, tables: Tables) -> Iterator[_Row]:
    """Groups of columns, each beginning with an item column; column by column, since a form that stands
    twice side by side goes on from the foot of its left half to the head of its right half."""
    header = view.header
    assert header is not None
    above: list[str] = []
    starts = [c for c, role in enumerate(header.roles) if role == "item" and (c == 0 or header.roles[c - 1] != "item")]
    for start, end in zip(starts, [*starts[1:], len(header.roles)], strict=True):
        columns = range(start, end)
        roles = {c: header.roles[c] for c in columns}
        items = [c for c in columns if roles[c] == "item"]
        code, unit = (next((c for c in columns if roles[c] == wanted), None) for wanted in ("code", "unit"))
        if code is None and start and header.roles[start - 1] in ("code", "number"):
            code = start - 1  # the code, or the running number that stands for it, may lead the row
        values = [c for c in columns if roles[c] in ("value", "year", "last")]
        if not values:
            values = [c for c in columns if roles[c] is None and c > items[-1]][:1]
        for r in range(header.row + header.rows, len(view.grid)):
            grid = view.grid[r]
            label = next((grid[c] for c in reversed(items) if _cell_text(grid[c], text)), None)
            if label is None and code is not None and _TOTAL.fullmatch(_cell_text(grid[code], text)):
                label = grid[code]  # a row of totals may say so where others have their number
            name = _cell_text(label, text)
            if label is None or len(name) <= 1 or _repeats_header(grid, text, header.texts):
                continue
            outer = [_cell_text(grid[c], text) for c in items if grid[c] is not label and _cell_text(grid[c], text)]
            for c in values:
                cell = grid[c]
                if cell is None or cell.row != r or cell is label:
                    continue
                yield _Row(
                    label=label, value=cell, code=_code(own, text) if code is not None and (own := grid[code]) is not None and own.row == r else None,
                    unit=(_cell_text(grid[unit], text) if unit is not None else "") or _column_unit(header, c, tables),
                    period=_column_period(header.texts[c], roles[c], period), above=(*reversed(outer), *reversed(above)), row=r,
                )  # fmt: skip
            above.append(name)


def _repeats_header(grid: tuple[Cell | None, ...], text: str, header: tuple[str, ...]) -> bool:
    texts = [normal(_cell_text(cell, text)) for cell in grid]
    return sum(a == normal(b) for a, b in zip(texts, header, strict=True) if b) >= max(2, len([h for h in header if h]) - 1)


def _code(cell: Cell | None, text: str) -> str | None:
    code = fold(_cell_text(cell, text))
    return code if re.fullmatch(r"[A-Za-z]{0,2}\d{1,4}(?:[-.]\d{1,3})?", code) else None


def _column_period(header: str, role: str | None, period: str | None) -> str | None:
    year = re.search(r"(?:19|20)\d\d", fold(header))
    if year:
        return year.group()
    if role == "last" and period and period.isdigit():
        return str(int(period) - 1)
    return period


def _pairs(view: View, text: str, period: str | None) -> Iterator[_Row]:
    above: list[str] = []
    for r, row in enumerate(view.own):
        cells = [c for c in row if _cell_text(c, text)] if len(row) % 2 else list(row)
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            name = _cell_text(label, text)
            if name and not is_numeric(name):
                yield _Row(label=label, value=value, code=None, unit=None, period=period, above=tuple(reversed(above)), row=r)
                above.append(name)


def _is_wide(view: View, text: str) -> bool:
    first = [_cell_text(cell, text) for cell in view.grid[0]]
    return len(view.grid) >= 2 and len(first) >= 3 and all(not is_numeric(cell) or is_year(cell) for cell in first if cell) and not is_numeric(_cell_text(view.grid[0][1], text))


def _wide(view: View, text: str, period: str | None, tables: Tables) -> Iterator[_Row]:
    """Indicators across the top; each row below is a year, the whole institution, or a part of it."""
    for r in range(1, len(view.grid)):
        head = view.grid[r][0]
        name = _cell_text(head, text)
        has_head = bool(name) and (not is_numeric(name) or is_year(name))
        year = re.search(r"(?:19|20)\d\d", fold(name)) if has_head else None
        part = "" if not has_head or year or normal(name) in ("合计", "总计", "全馆", "本馆", "数量", "指标", "数值", "本年") else name
        for c in range(1 if has_head else 0, len(view.grid[r])):
            label, cell = view.grid[0][c], view.grid[r][c]
            if label is None or cell is None or cell.row != r or not _cell_text(label, text):
                continue
            yield _Row(label=label, value=cell, code=None, unit=None, period=year.group() if year else period, above=(), row=r, prefix=part)


def _column_unit(header: Header, column: int, tables: Tables) -> str | None:
    """The unit of a column: its header's lowest level may be nothing else (种 and 册（件） under 2021年)."""
    lowest = header.lowest[column].strip()
    whole = header.rows > 1 and lowest != header.texts[column].strip() and _knows(_BRACKET.sub("", lowest), tables)
    return lowest if whole else _header_unit(header.texts[column], tables)


def _header_unit(header: str, tables: Tables) -> str | None:
    """A unit in brackets, such as 藏书量(万册): only what the unit table knows."""
    for found in _BRACKET.finditer(fold(header)):
        if _knows(found[1].strip(), tables):
            return found[1].strip()
    return None


def _knows(unit: str, tables: Tables) -> bool:
    from extractor import quantities

    plain = re.sub(r"^(?:百万|十亿|万|亿|千)(?=.)", "", unit)
    found = quantities.find("1" + (plain or unit), tables.quantities)
    return bool(found) and found[0].unit is not None and found[0].end == 1 + len(plain or unit)


def _statistic(row: _Row, view: View, text: str, first: int, form: str | None, tables: Tables) -> Statistic:
    """The record of a row; `form` is the year of the form whose codes decide where the label leaves several indicators."""
    label = row.prefix + _cell_text(row.label, text)
    raw = text[row.value.start : row.value.end].strip()
    value, written = read_value(raw)
    caption = _CAPTION_UNIT.search(view.caption or "")
    unit = row.unit or written or _header_unit(label, tables) or (caption[1] if caption else None)
    if unit and _BLANK.fullmatch(unit):
        unit = row.unit
    quantity, quantity_unit = plain_quantity(value, unit)
    link = None
    if not row.prefix:
        link = indicators.link_row(_BRACKET.sub("", label) if _header_unit(label, tables) else label, row.code, row.above, unit, form, tables.indicators)
    start, end = row.label.start, row.value.end
    if row.label.row != row.value.row or start > row.value.start:
        start = row.value.start
    return Statistic(
        id="", start=start, end=max(end, start + 1), page=row.value.page, table=view.index, row=row.row - first, column=row.value.column,
        rule=f"indicators:{link.id}" if link else f"tables:{view.rule}", code=row.code, label=label, indicator=link.means if link else None, raw=raw, value=value, unit=unit,
        quantity=quantity, quantity_unit=quantity_unit, period=row.period, parent=None,
    )  # fmt: skip


def read_value(raw: str) -> tuple[Number | None, str | None]:
    """The number of a cell and the unit written behind it: ``386.7万元`` -> (386.7, 万元).

    (None, None) for a dash, a blank, words, and a cell with several numbers.
    """
    text = fold(raw).strip()
    if _BLANK.fullmatch(text):
        return None, None
    found = _NUMBER.match(text)
    if not found:
        return None, None
    digits = found.group().replace(",", "").replace("，", "").replace("．", ".").replace("−", "-")
    number = Decimal("".join(digits.split()))
    rest = re.sub(r"^(?:余|多|左右)", "", text[found.end() :].strip())
    if re.search(r"\d", re.sub(r"[（(][^（）()]*[)）]", "", rest)):
        return None, None  # several numbers in one cell: which of them is the row's is not said
    if re.fullmatch(r"[OoIl|][OoIl|,.\d]*", rest):
        return None, None  # 4O: a letter for a digit; what number was meant is not for us to say
    unit = rest if re.fullmatch(r"[^\d\s，。；]{1,8}", rest) else None
    return (int(number) if number == number.to_integral_value() else float(number)), unit


def plain_quantity(value: Number | None, unit: str | None) -> tuple[Number | None, str | None]:
    """The value in the plain unit: 13271 千元 -> 13271000 元. Nothing is scaled that is a unit of its own (千米)."""
    if value is None or unit is None:
        return value, unit
    if pair := _PAIR.fullmatch(unit):
        return value, f"{pair[1]}/{pair[2]}"  # 件（套） and 件/套 are one measure
    for scale in sorted(_SCALES, key=len, reverse=True):
        if unit.startswith(scale) and len(unit) > len(scale) and not unit.startswith(_WHOLE):
            scaled = Decimal(str(value)) * _SCALES[scale]
            return (int(scaled) if scaled == scaled.to_integral_value() else float(scaled)), unit[len(scale) :]
    return value, unit


def _parents(records: list[Statistic], tables: Tables) -> list[Statistic]:
    """Fills `parent` with the code of the row that the indicator belongs to, in the same table and period."""
    codes = {(r.indicator, r.period): r.code for r in records if r.indicator and r.code}
    filled = []
    for record in records:
        parent = indicators.row_parent(record.indicator, tables.indicators) if record.indicator else None
        code = codes.get((parent, record.period)) if parent else None
        filled.append(msgspec.structs.replace(record, parent=code) if code else record)
    return filled



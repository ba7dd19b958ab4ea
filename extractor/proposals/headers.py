"""Columns of tables whose header no rule knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.model import Report, TableRecord
from extractor.proposals.entries import Proposal
from extractor.tables import Tables, is_numeric, is_year, match_header, normal, role_of

_PARTS = re.compile(r"季|月|日期|时间|分[馆宫院校部店]|网点|站点|序号|乡镇|街道|部门")
"""A first column of this name parts the year or the institution: its rows are no statistics of the whole."""
_NUMBERS = 0.6
"""A column with this share of numbers is one of values."""


def columns(report: Report, tables: Tables) -> Iterator[Proposal]:
    """One entry a kind of table, with the wordings that its columns lack."""
    lacking: dict[str, dict[str, list[str]]] = {}
    examples: dict[str, list[str]] = {}
    for table in report.tables:
        for rule, role, wording, example in _lacking(table, tables):
            lacking.setdefault(rule, {}).setdefault(role, [])
            if wording not in lacking[rule][role]:
                lacking[rule][role].append(wording)
            if example not in examples.setdefault(rule, []):
                examples[rule].append(example)
    for rule, roles in lacking.items():
        known = next(known for known in tables.rules if known.id == rule)
        notes = [f"The header cells {', '.join(wording for found in roles.values() for wording in found)} are unknown; their roles here are guesses. Roles: {', '.join(known.columns)}."]
        notes += ["Delete what heads no values of the whole year and institution."] if rule == "statistics" else []
        texts = tuple(examples[rule])
        yield Proposal(
            kind="table", keys={"id": rule, "extends": True, "columns": roles}, notes=tuple(notes), words=tuple(wording for found in roles.values() for wording in found),
            examples=(texts, *((text,) for text in texts if len(texts) > 1)),
        )  # fmt: skip


def _lacking(table: TableRecord, tables: Tables) -> Iterator[tuple[str, str, str, str]]:
    """Kind of table, role, wording and header row of every column that has no role."""
    header = table.header or (table.rows[0] if table.rows else ())
    cells = [" ".join(cell.split()) for cell in header]
    if any("|" in cell for cell in cells) or table.kind == "profile":
        return
    example = "|".join(cells)
    found = match_header(cells, tables)
    if found is not None:
        for cell, role in zip(cells, found[1], strict=True):
            if cell and role is None and _is_word(cell):
                yield found[0].id, "note", cell, example
    elif table.kind == "other" and len(table.rows) > 2 and len(cells) > 1 and all(map(_is_word, cells)):
        wordings = tables.wordings["statistics"]
        numeric = [at for at in range(1, len(cells)) if _is_numeric(table, at)]
        if not numeric or _is_numeric(table, 0) or _PARTS.search(cells[0]):
            return
        for at, cell in enumerate(cells):
            role = "value" if at in numeric else "item" if at == 0 else "note"
            if role_of(cell, wordings) is None and not is_year(cell):
                yield "statistics", role, cell, example


def _is_word(cell: str) -> bool:
    return 2 <= len(normal(cell)) <= 14 and (not is_numeric(cell) or is_year(cell))


def _is_numeric(table: TableRecord, column: int) -> bool:
    below = [row[column] for row in table.rows[1:] if column < len(row) and row[column].strip()]
    return bool(below) and sum(is_numeric(cell) and re.search(r"\d", cell) is not None for cell in below) >= _NUMBERS * len(below)

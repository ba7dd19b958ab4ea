"""What each table of a document is, and which role each of its columns plays.

The header row decides, by the wordings of rules/tables.toml, never the table's place in the document.
A table without such a header is a profile where enough of its cells are known labels, statistics where
labels and numbers alternate, else `other`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.folding import fold
from extractor.model import Cell, Header, Rule, Table, TableKind, View

_BRACKETS = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_NOISE = re.compile(r"[\s:：、,，.。*＊]+")
_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?)?(?:[-—至]\d{1,2}月)?(?:实际|数|完成|末|底)?")
_OF_YEAR = re.compile(r"(?:19|20)\d\d年度?[^\d\s]{2}")
_NUMERIC = re.compile(r"[-+]?[\d][\d,，. ]*(?:\.\d+)?\s*(?:万|亿|千)?[^\d\s]{0,6}|[—–-]{1,2}|/|无|0")
_PROFILE_LABELS = 3
"""So many known labels make a table without a header row a profile."""


class TableRule(Rule, frozen=True):
    """`columns` lists the header wordings of each role; `required` the groups of roles of which one must be there."""

    kind: TableKind
    columns: dict[str, tuple[str, ...]]
    required: tuple[tuple[str, ...], ...]
    captions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """Compiled rules: for every kind its rule, its wordings by text, and their lengths from longest."""

    rules: tuple[TableRule, ...]
    wordings: dict[str, dict[str, str]]
    labels: frozenset[str]


def compile_tables(rules: Iterable[TableRule], faults: list[str]) -> Tables:
    """Every wording by its normal form. A wording given to two roles of one rule is a fault."""
    rules = tuple(rules)
    wordings: dict[str, dict[str, str]] = {}
    for rule in rules:
        known = wordings.setdefault(rule.id, {})
        for role, texts in rule.columns.items():
            for text in map(normal, texts):
                if known.setdefault(text, role) != role:
                    faults.append(f"tables.toml: [[table]] {rule.id}: columns.{role}: {text!r} is also a wording of {known[text]}")
    labels = frozenset(normal(text) for rule in rules if rule.kind == "profile" for texts in rule.columns.values() for text in texts)
    return Tables(rules=rules, wordings=wordings, labels=labels)


def table_fires(rule: TableRule, text: str, tables: Tables) -> bool:
    """Whether `text`, a row of cells parted by |, is read as a table of this rule."""
    cells = text.split("|")
    if rule.kind == "profile":
        return sum(normal(cell) in tables.labels for cell in cells) >= _PROFILE_LABELS or False
    found = match_header(cells, tables)
    return found is not None and found[0].id == rule.id


@functools.lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """A header cell without brackets, white space and punctuation."""
    folded = fold(text)
    return _NOISE.sub("", _BRACKETS.sub("", folded)) or _NOISE.sub("", folded)


def is_year(text: str) -> bool:
    """Whether a header cell is a year, such as 2021年 or 2021年实际."""
    return _YEAR.fullmatch(normal(text)) is not None


def is_numeric(text: str) -> bool:
    """Whether a cell holds a number (with its unit, perhaps), a dash, or nothing but 无."""
    return _NUMERIC.fullmatch(fold(text).strip()) is not None


def role_of(text: str, wordings: dict[str, str]) -> str | None:
    """The role of one header cell: the wording it equals, else the longest it ends with or contains."""
    plain = normal(text)
    if plain in wordings:
        return wordings[plain]
    if not 2 <= len(plain) <= 14:
        return None
    best = max((w for w in wordings if len(w) >= 2 and w in plain), key=lambda w: (plain.endswith(w), len(w)), default=None)
    return wordings[best] if best else None


def match_header(cells: Sequence[str], tables: Tables) -> tuple[TableRule, list[str | None]] | None:
    """The rule that reads most roles from a row of header cells, with the role of every cell; None if no rule does."""
    best: tuple[int, TableRule, list[str | None]] | None = None
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 2 or any(len(cell) > 30 or (is_numeric(cell) and not is_year(cell) and not _OF_YEAR.match(fold(cell))) for cell in filled):
        return None
    if sum(normal(cell) in tables.labels for cell in filled) >= 2:
        return None
    for rule in tables.rules:
        if rule.kind == "profile":
            continue
        roles: list[str | None] = [role_of(cell, tables.wordings[rule.id]) for cell in cells]
        if rule.kind == "statistics":
            roles = _statistics_roles(cells, roles)
        exact = sum(normal(cell) in tables.wordings[rule.id] for cell in filled)
        present = set(roles)
        if not all(present & set(group) for group in rule.required):
            continue
        score = 4 * len(present - {None, "note", "number"}) + exact - 2 * sum(role is None and bool(cell.strip()) for role, cell in zip(roles, cells, strict=True))
        if best is None or score > best[0]:
            best = (score, rule, roles)
    return (best[1], best[2]) if best else None


def _statistics_roles(cells: Sequence[str], roles: list[str | None]) -> list[str | None]:
    """Years are value columns; 指标 is the item where it comes first and the value behind 项目 and its code or unit."""
    resolved: list[str | None] = []
    item, between = None, False
    first, *others = [at for at, cell in enumerate(cells) if cell.strip()]
    if others and roles[first] is None and not is_year(cells[first]) and all(is_year(cells[at]) for at in others):
        roles = [*roles[:first], "item", *roles[first + 1 :]]  # whatever they are called: each has a value for every year
    for cell, role in zip(cells, roles, strict=True):
        if is_year(cell):
            role = "year"
        elif role == "item" and item not in (None, normal(cell)) and between:
            role = "value"
        elif role == "item":
            item, between = item or normal(cell), False
        between = between or role in ("code", "unit")
        resolved.append(role)
    return resolved


def classify(index: int, table: Table, text: str, caption: tuple[int, int] | None, tables: Tables) -> View:
    """`table` with its kind, header and grid. `caption` is the span of the paragraph that names it, if one does."""
    grid, own = _grid(table)
    words = text[caption[0] : caption[1]] if caption else ""
    header = _find_header(table, grid, own, text, tables)
    kind: TableKind = "other"
    rule = None
    if header is not None:
        kind, rule = header.kind, header.rule
    elif sum(normal(text[c.start : c.end]) in tables.labels for c in table.cells) >= _PROFILE_LABELS:
        kind, rule = "profile", "profile"
    elif _label_value(own, text) or (_wide(grid, text) and any(is_word in words for is_word in _captions(tables, "statistics"))):
        kind, rule = "statistics", "statistics"
    return View(
        index=index, table=table, kind=kind, rule=rule, caption=words or None, caption_span=caption, header=header,
        grid=tuple(tuple(row) for row in grid), own=own,
    )  # fmt: skip


def _captions(tables: Tables, kind: TableKind) -> list[str]:
    return [word for rule in tables.rules if rule.kind == kind for word in rule.captions]


def _grid(table: Table) -> tuple[list[list[Cell | None]], tuple[tuple[Cell, ...], ...]]:
    grid: list[list[Cell | None]] = [[None] * table.columns for _ in range(table.rows)]
    own: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        own[cell.row].append(cell)
        for r in range(cell.row, min(cell.row + cell.rowspan, table.rows)):
            for c in range(cell.column, min(cell.column + cell.colspan, table.columns)):
                grid[r][c] = cell
    return grid, tuple(tuple(sorted(row, key=lambda c: c.column)) for row in own)


def _find_header(table: Table, grid: list[list[Cell | None]], own: tuple[tuple[Cell, ...], ...], text: str, tables: Tables) -> Header | None:
    """The first row that reads as a header. Only profile rows may stand above it in the same table."""
    for r in range(len(grid)):
        texts = [text[c.start : c.end] if c else "" for c in grid[r]]
        found = match_header(texts, tables)
        if found is not None:
            rows = max((c.rowspan for c in own[r] if c.row == r), default=1)
            rows += rows == 1 and found[0].kind == "statistics" and _second_level(grid, own, r + 1, text)
            joined = tuple(_stacked(grid, text, r, r + rows, c) for c in range(table.columns))
            if rows > 1:
                found = match_header(joined, tables) or found
            lowest = tuple(text[c.start : c.end] if c else "" for c in grid[min(r + rows, len(grid)) - 1])
            return Header(rule=found[0].id, kind=found[0].kind, row=r, rows=rows, texts=joined, lowest=lowest, roles=tuple(found[1]))
        above = [text[c.start : c.end] for c in own[r]]
        is_profile = any(normal(cell) in tables.labels for cell in above)
        is_title = len([cell for cell in above if cell.strip()]) <= 1
        if not (is_profile or is_title) and r >= 2:
            return None
    return None


def _second_level(grid: list[list[Cell | None]], own: tuple[tuple[Cell, ...], ...], r: int, text: str) -> bool:
    """Whether row `r`, below a header, goes on with it: no item, but words (种, 册) above numbers."""
    if r + 1 >= len(grid):
        return False
    words = [text[c.start : c.end].strip() for c in own[r]]
    filled = [word for word in words if word]
    below = [text[c.start : c.end].strip() for c in own[r + 1]][1:]
    return bool(len(filled) > 1 and not words[0] and all(len(word) <= 8 and not is_numeric(word) for word in filled) and sum(map(is_numeric, below)) > 1)


def _stacked(grid: list[list[Cell | None]], text: str, first: int, last: int, column: int) -> str:
    """The header texts above a column, top down, a merged cell once."""
    seen: list[Cell] = []
    for row in grid[first : min(last, len(grid))]:
        cell = row[column]
        if cell is not None and cell not in seen:
            seen.append(cell)
    return "".join(text[c.start : c.end] for c in seen)


def _label_value(own: tuple[tuple[Cell, ...], ...], text: str) -> bool:
    """Rows of label, number, label, number ...: at least three pairs, and hardly anything else."""
    pairs = others = 0
    for row in own:
        cells = [text[c.start : c.end].strip() for c in row]
        if len(cells) % 2:
            others += 1
            continue
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            if label and not is_numeric(label) and re.match(r"[\d]", fold(value)):
                pairs += 1
            elif label:
                others += 1
    return pairs >= 3 and pairs >= 4 * others


def _wide(grid: list[list[Cell | None]], text: str) -> bool:
    """A first row of labels above rows of numbers."""
    if len(grid) < 2 or len(grid[0]) < 3:
        return False
    words = [text[c.start : c.end] if c else "" for c in grid[0]]
    numbers = [text[c.start : c.end] if c else "" for row in grid[1:] for c in row[1:]]
    filled = [cell for cell in numbers if cell.strip()]
    return not any(is_numeric(word) and not is_year(word) for word in words if word) and len(filled) >= 2 and sum(map(is_numeric, filled)) >= 0.8 * len(filled)

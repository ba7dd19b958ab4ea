"""Tables without a lattice: columns shown by white space alone, or by a few horizontal rules.

Two kinds are taken. Between horizontal rules of one length (a three-line table) any three rows that share
a gutter are a table; without rules only rows that all have the same number of cells. Whatever is less clear
stays text: a wrong table is worse than none, and either way every character is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from extractor.readers.blocks import RawCell
from extractor.readers.lattice import Line as Rule
from extractor.readers.pdf_paragraphs import starts_item
from extractor.readers.pdf_tables import Part, cell_text
from extractor.readers.pdf_text import Line, Run, find_lines, unsure_numbers

_ROWS = 3
_GAP = 0.9
"""Ems of white that part two cells of a row."""
_SAME_END = 6.0
_SHORTEST_RULE = 100.0
_LONGEST_CELL = 24
"""Ems: a wider piece of an unruled row is running text, not a cell."""

Span = tuple[float, float]


def find_aligned(lines: list[Line], rules: Iterable[Rule], page: int) -> list[tuple[Part, list[Line]]]:
    """Tables with the lines they are made of; `lines` from top to bottom, `rules` the horizontal ones in no grid."""
    found: list[tuple[Part, list[Line]]] = []
    used: set[int] = set()
    for group in _ruled_groups(rules):
        for inside in _ruled_stretches(lines, group):
            if not used.intersection(map(id, inside)) and (part := _table(inside, page, ruled=True)) is not None:
                found.append((part, inside))
                used |= {id(line) for line in inside}
    rest: list[Line] = []
    for line in [*lines, None]:
        if line is not None and id(line) not in used and _is_row(line) and (not rest or _follows(rest[-1], line)):
            rest.append(line)
            continue
        if (part := _table(rest, page, ruled=False)) is not None:
            found.append((part, rest))
        rest = [line] if line is not None and id(line) not in used and _is_row(line) else []
    return found


def _ruled_groups(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Long horizontal rules that begin and end at the same places, from top to bottom."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if rule.high - rule.low < _SHORTEST_RULE:
            continue
        for group in groups:
            if abs(group[0].low - rule.low) < _SAME_END and abs(group[0].high - rule.high) < _SAME_END:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) > 1]


def _ruled_stretches(lines: list[Line], group: list[Rule]) -> list[list[Line]]:
    """The lines between neighbouring rules, as long as what stands between them looks like rows.

    Rules of one length are also drawn under running heads, so that running text between them is no table.
    """
    stretches: list[list[Line]] = [[]]
    for above, below in pairwise(group):
        inside = [
            line for line in lines
            if above.at < line.middle < below.at and line.x0 > above.low - _SAME_END and line.x1 < above.high + _SAME_END
        ]  # fmt: skip
        rows = sum(map(_is_row, inside))
        lone = len(inside) == 1 and below.at - above.at < 3.0 * inside[0].size
        if lone or (rows and rows >= 0.5 * len(inside)):
            stretches[-1] += inside
        else:
            stretches.append([])
    return [stretch for stretch in stretches if stretch]


def _is_row(line: Line) -> bool:
    pieces = _pieces(line)
    return len(pieces) > 1 and all(b - a <= _LONGEST_CELL * line.size for a, b in map(_extent, pieces))


def _follows(above: Line, line: Line) -> bool:
    return len(_pieces(above)) == len(_pieces(line)) and line.middle - above.middle < 3.5 * line.size


def _pieces(line: Line) -> list[list[Run]]:
    pieces: list[list[Run]] = []
    end = 0.0
    for run in line.runs:
        if not run.text.strip(" \u3000"):
            continue
        if pieces and run.x0 - end <= _GAP * line.size:
            pieces[-1].append(run)
        else:
            pieces.append([run])
        end = max(end, run.x1) if len(pieces[-1]) > 1 else run.x1
    return pieces


def _extent(piece: list[Run]) -> Span:
    return min(run.x0 for run in piece), max(run.x1 for run in piece)


def _table(lines: list[Line], page: int, *, ruled: bool) -> Part | None:
    if len(lines) < _ROWS:
        return None
    rows = [_pieces(line) for line in lines]
    width = max(len(row) for row in rows)
    full = [row for row in rows if len(row) == width]
    if width < 2 or len(full) < _ROWS:
        return None
    columns = _columns(full)
    if len(columns) != width or not (ruled or (_aligned(full) and not _is_list(full) and not _is_contents(full))):
        return None
    edges = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    xs = [min(line.x0 for line in lines), *edges, max(line.x1 for line in lines)]
    cells: list[list[tuple[int, int, list[Run]]]] = []
    for number, row in enumerate(rows):
        placed = _placed(row, edges)
        if ruled and cells and _is_wrapped(placed, lines[number].middle - lines[number - 1].middle, lines):
            _append(cells[-1], placed)
        else:
            cells.append(placed)
    raw = [
        RawCell(number, column, cell_text(runs), 1, span, page, unsure=unsure_numbers(find_lines(runs)))
        for number, row in enumerate(cells) for column, span, runs in _filled(row, width)
    ]  # fmt: skip
    return Part(raw, xs, len(cells), page, page, lines[0].top, lines[-1].bottom, lines[0].bottom - lines[0].top, ruled=False)


def _columns(rows: list[list[list[Run]]]) -> list[Span]:
    """What the pieces of the rows cover together, as intervals with white between."""
    spans: list[Span] = []
    for low, high in sorted(_extent(piece) for row in rows for piece in row):
        if spans and low <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], high))
        else:
            spans.append((low, high))
    return spans


def _aligned(rows: list[list[list[Run]]]) -> bool:
    """Every column keeps a left edge, a right edge or a centre in most of its rows."""
    for column in zip(*rows, strict=True):
        extents = [_extent(piece) for piece in column]
        size = column[0][0].size
        keepers = ([a for a, _ in extents], [b for _, b in extents], [(a + b) / 2 for a, b in extents])
        if not any(_steady(values, 0.5 * size) for values in keepers):
            return False
    return True


def _is_list(rows: list[list[list[Run]]]) -> bool:
    """Rows of a number or bullet and a text are a list, not a table of two columns."""
    return len(rows[0]) == 2 and all(starts_item("".join(run.text for run in row[0])) for row in rows)


def _is_contents(rows: list[list[list[Run]]]) -> bool:
    """Rows of a heading and a rising page number are a table of contents."""
    numbers = [" ".join(run.text for run in row[1]).strip() for row in rows if len(row) == 2]
    if len(numbers) < len(rows) or not all(number.isdecimal() and len(number) < 4 for number in numbers):
        return False
    values = list(map(int, numbers))
    return len(values) > _ROWS and values == sorted(values) and values[0] <= 10


def _steady(values: list[float], slack: float) -> bool:
    middle = sorted(values)[len(values) // 2]
    return sum(abs(value - middle) <= slack for value in values) >= 0.8 * len(values)


def _placed(row: list[list[Run]], edges: list[float]) -> list[tuple[int, int, list[Run]]]:
    placed: list[tuple[int, int, list[Run]]] = []
    for piece in row:
        low, high = _extent(piece)
        first = sum(edge <= low + 1 for edge in edges)
        last = max(first, sum(edge < high - 1 for edge in edges))
        if placed and first < placed[-1][0] + placed[-1][1]:
            column, span, runs = placed[-1]
            placed[-1] = (column, max(span, last - column + 1), runs + piece)
        else:
            placed.append((first, last - first + 1, piece))
    return placed


def _is_wrapped(placed: list[tuple[int, int, list[Run]]], pitch: float, lines: list[Line]) -> bool:
    """The second line of a wrapped cell: nothing in the first column, and closer to its row than rows are."""
    pitches = sorted(b.middle - a.middle for a, b in pairwise(lines))
    return placed[0][0] > 0 and pitch < 0.9 * pitches[-1] and pitch < 1.7 * lines[0].size


def _append(row: list[tuple[int, int, list[Run]]], placed: list[tuple[int, int, list[Run]]]) -> None:
    for column, span, runs in placed:
        for k, (start, width, held) in enumerate(row):
            if start <= column < start + width:
                row[k] = (start, width, held + runs)
                break
        else:
            row.append((column, span, runs))
    row.sort(key=lambda cell: cell[0])


def _filled(row: list[tuple[int, int, list[Run]]], width: int) -> list[tuple[int, int, list[Run]]]:
    """The row with an empty cell at every place that none covers."""
    covered = {k for column, span, _ in row for k in range(column, column + span)}
    return sorted([*row, *((k, 1, []) for k in range(width) if k not in covered)], key=lambda cell: cell[0])

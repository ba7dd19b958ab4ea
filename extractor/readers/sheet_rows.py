"""The rows of one sheet to paragraphs and tables.

A sheet has no paragraphs: title, notes and signature stand in rows above and below its table. A row is *loose* if
it holds one text only, or nothing but texts such as 单位：千元. Loose rows at either end of a table become paragraphs,
so that a form reads as it does in a text document. Rows and columns in which nothing begins are dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from extractor.readers.blocks import RawCell, RawParagraph, RawTable
from extractor.readers.limits import Budget

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""The size of a sheet in every program."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 0, all included."""
Row = dict[int, str]
Rows = dict[int, Row]

_NUMERIC = re.compile(r"[-+(]?[¥$￥]?\d[\d,]*(?:\.\d+)?\s*[%％)]?")
_LABELLED = re.compile(r"[^：:]{1,20}[：:].*", re.DOTALL)
_DATED = re.compile(r"(?:19|20)\d\d(?:[-/.年]\s*\d{1,2}(?:[-/.月]\s*(?:\d{1,2}日?)?)?|年?度?)|[第共].{1,4}页.*|[（(].{1,12}[)）]")
_NOTE = re.compile(r"\s*(?:[附备]?注|说明|备\s*注|[*＊※]|(?:数据|资料)?来源|填\s*[表报]|制\s*表|审\s*核|报出|单位(?:负责人|领导)|负责人|联系)")
_SHORT = 8
"""Characters: a lone text up to this long beyond the first column is the head of a column, not a title."""
_MOST_LOOSE = 8
"""Loose rows above a header that is not the first of its sheet."""


def parted(rows: Rows, merged: list[Area], budget: Budget) -> tuple[list[RawParagraph | RawTable], int]:
    """The blocks of a sheet, and how many cells below a merge hold a text of their own, which is left out."""
    return _Sheet(rows, merged, budget).run() if rows else ([], 0)


class _Sheet:
    def __init__(self, rows: Rows, merged: list[Area], budget: Budget) -> None:
        self._rows, self._merged, self._budget = rows, merged, budget
        self._used = sorted(rows)
        columns = set().union(*rows.values())
        self._first, self._last = min(columns), max(columns)
        self._wide: dict[int, list[Area]] = {}
        """By their first row, the areas of several columns."""
        for area in merged:
            if area[3] > area[1]:
                self._wide.setdefault(area[0], []).append(area)
        self._covered = 0

    def run(self) -> tuple[list[RawParagraph | RawTable], int]:
        blocks: list[RawParagraph | RawTable] = []
        for start, end in self._segments():
            head, foot = self._loose_ends(start, end)
            blocks += [self._paragraph(at) for at in range(start, head)]
            if head < foot:
                blocks.append(self._table(self._used[head:foot]))
            blocks += [self._paragraph(at) for at in range(foot, end)]
        return blocks, self._covered

    # --- which rows are what --------------------------------------------------------------------

    def _row(self, at: int) -> Row:
        return self._rows[self._used[at]]

    def _gap(self, at: int) -> bool:
        return at > 0 and self._used[at] - self._used[at - 1] > 1

    def _segments(self) -> list[tuple[int, int]]:
        """Where one table with its loose rows ends and the next begins."""
        cuts = [0]
        for at in range(1, len(self._used)):
            if (self._gap(at) or self._spans_all(at)) and self._begins_table(cuts[-1], at):
                cuts.append(at)
        return list(zip(cuts, [*cuts[1:], len(self._used)], strict=True))

    def _begins_table(self, start: int, at: int) -> bool:
        """Whether loose rows and then a header of words stand here, below rows with numbers."""
        header = at
        while header < len(self._used) and header < at + _MOST_LOOSE and self._is_loose(header):
            header += 1
        if header == len(self._used) or not (header > at or self._gap(at)):
            return False
        words = self._row(header).values()
        if len(words) < 2 or any(map(_NUMERIC.fullmatch, words)):
            return False
        return any(_NUMERIC.fullmatch(text) for k in range(start, at) for text in self._row(k).values())

    def _loose_ends(self, start: int, end: int) -> tuple[int, int]:
        head, foot = start, end
        while head < end and self._is_loose(head):
            head += 1
        while foot > head and self._is_loose(foot - 1) and self._is_note(foot - 1):
            foot -= 1
        return head, foot

    def _is_loose(self, at: int) -> bool:
        row = self._row(at)
        if len(row) > 1:
            return any(map(_LABELLED.fullmatch, row.values())) and all(
                _LABELLED.fullmatch(text) or _DATED.fullmatch(text) for text in row.values()
            )
        ((column, text),) = row.items()
        areas = self._wide.get(self._used[at], ())
        if any(area[1] != column for area in areas):
            return False
        return bool(areas) or column == self._first or len(text) > _SHORT or bool(_LABELLED.fullmatch(text) or _DATED.fullmatch(text))

    def _spans_all(self, at: int) -> bool:
        row = self._row(at)
        return len(row) == 1 and any(
            area[1] <= self._first and area[3] >= self._last and area[1] in row for area in self._wide.get(self._used[at], ())
        )

    def _is_note(self, at: int) -> bool:
        row = self._row(at)
        first = next(iter(row.values()))
        return len(row) > 1 or self._gap(at) or self._spans_all(at) or bool(_NOTE.match(first)) or first.rstrip().endswith(("。", "；"))

    # --- what comes out -------------------------------------------------------------------------

    def _paragraph(self, at: int) -> RawParagraph:
        self._budget.block()
        row = self._row(at)
        return RawParagraph(" ".join(row[column] for column in sorted(row)))

    def _table(self, rows: list[int]) -> RawTable:
        columns = sorted(set().union(*(self._rows[row] for row in rows)))
        self._budget.block(len(rows) * len(columns))
        spans, covered = self._spans(rows, columns)
        merged_rows = {row for row, _ in covered}
        places = list(enumerate(columns))
        cells: list[RawCell] = []
        for at, number in enumerate(rows):
            row = self._rows[number]
            if at not in merged_rows:
                cells += [RawCell(at, k, row.get(column, "")) for k, column in places]
                continue
            for k, column in places:
                if (at, k) in spans:
                    cells.append(RawCell(at, k, row.get(column, ""), *spans[at, k]))
                elif (at, k) in covered:
                    self._covered += column in row
                else:
                    cells.append(RawCell(at, k, row.get(column, "")))
        return RawTable(cells)

    def _spans(self, rows: list[int], columns: list[int]) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
        """By place, the rows and columns of the merged cell that begins there; and the places that these cover.

        Of two areas that overlap, which no program writes, the second is none.
        """
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        covered: set[tuple[int, int]] = set()
        for top, left, bottom, right in self._merged:
            row, below = bisect_left(rows, top), bisect_right(rows, bottom)
            column, beside = bisect_left(columns, left), bisect_right(columns, right)
            height, width = below - row, beside - column
            if height < 1 or width < 1 or height * width == 1 or (row, column) in covered:
                continue
            self._budget.block(height * width)
            places = {(r, c) for r in range(row, below) for c in range(column, beside)}
            if covered.isdisjoint(places):
                covered |= places
                spans[row, column] = (height, width)
        return spans, covered

"""Characters to runs, runs to lines, lines to columns: the reading order of what stands outside tables.

PDF has no words and no lines, only placed characters. A *run* is what was set in one go: characters that
follow each other on one line without a wide gap. A *line* is the runs at one height. Where a space is meant
is decided by geometry: one of the page's own always stays; a gap becomes one only where it is wide for
its neighbours, since text between CJK and digits is set apart by a quarter em that nobody typed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from extractor.readers.blocks import is_cjk
from extractor.readers.printed import Char

_BREAK = 0.35
"""Ems: a wider gap ends a run."""
_BACK = 0.3
"""Ems: a character that starts this far before the end of the last one starts a new run."""
_GAP, _MIXED_GAP = 0.18, 0.6
"""Ems of gap beyond the line's usual one that count as a space: between like characters, and between CJK and
letters or digits."""
_GUTTER = 1.2
"""Ems: the least width of the white between two columns."""
_UNSURE = 0.8
"""A digit, comma or point in a number of which a recogniser is less certain is told."""
_PARTED = ",.，．"
_BLANK = " \t\u3000"
_OPENING = "“‘《〈（(【「『〔[{"
_QUOTES = "“”‘’\"'"
_NO_START = "，。、；：？！）》”’】」』〕〉…—·～" + "“‘" + ",.;:?!)]}%％/-"
"""What does not begin a line."""


@dataclass(slots=True)
class Run:
    """Characters of one line set close to each other."""

    chars: list[Char]
    x0: float
    x1: float
    middle: float
    size: float

    @property
    def text(self) -> str:
        return "".join(char.char for char in self.chars)


@dataclass(slots=True)
class Line:
    """One visual line; `head` is the width of its first word, `size` the size of most of its text."""

    runs: list[Run]
    text: str
    x0: float
    x1: float
    middle: float
    size: float
    head: float
    page: int = 0
    left: float = 0.0
    right: float = 0.0
    column: int = 0

    @property
    def top(self) -> float:
        return self.middle - self.size / 2

    @property
    def bottom(self) -> float:
        return self.middle + self.size / 2


def unsure_numbers(lines: Iterable[Line]) -> tuple[str, ...]:
    """The numbers in which a recogniser is not certain of a digit, in reading order."""
    found: list[str] = []
    for line in lines:
        for run in line.runs:
            if any(char.sure < _UNSURE and (char.char.isdigit() or char.char in _PARTED) for char in run.chars):
                found += _unsure_in(run.chars)
    return tuple(found)


def _unsure_in(chars: list[Char]) -> Iterator[str]:
    for number, group in groupby(chars, lambda char: char.char.isdigit() or char.char in _PARTED):
        members = list(group)
        while members and members[-1].char in _PARTED:
            members.pop()
        while members and members[0].char in _PARTED:
            members.pop(0)
        if number and any(char.sure < _UNSURE for char in members):
            yield "".join(char.char for char in members)


def find_runs(chars: Iterable[Char]) -> list[Run]:
    """Runs in the order of the page's content; a character drawn twice in one place (fake bold) counts once."""
    runs: list[Run] = []
    current: list[Char] = []
    end = middle = size = 0.0
    last: Char | None = None
    for char in chars:
        letter, x0, x1, at, height, _ = char
        if last is not None:
            if x0 == last.x0 and x1 == last.x1 and at == last.middle and (letter != last.char or x1 - x0 > 1.3 * height):
                # One glyph that stands for several characters: a ligature, or a dash of two ems.
                current.append(char._replace(x0=x1))
                continue
            gap = x0 - end
            if (
                -_BACK * height <= gap <= _BREAK * height
                and abs(at - middle) < 0.2 * height
                and 0.8 * size < height < 1.25 * size
            ):
                current.append(char)
                last = char
                if x1 > end:
                    end = x1
                continue
            if letter == last.char and abs(x0 - last.x0) < 0.15 * height and abs(at - last.middle) < 0.15 * height:
                continue
            runs.append(Run(current, current[0].x0, end, middle, size))
        current = [char]
        last, end, middle, size = char, x1, at, height
    if current:
        runs.append(Run(current, current[0].x0, end, middle, size))
    return runs


def _run(chars: list[Char]) -> Run:
    return Run(chars, chars[0].x0, max(char.x1 for char in chars), chars[0].middle, chars[0].size)


def split_run(run: Run, edges: Sequence[float]) -> list[Run]:
    """The run in parts where a gap between its characters lies at one of the rising `edges`.

    Text without a gap there overflows its cell: it stays whole.
    """
    cuts = []
    first = bisect_right(edges, run.x0 + 0.5)
    if first == len(edges) or edges[first] >= run.x1 - 0.5:
        return [run]
    for edge in edges[first:]:
        if run.x0 + 0.5 < edge < run.x1 - 0.5:
            near = [
                k for k in range(1, len(run.chars))
                if run.chars[k - 1].x1 - 0.5 <= edge + 0.6 * run.size and run.chars[k].x0 + 0.5 >= edge - 0.6 * run.size
            ]  # fmt: skip
            best = max(near, key=lambda k: run.chars[k].x0 - run.chars[k - 1].x1, default=None)
            if best is not None and run.chars[best].x0 - run.chars[best - 1].x1 > 0.08 * run.size:
                cuts.append(best)
    bounds = [0, *sorted(set(cuts)), len(run.chars)]
    return [_run(run.chars[a:b]) for a, b in pairwise(bounds)]


def find_lines(runs: Iterable[Run]) -> list[Line]:
    """The lines of one region, from top to bottom."""
    lines: list[Line] = []
    group: list[Run] = []
    middle = size = 0.0
    for run in sorted(runs, key=lambda run: run.middle):
        if group and abs(run.middle - middle) < 0.45 * max(run.size, size):
            group.append(run)
            if run.size > 1.1 * size:
                middle, size = run.middle, run.size
            continue
        if group:
            lines.append(make_line(group))
        group, middle, size = [run], run.middle, run.size
    if group:
        lines.append(make_line(group))
    return [line for line in lines if line.text]


def make_line(runs: list[Run]) -> Line:
    """The runs of one height as a line, from left to right."""
    if len(runs) > 1:
        runs = _without_doubles(sorted(runs, key=lambda run: run.x0))
    chars = [char for run in runs for char in run.chars]
    start, end = 0, len(chars)
    while start < end and chars[start].char in _BLANK:
        start += 1
    while start < end and chars[end - 1].char in _BLANK:
        end -= 1
    if start == end:
        return Line(runs, "", runs[0].x0, runs[0].x1, runs[0].middle, runs[0].size, 0.0)
    right = max(run.x1 for run in runs) if end == len(chars) else max(char.x1 for char in chars[start:end])
    chars = chars[start:end]
    middle = max(runs, key=lambda run: len(run.chars)).middle
    return Line(runs, spaced(chars), chars[0].x0, right, middle, _usual_size(runs), _head(chars))


def _usual_size(runs: list[Run]) -> float:
    """The size in which most characters are set."""
    if len(runs) == 1:
        return round(runs[0].size, 1)
    counts: dict[float, int] = {}
    for run in runs:
        size = round(run.size, 1)
        counts[size] = counts.get(size, 0) + len(run.chars)
    return max(sorted(counts), key=lambda size: counts[size])


def _without_doubles(runs: list[Run]) -> list[Run]:
    kept: list[Run] = []
    for run in runs:
        before = kept[-1] if kept else None
        if before is not None and abs(run.x0 - before.x0) < 0.15 * run.size and run.text == before.text:
            continue
        kept.append(run)
    return kept


def spaced(chars: list[Char]) -> str:
    """The characters of one line as text, spaces put where a gap means one."""
    gaps = [b.x0 - a.x1 for a, b in pairwise(chars)]
    if not gaps or max(gaps) <= _GAP * min(chars[0].size, chars[-1].size):
        return "".join([char.char for char in chars])
    # A justified line is stretched between its characters, Latin words less than CJK.
    cjk = [is_cjk(char.char) for char in chars]
    wide = [a or b for a, b in pairwise(cjk)]
    usual = {kind: _usual([gap for gap, other in zip(gaps, wide, strict=True) if other is kind]) for kind in (False, True)}
    parts = [chars[0].char]
    for (before, char), gap, kind in zip(pairwise(chars), gaps, wide, strict=True):
        beyond = (gap - usual[kind]) / max(char.size, before.size)
        if beyond > _GAP and _is_space(before.char, char.char, beyond):
            parts.append(" ")
        parts.append(char.char)
    return "".join(parts)


def _usual(gaps: list[float]) -> float:
    """The median; 0 where characters touch or overlap."""
    return max(0.0, median(gaps)) if gaps else 0.0


def _is_space(before: str, after: str, gap: float) -> bool:
    if before.isspace() or after.isspace():
        return False
    border = is_cjk(before) != is_cjk(after) and before.isalnum() and after.isalnum()
    return gap > (_MIXED_GAP if border else _GAP)


def _head(chars: list[Char]) -> float:
    """The width of the first word with all that may not be parted from it: what must fit where a line breaks.

    After Unicode's line breaking (UAX 14), which binds a straight or curly quotation mark to both sides.
    """
    last = len(chars) - 1
    end = 0
    while end < last and chars[end].char in _OPENING:
        end += 1
    while end < last:
        here, following = chars[end].char, chars[end + 1].char
        latin = not (is_cjk(here) or is_cjk(following) or following.isspace())
        number = here in "，．：" and following.isdigit()
        if not (latin or number or following in _NO_START or here in _QUOTES or here in _OPENING):
            break
        end += 1
    return chars[end].x1 - chars[0].x0


# --- columns ------------------------------------------------------------------------------------


def in_columns(lines: list[Line]) -> list[Line]:
    """The lines in reading order with `left`, `right` and `column` set; columns only where a gutter is clear."""
    if not lines:
        return []
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    gutter = _gutter(lines, left, right)
    ordered: list[Line] = []
    band: list[Line] = []
    for line in lines:
        if gutter is not None and _crosses(line, gutter):
            ordered += _band(band, gutter, left, right, len(ordered)) if band else []
            band = []
            ordered.append(line)
        elif gutter is not None:
            band.append(line)
        else:
            ordered.append(line)
    if band and gutter is not None:
        ordered += _band(band, gutter, left, right, len(ordered))
    return ordered


def _gutter(lines: list[Line], left: float, right: float) -> float | None:
    """Where most lines have a wide gap near the middle; None where no two columns are likely."""
    low, high = left + 0.3 * (right - left), left + 0.7 * (right - left)
    gaps = [
        (a.x1, b.x0) for line in lines for a, b in pairwise(line.runs)
        if b.x0 - a.x1 > _GUTTER * line.size and low < (a.x1 + b.x0) / 2 < high
    ]  # fmt: skip
    if len(lines) < 8 or (len(gaps) < 4 and sum(line.x1 < high or line.x0 > low for line in lines) < 8):
        return None
    candidates = {round((a + b) / 4) * 2.0 for a, b in gaps} | {(left + right) / 2}
    return min(sorted(candidates), key=lambda x: sum(_crosses(line, x) for line in lines))


def _crosses(line: Line, x: float) -> bool:
    room = 0.4 * line.size
    return any(run.x0 < x + room and run.x1 > x - room for run in line.runs)


def _band(band: list[Line], gutter: float, left: float, right: float, column: int) -> list[Line]:
    """A stretch of lines that leave the gutter white: left column first, if both sides are running text."""
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in band:
        for number, runs in enumerate(([r for r in line.runs if r.x0 < gutter], [r for r in line.runs if r.x0 >= gutter])):
            if runs and (part := make_line(runs)).text:
                sides[number].append(part)
    if not all(_is_prose(side, width) for side, width in zip(sides, (gutter - left, right - gutter), strict=True)):
        return band
    shared = min(side[-1].bottom for side in sides) - max(side[0].top for side in sides)
    if shared < 0.5 * min(side[-1].bottom - side[0].top for side in sides):
        return band
    for number, members in enumerate(sides, column + 1):
        start, end = min(line.x0 for line in members), max(line.x1 for line in members)
        for line in members:
            line.column, line.left, line.right = number, start, end
    return [*sides[0], *sides[1]]


def _is_prose(side: list[Line], width: float) -> bool:
    """At least four lines that mostly fill the column's width; the short lines of a list or form do not."""
    return len(side) >= 4 and sum(line.x1 - line.x0 > 0.75 * width for line in side) >= 0.5 * len(side)

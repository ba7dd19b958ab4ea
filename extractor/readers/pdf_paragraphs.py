"""Lines to paragraphs. A line goes on in the next one unless something says that it ended.

What says so: another size of type, a line that stops where the next word would still have fitted, an
indent or outdent against the lines before, more white between than usual, or a new number of a list.
The same holds over a page or column break, where the white between says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from extractor.readers.blocks import RawParagraph, join_lines
from extractor.readers.pdf_text import Line, unsure_numbers

_MARK = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]{1,4}[章节条篇部]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|[一二三四五六七八九十]{1,3}[、．.]|\d{1,3}(?:[、．)）]|[.](?!\d))|[①-⑳⑴-⒇•●◆■□▪➢★※◇○]|[附注]\d?[：:])"
)
_SLACK = 0.5
"""Ems that a full line may leave free beyond the width of the next word."""
_OVERHANG = 2.5
"""Ems that a line may end before the others where its sentence goes on."""
_HEADED = re.compile(r"[^，。；：:（(]{4,40}[：:]")
"""How lines of a list such as 奖项：获奖者（颁奖单位） begin."""
_ENDS = "。！？；：!?;:"
_CLOSING = "”’）)》】』」"
_NEVER_FIRST = frozenset("，。、；：！？”’）》】』」％")
_NEVER_LAST = frozenset("“‘（《【『「，、")
"""Signs that begin no paragraph, and that end none: the line goes on however it is spaced."""


def measure(lines: Iterable[Line], widths: dict[int, float]) -> dict[int, float]:
    """Sets `left` and `right` of lines outside columns; returns the usual pitch of lines by their size.

    `widths` are the page widths by page.
    """
    pages: dict[int, list[Line]] = {}
    pitches: dict[int, list[float]] = {}
    before: Line | None = None
    for line in lines:
        if line.column == 0:
            pages.setdefault(line.page, []).append(line)
        if before is not None and before.page == line.page and before.column == line.column and _alike(before, line):
            pitches.setdefault(round(line.size), []).append(line.middle - before.middle)
        before = line
    by_width: dict[int, list[Line]] = {}
    for page, members in pages.items():
        by_width.setdefault(round(widths[page]), []).extend(members)
    rights = {width: _right_margin(members, width, 0.1) for width, members in by_width.items()}
    for page, members in pages.items():
        width = round(widths[page])
        right = _right_margin(members, width, 0.35) or rights[width] or _mirrored(members, width)
        left = _left_margin(members)
        for line in members:
            line.right = max(right, line.x1 - line.size)
            line.left = left
    return {size: _lower(values) for size, values in pitches.items()}


def _alike(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) < 0.08 * max(a.size, b.size)


def _lower(values: list[float]) -> float:
    """The lower quartile: the pitch inside paragraphs, where spacing between them is common too."""
    values = sorted(value for value in values if value > 0) or [0.0]
    return values[len(values) // 4]


def _right_margin(lines: list[Line], width: float, share: float) -> float | None:
    """The rightmost edge at which at least `share` of the lines (and three) end within an em.

    None where lines do not end at one edge, or only the short ones of a list do.
    """
    ends = sorted((line.x1 for line in lines), reverse=True)
    slack = max(line.size for line in lines)
    need = max(3, share * len(lines))
    least = 0.8 * _mirrored(lines, width)
    start = 0
    for end, x in enumerate(ends, 1):
        while ends[start] - x > slack:
            start += 1
        if end - start >= need:
            return ends[start] if ends[start] > least else None
    return None


def _mirrored(lines: list[Line], width: float) -> float:
    """The right margin as wide as the left one: the guess where nothing else is known."""
    return width - min(line.x0 for line in lines)


def _left_margin(lines: list[Line]) -> float:
    edges = Counter(round(line.x0 / 2) for line in lines)
    need = max(2, len(lines) // 10)
    return min((edge * 2.0 for edge, count in edges.items() if count >= need), default=min(line.x0 for line in lines))


class Paragraphs:
    """Collects lines in reading order and gives out paragraphs; `close` ends the open one."""

    def __init__(self, pitches: dict[int, float]) -> None:
        self._pitches = pitches
        self._open: list[Line] = []

    def add(self, line: Line) -> RawParagraph | None:
        """Takes the next line; returns the paragraph that ended before it."""
        if self._open and self._goes_on(self._open, line):
            self._open.append(line)
            return None
        ended = self.close()
        self._open = [line]
        return ended

    def close(self) -> RawParagraph | None:
        """The open paragraph, if any."""
        if not self._open:
            return None
        lines, self._open = self._open, []
        last_page = lines[-1].page if lines[-1].page != lines[0].page else None
        return RawParagraph(join_wrapped([line.text for line in lines]), page=lines[0].page, last_page=last_page, unsure=unsure_numbers(lines))

    def _goes_on(self, lines: list[Line], line: Line) -> bool:
        last = lines[-1]
        if _alike(last, line) and (line.text[:1] in _NEVER_FIRST or last.text[-1:] in _NEVER_LAST):
            return not (last.page == line.page and last.column == line.column and self._spaced_out(lines, line))
        if not _alike(last, line) or (last.right - last.x1 > line.head + _SLACK * line.size and not _nearly_full(last, line)):
            return False
        same_flow = last.page == line.page and last.column == line.column
        if same_flow and self._spaced_out(lines, line):
            return False
        if len(lines) == 1 and last.text[-1:] in "）)" and _HEADED.match(last.text) and _HEADED.match(line.text):
            return False  # two lines of one list, of which the first happens to be full
        marked = starts_item(line.text)
        if marked and (_sentence_ended(last.text) or starts_item(lines[0].text)):
            return False
        # Left edges are compared from the column's own margin, so that they also hold over a page break.
        here, first = line.x0 - line.left, lines[0].x0 - lines[0].left
        em = line.size
        if len(lines) > 1:
            usual = lines[1].x0 - lines[1].left
            return abs(here - usual) < 0.8 * em
        if abs(here - first) < 0.6 * em:
            return not marked and (first < 1.0 * em or not _sentence_ended(last.text))
        if here < first:
            return here < 0.8 * em and first - here < 6 * em
        return starts_item(lines[0].text) and here - first < 6 * em

    def _spaced_out(self, lines: list[Line], line: Line) -> bool:
        pitch = line.middle - lines[-1].middle
        if pitch <= 0:
            return True
        if len(lines) > 1 and lines[-1].page == lines[-2].page and lines[-1].column == lines[-2].column:
            usual = lines[-1].middle - lines[-2].middle
        else:
            usual = self._pitches.get(round(line.size), 0.0) or 2.0 * line.size
        return pitch > 1.2 * usual + 1.0


def _nearly_full(last: Line, line: Line) -> bool:
    """Whether a line that leaves room for one more word was broken all the same: it is nearly full (signs hang over the margin of
    others), and neither does a sentence end with it nor an item begin behind it."""
    full = last.right - last.x1 <= _OVERHANG * line.size and last.x1 - last.left > 0.85 * (last.right - last.left)
    return full and not _sentence_ended(last.text) and last.text[-1:] not in _CLOSING and not starts_item(line.text)


def starts_item(text: str) -> bool:
    """Whether the text begins with a list number or bullet."""
    return _MARK.match(text.lstrip()) is not None


def _sentence_ended(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def join_wrapped(lines: list[str]) -> str:
    """`join_lines`, but a hyphen at a line's end inside a word or number carries no space."""
    parts: list[str] = []
    for line in lines:
        if parts and parts[-1][-1:] == "-" and parts[-1][-2:-1].isalnum() and line[:1].isascii() and line[:1].isalnum():
            parts[-1] += line
        else:
            parts.append(line)
    return join_lines(parts)

"""Page furniture: running heads, running feet and page numbers, told from text by their repetition.

A line is furniture if it is the outermost of its page, lies in the margin band and stands on several
pages at the same height with the same words; digits may differ only if they count with the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.readers.pdf_text import Line

BAND = 0.13
"""Share of the page's height at the top and at the bottom in which furniture is looked for."""
_DEPTH = 3
_SAME_HEIGHT = 4.0
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十]+(?=页)")
_LONE_NUMBER = re.compile(r"[-—–―－~·\s]+\d{1,4}[-—–―－~·\s]+|第\s*[\d一二三四五六七八九十]+\s*页.{0,12}|\d{1,4}\s*/\s*\d{1,4}")


def find_furniture(pages: list[tuple[float, list[Line]]]) -> list[Line]:
    """The lines to set aside; `pages` are heights with their lines from top to bottom, tables left out."""
    aside: list[Line] = []
    for edge in (1, -1):
        candidates = [_outermost(height, lines, edge) for height, lines in pages]
        for depth in range(_DEPTH):
            level = [(page, found[depth]) for page, found in enumerate(candidates) if depth < len(found)]
            known = _repeated(level, len(pages))
            aside += [line for page, line in level if page in known]
            # What lies further in can only be furniture on pages whose outer line was.
            candidates = [found if page in known else found[:depth] for page, found in enumerate(candidates)]
    return aside


def _outermost(height: float, lines: list[Line], edge: int) -> list[Line]:
    found = []
    for line in lines[::edge][:_DEPTH]:
        if (line.middle if edge == 1 else height - line.middle) > BAND * height:
            break
        found.append(line)
    return found


def _repeated(level: list[tuple[int, Line]], pages: int) -> set[int]:
    need = 2 if pages <= 4 else 3
    groups: dict[str, list[tuple[int, Line]]] = {}
    for page, line in level:
        groups.setdefault(_NUMBER.sub("#", "".join(line.text.split())), []).append((page, line))
    known: set[int] = set()
    for key, members in groups.items():
        for at in {round(line.middle / _SAME_HEIGHT) for _, line in members}:
            near = [(page, line) for page, line in members if abs(line.middle / _SAME_HEIGHT - at) <= 1]
            if len(near) >= need and _counts(near):
                known |= {page for page, _ in near}
            elif "#" in key:
                known |= {page for page, line in near if _LONE_NUMBER.fullmatch(line.text.strip()) and _says(line, page + 1)}
    return known


def _counts(members: Iterable[tuple[int, Line]]) -> bool:
    """Whether every number in the lines either stays the same or grows with the pages."""
    rows = [(page, [_value(word) for word in _NUMBER.findall(line.text)]) for page, line in members]
    for column in zip(*(numbers for _, numbers in rows), strict=True):
        same = len(set(column)) == 1
        steps = {number - page for number, (page, _) in zip(column, rows, strict=True)}
        # Front matter may be numbered on its own, so a few starting points are allowed.
        if not same and len(steps) > max(1, len(rows) // 4):
            return False
    return True


def _says(line: Line, number: int) -> bool:
    return number in (_value(word) for word in _NUMBER.findall(line.text))


def _value(word: str) -> int:
    if word.isdecimal():
        return int(word[:9])
    tens, ten, ones = word.rpartition("十")
    digit = "零一二三四五六七八九"
    return (digit.find(tens[-1:]) if tens else 1 if ten else 0) * 10 + (digit.find(ones[-1:]) if ones else 0)

"""Page furniture: running heads, running feet and page numbers, told from text by their repetition.

A line is furniture if it is the outermost of its page, lies in the margin band and stands on several
pages at the same height with the same words; digits may differ only if they count with the pages. Words
that stand as close to the next line as that does to its own neighbour are the text's own first or last line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from extractor.readers.pdf_text import Line

BAND = 0.13
"""Share of the page's height at the top and at the bottom in which furniture is looked for."""
_DEPTH = 3
_SAME_HEIGHT = 4.0
_SHORTEST, _LONGEST, _ALIKE, _HEADS = 6, 80, 0.8, 5
"""Characters of a line that is known though some were misread, those that are looked at, the share that must be right; and how
many heads others are compared with."""
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十]+(?=页)")
_LONE_NUMBER = re.compile(r"[-—–―－~·\s]+\d{1,4}[-—–―－~·\s]+|第\s*[\d一二三四五六七八九十]+\s*页.{0,12}|\d{1,4}\s*/\s*\d{1,4}")


class _Candidate(NamedTuple):
    page: int
    line: Line
    apart: bool
    """Set off from the body by white or by size."""


def find_furniture(pages: list[tuple[float, list[Line]]]) -> list[Line]:
    """The lines to set aside; `pages` are heights with their lines from top to bottom, tables left out."""
    aside: list[Line] = []
    for edge in (1, -1):
        candidates = [_outermost(page, height, lines, edge) for page, (height, lines) in enumerate(pages)]
        for depth in range(_DEPTH):
            level = [found[depth] for found in candidates if depth < len(found)]
            known = _repeated(level, len(pages))
            known |= _misread(level, known)
            aside += [candidate.line for candidate in level if candidate.page in known]
            # What lies further in can only be furniture on pages whose outer line was.
            candidates = [found if page in known else found[:depth] for page, found in enumerate(candidates)]
    return aside


def _outermost(page: int, height: float, lines: list[Line], edge: int) -> list[_Candidate]:
    found = []
    inwards = lines[::edge]
    for k, line in enumerate(inwards[:_DEPTH]):
        if (line.middle if edge == 1 else height - line.middle) > BAND * height:
            break
        found.append(_Candidate(page, line, _stands_apart(inwards[k : k + 3])))
    return found


def _stands_apart(lines: list[Line]) -> bool:
    if len(lines) < 3 or abs(lines[0].size - lines[1].size) > 0.08 * lines[1].size:
        return True
    return abs(lines[1].middle - lines[0].middle) > 1.2 * abs(lines[2].middle - lines[1].middle)


def _repeated(level: list[_Candidate], pages: int) -> set[int]:
    need = 2 if pages <= 4 else 3
    groups: dict[str, list[_Candidate]] = {}
    for candidate in level:
        groups.setdefault(_key(candidate.line), []).append(candidate)
    known: set[int] = set()
    for key, members in groups.items():
        if key.strip("#-—–―－~·第页共/") and sum(member.apart for member in members) * 2 < len(members):
            continue
        for at in {round(member.line.middle / _SAME_HEIGHT) for member in members}:
            near = [member for member in members if abs(member.line.middle / _SAME_HEIGHT - at) <= 1]
            if len(near) >= need and _counts((member.page, member.line) for member in near):
                known |= {member.page for member in near}
            elif "#" in key:
                known |= {m.page for m in near if _LONE_NUMBER.fullmatch(m.line.text.strip()) and _says(m.line, m.page + 1)}
    return known


def _misread(level: list[_Candidate], known: set[int]) -> set[int]:
    """The pages whose line is that of `known` pages but for a character or two, as text recognition leaves it."""
    heads = Counter((round(c.line.middle / _SAME_HEIGHT), key) for c in level if c.page in known and len(key := _key(c.line)) >= _SHORTEST)
    usual = [head for head, _ in heads.most_common(_HEADS)]
    return {
        candidate.page
        for candidate in level
        if candidate.page not in known and candidate.apart
        and any(abs(candidate.line.middle / _SAME_HEIGHT - at) <= 1 and _alike(_key(candidate.line), key) for at, key in usual)
    }  # fmt: skip


def _key(line: Line) -> str:
    """The words of a line whatever its numbers are."""
    return _NUMBER.sub("#", "".join(line.text.split()))


def _alike(a: str, b: str) -> bool:
    return abs(len(a) - len(b)) <= 2 and SequenceMatcher(None, a[:_LONGEST], b[:_LONGEST], autojunk=False).ratio() >= _ALIKE


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

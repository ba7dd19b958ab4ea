"""What the narrative and the chronicle both tell, dated or not: sentences and entries that share a name nothing else has.

A name is a quoted title, or a run of six characters (第五届广场舞大赛), that stands in one sentence of the narrative
and in one entry of the chronicle only; a series, which stands in more, is told by its totals and matches nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from extractor.model import Event, Figure, Report, Struct

_TITLE = re.compile(r"[“《「\"]([^”》」\"\n]{3,24})[”》」\"]")
_HAN = re.compile(r"[\u3400-\u9fff]{6,}")
_LENGTH = 6
_STOP = re.compile(r"[。；;！？!?\n]")
_LONGEST = 400
"""A sentence longer than this (characters) tells of too many things."""


class Telling(Struct, frozen=True):
    """A sentence of the narrative, or an entry of the chronicle (`event`), and its figures."""

    start: int
    end: int
    figures: tuple[Figure, ...]
    event: Event | None = None


def shared(report: Report) -> Iterator[tuple[Telling, Telling]]:
    """A sentence of the narrative and the one entry of the chronicle that shares a name with it alone, in reading order."""
    entries = list(_entries(report))
    named = _by_name(report, entries)
    for sentence in _sentences(report, entries):
        found = {named[name] for name in _names(report.text[sentence.start : sentence.end]) if name in named}
        if len(found) == 1:
            yield sentence, entries[found.pop()]


def _by_name(report: Report, entries: Sequence[Telling]) -> dict[str, int]:
    """The one entry that has a name; names that several entries have, or several sentences of the narrative, have none."""
    count: dict[str, int] = {}
    owner: dict[str, int] = {}
    for at, entry in enumerate(entries):
        for name in _names(report.text[entry.start : entry.end]):
            count[name] = count.get(name, 0) + 1
            owner[name] = at
    told: dict[str, int] = {}
    for sentence in _sentences(report, entries):
        for name in _names(report.text[sentence.start : sentence.end]):
            if name in owner:
                told[name] = told.get(name, 0) + 1
    return {name: at for name, at in owner.items() if count[name] == 1 and told.get(name) == 1}


def _entries(report: Report) -> Iterator[Telling]:
    by_id = {figure.id: figure for figure in report.figures}
    for event in report.events:
        if event.origin == "chronicle":
            yield Telling(event.start, event.end, tuple(by_id[name] for name in event.figures), event)


def _sentences(report: Report, entries: Sequence[Telling]) -> Iterator[Telling]:
    """The sentences of the narrative that hold figures."""
    starts = [entry.start for entry in entries]

    def in_chronicle(figure: Figure) -> bool:
        at = bisect_right(starts, figure.start) - 1
        return at >= 0 and figure.start < entries[at].end

    group: list[Figure] = []
    for figure in sorted(report.figures, key=lambda f: f.start):
        if in_chronicle(figure):
            continue
        if group and _STOP.search(report.text, group[-1].end, figure.start):
            yield from _sentence(report, group)
            group = []
        group.append(figure)
    if group:
        yield from _sentence(report, group)


def _sentence(report: Report, figures: Sequence[Figure]) -> Iterator[Telling]:
    text = report.text
    begin = max(0, figures[0].start - _LONGEST)
    start = max((found.end() for found in _STOP.finditer(text, begin, figures[0].start)), default=begin)
    stop = _STOP.search(text, figures[-1].end, figures[-1].end + _LONGEST)
    end = stop.start() if stop else min(len(text), figures[-1].end + _LONGEST)
    if end - start <= _LONGEST:
        yield Telling(start, end, tuple(figures))


def _names(text: str) -> set[str]:
    names = {"".join(found.split()) for found in _TITLE.findall(text)}
    for run in _HAN.findall(re.sub(r"[\s“”《》「」\"]", "", text)):
        names |= {run[at : at + _LENGTH] for at in range(len(run) - _LENGTH + 1)}
    return names

"""What the narrative and the chronicle both tell, dated or not: sentences and entries that share a name nothing else has.

A name is a quoted title, or a run of six characters (第五届广场舞大赛), that stands in one sentence of the narrative
and in one entry of the chronicle only; a series, which stands in more, is told by its totals and matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.model import Event, Figure, Report, Struct

_TITLE = re.compile(r"[“《「\"]([^”》」\"\n]{3,24})[”》」\"]")
_HAN = re.compile(r"[\u3400-\u9fff]{6,}")
_LENGTH = 6
_STOPS = "。；;！？!?\n"
_STOP = re.compile(f"[{_STOPS}]")
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
    entries = [entry for entry in _entries(report) if entry.figures]
    sentences = list(_sentences(report)) if entries else []
    named, told = _by_name(report, entries), _by_name(report, sentences)
    found: dict[int, set[int]] = {}
    for name, at in told.items():
        if (entry := named.get(name, -1)) >= 0 <= at:
            found.setdefault(at, set()).add(entry)
    for at, those in sorted(found.items()):
        if len(those) == 1:
            yield sentences[at], entries[those.pop()]


def _by_name(report: Report, tellings: Sequence[Telling]) -> dict[str, int]:
    """Which of the tellings has a name; -1 where several have."""
    owner: dict[str, int] = {}
    for at, telling in enumerate(tellings):
        for name in _names(report.text[telling.start : telling.end]):
            owner[name] = -1 if name in owner else at
    return owner


def _entries(report: Report) -> Iterator[Telling]:
    by_id = {figure.id: figure for figure in report.figures}
    for event in report.events:
        if event.origin == "chronicle":
            yield Telling(event.start, event.end, tuple(by_id[name] for name in event.figures), event)


def _sentences(report: Report) -> Iterator[Telling]:
    """The sentences of the narrative that hold figures."""
    chronicle = {name for event in report.events if event.origin == "chronicle" for name in event.figures}
    group: list[Figure] = []
    for figure in report.figures:
        if figure.id in chronicle:
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
    start = max(begin, max(text.rfind(mark, begin, figures[0].start) for mark in _STOPS) + 1)
    stop = _STOP.search(text, figures[-1].end, figures[-1].end + _LONGEST)
    end = stop.start() if stop else min(len(text), figures[-1].end + _LONGEST)
    if end - start <= _LONGEST:
        yield Telling(start, end, tuple(figures))


def _names(text: str) -> set[str]:
    names = {"".join(found.split()) for found in _TITLE.findall(text)}
    for run in _HAN.findall(re.sub(r"[\s“”《》「」\"]", "", text)):
        names |= {run[at : at + _LENGTH] for at in range(len(run) - _LENGTH + 1)}
    return names

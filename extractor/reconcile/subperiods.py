"""The parts of a year, told one after another in a paragraph, against what is told of the whole year.

Quarters, halves, or any months that fill the year, leave nothing out, whatever stands between them (一季度办了13场；二季度试着恢复，办了31场…),
so they add up to the year's figure. Which figure that is, the paragraph says, or the common name of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractor.model import Figure, Finding, Verdict
from extractor.reconcile import addition
from extractor.reconcile.case import Case
from extractor.reconcile.intervals import of, total
from extractor.reconcile.units import measure

_LINE = re.compile(r"[^\n]+")
_TIME = re.compile(r"第?[一二三四1-4]季度|[上下]半年|(?:[一二三四五六七八九十]{1,2}|\d{1,2})月?(?:份)?[至到—~～-](?:[一二三四五六七八九十]{1,2}|\d{1,2})月份?")
_MONTHS = re.compile(r"(?P<year>\d{4})-(?P<first>\d\d)/(?P=year)-(?P<last>\d\d)")
_VERBS = re.compile(r"[的了共约达到为有是升至回落办举开展完成组织接待累计全年本馆我]+")
_Key = tuple[str, str, str]
"""Measure, year, and the indicator or two characters of the name."""
_MOST = 60
_NEAR = 50
"""One part in so many (2 %): a year's figure that is no further off, and has the name, is the whole of the parts."""


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind sum, one a series; of a whole that is told elsewhere only agreement or a question."""
    report, known = case.report, _by_name(case.figures)
    for line, here in _lines(case):
        for parts in _series(here, report.period or ""):
            before = [f for f in here if f.end <= parts[0].start]
            inside = [f for f in before if _whole(f, parts)]
            near = inside[-1:] or [f for f in here if f.start >= parts[-1].end and _whole(f, parts)][:1]
            named = [f for f in _sharing(parts[0], known) if not line[0] <= f.start < line[1] and _whole(f, parts)]
            added = total(map(of, parts))
            chosen = next((f for f in (*near, *named) if of(f).meets(added)), None)
            if chosen is not None:
                yield addition.finding(report, "agrees", chosen, parts, "sum:分期")
                continue
            close = [f for f in (*near, *named) if f in near or of(f).gap(added) * _NEAR <= f.value]
            if close:
                verdict: Verdict = "conflicts" if close[0] in near else "review"
                yield addition.finding(report, verdict, close[0], parts, "sum:分期")


def _lines(case: Case) -> Iterator[tuple[tuple[int, int], list[Figure]]]:
    """Lines of the text that hold a figure of a part of the year, with their figures in order."""
    at, figures = 0, case.figures
    for line in _LINE.finditer(case.text):
        here = []
        while at < len(figures) and figures[at].start < line.end():
            if figures[at].start >= line.start():
                here.append(figures[at])
            at += 1
        if len(here) > 1 and _TIME.search(line.group()):
            yield line.span(), here


def _series(figures: Sequence[Figure], year: str) -> Iterator[tuple[Figure, ...]]:
    """Figures of one measure whose periods are the parts of the year, in order and each once."""
    by_unit: dict[str, list[Figure]] = {}
    for figure in figures:
        if len(figure.period) > 4 and figure.unit not in ("%", "百分点", "倍", "天"):
            by_unit.setdefault(measure(figure), []).append(figure)
    for members in by_unit.values():
        for n in range(len(members)):
            run = _tiling(members[n:], year)
            if len(run) > 1 and _even(run, figures):
                yield run


def _tiling(members: Sequence[Figure], year: str) -> tuple[Figure, ...]:
    """The figures from the first on whose months follow one another from January to December; none if they do not."""
    following, run = 1, []
    for figure in members:
        months = _MONTHS.fullmatch(figure.period)
        if months is None or months["year"] != year or int(months["first"]) != following:
            return ()
        run.append(figure)
        following = int(months["last"]) + 1
        if following == 13:
            return tuple(run)
    return ()


def _even(run: Sequence[Figure], figures: Sequence[Figure]) -> bool:
    """Whether the same number of figures stands between one part and the next: each part is told in the same way, and
    none is one of several of its time (上半年培训3场、讲座5场，下半年…)."""
    places = [figures.index(f) for f in run]
    return len({b - a for a, b in pairwise(places)}) == 1 and all(sum(f.period == p.period and f.unit == p.unit for f in figures) == 1 for p in run)


def _whole(figure: Figure, parts: Sequence[Figure]) -> bool:
    return measure(figure) == measure(parts[0]) and figure.period == parts[0].period[:4] and figure.value >= max(p.value for p in parts)


def _by_name(figures: Sequence[Figure]) -> dict[_Key, list[Figure]]:
    """The figures of whole years by what names them."""
    known: dict[_Key, list[Figure]] = {}
    for figure in figures:
        if len(figure.period) == 4:
            for key in _keys(figure, figure.label):
                known.setdefault(key, []).append(figure)
    return known


def _sharing(part: Figure, known: dict[_Key, list[Figure]]) -> list[Figure]:
    """The year's figures that are linked to the part's indicator or share two characters of its name, in reading order; what
    names very many figures names none."""
    groups = (known.get(key, []) for key in _keys(part, _TIME.sub("", part.label)))
    found = {f.start: f for group in groups if len(group) <= _MOST for f in group}
    return [found[at] for at in sorted(found)]


def _keys(figure: Figure, label: str) -> set[_Key]:
    words = _VERBS.sub("", label)
    names = {words[n : n + 2] for n in range(len(words) - 1)} | ({figure.indicator} if figure.indicator else set())
    return {(measure(figure), figure.period[:4], name) for name in names}

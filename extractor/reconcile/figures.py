"""Two figures of the text that count the same thing, for the same period and scope.

The same thing is told by the indicator, or where none is linked by the same words (and the same unit) or by
standing in two tellings of the same event. What may belong to one event (viewers of a stream) is only compared
within it; what differs by no more than a dropped digit is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from extractor.model import Figure, Finding, Report, Verdict
from extractor.reconcile import slips
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import of, shown
from extractor.reconcile.tellings import shared
from extractor.reconcile.units import comparable, far

if TYPE_CHECKING:
    from extractor.registry import Tables

_MOST = 12
"""A thing named more often than this in one report is no single thing; pairs grow with the square."""
_LEAST = 4
"""Characters that the words before a number must have to be looked for elsewhere."""
_NOISE = re.compile(r"[\s“”\"'《》（）()、，：:]|^(?:其中|全年|共|本年|今年|全馆|我馆)+")
_GROWTH = re.compile(r"增长|增加|减少|下降|提高|上升|同比|比上年|比去年|较上年")
_NEW = re.compile(r"[新增][设建添开办辟]|新增")
_EMPTY = {"全年", "共计", "累计", "合计", "共有", "达到", "超过", "左右", "以上", "余人", "分别", "其中", "计划", "为期"}
"""Pairs of characters beside a number that name nothing."""
_LIMITED = re.compile(r"单日|日均|每天|每日|每周|每月|每场|场均|人均|平均|最高|首批|首日|当天|现场|其间|期间|旺季|上半年|下半年|季度")


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind figure_vs_figure; each pair once."""
    seen: set[tuple[str, str]] = set()
    for finding in (*_linked(case.report, case.tables), *_in_tellings(case), *_same_words(case.report), *slips.find(case)):
        pair = (finding.left.record or "", finding.right.record or "")
        if pair not in seen:
            seen.add(pair)
            yield finding


def _linked(report: Report, tables: Tables) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in report.figures:
        if figure.indicator:
            groups.setdefault((figure.indicator, figure.period), []).append(figure)
    for (indicator, period), group in groups.items():
        event = tables.indicators.indicators[indicator].scope == "event"
        if len(group) > _MOST or (not event and period != report.period and len(period) != 4):
            continue
        for a, b in combinations(group, 2):
            if comparable(a.unit, b.unit) and not _same_passage(report, a, b):
                alike = (not event or _alike(a.label, b.label)) and bool(_NEW.search(a.label)) == bool(_NEW.search(b.label))
                yield from _judged(report, a, b, f"indicator:{indicator}", "conflicts", agree_only=not alike)
    yield from _streams(report, tables)


def _streams(report: Report, tables: Tables) -> Iterator[Finding]:
    """An event's figure told once for the year and once for its day: only a dropped digit is worth a look."""
    by_indicator: dict[str, list[Figure]] = {}
    for figure in report.figures:
        if figure.indicator and tables.indicators.indicators[figure.indicator].scope == "event":
            by_indicator.setdefault(figure.indicator, []).append(figure)
    for indicator, group in by_indicator.items():
        for a, b in combinations(group[:_MOST], 2):
            if a.period != b.period and a.unit == b.unit and a.value != b.value and _truncated(a, b):
                yield make(
                    report, "figure_vs_figure", "review", side(report, a), side(report, b), f"indicator:{indicator}",
                    f"“{a.raw}”与“{b.raw}”说的可能是同一件事，相差一位尾数，请核对是否截断或四舍五入。", difference=of(a).gap(of(b)),
                )  # fmt: skip


def _truncated(a: Figure, b: Figure) -> bool:
    """Whether one written number is the other with its last digits dropped (3.66万, 3.6万)."""
    x, y = sorted((re.sub(r"[^\d.万亿]", "", a.raw), re.sub(r"[^\d.万亿]", "", b.raw)), key=len)
    short, long = re.sub(r"[万亿]", "", x), re.sub(r"[万亿]", "", y)
    return x[-1:] == y[-1:] and "." in long and short != long and long.startswith(short) and len(short) >= 3


def _in_tellings(case: Case) -> Iterator[Finding]:
    """Figures of the same unit in two tellings of one event."""
    report = case.report
    by_id = {figure.id: figure for figure in report.figures}
    for left, right in case.pairs:
        yield from _between(report, [by_id[i] for i in left.figures], [by_id[i] for i in right.figures], "event")
    for sentence, entry in shared(report):
        yield from _between(report, sentence.figures, entry.figures, "name")


def _between(report: Report, ours: Sequence[Figure], theirs: Sequence[Figure], rule: str) -> Iterator[Finding]:
    """The figures of one telling against those of the other: alike in their words, or alone in their unit with the same noun.
    `rule`: whether the two are one event by all they say (event), or by a name they share; then they are never accused."""
    for a in ours:
        units = [b for b in theirs if b.unit == a.unit]
        behind = [b for b in units if _behind(report, a) and _behind(report, a) == _behind(report, b)]
        same = [b for b in units if _alike(a.label, b.label) or _head(a.label) == _head(b.label)] if len(behind) != 1 else behind
        alone = len([x for x in ours if x.unit == a.unit]) == 1 and len(units) == 1
        twin = same[0] if len(same) == 1 else units[0] if alone else None
        if twin is None or (rule == "name" and not (alone and _nouns(report, a) & _nouns(report, twin))):
            continue
        if any(x is not a and x.unit == twin.unit and of(x).meets(of(twin)) for x in ours) or _of_a_part(report, a) != _of_a_part(report, twin):
            continue  # 两期318人次，其中第一期152人次 and an entry of the first; 先后有86名 and 首批24名
        equal = _NOISE.sub("", a.label) == _NOISE.sub("", twin.label)
        column = alone and rule == "event" and (_fills_cell(report, a) != _fills_cell(report, twin)) and a.unit in ("人", "人次")  # 参加人数 of a chronicle in a table
        told = equal or column or (rule == "event" and twin in behind) or (alone and {a.hedge, twin.hedge} <= {"exact", "rounded"} and _same_noun(report, a, twin))
        told = told or (alone and rule == "event" and _one_digit(a, twin))
        yield from _judged(report, a, twin, rule, "conflicts" if alone and equal and rule == "event" else "review", agree_only=not told)


def _of_a_part(report: Report, figure: Figure) -> bool:
    """Whether the words right before a number make it one of a part of the time (首批, 单日)."""
    return _LIMITED.search(re.split(r"[，。；、\n]", report.text[max(0, figure.start - 8) : figure.start])[-1]) is not None


def _one_digit(a: Figure, b: Figure) -> bool:
    """Whether two exact numbers of three figures or more differ in a single one."""
    x, y = str(a.value), str(b.value)
    exact = a.hedge == b.hedge == "exact" and min(len(x.strip("0")), len(y.strip("0"))) > 2
    return exact and len(x) == len(y) and sum(p != q for p, q in zip(x, y, strict=True)) == 1


def _same_noun(report: Report, a: Figure, b: Figure) -> bool:
    """Whether the same noun stands before or behind both numbers (38个摊位), and neither alone is of a part of the time."""
    return bool(_LIMITED.search(a.label)) == bool(_LIMITED.search(b.label)) and bool(_nouns(report, a) & _nouns(report, b))


def _fills_cell(report: Report, figure: Figure) -> bool:
    """Whether a number is all that a cell of a table holds."""
    return figure.table is not None and report.text[figure.start - 1 : figure.start] in ("\t", "\n") and report.text[figure.end : figure.end + 1] in ("\t", "\n", "")


def _behind(report: Report, figure: Figure) -> str:
    """The beginning of the noun behind a number (682名运动员); none where a mark stands there."""
    found = re.match(r"[\u3400-\u9fff]{2}", report.text[figure.end : figure.end + 2])
    return found[0] if found and found[0] not in _EMPTY else ""


def _nouns(report: Report, figure: Figure) -> set[str]:
    """The pairs of characters in the words that touch a number on either side."""
    before = re.sub(r"[“”《》「」\"\s]", "", report.text[max(0, figure.start - 12) : figure.start])
    words = (re.split(r"[^\u3400-\u9fff]", before)[-1][-5:], re.split(r"[^\u3400-\u9fff]", report.text[figure.end : figure.end + 6].strip())[0])
    return {word[at : at + 2] for word in words for at in range(len(word) - 1)} - _EMPTY


def _same_words(report: Report) -> Iterator[Finding]:
    """Unlinked figures with the same words, unit and period (流动图书车下乡服务62次, twice)."""
    told = {i for event in report.events if event.origin == "chronicle" for i in event.figures}
    groups: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in report.figures:
        words = _NOISE.sub("", figure.label)
        counts = figure.unit not in ("%", "百分点", "倍") and not _GROWTH.search(figure.label)
        if figure.indicator is None and counts and len(words) >= _LEAST and figure.period == report.period and not _LIMITED.search(figure.label):
            groups.setdefault((words, figure.unit, figure.period), []).append(figure)
    for group in groups.values():
        if len(group) <= _MOST:
            for a, b in combinations(group, 2):
                if not _same_passage(report, a, b):
                    # Within the narrative the same words mostly have another subject; only the chronicle tells again.
                    again = (a.id in told) != (b.id in told)
                    yield from _judged(report, a, b, "words", "review", agree_only=not again)


def _judged(report: Report, a: Figure, b: Figure, rule: str, apart: Verdict, agree_only: bool = False) -> Iterator[Finding]:
    left, right = of(a), of(b)
    if left.meets(right):
        yield make(
            report, "figure_vs_figure", "agrees", side(report, a), side(report, b), rule, f"两处“{a.raw}”与“{b.raw}”相符。", difference=Decimal(0)
        )  # fmt: skip
    elif not agree_only:
        gap = left.gap(right)
        verdict: Verdict = "review" if apart == "conflicts" and (_truncated(a, b) or _of_other_size(a, b)) else apart
        yield make(
            report, "figure_vs_figure", verdict, side(report, a), side(report, b), rule,
            f"{_words(a)}前后不一：一处“{a.raw}”，另一处“{b.raw}”，相差{shown(gap)}{a.unit}，请核对。", difference=gap,
        )  # fmt: skip


def _of_other_size(a: Figure, b: Figure) -> bool:
    """Whether the two are so far apart that they are rather of different scope, and 万 or 千 is not what one lacks."""
    return far(of(a), of(b)) and re.sub(r"[^1-9]", "", a.raw) != re.sub(r"[^1-9]", "", b.raw)


def _same_passage(report: Report, a: Figure, b: Figure) -> bool:
    """Whether both stand in one sentence: then they are a list, a growth or a part, not two tellings."""
    first, last = sorted((a, b), key=lambda f: f.start)
    return not re.search(r"[。\n]", report.text[first.end : last.start])


def _alike(a: str, b: str) -> bool:
    """Whether two labels name the same thing: most of their neighbouring characters are shared."""
    x, y = _NOISE.sub("", a), _NOISE.sub("", b)
    if not x or not y:
        return False
    if x == y or x.endswith(y) or y.endswith(x):
        return min(len(x), len(y)) >= 2
    grams_x, grams_y = {x[i : i + 2] for i in range(len(x) - 1)}, {y[i : i + 2] for i in range(len(y) - 1)}
    return bool(grams_x and grams_y) and 2 * len(grams_x & grams_y) / (len(grams_x) + len(grams_y)) >= 0.6


def _head(label: str) -> str:
    return _NOISE.sub("", label)[-2:]


def _words(figure: Figure) -> str:
    return figure.label[-20:] if figure.label else "同一事项"

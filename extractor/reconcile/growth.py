"""Stated changes against the two values they are of: 比2020年的54.7万人次增长52.3%, 由36万册增至41万册, 翻一番.

Both values stand in the sentence, or the earlier one in the form's column or in the report of that year. A change is
judged by the interval that the two values allow (`changes`); one whose values the words do not tell apart is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractor import indicators
from extractor.model import Figure, Finding, Report, Side, Statistic, Struct, Verdict
from extractor.reconcile import columns, years
from extractor.reconcile.case import Case
from extractor.reconcile.changes import Change, allowed, difference, of_words, shown_change, stated
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import Interval, exactly, of
from extractor.reconcile.units import comparable

_LAST = re.compile(r"同比|[比较与同和](?:上一?年度?|去年|前一年|20\d\d年)(?:同期)?")
_BASE = re.compile(r"(?:[比较由从]|相比|相较)[^，。；]{0,14}$|(?:上一?年度?|去年|前一年|[（(]20\d\d年)(?:同期|[末底]|年末|年底)?(?:的|为|是|仅|：)?\s*$")
_FROM = re.compile(r"[由从][^，。；、]{0,14}$")
_TO = re.compile(r"^[^，。；、]{0,6}(?:增加?|上升|提高|提升|增长|扩大|发展|攀升|跃升|升|下降|减少?|降低?|回落)(?:到|至|为)|^[，,]?\s*(?:变为|变成|增长到|到|至)")
_LAST_YEAR = re.compile(r"上一?年|去年|20\d\d年")
_THIS_YEAR = re.compile(r"今年|本年|当年|现在|现已|20\d\d年")
_REACHED = re.compile(r"^[，,]?\s*(?:已?达到?了?|增至|升至|降至|减至|总数为?|总量为?|共计?|突破)")
_AT_ONCE = re.compile(r"[，,]?\s*(?:同比|[比较与][^，。；\d]{1,8}(?:年|期|度|底|末)[^，。；\d]{0,4})[^，。；\d]{0,6}")
_LISTED = re.compile(r"(?:其中|\d[^\d，。；\n]{1,4}、)[^。；\n]*$")
_BREAK = re.compile(r"[。；;！？!?\n]")
_SAME = re.compile(r"[，,]")
_GREW = re.compile(r"(?:比|较|同比|与)|增|上升|提高|提升|下降|减少|降低|回落|上涨")
_TELLING = 3
"""A number of so many figures stands for its row."""
_NEAR = 30
"""Characters between a value and the change that belongs to it."""


class _Values(Struct, frozen=True):
    """What changed: its value after, the value before, where that stands, and how a clerk is told of it."""

    after: Figure
    base: Interval
    right: Side
    words: str


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind growth: of the text, of the form's columns of changes, and against reports of earlier years."""
    report, earlier = case.report, case.earlier
    told: set[str] = set()
    for n, figure in enumerate(report.figures):
        change = of_words(figure, report.text)
        values = _values(report, n, change, earlier) if change else None
        if change and values is None and change.kind == "percent" and all(f.unit == "%" for f in _before(report, n)) and (finding := _by_columns(case, figure)) is not None:
            yield finding
        if change and values and not (change.kind == "absolute" and values.after.id in told):
            told.add(values.after.id)
            finding = _judged(report, figure, change, values)
            if finding is not None:
                yield finding
    yield from columns.find(report)
    yield from years.find(case)


def _values(report: Report, n: int, change: Change, earlier: Sequence[Report]) -> _Values | None:
    """The two values of a change; None where the text does not tell them."""
    figure = report.figures[n]
    before = _before(report, n)
    unit = {"percent": None, "times": None, "points": "%", "absolute": figure.unit}[change.kind]
    if unit is not None:
        before = before if all(f.unit == unit for f in before[-2:]) else [f for f in before if f.unit == unit][-1:]
    values = [f for f in before if not difference(f, report.text)] if change.kind in ("percent", "times") else before
    if len(values) >= 2 and (found := _two(report, values, n)) is not None:
        return found
    if not before:
        return None
    last = before[-1]
    if _is_base(report, last) and (reached := _reached(report, n, last)) is not None:
        return reached
    if change.kind in ("percent", "times") and len(before) >= 2 and (found := _from_difference(report, before, figure)) is not None:
        return found
    alone = len(before) == 1 or (last is report.figures[n - 1] and not _LISTED.search(report.text, max(0, last.start - 60), last.start) and _AT_ONCE.fullmatch(report.text, last.end, figure.start))
    return _elsewhere(report, last, figure, earlier) if change.kind == "percent" and alone else None


def _by_columns(case: Case, figure: Figure) -> Finding | None:
    """A change without a value (到馆读者增长32%), against the form's two columns of the indicator that its words name."""
    report, tables = case.report, case.tables
    words = _GREW.split(figure.label)[0]
    if not words or not figure.period.isdigit() or figure.unit != "%":
        return None
    rows = case.rows
    year, last = figure.period, str(int(figure.period) - 1)
    pairs = {name: (rows[name, year], rows[name, last]) for name, period in rows if period == year and (name, last) in rows}
    named = {
        link.indicator
        for unit in sorted({now.quantity_unit or "" for now, _ in pairs.values()})
        for link in indicators.links(f"{words}1{unit}", tables.indicators.within(report.domain), tables.quantities)[-1:]
        if link is not None and link.indicator in pairs and pairs[link.indicator][0].quantity_unit == unit
    }
    if len(named) != 1:
        return None
    now, before = pairs[named.pop()]
    change = of_words(figure, report.text)
    possible = allowed(change, exactly(now.quantity or 0), exactly(before.quantity or 0)) if change else None
    if change is None or possible is None:
        return None
    told = f"{last}年{before.raw}到{year}年{now.raw}{now.unit or ''}"
    meets = possible.meets(stated(figure, change))
    message = f"由{told}，“{figure.raw}”相符。" if meets else f"统计表“{''.join(now.label.split())}”由{told}，{shown_change(change, possible, figure.unit)}，正文为“{figure.raw}”，请核对。"
    return make(
        report, "growth", "agrees" if meets else "conflicts", side(report, figure), side(report, now), "growth:columns", message, difference=possible.gap(stated(figure, change))
    )  # fmt: skip


def _before(report: Report, n: int) -> list[Figure]:
    """The figures before a change in its sentence, back to the last other percentage."""
    figure, found = report.figures[n], []
    for other in reversed(report.figures[max(0, n - 3) : n]):
        if _BREAK.search(report.text, other.end, figure.start):
            break
        found.append(other)
    return found[::-1]


def _is_base(report: Report, figure: Figure) -> bool:
    return _BASE.search(report.text, max(0, figure.start - 20), figure.start) is not None


def _two(report: Report, before: Sequence[Figure], n: int) -> _Values | None:
    """Two values before their change: B，比上年的A增长; 由A增至B，增长; 上年A，今年B，增长."""
    first, second = before[-2:]
    figure, between = report.figures[n], report.text[first.end : second.start]
    if first.unit != second.unit or len(_SAME.findall(report.text[second.end : figure.start])) > 1:
        return None
    if _FROM.search(report.text, max(0, first.start - 18), first.start) and _TO.search(between):
        return _Values(second, of(first), side(report, first), first.raw)
    if first.period != second.period and _BASE.search(between):
        now = first
        if _LISTED.search(report.text, max(0, first.start - 60), first.start):
            head = _head(report, report.figures.index(first) + 1, second)
            if head is None:
                return None
            now = head
        return _Values(now, of(second), side(report, second), second.raw)
    consecutive = first.period.isdigit() and second.period.isdigit()
    if consecutive and int(second.period) + 1 == int(first.period) and _LAST_YEAR.search(between):
        return _Values(first, of(second), side(report, second), second.raw)
    if consecutive and int(first.period) + 1 == int(second.period) and _THIS_YEAR.search(between) and _LAST_YEAR.search(report.text, max(0, first.start - 14), first.start):
        return _Values(second, of(first), side(report, first), first.raw)
    same = first.indicator is not None and first.indicator == second.indicator
    if same and first.period.isdigit() and second.period.isdigit() and int(first.period) + 1 == int(second.period):
        return _Values(second, of(first), side(report, first), first.raw)
    return None


def _head(report: Report, n: int, base: Figure) -> Figure | None:
    """Behind a list (办班312个，其中艺术类148个、人文类26个，较上年的268个增长…), what grew is the head of the list: the
    figure before in the sentence that speaks of the same as the base; None where none does."""
    for figure in reversed(report.figures[:n]):
        if _BREAK.search(report.text, figure.end, base.start):
            return None
        if figure.end <= base.start and figure.unit == base.unit and figure.indicator is not None and figure.indicator == base.indicator:
            return figure
    return None


def _reached(report: Report, n: int, base: Figure) -> _Values | None:
    """The value behind its change: 比上年的A增长8%，达到B."""
    figure = report.figures[n]
    now = next(iter(report.figures[n + 1 : n + 2]), None)
    if now is None or now.unit != base.unit or now.start - figure.end > _NEAR or now.period == base.period:
        return None
    between = report.text[figure.end : now.start]
    return _Values(now, of(base), side(report, base), base.raw) if _REACHED.search(between) and not _BREAK.search(between) else None


def _from_difference(report: Report, before: Sequence[Figure], figure: Figure) -> _Values | None:
    """The value before is told by the difference: B，比上年增加N，增长8%."""
    now, by = before[-2:]
    difference = of_words(by, report.text)
    if difference is None or difference.kind != "absolute" or by.unit != now.unit or figure.start - by.end > 12 or now.period == by.period != report.period:
        return None
    if not _LAST.search(report.text[now.end : by.start]):
        return None
    value, step = of(now), of(by)
    if None in (value.low, value.high, step.low, step.high):
        return None
    low, high = (step.low, step.high) if difference.sign > 0 else (-step.high, -step.low)  # type: ignore[operator]
    base = Interval(value.low - high, value.high - low)  # type: ignore[operator]
    return _Values(now, base, side(report, by), f"{now.raw}减去{by.raw}" if difference.sign > 0 else f"{now.raw}加上{by.raw}")


def _elsewhere(report: Report, now: Figure, figure: Figure, earlier: Sequence[Report]) -> _Values | None:
    """The value before stands in the form's column, or in the report of that year."""
    between = report.text[now.end : figure.start]
    if now.unit == "%" or not _LAST.search(between) or not now.period.isdigit():
        return None
    year = str(int(now.period) - 1)
    if (named := re.search(r"20\d\d", between)) and named.group() != year:
        return None
    row = _row(report, now, year)
    if row is not None:
        return _Values(now, exactly(row.quantity or 0), side(report, row), f"{year}年{row.raw}{row.unit or ''}")
    for other in earlier:
        row = _row(other, now, year) if other.period == year else None
        if row is not None:
            return _Values(now, exactly(row.quantity or 0), side(report, now), f"{year}年报告{row.raw}{row.unit or ''}")
    return None


def _row(report: Report, now: Figure, year: str) -> Statistic | None:
    """Last year's row of what a figure counts: of its indicator, else that of the row whose number this year is the figure's."""
    linked = next((r for r in report.statistics if now.indicator and r.indicator == now.indicator and r.period == year and r.quantity is not None), None)
    if linked is not None or len(str(now.value).strip("0")) < _TELLING:
        return linked
    own = [r for r in report.statistics if r.period == now.period and r.quantity == now.value and comparable(now.unit, r.quantity_unit or now.unit)]
    last = [r for r in report.statistics if own and r.period == year and (r.label, r.table) == (own[0].label, own[0].table) and r.quantity is not None]
    return last[0] if len({r.label for r in own}) == len(last) == 1 else None


def _judged(report: Report, figure: Figure, change: Change, values: _Values) -> Finding | None:
    possible = allowed(change, of(values.after), values.base)
    if possible is None:
        return None
    said = stated(figure, change)
    if possible.meets(said):
        return make(
            report, "growth", "agrees", side(report, figure), values.right, "growth", f"由{values.words}到{values.after.raw}，“{figure.raw}”相符。", difference=Decimal(0)
        )  # fmt: skip
    wrong = f"由{values.words}到{values.after.raw}，{shown_change(change, possible, figure.unit)}，正文为“{figure.raw}”，请核对。"
    verdict: Verdict = "review" if change.loose else "conflicts"
    return make(report, "growth", verdict, side(report, figure), values.right, "growth", wrong, difference=possible.gap(said))

"""A figure of the text and a row of the form that nothing links but their number: the same, or the same miswritten.

The same number of three figures or more, in the row's unit, with a word that both share, agrees. The same digits in
another order, or ten or a hundred times as much (9240 beside 利用档案 9,420), where the row has no figure of the text
that meets it and the figure no row, is asked about.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from extractor.folding import fold
from extractor.formrows import row_label
from extractor.model import Figure, Finding, Report, Statistic
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import Interval, exactly, of, shown
from extractor.reconcile.slips import Place, miswritten
from extractor.reconcile.units import comparable

_TIMES = frozenset({"次", "趟", "场", "期", "批", "批次", "场次", "班次", "个"})
_PEOPLE = frozenset({"人", "名", "位", "个", "席"})
_CLOSE = ("exact", "rounded", "over")
_MOST = 20
"""A number that so many rows could be tells none of them."""
_TELLING = 3
"""A number of more figures than this (zeros aside) that is the same in both is no chance."""
_EMPTY = frozenset(["人次", "人数", "次数", "数量", "总数", "年末", "本年", "其中", "合计", "全年", "总量", "各类", "数据", "情况", "册次", "面积", "经费", "图书", "读者"])


def find(case: Case, told: Collection[str]) -> Iterator[Finding]:
    """Findings of kind figure_vs_statistic for the figures that no other rule compared (`told`: those that one did)."""
    report = case.report
    rows = [row for row in report.statistics if row.quantity and row.period == report.period]
    if not rows:
        return
    spans = [(t.start, t.end) for t in report.tables if t.kind == "statistics"]
    figures = [f for f in case.figures if f.period == report.period and not any(start <= f.start < end for start, end in spans)]
    values = sorted((exactly(row.quantity or 0).low or Decimal(0), row.id) for row in rows)
    met, meeting = set[str](), set[str]()
    for figure in figures:
        if figure.hedge in _CLOSE and (found := _within(values, of(figure))):
            met |= found
            meeting.add(figure.id)
    by_digits: dict[str, list[Statistic]] = {}
    for row in rows:
        by_digits.setdefault(_digits(Decimal(str(row.quantity))), []).append(row)
    for figure in figures:
        if figure.id in told:
            continue
        alike = by_digits.get(_digits(Decimal(str(figure.value))), [])
        near = [row for row in alike if _fits(case, figure, row)] if len(alike) <= _MOST else []
        same = [row for row in near if row.quantity == figure.value and figure.hedge in ("exact", "rounded") and len(_digits(Decimal(str(figure.value)))) > 2]
        slips = [row for row in near if row.id not in met and miswritten(Decimal(str(figure.value)), Decimal(str(row.quantity)))]
        if len(same) == 1:
            yield _agreed(report, figure, same[0])
        elif len(slips) == 1 and figure.id not in meeting:
            yield _asked(report, figure, slips[0])


def _within(values: Sequence[tuple[Decimal, str]], interval: Interval) -> set[str]:
    """The rows whose value lies in the interval."""
    low = 0 if interval.low is None else bisect_left(values, (interval.low, ""))
    high = len(values) if interval.high is None else bisect_right(values, (interval.high, "~"))
    return {name for _, name in values[low:high]} if high - low <= _MOST else set()


def _digits(value: Decimal) -> str:
    return "".join(sorted(format(value, "f").replace(".", "").replace("0", "")))


def _fits(case: Case, figure: Figure, row: Statistic) -> bool:
    """Whether the figure may be the row's number: unlinked or linked to the same, of its unit, and sharing a word."""
    unit = row.quantity_unit or figure.unit
    alike = comparable(figure.unit, unit) or {figure.unit, unit} <= _TIMES or {figure.unit, unit} <= _PEOPLE
    if not alike or (figure.indicator and row.indicator and figure.indicator != row.indicator):
        return False
    place = Place(figure, case.text)
    label = re.sub(r"[^\u3400-\u9fff]", "", row_label(fold(row.label)))
    words = {label[n : n + 2] for n in range(len(label) - 1)} - _EMPTY
    named = bool(words & place.grams(2)) or (figure.value == row.quantity and len(place.digits) > _TELLING)
    return named and place.limits <= {"taking part"}


def _asked(report: Report, figure: Figure, row: Statistic) -> Finding:
    label, gap = "".join(row.label.split()), of(figure).gap(exactly(row.quantity or 0))
    message = f"正文“{figure.raw}”与统计表“{label}”{row.raw}{row.unit or ''}只差在数字的次序或位数，相差{shown(gap)}{figure.unit}，请核对是否写错。"
    return make(report, "figure_vs_statistic", "review", side(report, figure), side(report, row), "slip", message, difference=gap)


def _agreed(report: Report, figure: Figure, row: Statistic) -> Finding:
    message = f"正文“{figure.raw}”与统计表“{''.join(row.label.split())}”{row.raw}相符。"
    return make(report, "figure_vs_statistic", "agrees", side(report, figure), side(report, row), "value", message, difference=Decimal(0))

"""A report against those of earlier years: last year's values as told again, and stocks carried over.

What this report says of an earlier year (a column 2020, 比2020年的54.7万人次) must be what that year's report says. A
stock at the year's end is last year's and what came in, less what went out; rules/checks.toml says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from extractor.comparisons import broken
from extractor.model import Figure, Finding, Report, Statistic
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import Interval, exactly, of, shown, total
from extractor.reconcile.units import comparable

if TYPE_CHECKING:
    from extractor.comparisons import Carry

_Rows = dict[str, Statistic]


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind growth against reports of earlier years; none where a year is not told."""
    report, tables = case.report, case.tables
    for other in case.earlier:
        if other.period is None or not other.period.isdigit() or other.period == report.period:
            continue
        rows = _rows(other, other.period)
        values: list[Figure | Statistic] = [*report.figures, *report.statistics]
        for value in values:
            if value.period == other.period and value.indicator in rows:
                yield from _again(report, value, rows[value.indicator], other)
        if report.period and report.period.isdigit() and int(report.period) == int(other.period) + 1:
            own = _rows(report, report.period)
            for carry in tables.comparisons.carries:
                yield from _carried(report, carry, own, rows, other)


def _rows(report: Report, period: str) -> _Rows:
    """The first row of every indicator for a year."""
    rows: _Rows = {}
    for row in report.statistics:
        if row.indicator and row.period == period and row.quantity is not None:
            rows.setdefault(row.indicator, row)
    return rows


def _again(report: Report, value: Figure | Statistic, row: Statistic, other: Report) -> Iterator[Finding]:
    if isinstance(value, Figure):
        unit, interval = value.unit, of(value)
    elif value.quantity is not None:
        unit, interval = value.quantity_unit or "", exactly(value.quantity)
    else:
        return
    if not comparable(unit, row.quantity_unit):
        return
    told, printed = exactly(row.quantity or 0), f"{other.period}年报告“{''.join(row.label.split())}”为{row.raw}{row.unit or ''}"
    place, rule = side(report, value), f"earlier:{row.indicator}"
    if interval.meets(told):
        yield make(report, "growth", "agrees", place, place, rule, f"“{value.raw}”与{printed}相符。", difference=Decimal(0))
    else:
        gap = interval.gap(told)
        yield make(report, "growth", "conflicts", place, place, rule, f"本报告称{other.period}年为“{value.raw}”，{printed}，相差{shown(gap)}{unit}，请核对。", difference=gap)


def _carried(report: Report, carry: Carry, own: _Rows, last: _Rows, other: Report) -> Iterator[Finding]:
    """The stock now against the stock then with what came and went; only where all of it is told in one unit."""
    if carry.stock not in own or carry.stock not in last or not all(name in own for name in (*carry.added, *carry.removed)):
        return
    now, then = own[carry.stock], last[carry.stock]
    moved = [own[name] for name in (*carry.added, *carry.removed)]
    if not all(comparable(now.quantity_unit, row.quantity_unit) for row in (then, *moved)):
        return
    gone = set(carry.removed)
    parts = [exactly(then.quantity or 0), *(_signed(own[name], name in gone) for name in (*carry.added, *carry.removed))]
    expected = total(parts)
    if not broken(carry.relation, exactly(now.quantity or 0), expected):
        return
    sums = shown(then.quantity or 0) + "".join(f" {'-' if name in gone else '+'} {shown(own[name].quantity or 0)}" for name in (*carry.added, *carry.removed))
    gap = expected.gap(exactly(now.quantity or 0))
    place = side(report, now)
    yield make(
        report, "growth", "conflicts" if carry.severity == "hard" else "review", place, side(report, moved[0]) if moved else place, f"checks:{carry.id}",
        f"统计表“{''.join(now.label.split())}”为{now.raw}{now.unit or ''}，而{carry.reason}：{sums} = {shown(expected.low or 0)}（{other.period}年报告为{then.raw}），相差{shown(gap)}{now.quantity_unit or ''}，请核对。",
        difference=gap, parts=moved,
    )  # fmt: skip


def _signed(row: Statistic, removed: bool) -> Interval:
    value = Decimal(str(row.quantity or 0))
    return Interval(-value, -value) if removed else Interval(value, value)

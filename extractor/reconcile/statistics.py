"""A figure of the text against the form's row of the same indicator.

Both must speak of the same period and of the whole institution. Where rules/checks.toml knows another relation
than equality, that one is judged; figures far apart are asked about, not accused: the words may mean another scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from extractor.comparisons import Compare, broken
from extractor.model import Figure, Finding, Number, Report, Statistic, Verdict
from extractor.reconcile import rowvalues, rowwords
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import exactly, of, shown, total
from extractor.reconcile.units import comparable, far

if TYPE_CHECKING:
    from extractor.registry import Tables

_WHOLE = re.compile(r"全[市县区省州旗盟馆校院]|总数|总量|累计|共[有建设]|现有|已有|已建成?|总共")
"""Words that speak of all there are: a figure that is less than the form's row is then worth a look."""
_SHORT = "正文说的若是全部，两处应当一致"
_MOST = 100
"""An indicator with more values than this for one period is told by place or month, and no one row is the whole."""
_Rows = dict[tuple[str, str | None], dict[tuple[Number | None, str | None], Statistic]]
"""By indicator and period, the first row of every value and unit."""


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind figure_vs_statistic: by indicator, then by the row's own words, then by the number alone."""
    found = [*_linked(case), *rowwords.find(case.report)]
    yield from found
    yield from rowvalues.find(case, {finding.left.record or "" for finding in found})


def _linked(case: Case) -> Iterator[Finding]:
    """Figures with an indicator against its rows."""
    report, tables = case.report, case.tables
    rows: _Rows = {}
    for row in report.statistics:
        if row.indicator and row.quantity is not None:
            rows.setdefault((row.indicator, row.period), {}).setdefault((row.quantity, row.quantity_unit), row)
    for figure in report.figures:
        if figure.indicator is None:
            continue
        rules = tables.comparisons.compares.get(figure.indicator, ())
        stock = tables.indicators.indicators[figure.indicator].kind == "stock"
        for rule in rules:
            whole = all((name, figure.period) in rows for name in rule.statistic)
            period = _row_period(figure, report, whole, stock)
            found = [next(iter(rows[(name, period)].values())) for name in rule.statistic if (name, period) in rows]
            if len(found) == len(rule.statistic):
                yield from (f for f in _ruled(report, figure, rule, found) if whole or f.verdict == "agrees")
        if not any(rule.statistic == (figure.indicator,) for rule in rules):
            yield from _equal(report, figure, rows, tables)


def _equal(report: Report, figure: Figure, rows: _Rows, tables: Tables) -> Iterator[Finding]:
    indicator = figure.indicator or ""
    whole = (indicator, figure.period) in rows
    stock = tables.indicators.indicators[indicator].kind == "stock"
    period = _row_period(figure, report, whole, stock)
    known = rows.get((indicator, period), {})
    candidates = [row for row in known.values() if comparable(figure.unit, row.quantity_unit)] if len(known) <= _MOST else []
    if not candidates:
        return
    meeting = [row for row in candidates if of(figure).meets(exactly(row.quantity or 0))]
    if meeting:
        row = meeting[0]
        yield make(
            report, "figure_vs_statistic", "agrees", side(report, figure), side(report, row), f"equal:{indicator}",
            f"正文“{figure.raw}”与统计表“{_name(row)}”{row.raw}相符。", difference=Decimal(0),
        )  # fmt: skip
    elif whole:
        yield _apart(report, figure, candidates[0], indicator)


def _row_period(figure: Figure, report: Report, whole: bool, stock: bool) -> str | None:
    """The period of the rows to compare with: the figure's own, else of a holding the report's, but never for a figure of
    another year (去年, 2022年计划)."""
    elsewhere = figure.period.isdigit() and (report.period or "").isdigit()
    return figure.period if whole else report.period if stock and not elsewhere else None


def _apart(report: Report, figure: Figure, row: Statistic, indicator: str) -> Finding:
    left, right = of(figure), exactly(row.quantity or 0)
    gap = left.gap(right)
    away = far(left, right)
    advice = "两数相去甚远，请核对口径是否一致" if away else "请核对"
    return make(
        report, "figure_vs_statistic", "review" if away else "conflicts", side(report, figure), side(report, row), f"equal:{indicator}",
        f"正文{_words(figure)}“{figure.raw}”，统计表“{_name(row)}”为{row.raw}{row.unit or ''}，相差{shown(gap)}{row.quantity_unit or ''}，{advice}。", difference=gap,
    )  # fmt: skip


def _ruled(report: Report, figure: Figure, rule: Compare, rows: list[Statistic]) -> Iterator[Finding]:
    if not all(comparable(figure.unit, row.quantity_unit) for row in rows):
        return
    left, right = of(figure), total(exactly(row.quantity or 0) for row in rows)
    wrong = broken(rule.relation, left, right)
    own = rule.statistic == (figure.indicator,)
    short = own and not wrong and not left.meets(right) and _WHOLE.search(figure.label) is not None
    if not wrong and rule.relation != "equal" and not (own and left.meets(right)) and not short:
        return
    wrong = wrong or short
    sums = " + ".join(row.raw for row in rows)
    gap = left.gap(right)
    verdict: Verdict = ("conflicts" if rule.severity == "hard" and not short else "review") if wrong else "agrees"
    if not wrong:
        message = f"正文“{figure.raw}”与统计表“{'、'.join(map(_name, rows))}”{sums}相符。"
    else:
        message = f"正文{_words(figure)}“{figure.raw}”，统计表“{'、'.join(map(_name, rows))}”为{sums}{rows[0].unit or ''}：{_SHORT if short else rule.reason}；相差{shown(gap)}{rows[0].quantity_unit or ''}，请核对。"
    yield make(
        report, "figure_vs_statistic", verdict, side(report, figure), side(report, rows[0]), f"checks:{rule.id}",
        message, difference=gap, parts=rows if len(rows) > 1 else (),
    )  # fmt: skip


def _name(row: Statistic) -> str:
    return "".join(row.label.split())


def _words(figure: Figure) -> str:
    return figure.label if len(figure.label) <= 24 else figure.label[-24:]

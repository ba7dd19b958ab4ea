"""A figure of the text against the form's row of the same indicator.

Both must speak of the same period and of the whole institution. Where rules/checks.toml knows another relation
than equality, that one is judged; figures far apart are asked about, not accused: the words may mean another scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from extractor.comparisons import Compare, broken
from extractor.model import Figure, Finding, Number, Report, Statistic, Verdict
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import Interval, exactly, of, shown, total

if TYPE_CHECKING:
    from extractor.registry import Tables

_FAR = 4
"""Beyond so many times the other value, the two are more likely of different scope than miscounted."""
_MOST = 100
"""An indicator with more values than this for one period is told by place or month, and no one row is the whole."""
_CLASSES = (
    {"次", "场", "期", "个", "讲", "班", "班次", "场次", "项", "节", "批", "批次"}, {"册", "件", "册、件", "件、册", "件、套", "套", "册(件)", "卷", "张"},
    {"人次", "次"}, {"个", "家", "所", "支", "处", "座", "席", "张"}, {"人", "个", "张", "名"}, {"个", "种", "款"}, {"台", "套", "部"}, {"部", "册、件"},
)  # fmt: skip

_Rows = dict[tuple[str, str | None], dict[tuple[Number | None, str | None], Statistic]]
"""By indicator and period, the first row of every value and unit."""


def comparable(a: str | None, b: str | None) -> bool:
    """Whether two units measure the same thing: 场 and 次 of an activity do, 种 and 册, 人 and 人次, 册 and 册次 never."""
    return a == b or any(a in units and b in units for units in _CLASSES)


def find(report: Report, earlier: Sequence[Report], tables: Tables) -> Iterator[Finding]:
    """Findings of kind figure_vs_statistic."""
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
            period = figure.period if whole else report.period if stock else None
            found = [next(iter(rows[(name, period)].values())) for name in rule.statistic if (name, period) in rows]
            if len(found) == len(rule.statistic):
                yield from (f for f in _ruled(report, figure, rule, found) if whole or f.verdict == "agrees")
        if not any(rule.statistic == (figure.indicator,) for rule in rules):
            yield from _equal(report, figure, rows, tables)


def _equal(report: Report, figure: Figure, rows: _Rows, tables: Tables) -> Iterator[Finding]:
    indicator = figure.indicator or ""
    whole = (indicator, figure.period) in rows
    stock = tables.indicators.indicators[indicator].kind == "stock"
    period = figure.period if whole else report.period if stock else None
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


def _apart(report: Report, figure: Figure, row: Statistic, indicator: str) -> Finding:
    left, right = of(figure), exactly(row.quantity or 0)
    gap = left.gap(right)
    far = _ratio(left, right) > _FAR
    advice = "两数相去甚远，请核对口径是否一致" if far else "请核对"
    return make(
        report, "figure_vs_statistic", "review" if far else "conflicts", side(report, figure), side(report, row), f"equal:{indicator}",
        f"正文{_words(figure)}“{figure.raw}”，统计表“{_name(row)}”为{row.raw}{row.unit or ''}，相差{shown(gap)}{row.quantity_unit or ''}，{advice}。", difference=gap,
    )  # fmt: skip


def _ruled(report: Report, figure: Figure, rule: Compare, rows: list[Statistic]) -> Iterator[Finding]:
    if not all(comparable(figure.unit, row.quantity_unit) for row in rows):
        return
    left, right = of(figure), total(exactly(row.quantity or 0) for row in rows)
    wrong = broken(rule.relation, left, right)
    own = rule.statistic == (figure.indicator,) and left.meets(right)
    if not wrong and rule.relation != "equal" and not own:
        return
    sums = " + ".join(row.raw for row in rows)
    gap = left.gap(right)
    verdict: Verdict = ("conflicts" if rule.severity == "hard" else "review") if wrong else "agrees"
    if not wrong:
        message = f"正文“{figure.raw}”与统计表“{'、'.join(map(_name, rows))}”{sums}相符。"
    else:
        message = f"正文{_words(figure)}“{figure.raw}”，统计表“{'、'.join(map(_name, rows))}”为{sums}{rows[0].unit or ''}：{rule.reason}；相差{shown(gap)}{rows[0].quantity_unit or ''}，请核对。"
    yield make(
        report, "figure_vs_statistic", verdict, side(report, figure), side(report, rows[0]), f"checks:{rule.id}",
        message, difference=gap, parts=rows if len(rows) > 1 else (),
    )  # fmt: skip


def _ratio(a: Interval, b: Interval) -> Decimal:
    x = a.low if a.low is not None else a.high
    y = b.low if b.low is not None else b.high
    if not x or not y:
        return Decimal(0) if x == y else Decimal(_FAR + 1)
    return max(x / y, y / x)


def _name(row: Statistic) -> str:
    return "".join(row.label.split())


def _words(figure: Figure) -> str:
    return figure.label if len(figure.label) <= 24 else figure.label[-24:]

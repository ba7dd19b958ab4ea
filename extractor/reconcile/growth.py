"""Stated growth and shares against the two values they are of.

比2020年的54.7万人次增长52.3%: both values stand in the sentence, or the earlier one in the form's column or the
report of that year. The percentage is judged by the interval that the two values allow, widened by its own
rounding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from extractor.model import Figure, Finding, Report, Side, Statistic
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import Interval, exactly, of, shown

if TYPE_CHECKING:
    from extractor.registry import Tables

_UP = re.compile(r"(?:增长|增加|上升|提高|提升|增幅达?|同比增|递增|上涨)了?(?:约|近|超过?)?\s*$")
_DOWN = re.compile(r"(?:下降|减少|降低|回落|下滑|减幅|略降|下跌)了?(?:约|近|超过?)?\s*$")
_LAST = re.compile(r"同比|[比较](?:上年|去年|前一年|上一年|上年度|上年同期|去年同期|20\d\d年(?:同期)?)")
_BASE = re.compile(r"[比较由从][^，。；]{0,14}$")
_LISTED = re.compile(r"(?:其中|\d[^\d，。；\n]{1,4}、)[^。；\n]*$")
_SAME = re.compile(r"[，。；]")
_SLACK = Decimal("0.05")
"""Percentages are worked out from unrounded values that the report does not print: so much is let pass beside rounding."""


def _head(report: Report, n: int, base: Figure) -> Figure | None:
    """Behind a list (办班312个，其中艺术类148个、人文类26个，较上年的268个增长…), what grew is the head of the list: the
    figure before in the sentence that speaks of the same as the base; None where none does."""
    for figure in reversed(report.figures[:n]):
        if re.search(r"[。；\n]", report.text[figure.end : base.start]):
            return None
        if figure.end <= base.start and figure.unit == base.unit and figure.indicator is not None and figure.indicator == base.indicator:
            return figure
    return None


def find(report: Report, earlier: Sequence[Report], tables: Tables) -> Iterator[Finding]:
    """Findings of kind growth."""
    for n, figure in enumerate(report.figures):
        if figure.unit != "%":
            continue
        before = report.text[max(0, figure.start - 12) : figure.start]
        sign = 1 if _UP.search(before) else -1 if _DOWN.search(before) else 0
        if not sign:
            continue
        values = _values(report, n, earlier)
        if values is not None:
            yield _judged(report, figure, sign, *values)


def _values(report: Report, n: int, earlier: Sequence[Report]) -> tuple[Figure, Interval, Side, str] | None:
    """The value that grew and the interval, side and words of what it grew from; None where the text does not tell."""
    percent = report.figures[n]
    previous = [f for f in report.figures[max(0, n - 2) : n] if not re.search(r"[。；\n]", report.text[f.end : percent.start])]
    if len(previous) == 2:
        now, base = previous
        between = report.text[now.end : base.start]
        if _LISTED.search(report.text, max(0, now.start - 60), now.start):
            head = _head(report, n, base)
            if head is None:
                return None
            now = head
        if base.unit == now.unit and base.period != now.period and _BASE.search(between) and len(_SAME.findall(report.text[base.end : percent.start])) <= 1:
            return now, of(base), side(report, base), base.raw
    if not previous:
        return None
    now = previous[-1]
    between = report.text[now.end : percent.start]
    if now.unit == "%" or now.indicator is None or not _LAST.search(between) or not now.period.isdigit():
        return None
    last_year = str(int(now.period) - 1)
    if (named := re.search(r"20\d\d", between)) and named.group() != last_year:
        return None
    return _from_rows(report, now, last_year) or _from_earlier(report, now, last_year, earlier)


def _from_rows(report: Report, now: Figure, year: str) -> tuple[Figure, Interval, Side, str] | None:
    row: Statistic | None = next((r for r in report.statistics if r.indicator == now.indicator and r.period == year and r.quantity is not None), None)
    if row is None:
        return None
    return now, exactly(row.quantity or 0), side(report, row), f"{year}年{row.raw}{row.unit or ''}"


def _from_earlier(report: Report, now: Figure, year: str, earlier: Sequence[Report]) -> tuple[Figure, Interval, Side, str] | None:
    for other in earlier:
        if other.period != year:
            continue
        row = next((r for r in other.statistics if r.indicator == now.indicator and r.period == year and r.quantity is not None), None)
        if row is not None:
            return now, exactly(row.quantity or 0), side(report, now), f"{year}年报告{row.raw}{row.unit or ''}"
    return None


def _judged(report: Report, percent: Figure, sign: int, now: Figure, base: Interval, right: Side, words: str) -> Finding:
    allowed = _growth(of(now), base, sign)
    stated = of(percent)
    margin = _SLACK
    low = stated.low - margin if stated.low is not None else None
    high = stated.high + margin if stated.high is not None else None
    widened = Interval(low, high)
    middle = _middle(of(now), base, sign)
    if allowed.meets(widened):
        return make(report, "growth", "agrees", side(report, percent), right, "growth", f"由{words}到{now.raw}，“{percent.raw}”相符。", difference=Decimal(0))
    word = "增长" if sign > 0 else "下降"
    return make(
        report, "growth", "conflicts", side(report, percent), right, "growth",
        f"由{words}到{now.raw}，{word}应约为{shown(middle)}%，正文为“{percent.raw}”，请核对。", difference=allowed.gap(widened),
    )  # fmt: skip


def _growth(now: Interval, base: Interval, sign: int) -> Interval:
    """The percentages that two intervals allow."""
    if now.low is None or now.high is None or base.low is None or base.high is None or base.low <= 0:
        return Interval(None, None)
    ends = [sign * (value / of_base - 1) * 100 for value in (now.low, now.high) for of_base in (base.low, base.high)]
    return Interval(min(ends), max(ends))


def _middle(now: Interval, base: Interval, sign: int) -> Decimal:
    values = _growth(now, base, sign)
    if values.low is None or values.high is None:
        return Decimal(0)
    return ((values.low + values.high) / 2).quantize(Decimal("0.1"))

"""A form's column of changes (增减, 同比) against its columns of this and last year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractor.folding import fold
from extractor.model import Finding, Report, Statistic, TableRecord
from extractor.reconcile.findings import make, passage, side
from extractor.reconcile.intervals import Interval, exactly, shown

_CHANGE = re.compile(r"增[减长幅]|同比|变化|比上年|较上年|升降")
_SHARE = re.compile(r"[%％率幅度]|百分比")
_NUMBER = re.compile(r"(?P<sign>[-+−－＋↑↓▲▼△▽]|上升|增长|增加|下降|减少|降低)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>%|个百分点|百分点)?(?P<arrow>[↑↓▲▼])?")
_FALL = ("-", "−", "－", "↓", "▼", "▽", "下降", "减少", "降低")
_SLACK = Decimal("0.05")


def find(report: Report) -> Iterator[Finding]:
    """Findings of kind growth on the rows of forms that print a change beside both years' values."""
    rows: dict[tuple[int | None, int | None], list[Statistic]] = {}
    for row in report.statistics:
        if row.value is not None and row.period and row.period.isdigit():
            rows.setdefault((row.table, row.row), []).append(row)
    for table in report.tables:
        column = _column(table)
        if column is None:
            continue
        for number in range(len(table.rows)):
            values = sorted(rows.get((table.table, number), ()), key=lambda r: r.period or "")
            if len(values) >= 2 and values[-1].label == values[-2].label and int(values[-1].period or 0) - int(values[-2].period or 0) == 1:
                yield from _judged(report, table, column, number, values[-2], values[-1])


def _column(table: TableRecord) -> int | None:
    """The one column of changes of a statistics table."""
    if table.kind != "statistics":
        return None
    found = [n for n, text in enumerate(table.header) if _CHANGE.search(fold(text))]
    return found[0] if len(found) == 1 else None


def _judged(report: Report, table: TableRecord, column: int, number: int, base: Statistic, now: Statistic) -> Iterator[Finding]:
    raw = table.rows[number][column].strip()
    said = _NUMBER.fullmatch(fold(raw).replace(" ", ""))
    line_end = report.text.find("\n", now.end)
    line_end = len(report.text) if line_end < 0 else line_end
    at = report.text.rfind(raw, max(base.end, now.end), line_end) if said else -1
    if said is None or at < 0:
        return
    share = said["unit"] == "%" or (said["unit"] is None and now.unit != "%" and _SHARE.search(fold(table.header[column])) is not None)
    value = Decimal(said["number"].replace(",", ""))
    falls = (said["sign"] or said["arrow"] or "") in _FALL
    possible = _allowed(base, now, share)
    if possible is None:
        return
    grain = Decimal(1).scaleb(int(value.as_tuple().exponent)) if value.as_tuple().exponent else Decimal(1)
    slack = grain / 2 + _SLACK if share else Decimal(0)
    signed = -value if falls else value
    meets = possible - slack <= signed <= possible + slack
    if not meets and not (said["sign"] or said["arrow"]):
        meets = possible < 0 and abs(possible + value) <= slack  # falls printed without a sign
    if not meets and said["unit"] is None and not share:
        other = _allowed(base, now, True)
        meets = other is not None and abs(abs(other) - value) <= grain / 2 + _SLACK
    label = "".join(now.label.split())
    shown_now = f"“{label}”{base.period}年{base.raw}、{now.period}年{now.raw}"
    left, right = passage(report, at, at + len(raw)), side(report, now)
    if meets:
        yield make(report, "growth", "agrees", left, right, "growth:column", f"统计表{shown_now}，“{raw}”相符。", difference=Decimal(0))
    else:
        expected = f"{shown(possible.quantize(Decimal('0.1')))}%" if share else shown(possible)
        yield make(
            report, "growth", "conflicts" if said["unit"] or share else "review", left, right, "growth:column",
            f"统计表{shown_now}，增减应{'约' if share else ''}为{expected}，表中为“{raw}”，请核对。", difference=Interval(possible, possible).gap(exactly(float(signed))),
        )  # fmt: skip


def _allowed(base: Statistic, now: Statistic, share: bool) -> Decimal | None:
    """The change between two printed values, in per cent or in their own unit."""
    before, after = Decimal(str(base.value or 0)), Decimal(str(now.value or 0))
    if not share:
        return after - before
    return (after / before - 1) * 100 if before > 0 else None

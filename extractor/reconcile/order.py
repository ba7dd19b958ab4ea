"""Dated lists that are out of order, and dates that lie outside the period or do not exist."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from extractor.dates import first_day, last_day
from extractor.model import Award, Event, Finding, Media, Record, Report
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, passage, side

_WEEKDAY = re.compile(r"(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]\s*[（(]\s*(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\s*[)）]")
_LATE = timedelta(days=90)
"""Media reports and honours of a year may appear some weeks into the next."""


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind date_order: one for every row that precedes the last one given to the day."""
    report = case.report
    chronicle = [(e, _only_day(e)) for e in report.events if e.origin == "chronicle"]
    yield from _ordered(report, chronicle, "大事记")
    for table in {m.table for m in report.media}:
        yield from _ordered(report, [(m, m.date) for m in report.media if m.table == table], "媒体报道表")
    for table in {a.table for a in report.awards if a.origin == "table"}:
        yield from _ordered(report, [(a, a.date) for a in report.awards if a.origin == "table" and a.table == table], "获奖表")
    yield from _outside(report)
    yield from _weekdays(report)


def _weekdays(report: Report) -> Iterator[Finding]:
    """Days whose weekday in brackets (9月10日（星期五）) is not the calendar's. Where most are wrong, the year is."""
    year = (report.period or "")[:4]
    told: list[tuple[re.Match[str], str | None]] = []
    for found in _WEEKDAY.finditer(report.text) if year.isdigit() else ():
        day = first_day(f"{found['year'] or year}-{int(found['month']):02}-{int(found['day']):02}")
        if day is not None:
            right = "一二三四五六日"[day.weekday()]
            told.append((found, None if found["weekday"].replace("天", "日") == right else right))
    wrong = [(found, right) for found, right in told if right is not None]
    if len(wrong) > max(2, len(told) // 3):
        at = passage(report, wrong[0][0].start(), wrong[0][0].end())
        yield make(report, "date_order", "review", at, at, "weekday", f"{len(told)}处标了星期的日期中有{len(wrong)}处与{year}年的日历不符，请核对年份。")
        return
    for found, right in wrong:
        at = passage(report, found.start(), found.end())
        yield make(report, "date_order", "conflicts", at, at, "weekday", f"“{at.raw}”按日历应为星期{right}，请核对日期或星期。")


def _only_day(event: Event) -> str | None:
    """The entry's date; None where it has several separate dates or only a coarse one."""
    found = [d for d in event.dates if d.edtf]
    return found[0].edtf if len(found) == 1 and not re.search("旬|半月", found[0].raw) else None


def _ordered(report: Report, rows: Sequence[tuple[Record, str | None]], name: str) -> Iterator[Finding]:
    start = first_day(report.period) if report.period else None
    dated = [(record, first) for record, edtf in rows if (first := _first(edtf)) and not (start and first < start)]
    steps = [b[1] - a[1] for a, b in itertools.pairwise(dated)]
    if sum(step.days < 0 for step in steps) > 2 * sum(step.days > 0 for step in steps) and len(steps) > 3:
        yield from _backwards(report, dated, name)
        return
    late: list[tuple[Record, Record]] = []
    last: tuple[Record, date] | None = None
    for record, first in dated:
        if last is not None and first < last[1]:
            late.append((record, last[0]))
        last = (record, first)
    if len(late) > max(3, len(dated) // 5):
        # The list is not kept by date at all; one remark is enough.
        record, before = late[0]
        yield make(report, "date_order", "review", side(report, record), side(report, before), "order", f"{name}没有按日期排列（{len(late)}处次序颠倒），请核对。")
        return
    for record, before in late:
        yield make(
            report, "date_order", "review", side(report, record), side(report, before), "order",
            f"{name}中“{_words(report, record)}”排在“{_words(report, before)}”之后，日期却更早，请核对日期或次序。",
        )  # fmt: skip


def _backwards(report: Report, dated: Sequence[tuple[Record, date]], name: str) -> Iterator[Finding]:
    """A list that begins with the latest: rows that are later than the one before."""
    for (before, ahead), (record, first) in itertools.pairwise(dated):
        if first > ahead:
            yield make(
                report, "date_order", "review", side(report, record), side(report, before), "order",
                f"{name}由近及远排列，其中“{_words(report, record)}”排在“{_words(report, before)}”之后，日期却更晚，请核对日期或次序。",
            )  # fmt: skip


def _first(edtf: str | None) -> date | None:
    """The first day of a date given to the day (a span of days counts, a month or year does not)."""
    if not edtf or edtf.startswith((".", "X")):
        return None
    return first_day(edtf) if len(edtf.split("/")[0]) == 10 else None


def _outside(report: Report) -> Iterator[Finding]:
    if report.period is None or ".." in report.period:
        return
    first, last = first_day(report.period), last_day(report.period)
    if first is None or last is None:
        return
    records: list[tuple[Event | Media | Award, str | None, bool]] = [(e, d.edtf, False) for e in report.events if e.origin == "chronicle" for d in e.dates[:1]]
    records += [(m, m.date, True) for m in report.media]
    for record, edtf, may_be_late in records:
        start, end = (first_day(edtf), last_day(edtf)) if edtf and ".." not in edtf else (None, None)
        if start is None or end is None:
            continue
        if end < first or start > (last + _LATE if may_be_late else last):
            yield make(
                report, "date_order", "conflicts", side(report, record), side(report, record), "period",
                f"“{_words(report, record)}”的日期{edtf}不在报告年度{report.period}之内，请核对年份。",
            )  # fmt: skip
    yield from _impossible(report)


def _impossible(report: Report) -> Iterator[Finding]:
    """Dates that no calendar has: those of events, then those that are all that a sentence has, which makes it no event."""
    told: set[int] = set()
    for event in report.events:
        for told_date in (d for d in event.dates if d.edtf is None):
            told.add(told_date.start)
            at = side(report, event, told_date.start, told_date.end)
            yield make(report, "date_order", "conflicts", side(report, event), at, "impossible", f"“{told_date.raw}”不是存在的日期，请核对。")
    for note in report.diagnostics:
        if note.code == "impossible-date" and note.start is not None and note.end is not None and note.start not in told:
            at = passage(report, note.start, note.end)
            yield make(report, "date_order", "conflicts", at, at, "impossible", f"“{at.raw}”不是存在的日期，请核对。")


def _words(report: Report, record: Record) -> str:
    words = " ".join(report.text[record.start : record.end].split())
    return words if len(words) <= 26 else words[:25] + "…"

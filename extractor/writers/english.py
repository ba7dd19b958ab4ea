"""Findings in English, built from their fields: what a reader without Chinese needs, quotes as they stand."""

from __future__ import annotations

import msgspec

from extractor.model import Award, Check, Event, Figure, Finding, Media, Record, Report, Side, Statistic
from extractor.reconcile.scans import misread, on_scans

_QUOTED = 60
_ADVICE = {"conflicts": "please correct one of them", "missing": "please add it", "review": "please check", "agrees": ""}


def translated(report: Report, check: Check) -> Check:
    """The same check with English messages; fingerprints and all else stay."""
    records = _records(report)
    findings = tuple(msgspec.structs.replace(f, message=_sentence(f, report, records)) for f in check.findings)
    return msgspec.structs.replace(check, findings=findings)


def sentence(finding: Finding, report: Report) -> str:
    """One English sentence for a finding of any kind and verdict."""
    return _sentence(finding, report, _records(report))


def _records(report: Report) -> dict[str, Record]:
    groups: tuple[tuple[Record, ...], ...] = (report.figures, report.statistics, report.events, report.awards, report.media, report.profile)
    return {record.id: record for group in groups for record in group}


def _sentence(finding: Finding, report: Report, records: dict[str, Record]) -> str:
    left, right = _quote(finding.left), _quote(finding.right)
    agrees = finding.verdict == "agrees"
    apart = _apart(finding, records)
    match finding.kind:
        case "figure_vs_statistic":
            row = records.get(finding.right.record or "")
            label = f" ({_short(row.label)})" if isinstance(row, Statistic) else ""
            unit = f" {row.unit}" if isinstance(row, Statistic) and row.unit else ""
            words = f"The text says {left}, and so does the form{label}: {right}{unit}" if agrees else f"The text says {left}, the form{label} says {right}{unit}{apart}"
        case "figure_vs_figure":
            words = f"The same figure is given twice and agrees: {left} and {right}" if agrees else f"The same figure is given as {left} and as {right}{apart}"
        case "sum":
            words = f"The parts {right} add up to the total {left}" if agrees else f"The parts {right} do not add up to the total {left}{apart}"
        case "count":
            words = f"{left} is what is listed: {right}" if agrees else f"The text says {left}, but another number is listed: {right}{apart}"
        case "event_vs_event":
            dates = " and ".join(dict.fromkeys(filter(None, (_dates(records, finding.left), _dates(records, finding.right)))))
            told = f" ({dates})" if dates else ""
            words = f"The same event is told twice with dates that agree{told}: {left}; {right}" if agrees else f"The same event is told twice with different dates{told}: {left}; {right}"
        case "award_vs_award":
            words = _award(finding, left, right)
        case "date_order":
            words = _order(finding, report, records, left, right)
        case "growth":
            words = f"The stated change {left} follows from the two values" if agrees else f"The stated change {left} does not follow from the two values ({right}){apart}"
        case "format":
            words = f"The entry {left} does not have the form it should have ({finding.rule.removeprefix('format:').replace('_', ' ')})"
    single = finding.kind in ("date_order", "growth", "count", "sum")
    advice = "please correct it" if single and finding.verdict == "conflicts" else _ADVICE[finding.verdict]
    if report.scans and on_scans(report, finding):
        return f"{words}; {'one digit may have been misread' if misread(report, finding) and not agrees else 'read'} from a scan, please compare it with the original."
    return f"{words}; {advice}." if advice else f"{words}."


def _award(finding: Finding, left: str, right: str) -> str:
    if finding.verdict == "missing":
        return f"The award {left} is not in the table {right}"
    if finding.verdict == "agrees":
        return f"The award agrees in both places: {left}; {right}"
    what = {"rank": "another rank", "date": "another date", "issuer": "another issuer"}.get(finding.rule, "a difference")
    return f"The same award is told twice with {what}: {left}; {right}"


def _order(finding: Finding, report: Report, records: dict[str, Record], left: str, right: str) -> str:
    if finding.rule == "period":
        dates = _dates(records, finding.left)
        return f"The date{f' {dates}' if dates else ''} of {left} lies outside the period of the report ({report.period})"
    if finding.rule == "impossible":
        return f"{right} is not a date that exists"
    return f"In a list kept by date, {left} stands behind {right} but is earlier"


def _dates(records: dict[str, Record], side: Side) -> str:
    record = records.get(side.record or "")
    if isinstance(record, Event):
        return ", ".join(date.edtf or date.raw for date in record.dates)
    return (record.date or "") if isinstance(record, Award | Media) else ""


def _apart(finding: Finding, records: dict[str, Record]) -> str:
    """How far apart the ends are, in plain units."""
    if not finding.difference:
        return ""
    record = records.get(finding.left.record or "")
    unit = record.unit if isinstance(record, Figure) else record.quantity_unit if isinstance(record, Statistic) else None
    unit = None if finding.kind == "count" else unit
    return f", {round(finding.difference, 2):,}{f' {unit}' if unit else ''} apart"


def _quote(side: Side) -> str:
    return f"“{_short(side.raw)}”"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTED else words[: _QUOTED - 16] + "…" + words[-15:]

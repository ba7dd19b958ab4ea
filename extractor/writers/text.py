"""Checks as text for a clerk: the findings gravest first, each with both passages and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.model import Check, Finding, Report, Side

VERDICTS = {"conflicts": "矛盾", "missing": "缺漏", "review": "待核", "agrees": "相符"}
"""What a clerk calls the verdicts, gravest first."""
_COLOURS = {"conflicts": "\x1b[31m", "missing": "\x1b[33m", "review": "\x1b[33m", "agrees": "\x1b[32m"}
_RESET = "\x1b[0m"
_AROUND = 16


def write(checked: Sequence[tuple[Report, Check]], colour: bool = False, agreements: bool = False) -> bytes:
    """The findings of every report; what agrees is only counted unless `agreements` asks for it."""
    lines: list[str] = []
    for report, check in checked:
        lines += _report(report, check, colour, agreements)
    return ("\n".join(lines) + "\n").encode()


def _report(report: Report, check: Check, colour: bool, agreements: bool) -> Iterator[str]:
    head = " ".join(part for part in (report.organization, f"{report.period}年度" if report.period and report.period.isdigit() else report.period) if part)
    yield f"{report.source.name}  {head}".rstrip()
    counts = "，".join(f"{VERDICTS[verdict]}{count}处" for verdict, count in check.summary.items())
    yield f"  {counts}"
    for finding in check.findings:
        if finding.verdict == "agrees" and not agreements:
            continue
        yield from _finding(report, finding, colour)
    yield ""


def _finding(report: Report, finding: Finding, colour: bool) -> Iterator[str]:
    title = f"【{VERDICTS[finding.verdict]}】"
    if colour:
        title = f"{_COLOURS[finding.verdict]}{title}{_RESET}"
    yield f"  {title}{finding.message}"
    yield f"      {_place(report, finding.left)}"
    if (finding.right.start, finding.right.end) != (finding.left.start, finding.left.end):
        yield f"      {_place(report, finding.right)}"
    yield f"      {finding.kind} · {finding.rule} · {finding.fingerprint}"


def _place(report: Report, side: Side) -> str:
    """The passage with a little around it, and its page where the document has pages."""
    start = max(report.text.rfind("\n", 0, side.start) + 1, side.start - _AROUND)
    stop = report.text.find("\n", side.end)
    end = min(stop if stop >= 0 else len(report.text), side.end + _AROUND)
    middle = report.text[side.start : side.end]
    if len(middle) > 80:
        middle = middle[:60] + "…" + middle[-16:]
    words = " ".join((report.text[start : side.start] + "「" + middle + "」" + report.text[side.end : end]).split())
    page = _page(report, side)
    return f"{f'第{page}页 ' if page else ''}{side.start}-{side.end}  {words}"


def _page(report: Report, side: Side) -> int | None:
    for kind in ("figures", "statistics", "events", "awards", "media", "profile", "tables"):
        for record in getattr(report, kind):
            if (record.id == side.record or (side.record is None and record.start <= side.start < record.end)) and record.page:
                page: int = record.page
                return page
    return None

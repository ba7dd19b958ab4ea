"""Checks as text for a clerk: the findings gravest first, each with both passages and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.model import Check, Finding, Report, Side
from extractor.writers.words import WORDS, Lang, Words

_COLOURS = {"conflicts": "\x1b[31m", "missing": "\x1b[33m", "review": "\x1b[33m", "agrees": "\x1b[32m"}
_RESET = "\x1b[0m"
_AROUND = 16


def write(checked: Sequence[tuple[Report, Check]], lang: Lang = "zh", colour: bool = False, agreements: bool = False) -> bytes:
    """The findings of every report; what agrees is only counted unless `agreements` asks for it."""
    lines: list[str] = []
    for report, check in checked:
        lines += _report(report, check, WORDS[lang], colour, agreements)
    return ("\n".join(lines) + "\n").encode()


def _report(report: Report, check: Check, words: Words, colour: bool, agreements: bool) -> Iterator[str]:
    yield f"{report.source.name}  {' '.join(words.head(report))}".rstrip()
    yield f"  {words.counted(check.summary)}"
    if scans := words.scans(report):
        yield f"  {scans}"
    for finding in check.findings:
        if finding.verdict == "agrees" and not agreements:
            continue
        yield from _finding(report, finding, words, colour)
    yield ""


def _finding(report: Report, finding: Finding, words: Words, colour: bool) -> Iterator[str]:
    title = words.verdict(finding.verdict)
    if colour:
        title = f"{_COLOURS[finding.verdict]}{title}{_RESET}"
    yield f"  {title}{finding.message}"
    yield f"      {_place(report, finding.left, words)}"
    if (finding.right.start, finding.right.end) != (finding.left.start, finding.left.end):
        yield f"      {_place(report, finding.right, words)}"
    yield f"      {finding.kind} · {finding.rule} · {finding.fingerprint}"


def _place(report: Report, side: Side, words: Words) -> str:
    """The passage with a little around it, its page where the document has pages, its file where there are several."""
    start = max(report.text.rfind("\n", 0, side.start) + 1, side.start - _AROUND)
    stop = report.text.find("\n", side.end)
    end = min(stop if stop >= 0 else len(report.text), side.end + _AROUND)
    middle = report.text[side.start : side.end]
    if len(middle) > 80:
        middle = middle[:60] + "…" + middle[-16:]
    shown = " ".join((report.text[start : side.start] + words.quote[0] + middle + words.quote[1] + report.text[side.end : end]).split())
    page = _page(report, side)
    where = [*([side.file] if side.file else []), *([words.page.format(page)] if page else []), f"{side.start}-{side.end}"]
    return f"{' '.join(where)}  {shown}"


def _page(report: Report, side: Side) -> int | None:
    for kind in ("figures", "statistics", "events", "awards", "media", "profile", "tables"):
        for record in getattr(report, kind):
            if (record.id == side.record or (side.record is None and record.start <= side.start < record.end)) and record.page:
                page: int = record.page
                return page
    return None

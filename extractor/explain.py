"""Which rule made each record, what nearly fitted where none did, and which numbers of the text no record took."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from extractor.conditions import Context
from extractor.folding import fold
from extractor.indicators import Link
from extractor.model import Document, Figure, Record, Report, Statistic
from extractor.nearmisses import Near, of_figure, of_row
from extractor.pipeline import extract
from extractor.readers import read
from extractor.rules import Rules

_NUMBER = re.compile(r"\d[\d,，.]*|[二两三四五六七八九十百千]{1,6}(?=[余多几]?[个名人次册种场期家项部篇条件幅台套位本])")
_KINDS = ("events", "figures", "awards", "media", "statistics", "profile")
_AROUND = 14


def explain(path: Path, rules: Rules, domain: str | None = None) -> Iterator[str]:
    """Lines for a reader: one a record, with near misses below where no indicator is linked; then one a number that is in
    no figure, date, table record or heading number."""
    document = read(path)
    report, contexts = traced(document, rules, domain)
    tables = rules.tables.within(report.domain).indicators
    yield f"{path}: {report.organization or '—'} {report.period or '—'} {report.domain or '—'}"
    for kind in _KINDS:
        for record in getattr(report, kind):
            yield f"{record.id}\t{record.start}-{record.end}\t{_shown(record, report)}\t{_rules_of(record)}"
            near: list[Near] = []
            if isinstance(record, Figure) and record.indicator is None:
                near = of_figure(contexts[record.start], tables)
            elif isinstance(record, Statistic) and record.indicator is None:
                near = of_row(record.label, record.unit, tables)
            yield from (f"\tnear\t{indicator}\t{words}\t{reason}" for indicator, words, reason in near)
    left = untaken(document, report)
    yield f"# {len(left)} numbers in no record"
    for start, end in left:
        before, after = report.text[max(0, start - _AROUND) : start], report.text[end : end + _AROUND]
        yield f"{start}-{end}\t{before}【{report.text[start:end]}】{after}".replace("\n", " ")
    for diagnostic in report.diagnostics:
        yield f"# {diagnostic.level} {diagnostic.code}\t{diagnostic.message}"


def traced(document: Document, rules: Rules, domain: str | None = None) -> tuple[Report, dict[int, Context]]:
    """The report of a document, and the context of every figure that an indicator was looked for, by its offset."""
    contexts: dict[int, Context] = {}

    def watch(context: Context, found: Link | None) -> None:
        contexts[context.at] = context

    return extract(document, rules._replace(tables=rules.tables.watched(watch)), domain), contexts


def _shown(record: Record, report: Report) -> str:
    text = report.text[record.start : record.end].replace("\n", " ").replace("\t", " | ")
    return text if len(text) <= 60 else text[:57] + "..."


def _rules_of(record: Record) -> str:
    indicator = getattr(record, "indicator", None)
    return f"{record.rule or '—'}" + (f" -> {indicator}" if indicator else "")


def untaken(document: Document, report: Report) -> list[tuple[int, int]]:
    """The spans of numbers that lie in no figure, event date, award count, or row of a table that became records."""
    taken: list[tuple[int, int]] = [(f.start, f.end) for f in report.figures]
    taken += [(d.start, d.end) for e in report.events for d in e.dates]
    taken += [(e.start, min(e.end, e.start + 5)) for e in report.events if e.number is not None]
    taken += [(r.start, r.end) for kind in ("media", "statistics", "profile") for r in getattr(report, kind)]
    taken += [(a.start, a.end) for a in report.awards if a.origin == "table"]
    taken += [(s.start, s.start + 4) for s in report.sections]
    taken.sort()
    left = []
    at = 0
    for found in _NUMBER.finditer(fold(report.text)):
        while at < len(taken) and taken[at][1] <= found.start():
            at += 1
        if not any(start < found.end() and found.start() < end for start, end in taken[max(0, at - 40) : at + 40]):
            left.append(found.span())
    return left

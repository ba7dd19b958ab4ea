"""One document through the stages, in order: lay out, recognise, assemble."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from extractor import awards, domains, events, figures, layout, listings, medialines, sections, statistics, variants
from extractor.model import (
    SCHEMA,
    Award,
    Check,
    Date,
    Diagnostic,
    Document,
    Entry,
    Event,
    Figure,
    Layout,
    Media,
    Passage,
    Record,
    Report,
    TableRecord,
    View,
)  # fmt: skip
from extractor.readers import read
from extractor.recognise import Mentions, recognise
from extractor.registry import Tables
from extractor.rules import Rules, load

R = TypeVar("R", bound=Record)


def extract(source: Document | str | Path | bytes, rules: Rules | None = None, domain: str | None = None) -> Report:
    """The report of a document (or of the file at a path): every record with its place in `text`.

    `domain` is the kind of institution (an id of rules/domains.toml, or generic for none of them); without it it is told
    by the institution's name. Raises `ExtractorError` where the file cannot be read or there is no such domain; what is not
    understood in a readable file is a diagnostic of the report.
    """
    tables = (rules or load()).tables
    domains.must_exist(domain, tables.domains)
    document = source if isinstance(source, Document) else read(source)
    plain = variants.twin(document.text, tables.variants) if variants.suspected(document.text) else None
    if plain is None:
        return _extract(document, domain, tables)
    return variants.restored(_extract(msgspec.structs.replace(document, text=plain), domain, tables), document.text)


def _extract(document: Document, domain: str | None, tables: Tables) -> Report:
    """The report of a document in simplified characters."""
    plan = layout.lay_out(document, tables)
    domain = domain or domains.recognise((plan.organization, plan.title), tables.domains)
    return _assemble(document, plan, None if domain == domains.GENERIC else domain, tables.within(domain))


def check(report: Report, *earlier: Report, rules: Rules | None = None) -> Check:
    """The reconciliation of a report with its own form, with itself, and with reports of earlier years."""
    from extractor.reconcile.checks import check as reconcile

    tables = (rules or load()).tables

    def plain(told: Report) -> Report:
        return (variants.simplified(told, tables.variants) if variants.suspected(told.text) else None) or told

    found = reconcile(plain(report), [plain(other) for other in earlier], tables)
    return variants.requoted(found, report.text) if plain(report) is not report else found


def _assemble(document: Document, plan: Layout, domain: str | None, tables: Tables) -> Report:
    text = document.text
    found_events: list[Event] = []
    found_figures: list[Figure] = []
    found_awards: list[Award] = []
    diagnostics = list(document.diagnostics)
    year = _year(plan.period)
    media, passages = _media_lines(plan, text, year, tables)
    for passage in passages:
        mentions = recognise(text, passage.start, passage.end, year, None, tables)
        diagnostics += _impossible(mentions.dates)
        found_events += events.from_passage(passage, mentions, text, plan.period, tables.events)
        found_figures += figures.from_passage(passage, mentions, text, plan.period, tables)
        found_awards += awards.find(text, passage.start, passage.end, _award_context(plan, mentions, "narrative", None, passage.page, None, None), tables.awards)
    told: Date | None = None
    for entry in plan.entries:
        event, figures_in, awards_in, dates_in = _entry(entry, told if entry.follows else None, plan, text, tables)
        told = next((date for date in event.dates if date.edtf), told)
        diagnostics += _impossible(dates_in)
        found_events.append(event)
        found_figures += figures_in
        found_awards += awards_in
    for view in plan.views:
        found_awards += _award_rows(view, plan, text, tables)
    media += [record for view in plan.views for record in listings.media(view, text, year, tables.dates)]
    rows = [record for view in plan.views for record in statistics.statistics(view, text, plan.period, tables)]
    profile = [record for view in plan.views for record in statistics.profile(view, text, tables)]
    numbered_figures, numbered_awards = _numbered(found_figures, "figure"), _numbered(found_awards, "award")
    diagnostics += _unplaced(plan)
    return Report(
        schema=SCHEMA, source=document.source, organization=plan.organization, title=plan.title, period=plan.period, domain=domain, text=text,
        sections=plan.sections, events=_linked(_numbered(found_events, "event"), numbered_figures, numbered_awards), figures=numbered_figures,
        awards=numbered_awards, media=_numbered(media, "media"), statistics=_numbered(rows, "statistic"), profile=_numbered(profile, "profile"),
        tables=tuple(_table(view, text) for view in plan.views), diagnostics=tuple(diagnostics),
        files=document.files, scans=document.scans,
    )  # fmt: skip


def _media_lines(plan: Layout, text: str, year: int | None, tables: Tables) -> tuple[list[Media], list[Passage]]:
    """The media reports told line by line under headings that announce them, and the passages that are none."""
    records: list[Media] = []
    rest: list[Passage] = []

    def announced(passage: Passage) -> str | None:
        return next((heading for heading in passage.headings if sections.role_of(heading, tables.sections) == "media"), None)

    for heading, group in itertools.groupby(plan.passages, announced):
        passages = list(group)
        if heading is not None:
            found, passages = medialines.find(passages, text, year, tables.dates)
            records += found
        rest += passages
    return records, rest


def _year(period: str | None) -> int | None:
    """The year that dates without one belong to: the period's, if it is one year."""
    if period is None:
        return None
    years = {part[:4] for part in period.split("/") if part[:4].isdigit()}
    return int(years.pop()) if len(years) == 1 else None


def _entry(entry: Entry, told: Date | None, plan: Layout, text: str, tables: Tables) -> tuple[Event, list[Figure], list[Award], tuple[Date, ...]]:
    own_lead = entry.lead[1] > entry.lead[0] and entry.lead != entry.body
    lead = recognise(text, *entry.lead, entry.year, entry.month, tables, dated_cell=True, told=told) if own_lead else None
    body = recognise(text, *entry.body, entry.year, entry.month, tables, told=told)
    event = events.from_entry(entry, lead, body, text, tables.events)
    day = next((d.edtf for d in event.dates if d.edtf), None)
    context = _award_context(plan, body, "chronicle", day, entry.page, entry.table, entry.row)
    spans = [body, *(recognise(text, *span, entry.year, entry.month, tables) for span in entry.beside)]
    return (
        event,
        [figure for span in spans for figure in figures.from_entry(entry, event, span, text, plan.period, tables)],
        awards.find(text, entry.body[0], entry.body[1], context, tables.awards),
        (*(lead.dates if lead else ()), *body.dates),
    )


def _award_context(plan: Layout, mentions: Mentions | None, origin: Literal["narrative", "chronicle", "table"], day: str | None, page: int | None, table: int | None, row: int | None) -> awards.Context:
    return awards.Context(
        organization=plan.organization, origin=origin, dates=mentions.dates if mentions else (), entry_date=day,
        period=plan.period, page=page, table=table, row=row, autonomous=plan.autonomous,
    )  # fmt: skip


def _award_rows(view: View, plan: Layout, text: str, tables: Tables) -> list[Award]:
    if view.kind != "awards":
        return []
    records = []
    for row, cells, own in listings.rows(view, text):
        values = {role: (text[cell.start : cell.end], cell.start, cell.end) for role, cell in cells.items()}
        date = listings.cell_date(cells.get("date"), text, _year(plan.period), tables.dates)
        context = _award_context(plan, None, "table", date.edtf if date else None, own[0].page, view.index, row)
        award = awards.from_row(values, context, tables.awards)
        if award is not None:
            records.append(award)
    return records


def _numbered(records: Iterable[R], kind: str) -> tuple[R, ...]:
    """The records in reading order, with ids such as figure-12."""
    ordered = sorted(records, key=lambda r: (r.start, r.end, r.column or 0))
    return tuple(msgspec.structs.replace(record, id=f"{kind}-{n}") for n, record in enumerate(ordered, 1))


def _linked(found: tuple[Event, ...], amounts: tuple[Figure, ...], honours: tuple[Award, ...]) -> tuple[Event, ...]:
    """Every event with the ids of the figures and awards inside its span."""
    linked = []
    for event in found:
        inside = tuple(f.id for f in amounts if event.start <= f.start and f.end <= event.end)
        won = tuple(a.id for a in honours if a.origin != "table" and event.start <= a.start < event.end)
        linked.append(msgspec.structs.replace(event, figures=inside, awards=won) if inside or won else event)
    return tuple(linked)


def _table(view: View, text: str) -> TableRecord:
    """The table as data: header rows apart, a merged cell's text at its first place only."""
    first = view.header.row + view.header.rows if view.header else 0
    rows = []
    for r, row in enumerate(view.grid):
        if view.header and view.header.row <= r < first:
            continue
        rows.append(tuple(text[c.start : c.end] if c is not None and c.row == r and c.column == at else "" for at, c in enumerate(row)))
    return TableRecord(
        id=f"table-{view.index + 1}", start=view.table.start, end=view.table.end, page=view.table.page, table=view.index,
        rule=f"tables:{view.rule}" if view.rule else None, kind=view.kind, caption=view.caption,
        header=view.header.texts if view.header else (), rows=tuple(rows),
    )  # fmt: skip


def _impossible(found: Iterable[Date]) -> list[Diagnostic]:
    return [
        Diagnostic(level="warning", code="impossible-date", message=f"“{d.raw}”不是可能的日期，已按原文保留", start=d.start, end=d.end)
        for d in found
        if d.edtf is None
    ]


def _unplaced(plan: Layout) -> list[Diagnostic]:
    """What the document does not say of itself."""
    missing = []
    if plan.period is None:
        missing.append(Diagnostic(level="warning", code="no-period", message="标题和开头都没有写明报告年份，日期的年份无法推定"))
    if plan.organization is None:
        missing.append(Diagnostic(level="warning", code="no-organization", message="没有找到报告单位的名称"))
    return missing

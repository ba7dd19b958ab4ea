"""Every type that crosses a stage. Offsets are code points into `Document.text`, half open.

Three groups: what a reader hands over (`Document` and its blocks), what the recognisers find
(`Quantity`, `Date`), and the records of the report JSON. All are frozen msgspec structs, so the JSON
Schema, the validation and the serialisation come from these declarations alone.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Number = int | float
Hedge = Literal["exact", "rounded", "over", "under", "about", "at_least", "at_most", "range"]
AwardLevel = Literal["national", "provincial", "municipal", "county", "other"]
TableKind = Literal["awards", "media", "statistics", "profile", "chronicle", "other"]
SCHEMA = "extractor/report/1"
CHECK_SCHEMA = "extractor/check/1"


class Struct(msgspec.Struct, frozen=True):
    """Base of all structs here."""


# --- what a reader hands over -------------------------------------------------------------------


class Source(Struct, frozen=True, kw_only=True):
    """Where a document came from. `pages` is null where the format has none."""

    name: str
    sha256: str
    media_type: str
    bytes: int
    pages: int | None
    reader: str


class Diagnostic(Struct, frozen=True, kw_only=True):
    """Something that could not be read or was left out, with its place (null: the whole document)."""

    level: Literal["info", "warning", "error"]
    code: str
    message: str
    start: int | None = None
    end: int | None = None


class Paragraph(Struct, frozen=True, kw_only=True):
    """One paragraph; `level` is its outline level (1 = highest) where the format says so."""

    start: int
    end: int
    page: int | None = None
    level: int | None = None


class Cell(Struct, frozen=True, kw_only=True, gc=False):
    """One cell, once, at its top left grid place; spans count grid rows and columns.

    Cells are many and hold nothing but numbers: the garbage collector need not walk them.
    """

    row: int
    column: int
    start: int
    end: int
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None


class Table(Struct, frozen=True, kw_only=True):
    """A table as the reader saw it: cells in row order, header rows included."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    page: int | None = None


class File(Struct, frozen=True, kw_only=True):
    """One of the files that a document was put together from, and the span of `text` that came from it."""

    name: str
    sha256: str
    start: int
    end: int


class Scan(Struct, frozen=True, kw_only=True):
    """A page that was read from its picture by text recognition: the span of `text` that came from it, and how certain
    the recogniser is of a character on average (0 to 1). A misread digit cannot be ruled out in it."""

    page: int
    start: int
    end: int
    confidence: float


class Document(Struct, frozen=True, kw_only=True):
    """A positioned document: `blocks` in reading order, every one a span of `text`; `files` where there are several,
    `scans` where pages were read from pictures."""

    source: Source
    text: str
    blocks: tuple[Paragraph | Table, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    files: tuple[File, ...] = ()
    scans: tuple[Scan, ...] = ()


# --- what the recognisers find ------------------------------------------------------------------


class Quantity(Struct, frozen=True, kw_only=True):
    """A number with its hedge and unit. `low`/`high` are inclusive, null where open; `unit` is the
    canonical measure word, null for a bare number."""

    start: int
    end: int
    raw: str
    value: Number
    low: Number | None
    high: Number | None
    hedge: Hedge
    unit: str | None


class Date(Struct, frozen=True, kw_only=True):
    """A date or interval in EDTF (ISO 8601-2). `inferred` names the parts the words did not say."""

    edtf: str | None
    raw: str
    start: int
    end: int
    inferred: tuple[str, ...] = ()


# --- what the layout says -----------------------------------------------------------------------


class Header(Struct, frozen=True, kw_only=True):
    """A table's header: the rule it satisfies, its first row, how many rows it takes, and for every
    column its text, the lowest of its texts where there are several, and its role (null where the column says
    nothing the rule knows)."""

    rule: str
    kind: TableKind
    row: int
    rows: int
    texts: tuple[str, ...]
    lowest: tuple[str, ...]
    roles: tuple[str | None, ...]


class View(Struct, frozen=True, kw_only=True):
    """A classified table. `grid[r][c]` is the cell that covers the place, `own[r]` the cells that begin
    in row r. `caption` is the text of the paragraph that names the table, `caption_span` its place."""

    index: int
    table: Table
    kind: TableKind
    rule: str | None
    caption: str | None
    caption_span: tuple[int, int] | None
    header: Header | None
    grid: tuple[tuple[Cell | None, ...], ...]
    own: tuple[tuple[Cell, ...], ...]


class Passage(Struct, frozen=True, kw_only=True):
    """A paragraph of running text, with the headings it stands under (innermost last)."""

    start: int
    end: int
    page: int | None
    headings: tuple[str, ...]


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of the chronicle. The span covers number, date and text; `lead` is where its date is
    written (in a table: the date cell), `body` the rest, `beside` the row's other cells; `year` and `month` come from
    the headings above; `follows` where its date counts from that of the entry before (26日 behind 1月12日)."""

    start: int
    end: int
    number: int | None
    lead: tuple[int, int]
    body: tuple[int, int]
    year: int | None
    month: int | None
    section: str | None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    beside: tuple[tuple[int, int], ...] = ()
    follows: bool = False


class Layout(Struct, frozen=True, kw_only=True):
    """A document laid out: who reports on which period, under which headings, with which tables; `autonomous` where
    it comes from an autonomous region (there 全区 is the region, not a district)."""

    title: str | None
    organization: str | None
    period: str | None
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    views: tuple[View, ...]
    autonomous: bool = False


# --- the records of the report ------------------------------------------------------------------


class Record(Struct, frozen=True, kw_only=True):
    """What all records share. `page` counts from 1; `table`, `row` and `column` from 0 without header
    rows; `rule` is the rule that made the record."""

    id: str
    start: int
    end: int
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    rule: str | None = None


class Section(Struct, frozen=True, kw_only=True):
    """A heading and the span it rules over, heading included. Level 1 is the highest."""

    heading: str
    level: int
    start: int
    end: int


class Event(Record, frozen=True, kw_only=True):
    origin: Literal["chronicle", "narrative"]
    number: int | None
    dates: tuple[Date, ...]
    text: str
    section: str | None = None
    category: str | None = None
    place: str | None = None
    figures: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()


class Figure(Record, frozen=True, kw_only=True):
    raw: str
    value: Number
    low: Number | None
    high: Number | None
    hedge: Hedge
    unit: str
    label: str
    indicator: str | None
    period: str


class Award(Record, frozen=True, kw_only=True):
    origin: Literal["table", "narrative", "chronicle"]
    title: str
    rank: str | None
    level: AwardLevel | None
    recipient: str | None
    issuer: str | None
    date: str | None
    count: int
    subject: str | None
    number: int | None = None


class Media(Record, frozen=True, kw_only=True):
    number: int | None
    title: str | None
    content: str | None
    outlet: str | None
    outlet_type: str | None
    form: str | None
    date: str | None


class Statistic(Record, frozen=True, kw_only=True):
    code: str | None
    label: str
    indicator: str | None
    raw: str
    value: Number | None
    unit: str | None
    quantity: Number | None
    quantity_unit: str | None
    period: str | None
    parent: str | None


class ProfileEntry(Record, frozen=True, kw_only=True):
    label: str
    value: str


class TableRecord(Record, frozen=True, kw_only=True):
    """A table of the document: `header` one text a column, `rows` one text a grid place."""

    kind: TableKind
    caption: str | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One document's extraction: the JSON object of the contract, keys in this order; `files` only where there are several,
    `scans` only where pages were read from pictures."""

    schema: str
    source: Source
    organization: str | None
    title: str | None
    period: str | None
    text: str
    sections: tuple[Section, ...]
    events: tuple[Event, ...]
    figures: tuple[Figure, ...]
    awards: tuple[Award, ...]
    media: tuple[Media, ...]
    statistics: tuple[Statistic, ...]
    profile: tuple[ProfileEntry, ...]
    tables: tuple[TableRecord, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[File, ...] = ()
    domain: str | None = None
    scans: tuple[Scan, ...] = ()


# --- the reconciliation -------------------------------------------------------------------------

FindingKind = Literal[
    "figure_vs_statistic", "figure_vs_figure", "sum", "count", "event_vs_event", "award_vs_award", "date_order", "growth", "format"
]
Verdict = Literal["agrees", "conflicts", "review", "missing"]


class Side(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One end of a finding: the record compared (null: a passage or caption), its words and its interval; the file it
    stands in, where a report has several."""

    record: str | None
    raw: str
    low: Number | None
    high: Number | None
    start: int
    end: int
    file: str | None = None


class Finding(Struct, frozen=True, kw_only=True):
    """Two places of a report that say the same, or cannot both be true, or should be looked at.

    `difference` is the gap between the two intervals in plain units (0 where they meet). `parts` are the
    records added up or counted. `rule` names the comparison, `message` is one sentence a clerk can act on.
    `fingerprint` stays the same while the two passages do.
    """

    id: str
    kind: FindingKind
    verdict: Verdict
    left: Side
    right: Side
    parts: tuple[str, ...]
    difference: Number | None
    rule: str
    message: str
    fingerprint: str


class Check(Struct, frozen=True, kw_only=True):
    """The reconciliation of one report: its findings, gravest first, and how many of each verdict."""

    schema: str
    source: Source
    findings: tuple[Finding, ...]
    summary: dict[str, int]


# --- rules --------------------------------------------------------------------------------------


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule has: an id, texts in which it must fire, and texts in which it must not."""

    id: str
    examples: tuple[str, ...]
    rejects: tuple[str, ...] = ()
    note: str = ""

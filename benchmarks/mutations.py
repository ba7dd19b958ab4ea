"""Does the check find an error that it has not seen? ``python -m benchmarks.mutations [FOLDER ...] [--most N]`` prints Markdown.

Wherever an annotated report tells the same thing twice without a contradiction, one end is changed in the text, one at a
time: a number by a digit, by two digits swapped, by the least step that leaves the other end's interval; a date by a day
or a month; an honour's rank or month; a counted number by one. The changed document is extracted and checked again. A
mutation is found where a new finding that is not ``agrees`` touches it (of an honour: its sentence or row); a new ``conflicts`` that touches neither it nor a
record that it changes is a false alarm. FOLDER holds ``<id>.gold.json`` beside ``<id>.txt`` (or .docx), by default corpus/.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

import extractor
from benchmarks.misprints import Change, dates, fits_date, numbers, ranks, steps
from extractor.evaluate import Locator
from extractor.model import (
    Award,
    Check,
    Document,
    Event,
    Figure,
    Finding,
    Paragraph,
    Record,
    Report,
    Side,
    Statistic,
    Table,
)
from extractor.reconcile.intervals import Interval, exactly, of, total

ROOT = Path(__file__).resolve().parent.parent
FOUND, ALARMS, LEAST = 0.95, 0.01, 300
"""The bars: share of the mutations found, share that raise an alarm elsewhere, and how many must be tried."""
Span = tuple[int, int]


@dataclass(frozen=True)
class Pair:
    """Two records that tell the same thing; of a sum also its parts. `linked`: the check said that they agree."""

    kind: str
    left: Record
    right: Record | None
    parts: tuple[Record, ...]
    listed: Span
    linked: bool


@dataclass(frozen=True)
class Mutation:
    """`document.text[start:end]` becomes `words`; `changes` is the record or sentence that it changes with it."""

    pair: Pair
    kind: str
    start: int
    end: int
    words: str
    changes: Span


@dataclass(frozen=True)
class Outcome:
    """What the check said of one mutation: `found` by which finding (None: by none), and the alarms elsewhere."""

    mutation: Mutation
    found: str | None
    alarms: tuple[str, ...]
    before: str
    why: str


@dataclass(frozen=True)
class Subject:
    """One report as it is: its document, what is extracted and found, and its gold."""

    name: str
    document: Document
    report: Report
    check: Check
    gold: dict[str, Any]


def subject(gold: Path) -> Subject:
    """The report beside a gold file."""
    stem = gold.name.removesuffix(".gold.json")
    path = next(p for suffix in (".txt", ".docx", ".pdf") if (p := gold.with_name(stem + suffix)).exists())
    document = extractor.read(path)
    report = extractor.extract(document)
    return Subject(stem, document, report, extractor.check(report), json.loads(gold.read_text(encoding="utf-8")))


# --- what agrees ----------------------------------------------------------------------------------


def pairs(of_subject: Subject) -> list[Pair]:
    """What agrees: every such finding of the check, then the agreements of the gold that the check does not tell."""
    report = of_subject.report
    records: dict[str, Record] = {r.id: r for r in (*report.figures, *report.statistics, *report.events, *report.awards)}
    found = [pair for f in of_subject.check.findings if f.verdict == "agrees" and (pair := _told(f, records)) is not None]
    place = Locator(report.text)
    for agreement in of_subject.gold["agreements"]:
        pair = _wanted(agreement, report, place)
        if pair is not None and not any(_same(pair, other) for other in found):
            found.append(pair)
    return found


def _told(finding: Finding, records: dict[str, Record]) -> Pair | None:
    left, right = (records.get(side.record or "") for side in (finding.left, finding.right))
    parts = tuple(records[name] for name in finding.parts)
    if left is None or left in parts or (finding.kind not in ("count", "growth") and right is None):
        return None
    return Pair(finding.kind, left, right, parts, (finding.right.start, finding.right.end), True)


def _wanted(agreement: dict[str, Any], report: Report, place: Locator) -> Pair | None:
    kind = agreement["kind"]
    if kind == "sum" or kind == "date_order" or kind == "format":
        return None  # its parts are not given one by one
    pools: dict[str, tuple[Sequence[Record], Sequence[Record]]] = {
        "figure_vs_statistic": (report.figures, report.statistics), "figure_vs_figure": (report.figures, report.figures),
        "count": (report.figures, ()), "growth": (report.figures, (*report.figures, *report.statistics)),
        "event_vs_event": (report.events, report.events), "award_vs_award": (report.awards, report.awards),
    }  # fmt: skip
    left, right = (_record(agreement[end], pool, place) for end, pool in zip(("left", "right"), pools[kind], strict=True))
    if left is None or (right is None and kind != "count") or left == right:
        return None
    return Pair(kind, left, right, (), (left.end, left.end), False)


def _record(end: dict[str, str], pool: Sequence[Record], place: Locator) -> Record | None:
    """The record that a gold names: it meets the words, and of a row it ends in them."""
    for quoted in (end["raw"], end["quote"]):
        for first, last in place.find(end["quote"], quoted):
            for record in pool:
                start, stop = place.span(record)
                same = not isinstance(record, Statistic) or "".join(record.raw.split()) == "".join(end["raw"].split())
                if start < last and first < stop and same:
                    return record
    return None


def _same(a: Pair, b: Pair) -> bool:
    ends = [{r.id for r in (pair.left, pair.right) if r is not None} for pair in (a, b)]
    return a.kind == b.kind and (a.left == b.left if a.kind == "growth" else ends[0] <= ends[1])


# --- one end changed ------------------------------------------------------------------------------


def mutations(of_subject: Subject) -> Iterator[Mutation]:
    """All mutations of a report, each change of the text once."""
    seen: set[tuple[int, int, str]] = set()
    for pair in pairs(of_subject):
        for mutation in _of_pair(pair, of_subject):
            key = (mutation.start, mutation.end, mutation.words)
            if key not in seen:
                seen.add(key)
                yield mutation


def _of_pair(pair: Pair, whole: Subject) -> Iterator[Mutation]:
    left, right = pair.left, pair.right
    if pair.kind in ("figure_vs_statistic", "figure_vs_figure") and right is not None:
        for end, other in ((left, right), (right, left)):
            yield from _number(pair, end, Interval(None, None), _interval(other), whole)
    elif pair.kind == "sum":
        yield from _number(pair, left, Interval(None, None), total(map(_interval, pair.parts)), whole)
        for part in pair.parts:
            others = total(_interval(p) for p in pair.parts if p is not part)
            yield from _number(pair, part, others, _interval(left), whole)
    elif pair.kind == "growth":
        yield from _growth(pair, whole)
    elif pair.kind == "count" and isinstance(left, Figure):
        open_list = "等" in whole.report.text[pair.listed[1] - 1 : pair.listed[1] + 1]
        for change in steps(left.raw):
            if not (open_list and change.more):
                yield _placed(pair, change, left.start, (left.start, left.end))
    elif pair.kind == "event_vs_event" and isinstance(left, Event) and isinstance(right, Event):
        for event, twin in ((left, right), (right, left)):
            yield from _event_date(pair, event, twin)
    elif pair.kind == "award_vs_award" and isinstance(left, Award) and isinstance(right, Award):
        for honour, again in ((left, right), (right, left)):
            yield from _honour(pair, honour, again, whole)


def _interval(record: Record) -> Interval:
    if isinstance(record, Statistic):
        return exactly(record.quantity or 0)
    return of(record) if isinstance(record, Figure) else Interval(None, None)


def _placed(pair: Pair, change: Change, at: int, changes: Span) -> Mutation:
    return Mutation(pair, change.kind, at + change.start, at + change.end, change.words, changes)


def _place(record: Record, text: str) -> Span:
    """Where the number of a record stands: of a row, its cell."""
    if isinstance(record, Statistic):
        at = text.rfind(record.raw, record.start, record.end)
        return at, at + len(record.raw)
    return record.start, record.end


def _number(pair: Pair, end: Record, beside: Interval, other: Interval, whole: Subject) -> Iterator[Mutation]:
    """Numbers that no longer meet the other end; with `beside` added, where the end is one part of a sum."""
    text = whole.report.text
    start, stop = _place(end, text)
    is_part = end in pair.parts

    def wrong(interval: Interval) -> bool:
        summed = total((interval, beside)) if is_part else interval
        return not summed.meets(other)

    for change in numbers(text[start:stop], _reader(end), wrong):
        mutation = _placed(pair, change, start, (end.start, end.end))
        yield replace(mutation, kind=f"part: {change.kind}") if is_part else mutation


def _reader(record: Record) -> Any:
    """How a number in the place of a record is read: words -> interval, None where they are not one number."""

    def of_row(words: str) -> Interval | None:
        assert isinstance(record, Statistic)
        plain = re.sub(r"[,，\s]", "", words)
        if not re.fullmatch(r"\d+(?:\.\d+)?", plain) or not record.value or record.quantity is None:
            return None
        return exactly(float(plain) * (record.quantity / record.value))

    def of_figure(words: str) -> Interval | None:
        found = [q for q in extractor.find_quantities(words) if q.unit is not None]
        return of(found[0]) if len(found) == 1 else None

    return of_row if isinstance(record, Statistic) else of_figure


def _growth(pair: Pair, whole: Subject) -> Iterator[Mutation]:
    """The percentage, or what it grew from, changed by clearly more than rounding explains."""
    percent, base = pair.left, pair.right
    if not isinstance(percent, Figure) or base is None or base == percent:
        return
    bounds = _interval(base)
    if bounds.low is None or bounds.high is None or bounds.low <= 0:
        return
    rate = float(percent.value)
    slack = max(1.0, 3 * (100 + rate) * float((bounds.high - bounds.low) / bounds.low))
    sentence = _sentence(whole.report.text, percent.start)

    def far(interval: Interval) -> bool:
        middle = float(((interval.low or 0) + (interval.high or 0)) / 2)
        return abs(middle - rate) > slack

    def far_base(interval: Interval) -> bool:
        middle = float(((interval.low or 0) + (interval.high or 0)) / 2)
        return middle > 0 and abs(float((bounds.low or 0) + (bounds.high or 0)) / 2 / middle - 1) * (100 + rate) > slack

    for end, wrong in ((percent, far), (base, far_base)):
        start, stop = _place(end, whole.report.text)
        for change in numbers(whole.report.text[start:stop], _reader(end), wrong):
            yield _placed(pair, change, start, sentence if end is percent else (end.start, end.end))


def _sentence(text: str, at: int) -> Span:
    first = max(text.rfind(mark, 0, at) for mark in "。\n") + 1
    last = min((found for mark in "。\n" if (found := text.find(mark, at)) >= 0), default=len(text))
    return first, last


def _event_date(pair: Pair, event: Event, twin: Event) -> Iterator[Mutation]:
    date = next((d for d in event.dates if d.edtf), None)
    if date is not None and len(event.dates) == 1:
        for change in dates(date.raw):
            if all(fits_date(date.edtf or "", other.edtf or "", change) for other in twin.dates):
                yield _placed(pair, change, date.start, (event.start, event.end))


def _honour(pair: Pair, award: Award, twin: Award, whole: Subject) -> Iterator[Mutation]:
    text = whole.report.text
    sentence = _sentence(text, award.start)
    if award.rank and award.rank == twin.rank:
        at = text.rfind(award.rank, award.start, award.end)
        for change in ranks(award.rank) if at >= 0 else ():
            yield _placed(pair, change, at, sentence)
    if award.date and twin.date:
        for start, stop in _dated(award, sentence, whole):
            for found in extractor.find_dates(text[start:stop], int(award.date[:4]) if award.date[:4].isdigit() else None)[::-1]:
                if found.edtf == award.date:
                    for change in dates(found.raw):
                        if change.kind == "month" and fits_date(award.date, twin.date, change):
                            yield _placed(pair, change, start + found.start, sentence)
                    return


def _dated(award: Award, sentence: Span, whole: Subject) -> Iterator[Span]:
    """Where the date of an honour may be written: the cells of its row, or its sentence up to its end."""
    if award.origin != "table":
        yield sentence[0], award.end
        return
    for block in whole.document.blocks:
        if isinstance(block, Table) and block.start <= award.start < block.end:
            rows = {cell.row for cell in block.cells if cell.start <= award.start < cell.end}
            yield from ((cell.start, cell.end) for cell in block.cells if cell.row in rows and cell.end > cell.start)


# --- the changed document, checked again ----------------------------------------------------------


def mutated(document: Document, start: int, end: int, words: str) -> Document:
    """The document with other words in one place, all blocks and cells moved accordingly."""
    by = len(words) - (end - start)

    def moved(at: int) -> int:
        return at + by if at >= end else at

    def block(whole: Paragraph | Table) -> Paragraph | Table:
        if isinstance(whole, Table):
            cells = tuple(msgspec.structs.replace(c, start=moved(c.start), end=moved(c.end)) for c in whole.cells)
            whole = msgspec.structs.replace(whole, cells=cells)
        return msgspec.structs.replace(whole, start=moved(whole.start), end=moved(whole.end))

    text = document.text[:start] + words + document.text[end:]
    return msgspec.structs.replace(document, text=text, blocks=tuple(map(block, document.blocks)))


def judge(mutation: Mutation, whole: Subject) -> Outcome:
    """Extracts and checks the changed document, and compares the findings with those before."""
    by = len(mutation.words) - (mutation.end - mutation.start)
    report = extractor.extract(mutated(whole.document, mutation.start, mutation.end, mutation.words))
    after = extractor.check(report).findings
    old = {_key(f, mutation.end, by) for f in whole.check.findings if f.verdict != "agrees"}
    new = [f for f in after if f.verdict != "agrees" and _key(f, 0, 0) not in old]
    changes = (mutation.changes[0], mutation.changes[1] + by)
    place = (mutation.start, mutation.start + len(mutation.words)) if mutation.pair.kind != "award_vs_award" else changes
    records: dict[str, Record] = {r.id: r for r in (*report.figures, *report.statistics)}
    found = next((f for f in new if _touches(f, place, report, records)), None)
    alarms = [f for f in new if f.verdict == "conflicts" and not _touches(f, place, report, records) and not _touches(f, changes, report, records)]
    agreeing = [f.message for f in after if f.verdict == "agrees" and f.kind == mutation.pair.kind and _touches(f, place, report, records)]
    why = "not linked before" if not mutation.pair.linked else agreeing[0] if agreeing else "no finding"
    text = whole.report.text
    before = " ".join(f"{text[mutation.start - 14 : mutation.start]}[{text[mutation.start : mutation.end]}]{text[mutation.end : mutation.end + 6]}".split())
    return Outcome(mutation, found.kind if found else None, tuple(f"{f.kind}: {f.message}" for f in alarms), before, why)


def _key(finding: Finding, end: int, by: int) -> tuple[object, ...]:
    places = (finding.left.start, finding.left.end, finding.right.start, finding.right.end)
    return (finding.kind, finding.verdict, *(at + by if at >= end else at for at in places))


def _touches(finding: Finding, place: Span, report: Report, records: dict[str, Record]) -> bool:
    """Whether an end or a part of the finding stands in the place; of a growth, whether its sentence does."""
    spans = [_side(side, report.text, records) for side in (finding.left, finding.right)]
    spans += [_place(records[name], report.text) for name in finding.parts if name in records]
    if finding.kind == "growth":
        spans.append(_sentence(report.text, finding.left.start))
    return any(start < place[1] and place[0] < end for start, end in spans)


def _side(side: Side, text: str, records: dict[str, Record]) -> Span:
    record = records.get(side.record or "")
    cell = isinstance(record, Statistic) and (side.start, side.end) == (record.start, record.end)
    return _place(record, text) if cell and record is not None else (side.start, side.end)


def sample(items: Sequence[Mutation], most: int) -> list[Mutation]:
    """At most so many of the mutations, spread evenly."""
    return [items[n * len(items) // most] for n in range(most)] if len(items) > most else list(items)


# --- the tables -----------------------------------------------------------------------------------


def table(outcomes: Sequence[tuple[str, Outcome]]) -> list[str]:
    """The counts by what was compared and by what was changed; then the totals against the bars."""
    lines = ["| agreement | change | tried | found | % | alarms elsewhere |", "| --- | --- | --- | --- | --- | --- |"]
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for _, outcome in outcomes:
        groups.setdefault((outcome.mutation.pair.kind, outcome.mutation.kind), []).append(outcome)
    for (kind, change), group in sorted(groups.items()):
        lines.append(f"| {kind} | {change} | {_counts(group)} |")
    every = [outcome for _, outcome in outcomes]
    by_link = [o for o in every if o.mutation.pair.linked]
    return [
        *lines, f"| all | | {_counts(every)} |", f"| what the check links | | {_counts(by_link)} |", "",
        f"bars: {FOUND:.0%} of at least {LEAST} found, alarms elsewhere in at most {ALARMS:.0%}",
    ]  # fmt: skip


def _counts(group: Sequence[Outcome]) -> str:
    found, alarms = sum(o.found is not None for o in group), sum(bool(o.alarms) for o in group)
    share = f"{100 * found / len(group):.1f}" if group else ""
    return f"{len(group)} | {found} | {share} | {alarms}"


def misses(outcomes: Iterable[tuple[str, Outcome]]) -> Iterator[str]:
    """A line for every mutation not found, and for every alarm elsewhere."""
    for name, outcome in outcomes:
        mutation = outcome.mutation
        rule = f"{name} | {mutation.pair.kind} | {mutation.kind} | {outcome.before} → {mutation.words}"
        if outcome.found is None:
            yield f"- not found | {rule} | {outcome.why}"
        for alarm in outcome.alarms:
            yield f"- alarm | {rule} | {alarm}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutations", description=str(__doc__).partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "corpus"], metavar="FOLDER", help="annotated reports (default: corpus/)")
    parser.add_argument("--most", type=int, default=10_000, help="most mutations of one report, spread evenly (default: all)")
    arguments = parser.parse_args()
    outcomes = []
    for gold in sorted(path for folder in arguments.folders for path in folder.rglob("*.gold.json")):
        whole = subject(gold)
        outcomes += [(whole.name, judge(mutation, whole)) for mutation in sample(list(mutations(whole)), arguments.most)]
    print("\n".join([*table(outcomes), "", *misses(outcomes)]))
    print("\nfound by:", dict(Counter(o.found for _, o in outcomes if o.found)))


if __name__ == "__main__":
    main()

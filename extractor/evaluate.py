"""Reports against gold: precision, recall, F1, intervals, links, dates, rows.

Positions are compared on the text without white space, so one gold file serves every rendition of a
report. A figure is spotted where spans overlap, exact where value and unit agree. Gold files are
described in corpus/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.errors import UnreadableDocument
from extractor.model import Award, Figure, Record, Report, Statistic
from extractor.pipeline import extract
from extractor.rules import Rules

Span = tuple[int, int]
Gold = dict[str, Any]
RENDITIONS = (".txt", ".docx", ".pdf")


@dataclass
class Score:
    """Counts of one class: true and false positives, misses, and shares such as intervals (right, of)."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    shares: dict[str, list[int]] = field(default_factory=dict)

    @property
    def f1(self) -> float:
        """F1 of the spotting, 1.0 where there is nothing to find and nothing was found."""
        total = 2 * self.right + self.extra + self.missed
        return 2 * self.right / total if total else 1.0

    def share(self, name: str, hit: bool) -> None:
        """Counts one more case of a share."""
        counts = self.shares.setdefault(name, [0, 0])
        counts[0] += hit
        counts[1] += 1


@dataclass
class Result:
    """The scores of one rendition, by class, and its errors as lines."""

    name: str
    scores: dict[str, Score]
    errors: list[str]


class Locator:
    """Finds quotes in a report's text and turns spans into offsets without white space."""

    def __init__(self, text: str) -> None:
        self.flat = "".join(text.split())
        self._places: list[int] = []
        count = 0
        for char in text:
            self._places.append(count)
            count += not char.isspace()
        self._places.append(count)

    def span(self, record: Record) -> Span:
        """The record's span on the text without white space."""
        return self._places[record.start], self._places[record.end]

    def find(self, quote: str, raw: str) -> list[Span]:
        """Every place of `raw` as it stands in `quote` (at about its 14th character where it occurs twice)."""
        quote, raw = "".join(quote.split()), "".join(raw.split())
        inner = quote.find(raw)
        if quote.count(raw) > 1 and len(quote) >= 16:
            near = quote.find(raw, max(0, min(14, len(quote) - len(raw)) - 2))
            inner = near if near >= 0 else inner
        if inner < 0:
            return []
        places, at = [], self.flat.find(quote)
        while at >= 0:
            places.append((at + inner, at + inner + len(raw)))
            at = self.flat.find(quote, at + 1)
        return places


def evaluate_corpus(folder: Path, rules: Rules) -> list[Result]:
    """Every rendition of every ``*.gold.json`` below `folder`, in order of names."""
    golds = sorted(folder.rglob("*.gold.json")) if folder.is_dir() else []
    if not golds:
        raise UnreadableDocument(str(folder), "no *.gold.json below this folder", "pass a folder of annotated reports, such as corpus/")
    results = []
    for path in golds:
        gold = json.loads(path.read_text(encoding="utf-8"))
        stem = path.name.removesuffix(".gold.json")
        for suffix in RENDITIONS:
            document = path.with_name(stem + suffix)
            if document.exists():
                results.append(score(extract(document, rules), gold, document.name))
    return results


def score(report: Report, gold: Gold, name: str) -> Result:
    """The scores of one report."""
    place = Locator(report.text)
    errors: list[str] = []
    scores = {
        "figures": _figures(report, gold, place, errors),
        "events": _events(report, gold, errors),
        "awards": _awards(report, gold, errors),
    }
    for kind, keys, fields in (
        ("media", ("number", "title"), ("title", "content", "outlet", "outlet_type", "form", "date")),
        ("statistics", ("code", "label"), ("value", "unit")),
        ("profile", ("label",), ("value",)),
    ):
        if gold.get(kind):
            scores[kind] = _rows(kind, getattr(report, kind), gold[kind], keys, fields, errors)
    head = Score()
    for key in ("organization", "period"):
        if gold.get(key):
            head.share(key, getattr(report, key) == gold[key])
            if getattr(report, key) != gold[key]:
                errors.append(f"{key}: gold {gold[key]}, got {getattr(report, key)}")
    scores["document"] = head
    return Result(name, scores, errors)


def _meets(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _same(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def _plain(text: object) -> str:
    return "".join(char for char in str(text or "") if char.isalnum())


def _equal(got: object, wanted: object) -> bool:
    if isinstance(got, int | float) and isinstance(wanted, int | float):
        return _same(got, wanted)
    return _plain(got) == _plain(wanted)


def _figures(report: Report, gold: Gold, place: Locator, errors: list[str]) -> Score:
    result = Score()
    spans = [(place.span(f), f) for f in report.figures]
    zone = _zone(gold, place)
    used: set[int] = set()
    optional: list[Span] = []
    taken: set[Span] = set()
    for wanted in gold["figures"]:
        places = [p for p in place.find(wanted["quote"], wanted["raw"]) if p not in taken]
        if not places:
            if not wanted.get("optional"):
                result.missed += 1
                errors.append(f"figure: not in the text: {wanted['quote']}")
            continue
        at = places[-1] if wanted.get("section") == "chronicle" else places[0]
        taken.add(at)
        hits = sorted((k for k, (s, f) in enumerate(spans) if k not in used and _meets(s, at)), key=lambda k: not _same(spans[k][1].value, wanted["value"]))
        used.update(hits[:1])
        if wanted.get("optional"):
            optional.append(at)
        elif not hits:
            result.missed += 1
            errors.append(f"figure missed: {wanted['raw']} in {wanted['quote']}")
        else:
            result.right += 1
            _compare_figure(result, spans[hits[0]][1], wanted, gold.get("period"), errors)
    for k, (at, figure) in enumerate(spans):
        if k not in used and zone[0] <= at[0] < zone[1] and not any(_meets(at, o) for o in optional):
            result.extra += 1
            errors.append(f"figure not in gold: {figure.raw} ({figure.label})")
    return result


def _zone(gold: Gold, place: Locator) -> Span:
    """Where the gold is exhaustive: between two quotes, else everywhere."""
    if not gold.get("zone"):
        return 0, len(place.flat)
    first, last = ("".join(quote.split()) for quote in gold["zone"])
    end = place.flat.rfind(last)
    return max(0, place.flat.find(first)), end if end > 0 else len(place.flat)


def _compare_figure(result: Score, figure: Figure, wanted: Gold, period: str | None, errors: list[str]) -> None:
    exact = _same(figure.value, wanted["value"]) and figure.unit == wanted["unit"]
    bounds = _same(figure.low, wanted.get("low")) and _same(figure.high, wanted.get("high"))
    result.share("exact", exact)
    result.share("intervals", bounds)
    if not (exact and bounds):
        errors.append(f"figure: {figure.raw}: gold {wanted['value']} {wanted['unit']} [{wanted.get('low')}, {wanted.get('high')}], got {figure.value} {figure.unit} [{figure.low}, {figure.high}]")
    if wanted.get("period") and wanted["period"] != period:
        result.share("other periods", figure.period == wanted["period"])
        if figure.period != wanted["period"]:
            errors.append(f"figure: {figure.raw}: period gold {wanted['period']}, got {figure.period}")
    right = [wanted.get("indicator"), *wanted.get("indicator_also", [])] if wanted.get("indicator") else []
    if right:
        result.share("indicators", figure.indicator in right)
    if figure.indicator and ((right and figure.indicator not in right) or figure.indicator in wanted.get("indicator_not", [])):
        result.share("wrong links", True)
    if (right and figure.indicator not in right) or figure.indicator in wanted.get("indicator_not", []):
        errors.append(f"figure: {figure.raw} in {wanted['quote']}: indicator gold {wanted.get('indicator')}, got {figure.indicator}")


def _adjacent(dates: Iterable[str | None]) -> set[str]:
    """Two days in a row count the same as the interval of the two."""
    out: set[str] = set()
    for date in dates:
        first, _, last = (date or "").partition("/")
        if len(first) == len(last) == 10 and first[:8] == last[:8] and int(last[8:]) - int(first[8:]) == 1:
            out |= {first, last}
        elif date:
            out.add(date)
    return out


def _events(report: Report, gold: Gold, errors: list[str]) -> Score:
    result = Score()
    used: set[int] = set()
    events = report.events
    words = [f"{_plain(e.text)}|{_plain(report.text[e.start : e.end])}" for e in events]
    for wanted in gold["events"]:
        if wanted.get("optional"):
            continue
        key = _plain(wanted["text"])[:16]
        dates = [_adjacent(wanted["dates"]), *(_adjacent(d if isinstance(d, list) else [d]) for d in wanted.get("dates_also") or [])]
        hits = [k for k, e in enumerate(events) if k not in used and e.origin == wanted["origin"] and (key in words[k] or (wanted.get("number") is not None and e.number == wanted["number"]))]
        hits.sort(key=lambda k: _adjacent(d.edtf for d in events[k].dates) not in dates)
        if not hits:
            result.missed += 1
            errors.append(f"event missed: {wanted['text'][:40]}")
            continue
        used.add(hits[0])
        result.right += 1
        got = _adjacent(d.edtf for d in events[hits[0]].dates)
        result.share("dates", got in dates)
        if got not in dates:
            errors.append(f"event dates: {wanted['text'][:30]}: gold {sorted(dates[0])}, got {sorted(got)}")
    for k, event in enumerate(events):
        if k not in used and event.origin == "chronicle":
            result.extra += 1
            errors.append(f"chronicle event not in gold: {event.text[:40]}")
    return result


def _awards(report: Report, gold: Gold, errors: list[str]) -> Score:
    result = Score()
    used: set[int] = set()
    for wanted in sorted(gold["awards"], key=lambda g: bool(g.get("optional"))):
        hit = next((k for k, a in enumerate(report.awards) if k not in used and _is_award(a, wanted, report.text)), None)
        if hit is None:
            if not wanted.get("optional"):
                result.missed += 1
                errors.append(f"award missed: {wanted.get('title') or wanted.get('quote')}")
            continue
        used.add(hit)
        if wanted.get("optional"):
            continue
        result.right += 1
        for slot in ("level", "rank", "recipient", "issuer", "date", "count"):
            if wanted.get(slot) is not None:
                got = getattr(report.awards[hit], slot)
                result.share("slots", _equal(got, wanted[slot]))
                if not _equal(got, wanted[slot]):
                    errors.append(f"award {slot}: {wanted.get('title') or wanted.get('quote')}: gold {wanted[slot]}, got {got}")
    for k, award in enumerate(report.awards):
        if k not in used:
            result.extra += 1
            errors.append(f"award not in gold: {award.title}")
    return result


def _is_award(award: Award, wanted: Gold, text: str) -> bool:
    if (award.origin == "table") != (wanted["origin"] == "table"):
        return False
    if award.origin == "table":
        return _plain(award.title) == _plain(wanted.get("title")) and (not wanted.get("recipient") or _plain(wanted["recipient"]) in _plain(award.recipient))
    around = _plain(text[max(0, award.start - 60) : award.end + 30])
    return _plain(wanted["quote"])[-10:] in around and _plain(wanted.get("rank")) in _plain((award.rank or "") + award.title) and wanted.get("count", 1) == award.count


def _rows(kind: str, records: Sequence[Record], gold: list[Gold], keys: tuple[str, ...], fields: tuple[str, ...], errors: list[str]) -> Score:
    result = Score()
    wanted_rows = [g for g in gold if g.get("code") != "—"]
    for wanted in wanted_rows:
        key = next(k for k in keys if wanted.get(k) not in (None, "", "—"))
        fit = [
            r for r in records
            if _plain(getattr(r, key)) == _plain(wanted[key]) and not (wanted.get("period") and getattr(r, "period", None) != wanted["period"])
        ]  # fmt: skip
        right = any(all(_equal(getattr(r, f), wanted[f]) for f in fields if f in wanted) for r in fit)
        result.right += right
        result.missed += not right
        if not right:
            errors.append(f"{kind} row {'wrong' if fit else 'missed'}: {wanted[key]}")
    result.extra = max(0, sum(not _is_heading(r) for r in records) - len(wanted_rows))
    return result


def _is_heading(record: Record) -> bool:
    """Whether a row of a form only names the rows below it: neither code nor unit nor value."""
    return isinstance(record, Statistic) and record.code is None and record.value is None and not _plain(record.unit)


def render(results: Sequence[Result], errors: bool = False) -> Iterator[str]:
    """One line a class and rendition: F1, right, extra, missed, shares; the errors below where asked for."""
    for result in results:
        yield result.name
        for kind, counts in result.scores.items():
            shares = "  ".join(f"{name} {hit}/{of}" if name != "wrong links" else f"wrong links {hit}" for name, (hit, of) in counts.shares.items())
            spotting = "" if kind == "document" else f"F1 {counts.f1:.3f}  right {counts.right}  extra {counts.extra}  missed {counts.missed}  "
            yield f"  {kind:<11}{spotting}{shares}"
        if errors:
            yield from (f"    {line}" for line in result.errors)

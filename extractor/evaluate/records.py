"""Events, awards and rows of tables against the gold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractor.evaluate.places import equal, plain
from extractor.evaluate.scores import Gold, Score
from extractor.model import Award, Record, Report, Statistic


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


def events(report: Report, gold: Gold, errors: list[str]) -> Score:
    result = Score()
    used: set[int] = set()
    events = report.events
    words = [f"{plain(e.text)}|{plain(report.text[e.start : e.end])}" for e in events]
    for wanted in gold["events"]:
        if wanted.get("optional"):
            continue
        key = plain(wanted["text"])[:16]
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


def awards(report: Report, gold: Gold, errors: list[str]) -> Score:
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
                result.share("slots", equal(got, wanted[slot]))
                if not equal(got, wanted[slot]):
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
        return plain(award.title) == plain(wanted.get("title")) and (not wanted.get("recipient") or plain(wanted["recipient"]) in plain(award.recipient))
    around = plain(text[max(0, award.start - 60) : award.end + 30])
    return plain(wanted["quote"])[-10:] in around and plain(wanted.get("rank")) in plain((award.rank or "") + award.title) and wanted.get("count", 1) == award.count


def rows(kind: str, records: Sequence[Record], gold: list[Gold], keys: tuple[str, ...], fields: tuple[str, ...], errors: list[str]) -> Score:
    """Rows of one kind of table: found by the first of `keys` that the gold gives, right where all `fields` are."""
    result = Score()
    wanted_rows = [g for g in gold if g.get("code") != "—"]
    for wanted in wanted_rows:
        key = next(k for k in keys if wanted.get(k) not in (None, "", "—"))
        fit = [
            r for r in records
            if plain(getattr(r, key)) == plain(wanted[key]) and not (wanted.get("period") and getattr(r, "period", None) != wanted["period"])
        ]  # fmt: skip
        right = any(all(equal(getattr(r, f), wanted[f]) for f in fields if f in wanted) for r in fit)
        if wanted.get("indicator") and fit:
            _link(result, {getattr(r, "indicator", None) for r in fit}, wanted, errors)
        result.right += right
        result.missed += not right
        if not right:
            errors.append(f"{kind} row {'wrong' if fit else 'missed'}: {wanted[key]}")
    result.extra = max(0, sum(not _is_heading(r) for r in records) - len(wanted_rows))
    return result


def _link(result: Score, got: set[str | None], wanted: Gold, errors: list[str]) -> None:
    """Counts the link of a row to its indicator."""
    right = {wanted["indicator"], *wanted.get("indicator_also", ())}
    result.share("indicators", bool(got & right))
    if not got & right:
        wrong = sorted(name for name in got if name)
        if wrong:
            result.share("wrong links", True)
        errors.append(f"statistics row: {wanted['label']}: indicator gold {wanted['indicator']}, got {', '.join(wrong) or None}")


def _is_heading(record: Record) -> bool:
    """Whether a row of a form only names the rows below it: neither code nor unit nor value."""
    return isinstance(record, Statistic) and record.code is None and record.value is None and not plain(record.unit)

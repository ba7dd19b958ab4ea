"""Which indicators a figure or a form row nearly speaks of, and why it does not: for whoever teaches the rules."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from extractor import wording
from extractor.conditions import Context, Refusal, Scene, refusal
from extractor.formrows import counted_in, row_label, row_unit_fits
from extractor.indicators import Indicator, Tables, hits
from extractor.phrases import Hit, Lexicon

LIMIT = 3
"""So many near misses are told of one number."""
_CUT = 12
"""So many characters may stand between a phrase and its number for it to be near."""
_ALIKE = 0.6
"""Labels are alike from this ratio of difflib on."""
_WHY = {
    "domain": "counts in reports of {} only", "period": "the figure is not of the whole year", "joined": "another noun stands beside it", "blocker": "blocker {}",
    "requires": "the sentence lacks {}", "subject": "no subject {} before it", "narrowed": "narrowed by {}", "planned": "of a plan", "part": "of a part of the institution", "item": "an item of a list",
    "gained": "a stock, but {} came in or went out", "historic": "of several years", "least": "least {}", "between": "{} stands between it and the number",
    "change": "a difference, not the amount", "list": "only in a list behind {}", "time": "only where the words tell {}", "several": "{} fits as well",
    "label": "the row is labelled {}", "row_after": "only below a row of {}",
}  # fmt: skip


class Near(NamedTuple):
    """An indicator that nearly fits: which of its phrases or rows, and why it does not count."""

    indicator: str
    words: str
    reason: str


def of_figure(context: Context, tables: Tables) -> list[Near]:
    """Near misses of a figure that no indicator is linked to, the longest phrase first."""
    previous = context.previous
    if previous is not None and previous.adjacent:
        context = msgspec.structs.replace(context, before=previous.words, previous=None)
    scene = Scene(context)
    return _first([*_direct(scene, tables)] or [*_apart(scene, tables)])


def _first(found: Iterable[tuple[int, Near]]) -> list[Near]:
    ordered = [near for _, near in sorted(found, key=lambda pair: -pair[0])]
    return list({near.indicator: near for near in reversed(ordered)}.values())[::-1][:LIMIT]


def _direct(scene: Scene, tables: Tables) -> Iterator[tuple[int, Near]]:
    """Phrases that stand where one has to, with what is against each."""
    behind = scene.tail.lstrip("“ 的")
    for lexicon, kind in ((tables.phrases, "several"), (tables.timed, "time"), (tables.parts, "list")):
        for source in hits(lexicon, scene, behind):
            for hit in source:
                for rule in hit.items:
                    reason = _against(rule, hit, kind, scene, tables)
                    if reason:
                        yield len(hit.text) - 20 * (kind == "list"), Near(rule.id, hit.text, reason)


def _against(rule: Indicator, hit: Hit[Indicator], kind: str, scene: Scene, tables: Tables) -> str | None:
    refused = refusal(rule, hit, scene, tables)
    if refused is not None:
        return _told(rule, refused)
    if wording.is_change(wording.bare(scene.item)):
        return _WHY["change"]
    if kind == "several":
        rivals = [other.id for other in hit.items if other is not rule and refusal(other, hit, scene, tables) is None]
        return _WHY[kind].format(", ".join(rivals)) if rivals else None
    return _WHY[kind].format(", ".join(rule.of) if kind == "list" else "of the year" if rule.kind == "flow" else "what there is")


def _told(rule: Indicator, refused: Refusal) -> str | None:
    """The reason in words; None where the indicator only ever stands for another, or the number is a share of it."""
    if refused.why == "variant" or refused == ("unit", "%"):
        return None
    if refused.why == "unit":
        return _unit(rule, refused.word)
    word = "/".join(getattr(rule, refused.why)) if refused.why in ("requires", "subject") else refused.word
    return _WHY[refused.why].format(word)


def _unit(rule: Indicator, unit: str | None) -> str:
    return f"counted in {'/'.join(rule.units)}, not in {unit}"


def _apart(scene: Scene, tables: Tables) -> Iterator[tuple[int, Near]]:
    """Phrases before the number with other words in between."""
    clause = wording.bare(scene.clause)
    change = wording.is_change(wording.bare(scene.item))
    for cut in range(1, min(_CUT, len(clause) - 1) + 1):
        for hit in tables.phrases.before((clause[:-cut],)):
            for rule in hit.items:
                if counted_in(scene.context.unit, rule) and tables.here(rule) and hit.start >= scene.item_at:
                    yield len(hit.text) - 2 * cut, Near(rule.id, hit.text, _WHY["change"] if change else _WHY["between"].format(clause[-cut:]))


def of_row(label: str, unit: str | None, tables: Tables) -> list[Near]:
    """Near misses of a form row that no indicator is linked to."""
    name = row_label(label)
    own = tables.rows.get(name, ())
    found = [(0, Near(rule.id, name, reason)) for rule in own for reason in [_row_reason(rule, own, unit, tables)] if reason]
    if not found:
        found = [(len(hit.text), Near(rule.id, hit.text, reason)) for hit, rule in _spoken(name, tables) for reason in [_spoken_reason(rule, hit, name, unit, tables)] if reason]
    return _first(found or _alike(name, unit, tables))


def _row_reason(rule: Indicator, own: Sequence[Indicator], unit: str | None, tables: Tables) -> str | None:
    if not tables.here(rule):
        return _WHY["domain"].format(rule.domain)
    if not row_unit_fits(unit, rule):
        return _unit(rule, unit)
    if rule.row_after:
        return _WHY["row_after"].format(", ".join(rule.row_after))
    rivals = [other.id for other in own if other is not rule and tables.here(other) and row_unit_fits(unit, other)]
    return _WHY["several"].format(", ".join(rivals)) if rivals else None


def _spoken(name: str, tables: Tables) -> Iterator[tuple[Hit[Indicator], Indicator]]:
    lexicons: tuple[Lexicon[Indicator], ...] = (tables.phrases, tables.parts)
    for lexicon in lexicons:
        for hit in lexicon.before((name, wording.bare(name))):
            yield from ((hit, rule) for rule in hit.items)


def _spoken_reason(rule: Indicator, hit: Hit[Indicator], name: str, unit: str | None, tables: Tables) -> str | None:
    if not tables.here(rule):
        return _WHY["domain"].format(rule.domain)
    if not row_unit_fits(unit, rule):
        return _unit(rule, unit)
    blocker = next((word for word in rule.blockers if word in name), None)
    return _WHY["blocker"].format(blocker) if blocker else _WHY["label"].format(name) if hit.text != name else None


def _alike(name: str, unit: str | None, tables: Tables) -> Iterator[tuple[int, Near]]:
    """Rows whose labels are nearly the same."""
    pairs = {name[at : at + 2] for at in range(len(name) - 1)}
    labels = [label for label in tables.rows if any(pair in label for pair in pairs)]
    for rank, label in enumerate(difflib.get_close_matches(name, labels, n=2 * LIMIT, cutoff=_ALIKE)):
        for rule in tables.rows[label]:
            if tables.here(rule) and row_unit_fits(unit, rule):
                yield -rank, Near(rule.id, label, _WHY["label"].format(name))

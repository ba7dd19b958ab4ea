"""Figures against the gold: spotted where spans overlap, exact where value and unit agree; intervals, periods, indicators."""

from __future__ import annotations

from extractor.evaluate.places import Locator, Span, meets, same
from extractor.evaluate.scores import Gold, Score
from extractor.model import Figure, Report


def figures(report: Report, gold: Gold, place: Locator, errors: list[str]) -> Score:
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
        hits = sorted((k for k, (s, f) in enumerate(spans) if k not in used and meets(s, at)), key=lambda k: not same(spans[k][1].value, wanted["value"]))
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
        if k not in used and zone[0] <= at[0] < zone[1] and not any(meets(at, o) for o in optional):
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
    exact = same(figure.value, wanted["value"]) and figure.unit == wanted["unit"]
    bounds = same(figure.low, wanted.get("low")) and same(figure.high, wanted.get("high"))
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

"""Reports against gold: precision, recall, F1, intervals, links, dates, rows, findings; totals; runs side by side.

Gold files are described in corpus/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from extractor.errors import UnreadableDocument
from extractor.evaluate.figures import figures
from extractor.evaluate.findings import findings
from extractor.evaluate.places import Locator
from extractor.evaluate.records import awards, events, rows
from extractor.evaluate.scores import Gold, Result, Score, totals
from extractor.evaluate.unused import Usage
from extractor.model import Check, Report
from extractor.pipeline import check as reconcile
from extractor.pipeline import extract
from extractor.rules import Rules

__all__ = ("Locator", "Result", "Score", "evaluate_corpus", "render", "score")

RENDITIONS = (".txt", ".docx", ".pdf")
_CHECKED = ("conflicts", "agreements", "traps")


def evaluate_corpus(folder: Path, rules: Rules, usage: Usage | None = None) -> list[Result]:
    """Every rendition of every ``*.gold.json`` below `folder`, in order of names. `usage` is shown each of them. Raises
    `UnreadableDocument`."""
    golds = sorted(folder.rglob("*.gold.json")) if folder.is_dir() else []
    if not golds:
        raise UnreadableDocument(str(folder), "no *.gold.json below this folder", "pass a folder of annotated reports, such as corpus/")
    results = []
    for path in golds:
        gold = _gold(path)
        stem = path.name.removesuffix(".gold.json")
        for suffix in RENDITIONS:
            document = path.with_name(stem + suffix)
            if document.exists():
                report = extract(document, rules)
                check = reconcile(report, rules=rules)
                results.append(score(report, gold, document.name, check))
                if usage is not None:
                    usage.see(report, check)
    return results


def _gold(path: Path) -> Gold:
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableDocument(str(path), f"this gold file cannot be read ({error})", "mend it, see corpus/README.md") from error
    if not isinstance(gold, dict) or not all(isinstance(gold.get(key), list) for key in ("figures", "events", "awards")):
        raise UnreadableDocument(str(path), "a gold file has the lists figures, events and awards", "mend it, see corpus/README.md")
    return gold


def score(report: Report, gold: Gold, name: str, check: Check | None = None) -> Result:
    """The scores of one report, and of its findings where the gold lists any."""
    place = Locator(report.text)
    errors: list[str] = []
    scores = {"figures": figures(report, gold, place, errors), "events": events(report, gold, errors), "awards": awards(report, gold, errors)}
    for kind, keys, fields in (
        ("media", ("number", "title"), ("title", "content", "outlet", "outlet_type", "form", "date")),
        ("statistics", ("code", "label"), ("value", "unit")),
        ("profile", ("label",), ("value",)),
    ):
        if gold.get(kind):
            scores[kind] = rows(kind, getattr(report, kind), gold[kind], keys, fields, errors)
    if check is not None and any(key in gold for key in _CHECKED):
        scores["findings"] = findings(check, gold, place, errors)
    scores["document"] = _document(report, gold, errors)
    return Result(name, scores, errors)


def _document(report: Report, gold: Gold, errors: list[str]) -> Score:
    """Institution and period, and the domain where the gold names one."""
    head = Score()
    for key in ("organization", "period", "domain"):
        if gold.get(key):
            head.share(key, getattr(report, key) == gold[key])
            if getattr(report, key) != gold[key]:
                errors.append(f"{key}: gold {gold[key]}, got {getattr(report, key)}")
    return head


def render(results: Sequence[Result], errors: bool = False) -> Iterator[str]:
    """One line a class and rendition, and the totals of several; the errors below where asked for."""
    for result in results:
        yield result.name
        yield from _lines(result.scores)
        if errors:
            yield from (f"    {line}" for line in result.errors)
    if len(results) > 1:
        yield f"total of {len(results)}"
        yield from _lines(totals(results))


def _lines(scores: dict[str, Score]) -> Iterator[str]:
    for kind, counts in scores.items():
        shares = "  ".join(f"{name} {hit}/{of}" if name != "wrong links" else f"wrong links {hit}" for name, (hit, of) in counts.shares.items())
        spotting = f"F1 {counts.f1:.3f}  precision {counts.precision:.3f}  recall {counts.recall:.3f}  right {counts.right}  extra {counts.extra}  missed {counts.missed}  "
        yield f"  {kind:<11}{'' if kind == 'document' else spotting}{shares}".rstrip()

"""One run over a corpus as JSON, and what changed between two: so that a rule change is judged by what it does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractor.errors import UnreadableDocument
from extractor.evaluate.scores import Result, Score, totals

SCHEMA = "extractor/evaluation/1"
_CHANGED = 0.00005
"""Scores closer than this are the same."""
Run = dict[str, Any]


def as_run(results: Sequence[Result], sha256: str, unused: Sequence[tuple[str, str]]) -> Run:
    """A run: for each rendition its scores and errors, the totals, the rules that never fired; `sha256` is the rules'."""
    return {
        "schema": SCHEMA,
        "rules": sha256,
        "reports": [{"name": result.name, "scores": _scores(result.scores), "errors": result.errors} for result in results],
        "totals": _scores(totals(results)),
        "unused": [{"kind": kind, "id": rule} for kind, rule in unused],
    }


def _scores(scores: Mapping[str, Score]) -> Run:
    return {
        kind: {
            "right": score.right, "extra": score.extra, "missed": score.missed,
            "precision": round(score.precision, 6), "recall": round(score.recall, 6), "f1": round(score.f1, 6), "shares": score.shares,
        }
        for kind, score in scores.items()
    }  # fmt: skip


def dump(run: Run) -> bytes:
    """The run as it is written to a file."""
    return json.dumps(run, ensure_ascii=False, indent=1).encode() + b"\n"


def load(path: Path) -> Run:
    """A run that was written before. Raises `UnreadableDocument`."""
    advice = "pass a file written by `extractor evaluate CORPUS -o FILE`"
    try:
        run = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableDocument(str(path), f"this is no run of an evaluation ({getattr(error, 'strerror', None) or 'not JSON'})", advice) from error
    if not isinstance(run, dict) or run.get("schema") != SCHEMA:
        raise UnreadableDocument(str(path), "this is no run of an evaluation", advice)
    return run


def compared(before: Run, now: Run) -> Iterator[str]:
    """What changed from one run to the next: scores, errors that went away (-) and came up (+), report by report."""
    old = {report["name"]: report for report in before["reports"]}
    new = {report["name"]: report for report in now["reports"]}
    gone = came = 0
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            yield f"{name}: only in the run {'now' if name in new else 'before'}"
            continue
        earlier, later = Counter(old[name]["errors"]), Counter(new[name]["errors"])
        lines = [f"  - {line}" for line in (earlier - later).elements()] + [f"  + {line}" for line in (later - earlier).elements()]
        lines = [*_moved(old[name]["scores"], new[name]["scores"]), *lines]
        if lines:
            yield name
            yield from lines
        gone, came = gone + (earlier - later).total(), came + (later - earlier).total()
    changed = list(_moved(before["totals"], now["totals"]))
    if changed:
        yield "total"
        yield from changed
    yield f"{gone} errors went away, {came} came up"


def _moved(before: Run, now: Run) -> Iterator[str]:
    """One line a class whose scores changed: precision, recall, F1, shares."""
    for kind in dict.fromkeys([*before, *now]):
        old, new = _numbers(before.get(kind, {})), _numbers(now.get(kind, {}))
        parts = [f"{name} {_shown(old.get(name))} -> {_shown(new.get(name))}" for name in dict.fromkeys([*old, *new]) if _differ(old.get(name), new.get(name))]
        if parts:
            yield f"  {kind:<11}{'  '.join(parts)}"


def _numbers(score: Run) -> dict[str, float]:
    """The scores of a class by name; wrong links are counted, not a share."""
    plain = {name: score[name] for name in ("precision", "recall", "f1") if name in score}
    return plain | {name: float(hit) if name == "wrong links" else hit / of if of else 1.0 for name, (hit, of) in score.get("shares", {}).items()}


def _differ(a: float | None, b: float | None) -> bool:
    return a is not b and (a is None or b is None or abs(a - b) > _CHANGED)


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if value > 1 else f"{value:.3f}"

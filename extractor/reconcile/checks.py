"""Records -> findings: where a report contradicts its form, or itself.

One module a kind of check, each with ``find(case) -> Iterable[Finding]``; to add one: a
module and its line in `CHECKS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from extractor.model import CHECK_SCHEMA, Check, Finding, Report, Verdict
from extractor.reconcile import awards, counts, events, figures, formats, growth, order, statistics, sums
from extractor.reconcile.case import Case
from extractor.reconcile.findings import ordered, placed
from extractor.reconcile.scans import judged
from extractor.registry import Tables

CHECKS: dict[str, Callable[[Case], Iterable[Finding]]] = {
    "figure_vs_statistic": statistics.find,
    "figure_vs_figure": figures.find,
    "sum": sums.find,
    "count": counts.find,
    "event_vs_event": events.find,
    "award_vs_award": awards.find,
    "date_order": order.find,
    "growth": growth.find,
    "format": formats.find,
}


GRAVITY: tuple[Verdict, ...] = ("conflicts", "missing", "review", "agrees")
"""The verdicts, gravest first."""


def check(report: Report, earlier: Sequence[Report], tables: Tables) -> Check:
    """All findings of a report, gravest first; `earlier` are reports of earlier years in any order."""
    case = Case(report, tables, earlier)
    found = ordered([judged(report, finding) for find in CHECKS.values() for finding in find(case)])
    found = tuple(placed(report, finding) for finding in found)
    return Check(schema=CHECK_SCHEMA, source=report.source, findings=found, summary=_summary(found))


def selected(whole: Check, kinds: Collection[str], ignored: Collection[str]) -> Check:
    """The check with only the findings of some kinds (none given: all), without those whose fingerprint is ignored."""
    kept = tuple(f for f in whole.findings if (not kinds or f.kind in kinds) and f.fingerprint not in ignored)
    return msgspec.structs.replace(whole, findings=kept, summary=_summary(kept))


def _summary(findings: Iterable[Finding]) -> dict[str, int]:
    counted = Counter(f.verdict for f in findings)
    return {verdict: counted[verdict] for verdict in GRAVITY}

"""Records -> findings: where a report contradicts its form, or itself.

One module a kind of check, each with ``find(report, earlier, tables) -> Iterable[Finding]``; to add one: a
module and its line in `CHECKS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from extractor.model import CHECK_SCHEMA, Check, Finding, Report
from extractor.reconcile import awards, counts, events, figures, formats, growth, order, statistics, sums
from extractor.reconcile.findings import ordered
from extractor.registry import Tables

CHECKS: dict[str, Callable[[Report, Sequence[Report], Tables], Iterable[Finding]]] = {
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


def check(report: Report, earlier: Sequence[Report], tables: Tables) -> Check:
    """All findings of a report, gravest first; `earlier` are reports of earlier years, newest first or not."""
    found = ordered([finding for find in CHECKS.values() for finding in find(report, earlier, tables)])
    counts_by = Counter(f.verdict for f in found)
    return Check(
        schema=CHECK_SCHEMA, source=report.source, findings=found,
        summary={verdict: counts_by[verdict] for verdict in ("conflicts", "missing", "review", "agrees")},
    )  # fmt: skip

"""One report under check: the report, those of earlier years, the rules, and what several kinds of check derive from it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from extractor.folding import fold
from extractor.model import Event, Figure, Report, Statistic

if TYPE_CHECKING:
    from extractor.registry import Tables


class Case:
    """What a kind of check is given; everything derived is worked out once, when it is first asked for."""

    def __init__(self, report: Report, tables: Tables, earlier: Sequence[Report] = ()) -> None:
        self.report, self.tables, self.earlier = report, tables, earlier

    @cached_property
    def text(self) -> str:
        """The report's text, folded; offsets are the same."""
        return fold(self.report.text)

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures in reading order."""
        return sorted(self.report.figures, key=lambda figure: figure.start)

    @cached_property
    def rows(self) -> dict[tuple[str, str | None], Statistic]:
        """The form's rows with a quantity, by indicator and period."""
        return {(row.indicator, row.period): row for row in self.report.statistics if row.indicator and row.quantity}

    @cached_property
    def pairs(self) -> list[tuple[Event, Event]]:
        """The pairs of tellings of one event."""
        from extractor.reconcile.events import pairs

        return pairs(self.report)

"""Counts of right and wrong by class, and what is computed of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Gold = dict[str, Any]


@dataclass
class Score:
    """Counts of one class: true and false positives, misses, and shares such as intervals (right, of)."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    shares: dict[str, list[int]] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1.0 where nothing was found."""
        return _ratio(self.right, self.right + self.extra)

    @property
    def recall(self) -> float:
        """The share of what is there that was found; 1.0 where there is nothing to find."""
        return _ratio(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """F1 of the spotting, 1.0 where there is nothing to find and nothing was found."""
        return _ratio(2 * self.right, 2 * self.right + self.extra + self.missed)

    def share(self, name: str, hit: bool) -> None:
        """Counts one more case of a share."""
        counts = self.shares.setdefault(name, [0, 0])
        counts[0] += hit
        counts[1] += 1

    def add(self, other: Score) -> None:
        """Adds the counts of another score."""
        self.right, self.extra, self.missed = self.right + other.right, self.extra + other.extra, self.missed + other.missed
        for name, (hit, of) in other.shares.items():
            counts = self.shares.setdefault(name, [0, 0])
            counts[0] += hit
            counts[1] += of


@dataclass
class Result:
    """The scores of one rendition, by class, and its errors as lines."""

    name: str
    scores: dict[str, Score]
    errors: list[str]


def totals(results: Iterable[Result]) -> dict[str, Score]:
    """The counts of all results together, by class."""
    summed: dict[str, Score] = {}
    for result in results:
        for kind, score in result.scores.items():
            summed.setdefault(kind, Score()).add(score)
    return summed


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0

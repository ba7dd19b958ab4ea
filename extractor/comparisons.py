"""rules/checks.toml: which comparisons exist between figures and form rows, and inside the form.

A closed vocabulary without expressions: equal, at_most, at_least between a figure and rows added up; sum and
part_of between rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from extractor import quantities
from extractor.model import Rule, Struct
from extractor.reconcile.intervals import Interval, exactly, of, total

Relation = Literal["equal", "at_most", "at_least", "sum", "part_of"]
Severity = Literal["hard", "soft"]


class Compare(Rule, frozen=True):
    """A figure of one indicator against form rows, added up."""

    figure: str
    statistic: tuple[str, ...]
    relation: Literal["equal", "at_most", "at_least"]
    severity: Severity
    reason: str


class Identity(Rule, frozen=True):
    """Rows of the form that make up others, or may not exceed them."""

    whole: tuple[str, ...]
    parts: tuple[str, ...]
    relation: Literal["sum", "part_of"]
    severity: Severity
    reason: str


class Tables(Struct, frozen=True):
    compares: dict[str, tuple[Compare, ...]]
    identities: tuple[Identity, ...]

    def unknown(self, indicators: set[str]) -> list[str]:
        """Faults for names that are no indicator."""
        named = [("compare", c.id, name) for found in self.compares.values() for c in found for name in (c.figure, *c.statistic)]
        named += [("identity", i.id, name) for i in self.identities for name in (*i.whole, *i.parts)]
        return [f"checks.toml: [[{kind}]] {rule}: {name!r} is no indicator" for kind, rule, name in named if name not in indicators]


def compile_tables(compares: Iterable[Compare], identities: Iterable[Identity], faults: list[str]) -> Tables:
    """The comparisons by figure. An identity that names a row twice is a fault."""
    by_figure: dict[str, tuple[Compare, ...]] = {}
    for rule in compares:
        by_figure[rule.figure] = (*by_figure.get(rule.figure, ()), rule)
    identities = tuple(identities)
    for identity in identities:
        named = (*identity.whole, *identity.parts)
        if len(set(named)) < len(named) or not identity.parts:
            faults.append(f"checks.toml: [[identity]] {identity.id}: parts: every row once, and none that is the whole")
    return Tables(by_figure, identities)


def broken(relation: Relation, left: Interval, right: Interval) -> bool:
    """Whether two intervals break the relation: equal and sum need them to meet, at_most and part_of allow less on
    one side."""
    if relation in ("equal", "sum"):
        return not left.meets(right)
    if relation in ("at_least", "part_of"):
        return left.below(right)
    return right.below(left)


def compare_fires(rule: Compare, text: str, amounts: quantities.Tables) -> bool:
    """Whether the values of an example, ``figure in words | row + row``, break the rule."""
    words, _, rows = text.partition(" | ")
    figures = [q for q in quantities.find(words, amounts) if q.unit]
    return bool(figures) and broken(rule.relation, of(figures[0]), _added(rows))


def identity_fires(rule: Identity, text: str) -> bool:
    """Whether the values of an example, ``whole | part + part``, break the rule."""
    whole, _, parts = text.partition(" | ")
    return broken(rule.relation, _added(whole), _added(parts))


def _added(values: str) -> Interval:
    return total(exactly(float(value)) for value in values.split(" + "))

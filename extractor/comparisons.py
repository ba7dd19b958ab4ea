"""rules/checks.toml: which comparisons exist between figures and form rows, and inside the form.

A closed vocabulary without expressions: equal, at_most, at_least between a figure and rows added up; sum, part_of and
ratio between rows; carried between the rows of two years.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from extractor import quantities
from extractor.model import Rule, Struct
from extractor.reconcile.intervals import Interval, exactly, of, total

Relation = Literal["equal", "at_most", "at_least", "sum", "part_of", "ratio"]
Severity = Literal["hard", "soft"]


class Compare(Rule, frozen=True):
    """A figure of one indicator against form rows, added up."""

    figure: str
    statistic: tuple[str, ...]
    relation: Literal["equal", "at_most", "at_least"]
    severity: Severity
    reason: str


class Identity(Rule, frozen=True):
    """Rows of the form that make up others, may not exceed them, or (ratio) are the first divided by the second."""

    whole: tuple[str, ...]
    parts: tuple[str, ...]
    relation: Literal["sum", "part_of", "ratio"]
    severity: Severity
    reason: str


class Carry(Rule, frozen=True):
    """A stock at the year's end: last year's and what came in, less what went out; at_most where more may have gone out
    than the form tells."""

    stock: str
    added: tuple[str, ...]
    relation: Literal["equal", "at_most"]
    severity: Severity
    reason: str
    removed: tuple[str, ...] = ()


class Tables(Struct, frozen=True):
    compares: dict[str, tuple[Compare, ...]]
    identities: tuple[Identity, ...]
    carries: tuple[Carry, ...] = ()

    def unknown(self, indicators: set[str]) -> list[str]:
        """Faults for names that are no indicator."""
        named = [("compare", c.id, name) for found in self.compares.values() for c in found for name in (c.figure, *c.statistic)]
        named += [("identity", i.id, name) for i in self.identities for name in (*i.whole, *i.parts)]
        named += [("carry", c.id, name) for c in self.carries for name in (c.stock, *c.added, *c.removed)]
        return [f"checks.toml: [[{kind}]] {rule}: {name!r} is no indicator" for kind, rule, name in named if name not in indicators]


def compile_tables(compares: Iterable[Compare], identities: Iterable[Identity], carries: Iterable[Carry], faults: list[str]) -> Tables:
    """The comparisons by figure. An identity that names a row twice is a fault, and a ratio of other than two."""
    by_figure: dict[str, tuple[Compare, ...]] = {}
    for rule in compares:
        by_figure[rule.figure] = (*by_figure.get(rule.figure, ()), rule)
    identities = tuple(identities)
    for identity in identities:
        named = (*identity.whole, *identity.parts)
        if len(set(named)) < len(named) or not identity.parts:
            faults.append(f"checks.toml: [[identity]] {identity.id}: parts: every row once, and none that is the whole")
        elif identity.relation == "ratio" and len(identity.parts) != 2:
            faults.append(f"checks.toml: [[identity]] {identity.id}: parts: a ratio has two, what is divided and by what")
    return Tables(by_figure, identities, tuple(carries))


def broken(relation: Relation, left: Interval, right: Interval) -> bool:
    """Whether two intervals break the relation: equal, sum and ratio need them to meet, at_most and part_of allow less on
    one side."""
    if relation in ("equal", "sum", "ratio"):
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
    """Whether the values of an example, ``whole | part + part`` (of a ratio ``whole | this / by``), break the rule."""
    whole, _, parts = text.partition(" | ")
    if rule.relation == "ratio":
        divided, _, by = parts.partition(" / ")
        return broken("ratio", printed(whole), quotient(_added(divided), _added(by)))
    return broken(rule.relation, _added(whole), _added(parts))


def carry_fires(rule: Carry, text: str) -> bool:
    """Whether the values of an example, ``now | then + added - removed``, break the rule."""
    now, _, parts = text.partition(" | ")
    return broken(rule.relation, _added(now), total(exactly(float(value)) for value in parts.replace(" - ", " + -").split(" + ")))


def printed(value: str) -> Interval:
    """A quotient as it is printed: rounded to its last place."""
    number = Decimal(value.replace(",", ""))
    half = Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2
    return Interval(number - half, number + half)


def quotient(divided: Interval, by: Interval) -> Interval:
    """The first divided by the second; open where the second may be nothing."""
    if divided.low is None or divided.high is None or by.low is None or by.high is None or by.low <= 0:
        return Interval(None, None)
    ends = [value / other for value in (divided.low, divided.high) for other in (by.low, by.high)]
    return Interval(min(ends), max(ends))


def _added(values: str) -> Interval:
    return total(exactly(float(value)) for value in values.split(" + "))

"""Findings of the check against the gold's conflicts, agreements and traps.

A conflict of the gold is found where a finding that is no agreement stands at both its ends; every contradiction that no
line of the gold explains is an alarm. Comparing what the gold calls a trap is a mistake whatever comes out.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractor.evaluate.places import Locator, Span, meets
from extractor.evaluate.scores import Gold, Score
from extractor.model import Check

_PASSAGES = ("event_vs_event", "award_vs_award", "date_order", "format")
"""Kinds whose ends are passages, compared by the whole quote; of the others by the figure alone."""
_TOTALS = ("sum", "count")
"""Kinds whose right side is a list: the total at one end, and the parts or items at the other."""
_ONE_ENDED = ("date_order", "format")
"""Kinds of which one end is enough: the other may be put in several places."""


def findings(check: Check, gold: Gold, place: Locator, errors: list[str]) -> Score:
    """Right: conflicts found; missed: conflicts not found; extra: alarms. Shares: `verdicts` as in the gold, `agreements`
    confirmed, `traps` avoided, and `reviews` (findings to be looked at or missing) that the gold explains."""
    return _Matching(check, gold, place, errors).score()


class _Matching:
    """The findings of one report beside its gold."""

    def __init__(self, check: Check, gold: Gold, place: Locator, errors: list[str]) -> None:
        self.found = check.findings
        self.gold, self.place, self.errors = gold, place, errors
        self.ends = [(place.span(finding.left), place.span(finding.right)) for finding in self.found]
        self.result = Score()

    def score(self) -> Score:
        explained = self._conflicts()
        self._traps(explained | self._agreements())
        for number, finding in enumerate(self.found):
            if finding.verdict == "conflicts" and number not in explained:
                self.result.extra += 1
                self.errors.append(f"alarm not in gold: {finding.kind}: {finding.message}")
            elif finding.verdict in ("review", "missing"):
                self.result.share("reviews", number in explained)
        return self.result

    def _conflicts(self) -> set[int]:
        """The numbers of the findings that a conflict of the gold explains. One finding answers one conflict."""
        explained: set[int] = set()
        taken: set[int] = set()
        for wanted in self.gold.get("conflicts", ()):
            verdict = wanted.get("verdict", "conflicts")
            fitting = [number for number in self._at(wanted) if self.found[number].verdict != "agrees"]
            explained.update(fitting)
            free = sorted((number for number in fitting if number not in taken), key=lambda number: self.found[number].verdict != verdict)
            if not free:
                self.result.missed += 1
                self.errors.append(f"contradiction not found: {wanted['kind']}: {wanted['left']['quote']} / {wanted['right']['quote']}")
                continue
            taken.add(free[0])
            self.result.right += 1
            got = self.found[free[0]].verdict
            self.result.share("verdicts", got == verdict)
            if got != verdict:
                self.errors.append(f"verdict: {wanted['kind']}: {wanted['left']['quote']}: gold {verdict}, got {got}")
        return explained

    def _agreements(self) -> set[int]:
        """The numbers of the findings that an agreement of the gold explains."""
        explained: set[int] = set()
        for wanted in self.gold.get("agreements", ()):
            fitting = set(self._at(wanted))
            explained |= fitting
            verdicts = {self.found[number].verdict for number in fitting}
            self.result.share("agreements", "agrees" in verdicts)
            if "agrees" not in verdicts:
                said = "called a contradiction" if "conflicts" in verdicts else "not found"
                self.errors.append(f"agreement {said}: {wanted['kind']}: {wanted['left']['quote']} / {wanted['right']['quote']}")

        return explained

    def _traps(self, explained: set[int]) -> None:
        """A finding that another line of the gold explains springs no trap: a row's span reaches over last year's cell."""
        for wanted in self.gold.get("traps", ()):
            sprung = any(self.found[number].verdict in ("conflicts", "agrees") for number in set(self._at(wanted)) - explained)
            self.result.share("traps", not sprung)
            if sprung:
                self.errors.append(f"trap: different concepts compared: {wanted['left']['quote']} / {wanted['right']['quote']}")

    def _at(self, wanted: Gold) -> Iterator[int]:
        """The numbers of the findings that stand where the gold says."""
        kind = wanted["kind"]
        left = self._places(wanted["left"], kind in _PASSAGES)
        right = self._places(wanted["right"], kind in (*_PASSAGES, *_TOTALS))
        one_end = kind in _ONE_ENDED or wanted.get("verdict") == "missing"
        for number, (finding, (a, b)) in enumerate(zip(self.found, self.ends, strict=True)):
            if one_end:
                fits = finding.kind == kind and (_any(a, left) or _any(b, left))
            elif kind in _TOTALS:
                fits = finding.kind == kind and _both(a, b, left, right or [b])
            else:
                fits = _both(a, b, left, right)
            if fits:
                yield number

    def _places(self, side: Gold, whole: bool) -> list[Span]:
        return self.place.find(side["quote"], side["quote"] if whole else side["raw"])


def _any(end: Span, places: list[Span]) -> bool:
    return any(meets(end, place) for place in places)


def _both(a: Span, b: Span, left: list[Span], right: list[Span]) -> bool:
    """Whether one end stands at the left places and the other at the right ones."""
    return (_any(a, left) and _any(b, right)) or (_any(a, right) and _any(b, left))

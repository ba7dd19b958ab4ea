"""The check and the links on excerpts that were written without knowledge of the rules. What is found may only grow."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import excerpts

FOUND = {"sum": 21, "count": 19, "fvf": 21, "fvs": 13, "growth": 11, "event": 9, "award": 5, "date": 6}
"""Contradictions found so far, by kind."""
FALSE: set[str] = set()
"""Excerpts with a false alarm so far."""


@cache
def outcomes() -> tuple[excerpts.Outcome, ...]:
    return tuple(excerpts.checked(case) for case in excerpts.cases("checks.jsonl"))


@pytest.mark.parametrize("kind", FOUND)
def test_planted_contradictions_are_found(kind: str) -> None:
    mine = [one for one in outcomes() if one.name.rsplit("-", 1)[0] == kind]
    found = sum(one.planted - len(one.missed) for one in mine)
    assert found >= FOUND[kind], [(one.name, one.missed) for one in mine if one.missed]


def test_nothing_else_is_called_a_contradiction() -> None:
    assert {one.name: [f.message for f in one.alarms] for one in outcomes() if one.alarms and one.name not in FALSE} == {}


def test_hardly_anything_else_is_asked() -> None:
    asked = [f.message for one in outcomes() for f in one.questions]
    assert len(asked) <= 3, asked


def test_an_outcome_tells_what_is_missed_and_what_is_false() -> None:
    head, rest = "云溪县图书馆2021年工作总结\n一、工作\n职工62人，男职工27人，女职工34人", "，平均年龄四十一岁。"
    wanted = {"kind": "sum", "left": "职工62人", "right": "男职工27人"}
    assert excerpts.checked({"id": "x-1", "text": head + rest, "expect": [wanted]}).missed == []
    assert [f.kind for f in excerpts.checked({"id": "x-1", "text": head + rest, "expect": []}).alarms] == ["sum"]
    assert excerpts.checked({"id": "x-1", "text": head.replace("62", "61") + rest, "expect": [{**wanted, "left": "职工61人"}]}).missed != []


LINKED = {"library-seen": (0.95, 0.01, 0.06), "library-unseen": (0.80, 0.02, 0.12), "others-seen": (0.93, 0.01, 0.06), "others-unseen": (0.79, 0.025, 0.12)}
"""By file of sentences: at least so many figures of the year linked; at most so many wrongly, and so many falsely where none is meant."""


@pytest.mark.parametrize("name", LINKED)
def test_figures_are_linked_to_what_they_count(name: str) -> None:
    found = [one for case in excerpts.cases(f"links-{name}.jsonl") for one in excerpts.linked(case)]
    year, none = [one for one in found if one[0] == "year"], [one for one in found if one[0] == "null"]
    least, wrong, false = LINKED[name]
    assert sum(one[2] == one[3] for one in year) >= least * len(year)
    assert sum(one[3] not in (None, one[2]) for one in year) <= wrong * len(year), [one for one in year if one[3] not in (None, one[2])]
    assert sum(one[3] is not None for one in none) <= false * len(none), [one for one in none if one[3]]

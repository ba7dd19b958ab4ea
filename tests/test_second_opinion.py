"""The comparison of a trained model with the rules: the gold's places, the marks, the counts."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import second_opinion as opinion  # noqa: E402

TEXT = "云溪县图书馆2021年工作总结\n4月23日，举办读书节，评出一等奖3名。\n12月，我馆被云溪县委评为“先进集体”。\n项目\t授予单位\n先进集体\t云溪县委"
GOLD: dict[str, Any] = {
    "organization": "云溪县图书馆",
    "events": [{"origin": "narrative", "text": "举办读书节", "dates": ["2021-04-23"]}],
    "awards": [
        {"origin": "table", "title": "先进集体", "rank": "先进集体", "issuer": "云溪县委"},
        {"origin": "narrative", "quote": "我馆被云溪县委评为“先进集体”", "rank": "先进集体", "issuer": "云溪县委", "recipient": "云溪县图书馆"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def report() -> opinion.Sample:
    return opinion.sample("yunxi-2021", TEXT, GOLD, {})


def test_the_gold_stands_in_its_places(report: opinion.Sample) -> None:
    said = {layer: [TEXT[w.start : w.end] for w in places] for layer, places in report.wanted.items()}
    assert said == {"awards": ["先进集体"] * 2, "events": ["举办读书节"], "organisations": ["云溪县图书馆", "云溪县委", "云溪县委"]}
    narrative, table = report.wanted["awards"]
    assert narrative.end < TEXT.index("项目") < table.start


def test_traditional_characters_are_marked_in_simplified_ones() -> None:
    read = {ord("雲"): "云", ord("進"): "进"}
    report = opinion.sample("x", TEXT.replace("云", "雲").replace("进", "進"), GOLD | {"organization": "雲溪县图书馆"}, read)
    assert report.text == TEXT and report.ranks == {"先进集体"}
    assert next(w.start for w in report.wanted["organisations"]) == 0


def test_what_counts_is_what_the_rules_have_missed(report: opinion.Sample) -> None:
    first, second = ((w.start, w.end) for w in report.wanted["awards"])
    prize = TEXT.index("一等奖"), TEXT.index("一等奖") + 3
    counted = opinion.Marks()
    opinion.compare(counted, report.wanted["awards"], [prize, second], [(0, 5), first])
    assert (counted.model.right, counted.model.extra, counted.model.missed) == (1, 1, 1)
    assert (counted.rules.right, counted.rules.extra, counted.rules.missed) == (1, 1, 1)
    assert (counted.alone, counted.useful, counted.unmarked, counted.wrong) == (2, 1, 2, 1)


def test_a_mark_that_meets_what_the_rules_found_elsewhere_is_not_useful() -> None:
    wanted = [opinion.Wanted(0, 20, (0, 16))]
    counted = opinion.Marks()
    opinion.compare(counted, wanted, [(8, 16)], [(0, 8)])
    assert (counted.alone, counted.useful) == (1, 0)


def test_the_list_of_ranks_finds_every_place_once() -> None:
    assert opinion.listed({"一等奖", "先进集体", "集体"}, TEXT) == [
        (at, at + len(word)) for word, at in (("一等奖", TEXT.index("一等奖")), ("先进集体", TEXT.index("先进集体")), ("先进集体", TEXT.rindex("先进集体")))
    ]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30), st.integers(0, 4), st.integers(1, 5))
def test_runs_are_in_order_apart_and_long_enough(tokens: list[tuple[bool, bool]], gap: int, least: int) -> None:
    inside = [a for a, _ in tokens]
    found = list(opinion.runs(inside, [b for _, b in tokens], gap, least))
    assert all(inside[first] and inside[last] and last - first + 1 >= least for first, last in found)
    assert all(last < first for (_, last), (first, _) in itertools.pairwise(found))
    if least == 1:
        assert {i for i, is_inside in enumerate(inside) if is_inside} <= {i for first, last in found for i in range(first, last + 1)}


def test_a_model_learns_what_it_was_shown_and_the_same_each_time(report: opinion.Sample) -> None:
    found = [opinion.marks(opinion.train([report], epochs=40), TEXT) for _ in range(2)]
    assert found[0] == found[1]
    assert [TEXT[start:end] for start, end in found[0]["awards"]] == ["先进集体", "先进集体"]
    assert "云溪县图书馆" in [TEXT[start:end] for start, end in found[0]["organisations"]]


def test_the_reports_that_take_part_are_in_the_corpus_once() -> None:
    came = [*opinion.FIRST, *(name for names in opinion.CAME.values() for name in names)]
    assert len(came) == len(set(came)) and all((ROOT / "corpus" / name).is_dir() for name in came)

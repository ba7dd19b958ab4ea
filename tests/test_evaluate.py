"""The scorer itself, on small reports with gold made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import extractor
from extractor.errors import UnreadableDocument
from extractor.evaluate import Locator, Result, Score, evaluate_corpus, render, score
from extractor.model import Report

TEXT = """云溪县图书馆2021年工作总结
一、主要工作
全年接待读者3.2万人次，举办讲座8场。去年举办讲座5场。
二、2021年大事记
1、1月4日，召开总结会。
2、5月1日、2日，举办展览1个。
3、9月9日，赠书300册。
附：获奖情况一览表
序号	荣誉名称	获奖单位	授予单位	级别	时间
1	先进单位	云溪县图书馆	云溪市文旅局	市级	2021年3月
2	先进集体	云溪县图书馆	云溪县文旅局	县级	2021年5月
附：基本情况统计表
项目	代码	单位	指标
十一、为读者举办各种活动
二、藏量	16	册、件	128,634
计算机台数	46	台	68
""".replace("十一、为读者举办各种活动", "十一、为读者举办各种活动\t\t\t")


def report(text: str = TEXT) -> Report:
    return extractor.extract(extractor.read(text.encode(), "a.txt"))


def figure(quote: str, raw: str, value: float, unit: str, low: float | None = None, high: float | None = None, **more: Any) -> dict[str, Any]:
    return {"section": "narrative", "quote": quote, "raw": raw, "value": value, "unit": unit, "low": value if low is None else low, "high": value if high is None else high, **more}


VISITS = figure("全年接待读者3.2万人次，举办", "3.2万人次", 32000, "人次", 31500, 32500, indicator="visits.total")
LECTURES = figure("举办讲座8场。去年", "8场", 8, "场", indicator="events.lectures.count")
LAST_YEAR = figure("去年举办讲座5场。", "5场", 5, "场", period="2020")
EXHIBITION = figure("举办展览1个。", "1个", 1, "个", section="chronicle", period="2021-05-01/2021-05-02")
BOOKS = figure("赠书300册。", "300册", 300, "册", section="chronicle", period="2021-09-09")
FIGURES = (VISITS, LECTURES, LAST_YEAR, BOOKS, {**EXHIBITION, "period": "2021"})


def gold(figures: Sequence[dict[str, Any]] = FIGURES, **more: Any) -> dict[str, Any]:
    return {"organization": "云溪县图书馆", "period": "2021", "figures": list(figures), "events": [], "awards": [], **more}


def scored(wanted: dict[str, Any], text: str = TEXT) -> Result:
    return score(report(text), wanted, "a.txt")


def without_events(result: Result) -> list[str]:
    return [line for line in result.errors if not line.startswith(("chronicle event", "award"))]


# --- figures --------------------------------------------------------------------------------------


def test_all_right() -> None:
    result = scored(gold())
    counts = result.scores["figures"]
    assert (counts.right, counts.extra, counts.missed, counts.f1) == (5, 0, 0, 1.0)
    assert counts.shares == {"exact": [5, 5], "intervals": [5, 5], "indicators": [2, 2], "other periods": [2, 2]}
    assert without_events(result) == []


def test_a_figure_that_is_not_there_is_missed() -> None:
    counts = scored(gold([*FIGURES, figure("全年接待读者9.9万人次", "9.9万人次", 99000, "人次")])).scores["figures"]
    assert (counts.right, counts.extra, counts.missed) == (5, 0, 1)
    assert counts.f1 == pytest.approx(10 / 11)


def test_a_figure_that_the_gold_does_not_have_is_extra() -> None:
    result = scored(gold(FIGURES[1:]))
    assert (result.scores["figures"].right, result.scores["figures"].extra) == (4, 1)
    assert any("figure not in gold: 3.2万人次" in line for line in result.errors)


@pytest.mark.parametrize(
    ("change", "share"),
    [
        ({"value": 3200}, "exact"), ({"unit": "人"}, "exact"), ({"low": 32000}, "intervals"), ({"high": 32999}, "intervals"), ({"high": None}, "intervals"),
        ({"indicator": "loans.external_volumes"}, "indicators"), ({"period": "2020"}, "other periods"),
    ],
)  # fmt: skip
def test_a_figure_found_but_read_otherwise_counts_in_its_share(change: dict[str, Any], share: str) -> None:
    result = scored(gold([{**VISITS, **change}, *FIGURES[1:]]))
    counts = result.scores["figures"]
    assert (counts.right, counts.missed) == (5, 0)
    assert counts.shares[share][0] == counts.shares[share][1] - 1
    assert len(without_events(result)) == 1 and "3.2万人次" in without_events(result)[0]


def test_the_gold_may_accept_other_indicators_and_refuse_some() -> None:
    also = scored(gold([{**VISITS, "indicator": "x", "indicator_also": ["visits.total"]}, *FIGURES[1:]])).scores["figures"]
    refused = scored(gold([{**VISITS, "indicator": None, "indicator_not": ["visits.total"]}, *FIGURES[1:]])).scores["figures"]
    silent = scored(gold([{**VISITS, "indicator": None}, *FIGURES[1:]])).scores["figures"]
    assert also.shares["indicators"] == [2, 2] and "wrong links" not in also.shares
    assert refused.shares["wrong links"] == [1, 1] and "wrong links" not in silent.shares


def test_an_optional_figure_is_neither_missed_nor_extra() -> None:
    there = scored(gold([{**VISITS, "optional": True}, *FIGURES[1:]])).scores["figures"]
    absent = scored(gold([*FIGURES, figure("接待9.9万人次", "9.9万人次", 99000, "人次", optional=True)])).scores["figures"]
    assert (there.right, there.extra, there.missed) == (4, 0, 0)
    assert (absent.right, absent.extra, absent.missed) == (5, 0, 0)


def test_white_space_in_quote_and_text_does_not_matter() -> None:
    spaced = gold([{**VISITS, "quote": "全年接待读者\n3.2 万人次，举办", "raw": "3.2 万人次"}, *FIGURES[1:]])
    assert scored(spaced, TEXT.replace("3.2万人次", "3.2 万 人次")).scores["figures"].f1 == 1.0


def test_one_figure_answers_one_line_of_the_gold() -> None:
    counts = scored(gold([*FIGURES, LECTURES])).scores["figures"]
    assert (counts.right, counts.missed) == (5, 1)


def test_only_the_annotated_zone_is_searched_for_extra_figures() -> None:
    counts = scored(gold([VISITS, LECTURES, LAST_YEAR], zone=["一、主要工作", "二、2021年大事记"])).scores["figures"]
    assert (counts.right, counts.extra) == (3, 0)


# --- events, awards, rows -------------------------------------------------------------------------

EVENTS = [
    {"origin": "chronicle", "number": 1, "text": "召开总结会", "dates": ["2021-01-04"]},
    {"origin": "chronicle", "number": 2, "text": "举办展览1个", "dates": ["2021-05-01", "2021-05-02"]},
    {"origin": "chronicle", "number": 3, "text": "赠书300册", "dates": ["2021-09-09"]},
]


def test_events_by_words_and_dates() -> None:
    counts = scored(gold(events=EVENTS)).scores["events"]
    assert (counts.right, counts.extra, counts.missed, counts.shares["dates"]) == (3, 0, 0, [3, 3])


def test_two_days_in_a_row_count_as_their_interval_and_other_dates_do_not() -> None:
    same = [EVENTS[0], {**EVENTS[1], "dates": ["2021-05-01/2021-05-02"]}, {**EVENTS[2], "dates": ["2021-09-10"], "dates_also": [["2021-09-09"]]}]
    other = [EVENTS[0], {**EVENTS[1], "dates": ["2021-05-01"]}, EVENTS[2]]
    assert scored(gold(events=same)).scores["events"].shares["dates"] == [3, 3]
    assert scored(gold(events=other)).scores["events"].shares["dates"] == [2, 3]


def test_an_entry_missed_and_an_entry_too_many() -> None:
    result = scored(gold(events=[*EVENTS[:2], {"origin": "chronicle", "number": 9, "text": "植树", "dates": []}]))
    counts = result.scores["events"]
    assert (counts.right, counts.extra, counts.missed) == (2, 1, 1)
    assert "event missed: 植树" in result.errors and any("赠书300册" in line for line in result.errors)


AWARDS = [
    {"origin": "table", "title": "先进单位", "rank": "先进单位", "recipient": "云溪县图书馆", "issuer": "云溪市文旅局", "level": "municipal", "date": "2021-03"},
    {"origin": "table", "title": "先进集体", "rank": "先进集体", "recipient": "云溪县图书馆", "issuer": "云溪县文旅局", "level": "county", "date": "2021-05"},
]


def test_awards_by_title_with_their_slots() -> None:
    counts = scored(gold(awards=AWARDS)).scores["awards"]
    assert (counts.right, counts.extra, counts.missed) == (2, 0, 0)
    hit, of = counts.shares["slots"]
    assert hit == of == 10


def test_a_wrong_slot_a_missed_and_an_extra_award() -> None:
    counts = scored(gold(awards=[{**AWARDS[0], "issuer": "云溪省文旅厅"}, {**AWARDS[1], "title": "十佳图书馆"}])).scores["awards"]
    assert (counts.right, counts.extra, counts.missed) == (1, 1, 1)
    hit, of = counts.shares["slots"]
    assert hit == of - 1


ROWS = [{"code": "16", "label": "二、藏量", "value": 128634, "unit": "册、件"}, {"code": "46", "label": "计算机台数", "value": 68, "unit": "台"}]


@pytest.mark.parametrize("heading", [[], [{"code": "—", "label": "十一、为读者举办各种活动", "value": None, "unit": "—"}]])
def test_rows_of_the_form_and_lines_that_only_name_the_rows_below(heading: list[dict[str, Any]]) -> None:
    counts = scored(gold(statistics=[*heading, *ROWS])).scores["statistics"]
    assert (counts.right, counts.extra, counts.missed) == (2, 0, 0)


def test_a_row_with_another_value_is_wrong_and_one_the_gold_lacks_is_extra() -> None:
    wrong = scored(gold(statistics=[{**ROWS[0], "value": 128643}, ROWS[1]])).scores["statistics"]
    extra = scored(gold(statistics=ROWS[:1])).scores["statistics"]
    assert (wrong.right, wrong.missed, wrong.extra) == (1, 1, 0)
    assert (extra.right, extra.missed, extra.extra) == (1, 0, 1)


def test_institution_and_period() -> None:
    result = scored(gold(organization="云溪市图书馆"))
    assert result.scores["document"].shares == {"organization": [0, 1], "period": [1, 1]}
    assert "organization: gold 云溪市图书馆, got 云溪县图书馆" in result.errors


# --- the pieces -----------------------------------------------------------------------------------


def test_f1_of_nothing_is_one() -> None:
    assert (Score().f1, Score(right=1, extra=1).f1, Score(missed=2).f1) == (1.0, pytest.approx(2 / 3), 0.0)


@pytest.mark.parametrize(
    ("quote", "raw", "expected"),
    [("读者3场，听众3场", "3场", [(2, 4)]), ("没有", "没有", []), ("听众3场", "9场", []), ("场，听", "场", [(3, 4)])],
)  # fmt: skip
def test_quotes_are_found_on_the_text_without_white_space(quote: str, raw: str, expected: list[tuple[int, int]]) -> None:
    assert Locator("读 者\n3场，听众\t3场").find(quote, raw) == expected


def test_a_folder_is_scored_rendition_by_rendition(tmp_path: Any) -> None:
    import json

    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.gold.json").write_text(json.dumps(gold(events=EVENTS, awards=AWARDS, statistics=ROWS)), "utf-8")
    (tmp_path / "a" / "b.txt").write_text(TEXT, "utf-8")
    results = evaluate_corpus(tmp_path, extractor.load_rules())
    assert [result.name for result in results] == ["b.txt"]
    lines = list(render(results))
    assert lines[0] == "b.txt" and lines[1].split()[:3] == ["figures", "F1", "1.000"]
    assert list(render(results, errors=True)) == lines  # nothing is wrong


def test_a_folder_without_gold_is_an_error(tmp_path: Any) -> None:
    for folder in (tmp_path, tmp_path / "没有"):
        with pytest.raises(UnreadableDocument, match=r"gold\.json"):
            evaluate_corpus(folder, extractor.load_rules())

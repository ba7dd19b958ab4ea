"""Stated changes, the form's columns of changes, and earlier years' reports, through small reports."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor

HEAD = "云溪县图书馆2020年工作总结\n一、工作情况\n"


def found(text: str, *against: str) -> list[tuple[str, str, str]]:
    report = extractor.extract(extractor.read((HEAD + text).encode(), "a.txt"))
    earlier = [extractor.extract(extractor.read(other.encode(), "b.txt")) for other in against]
    return [(f.verdict, f.left.raw, f.right.raw) for f in extractor.check(report, *earlier).findings if f.kind == "growth"]


def verdicts(text: str, *against: str) -> list[str]:
    return [verdict for verdict, *_ in found(text, *against)]


@pytest.mark.parametrize(
    "told",
    [
        "全年接待读者123600人次，比2019年的103000人次增长{}%。",
        "全年接待读者123600人次，较上年的103000人次增长了{}%。",
        "全年接待读者123600人次，与去年的103000人次相比增长{}%。",
        "接待读者由2019年的103000人次增至123600人次，增长{}%。",
        "接待读者由上年的103000人次上升到123600人次，增幅达{}%。",
        "接待读者从去年的103000人次增加到2020年的123600人次，同比增长{}%。",
        "接待读者比上年的103000人次增长{}%，达到123600人次。",
        "全年接待读者123600人次，比上年增加20600人次，增长{}%。",
        "全年接待读者123600人次（2019年为103000人次），增长{}%。",
        "全年举办活动360场次，同上一年的300场次相比多办60场次，增幅{}%。",
    ],
)
def test_a_percentage_is_worked_out_from_both_values(told: str) -> None:
    assert verdicts(told.format("20"))[:1] == ["agrees"]
    assert "conflicts" in verdicts(told.format("62"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("外借图书82400册次，比上年的103000册次下降20%。", "外借图书82400册次，比上年的103000册次下降32%。"),
        ("外借图书由上年的103000册次降至82400册次，减少20%。", "外借图书由上年的103000册次降至82400册次，减少12%。"),
        ("现有职工41人，比上年的38人增加3人。", "现有职工41人，比上年的38人增加5人。"),
        ("购书经费为60.5万元，比上年的45.5万元增加15.0万元。", "购书经费为60.5万元，比上年的45.5万元增加20.0万元。"),
        ("读者满意率为98.2%，比上年的96.7%提高1.5个百分点。", "读者满意率为98.2%，比上年的96.7%提高2.5个百分点。"),
        ("接待读者236900人次，是上年103000人次的2.3倍。", "接待读者236900人次，是上年103000人次的3.2倍。"),
        ("接待读者257500人次，比上年的103000人次增长1.5倍。", "接待读者257500人次，比上年的103000人次增长2.5倍。"),
    ],
)
def test_falls_differences_points_and_multiples(right: str, wrong: str) -> None:
    assert verdicts(right) == ["agrees"]
    assert verdicts(wrong) == ["conflicts"]


@pytest.mark.parametrize(
    "text",
    [
        "全年接待读者123600人次，同比增长20%。",  # last year is not told
        "全年接待读者123600人次，外借图书103000册次，增长20%。",  # two things
        "全年举办讲座20场，其中线上12场，增长50%。",  # a part
        "新增图书3000册，比上年增加500册。",  # no value of last year
        "接待读者123600人次，超额完成20%。",
        "计划2021年接待读者15万人次，增长25%。",
        "全年接待读者123600人次。比上年的103000人次增长62%的是网站访问。",  # another sentence
    ],
)
def test_what_the_words_do_not_tell_is_left_alone(text: str) -> None:
    assert verdicts(text) == []


def test_an_integer_percentage_may_be_rounded() -> None:
    assert verdicts("全年接待读者124400人次，比2019年的100300人次增长24%。") == ["agrees"]
    assert verdicts("全年接待读者124400人次，比2019年的100300人次增长26%。") == ["conflicts"]


def test_doubled_is_said_of_about_twice() -> None:
    assert verdicts("讲座场次由上年的20场增至41场，翻了一番。") in (["agrees"], [])
    assert "conflicts" not in verdicts("讲座场次由上年的20场增至30场，翻了一番。")


FORM = "附：统计表\n指标\t单位\t2019年\t2020年\t增减{}\n接待读者\t人次\t100000\t120000\t{}\n外借图书\t册次\t50000\t40000\t{}"


@pytest.mark.parametrize(
    ("header", "rise", "fall", "expected"),
    [
        ("(%)", "20.0", "-20.0", ["agrees", "agrees"]),
        ("率", "20%", "-20%", ["agrees", "agrees"]),
        ("", "+20000", "-10000", ["agrees", "agrees"]),
        ("", "↑20%", "↓20%", ["agrees", "agrees"]),
        ("(%)", "12.0", "-20.0", ["conflicts", "agrees"]),
        ("率", "20%", "20%", ["agrees", "agrees"]),  # a fall printed without its sign
        ("率", "20%", "+20%", ["conflicts", "agrees"]),
        ("率", "—", "-25%", ["conflicts"]),
        ("", "略增", "下降明显", []),
    ],
)
def test_the_column_of_changes_is_worked_out_again(header: str, rise: str, fall: str, expected: list[str]) -> None:
    assert verdicts(FORM.format(header, rise, fall)) == expected


LAST = "云溪县图书馆2019年工作总结\n一、工作\n2019年统计表\n项目\t单位\t数量\n总流通人次\t人次\t100,000\n总藏量\t册\t50,000\n计算机台数\t台\t60"


def test_what_is_told_of_last_year_is_what_last_years_report_says() -> None:
    assert verdicts("全年接待读者12万人次，2019年接待读者10万人次。", LAST) == ["agrees"]
    assert verdicts("全年接待读者12万人次，2019年接待读者10.8万人次。", LAST) == ["conflicts"]
    assert verdicts("全年接待读者12万人次，2018年接待读者9万人次。", LAST) == []


def test_a_stock_is_last_years_and_what_came_in() -> None:
    form = "附：2020年统计表\n项目\t单位\t数量\n总藏量\t册\t{}\n本年新增藏量\t册\t3000\n计算机台数\t台\t60"
    assert verdicts(form.format(53000), LAST) == []
    assert verdicts(form.format(52000), LAST) == []  # some were discarded
    assert verdicts(form.format(60000), LAST) == ["review"]
    assert verdicts(form.format(60000)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(1000, 900000), st.integers(1000, 900000))
def test_the_true_percentage_of_any_two_values_agrees(before: int, after: int) -> None:
    rate = round(100 * (after - before) / before, 1)
    if abs(rate) < 0.1:
        return
    word = "增长" if rate > 0 else "下降"
    said = f"外借图书{after}册次，比上年的{before}册次{word}{abs(rate)}%。"
    assert verdicts(said) == ["agrees"]
    assert verdicts(said.replace(f"{abs(rate)}%", f"{round(abs(rate) * 3 + 2, 1)}%")) == ["conflicts"]

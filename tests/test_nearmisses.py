"""What nearly fits a figure or a row, and what is told against it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.explain import explain, traced
from extractor.nearmisses import LIMIT, Near, of_figure, of_row

ROOT = Path(__file__).resolve().parent.parent
RULES = extractor.load_rules()


def near(sentence: str, organization: str = "云溪县图书馆") -> list[Near]:
    """The near misses of the last figure of a sentence, which has no indicator."""
    document = extractor.read(f"{organization}2021年工作总结\n现总结如下：\n{sentence}".encode(), "a.txt")
    report, contexts = traced(document, RULES)
    figure = report.figures[-1]
    assert figure.indicator is None
    return of_figure(contexts[figure.start], RULES.tables.within(report.domain).indicators)


@pytest.mark.parametrize(
    ("sentence", "indicator", "words", "reason"),
    [
        ("全年举办讲座300件。", "events.lectures.count", "举办讲座", "counted in 次/场/期/讲/场次"),
        ("全年组织党员接待读者3万人次。", "visits.total", "接待读者", "blocker 党员"),
        ("3月5日，接待读者3200人次。", "visits.total", "接待读者", "the figure is not of the whole year"),
        ("日均接待读者1650人次。", "visits.total", "接待读者", "the figure is not of the whole year"),
        ("力争全年接待读者30万人次。", "visits.total", "年接待读者", "of a plan"),
        ("城东分馆接待读者5万人次。", "visits.total", "接待读者", "of a part of the institution"),
        ("建馆以来接待读者500万人次。", "visits.total", "接待读者", "of several years"),
        ("新增馆藏古籍300册。", "collection.ancient", "馆藏古籍", "a stock, but 新增 came in or went out"),
        ("馆藏图书、报刊3万册。", "collection.serials", "报刊", "another noun stands beside it"),
        ("中文图书3万册。", "collection.books", "图书", "only in a list behind collection.total"),
        ("外文图书3万册。", "collection.books", "图书", "blocker 外文"),
        ("外借书刊比上年增加6000册次。", "loans.external_volumes", "外借书刊", "a difference, not the amount"),
        ("接待读者和居民共3万人次。", "visits.total", "接待读者", "和居民 stands between it and the number"),
        ("争取中央资金30万元。", "income.fiscal.free_opening.central", "中央资金", "the sentence lacks 免费开放"),
        ("全县在校生3.2万人。", "school.students", "在校生", "counts in reports of school only"),
        ("举办讲座1次。", "events.lectures.count", "举办讲座", "least 2"),
    ],
)  # fmt: skip
def test_why_an_indicator_is_not_linked(sentence: str, indicator: str, words: str, reason: str) -> None:
    found = near(sentence)
    assert any(miss.indicator == indicator and miss.words == words and miss.reason.startswith(reason) for miss in found), found


def test_two_indicators_that_fit_equally_are_both_told(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    entry = '[[indicator]]\nid = "{}"\nname = "x"\nunits = ["场"]\nkind = "flow"\nphrases = ["放星"]\nexamples = []\n'
    (tmp_path / "indicators/mine.toml").write_text(entry.format("a.one") + entry.format("a.two"), "utf-8")
    path = tmp_path / "a.txt"
    path.write_text("云溪县天文馆2021年工作总结\n全年放星30场。", "utf-8")
    lines = [line.strip() for line in explain(path, extractor.load_rules(tmp_path)) if line.startswith("\tnear")]
    assert lines == ["near\ta.one\t放星\ta.two fits as well", "near\ta.two\t放星\ta.one fits as well"]


@pytest.mark.parametrize(
    ("label", "unit", "indicator", "reason"),
    [
        ("总藏量", "个", "collection.total", "counted in 册/件/卷, not in 个"),
        ("参加人次", "人次", "events.lectures.attendance", "only below a row of events.lectures.count"),
        ("在校学生数", "人", "school.students", "counts in reports of school only"),
        ("书刊文献总外借册次", "册次", "loans.external_volumes", "the row is labelled 书刊文献总外借册次"),
        ("现有馆藏古籍数", "册", "collection.ancient", "the row is labelled 现有馆藏古籍数"),
    ],
)  # fmt: skip
def test_why_a_row_has_no_indicator(label: str, unit: str, indicator: str, reason: str) -> None:
    found = of_row(label, unit, RULES.tables.within("public-library").indicators)
    assert any(miss.indicator == indicator and miss.reason == reason for miss in found), found


def test_what_is_like_nothing_has_no_near_miss() -> None:
    assert near("全年使用滑石粉300吨。") == [] and of_row("滑石粉", "吨", RULES.tables.indicators) == []


@given(st.text(alphabet="全年接待读者外借图书新增举办讲座场册人次馆藏，、其中0123456789万", min_size=1, max_size=30), st.sampled_from(["册", "人次", "场", "元", None]))
def test_any_words_have_few_near_misses_of_known_indicators(words: str, unit: str | None) -> None:
    document = extractor.read(f"云溪县图书馆2021年工作总结\n{words}。".encode(), "a.txt")
    report, contexts = traced(document, RULES)
    tables = RULES.tables.within(report.domain).indicators
    for found in [of_row(words, unit, tables), *(of_figure(contexts[f.start], tables) for f in report.figures if f.indicator is None)]:
        assert len(found) <= LIMIT and len({miss.indicator for miss in found}) == len(found)
        assert all(miss.indicator in tables.indicators and miss.words and miss.reason for miss in found)


def test_tracing_changes_no_record() -> None:
    document = extractor.read(ROOT / "corpus/cangya-2018/cangya-2018.txt")
    report, contexts = traced(document, RULES)
    assert report == extractor.extract(document)
    assert {figure.start for figure in report.figures} <= contexts.keys()


def test_explain_shows_what_the_readme_shows() -> None:
    shown = re.search(r"```\n(figure-\d+\t.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown and shown[1] in "\n".join(explain(ROOT / "corpus/cangya-2018/cangya-2018.docx", RULES)) + "\n"

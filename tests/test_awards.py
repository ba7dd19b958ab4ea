"""Awards: which are told, to whom, by whom, when; and what is told without being one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from award_cases import NEGATIVE, POSITIVE, US
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import awards
from extractor.model import Award, Date

RULES = tuple(
    msgspec.convert(entry, awards.AwardRule)
    for entry in tomllib.loads((Path(__file__).parent.parent / "rules" / "awards.toml").read_text("utf-8"))["award"]
)
TABLES = awards.compile_tables(RULES, [])
WORDS = sorted({w for r in RULES for w in r.words if r.role in ("strong", "receive", "named", "grade", "fixed", "give", "hosting", "contest")})


def told(text: str, organization: str | None = "临泽市博物馆", **context: object) -> list[Award]:
    return awards.find(text, 0, len(text), awards.Context(organization=organization, **context), TABLES)  # type: ignore[arg-type]


def dated(text: str, **edtf: str) -> tuple[Date, ...]:
    """Dates of a text by their words: a month `m5` is 5月, a day `m5d8` is 5月8日."""
    found = []
    for key, value in edtf.items():
        raw = key.replace("m", "").replace("d", "月") + ("日" if "d" in key else "月")
        start = text.index(raw)
        found.append(Date(edtf=value, raw=raw, start=start, end=start + len(raw)))
    return tuple(found)


@pytest.mark.parametrize(("organization", "text", "expected"), POSITIVE)
def test_awards_of_many_institutions(organization: str, text: str, expected: list[tuple[str, str | None, str | None, str | None, int]]) -> None:
    found = [(a.rank, US if a.recipient == organization else a.recipient, a.issuer, a.level, a.count) for a in told(text, organization)]
    assert found == expected


@pytest.mark.parametrize(("organization", "text"), NEGATIVE)
def test_what_is_no_award(organization: str, text: str) -> None:
    assert [(a.title, a.recipient) for a in told(text, organization)] == []


def test_the_title_is_the_full_name_without_quotation_marks_and_giver() -> None:
    assert told("我馆被省考古局授予“全省考古工作先进集体”称号。")[0].title == "全省考古工作先进集体"
    assert told("馆员宋玉荣获中国图书馆学会“全国领读人”提名奖。")[0].title == "“全国领读人”提名奖"
    assert told("我馆获全省摄影大赛铜奖。")[0].title == "全省摄影大赛铜奖"


def test_the_contest_is_the_subject() -> None:
    assert told("我馆在全省摄影大赛中获铜奖。")[0].subject == "全省摄影大赛"
    assert [a.subject for a in told("张岚获全省朗诵大赛青年组一等奖，李茜获少年组二等奖。")] == ["全省朗诵大赛", "全省朗诵大赛"]


def test_a_date_is_the_last_one_before_in_the_sentence() -> None:
    text = "3月，我馆被省考古局评为先进集体；5月8日，讲解员李茜荣获一等奖。此外，我馆荣获文明单位。"
    assert [a.date for a in told(text, dates=dated(text, m3="2021-03", m5d8="2021-05-08"))] == ["2021-03", "2021-05-08", None]


def test_an_entry_dates_what_has_no_date_of_its_own() -> None:
    assert told("我馆荣获文明单位称号。", origin="chronicle", entry_date="2021-04-02")[0].date == "2021-04-02"


def test_the_year_in_the_name_of_a_contest_is_no_date() -> None:
    text = "5月，我馆在2020年全省摄影大赛中获铜奖。"
    year = Date(edtf="2020", raw="2020年", start=text.index("2020"), end=text.index("2020") + 5)
    assert told(text, dates=(*dated(text, m5="2021-05"), year))[0].date == "2021-05"


def test_a_date_in_brackets_behind_the_honour_is_its_own() -> None:
    text = "3月总结：我馆荣获文明单位（5月）。"
    assert told(text, dates=dated(text, m3="2021-03", m5="2021-05"))[0].date == "2021-05"


def test_the_span_covers_the_words_of_the_award() -> None:
    text = "春节前，我馆被省考古局授予“全省考古工作先进集体”称号，反响热烈。"
    award = told(text)[0]
    assert text[award.start : award.end] == "我馆被省考古局授予“全省考古工作先进集体”称号"


def test_only_the_asked_span_is_read() -> None:
    text = "我馆荣获一等奖。我馆荣获二等奖。"
    found = awards.find(text, 8, len(text), awards.Context(), TABLES)
    assert [(a.rank, text[a.start : a.end]) for a in found] == [("二等奖", "我馆荣获二等奖")]


def test_the_whole_region_is_the_province_only_in_an_autonomous_region() -> None:
    assert told("我馆荣获全区先进集体。", "广西桂安市图书馆")[0].level == "provincial"
    assert told("我馆荣获全区先进集体。", "石川区文化馆")[0].level == "county"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "，", "。", "；", "、", "“", "”", "《", "》", "我馆", "馆员陈芳", "3个", "的", "在", "中", "\n"]), max_size=40), st.text(max_size=12))
def test_spans_lie_in_the_text_and_move_with_it(words: list[str], before: str) -> None:
    text = "".join(words)
    alone = told(text)
    assert all(0 <= a.start < a.end <= len(text) and a.count >= 1 for a in alone)
    context = awards.Context(organization="临泽市博物馆")
    shifted = awards.find(before + text, len(before), len(before) + len(text), context, TABLES)
    assert [(a.start - len(before), a.end - len(before), a.rank, a.recipient) for a in shifted] == [(a.start, a.end, a.rank, a.recipient) for a in alone]


# --- tables ------------------------------------------------------------------------------------------


def row(organization: str | None = "临泽市博物馆", entry_date: str | None = None, **cells: str) -> Award | None:
    placed, at = {}, 0
    for role, value in cells.items():
        placed[role] = (value, at, at + len(value))
        at += len(value) + 1
    return awards.from_row(placed, awards.Context(organization=organization, entry_date=entry_date), TABLES)


def test_a_row_of_an_award_table() -> None:
    award = row(number="4", title="全省朗诵大赛少年组三等奖", recipient="李茜", issuer="省考古局", level="省级", entry_date="2021-06")
    assert award is not None
    assert (award.number, award.title, award.rank, award.level) == (4, "全省朗诵大赛少年组三等奖", "三等奖", "provincial")
    assert (award.recipient, award.issuer, award.date, award.count, award.origin) == ("李茜", "省考古局", "2021-06", 1, "table")
    assert award.start == 2


@pytest.mark.parametrize(
    ("printed", "level"),
    [("国家级", "national"), ("国家", "national"), ("省级", "provincial"), ("自治区级", "provincial"), ("市级", "municipal"), ("区级", "county"), ("县级", "county"), ("校级", "other"), ("省部级", "provincial")],
)  # fmt: skip
def test_printed_levels(printed: str, level: str) -> None:
    award = row(title="先进集体", rank=printed)
    assert award is not None
    assert (award.level, award.rank) == (level, "先进集体")


def test_a_column_of_grades_is_the_rank_and_the_level_comes_from_the_giver() -> None:
    award = row(title="全民阅读征文", rank="一等奖", issuer="河西市图书馆学会")
    assert award is not None
    assert (award.rank, award.level) == ("一等奖", "municipal")


@pytest.mark.parametrize(
    ("cell", "recipient"),
    [
        ("“耕海”少儿合唱团", "“耕海”少儿合唱团"), ("李茜", "李茜"), ("临泽市博物馆党支部", "临泽市博物馆党支部"), ("志愿服务队", "志愿服务队"),
        ("群舞《潮汐》", "临泽市博物馆"), ("“流动展览”项目", "临泽市博物馆"), ("我馆", "临泽市博物馆"),
    ],
)  # fmt: skip
def test_who_stands_in_a_column_of_works_received_it(cell: str, recipient: str) -> None:
    award = row(subject=cell, title="全省展评", rank="银奖")
    assert award is not None
    assert (award.recipient, award.subject, award.rank) == (recipient, cell, "银奖")


@pytest.mark.parametrize(("title", "rank"), [("学术年会征文一等奖（《分馆的空间》）", "一等奖"), ("先进集体（少儿部）", "先进集体"), ("朗诵大赛二等奖(团体)", "二等奖")])
def test_a_remark_behind_an_honour_is_no_part_of_its_rank(title: str, rank: str) -> None:
    award = row(title=title, recipient="李茜")
    assert award is not None and (award.title, award.rank) == (title, rank)


def test_without_a_recipient_column_the_institution_received_it() -> None:
    award = row(title="先进集体", issuer="省考古局")
    assert award is not None
    assert award.recipient == "临泽市博物馆"
    assert row(title="  ", issuer="省考古局") is None


# --- rules -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "text"), [(r, text) for r in RULES for text in r.examples])
def test_examples_fire(rule: awards.AwardRule, text: str) -> None:
    assert awards.award_fires(rule, text, TABLES)


@pytest.mark.parametrize(("rule", "text"), [(r, text) for r in RULES for text in r.rejects])
def test_rejects_do_not(rule: awards.AwardRule, text: str) -> None:
    assert not awards.award_fires(rule, text, TABLES)


def test_a_level_belongs_to_places_alone() -> None:
    faults: list[str] = []
    awards.compile_tables((awards.AwardRule(id="x", role="grade", words=("一等奖",), level="national", examples=("一等奖",)),), faults)
    assert faults and "x" in faults[0] and "level" in faults[0]


def test_lines_of_honours_with_winner_giver_and_date() -> None:
    lines = (
        "云溪县文化馆2021年工作总结", "六、获奖情况", "1、全省群众文化工作先进集体——云溪县文化馆，省文化厅，2021年2月", "2、全省群众舞蹈大赛银奖——群舞《雪野欢歌》，省文化厅，2021年7月",
        "3、全省群众文化论文评选一等奖——宋丽娟（省群众文化学会，2021年11月）", "12月22日，举办“大河西望——云溪摄影展”，入围作品86件，市文联主办，2021年展出",
    )  # fmt: skip
    found = extractor.extract(extractor.read("\n".join(lines).encode(), "a.txt")).awards
    assert [(a.title, a.rank, a.recipient, a.subject, a.issuer, a.date) for a in found] == [
        ("全省群众文化工作先进集体", "先进集体", "云溪县文化馆", None, "省文化厅", "2021-02"),
        ("全省群众舞蹈大赛银奖", "银奖", None, "群舞《雪野欢歌》", "省文化厅", "2021-07"),
        ("全省群众文化论文评选一等奖", "一等奖", "宋丽娟", None, "省群众文化学会", "2021-11"),
    ]


def test_our_own_house_in_an_award_table_is_the_institution() -> None:
    rows = ("云溪大学图书馆2021年工作总结", "一、工作", "工作平稳。", "表1 获奖一览", "序号\t获奖时间\t奖项\t获奖人\t级别", "1\t2021.04\t馆际互借服务二等奖\t本馆\t国家级", "2\t2021.06\t微课大赛一等奖\t沈澜\t区域")
    found = extractor.extract(extractor.read("\n".join(rows).encode(), "a.txt")).awards
    assert [(a.rank, a.recipient, a.level) for a in found] == [("二等奖", "云溪大学图书馆", "national"), ("一等奖", "沈澜", "other")]

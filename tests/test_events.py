"""Events of narrative and chronicle through small reports: where their time stands, and what it says of them."""

from __future__ import annotations

import pytest

import extractor

TITLE = "云溪县美术馆2021年工作总结"


def events(*lines: str) -> list[tuple[str, str, list[str | None]]]:
    report = extractor.extract(extractor.read("\n".join((TITLE, *lines)).encode(), "a.txt"))
    return [(e.origin, e.text, [d.edtf for d in e.dates]) for e in report.events]


@pytest.mark.parametrize(
    ("sentence", "text", "edtf"),
    [
        ("3月5日，举办雷锋主题图片展。", "举办雷锋主题图片展", "2021-03-05"),
        ("举办国际档案日活动，时间为6月9日，邀请市民走进库房。", "举办国际档案日活动", "2021-06-09"),
        ("与收藏家协会合办民间收藏展，开展日期为5月18日，历时两周。", "与收藏家协会合办民间收藏展", "2021-05-18"),
        ("年度重头戏“看见高原”大展4月26日在一号厅启幕，观众踊跃。", "年度重头戏“看见高原”大展在一号厅启幕，观众踊跃", "2021-04-26"),
        ("9月初（9月6日）举行的朗诵会由学生会主办。", "举行的朗诵会由学生会主办", "2021-09-06"),
        ("5月中旬，完成了馆藏纸质文物病害调查。", "完成了馆藏纸质文物病害调查", "2021-05-11/2021-05-20"),
        ("按照统一部署，自1月1日起，公共空间全部免费开放。", "公共空间全部免费开放", "2021-01-01/.."),
        ("群舞《潮汐》于7月捧回全省群众舞蹈大赛一等奖。", "群舞《潮汐》捧回全省群众舞蹈大赛一等奖", "2021-07"),
        ("投入86万元改造的排练厅和3间琴房于4月1日重新启用。", "投入86万元改造的排练厅和3间琴房重新启用", "2021-04-01"),
        ("小品在展演中亮相，又在11月入选优秀作品，观众好评如潮。", "入选优秀作品，观众好评如潮", "2021-11"),
    ],
)
def test_wherever_its_time_stands(sentence: str, text: str, edtf: str) -> None:
    assert ("narrative", text, [edtf]) in events("一、工作情况", sentence)


@pytest.mark.parametrize("sentence", ["截至6月9日，馆藏文物1200件。", "报名截止时间为6月9日。", "该馆建于1958年，5月18日前后最忙。"])
def test_what_is_no_event(sentence: str) -> None:
    assert events("一、工作情况", sentence) == []


TABLE = ("大事记", "月份\t日期\t大事", "1月\t16日\t召开年度工作会", "\t26日\t新春年画展开幕", "十一月\t8日\t与高校签订共建协议", "\t31日\t美术馆联盟年会召开")


def test_a_chronicle_table_with_a_column_of_months() -> None:
    found = events("一、工作情况", "工作平稳。", *TABLE)
    assert [dates for _, _, dates in found] == [["2021-01-16"], ["2021-01-26"], ["2021-11-08"], [None]]  # November has no 31st


def test_sentences_under_the_heading_of_a_chronicle_are_not_lost() -> None:
    report = extractor.extract(extractor.read("\n".join((TITLE, "一、建设", "进展顺利。", "二、大事回顾", "新馆于11月6日封顶，该项目总投资8600万元，系重点工程。")).encode(), "a.txt"))
    assert [f.raw for f in report.figures] == ["8600万元"]
    assert [[d.edtf for d in e.dates] for e in report.events] == [["2021-11-06"]]


def test_bullets_under_numbered_halves_of_the_year() -> None:
    lines = ("6 大事记", "6.1 上半年（综合办公室整理）", "● 2021.01.06 召开述职考核会。", "● 2021.06.31 完成盘点。", "6.2 下半年（业务办公室整理）", "● 7/11 东区改造工程开工。", "● 9/5—9/23 线上新生入馆教育。")
    assert [(text, dates) for _, text, dates in events("1 概况", "工作平稳。", *lines)] == [
        ("召开述职考核会。", ["2021-01-06"]), ("完成盘点。", [None]), ("东区改造工程开工。", ["2021-07-11"]), ("线上新生入馆教育。", ["2021-09-05/2021-09-23"]),
    ]  # fmt: skip

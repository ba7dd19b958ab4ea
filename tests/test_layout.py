"""Title, institution, period, sections and the chronicle in each of its shapes, through the public API."""

from __future__ import annotations

import pytest

import extractor
from extractor.model import Event, Report


def report(*lines: str) -> Report:
    return extractor.extract(extractor.read("\n".join(lines).encode(), "a.txt"))


def chronicle(*lines: str, title: str = "云溪县图书馆2020年工作总结") -> list[tuple[int | None, list[str | None], str]]:
    found = report(title, "现总结如下：", "一、主要工作", "全年接待读者3万人次。", "2020年大事记", *lines)
    return [(e.number, [d.edtf for d in e.dates], e.text) for e in found.events if e.origin == "chronicle"]


@pytest.mark.parametrize(
    ("title", "organization", "period"),
    [
        ("云溪县图书馆2020年工作总结", "云溪县图书馆", "2020"),
        ("云溪县博物馆二〇一六年度工作总结", "云溪县博物馆", "2016"),
        ("云溪县档案馆工作总结（2019年度）", "云溪县档案馆", "2019"),
        ("2021年度云溪市文化馆工作总结及2022年工作计划", "云溪市文化馆", "2021"),
        ("云溪大学图书馆2020-2021学年工作总结", "云溪大学图书馆", "2020-09/2021-08"),
        ("云溪市美术馆2019年上半年工作总结", "云溪市美术馆", "2019-01/2019-06"),
        ("云溪县档案馆关于2020年度工作情况的报告", "云溪县档案馆", "2020"),
        ("关于报送云溪市图书馆２０１８年工作总结的报告", "云溪市图书馆", "2018"),
        ("云溪省图书馆学会2010年工作总结", "云溪省图书馆学会", "2010"),
        ("云溪区少年宫2005年工作总结", "云溪区少年宫", "2005"),
        ("守正出新　润物无声——云溪市群众艺术馆2023年工作总结", "云溪市群众艺术馆", "2023"),
        ("守正出新 云溪市图书馆2023年工作总结", "云溪市图书馆", "2023"),
        ("云 溪 市 图 书 馆2023年工作总结", "云溪市图书馆", "2023"),
        ("以文化人：云溪市博物馆2020年工作报告", "云溪市博物馆", "2020"),
        ("云溪县博物馆（县文物保护管理所）二〇一六年工作总结", "云溪县博物馆", "2016"),
    ],
)
def test_title_names_institution_and_period(title: str, organization: str, period: str) -> None:
    found = report(title, "一年来，各项工作扎实推进。")
    assert (found.title, found.organization, found.period) == (title, organization, period)


def test_institution_and_period_come_from_the_opening_where_the_title_has_none() -> None:
    found = report("年度工作总结", "2017年，云溪县图书馆在县委的正确领导下，稳步推进各项工作。", "全年接待读者3万人次。")
    assert (found.organization, found.period) == ("云溪县图书馆", "2017")


def test_title_on_two_lines() -> None:
    found = report("云溪县文化馆", "2018年工作总结", "一年来，各项工作扎实推进。")
    assert (found.organization, found.period) == ("云溪县文化馆", "2018")


def test_what_a_document_does_not_say_is_a_diagnostic() -> None:
    found = report("关于有关事项", "举办讲座三场。")
    assert {d.code for d in found.diagnostics} >= {"no-period", "no-organization"}
    assert found.period is None and found.organization is None


def test_sections_nest_by_their_markers() -> None:
    found = report(
        "云溪县图书馆2020年工作总结", "一、主要工作", "（一）夯实基础", "1.加强采购", "全年购书3000册。", "一是抓培训。全年培训5次。", "（二）服务读者", "接待读者3万人次。", "二、存在问题", "人手不足。"
    )  # fmt: skip
    assert [(s.heading, s.level) for s in found.sections] == [
        ("一、主要工作", 2), ("（一）夯实基础", 3), ("1.加强采购", 4), ("一是抓培训", 6), ("（二）服务读者", 3), ("二、存在问题", 2),
    ]  # fmt: skip
    first = found.sections[0]
    assert found.text[first.start : first.end].endswith("接待读者3万人次。")


@pytest.mark.parametrize("number", ["1.", "1、", "1", "（1）"])
def test_chronicle_with_numbers_on_lines_of_their_own(number: str) -> None:
    lines = [number, "1月8日，召开职工大会", number.replace("1", "2"), "开展读书活动", number.replace("1", "3"), "3月，举办书画展。", "展出作品20幅。"]
    assert chronicle(*lines) == [
        (1, ["2020-01-08"], "召开职工大会"),
        (2, [], "开展读书活动"),
        (3, ["2020-03"], "举办书画展。\n展出作品20幅。"),
    ]


def test_chronicle_with_numbers_before_the_date() -> None:
    assert chronicle("1、1月8日，召开职工大会。", "2、3月5日至7日，举办培训班。", "12、12月3日，闭馆盘点。") == [
        (1, ["2020-01-08"], "召开职工大会。"),
        (2, ["2020-03-05/2020-03-07"], "举办培训班。"),
        (12, ["2020-12-03"], "闭馆盘点。"),
    ]


@pytest.mark.parametrize("month", ["一月", "1月", "（一）一月", "1月份：", "【一月】", "2020年1月"])
def test_chronicle_with_month_headings(month: str) -> None:
    assert chronicle(month, "8日，召开职工大会。", "28日至2月2日，送春联下乡。", "三月", "中旬，清点书刊。", "5日、12日、19日，举办亲子课堂。") == [
        (None, ["2020-01-08"], "召开职工大会。"),
        (None, ["2020-01-28/2020-02-02"], "送春联下乡。"),
        (None, ["2020-03-11/2020-03-20"], "清点书刊。"),
        (None, ["2020-03-05", "2020-03-12", "2020-03-19"], "举办亲子课堂。"),
    ]


def test_chronicle_that_names_each_month_once() -> None:
    assert chronicle("1月　12日，召开职工大会。", "26日，检查消防。", "2月　4日，年画展开展。", "是月，与乡镇签订责任书。", "22日，迎接考察。", "14日，开展培训。", "同日，画册首发。", "是年，接待观众12万人次。") == [
        (None, ["2020-01-12"], "召开职工大会。"),
        (None, ["2020-01-26"], "检查消防。"),
        (None, ["2020-02-04"], "年画展开展。"),
        (None, ["2020-02"], "与乡镇签订责任书。"),
        (None, ["2020-02-22"], "迎接考察。"),
        (None, ["2020-02-14"], "开展培训。"),
        (None, ["2020-02-14"], "画册首发。"),
        (None, ["2020"], "接待观众12万人次。"),
    ]


def test_numbered_entries_that_name_each_month_once() -> None:
    assert [dates for _, dates, _ in chronicle("1、1月12日，召开职工大会。", "2、26日，检查消防。", "3、11.20、11.21，下乡送书。", "4、3件旧设备报废。")] == [
        ["2020-01-12"], ["2020-01-26"], ["2020-11-20", "2020-11-21"], [],
    ]  # fmt: skip


def test_this_month_is_that_of_the_heading() -> None:
    assert chronicle("十月", "16日，迎接检查。", "本月，新购电脑安装到位。") == [(None, ["2020-10-16"], "迎接检查。"), (None, ["2020-10"], "新购电脑安装到位。")]


def test_chronicle_whose_paragraphs_begin_with_dates() -> None:
    assert chronicle("2020年1月8日，召开职工大会。", "会上表彰先进个人3名。", "2020年3月—5月，开展普查。", "年底，新馆竣工。") == [
        (None, ["2020-01-08"], "召开职工大会。\n会上表彰先进个人3名。"),
        (None, ["2020-03/2020-05"], "开展普查。"),
        (None, ["2020-12"], "新馆竣工。"),
    ]


def test_chronicle_in_one_paragraph_parted_by_semicolons() -> None:
    assert chronicle("1月8日，召开职工大会；3月5日，开展学雷锋活动，15名职工参加；6月1日，举办朗诵会；10月，新馆开工。") == [
        (None, ["2020-01-08"], "召开职工大会"),
        (None, ["2020-03-05"], "开展学雷锋活动，15名职工参加"),
        (None, ["2020-06-01"], "举办朗诵会"),
        (None, ["2020-10"], "新馆开工。"),
    ]


def test_chronicle_with_the_date_on_a_line_of_its_own() -> None:
    assert chronicle("1月8日", "召开职工大会。", "3月5日", "开展学雷锋活动。") == [
        (None, ["2020-01-08"], "召开职工大会。"),
        (None, ["2020-03-05"], "开展学雷锋活动。"),
    ]


@pytest.mark.parametrize("header", ["日期\t内容", "时间\t事项", "时间\t事件"])
def test_chronicle_as_a_table(header: str) -> None:
    assert chronicle(header, "1.12\t小志愿者上岗培训。", "7.6、7.13\t亲子课堂举办2期。", "3月中旬\t完成清点。", "2020-04-23\t读书节开幕。") == [
        (None, ["2020-01-12"], "小志愿者上岗培训。"),
        (None, ["2020-07-06", "2020-07-13"], "亲子课堂举办2期。"),
        (None, ["2020-03-11/2020-03-20"], "完成清点。"),
        (None, ["2020-04-23"], "读书节开幕。"),
    ]


def test_a_later_step_counts_and_a_deadline_does_not() -> None:
    assert chronicle("4月，征集作品，并于7月在我馆展出。", "8月6日，临时闭馆，8月28日恢复开放。", "9月18日，精品展开幕，展期至10月8日。") == [
        (None, ["2020-04", "2020-07"], "征集作品，并于7月在我馆展出。"),
        (None, ["2020-08-06", "2020-08-28"], "临时闭馆，8月28日恢复开放。"),
        (None, ["2020-09-18"], "精品展开幕，展期至10月8日。"),
    ]


def narrative(*lines: str) -> list[Event]:
    return [e for e in report("云溪县图书馆2020年工作总结", *lines).events if e.origin == "narrative"]


def test_a_dated_clause_of_the_narrative_is_an_event() -> None:
    found = narrative("丰富活动。4月22日，启动仪式在人民广场举行，拉开序幕；6月18日，诵读大赛在影剧院举行；一季度，空调改造顺利完成。")
    assert [([d.edtf for d in e.dates], e.text) for e in found] == [
        (["2020-04-22"], "启动仪式在人民广场举行，拉开序幕"),
        (["2020-06-18"], "诵读大赛在影剧院举行"),
        (["2020-01/2020-03"], "空调改造顺利完成"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2020年，全馆上下团结一心。",
        "面对7月的强降雨，全馆职工奋战一线。",
        "截至12月底，馆藏文献总量达12万册。",
        "年末共有持证读者1万人。",
        "单日最高接待量出现在10月3日，达1.3万人次。",
        "2021年3月将举办读书节。",
        "紧扣“4·23”世界读书日开展活动。",
    ],
)
def test_a_date_in_passing_or_a_state_is_no_event(text: str) -> None:
    assert narrative(text) == []


def test_the_signature_is_no_text_of_the_report() -> None:
    found = report("云溪县图书馆2020年工作总结", "2020年大事记", "1月8日，召开大会。", "3月5日，学雷锋。", "云溪县图书馆", "2021年1月6日")
    assert [e.text for e in found.events] == ["召开大会。", "学雷锋。"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("三月：8日，组织参观；20日至22日，举办培训班，118人参加。", "四月：11日，查档点开通；下旬，开展检查。"), ["2020-03-08", "2020-03-20/2020-03-22", "2020-04-11", "2020-04-21/2020-04-30"]),
        (("第1周（2月21日—2月27日）", "各班开展大扫除，清运垃圾26车。", "2月24日（星期一）  召开会议。"), ["2020-02-21/2020-02-27", "2020-02-24"]),
        (("8月26日（星期三）", "实验楼竣工验收。", "岗前培训开班，11名教师参加。", "9月1日（星期二）", "秋季学期开学。"), ["2020-08-26", "2020-08-26", "2020-09-01"]),
        (("第四季", "12月18日　联欢会举行。", "第三季", "9月22日　嘉许礼举行。"), ["2020-12-18", "2020-09-22"]),
    ],
)
def test_chronicles_by_month_week_and_day(lines: tuple[str, ...], expected: list[str]) -> None:
    text = "\n".join(("云溪县图书馆2020年工作总结", "一、工作", "全年平稳。", "附：2020年大事记", *lines))
    events = [e for e in extractor.extract(extractor.read(text.encode(), "a.txt")).events if e.origin == "chronicle"]
    assert [event.dates[0].edtf for event in events] == expected

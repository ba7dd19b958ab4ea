"""Stated numbers against what is listed, through small reports."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import rules
from extractor.model import Finding, Report
from extractor.reconcile import counts
from extractor.reconcile.case import Case
from extractor.reconcile.namelists import masked, names


def report(text: str) -> Report:
    return extractor.extract(extractor.read(f"某市图书馆2021年工作总结\n一、工作情况\n{text}".encode(), "a.txt"))


def found(text: str) -> list[Finding]:
    return list(counts.find(Case(report(text), rules.tables())))


def verdicts(text: str) -> list[tuple[str, str]]:
    return [(f.left.raw, f.verdict) for f in found(text)]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("接待向阳幼儿园、电厂幼儿园、龙湖幼儿园3家幼儿园来馆参观。", "3家"),
        ("在城关镇、石桥乡和枫林乡3个乡镇开展活动。", "3个"),
        ("先后赴呼和浩特、沈阳、大连、天津4个城市征集档案。", "4个"),
        ("走访市教育局、团市委、市妇联和市科协4家单位。", "4家"),
        ("与3家学校和幼儿园共建“书香班级”，分别是光明小学、育才小学、星海幼儿园。", "3家"),
        ("编辑出版《大事记（2020）》《档案选编》2部。", "2部"),
        ("组建合唱团、舞蹈团、民乐团、话剧社4支馆办团队。", "4支"),
        ("子昌村流通点（3月23日）、新华书店流通点（5月8日）、西街社区流通点（6月5日），共3个流通点。", "3个"),
        ("走进城南小学、实验小学，为2所学校送去科普展。", "2所"),
        ("新增的3个点为老城书房、新城书房和东城书房。", "3个"),
        ("在3个乡镇（城关镇、石桥乡、枫林乡）设立分馆。", "3个"),
        ("与城关小学、实验小学、育才小学等3所学校开展共建。", "3所"),
        ("志愿者、馆员走进城南小学、实验小学2所学校。", "2所"),
        ("阳光村、和平社区、光明社区2个社区。", "2个"),
        ("张建国、李秀兰和王海峰三名读者获奖。", "三名"),
        ("每月停靠3所乡村学校——凤栖小学、石浦小学、莲塘小学，孩子们早早等候。", "3所"),
    ],
)
def test_as_many_names_as_stated_agree(text: str, stated: str) -> None:
    assert verdicts(text) == [(stated, "agrees")]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("与县气象局、县人民医院、县供电局、县水务公司5家单位签订协议。", "5家"),
        ("走进城南小学、实验小学、石桥中心小学，为4所学校送去科普展。", "4所"),
        ("与5家学校和幼儿园共建“书香班级”，分别是光明小学、育才小学、朝阳街幼儿园、星海幼儿园。", "5家"),
        ("在城关镇、石桥乡和枫林乡4个乡镇开展活动。", "4个"),
        ("与城关小学、实验小学、育才小学等2所学校开展共建。", "2所"),
        ("走访了5个社区：和平社区、胜利社区、光明社区、幸福社区。", "5个"),
        ("编辑出版《大事记》《档案选编》《年鉴》2部。", "2部"),
        ("新建成的5家是滨江书房、南湖书房、老城书房和高铁站书房，都可刷脸入馆。", "5家"),
        ("首批教学点7个：潮音广场、老码头文创园、北墅体育中心、城东邻里中心、临汐图书馆、职工之家，课程有国画、舞蹈等16门。", "7个"),
        ("城东书房（3月2日启用）、城西书房（5月1日启用）、城南书房，共4个书房。", "4个"),
        ("张建国、李秀兰和王海峰四名读者获奖。", "四名"),
        ("上新编程、无人机、壮锦、嘹歌5门特色课。", "5门"),
        ("新建社区分馆4家，即莲湖社区分馆、梅岭社区分馆、南浦社区分馆、望江社区分馆和青石社区分馆，网点达到57个。", "4家"),
        ("新建图书室六个，它们是红松村、靠山屯、柳河村、永丰村、二道岗村，每个图书室配书三百册。", "六个"),
        ("承担3个展览的策划，分别是“丝路图籍展”“老地图展”“校园影像展”“连环画展”。", "3个"),
        ("扶持“晨光”文学社、“量子”科创社、“北风”合唱团、“墨池”书法社、“飞羽”羽毛球社6个校级精品社团。", "6个"),
        ("出版专书4种，为《藏书史话》、《报刊目录》及《小馆大用》。", "4种"),
    ],
)
def test_more_or_fewer_names_conflict(text: str, stated: str) -> None:
    assert verdicts(text) == [(stated, "conflicts")]


@pytest.mark.parametrize(
    "text",
    [
        "与城关小学、实验小学、育才小学等5所学校开展共建。",
        "向乡镇分馆、村级服务点、学校流通点25个网点配送图书。",
        "新建农村、社区、学校5家流通点。",
        "举办讲座、展览、培训86场。",
        "联合市教育局、团市委，走访5家单位。",
        "与市气象局、市公安局、光明公司等单位在5家企业开展活动。",
        "3家分馆分别为读者提供阅读、自习服务。",
        "在奈林镇、宝音镇，沙布镇、城北镇4个乡镇开展活动。",
        "覆盖31个省（自治区、直辖市）。",
        "全市5个县区（含开发区、高新区）全部达标。",
        "接待了北京、上海、广州等地的8家图书馆。",
        "组织“春之声”音乐会、“夏之韵”诗会等12个项目。",
        "开放阅览室、自习室、报告厅等5个区域。",
    ],
)
def test_a_number_that_counts_something_else_is_left_alone(text: str) -> None:
    assert verdicts(text) == []


def test_many_more_than_listed_is_only_asked_about() -> None:
    assert verdicts("在城关镇、石桥乡、枫林乡20个乡镇开展活动。") == [("20个", "review")]


def entry(text: str) -> list[tuple[str, str]]:
    return verdicts(f"二、2021年大事记\n1. 1月2日，召开会议。\n2. {text}\n3. 12月30日，闭馆。")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5月5日、12日、19日，连续举办3期“亲子课堂”。", [("3期", "agrees")]),
        ("5月5日、12日、19日，连续举办4期“亲子课堂”。", [("4期", "conflicts")]),
        ("分别在6月13日、12月4日、12月8日，开展知识竞答共3期。", [("3期", "agrees")]),
        ("3月2日、9日，走进社区，共举办讲座4场。", []),
        ("3月5日、6日，共举办大赛1场。", []),
        ("3月5日至7日，连续举办5期。", []),
        ("3月5日、6日、7日，开展巡查，共举办培训2场。", [("2场", "review")]),
    ],
)
def test_sessions_and_dates(text: str, expected: list[tuple[str, str]]) -> None:
    assert entry(text) == expected


def test_an_enumeration_is_counted_by_its_ordinals() -> None:
    assert verdicts("今年重点抓了三项工作：一是抓阅读；二是抓服务；三是抓安全。") == [("三项", "agrees")]
    assert verdicts("今年重点抓了三项工作：一是抓阅读；二是抓服务；三是抓安全；四是抓队伍。") == [("三项", "review")]


def test_honours_are_counted_in_the_table_of_awards() -> None:
    rows = "\n".join(["获奖情况", "序号\t奖项名称\t颁奖单位\t级别\t时间", "1\t先进集体\t省文化厅\t省级\t2021年1月", "2\t文明单位\t市委宣传部\t市级\t2021年2月"])
    assert verdicts(f"一年来，我馆共获得市级以上荣誉2项。\n{rows}\n") == [("2项", "agrees")]
    assert verdicts(f"一年来，我馆共获得市级以上荣誉4项。\n{rows}\n") == [("4项", "review")]


def test_spans_are_the_evidence() -> None:
    r = report("2月，先后走进城南小学、实验小学2所学校。")
    (finding,) = counts.find(Case(r, rules.tables()))
    assert r.text[finding.left.start : finding.left.end] == "2所"
    assert r.text[finding.right.start : finding.right.end] == "城南小学、实验小学"


def test_marks_inside_quotes_and_brackets_part_nothing() -> None:
    plain = masked("《论语、孟子》《“四书”导读》、年鉴（上、下）")
    listed = names(plain, 0, len(plain))
    assert listed is not None and len(listed.names) == 3


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("东南西北中前后左右上"), min_size=2, max_size=8, unique=True), st.integers(-2, 2))
def test_any_number_of_schools(marks: list[str], off: int) -> None:
    stated = len(marks) + off
    text = f"走进{'、'.join(f'城{m}小学' for m in marks)}{stated}所学校。"
    expected = [] if stated < 2 else [(f"{stated}所", "agrees" if off == 0 else "conflicts")]
    assert verdicts(text) == expected


@given(st.text(alphabet="《》“”（）、\"\n甲乙", max_size=40))
def test_masking_keeps_every_position(text: str) -> None:
    plain = masked(text)
    assert len(plain) == len(text)
    assert [n for n, c in enumerate(text) if c == "\n"] == [n for n, c in enumerate(plain) if c == "\n"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("东城、西关、南湖、五象湖4个分宫错峰开放。", [("4个", "agrees")]),
        ("东城、西关、南湖、五象湖5个分宫错峰开放。", [("5个", "review")]),  # names of no known class: only asked about
        ("东城、西关、南湖、五象湖等5个分宫错峰开放。", []),
        ("东城、西关、南湖、五象湖9个分宫错峰开放。", []),  # so many more are another list
    ],
)
def test_names_of_no_known_class_directly_before_their_number(text: str, verdict: list[tuple[str, str]]) -> None:
    assert verdicts(text) == verdict


def test_a_list_behind_a_dash_may_end_at_a_comma() -> None:
    assert verdicts("每月停靠4所乡村学校——凤栖小学、石浦小学、莲塘小学，铃声一响，孩子们就往车边跑。") == [("4所", "conflicts")]
    assert verdicts("每月停靠4所乡村学校——凤栖小学、石浦小学、莲塘小学，以及山里的竹坑小学。") == []

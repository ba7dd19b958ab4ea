"""Totals against their parts in running text, through small reports."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import rules
from extractor.model import Finding, Report
from extractor.reconcile import sums
from extractor.reconcile.case import Case
from extractor.reconcile.partition import closed, overlapping


def report(text: str) -> Report:
    return extractor.extract(extractor.read(f"某市图书馆2021年工作总结\n一、工作情况\n{text}".encode(), "a.txt"))


def found(text: str) -> list[Finding]:
    return list(sums.find(Case(report(text), rules.tables())))


def verdicts(text: str) -> list[tuple[str, str]]:
    return [(f.left.raw, f.verdict) for f in found(text)]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("全年新增文献9874册，其中购置图书7430册、接受捐赠1286册、装订报刊1158册。", "9874册"),
        ("馆藏珍贵文物529件，占比10%。珍贵文物中，一级文物20件，二级文物109件，三级文物400件。", "529件"),
        ("流动博物馆进校园42场、进社区27场、进军营5场，共74场。", "74场"),
        ("举办讲座20场，参与读者2000人次；举办展览15场，参与读者5000人次，共35场、7000人次。", "35场"),
        ("全年接待读者35万人次，上半年16.2万人次，下半年18.8万人次。", "35万人次"),
        ("馆藏达到68万余册，其中纸质图书55万册，电子图书13万册，办证6万张。", "68万余册"),
        ("全年举办活动86场（讲座20场、展览30场、培训36场），参与读者1万人次。", "86场"),
        ("馆藏文献30万册，其中图书25万册（含少儿图书8万册）、报刊5万册。", "30万册"),
        ("征集作品125件，书法、绘画、摄影分别为40件、50件、35件。", "125件"),
        ("获得市级以上荣誉8项，其中国家级2项、省级5项、市级1项。", "8项"),
        ("本年收入合计2864.35万元，其中财政拨款2477.65万元、其他收入386.7万元；本年支出合计2791.62万元。", "2864.35万元"),
        ("开展活动110场，比上年增加20场，其中进校园60场、进社区50场。", "110场"),
        ("全年举办活动246场次，其中讲座86场，展览42个，培训118期。", "246场次"),
    ],
)
def test_a_sum_that_closes_agrees(text: str, total: str) -> None:
    assert (total, "agrees") in verdicts(text)
    assert not [v for v in verdicts(text) if v[1] == "conflicts"]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("全年配送图书12600册，其中学校7200册、社区3800册、幼儿园2100册。", "12600册"),
        ("少儿部移库图书5177册，流通部移库图书857册，共6134册。", "6134册"),
        ("市级以上荣誉8项，其中国家级2项、省级4项、市级1项。", "8项"),
        ("一季度接待读者3.1万人次，二季度4.2万人次，三季度5.3万人次，四季度3.9万人次，全年共接待读者17.5万人次。", "17.5万人次"),
        ("数据库总数达到29个，其中中文18个、外文12个。", "29个"),
        ("征集作品120件，书法、绘画、摄影分别为40件、50件、35件。", "120件"),
        ("全年新增文献13000册，其中图书8000册、报刊2000册、其他1500册。", "13000册"),
        ("评出一等奖3名、二等奖6名、三等奖10名，共20名。", "20名"),
        ("馆藏珍贵文物529件。珍贵文物中，一级文物20件，二级文物109件，三级文物300件。", "529件"),
        ("共建分馆16个，包括乡镇分馆10个、社区分馆5个、企业分馆2个。", "16个"),
        ("全年举办活动412场，其中讲座86场，展览42个，培训118期，其他活动176场。", "412场"),
        ("全年举办活动412场，参与读者2万人次。分门别类来看，讲座86场，听众1294人次；展览42个，自办11个、引进31个；培训118期；手工体验等其他活动176场。", "412场"),
    ],
)
def test_a_list_that_cannot_make_up_its_total_conflicts(text: str, total: str) -> None:
    assert (total, "conflicts") in verdicts(text)


@pytest.mark.parametrize(
    "text",
    [
        "全年接待读者35万人次，其中少儿读者12万人次、老年读者8万人次。",
        "现有职工14人，其中女职工9人、党员8人。",
        "现有在职职工14人，其中专业技术人员9人，具有副高级职称2人、中级职称6人。",
        "现有在编职工38人、合同制人员11人，其中正高2人、副高9人、中级15人。",
        "截至年底总藏量达到24.67万册，其中图书22.15万册；可供使用的电子图书3.56万册。",
        "本年收入合计386万元，其中财政拨款371万元；本年支出合计380万元。",
        "新建6个流通点、6个书香班级、1个书屋，目前全市共建成65个流通点。",
        "接待观众86万人次，比2020年的54万人次增长52%。其中未成年人21万人次，境外观众1268人次。",
        "馆藏30万册，其中少儿图书5万册、外文图书1万册，另有电子图书40万册。",
        "前10位占比51.2%、前50位占比59.4%、前100位占比75.7%。",
        "发表论文17篇，其中核心期刊4篇、省级期刊5篇。",
        "全年组织活动413场次，同上一年的286场次相比多办126场次；按方式分，线下348场次、线上65场次。",
        "全年到位财政资金541万元，其中免费开放资金50万元，总支出542万元，收支基本平衡。",
        "全年举办活动412场，其中讲座86场，展览42个，培训118期。",
    ],
)
def test_what_leaves_out_or_overlaps_is_no_contradiction(text: str) -> None:
    assert [v for v in verdicts(text) if v[1] != "agrees"] == []


def test_each_unit_is_added_up_for_itself() -> None:
    text = "今年配置各类文献8647种10666册（含图书、期刊合订本、电子资源）。其中纸质图书3532种，5082册；电子书3005种，3005册；合订期刊758种、约2260册。"
    kinds, volumes = found(text)
    assert (kinds.left.raw, kinds.verdict, kinds.difference) == ("8647种", "conflicts", 1352)
    assert "3532 + 3005 + 758 = 7295，正文为8647种，相差1352种" in kinds.message
    assert (volumes.left.raw, volumes.verdict, volumes.difference) == ("10666册", "conflicts", 309)
    assert len(kinds.parts) == len(volumes.parts) == 3


def test_rounded_parts_are_judged_by_their_intervals() -> None:
    assert verdicts("接待读者10万人次，其中上半年4.96万人次，下半年5.04万人次。") == [("10万人次", "agrees")]
    assert verdicts("接待读者10.00万人次，其中上半年4.9万人次，下半年5.3万人次。") == [("10.00万人次", "conflicts")]


def test_whole_amounts_of_money_may_be_rounded() -> None:
    assert verdicts("收入1001元，其中财政拨款400元、其他收入600元。") == [("1001元", "review")]
    assert verdicts("收入1010元，其中财政拨款400元、其他收入600元。") == [("1010元", "conflicts")]


def test_little_missing_from_an_open_list_is_asked_about() -> None:
    text = "全年新增图书12000册，其中社科类5200册、文艺类4300册、科技类2300册。"
    assert verdicts(text) == [("12000册", "review")]


def test_shares_of_one_whole() -> None:
    assert [f.verdict for f in found("读者中，学生占45%、职工占35%、退休人员占20%。")] == ["agrees"]
    assert [f.verdict for f in found("读者中，学生占45%、职工占35%、退休人员占25%。")] == ["conflicts"]
    assert found("读者中，学生占45%、职工占35%、退休人员占10%。") == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(2, 4000), min_size=2, max_size=4), st.integers(-3, 3))
def test_only_the_true_total_agrees(parts: list[int], off: int) -> None:
    names = ("东城", "西城", "南城", "北城")
    text = "、".join(f"{name}移交{n}册" for name, n in zip(names, parts, strict=False)) + f"，共{sum(parts) + off}册。"
    expected = [] if sum(parts) + off < max(parts) else ["agrees" if off == 0 else "conflicts"]  # less than a part: a total of something else
    assert [f.verdict for f in found(text) if f.rule == "sum:共"] == expected


def test_spans_are_the_evidence() -> None:
    r = report("全年新增文献9874册，其中购置图书7430册、接受捐赠1286册、装订报刊1158册。")
    (finding,) = sums.find(Case(r, rules.tables()))
    assert r.text[finding.left.start : finding.left.end] == "9874册"
    assert r.text[finding.right.start : finding.right.end] == "7430册、接受捐赠1286册、装订报刊1158册"
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding) == finding


def test_names_that_divide_by_two_marks_may_overlap() -> None:
    assert overlapping(["女职工", "党员"])
    assert overlapping(["少儿图书", "外文图书"])
    assert not overlapping(["中文图书", "外文图书", "合订本期刊"])
    assert not overlapping(["学校", "社区", "幼儿园"])
    assert closed(["中文", "外文"], "") and not closed(["中文", "日文"], "")
    assert closed(["上半年", "下半年"], "", time=True) and not closed(["线上", "线下"], "", time=True)


YEAR = "一季度办了13场；二季度小范围试着恢复，办了31场；三季度结合防汛宣传办了59场；四季度集中发力，办了{}场。"


@pytest.mark.parametrize(("last", "verdict"), [(83, "agrees"), (81, "conflicts")])
def test_quarters_make_up_the_year_whatever_stands_between_them(last: int, verdict: str) -> None:
    assert verdicts("全年线下活动186场，上年这个数字是343场。分季度说，" + YEAR.format(last)) == [("186场", verdict)]


@pytest.mark.parametrize(("total", "verdict"), [("270.4万", ["agrees"]), ("268.4万", ["review"]), ("154.2万", [])])
def test_quarters_of_a_whole_that_another_paragraph_tells(total: str, verdict: list[str]) -> None:
    text = f"共接待读者{total}人次。\n分季度看，到馆读者一季度58.3万人次，二季度64.2万人次，三季度受暑期带动升至82.2万人次，四季度回落到65.7万人次。"
    assert [v for _, v in verdicts(text)] == verdict


def test_a_quarter_with_two_figures_is_no_part() -> None:
    assert verdicts("全年举办培训18场。上半年培训5场、讲座3场，下半年培训6场、讲座4场。") == []


def test_two_parts_by_one_mark_that_nearly_make_the_whole_are_asked_about() -> None:
    assert verdicts("馆藏图书201.9万册，其中东湖校区128.6万册，西山校区71.3万册。") == [("201.9万册", "review")]
    assert verdicts("馆藏图书231.9万册，其中东湖校区128.6万册，西山校区71.3万册。") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("职工62人，男职工27人，女职工34人，平均年龄四十一岁。", [("62人", "conflicts")]),
        ("校外访问方面，单点登录41.7万次、专网登录26.9万次，两者合计68.6万次。", [("68.6万次", "agrees")]),
        ("校外访问方面，单点登录41.7万次、专网登录26.9万次，两者合计69.6万次。", [("69.6万次", "conflicts")]),
        ("在校学生2913人，其中初中1502人、高中1410人。", [("2913人", "review")]),
        ("职工61人，男职工27人，女职工34人，平均年龄四十一岁。", [("61人", "agrees")]),
        ("在册志愿者114人。其来源构成：大学生45人，教师28人，退休人员19人，其他职业12人。", [("114人", "conflicts")]),
        ("在册志愿者104人。其来源构成：大学生45人，教师28人，退休人员19人，其他职业12人。", [("104人", "agrees")]),
        ("解答咨询共计10148件，分季度看，1月至3月2356件，4月至6月1842件，7月至9月3075件，10月至12月2911件。", [("10148件", "conflicts")]),
        ("春季接待讲解1120批次，夏季1290批次，秋季742批次，冬季860批次，一年下来接待讲解4102批次。", [("4102批次", "conflicts")]),
        ("培训班480课时，春季班286课时，秋季班194课时。其中声乐131课时，舞蹈、书画等349课时。", [("480课时", "agrees")]),
        ("全年总收入2249.7万元，其中财政拨款1860万元，上级补助收入240万元，事业收入126.5万元，其他收入13.2万元。", [("2249.7万元", "review")]),
        ("全年总收入2239.7万元，其中财政拨款1860万元，上级补助收入240万元，事业收入126.5万元，其他收入13.2万元。", [("2239.7万元", "agrees")]),
    ],
)
def test_breakdowns_without_the_usual_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert verdicts(text) == expected


def test_what_overlaps_adds_up_to_more_and_never_to_less() -> None:
    assert verdicts("全年新增藏书5836册，按大类统计，社会科学类2610册，文学艺术类1874册，少儿读物1052册。") == [("5836册", "review")]
    assert verdicts("全年新增藏书5036册，按大类统计，社会科学类2610册，文学艺术类1874册，少儿读物1052册。") == []

"""Figures of running text: place, label, unit where none is written, period in every way it is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor.model import Figure, Report

TITLE = "云溪县图书馆2021年工作总结"


def report(*lines: str, title: str = TITLE) -> Report:
    return extractor.extract(extractor.read("\n".join((title, "现总结如下：", *lines)).encode(), "a.txt"))


def figures(*lines: str, title: str = TITLE) -> tuple[Figure, ...]:
    return report(*lines, title=title).figures


def only(*lines: str, title: str = TITLE) -> Figure:
    found = figures(*lines, title=title)
    assert len(found) == 1, [f.raw for f in found]
    return found[0]


def entries(*lines: str) -> list[tuple[str, str]]:
    return [(f.raw, f.period) for f in figures("全年工作扎实推进。", "四、2021年大事记", *lines)]


# --- place and interval ---------------------------------------------------------------------------


def test_a_figure_is_the_number_with_hedge_and_unit_at_its_place() -> None:
    found = report("全年接待到馆读者30.9万余人次。")
    figure = found.figures[0]
    assert (figure.raw, figure.value, figure.low, figure.high, figure.hedge, figure.unit) == ("30.9万余人次", 309000, 309000, 310000, "over", "人次")
    assert found.text[figure.start : figure.end] == figure.raw
    assert found.text[: figure.start].endswith("接待到馆读者")


@pytest.mark.parametrize("written", ["３０．９万余人次", "30.9万 余人次", "30.9 万余人次"])
def test_full_width_digits_and_stray_spaces_belong_to_the_figure_as_written(written: str) -> None:
    figure = only(f"全年接待读者{written}。")
    assert (figure.raw, figure.value) == (written, 309000)


def test_figures_stand_in_reading_order_with_their_ordinal() -> None:
    found = figures("购置图书300册。", "二、活动", "举办讲座8场，听众500人次。")
    assert [f.id for f in found] == ["figure-1", "figure-2", "figure-3"]
    assert [f.raw for f in found] == ["300册", "8场", "500人次"]


def test_a_table_that_is_no_chronicle_gives_no_figures() -> None:
    assert figures("附：基本情况统计表", "项目\t单位\t数量", "总流通人次\t人次\t16.3万人次", "讲座次数\t次\t18") == ()


def test_a_chronicle_laid_out_as_a_table_gives_figures_with_their_row() -> None:
    found = figures("2021年大事记", "日期\t内容", "3月5日\t组织志愿者32名到敬老院", "6月1日\t举办讲座1场，听众120人", "6月9日\t召开理事会")
    assert [(f.raw, f.period, f.row) for f in found] == [("32名", "2021-03-05", 0), ("1场", "2021-06-01", 1), ("120人", "2021-06-01", 1)]
    assert {f.table for f in found} == {0}


# --- label ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        ("全年接待到馆读者30.9万余人次。", ["接待到馆读者"]),
        ("共展出300余幅作品。", ["作品"]),
        ("目前，馆藏古籍1300册。", ["馆藏古籍"]),
        ("本年支出400万元，其中基本支出280万元。", ["支出", "基本支出"]),
        ("购置各类文献8647种10666册。", ["购置各类文献", "购置各类文献"]),
        ("加工合订期刊613种、约1800册。", ["加工合订期刊", "加工合订期刊"]),
        ("对8部52册馆藏古籍进行了数字化。", ["馆藏古籍", "馆藏古籍"]),
        ("建成21家分馆。", ["分馆"]),
        ("购书经费也从上年的8万元提高到15万元。", ["购书经费", "购书经费"]),
        ("举办公益讲座18场，听众2480人次。", ["举办公益讲座", "听众"]),
        ("推出“睡前故事”绘本课26课时。", ["推出“睡前故事”绘本课"]),
        ("上年举办讲座分别为12场、15场和18场。", ["上年举办讲座", "上年举办讲座", "上年举办讲座"]),
    ],
)
def test_the_label_says_what_is_counted(sentence: str, labels: list[str]) -> None:
    assert [f.label for f in figures(sentence)] == labels


def test_labels_are_words_of_the_text() -> None:
    found = report("现有在职职工37人，其中专业技术人员28人；馆舍面积4100平方米，阅览座席410个（含少儿座席130个）。")
    assert len(found.figures) == 5
    assert all(f.label and f.label in found.text for f in found.figures)


# --- a unit that the words imply -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("年惠及读者人次达到150万。", 1500000, "人次"),
        ("网站访问量突破200万，", 2000000, "人次"),
        ("全年到馆量36.5万。", 365000, "人次"),
        ("多方筹措，共投入50余万资金。", 500000, "元"),
        ("争取项目经费120万。", 1200000, "元"),
        ("公众号粉丝达到3万。", 30000, "人"),
        ("注册用户超过2万。", 20000, "人"),
        ("藏书总量达到120万。", 1200000, "册"),
        ("全年外借量达45万。", 450000, "册次"),
        ("总建筑面积3.2万。", 32000, "平方米"),
        ("服务人次不足8000。", 8000, "人次"),
    ],
)
def test_the_words_imply_a_unit_where_no_measure_word_follows(sentence: str, value: float, unit: str) -> None:
    figure = only(sentence)
    assert (figure.value, figure.unit) == (value, unit)


def test_an_implied_unit_is_not_in_the_raw() -> None:
    assert only("多方筹措，共投入50余万资金。").raw == "50余万"


@pytest.mark.parametrize("sentence", ["实施“1+10+N”工程。", "全国文明城市150万。", "荣获先进称号120。", "拨打3930221咨询。", "位于人民路18号。"])
def test_a_bare_number_without_such_words_is_no_figure(sentence: str) -> None:
    assert figures(sentence) == ()


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "举办“睡前一小时”亲子阅读。", "开展“百本好书”推荐。", "编印《三百个为什么》。", "推出《365夜故事》导读。", "推进“一馆一品、十馆联动”。", "实施“千人计划”。",
    ],
)  # fmt: skip
def test_a_number_in_a_title_or_a_short_quotation_is_a_name(sentence: str) -> None:
    assert figures(sentence) == ()


def test_a_number_behind_a_title_is_counted() -> None:
    assert [f.raw for f in figures("编印《365夜》3000册，推出“十分钟课堂”26课时。")] == ["3000册", "26课时"]


def test_a_long_quotation_says_something() -> None:
    found = figures("媒体报道称“该馆全年接待读者三万余人次，举办各类讲座二十余场，真正成为市民的精神家园和城市的文化客厅”。")
    assert [f.raw for f in found] == ["三万余人次", "二十余场"]


# --- period ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "periods"),
    [
        ("全年接待读者60万人次。", ["2021"]),
        ("截至2021年12月31日，馆藏图书20万册。", ["2021"]),
        ("截至年底，共有分馆12个。", ["2021"]),
        ("去年接待读者54万人次。", ["2020"]),
        ("上年接待读者54万人次。", ["2020"]),
        ("前年接待读者54万人次。", ["2019"]),
        ("2020年接待读者54万人次。", ["2020"]),
        ("2022年计划举办讲座20场。", ["2022"]),
        # a part of the year
        (
            "新办借书证8432张，一至四季度依次为1615张、1902张、2687张和2228张，暑期最旺。",
            ["2021", "2021-01/2021-03", "2021-04/2021-06", "2021-07/2021-09", "2021-10/2021-12"],
        ),
        ("各季度分别接待3万人次、4万人次、6万人次和5万人次。", ["2021-01/2021-03", "2021-04/2021-06", "2021-07/2021-09", "2021-10/2021-12"]),
        ("一季度接待读者4万人次；二季度接待读者5万人次。", ["2021-01/2021-03", "2021-04/2021-06"]),
        ("上半年，举办讲座8场；下半年，举办讲座10场。", ["2021-01/2021-06", "2021-07/2021-12"]),
        ("接待读者60万人次，其中上半年28万人次，下半年32万人次。", ["2021", "2021-01/2021-06", "2021-07/2021-12"]),
        ("5月接待读者4万人次，全年接待读者60万人次。", ["2021-05", "2021"]),
        ("8月，接待读者3万人次，累计接待读者60万人次。", ["2021-08", "2021"]),
        ("3月15日，举办讲座1场，听众120人。", ["2021-03-15", "2021-03-15"]),
        ("10月2日单日接待读者3200人次。", ["2021-10-02"]),
        ("3月至5月，累计接待读者3万人次。", ["2021-03/2021-05"]),
        # holidays and seasons
        ("国庆假期接待读者3.2万人次。", ["2021-10-01/2021-10-07"]),
        ("国庆黄金周期间，接待读者3.2万人次。", ["2021-10-01/2021-10-07"]),
        ("五一期间接待读者9000人次。", ["2021-05"]),
        ("暑假期间接待读者3万人次。", ["2021-07/2021-08"]),
        # compared with another year
        ("接待读者60万人次，比2020年的54.7万人次增长9.7%。", ["2021", "2020", "2021"]),
        ("接待读者60万人次，较上年54.7万人次增长9.7%。", ["2021", "2020", "2021"]),
        ("比2020年增加3万人次。", ["2021"]),
        ("到馆读者由2020年的54万人次增加到60万人次。", ["2020", "2021"]),
        ("2019年、2020年和2021年，我馆分别举办讲座12场、15场和18场。", ["2019", "2020", "2021"]),
        ("3月15日、4月20日分别举办讲座1场、展览2个。", ["2021-03-15", "2021-04-20"]),
        ("2021年举办各类讲座12场。", ["2021"]),
        # over years
        ("自2003年以来累计接待读者540万人次。", ["2003/2021"]),
        ("2015年以来累计捐书3万册。", ["2015/2021"]),
        ("2010年至2020年累计接待读者500万人次。", ["2010/2020"]),
        ("从3月起，接待读者3万人次。", ["2021-03/2021"]),
        # how old something is that stands today
        ("我馆始建于1984年，2006年迁入现址，馆舍面积1680平方米，设座席186个。", ["2021", "2021"]),
        ("2009年被评为一级馆，藏书12万册。", ["2021"]),
        ("2018年建成新馆，投资3000万元，藏书35万册。", ["2018", "2021"]),
        ("2018年征集书画120件，接待观众3万人次。", ["2018", "2018"]),
    ],
)
def test_the_words_tell_the_period(sentence: str, periods: list[str]) -> None:
    assert [f.period for f in figures(sentence)] == periods


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("云溪县图书馆2021年上半年工作总结", "2021-01/2021-06"),
        ("云溪大学图书馆2020-2021学年工作总结", "2020-09/2021-08"),
        ("工作总结", "XXXX"),
    ],
)
def test_without_other_words_the_period_is_the_report_s_own(title: str, period: str) -> None:
    assert only("接待读者3万人次。", title=title).period == period


@pytest.mark.parametrize(
    ("heading", "sentence", "indicator"),
    [
        ("三、2022年工作计划", "新增藏量2万册。", "acquisitions.total"),
        ("三、2022年工作打算", "举办讲座20场以上。", "events.lectures.count"),
        ("三、下一步工作打算", "力争接待读者突破70万人次。", "visits.total"),
        ("四、明年工作思路", "计划购书2万册。", "acquisitions.print_books"),
    ],
)
def test_under_a_heading_of_plans_the_next_year_is_meant(heading: str, sentence: str, indicator: str) -> None:
    figure = only("一、主要工作", heading, sentence)
    assert (figure.period, figure.indicator) == ("2022", indicator)


@pytest.mark.parametrize(
    ("sentence", "periods", "indicator"),
    [
        ("接待读者41.2万人次，上年为36.5万人次。", ["2021", "2020"], "visits.total"),
        ("接待读者41.2万人次，2020年同期是36.5万人次。", ["2021", "2020"], "visits.total"),
        ("接待读者41.2万人次，较去年的36.5万人次大增。", ["2021", "2020"], "visits.total"),
        ("2020年馆藏总量40万册，今年42万册。", ["2020", "2021"], "collection.total"),
        ("馆藏总量由40万册扩至42万册。", ["2020", "2021"], "collection.total"),
        ("2022年计划举办讲座20场、讲座30场以上。", ["2022", "2022"], "events.lectures.count"),
        ("2022年，力争接待读者70万人次。", ["2022"], "visits.total"),
    ],
)
def test_figures_of_another_year_have_its_period_and_the_same_indicator(sentence: str, periods: list[str], indicator: str) -> None:
    found = figures(sentence)
    assert ([f.period for f in found], {f.indicator for f in found}) == (periods, {indicator})


@pytest.mark.parametrize("sentence", ["计划举办讲座20场。", "力争接待读者70万人次。", "2022年建成的新馆设计藏书120万册。", "密集书库可藏书120万册。"])
def test_plans_of_no_year_and_what_there_is_room_for_are_not_linked(sentence: str) -> None:
    assert [f.indicator for f in figures(sentence)] == [None]


def test_what_is_still_wrong_is_this_year_s() -> None:
    assert only("三、存在问题", "人均藏书仅0.5册。").period == "2021"


@pytest.mark.parametrize("but", ["除周一闭馆和春节假期以外", "除春节假期外", "除了国庆黄金周之外"])
def test_what_is_left_out_of_account_does_not_narrow_the_year(but: str) -> None:
    found = figures(f"{but}，天天开门，全馆接待读者12.6万人次。")
    assert [(f.raw, f.period, f.indicator) for f in found] == [("12.6万人次", "2021", "visits.total")]


def test_an_entry_s_date_is_the_period_of_its_figures() -> None:
    assert entries("1、3月5日，组织志愿者32名到敬老院。", "2、2月1日至12日，义写春联1500余副。", "3、8月，接待读者3万人次。", "4、9月中旬，修补图书300册。") == [
        ("32名", "2021-03-05"), ("1500余副", "2021-02-01/2021-02-12"), ("3万人次", "2021-08"), ("300册", "2021-09-11/2021-09-20"),
    ]  # fmt: skip


def test_the_words_of_an_entry_move_its_figures_away_from_its_date() -> None:
    found = entries("1、3月5日，组织志愿者32名到敬老院。", "2、12月29日，完成年报，全年新办借书证2361个。", "3、12月30日，召开总结会，表彰2020年先进5名。")
    assert found == [("32名", "2021-03-05"), ("2361个", "2021"), ("5名", "2020")]


def test_figures_of_an_entry_with_a_date_of_its_own_are_never_the_year_s() -> None:
    lines = ("1、3月5日，举办讲座1场。", "2、5月25日、26日，举办培训班2期。", "3、7月9日、8月12日，举办讲座3场。", "4、9月28日起，接待读者130人次。")
    found = figures("全年工作扎实推进。", "四、2021年大事记", *lines)
    assert [(f.raw, f.indicator) for f in found] == [("1场", None), ("2期", None), ("3场", None), ("130人次", None)]


# --- properties -----------------------------------------------------------------------------------

PIECES = ["全年", "2020年", "去年", "国庆假期", "上半年", "接待读者", "新增藏量", "其中", "比", "由", "分别", "“", "”", "《", "》", "，", "。", "；", "、", "3月5日", "30.9万余人次", "8场", "近千名", "5000册", "几十", "累计", "以来"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_every_figure_has_a_period_and_a_value_in_its_interval(sentence: str) -> None:
    found = report(sentence)
    for figure in found.figures:
        assert found.text[figure.start : figure.end] == figure.raw
        assert figure.period and figure.unit
        assert figure.low is None or figure.low <= figure.value
        assert figure.high is None or figure.value <= figure.high

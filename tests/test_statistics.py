"""Statistics tables in every shape they come in, and the profile above them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

import extractor
from extractor.model import Report, Statistic
from extractor.statistics import plain_quantity, read_value

TITLE = "云溪县图书馆2021年工作总结"
CAPTION = "附：基本情况统计表"


def report(*lines: str, caption: str = CAPTION) -> Report:
    return extractor.extract(extractor.read("\n".join((TITLE, "现总结如下：", "全年工作扎实推进。", caption, *lines)).encode(), "a.txt"))


def statistics(*lines: str, caption: str = CAPTION) -> tuple[Statistic, ...]:
    return report(*lines, caption=caption).statistics


def docx(*rows: Sequence[str], caption: str = CAPTION) -> Report:
    """A report with one Word table; ``<`` is merged with the cell to its left, ``^`` with the one above."""
    from docx import Document

    document = Document()
    for line in (TITLE, "现总结如下：", caption):
        document.add_paragraph(line)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text == "<":
                table.cell(r, c - 1).merge(table.cell(r, c))
            elif text == "^":
                table.cell(r - 1, c).merge(table.cell(r, c))
            else:
                table.cell(r, c).text = text
    stream = io.BytesIO()
    document.save(stream)
    return extractor.extract(extractor.read(stream.getvalue(), "a.docx"))


def cells(found: Sequence[Statistic]) -> list[tuple[str | None, str, float | None, str | None]]:
    return [(s.code, s.label, s.value, s.unit) for s in found]


# --- the official form ----------------------------------------------------------------------------

TWICE = (
    "项 目\t代码\t单位\t指标\t项 目\t代码\t单位\t指标",
    "甲\t乙\t丙\t1\t甲\t乙\t丙\t1",
    "一、从业人员\t11\t人\t14\t十六、本年收入合计\t49\t千元\t2,968",
    "其中：专业技术人才\t12\t人\t9\t1、财政拨款预算收入\t50\t千元\t2,728",
    "项 目\t代码\t单位\t指标\t项 目\t代码\t单位\t指标",
    "二、藏量\t16\t册、件\t128,634\t2、上级补助收入\t55\t千元\t—",
    "1、图书\t17\t册\t 109 411\t购书专项经费\t54\t千元\t",
)


def test_a_form_that_stands_twice_side_by_side() -> None:
    assert cells(statistics(*TWICE)) == [
        ("11", "一、从业人员", 14, "人"), ("49", "十六、本年收入合计", 2968, "千元"),
        ("12", "其中：专业技术人才", 9, "人"), ("50", "1、财政拨款预算收入", 2728, "千元"),
        ("16", "二、藏量", 128634, "册、件"), ("55", "2、上级补助收入", None, "千元"),
        ("17", "1、图书", 109411, "册"), ("54", "购书专项经费", None, "千元"),
    ]  # fmt: skip


def test_repeated_headers_and_the_row_of_counting_letters_are_no_statistics() -> None:
    assert not {"甲", "项 目", "项目"} & {s.label for s in statistics(*TWICE)}


def test_every_row_belongs_to_its_indicator_and_its_parent_by_code() -> None:
    found = {s.code: (s.indicator, s.parent) for s in statistics(*TWICE)}
    assert found == {
        "11": ("staff.total", None), "12": ("staff.professional", "11"), "16": ("collection.total", None), "17": ("collection.books", "16"),
        "49": ("income.total", None), "50": ("income.fiscal", "49"), "54": ("income.fiscal.book_fund", "50"), "55": ("income.superior_subsidy", "49"),
    }  # fmt: skip


def test_the_right_half_goes_on_where_the_left_half_ends() -> None:
    """参加人次 at the head of the right half follows 讲座 at the foot of the left half, not 古籍 beside it."""
    found = statistics("项目\t代码\t单位\t指标\t项目\t代码\t单位\t指标", "2、古籍\t19\t册\t1,326\t参加人次\t39\t人次\t2,480", "其中:组织各类讲座次数\t38\t次\t18\t举办展览\t40\t个\t11")
    assert {s.code: s.indicator for s in found}["39"] == "events.lectures.attendance"


def test_positions_of_a_row() -> None:
    found = report(*TWICE)
    staff, income = found.statistics[:2]
    assert found.text[staff.start : staff.end] == "一、从业人员\t11\t人\t14"
    assert found.text[income.start : income.end] == "十六、本年收入合计\t49\t千元\t2,968"
    assert (staff.table, staff.row, staff.column) == (0, 1, 3)
    assert (income.table, income.row, income.column) == (0, 1, 7)
    assert found.tables[0].rows[1][3] == "14"


def test_a_form_that_stands_once_with_lines_that_only_name_the_rows_below() -> None:
    found = statistics(
        "项目\t代码\t单位\t数量", "十一、为读者举办各种活动\t\t\t", "其中：组织各类讲座次数\t38\t次\t18", "参加人次\t39\t人次\t2,480", "举办展览\t40\t个\t11", "参观人次\t41\t人次\t19,000",
        "举办培训班\t42\t个\t9", "培训人次\t43\t人次\t612",
    )  # fmt: skip
    assert [(s.code, s.indicator, s.parent) for s in found if s.code] == [
        ("38", "events.lectures.count", None), ("39", "events.lectures.attendance", "38"), ("40", "events.exhibitions.count", None),
        ("41", "events.exhibitions.attendance", "40"), ("42", "events.training.count", None), ("43", "events.training.attendance", "42"),
    ]  # fmt: skip
    assert all((s.code, s.value, s.indicator) == (None, None, None) for s in found if s.label.startswith("十一"))


@pytest.mark.parametrize(
    ("rows", "indicator"),
    [
        (("组织各类讲座次数\t次\t18", "参加人次\t人次\t2480"), "events.lectures.attendance"),
        (("举办展览\t个\t11", "参观人次\t人次\t19000"), "events.exhibitions.attendance"),
        (("组织各类讲座次数\t次\t18", "举办培训班\t个\t9", "培训人次\t人次\t612"), "events.training.attendance"),
        (("二、藏量\t册\t128634", "其他\t册\t300"), None),
        (("5、缩微制品\t件\t0", "6、其他\t册\t300"), "collection.other"),
        (("计算机台数\t台\t68", "参加人次\t人次\t2480"), None),
    ],
)
def test_a_label_that_several_rows_share_is_told_by_the_rows_above(rows: tuple[str, ...], indicator: str | None) -> None:
    assert statistics("项目\t单位\t数量", *rows)[-1].indicator == indicator


@pytest.mark.parametrize(("code", "year"), [("47", "2018"), ("46", "2021"), ("999", "2021")])
def test_codes_move_from_year_to_year_and_the_label_decides(code: str, year: str) -> None:
    text = f"云溪县图书馆{year}年工作总结\n现总结如下：\n{CAPTION}\n项目\t代码\t单位\t数量\n计算机台数\t{code}\t台\t68\n阅览座席\t84\t个\t362"
    found = extractor.extract(extractor.read(text.encode(), "a.txt")).statistics[0]
    assert (found.code, found.indicator, found.period) == (code, "equipment.computers", year)


# --- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value", "unit"),
    [
        ("13,271", 13271, None), ("１３，２７１", 13271, None), ("13 271", 13271, None), ("386.7万元", 386.7, "万元"), ("12.0", 12, None), ("-3.5", -3.5, None), ("0", 0, None),
        ("18场", 18, "场"), ("", None, None), ("　", None, None), ("—", None, None), ("——", None, None), ("-", None, None), ("/", None, None), ("无", None, None), ("…", None, None), ("暂缺", None, None),
    ],
)  # fmt: skip
def test_the_number_of_a_cell(raw: str, value: float | None, unit: str | None) -> None:
    assert read_value(raw) == (value, unit)


@pytest.mark.parametrize("raw", ["18/2480", "2021-05-01", "上半年8，下半年10", "8场、500人次"])
def test_a_cell_with_several_numbers_has_no_value(raw: str) -> None:
    assert read_value(raw)[0] is None


@pytest.mark.parametrize(
    ("value", "unit", "quantity", "plain"),
    [
        (13271, "千元", 13271000, "元"), (386.7, "万元", 3867000, "元"), (24.67, "万册", 246700, "册"), (1.2, "亿元", 120000000, "元"), (18.3, "万人次", 183000, "人次"),
        (3, "百万元", 3000000, "元"), (860, "千米", 860, "千米"), (5, "千克", 5, "千克"), (14, "人", 14, "人"), (None, "千元", None, "千元"), (14, None, 14, None), (11.41, "TB", 11.41, "TB"),
        (312, "件（套）", 312, "件/套"), (312, "台(套)", 312, "台/套"), (12, "元（含税）", 12, "元（含税）"),
    ],
)  # fmt: skip
def test_quantities_in_plain_units(value: float | None, unit: str | None, quantity: float | None, plain: str | None) -> None:
    assert plain_quantity(value, unit) == (quantity, plain)


def test_thousands_of_yuan_are_multiplied_out_without_rounding_errors() -> None:
    found = statistics("项目\t代码\t单位\t指标", "十六、本年收入合计\t49\t千元\t2968.1", "十七、本年支出合计\t60\t千元\t2,791")
    assert [(s.value, s.unit, s.quantity, s.quantity_unit) for s in found] == [(2968.1, "千元", 2968100, "元"), (2791, "千元", 2791000, "元")]


@pytest.mark.parametrize("blank", ["", "　", "—", "——", "-", "/"])
def test_a_blank_or_a_dash_is_a_row_without_value(blank: str) -> None:
    found = statistics("项目\t代码\t单位\t指标", "二、藏量\t16\t册、件\t128,634", f"6、其他\t24\t册\t{blank}", "开架书刊\t25\t册\t90,000")
    assert [(s.code, s.raw, s.value, s.quantity, s.unit) for s in found][1] == ("24", blank.strip(), None, None, "册")


# --- without codes --------------------------------------------------------------------------------


def test_a_table_without_codes() -> None:
    found = statistics("指标名称\t计量单位\t数量", "馆藏总量\t万册\t24.67", "总流通人次\t万人次\t16.3", "书刊文献外借册次\t册次\t118000")
    assert [(s.code, s.indicator, s.quantity, s.quantity_unit) for s in found] == [
        (None, "collection.total", 246700, "册"), (None, "visits.total", 163000, "人次"), (None, "loans.external_volumes", 118000, "册次"),
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["指标名称\t单位\t2020年\t2021年\t增减", "指标\t单位\t2020年度\t2021年度\t增长率", "项目\t单位\t2020年实际\t2021年实际\t同比", "项目\t单位\t上年\t本年\t增减", "统计指标\t计量单位\t上年同期\t本年数\t比上年增减"])
def test_columns_of_years_and_a_column_of_changes(header: str) -> None:
    found = statistics(header, "总流通人次\t人次\t150,000\t163,000\t8.7%", "举办展览\t个\t10\t11\t+1", "本年支出合计\t万元\t—\t279.1\t")
    assert [(s.indicator, s.period, s.raw) for s in found] == [
        ("visits.total", "2020", "150,000"), ("visits.total", "2021", "163,000"), ("events.exhibitions.count", "2020", "10"), ("events.exhibitions.count", "2021", "11"),
        ("expenditure.total", "2020", "—"), ("expenditure.total", "2021", "279.1"),
    ]  # fmt: skip


def test_units_written_in_the_cells_of_year_columns() -> None:
    found = statistics("指标\t2020年\t2021年", "总流通人次\t150,000人次\t163,000人次", "财政拨款\t272.8万元\t281万元")
    assert [(s.value, s.unit, s.quantity, s.period) for s in found] == [
        (150000, "人次", 150000, "2020"), (163000, "人次", 163000, "2021"), (272.8, "万元", 2728000, "2020"), (281, "万元", 2810000, "2021"),
    ]  # fmt: skip


def test_a_header_of_two_rows_with_years_over_values_and_changes() -> None:
    found = docx(("指标", "2020年", "<", "2021年", "<"), ("^", "数量", "增减", "数量", "增减"), ("总流通人次", "150,000", "1.2%", "163,000", "8.7%"), ("外借册次", "110,000", "0.4%", "118,000", "7.3%"))
    assert [(s.indicator, s.period, s.value) for s in found.statistics] == [
        ("visits.total", "2020", 150000), ("visits.total", "2021", 163000), ("loans.external_volumes", "2020", 110000), ("loans.external_volumes", "2021", 118000),
    ]  # fmt: skip


def test_years_down_and_indicators_with_their_unit_across() -> None:
    found = statistics("年度\t藏书量(万册)\t到馆人次(万人次)\t讲座(场)", "2019\t22.1\t15.0\t12", "2020年\t23.4\t9.8\t6", "2021\t24.67\t16.3\t18", caption="附：三年主要业务数据")
    assert [(s.period, s.label, s.value, s.unit, s.quantity, s.indicator) for s in found if s.period in ("2020", "2021")] == [
        ("2020", "藏书量(万册)", 23.4, "万册", 234000, "collection.total"), ("2020", "到馆人次(万人次)", 9.8, "万人次", 98000, "visits.total"),
        ("2020", "讲座(场)", 6, "场", 6, "events.lectures.count"), ("2021", "藏书量(万册)", 24.67, "万册", 246700, "collection.total"),
        ("2021", "到馆人次(万人次)", 16.3, "万人次", 163000, "visits.total"), ("2021", "讲座(场)", 18, "场", 18, "events.lectures.count"),
    ]  # fmt: skip
    assert {s.period for s in found} == {"2019", "2020", "2021"}


def test_indicators_across_and_one_row_of_values() -> None:
    found = statistics("藏书量(万册)\t到馆人次(万人次)\t讲座(场)", "24.67\t16.3\t18", caption="附：2021年主要业务数据")
    assert [(s.indicator, s.quantity, s.period) for s in found] == [("collection.total", 246700, "2021"), ("visits.total", 163000, "2021"), ("events.lectures.count", 18, "2021")]


def test_rows_of_parts_of_the_institution_have_no_indicator_of_the_whole() -> None:
    found = statistics("\t总流通人次\t外借册次", "合计\t163,000\t118,000", "总馆\t120,000\t90,000", "城东分馆\t43,000\t28,000", caption="附：2021年主要业务数据")
    assert [s.indicator for s in found] == ["visits.total", "loans.external_volumes", None, None, None, None]


def test_labels_and_values_in_turn() -> None:
    found = statistics("馆藏总量\t24.67万册\t总流通人次\t163,000人次", "外借册次\t118,000册次\t讲座次数\t18场")
    assert [(s.label, s.raw, s.unit, s.quantity, s.indicator) for s in found] == [
        ("馆藏总量", "24.67万册", "万册", 246700, "collection.total"), ("总流通人次", "163,000人次", "人次", 163000, "visits.total"),
        ("外借册次", "118,000册次", "册次", 118000, "loans.external_volumes"), ("讲座次数", "18场", "场", 18, "events.lectures.count"),
    ]  # fmt: skip


def test_a_unit_in_brackets_behind_the_label() -> None:
    found = statistics("指标\t数值", "馆藏总量（万册）\t24.67", "财政拨款(千元)\t2,728", "总流通人次（人次）\t163,000")
    assert [(s.unit, s.quantity, s.indicator) for s in found] == [("万册", 246700, "collection.total"), ("千元", 2728000, "income.fiscal"), ("人次", 163000, "visits.total")]


def test_a_unit_in_the_caption() -> None:
    found = statistics("项目\t金额", "本年收入合计\t296.8", "其中：财政拨款\t272.8", "本年支出合计\t279.1", caption="附：2021年收支统计表（单位：万元）")
    assert [(s.unit, s.quantity, s.quantity_unit, s.indicator) for s in found] == [
        ("万元", 2968000, "元", "income.total"), ("万元", 2728000, "元", "income.fiscal"), ("万元", 2791000, "元", "expenditure.total"),
    ]  # fmt: skip


def test_the_unit_of_a_row_wins_over_the_caption_s() -> None:
    found = statistics("项目\t单位\t数量", "本年收入合计\t千元\t2,968", "从业人员\t人\t14", caption="附：2021年统计表（单位：万元）")
    assert [(s.unit, s.quantity) for s in found] == [("千元", 2968000), ("人", 14)]


# --- merged cells ---------------------------------------------------------------------------------


def test_groups_of_rows_under_one_merged_cell() -> None:
    found = docx(("类别", "项目", "单位", "数量"), ("资源", "总藏量", "册", "128,634"), ("^", "古籍", "册", "1,326"), ("服务", "总流通人次", "人次", "163,000"), ("^", "外借册次", "册次", "—"))
    assert [(s.label, s.value, s.indicator) for s in found.statistics] == [
        ("总藏量", 128634, "collection.total"), ("古籍", 1326, "collection.ancient"), ("总流通人次", 163000, "visits.total"), ("外借册次", None, "loans.external_volumes"),
    ]  # fmt: skip


def test_a_row_merged_over_the_whole_width_names_a_group() -> None:
    found = docx(("项目", "代码", "单位", "指标"), ("一、从业人员", "11", "人", "14"), ("经费情况", "<", "<", "<"), ("十六、本年收入合计", "49", "千元", "2968"))
    assert [s.code for s in found.statistics] == ["11", "49"]


# --- profile --------------------------------------------------------------------------------------

PROFILE = ("单位名称\t云溪县图书馆\t邮政编码\t454000", "电话号码\t0391-3930221\t单位负责人\t张三", "详细地址\t人民路18号\t填表人\t")


def test_a_profile_is_pairs_of_label_and_value() -> None:
    found = report(*PROFILE, caption="附：单位基本信息")
    assert [(p.label, p.value) for p in found.profile] == [
        ("单位名称", "云溪县图书馆"), ("邮政编码", "454000"), ("电话号码", "0391-3930221"), ("单位负责人", "张三"), ("详细地址", "人民路18号"), ("填表人", ""),
    ]  # fmt: skip
    assert found.statistics == ()
    assert found.text[found.profile[1].start : found.profile[1].end] == "邮政编码\t454000"


def test_the_profile_above_a_form_in_the_same_table() -> None:
    found = report(*PROFILE, "项目\t代码\t单位\t指标", "一、从业人员\t11\t人\t14", "二、藏量\t16\t册、件\t128,634")
    assert [p.label for p in found.profile] == ["单位名称", "邮政编码", "电话号码", "单位负责人", "详细地址", "填表人"]
    assert cells(found.statistics) == [("11", "一、从业人员", 14, "人"), ("16", "二、藏量", 128634, "册、件")]


def test_rows_count_from_the_top_of_the_table_without_its_header() -> None:
    found = report(*PROFILE, "项目\t代码\t单位\t指标", "一、从业人员\t11\t人\t14", "二、藏量\t16\t册、件\t128,634")
    rows = found.tables[0].rows
    assert [rows[s.row][s.column] for s in found.statistics if s.row is not None and s.column is not None] == ["14", "128,634"]
    assert [rows[p.row][p.column] for p in found.profile if p.row is not None and p.column is not None] == [p.value for p in found.profile]


def test_a_title_merged_over_profile_and_form() -> None:
    found = docx(("公共图书馆基本情况", "<", "<", "<"), ("单位名称", "云溪县图书馆", "邮政编码", "454000"), ("项目", "代码", "单位", "指标"), ("一、从业人员", "11", "人", "14"))
    assert [p.value for p in found.profile] == ["云溪县图书馆", "454000"]
    assert cells(found.statistics) == [("11", "一、从业人员", 14, "人")]


@pytest.mark.parametrize("header", ["序号\t荣誉名称\t授予单位\t时间", "日期\t标题\t媒体\t版面", "序号\t时间\t事项\t备注"])
def test_other_tables_give_no_statistics(header: str) -> None:
    assert statistics(header, "1\t先进单位\t市文旅局\t2021年3月", "2\t先进集体\t市文旅局\t2021年5月", caption="附表") == ()


# --- codes of several years' forms ----------------------------------------------------------------

CODED = '[[indicator]]\nid = "plants.{id}"\nname = "{id}"\nunits = ["株"]\nkind = "stock"\nrows = ["{rows}"]\ncodes = {{ "2015" = "{old}", "2020" = "{new}" }}\nexamples = []\n'


def coded(tmp_path: Path, year: int, rows: str) -> list[str | None]:
    """The indicators of rows under a form of which 其中 stands for two indicators, told by their codes alone."""
    entries = [("total", "植物总数", "1", "1"), ("trees", "乔木", "2", "3"), ("shrubs", "灌木", "3", "4"), ("rare", "其中", "4", "5"), ("old", "其中", "5", "2")]
    (tmp_path / "indicators").mkdir()
    text = "".join(CODED.format(id=name, rows=label, old=old, new=new) for name, label, old, new in entries)
    (tmp_path / "indicators/plants.toml").write_text(text, "utf-8")
    document = extractor.read(f"云溪县植物园{year}年工作总结\n附表\n项目\t代码\t单位\t数量\n{rows}".encode(), "a.txt")
    return [row.indicator for row in extractor.extract(document, extractor.load_rules(tmp_path)).statistics]


def test_the_codes_that_most_rows_bear_say_which_year_s_form_it_is(tmp_path: Path) -> None:
    """A report of 2021 may still use the form of 2015."""
    rows = "植物总数\t1\t株\t900\n乔木\t2\t株\t500\n灌木\t3\t株\t400\n其中\t4\t株\t30\n其中\t5\t株\t20\n"
    assert coded(tmp_path, 2021, rows) == ["plants.total", "plants.trees", "plants.shrubs", "plants.rare", "plants.old"]


def test_the_same_rows_under_the_codes_of_another_year(tmp_path: Path) -> None:
    rows = "植物总数\t1\t株\t900\n其中\t2\t株\t20\n乔木\t3\t株\t500\n灌木\t4\t株\t400\n其中\t5\t株\t30\n"
    assert coded(tmp_path, 2016, rows) == ["plants.total", "plants.old", "plants.trees", "plants.shrubs", "plants.rare"]


@pytest.mark.parametrize(("year", "indicator"), [(2012, "plants.old"), (2015, "plants.old"), (2019, "plants.old"), (2020, "plants.rare"), (2023, "plants.rare")])
def test_a_form_stays_in_use_until_the_next(tmp_path: Path, year: int, indicator: str) -> None:
    assert coded(tmp_path, year, "植物总数\t1\t株\t900\n其中\t5\t株\t20\n") == ["plants.total", indicator]


@pytest.mark.parametrize("lines", [("文献类型\t2020年末\t2021年末", "\t种\t册（件）\t种\t册（件）"), ("文献类型\t2020年末\t\t2021年末\t", "\t种\t册（件）\t种\t册（件）")])
def test_years_over_units_whatever_the_items_are_called(lines: tuple[str, ...]) -> None:
    found = statistics(*lines, "中文图书\t61\t172\t62\t175", "外文图书\t9\t24\t10\t25", caption="附3 文献构成")
    assert [(s.label, s.period, s.unit, s.raw) for s in found[:4]] == [
        ("中文图书", "2020", "种", "61"), ("中文图书", "2020", "册（件）", "172"), ("中文图书", "2021", "种", "62"), ("中文图书", "2021", "册（件）", "175"),
    ]  # fmt: skip


def test_years_over_units_with_merged_cells() -> None:
    rows = (("文献类型", "2020年末", "<", "2021年末", "<"), ("^", "种", "册", "种", "册"), ("中文图书", "61", "172", "62", "175"), ("外文图书", "9", "24", "10", "25"))
    assert [(s.period, s.unit, s.raw) for s in docx(*rows, caption="附3 文献构成").statistics[:4]] == [("2020", "种", "61"), ("2020", "册", "172"), ("2021", "种", "62"), ("2021", "册", "175")]

"""The reader of .xlsx, on workbooks written for the purpose; python-calamine is the second reader."""

from __future__ import annotations

import io
import math
import re
import string
import zipfile

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sheet_writer import cell, letters, packed, sheet, styles, worksheet, xlsx

import extractor
from extractor import UnreadableDocument, UnsupportedFormat
from extractor.model import Document, Table
from extractor.readers import limits, xlsx_cells
from extractor.readers import xlsx as xlsx_reader
from extractor.readers.number_formats import compiled

TABLE = [["项目", "数量", "比例"], ["藏量", 13271, 0.125], ["外借", 5.5, 1]]


def read(data: bytes, name: str = "表.xlsx") -> Document:
    return extractor.read(data, name)


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def grid(document: Document) -> list[list[str]]:
    """The texts of the only table by row."""
    (table,) = tables(document)
    return [[document.text[c.start : c.end] for c in table.cells if c.row == row] for row in range(table.rows)]


def codes(document: Document) -> list[str]:
    return [diagnostic.code for diagnostic in document.diagnostics]


def problem(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.source == "表.xlsx" and caught.value.advice
    return caught.value.problem


def one(body: str, **options: str) -> Document:
    """A sheet with rows given as XML below a header of two columns."""
    return read(xlsx({"Sheet1": worksheet(f'<row r="1">{cell(0, 0, "项目")}{cell(0, 1, "数量")}</row>{body}')}, **options))  # type: ignore[arg-type]


def printed(value: str, code: str | int) -> str:
    """What is read of a cell with this stored value and number format."""
    document = one(f'<row r="2">{cell(1, 0, "藏量")}<c r="B2" s="1"><v>{value}</v></c></row>', look=styles(0, code))
    return grid(document)[1][1]


# --- values as the sheet shows them ---------------------------------------------------------------


def test_a_sheet_is_a_table_with_places_in_the_text() -> None:
    document = read(xlsx({"Sheet1": sheet(TABLE)}))
    assert document.text == "项目\t数量\t比例\n藏量\t13271\t0.125\n外借\t5.5\t1"
    (table,) = tables(document)
    assert [(c.row, c.column) for c in table.cells] == [(row, column) for row in range(3) for column in range(3)]
    assert (table.rows, table.columns, table.start, table.end) == (3, 3, 0, len(document.text))
    assert (document.source.reader, document.source.pages, document.diagnostics) == ("xlsx", None, ())


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("0.125", "0.0%", "12.5%"), ("0.125", 9, "13%"), ("1234567.5", "#,##0.00", "1,234,567.50"), ("13271", 3, "13,271"),
        ("108", "0000", "0108"), ("44561", "yyyy-mm-dd", "2021-12-31"), ("44561", 14, "2021/12/31"), ("44561", 31, "2021年12月31日"),
        ("44561", 'yyyy"年"m"月"', "2021年12月"), ("44561.5", "yyyy/m/d h:mm", "2021/12/31 12:00"), ("0.75", "h:mm", "18:00"),
        ("386.7", '0.0"万元"', "386.7万元"), ("-5", "#,##0;[Red]-#,##0", "-5"), ("-5", "0_);(0)", "(5)"), ("1234567", '0.0,"千"', "1234.6千"),
        ("12", "General", "12"), ("12", "@", "12"), ("0.1", "0", "0"), ("5", '"第"0"期"', "第5期"), ("2", "[DBNum1]General", "2"),
        ("1e20", "General", "100000000000000000000"), ("0.30000000000000004", "General", "0.3"), ("3", "# ?/?", "3"), ("44561", "aaaa", "星期五"),
        ("1.5", "[h]:mm", "36:00"), ("44561", "mmm-yy", "2021-12-31"), ("0", '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0"), ("-1", "yyyy-mm-dd", "-1"), ("99999999", "yyyy-mm-dd", "99999999"), ("44561", "[$-F800]dddd, mmmm dd, yyyy", "2021年12月31日"),
    ],
)  # fmt: skip
def test_numbers_are_printed_by_their_format(value: str, code: str | int, shown: str) -> None:
    assert printed(value, code) == shown


def test_codes_that_are_texts_stay_as_they_are() -> None:
    document = read(xlsx({"Sheet1": sheet([["单位代码", "名称"], ["007", "甲馆"], ["410899", "乙馆"], ["1.0", "丙馆"], ["454000", "1e5"]])}))
    assert [row[0] for row in grid(document)[1:]] == ["007", "410899", "1.0", "454000"] and grid(document)[4][1] == "1e5"


def test_dates_of_the_1904_system() -> None:
    body = f'<row r="1">{cell(0, 0, "日期")}{cell(0, 1, "数")}</row><row r="2"><c r="A2" s="1"><v>43099</v></c><c r="B2"><v>1</v></c></row>'
    data = xlsx({"S": worksheet(body)}, look=styles(0, 14), workbook='<workbookPr date1904="1"/>')
    assert grid(read(data))[1] == ["2021/12/31", "1"]


def test_every_type_of_cell() -> None:
    body = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="b"><v>1</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>A1&amp;B1</f><v>项目&amp;数量</v></c><c r="B3" t="e"><v>#DIV/0!</v></c></row>'
        '<row r="4"><c r="A4" t="d" s="1"><v>2021-12-31</v></c><c r="B4"><f>SUM(B2:B3)</f><v>7</v></c></row>'
    )
    document = one(body, strings=["<r><t>藏</t></r><r><t>量</t></r><rPh sb='0' eb='1'><t>zang</t></rPh>"], look=styles(0, 14))  # type: ignore[arg-type]
    assert grid(document)[1:] == [["藏量", "TRUE"], ["项目&数量", "#DIV/0!"], ["2021/12/31", "7"]]
    assert codes(document) == ["cell-error"]


def test_what_is_stored_without_a_result_is_told() -> None:
    document = one('<row r="2"><c r="A2" t="inlineStr"><is><t>合计</t></is></c><c r="B2"><f>SUM(B3:B9)</f></c></row>')
    assert codes(document) == ["formula-without-value"]
    document = one('<row r="2"><c r="A2" t="s"><v>9</v></c><c r="B2"><v>1</v></c></row>')
    assert codes(document) == ["missing-text"]


def test_line_breaks_in_a_cell_are_dropped_between_wide_characters() -> None:
    document = read(xlsx({"Sheet1": sheet([["项目", "数"], ["表彰奖励\n日期", "a_x000D_\nb"], ["_x0041_", "&lt;"]])}))
    assert grid(document)[1:] == [["表彰奖励日期", "a b"], ["A", "&lt;"]]


# --- merged cells, hidden cells, several sheets -----------------------------------------------------


def test_merged_cells_appear_once_with_their_spans() -> None:
    rows = [["某市图书馆2021年基本情况表", "", ""], ["项目", "数量", ""], ["", "册", "种"], ["藏量", 5, 6]]
    document = read(xlsx({"Sheet1": sheet(rows, merged=["A1:C1", "A2:A3", "B2:C2"])}))
    assert document.text == "某市图书馆2021年基本情况表\n项目\t数量\n册\t种\n藏量\t5\t6"
    (table,) = tables(document)
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in table.cells][:4] == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]


def test_text_below_a_merge_is_told() -> None:
    document = read(xlsx({"Sheet1": sheet([["项目", "数", "数"], ["藏量", 5, 6], ["外借", 7, 8]], merged=["B2:C2"])}))
    assert grid(document)[1] == ["藏量", "5"] and codes(document) == ["merged-text"]


def test_sheets_are_headed_by_their_names_where_these_say_something() -> None:
    document = read(xlsx({"基本情况": sheet(TABLE), "经费": sheet(TABLE), "空": sheet([])}))
    assert [line for line in document.text.split("\n") if "\t" not in line] == ["基本情况", "经费"]
    assert read(xlsx({"Sheet1": sheet(TABLE)})).text.startswith("项目")
    assert read(xlsx({"Sheet1": sheet(TABLE), "Sheet2": sheet(TABLE)})).text.count("Sheet") == 0
    assert read(xlsx({"工作表1": sheet(TABLE), "表2": sheet([])})).text.startswith("项目")
    assert read(xlsx({"2021年统计表": sheet(TABLE)})).text.startswith("2021年统计表\n项目")
    assert read(xlsx({"统计表": sheet([["某馆统计表"], *TABLE])})).text.startswith("某馆统计表\n项目")


def test_title_unit_and_notes_are_paragraphs() -> None:
    rows = [["某馆2021年统计表"], ["填报单位：某馆", "", "单位：千元"], *TABLE, ["注：数据截至12月31日。"], ["填表人：甲", "", "2021年12月31日"]]
    document = read(xlsx({"Sheet1": sheet(rows, merged=["A1:C1"])}))
    kinds = [isinstance(block, Table) for block in document.blocks]
    assert kinds == [False, False, True, False, False]
    assert document.text.startswith("某馆2021年统计表\n填报单位：某馆 单位：千元\n项目\t")
    assert document.text.endswith("注：数据截至12月31日。\n填表人：甲 2021年12月31日")


def test_two_tables_on_one_sheet() -> None:
    second = [["活动", "场次"], ["讲座", 12]]
    document = read(xlsx({"Sheet1": sheet([*TABLE, [], ["二、活动情况"], *second])}))
    assert [table.rows for table in tables(document)] == [3, 2] and "\n二、活动情况\n" in document.text


def test_hidden_sheets_rows_and_columns_are_told_and_left_out() -> None:
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    body = "".join(
        f'<row r="{at + 1}"{" hidden=" + chr(34) + "1" + chr(34) if at == 1 else ""}>{cell(at, 0, f"甲{at}")}{cell(at, 1, at)}{cell(at, 2, at + 0.5)}</row>' for at in range(3)
    )
    document = read(xlsx({"Sheet1": worksheet(body, before=columns), "旧": sheet(TABLE)}, hidden=["旧"]))
    assert document.text == "甲0\t0.5\n甲2\t2.5"
    assert codes(document) == ["hidden-cells", "hidden-sheet"]
    assert "第2行" in document.diagnostics[0].message and "B列" in document.diagnostics[0].message and "旧" in document.diagnostics[1].message
    assert "not hidden" in problem(xlsx({"旧": sheet(TABLE)}, hidden=["旧"]))


def test_what_stands_beside_the_cells_is_told() -> None:
    parts = {
        "xl/charts/chart1.xml": "<c/>", "xl/media/image1.png": b"x", "xl/comments1.xml": '<comments><comment ref="A1"/></comments>',
        "xl/drawings/drawing1.xml": "<d><a:t>文</a:t></d>", "xl/embeddings/a.bin": b"x",
    }  # fmt: skip
    document = read(xlsx({"Sheet1": sheet(TABLE)}, parts=parts))
    assert set(codes(document)) == {"chart", "picture", "comment", "shape-text", "embedded-object"}


# --- both ways of reading give the same --------------------------------------------------------------

TEXTS = st.text(st.sampled_from("甲乙<>&\"' _x000A\n1７。") | st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
VALUES = TEXTS | st.integers(-(10**16), 10**16) | st.floats(-1e300, 1e300) | st.sampled_from([0.1 + 0.2, 1e-7, -0.0, 44561, 0.125])
FORMATS = {str(at): form for at, code in enumerate(["General", "0.0%", "#,##0", "yyyy-mm-dd"]) if (form := compiled(code))}


@given(st.lists(st.lists(st.tuples(VALUES, st.sampled_from([None, 0, 1, 2, 3])), max_size=5), max_size=5))
def test_patterns_and_parsing_give_the_same(rows: list[list[tuple[str | float, int | None]]]) -> None:
    body = "".join(f'<row r="{at + 1}">{"".join(cell(at, k, *entry) for k, entry in enumerate(row))}</row>' for at, row in enumerate(rows))
    xml = worksheet(body, merged=["A1:B2"]).encode()
    cells = xlsx_cells.Cells([], FORMATS, 0)
    quick, parsed = cells._by_pattern(xml), cells._by_tree(etree.fromstring(xml))
    assert quick == parsed
    for at, row in enumerate(rows):
        for k, (value, style) in enumerate(row):
            text = quick.rows.get(at, {}).get(k, "")
            if isinstance(value, str) and "_x" not in value:
                assert "".join(text.split()) == "".join(value.split()), "a text is lost or changed"
            elif isinstance(value, float | int) and style is None:
                assert math.isclose(float(text), value, rel_tol=1e-14), "a number is lost or changed"


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace("<c ", "<x:c ").replace("</c>", "</x:c>").replace("<worksheet ", '<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '),
        lambda xml: re.sub(r' r="[A-Z]+\d+"', "", xml),
        lambda xml: re.sub(r'<row r="\d+"', "<row", xml),
        lambda xml: xml.replace("<v>", "<!-- x --><v>"),
        lambda xml: xml.replace('"', "'"),
        lambda xml: xml.replace("<v>13271", "<v><![CDATA[13271]]>"),
        lambda xml: xml.replace("><v>", ">\n  <v>"),
        lambda xml: re.sub(r'<c r="([A-Z]+\d+)"', r'<c cm="1" r="\1"', xml),
        lambda xml: xml.encode("utf-16"),
        lambda xml: xml.replace("<sheetData>", '<sheetData xml:space="preserve">'),
        lambda xml: xml.replace("<mergeCell ref", "<mergeCell\nref"),
    ],
)  # fmt: skip
def test_whatever_the_markup_looks_like(change) -> None:  # type: ignore[no-untyped-def]
    plain = sheet([*TABLE, ["合计", 5, ""]], merged=["B4:C4"])
    assert change(plain) != plain
    assert read(xlsx({"Sheet1": change(plain)})).blocks == read(xlsx({"Sheet1": plain})).blocks


@settings(max_examples=40)
@given(st.lists(st.lists(st.text(string.ascii_letters + "甲乙丙", min_size=1, max_size=6) | st.integers(0, 10**6) | st.floats(0.001, 1e6), min_size=2, max_size=4), min_size=2, max_size=6))
def test_the_cells_are_those_of_a_second_reader(rows: list[list[str | float]]) -> None:
    data = xlsx({"数据": sheet(rows)})
    values = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    expected = [f"{value:.15g}" if isinstance(value, float) else str(value) for row in values for value in row if value != ""]
    document = read(data)
    cells = [document.text[c.start : c.end] for table in tables(document) for c in table.cells]
    found = [text for block in document.blocks if not isinstance(block, Table) for text in document.text[block.start : block.end].split()]
    assert sorted(filter(None, cells + found)) == sorted(expected + (["数据"] if "数据" in found else []))


# --- hostile and damaged files ------------------------------------------------------------------------


def test_two_cells_far_apart_take_no_memory() -> None:
    body = f'<row r="1">{cell(0, 0, "甲")}</row><row r="1048576">{cell(1048575, 16383, 5)}</row>'
    document = read(xlsx({"Sheet1": worksheet(body, before='<dimension ref="A1:XFD1048576"/>')}))
    assert document.text == "甲\n5"
    assert letters(16383) == "XFD"


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx({"Sheet1": sheet(TABLE, merged=["A5:B5", "A6:B6"])}, strings=["<t>a</t>"] * 3, look=styles("0.0", "0.00"))
    for module, name, said in (
        (xlsx_reader, "MAX_STORED", "store more than"), (limits, "MAX_BLOCKS", "paragraphs and cells"), (limits, "MAX_CHARACTERS", "characters"),
        (limits, "MAX_AREAS", "merged areas"), (limits, "MAX_FORMATS", "number formats"), (limits, "MAX_STRINGS", "texts"),
    ):  # fmt: skip
        with monkeypatch.context() as changed:
            changed.setattr(module, name, 1)
            assert said in problem(data)


def test_columns_that_are_hidden_many_times_over() -> None:
    columns = '<cols><col min="3" max="9" hidden="1"/>' + '<col min="4" max="16384" hidden="1"/>' * 2 + '<col min="2" max="2" hidden="0"/></cols>'
    found = xlsx_cells.Cells([], {}, 0).of(sheet(TABLE, before=columns).encode(), etree.fromstring)
    assert found.hidden_columns == set(range(2, 16384))


def test_numbers_longer_than_any_number() -> None:
    document = one(f'<row r="2"><c r="A2" t="s"><v>{"1" * 5000}</v></c><c r="B2"><v>{"9" * 5000}</v></c></row><row r="3">{cell(2, 0, "甲")}{cell(2, 1, 5)}</row>')
    assert codes(document) == ["missing-text"] and grid(document)[2] == ["甲", "5"]


def test_a_merged_area_of_a_whole_sheet() -> None:
    document = read(xlsx({"Sheet1": sheet(TABLE, merged=["A1:XFD1048576", "A1:B1", "B2:B9999999"])}))
    assert "13271" in document.text or codes(document) == ["merged-text"]


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + sheet(TABLE).replace("项目", "&b;")
    assert "document type" in problem(xlsx({"Sheet1": bomb}))


def test_a_zip_bomb_is_refused() -> None:
    assert "suspicious size" in problem(xlsx({"Sheet1": sheet(TABLE).replace("<sheetData>", "<sheetData>" + " " * 20_000_000)}))


def test_what_is_missing_or_damaged_is_named() -> None:
    good = xlsx({"Sheet1": sheet(TABLE)}, look=styles(0))
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert "sheet1" in problem(packed({name: part for name, part in parts.items() if "sheet1" not in name}))
    assert "Sheet1" in problem(packed(parts | {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}))
    assert "no cell" in problem(xlsx({"Sheet1": sheet([])}))
    document = read(packed(parts | {"xl/styles.xml": b"<styleSheet"}))
    assert codes(document) == ["part-unreadable"] and "13271" in document.text


def test_binary_workbooks_are_told() -> None:
    office = '<Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/>'
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{office}</Relationships>'
    with pytest.raises(UnsupportedFormat, match="xlsb"):
        read(packed({"_rels/.rels": relations, "xl/workbook.bin": b"x"}))


def test_a_workbook_of_another_name_is_read_as_what_it_is() -> None:
    data = xlsx({"Sheet1": sheet(TABLE)})
    for name in ("表.et", "表.xls", "表.docx", "表.txt"):
        assert read(data, name).source.reader == "xlsx"
    with pytest.raises(UnreadableDocument, match="damaged"):
        read(data[:200], "表.xlsx")

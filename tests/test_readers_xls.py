"""The reader of .xls and .et, on workbooks by xlwt and on records written for the purpose; python-calamine is the second reader."""

from __future__ import annotations

import datetime as dt
import io
import struct
from typing import Any

import pytest
import python_calamine
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_writer import biff, record, wide
from word_writer import compound

import extractor
from extractor import UnreadableDocument
from extractor.model import Document, Table
from extractor.readers import biff as biff_records
from extractor.readers import limits

LABEL, NUMBER, RK, MULRK, FORMULA, STRING, FORMAT, XF, SST, CONTINUE = 0x204, 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x41E, 0xE0, 0xFC, 0x3C
SHARED, BOOL, ROW, COLUMNS, MERGED, NOTE, TEXT_BOX, PASSWORD, CODEPAGE, BOF, EOF = 0xFD, 0x205, 0x208, 0x7D, 0xE5, 0x1C, 0x1B6, 0x2F, 0x42, 0x809, 0x0A


def label(row: int, column: int, text: str) -> bytes:
    return record(LABEL, struct.pack("<HHH", row, column, 0) + wide(text))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(NUMBER, struct.pack("<HHHd", row, column, style, value))


def formula(row: int, column: int, result: bytes) -> bytes:
    return record(FORMULA, struct.pack("<HHH", row, column, 0) + result + struct.pack("<HIH", 0, 0, 0))


HEADER = label(0, 0, "项目") + label(0, 1, "数量")


def read(data: bytes, name: str = "表.xls") -> Document:
    return extractor.read(data, name)


def of(records: bytes, **options: Any) -> Document:
    """The document of one sheet with a header and these records."""
    return read(compound({"Workbook": biff({"Sheet1": HEADER + records}, **options)}))


def grid(document: Document) -> list[list[str]]:
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    return [[document.text[c.start : c.end] for c in table.cells if c.row == row] for row in range(table.rows)]


def codes(document: Document) -> list[str]:
    return [diagnostic.code for diagnostic in document.diagnostics]


def problem(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.source == "表.xls" and caught.value.advice
    return caught.value.problem


def written(rows: list[list[Any]], *, merged: list[tuple[int, int, int, int]] = [], formats: dict[tuple[int, int], str] = {}) -> bytes:  # noqa: B006
    """A workbook by xlwt."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for area in merged:
        sheet.merge(*area)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value != "":
                style = xlwt.easyxf(num_format_str=formats.get((at, column), "General"))
                sheet.write(at, column, value, style)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# --- values as the sheet shows them -----------------------------------------------------------------


def test_a_workbook_by_another_program() -> None:
    rows = [["某馆2021年统计表", "", ""], ["项目", "数量", "比例"], ["007", 13271, 0.125], ["合计\n数", dt.date(2021, 12, 31), True]]
    document = read(written(rows, merged=[(0, 0, 0, 2)], formats={(2, 1): "#,##0", (2, 2): "0.0%", (3, 1): 'yyyy"年"m"月"d"日"'}))
    assert document.text == "某馆2021年统计表\n项目\t数量\t比例\n007\t13,271\t12.5%\n合计数\t2021年12月31日\tTRUE"
    assert (document.source.reader, document.source.media_type, document.diagnostics) == ("xls", "application/vnd.ms-excel", ())


def test_merged_cells_appear_once_with_their_spans() -> None:
    document = read(written([["项目", "数量", ""], ["", "册", "种"], ["藏量", 5, 6]], merged=[(0, 1, 0, 0), (0, 0, 1, 2)]))
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in table.cells][:2] == [(0, 0, 2, 1), (0, 1, 1, 2)]


def test_every_record_of_a_cell() -> None:
    packed = [struct.pack("<HI", 0, value) for value in ((5 << 2) | 2, (1250 << 2) | 3, ((-7 & 0x3FFFFFFF) << 2) | 2)]
    document = of(
        number(1, 0, 12.0) + number(1, 1, 0.5) + record(RK, struct.pack("<HHHI", 2, 0, 0, (250 << 2) | 3))
        + record(RK, struct.pack("<HHHI", 2, 1, 0, struct.unpack("<Q", struct.pack("<d", 1.5))[0] >> 32 & 0xFFFFFFFC))
        + record(MULRK, struct.pack("<HH", 3, 0) + packed[0] + packed[1] + struct.pack("<H", 1))
        + formula(4, 0, struct.pack("<d", 7.0)) + formula(4, 1, b"\0\0\0\0\0\0\xff\xff") + record(STRING, wide("见附表"))
        + formula(5, 0, b"\1\0\1\0\0\0\xff\xff") + formula(5, 1, b"\2\0\x07\0\0\0\xff\xff")
        + record(BOOL, struct.pack("<HHHBB", 6, 0, 0, 0, 0)) + record(BOOL, struct.pack("<HHHBB", 6, 1, 0, 42, 1))
        + record(MULRK, struct.pack("<HH", 7, 0) + packed[2] + packed[0] + struct.pack("<H", 1))
    )  # fmt: skip
    assert grid(document)[1:] == [["12", "0.5"], ["2.5", "1.5"], ["5", "12.5"], ["7", "见附表"], ["TRUE", "#DIV/0!"], ["FALSE", "#N/A"], ["-7", "5"]]
    assert codes(document) == ["cell-error"]


def test_number_formats() -> None:
    before = record(FORMAT, struct.pack("<H", 164) + wide("0.00%")) + b"".join(record(XF, struct.pack("<HH", 0, k) + bytes(16)) for k in (0, 164, 14, 3))
    document = of(number(1, 0, 0.125, 1) + number(1, 1, 44561, 2) + number(2, 0, 13271, 3) + number(2, 1, 5, 99), before=before)
    assert grid(document)[1:] == [["12.50%", "2021/12/31"], ["13,271", "5"]]


def test_strings_go_on_in_the_next_record_in_another_encoding() -> None:
    first = struct.pack("<II", 2, 2) + wide("藏量") + struct.pack("<HB", 6, 1) + "外借".encode("utf-16-le")
    document = of(b"".join(record(SHARED, struct.pack("<HHHI", 1, k, 0, k)) for k in (0, 1)), before=record(SST, first) + record(CONTINUE, b"\0abcd"))
    assert grid(document)[1] == ["藏量", "外借abcd"]


def test_rich_strings_carry_runs_that_are_no_text() -> None:
    rich = struct.pack("<HBHI", 2, 1 | 8 | 4, 1, 6) + "藏量".encode("utf-16-le") + bytes(4) + bytes(6)
    document = of(b"".join(record(SHARED, struct.pack("<HHHI", 1, k, 0, k)) for k in (0, 1)), before=record(SST, struct.pack("<II", 2, 2) + rich + wide("册")))
    assert grid(document)[1] == ["藏量", "册"]


def test_excel_5_has_bytes_in_the_code_page_of_the_system() -> None:
    def old(row: int, column: int, text: str) -> bytes:
        data = text.encode("gb18030")
        return record(LABEL, struct.pack("<HHHH", row, column, 0, len(data)) + data)

    records = old(0, 0, "项目") + old(0, 1, "数量") + old(1, 0, "藏量") + number(1, 1, 13271)
    for before in (b"", record(CODEPAGE, struct.pack("<H", 936)), record(CODEPAGE, struct.pack("<H", 60000))):
        document = read(compound({"Book": biff({"表": records}, before=before, version=0x500)}))
        assert document.text == "项目\t数量\n藏量\t13271"


def test_a_stream_without_a_compound_file() -> None:
    assert grid(read(biff({"Sheet1": HEADER + label(1, 0, "藏量") + number(1, 1, 5)})))[1] == ["藏量", "5"]


# --- what is hidden or beside -----------------------------------------------------------------------


def test_hidden_rows_columns_and_sheets_are_told_and_left_out() -> None:
    hidden_row = record(ROW, struct.pack("<HHHHHHI", 1, 0, 3, 255, 0, 0, 0x20))
    column = record(COLUMNS, struct.pack("<HHHHH", 2, 2, 0, 0, 1))
    body = HEADER + hidden_row + column + label(1, 0, "旧") + number(1, 1, 1) + label(2, 0, "藏量") + number(2, 1, 5) + number(2, 2, 6)
    document = read(compound({"Workbook": biff({"Sheet1": body, "底稿": HEADER}, hidden=["底稿"])}))
    assert document.text == "项目\t数量\n藏量\t5" and codes(document) == ["hidden-cells", "hidden-sheet"]


def test_charts_comments_and_boxes_are_told() -> None:
    chart = record(BOF, bytes(16)) + label(1, 1, "图中文字") + record(EOF)
    document = of(number(1, 0, 1) + number(1, 1, 2) + chart + record(NOTE, bytes(8)) + record(TEXT_BOX) + record(TEXT_BOX))
    assert set(codes(document)) == {"chart", "comment", "shape-text"} and "图中文字" not in document.text


# --- hostile and damaged files ----------------------------------------------------------------------


def test_protected_and_older_files_are_told() -> None:
    assert "password" in problem(compound({"Workbook": biff({"S": HEADER}, before=record(PASSWORD, bytes(6)))}))
    assert "Excel 4" in problem(b"\x09\x04\x06\x00" + bytes(100))
    assert "does not begin" in problem(compound({"Workbook": b"x" * 100}))


def test_damaged_structures_are_told() -> None:
    good = biff({"Sheet1": HEADER})
    at = good.index(struct.pack("<HH", 0x85, 6 + len(wide("Sheet1", 1))))
    assert "beyond the end" in problem(good[: at + 4] + struct.pack("<I", 1 << 30) + good[at + 8 :])
    assert "cut off" in problem(biff({"Sheet1": HEADER + record(NUMBER, b"\1\0")}))
    assert "no cell" in problem(biff({"Sheet1": b""}))


def test_a_file_that_ends_early_is_read_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    good = biff({"Sheet1": HEADER + label(1, 0, "藏量") + number(1, 1, 5) + label(2, 0, "外借") + number(2, 1, 6)})
    document = read(good[:-20])
    assert grid(document)[1:] == [["藏量", "5"], ["外借", ""]] and codes(document) == ["cut-off"]
    monkeypatch.setattr(biff_records, "MAX_RECORDS", 3)
    assert "records" in problem(good)


def test_declared_sizes_allot_nothing() -> None:
    table = struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + wide("藏量")
    document = of(record(SHARED, struct.pack("<HHHI", 1, 0, 0, 0)) + number(1, 1, 5) + record(MERGED, b"\xff\xff" + bytes(16)), before=record(SST, table))
    assert grid(document)[1] == ["藏量", "5"]
    far = of(label(65535, 255, "远") + number(65535, 254, 1))
    assert "远" in far.text and len(far.text) < 100


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    before = record(SST, struct.pack("<II", 2, 2) + wide("甲") * 2) + b"".join(record(FORMAT, struct.pack("<H", 164 + k) + wide("0" * k)) + record(XF, struct.pack("<HH", 0, 164 + k) + bytes(16)) for k in range(3))
    data = biff({"Sheet1": HEADER + number(1, 0, 1) + number(1, 1, 2) + record(MERGED, struct.pack("<H", 2) + struct.pack("<HHHH", 5, 6, 0, 0) * 2)}, before=before)
    for name, said in (("MAX_BLOCKS", "paragraphs and cells"), ("MAX_AREAS", "merged areas"), ("MAX_FORMATS", "number formats"), ("MAX_STRINGS", "texts")):
        with monkeypatch.context() as changed:
            changed.setattr(limits, name, 1)
            assert said in problem(data)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.text("甲乙丙abc<&", min_size=1, max_size=5) | st.integers(-(2**31), 2**31) | st.floats(-1e9, 1e9, allow_subnormal=False), min_size=2, max_size=4),
        min_size=2, max_size=6,
    )
)  # fmt: skip
def test_the_cells_are_those_of_a_second_reader(rows: list[list[str | float]]) -> None:
    data = written(rows)
    values = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    expected = [f"{value:.15g}" if isinstance(value, float) else str(value) for row in values for value in row if value != ""]
    document = read(data)
    found: list[str] = []
    for block in document.blocks:
        found += [document.text[c.start : c.end] for c in block.cells] if isinstance(block, Table) else document.text[block.start : block.end].split(" ")
    assert sorted(map(_value, filter(None, found)), key=str) == sorted(map(_value, expected), key=str)


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text

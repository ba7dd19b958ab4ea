"""Plain text: encodings, the dumps of tables, and what is refused."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.model import Document, Paragraph, Table


def table_rows(document: Document, index: int = 0) -> list[list[str]]:
    """The cells of one table as rows of texts."""
    table = [block for block in document.blocks if isinstance(block, Table)][index]
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(document.text[cell.start : cell.end])
    return rows


@pytest.mark.parametrize(
    "data",
    ["某市图书馆2020年工作总结\n全年接待读者3万人次。".encode(encoding) for encoding in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16")]
    + [codecs.BOM_UTF16_BE + "某市图书馆2020年工作总结\n全年接待读者3万人次。".encode("utf-16-be")],
)
def test_every_encoding_of_a_text_gives_the_same_document(data: bytes) -> None:
    assert extractor.read(data, "a.txt").text == "某市图书馆2020年工作总结\n全年接待读者3万人次。"


def test_one_cell_a_line_behind_a_tab_is_a_table() -> None:
    document = extractor.read("标题\n\n\t序号\n\t名称\n\t备注\n\n\t1\n\t先进单位\n\t\n\n\n后文。".encode(), "a.txt")
    assert table_rows(document) == [["序号", "名称", "备注"], ["1", "先进单位", ""]]
    assert [document.text[b.start : b.end] for b in document.blocks if isinstance(b, Paragraph)] == ["标题", "后文。"]


def test_a_cell_wrapped_over_lines_is_one_cell() -> None:
    document = extractor.read("\t序号\n\t表彰奖励\n日期\n\t备注\n\n\t1\n\t2021年2月\n\t无\n".encode(), "a.txt")
    assert table_rows(document)[0] == ["序号", "表彰奖励日期", "备注"]


def test_a_caption_directly_above_a_table_stays_a_paragraph() -> None:
    document = extractor.read("媒体报道情况\n\t序号\n\t标题\n\n\t1\n\t开馆\n".encode(), "a.txt")
    assert isinstance(document.blocks[0], Paragraph)
    assert table_rows(document) == [["序号", "标题"], ["1", "开馆"]]


@pytest.mark.parametrize("separator", ["\t", "|"])
def test_one_row_a_line_is_a_table(separator: str) -> None:
    lines = [separator.join(row) for row in (["项目", "单位", "数量"], ["藏量", "册", "1,200"], ["座席", "个", "300"])]
    document = extractor.read("\n".join(["前文", *lines, "后文"]).encode(), "a.txt")
    assert table_rows(document) == [["项目", "单位", "数量"], ["藏量", "册", "1,200"], ["座席", "个", "300"]]


def test_a_markdown_table_loses_its_rule() -> None:
    document = extractor.read("| 项目 | 数量 |\n| --- | ---: |\n| 藏量 | 1,200 |\n".encode(), "a.txt")
    assert table_rows(document) == [["项目", "数量"], ["藏量", "1,200"]]


def test_an_unmarked_list_is_found_by_its_running_numbers() -> None:
    cells = ["序号", "奖项名称", "颁奖方", "时间"] + [c for n in range(1, 5) for c in (str(n), f"先进{n}", "市文旅局", "")]
    document = extractor.read("\n".join(["获奖情况", *cells, "二、下一步打算"]).encode(), "a.txt")
    assert table_rows(document)[0] == ["序号", "奖项名称", "颁奖方", "时间"]
    assert table_rows(document)[-1] == ["4", "先进4", "市文旅局", ""]
    assert document.text.endswith("二、下一步打算")


def test_an_unmarked_form_is_found_by_its_codes() -> None:
    rows = [["项目", "代码", "单位", "指标"], ["一、从业人员", "11", "人", "42"], ["二、藏量", "12", "册", "1,200"], ["其他", "13", "册", ""]]
    document = extractor.read("\n".join(cell for row in rows for cell in row).encode(), "a.txt")
    assert table_rows(document) == rows


def test_one_tab_inside_prose_is_no_table() -> None:
    document = extractor.read("一、概况\t说明\n全年开展活动三场。".encode(), "a.txt")
    assert not any(isinstance(block, Table) for block in document.blocks)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \r\n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word"),
        (b"<?xml version='1.0'?><a>x</a>", "XML file"),
        (b"\x00\x01\x02\x03" * 100, "no format known"),
        (b"\xb1\xff\xfe\xff" * 50, "neither UTF-8 nor GB18030"),
    ],
)
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(extractor.ExtractorError) as caught:
        extractor.read(data, "某馆总结.txt")
    assert words in str(caught.value)
    assert str(caught.value).startswith("某馆总结.txt: ") and str(caught.value).count(": ") >= 2


def test_a_huge_text_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(extractor.UnreadableDocument, match="limit"):
        extractor.read(b"a" * (65 * 1024 * 1024), "a.txt")


@given(st.lists(st.text(alphabet="一二三年月日，。；0123456789 \t|（）abc", max_size=30), min_size=1, max_size=30))
def test_no_character_of_the_input_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    if not text.strip():
        return
    kept = extractor.read(text.encode(), "a.txt").text
    for mark in "|- :":
        text, kept = text.replace(mark, ""), kept.replace(mark, "")
    assert "".join(kept.split()) == "".join(text.split())

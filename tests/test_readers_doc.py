"""Binary Word documents: every property that holds, moves or hides text, and every way in which a file can be broken."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_writer import (
    FIRST_TEXT,
    IN_TABLE,
    ROW_END,
    Doc,
    P,
    cells,
    compound,
    drawings,
    fonts,
    group,
    in_units,
    inner_row,
    level,
    list_heads,
    numberings,
    plc,
    record,
    row,
    shape,
    sprm,
    style_sheet,
)

import extractor
from extractor.errors import UnreadableDocument, UnsupportedFormat
from extractor.readers import doc_text
from extractor.readers.blocks import Raw, RawParagraph, RawTable
from extractor.readers.doc import read

CORPUS = Path(__file__).parents[1] / "corpus"
HIDDEN, DELETED, SPECIAL = sprm(0x083C), sprm(0x0800), sprm(0x0855)
PLAIN = (1, 0, 0xFFF, b"", b"")


@pytest.fixture(autouse=True)
def _without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def of(*parts: P | list[P], **more: Any) -> Doc:
    """A document with these paragraphs and rows as its body."""
    return Doc([paragraph for part in parts for paragraph in ([part] if isinstance(part, P) else part)], **more)


def raw(doc: Doc) -> Raw:
    return read(doc.bytes(), "a.doc")


def texts(doc: Doc) -> list[str]:
    """Paragraph texts; a table as its cells in brackets."""
    return [
        block.text if isinstance(block, RawParagraph) else "[" + "|".join(cell.text for cell in block.cells) + "]"
        for block in raw(doc).blocks
    ]


def levels(doc: Doc) -> list[int | None]:
    return [block.level for block in raw(doc).blocks if isinstance(block, RawParagraph)]


def grid(doc: Doc) -> list[tuple[int, int, int, int, str]]:
    (block,) = raw(doc).blocks
    assert isinstance(block, RawTable)
    return [(cell.row, cell.column, cell.rowspan, cell.colspan, cell.text) for cell in block.cells]


def codes(doc: Doc) -> list[str]:
    return [diagnostic.code for diagnostic in raw(doc).diagnostics]


def failure(data: bytes | Doc) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        extractor.read(data if isinstance(data, bytes) else data.bytes(), "年报.doc")
    assert caught.value.source == "年报.doc" and caught.value.problem and caught.value.advice
    return caught.value


# --- the corpus ---------------------------------------------------------------------------------


def records(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(extractor.extract(path))
    del found["source"]
    return found


def test_a_report_as_doc_gives_the_records_of_the_docx() -> None:
    path = CORPUS / "talin-2010" / "talin-2010.doc"
    assert records(path) == records(path.with_suffix(".docx"))


def test_two_tables_without_a_paragraph_between_them_are_one_in_a_doc() -> None:
    """The head of the form and its rows are two tables of the .docx; but for their places in tables nothing changes."""
    path = CORPUS / "cangya-2018" / "cangya-2018.doc"
    old, new = records(path), records(path.with_suffix(".docx"))
    assert len(old.pop("tables")) == len(new.pop("tables")) - 1
    for found in (old, new):
        for entry in (*found["statistics"], *found["profile"]):
            entry.update(table=None, row=None, column=None)
    assert old == new


# --- paragraphs ---------------------------------------------------------------------------------


def test_paragraphs_tables_and_headings_in_document_order() -> None:
    styles = style_sheet(PLAIN, (1, 1, 0, b"", b""), (1, 2, 0, b"", b""))
    doc = of(P("一、基本情况", style=1), P("全年开放320天。"), row("藏量", "42册"), P("（二）服务", style=2), P("结束"), tables={1: styles})
    assert texts(doc) == ["一、基本情况", "全年开放320天。", "[藏量|42册]", "（二）服务", "结束"]
    assert levels(doc) == [1, None, 2, None]
    assert raw(doc).pages is None and raw(doc).diagnostics == []


def test_outline_levels_from_the_paragraph_its_style_and_the_base_styles() -> None:
    outline = 0x2640
    styles = style_sheet(
        PLAIN, (1, 1, 0, b"", b""), (1, 0xFFE, 1, b"", b""), (1, 0xFFE, 2, sprm(outline, 2), b""), (0, 0, 0, b"", b""),
        (1, 0xFFE, 5, b"", b""), (1, 3, 0, sprm(outline, 9), b""),
    )  # fmt: skip
    ways = [
        (1, b"", 1), (2, b"", 1), (3, b"", 3), (1, sprm(outline, 3), 4), (1, sprm(outline, 9), None), (4, b"", None),
        (5, b"", None), (6, b"", None), (99, b"", None), (0, sprm(0x4600, 1), 1),
    ]  # fmt: skip
    doc = of(*(P("题", modifiers, style) for style, modifiers, _ in ways), tables={1: styles})
    assert levels(doc) == [expected for *_, expected in ways]


PUT_IN = [
    ([("看得见", b""), ("看不见", HIDDEN), ("也看得见", sprm(0x083C, 0))], "看得见也看得见"),
    ([("接待", b""), ("20万", DELETED), ("30万", sprm(0x0801)), ("人次", b"")], "接待30万人次"),
    ([("编\t号\x1e1\x1f2", b"")], "编\t号-12"),
    ([("接", b""), ("<", SPECIAL), ("控件 < 5", b""), (">", SPECIAL)], "接控件 < 5"),
    ([("(", SPECIAL + sprm(0x6A09, struct.pack("<HH", 1, 0xF0B3))), ("90%", b"")], "≥90%"),
    ([("(", SPECIAL + sprm(0x6A09, struct.pack("<HH", 2, 0xF052))), ("是", b"")], "☑是"),
    ([("\uf0b3", sprm(0x4A4F, 1)), ("90%", b"")], "≥90%"),
    ([("\uf0b3", sprm(0x4A4F, 0)), ("\uf0b3", b"")], "\uf0b3\uf0b3"),
    ([("𠮷野家\ud842", b"")], "𠮷野家\ufffd"),
    ([("不\u00a0断\u3000空", b"")], "不\u00a0断\u3000空"),
    ([("正文", sprm(0xCA31, b"\x01\x02\x03") + sprm(0x4A43, 24) + sprm(0x2A42, 6) + sprm(0x6870, 0) + sprm(0x083C, 0))], "正文"),
]


@pytest.mark.parametrize(("runs", "expected"), PUT_IN, ids=lambda value: value if isinstance(value, str) else "")
def test_runs(runs: list[tuple[str, bytes]], expected: str) -> None:
    assert texts(of(P(runs), tables={15: fonts("宋体", "Symbol", "Wingdings 2")})) == [expected]


@pytest.mark.parametrize(
    ("runs", "code"),
    [
        ([("正文", b""), ("\x01", SPECIAL + sprm(0x6A03, 0))], "picture"),
        ([("正文", b""), ("\x01", SPECIAL + sprm(0x080A))], "embedded-object"),
        ([("正文", b""), ("\x05", SPECIAL)], "comment"),
        ([("正文", b""), ("藏", HIDDEN)], "hidden-text"),
        ([("正文", b""), ("删", DELETED)], "tracked-deletion"),
        ([("正文", b""), ("(", SPECIAL + sprm(0x6A09, struct.pack("<HH", 0, 0xF021)))], "symbol"),
        ([("正文", b""), ("\uf021", sprm(0x4A4F, 0))], "symbol"),
    ],
)
def test_what_is_not_read_is_a_diagnostic(runs: list[tuple[str, bytes]], code: str) -> None:
    doc = of(P(runs), tables={15: fonts("Webdings")})
    assert texts(doc) == ["正文"]
    assert codes(doc) == [code]


def test_what_is_no_content_is_no_diagnostic() -> None:
    """Deleted or hidden marks, data of form fields."""
    doc = of(P([("共", b""), ("\x01", SPECIAL + sprm(0x0806)), ("\x01", HIDDEN)]), P("下", mark_run=HIDDEN))
    assert texts(doc) == ["共", "下"]
    assert codes(doc) == []


def test_hidden_by_style() -> None:
    styles = style_sheet(PLAIN, (2, 0xFFE, 0xFFF, b"", HIDDEN), (1, 0xFFE, 0, b"", HIDDEN))
    shown, as_style, opposite = sprm(0x083C, 0), sprm(0x083C, 0x80), sprm(0x083C, 0x81)
    by_style = sprm(0x4A30, 1)
    doc = of(
        P([("在", b""), ("不在", by_style), ("也在", by_style + shown), ("不", by_style + as_style), ("又在", by_style + opposite)]),
        P([("也不在", b""), ("单独在", shown)], style=2), P("不在", style=2), tables={1: styles},
    )  # fmt: skip
    assert texts(doc) == ["在也在又在", "单独在"]
    assert codes(doc) == ["hidden-text"]


def test_fields_keep_results_and_drop_instructions() -> None:
    inner = "\x13 REF \x14条件\x15"
    assert texts(of(P(f"共\x13 IF {inner} \x145\x15场"), P("下一段"))) == ["共5场", "下一段"]
    assert texts(of(P("\x13 TOC \x14目录一"), P("目录二\x15"))) == ["目录一", "目录二"]
    assert texts(of(P("页\x13 PAGE \x15"))) == ["页"]
    assert texts(of(P("开头\x13没有结束"), P("下一段"))) == ["开头没有结束", "下一段"]
    assert texts(of(P("\x14没有\x15开头"))) == ["没有开头"]


def test_line_breaks_part_running_text_but_not_headings() -> None:
    broken = "第一行\v第二行\x0e第三行"
    assert texts(of(P(broken), P(broken, sprm(0x2640, 0)))) == ["第一行", "第二行", "第三行", "第一行第二行第三行"]


def test_a_page_break_parts_lines_and_the_end_of_a_section_ends_a_paragraph() -> None:
    doc = of(P("页前\f页后", sprm(0x2640, 1)), P("节末", sprm(0x2640, 0), mark="\f"), P("次节"))
    assert texts(doc) == ["页前页后", "节末", "次节"]
    assert levels(doc) == [2, 1, None]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    assert texts(of(P("上半", mark_run=DELETED), P("下半"))) == ["上半下半"]
    assert texts(of(P("前段", mark_run=DELETED), row("格"))) == ["前段", "[格]"]


def test_text_behind_the_last_mark_is_kept() -> None:
    assert texts(of(P("一"), P("二", mark=""))) == ["一", "二"]


# --- pieces -------------------------------------------------------------------------------------


def test_pieces_of_one_and_of_two_bytes_a_character() -> None:
    doc = of(P("ISBN “7-5013” €5 – café\x0b"), P("中文"), pieces=[(7, False, 0), (17, True, 0), (1, True, 0)])
    assert texts(doc) == ["ISBN “7-5013” €5 – café", "中文"]


def test_a_fast_saved_file_has_modifiers_on_its_pieces() -> None:
    """In two bytes, or as a list of modifiers that the piece refers to."""
    hidden, level_2 = 0x5C << 1 | 1 << 8, 0 << 1 | 1
    doc = of(P("显隐显"), P("标题"), pieces=[(1, False, 0), (1, False, hidden), (2, False, 0), (3, False, level_2)], modifiers=[sprm(0x2640, 1)])
    assert texts(doc) == ["显显", "标题"]
    assert levels(doc) == [None, 2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Co", "Zs", "Zl", "Zp")), min_size=1), min_size=1), st.data())
def test_any_text_in_any_pieces_comes_out_as_it_went_in(lines: list[str], data: st.DataObject) -> None:
    total = sum(len(in_units(line)) + 1 for line in lines)
    sizes = data.draw(st.lists(st.integers(1, total), max_size=4).filter(lambda sizes: sum(sizes) <= total))
    assert texts(of(*map(P, lines), pieces=[(size, False, 0) for size in sizes])) == lines


# --- tables -------------------------------------------------------------------------------------

TOP, BELOW = 3 << 5, 1 << 5


def test_merged_cells_appear_once_with_their_spans() -> None:
    doc = of(
        row("横", "2", define=cells([0, 2000, 3000])),
        row("3", "4", "竖", define=cells([0, 1000, 2000, 3000], [0, 0, TOP])),
        row("6", "7", "", define=cells([0, 1000, 2000, 3000], [0, 0, BELOW])),
    )
    assert grid(doc) == [
        (0, 0, 1, 2, "横"), (0, 2, 1, 1, "2"), (1, 0, 1, 1, "3"), (1, 1, 1, 1, "4"), (1, 2, 2, 1, "竖"),
        (2, 0, 1, 1, "6"), (2, 1, 1, 1, "7"),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "next_"), [(1, 2), (2, 1), (3, 1)])
def test_cells_merged_in_a_row_by_the_values_of_both_versions(first: int, next_: int) -> None:
    flags = [first, next_, first, next_, next_, 0]
    doc = of(row("甲", "", "乙", "", "", "丙", define=cells([0, 1000, 2000, 3000, 4000, 5000, 6000], flags)))
    assert grid(doc) == [(0, 0, 1, 2, "甲"), (0, 2, 1, 3, "乙"), (0, 5, 1, 1, "丙")]


def test_rows_that_begin_late_or_end_early_keep_their_columns() -> None:
    doc = of(
        row("甲", "乙", "丙", define=cells([0, 1000, 2000, 3000], [0, 0, TOP])),
        row("丁", "", define=cells([1000, 2000, 3000], [0, BELOW])),
        row("戊", define=cells([0, 1000])),
    )
    assert grid(doc) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (0, 2, 2, 1, "丙"), (1, 1, 1, 1, "丁"), (2, 0, 1, 1, "戊")]


def test_edges_that_are_nearly_the_same_are_one() -> None:
    doc = of(row("甲", "乙", define=cells([-5, 1000, 2000])), row("丙", "丁", define=cells([0, 1008, 1995])))
    assert [cell[:4] for cell in grid(doc)] == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_cells_that_modifiers_insert_delete_widen_and_merge() -> None:
    """As Word itself writes rows: an empty one, and what is done to it one after the other."""
    insert, delete, width, merge, split, below = 0x7621, 0x5622, 0x7623, 0x5624, 0x5625, 0xD62B
    define = (
        sprm(0x9602, 108) + sprm(0x9601, 108) + sprm(insert, bytes((0, 6)) + struct.pack("<H", 1000))
        + sprm(delete, bytes((4, 6))) + sprm(width, bytes((0, 1)) + struct.pack("<H", 2000))
        + sprm(merge, bytes((2, 4))) + sprm(merge, bytes((0, 2))) + sprm(split, bytes((0, 2))) + sprm(below, bytes((0, 3)))
    )  # fmt: skip
    doc = of(
        row("甲", "乙", "丙", "", define=define),
        row("", "丁", define=cells([0, 2000, 3000], [BELOW])),
        row("戊", "己", define=cells([0, 1000, 5000])),
    )
    assert grid(doc) == [
        (0, 0, 2, 2, "甲"), (0, 2, 1, 1, "乙"), (0, 3, 1, 2, "丙"), (1, 2, 1, 1, "丁"), (2, 0, 1, 1, "戊"), (2, 1, 1, 4, "己"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", [0x6646, 0x6645, 0x646B])
def test_properties_that_stand_elsewhere(code: int) -> None:
    wide = IN_TABLE + ROW_END + cells([0, 1000, 3000])
    table_only = struct.pack("<H", len(wide)) + wide
    chained = sprm(0x646B, 0)
    data = table_only + struct.pack("<H", len(chained)) + chained
    for offset in (0, len(table_only)) if code == 0x6646 else (0,):
        doc = of(row("甲", "乙", define=sprm(code, offset)), row("丙", "丁", "戊", define=cells([0, 1000, 2000, 3000])), data=data)
        assert [cell[:4] for cell in grid(doc)][:2] == [(0, 0, 1, 1), (0, 1, 1, 2)]


def test_rows_that_nothing_defines_have_their_cells_side_by_side() -> None:
    assert grid(of(row("甲", "乙", define=b""), row("丙", "丁", define=b""))) == [
        (0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 0, 1, 1, "丙"), (1, 1, 1, 1, "丁"),
    ]  # fmt: skip


def test_more_cells_than_the_row_defines_and_a_row_that_never_ends() -> None:
    assert [cell[4] for cell in grid(of(row("甲", "乙", "丙", define=cells([0, 1000]))))] == ["甲", "乙", "丙"]
    assert texts(of(row("甲", "乙")[:-1], P("后"))) == ["[甲|乙]", "后"]
    assert texts(of(P("格内没有结束", IN_TABLE), P("后"))) == ["[格内没有结束]", "后"]


def test_text_under_a_merge_is_reported() -> None:
    doc = of(row("甲", define=cells([0, 1000], [TOP])), row("藏", define=cells([0, 1000], [BELOW])))
    assert codes(doc) == ["merged-text"]


def test_deleted_and_hidden_rows() -> None:
    doc = of(row("甲"), row([("删", DELETED)], mark_run=DELETED), row([("藏", HIDDEN)], mark_run=HIDDEN), row("在", mark_run=HIDDEN))
    assert [cell[4] for cell in grid(doc)] == ["甲", "在"]
    assert codes(doc) == ["tracked-deletion", "hidden-text"]


def test_lines_of_a_cell_are_joined_without_a_space_between_chinese() -> None:
    doc = of(row([P("2021年\v3月"), P("5日"), P("ISBN"), P("A1")]))
    assert texts(doc) == ["[2021年3月5日ISBN A1]"]


def test_a_nested_table_follows_the_outer_one_and_its_text_appears_once() -> None:
    doc = of(row("外", [P("格内"), *inner_row("内甲", "内乙"), *inner_row("内丙", "内丁"), P("")]), P("后"))
    assert texts(doc) == ["[外|格内]", "[内甲|内乙|内丙|内丁]", "后"]


def test_a_frame_around_tables_is_no_table() -> None:
    doc = of(row([P("题"), *inner_row("内甲", "内乙"), P("")]))
    assert texts(doc) == ["题", "[内甲|内乙]"]


def test_tables_three_deep_and_deeper_than_any() -> None:
    deep = [*inner_row("乙", depth=2)[:-2], *inner_row("丙", depth=3), *inner_row("乙", depth=2)]
    assert texts(of(row([P("甲"), *deep, P("")]), P("后")))[-1] == "后"
    absurd = of(P("深", sprm(0x2416) + sprm(0x6649, 0x7FFFFFFF)), P("后"))
    assert texts(absurd)[-1] == "后"


def test_adjacent_rows_of_different_table_styles_are_two_tables() -> None:
    styled = [cells([0, 1000]) + sprm(0x563A, style) for style in (1, 1, 2)]
    assert texts(of(*(row(text, define=define) for text, define in zip("甲乙丙", styled, strict=True)))) == ["[甲|乙]", "[丙]"]


# --- lists --------------------------------------------------------------------------------------


def listed(number: int, text: str, at: int | None = None) -> P:
    return P(text, (b"" if at is None else sprm(0x260A, at)) + sprm(0x460B, number))


def test_automatic_numbers_are_part_of_the_text() -> None:
    nine = level("\0、", 37) + level("（\1）", 37) + level("\2.") + level("\0.\1.\3", flags=4) + level("x") * 5
    lists = list_heads((7, False, []), (8, True, []), (9, True, []))
    simple = level("第\0条", start=5) + level("\uf0b7", 23)
    restart = struct.pack("<iI", 7, 0x10)
    again = struct.pack("<iI", 0, 0x20) + level("(\0)", 0, 3)
    nums = numberings((7, b"", 0), (8, b"", 0), (9, b"", 0), (7, restart, 1), (8, again, 1))
    doc = of(
        listed(1, "甲"), listed(1, "乙", 1), listed(1, "丙", 1), listed(1, "丁", 2), listed(1, "戊", 3), listed(1, "己", 0), listed(1, "庚", 1),
        listed(2, "五"), listed(3, "点"), listed(4, "重"), listed(5, "换"), listed(0, "无"), listed(0xF801, "无"), listed(0xFFFF, "缩进"),
        tables={73: lists, 74: nums}, lists=nine + simple,
    )  # fmt: skip
    assert texts(doc) == [
        "一、甲", "（一）乙", "（二）丙", "1. 丁", "1.2.1 戊", "二、己", "（一）庚", "第5条 五", "点", "七、重", "(6) 换", "无", "无", "八、缩进",
    ]  # fmt: skip


def test_numbers_of_styles_and_the_levels_that_belong_to_them() -> None:
    styles = style_sheet(PLAIN, (1, 1, 0, sprm(0x460B, 1), b""), (1, 2, 0, sprm(0x460B, 1), b""), (1, 0xFFE, 1, b"", b""))
    nine = level("\0.") + level("\0.\1") + level("x") * 7
    doc = of(
        P("甲", style=1), P("乙", style=2), P("丙", style=2), P("丁", sprm(0x460B, 0), style=2), P("戊", style=3),
        tables={1: styles, 73: list_heads((7, False, [1, 2])), 74: numberings((7, b"", 0))}, lists=nine,
    )  # fmt: skip
    assert texts(doc) == ["1. 甲", "1.1 乙", "1.2 丙", "丁", "2. 戊"]


def test_list_items_without_their_list_are_reported() -> None:
    for number in (3, 0x7FF):
        doc = of(listed(number, "甲"))
        assert texts(doc) == ["甲"] and codes(doc) == ["list-numbers"]


# --- notes and text boxes -----------------------------------------------------------------------


def test_notes_come_last_in_the_order_of_their_marks() -> None:
    mark = [("\x02", SPECIAL)]
    body = [P([("甲", b""), *mark, *mark]), *row([("乙", b""), ("*", b"")]), P([("\x02", DELETED), ("丙", b"")])]
    doc = Doc(
        body, footnotes=[P("\x02 脚注1"), P("续"), P("脚注2"), P("删去")], endnotes=[P("尾注")], headers=[P("页眉")],
        tables={
            2: plc([2, 5, 8, 99], b"\1\0" * 3), 3: plc([0, 8, 12, 15]),
            46: plc([1, 99], b"\1\0"), 47: plc([0, 3]),
        },
    )  # fmt: skip
    assert texts(doc) == ["甲", "[乙*]", "丙", "脚注1", "续", "脚注2", "尾注"]
    assert codes(doc) == ["tracked-deletion"]


def test_a_note_that_is_missing_is_reported() -> None:
    doc = of(P("甲\x02"), tables={2: plc([1, 9], b"\1\0")})
    assert texts(doc) == ["甲"] and codes(doc) == ["note"]


def anchors(*places: tuple[int, int]) -> bytes:
    return plc([at for at, _ in places] + [0xFFFF], *(struct.pack("<I22x", number) for _, number in places))


def box_texts(*boxes: tuple[int, int]) -> bytes:
    """The end of each box's text, and its shape."""
    return plc([0, *(end for end, _ in boxes)], *(struct.pack("<14xIi", number, 0) for _, number in boxes))


def test_a_text_box_is_read_once_after_the_paragraph_that_anchors_it() -> None:
    boxes = [P("框内一"), P("框内二"), *row("框内表"), P("组一"), P("组二"), P("散")]
    inside, after, first, second, loose = 8, 13, 16, 19, 21
    shapes = drawings(
        shape(11), group(shape(12), shape(13), group(shape(16), shape(14)), shape(17, (0xC0, "艺术字\0".encode("utf-16-le")), (0x104, 1)))
    )
    doc = Doc(
        [P("锚\x08后"), P("次段"), P("组\x08"), P("末\x08")], boxes=boxes,
        tables={
            40: anchors((1, 11), (8, 12), (11, 11)), 50: shapes,
            56: box_texts((inside + after - 8, 11), (first, 13), (second, 14), (loose, 99)),
        },
    )  # fmt: skip
    assert texts(doc) == ["锚后", "框内一", "框内二", "[框内表]", "次段", "组", "组一", "组二", "艺术字", "末", "散"]
    assert codes(doc) == ["picture"]


def test_what_is_anchored_inside_itself_is_read_once() -> None:
    doc = Doc(
        [P("正文\x08")], footnotes=[P("注\x02")], boxes=[P("框\x08")],
        tables={
            2: plc([4, 5, 99], b"\1\0" * 2), 3: plc([0, 3, 3]), 40: anchors((2, 11), (8, 11), (8, 12)), 56: box_texts((3, 11)),
        },
    )  # fmt: skip
    assert texts(doc) == ["正文", "框"]
    doc.tables[40] = anchors((8, 11))
    assert texts(doc) == ["正文", "框"]


def test_headers_footers_and_comments_are_no_text() -> None:
    assert texts(Doc([P("正文")], headers=[P("页眉"), P("第 1 页")])) == ["正文"]


# --- what the file is ---------------------------------------------------------------------------


def test_the_content_decides_not_the_suffix() -> None:
    for name in ("a.doc", "a.wps", "a.docx", "a.txt", "a"):
        document = extractor.read(of(P("正文")).bytes(), name)
        assert document.text == "正文" and document.source.reader == "doc"
    path = CORPUS / "talin-2010" / "talin-2010.docx"
    assert extractor.read(path.read_bytes(), "a.doc").source.reader == "docx"


def test_small_streams_and_large_sectors() -> None:
    doc = of(P("正文"))
    for shift in (9, 12):
        data = compound({name: stream for name, stream in doc.streams().items() if stream}, shift, 1 << 20)
        assert read(data, "a.doc").blocks == raw(doc).blocks


@pytest.mark.parametrize(
    ("streams", "kind", "said"),
    [
        (["EncryptedPackage", "EncryptionInfo"], UnreadableDocument, "password"),
        (["PowerPoint Document"], UnsupportedFormat, "PowerPoint"),
        (["CONTENTS"], UnsupportedFormat, "another program"),
    ],
)
def test_compound_files_of_another_kind(streams: list[str], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        extractor.read(compound(dict.fromkeys(streams, b"x" * 10)), "年报.doc")


def test_protected_and_old_documents_say_so() -> None:
    assert "password" in failure(of(P("正文"), flags=0x0300)).problem
    assert "Word 95" in failure(of(P("正文"), magic=0xA5DC, version=104)).problem
    assert "Word 95" in failure(of(P("正文"), version=0x65)).problem
    assert "damaged" in failure(of(P("正文"), magic=0x1234)).problem


def test_a_document_without_text_says_so() -> None:
    assert "no text" in failure(of(P(""))).problem
    assert "only pictures" in failure(of(P([("\x01", SPECIAL)]))).problem


# --- damage -------------------------------------------------------------------------------------


def streams_with(doc: Doc, **changes: bytes) -> bytes:
    names = {"word": "WordDocument", "table": "1Table", "data": "Data"}
    streams = doc.streams() | {names[name]: data for name, data in changes.items()}
    return compound({name: data for name, data in streams.items() if data})


def test_streams_that_are_cut_off_or_missing() -> None:
    doc = of(P("正文" * 400), row("甲", "乙"))
    word, table = doc.streams()["WordDocument"], doc.streams()["1Table"]
    for size in (1, 30, 100, 0x9A, 500, FIRST_TEXT, FIRST_TEXT + 50, len(word) - 600):
        assert failure(streams_with(doc, word=word[:size])).problem
    for size in (10, 40):
        assert "damaged" in failure(streams_with(doc, table=table[:size])).problem


def test_damaged_parts_beside_the_text_are_diagnostics() -> None:
    broken = {
        1: b"\x12", 2: plc([0, 9], b"\1\0"), 3: plc([5, 2]), 15: b"", 50: drawings(record(0xF004, record(0xF00A, b""), 0xF)),
        40: anchors((0, 1)), 73: list_heads((7, False, [])), 74: numberings((7, b"", 0)),
    }  # fmt: skip
    doc = Doc([P("正文")], footnotes=[P("注文注文")], tables=broken)
    assert texts(doc) == ["正文"]
    assert {diagnostic.code for diagnostic in raw(doc).diagnostics} == {"part-unreadable"}
    said = " ".join(diagnostic.message for diagnostic in raw(doc).diagnostics)
    assert [part for part in ("styles", "drawings", "lists", "notes") if part not in said] == []


def test_pieces_that_use_the_same_bytes_again_are_refused() -> None:
    """A small file could claim any amount of text."""
    doc = of(P("正文" * 500))
    table = doc.streams()["1Table"]
    at = table.index(doc._text("正文" * 500 + "\r")[1])
    count = 2000
    piece = struct.pack("<HIH", 0, FIRST_TEXT, 0)
    plcf = struct.pack(f"<{count + 1}I", *range(0, 1001 * (count + 1), 1001)) + piece * count
    clx = struct.pack("<BI", 2, len(plcf)) + plcf
    word = bytearray(doc.streams()["WordDocument"])
    struct.pack_into("<II", word, 0x9A + 8 * 33, at, len(clx))
    struct.pack_into("<I", word, 0x4C, 1001 * count)
    assert "pieces" in failure(streams_with(doc, word=bytes(word), table=table[:at] + clx)).problem


def test_properties_that_overlap_are_refused() -> None:
    data = bytes(1000)
    rows = [row("甲", define=sprm(0x6646, offset)) for offset in range(4)]
    doc = of(*rows, data=b"\xe0\x03" * 500 + data)
    assert "table properties" in failure(doc).problem


def test_more_runs_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc_text, "MAX_RUNS", 2)
    assert "runs" in failure(of(P("一"), P("二"), P("三"))).problem

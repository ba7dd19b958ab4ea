"""Rich Text Format: encodings, what is left out, lists, notes, tables, and every way in which a file can be broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import UnreadableDocument
from extractor.model import Document, Paragraph, Table

FONTS = r"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fnil\fcharset134 \'cb\'ce\'cc\'e5{\*\falt SimSun};}{\f2\froman\fcharset2 Symbol;}{\f3\fnil\fcharset2 Wingdings;}{\f4\fmodern\fcharset0 Courier New;}}"
STYLES = r"{\stylesheet{\s0 Normal;}{\s1\sbasedon0\outlinelevel0 heading 1;}{\s2\sbasedon0 \'b1\'ea\'cc\'e2 2;}{\s3\sbasedon1 mine;}{\*\cs4 heading 9;}{\s5\outlinelevel9 heading 3;}}"


def gbk(text: str) -> str:
    return "".join(char if char.isascii() else "".join(f"\\'{byte:02x}" for byte in char.encode("gbk")) for char in text)


def uni(text: str) -> str:
    """Characters as Word and LibreOffice write them, each with a question mark that stands in for it."""
    units = text.encode("utf-16-le")
    return "".join(
        chr(unit) if unit < 128 else f"\\u{unit - 65536 if unit > 32767 else unit}\\'3f"
        for unit in (int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2))
    )


def rtf(body: str, head: str = r"\ansi\ansicpg936\deff0", name: str = "a.rtf") -> Document:
    return extractor.read(f"{{\\rtf1{head}{FONTS}{STYLES}\n{body}}}".encode("latin-1"), name)


def paragraphs(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if isinstance(block, Paragraph)]


def tables(document: Document) -> list[list[tuple[int, int, int, int, str]]]:
    """Row, column, spans and text of the cells of each table."""
    return [
        [(cell.row, cell.column, cell.rowspan, cell.colspan, document.text[cell.start : cell.end]) for cell in block.cells]
        for block in document.blocks
        if isinstance(block, Table)
    ]


def codes(document: Document) -> dict[str, str]:
    return {diagnostic.code: diagnostic.message for diagnostic in document.diagnostics}


# --- encodings ------------------------------------------------------------------------------------

REPORT = "某市图书馆2020年工作总结，接待3万人次"


@pytest.mark.parametrize(
    "body, head",
    [
        (r"\pard\plain\f1 " + gbk(REPORT) + r"\par", r"\ansi\ansicpg1252"),
        (gbk(REPORT), r"\ansi\ansicpg936\deff1"),
        (gbk(REPORT), r"\ansi\ansicpg936"),
        (gbk(REPORT), r"\ansi"),
        (gbk(REPORT).replace("\\'", "\r\n\\'"), r"\ansi\ansicpg936"),
        (REPORT.encode("gbk").decode("latin-1"), r"\ansi\ansicpg936"),
        ("".join(f"\\'{byte:02x}" for byte in REPORT.encode()), r"\ansi\ansicpg65001\deff9"),
        (uni(REPORT), r"\ansi\ansicpg1252"),
        (r"\uc2 " + uni(REPORT).replace("\\'3f", "\\'a1\\'a1"), r"\ansi"),
        (r"\uc0 " + uni(REPORT).replace("\\'3f", " "), r"\ansi"),
        (uni(REPORT).replace("\\'3f", "{}").replace("\\'3f", "?"), r"\ansi\uc0"),
        (r"{\upr{??????}{\*\ud{" + uni(REPORT) + "}}}", r"\ansi"),
    ],
)
def test_every_way_to_write_chinese_gives_the_same_text(body: str, head: str) -> None:
    document = rtf(body, head)
    assert document.text == REPORT and document.source.reader == "rtf" and not document.diagnostics


def test_characters_beyond_two_bytes() -> None:
    assert rtf(uni("𠮷田，😀")).text == "𠮷田，😀"
    assert rtf(r"a\u-10179?b").text == "a�b"


def test_bytes_that_are_no_character_are_told() -> None:
    document = rtf(r"\f1 \'d6\'d0\'b9 " + r"\par\f0 " + gbk("图书馆"))
    assert document.text.endswith("图书馆") and "encoding-errors" in codes(document)


def test_western_letters_of_a_western_font() -> None:
    assert rtf(r"\f0 a\'b7 b caf\'e9 \f9 ").text == "a· b café"
    assert rtf(r"\f0 \'93ab\f1 " + gbk("中") + r"\f0 \'94").text == "“ab中”"


def test_special_characters_and_escapes() -> None:
    assert rtf(r"a\~b\_c\-d\tab e\emdash\endash\bullet\lquote\rquote\ldblquote\rdblquote\{\}\\").text == "a\xa0b-cd e—–•‘’“”{}\\"


@pytest.mark.parametrize("body, text", [(r"\f3 \'fe\f0 " + gbk("是"), "☑是"), (r"{\field{\*\fldinst SYMBOL 254 \\f \"Wingdings\" \\s 12}{\fldrslt}}" + gbk("是"), "☑是"), (r"\f3\u-3842?\f0 " + gbk("是"), "☑是")])
def test_signs_of_picture_fonts(body: str, text: str) -> None:
    assert rtf(body).text == text


# --- paragraphs -----------------------------------------------------------------------------------


def test_paragraphs_line_breaks_and_headings() -> None:
    document = rtf(
        r"\pard\s1 \b One\b0\line more\par\pard\plain a\line b\par\pard\s2 two\par\pard\s3 three\par\pard\s5 body\par\pard\outlinelevel3 four\par\pard last"
    )
    assert [(block.level, document.text[block.start : block.end]) for block in document.blocks if isinstance(block, Paragraph)] == [
        (1, "One more"), (None, "a"), (None, "b"), (2, "two"), (1, "three"), (None, "body"), (4, "four"), (None, "last"),
    ]  # fmt: skip


def test_a_backslash_before_a_line_feed_ends_a_paragraph() -> None:
    assert paragraphs(rtf("a\\\nb\\\r\nc")) == ["a", "b", "c"]


def test_a_font_table_without_groups() -> None:
    data = b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl\\f0\\fswiss\\fcharset0 Helvetica;\\f1\\fnil\\fcharset134 PingFangSC;}\n\\f1 \\'d6\\'d0\\f0  a}"
    assert extractor.read(data, "a.rtf").text == "中 a"


def test_printed_list_numbers_are_kept() -> None:
    document = rtf(
        r"\pard{\listtext\pard\plain\f0 1.\tab}\ls1 " + gbk("开会") + r"\par{\listtext\f1 " + gbk("（二）") + r"\tab}" + gbk("读书")
        + r"\par\pard{\pntext\f2\'b7\tab}{\*\pn\pnlvlblt{\pntxtb\'b7}}" + gbk("要点") + r"\par\pard{\listtext\f4 o\tab}\ls2 x\par{\listtext\u61623\'3f\tab}y\par\pard\ls3 " + gbk("无号")
    )  # fmt: skip
    assert paragraphs(document) == ["1. 开会", "（二）读书", "要点", "x", "y", "无号"]
    assert codes(document) == {"list-numbers": "list items whose automatic numbers could not be read: the list definitions are missing (1)"}


def test_what_is_not_text_is_left_out_and_told() -> None:
    document = rtf(
        r"{\info{\title T}}{\header H\par}{\footer F}{\*\generator G;}{\*\unknown U{\x y}}a{\v hidden}{\deleted\revauthdel1 gone}\v more\v0 b"
        r"{\*\shppict{\pict\pngblip 89504e47}}{\nonshppict{\pict\wmetafile8 0100}}{\object\objemb{\*\objdata 01}{\result R}}"
        r"{\*\bkmkstart x}{\xe{\v index}}{\*\atnid A}\chatn{\*\annotation remark}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\field{\*\fldinst PAGE}{\fldrslt 7}}c"
    )
    assert document.text == "ablink7c"
    assert {code: message[-3:] for code, message in codes(document).items()} == {
        "tracked-deletion": "(1)", "comment": "(1)", "hidden-text": "(2)", "picture": "(1)", "embedded-object": "(1)",
    }  # fmt: skip


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    assert paragraphs(rtf(r"one {\deleted \par}two\par three")) == ["one two", "three"]


def test_footnotes_and_endnotes_follow_the_text() -> None:
    document = rtf(r"a{\super\chftn}{\footnote\ftnalt\pard\plain \chftn end\par note}b{\*\footnote\pard\plain \chftn foot}\par c")
    assert paragraphs(document) == ["ab", "c", "foot", "end", "note"]


def test_a_text_box_follows_its_paragraph() -> None:
    document = rtf(r"a{\shp{\*\shpinst\shpleft1{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard box\par}}{\shprslt{\*\do old}}}b\par c{\*\do\dptxbx{\dptxbxtext \pard old box\par}}")
    assert paragraphs(document) == ["ab", "box", "c", "old box"]


# --- tables ---------------------------------------------------------------------------------------


def row(*cells: str, edges: tuple[str, ...] | None = None, head: str = "", tail: str = "") -> str:
    """A row as Word writes it: its shape, its cells, its shape once more."""
    shape = rf"\trowd\trgaph108\trleft-108{head}" + "".join(edges or tuple(rf"\cellx{1000 * (at + 1)}" for at in range(len(cells))))
    return shape + r"\pard\plain\intbl " + "".join(rf"{{{cell}\cell}}" for cell in cells) + rf"\pard\intbl{{{shape}\row}}" + tail


def test_tables_between_paragraphs() -> None:
    document = rtf(r"\pard a\par" + row("1", "2") + row("3", "4") + r"\pard b\par" + row("5", "6"))
    assert paragraphs(document) == ["a", "b"]
    assert [[cell[4] for cell in table] for table in tables(document)] == [["1", "2", "3", "4"], ["5", "6"]]


def test_merged_cells() -> None:
    document = rtf(
        row("a", "", "c", edges=(r"\clmgf\cellx1000", r"\clmrg\cellx2000", r"\clvmgf\cellx3000"))
        + row("d", "e", "", edges=(r"\cellx1000", r"\cellx2000", r"\clvmrg\cellx3000"))
        + row("wide", "f", edges=(r"\cellx2003", r"\cellx3000"))
    )
    assert tables(document) == [[(0, 0, 1, 2, "a"), (0, 2, 2, 1, "c"), (1, 0, 1, 1, "d"), (1, 1, 1, 1, "e"), (2, 0, 1, 2, "wide"), (2, 2, 1, 1, "f")]]


def test_text_under_a_merge_is_told() -> None:
    document = rtf(row("a", edges=(r"\clvmgf\cellx1000",)) + row("lost", edges=(r"\clvmrg\cellx1000",)))
    assert document.text == "a" and "merged-text" in codes(document)


def test_a_row_that_begins_further_right() -> None:
    document = rtf(row("a", "b") + row("c", edges=(r"\cellx2000",), head=r"\trleft1000"))
    assert [cell[:2] for cell in tables(document)[0]] == [(0, 0), (0, 1), (1, 1)]


def test_the_last_row_of_a_table_parts_it_from_the_next() -> None:
    document = rtf(row("a", "b", head=r"\lastrow") + row("c", "d"))
    assert [[cell[4] for cell in table] for table in tables(document)] == [["a", "b"], ["c", "d"]]


def test_paragraphs_in_cells_are_one_text() -> None:
    document = rtf(row(gbk("表彰") + r"\par " + gbk("日期"), r"a\line b", r"{\listtext 1.\tab}x"))
    assert [cell[4] for cell in tables(document)[0]] == ["表彰日期", "a b", "1. x"]


def test_a_table_inside_a_cell() -> None:
    inner = r"\pard\intbl\itap2 {in1\nestcell}{in2\nestcell}{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}{\nonesttables\par}"
    document = rtf(row("outer\\par" + inner + r"\pard\intbl\itap1", "side"))
    assert [[cell[4] for cell in table] for table in tables(document)] == [["outer", "side"], ["in1", "in2"]]
    framed = rtf(row(inner + r"\pard\intbl\itap1"))
    assert [[cell[4] for cell in table] for table in tables(framed)] == [["in1", "in2"]]


def test_rows_that_do_not_say_where_their_cells_end_and_cells_that_no_row_ends() -> None:
    assert [cell[4] for cell in tables(rtf(r"\trowd\pard\intbl a\cell b\cell\row\pard c"))[0]] == ["a", "b"]
    assert [cell[4] for cell in tables(rtf(r"\trowd\cellx9 a\cell b\cell\row"))[0]] == ["a", "b"]
    assert [cell[4] for cell in tables(rtf(r"\trowd\cellx9\pard\intbl a\cell b"))[0]] == ["a", "b"]
    assert tables(rtf(r"\trowd\cellx9\cellx99\cellx999\pard\intbl a\cell\row"))[0] == [(0, 0, 1, 1, "a"), (0, 1, 1, 1, ""), (0, 2, 1, 1, "")]


def test_edges_out_of_order_do_not_lose_a_cell() -> None:
    (table,) = tables(rtf(row("a", "b", "c", edges=(r"\cellx3000", r"\cellx-5", r"\cellx99999999999999999999")) + row("d", "e", "f")))
    assert [cell[4] for cell in table] == list("abcdef")


# --- broken and hostile files ---------------------------------------------------------------------


def test_a_file_that_ends_early_keeps_its_text_and_says_so() -> None:
    whole = r"{\rtf1\ansi " + row(gbk("项目"), gbk("数量")) + r"\pard " + gbk("全年接待读者") + "\\"
    document = extractor.read(whole.encode(), "a.rtf")
    assert document.text == "项目\t数量\n全年接待读者" and "cut-off" in codes(document)
    assert "cut-off" not in codes(rtf("a"))


@pytest.mark.parametrize(
    "body, text",
    [
        (r"a\bin999999999 b\par c", "ab\nc"),
        (r"a\bin4 }}}}b", "ab"),
        (r"a{\pict\bin9 }}}{{{}}}}b", "ab"),
        (r"a\bin-5 b", "ab"),
        (r"}}}a\par b", "a\nb"),
        (r"a\uc1000000 \u20013 b{c}", "a中c"),
        (r"\itap1000000 a\par\itap-3 b\par", "a\nb"),
        (r"\f99999999999999999 a\s-1\ls-1 b", "ab"),
        (r"{\footnote a", "a"),
        (r"\cell\row\nestrow\nestcell a", "a"),
        ("a\x00\x01b", "ab"),
        (r"{\*\fldinst a}{\*}{\*\*b}c", "bc"),
    ],
)
def test_words_that_lie_do_no_harm(body: str, text: str) -> None:
    assert rtf(body).text == text


@pytest.mark.parametrize(
    "body, said",
    [
        ("{" * 100_000 + "x", "inside each other"),
        (r"\trowd" + "".join(rf"\cellx{20 * at}" for at in range(1, 1001)) + r"\intbl a\cell\row" + r"\trowd\cellx20000\intbl a\cell\row" * 4100, "places"),
        (r"{\pict 00}", "only pictures"),
        (r"\par\par", "no text"),
    ],
    ids=["groups", "grid", "pictures", "nothing"],
)
def test_what_cannot_be_read_is_refused_with_a_message(body: str, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said):
        rtf(body)


def test_tables_opened_again_and_again_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.readers.limits.MAX_BLOCKS", 1000)
    with pytest.raises(UnreadableDocument, match="paragraphs and cells"):
        rtf(r"\itap999 a\par\itap0 b\par " * 100)


@pytest.mark.parametrize(
    "body",
    [r"x{\pict " * 50_000, "x" + "{}" * 100_000, r"x\trowd" + r"\cellx1" * 100_000, r"x\fs" + "9" * 1_000_000, "x\\" + "a" * 1_000_000, r"x{\footnote y" * 5000, "{\\fonttbl" + "{\\f1 a}" * 50_000 + "}x"],
)  # fmt: skip
def test_markup_that_is_costly_for_others_is_read_in_linear_time(body: str) -> None:
    assert rtf(body).text.startswith("x")


def test_styles_in_a_circle() -> None:
    assert paragraphs(rtf(r"{\stylesheet{\s7\sbasedon8 a;}{\s8\sbasedon7 b;}}\pard\s7 x")) == ["x"]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["{", "}", r"\par ", r"\cell ", r"\row ", r"\trowd ", r"\cellx9 ", r"\intbl ", r"\itap2 ", r"\nestcell ", r"\pard ", r"\v0 ", "x", r"\'d6\'d0", r"\u20013?", r"{\footnote x}", r"{\listtext 1.}"])))
def test_no_text_is_lost_or_told_twice_whatever_the_words(pieces: list[str]) -> None:
    source = "".join(pieces)
    try:
        document = rtf(source)
    except UnreadableDocument:
        return
    assert document.text.count("x") == sum(piece in ("x", r"{\footnote x}") for piece in pieces)
    assert document.text.count("中") == source.count("'d6") + source.count("u20013")

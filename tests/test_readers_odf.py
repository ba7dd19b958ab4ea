"""The readers of OpenDocument texts and spreadsheets, on files written for the purpose; a .docx of the same content is the second opinion."""

from __future__ import annotations

import io
from itertools import product
from pathlib import Path

import docx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_writer import flat, open_document, packed

import extractor
from extractor import UnreadableDocument, UnsupportedFormat
from extractor.model import Document, Paragraph, Table
from extractor.readers import SUFFIXES, limits


def text(body: str, automatic: str = "", **options: str) -> Document:
    return extractor.read(open_document("text", body, automatic, **options), "总结.odt")  # type: ignore[arg-type]


def ods(body: str, automatic: str = "") -> Document:
    return extractor.read(open_document("spreadsheet", body, automatic), "表.ods")


def p(content: str = "", name: str = "") -> str:
    style = f' text:style-name="{name}"' if name else ""
    return f"<text:p{style}>{content}</text:p>"


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def grid(document: Document) -> list[list[str]]:
    (table,) = tables(document)
    return [[document.text[c.start : c.end] for c in table.cells if c.row == row] for row in range(table.rows)]


def codes(document: Document) -> list[str]:
    return [diagnostic.code for diagnostic in document.diagnostics]


def problem(data: bytes, name: str = "总结.odt") -> str:
    with pytest.raises(UnreadableDocument) as caught:
        extractor.read(data, name)
    assert caught.value.source == name and caught.value.advice
    return caught.value.problem


# --- paragraphs -------------------------------------------------------------------------------------


def test_paragraphs_headings_and_spaces() -> None:
    document = text(
        '<text:h text:outline-level="1">一、概况</text:h>' + p("到馆<text:span>读者</text:span>\n   30.9万<text:s text:c='2'/>余<text:tab/>人次")
        + p("第一行<text:line-break/>第二行") + p() + p("<text:a>链接</text:a><text:bookmark/>。")
    )  # fmt: skip
    assert document.text == "一、概况\n到馆读者 30.9万  余 人次\n第一行\n第二行\n链接。"
    assert [block.level for block in document.blocks if isinstance(block, Paragraph)] == [1, None, None, None, None]
    assert (document.source.reader, document.source.media_type) == ("odt", "application/vnd.oasis.opendocument.text")


def test_tracked_deletions_comments_and_hidden_text_are_told_and_left_out() -> None:
    changes = "<text:tracked-changes><text:changed-region><text:deletion><text:p>旧文</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    hidden = '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    body = changes + p("新<text:change/>文<office:annotation><text:p>批注</text:p></office:annotation><text:span text:style-name='H'>藏</text:span>。")
    document = text(body, hidden)
    assert document.text == "新文。" and set(codes(document)) == {"tracked-deletion", "comment", "hidden-text"}


def test_notes_follow_the_text() -> None:
    def note(kind: str, said: str) -> str:
        return f'<text:note text:note-class="{kind}"><text:note-citation>1</text:note-citation><text:note-body><text:p>{said}</text:p></text:note-body></text:note>'

    assert text(p("甲" + note("endnote", "尾") + "乙" + note("footnote", "脚")) + p("丙")).text == "甲乙\n丙\n脚\n尾"


def test_text_boxes_and_pictures() -> None:
    box = "<draw:frame><draw:text-box><text:p>框内</text:p></draw:text-box></draw:frame>"
    document = text(p("前" + box + "后") + p("<draw:frame><draw:image/></draw:frame>图") + p("<draw:custom-shape><text:p>形</text:p></draw:custom-shape>"))
    assert document.text == "前后\n框内\n图\n形" and codes(document) == ["picture"]


# --- lists ------------------------------------------------------------------------------------------


def list_style(*levels: str, name: str = "L") -> str:
    found = "".join(f'<text:list-level-style-number text:level="{k}" {level}/>' for k, level in enumerate(levels, 1))
    return f'<text:list-style style:name="{name}">{found}</text:list-style>'


def items(*contents: str, attributes: str = "") -> str:
    return f'<text:list text:style-name="L" {attributes}>' + "".join(f"<text:list-item>{content}</text:list-item>" for content in contents) + "</text:list>"


def test_list_numbers_are_part_of_the_text() -> None:
    style = list_style('style:num-format="一, 二, 三, ..." style:num-suffix="、"', 'style:num-format="1" style:num-prefix="（" style:num-suffix="）"')
    inner = "<text:list>" + "".join(f"<text:list-item>{p(x)}</text:list-item>" for x in "甲乙") + "</text:list>"
    document = text(items(p("概况") + inner, p("服务") + p("续段")) + items(p("新"), attributes='xml:id="a"') + items(p("接"), attributes='text:continue-numbering="true"'), style)
    assert document.text == "一、概况\n（1）甲\n（2）乙\n二、服务\n续段\n一、新\n二、接"


def test_starts_displayed_levels_and_headers() -> None:
    style = list_style('style:num-format="1" style:num-suffix="." text:start-value="3"', 'style:num-format="1" text:display-levels="2"')
    body = (
        '<text:list text:style-name="L"><text:list-header>' + p("题") + "</text:list-header><text:list-item>" + p("三")
        + "<text:list><text:list-item>" + p("深") + '</text:list-item></text:list></text:list-item><text:list-item text:start-value="9">' + p("九") + "</text:list-item></text:list>"
    )  # fmt: skip
    assert text(body, style).text == "题\n3. 三\n3.1 深\n9. 九"


def test_numbered_headings_and_missing_list_styles() -> None:
    outline = '<text:outline-style><text:outline-level-style text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:outline-style>'
    document = text('<text:h text:outline-level="1">概况</text:h>' + '<text:list text:style-name="没有"><text:list-item>' + p("项") + "</text:list-item></text:list>", common=outline)
    assert document.text == "一、概况\n项" and codes(document) == ["list-numbers"]


# --- tables -----------------------------------------------------------------------------------------


def cell(content: str, rows: int = 1, columns: int = 1, extra: str = "") -> str:
    return f'<table:table-cell table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}" {extra}>{p(content) if content else ""}</table:table-cell>'


COVERED = "<table:covered-table-cell/>"


def table(*rows: str, name: str = "", extra: str = "") -> str:
    return f'<table:table table:name="{name}" {extra}>' + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + "</table:table>"


def test_merged_cells_of_a_text_appear_once_with_their_spans() -> None:
    document = text(table(cell("项目", 2) + cell("数量", 1, 2) + COVERED, COVERED + cell("册") + cell("种"), cell("藏量") + cell("5") + cell("6")))
    assert document.text == "项目\t数量\n册\t种\n藏量\t5\t6"
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in tables(document)[0].cells][:4] == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]


def test_header_rows_repeated_cells_and_tables_inside() -> None:
    head = f"<table:table-header-rows><table:table-row>{cell('甲')}{cell('乙')}</table:table-row></table:table-header-rows>"
    inner = table(cell("内一") + cell("内二"))
    body = f'<table:table>{head}<table:table-row><table:table-cell table:number-columns-repeated="2">{p("同")}</table:table-cell></table:table-row></table:table>'
    assert grid(text(body)) == [["甲", "乙"], ["同", "同"]]
    nested = text(f"<table:table><table:table-row><table:table-cell>{p('外')}{inner}</table:table-cell></table:table-row></table:table>")
    assert "外" in nested.text and "内一\t内二" in nested.text


CORPUS = Path(__file__).parents[1] / "corpus"
CELLS = st.text("甲乙丙12", max_size=4)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_same_content_as_a_docx_is_the_same_document(data: st.DataObject) -> None:
    body, word = "", docx.Document()
    for _ in range(data.draw(st.integers(1, 3))):
        said = data.draw(st.text("甲乙丙，。12", min_size=1, max_size=8))
        body += p(said)
        word.add_paragraph(said)
        rows, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(2, 4))
        texts = {place: data.draw(CELLS) for place in product(range(rows), range(columns))}
        top, left = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
        bottom, right = data.draw(st.integers(top, rows - 1)), data.draw(st.integers(left, columns - 1))
        hidden = {(r, c) for r, c in product(range(top, bottom + 1), range(left, right + 1))} - {(top, left)}
        grown = word.add_table(rows, columns)
        for place, content in texts.items():
            if place not in hidden:
                grown.cell(*place).text = content
        if hidden:
            grown.cell(top, left).merge(grown.cell(bottom, right))
        body += table(*[
            "".join(
                COVERED if (r, c) in hidden else cell(texts[r, c], *((bottom - top + 1, right - left + 1) if (r, c) == (top, left) else ()))
                for c in range(columns)
            ) for r in range(rows)
        ])  # fmt: skip
    stream = io.BytesIO()
    word.save(stream)
    expected = extractor.read(stream.getvalue(), "a.docx")
    for found in (text(body), extractor.read(flat("text", body), "a.fodt")):
        assert (found.text, found.blocks) == (expected.text, expected.blocks)


# --- spreadsheets -----------------------------------------------------------------------------------


def value(shown: str, number: str = "", extra: str = "") -> str:
    stored = f'office:value-type="float" office:value="{number}"' if number else 'office:value-type="string"'
    return f"<table:table-cell {stored} {extra}>{p(shown) if shown else ''}</table:table-cell>"


HEADER = value("项目") + value("数量")


def test_cells_are_as_printed() -> None:
    rows = [HEADER, value("007") + value("13,271", "13271"), value("占比") + value("12.5%", "0.125"), value("未存") + value("", "5")]
    document = ods(table(*rows, name="Sheet1"))
    assert grid(document)[1:] == [["007", "13,271"], ["占比", "12.5%"], ["未存", "5"]]
    assert (document.source.reader, document.source.media_type) == ("ods", "application/vnd.oasis.opendocument.spreadsheet")


def test_repeated_rows_and_columns_up_to_the_end_of_a_sheet() -> None:
    rest = '<table:table-cell table:number-columns-repeated="16382"/>'
    body = (
        f"<table:table table:name='Sheet1'><table:table-row>{HEADER}{rest}</table:table-row><table:table-row table:number-rows-repeated='2'>{value('甲')}{value('1', '1')}"
        f"</table:table-row><table:table-row table:number-rows-repeated='1048573'><table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>"
    )
    assert ods(body).text == "项目\t数量\n甲\t1\n甲\t1"


def test_merged_hidden_and_named_sheets() -> None:
    hide = '<style:style style:name="X" style:family="table"><style:table-properties table:display="false"/></style:style>'
    merged = value("标题", extra='table:number-columns-spanned="2"') + COVERED
    body = (
        table(merged, HEADER, value("甲") + value("1", "1"), name="情况")
        + table(HEADER, value("乙") + value("2", "2"), name="经费")
        + table(HEADER, name="底稿", extra='table:style-name="X"')
    )
    document = ods(body, hide)
    assert document.text == "情况\n标题\n项目\t数量\n甲\t1\n经费\n项目\t数量\n乙\t2"
    assert codes(document) == ["hidden-sheet"]


def test_a_value_that_is_repeated_without_end_is_refused() -> None:
    body = f"<table:table><table:table-row table:number-rows-repeated='1048576'>{value('甲')}{value('1', '1')}</table:table-row></table:table>"
    assert f"more than {limits.MAX_BLOCKS:,} paragraphs and cells" in problem(open_document("spreadsheet", body))
    wide = f"<table:table><table:table-row table:number-rows-repeated='900000'>{value('甲', extra='table:number-columns-repeated=' + chr(34) + '16000' + chr(34))}</table:table-row></table:table>"
    assert "cells" in problem(open_document("spreadsheet", wide))
    assert "cells" in problem(open_document("text", wide))


def test_tables_in_cells_that_are_repeated_are_refused() -> None:
    opened = '<table:table><table:table-row><table:table-cell table:number-columns-repeated="900">'
    closed = "</table:table-cell></table:table-row></table:table>"
    assert "paragraphs and cells" in problem(open_document("text", opened * 20 + p("甲") + closed * 20))
    said = f"<table:table><table:table-row table:number-rows-repeated='9000'><table:table-cell>{p('长' * 9000)}</table:table-cell></table:table-row></table:table>"
    assert "characters" in problem(open_document("text", said))


# --- which files, and damaged ones ------------------------------------------------------------------


def test_content_decides_whatever_the_name() -> None:
    for name in ("a.odt", "a.docx", "a.doc", "a.zip"):
        assert extractor.read(open_document("text", p("甲")), name).source.reader == "odt"
    for kind, reader in (("text", "odt"), ("spreadsheet", "ods")):
        assert extractor.read(flat(kind, p("甲") if kind == "text" else table(HEADER)), "a.xml").source.reader == reader
    assert {".odt", ".ods", ".fodt", ".fods", ".et", ".xls", ".xlsx"} <= SUFFIXES


def test_presentations_are_told() -> None:
    with pytest.raises(UnsupportedFormat, match="presentation"):
        extractor.read(open_document("presentation", "<draw:page/>"), "a.odp")


def test_protected_files_are_told() -> None:
    manifest = '<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    assert "password" in problem(open_document("text", p("甲"), parts={"META-INF/manifest.xml": manifest}))


def test_entities_depth_and_missing_parts() -> None:
    good = open_document("text", p("甲"))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + flat("text", p("&a;")).partition(b"?>")[2]
    assert "document type" in problem(b'<?xml version="1.0"?>' + bomb, "a.fodt")
    assert "nests more than" in problem(open_document("text", "<text:span>" * 300 + "</text:span>" * 300))
    assert "content.xml" in problem(packed({"mimetype": "application/vnd.oasis.opendocument.text"}))
    assert "no text" in problem(open_document("text", p()))
    damaged = extractor.read(open_document("text", p("甲"), parts={"styles.xml": "<office:styles"}), "a.odt")
    assert damaged.text == "甲" and codes(damaged) == ["part-unreadable"]
    assert "damaged" in problem(good[: len(good) // 2])


def test_styles_that_build_on_each_other_in_a_circle() -> None:
    circle = "".join(f'<style:style style:name="{a}" style:family="paragraph" style:parent-style-name="{b}"/>' for a, b in ("AB", "BA"))
    assert text(p("甲", "A"), circle).text == "甲"


# --- as LibreOffice saves them ----------------------------------------------------------------------


def test_a_report_saved_as_odt_gives_the_same_records() -> None:
    one, other = (extractor.extract(CORPUS / "talin-2010" / f"talin-2010{suffix}") for suffix in (".docx", ".odt"))
    assert msgspec.structs.replace(other, source=one.source) == one


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_a_form_saved_as_a_workbook_gives_the_rows_of_the_report(suffix: str) -> None:
    one = extractor.extract(CORPUS / "cangya-2018" / "cangya-2018.docx")
    form = extractor.extract(CORPUS / "cangya-2018" / f"cangya-2018-form{suffix}")
    assert form.source.reader == suffix[1:] and len(form.statistics) == 85
    said = [[(s.code, s.label, s.indicator, s.raw, s.value, s.unit, s.row, s.column) for s in report.statistics] for report in (one, form)]
    assert said[0] == said[1]
    assert [(p.label, p.value) for p in form.profile] == [(p.label, p.value) for p in one.profile]

"""Word documents: every markup that holds, moves or hides text, and every way in which a file can be broken."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import UnreadableDocument
from extractor.readers import package
from extractor.readers.blocks import Raw, RawParagraph, RawTable
from extractor.readers.docx import read
from extractor.readers.numbering import format_number

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = NAMESPACES["r"]


def xml(tag: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{tag} {DECLARED}>{inner}</w:{tag}>'


def archive(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


def word(body: str, **parts: str) -> bytes:
    """A package with that body; further parts by name (`numbering`, `styles`, `footnotes` …), without relationships."""
    others = {f"word/{name}.xml": xml(name, content) for name, content in parts.items()}
    return archive({"word/document.xml": xml("document", f"<w:body>{body}</w:body>"), **others})


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(*paragraphs: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(p(r(text)) for text in paragraphs)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def listed(num: int, text: str = "", level: int = 0) -> str:
    return p(r(text) if text else "", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def lvl(at: int, text: str, form: str = "decimal", start: int = 1, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def num(num_id: int, abstract: int, override: str = "") -> str:
    return f'<w:num w:numId="{num_id}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>'


def abstract(abstract_id: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{abstract_id}">{"".join(levels)}</w:abstractNum>'


def texts(raw: Raw | bytes) -> list[str]:
    """Paragraph texts; a table as its cells in brackets."""
    raw = read(raw, "a.docx") if isinstance(raw, bytes) else raw
    return [
        block.text if isinstance(block, RawParagraph) else "[" + "|".join(cell.text for cell in block.cells) + "]"
        for block in raw.blocks
    ]


def grid(block: RawParagraph | RawTable) -> list[tuple[int, int, int, int, str]]:
    assert isinstance(block, RawTable)
    return [(cell.row, cell.column, cell.rowspan, cell.colspan, cell.text) for cell in block.cells]


def codes(data: bytes) -> list[str]:
    return [diagnostic.code for diagnostic in read(data, "a.docx").diagnostics]


def failure(data: bytes) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        read(data, "年报.docx")
    assert caught.value.source == "年报.docx"
    assert caught.value.problem and caught.value.advice
    return caught.value


# --- order, headings, runs ----------------------------------------------------------------------


def test_paragraphs_tables_and_headings_in_document_order() -> None:
    document = docx.Document()
    document.add_heading("一、基本情况", 1)
    document.add_paragraph("全年开放320天。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "藏量", "42册"
    document.add_heading("（一）服务", 2)
    document.add_paragraph("结束")
    raw = read(saved(document), "a.docx")
    assert texts(raw) == ["一、基本情况", "全年开放320天。", "[藏量|42册]", "（一）服务", "结束"]
    assert [block.level for block in raw.blocks if isinstance(block, RawParagraph)] == [1, None, 2, None]
    assert raw.pages is None and raw.diagnostics == []


def test_outline_levels_from_the_paragraph_its_style_and_the_base_styles() -> None:
    styles = """
      <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>
      <w:style w:type="paragraph" w:styleId="own"><w:name w:val="标题样式"/><w:basedOn w:val="1"/></w:style>
      <w:style w:type="paragraph" w:styleId="deep"><w:basedOn w:val="own"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
      <w:style w:type="paragraph" w:styleId="round"><w:basedOn w:val="round"/></w:style>"""
    ways = {
        '<w:pStyle w:val="1"/>': 1, '<w:pStyle w:val="own"/>': 1, '<w:pStyle w:val="deep"/>': 3,
        '<w:pStyle w:val="1"/><w:outlineLvl w:val="3"/>': 4, '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>': None,
        '<w:pStyle w:val="round"/>': None, '<w:pStyle w:val="unknown"/>': None, "": None,
    }  # fmt: skip
    raw = read(word("".join(p(r("题"), way) for way in ways), styles=styles), "a.docx")
    assert [block.level for block in raw.blocks if isinstance(block, RawParagraph)] == list(ways.values())


def test_heading_level_without_a_style_sheet() -> None:
    (block,) = read(word(p(r("题"), '<w:pStyle w:val="Heading2"/>')), "a.docx").blocks
    assert isinstance(block, RawParagraph) and block.level == 2


INS = '<w:ins w:id="1" w:author="a">'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (r("接待") + INS + r("30万") + "</w:ins>" + r("人次"), "接待30万人次"),
        (r("接待") + '<w:del w:id="1"><w:r><w:delText>20万</w:delText></w:r></w:del>' + r("读者"), "接待读者"),
        ('<w:moveFrom w:id="1">' + r("旧处") + '</w:moveFrom><w:moveTo w:id="2">' + r("新处") + "</w:moveTo>", "新处"),
        ('<w:smartTag w:element="date"><w:smartTagPr/>' + r("2021年") + "</w:smartTag>" + r("3月"), "2021年3月"),
        ('<w:hyperlink r:id="rId9">' + r("网站") + "</w:hyperlink>", "网站"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + r("控件") + "</w:sdtContent></w:sdt>", "控件"),
        ('<w:customXml w:element="x"><w:customXmlPr/>' + r("标记") + "</w:customXml>", "标记"),
        ('<w:fldSimple w:instr="PAGE">' + r("12") + "</w:fldSimple>", "12"),
        ("<w:r><w:t>编</w:t><w:tab/><w:t>号</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>1</w:t></w:r>", "编\t号-1"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>90%</w:t></w:r>', "≥90%"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>是</w:t></w:r>', "☑是"),
        ('<w:r><w:sym w:font="宋体" w:char="2605"/></w:r>', "★"),
        ("<w:r><w:ruby><w:rubyPr/><w:rt>" + r("chū") + "</w:rt><w:rubyBase>" + r("出") + "</w:rubyBase></w:ruby></w:r>", "出"),
        (r("看得见") + r("看不见", "<w:vanish/>") + r("也看得见", '<w:vanish w:val="0"/>'), "看得见也看得见"),
        (r("正文") + r("目录用", "<w:webHidden/>"), "正文目录用"),
        (r("有注") + '<w:commentRangeStart w:id="0"/><w:r><w:annotationRef/><w:commentReference w:id="0"/></w:r>', "有注"),
        ("<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>", "1/3"),
        ("<w:r><w:t>第一\n行</w:t></w:r>", "第一 行"),
        ("<!-- 注释 --><?word x?>" + r("正文"), "正文"),
    ],
)  # fmt: skip
def test_runs(inner: str, expected: str) -> None:
    assert texts(word(p(inner))) == [expected]


def test_complex_fields_keep_results_and_drop_instructions() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = "<w:r><w:instrText> IF </w:instrText></w:r>"
    inner_field = char("begin") + instruction + char("separate") + r("条件") + char("end")
    body = p(r("共") + char("begin") + instruction + inner_field + char("separate") + r("5") + char("end") + r("场"))
    assert texts(word(body + p(r("下一段")))) == ["共5场", "下一段"]
    unended = p(r("开头") + char("begin") + instruction + r("没有结束")) + p(char("end") + r("下一段"))
    assert texts(word(unended)) == ["开头没有结束", "下一段"]
    across = p(char("begin") + instruction + char("separate") + r("目录一")) + p(r("目录二") + char("end"))
    assert texts(word(across)) == ["目录一", "目录二"]


def test_hidden_by_style() -> None:
    styles = """
      <w:style w:type="character" w:styleId="gone"><w:rPr><w:vanish/></w:rPr></w:style>
      <w:style w:type="paragraph" w:styleId="para"><w:rPr><w:vanish/></w:rPr></w:style>"""
    body = p(r("在") + r("不在", '<w:rStyle w:val="gone"/>')) + p(r("也不在"), '<w:pStyle w:val="para"/>')
    data = word(body, styles=styles)
    assert texts(data) == ["在"]
    assert codes(data) == ["hidden-text"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    gone = '<w:rPr><w:del w:id="1"/></w:rPr>'
    assert texts(word(p(r("上半"), gone) + p(r("下半")))) == ["上半下半"]
    assert texts(word(p(r("末段"), gone))) == ["末段"]
    assert texts(word(p(r("前段"), gone) + tbl(tr(tc("格"))))) == ["前段", "[格]"]


def test_line_breaks_part_running_text_but_not_headings() -> None:
    broken = "<w:r><w:t>第一行</w:t><w:br/><w:t>第二行</w:t><w:cr/><w:t>第三行</w:t></w:r>"
    raw = read(word(p(broken) + p(broken, '<w:outlineLvl w:val="0"/>')), "a.docx")
    assert texts(raw) == ["第一行", "第二行", "第三行", "第一行第二行第三行"]


def test_blocks_inside_content_controls_custom_xml_and_insertions() -> None:
    body = (
        "<w:sdt><w:sdtPr/><w:sdtContent>" + p(r("甲")) + tbl(tr(tc("乙"))) + "</w:sdtContent></w:sdt>"
        '<w:customXml w:element="x">' + p(r("丙")) + "</w:customXml>"
        '<w:del w:id="2">' + p(r("不要")) + "</w:del>" + p(r("丁"))
    )
    assert texts(word(body)) == ["甲", "[乙]", "丙", "丁"]


def test_an_unfilled_content_control_is_no_text() -> None:
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + r("单击此处输入文字") + "</w:sdtContent></w:sdt>"
    )
    data = word(p(r("姓名：") + prompt))
    assert texts(data) == ["姓名："]
    assert codes(data) == ["placeholder"]


# --- text boxes, notes, furniture ---------------------------------------------------------------


def test_a_text_box_is_read_once_after_the_paragraph_that_anchors_it() -> None:
    inside = "<w:txbxContent>" + p(r("框内一")) + tbl(tr(tc("框内表"))) + "</w:txbxContent>"
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        + inside
        + "</wps:txbx></wps:wsp>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>" + inside + "</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(word(p(r("锚") + box + r("后")) + p(r("次段")))) == ["锚后", "框内一", "[框内表]", "次段"]
    old = f"<w:r><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></w:r>"
    assert texts(word(p(old) + p(r("次段")))) == ["框内一", "[框内表]", "次段"]
    assert texts(word(tbl(tr(tc("外"), f"<w:tc>{p(r('格') + box)}</w:tc>")))) == ["[外|格框内一]", "[框内表]"]


def test_word_art_is_text() -> None:
    assert texts(word(p('<w:r><w:pict><v:shape><v:textpath string="图书馆简报"/></v:shape></w:pict></w:r>'))) == [
        "图书馆简报"
    ]


def test_notes_come_last_in_the_order_of_their_marks() -> None:
    notes = "".join(
        f'<w:footnote w:id="{at}">{p("<w:r><w:footnoteRef/></w:r>" + r(f" 脚注{at}"))}</w:footnote>'
        for at in (-1, 1, 2, 3)
    )
    endnotes = f'<w:endnote w:id="1">{p(r("尾注"))}</w:endnote>'
    body = (
        p(r("甲") + '<w:r><w:endnoteReference w:id="1"/></w:r>' + '<w:r><w:footnoteReference w:id="2"/></w:r>')
        + tbl(tr(f'<w:tc>{p(r("乙") + """<w:r><w:footnoteReference w:id="1"/></w:r>""")}</w:tc>'))
        + p('<w:del w:id="9"><w:r><w:footnoteReference w:id="3"/></w:r></w:del>' + r("丙"))
    )
    assert texts(word(body, footnotes=notes, endnotes=endnotes)) == ["甲", "[乙]", "丙", "脚注2", "脚注1", "尾注"]
    assert codes(word(body)) == ["tracked-deletion", "note"]


def test_headers_footers_and_comments_are_no_text() -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    assert texts(saved(document)) == ["正文"]


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ('<w:altChunk r:id="rId1"/>', "embedded-document"),
        (p('<w:subDoc r:id="rId1"/>'), "embedded-document"),
        (p('<w:r><w:object><v:shape><v:imagedata/></v:shape><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'),
         "embedded-object"),
        (p("<w:r><w:drawing><a:graphic><a:graphicData><c:chart/></a:graphicData></a:graphic></w:drawing></w:r>"), "chart"),
        (p("<w:r><w:drawing><a:blip/></w:drawing></w:r>"), "picture"),
        (p('<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>'), "symbol"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_a_diagnostic(inner: str, code: str) -> None:
    assert codes(word(p(r("正文")) + inner)) == [code]
    assert texts(word(p(r("正文")) + inner)) == ["正文"]


# --- tables -------------------------------------------------------------------------------------


def test_merged_cells_appear_once_with_their_spans() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for at, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(at)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "竖"
    (block,) = read(saved(document), "a.docx").blocks
    assert grid(block) == [
        (0, 0, 1, 2, "横"), (0, 2, 1, 1, "2"), (1, 0, 1, 1, "3"), (1, 1, 1, 1, "4"), (1, 2, 2, 1, "竖"),
        (2, 0, 1, 1, "6"), (2, 1, 1, 1, "7"),
    ]  # fmt: skip


MERGE, MORE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_rows_that_begin_late_or_end_early_keep_their_columns() -> None:
    body = tbl(
        tr(tc("甲"), tc("乙"), tc("丙", properties=MERGE)),
        tr(tc("丁"), tc(properties=MORE), properties='<w:gridBefore w:val="1"/>'),
        tr(tc("戊"), properties='<w:gridAfter w:val="2"/>'),
    )
    (block,) = read(word(body), "a.docx").blocks
    assert grid(block) == [
        (0, 0, 1, 1, "甲"),
        (0, 1, 1, 1, "乙"),
        (0, 2, 2, 1, "丙"),
        (1, 1, 1, 1, "丁"),
        (2, 0, 1, 1, "戊"),
    ]


def test_merges_restart_and_need_a_cell_above() -> None:
    body = tbl(
        tr(tc("孤", properties=MORE), tc("甲", properties=MERGE)),
        tr(tc("乙"), tc("丙", properties=MERGE)),
        tr(tc("丁"), tc(properties=MORE)),
        tr(tc("戊"), tc("己", properties=MORE + '<w:gridSpan w:val="2"/>')),
    )
    (block,) = read(word(body), "a.docx").blocks
    assert grid(block)[:2] == [(0, 0, 1, 1, "孤"), (0, 1, 1, 1, "甲")]
    assert (1, 1, 2, 1, "丙") in grid(block) and (3, 1, 1, 2, "己") in grid(block)


def test_horizontal_merges_of_old_word() -> None:
    body = tbl(tr(tc("甲", properties='<w:hMerge w:val="restart"/>'), tc(properties="<w:hMerge/>"), tc("乙")))
    (block,) = read(word(body), "a.docx").blocks
    assert grid(block) == [(0, 0, 1, 2, "甲"), (0, 2, 1, 1, "乙")]


def test_text_under_a_merge_is_reported() -> None:
    assert codes(word(tbl(tr(tc("甲", properties=MERGE)), tr(tc("藏", properties=MORE))))) == ["merged-text"]


def test_rows_and_cells_inside_content_controls_and_deleted_or_hidden_rows() -> None:
    body = tbl(
        tr(tc("序号"), "<w:sdt><w:sdtPr/><w:sdtContent>" + tc("名称") + "</w:sdtContent></w:sdt>", tc("数量")),
        "<w:sdt><w:sdtPr/><w:sdtContent>" + tr(tc("1"), tc("书"), tc("2")) + "</w:sdtContent></w:sdt>",
        tr(tc("删"), properties='<w:del w:id="1"/>'),
        tr(tc("藏"), properties="<w:hidden/>"),
        tr(tc("增"), properties='<w:ins w:id="1"/>'),
    )
    (block,) = read(word(body), "a.docx").blocks
    assert [cell[4] for cell in grid(block)] == ["序号", "名称", "数量", "1", "书", "2", "增"]
    assert grid(block)[-1][:2] == (2, 0)


def test_lines_of_a_cell_are_joined_without_a_space_between_chinese() -> None:
    cell = (
        "<w:tc>"
        + p("<w:r><w:t>2021年</w:t><w:br/><w:t>3月</w:t></w:r>")
        + p(r("5日"))
        + p(r("ISBN"))
        + p(r("A1"))
        + "</w:tc>"
    )
    assert texts(word(tbl(tr(cell)))) == ["[2021年3月5日ISBN A1]"]


def nested(*before: str) -> str:
    return "<w:tc>" + "".join(p(r(text)) for text in before) + tbl(tr(tc("内甲"), tc("内乙"))) + p("") + "</w:tc>"


def test_a_nested_table_follows_the_outer_one_and_its_text_appears_once() -> None:
    assert texts(word(tbl(tr(tc("外"), nested("格内"))) + p(r("后")))) == ["[外|格内]", "[内甲|内乙]", "后"]


def test_a_frame_around_tables_disappears() -> None:
    assert texts(word(tbl(tr(nested(), nested())))) == ["[内甲|内乙]", "[内甲|内乙]"]
    assert texts(word(tbl(tr(nested("表一"), tc(""), nested("表二"))))) == [
        "表一",
        "[内甲|内乙]",
        "表二",
        "[内甲|内乙]",
    ]


def test_a_hostile_span_is_cut_off() -> None:
    (block,) = read(word(tbl(tr(tc("甲", properties='<w:gridSpan w:val="999999999"/>'), tc("乙")))), "a.docx").blocks
    assert isinstance(block, RawTable) and max(cell.column + cell.colspan for cell in block.cells) <= 1001


# --- list numbers -------------------------------------------------------------------------------


def test_numbers_of_one_list_go_on_over_other_text() -> None:
    numbering = abstract(0, lvl(0, "%1.")) + num(7, 0)
    body = (
        listed(7, "1月8日，开馆")
        + p(r("插话"))
        + listed(7, "3月5日，讲座")
        + tbl(tr(f"<w:tc>{listed(7)}</w:tc>", tc("名称")))
    )
    assert texts(word(body, numbering=numbering)) == ["1. 1月8日，开馆", "插话", "2. 3月5日，讲座", "[3.|名称]"]


def test_levels_restart_below_a_higher_one_and_show_all_levels() -> None:
    numbering = abstract(
        0, lvl(0, "第%1章", "chineseCounting"), lvl(1, "%1.%2", more="<w:isLgl/>"), lvl(2, "（%3）")
    ) + num(1, 0)
    order = [(0, "甲"), (1, "乙"), (1, "丙"), (2, "丁"), (0, "戊"), (1, "己"), (2, "庚")]
    assert texts(word("".join(listed(1, text, level) for level, text in order), numbering=numbering)) == [
        "第一章 甲", "1.1 乙", "1.2 丙", "（1）丁", "第二章 戊", "2.1 己", "（1）庚",
    ]  # fmt: skip


def test_level_that_never_restarts() -> None:
    numbering = abstract(0, lvl(0, "%1、"), lvl(1, "(%2)", more='<w:lvlRestart w:val="0"/>')) + num(1, 0)
    body = "".join(listed(1, "文", level) for level in (0, 1, 0, 1))
    assert texts(word(body, numbering=numbering)) == ["1、文", "(1) 文", "2、文", "(2) 文"]


def test_instances_share_their_definition_unless_they_override_it() -> None:
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    level = '<w:lvlOverride w:ilvl="0">' + lvl(0, "%1)", "upperLetter") + "</w:lvlOverride>"
    numbering = abstract(0, lvl(0, "%1.", start=5)) + num(1, 0) + num(2, 0) + num(3, 0, start) + num(4, 0, level)
    body = "".join(listed(at, "文") for at in (1, 2, 3, 3, 4, 99, 0))
    assert texts(word(body, numbering=numbering)) == ["5. 文", "6. 文", "1. 文", "2. 文", "C) 文", "文", "文"]


def test_numbers_from_styles_and_list_styles() -> None:
    numbering = (
        abstract(0, lvl(0, "%1、", "chineseCounting", more='<w:pStyle w:val="h1"/>'), lvl(1, "（%2）", "chineseCounting",
                        more='<w:pStyle w:val="h2"/>'))
        + '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="liste"/></w:abstractNum>' + num(1, 0) + num(2, 1)
    )  # fmt: skip
    linked = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        f'<w:style w:type="paragraph" w:styleId="h1">{linked}</w:style><w:style w:type="paragraph" w:styleId="h2">{linked}</w:style>'
        f'<w:style w:type="paragraph" w:styleId="child"><w:basedOn w:val="h2"/></w:style>'
        f'<w:style w:type="numbering" w:styleId="liste">{linked}</w:style>'
    )
    body = (
        p(r("甲"), '<w:pStyle w:val="h1"/>') + p(r("乙"), '<w:pStyle w:val="h2"/>') + p(r("丙"), '<w:pStyle w:val="child"/>')
        + p(r("丁"), '<w:pStyle w:val="h1"/><w:numPr><w:numId w:val="0"/></w:numPr>') + listed(2, "戊")
    )  # fmt: skip
    assert texts(word(body, numbering=numbering, styles=styles)) == ["一、甲", "（一）乙", "（二）丙", "丁", "二、戊"]


def test_deleted_and_hidden_items_do_not_count() -> None:
    numbering = abstract(0, lvl(0, "%1.")) + num(1, 0)
    place = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        listed(1, "甲")
        + p('<w:del w:id="1"><w:r><w:delText>删</w:delText></w:r></w:del>', place + '<w:rPr><w:del w:id="2"/></w:rPr>')
        + p(r("藏", "<w:vanish/>"), place + "<w:rPr><w:vanish/></w:rPr>")
        + listed(1, "乙")
    )
    assert texts(word(body, numbering=numbering)) == ["1. 甲", "2. 乙"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (lvl(0, "\uf0b7", "bullet"), "文"), (lvl(0, "l", "bullet"), "文"), (lvl(0, "•", "bullet"), "• 文"),
        (lvl(0, "—", "bullet"), "—文"), (lvl(0, "", "none"), "文"), (lvl(0, "%1", more='<w:suff w:val="nothing"/>'), "1 文"),
        (lvl(0, "（%1）"), "（1）文"), (lvl(0, "%1．"), "1．文"), (lvl(0, "(%1)", "lowerLetter"), "(a) 文"),
        (lvl(0, "%1", "decimalEnclosedCircle"), "① 文"),
        ('<w:lvl w:ilvl="0"><w:start w:val="7"/><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
         'w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback>'
         '</mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>', "007 文"),
    ],
)  # fmt: skip
def test_labels_and_how_they_join_the_text(level: str, expected: str) -> None:
    assert texts(word(listed(1, "文"), numbering=abstract(0, level) + num(1, 0))) == [expected]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("decimal", {1: "1", 120: "120"}),
        ("decimalZero", {3: "03", 12: "12"}),
        ("decimalFullWidth", {12: "１２"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 105: "一〇五"}),
        ("chineseCountingThousand", {10: "十", 75: "七十五", 101: "一百零一", 110: "一百一十", 1010: "一千零一十", 20030: "二万零三十"}),
        ("japaneseCounting", {3: "三", 11: "十一", 111: "百十一", 205: "二百五"}),
        ("ideographDigital", {1: "一", 10: "一〇", 21: "二一"}),
        ("chineseLegalSimplified", {1: "壹", 12: "壹拾贰"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 53: "AAA"}),
        ("lowerRoman", {4: "iv", 9: "ix", 40: "xl"}),
        ("upperRoman", {14: "XIV"}),
        ("none", {3: ""}),
        ("unheardOf", {3: "3"}),
        ("chineseCounting", {0: "0"}),
    ],
)  # fmt: skip
def test_number_formats(style: str, expected: dict[int, str]) -> None:
    assert {number: format_number(number, style) for number in expected} == expected


@given(st.sampled_from(["chineseCountingThousand", "upperRoman", "decimalFullWidth", "ideographDigital"]))
def test_numbers_of_a_list_differ(style: str) -> None:
    assert all(format_number(at, style) != format_number(after, style) for at, after in pairwise(range(1, 400)))


def test_python_docx_lists_number_through() -> None:
    document = docx.Document()
    for text in ("甲", "乙", "丙"):
        document.add_paragraph(text, style="List Number")
    assert texts(saved(document)) == ["1. 甲", "2. 乙", "3. 丙"]


def test_missing_list_definitions_are_reported_and_cost_only_the_numbers() -> None:
    assert texts(word(listed(1, "甲") + listed(1, "乙"))) == ["甲", "乙"]
    assert codes(word(listed(1, "甲"))) == ["list-numbers"]


# --- packages -----------------------------------------------------------------------------------


def test_main_part_is_found_through_the_relationships_and_its_neighbours_too() -> None:
    def listing(*entries: tuple[str, str]) -> str:
        items = "".join(
            f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{to}"/>' for at, (kind, to) in enumerate(entries)
        )
        return f'<Relationships xmlns="{RELATIONS}">{items}</Relationships>'

    body = "<w:body>" + listed(1, "甲") + "</w:body>"
    data = archive({
        "_rels/.rels": listing(("officeDocument", "/word/Document2.xml")),
        "word\\document2.xml": xml("document", body),
        "word/_rels/document2.xml.rels": listing(("numbering", "../lists/n.xml"), ("footnotes", "gone.xml")),
        "lists/n.xml": xml("numbering", abstract(0, lvl(0, "%1、")) + num(1, 0)),
    })  # fmt: skip
    assert texts(data) == ["1、甲"]


def test_strict_open_xml() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    document = xml(
        "document", "<w:body>" + listed(1, "甲") + tbl(tr(tc("乙", properties='<w:gridSpan w:val="2"/>'))) + "</w:body>"
    )
    numbering = xml("numbering", abstract(0, lvl(0, "%1、")) + num(1, 0))
    raw = read(archive({
        "word/document.xml": document.replace(NAMESPACES["w"], strict),
        "word/numbering.xml": numbering.replace(NAMESPACES["w"], strict),
    }), "a.docx")  # fmt: skip
    assert texts(raw) == ["1、甲", "[乙]"]
    assert grid(raw.blocks[1]) == [(0, 0, 1, 2, "乙")]


def test_utf16_parts_are_read() -> None:
    content = xml("document", f"<w:body>{p(r('正文'))}</w:body>").replace("UTF-8", "UTF-16").encode("utf-16")
    assert texts(archive({"word/document.xml": content})) == ["正文"]


def test_an_insertion_in_a_document_of_python_docx() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("前")
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>插入</w:t></w:r></w:ins>'))
    paragraph.add_run("后")
    assert paragraph._p.find(qn("w:ins")) is not None
    assert texts(saved(document)) == ["前插入后"]


@pytest.mark.parametrize("damaged", ["styles", "numbering"])
def test_damaged_side_parts_cost_only_what_they_say(damaged: str) -> None:
    data = archive({
        "word/document.xml": xml("document", "<w:body>" + p(r("正文")) + "</w:body>"),
        f"word/{damaged}.xml": "<w:not-closed",
    })  # fmt: skip
    assert texts(data) == ["正文"]
    assert codes(data) == ["part-unreadable"]


def ordinary() -> bytes:
    document = docx.Document()
    document.add_paragraph("正文" * 200)
    return saved(document)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"plain text", "not a .docx"),
        (ordinary()[:-2000], "damaged"),
        (ordinary()[:600], "damaged"),
        (archive({"content.xml": "<x/>"}), "no Word document"),
        (archive({"word/document.xml": "<w:document"}), "well-formed"),
        (archive({"word/document.xml": ""}), "well-formed"),
        (archive({"word/document.xml": "<x/>"}), "not a Word document"),
        (word(p("")), "no text"),
        (word(p("<w:r><w:drawing><a:blip/></w:drawing></w:r>")), "only pictures"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500, "old Word"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (word("<w:sdt>" * 300 + "</w:sdt>" * 300), "nests"),
        (word("<w:sdt>" * 210 + p(r("深")) + "</w:sdt>" * 210), "nests"),
        (word(p(r("甲"))).replace(b"word/document.xml", b"word/dokument.xml"), "no Word document"),
    ],
)  # fmt: skip
def test_broken_files_say_what_is_wrong(data: bytes, says: str) -> None:
    assert says in failure(data).problem


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(declared: str, encoding: str) -> None:
    reference = "&x;" if "ENTITY" in declared else ""
    content = xml("document", f"<w:body>{p(r(reference + '甲'))}</w:body>").replace("?>", f"?>{declared}", 1)
    data = archive({"word/document.xml": content.replace("UTF-8", encoding).encode(encoding)})
    assert "DOCTYPE" in failure(data).problem


def test_limits_of_size_ratio_and_members(monkeypatch: pytest.MonkeyPatch) -> None:
    data = word(p(r("甲" * 50_000)))
    monkeypatch.setattr(package, "RATIO_FREE_BYTES", 10_000)
    assert "suspicious size" in failure(data).problem
    monkeypatch.setattr(package, "MAX_PART_BYTES", 10_000)
    assert "too large" in failure(data).problem
    monkeypatch.setattr(package, "MAX_MEMBERS", 0)
    assert "more than 0 parts" in failure(data).problem


def test_a_part_that_lies_about_its_size_is_not_unpacked_beyond_it() -> None:
    data = bytearray(word(p(r("甲" * 5000))))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert failure(bytes(data)).problem


def test_encrypted_and_oddly_packed_members() -> None:
    locked = bytearray(word(p(r("甲"))))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    assert "password" in failure(bytes(locked)).problem
    assert "unusual" in failure(archive({"word/document.xml": xml("document", "")}, zipfile.ZIP_BZIP2)).problem


WHOLE = word(
    p(r("甲"), '<w:outlineLvl w:val="0"/>') + listed(1, "乙") + tbl(tr(tc("丙", properties=MERGE)), tr(tc(properties=MORE))),
    numbering=abstract(0, lvl(0, "%1.")) + num(1, 0),
)  # fmt: skip


@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=4), st.booleans())
@settings(max_examples=150, deadline=None)
def test_whatever_is_damaged_gives_blocks_or_a_plain_error(at: int, noise: bytes, cut: bool) -> None:
    data = WHOLE[:at] if cut else WHOLE[:at] + noise + WHOLE[at + len(noise) :]
    try:
        assert read(data, "a.docx").blocks
    except UnreadableDocument as error:
        assert error.advice


SNIPPETS = st.sampled_from([
    "<w:p>", "</w:p>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:r><w:t>字</w:t></w:r>", "<w:ins>", "</w:ins>",
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "<w:txbxContent>", "</w:txbxContent>",
    '<w:gridSpan w:val="-3"/>', '<w:tcPr><w:gridSpan w:val="x"/><w:vMerge/></w:tcPr>', '<w:r><w:sym w:char="zz"/></w:r>', "<w:r><w:br/></w:r>",
    "<mc:AlternateContent/>", "<w:sdt/>", '<w:r><w:footnoteReference/></w:r>', "<w:pPr><w:numPr/></w:pPr>",
])  # fmt: skip


@given(st.lists(SNIPPETS, max_size=25))
@settings(max_examples=150, deadline=None)
def test_markup_in_any_order_never_crashes(parts: list[str]) -> None:
    try:
        raw = read(word("".join(parts), numbering=abstract(0, lvl(0, "%1."))), "a.docx")
    except UnreadableDocument:
        return
    assert all(
        cell.rowspan >= 1 and cell.colspan >= 1 for b in raw.blocks if isinstance(b, RawTable) for cell in b.cells
    )

"""The OFD reader on small files written for the purpose; what stands on a page is what must come back."""

from __future__ import annotations

from pathlib import Path

import pytest
import reportlab
from hypothesis import given, settings
from hypothesis import strategies as st
from ofd_writer import LEFT, NAMESPACE, PITCH, Sheet, ofd, packed, parts
from reportlab.pdfbase.ttfonts import TTFontFile

import extractor
from extractor import ExtractorError, UnreadableDocument, UnsupportedFormat
from extractor.model import Document, Table
from extractor.readers import SUFFIXES, ofd_page, printed

PROSE = "全年接待到馆读者三十余万人次，外借图书十五万册次，举办各类阅读推广活动四百余场，参与读者五万人次。馆藏文献总量继续增长。"
VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def read(data: bytes) -> Document:
    return extractor.read(data, "a.ofd")


def line(text: str, **options: str) -> str:
    """What is read of one text object."""
    return read(ofd(Sheet().text(LEFT, 40, text, **options))).text


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def codes(document: Document) -> list[str]:
    return [diagnostic.code for diagnostic in document.diagnostics]


def problem(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.source == "a.ofd" and caught.value.advice
    return caught.value.problem


# --- text -----------------------------------------------------------------------------------------


def test_lines_are_joined_to_paragraphs_and_tables_have_their_cells() -> None:
    sheet = Sheet().paragraph(PROSE).paragraph("又一段，共12场。").table([["项目", "数量"], ["藏量", "13,271"], ["合计", ""]])
    document = read(ofd(sheet))
    assert document.text == f"{PROSE}\n又一段，共12场。\n项目\t数量\n藏量\t13,271\n合计\t"
    assert [table.rows for table in tables(document)] == [3]
    assert (document.source.reader, document.source.media_type, document.source.pages) == ("ofd", "application/ofd", 1)
    assert not document.diagnostics


def test_records_are_read_as_of_any_report() -> None:
    report = extractor.extract(read(ofd(Sheet().paragraph("某市图书馆2021年工作总结").paragraph("全年接待到馆读者30.9万余人次。"))))
    (figure,) = report.figures
    assert (report.organization, figure.raw, figure.value) == ("某市图书馆", "30.9万余人次", 309000)


def test_paragraphs_and_tables_go_on_over_pages() -> None:
    first, second = Sheet(), Sheet()
    first.y = 40
    while first.y < 260:
        first.text(LEFT, first.y, PROSE[:30])
        first.y += PITCH
    second.text(LEFT, 40, PROSE[30:40] + "。")
    document = read(ofd(first, second))
    assert document.text.endswith(PROSE[:30] + PROSE[30:40] + "。") and document.source.pages == 2


@pytest.mark.parametrize("delta", ["5 5 5 2.5 2.5 2.5", "g 3 5 g 3 2.5", "g 3 5 2.5 g 2 2.5", "g 3 5", "5", "", "g 99999999 5"])
def test_steps_may_be_repeated_short_or_left_out(delta: str) -> None:
    assert line("接待读者123", delta=delta) == "接待读者123"


@given(st.text(st.sampled_from("接待读者人次，。“”12345.%ab"), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_text_on_a_line_comes_back_as_it_is(text: str) -> None:
    assert line("甲" + text) == "甲" + text
    assert line("甲" + text, delta="") == "甲" + text


def test_a_gap_is_a_space_and_spaces_stay() -> None:
    assert line("读者人次", delta="5 15 5") == "读者 人次"
    assert line("读者 人次") == "读者 人次"
    assert line("读者\\0020人次", delta="5 5 2.5 5") == "读者 人次"


def test_latin_letters_of_any_width_are_one_word() -> None:
    res = '<ofd:Fonts><ofd:Font ID="2" FontName="Times New Roman"/></ofd:Fonts>'
    words = "Willowmere Library"
    steps = " ".join(str(5 * {"W": 0.94, "i": 0.28, "l": 0.28, "m": 0.78, "r": 0.33, " ": 0.25, "w": 0.72}.get(char, 0.5)) for char in words[:-1])
    sheet = Sheet().text(LEFT, 40, words, delta=steps)
    sheet.objects = [xml.replace('Font="1"', 'Font="2"') for xml in sheet.objects]
    assert read(packed(parts([sheet.xml()], resources=res))).text == words


def test_the_matrix_of_an_object_scales_and_moves_it() -> None:
    moved = (
        '<ofd:TextObject Boundary="30 35 60 5" CTM="0.5 0 0 0.5 -50 -50" Font="1" Size="10">'
        '<ofd:TextCode X="100" Y="110" DeltaX="10 10 10">接待读者</ofd:TextCode></ofd:TextObject>'
    )
    assert read(ofd(Sheet().raw(moved).text(LEFT + 20, 40, "三万人次"))).text == "接待读者三万人次"


def test_pages_set_sideways_are_read_upright() -> None:
    rows = [["项目", "数量"], ["藏量", "13271"]]
    upright = Sheet().paragraph(PROSE).table(rows)
    # Every object is written with a matrix that puts its place on the page a quarter turn against the clock.
    sheet = Sheet()
    for xml in upright.objects:
        x, y, *_ = (float(number) for number in xml.partition('Boundary="')[2].partition('"')[0].split())
        sheet.raw(xml.replace('Boundary="', f'CTM="0 -1 1 0 {y:g} {210 - x:g}" Boundary="0 0 210 297" Was="'))
    assert read(packed(parts([sheet.xml()]))).text == read(ofd(upright)).text
    assert len(tables(read(packed(parts([sheet.xml()]))))) == 1


def test_characters_turned_by_their_direction() -> None:
    xml = (
        '<ofd:TextObject Boundary="100 40 10 100" Font="1" Size="5" CharDirection="90">'
        '<ofd:TextCode X="0" Y="0" DeltaX="0 0 0" DeltaY="5 5 5">接待读者</ofd:TextCode></ofd:TextObject>'
    )
    assert read(ofd(Sheet().raw(xml))).text == "接待读者"


def test_slanted_text_is_a_watermark() -> None:
    mark = (
        '<ofd:TextObject Boundary="50 100 100 100" CTM="0.7 -0.7 0.7 0.7 0 50" Font="1" Size="20">'
        '<ofd:TextCode X="0" Y="20" DeltaX="20 20 20">内部资料</ofd:TextCode></ofd:TextObject>'
    )
    document = read(ofd(Sheet().raw(mark).paragraph(PROSE)))
    assert document.text == PROSE and codes(document) == ["watermark-set-aside"]


def test_several_text_codes_of_one_object_take_their_place_from_the_one_before() -> None:
    xml = (
        '<ofd:TextObject Boundary="30 40 100 20" Font="1" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="5">甲乙</ofd:TextCode>'
        '<ofd:TextCode X="10" DeltaX="5">丙丁</ofd:TextCode></ofd:TextObject>'
    )
    assert read(ofd(Sheet().raw(xml))).text == "甲乙丙丁"


def test_namespaces_are_of_no_account() -> None:
    members = {name: str(part).replace("ofd:", "").replace(NAMESPACE.replace("ofd:", ""), "") for name, part in parts([Sheet().paragraph(PROSE).xml()]).items()}
    assert read(packed(members)).text == PROSE


# --- glyphs -----------------------------------------------------------------------------------------

FONT = '<ofd:Fonts><ofd:Font ID="1" FontName="Vera"><ofd:FontFile>Vera.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>'


def glyphs_of(text: str) -> str:
    known = TTFontFile(str(VERA)).charToGlyph
    numbers = " ".join(str(known[ord(char)]) for char in text)
    return f'<ofd:CGTransform CodePosition="0" CodeCount="{len(text)}" GlyphCount="{len(text)}"><ofd:Glyphs>{numbers}</ofd:Glyphs></ofd:CGTransform>'


def with_font(sheet: Sheet, font: bytes) -> bytes:
    return packed(parts([sheet.xml()], resources=FONT) | {"Doc_0/Res/Vera.ttf": font})


@pytest.mark.parametrize("stands_for", ["¤¤¤¤¤¤", "\ue001\ue002\ue003\ue004\ue005\ue006"])
def test_a_glyph_without_a_code_is_the_character_of_its_font(stands_for: str) -> None:
    sheet = Sheet().text(LEFT, 25, stands_for, delta="", before=glyphs_of("13,271")).paragraph(PROSE)
    document = read(with_font(sheet, VERA.read_bytes()))
    assert document.text == f"13,271\n{PROSE}" and not document.diagnostics


def test_codes_that_mean_something_are_believed() -> None:
    sheet = Sheet().text(LEFT, 40, "13,271", before=glyphs_of("999999"))
    assert read(with_font(sheet, VERA.read_bytes())).text == "13,271"


def test_a_glyph_that_no_font_explains_is_told() -> None:
    sheet = Sheet().text(LEFT, 25, "¤¤", before=glyphs_of("13")).paragraph(PROSE)
    for font in (b"", b"no font", VERA.read_bytes()[:300]):
        document = read(with_font(sheet, font))
        assert document.text == f"��\n{PROSE}" and codes(document) == ["text-incomplete"]
        assert "第1页有2个字" in document.diagnostics[0].message


def test_a_page_of_such_glyphs_is_garbled() -> None:
    sheet = Sheet().text(LEFT, 40, "¤¤", before=glyphs_of("13"))
    assert codes(read(with_font(sheet, b""))) == ["text-garbled"]


def test_a_currency_sign_is_one_where_no_glyph_is_named() -> None:
    assert line("单位：¤") == "单位：¤"


def test_several_characters_as_one_glyph_and_one_as_several() -> None:
    one = '<ofd:CGTransform CodePosition="1" CodeCount="2" GlyphCount="1"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform>'
    assert line("甲fi乙", delta="5 5", before=one) == "甲fi乙"
    assert line("甲fi乙", delta="5 2.5 2.5", before=one) == "甲fi乙"
    several = '<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="2"><ofd:Glyphs>7 8</ofd:Glyphs></ofd:CGTransform>'
    assert line("甲乙", delta="0 5", before=several) == "甲乙"


def test_a_dash_of_two_ems_set_as_one_glyph_keeps_what_follows_in_its_place() -> None:
    assert line("主题——党史资料", delta="5 5 8.9 5 5 5") == "主题——党史资料"


# --- templates, layers, composite objects -----------------------------------------------------------


def templates(*locations: str) -> str:
    return "".join(f'<ofd:TemplatePage ID="{k}" BaseLoc="{location}"/>' for k, location in enumerate(locations))


def test_running_heads_of_a_template_are_set_aside() -> None:
    pages = [Sheet().paragraph(PROSE[k:]).xml('<ofd:Template TemplateID="0" ZOrder="Background"/>') for k in (0, 8, 17)]
    head = Sheet().text(LEFT, 20, "某市图书馆年度报告").xml()
    document = read(packed(parts(pages, templates("Tpls/T.xml")) | {"Doc_0/Tpls/T.xml": head}))
    assert document.text == "\n".join(PROSE[k:] for k in (0, 8, 17)) and codes(document) == ["furniture-set-aside"]


def test_the_lines_of_a_form_may_stand_in_its_template() -> None:
    form, filled = Sheet().table([["项目", "数量"], ["藏量", ""]]), Sheet().text(LEFT + 42, 57, "13271", 4.0)
    members = parts([filled.xml('<ofd:Template TemplateID="0"/>')], templates("/Doc_0/T.xml")) | {"Doc_0/T.xml": form.xml()}
    assert read(packed(members)).text == "项目\t数量\n藏量\t13271"


def test_templates_under_each_other_end_where_they_are_a_circle() -> None:
    under = {f"Doc_0/T{k}.xml": Sheet().text(LEFT, 60 + 20 * k, f"模板{k}。").xml(f'<ofd:Template TemplateID="{1 - k}"/><ofd:Template TemplateID="7"/>') for k in (0, 1)}
    document = read(packed(parts([Sheet().text(LEFT, 40, "正文。").xml('<ofd:Template TemplateID="0"/>')], templates("T0.xml", "T1.xml")) | under))
    assert document.text.split() == ["正文。", "模板0。", "模板1。"]


def unit(number: int, content: str) -> str:
    return f'<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="{number}"><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>'


def test_composite_objects_are_opened_where_they_stand() -> None:
    inside = unit(5, Sheet().text(0, 5, "三万人次").objects[0])
    sheet = Sheet().text(LEFT, 45, "接待").raw('<ofd:PageBlock><ofd:CompositeObject Boundary="40 40 40 10" ResourceID="5"/></ofd:PageBlock>')
    assert read(packed(parts([sheet.xml()], resources=inside))).text == "接待三万人次"


def test_a_composite_object_that_holds_itself_many_times_ends_in_a_message() -> None:
    inside = unit(5, '<ofd:CompositeObject Boundary="0 0 1 1" ResourceID="5"/>' * 60)
    sheet = Sheet().raw('<ofd:CompositeObject Boundary="40 40 40 10" ResourceID="5"/>')
    assert "more than" in problem(packed(parts([sheet.xml()], resources=inside)))


@pytest.mark.parametrize("attributes", ['Visible="false"', 'Alpha="0"', 'Fill="false"'])
def test_invisible_text_is_left_out_and_told(attributes: str) -> None:
    document = read(ofd(Sheet().paragraph(PROSE).text(LEFT, 200, "看不见", attributes=attributes)))
    assert document.text == PROSE and codes(document) == ["hidden-text"]


def test_an_invisible_layer_is_left_out_and_told() -> None:
    page = Sheet().text(LEFT, 40, "正文。").xml().replace("</ofd:Content>", f'<ofd:Layer Visible="false">{Sheet().text(LEFT, 80, "底稿").line(0, 0, 9, 9).objects[0]}</ofd:Layer></ofd:Content>')
    document = read(packed(parts([page])))
    assert document.text == "正文。" and codes(document) == ["hidden-text"]


def test_text_under_the_picture_of_a_page_is_its_text() -> None:
    sheet = Sheet().picture(0, 0, 210, 297).text(LEFT, 40, "扫描件的文字层", attributes='Alpha="0"')
    document = read(ofd(sheet))
    assert document.text == "扫描件的文字层" and not document.diagnostics


# --- the package --------------------------------------------------------------------------------------


def test_pages_come_in_the_order_of_the_document() -> None:
    members = parts([Sheet().text(LEFT, 40, f"第{k}段。").xml() for k in range(3)])
    listing = str(members["Doc_0/Document.xml"])
    for old, new in (("Page_0", "Page_X"), ("Page_2", "Page_0"), ("Page_X", "Page_2")):
        listing = listing.replace(old, new)
    assert read(packed(members | {"Doc_0/Document.xml": listing})).text.split() == ["第2段。", "第1段。", "第0段。"]


def test_several_documents_of_a_file_follow_each_other() -> None:
    members = parts([Sheet().text(LEFT, 40, "甲。").xml()])
    members |= {name.replace("Doc_0", "Doc_1"): str(part).replace("甲", "乙") for name, part in members.items() if name != "OFD.xml"}
    body = "<ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    assert read(packed(members | {"OFD.xml": str(members["OFD.xml"]).replace("</ofd:OFD>", body)})).text.split() == ["甲。", "乙。"]


def test_names_of_parts_are_compared_without_case() -> None:
    members = {name.replace("Doc_0", "DOC_0"): part for name, part in parts([Sheet().paragraph(PROSE).xml()]).items()}
    assert read(packed(members)).text == PROSE


def test_annotations_signatures_and_attachments_are_told() -> None:
    annotations = '<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:Attachments>Attachments.xml</ofd:Attachments>'
    members = parts([Sheet().paragraph(PROSE).xml()], beside=annotations, body="<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>") | {
        "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {NAMESPACE}><ofd:Page PageID="100"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
        "Doc_0/Annots/Page_0/Annotation.xml": (
            f'<ofd:PageAnnot {NAMESPACE}><ofd:Annot Type="Link" ID="1"/><ofd:Annot Type="Stamp" ID="2"><ofd:Appearance Boundary="0 0 100 100">'
            f'{Sheet().text(0, 40, "已阅").objects[0]}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>'
        ),
        "Doc_0/Attachments.xml": f'<ofd:Attachments {NAMESPACE}><ofd:Attachment ID="1" Name="表.xlsx"/></ofd:Attachments>',
        "Doc_0/Signs/Signatures.xml": f'<ofd:Signatures {NAMESPACE}><ofd:Signature ID="1" Type="Seal"/></ofd:Signatures>',
    }  # fmt: skip
    document = read(packed(members))
    assert document.text == PROSE and sorted(codes(document)) == ["annotation", "embedded-document", "signature"]
    assert all(diagnostic.message.endswith("(1)") for diagnostic in document.diagnostics)
    del members["Doc_0/Attachments.xml"]
    assert "part-unreadable" in codes(read(packed(members)))


def test_the_content_decides_and_folders_are_searched_for_ofd() -> None:
    assert extractor.read(ofd(Sheet().paragraph(PROSE)), "a.docx").source.reader == "ofd"
    assert ".ofd" in SUFFIXES
    with pytest.raises(UnsupportedFormat, match="zip archive"):
        extractor.read(packed({"a.xml": "<a/>"}), "a.zip")


# --- what is refused ------------------------------------------------------------------------------------


def test_an_encrypted_file_says_so() -> None:
    assert "password" in problem(packed(parts([Sheet().paragraph(PROSE).xml()]) | {"Encryptions.xml": "<Encryptions/>"}))


@pytest.mark.parametrize("page", ["<ofd:Page", "", "no xml", "<a>" * 300 + "</a>" * 300])
def test_a_damaged_page_is_told_and_the_others_are_read(page: str) -> None:
    good = Sheet().paragraph(PROSE).xml()
    if page.startswith("<a>"):
        assert "nests" in problem(packed(parts([good, page])))
        return
    document = read(packed(parts([good, page])))
    assert document.text == PROSE and codes(document) == ["page-unreadable"] and document.source.pages == 2
    assert "part" in problem(packed(parts([page])))


def test_a_missing_page_is_told_also_where_its_name_leads_out_of_the_file() -> None:
    members = parts([Sheet().paragraph(PROSE).xml(), ""])
    del members["Doc_0/Pages/Page_1/Content.xml"]
    outside = str(members["Doc_0/Document.xml"]).replace("Pages/Page_1/Content.xml", "../../../../../../etc/passwd")
    for listing in (str(members["Doc_0/Document.xml"]), outside):
        assert codes(read(packed(members | {"Doc_0/Document.xml": listing}))) == ["page-unreadable"]


def test_entities_and_document_types_are_refused() -> None:
    page = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + Sheet().text(LEFT, 40, "x").xml().replace(">x<", ">&b;<")
    assert "DOCTYPE" in problem(packed(parts([page])))


def test_a_page_that_unpacks_to_a_suspicious_size_is_refused() -> None:
    assert "suspicious" in problem(packed(parts([" " * 6_000_000 + Sheet().paragraph(PROSE).xml()])))


def test_pages_beyond_the_limit_are_refused() -> None:
    members = parts([Sheet().text(LEFT, 40, "一").xml()])
    page = '<ofd:Page ID="9" BaseLoc="Pages/Page_0/Content.xml"/>'
    listing = str(members["Doc_0/Document.xml"]).replace("</ofd:Pages>", page * printed.MAX_PAGES + "</ofd:Pages>")
    assert f"more than {printed.MAX_PAGES} pages" in problem(packed(members | {"Doc_0/Document.xml": listing}))


def test_a_page_with_too_many_characters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd_page, "MAX_CHARACTERS", 50)
    assert "more than 50 characters" in problem(ofd(Sheet().paragraph(PROSE)))


def test_a_page_of_too_many_lines_is_read_line_by_line() -> None:
    zigzag = "M 0 0 " + "L 1 1 L 0 0 " * (printed.MAX_SEGMENTS // 2 + 1)
    drawing = f'<ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>{zigzag}</ofd:AbbreviatedData></ofd:PathObject>'
    document = read(ofd(Sheet().paragraph(PROSE).raw(drawing)))
    assert document.text == PROSE and codes(document) == ["too-many-lines"]


@pytest.mark.usefixtures("without_recognition")
def test_a_file_without_text_says_what_it_is() -> None:
    with pytest.raises(UnreadableDocument, match=r"only images.*extractor\[ocr\]"):
        read(ofd(Sheet().picture(0, 0, 210, 297)))
    assert "hold no text" in problem(ofd(Sheet().line(0, 0, 50, 0)))
    assert "no pages" in problem(packed(parts([])))


def test_numbers_that_are_none_do_no_harm() -> None:
    wild = '<ofd:TextObject Boundary="nan inf 1e999 -5" CTM="1 0 0" Font="8" Size="x" HScale="nan"><ofd:TextCode X="1e300" Y="--" DeltaX="g g g -1 nan">甲乙丙</ofd:TextCode></ofd:TextObject>'
    path = '<ofd:PathObject Boundary="1"><ofd:AbbreviatedData>M L 5 A 1 2 C C B 1 Q x y z L inf nan</ofd:AbbreviatedData></ofd:PathObject>'
    document = read(ofd(Sheet().raw(wild).raw(path).raw("<ofd:PathObject/><ofd:ImageObject/><ofd:TextObject/>").paragraph(PROSE)))
    assert document.text.endswith(PROSE)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_page_is_read_or_refused(data: st.DataObject) -> None:
    page = Sheet().paragraph(PROSE).table([["甲", "乙"], ["1", "2"]]).xml('<ofd:Template TemplateID="0"/>')
    at = data.draw(st.integers(0, len(page)))
    length, other = data.draw(st.integers(0, 30)), data.draw(st.text(st.sampled_from('0123456789 <>/"=gMLC.-'), max_size=12))
    try:
        assert read(packed(parts([page[:at] + other + page[at + length :], page], templates("Pages/Page_0/Content.xml")))).text
    except ExtractorError as error:
        assert error.source == "a.ofd"

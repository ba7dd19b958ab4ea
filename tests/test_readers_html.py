"""Web pages: encodings, what a browser shows and hides, lists, tables, pages of the web, pages saved by Word, broken ones."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import UnreadableDocument
from extractor.model import Document, Paragraph, Table
from extractor.readers import html_body
from extractor.readers.html_tokens import Tokens


def page(body: str, head: str = "") -> Document:
    return extractor.read(f"<!DOCTYPE html><html><head><title>标题栏</title>{head}</head><body>{body}</body></html>".encode(), "a.html")


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

TEXT = "<p>某市图书馆2020年工作总结，接待3万人次。</p>"


@pytest.mark.parametrize(
    "data",
    [
        f"<html><meta charset=utf-8>{TEXT}".encode(),
        codecs.BOM_UTF8 + f"<html><meta charset=gbk>{TEXT}".encode(),
        f"<html><meta http-equiv=Content-Type content='text/html; charset=gb2312'>{TEXT}".encode("gb18030"),
        f"<html><META CONTENT=\"text/html; charset=GBK\" HTTP-EQUIV=Content-Type>{TEXT}".encode("gb18030"),
        f"<html><meta charset=big5>{TEXT}".replace("总结", "總結").replace("图书馆", "圖書館").replace("万", "萬").encode("big5"),
        f"<html>{TEXT}".encode(),
        f"<html>{TEXT}".encode("gb18030"),
        f"<html><meta charset=utf-8>{TEXT}".encode("gb18030"),
        f"<html><meta charset=iso-8859-1>{TEXT}".encode("gb18030"),
        f"<html><meta charset=zlib>{TEXT}".encode(),
        f"<html><meta charset=unicode>{TEXT}".encode("utf-16"),
        codecs.BOM_UTF16_BE + f"<html>{TEXT}".encode("utf-16-be"),
        f"<html>{TEXT}".encode("utf-16-le"),
        f"<?xml version='1.0' encoding='gb2312'?><html>{TEXT}</html>".encode("gb18030"),
    ],
)
def test_every_encoding_of_a_page_gives_the_same_text(data: bytes) -> None:
    document = extractor.read(data, "a.html")
    text = document.text.replace("圖書館", "图书馆").replace("總結", "总结").replace("萬", "万").replace("接待", "接待")
    assert text == "某市图书馆2020年工作总结，接待3万人次。" and document.source.reader == "html"
    assert not document.diagnostics


def test_half_a_character_is_told_and_costs_no_more_than_itself() -> None:
    document = extractor.read(b"<html><meta charset=gbk><p>" + "某市图书馆".encode("gbk")[:-1] + "</p><p>接待3万人次".encode("gbk"), "a.html")
    assert document.text.endswith("接待3万人次") and "�" in document.text
    assert "encoding-errors" in codes(document)


# --- text -----------------------------------------------------------------------------------------


def test_what_a_browser_does_not_show_is_left_out() -> None:
    document = page(
        "<!-- 注 --><p>甲<script>乙</script><style>丙{}</style><noscript>丁</noscript>戊</p><div style='display: none'>己</div>"
        "<p hidden>庚</p><template>辛</template><span style='visibility:hidden'>壬</span><p style='mso-hide:all'>癸</p><p>子<!-- 丑 -->寅</p>"
    )
    assert document.text == "甲戊\n子寅"
    assert codes(document) == {"hidden-text": "runs, rows or cells of hidden text were left out (4)"}


def test_white_space_is_a_browser_s_white_space() -> None:
    document = page("<p>\n  全年　接待  \n 读者&nbsp;&nbsp;3 万\n人次 and\nmore\u200b</p><pre>甲\n  乙</pre>")
    assert document.text == "全年　接待读者  3 万人次 and more\n甲\n乙"


def test_libreoffice_breaks_lines_at_spaces_only() -> None:
    assert page("<p>光辉百年\n书香传承</p>", '<meta name="generator" content="LibreOffice 7.4 (Linux)">').text == "光辉百年 书香传承"


def test_character_references() -> None:
    assert page("<p>&lt;一&gt; &amp; &#20108;&#x4e09; &hellip; &nosuch; &#99999999999; &copy 2020").text == "<一> & 二三 … &nosuch; &#99999999999; © 2020"


def test_a_line_break_parts_lines_in_text_but_not_in_headings_and_cells() -> None:
    document = page("<p>地址：甲路1号<br>电话：123</p><h2>一、<br>概况</h2><table border=1><tr><td>表彰<br>日期<td>a<br>b<tr><td>1<td>2</table>")
    assert paragraphs(document) == ["地址：甲路1号", "电话：123", "一、概况"]
    assert [cell[4] for cell in tables(document)[0]] == ["表彰日期", "a b", "1", "2"]


def test_headings_have_levels() -> None:
    document = page("<h1>总结</h1><h3>一、概况</h3><p class=MsoHeading7>小</p><p style='mso-outline-level:2'>二</p><p>文</p>")
    assert [block.level for block in document.blocks if isinstance(block, Paragraph)] == [1, 3, 7, 2, None]


@pytest.mark.parametrize(
    "source, expected",
    [
        ("<p>一<p>二", ["一", "二"]),
        ("<div>一<div>二</div>三</div>四", ["一", "二", "三", "四"]),
        ("<b><p>一</b>二</p>三", ["一二", "三"]),
        ("<font><p>一</font>二</p>三", ["一二", "三"]),
        ("一</p>二", ["一", "二"]),
        ("<p>一<span>二</i>三</span>", ["一二三"]),
        ("<h1>一</h2>二", ["一", "二"]),
        ("<dl><dt>一<dd>二<dt>三</dl>", ["一", "二", "三"]),
        ("一<hr>二", ["一", "二"]),
        ("<p>一<span style='display:block'>二</span>三", ["一", "二", "三"]),
        ("<P>一<B CLASS=x>二</b ></P >三", ["一二", "三"]),
        ("a < b <3 <关于总结>", ["a < b <3 <关于总结>"]),
        ("<p title='>'>一<p title=\">\" a=b/>二", ["一", "二"]),
        ("<![if !x]>一<![endif]><?php 二 ?>三", ["一三"]),
        ("<textarea>一<b>二</textarea>三", ["一<b>二", "三"]),
        ("<p>一<title>二<p>三", ["一", "三"]),
        ("年份<select><option>2020<option selected>2021</select>年", ["年份2021年"]),
        ("<p>馆舍<input value=4760>平方米<input type=hidden value=1><input type=submit value=提交>", ["馆舍4760平方米"]),
        ("<ruby>汉<rp>(</rp><rt>han</rt></ruby>字", ["汉字"]),
    ],
)
def test_tag_soup_is_read_as_browsers_read_it(source: str, expected: list[str]) -> None:
    assert paragraphs(page(source)) == expected


def test_buttons_and_choices_not_made_are_told() -> None:
    assert codes(page("文<button>提交</button><select><option>一</select>"))["form-control"].endswith("(2)")


def test_pictures_frames_and_objects_are_told() -> None:
    document = page("<p>文<img src=a><img src=b></p><iframe src=c>内</iframe><object>旧</object><video>旧</video><svg><text>图</text></svg>")
    assert document.text == "文"
    assert set(codes(document)) == {"picture", "embedded-document", "embedded-object"}


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, expected",
    [
        ("<ol><li>一<li>二</ol>", ["1. 一", "2. 二"]),
        ("<ol start=9><li>一</li><li value=20>二</li><li>三</li></ol>", ["9. 一", "20. 二", "21. 三"]),
        ("<ol type=a><li>一<ol type=I><li>甲<li>乙</ol><li>二</ol>", ["a. 一", "I. 甲", "II. 乙", "b. 二"]),
        ("<ol type=A start=26><li>一<li>二</ol>", ["Z. 一", "AA. 二"]),
        ("<ol style='list-style-type:cjk-ideographic'><li>一<li>二</ol>", ["一、一", "二、二"]),
        ("<ol style='list-style: decimal-leading-zero inside'><li>一</ol>", ["01. 一"]),
        ("<ol reversed start=2><li>一<li>二</ol>", ["2. 一", "1. 二"]),
        ("<ol style='list-style:none'><li>一</ol>", ["一"]),
        ("<ul><li>一<li>二</ul>", ["一", "二"]),
        ("<ol><li><p>一</p><p>二</p></li><li><br></li><li>三</ol>", ["1. 一", "二", "3. 三"]),
        ("<ol><li hidden>一<li>二</ol>", ["1. 二"]),
        ("<ol><li>一<ul><li>甲</ul><li>二</ol>", ["1. 一", "甲", "2. 二"]),
        ("<ol start=-1><li>一<li>二</ol>", ["-1. 一", "0. 二"]),
        ("<ol type=i start=999999999><li>一</ol>", ["999999999. 一"]),
        ("<li>一", ["一"]),
    ],
)
def test_numbers_of_lists_are_those_a_browser_prints(source: str, expected: list[str]) -> None:
    assert paragraphs(page(source)) == expected


def test_a_list_that_counts_down_from_its_length_says_that_its_numbers_are_missing() -> None:
    document = page("<ol reversed><li>一<li>二</ol>")
    assert paragraphs(document) == ["一", "二"] and "list-numbers" in codes(document)


# --- tables ---------------------------------------------------------------------------------------


def test_merged_cells_appear_once_at_their_place() -> None:
    document = page(
        "<table border=1><caption>表1</caption><tfoot><tr><td>合<td>计<td>1</tfoot><tr><th rowspan=2>项目<th colspan=2>数量<tr><td>册<td>件"
        "<tr><td>藏量<td>1<td rowspan=0>2<tr><td>a<td>b</table>"
    )
    assert paragraphs(document) == ["表1"]
    assert tables(document) == [
        [
            (0, 0, 2, 1, "项目"), (0, 1, 1, 2, "数量"), (1, 1, 1, 1, "册"), (1, 2, 1, 1, "件"), (2, 0, 1, 1, "藏量"), (2, 1, 1, 1, "1"),
            (2, 2, 2, 1, "2"), (3, 0, 1, 1, "a"), (3, 1, 1, 1, "b"), (4, 0, 1, 1, "合"), (4, 1, 1, 1, "计"), (4, 2, 1, 1, "1"),
        ]
    ]  # fmt: skip


def test_spans_that_say_more_than_the_table_has_are_cut() -> None:
    (table,) = tables(page("<table border=1><tr><td colspan=100>表头<tr><td>一<td rowspan=1000000>二<tr></tr><tr><td>三</table>"))
    assert table == [(0, 0, 1, 2, "表头"), (1, 0, 1, 1, "一"), (1, 1, 3, 1, "二"), (3, 0, 1, 1, "三")]


def test_cells_and_rows_without_end_tags_and_what_stands_between_them() -> None:
    document = page("<table border=1>前<form><tr><td>一</div><td>二</p><tr>中<td>三<th>四</form></table>后")
    assert paragraphs(document) == ["前", "中", "后"]
    assert [cell[4] for cell in tables(document)[0]] == ["一", "二", "三", "四"]


def test_a_table_inside_a_cell_follows_the_table() -> None:
    document = page("<table border=1><tr><td>外<table border=1><tr><td>内<td>2</table><td>旁<tr><td>3<td>4</table>")
    assert [[cell[4] for cell in table] for table in tables(document)] == [["外", "旁", "3", "4"], ["内", "2"]]


LAYOUTS = {
    "a table around a table": "<table><tr><td><a href=x>首页</a></td><td><h1>总结</h1><table border=1><tr><td>1<td>2<tr><td>3<td>4</table></td></tr></table>",
    "one column": "<table><tr><td>总结<tr><td><p>正文。<p>正文。</table>",
    "one cell": "<table><tr><td>总结<p>正文。<p>正文。</table>",
    "a role": "<table role=presentation border=1><tr><td>总结<td>正文。<tr><td>一<td>二</table>",
    "a cell with the whole page": "<table><tr><td>左<td>右<tr><td>总结<td>" + "<p>" + "全年接待读者。" * 40 + "<p>" + "再接再厉。" * 20 + "<p>完</table>",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_table_that_only_lays_out_is_no_table(name: str) -> None:
    document = page(LAYOUTS[name])
    assert "总结" in paragraphs(document)
    assert len(tables(document)) == (name == "a table around a table")


def test_a_table_without_lines_is_a_table_of_data_where_it_has_rows_and_columns() -> None:
    assert len(tables(page("<table><tr><td>藏量<td>1200册<tr><td>座席<td>300个</table>"))) == 1


def test_hidden_rows_and_cells_are_left_out() -> None:
    document = page("<table border=1><tr><td>一<td>二<tr style='display:none'><td>三<td>四<tr><td style='display:none'>五<td>六</table>")
    assert [(row, column, text) for row, column, _, _, text in tables(document)[0]] == [(0, 0, "一"), (0, 1, "二"), (1, 0, "六")]
    assert "hidden-text" in codes(document)


# --- pages of the web -----------------------------------------------------------------------------

ARTICLE = (
    "<h1>某市图书馆2021年工作总结</h1><p>2021年，某市图书馆在市文广旅局领导下，全年接待读者30.9万余人次，成绩可喜。</p>"
    "<table border=1><tr><td>序号<td>标题<tr><td>1<td><a href=x.html>开馆</a></table>"
    "<p>下一步，我馆将继续努力，做好各项工作；争取更大成绩。</p><p>某市图书馆<br>2021年12月30日</p><p><a href=b.xls>附件：基本情况表.xls</a></p>"
)
NEWS = "".join(f"<li><a href=/n{n}>关于第{n}批名单的公示</a> 2021-12-0{n}</li>" for n in range(1, 5))


def portal(article: str = ARTICLE) -> str:
    return (
        "<div class='top'><ul><li><a href=/>首页</a></li><li><a href=/1>政务公开</a></li><li><a href=/2>政民互动</a></li></ul></div>"
        "<div>当前位置：<a href=/>首页</a> &gt; <a href=/3>工作总结</a></div>"
        f"<div class='article-con'>{article}</div><div>【字体：大 中 小】 浏览次数：1234</div>"
        f"<div class='related'><ul>{NEWS}</ul></div>"
        "<div id='footer'><p>主办单位：某市图书馆 地址：人民路1号</p><p>豫ICP备05001234号 豫公网安备 41080202000001号</p></div>"
    )


@pytest.mark.parametrize("around", ["{}", "<table width=1000><tr><td>{}</td></tr></table>", "<table><tr><td>左栏<td>{}</table>", "<form><main>{}</main></form>"])
def test_what_stands_around_the_text_of_a_page_is_set_aside_and_told(around: str) -> None:
    document = page(around.format(portal()))
    wanted = page(ARTICLE)
    assert document.text.removeprefix("左栏\n") == wanted.text
    assert len(tables(document)) == len(tables(wanted)) == 1
    message = codes(document)["page-chrome"]
    assert "首页" in message and "(11 lines)" in message


def test_figures_of_the_page_s_own_frame_are_no_figures_of_the_report() -> None:
    raws = [figure.raw for figure in extractor.extract(page(portal())).figures]
    assert raws == ["30.9万余人次"]


@pytest.mark.parametrize(
    "body",
    [
        "<p><a href=1>链接一</a></p><p><a href=2>链接二</a></p><table border=1><tr><td><a href=3>a</a><td><a href=4>b</a><tr><td><a href=5>c</a><td><a href=6>d</a></table>",
        "<nav><p>全文都在导航里，标签没有结束。全年接待读者30万人次。</p><p>短</p>",
        "<div class=menu>" + ARTICLE + "</div>",
        ARTICLE,
    ],
)
def test_where_it_is_not_sure_everything_is_kept(body: str) -> None:
    assert "page-chrome" not in codes(page(body))


def test_links_between_prose_are_kept() -> None:
    document = page("<p>全年接待读者30万人次，比上年增长一成；活动影响很大。</p><p><a href=x>相关报道汇编</a></p><p>下一步将继续努力，做好各项工作。再上台阶，再创佳绩。</p>")
    assert "相关报道汇编" in document.text


@pytest.mark.parametrize("heading", ["<h2>媒体报道</h2>", "<p>四、媒体宣传</p>", "<p>报道如下：</p>"])
def test_links_that_the_report_announces_are_kept(heading: str) -> None:
    links = "".join(f"<p><a href={n}>《晚报》第{n}篇</a></p>" for n in range(3))
    assert page(f"{ARTICLE}{heading}{links}<p>相关链接</p><p><a href=x>其他</a></p>").text.endswith("《晚报》第2篇")


def test_a_table_of_contents_of_a_word_processor_is_kept() -> None:
    body = "<p><a href='x.htm#1'>一、概况 1</a></p><p><a href='x.htm#2'>二、大事记 2</a></p><p>全年接待读者30万人次，比上年增长一成；活动影响很大，成绩可喜。</p>"
    assert "大事记" not in page(body).text
    assert "大事记" in page(body, "<meta name=Generator content='Microsoft Word 15'>").text


def test_pages_without_text() -> None:
    for body, said in (("", "no text"), ("<script>app()</script><img src=a>", "script"), ("<frameset><frame src=a></frameset>", "frames")):
        with pytest.raises(UnreadableDocument, match=said):
            page(body)


# --- pages saved by word processors ---------------------------------------------------------------

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=ProgId content=Word.Document>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm;} --></style></head>
<body lang=ZH-CN><div class=Section1>
<h1><span style='font-family:黑体'>一、工作情况<span lang=EN-US><o:p></o:p></span></span></h1>
<p class=MsoListParagraph style='margin-left:42.0pt;text-indent:
-21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US><span
style='mso-list:Ignore'>75.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span
lang=EN-US>3</span>月<span lang=EN-US>5</span>日，举办
讲座<span lang=EN-US>1</span>场。<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a></p>
<p class=MsoNormal style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>（三）</span><![endif]>概况</p>
<p class=MsoNormal style='mso-list:l2 level1 lfo3'><![if !supportLists]><span style='font-family:Wingdings;mso-fareast-font-family:Wingdings'><span
style='mso-list:Ignore'>l<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span></span><![endif]>要点</p>
<p class=MsoNormal>甲<span style='mso-tab-count:1'>&nbsp;&nbsp;&nbsp;&nbsp; </span>乙<span style='font-family:Wingdings;mso-char-type:symbol;
mso-symbol-font-family:Wingdings'>&#254;</span>是<del cite="mailto:a" datetime="2021">删</del><ins cite="mailto:a">增</ins><span
style='display:none;mso-hide:all'>藏</span><a class=msocomanchor href="#_msocom_1">[A1]</a></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0><tr><td><p class=MsoNormal>序</p><p class=MsoNormal>号</p></td><td><p>名称</p></td></tr></table>
</div><div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a>
数据截至年底。</p></div></div><div style='mso-element:comment-list'><p>批注</p></div></body></html>"""


def test_a_page_saved_by_word_reads_as_the_document() -> None:
    document = extractor.read(WORD.encode("gb18030"), "总结.doc")
    assert document.source.reader == "html"
    assert paragraphs(document) == ["一、工作情况", "75. 3月5日，举办讲座1场。", "（三）概况", "要点", "甲 乙☑是增", "数据截至年底。"]
    assert [cell[4] for cell in tables(document)[0]] == ["序号", "名称"]
    assert set(codes(document)) == {"tracked-deletion", "hidden-text", "comment"}


def test_notes_and_running_heads_of_libreoffice() -> None:
    document = page(
        "<div title='header'><p>页眉</p></div><p>全年3万人次<a class=sdfootnoteanc name=sdfootnote1anc href='#sdfootnote1sym'><sup>1</sup></a>。</p>"
        "<div id=sdfootnote1><p><a class=sdfootnotesym name=sdfootnote1sym href='#sdfootnote1anc'>1</a>不含分馆。</p></div><div title='footer'><p>— 3 —</p></div>",
        "<meta name=generator content='LibreOffice 7.4'>",
    )
    assert document.text == "全年3万人次。\n不含分馆。"


# --- hostile and broken pages ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, said",
    [
        ("<div>" * 100_000 + "x", "open at once"),
        ("<table><tr><td>" * 1000 + "x", "tables inside each other"),
        ("<table border=1><tr>" + "<td rowspan=1000000 colspan=1000>a" * 1000 + "<tr><td>x" * 5000, "places"),
        ("<table border=1><tr>" + "<td>a" * 1000 + "<tr><td colspan=1000>b" * 4100, "places"),
    ],
    ids=["elements", "tables", "spans", "grid"],
)
def test_what_would_take_all_memory_is_refused(source: str, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said):
        page(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x", "<p a=\"" + "b" * 1_000_000 + "\">x", "<p a='" * 50_000 + "<p>x", "x" + "<" * 200_000,
        "x" + "<a" * 200_000, "x<!--" * 50_000, "x" + "&#" * 200_000, "x&#" + "9" * 5000 + ";", "<p>a" + " " * 500_000 + "b", "x<textarea>" * 5000,
        "<b>" * 9000 + "<li></li><p>" * 9000 + "x", "<div>" * 9000 + "</span>" * 100_000 + "x", "<x1></x1>" * 50_000 + "x", "<ol><li value=1>" * 5000 + "x",
    ],
)  # fmt: skip
def test_markup_that_is_costly_for_others_is_read_in_linear_time(source: str) -> None:
    """Each of them takes minutes in a reader that looks back over what it has read."""
    try:
        assert page(source).text
    except UnreadableDocument as error:
        assert "no text" in error.problem


def test_tags_without_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.readers.limits.MAX_MARKS", 100)
    with pytest.raises(UnreadableDocument, match="tags"):
        page("<b></b>" * 100)
    monkeypatch.setattr(html_body, "MAX_OPEN", 10)
    with pytest.raises(UnreadableDocument, match="open at once"):
        page("<b>" * 20)


@pytest.mark.parametrize("end", ["<p class=", "<!-- 未完", "<script>", "</p", "<p a='"])
def test_a_file_that_ends_inside_a_tag_is_told(end: str) -> None:
    document = extractor.read(f"<html><p>全年接待读者3万人次。</p>{end}".encode(), "a.html")
    assert document.text.startswith("全年接待读者3万人次。") and "cut-off" in codes(document)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<b a=1>", "</b>", "<table>", "<td>", "</table>", "<li>", "<ol>", "</ol>", "<tr>", "字", "x ", "<br>", "</div>", "<div>", "<h1>"])))
def test_no_text_is_lost_or_told_twice_whatever_the_tags(pieces: list[str]) -> None:
    source = "".join(pieces)
    expected = sorted("".join(token.value for token in Tokens(source) if token.kind == "text").replace(" ", ""))
    try:
        document = page(source)
    except UnreadableDocument:
        assert not expected
    else:
        found = [char for char in document.text if char in "字x"]
        assert sorted(found) == expected

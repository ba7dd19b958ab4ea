"""The PDF reader on small documents drawn for the purpose; what is drawn is what must come back."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import reportlab
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extractor.errors import UnreadableDocument
from extractor.readers import pdf, pdf_drawn, pdf_page, pdf_unseen, printed
from extractor.readers.blocks import Raw, RawParagraph, RawTable

WIDTH, HEIGHT = A4
LEFT, RIGHT, SIZE, PITCH = 72.0, WIDTH - 72.0, 12.0, 20.0
PROSE = (
    "全年接待到馆读者三十余万人次，外借图书十五万册次，举办各类阅读推广活动四百余场，参与读者五万人次。"
    "馆藏文献总量继续增长，新增图书、期刊、报纸和视听文献，数字资源访问量明显上升，服务点覆盖全部乡镇和街道。"
)
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
pdfmetrics.registerFont(TTFont("Vera", str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")))


class Sheet:
    """A canvas with a pen that moves down the page; heights are counted from the top."""

    def __init__(self, size: tuple[float, float] = A4, font: str = "STSong-Light", **options: object) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=size, **options)
        self.size, self.font, self.y = size, font, 72.0

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        self.canvas.setFont(self.font, size)
        self.canvas.drawString(x, self.size[1] - y, text)

    def paragraph(self, text: str, left: float = LEFT, right: float = RIGHT, indent: int = 2, size: float = SIZE) -> None:
        """Wraps like a word processor does: as many characters a line as fit, the first line indented."""
        x = left + indent * size
        while text:
            count = len(text)
            while pdfmetrics.stringWidth(text[:count], self.font, size) > right - x + 1e-6:
                count -= 1
            if text[count : count + 1] and text[count] in "，。、；：！？）”》":
                count -= 1  # what may not start a line takes the character before it along
            self.text(x, self.y, text[:count], size)
            text, x = text[count:], left
            self.y += PITCH

    def table(self, xs: Sequence[float], rows: Sequence[Sequence[str]], height: float = 24.0, *, borders: bool = True) -> None:
        top = self.y
        for row in rows:
            for x, text in zip(xs, row, strict=False):
                for number, line in enumerate(text.split("\n")):
                    self.text(x + 5, self.y + 14 + 13 * number, line, 10)
            self.y += height
        if borders:
            for k in range(len(rows) + 1):
                self.line(xs[0], top + k * height, xs[-1], top + k * height)
            for x in xs:
                self.line(x, top, x, self.y)
        self.y += 20

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.size[1] - y0, x1, self.size[1] - y1)

    def thin(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A ruling line the way some producers draw it: a thin filled rectangle."""
        self.canvas.rect(x0, self.size[1] - y1, max(x1 - x0, 0.5), max(y1 - y0, 0.5), stroke=0, fill=1)

    def next_page(self) -> None:
        self.canvas.showPage()
        self.y = 72.0

    def bytes(self) -> bytes:
        self.canvas.save()
        return self._buffer.getvalue()

    def read(self) -> Raw:
        return pdf.read(self.bytes(), "测试.pdf")


def paragraphs(raw: Raw) -> list[str]:
    return [block.text for block in raw.blocks if isinstance(block, RawParagraph)]


def tables(raw: Raw) -> list[list[list[str]]]:
    found = []
    for block in raw.blocks:
        if isinstance(block, RawTable):
            rows: dict[int, list[str]] = {}
            for cell in sorted(block.cells, key=lambda cell: (cell.row, cell.column)):
                rows.setdefault(cell.row, []).append(cell.text)
            found.append(list(rows.values()))
    return found


def codes(raw: Raw) -> list[str]:
    return [diagnostic.code for diagnostic in raw.diagnostics]


# --- paragraphs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("indent", [0, 2])
def test_wrapped_lines_become_paragraphs(indent: int) -> None:
    sheet = Sheet()
    sheet.text(200, 60, "某馆年度工作总结", 18)
    sheet.y = 110
    written = ["一、基本情况", PROSE, PROSE[:61], "二、主要成绩", PROSE[20:], PROSE[:30]]
    for text in written:
        sheet.paragraph(text, indent=indent)
        sheet.y += 0 if indent else 8
    assert paragraphs(sheet.read()) == ["某馆年度工作总结", *written]


def test_lines_of_an_embedded_latin_font_are_joined_with_spaces() -> None:
    sheet = Sheet(font="Vera")
    for line in ("The library lent more books than ever before and opened five new branches in", "the villages round the town."):
        sheet.text(LEFT, sheet.y, line, 11)
        sheet.y += PITCH
    assert paragraphs(sheet.read()) == [
        "The library lent more books than ever before and opened five new branches in the villages round the town."
    ]


def test_full_last_line_of_a_page_is_joined_with_the_next_page() -> None:
    sheet = Sheet()
    columns = int((RIGHT - LEFT) / SIZE)
    text = (PROSE * 3).replace("，", "的").replace("。", "了").replace("、", "和")
    sheet.paragraph(text[: 3 * columns - 2])
    sheet.next_page()
    sheet.paragraph(text[3 * columns - 2 : 5 * columns - 10], indent=0)
    sheet.paragraph("另起一段。")
    raw = sheet.read()
    assert paragraphs(raw) == [text[: 5 * columns - 10], "另起一段。"]
    assert [block.page for block in raw.blocks] == [1, 2]


def test_numbered_entries_stay_apart_and_keep_their_numbers() -> None:
    sheet = Sheet()
    entries = ["1月8日，召开全馆职工大会，部署新一年的任务。", "1月19日，" + PROSE[:70], "3月，举办讲座。"]
    for number, entry in enumerate(entries, 1):
        sheet.text(LEFT, sheet.y, f"{number}.")
        sheet.paragraph(entry, left=LEFT + 24, indent=0)
    assert paragraphs(sheet.read()) == [f"{number}. {entry}" for number, entry in enumerate(entries, 1)]


def test_a_number_on_a_line_of_its_own_is_its_own_paragraph() -> None:
    sheet = Sheet()
    for number, entry in enumerate(("1月8日，召开职工大会。", "2月6日，举办灯谜会。"), 1):
        sheet.paragraph(f"{number}.", indent=0)
        sheet.paragraph(entry, indent=0)
    assert paragraphs(sheet.read()) == ["1.", "1月8日，召开职工大会。", "2.", "2月6日，举办灯谜会。"]


def test_space_only_where_one_is_meant() -> None:
    sheet = Sheet()
    x = LEFT
    for piece, advance in (("接待读者", 48 + 3), ("2021", 24 + 3), ("人次", 24)):  # a quarter em around digits
        sheet.text(x, 72, piece)
        x += advance
    sheet.text(LEFT, 92, "光辉百年 书香传承")
    sheet.text(LEFT, 112, "Public library service")
    sheet.text(LEFT, 132, "填表人：张三")
    sheet.text(LEFT + 200, 132, "审核人：李四")
    assert paragraphs(sheet.read()) == ["接待读者2021人次", "光辉百年 书香传承", "Public library service", "填表人：张三 审核人：李四"]


def test_a_stretched_line_gets_no_spaces() -> None:
    sheet = Sheet()
    for number, char in enumerate("办公室电话：五三九三〇二二一"):
        sheet.text(LEFT + number * 19, 72, char)
    assert paragraphs(sheet.read()) == ["办公室电话：五三九三〇二二一"]


def test_text_printed_twice_for_bold_counts_once() -> None:
    sheet = Sheet()
    for shift in (0.0, 0.3):
        sheet.text(LEFT + shift, 72, "一、人员与设施")
    assert paragraphs(sheet.read()) == ["一、人员与设施"]


def test_two_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.text(200, 60, "工作简报要目汇编", 18)
    middle = WIDTH / 2
    sheet.y = 100
    sheet.paragraph(PROSE, right=middle - 12)
    sheet.paragraph(PROSE[10:], right=middle - 12)
    sheet.y = 100
    sheet.paragraph(PROSE[20:], left=middle + 12)
    sheet.paragraph(PROSE[30:], left=middle + 12)
    assert paragraphs(sheet.read()) == ["工作简报要目汇编", PROSE, PROSE[10:], PROSE[20:], PROSE[30:]]


# --- furniture ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["— {} —", "第{}页 共4页", "{}"])
def test_running_heads_and_page_numbers_are_set_aside_and_reported(number: str) -> None:
    sheet = Sheet()
    for page in range(1, 5):
        sheet.text(220, 40, "某市图书馆年度报告", 9)
        sheet.paragraph(f"第{'一二三四'[page - 1]}部分")
        sheet.paragraph(PROSE)
        sheet.text(290, HEIGHT - 40, number.format(page), 9)
        sheet.next_page()
    raw = sheet.read()
    assert paragraphs(raw) == [text for k in "一二三四" for text in (f"第{k}部分", PROSE)]
    assert codes(raw) == ["furniture-set-aside"]
    assert "某市图书馆年度报告" in raw.diagnostics[0].message and number.format(1) in raw.diagnostics[0].message


def test_a_first_line_that_all_pages_share_is_text_where_it_runs_on() -> None:
    sheet = Sheet()
    for _ in range(4):
        sheet.paragraph(PROSE)
        sheet.next_page()
    assert paragraphs(sheet.read()) == [PROSE] * 4


def test_first_lines_that_only_look_alike_stay() -> None:
    sheet = Sheet()
    years = ("2019", "2017", "2021")
    for year in years:
        sheet.paragraph(f"{year}年，全馆接待读者创新高。")
        sheet.paragraph(PROSE)
        sheet.next_page()
    assert paragraphs(sheet.read()) == [text for year in years for text in (f"{year}年，全馆接待读者创新高。", PROSE)]


# --- ruled tables -------------------------------------------------------------------------------

XS = (72.0, 130.0, 260.0, 380.0, 500.0)
HEADER = ["序号", "奖项名称", "颁奖单位", "时间"]
ROWS = [[str(k), f"第{k}项荣誉", "省文化厅", f"2021年{k}月"] for k in range(1, 9)]


@pytest.mark.parametrize("style", ["line", "thin"])
def test_ruled_table_with_merged_cells(style: str) -> None:
    sheet = Sheet()
    sheet.text(LEFT, 60, "基本情况表")
    draw: Callable[[float, float, float, float], None] = getattr(sheet, style)
    for y, x0 in ((80, 72), (110, 200), (140, 72), (170, 72)):
        draw(x0, y, 500, y)
    draw(72, 80, 72, 170)
    draw(200, 80, 200, 170)
    draw(350, 110, 350, 170)
    draw(500, 80, 500, 170)
    for x, y, text in ((80, 115, "项目"), (300, 100, "数量"), (210, 130, "本年"), (360, 130, "上年"), (80, 160, "总藏量"), (210, 160, "128,640"), (360, 160, "—")):
        sheet.text(x, y, text, 10)
    sheet.text(LEFT, 200, "填表说明")
    raw = sheet.read()
    assert paragraphs(raw) == ["基本情况表", "填表说明"]
    table = next(block for block in raw.blocks if isinstance(block, RawTable))
    assert [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in table.cells] == [
        (0, 0, 2, 1, "项目"), (0, 1, 1, 2, "数量"), (1, 1, 1, 1, "本年"), (1, 2, 1, 1, "上年"),
        (2, 0, 1, 1, "总藏量"), (2, 1, 1, 1, "128,640"), (2, 2, 1, 1, "—"),
    ]  # fmt: skip
    assert isinstance(raw.blocks[1], RawTable)


def test_lines_in_a_cell_are_joined() -> None:
    sheet = Sheet()
    sheet.table(XS, [HEADER, ["1", "全民阅读先进\n单位", "省文化和旅游\n厅", "2021年12月\n1日"]], 40)
    assert tables(sheet.read()) == [[HEADER, ["1", "全民阅读先进单位", "省文化和旅游厅", "2021年12月1日"]]]


@pytest.mark.parametrize(("right", "expected"), [(122.0, "2017-01-05"), (190.0, "2017-01-0 5")])
def test_a_number_too_wide_for_its_cell_is_whole(right: float, expected: str) -> None:
    """Only where no digit more had room on the line."""
    sheet = Sheet()
    sheet.table((72.0, right, 260.0), [["日期", "媒体"], ["2017-01-0\n5", "日报"]], 40)
    assert tables(sheet.read())[0][1] == [expected, "日报"]


def test_tight_columns_are_parted_at_their_line() -> None:
    sheet = Sheet()
    sheet.table((72.0, 105.0, 140.0), [["12345", "67"], ["甲", "乙"]])
    assert tables(sheet.read()) == [[["12345", "67"], ["甲", "乙"]]]


def test_table_open_at_its_sides() -> None:
    sheet = Sheet()
    for y in (72, 100, 128):
        sheet.line(72, y, 400, y)
    sheet.line(180, 72, 180, 128)
    sheet.line(290, 72, 290, 128)
    for y, row in ((90, "甲乙丙"), (118, "丁戊己")):
        for x, text in zip((80, 190, 300), row, strict=True):
            sheet.text(x, y, text)
    assert tables(sheet.read()) == [[["甲", "乙", "丙"], ["丁", "戊", "己"]]]


def test_a_frame_round_text_is_no_table() -> None:
    sheet = Sheet()
    sheet.canvas.rect(60, 60, WIDTH - 120, HEIGHT - 120)
    sheet.paragraph(PROSE)
    raw = sheet.read()
    assert (paragraphs(raw), tables(raw)) == ([PROSE], [])


def test_table_over_two_pages_is_joined_without_the_repeated_header() -> None:
    sheet = Sheet()
    sheet.text(LEFT, 60, "获奖情况")
    sheet.table(XS, [HEADER, *ROWS[:5]], 120)
    sheet.text(290, HEIGHT - 30, "— 1 —", 9)
    sheet.next_page()
    sheet.table(XS, [HEADER, *ROWS[5:]])
    sheet.text(290, HEIGHT - 30, "— 2 —", 9)
    raw = sheet.read()
    assert tables(raw) == [[HEADER, *ROWS]]
    assert "table-header-repeated" in codes(raw)
    table = next(block for block in raw.blocks if isinstance(block, RawTable))
    assert table.page == 1 and {cell.page for cell in table.cells if cell.row == 6} == {2}


def test_a_row_cut_by_the_page_break_is_mended() -> None:
    sheet = Sheet()
    cut = [*ROWS[:4], ["5", "全省公共图书馆业", "省文化厅", "2021年12月"]]
    sheet.table(XS, [HEADER, *cut], 120)
    sheet.next_page()
    sheet.table(XS, [HEADER, ["", "务竞赛团体二等奖", "", "1日"], *ROWS[5:]])
    raw = sheet.read()
    whole = ["5", "全省公共图书馆业务竞赛团体二等奖", "省文化厅", "2021年12月1日"]
    assert tables(raw) == [[HEADER, *ROWS[:4], whole, *ROWS[5:]]]
    assert "table-row-rejoined" in codes(raw)


def test_a_cut_row_whose_first_cell_goes_on_is_mended() -> None:
    sheet = Sheet()
    xs = (72.0, 172.0, 240.0, 320.0)
    first = [["指标", "代码", "数量"], *([f"第{k}项", str(k), str(k * k)] for k in range(1, 5))]
    sheet.table(xs, [*first, ["其中：少儿阅览室", "5", "96"]], 110)
    sheet.next_page()
    sheet.table(xs, [["座席数", "", ""], ["计算机", "6", "68"]])
    assert tables(sheet.read()) == [[*first, ["其中：少儿阅览室座席数", "5", "96"], ["计算机", "6", "68"]]]


def test_a_merged_cell_cut_by_the_page_break_is_one_again() -> None:
    sheet = Sheet()
    for page, texts in enumerate((("甲", "乙"), ("丙", "丁"))):
        top, end = (640, 760) if page == 0 else (72, 192)
        for x in (72, 172, 300):
            sheet.line(x, top, x, end)
        sheet.line(72, top, 300, top)
        sheet.line(72, end, 300, end)
        sheet.line(172, (top + end) / 2, 300, (top + end) / 2)
        for k, text in enumerate(texts):
            sheet.text(180, top + 20 + 60 * k, text)
        if page == 0:
            sheet.text(80, top + 40, "办理结果")
        sheet.next_page()
    table = next(block for block in sheet.read().blocks if isinstance(block, RawTable))
    assert [(c.row, c.column, c.rowspan, c.text) for c in table.cells] == [
        (0, 0, 4, "办理结果"), (0, 1, 1, "甲"), (1, 1, 1, "乙"), (2, 1, 1, "丙"), (3, 1, 1, "丁"),
    ]  # fmt: skip


def test_rows_with_an_empty_first_cell_are_not_taken_for_a_cut_row() -> None:
    sheet = Sheet()
    first = [["一", "图书", "册", "100"], ["", "期刊", "册", "20"]]
    second = [["", "报纸", "份", "30"], ["二", "光盘", "张", "4"]]
    sheet.table(XS, [HEADER, *first], 240)
    sheet.next_page()
    sheet.table(XS, second)
    assert tables(sheet.read()) == [[HEADER, *first, *second]]


def test_tables_under_their_own_headings_stay_apart() -> None:
    sheet = Sheet()
    sheet.table(XS, [HEADER, *ROWS[:5]], 120)
    sheet.next_page()
    sheet.paragraph("媒体报道情况", indent=0)
    sheet.table(XS, [["序号", "标题", "媒体", "日期"], *ROWS[5:]])
    assert [len(table) for table in tables(sheet.read())] == [6, 4]


# --- tables without a lattice -------------------------------------------------------------------

FIGURES = [["指标", "单位", "数量"], ["总藏量", "册", "128,640"], ["阅览座席", "个", "362"], ["总流通人次", "人次", "163,000"]]


def _set_in_columns(sheet: Sheet, rows: list[list[str]], top: float = 100.0) -> None:
    for number, row in enumerate(rows):
        for x, text in zip((LEFT, 250.0, 400.0), row, strict=True):
            if text:
                sheet.text(x, top + number * PITCH, text)


def test_three_line_table() -> None:
    sheet = Sheet()
    sheet.text(LEFT, 72, "主要业务数据")
    for y in (84, 106, 168):
        sheet.line(LEFT, y, 480, y)
    _set_in_columns(sheet, FIGURES)
    sheet.y = 200
    sheet.paragraph(PROSE)
    raw = sheet.read()
    assert tables(raw) == [FIGURES]
    assert paragraphs(raw) == ["主要业务数据", PROSE]
    assert isinstance(raw.blocks[1], RawTable)


def test_borderless_table() -> None:
    sheet = Sheet()
    sheet.paragraph("主要业务数据如下：")
    _set_in_columns(sheet, FIGURES, 110)
    sheet.y = 220
    sheet.paragraph(PROSE)
    raw = sheet.read()
    assert tables(raw) == [FIGURES]
    assert paragraphs(raw) == ["主要业务数据如下：", PROSE]


def test_two_aligned_rows_stay_text() -> None:
    sheet = Sheet()
    _set_in_columns(sheet, FIGURES[:2])
    raw = sheet.read()
    assert tables(raw) == []
    assert paragraphs(raw) == [" ".join(row) for row in FIGURES[:2]]


def test_rows_ruled_without_columns_go_on_over_the_page() -> None:
    sheet = Sheet()
    rows = [["指标", "单位", "数量"], *([f"第{k}项业务", "册", f"{k},120"] for k in range(1, 9))]
    for page, part in enumerate((rows[:5], rows[5:])):
        top = 660.0 if page == 0 else 72.0
        for k in range(len(part) + 1):
            sheet.line(LEFT, top + PITCH * k, 480, top + PITCH * k)
        _set_in_columns(sheet, part, top + 14)
        sheet.next_page()
    assert tables(sheet.read()) == [rows]


def test_rules_under_running_heads_make_no_table() -> None:
    sheet = Sheet()
    sheet.text(LEFT, 50, "工作简报")
    for y in (60, HEIGHT - 60):
        sheet.line(LEFT, y, RIGHT, y)
    sheet.y = 90
    sheet.paragraph(PROSE)
    for left, right in (("馆长：张三", "电话：一二三"), ("副馆长：李四", "电话：四五六"), ("书记：王五", "传真：七八九")):
        sheet.text(LEFT, sheet.y, left)
        sheet.text(LEFT + 230, sheet.y, right)
        sheet.y += PITCH
        sheet.paragraph(PROSE)
    raw = sheet.read()
    assert tables(raw) == []
    assert [text for text in paragraphs(raw) if text == PROSE] == [PROSE] * 4


@pytest.mark.parametrize("ends", [("3", "7", "12", "15"), ("举办讲座", "举办展览", "接待读者", "送书下乡")])
def test_contents_and_numbered_lists_are_no_tables(ends: tuple[str, ...]) -> None:
    sheet = Sheet()
    contents = ends[0].isdecimal()
    for number, end in enumerate(ends, 1):
        sheet.text(LEFT, sheet.y, f"第{number}部分工作" if contents else f"{number}.")
        sheet.text(400 if contents else LEFT + 40, sheet.y, end)
        sheet.y += PITCH
    raw = sheet.read()
    assert tables(raw) == []
    assert [text.rsplit(" ", 1)[1] for text in paragraphs(raw)] == list(ends)


# --- pages --------------------------------------------------------------------------------------


def _turned(rotation: int) -> Sheet:
    """A sheet whose text is upright as displayed, on a page that is turned by `rotation`."""
    width, height = landscape(A4)
    sheet = Sheet((width, height))  # reportlab turns the sheet itself along
    canvas = sheet.canvas
    canvas.setPageRotation(rotation)
    if rotation == 90:
        canvas.translate(height, 0)
    elif rotation == 180:
        canvas.translate(width, height)
    elif rotation == 270:
        canvas.translate(0, width)
    canvas.rotate(rotation)
    sheet.paragraph(PROSE, right=width - 72)
    sheet.table(XS, [HEADER, *ROWS[:3]])
    return sheet


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotated_pages_read_like_upright_ones(rotation: int) -> None:
    raw = _turned(rotation).read()
    assert paragraphs(raw) == [PROSE]
    assert tables(raw) == [[HEADER, *ROWS[:3]]]


def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine whose fonts lack every character: pdfium passes over all text."""

    def read_page(document: object, index: int, glyphs: Sequence[printed.Glyph] = ()) -> pdf_page.PageContent:
        content = pdf_page.read_page(document, index, glyphs)
        return content if glyphs else replace(content, chars=[], slanted="", unseen=True)

    monkeypatch.setattr(pdf, "read_page", read_page)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_text_that_pdfium_passes_over_is_read_from_the_file_alone(rotation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _blind(monkeypatch)
    raw = _turned(rotation).read()
    assert paragraphs(raw) == [PROSE]
    assert tables(raw) == [[HEADER, *ROWS[:3]]]
    assert codes(raw) == []


@pytest.mark.parametrize("box", [b"/MediaBox [ 0 0 595=", b"/MediaBox [ 0 0 /X5."])
def test_a_page_that_the_second_reader_cannot_follow_does_no_harm(box: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_page(document: object, index: int) -> pdf_page.PageContent:
        return replace(pdf_page.read_page(document, index), unseen=True)

    monkeypatch.setattr(pdf, "read_page", read_page)
    sheet = Sheet()
    sheet.paragraph(PROSE)
    whole = sheet.bytes()
    bent = whole.replace(b"/MediaBox [ 0 0 595.", box)
    assert bent != whole
    assert paragraphs(pdf.read(bent, "x.pdf")) == [PROSE]


def test_text_that_nobody_can_read_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet(font="Vera")
    sheet.text(LEFT, 72, "legible")
    sheet.next_page()
    sheet.text(LEFT, 72, "lost")
    data = sheet.bytes()

    def read_page(document: object, index: int) -> pdf_page.PageContent:
        return replace(pdf_page.read_page(document, index), unseen=index == 1)

    monkeypatch.setattr(pdf, "read_page", read_page)
    monkeypatch.setattr(pdf_unseen.Unseen, "_glyphs", lambda self, index: 1 // 0)
    raw = pdf.read(data, "x.pdf")
    assert paragraphs(raw) == ["legible", "lost"]
    assert [d.message[:3] for d in raw.diagnostics if d.code == "text-incomplete"] == ["第2页"]


def test_lone_characters_count_on_machines_without_their_font() -> None:
    sheet = Sheet()
    sheet.table((72.0, 105.0, 140.0), [["册", "个"], ["甲", "乙"]])
    assert tables(sheet.read()) == [[["册", "个"], ["甲", "乙"]]]


def _picture() -> ImageReader:
    from PIL import Image

    return ImageReader(Image.new("RGB", (60, 80), (200, 220, 240)))


def test_pages_without_text_among_others_are_named() -> None:
    sheet = Sheet()
    sheet.paragraph(PROSE)
    for _ in range(2):
        sheet.next_page()
        sheet.canvas.drawImage(_picture(), 0, 0, WIDTH, HEIGHT)
    sheet.next_page()
    sheet.paragraph(PROSE[30:])
    raw = sheet.read()
    assert paragraphs(raw) == [PROSE, PROSE[30:]]
    warning = next(diagnostic for diagnostic in raw.diagnostics if diagnostic.code == "page-without-text")
    assert warning.level == "warning" and "2–3" in warning.message
    assert raw.pages == 4


def test_a_slanted_watermark_is_set_aside_and_reported() -> None:
    sheet = Sheet()
    sheet.paragraph(PROSE)
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(150, HEIGHT - 200)
    canvas.rotate(45)
    canvas.setFont(sheet.font, 40)
    canvas.drawString(0, 0, "内部资料")
    canvas.restoreState()
    raw = sheet.read()
    assert paragraphs(raw) == [PROSE]
    assert [d.message.count("内部资料") for d in raw.diagnostics if d.code == "watermark-set-aside"] == [1]


def test_fonts_without_meaning_are_reported() -> None:
    sheet = Sheet(font="Vera", pageCompression=0)
    sheet.text(LEFT, 72, "legible")
    data = sheet.bytes()
    assert codes(pdf.read(data, "x.pdf")) == []
    for letter in b"legi":
        data = data.replace(b"<%04X>" % letter, b"<E0%02X>" % letter)
    raw = pdf.read(data, "x.pdf")
    assert codes(raw) == ["text-garbled"]
    assert paragraphs(raw)[0].endswith("b\ue06c\ue065")


# --- what cannot be read ------------------------------------------------------------------------


def _plain() -> bytes:
    sheet = Sheet()
    sheet.paragraph(PROSE)
    return sheet.bytes()


def _scan() -> bytes:
    sheet = Sheet()
    sheet.canvas.drawImage(_picture(), 0, 0, WIDTH, HEIGHT)
    return sheet.bytes()


def _locked() -> bytes:
    sheet = Sheet(encrypt=StandardEncryption("geheim", ownerPassword="eigner"))
    sheet.paragraph(PROSE)
    return sheet.bytes()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "cut off"),
        (_plain()[:-400], "cut off"),
        (_plain()[: len(_plain()) // 2], "cut off"),
        (b"%PDF-1.7\nnothing of the kind\nstartxref\n0\n%%EOF\n", "damaged"),
        (_locked(), "password"),
        (_scan(), "only images"),
    ],
)
def test_unreadable_files_are_refused_with_a_reason(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        pdf.read(data, "bericht.pdf")
    assert words in caught.value.problem
    assert caught.value.source == "bericht.pdf" and caught.value.advice


def test_a_file_with_only_an_owner_password_is_read() -> None:
    sheet = Sheet(encrypt=StandardEncryption("", ownerPassword="eigner"))
    sheet.paragraph(PROSE)
    assert paragraphs(sheet.read()) == [PROSE]


def test_the_page_number_of_a_single_page_is_set_aside() -> None:
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.text(290, HEIGHT - 40, "— 1 —", 9)
    assert paragraphs(sheet.read()) == [PROSE]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    for _ in range(3):
        sheet.paragraph(PROSE)
        sheet.next_page()
    data = sheet.bytes()
    for limit in ("MAX_PAGES", "MAX_DOCUMENT_CHARACTERS"):
        with monkeypatch.context() as patch:
            patch.setattr(pdf, limit, 2)
            with pytest.raises(UnreadableDocument):
                pdf.read(data, "gross.pdf")


def test_a_page_that_is_a_drawing_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.table(XS, [HEADER, *ROWS])
    monkeypatch.setattr(pdf_drawn, "MAX_SEGMENTS", 10)
    raw = sheet.read()
    assert codes(raw) == ["too-many-lines"]
    assert "第8项荣誉" in "".join(paragraphs(raw)) + str(tables(raw))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_damaged_bytes_never_raise_anything_else(at: int, noise: bytes) -> None:
    data = bytearray(_DAMAGE)
    at %= len(data)
    data[at : at + len(noise)] = noise
    try:
        pdf.read(bytes(data), "defekt.pdf")
    except UnreadableDocument as error:
        assert error.advice


_DAMAGE = _plain()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.text("馆藏图书册人次1290,.—", max_size=6), min_size=3, max_size=3), min_size=2, max_size=6)
    .filter(lambda rows: any(cell for row in rows for cell in row))
)  # fmt: skip
def test_every_cell_of_a_ruled_table_comes_back(rows: list[list[str]]) -> None:
    sheet = Sheet()
    sheet.table((72.0, 200.0, 330.0, 460.0), rows)
    assert tables(sheet.read()) == [rows]


# --- against a second reader --------------------------------------------------------------------


def _report() -> bytes:
    sheet = Sheet()
    for page in range(1, 5):
        for _ in range(5):
            sheet.paragraph(PROSE)
        sheet.table(XS, [HEADER, *ROWS])
        sheet.text(290, HEIGHT - 40, f"— {page} —", 9)
        sheet.next_page()
    return sheet.bytes()


def test_same_characters_and_cells_as_pdfplumber() -> None:
    import pdfplumber

    data = _report()
    raw = pdf.read(data, "bericht.pdf")
    with pdfplumber.open(io.BytesIO(data)) as opened:
        texts = [page.extract_text() for page in opened.pages]
        cells = [table for page in opened.pages for table in page.extract_tables()]
    assert tables(raw) == cells
    ours = Counter("".join([*paragraphs(raw), *(cell for table in tables(raw) for row in table for cell in row)]))
    theirs = Counter("".join("".join(texts).split()))
    assert theirs - ours == Counter("—1——2——3——4—") and not ours - theirs

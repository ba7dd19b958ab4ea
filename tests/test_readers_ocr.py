"""Scanned pages and images. What is drawn must come back, by a recogniser that knows the words (see ocr_pictures), and
once by the real one."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import extractor
from extractor.errors import ExtractorError, UnreadableDocument, UnsupportedFormat
from extractor.readers import ocr_engine
from extractor.readers.blocks import Raw, RawParagraph, RawTable
from extractor.readers.ocr_chars import characters
from extractor.readers.ocr_engine import Box, Reading
from extractor.readers.ocr_lines import cut
from extractor.readers.ocr_rules import ink

pytest.importorskip("rapidocr", reason="needs the extra `ocr`")
pytest.importorskip("cv2", reason="needs the extra `ocr`")

import cv2
import numpy as np
import PIL.Image
import pypdfium2
from ocr_pictures import DOT, Picture, Words
from ofd_writer import Sheet, packed, parts

from extractor.readers import ocr, ofd, pdf, pdf_scans
from extractor.readers.ocr_upright import skew, straightened, turned

ROOT = Path(__file__).resolve().parent.parent
TEXT = (
    "全年接待到馆读者三十余万人次外借图书十五万册次举办各类阅读推广活动四百余场参与读者五万人次馆藏文献总量继续增长"
    "新增图书期刊报纸和视听文献数字资源访问量明显上升服务点覆盖全部乡镇和街道"
)
PROSE = [TEXT[:34], TEXT[34:70], TEXT[70:]]
"""Wrapped at 36 characters, the first line indented by two."""
XS = [80.0, 240.0, 300.0, 380.0, 480.0]
FORM = [
    ["项目名称", "代码", "单位", "指标"],
    ["总藏量", "16", "册", "183,642"],
    ["图书", "17", "册", "151,020"],
    ["举办活动", "—", "—", "—"],
    ["参加人次", "39", "人次", "550"],
    ["分馆数量", "92", "个", "7"],
]


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Words:
    known = Words()
    monkeypatch.setattr(ocr_engine, "engine", lambda: known)
    return known


def paragraphs(raw: Raw) -> list[str]:
    return [block.text for block in raw.blocks if isinstance(block, RawParagraph)]


def rows(raw: Raw) -> list[list[list[str]]]:
    found = []
    for block in raw.blocks:
        if isinstance(block, RawTable):
            table: dict[int, list[str]] = {}
            for cell in sorted(block.cells, key=lambda cell: (cell.row, cell.column)):
                table.setdefault(cell.row, []).append(cell.text)
            found.append(list(table.values()))
    return found


def codes(raw: Raw | extractor.Report) -> list[str]:
    return [diagnostic.code for diagnostic in raw.diagnostics]


def prose(words: Words) -> Picture:
    picture = Picture(words)
    picture.text(80 + 24, 100, PROSE[0])
    picture.lines(80, 120, PROSE[1:])
    return picture


def form(words: Words) -> Picture:
    picture = Picture(words)
    picture.table(XS, 120, FORM)
    return picture


def scanned(*pages: Picture | str) -> bytes:
    """A PDF of pictures, and of pages with the given text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for page in pages:
        if isinstance(page, str):
            canvas.setFont("Helvetica", 12)
            canvas.drawString(80, 742, page)
        else:
            canvas.drawImage(ImageReader(PIL.Image.fromarray(page.image)), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def frames(*pages: Picture) -> bytes:
    buffer = io.BytesIO()
    first, *rest = (PIL.Image.fromarray(page.image) for page in pages)
    first.save(buffer, "TIFF", save_all=True, append_images=rest)
    return buffer.getvalue()


# --- pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [0.0, 0.4, -1.3, 4.0])
def test_lines_become_paragraphs_however_the_page_lies(words: Words, degrees: float) -> None:
    raw = ocr.read(prose(words).askew(degrees).encoded(), "扫描.png")
    assert paragraphs(raw) == [TEXT]


@pytest.mark.parametrize("degrees", [0.0, -0.8, 2.0])
def test_ruled_cells_become_a_table(words: Words, degrees: float) -> None:
    assert rows(ocr.read(form(words).askew(degrees).encoded(), "扫描.png")) == [FORM]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_pages_on_their_side_or_head_are_turned(words: Words, quarters: int) -> None:
    picture = Picture(words)
    table = [["项目", "指标"], ["总藏量", "183,642"], ["", "151,020"]]  # only its lines show that the last row is one
    picture.table([80.0, 240.0, 400.0], 120, table)
    assert rows(ocr.read(picture.askew(0.6).turned(quarters).encoded(), "扫描.png")) == [table]


def test_dirt_is_neither_text_nor_line(words: Words) -> None:
    picture = form(words)
    picture.text(80, 700, PROSE[2])
    raw = ocr.read(picture.dirty().encoded(), "扫描.png")
    assert rows(raw) == [FORM] and paragraphs(raw) == [PROSE[2]]


def test_what_the_recogniser_passes_over_in_a_cell_is_shown_to_it_again(words: Words) -> None:
    words.passed_over = {"7", "39"}
    assert rows(ocr.read(form(words).encoded(), "扫描.png")) == [FORM]


def test_cells_that_it_takes_for_one_line_are_cut_at_the_ruling_line(words: Words) -> None:
    class Hasty(Words):
        def find(self, image: ocr_engine.Image) -> list[ocr_engine.Box]:
            found = super().find(image)
            row = [box for box in found if abs(box.y0 - found[8].y0) < 12]
            whole = ocr_engine.Box(min(b.x0 for b in row), min(b.y0 for b in row), max(b.x1 for b in row), max(b.y1 for b in row))
            return [box for box in found if box not in row] + [whole]

    hasty = Hasty()
    ocr_engine.engine = lambda: hasty  # type: ignore[assignment]  # the fixture puts it back
    assert rows(ocr.read(form(hasty).encoded(), "扫描.png")) == [FORM]


def test_an_edge_as_long_as_a_hundred_lines_are_high_is_not_read(words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[float] = []
    read = words.read

    def watched(lines: list[ocr_engine.Image]) -> list[Reading]:
        shown.extend(line.shape[1] / line.shape[0] for line in lines)
        return read(lines)

    monkeypatch.setattr(words, "read", watched)
    picture = prose(words)
    picture.image[round(700 * DOT) : round(704 * DOT), round(40 * DOT) : round(550 * DOT)] = words.grey("边")
    assert paragraphs(ocr.read(picture.encoded(), "扫描.png")) == [TEXT]
    assert shown and max(shown) < 60


def test_words_set_apart_stay_apart(words: Words) -> None:
    picture = Picture(words)
    picture.text(100, 100, "处处读书", 14)
    picture.text(100 + 4.6 * 14, 100, "满城书香", 14)
    assert paragraphs(ocr.read(picture.encoded(), "扫描.png")) == ["处处读书 满城书香"]


# --- what cannot be told by shape ---------------------------------------------------------------


def test_a_stroke_in_a_column_of_numbers_is_a_dash_and_is_told(words: Words) -> None:
    words.misread = {"—": "一"}
    document = extractor.read(form(words).encoded(), "扫描.png")
    assert "举办活动\t—\t—\t—" in document.text and "一" not in document.text
    mended = [d for d in document.diagnostics if d.code == "ocr-mended"]
    assert [document.text[d.start : d.end] for d in mended] == ["—"] * 3
    assert all("“一”" in d.message and "请核对原件" in d.message for d in mended)


def test_ink_without_height_is_no_digit(words: Words) -> None:
    words.misread = {"—": "1"}
    document = extractor.read(form(words).encoded(), "扫描.png")
    assert "举办活动\t—\t—\t—" in document.text


def test_a_stroke_in_a_column_that_counts_is_the_numeral(words: Words) -> None:
    picture = Picture(words)
    table = [["序号", "名称", "数量"], ["一", "总藏量", "18"], ["二", "图书", "15"], ["三", "报刊", "3"], ["四", "其他", "—"]]
    picture.table([80.0, 140.0, 300.0, 400.0], 120, table)
    words.misread = {"—": "一"}
    assert rows(ocr.read(picture.encoded(), "扫描.png")) == [table]


@pytest.mark.parametrize(("seen", "meant"), [("l83,642", "183,642"), ("15O", "150"), ("2O.5", "20.5"), ("I83", "183"), ("O", "O"), ("约150", "约150"), ("B3", "B3"), ("183.642", "183,642"), ("1.183,642", "1,183,642"), ("18.36", "18.36"), ("183,642.", "183,642")])
def test_letters_within_a_number_are_the_digits_they_look_like(words: Words, seen: str, meant: str) -> None:
    table = [row[:] for row in FORM]
    table[1][3] = seen
    picture = Picture(words)
    picture.table(XS, 120, table)
    assert rows(ocr.read(picture.encoded(), "扫描.png"))[0][1][3] == meant


def test_letters_outside_columns_of_numbers_stay(words: Words) -> None:
    table = [row[:] for row in FORM]
    table[1][0] = "O2O"
    picture = Picture(words)
    picture.table(XS, 120, table)
    assert rows(ocr.read(picture.encoded(), "扫描.png"))[0][1][0] == "O2O"


def test_digits_that_are_not_certain_are_told_with_their_place(words: Words) -> None:
    words.sure = {"151,020": 0.6, "图书": 0.6}
    document = extractor.read(form(words).encoded(), "扫描.png")
    unsure = [d for d in document.diagnostics if d.code == "ocr-unsure"]
    assert [document.text[d.start : d.end] for d in unsure] == ["151,020"]


def test_lines_that_cannot_be_told_are_left_out_and_told(words: Words) -> None:
    words.sure = {PROSE[2]: 0.3}
    raw = ocr.read(prose(words).encoded(), "扫描.png")
    assert paragraphs(raw) == [PROSE[0] + PROSE[1]]
    assert "ocr-unclear" in codes(raw)


def placed(picture: Setting, text: str) -> str:
    """What a line of the picture says in the end if the recogniser reads `text`, every character where it should be."""
    dark = ink(picture.image, DOT)
    ys, xs = np.nonzero(dark)
    box = Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    centres = tuple((middle * DOT - box.x0) / (box.x1 - box.x0) for middle in picture.middles)
    return "".join(char.char for char in characters([(box, Reading(text, centres, (0.99,) * len(text)))], dark, DOT))


class Setting(Picture):
    """A line of characters that are drawn one by one, as wide as their ink."""

    def __init__(self, *signs: tuple[str, float, float, float]) -> None:
        """Signs with the ems of their squares, of their ink's width, and of its height (from the foot; dashes in the middle)."""
        super().__init__(Words())
        self.middles: list[float] = []
        x, size = 100.0, 12.0
        for sign, square, wide, high in signs:
            lifted = 0.35 * size if high < 0.1 else 0.0
            left = x + (0.15 if sign == "." else (square - wide) / 2) * size
            right = left + wide * size
            bottom = 200.0 - lifted
            self.image[round((bottom - high * size) * DOT) : round(bottom * DOT), round(left * DOT) : round(right * DOT)] = 0
            self.middles.append((left + right) / 2)
            x += square * size


def han(text: str) -> list[tuple[str, float, float, float]]:
    return [(char, 1.0, 0.9, 0.9) for char in text]


def test_a_point_in_a_square_of_its_own_does_not_part_a_number() -> None:
    digit, point = 0.5, (".", 1.0, 0.15, 0.15)
    wide = [*((d, 1.0, digit, 0.7) for d in "131"), point, ("7", 1.0, digit, 0.7), *han("万册")]
    assert placed(Setting(*wide), "131.7万册") == "131.7万册"
    assert placed(Setting(*han("馆藏累计"), *wide), "馆藏累计131.7万册") == "馆藏累计131.7万册"
    listed = [("3", 0.5, 0.4, 0.7), (".", 0.9, 0.15, 0.15), ("7", 0.5, 0.4, 0.7), *han("月开展活动")]
    assert placed(Setting(*listed), "3.7月开展活动") == "3. 7月开展活动"


@pytest.mark.parametrize(
    ("read", "dash", "meant"),
    [("一", 0.9, "—"), ("-", 0.9, "—"), ("-", 0.35, "-"), ("—", 0.9, "—")],
)
def test_a_stroke_between_dates_is_a_dash_as_long_as_its_ink(read: str, dash: float, meant: str) -> None:
    day = [("2", 0.5, 0.4, 0.7), *han("月"), ("5", 0.5, 0.4, 0.7), *han("日")]
    line = Setting(*day, (read, 1.0, dash, 0.06), ("8", 0.5, 0.4, 0.7), *han("日开展"))
    assert placed(line, f"2月5日{read}8日开展") == f"2月5日{meant}8日开展"


def test_a_numeral_behind_a_word_stays() -> None:
    line = Setting(*han("荣获第"), ("一", 1.0, 0.9, 0.06), *han("名"))
    assert placed(line, "荣获第一名") == "荣获第一名"


def test_numerals_that_were_not_read_do_not_make_the_type_larger() -> None:
    line = Setting(*han("云溪县图书馆二"), ("〇", 1.0, 0.9, 0.9), *han("二"), ("〇", 1.0, 0.9, 0.9), *han("年工作总结"))
    line.middles = [middle for middle, char in zip(line.middles, "云溪县图书馆二〇二〇年工作总结", strict=True) if char != "〇"]
    assert placed(line, "云溪县图书馆二二年工作总结") == "云溪县图书馆二〇二〇年工作总结"


def test_the_sign_before_a_number_is_shown_to_the_recogniser() -> None:
    line = Setting(("-", 0.4, 0.24, 0.08), ("1", 0.5, 0.3, 0.7), ("2", 0.5, 0.4, 0.7))
    dark = ink(line.image, DOT)
    xs = np.flatnonzero(dark.any(axis=0))
    digits = Box(round((100 + 0.45 * 12) * DOT), round(185 * DOT), int(xs[-1]) + 1, round(202 * DOT))
    [found] = cut([digits], [], [], dark, DOT)
    assert found.x0 == int(xs[0])


# --- several pages ------------------------------------------------------------------------------


def test_a_table_over_two_frames_is_one(words: Words) -> None:
    first, second = Picture(words), Picture(words)
    first.table(XS, 842 - 70 - 22 * len(FORM), FORM)
    first.lines(80, 80, [PROSE[2]])
    more = [["参观人次", "41", "人次", "900"], ["培训人次", "43", "人次", "100"]]
    second.table(XS, 70, [FORM[0], *more])
    raw = ocr.read(frames(first, second), "扫描.tif")
    assert rows(raw) == [FORM + more] and raw.pages == 2
    assert "table-header-repeated" in codes(raw)


def test_page_numbers_are_set_aside_also_where_their_dashes_are_read_as_numerals(words: Words) -> None:
    pages = []
    for number in (1, 2, 3):
        page = prose(words)
        words.misread[f"-{number}-"] = f"{'二' if number > 2 else '—'}{number}一" if number % 2 else f"-{number}-"
        page.text(280, 800, f"-{number}-")
        pages.append(page)
    raw = ocr.read(frames(*pages), "扫描.tif")
    assert not [text for text in paragraphs(raw) if "1" in text or "2" in text or "3" in text]


def test_running_heads_are_set_aside_also_where_one_was_misread(words: Words) -> None:
    pages = []
    for number in (1, 2, 3, 4):
        page = prose(words)
        words.misread[f"岭{number}"] = "云岭县图书馆工作总结" if number != 3 else "云哈县图书馆工作总结"
        page.text(80, 40, f"岭{number}", 9)
        pages.append(page)
    assert not [text for text in paragraphs(ocr.read(frames(*pages), "扫描.tif")) if "工作总结" in text]


def test_only_the_pages_without_text_are_read_from_their_pictures(words: Words) -> None:
    data = scanned("Annual report of the county library", prose(words), "The end of the report of the library")
    document = extractor.read(data, "混合.pdf")
    assert words.asked == 1
    assert [(scan.page, document.text[scan.start : scan.end]) for scan in document.scans] == [(2, TEXT)]
    assert [block.page for block in document.blocks] == [1, 2, 3]
    told = [d for d in document.diagnostics if d.code == "ocr-page"]
    assert [(d.start, d.end) for d in told] == [(document.scans[0].start, document.scans[0].end)]
    assert "第2页" in told[0].message and "99.0%" in told[0].message


def test_a_page_that_is_all_picture_but_for_a_stamp_is_read(words: Words) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawImage(ImageReader(PIL.Image.fromarray(prose(words).image)), 0, 0, 595, 842)
    canvas.drawString(400, 20, "Scanned by X")
    canvas.save()
    assert TEXT in paragraphs(pdf.read(buffer.getvalue(), "x.pdf"))


def test_the_size_that_a_page_states_does_not_matter(words: Words) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(1654, 2339))
    canvas.drawImage(ImageReader(PIL.Image.fromarray(form(words).image)), 0, 0, 1654, 2339)
    canvas.save()
    assert rows(pdf.read(buffer.getvalue(), "x.pdf")) == [FORM]


# --- kinds of pictures --------------------------------------------------------------------------


def saved(form_of: str, **options: object) -> Callable[[PIL.Image.Image], bytes]:
    def save(picture: PIL.Image.Image) -> bytes:
        buffer = io.BytesIO()
        picture.save(buffer, form_of, **options)
        return buffer.getvalue()

    return save


def _deep(picture: PIL.Image.Image) -> PIL.Image.Image:
    return PIL.Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)


def _clear(picture: PIL.Image.Image) -> PIL.Image.Image:
    shown = np.asarray(picture)
    return PIL.Image.fromarray(np.dstack([shown, shown, shown, np.where(shown == 255, 0, 255)]).astype(np.uint8))


@pytest.mark.parametrize(
    ("change", "save"),
    [
        (lambda p: p, saved("PNG")),
        (lambda p: p, saved("BMP")),
        (lambda p: p, saved("TIFF", compression="tiff_lzw")),
        (lambda p: p.convert("RGB"), saved("JPEG", quality=100)),
        (lambda p: p.convert("CMYK"), saved("TIFF")),
        (lambda p: p.convert("P"), saved("PNG")),
        (_deep, saved("PNG")),
        (_clear, saved("PNG")),
        (lambda p: p.convert("LA"), saved("PNG")),
    ],
    ids=["png", "bmp", "tiff", "jpeg", "cmyk", "palette", "16 bits", "transparent", "with alpha"],
)
def test_every_kind_of_picture_gives_the_same(words: Words, change: Callable[[PIL.Image.Image], PIL.Image.Image], save: Callable[[PIL.Image.Image], bytes]) -> None:
    data = save(change(PIL.Image.fromarray(form(words).image)))
    document = extractor.read(data, "扫描")
    assert document.source.reader == "image" and document.source.pages == 1
    assert "总藏量\t16\t册\t183,642" in document.text


def test_the_way_up_that_a_camera_notes_is_kept(words: Words) -> None:
    picture = PIL.Image.fromarray(form(words).turned(3).image)
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    assert rows(ocr.read(saved("PNG", exif=exif)(picture), "x.png")) == [FORM]
    assert words.asked == 1


# --- refusals and limits ------------------------------------------------------------------------


@pytest.mark.usefixtures("without_recognition")
def test_without_the_extra_a_scan_says_what_to_install() -> None:
    words = Words()
    with pytest.raises(UnsupportedFormat, match=r"extractor\[ocr\]"):
        extractor.read(form(words).encoded(), "扫描.png")
    with pytest.raises(UnreadableDocument, match=r"extractor\[ocr\]"):
        extractor.read(scanned(form(words)), "扫描.pdf")
    raw = pdf.read(scanned("Annual report of the county library", form(words)), "混合.pdf")
    assert [d.message for d in raw.diagnostics if d.code == "page-without-text" and "extractor[ocr]" in d.message and "第2页" in d.message]


def test_a_recogniser_that_cannot_be_loaded_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ImportError("libsomething.so: no such file")

    monkeypatch.setattr(ocr_engine, "engine", broken)
    with pytest.raises(UnreadableDocument, match="libsomething"):
        extractor.read(form(Words()).encoded(), "扫描.png")


def test_pictures_without_text_are_refused(words: Words) -> None:
    for data in (Picture(words).encoded(), Picture(words).dirty().encoded()):
        with pytest.raises(UnreadableDocument, match="no text was recognised"):
            ocr.read(data, "leer.png")
    assert words.asked == 0, "an empty page is not worth the recogniser's time"
    with pytest.raises(UnreadableDocument, match="no text was recognised"):
        pdf.read(scanned(Picture(words)), "leer.pdf")


def scanned_ofd(*pages: Picture | bytes | str) -> bytes:
    """An .ofd of pictures, and of pages with the given text."""
    sheets, media, files = [], "", {}
    for k, page in enumerate(pages):
        if isinstance(page, str):
            sheets.append(Sheet().text(30, 40, page))
            continue
        sheets.append(Sheet().raw(f'<ofd:ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="{50 + k}"/>'))
        media += f'<ofd:MultiMedia ID="{50 + k}" Type="Image"><ofd:MediaFile>p{k}.png</ofd:MediaFile></ofd:MultiMedia>'
        files[f"Doc_0/Res/p{k}.png"] = page if isinstance(page, bytes) else page.encoded()
    return packed(parts([sheet.xml() for sheet in sheets], resources=f"<ofd:MultiMedias>{media}</ofd:MultiMedias>") | files)


def test_pages_of_an_ofd_that_are_pictures_are_read(words: Words) -> None:
    document = extractor.read(scanned_ofd("First page", prose(words), form(words)), "x.ofd")
    assert document.text == "\n".join(["First page", TEXT, *("\t".join(row) for row in FORM)])
    assert [document.text[scan.start : scan.end].count("\n") for scan in document.scans] == [0, len(FORM) - 1]
    assert document.source.pages == 3


def test_damaged_and_empty_pictures_in_an_ofd(words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    document = extractor.read(scanned_ofd("First page", b"\x89PNG no picture", Picture(words)), "x.ofd")
    assert document.text == "First page" and {d.code for d in document.diagnostics} == {"part-unreadable", "page-without-text"}
    with pytest.raises(UnreadableDocument, match="no text was recognised"):
        extractor.read(scanned_ofd(Picture(words)), "x.ofd")
    monkeypatch.setattr(ofd, "MAX_SCANS", 1)
    with pytest.raises(UnreadableDocument, match="more than 1 of its pages are scans"):
        extractor.read(scanned_ofd(prose(words), prose(words)), "x.ofd")


def test_limits_are_told(words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    data = frames(prose(words), prose(words), prose(words))
    monkeypatch.setattr(ocr, "MAX_PAGES", 2)
    with pytest.raises(UnreadableDocument, match="more than 2 pages"):
        ocr.read(data, "x.tif")
    monkeypatch.setattr(pdf_scans, "MAX_SCANS", 1)
    with pytest.raises(UnreadableDocument, match="more than 1 of its pages are scans"):
        pdf.read(scanned(prose(words), prose(words)), "x.pdf")
    monkeypatch.setattr(ocr, "MAX_PIXELS", 1_000_000)
    with pytest.raises(UnreadableDocument, match="limit is 1 million"):
        ocr.read(form(words).encoded(), "x.png")


def test_a_picture_that_claims_to_be_huge_is_not_unpacked(words: Words) -> None:
    bomb = bytearray(form(words).encoded())
    bomb[16:24] = (100_000).to_bytes(4, "big") * 2
    with pytest.raises(UnreadableDocument):
        ocr.read(bytes(bomb), "bomb.png")
    assert words.asked == 0


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(["PNG", "JPEG", "TIFF", "BMP"]), cut=st.floats(0, 1), flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12))
def test_damaged_pictures_end_in_a_result_or_a_message(kind: str, cut: float, flips: list[tuple[float, int]]) -> None:
    words = Words()
    picture = Picture(words, (200.0, 120.0))
    picture.table([10, 60, 120, 180], 20, [["代码", "16", "册"], ["指标", "17", "个"]])
    data = bytearray(saved(kind)(PIL.Image.fromarray(picture.image)))
    for place, byte in flips:
        data[int(place * len(data))] = byte
    del data[max(20, int(cut * len(data))) :]
    known = ocr_engine.engine
    ocr_engine.engine = lambda: words  # type: ignore[assignment]
    try:
        ocr.read(bytes(data), "defekt")
    except ExtractorError as error:
        assert error.source == "defekt" and error.advice
    finally:
        ocr_engine.engine = known


def test_texts_that_begin_like_a_bitmap_are_texts() -> None:
    assert extractor.read("BM图书馆2021年工作总结".encode(), "x.txt").source.reader == "txt"


# --- straightening ------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.floats(-8, 8), st.integers(0, 3))
def test_skew_is_measured_to_a_sixth_of_a_degree(degrees: float, quarters: int) -> None:
    words = Words()
    picture = form(words)
    picture.lines(80, 500, PROSE[1:] * 6)
    image = turned(picture.askew(degrees).image, quarters)
    assert abs(skew(image) + degrees) < 0.17
    assert abs(skew(straightened(image))) < 0.17


def test_where_there_is_nothing_to_tell_it_by_there_is_no_skew() -> None:
    empty = np.full((400, 300), 255, np.uint8)
    assert skew(empty) == 0.0
    empty[200, 150:155] = 0
    assert skew(empty) == 0.0 and straightened(empty) is empty


# --- the real recogniser ------------------------------------------------------------------------


def test_nothing_heavy_is_loaded_before_the_first_picture() -> None:
    code = "import extractor.readers.ocr, extractor.readers.pdf, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert not {"rapidocr", "onnxruntime", "cv2", "numpy", "PIL"} & set(loaded)


def test_the_form_of_a_corpus_report_is_read_from_a_scan_of_it(capfd: pytest.CaptureFixture[str]) -> None:
    """The page is drawn at 150 dots to an inch, turned by 0.7 degrees, and made dirty."""
    source = ROOT / "corpus/cangya-2018/cangya-2018.pdf"
    born = extractor.extract(source)
    number = max(born.statistics, key=lambda row: row.page or 0).page or 0
    wanted = [(s.code, s.label, s.raw, s.unit, s.quantity) for s in born.statistics if s.page == number]
    document = pypdfium2.PdfDocument(source)
    image = document[number - 1].render(scale=150 / 72, grayscale=True).to_numpy()
    image = np.ascontiguousarray(image[:, :, 0] if image.ndim == 3 else image)
    document.close()
    turn = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), 0.7, 1.0)
    image = cv2.warpAffine(image, turn, image.shape[::-1], flags=cv2.INTER_CUBIC, borderValue=255)
    chance = np.random.default_rng(5)
    image = np.clip(image.astype(np.float32) * 0.85 + 25 + chance.normal(0, 6, image.shape), 0, 255).astype(np.uint8)
    report = extractor.extract(extractor.read(cv2.imencode(".png", image)[1].tobytes(), "扫描.png"))
    got = [(s.code, s.label, s.raw, s.unit, s.quantity) for s in report.statistics]
    assert len(wanted) > 15
    right = sum(row in got for row in wanted)
    assert right >= 0.95 * len(wanted), [row for row in wanted if row not in got]
    assert {row[4] for row in got} <= {row[4] for row in wanted}, "a wrong number is worse than none"
    assert report.scans and report.scans[0].confidence > 0.9
    assert capfd.readouterr() == ("", ""), "the recogniser is silent"


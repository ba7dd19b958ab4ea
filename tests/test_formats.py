"""The content decides the format, whatever the name says; and the same content is the same document in every format."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import ExtractorError, UnsupportedFormat
from extractor.readers import READERS, SUFFIXES
from extractor.readers.sniff import is_html, is_mime, is_rtf

ROOT = Path(__file__).parents[1]

# --- one document, written in several formats ------------------------------------------------------

Paragraph = tuple[int | None, str]
Table = list[list[tuple[str, int, int]]]
"""Rows of cells: text, columns and rows that it spans."""
Content = list[Paragraph | Table]

REPORT: Content = [
    (None, "某市图书馆2021年工作总结"),
    (1, "一、主要工作"),
    (None, "全年接待读者30.9万余人次，举办讲座12场；其中线上5场。 A级 <馆> & 其他。"),
    (2, "（一）阅读推广"),
    (None, "4月23日，“书香”读书月启动。"),
    [
        [("项目", 1, 2), ("数量", 2, 1)],
        [("册", 1, 1), ("件", 1, 1)],
        [("藏量", 1, 1), ("13,271", 1, 1), ("—", 1, 1)],
        [("合计", 3, 1)],
    ],
    (None, "某市图书馆"),
]  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_html(content: Content) -> bytes:
    parts = []
    for block in content:
        if isinstance(block, tuple):
            tag = f"h{block[0]}" if block[0] else "p"
            parts.append(f"<{tag}>{escaped(block[1])}</{tag}>")
        else:
            rows = ("".join(f"<td colspan={wide} rowspan={high}>{escaped(text)}</td>" for text, wide, high in row) for row in block)
            parts.append("<table border=1>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return f"<html><head><meta charset=gbk></head><body>{''.join(parts)}</body></html>".encode("gb18030")


def as_mht(content: Content) -> bytes:
    return b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n' + as_html(content) + b"\r\n--b--\r\n"


def grid(table: Table) -> list[list[tuple[str, int, bool, bool]]]:
    """Every grid row as Word has it: text, columns, begins a merge downwards, goes on one from above."""
    open_cells: dict[int, tuple[int, int]] = {}  # column: rows still to come, columns
    rows = []
    for row in table:
        cells: list[tuple[str, int, bool, bool]] = []
        waiting, column = list(row), 0
        while waiting or any(at >= column for at in open_cells):
            if column in open_cells:
                left, wide = open_cells.pop(column)
                if left > 1:
                    open_cells[-column - 1] = (left - 1, wide)
                cells.append(("", wide, False, True))
            else:
                text, wide, high = waiting.pop(0)
                if high > 1:
                    open_cells[-column - 1] = (high - 1, wide)
                cells.append((text, wide, high > 1, False))
            column += cells[-1][1]
        open_cells = {-at - 1: value for at, value in open_cells.items()}
        rows.append(cells)
    return rows


def as_rtf(content: Content) -> bytes:
    def text_of(text: str) -> str:
        wide = text.encode("utf-16-le")
        units = [int.from_bytes(wide[at : at + 2], "little") for at in range(0, len(wide), 2)]
        return "".join(chr(unit) if unit < 128 and chr(unit) not in "\\{}" else f"\\u{unit - 65536 if unit > 32767 else unit}?" for unit in units)

    parts = []
    for block in content:
        if isinstance(block, tuple):
            level = rf"\outlinelevel{block[0] - 1}" if block[0] else ""
            parts.append(rf"\pard\plain{level} {text_of(block[1])}\par")
            continue
        for row in grid(block):
            column, shape, cells = 0, "", ""
            for text, wide, opens, below in row:
                column += wide
                shape += (r"\clvmgf" if opens else r"\clvmrg" if below else "") + rf"\cellx{1000 * column}"
                cells += rf"\pard\intbl {text_of(text)}\cell "
            parts.append(rf"\trowd{shape}{cells}\row")
    return ("{\\rtf1\\ansi\\ansicpg936 " + "\n".join(parts) + "}").encode("ascii")


def as_docx(content: Content) -> bytes:
    def paragraph(text: str, level: int | None = None) -> str:
        outline = f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr>' if level else ""
        return f'<w:p>{outline}<w:r><w:t xml:space="preserve">{escaped(text)}</w:t></w:r></w:p>'

    def cell(text: str, wide: int, opens: bool, below: bool) -> str:
        merge = '<w:vMerge w:val="restart"/>' if opens else "<w:vMerge/>" if below else ""
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{wide}"/>{merge}</w:tcPr>{paragraph(text)}</w:tc>'

    def table(block: Table) -> str:
        rows = ("".join(cell(*item) for item in row) for row in grid(block))
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"

    body = "".join(paragraph(block[1], block[0]) if isinstance(block, tuple) else table(block) for block in content)
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>')
    return buffer.getvalue()


WRITERS: dict[str, Callable[[Content], bytes]] = {"html": as_html, "mht": as_mht, "rtf": as_rtf, "docx": as_docx}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("suffix", [".doc", ".docx", ".htm", ".rtf", ".txt", ".xls", ""])
def test_the_content_decides_the_format_whatever_the_name_says(form: str, suffix: str) -> None:
    document = extractor.read(WRITERS[form](REPORT), f"总结{suffix}")
    assert document.source.reader == form
    assert document.source.media_type == next(reader.media_type for reader in READERS if reader.name == form)
    assert document.text.startswith("某市图书馆2021年工作总结\n一、主要工作\n")


@pytest.mark.parametrize("form", ["html", "mht", "rtf"])
def test_a_report_gives_the_same_records_in_every_format(form: str) -> None:
    expected, found = (extractor.extract(extractor.read(WRITERS[name](REPORT), "a")) for name in ("docx", form))
    assert msgspec.structs.replace(found, source=expected.source) == expected
    assert expected.figures and expected.events and expected.tables[0].rows


WORDS = st.text(st.sampled_from("图书馆接待读者，。“”（）年月日123 ABz.%&<—㎡\U00020000"), min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def table_contents(draw: st.DrawFn) -> Table:
    """A table whose first cell may span rows and columns; below it there is a row with a cell for each column."""
    columns, rows = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    wide, high = draw(st.integers(1, columns)), draw(st.integers(1, rows - 1))
    table = [[(draw(WORDS), 1, 1) for column in range(columns) if row >= high or column >= wide] for row in range(rows)]
    table[0].insert(0, (draw(WORDS), wide, high))
    return table if all(table) else [[(draw(WORDS), 1, 1) for _ in range(columns)] for _ in range(rows)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.tuples(st.sampled_from([None, None, 1, 3]), WORDS), table_contents()), min_size=1, max_size=6))
def test_the_same_content_is_the_same_document_in_every_format(content: Content) -> None:
    content = [(None, "开头。"), *(block for pair in zip(content, [(None, "中间。")] * len(content), strict=True) for block in pair)]
    expected = extractor.read(as_docx(content), "a")
    for form in ("html", "mht", "rtf"):
        found = extractor.read(WRITERS[form](content), "a")
        assert (found.text, found.blocks) == (expected.text, expected.blocks), form


# --- what is what ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    ["<html>", "<!DOCTYPE HTML PUBLIC '-//W3C//DTD'><p>", "\ufeff \n<HTML lang=zh>", "<!-- 注 -->\n<!-- 注 --><p>", "<table border=1>", "<div>", "<h2>", "<meta charset=utf-8>", "<?xml version='1.0'?>\n<!DOCTYPE html><html>"],
)
def test_what_begins_as_html(start: str) -> None:
    assert is_html(f"{start}接待读者".encode())
    assert is_html(f"{start}接待读者".removeprefix("\ufeff").encode("utf-16"))


@pytest.mark.parametrize("text", ["<关于2021年工作总结的报告>\n全年接待读者3万人次。", "<<总结>>\n正文。", "<3万人次", "< p >正文", "<p", "{正文}", "{\\r正文", "From: 张三\n正文。", "说明：正文。\nMIME-Version: 1.0", "<!-- 只有注释 --> 正文"])  # fmt: skip
def test_text_that_only_looks_like_markup_stays_text(text: str) -> None:
    data = text.encode()
    assert not is_html(data) and not is_rtf(data) and not is_mime(data)
    document = extractor.read(data, "a.html")
    assert document.source.reader == "txt" and document.text == text.replace("\n\n", "\n")


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:wordDocument><p>x</p></w:wordDocument>",
        "<?xml version='1.0'?><table><p>x</p></table>".encode("utf-16"), b"\xef\xbb\xbf<?xml version='1.0'?><svg/>",
    ],
)  # fmt: skip
def test_xml_that_is_no_page_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(UnsupportedFormat, match=r"XML file.*save it as \.docx"):
        extractor.read(data, "a.doc")


def test_every_reader_has_suffixes_and_a_folder_is_walked_by_them() -> None:
    # Pictures lie in folders of reports as logos and photographs: they are read where they are named.
    assert all((reader.suffixes or reader.name == "image") and all(suffix.startswith(".") and suffix.islower() for suffix in reader.suffixes) for reader in READERS)
    assert {".docx", ".pdf", ".txt", ".rtf", ".html", ".htm", ".mht", ".mhtml", ".doc"} <= SUFFIXES


# --- broken files ----------------------------------------------------------------------------------


def mutated(data: bytes, seed: int) -> bytes:
    """`data` cut off, with bytes changed, a piece doubled or a piece lost."""
    chance = random.Random(seed)
    at, length = chance.randrange(len(data)), chance.randrange(1, 200)
    kind = seed % 4
    if kind == 0:
        return data[:at]
    if kind == 1:
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 20)):
            changed[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(changed)
    if kind == 2:
        return data[:at] + data[at : at + length] * chance.randrange(2, 50) + data[at:]
    return data[:at] + data[at + length :]


@pytest.mark.parametrize("form", ["html", "mht", "rtf"])
def test_a_damaged_file_ends_in_a_report_or_a_message(form: str) -> None:
    data = WRITERS[form](REPORT)
    for seed in range(120):
        try:
            report = extractor.extract(extractor.read(mutated(data, seed), "a"))
        except ExtractorError as error:
            assert error.source == "a"
        else:
            assert msgspec.json.encode(report)

#!/usr/bin/env python3
"""Writes every report of the corpus as .txt, .docx and .pdf from its one source, `<id>/<id>.md`.

usage: python corpus/render.py [FOLDER...]        (without arguments: every folder that holds a source)

The source is plain text; README.md describes its few marks. The same source gives the same files: no clock, no
random ids, fixed archive dates. What differs between the three is what differs in real offices: Word numbers
entries by itself and merges cells, a PDF breaks tables over pages and repeats heads and page numbers, a plain text
has its tables flattened, either one cell a line or one row a line.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent
LEFT, ABOVE = "<", "^"
"""A table cell of just this is covered by its left neighbour, or by the cell above."""


@dataclass(frozen=True)
class Text:
    """A title (level 0), heading (level 1, 2 ...) or paragraph (level None); `number` is what Word would count."""

    text: str
    level: int | None = None
    number: str = ""

    @property
    def printed(self) -> str:
        return self.number + self.text


@dataclass(frozen=True)
class Grid:
    """A table: `rows` of equal length, the first `header` of them repeated on every page, column widths in parts."""

    rows: list[list[str]]
    widths: list[float]
    header: int

    def spans(self) -> Iterator[tuple[int, int, int, int, str]]:
        """Every real cell as row, column, rows covered, columns covered, text."""
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                if text in (LEFT, ABOVE):
                    continue
                wide = next((k for k in range(1, len(row) - c) if row[c + k] != LEFT), len(row) - c)
                high = next(
                    (k for k in range(1, len(self.rows) - r) if self.rows[r + k][c] != ABOVE), len(self.rows) - r
                )
                yield r, c, high, wide, text


@dataclass(frozen=True)
class Report:
    """A parsed source. The settings are the keys of its head, between the lines `+++`."""

    name: str
    settings: dict[str, Any]
    blocks: list[Text | Grid] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next(b.text for b in self.blocks if isinstance(b, Text) and b.level == 0)


def chinese(number: int) -> str:
    """A count up to 99 as 一, 十二, 三十."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones or not tens else "")


def parse(source: str, name: str) -> Report:
    """Reads a source. Raises ValueError, with the line's number, at a table whose rows differ in length."""
    head, _, body = source.removeprefix("+++\n").partition("\n+++\n")
    report = Report(name, tomllib.loads(head))
    lines = iter(enumerate(body.split("\n"), start=head.count("\n") + 4))
    entries = headings = 0
    for _at, line in lines:
        if not line.strip():
            continue
        if line.startswith("=== "):
            report.blocks.append(grid(line, lines))
        elif line.startswith("#. "):
            entries += 1
            report.blocks.append(Text(line[3:], number=report.settings["entry"].format(entries)))
        elif line.startswith("##. "):
            headings += 1
            report.blocks.append(Text(line[4:], 1, report.settings["heading"].format(chinese(headings))))
        elif line.startswith("#"):
            marks, _, text = line.partition(" ")
            report.blocks.append(Text(text, len(marks) - 1))
        else:
            report.blocks.append(Text(line))
    return report


def grid(opening: str, lines: Iterator[tuple[int, str]]) -> Grid:
    """The table behind its opening line `=== 3 1 1 / 2`: column widths, and behind the stroke how many header rows."""
    widths, _, header = opening[4:].partition("/")
    rows: list[list[str]] = []
    columns = len(widths.split())
    for at, line in lines:
        if line == "===":
            break
        rows.append([cell.strip() for cell in f" {line} ".split(" | ")])
        if len(rows[-1]) != columns:
            raise ValueError(f"line {at}: {len(rows[-1])} cells in a table of {columns} columns")
    return Grid(rows, [float(w) for w in widths.split()], int(header or 1))


# ---------------------------------------------------------------- plain text


def to_txt(report: Report) -> str:
    """Tables as the setting `txt_tables` says: `cells` is what Word's "save as text" leaves, `tabs` a pasted table."""
    out: list[str] = []
    for block in report.blocks:
        if isinstance(block, Text):
            out.append(block.printed)
            continue
        if report.settings["txt_tables"] == "cells":
            out.append("")
        for row in block.rows:
            cells = ["" if cell == ABOVE else cell for cell in row if cell != LEFT]
            if report.settings["txt_tables"] == "cells":
                out += [f"\t{cell}" for cell in cells] + [""]
            else:
                out.append("\t".join(cells))
    return "\n".join(out) + "\n"


# ---------------------------------------------------------------- Word


def to_docx(report: Report) -> bytes:
    """Real Word tables with merged cells; entries and headings that carry a number are numbered by Word itself."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    for style, font in (("Normal", "仿宋"), ("Title", "宋体"), ("Heading 1", "黑体"), ("Heading 2", "楷体")):
        fonts = document.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), font)
    lists = {
        "entry": numbered(document, report.settings.get("entry"), "decimal"),
        "heading": numbered(document, report.settings.get("heading"), "chineseCounting"),
    }
    for block in report.blocks:
        if isinstance(block, Grid):
            docx_table(document, block)
            continue
        style = {None: "Normal", 0: "Title"}.get(block.level, f"Heading {block.level}")
        paragraph = document.add_paragraph(block.text, style=style)
        if block.level == 0:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif block.number:
            properties: Any = paragraph._p.get_or_add_pPr()
            number = properties.get_or_add_numPr()
            number.get_or_add_ilvl().val = 0
            number.get_or_add_numId().val = lists["entry" if block.level is None else "heading"]
        elif block.level is None:
            paragraph.paragraph_format.first_line_indent = Pt(24)
    document.sections[0].header.paragraphs[0].text = report.settings["running_head"]
    when = dt.datetime(2000, 1, 1)
    core = document.core_properties
    core.title, core.author, core.comments = report.title, "", ""
    core.created = core.modified = when
    raw = io.BytesIO()
    document.save(raw)
    return settled(raw)


def numbered(document: Any, pattern: str | None, counting: str) -> int:
    """A new one-level list whose entries Word numbers as `pattern` says ("{}、"). Its id; 0 without a pattern."""
    if pattern is None:
        return 0
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    numbering = document.part.numbering_part.element
    abstract = len(numbering.xpath("w:abstractNum")) + 100
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}"><w:multiLevelType w:val="singleLevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{counting}"/><w:suff w:val="nothing"/>'
            f'<w:lvlText w:val="{pattern.format("%1")}"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
        ),
    )
    return int(numbering.add_num(abstract).numId)


def docx_table(document: Any, block: Grid) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(rows=len(block.rows), cols=len(block.widths), style="Table Grid")
    width = document.sections[0].page_width - document.sections[0].left_margin - document.sections[0].right_margin
    for column, part in zip(table.columns, block.widths, strict=True):
        column.width = int(width * part / sum(block.widths))
    cells = [list(row.cells) for row in table.rows]
    for r, c, high, wide, text in block.spans():
        cell = cells[r][c]
        if high > 1 or wide > 1:
            cell = cell.merge(cells[r + high - 1][c + wide - 1])
        cell.text = text
    for row in table.rows[: block.header]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def settled(raw: io.BytesIO) -> bytes:
    """The same archive with every member's date set to 1980, so that two runs give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()


# ---------------------------------------------------------------- PDF


def to_pdf(report: Report) -> bytes:
    """A4 with ruled tables that run over pages, a running head and page numbers; a font every PDF reader knows."""
    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=11.5, leading=19, wordWrap="CJK", firstLineIndent=23
    )
    flush = ParagraphStyle("flush", body, firstLineIndent=0)
    styles = {
        None: body,
        0: ParagraphStyle("title", flush, fontSize=18, leading=30, alignment=TA_CENTER, spaceAfter=10),
        1: ParagraphStyle("h1", flush, fontSize=14, leading=26, spaceBefore=6, keepWithNext=1),
        2: ParagraphStyle("h2", flush, fontSize=12.5, leading=22, keepWithNext=1),
        3: ParagraphStyle("h3", flush, keepWithNext=1),
    }
    cell = ParagraphStyle("cell", flush, fontSize=9, leading=12)
    story: list[Any] = []
    for block in report.blocks:
        if isinstance(block, Text):
            style = flush if block.number and block.level is None else styles[block.level]
            story.append(Paragraph(escaped(block.printed), style))
        else:
            story += [Spacer(1, 4), pdf_table(block, 170 * mm, cell), Spacer(1, 8)]

    def furniture(canvas: Any, page: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(20 * mm, A4[1] - 13 * mm, report.settings["running_head"])
        canvas.line(20 * mm, A4[1] - 15 * mm, A4[0] - 20 * mm, A4[1] - 15 * mm)
        canvas.drawCentredString(A4[0] / 2, 10 * mm, report.settings["page"].format(page.page))

    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=22 * mm,
        bottomMargin=20 * mm,
        title=report.title,
        invariant=1,
        pageCompression=0,
    ).build(story, furniture, furniture)
    return out.getvalue()


def pdf_table(block: Grid, width: float, style: Any) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table

    commands: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    data: list[list[Any]] = [["" for _ in row] for row in block.rows]
    for r, c, high, wide, text in block.spans():
        data[r][c] = Paragraph(escaped(text), style)
        if high > 1 or wide > 1:
            commands.append(("SPAN", (c, r), (c + wide - 1, r + high - 1)))
    return Table(
        data, [width * part / sum(block.widths) for part in block.widths], repeatRows=block.header, style=commands
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ---------------------------------------------------------------- all of them


def load(folder: Path) -> Report:
    return parse((folder / f"{folder.name}.md").read_text(encoding="utf-8"), folder.name)


def renditions(report: Report) -> dict[str, bytes]:
    """Suffix -> content of the three files."""
    return {".txt": to_txt(report).encode(), ".docx": to_docx(report), ".pdf": to_pdf(report)}


def main(arguments: list[str]) -> None:
    folders = [Path(a) for a in arguments] or sorted(f for f in CORPUS.iterdir() if (f / f"{f.name}.md").exists())
    for folder in folders:
        for suffix, content in renditions(load(folder)).items():
            (folder / f"{folder.name}{suffix}").write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])

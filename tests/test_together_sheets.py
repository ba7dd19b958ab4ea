"""A report whose form is a workbook of its own: the same findings as in the one file."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from sheet_writer import cell, letters, styles, worksheet, xlsx

import extractor
from extractor.cli import cli
from extractor.model import Check, Document, Table
from extractor.together import together

CORPUS = Path(__file__).parents[1] / "corpus"
REPORTS = {"cangya-2018": "附：公共图书馆基本情况", "qinglan-2023": "附件 D 核心指标完成情况", "lanze-2019": "附2 近三年主要业务数据"}
"""By report, the paragraph with which its form begins."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LOOKS = {1: "#,##0", 2: "0%", 3: "0.0%", 4: "0.00%"}


def narrative(report: str) -> bytes:
    """The .docx up to its form."""
    document = docx.Document(str(CORPUS / report / f"{report}.docx"))
    gone = False
    for node in list(document.element.body):
        gone = gone or "".join(text.text or "" for text in node.iter(W + "t")).strip() == REPORTS[report]
        if gone and not node.tag.endswith("}sectPr"):
            document.element.body.remove(node)
    assert gone
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def typed(row: int, column: int, text: str) -> str:
    """A cell as a clerk would have it: numbers as numbers, with the format that prints them so; codes as texts."""
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", text):
        return cell(row, column, int(text.replace(",", "")), 1)
    if found := re.fullmatch(r"(\d{1,2})(?:\.(\d{1,2}))?%", text):
        return cell(row, column, float(text[:-1]) / 100, 2 + len(found[2] or ""))
    if re.fullmatch(r"0|[1-9]\d{0,8}(?:\.\d*[1-9])?", text):
        return cell(row, column, float(text) if "." in text else int(text))
    return cell(row, column, text)


def workbook(report: str) -> bytes:
    """The form as a workbook: its heading, its tables one below the other, on one sheet."""
    document = extractor.read(CORPUS / report / f"{report}.docx")
    start = document.text.index("\n" + REPORTS[report] + "\n") + 1
    rows: list[str] = []
    merged: list[str] = []
    at = 0
    for block in document.blocks:
        if block.start < start:
            continue
        if not isinstance(block, Table):
            rows.append(f'<row r="{at + 1}">{cell(at, 0, document.text[block.start : block.end])}</row>')
            at += 1
            continue
        for row in range(block.rows):
            cells = [each for each in block.cells if each.row == row]
            found = "".join(typed(at + row, each.column, document.text[each.start : each.end]) for each in cells)
            rows.append(f'<row r="{at + row + 1}">{found}</row>')
            merged += [
                f"{letters(each.column)}{at + row + 1}:{letters(each.column + each.colspan - 1)}{at + row + each.rowspan}" for each in cells if each.rowspan * each.colspan > 1
            ]
        at += block.rows + 1
    return xlsx({"Sheet1": worksheet("".join(rows), merged=merged)}, look=styles(0, *LOOKS.values()))


def told(check: Check, document: Document) -> list[tuple[str, ...]]:
    sides = lambda finding: tuple(side.raw for side in (finding.left, finding.right) if side is not None)  # noqa: E731
    return [(finding.kind, finding.verdict, finding.rule, finding.message, *sides(finding)) for finding in check.findings]


@pytest.mark.parametrize("report", REPORTS)
def test_the_findings_are_those_of_the_one_file(report: str) -> None:
    one = extractor.extract(CORPUS / report / f"{report}.docx")
    parts = [extractor.read(narrative(report), "总结.docx"), extractor.read(workbook(report), "基本情况表.xlsx")]
    document = together(parts)
    two = extractor.extract(document)
    assert not parts[1].diagnostics
    assert [(s.code, s.label, s.raw, s.value, s.indicator, s.period) for s in two.statistics] == [(s.code, s.label, s.raw, s.value, s.indicator, s.period) for s in one.statistics]
    assert [(p.label, p.value) for p in two.profile] == [(p.label, p.value) for p in one.profile]
    check = extractor.check(two)
    assert told(check, document) == told(extractor.check(one), document) and check.findings
    assert {side.file for finding in check.findings for side in (finding.left, finding.right)} == {"总结.docx", "基本情况表.xlsx"}


def test_on_the_command_line(tmp_path: Path) -> None:
    first, second = tmp_path / "总结.docx", tmp_path / "基本情况表.xlsx"
    first.write_bytes(narrative("cangya-2018"))
    second.write_bytes(workbook("cangya-2018"))
    result = CliRunner().invoke(cli, ["check", str(first), str(second), "--together"])
    alone = CliRunner().invoke(cli, ["check", str(CORPUS / "cangya-2018" / "cangya-2018.docx")])
    assert result.exit_code == alone.exit_code
    assert "基本情况表.xlsx" in result.output and "总结.docx" in result.output

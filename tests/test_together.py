"""One report in several files: the same records and findings as in one, each passage with the file it stands in."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

import extractor
from extractor.cli import cli
from extractor.model import Check, Document, Report
from extractor.together import together

CORPUS = Path(__file__).parents[1] / "corpus"
WHOLE = CORPUS / "cangya-2018" / "cangya-2018.txt"


def halves(tmp_path: Path) -> tuple[Path, Path]:
    """The report cut in two files in front of its form."""
    text = WHOLE.read_text("utf-8")
    at = text.index("附：公共图书馆基本情况")
    first, second = tmp_path / "总结.txt", tmp_path / "情况表.txt"
    first.write_text(text[:at], "utf-8")
    second.write_text(text[at:], "utf-8")
    return first, second


def joined(*paths: Path) -> tuple[Document, Report, Check]:
    document = together([extractor.read(path) for path in paths])
    report = extractor.extract(document)
    return document, report, extractor.check(report)


def test_two_files_are_the_report_that_they_were_cut_from(tmp_path: Path) -> None:
    whole = extractor.extract(WHOLE)
    document, report, check = joined(*halves(tmp_path))
    assert (report.organization, report.period) == (whole.organization, whole.period)
    assert [(f.raw, f.value) for f in report.figures] == [(f.raw, f.value) for f in whole.figures]
    assert [(s.label, s.value) for s in report.statistics] == [(s.label, s.value) for s in whole.statistics]
    assert [f.message for f in check.findings] == [f.message for f in extractor.check(whole).findings]
    assert document.source.name == "总结.txt + 情况表.txt" and len(document.files) == 2


def test_every_span_slices_the_joined_text_and_every_passage_names_its_file(tmp_path: Path) -> None:
    _, report, check = joined(*halves(tmp_path))
    first, second = report.files
    assert report.text[first.end] == "\n" and first.end + 1 == second.start and second.end == len(report.text)
    assert all(report.text[f.start : f.end] == f.raw for f in report.figures)
    for finding in check.findings:
        for side in (finding.left, finding.right):
            assert side.file == (first.name if side.start < first.end else second.name)
    assert any(f.left.file != f.right.file for f in check.findings)


def test_one_file_stays_as_it_is() -> None:
    document = extractor.read(WHOLE)
    assert together([document]) == document
    assert all(side.file is None for f in extractor.check(extractor.extract(document)).findings for side in (f.left, f.right))


def test_the_command_line_joins_files_and_names_them(tmp_path: Path) -> None:
    first, second = halves(tmp_path)
    result = CliRunner().invoke(cli, ["check", "--together", str(first), str(second)])
    assert result.exit_code == 1 and result.stdout.startswith("总结.txt + 情况表.txt  苍垭县图书馆")
    assert "\n      情况表.txt " in result.stdout and "\n      总结.txt " in result.stdout
    apart = CliRunner().invoke(cli, ["check", str(first), str(second)])
    assert "总结.txt + 情况表.txt" not in apart.stdout


def test_a_file_that_cannot_be_read_spoils_the_report_and_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["check", "--together", str(WHOLE), str(tmp_path / "无.txt")])
    assert result.exit_code == 2 and "无.txt" in result.stderr and "cangya" not in result.stdout

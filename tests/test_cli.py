"""The command line: what is printed where, what is written, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import extractor
from extractor.cli import cli

ROOT = Path(__file__).parents[1]
REPORT = "云溪县图书馆{}年工作总结\n一、主要工作\n全年接待读者3.2万人次，3月5日举办讲座1场。\n二、{}年大事记\n1、1月4日，召开总结会。\n2、5月1日，举办展览1个。\n3、9月9日，赠书300册。\n"
IMAGE = b"\x89PNG\r\n\x1a\n"


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three reports, two of one name, beside what is no report."""
    for name, year in (("甲/总结.txt", 2021), ("乙/总结.txt", 2020), ("丙.TXT", 2019)):
        path = tmp_path / "年报" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(REPORT.format(year, year), "utf-8")
    (tmp_path / "年报" / "~$丙.docx").write_bytes(b"lock")
    (tmp_path / "年报" / ".hidden.txt").write_text("x", "utf-8")
    (tmp_path / "年报" / "说明.md").write_text("x", "utf-8")
    return tmp_path / "年报"


# --- convert --------------------------------------------------------------------------------------


def test_one_document_is_printed_as_indented_json(folder: Path) -> None:
    result = run("convert", folder / "甲/总结.txt")
    assert result.exit_code == 0 and result.stderr == ""
    assert result.stdout.startswith('{\n  "schema": "extractor/report/1",\n')
    report = json.loads(result.stdout)
    assert (report["organization"], report["period"], report["source"]["name"]) == ("云溪县图书馆", "2021", "总结.txt")
    assert "云溪县图书馆" in result.stdout  # not \u-escaped


def test_several_documents_are_printed_as_json_lines_with_progress_on_stderr(folder: Path) -> None:
    result = run("convert", folder / "甲/总结.txt", folder / "乙/总结.txt")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [json.loads(line)["period"] for line in lines] == ["2021", "2020"]
    assert [line.split("]")[0] for line in result.stderr.splitlines()] == ["[1/2", "[2/2", "2 documents: 2 converted"]


def test_a_folder_is_walked_in_order_of_names_without_hidden_and_lock_files(folder: Path) -> None:
    result = run("convert", folder)
    assert result.exit_code == 0
    assert [json.loads(line)["period"] for line in result.stdout.splitlines()] == ["2019", "2020", "2021"]


def test_a_folder_of_one_report_prints_indented_json(folder: Path) -> None:
    assert json.loads(run("convert", folder / "甲").stdout)["period"] == "2021"


def test_a_glob_is_expanded_where_the_shell_does_not(folder: Path) -> None:
    result = run("convert", folder / "*" / "*.txt")
    assert [json.loads(line)["period"] for line in result.stdout.splitlines()] == ["2020", "2021"]
    assert len(run("convert", folder / "**" / "*.[tT][xX][tT]").stdout.splitlines()) == 3


def test_a_file_whose_name_looks_like_a_glob_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "总结[定稿].txt"
    path.write_text(REPORT.format(2021, 2021), "utf-8")
    assert run("convert", path).exit_code == 0


def test_a_dash_is_standard_input(folder: Path, tmp_path: Path) -> None:
    data = (folder / "丙.TXT").read_bytes()
    result = run("convert", "-", stdin=data)
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["period"], report["source"]["name"], report["source"]["reader"]) == ("2019", "<stdin>", "txt")
    lines = run("convert", "-", folder / "甲", "-", stdin=data).stdout.splitlines()
    assert [json.loads(line)["period"] for line in lines] == ["2019", "2021"]
    run("convert", "-", "-o", tmp_path / "out", stdin=data)
    assert written(tmp_path / "out") == {"stdin.json": "2019"}


def test_standard_input_is_checked_as_a_file_is(folder: Path) -> None:
    path = ROOT / "corpus/talin-2010/talin-2010.txt"
    piped, named = run("check", "-", stdin=path.read_bytes()), run("check", path)
    assert piped.exit_code == named.exit_code
    assert piped.stdout.replace("<stdin>", path.name) == named.stdout and path.name in named.stdout


@pytest.mark.parametrize("data, said", [(b"", "<stdin>: the file is empty"), (IMAGE, "<stdin>: this is an image")])
def test_standard_input_that_is_no_report(data: bytes, said: str) -> None:
    for command in ("convert", "check"):
        result = run(command, "-", stdin=data)
        assert result.exit_code == 2 and said in result.stderr


def test_a_folder_is_walked_for_every_format_that_has_a_reader(tmp_path: Path) -> None:
    text = REPORT.format(2021, 2021)
    pages = {"a.htm": f"<p>{text}", "b.HTML": f"<html><p>{text}", "c.mhtml": f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}", "d.doc": f"<html><p>{text}"}
    for name, content in pages.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "e.rtf").write_text("{\\rtf1 x}")
    (tmp_path / "f.md").write_text(text, "utf-8")
    lines = run("convert", tmp_path).stdout.splitlines()
    assert [json.loads(line)["source"]["reader"] for line in lines] == ["html", "html", "mht", "html", "rtf"]


def written(output: Path) -> dict[str, Any]:
    return {path.relative_to(output).as_posix(): json.loads(path.read_text("utf-8"))["period"] for path in sorted(output.rglob("*.json"))}


def test_a_folder_is_written_in_its_own_shape(folder: Path, tmp_path: Path) -> None:
    result = run("convert", folder, "-o", tmp_path / "out")
    assert result.exit_code == 0 and result.stdout == ""
    assert written(tmp_path / "out") == {"丙.TXT.json": "2019", "乙/总结.txt.json": "2020", "甲/总结.txt.json": "2021"}


@pytest.mark.parametrize("named", ["files", "folders", "glob"])
def test_reports_of_one_name_in_different_folders_do_not_overwrite_each_other(folder: Path, tmp_path: Path, named: str) -> None:
    paths = {"files": [folder / "甲/总结.txt", folder / "乙/总结.txt"], "folders": [folder / "甲", folder / "乙"], "glob": [folder / "?" / "*.txt"]}[named]
    result = run("convert", *paths, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert sorted(written(tmp_path / "out").values()) == ["2020", "2021"]


def test_a_report_named_twice_is_converted_once(folder: Path, tmp_path: Path) -> None:
    assert run("convert", folder / "丙.TXT", folder / "丙.TXT").stdout == run("convert", folder / "丙.TXT").stdout
    run("convert", folder / "丙.TXT", folder / "丙.TXT", "-o", tmp_path / "out")
    assert written(tmp_path / "out") == {"丙.TXT.json": "2019"}


def test_what_is_written_is_what_is_printed(folder: Path, tmp_path: Path) -> None:
    run("convert", folder / "丙.TXT", "-o", tmp_path / "out")
    assert (tmp_path / "out" / "丙.TXT.json").read_text("utf-8") == run("convert", folder / "丙.TXT").stdout


def test_one_unreadable_report_is_that_report_s_failure(folder: Path, tmp_path: Path) -> None:
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "图.pdf").write_bytes(IMAGE)
    result = run("convert", folder, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert sorted(written(tmp_path / "out").values()) == ["2019", "2020", "2021"]
    assert "5 documents: 3 converted, 2 failed" in result.stderr


@pytest.mark.parametrize(
    ("name", "data"),
    [("图.txt", IMAGE), ("空.txt", b""), ("空白.txt", b" \r\n\t"), ("坏.docx", b"PK\x03\x04 broken"), ("坏.pdf", b"%PDF-1.4 broken"), ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), ("乱.bin", bytes(range(256)) * 8)],
)  # fmt: skip
def test_an_unreadable_file_is_told_as_file_what_and_what_to_do(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("convert", tmp_path / name)
    assert result.exit_code == 2 and result.stdout == ""
    assert re.fullmatch(rf"{re.escape(str(tmp_path / name))}: [^:]+.*: [a-z][^:]+.*\n", result.stderr), result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("name", "said"), [("没有.txt", "no such file"), ("没有*.txt", "nothing matches"), ("没有", "no such file")])
def test_what_is_not_there(folder: Path, name: str, said: str) -> None:
    result = run("convert", folder / name, folder / "丙.TXT")
    assert result.exit_code == 2
    assert f"{folder / name}: {said}" in result.stderr
    assert json.loads(result.stdout)["period"] == "2019"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    result = run("convert", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{tmp_path}: no documents in this folder: " in result.stderr


def test_an_output_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "丙.TXT.json").mkdir()
    result = run("convert", folder / "丙.TXT", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "丙.TXT: its result cannot be written" in result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.jsonl", "丙.TXT.json"]  # nothing half written


def test_convert_wants_a_path() -> None:
    result = run("convert")
    assert result.exit_code == 2 and "PATH" in result.stderr


# --- the other commands ---------------------------------------------------------------------------


def test_version() -> None:
    result = run("--version")
    assert result.exit_code == 0 and result.stdout.strip().endswith(extractor.__version__)


def test_every_command_explains_itself() -> None:
    def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for name, command in group.commands.items():
            found.append((*above, name))
            if isinstance(command, click.Group):
                found += commands(command, *above, name)
        return found

    named = commands(cli)
    assert {("convert",), ("check",), ("schema",), ("rules", "check"), ("rules", "explain"), ("evaluate",)} <= set(named)
    for command in named:
        result = run(*command, "--help")
        assert result.exit_code == 0 and len(result.stdout.splitlines()) > 4


def test_schema_is_json_schema_2020_12() -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["schema"] == {"const": "extractor/report/1"}


def test_rules_check_counts_the_rules() -> None:
    result = run("rules", "check")
    assert result.exit_code == 0
    assert re.fullmatch(r"[1-9]\d+ rules, 0 failures\n", result.stdout)


def test_rules_explain_says_which_rule_made_each_record_and_what_no_rule_took(tmp_path: Path) -> None:
    path = tmp_path / "总结.txt"
    path.write_text(REPORT.format(2021, 2021).replace("讲座1场。", "讲座1场。暗号4711。"), "utf-8")
    result = run("rules", "explain", path)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == f"{path}: 云溪县图书馆 2021 public-library"
    figure = next(line for line in lines if line.startswith("figure-1\t"))
    start, end = map(int, figure.split("\t")[1].split("-"))
    text = json.loads(run("convert", path).stdout)["text"]
    assert text[start:end] == "3.2万人次" and figure.endswith("3.2万人次\tindicators:visits.total -> visits.total")
    assert any(line.startswith("event-1\t") for line in lines)
    untaken = lines[lines.index(next(line for line in lines if line.startswith("# ") and "no record" in line)) + 1 :]
    assert any("暗号【4711】" in line for line in untaken)
    assert not any("【3.2】" in line or "【300】" in line for line in untaken)


def test_rules_explain_of_an_unreadable_file(tmp_path: Path) -> None:
    result = run("rules", "explain", tmp_path / "没有.txt")
    assert result.exit_code == 2 and "没有.txt: no such file: " in result.stderr


def test_evaluate_prints_a_score_a_class(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(REPORT.format(2021, 2021), "utf-8")
    figure = {"quote": "全年接待读者3.2万人次，3月", "raw": "3.2万人次", "value": 32000, "low": 31500, "high": 32500, "unit": "人次", "section": "narrative"}
    missed = figure | {"quote": "全年接待读者9.9万人次", "raw": "9.9万人次"}
    (tmp_path / "a.gold.json").write_text(json.dumps({"figures": [figure, missed], "events": [], "awards": [], "period": "2021"}), "utf-8")
    result = run("evaluate", tmp_path)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "a.txt"
    assert re.search(r"figures +F1 0\.\d{3}  precision 0\.\d{3}  recall 0\.500  right 1  extra \d  missed 1  exact 1/1  intervals 1/1", result.stdout)
    assert "9.9万人次" not in result.stdout and "9.9万人次" in run("evaluate", tmp_path, "--errors").stdout


def test_evaluate_without_gold(tmp_path: Path) -> None:
    result = run("evaluate", tmp_path)
    assert result.exit_code == 2 and "no *.gold.json below this folder" in result.stderr


# --- as a process ---------------------------------------------------------------------------------


def test_a_chinese_path_and_output_under_a_locale_that_knows_no_chinese(folder: Path) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "extractor", "convert", "甲/总结.txt", "没有.txt"], cwd=folder, env=environment, capture_output=True, check=False
    )  # fmt: skip
    assert done.returncode == 2
    assert json.loads(done.stdout.decode("utf-8"))["organization"] == "云溪县图书馆"
    assert "没有.txt: no such file: check the path" in done.stderr.decode("utf-8")


# --- check: what it writes ------------------------------------------------------------------------

CANGYA = ROOT / "corpus/cangya-2018/cangya-2018.docx"


@pytest.mark.parametrize(("form", "start"), [("html", "<!DOCTYPE html>"), ("sarif", "{"), ("json", "{"), ("text", "cangya-2018.docx")])
def test_findings_are_written_in_every_form(form: str, start: str, tmp_path: Path) -> None:
    result = run("check", CANGYA, "--format", form, "-o", tmp_path / "found")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (tmp_path / "found").read_text("utf-8").lower().startswith(start.lower())


def test_findings_are_told_in_english() -> None:
    shown = run("check", CANGYA, "--lang", "en").stdout
    assert "please correct one of them" in shown and "请核对" not in shown
    assert "[conflicts] The text says" in shown and "conflicts 7, missing 1" in shown and "【" not in re.sub("「.*?」|“.*?”", "", shown)


def test_a_page_in_english_has_english_headings() -> None:
    page = run("check", CANGYA, "--lang", "en", "--format", "html").stdout
    frame = re.sub(r"<article.*?</article>|<a class=\"quote\".*?</a>|<p class=\"message\".*?</p>|<h2.*?</h2>", "", page, flags=re.DOTALL)
    assert '<html lang="en">' in page and "Check results" in frame
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<style>.*?</style>|sum:\S+", "", frame, flags=re.DOTALL))


def test_a_marked_copy_reads_as_the_report_and_carries_the_findings(tmp_path: Path) -> None:
    before = CANGYA.read_bytes()
    assert run("check", CANGYA, "-o", tmp_path / "marked.docx").exit_code == 1
    marked = extractor.extract(tmp_path / "marked.docx")
    assert CANGYA.read_bytes() == before
    assert [figure.raw for figure in marked.figures] == [figure.raw for figure in extractor.extract(CANGYA).figures]
    assert any(note.code == "comment" for note in marked.diagnostics)


@pytest.mark.parametrize("paths", [[CANGYA.with_suffix(".pdf")], [CANGYA, CANGYA.with_suffix(".txt")]])
def test_only_one_word_document_can_be_marked(paths: list[Path], tmp_path: Path) -> None:
    result = run("check", *paths, "-o", tmp_path / "marked.docx")
    assert result.exit_code == 2 and "a marked copy needs one report" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_report_is_never_written_over(tmp_path: Path) -> None:
    own = tmp_path / "own.docx"
    own.write_bytes(CANGYA.read_bytes())
    assert run("check", own, "-o", own).exit_code == 2
    assert own.read_bytes() == CANGYA.read_bytes()

"""Findings against the gold, totals, runs side by side, and rules that never fired."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import extractor
from extractor.cli import cli
from extractor.errors import UnreadableDocument
from extractor.evaluate import Result as Scored
from extractor.evaluate import Score, evaluate_corpus, render, runs, score
from extractor.evaluate.scores import totals
from extractor.evaluate.unused import Usage

TEXT = """云溪县图书馆2021年工作总结
一、主要工作
全年接待读者3.2万人次，外借图书5万册次，举办讲座8场。现有计算机68台。日均接待读者120人次。
附：基本情况统计表
项目	代码	单位	指标
总流通人次	35	人次	33,500
书刊文献外借册次	37	册次	50,123
组织各类讲座次数	38	次	8
计算机台数	46	台	68
"""


def side(quote: str, raw: str) -> dict[str, str]:
    return {"quote": quote, "raw": raw}


def line(left: dict[str, str], right: dict[str, str], kind: str = "figure_vs_statistic", **more: str) -> dict[str, Any]:
    return {"kind": kind, "left": left, "right": right, **more}


VISITS = line(side("接待读者3.2万人次", "3.2万人次"), side("总流通人次\t35\t人次\t33,500", "33,500"), verdict="conflicts")
LOANS = line(side("外借图书5万册次", "5万册次"), side("外借册次\t37\t册次\t50,123", "50,123"))
LECTURES = line(side("举办讲座8场", "8场"), side("讲座次数\t38\t次\t8", "8"))
DAILY = line(side("接待读者120人次", "120人次"), side("总流通人次\t35\t人次\t33,500", "33,500"))


def gold(**more: Any) -> dict[str, Any]:
    return {"organization": "云溪县图书馆", "period": "2021", "figures": [], "events": [], "awards": [], **more}


def scored(text: str = TEXT, **more: Any) -> tuple[Score, list[str]]:
    report = extractor.extract(extractor.read(text.encode(), "a.txt"))
    result = score(report, gold(**more), "a.txt", extractor.check(report))
    return result.scores["findings"], [error for error in result.errors if not error.startswith("figure")]


def test_what_is_told_twice_is_found_and_what_agrees_agrees() -> None:
    counts, errors = scored(conflicts=[VISITS], agreements=[LOANS, LECTURES], traps=[DAILY])
    assert (counts.right, counts.missed, counts.extra) == (1, 0, 0)
    assert counts.shares == {"verdicts": [1, 1], "agreements": [2, 2], "traps": [1, 1]} and errors == []


def test_either_end_may_be_written_first() -> None:
    counts, _ = scored(conflicts=[{**VISITS, "left": VISITS["right"], "right": VISITS["left"]}], agreements=[])
    assert (counts.right, counts.extra) == (1, 0)


def test_an_alarm_and_a_conflict_that_is_not_found() -> None:
    counts, errors = scored(conflicts=[{**LECTURES, "verdict": "conflicts"}])
    assert (counts.right, counts.missed, counts.extra) == (0, 1, 1)
    assert errors[0].startswith("contradiction not found: figure_vs_statistic: 举办讲座8场") and errors[1].startswith("alarm not in gold: figure_vs_statistic: ")


def test_a_conflict_of_another_verdict_is_found_with_the_wrong_verdict() -> None:
    counts, errors = scored(conflicts=[{**VISITS, "verdict": "review"}])
    assert (counts.right, counts.shares["verdicts"]) == (1, [0, 1]) and "gold review, got conflicts" in errors[0]


def test_one_finding_answers_one_conflict() -> None:
    counts, _ = scored(conflicts=[VISITS, VISITS])
    assert (counts.right, counts.missed, counts.extra) == (1, 1, 0)


def test_an_agreement_that_is_called_a_conflict_or_not_found() -> None:
    counts, errors = scored(agreements=[VISITS, DAILY])
    assert counts.shares["agreements"] == [0, 2]
    assert {error.partition(":")[0] for error in errors} == {"agreement called a contradiction", "agreement not found", "alarm not in gold"}


def test_a_trap_that_is_sprung() -> None:
    counts, errors = scored(conflicts=[VISITS], traps=[LOANS])
    assert counts.shares["traps"] == [0, 1] and errors == ["trap: different concepts compared: 外借图书5万册次 / 外借册次\t37\t册次\t50,123"]


def test_a_finding_that_the_gold_explains_springs_no_trap() -> None:
    """The row of two years spans both: what agrees with this year's value stands at last year's, too."""
    text = "云溪县图书馆2021年工作总结\n全年外借图书5万册次。\n附：统计表\n项目\t单位\t2020年\t2021年\n书刊文献外借册次\t册次\t61,000\t50,123\n"
    row = "书刊文献外借册次\t册次\t61,000\t50,123"
    now = line(side("外借图书5万册次", "5万册次"), side(row, "50,123"))
    before = line(side("外借图书5万册次", "5万册次"), side(row, "61,000"))
    assert scored(text, agreements=[now], traps=[before])[0].shares == {"agreements": [1, 1], "traps": [1, 1]}
    assert scored(text, traps=[before])[0].shares == {"traps": [0, 1]}


def test_a_sum_by_its_total_and_its_parts_and_an_impossible_date_by_one_end() -> None:
    text = "云溪县图书馆2021年工作总结\n一、主要工作\n全年举办活动30场，其中线上活动10场、线下活动12场。\n二、2021年大事记\n1、2月30日，召开总结会。\n2、3月5日，植树。\n"
    total = line(side("举办活动30场", "30场"), side("线上活动10场、线下活动12场", "10场"), "sum", verdict="conflicts")
    date = line(side("2月30日", "2月30日"), side("2月30日", "2月30日"), "date_order", verdict="conflicts")
    counts, errors = scored(text, conflicts=[total, date])
    assert (counts.right, counts.missed, counts.extra) == (2, 0, 0), errors
    parts, _ = scored(text, conflicts=[{**total, "left": side("线下活动12场", "12场"), "right": side("植树", "植树")}, date])
    assert (parts.right, parts.missed, parts.extra) == (1, 1, 1)


def test_without_a_check_or_without_gold_for_it_there_are_no_findings() -> None:
    report = extractor.extract(extractor.read(TEXT.encode(), "a.txt"))
    assert "findings" not in score(report, gold(conflicts=[VISITS]), "a.txt").scores
    assert "findings" not in score(report, gold(), "a.txt", extractor.check(report)).scores


def test_precision_recall_and_totals() -> None:
    assert (Score(right=3, extra=1).precision, Score(right=3, missed=1).recall, Score().precision, Score().recall) == (0.75, 0.75, 1.0, 1.0)
    first, second = Score(1, 2, 3, {"exact": [1, 1]}), Score(10, 20, 30, {"exact": [1, 2], "dates": [0, 1]})
    summed = totals([Scored("a", {"x": first}, []), Scored("b", {"x": second, "y": first}, [])])
    assert (summed["x"].right, summed["x"].extra, summed["x"].missed, summed["x"].shares) == (11, 22, 33, {"exact": [2, 3], "dates": [0, 1]})
    assert summed["y"] == first and first.shares == {"exact": [1, 1]}


# --- rows and their indicators --------------------------------------------------------------------


@pytest.mark.parametrize(("indicator", "share", "wrong"), [("visits.total", [1, 1], False), ("loans.external_volumes", [0, 1], True), (None, None, False)])
def test_links_of_rows(indicator: str | None, share: list[int] | None, wrong: bool) -> None:
    report = extractor.extract(extractor.read(TEXT.encode(), "a.txt"))
    row = {"code": "35", "label": "总流通人次", "value": 33500, "unit": "人次", "indicator": indicator}
    shares = score(report, gold(statistics=[row]), "a.txt").scores["statistics"].shares
    assert shares.get("indicators") == share and ("wrong links" in shares) == wrong


# --- a corpus, its runs, its rules ------------------------------------------------------------------


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(TEXT, "utf-8")
        (folder / f"{name}.gold.json").write_text(json.dumps(gold(conflicts=[VISITS], agreements=[LOANS])), "utf-8")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evaluate", *map(str, arguments)])


def test_totals_stand_below_several_reports(corpus: Path) -> None:
    lines = list(render(evaluate_corpus(corpus, extractor.load_rules())))
    assert lines[lines.index("total of 2") :][-2].split()[:9] == ["findings", "F1", "1.000", "precision", "1.000", "recall", "1.000", "right", "2"]
    (corpus / "b.txt").unlink()
    assert not any(line.startswith("total") for line in render(evaluate_corpus(corpus, extractor.load_rules())))


def test_a_run_is_written_and_the_next_is_compared_with_it(corpus: Path, tmp_path: Path) -> None:
    before, own = tmp_path / "before.json", tmp_path / "own"
    assert run(corpus, "-o", before).exit_code == 0
    written = json.loads(before.read_text("utf-8"))
    assert written["schema"] == runs.SCHEMA and [report["name"] for report in written["reports"]] == ["a.txt", "b.txt"]
    assert written["totals"]["findings"]["recall"] == 1.0 and written["rules"] == extractor.load_rules().sha256
    assert run(corpus, "--compare", before).stdout == "0 errors went away, 0 came up\n"
    own.mkdir()
    (own / "rules.toml").write_text('[[indicator]]\nid = "visits.total"\ndisabled = true\n', "utf-8")
    lost = run(corpus, "--rules", own, "--compare", before, "-o", tmp_path / "after.json")
    assert lost.stdout.count("  + contradiction not found: figure_vs_statistic: 接待读者3.2万人次 / 总流通人次\t35\t人次\t33,500\n") == 2
    assert "  findings   recall 1.000 -> 0.000  f1 1.000 -> 0.000" in lost.stdout and lost.stdout.endswith("0 errors went away, 2 came up\n")
    won = run(corpus, "--compare", tmp_path / "after.json")
    assert "  - contradiction not found" in won.stdout and won.stdout.endswith("2 errors went away, 0 came up\n")


def test_reports_that_only_one_run_has_are_told(corpus: Path, tmp_path: Path) -> None:
    run(corpus, "-o", tmp_path / "both.json")
    (corpus / "b.gold.json").unlink()
    run(corpus, "-o", tmp_path / "one.json")
    assert "b.txt: only in the run before\n" in run(corpus, "--compare", tmp_path / "both.json").stdout
    (corpus / "c.gold.json").write_text((corpus / "a.gold.json").read_text("utf-8"), "utf-8")
    (corpus / "c.txt").write_text(TEXT, "utf-8")
    assert "c.txt: only in the run now\n" in run(corpus, "--compare", tmp_path / "one.json").stdout


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"schema": "extractor/report/1"}'])
def test_a_file_that_is_no_run(corpus: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    result = run(corpus, "--compare", file)
    assert result.exit_code == 2 and f"{file}: this is no run of an evaluation" in result.stderr and result.stdout == ""
    assert run(corpus, "--compare", tmp_path / "no.json").exit_code == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"figures": []}'])
def test_a_gold_file_that_is_broken(corpus: Path, content: str) -> None:
    (corpus / "a.gold.json").write_text(content, "utf-8")
    with pytest.raises(UnreadableDocument, match=r"a\.gold\.json"):
        evaluate_corpus(corpus, extractor.load_rules())


def test_rules_that_never_fired(corpus: Path) -> None:
    usage = Usage(extractor.load_rules())
    evaluate_corpus(corpus, extractor.load_rules(), usage)
    never = set(usage.unused())
    fired = {("indicator", "visits.total"), ("indicator", "equipment.computers"), ("table", "statistics"), ("domain", "public-library"), ("unit", "person-times"), ("section", "statistics")}
    idle = {("indicator", "museum.restoration"), ("table", "media"), ("domain", "archive"), ("unit", "euro"), ("section", "chronicle"), ("compare", "branches"), ("identity", "part-income-total-book-fund")}
    assert not never & fired and idle <= never
    assert never <= {(kind, rule.id) for kind, found in extractor.load_rules().by_kind.items() for rule in found}


def test_unused_rules_are_listed_with_their_files(corpus: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "units.toml").write_text('[[unit]]\nid = "plants"\nforms = ["蔸"]\nexamples = ["水稻3蔸"]\n', "utf-8")
    lines = run(corpus, "--unused", "--rules", own).stdout.splitlines()
    assert "unused: units.toml: [[unit]] plants" in lines and "unused: indicators/museum.toml (built-in): [[indicator]] museum.restoration" in lines
    assert not any(line.startswith("unused") for line in run(corpus).stdout.splitlines())

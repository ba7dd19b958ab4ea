"""The documentation tells the truth: commands, options, map, shown output, documented rules, worked examples."""

from __future__ import annotations

import contextlib
import io
import json
import re
from functools import cache
from pathlib import Path

import click
import msgspec
import pytest

import extractor
from extractor.cli import cli
from extractor.evaluate import evaluate_corpus
from extractor.model import Rule
from extractor.readers.leftout import MESSAGES
from extractor.registry import KINDS, Kind
from extractor.schema import report_schema

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "rules/README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def rows(text: str, header: str) -> list[list[str]]:
    """The cells of the Markdown table whose header row begins with `header`."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


@cache
def shown_report() -> dict[str, list[dict[str, object]]]:
    source = re.search(r"From `(corpus/[^`]+)`", README)
    assert source
    shown: dict[str, list[dict[str, object]]] = msgspec.json.decode(msgspec.json.encode(extractor.extract(ROOT / source[1])))
    return shown


# --- output that is shown -----------------------------------------------------------------------


@pytest.mark.parametrize("shown", [json.loads(block) for block in blocks("json")], ids=lambda shown: shown["id"])
def test_a_shown_record_is_what_the_tool_prints(shown: dict[str, object]) -> None:
    records = [record for kind in ("events", "figures", "awards", "statistics") for record in shown_report()[kind]]
    record = next(record for record in records if record["id"] == shown["id"])
    assert shown == {key: record[key] for key in shown}


def test_one_record_of_each_main_kind_is_shown() -> None:
    assert {json.loads(block)["id"].partition("-")[0] for block in blocks("json")} == {"event", "figure", "award", "statistic"}


def test_the_counts_told_are_right() -> None:
    told = re.search(r"reads (\d+) events, (\d+) figures, (\d+) awards and\s+(\d+) rows", README)
    assert told
    assert [int(n) for n in told.groups()] == [len(shown_report()[kind]) for kind in ("events", "figures", "awards", "statistics")]


def test_the_python_example_prints_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,), (expected,) = blocks("python"), blocks("text")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == expected


def test_scores_claimed_are_reached() -> None:
    """Scores may rise without a word in the README; they may not fall below it."""
    results = evaluate_corpus(ROOT / "corpus", extractor.load_rules())
    claimed = {name.strip("`"): cells for name, *cells in rows(README, "report")}
    assert set(claimed) == {Path(result.name).stem for result in results}
    for result in results:
        for kind, cell in zip(("figures", "events", "awards", "media", "statistics", "profile"), claimed[Path(result.name).stem], strict=False):
            if cell != "–":
                assert result.scores[kind].f1 >= float(cell) - 0.0005, f"{result.name}: {kind}"


# --- commands, options, functions ---------------------------------------------------------------


def commands(group: click.Group, prefix: str = "extractor") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix} {name}")
        else:
            found[f"{prefix} {name}"] = command
    return found


def test_every_command_has_its_heading_and_every_heading_its_command() -> None:
    headed = {" ".join(re.findall(r"[a-z]+", name)) for line in re.findall(r"^### (.*)$", README, re.MULTILINE) for name in re.findall(r"`(extractor [^`]*)`", line)}
    assert headed == set(commands(cli))


@pytest.mark.parametrize("name", list(commands(cli)))
def test_every_option_is_documented_with_its_command(name: str) -> None:
    section = next(part for part in re.split(r"^##+ ", README, flags=re.MULTILINE) if f"`{name}" in part.partition("\n")[0])
    for parameter in commands(cli)[name].params:
        for spelling in (parameter.opts if isinstance(parameter, click.Option) else [parameter.make_metavar(click.Context(cli))]):
            assert spelling in section, f"{name}: {spelling}"


def test_every_public_function_is_documented() -> None:
    documented = {cell[0].strip("`").partition("(")[0] for cell in rows(README, "function")}
    assert documented == {name for name in extractor.__all__ if name.islower() and not name.startswith("__")}
    assert all(name in README for name in extractor.__all__ if name[0].isupper())


def test_the_test_command_is_the_one_that_is_run() -> None:
    command = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/python -m pytest"
    assert f"{command}\n" in blocks("sh")
    assert command in (ROOT / ".ci/run").read_text(encoding="utf-8")


# --- the map ------------------------------------------------------------------------------------


def test_the_map_lists_every_module_and_no_other() -> None:
    listed = re.findall(r"^\| `(extractor/[^`]+)` \|", README, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == {path.relative_to(ROOT).as_posix() for path in (ROOT / "extractor").rglob("*.py")}


def test_the_map_lists_folders_that_exist() -> None:
    assert all((ROOT / cell[0].strip("`")).is_dir() for cell in rows(README, "folder"))


@pytest.mark.parametrize("page", ["README.md", "rules/README.md", "docs/records.md", "docs/quantities.md", "docs/dates.md", "docs/scale.md", "docs/teaching.md", "docs/checks.md"])
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / page).read_text(encoding="utf-8")):
        assert target.startswith("https://") or (ROOT / page).parent.joinpath(target).exists(), target


# --- rules and worked examples ------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_key_of_every_kind_of_rule_is_documented(kind: Kind) -> None:
    section = next(part for part in RULES.split("\n## ") if f"`[[{kind.name}]]`" in part.partition("\n")[0])
    common = set(Rule.__struct_fields__)
    for key in set(kind.struct.__struct_fields__) - common:
        assert re.search(rf"`(?:\[table\.)?{key}\]?`", section), key
    assert all(f"`{key}`" in RULES for key in common)


def test_every_rule_file_is_documented() -> None:
    for path in (ROOT / "rules").glob("*.toml"):
        assert f"\n## {path.name}: " in RULES, path.name


@pytest.mark.parametrize("row", rows((ROOT / "docs/dates.md").read_text(encoding="utf-8"), "text"), ids=lambda row: row[0])
def test_dates_are_as_documented(row: list[str]) -> None:
    text, expected = row
    assert " and ".join(date.edtf or "null" for date in extractor.find_dates(text, year=2021)) == expected


def test_every_field_of_a_record_and_every_diagnostic_is_documented() -> None:
    page = (ROOT / "docs/records.md").read_text(encoding="utf-8")
    schema = report_schema()
    words = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]*)`", page))))
    fields = set(schema["properties"]) | {key for part in schema["$defs"].values() for key in part.get("properties", ())}
    assert fields - {"text", "rows", "header"} <= words, fields - words
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "extractor").rglob("*.py"))
    codes = set(re.findall(r'code="([a-z-]+)"', sources)) | set(MESSAGES)
    assert codes <= set(re.findall(r"`([a-z-]+)`", page)), codes

"""Loading rules: as a whole with every fault at once, or no more of them than is used."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from extractor import RuleError, registry, rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(rules.builtin_folder(), tmp_path / "rules"))


def break_two(folder: Path) -> None:
    (folder / "awards.toml").write_text('[[award]]\nid = "a"\nexamples = 3\n', "utf-8")
    (folder / "sections.toml").write_text('[[chapter]]\nid = "b"\n', "utf-8")


def test_every_kind_has_its_table_and_its_files() -> None:
    loaded = rules.load()
    assert all(loaded.by_kind[kind.name] for kind in registry.KINDS)
    assert {kind.module for kind in registry.KINDS} == {name for name in vars(registry.Tables) if not name.startswith("_")} - {"compile_all", "within", "watched"}


def test_all_faults_are_told_at_once(folder: Path) -> None:
    break_two(folder)
    with pytest.raises(RuleError) as raised:
        rules.load(folder)
    assert "awards.toml: [[award]] a: examples" in str(raised.value) and "sections.toml: chapter: unknown kind" in str(raised.value)


def test_faults_of_compiling_are_told_at_once(folder: Path) -> None:
    with (folder / "dates.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[period]]\nid = "x"\nwords = []\nof = "year"\nexamples = ["春耕"]\n\n[[period]]\nid = "y"\nwords = ["全年"]\nof = "year"\nexamples = ["全年"]\n')
    with pytest.raises(RuleError) as raised:
        rules.load(folder)
    assert "[[period]] x: words" in str(raised.value) and "[[period]] y: words" in str(raised.value)


def test_what_is_not_used_is_not_read(folder: Path) -> None:
    break_two(folder)
    tables = rules.tables(folder)
    assert tables.dates.words and tables.dates is tables.dates
    with pytest.raises(RuleError, match=r"awards\.toml"):
        tables.awards  # noqa: B018


def test_a_folder_that_is_not_there() -> None:
    for read in (rules.load, rules.tables):
        with pytest.raises(RuleError, match="no such folder"):
            read("/no/such/folder")


def test_dates_alone_import_no_other_stage() -> None:
    code = "import sys, extractor; extractor.find_dates('2021年'); print(*sorted(m for m in sys.modules if m.startswith('extractor.')))"
    root = Path(__file__).parent.parent
    loaded = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    assert "extractor.dates" in loaded and not {"extractor.awards", "extractor.events", "extractor.quantities", "extractor.readers"} & set(loaded)

"""Which documents a call names, and the names of their results: one for each document on every kind of disk."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.batch import sources
from extractor.batch.shard import Shard

SUFFIXES = {".txt", ".docx"}


def found(*paths: str | Path, output: Path | None = None, shard: Shard | None = None) -> tuple[dict[str, str], list[str]]:
    """The names of results with the documents they are of, and what was told."""
    told: list[str] = []
    tasks = list(sources.tasks([str(path) for path in paths], SUFFIXES, told.append, None if output is None else str(output), shard))
    assert len({task.name.casefold() for task in tasks}) == len(tasks)
    return {task.name: task.source for task in tasks}, told


def made(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")
    return root


def test_a_folder_is_walked_in_order_of_names(tmp_path: Path) -> None:
    names, told = found(made(tmp_path, "乙/b.txt", "乙/a.TXT", "甲.docx", ".隐.txt", "~$甲.docx", "说明.md", "a/c/d.txt"))
    assert list(names) == ["a/c/d.txt", "乙/a.TXT", "乙/b.txt", "甲.docx"] and not told


def test_results_in_a_folder_of_documents_are_no_documents(tmp_path: Path) -> None:
    made(tmp_path, "a.txt", "a.txt.json", "manifest.jsonl", ".running/7.part", ".running/x.txt")
    assert list(found(tmp_path, output=tmp_path)[0]) == ["a.txt"]
    assert list(found(tmp_path / "*", output=tmp_path)[0]) == ["a.txt"]
    assert list(found(*tmp_path.iterdir(), output=tmp_path)[0])[-1] == "a.txt"


def test_links_are_followed_once_and_a_dangling_one_is_a_document_that_is_missing(tmp_path: Path) -> None:
    made(tmp_path, "in/a.txt", "away/b.txt")
    try:
        (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
        (tmp_path / "in" / "other").symlink_to(tmp_path / "away")
        (tmp_path / "in" / "twice").symlink_to(tmp_path / "away")
        (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nowhere")
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert list(found(tmp_path / "in")[0]) == ["a.txt", "gone.txt", "other/b.txt"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="its disks take A and a for one letter")
def test_names_that_differ_only_by_case_get_names_that_differ(tmp_path: Path) -> None:
    names, _ = found(made(tmp_path, "A/Report.txt", "a/report.txt", "B/x.txt", "B/X.txt"))
    assert len(names) == 4 and all("~" in name for name in names)
    several, _ = found(tmp_path / "A", tmp_path / "a")
    assert len(several) == 2


def test_a_long_name_gets_a_shorter_one(tmp_path: Path) -> None:
    long = ["馆" * 83 + ".txt", "馆" * 82 + "所.txt"]
    try:
        made(tmp_path, *long, "b" * 250 + ".txt")
    except OSError:
        pytest.skip("this disk takes no names so long")
    names, _ = found(tmp_path)
    assert len(names) == 3 and all(len(name.encode()) <= 250 and name.endswith(".txt") for name in names)
    assert list(found(tmp_path / long[0])[0]) == [name for name, source in names.items() if Path(source).name == long[0]]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are UTF-8 there")
def test_a_name_that_is_not_utf8_is_read_under_another(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xd4\xc6\xcf\xaa.txt"
    Path(os.fsdecode(path)).write_text("x", "utf-8")
    ((name, source),) = found(tmp_path)[0].items()
    assert name.encode() and Path(source).read_text("utf-8") == "x"


@pytest.mark.parametrize(("path", "said"), [("leer", "no documents in this folder"), ("nichts*.txt", "nothing matches")])
def test_what_holds_no_document_is_told(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "leer").mkdir()
    names, told = found(tmp_path / path)
    assert not names and len(told) == 1 and said in told[0]


@given(st.lists(st.text(min_size=1, max_size=20), unique=True, max_size=20), st.integers(1, 5))
def test_every_document_is_of_one_shard(names: list[str], parts: int) -> None:
    names = [name for name in names if name.isprintable()]
    assert sorted(names) == sorted(name for part in range(1, parts + 1) for name in names if Shard(part, parts).takes(name))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=90), unique=True, max_size=12))
def test_names_of_one_folder_stay_apart_and_short(names: list[str]) -> None:
    called = sources._distinct(names)
    assert len({name.casefold() for name in called.values()}) == len(names)
    assert all(len(name.encode()) <= 255 for name in called.values())

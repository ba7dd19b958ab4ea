"""Documents and results at URLs that fsspec knows: in memory, and as files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import fsspec
import pytest
from click.testing import CliRunner, Result

from extractor.batch import local, manifest, storage
from extractor.batch.job import Job, Outcome, Task, attempt
from extractor.batch.job import convert as convert_document
from extractor.cli import cli

TEXT = "云溪县图书馆{}年工作总结\n一、主要工作\n全年接待读者{}人次，3月5日举办讲座1场。\n"


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No processes: each would have a memory:// of its own."""

    def here(tasks: Iterable[Task | Outcome], job: Job, workers: int | None = None) -> Iterator[Outcome]:
        return (task if isinstance(task, Outcome) else attempt(convert_document, task, job) for task in tasks)

    monkeypatch.setattr(local, "run", here)


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    files = fsspec.filesystem("memory")
    for number in range(6):
        files.pipe_file(f"/in/{'甲乙'[number % 2]}/{2000 + number // 2}.txt", TEXT.format(2000 + number, number).encode())
    files.pipe_file("/in/坏.docx", b"PK\x03\x04 broken")
    files.pipe_file("/in/说明.md", b"x")
    yield files
    for folder in ("/in", "/out", "/evil"):
        if files.exists(folder):
            files.rm(folder, recursive=True)


def convert(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["convert", *map(str, arguments)])


def content(url: str) -> dict[str, bytes]:
    files, path = storage.remote(url)
    return {place[len(path) :].lstrip("/"): files.cat_file(place) for place in sorted(files.find(path))}


@pytest.mark.usefixtures("inline", "memory")
def test_a_folder_at_a_url_is_walked_and_results_are_those_of_a_disk(tmp_path: Path) -> None:
    result = convert("memory://in", "-o", "memory://out")
    assert result.exit_code == 2 and "7 documents: 6 converted, 1 failed" in result.stderr and "坏.docx: the .docx" in result.stderr
    first = content("memory://out")
    assert "7 documents: 6 unchanged, 1 failed" in convert("memory://in", "-o", "memory://out").stderr
    assert content("memory://out") == first and len(first) == 7
    for name, data in content("memory://in").items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    convert(tmp_path / "in", "-o", tmp_path / "out")
    assert {name: data for name, data in first.items() if name != "manifest.jsonl"} == {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*.json")
    }


@pytest.mark.usefixtures("inline")
def test_what_changed_at_a_url_is_read_again(memory: fsspec.AbstractFileSystem) -> None:
    convert("memory://in", "-o", "memory://out")
    memory.pipe_file("/in/甲/2000.txt", TEXT.format(2000, 99).encode())
    memory.rm("/out/乙/2001.txt.json")
    assert "2 converted, 4 unchanged, 1 failed" in convert("memory://in", "-o", "memory://out").stderr
    assert json.loads(memory.cat_file("/out/甲/2000.txt.json"))["figures"][0]["value"] == 99


@pytest.mark.usefixtures("inline", "memory")
def test_patterns_and_single_documents_at_urls() -> None:
    assert len(convert("memory://in/*/2000.txt").stdout.splitlines()) == 2
    assert json.loads(convert("memory://in/甲/2000.txt").stdout)["source"]["name"] == "2000.txt"
    for missing in ("memory://in/no.txt", "memory://nowhere"):
        result = convert(missing)
        assert result.exit_code == 2 and "no documents at this address" in result.stderr


@pytest.mark.usefixtures("inline")
def test_the_journal_of_an_object_store_is_taken_up(memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "_SEGMENT", 2)
    convert("memory://in", "-o", "memory://out")
    whole = content("memory://out")
    memory.rm("/out", recursive=True)
    with monkeypatch.context() as killed:
        killed.setattr(manifest.Manifest, "close", lambda self: None)
        convert("memory://in", "-o", "memory://out")
    assert sum("journal-" in name for name in content("memory://out")) == 3 and "manifest.jsonl" not in content("memory://out")
    assert "1 converted, 5 unchanged" in convert("memory://in", "-o", "memory://out").stderr  # the segment begun is lost
    assert content("memory://out") == whole


@pytest.mark.usefixtures("inline")
def test_no_name_at_a_url_leads_out_of_the_folder_of_results(memory: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    memory.store["/evil/../../x.txt"] = memory.store["/in/甲/2000.txt"]
    memory.pseudo_dirs.append("/evil")
    convert("memory://evil", "-o", tmp_path / "a" / "b" / "out")
    assert not list(tmp_path.glob("*.json")) and not list((tmp_path / "a").glob("*.json"))


def test_files_by_url_are_read_by_worker_processes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.txt").write_text(TEXT.format(2000, number), "utf-8")
    for said in ("3 converted", "3 unchanged"):
        assert said in convert(f"file://{tmp_path}/in", "-o", f"file://{tmp_path}/out", "--workers", "1").stderr
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_an_address_of_an_unknown_kind_is_told(tmp_path: Path) -> None:
    for arguments in (["nokind://x"], [__file__, "-o", "nokind://x"]):
        result = convert(*arguments)
        assert result.exit_code == 2 and "nokind://x: this address cannot be opened" in result.stderr and "Traceback" not in result.stderr


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server on this machine that speaks S3, known to worker processes too."""
    pytest.importorskip("s3fs", reason="s3fs and moto[server] take a minute to install and are not among the development dependencies")
    server = pytest.importorskip("moto.server", reason="s3fs and moto[server] take a minute to install and are not among the development dependencies")
    serving = server.ThreadedMotoServer(port=0, verbose=False)
    serving.start()
    host, port = serving.get_host_and_port()
    for name, value in {"ENDPOINT_URL": f"http://{host}:{port}", "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    fsspec.filesystem("s3").clear_instance_cache()
    fsspec.filesystem("s3").makedirs("shelf", exist_ok=True)
    yield "s3://shelf"
    fsspec.filesystem("s3").clear_instance_cache()
    serving.stop()


def test_an_object_store_of_the_s3_kind(bucket: str, tmp_path: Path) -> None:
    files = fsspec.filesystem("s3")
    for number in range(12):
        data = TEXT.format(2000 + number, number).encode()
        files.pipe_file(f"shelf/in/{'甲乙'[number % 2]}/{number}.txt", data)
        (tmp_path / "in" / "甲乙"[number % 2]).mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / "甲乙"[number % 2] / f"{number}.txt").write_bytes(data)
    assert "12 converted" in convert(f"{bucket}/in", "-o", f"{bucket}/out", "--workers", "2").stderr
    assert "12 unchanged" in convert(f"{bucket}/in", "-o", f"{bucket}/out", "--workers", "2").stderr
    convert(tmp_path / "in", "-o", tmp_path / "out", "--workers", "1")
    whole = {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*.json")}
    assert {name: data for name, data in content(f"{bucket}/out").items() if name != "manifest.jsonl"} == whole
    files.pipe_file("shelf/in/甲/0.txt", TEXT.format(2000, 99).encode())
    assert "1 converted, 11 unchanged" in convert(f"{bucket}/in", "-o", f"{bucket}/out", "--workers", "1").stderr


def test_a_bucket_that_is_not_there_is_told(bucket: str) -> None:
    for arguments in (["s3://nowhere/in"], [__file__, "-o", "s3://nowhere/out"]):
        result = convert(*arguments)
        assert result.exit_code == 2 and "s3://nowhere" in result.stderr and "Traceback" not in result.stderr and result.exception.__class__ is SystemExit

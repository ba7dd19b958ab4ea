"""Many documents: every fault costs one document, nothing is lost or done twice, and the bytes are always the same."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import extractor
from extractor.batch import local, run, storage
from extractor.batch.job import Job, Outcome, Task
from extractor.batch.manifest import Manifest
from extractor.batch.progress import Progress
from extractor.cli import cli
from extractor.rules import load

ROOT = Path(__file__).parents[1]
TEXT = "云溪县图书馆{}年工作总结\n一、主要工作\n全年接待读者{}人次，3月5日举办讲座1场。\n"
JOB = Job(rules=None, output=None, seconds=20)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of twelve reports in three folders, two of one name, and one that cannot be read."""
    for number in range(12):
        path = tmp_path / "年报" / "甲乙丙"[number % 3] / f"{2000 + number // 3 * 3}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(2000 + number, 30000 + number), "utf-8")
    (tmp_path / "年报" / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    return tmp_path / "年报"


def convert(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["convert", *map(str, arguments)])


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "extractor", "convert", *map(str, arguments)]


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def faulty(task: Task, job: Job) -> Outcome:
    """A worker's function for which some documents are poison."""
    if task.name == "killer":
        os.kill(os.getpid(), signal.SIGKILL)
    if task.name == "hang":
        time.sleep(600)
    if task.name == "hungry":
        bytearray(64 << 30)
    if task.name == "once" and not Path(task.source).exists():
        Path(task.source).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(task, "converted", data=task.name.encode())


def test_poison_costs_one_document_and_order_is_kept(tmp_path: Path) -> None:
    names = ["a", "killer", "b", "hang", "c", "hungry", "d", "once", *map(str, range(20))]
    tasks = [Task(str(tmp_path / name), name) for name in names]
    outcomes = list(local.run(tasks, JOB._replace(seconds=3), 2, faulty))
    assert [outcome.task for outcome in outcomes] == tasks
    failed = {outcome.task.name: outcome.reason or "" for outcome in outcomes if outcome.status == "failed"}
    assert failed.keys() == {"killer", "hang", "hungry"}
    assert "SIGKILL" in failed["killer"] and "3 seconds" in failed["hang"] and "MB of memory" in failed["hungry"]


def test_tasks_are_taken_only_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        while True:
            taken += 1
            yield Task("", str(taken))

    outcomes = local.run(endless(), JOB, 1, faulty)
    assert [next(outcomes).task.name for _ in range(5)] == ["1", "2", "3", "4", "5"]
    assert taken <= 5 + local.AHEAD
    outcomes.close()  # type: ignore[attr-defined]


def test_any_number_of_workers_gives_the_same_bytes(shelf: Path, tmp_path: Path) -> None:
    for workers in (1, 3):
        result = convert(shelf, "-o", tmp_path / f"out{workers}", "--workers", str(workers))
        assert result.exit_code == 2 and "坏.docx" in result.stderr
    assert content(tmp_path / "out1") == content(tmp_path / "out3")
    assert len(content(tmp_path / "out1")) == 13


def test_only_what_changed_is_read_again(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "13 documents: 12 converted, 1 failed" in convert(shelf, "-o", out).stderr
    before = content(out)
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("*.json")}
    again = convert(shelf, "-o", out)
    assert "13 documents: 12 unchanged, 1 failed" in again.stderr and again.exit_code == 2
    assert content(out) == before and stamps == {path: path.stat().st_mtime_ns for path in out.rglob("*.json")}
    (shelf / "甲" / "2000.txt").write_text(TEXT.format(2000, 99), "utf-8")
    (out / "乙" / "2003.txt.json").unlink()
    assert "13 documents: 2 converted, 10 unchanged, 1 failed" in convert(shelf, "-o", out).stderr
    assert "99人次" in (out / "甲" / "2000.txt.json").read_text("utf-8")


def test_what_failed_is_tried_again_when_it_is_mended_or_asked_for(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    convert(shelf, "-o", out)
    entry = next(entry for line in (out / "manifest.jsonl").read_text("utf-8").splitlines() if (entry := json.loads(line))["status"] == "failed")
    assert entry["name"] == "坏.docx" and "damaged" in entry["reason"]
    assert "damaged" in convert(shelf, "-o", out, "--retry-failed").stderr
    (shelf / "坏.docx").write_bytes((ROOT / "corpus/cangya-2018/cangya-2018.docx").read_bytes())
    assert convert(shelf, "-o", out).exit_code == 0
    (shelf / "坏.docx").write_bytes(b"PK\x03\x04 broken again")
    assert convert(shelf, "-o", out).exit_code == 2
    assert not (out / "坏.docx.json").exists()  # no stale result


def test_another_rule_set_reads_everything_again(shelf: Path, tmp_path: Path) -> None:
    manifest = Manifest(str(tmp_path), "rules-1")
    task = Task(str(shelf / "甲" / "2000.txt"), "甲/2000.txt")
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "2000.txt.json").touch()
    digest = hashlib.sha256((shelf / "甲" / "2000.txt").read_bytes()).hexdigest()
    manifest.add(Outcome(task, "converted", digest, "r"))
    manifest.close()
    assert Manifest(str(tmp_path), "rules-1").unchanged(task, False) is not None
    assert Manifest(str(tmp_path), "rules-2").unchanged(task, False) is None


def test_two_shelves_do_not_write_over_each_other(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert convert(shelf / "甲", "-o", out).exit_code == 0
    before = content(out)
    clash = convert(shelf / "乙", "-o", out)
    assert clash.exit_code == 2 and "would take the place of" in clash.stderr
    assert {name: data for name, data in content(out).items() if name != "manifest.jsonl"} == {name: data for name, data in before.items() if name != "manifest.jsonl"}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(TEXT.format(2000, number) * 3, "utf-8")
    return folder


def interrupted(many: Path, out: Path, sent: int) -> subprocess.CompletedProcess[str]:
    """A run that gets a signal once some documents are done."""
    process = subprocess.Popen(command(many, "-o", out), cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(list(out.glob("*.json"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    if sent == signal.SIGKILL:
        os.killpg(process.pid, sent)
    else:
        process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess([], process.returncode, "", errors)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_ended_goes_on_to_the_same_bytes(sent: int, many: Path, tmp_path: Path) -> None:
    subprocess.run(command(many, "-o", tmp_path / "whole"), cwd=ROOT, check=True, capture_output=True)
    ended = interrupted(many, tmp_path / "out", sent)
    if sent == signal.SIGINT:
        assert ended.returncode == 130 and "run the same command again to go on" in ended.stderr
        assert "Traceback" not in ended.stderr
    done = len(list((tmp_path / "out").glob("*.json")))
    again = subprocess.run(command(many, "-o", tmp_path / "out"), cwd=ROOT, check=True, capture_output=True, text=True)
    assert f"{len(list(many.iterdir()))} documents" in again.stderr
    if done < 60:
        assert "unchanged" in again.stderr
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_full_disk_ends_the_run_with_a_message_and_the_next_one_finishes(many: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: writing fails part of the way in the same manner."""
    out = tmp_path / "out"
    limited = subprocess.run(["bash", "-c", 'ulimit -f 1; exec "$@"', "-", *command(many, "-o", out)], cwd=ROOT, capture_output=True, text=True)
    assert limited.returncode == 2 and "cannot be written" in limited.stderr and "Traceback" not in limited.stderr
    assert not list(out.rglob("*.part")) and not list(out.rglob("*.txt.json"))
    assert subprocess.run(command(many, "-o", out), cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert len(list(out.glob("*.txt.json"))) == 60


def test_a_vanished_document_and_a_file_for_a_folder(shelf: Path, tmp_path: Path) -> None:
    outcome = next(iter(local.run([Task(str(tmp_path / "无.txt"), "无.txt")], JOB, 1)))
    assert outcome.status == "failed" and "no such file" in (outcome.reason or "")
    (tmp_path / "file").touch()
    result = convert(shelf, "-o", tmp_path / "file")
    assert result.exit_code == 2 and "cannot be written" in result.stderr


def test_shards_take_every_document_once_and_join(shelf: Path, tmp_path: Path) -> None:
    for part in range(1, 4):
        assert "cannot be written" not in convert(shelf, "-o", tmp_path / "out", "--shard", f"{part}/3").stderr
    assert len(list((tmp_path / "out").glob("manifest.*-of-3.jsonl"))) == 3
    joined = convert(shelf, "-o", tmp_path / "out")
    assert "13 documents: 12 unchanged, 1 failed" in joined.stderr
    convert(shelf, "-o", tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")
    assert convert(shelf, "--shard", "4/3").exit_code == 2


def test_results_go_to_object_stores_too(shelf: Path) -> None:
    output = "memory://out"
    tasks = [Task(str(path), path.name) for path in sorted((shelf / "甲").iterdir())]
    job = JOB._replace(output=output)

    def here(pending: Iterator[Task], job: Job) -> Iterator[Outcome]:  # memory:// is of one process
        from extractor.batch.job import convert

        return (convert(task, job) for task in pending)

    for expected in ("converted", "unchanged"):
        manifest = Manifest(output, load().sha256)
        assert {outcome.status for outcome in run.run(tasks, job, manifest, here)} == {expected}  # type: ignore[arg-type]
    assert storage.exists("memory://out/manifest.jsonl")
    assert json.loads(storage.read("memory://out/2000.txt.json"))["organization"] == "云溪县图书馆"


def test_convert_many_yields_reports_and_failures(shelf: Path) -> None:
    paths = [shelf / "甲" / "2000.txt", shelf / "坏.docx", shelf / "乙" / "2000.txt"]
    results = list(extractor.convert_many(paths, workers=2))
    assert [result.source for result in results] == [str(path) for path in paths]
    assert results[0].report is not None and results[0].report == extractor.extract(paths[0])
    assert results[1].report is None and "damaged" in (results[1].error or "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_rate_and_remaining_time_a_log_sees_lines() -> None:
    seconds = iter(range(100))
    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        progress = Progress(4, stream, lambda: float(next(seconds)))
        for status in ("converted", "failed"):
            progress.add(Outcome(Task(f"{status}.docx", status), status, reason="it is broken: mend it"), "out/x.json")  # type: ignore[arg-type]
        progress.finish(interrupted=True)
    assert "[2/4, 1 failed]" in terminal.getvalue() and "/s, 0:00:0" in terminal.getvalue()
    assert log.getvalue().splitlines() == [
        "[1/4] converted.docx -> out/x.json", "failed.docx: it is broken: mend it",
        "4 documents: 1 converted, 1 failed, 2 left; run the same command again to go on",
    ]  # fmt: skip

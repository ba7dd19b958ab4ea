"""Many documents: every fault costs one document, nothing is lost or done twice, and the bytes are always the same."""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner, Result

import extractor
from extractor.batch import local, order, storage
from extractor.batch.claim import claim
from extractor.batch.job import Job, Outcome, Task, attempt
from extractor.batch.job import convert as convert_document
from extractor.batch.progress import Progress
from extractor.cli import cli
from extractor.errors import RuleError

ROOT = Path(__file__).parents[1]
TEXT = "云溪县图书馆{}年工作总结\n一、主要工作\n全年接待读者{}人次，3月5日举办讲座1场。\n"
JOB = Job(seconds=20)


def here(tasks: Iterable[Task | Outcome], job: Job, workers: int | None = None) -> Iterator[Outcome]:
    """An engine without processes, for what has nothing to do with them."""
    return (task if isinstance(task, Outcome) else attempt(convert_document, task, job) for task in tasks)


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "run", here)


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


# --- workers --------------------------------------------------------------------------------------


def faulty(task: Task, job: Job) -> Outcome:
    """A worker's function for which some documents are poison."""
    if task.name == "killer":
        os.kill(os.getpid(), signal.SIGKILL)
    if task.name == "leaver":
        os._exit(7)
    if task.name == "hang":
        time.sleep(600)
    if task.name == "hungry":
        bytearray(64 << 30)
    if task.name == "deep":
        return faulty(task, job)
    if task.name == "once" and not Path(task.source).exists():
        Path(task.source).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(task, "converted", data=task.name.encode())


def test_poison_costs_one_document_and_order_is_kept(tmp_path: Path) -> None:
    names = ["a", "killer", "b", "hang", "c", "hungry", "d", "deep", "leaver", "once", *map(str, range(20))]
    tasks = [Task(str(tmp_path / name), name) for name in names]
    (tmp_path / "killer").write_bytes(b"poison")
    outcomes = list(local.run(tasks, JOB._replace(seconds=1), 2, faulty))
    assert [outcome.task for outcome in outcomes] == tasks
    failed = {outcome.task.name: outcome.reason or "" for outcome in outcomes if outcome.status == "failed"}
    assert failed.keys() == {"killer", "hang", "hungry", "deep", "leaver"}
    assert "2 times (SIGKILL)" in failed["killer"] and "lower --workers" in failed["killer"] and "exit code 7" in failed["leaver"]
    assert "longer than 1 seconds" in failed["hang"] and "MB of memory" in failed["hungry"] and "nested" in failed["deep"]
    assert outcomes[1].sha256 == hashlib.sha256(b"poison").hexdigest()  # so that it is not tried again before it changes


def test_tasks_are_taken_only_as_they_are_needed_and_leaving_early_ends_the_workers() -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        while True:
            taken += 1
            yield Task("", str(taken))

    outcomes = local.run(endless(), JOB, 1, faulty)
    assert [next(outcomes).task.name for _ in range(5)] == ["1", "2", "3", "4", "5"]
    assert taken <= 5 + order.AHEAD
    assert len(multiprocessing.active_children()) == 1
    outcomes.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def test_what_needs_no_work_starts_no_worker_and_keeps_its_place() -> None:
    ready = [Outcome(Task("", str(number)), "unchanged") for number in range(100)]
    assert list(local.run(ready, JOB, 2, faulty)) == ready


def test_a_worker_killed_while_it_is_idle_costs_nothing(tmp_path: Path) -> None:
    def tasks() -> Iterator[Task | Outcome]:
        yield Task("", "a")
        for number in range(2 * order.AHEAD):  # by then the first is done and its worker idle
            yield Outcome(Task("", str(number)), "unchanged")
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
        yield Task("", "b")

    assert {outcome.status for outcome in local.run(tasks(), JOB, 1, faulty)} == {"converted", "unchanged"}


def test_workers_that_cannot_start_end_the_run_with_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_serve", os.abort)
    with pytest.raises(local.WorkerError, match="before they are ready"):
        list(local.run([Task("", "a")], JOB, 1, faulty))


def test_rules_that_change_while_a_run_goes_on_end_it() -> None:
    with pytest.raises(RuleError, match="not the rules that the run began with"):
        list(local.run([Task("", "a")], JOB._replace(digest="another"), 1, faulty))


def test_any_number_of_workers_gives_the_same_bytes(shelf: Path, tmp_path: Path) -> None:
    for workers in (1, 3):
        result = convert(shelf, "-o", tmp_path / f"out{workers}", "--workers", str(workers))
        assert result.exit_code == 2 and "坏.docx" in result.stderr
    assert content(tmp_path / "out1") == content(tmp_path / "out3")
    assert len(content(tmp_path / "out1")) == 13


# --- the manifest ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("inline")
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


@pytest.mark.usefixtures("inline")
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


@pytest.mark.usefixtures("inline")
def test_other_rules_another_domain_and_another_version_read_everything_again(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, own = tmp_path / "out", tmp_path / "rules"
    own.mkdir()
    rule = '[[unit]]\nid = "{0}"\nunit = "{0}"\nforms = ["{0}"]\nexamples = ["读书3{0}"]\nrejects = ["3页"]\n'
    (own / "units.toml").write_text(rule.format("遍遍"), "utf-8")
    for arguments in ([], ["--domain", "museum"], ["--rules", own]):
        assert "4 converted" in convert(shelf / "甲", "-o", out, *arguments).stderr
        assert "4 unchanged" in convert(shelf / "甲", "-o", out, *arguments).stderr
    monkeypatch.setattr("extractor.batch.manifest.__version__", "99")
    assert "4 converted" in convert(shelf / "甲", "-o", out, "--rules", own).stderr


@pytest.mark.usefixtures("inline")
def test_two_shelves_do_not_write_over_each_other(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert convert(shelf / "甲", "-o", out).exit_code == 0
    before = content(out)
    clash = convert(shelf / "乙", "-o", out)
    assert clash.exit_code == 2 and clash.stderr.count("would take the place of") == 4
    assert content(out) == before


@pytest.mark.usefixtures("inline")
def test_one_shelf_named_in_two_ways_is_one(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shelf)
    assert convert("甲", "-o", tmp_path / "out").exit_code == 0
    (shelf / "甲" / "2000.txt").write_text(TEXT.format(2000, 99), "utf-8")
    assert "1 converted, 3 unchanged" in convert(shelf / "甲", "-o", tmp_path / "out").stderr


@pytest.mark.usefixtures("inline")
def test_a_damaged_manifest_costs_the_lines_that_are_damaged(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    convert(shelf, "-o", out)
    before = content(out)
    lines = (out / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    (out / "manifest.jsonl").write_bytes(b"".join([*lines[:4], lines[4][:30] + b"\xff\0\n", *lines[5:9], b'{"name": 1}\n', *lines[10:]]))
    again = convert(shelf, "-o", out)
    assert "2 lines of the manifest are damaged" in again.stderr and "2 converted, 10 unchanged, 1 failed" in again.stderr
    assert content(out) == before


@pytest.mark.usefixtures("inline")
def test_a_document_called_manifest_is_a_document(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "manifest.txt").write_text(TEXT.format(2000, 1), "utf-8")
    for _ in range(2):
        convert(tmp_path / "in", "-o", tmp_path / "out")
        assert content(tmp_path / "out").keys() == {"manifest.jsonl", "manifest.txt.json"}


@pytest.mark.usefixtures("inline")
def test_a_document_that_vanished_is_told_and_its_result_stays(shelf: Path, tmp_path: Path) -> None:
    out, path = tmp_path / "out", shelf / "甲" / "2000.txt"
    convert(path, "-o", out)
    path.unlink()
    gone = convert(path, "-o", out)
    assert gone.exit_code == 2 and f"{path}: no such file" in gone.stderr and (out / "2000.txt.json").exists()
    path.write_text(TEXT.format(2000, 1), "utf-8")
    assert convert(path, "-o", out).exit_code == 0


@pytest.mark.usefixtures("inline")
def test_shards_take_every_document_once_and_join(shelf: Path, tmp_path: Path) -> None:
    for part in (3, 1, 2):
        assert "cannot be written" not in convert(shelf, "-o", tmp_path / "out", "--shard", f"{part}/3").stderr
    assert len(list((tmp_path / "out").glob("manifest.*-of-3.jsonl"))) == 3
    joined = convert(shelf, "-o", tmp_path / "out")
    assert "13 documents: 12 unchanged, 1 failed" in joined.stderr
    convert(shelf, "-o", tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")
    assert "converted" not in convert(shelf, "-o", tmp_path / "out", "--shard", "1/2").stderr  # a part knows what all know
    for wrong in ("4/3", "0/3", "a/b", "1", "¹/2"):
        assert convert(shelf, "--shard", wrong).exit_code == 2


@pytest.mark.usefixtures("inline")
def test_two_runs_at_once_in_one_folder_are_refused(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with claim(str(out)):
        for arguments in ([], ["--shard", "1/2"]):
            refused = convert(shelf, "-o", out, *arguments)
            assert refused.exit_code == 2 and "another run is at work in this folder" in refused.stderr
    (out / ".running.2-of-2").mkdir(parents=True)
    (out / ".running.2-of-2" / "7.part").touch()  # left behind by a part that was killed
    assert "12 converted" in convert(shelf, "-o", out).stderr
    assert not list(out.glob(".*"))


# --- runs that are ended --------------------------------------------------------------------------


MANY = 40


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number:02}.txt").write_text(TEXT.format(2000, number) * 3, "utf-8")
    return folder


def interrupted(many: Path, out: Path, sent: int) -> subprocess.CompletedProcess[str]:
    """A run that gets a signal once some documents are done."""
    process = subprocess.Popen(
        command(many, "-o", out, "--workers", "1"), cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # tests run in the background inherit that it is ignored
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while len(list(out.glob("*.json"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    if sent != signal.SIGTERM:  # a terminal interrupts the workers too
        os.killpg(process.pid, sent)
    else:
        process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess([], process.returncode, "", errors)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_was_ended_goes_on_to_the_same_bytes(sent: int, many: Path, tmp_path: Path) -> None:
    ended = interrupted(many, tmp_path / "out", sent)
    if sent != signal.SIGKILL:
        assert ended.returncode == 128 + sent and "run the same command again to go on" in ended.stderr
        assert "Traceback" not in ended.stderr and not list((tmp_path / "out").glob(".*"))
    done = len(list((tmp_path / "out").glob("*.json")))
    again = convert(many, "-o", tmp_path / "out", "--workers", "1")
    assert again.exit_code == 0 and f"{MANY} documents" in again.stderr
    assert ("unchanged" in again.stderr) == (done > 1)
    convert(many, "-o", tmp_path / "whole", "--workers", "1")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


@pytest.mark.usefixtures("inline")
def test_whatever_a_kill_leaves_is_taken_up(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end comes in each of the moments of a run: a result half written, a line of the journal half written, the manifest
    half written, the manifest written but not the journal removed."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    convert(shelf, "-o", whole)
    lines = (whole / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    for journal in (lines[:3], [*lines[:3], lines[3][:40]], lines):
        (out / ".running").mkdir(parents=True)
        (out / ".running" / "journal").write_bytes(b"".join(journal))
        (out / ".running" / "99.part").write_bytes(b"{")
        (out / ".running" / "lock").touch()
        if journal == lines:
            (out / "manifest.jsonl").write_bytes(b"".join(lines))
        for entry in map(json.loads, lines[:3]):
            if entry["status"] == "converted":
                (out / entry["name"]).parent.mkdir(parents=True, exist_ok=True)
                (out / f"{entry['name']}.json").write_bytes((whole / f"{entry['name']}.json").read_bytes())
        assert "damaged:" not in convert(shelf, "-o", out).stderr.replace("坏.docx", "")
        assert content(out) == content(whole)
        shutil.rmtree(out)


def test_a_full_disk_ends_the_run_with_a_message_and_the_next_one_finishes(many: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: writing fails part of the way in the same manner."""
    out = tmp_path / "out"
    limited = subprocess.run(["bash", "-c", 'ulimit -f 1; exec "$@"', "-", *command(many, "-o", out, "--workers", "1")], cwd=ROOT, capture_output=True, text=True)
    assert limited.returncode == 2 and "cannot be written" in limited.stderr and "Traceback" not in limited.stderr
    assert not list(out.rglob("*.part")) and not list(out.rglob("*.txt.json"))
    assert convert(many, "-o", out, "--workers", "1").exit_code == 0
    assert len(list(out.glob("*.txt.json"))) == MANY


@pytest.mark.usefixtures("inline")
def test_a_disk_that_is_full_in_the_middle_keeps_what_is_done(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the manifest's journal the last line is cut off; what it told is read again."""
    written = 0

    def limited(file: BinaryIO, data: bytes) -> None:
        nonlocal written
        written += 1
        if written == 5:
            file.write(data[:20])
            raise storage.StorageError(file.name, "it cannot be written (No space left on device)", "free some space")
        file.write(data)

    monkeypatch.setattr(storage, "append", limited)
    full = convert(shelf, "-o", tmp_path / "out")
    assert full.exit_code == 2 and "No space left" in full.stderr and "9 left; run the same command again" in full.stderr
    monkeypatch.undo()
    monkeypatch.setattr(local, "run", here)
    convert(shelf, "-o", tmp_path / "out")
    convert(shelf, "-o", tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_file_for_a_folder(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = convert(shelf, "-o", tmp_path / "file")
    assert result.exit_code == 2 and "cannot be written" in result.stderr


@pytest.mark.usefixtures("inline")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere, and Windows has no such mode")
def test_a_folder_that_may_not_be_written(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    result = convert(shelf, "-o", tmp_path / "out")
    assert result.exit_code == 2 and "cannot be written (Permission denied)" in result.stderr


@pytest.mark.usefixtures("inline")
def test_a_folder_in_the_place_of_a_result_costs_one_document(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "甲" / "2000.txt.json").mkdir(parents=True)
    result = convert(shelf, "-o", tmp_path / "out")
    assert result.exit_code == 2 and "11 converted, 2 failed" in result.stderr and "2000.txt: its result cannot be written" in result.stderr


# --- from Python, and what is shown ---------------------------------------------------------------


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

"""A cluster: the same bytes as one machine, also where a machine is lost in the middle or a document is poison."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from extractor.batch import cluster, local
from extractor.batch.command import convert_all
from extractor.batch.job import Job, Outcome, Task, convert
from extractor.cli import cli
from extractor.rules import load

TEXT = "云溪县图书馆{}年工作总结\n一、主要工作\n全年接待读者{}人次，3月5日举办讲座1场。\n"

try:
    import ray
    from ray import cloudpickle
    from ray.cluster_utils import Cluster
except ImportError:
    ray = None

needs_ray = pytest.mark.skipif(ray is None, reason="Ray (257 MB) is not among the development dependencies: pip install -e '.[dev,ray]'")


def faulty(task: Task, job: Job) -> Outcome:
    """Reads a document slowly, unless its name says otherwise."""
    if task.name == "killer":
        os.kill(os.getpid(), signal.SIGKILL)
    if task.name == "hang":
        time.sleep(600)
    if task.name == "hungry":
        bytearray(64 << 30)
    time.sleep(0.1)
    return convert(task, job)


def test_without_ray_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = run(__file__, "-o", tmp_path / "out", "--engine", "ray")
    assert result.exit_code == 2 and "pip install 'extractor[ray]'" in result.stderr


@pytest.fixture(scope="module")
def machines() -> Iterator[Any]:
    """A cluster of two machines, on this one."""
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False, "object_store_memory": 80 << 20})
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["convert", *map(str, arguments)])


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(TEXT.format(2000 + number % 20, number), "utf-8")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    return folder


@needs_ray
def test_a_machine_lost_in_the_middle_costs_nothing(machines: Any, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = machines.add_node(num_cpus=1, object_store_memory=80 << 20)
    machines.wait_for_nodes()
    assert ray.cluster_resources()["CPU"] == 2
    out, in_its_hands = tmp_path / "out", []

    def lose() -> None:
        while len(list(out.glob("*.json"))) < 20:
            time.sleep(0.02)
        machines.remove_node(second, allow_graceful=False)

    def counted(crew: Any, worker: Any, how: str) -> Iterator[tuple[Any, Any]]:
        in_its_hands.extend(worker.turns)
        return lost(crew, worker, how)

    def slowly(tasks: Iterable[Task | Outcome], job: Job) -> Iterator[Outcome]:
        return cluster.run(tasks, job, work=faulty)

    job = Job(digest=load().sha256, output=str(out))
    tasks = [Task(str(path), path.name) for path in sorted(shelf.iterdir())]
    lost = cluster._Crew._lose
    monkeypatch.setattr(cluster._Crew, "_lose", counted)
    losing = threading.Thread(target=lose)
    losing.start()
    messages = io.StringIO()
    assert convert_all(tasks, job, None, slowly, False, print, messages) == 2
    losing.join()
    assert in_its_hands
    assert "61 documents: 60 converted, 1 failed" in messages.getvalue()
    run(shelf, "-o", tmp_path / "whole", "--workers", "1")
    assert content(out) == content(tmp_path / "whole")
    assert "60 unchanged" in run(shelf, "-o", out, "--engine", "ray").stderr


@needs_ray
def test_the_command_line_reads_on_a_cluster(machines: Any, shelf: Path, tmp_path: Path) -> None:
    assert "60 converted, 1 failed" in run(shelf, "-o", tmp_path / "out", "--engine", "ray", "--address", machines.address).stderr


@needs_ray
def test_poison_costs_one_document(machines: Any, tmp_path: Path) -> None:
    names = ["a", "killer", "b", "hang", "hungry", *map(str, range(20))]
    for name in names:
        (tmp_path / name).write_text(TEXT.format(2000, 1), "utf-8")
    tasks = [Task(str(tmp_path / name), name) for name in names]
    outcomes = list(cluster.run(tasks, Job(digest=load().sha256, seconds=2), None, None, faulty))
    assert [outcome.task for outcome in outcomes] == tasks
    failed = {outcome.task.name: outcome.reason or "" for outcome in outcomes if outcome.status == "failed"}
    assert failed.keys() == {"killer", "hang", "hungry"}
    assert "3 times" in failed["killer"] and "longer than 2 seconds" in failed["hang"] and "MB of memory" in failed["hungry"]
    assert json.loads(outcomes[0].data or b"")["period"] == "2000"
    assert [outcome.data for outcome in outcomes if outcome.data] == [outcome.data for outcome in local.run([task for task in tasks if task.name not in failed], Job(), 1)]

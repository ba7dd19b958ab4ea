"""A cluster of machines: Ray actors that load the rules once and convert chunks of documents (extra `ray`).

Documents and results are on a disk that all machines see, or at URLs. Where a worker is lost, with its machine or by a
document, the documents in its hands are tried again by themselves, so that a poisonous one costs itself only.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from extractor.batch.job import (
    Job,
    Outcome,
    Task,
    Work,
    WorkerError,
    attempt,
    bounded,
    convert,
    failed,
    killed,
    late,
    start,
)
from extractor.batch.local import cores
from extractor.batch.order import AHEAD, Turn, in_order
from extractor.errors import ExtractorError

CHUNK = 8
"""Documents an actor is given at a time: a call costs a millisecond, and so many are done again where a worker is lost."""
TRIES = 3
"""A document is tried so often, the last two times by itself."""
_STARTS = 8
"""So many workers in a row may be lost before they are ready."""
_PATIENCE = 600.0
"""Seconds in which a cluster must have a worker: it may have to start a machine first."""
_LOOK = 2.0
"""Seconds after which the cluster is looked at again: machines come and go."""
_GRACE = 30.0
"""Seconds beyond all time limits of a chunk in which its worker must answer."""


def run(tasks: Iterable[Task | Outcome], job: Job, workers: int | None = None, address: str | None = None, work: Work = convert) -> Iterator[Outcome]:
    """The outcomes of `work` on the tasks, in their order, as `local.run` gives them. `workers` is the most there may be
    (default: one for each CPU of the cluster); without `address` (or RAY_ADDRESS) this machine is the cluster.
    Raises `StorageError`, `RuleError`, `WorkerError`."""
    ray, ours = _connected(address, workers)
    ahead = AHEAD * CHUNK * (workers or max(_processors(ray), 1))
    yield from in_order(tasks, _Crew(ray, ours, job, work, workers), ahead, CHUNK)


def _connected(address: str | None, workers: int | None) -> tuple[Any, bool]:
    """Ray, connected, and whether the connection is ours to end."""
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray
    except ImportError:
        raise WorkerError("--engine ray", "it needs the extra `ray`", "run: pip install 'extractor[ray]'") from None
    if ray.is_initialized():
        return ray, False
    alone = address is None and "RAY_ADDRESS" not in os.environ
    options: dict[str, Any] = {"num_cpus": workers or cores(), "include_dashboard": False} if alone else {"address": address}
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        raise WorkerError(address or "Ray", f"the cluster cannot be reached ({' '.join(str(error).split())[:200]})", "check the address, and that `ray start` has run") from error
    return ray, True


def _processors(ray: Any) -> int:
    return int(ray.cluster_resources().get("CPU", 0))


class _Reader:
    """What runs on the cluster: a process of its own that has the rules."""

    def __init__(self, job: Job, work: Work) -> None:
        self.job, self.work = job, work

    def begin(self) -> ExtractorError | None:
        try:
            start(self.job)
        except ExtractorError as error:
            return error
        return None

    def convert(self, tasks: Sequence[Task]) -> list[Outcome] | ExtractorError:
        """The outcomes of the tasks, or what ends the run. A document that takes too long ends the process."""
        found = []
        for task in tasks:
            try:
                with bounded(self.job.seconds):
                    found.append(attempt(self.work, task, self.job))
            except ExtractorError as error:
                return error
            if found[-1].worn:
                break
        return found


class _Worker:
    """An actor and the documents in its hands; `answer` is what it has been asked for last."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self.answer: Any = actor.begin.remote()
        self.turns: list[Turn] = []
        self.ready = False
        self.since = time.monotonic()

    def take(self, turns: Sequence[Turn]) -> None:
        self.turns = [turn._replace(tries=turn.tries + 1) for turn in turns]
        self.answer, self.since = self.actor.convert.remote([turn.task for turn in turns]), time.monotonic()


class _Crew:
    """The actors of a run: one for each CPU that the cluster has at the moment."""

    def __init__(self, ray: Any, ours: bool, job: Job, work: Work, most: int | None) -> None:
        self._ray, self._ours, self._job, self._work, self._most = ray, ours, job, work, most
        self._actor = ray.remote(_Reader).options(num_cpus=1, max_restarts=0, max_task_retries=0, scheduling_strategy="SPREAD")
        self._workers: list[_Worker] = []
        self._false_starts, self._size = 0, 0
        self._looked = self._heard = -_PATIENCE

    def takes(self, turns: Sequence[Turn]) -> bool:
        self._look()
        worker = next((worker for worker in self._workers if worker.ready and worker.answer is None), None)
        if worker is not None:
            worker.take(turns)
            return True
        if len(self._workers) < self._size:
            self._workers.append(_Worker(self._actor.remote(self._job, self._work)))
        return False

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked > _LOOK:
            here = max(_processors(self._ray), 1)
            self._looked, self._size = now, min(self._most or here, here)

    def finished(self) -> Iterator[tuple[Turn, Outcome | None]]:
        asked = {worker.answer: worker for worker in self._workers if worker.answer is not None}
        if not asked:
            return
        answered, _ = self._ray.wait(list(asked), num_returns=1, timeout=_LOOK)
        now = time.monotonic()
        if answered or self._heard < 0:
            self._heard = now
        for answer in answered:
            yield from self._hear(asked[answer])
        for worker in asked.values():
            if worker.turns and now - worker.since > len(worker.turns) * self._job.seconds + _GRACE:
                yield from self._lose(worker, "no answer")
        if not any(worker.ready for worker in self._workers) and now - self._heard > _PATIENCE:
            raise WorkerError("--engine ray", f"no machine of the cluster has had a free CPU for {_PATIENCE:g} seconds", "look at `ray status`, and run the same command again")

    def _hear(self, worker: _Worker) -> Iterator[tuple[Turn, Outcome | None]]:
        """What a worker answers: it is ready, or done, or lost."""
        try:
            said = self._ray.get(worker.answer)
        except self._ray.exceptions.RayError as error:
            return (yield from self._lose(worker, type(error).__name__))
        if isinstance(said, ExtractorError):
            raise said
        turns, worker.turns, worker.answer = worker.turns, [], None
        if not worker.ready:
            worker.ready, self._false_starts = True, 0
            return
        outcomes: list[Outcome] = said
        yield from zip(turns, outcomes, strict=False)
        yield from ((turn._replace(tries=turn.tries - 1), None) for turn in turns[len(outcomes) :])
        if outcomes[-1].worn:
            self._dismiss(worker)

    def _lose(self, worker: _Worker, how: str) -> Iterator[tuple[Turn, Outcome | None]]:
        self._dismiss(worker)
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _STARTS:
                raise WorkerError("--engine ray", f"workers end before they are ready ({how})", "check that `extractor` of this version is installed on every machine")
        alone, took = len(worker.turns) == 1, time.monotonic() - worker.since
        for turn in reversed(worker.turns):
            if alone and took >= self._job.seconds:
                yield turn, failed(turn.task, late(self._job))
            elif alone and turn.tries >= TRIES:
                yield turn, failed(turn.task, killed(how, turn.tries))
            else:
                yield turn, None
        worker.turns = []

    def _dismiss(self, worker: _Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
        self._ray.kill(worker.actor, no_restart=True)
        self._looked = -_PATIENCE

    def stop(self) -> None:
        for worker in self._workers:
            self._ray.kill(worker.actor, no_restart=True)
        self._workers.clear()
        if self._ours:
            self._ray.shutdown()

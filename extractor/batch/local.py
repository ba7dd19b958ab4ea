"""The cores of this machine: worker processes that a document may crash, hang or fill without harm to the others.

Every worker has a pipe of its own and one document at a time, so whatever way it ends, at any moment, it is known
which document was in its hands, and nothing that others need (a queue, a lock) goes with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for

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
from extractor.batch.order import AHEAD, Turn, in_order
from extractor.errors import ExtractorError

DOCUMENTS = 2000
"""A worker is replaced after so many documents, so that nothing a library leaks adds up."""
TRIES = 2
"""A document whose worker died is tried once more: it may have been killed for another one's hunger."""
_STARTS = 3
"""So many workers in a row may die before they are ready."""
_GRACE = 10.0
"""Seconds after its time limit in which a worker is ended by its own alarm, should the main process be gone."""
_SPAWN = multiprocessing.get_context("spawn")


def cores() -> int:
    """How many processes can run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(tasks: Iterable[Task | Outcome], job: Job, workers: int | None = None, work: Work = convert) -> Iterator[Outcome]:
    """The outcomes of `work` on the tasks, in their order; what comes as an outcome keeps its place. Tasks are taken only as
    they are needed. Raises `StorageError`, `RuleError`, `WorkerError`."""
    count = workers or cores()
    return in_order(tasks, _Crew(job, work, count), AHEAD * count)


class _Worker:
    """A process and the document in its hands; `since`: when it took it, None while the process is starting."""

    def __init__(self, job: Job, work: Work) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_serve, args=(theirs, job, work), daemon=True)
        blocked = hasattr(signal, "pthread_sigmask") and signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            theirs.close()
            if blocked is not False:
                signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        self.turn: Turn | None = None
        self.since: float | None = None
        self.ready, self.served = False, 0

    def take(self, turn: Turn) -> None:
        self.turn, self.since = turn, time.monotonic() if self.ready else None
        self.served += 1
        self.pipe.send(turn.task)

    def end(self, patience: float = 0.0) -> None:
        """Ends the process, which may take some seconds to do so by itself."""
        self.process.join(patience)
        self.process.kill()
        self.pipe.close()
        self.process.join()


class _Crew:
    """The workers of a run."""

    def __init__(self, job: Job, work: Work, count: int) -> None:
        self._job, self._work, self._count = job, work, count
        self._workers: list[_Worker] = []
        self._false_starts = 0

    def takes(self, turns: Sequence[Turn]) -> bool:
        (turn,) = turns
        worker = next((worker for worker in self._workers if worker.turn is None), None)
        if worker is None:
            if len(self._workers) >= self._count:
                return False
            worker = _Worker(self._job, self._work)
            self._workers.append(worker)
        try:
            worker.take(turn._replace(tries=turn.tries + 1))
        except (BrokenPipeError, ConnectionError):  # it died idle
            worker.turn = None
            self._dismiss(worker)
            return self.takes(turns)
        return True

    def finished(self) -> Iterator[tuple[Turn, Outcome | None]]:
        limits = [worker.since + self._job.seconds for worker in self._workers if worker.turn is not None and worker.since is not None]
        busy = {worker.pipe: worker for worker in self._workers if worker.turn is not None}
        heard = wait_for(list(busy), max(0.0, min(limits) - time.monotonic()) if limits else None)
        for pipe, worker in busy.items():
            turn = worker.turn
            if turn is None:
                continue
            if pipe in heard:
                outcome = self._hear(worker, turn)
                if worker.turn is None:
                    yield turn._replace(tries=turn.tries - 1) if outcome is None and not worker.ready else turn, outcome
            elif worker.since is not None and time.monotonic() - worker.since > self._job.seconds:
                self._dismiss(worker)
                yield turn, failed(turn.task, late(self._job))

    def _hear(self, worker: _Worker, turn: Turn) -> Outcome | None:
        """What a worker says: it is ready, or done, or (by its silence) dead. Its hands are empty afterwards unless it was
        only getting ready."""
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            code = self._dismiss(worker, patience=2.0)
            if not worker.ready:
                self._false_starts += 1
                if self._false_starts >= _STARTS:
                    raise WorkerError("worker processes", f"they end before they are ready ({_how(code)})", "free some memory; in a program of your own call this below `if __name__ == '__main__':`") from None
                return None
            return None if turn.tries < TRIES else failed(turn.task, killed(_how(code), TRIES))
        if isinstance(said, ExtractorError):
            raise said
        if said is None:
            worker.ready, worker.since, self._false_starts = True, time.monotonic(), 0
            return None
        outcome: Outcome = said
        worker.turn = None
        if outcome.worn or worker.served >= DOCUMENTS:
            self._dismiss(worker)
        return outcome

    def _dismiss(self, worker: _Worker, patience: float = 0.0) -> int:
        self._workers.remove(worker)
        worker.turn = None
        worker.end(patience)
        return worker.process.exitcode or 0

    def stop(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()


def _serve(pipe: Connection, job: Job, work: Work) -> None:
    """A worker's life: ready, then document after document until the pipe is closed."""
    try:
        for sent in (signal.SIGINT, signal.SIGTERM):  # the main process handles them
            signal.signal(sent, signal.SIG_IGN)
        start(job)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        pipe.send(None)
        while True:
            task = pipe.recv()
            with bounded(job.seconds + _GRACE):
                outcome = attempt(work, task, job)
            pipe.send(outcome)
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return
    except ExtractorError as error:
        pipe.send(error)


def _how(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"

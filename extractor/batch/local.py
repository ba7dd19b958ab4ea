"""The cores of this machine: worker processes that a document may crash, hang or fill without harm to the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as Late

from pebble import ProcessExpired, ProcessPool

from extractor.batch.job import Job, Outcome, Task, convert, out_of_memory, start

AHEAD = 8
"""Documents a worker may be ahead of the oldest one that is not done: results wait for their turn in bounded memory."""
TASKS = 400
"""A worker is replaced after so many documents, so that nothing a library leaks adds up."""
TRIES = 2
"""A document whose worker died is tried once more: it may have been killed for another one's hunger."""


def cores() -> int:
    """How many processes can run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(tasks: Iterable[Task], job: Job, workers: int | None = None, work: Callable[[Task, Job], Outcome] = convert) -> Iterator[Outcome]:
    """The outcomes of `work` on the tasks, in their order. Tasks are taken as they are needed. Raises `StorageError`."""
    count = workers or cores()
    source = enumerate(tasks)
    running: dict[Future[Outcome], tuple[int, Task, int]] = {}
    done: dict[int, Outcome] = {}
    turn, exhausted = 0, False
    pool = ProcessPool(max_workers=count, max_tasks=TASKS, context=multiprocessing.get_context("spawn"), initializer=start, initargs=(job,))

    def submit(number: int, task: Task, tries: int) -> None:
        running[pool.schedule(work, args=(task, job), timeout=job.seconds)] = (number, task, tries)

    try:
        while running or not exhausted:
            while not exhausted and len(running) < 2 * count and len(running) + len(done) < AHEAD * count:
                number, task = next(source, (-1, None))
                if task is None:
                    exhausted = True
                else:
                    submit(number, task, 1)
            for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                number, task, tries = running.pop(future)
                outcome = _outcome(future, task, job, tries)
                if outcome is None:
                    submit(number, task, tries + 1)
                else:
                    done[number] = outcome
            while turn in done:
                yield done.pop(turn)
                turn += 1
        pool.close()  # type: ignore[no-untyped-call]
        pool.join()
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _outcome(future: Future[Outcome], task: Task, job: Job, tries: int) -> Outcome | None:
    """The outcome of a document that is through; None where it is to be tried again."""
    try:
        return future.result()
    except Late:
        return Outcome(task, "failed", reason=f"it took longer than {job.seconds:g} seconds: split it, or raise --timeout")
    except ProcessExpired as error:
        return None if tries < TRIES else Outcome(task, "failed", reason=f"it ended the program that read it ({_how(error.exitcode)}): please report it with the file")
    except MemoryError:
        return Outcome(task, "failed", reason=out_of_memory(job))


def _how(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"

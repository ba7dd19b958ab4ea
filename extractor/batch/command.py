"""`extractor convert`: one document is printed, many are a run that can be interrupted and taken up again."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TextIO

from extractor.batch import run
from extractor.batch.claim import claim
from extractor.batch.job import Job, Task, attempt, convert, indented, target
from extractor.batch.manifest import Manifest
from extractor.batch.progress import Progress
from extractor.batch.shard import Shard
from extractor.errors import ExtractorError

Emit = Callable[[bytes], None]


def convert_one(tasks: Sequence[Task], job: Job, emit: Emit, messages: TextIO) -> int:
    """Prints the JSON of the one document there is, read in this process; the exit code."""
    for task in tasks:
        outcome = attempt(convert, task, job)
        if outcome.data is None:
            print(f"{task.source}: {outcome.reason}", file=messages)
            return 2
        emit(indented(outcome.data).removesuffix(b"\n"))
    return 0


def convert_all(tasks: Sequence[Task], job: Job, shard: Shard | None, engine: run.Engine, retry_failed: bool, emit: Emit, messages: TextIO) -> int:
    """Converts the documents, tells of each, and at the end of all; the exit code."""
    progress = Progress(len(tasks), messages)
    stopped, code = False, 0
    try:
        with _terminated() as signals, contextlib.ExitStack() as held:
            manifest = None
            if job.output is not None:
                job = job._replace(scratch=held.enter_context(claim(job.output, shard)))
                manifest = Manifest(job, shard)
                if manifest.damaged:
                    print(f"{job.output}: {manifest.damaged} lines of the manifest are damaged: their documents are read again", file=messages)
            for outcome in run.run(tasks, job, manifest, engine, retry_failed):
                if outcome.data is not None:
                    emit(outcome.data)
                progress.add(outcome, target(outcome.task, job.output) if job.output is not None else None)
    except KeyboardInterrupt:
        stopped, code = True, 128 + (signals.pop() if signals else signal.SIGINT)
    except ExtractorError as error:
        progress.clear()
        print(error, file=messages)
        stopped, code = True, 2
    if len(tasks) != 1 or stopped:
        progress.finish(stopped)
    return code or (2 if progress.failed else 0)


@contextlib.contextmanager
def _terminated() -> Iterator[list[int]]:
    """While this lasts, a request to end (SIGTERM, as schedulers send) is an interrupt; gives the list it is put into."""
    signals: list[int] = []

    def interrupt(sent: int, frame: FrameType | None) -> None:
        signals.append(sent)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield signals
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield signals
    finally:
        signal.signal(signal.SIGTERM, before)

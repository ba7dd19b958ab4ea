"""One document of many, in a worker: read, extract, write; whatever goes wrong with it is its own outcome."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import extractor.batch.storage as storage
from extractor.errors import ExtractorError, RuleError

SECONDS = 300.0
"""A document may take so long."""
MEMORY = 4 << 30
"""Bytes that a document may need beside the program itself; a report needs a hundredth of it."""
Status = Literal["converted", "unchanged", "failed"]


class Known(NamedTuple):
    """What an earlier run with the same rules found: hashes of the document and of its JSON, or why it failed."""

    sha256: str
    result: str | None
    reason: str | None


class Task(NamedTuple):
    """A document: where it is, the name of its result (relative, with slashes), and what is known of it."""

    source: str
    name: str
    known: Known | None = None


class Job(NamedTuple):
    """What all documents of a run share: the folder of rules and the hash of what they say; the folder of results (without
    it they are handed back) and the one of what is not finished; the limits of a document."""

    rules: str | None = None
    digest: str | None = None
    output: str | None = None
    scratch: str | None = None
    domain: str | None = None
    seconds: float = SECONDS
    memory: int = MEMORY


class Outcome(NamedTuple):
    """What became of a document. `sha256` is that of its bytes (None: they could not be read), `result` that of its JSON;
    `reason` says in one line why it failed; `data` is the JSON where nothing is written; `worn`: the worker is not to be
    used again."""

    task: Task
    status: Status
    sha256: str | None = None
    result: str | None = None
    reason: str | None = None
    data: bytes | None = None
    worn: bool = False


class WorkerError(ExtractorError):
    """Workers cannot be started, or the cluster not reached. It ends a run."""


Work: TypeAlias = Callable[[Task, Job], Outcome]


def target(task: Task, output: str) -> str:
    """Where a document's result is written."""
    return storage.join(output, f"{task.name}.json")


# --- a worker's life ------------------------------------------------------------------------------


def start(job: Job) -> None:
    """Begins a worker: the rules are loaded once, then memory is limited. Raises `RuleError` where the rules are not those
    the run began with."""
    from extractor.rules import load

    loaded = load(job.rules)
    if job.digest not in (None, loaded.sha256):
        raise RuleError(str(loaded.folder), "these are not the rules that the run began with", "leave them alone while it goes on (on a cluster: the same on every machine), and run again")
    gc.collect()
    gc.freeze()  # the rules stay: collecting after every document need not look at them
    _limit_memory(job.memory)


def _limit_memory(more: int) -> None:
    """Limits this process's address space to what it has now and so many bytes more, where the system can."""
    if sys.platform == "win32" or more <= 0:
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + more, resource.getrlimit(resource.RLIMIT_AS)[1]))


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Around one document in a worker. The system ends this process after so many seconds, even deep inside a library and
    with nobody left to watch it; what the document leaves behind in reference cycles (trees of lxml) is freed."""
    alarm = hasattr(signal, "setitimer")
    if alarm:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        gc.collect()


def attempt(work: Work, task: Task, job: Job) -> Outcome:
    """The outcome of `work` on a document. Raises only `StorageError` and `RuleError`, which end the run."""
    try:
        return work(task, job)
    except (storage.StorageError, RuleError):
        raise
    except ExtractorError as error:
        return failed(task, f"{error.problem}: {error.advice}")
    except MemoryError:
        return failed(task, f"it needs more than {job.memory >> 20} MB of memory: split it, or raise --memory and add --retry-failed", worn=True)
    except RecursionError:
        return failed(task, "it is nested too deeply: open it in its own program and save it again")
    except Exception as error:  # a fault of ours in one document must not stop the others
        return failed(task, f"an unexpected fault ({type(error).__name__}: {' '.join(str(error).split())[:200]}): please report it with the file")


def failed(task: Task, reason: str, worn: bool = False) -> Outcome:
    """A failure, with the document's hash: it is not tried again before the document or the rules change."""
    digest = None
    with contextlib.suppress(Exception):
        digest = hashlib.sha256(storage.read(task.source)).hexdigest()
    return Outcome(task, "failed", digest, reason=_plain(reason), worn=worn)


def late(job: Job) -> str:
    """What is said of a document that takes too long."""
    return f"it took longer than {job.seconds:g} seconds: split it, or raise --timeout and add --retry-failed"


def killed(how: str, tries: int) -> str:
    """What is said of a document whose worker died each time it was tried."""
    memory = ", as where the machine's memory runs out: split it, or lower --workers and add --retry-failed" if how == "SIGKILL" else ": please report it with the file"
    return f"it ended the program that read it, {tries} times ({how}){memory}"


def _plain(words: str) -> str:
    return " ".join(words.encode("utf-8", "backslashreplace").decode().split())


# --- one document ---------------------------------------------------------------------------------


def convert(task: Task, job: Job) -> Outcome:
    """Converts one document, unless nothing changed. Raises `ExtractorError`."""
    import msgspec

    from extractor import pipeline, readers
    from extractor.rules import load

    data = storage.read(task.source)
    digest = hashlib.sha256(data).hexdigest()
    before = settled(task, digest, job)
    if before is not None:
        return before
    line = msgspec.json.encode(pipeline.extract(readers.read(data, task.source), load(job.rules), job.domain))
    if job.output is None:
        return Outcome(task, "converted", digest, hashlib.sha256(line).hexdigest(), data=line)
    written = indented(line)
    storage.write(target(task, job.output), [written], job.scratch)
    return Outcome(task, "converted", digest, hashlib.sha256(written).hexdigest())


def settled(task: Task, digest: str, job: Job) -> Outcome | None:
    """The outcome of a document that is, with this hash of its bytes, as an earlier run found it."""
    if task.known is None or task.known.sha256 != digest or job.output is None:
        return None
    if task.known.reason is not None:
        return Outcome(task, "failed", digest, reason=task.known.reason)
    return Outcome(task, "unchanged", digest, task.known.result) if storage.exists(target(task, job.output)) else None


def indented(line: bytes) -> bytes:
    """The JSON of a report as it stands in a file of its own."""
    import msgspec

    return msgspec.json.format(line, indent=2) + b"\n"

"""One document of many, in a worker: read, extract, write; whatever goes wrong with it is its outcome."""

from __future__ import annotations

import contextlib
import hashlib
import signal
import sys
from typing import Literal, NamedTuple

from extractor.batch import storage
from extractor.errors import ExtractorError

SECONDS = 300.0
"""A document may take so long."""
MEMORY = 4 << 30
"""Bytes of address space a worker may have; a report needs a tenth of it, text recognition a third."""
Status = Literal["converted", "unchanged", "failed"]


class Task(NamedTuple):
    """A document: where it is, and the name of its result, relative, with slashes."""

    source: str
    name: str


class Job(NamedTuple):
    """What all documents of a run share. Without `output` the results are handed back."""

    rules: str | None
    output: str | None
    seconds: float = SECONDS
    memory: int = MEMORY


class Outcome(NamedTuple):
    """What became of a document. `sha256` is that of its bytes (None: they could not be read), `result` that of its JSON;
    `reason` says in one line why it failed; `data` is the JSON where nothing is written."""

    task: Task
    status: Status
    sha256: str | None = None
    result: str | None = None
    reason: str | None = None
    data: bytes | None = None


def target(task: Task, output: str) -> str:
    """Where a document's result is written."""
    return storage.join(output, f"{task.name}.json")


def start(job: Job) -> None:
    """Begins a worker: its memory is limited, an interrupt is the main process's to handle, the rules are loaded once."""
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(job.memory)
    from extractor.rules import load

    load(job.rules).tables.compile_all()


def limit_memory(size: int) -> None:
    """Limits this process's address space, where the system can (not on Windows)."""
    if sys.platform == "win32" or size <= 0:
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def convert(task: Task, job: Job) -> Outcome:
    """Converts one document. Raises only `StorageError`, which ends the run; all else is the document's own failure."""
    digest: str | None = None
    try:
        data = storage.read(task.source)
        digest = hashlib.sha256(data).hexdigest()
        found = encoded(data, task.source, job.rules)
        written = found if job.output is None else indented(found)
    except storage.StorageError:
        raise
    except ExtractorError as error:
        return Outcome(task, "failed", digest, reason=f"{error.problem}: {error.advice}")
    except MemoryError:
        return Outcome(task, "failed", digest, reason=out_of_memory(job))
    except RecursionError:
        return Outcome(task, "failed", digest, reason="it is nested too deeply: open it in its own program and save it again")
    except Exception as error:  # a fault of ours in one document must not stop the others
        return Outcome(task, "failed", digest, reason=f"an unexpected fault ({type(error).__name__}: {_short(error)}): please report it with the file")
    result = hashlib.sha256(written).hexdigest()
    if job.output is None:
        return Outcome(task, "converted", digest, result, data=written)
    storage.write(target(task, job.output), written)
    return Outcome(task, "converted", digest, result)


def encoded(data: bytes, source: str, rules: str | None) -> bytes:
    """The JSON of a document's report, on one line."""
    import msgspec

    from extractor import pipeline, readers
    from extractor.rules import load

    return msgspec.json.encode(pipeline.extract(readers.read(data, source), load(rules)))


def indented(line: bytes) -> bytes:
    """The same as it stands in a file of its own."""
    import msgspec

    return msgspec.json.format(line, indent=2) + b"\n"


def out_of_memory(job: Job) -> str:
    """What is said of a document that needs too much."""
    return f"it needs more than {job.memory >> 20} MB of memory: split it, or raise --memory"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]

"""A run over many documents: what is up to date is skipped, the rest goes to an engine, every outcome is noted."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator

import extractor.batch.storage as storage
from extractor.batch.job import Job, Outcome, Task, settled
from extractor.batch.manifest import Manifest
from extractor.errors import ExtractorError

Engine = Callable[[Iterable[Task | Outcome], Job], Iterator[Outcome]]
"""Gives the outcomes of tasks in their order; what comes as an outcome needs no work and keeps its place."""


def run(tasks: Iterable[Task], job: Job, manifest: Manifest | None, through: Engine, retry_failed: bool = False) -> Iterator[Outcome]:
    """The outcomes of all tasks in their order, all noted in the manifest, which is closed also where the run is
    interrupted. Raises `StorageError` where results cannot be written."""
    if manifest is None:
        yield from through(tasks, job)
        return
    try:
        for outcome in through((_known(task, job, manifest, retry_failed) for task in tasks), job):
            manifest.add(outcome)
            yield outcome
    finally:
        manifest.close()


def _known(task: Task, job: Job, manifest: Manifest, retry_failed: bool) -> Task | Outcome:
    """The task with what is known of it; its outcome, where it needs no work or may not be done. A document at a URL is
    compared by the worker that fetches it."""
    task = task._replace(known=manifest.known(task, retry_failed))
    if task.known is not None and not storage.is_url(task.source):
        with contextlib.suppress(ExtractorError):
            before = settled(task, hashlib.sha256(storage.read(task.source)).hexdigest(), job)
            if before is not None:
                return before
    other = manifest.taken(task)
    if other is not None:
        return Outcome(task, "failed", reason=f"its result would take the place of {other}'s: choose another folder with -o")
    return task

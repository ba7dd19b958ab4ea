"""A run over many documents: what is up to date is skipped, the rest goes to an engine, every outcome is noted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from extractor.batch.job import Job, Outcome, Task
from extractor.batch.manifest import Manifest

Engine = Callable[[Iterable[Task], Job], Iterator[Outcome]]


def of_shard(tasks: Sequence[Task], shard: tuple[int, int]) -> list[Task]:
    """The tasks of part i of n (i from 1): by a hash of their names, so that every machine takes the same ones."""
    part, parts = shard
    return [task for task in tasks if int(hashlib.sha256(task.name.encode()).hexdigest()[:12], 16) % parts == part - 1]


def run(tasks: Sequence[Task], job: Job, manifest: Manifest | None, through: Engine, retry_failed: bool = False) -> Iterator[Outcome]:
    """The outcomes of all tasks, those that need no work first as they are met, all noted in the manifest.

    The manifest is closed also where the run is interrupted. Raises `StorageError` where results cannot be written.
    """
    if manifest is None:
        yield from through(tasks, job)
        return
    ready: list[Outcome] = []

    def needed() -> Iterator[Task]:
        for task in tasks:
            other = manifest.taken(task)
            outcome = _taken(task, other) if other else manifest.unchanged(task, retry_failed)
            if outcome is None:
                yield task
            else:
                ready.append(outcome)

    try:
        for outcome in through(needed(), job):
            while ready:
                yield ready.pop(0)
            manifest.add(outcome)
            yield outcome
        yield from ready
    finally:
        manifest.close()


def _taken(task: Task, other: str) -> Outcome:
    return Outcome(task, "failed", reason=f"its result would take the place of {other}'s: choose another folder with -o")

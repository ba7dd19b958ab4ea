"""Many documents from Python: reports and failures as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extractor.batch.job import MEMORY, SECONDS, Job, Task

if TYPE_CHECKING:
    from extractor.model import Report


class Result(NamedTuple):
    """One document's outcome: its report, or what was wrong with it and what to do."""

    source: str
    report: Report | None
    error: str | None


def convert_many(
    paths: Iterable[str | Path], rules: str | Path | None = None, *, domain: str | None = None, workers: int | None = None, seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Iterator[Result]:  # fmt: skip
    """The reports of many files in their order, as they come and in constant memory; `paths` may be endless.

    `workers` processes (default: one a core) read them; a document that takes longer than `seconds`, needs more than
    `memory` bytes, or kills its worker is a `Result` with an `error`. Raises `RuleError` where `rules` is broken.
    """
    import msgspec

    from extractor import domains
    from extractor.batch import local
    from extractor.model import Report
    from extractor.rules import load

    loaded = load(rules)
    domains.must_exist(domain, loaded.tables.domains)
    decoder = msgspec.json.Decoder(Report)
    tasks = (Task(str(path), str(path)) for path in paths)
    job = Job(None if rules is None else str(rules), loaded.sha256, domain=domain, seconds=seconds, memory=memory)
    for outcome in local.run(tasks, job, workers):
        report = decoder.decode(outcome.data) if outcome.data is not None else None
        yield Result(outcome.task.source, report, outcome.reason)

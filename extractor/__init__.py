"""Reads Chinese year-end reports into dated events, figures and awards with exact positions.

The public API. Offsets are code points; EDTF is ISO 8601-2; every error is an `ExtractorError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.errors import ExtractorError, RuleError, UnreadableDocument, UnsupportedFormat
from extractor.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from extractor.batch.many import Result
    from extractor.model import Check, Date, Document, Quantity, Report
    from extractor.rules import Rules

__all__ = [
    "ExtractorError", "RuleError", "UnreadableDocument", "UnsupportedFormat", "__version__",
    "check", "convert_many", "extract", "find_dates", "find_quantities", "load_rules", "read",
]  # fmt: skip


def read(source: str | Path | bytes, name: str | None = None) -> Document:
    """The positioned document in a file or in its bytes. Raises `UnreadableDocument` or `UnsupportedFormat`."""
    from extractor import readers

    return readers.read(source, name)


def extract(source: Document | str | Path | bytes, rules: Rules | None = None, domain: str | None = None) -> Report:
    """Everything a document reports: events, figures, awards, media, statistics, each with its span of `text`.

    `domain`: the kind of institution, where its name does not tell it."""
    from extractor import pipeline

    return pipeline.extract(source, rules, domain)


def check(report: Report, *earlier_reports: Report, rules: Rules | None = None) -> Check:
    """Where a report contradicts its own form, itself, or the reports of earlier years: findings, gravest first."""
    from extractor import pipeline

    return pipeline.check(report, *earlier_reports, rules=rules)


def convert_many(
    paths: Iterable[str | Path], rules: str | Path | None = None, *, domain: str | None = None, workers: int | None = None, seconds: float = 300,
    memory: int = 4 << 30,
) -> Iterator[Result]:  # fmt: skip
    """The reports of many files as they come, in their order and in constant memory.

    A file that cannot be read, takes longer than `seconds`, needs more than `memory` bytes, or crashes its worker process is
    a result with an error. Raises `RuleError` where `rules` is broken. A script calls this below
    ``if __name__ == "__main__":``, since the workers import it."""
    from extractor.batch import many

    return many.convert_many(paths, rules, domain=domain, workers=workers, seconds=seconds, memory=memory)


def load_rules(path: str | Path | None = None) -> Rules:
    """The built-in rules, with those in the folder `path` laid over them, validated as a whole. Raises `RuleError`."""
    from extractor import rules

    return rules.load(path)


def find_quantities(text: str) -> list[Quantity]:
    """The numbers of a text with hedge, interval and unit, in order; spans slice `text`. Bare numbers have no unit."""
    from extractor import quantities, rules

    return quantities.find(text, rules.tables().quantities)


def find_dates(text: str, year: int | None = None) -> list[Date]:
    """The dates of a text in EDTF, in order. `year` is taken where the words give none; without it: XXXX-03-05."""
    from extractor import dates, rules

    return dates.find(text, rules.tables().dates, year=year)


def __dir__() -> list[str]:
    return sorted(__all__)

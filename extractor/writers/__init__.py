"""Findings -> files. One module a format, each with ``write(checks) -> bytes``; to add one: a module and its line here."""

from __future__ import annotations

from typing import NamedTuple


class Writer(NamedTuple):
    """`module` holds ``write``; it is imported when it is needed."""

    module: str
    suffix: str


WRITERS: dict[str, Writer] = {
    "text": Writer("extractor.writers.text", ".txt"),
    "json": Writer("extractor.writers.json", ".json"),
}

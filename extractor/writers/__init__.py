"""Findings -> files. One module a format, each with ``write(checked) -> bytes``; to add one: a module and its line here."""

from __future__ import annotations

from collections.abc import Callable

from extractor.writers import html, json, sarif, text

WRITERS: dict[str, Callable[..., bytes]] = {"text": text.write, "json": json.write, "html": html.write, "sarif": sarif.write}

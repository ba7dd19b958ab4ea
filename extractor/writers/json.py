"""Checks as JSON: one object for one report, JSON Lines for several."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from extractor.model import Check, Report
from extractor.writers.words import Lang


def write(checked: Sequence[tuple[Report, Check]], lang: Lang = "zh") -> bytes:
    """The checks in order; a single one is indented. Only the messages have a language, and they have it already."""
    encoded = [msgspec.json.encode(check) for _, check in checked]
    if len(encoded) == 1:
        return msgspec.json.format(encoded[0], indent=2) + b"\n"
    return b"".join(line + b"\n" for line in encoded)

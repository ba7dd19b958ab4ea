"""Quotes of a gold file in a report's text, and when two things are the same. Positions are compared on the text without
white space, so one gold file serves every rendition of a report."""

from __future__ import annotations

from typing import Protocol

Span = tuple[int, int]


class Placed(Protocol):
    """Whatever has a place in the text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Locator:
    """Finds quotes in a report's text and turns spans into offsets without white space."""

    def __init__(self, text: str) -> None:
        self.flat = "".join(text.split())
        self._places: list[int] = []
        count = 0
        for char in text:
            self._places.append(count)
            count += not char.isspace()
        self._places.append(count)

    def span(self, record: Placed) -> Span:
        """The record's span on the text without white space."""
        return self._places[record.start], self._places[record.end]

    def find(self, quote: str, raw: str) -> list[Span]:
        """Every place of `raw` as it stands in `quote` (at about its 14th character where it occurs twice)."""
        quote, raw = "".join(quote.split()), "".join(raw.split())
        inner = quote.find(raw)
        if quote.count(raw) > 1 and len(quote) >= 16:
            near = quote.find(raw, max(0, min(14, len(quote) - len(raw)) - 2))
            inner = near if near >= 0 else inner
        if inner < 0:
            return []
        places, at = [], self.flat.find(quote)
        while at >= 0:
            places.append((at + inner, at + inner + len(raw)))
            at = self.flat.find(quote, at + 1)
        return places


def meets(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def same(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def plain(text: object) -> str:
    return "".join(char for char in str(text or "") if char.isalnum())


def equal(got: object, wanted: object) -> bool:
    if isinstance(got, int | float) and isinstance(wanted, int | float):
        return same(got, wanted)
    return plain(got) == plain(wanted)

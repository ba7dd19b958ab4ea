"""How far a run is: one line that moves on a terminal, plain lines in a log, and what became of all at the end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TextIO

from extractor.batch.job import Outcome, Status

_STATUSES: tuple[Status, ...] = ("converted", "unchanged", "failed")
_SHOWN = 20
"""So many failures are listed again at the end."""
_EVERY = 0.2
"""Seconds between two moves of the line."""


class Progress:
    """Counts outcomes and tells of them on `stream`. `clock` gives seconds."""

    def __init__(self, total: int, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._stream, self._clock = total, stream, clock
        self._counts: Counter[Status] = Counter()
        self._failed: list[tuple[str, str]] = []
        self._begun, self._told = clock(), 0.0
        self._moving = stream.isatty()

    @property
    def failed(self) -> int:
        return self._counts["failed"]

    @property
    def done(self) -> int:
        return self._counts.total()

    def add(self, outcome: Outcome, place: str | None = None) -> None:
        """Tells of one document; `place` is where its result is."""
        self._counts[outcome.status] += 1
        source = outcome.task.source.encode("utf-8", "backslashreplace").decode()
        if outcome.status == "failed":
            if len(self._failed) < _SHOWN:
                self._failed.append((source, outcome.reason or ""))
            self.clear()
            print(f"{source}: {outcome.reason}", file=self._stream)
        if self._moving:
            self._move(source)
        elif outcome.status == "converted":
            print(f"[{self.done}/{self._total}] {source}{f' -> {place}' if place else ''}", file=self._stream)

    def _move(self, source: str) -> None:
        now = self._clock()
        if now - self._told < _EVERY and self.done < self._total:
            return
        self._told = now
        rate = self.done / max(now - self._begun, 1e-6)
        left = timedelta(seconds=round((self._total - self.done) / rate))
        failed = f", {self.failed} failed" if self.failed else ""
        print(f"\r\x1b[K[{self.done}/{self._total}{failed}] {rate:.1f}/s, {left} left  {source[-48:]}", end="", file=self._stream, flush=True)

    def clear(self) -> None:
        """Takes the moving line away, so that something else can be said."""
        if self._moving:
            print("\r\x1b[K", end="", file=self._stream)

    def finish(self, interrupted: bool = False) -> None:
        """Says what became of all, and why some failed."""
        self.clear()
        parts = [f"{count} {status}" for status in _STATUSES if (count := self._counts[status])]
        left = self._total - self.done
        if left and interrupted:
            parts.append(f"{left} left; run the same command again to go on")
        print(f"{self._total} documents: {', '.join(parts) or 'none'}", file=self._stream)
        if self._moving or self.failed > _SHOWN:
            for source, reason in self._failed:
                print(f"  {source}: {reason}", file=self._stream)
        if self.failed > _SHOWN:
            print(f"  … and {self.failed - _SHOWN} more; manifest.jsonl has them all", file=self._stream)

"""Outcomes in the order of the documents, whatever the order in which workers bring them, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from extractor.batch.job import Outcome, Task

AHEAD = 8
"""Documents (or chunks of them) a worker may be ahead of the oldest one that is not done."""


class Turn(NamedTuple):
    """A document, its place in the order, and how often it has been tried."""

    number: int
    task: Task
    tries: int = 0


class Crew(Protocol):
    """Workers, wherever they are."""

    def takes(self, turns: Sequence[Turn]) -> bool:
        """Gives documents to an idle worker, or to a new one; False where none is free now."""

    def finished(self) -> Iterator[tuple[Turn, Outcome | None]]:
        """Waits for a worker; the documents that are through, and without an outcome those that are to be tried again."""

    def stop(self) -> None:
        """Ends the workers, also those at work."""


def in_order(tasks: Iterable[Task | Outcome], crew: Crew, ahead: int, chunk: int = 1) -> Iterator[Outcome]:
    """The outcomes of the tasks, in their order; what comes as an outcome keeps its place.

    Documents are given out `chunk` at a time, and by themselves if they are tried again. At most `ahead` are taken before
    the oldest of them is done. The workers are stopped also where the caller wants no more.
    """
    source = enumerate(tasks)
    waiting: deque[Turn] = deque()
    done: dict[int, Outcome] = {}
    turn, taken, more = 0, -1, True
    try:
        while more or turn <= taken:
            while more and len(waiting) < chunk and taken - turn < ahead:
                taken, item = next(source, (taken, None))
                if item is None:
                    more = False
                elif isinstance(item, Outcome):
                    done[taken] = item
                else:
                    waiting.append(Turn(taken, item))
            if turn in done:
                yield done.pop(turn)
                turn += 1
                continue
            turns = _next(waiting, chunk)
            if turns and crew.takes(turns):
                for _ in turns:
                    waiting.popleft()
                continue
            if turn > taken:
                continue
            for tried, outcome in crew.finished():
                if outcome is None:
                    waiting.appendleft(tried)
                else:
                    done[tried.number] = outcome
    finally:
        crew.stop()


def _next(waiting: Sequence[Turn], chunk: int) -> list[Turn]:
    turns: list[Turn] = []
    for item in waiting:
        if len(turns) == chunk or (item.tries and turns):
            break
        turns.append(item)
        if item.tries:
            break
    return turns

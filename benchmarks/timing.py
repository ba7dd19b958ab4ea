"""How long things take, side by side."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence


def least(tasks: Sequence[Callable[[], object]], runs: int) -> list[float]:
    """The least processor time of each task in seconds, the tasks run in turn after one round that is not counted."""
    best = [math.inf] * len(tasks)
    for number in range(runs + 1):
        for place, task in enumerate(tasks):
            begin = time.process_time()
            task()
            if number:
                best[place] = min(best[place], time.process_time() - begin)
    return best

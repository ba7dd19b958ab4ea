"""The recognisers against JioNLP: ``python -m benchmarks.recognisers [PATH] [--runs N] [--limit BYTES]`` prints Markdown.

`find_quantities` and `find_dates` together on one text, against JioNLP's extraction of times and of money on the same
text (extra ``bench``); one process, one core, in turn, the least processor time of the runs, one round not counted. Then the same text over
and over, twice as long each time, to show that time grows with the text and no faster; and what a new process pays for
importing both recognisers and using each once. PATH is a document that this package reads (default: the longest text of corpus/).
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import extractor
from benchmarks.timing import least

ROOT = Path(__file__).resolve().parent.parent
START = """
import time
begin = time.perf_counter()
import extractor
extractor.find_dates("2021年")
extractor.find_quantities("30.9万余人次")
print(time.perf_counter() - begin)
"""
FASTER, SPEED, GROWTH, COLD = 8, 500_000, 2.5, 60
"""The bars: times as fast as JioNLP, characters a second, growth of the time where the text doubles, milliseconds."""


def both(text: str) -> int:
    return len(extractor.find_quantities(text)) + len(extractor.find_dates(text, year=2021))


def jionlp() -> Callable[[str], object] | None:
    """JioNLP's two extractors as one function, None where it is not installed."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it greets
            from jionlp import ner
    except ImportError:
        return None
    logging.disable(logging.ERROR)  # it logs a traceback for words that it takes for a time and cannot read
    return lambda text: (ner.extract_time(text), ner.extract_money(text))


def against_jionlp(text: str, runs: int) -> list[str]:
    theirs = jionlp()
    seconds = least([lambda: both(text), *([lambda: theirs(text)] if theirs else [])], runs)
    lines = [f"| {name} | {1000 * s:,.1f} | {len(text) / s:,.0f} |" for name, s in zip(("extractor", "JioNLP"), seconds, strict=False)]
    result = f"{seconds[1] / seconds[0]:.0f} times as fast (bar: {FASTER})" if theirs else "JioNLP is not installed (extra: bench)"
    return [
        f"{len(text):,} characters: quantities and dates", "", "| | ms | characters a second |", "| --- | --- | --- |", *lines, "",
        f"{result}; bar for the speed: {SPEED:,}",
    ]  # fmt: skip


def growth(text: str, limit: int) -> list[str]:
    """Time on 1, 2, 4 ... copies of the text up to `limit` bytes of UTF-8: the least of seven runs, or of three when they are long."""
    lines, last = ["| bytes | characters | s | times the half |", "| --- | --- | --- | --- |"], 0.0
    size, copies = len(text.encode()), 1
    while size * copies <= limit:
        longer = text * copies
        (seconds,) = least([functools.partial(both, longer)], 7 if len(longer) < 500_000 else 3)
        lines.append(f"| {size * copies:,} | {len(longer):,} | {seconds:.3f} | {f'{seconds / last:.2f}' if last else ''} |")
        last, copies = seconds, copies * 2
    return [*lines, "", f"bar: at most {GROWTH} times the half"]


def cold(runs: int) -> str:
    """Milliseconds of importing and first use in a new process, least of the runs, modules compiled before."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled
        command = [sys.executable, "-c", START]
        times = [float(subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True).stdout) for _ in range(runs + 1)]
    return f"import and first use of both in a new process: {1000 * min(times[1:]):.0f} ms (bar: {COLD})"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recognisers", description=str(__doc__).partition("\n")[0])
    parser.add_argument("path", nargs="?", type=Path, default=max((ROOT / "corpus").glob("*/*.txt"), key=lambda path: path.stat().st_size), metavar="PATH")
    parser.add_argument("--runs", type=int, default=7, help="counted runs (default 7)")
    parser.add_argument("--limit", type=int, default=10_000_000, help="longest text of the growth table, in bytes (default 10,000,000)")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    text = extractor.read(arguments.path).text
    print("\n".join([*against_jionlp(text, arguments.runs), "", *growth(text, arguments.limit), "", cold(arguments.runs)]))


if __name__ == "__main__":
    main()

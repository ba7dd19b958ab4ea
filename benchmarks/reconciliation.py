"""What the check costs: ``python -m benchmarks.reconciliation [PATH ...] [--runs N]`` prints Markdown.

First the check of every report against reading its .docx, in turn, the least processor time of the runs. Then each kind of check on 1, 10
and 100 copies of the largest report, behind one another as one long report: once all in the same words, once every copy in
other characters, so that nothing is told twice but within a copy. PATH is a .docx report; without one, those of corpus/.
"""

from __future__ import annotations

import argparse
import functools
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

import extractor
from benchmarks.timing import least
from extractor.model import Date, Event, Finding, Record, Report, TableRecord
from extractor.reconcile.case import Case
from extractor.reconcile.checks import CHECKS, check
from extractor.registry import Tables
from extractor.rules import load

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1, 10, 100)
SLACK = 1.5
"""How much more than n log n a growth may measure: caches and the machine, not the algorithm."""
R = TypeVar("R", bound=Record)
_FIRST, _HAN = 0x4E00, 20_000


def against_reading(path: Path, runs: int, tables: Tables) -> str:
    """A row of the first table."""
    report = extractor.extract(path)
    checked, read = least([lambda: check(report, (), tables), lambda: extractor.read(path)], runs)
    return f"| {path.name} | {1000 * checked:.1f} | {1000 * read:.1f} | {checked / read:.2f} |"


def copies(report: Report, count: int, other_words: bool) -> Report:
    """A report of so many copies of one, every record moved to its copy; `other_words`: each with its own characters."""
    lists = ("events", "figures", "awards", "media", "statistics", "profile", "tables")
    size = len(report.text) + 1
    fields = {name: tuple(_moved(r, n, n * size, len(report.tables), other_words) for n in range(count) for r in getattr(report, name)) for name in lists}
    return msgspec.structs.replace(report, text="\n".join([report.text] * count), **fields)


def _moved(record: R, copy: int, by: int, tables: int, other_words: bool) -> R:
    """A record in its copy: place, id, the table it stands in, what it refers to, and the words it is compared by."""
    changed: dict[str, object] = {"id": f"{record.id}.{copy}", "start": record.start + by, "end": record.end + by}
    if record.table is not None:
        changed["table"] = record.table + copy * tables
    if isinstance(record, Event):
        changed |= {name: tuple(f"{i}.{copy}" for i in getattr(record, name)) for name in ("figures", "awards")}
        changed["dates"] = tuple(_date(d, by) for d in record.dates)
    if other_words and not isinstance(record, TableRecord):
        for name in ("text", "title", "subject", "recipient", "label"):
            if words := getattr(record, name, None):
                changed[name] = "".join(_other(char, copy) for char in words)
    return msgspec.structs.replace(record, **changed)


def _date(date: Date, by: int) -> Date:
    return msgspec.structs.replace(date, start=date.start + by, end=date.end + by)


def _other(char: str, copy: int) -> str:
    return chr(_FIRST + (ord(char) - _FIRST + 97 * copy) % _HAN) if _FIRST <= ord(char) < _FIRST + _HAN else char


def _found(find: Callable[[Case], Iterable[Finding]], tables: Tables, report: Report) -> list[Finding]:
    return list(find(Case(report, tables)))


def growth(report: Report, runs: int, tables: Tables, other_words: bool) -> list[str]:
    """The rows of the second table: every kind of check, and all, on 1, 10 and 100 copies."""
    reports = [copies(report, size, other_words) for size in SIZES]
    records = [len(r.events) + len(r.figures) + len(r.awards) + len(r.statistics) + len(r.media) for r in reports]
    tasks: dict[str, Callable[[Report], object]] = {name: functools.partial(_found, find, tables) for name, find in CHECKS.items()}
    tasks["all"] = lambda r: check(r, (), tables)
    bar = SLACK * (records[2] * math.log(records[2])) / (records[1] * math.log(records[1]))
    lines = []
    for name, task in tasks.items():
        seconds = [least([functools.partial(task, r)], runs if r is not reports[2] else 1)[0] for r in reports]
        times = seconds[2] / seconds[1]
        lines.append(f"| {name} | {' | '.join(f'{1000 * s:,.1f}' for s in seconds)} | {times:.1f} | {'yes' if times <= bar or seconds[2] < 0.01 else 'NO'} |")
    head = "other words" if other_words else "the same words"
    return [
        f"{report.source.name}, {' / '.join(f'{n:,}' for n in records)} records, {head}; bar {bar:.1f}", "",
        "| check | ms × 1 | × 10 | × 100 | 100 / 10 | within n log n |", "| --- | --- | --- | --- | --- | --- |", *lines, "",
    ]  # fmt: skip


def tables_of(paths: Sequence[Path], runs: int) -> list[str]:
    tables = load().tables
    largest = max((extractor.extract(path) for path in paths), key=lambda r: len(r.figures) + len(r.events))
    return [
        "| report | check, ms | read .docx, ms | check / read (bar: < 1) |", "| --- | --- | --- | --- |",
        *(against_reading(path, runs, tables) for path in paths), "",
        *growth(largest, 3, tables, False), *growth(largest, 3, tables, True),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reconciliation", description=str(__doc__).partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=".docx reports (default: those of corpus/)")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of check and read (default 7)")
    arguments = parser.parse_args()
    print("\n".join(tables_of(arguments.paths or sorted((ROOT / "corpus").glob("*/*.docx")), arguments.runs)))


if __name__ == "__main__":
    main()

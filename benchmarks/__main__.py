"""Speed against yardsticks: ``python -m benchmarks [PATH ...] [--runs N]`` prints a Markdown table.

Every row compares this package with a common library doing less on the same file, since times alone say
more about the machine than about the code. All contenders run in one process and take turns, so that what
slows the machine down for a while slows all of them; one round is run first and not counted. PATH is a
.docx, .pdf or .txt report; without one, the reports of corpus/ are measured.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import docx
import msgspec
import pdfplumber

import extractor
from extractor import dates, layout, quantities
from extractor.model import Document
from extractor.recognise import recognise
from extractor.rules import load

ROOT = Path(__file__).resolve().parent.parent
Task = Callable[[], object]


@dataclass
class Timing:
    """Seconds of every run of one task."""

    seconds: list[float] = field(default_factory=list)

    @property
    def least(self) -> float:
        return min(self.seconds)

    @property
    def middle(self) -> float:
        return median(self.seconds)


def in_turn(tasks: dict[str, Task], runs: int) -> dict[str, Timing]:
    """The timings of all tasks, run in turn: a, b, c, a, b, c ... after one round that is not counted."""
    timings = {name: Timing() for name in tasks}
    for number in range(runs + 1):
        for name, task in tasks.items():
            begin = time.perf_counter()
            task()
            if number:
                timings[name].seconds.append(time.perf_counter() - begin)
    return timings


# --- the contenders -----------------------------------------------------------------------------


def to_json(path: Path) -> bytes:
    """What `extractor convert` does with one report."""
    return msgspec.json.encode(extractor.extract(path))


def with_python_docx(path: Path) -> int:
    """python-docx opens the file and fetches every paragraph and every row's cells."""
    document = docx.Document(str(path))
    return len(document.paragraphs) + sum(len(row.cells) for table in document.tables for row in table.rows)


def with_pdfplumber(path: Path) -> int:
    """pdfplumber extracts the text and the tables of every page."""
    with pdfplumber.open(path) as pdf:
        return sum(len(page.extract_text()) + len(page.extract_tables()) for page in pdf.pages)


def started(compiled: str, *arguments: str) -> Task:
    """A new Python process with these arguments, from start to end; its .pyc files are kept in the folder `compiled`."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = compiled
    return lambda: subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


# --- the comparisons ----------------------------------------------------------------------------


def compare_docx(path: Path, runs: int) -> str:
    found = in_turn({"ours": lambda: to_json(path), "theirs": lambda: with_python_docx(path)}, runs)
    ratio = found["ours"].middle / found["theirs"].middle
    return row(f"{path.name} → JSON", found["ours"], "python-docx: open, paragraphs, cells of every row", found["theirs"], f"{ratio:.2f} times its time", "≤ 3")


def compare_pdf(path: Path, runs: int) -> str:
    found = in_turn({"ours": lambda: to_json(path), "theirs": lambda: with_pdfplumber(path)}, runs)
    ratio = found["theirs"].middle / found["ours"].middle
    return row(f"{path.name} → JSON", found["ours"], "pdfplumber: text and tables of every page", found["theirs"], f"{ratio:.1f} times as fast", "≥ 5")


def compare_start(path: Path, runs: int) -> str:
    """The command line from nothing, as after installation: a new process, modules compiled by the round not counted."""
    with tempfile.TemporaryDirectory() as compiled:
        found = in_turn(
            {"ours": started(compiled, "-m", "extractor", "convert", str(path)), "theirs": started(compiled, "-c", "pass")}, runs
        )
    ratio = found["ours"].middle / found["theirs"].middle
    return row(f"`extractor convert {path.name}`, new process", found["ours"], "`python -c pass`", found["theirs"], f"{ratio:.0f} times its time", "≤ 30")


def recogniser_speed(paths: Sequence[Path], runs: int) -> list[str]:
    """Characters a second, over the paragraphs and tables of all reports."""
    tables = load().tables
    documents: list[Document] = [extractor.read(path) for path in paths]
    texts = [document.text[block.start : block.end] for document in documents for block in document.blocks]
    total = sum(map(len, texts))
    found = in_turn(
        {
            "quantities": lambda: [quantities.find(text, tables.quantities) for text in texts],
            "dates": lambda: [dates.find(text, tables.dates, year=2020) for text in texts],
        },
        runs,
    )
    return [f"| {name} | {total:,} | {milliseconds(timing)} | {total / timing.middle:,.0f} |" for name, timing in found.items()]


def stages(path: Path, runs: int) -> str:
    """The cost of each stage of one report. Assembling is what is left of `extract` on a document that is read."""
    rules = load()
    document = extractor.read(path)
    plan = layout.lay_out(document, rules.tables)
    report = extractor.extract(document, rules)
    spans = [(passage.start, passage.end) for passage in plan.passages] + [(entry.start, entry.end) for entry in plan.entries]
    found = in_turn(
        {
            "read": lambda: extractor.read(path),
            "lay out": lambda: layout.lay_out(document, rules.tables),
            "recognise": lambda: [recognise(document.text, start, end, 2020, None, rules.tables) for start, end in spans],
            "extract": lambda: extractor.extract(document, rules),
            "encode": lambda: msgspec.json.encode(report),
        },
        runs,
    )
    cost = {name: timing.middle * 1000 for name, timing in found.items()}
    rest = cost["extract"] - cost["lay out"] - cost["recognise"]
    parts = (cost["read"], cost["lay out"], cost["recognise"], rest, cost["encode"], cost["read"] + cost["extract"] + cost["encode"])
    return f"| {path.name} | " + " | ".join(f"{part:.1f}" for part in parts) + " |"


# --- the tables ---------------------------------------------------------------------------------


def milliseconds(timing: Timing) -> str:
    return f"{timing.least * 1000:.1f} / {timing.middle * 1000:.1f}"


def row(what: str, ours: Timing, yardstick: str, theirs: Timing, result: str, bar: str) -> str:
    return f"| {what} | {milliseconds(ours)} | {yardstick} | {milliseconds(theirs)} | {result} | {bar} |"


def report(paths: Sequence[Path], runs: int) -> list[str]:
    """The lines of all tables. Times are milliseconds, least / median of the runs; ratios are those of the medians."""
    by_suffix = {suffix: [path for path in paths if path.suffix.lower() == suffix] for suffix in (".docx", ".pdf")}
    start = (by_suffix[".docx"] or list(paths))[0]
    return [
        "| what | ms | yardstick | ms | result | bar |",
        "| --- | --- | --- | --- | --- | --- |",
        *(compare_docx(path, runs) for path in by_suffix[".docx"]),
        *(compare_pdf(path, runs) for path in by_suffix[".pdf"]),
        compare_start(start, runs),
        "",
        "| recogniser | characters | ms | characters a second |",
        "| --- | --- | --- | --- |",
        *recogniser_speed(by_suffix[".docx"] or paths, runs),
        "",
        "| report, ms | read | lay out | recognise | assemble | encode | all |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(stages(path, runs) for path in paths),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures speed against yardsticks and prints Markdown tables.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="reports to measure instead of those of corpus/")
    parser.add_argument("--runs", type=int, default=15, help="counted runs of every task (default 15)")
    arguments = parser.parse_args()
    paths = [path.resolve() for path in arguments.paths] or sorted(path for path in (ROOT / "corpus").rglob("*") if path.suffix in (".docx", ".pdf"))
    print(f"Milliseconds are least / median of {arguments.runs} runs; Python {sys.version.split()[0]}.\n")
    print("\n".join(report(paths, arguments.runs)))


if __name__ == "__main__":
    main()

"""Many documents: what a second worker brings, whether memory stays where it is, what a second run costs, and how many
documents and characters a second each format gives, beside markitdown's mere conversion to text (extra `bench`).

`python -m benchmarks.batch` prints Markdown; `--documents` says how many are in the long run. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec

import extractor
from benchmarks import shelf

ROOT = shelf.ROOT
_TOLD = re.compile(r"\[(\d+)/\d+\]")


def convert(folder: Path, output: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "extractor", "convert", str(folder), "-o", str(output), *options]


# --- a second worker ------------------------------------------------------------------------------


def workers(folder: Path, scratch: Path, runs: int) -> str:
    """One worker and two, in turn, from nothing to the last result. The seconds of CPU tell what two would bring on a machine
    that has nothing else to do: twice as much, less what they cost more."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    cpu: dict[int, list[float]] = {1: [], 2: []}
    for run in range(runs):
        for count in (1, 2):
            began, used = time.perf_counter(), os.times()
            subprocess.run(convert(folder, scratch / f"{run}-{count}", "--workers", str(count)), cwd=ROOT, check=True, capture_output=True)
            now = os.times()
            seconds[count].append(time.perf_counter() - began)
            cpu[count].append(now.children_user + now.children_system - used.children_user - used.children_system)
    one, two = median(seconds[1]), median(seconds[2])
    ratios = sorted(a / b for a, b in zip(seconds[1], seconds[2], strict=True))
    return (
        f"| {sum(path.is_file() for path in folder.rglob('*'))} reports: 1 worker, 2 workers | {one:.1f} s, {two:.1f} s; of CPU {median(cpu[1]):.1f} s, {median(cpu[2]):.1f} s "
        f"| {median(ratios):.2f} times as fast ({ratios[0]:.2f} to {ratios[-1]:.2f}) | ≥ 1.6 |"
    )


# --- a long run -----------------------------------------------------------------------------------


def family(pid: int) -> list[int]:
    """A process and its children."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(child for name in below for child in family(int(name)))]


def resident(pid: int) -> int:
    """Bytes in memory that are a process's and its children's own; of what they share, its part."""
    total = 0
    for one in family(pid):
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)[1]) << 10  # type: ignore[index]
        except (OSError, TypeError):
            continue
    return total


def long_run(folder: Path, output: Path, documents: int) -> tuple[float, list[int]]:
    """Seconds of a run, and the peak of memory in each tenth of its documents."""
    peaks, done = [0] * 10, 0
    began = time.perf_counter()
    process = subprocess.Popen(convert(folder, output), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            tenth = min(done * 10 // documents, 9)
            peaks[tenth] = max(peaks[tenth], resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for line in process.stderr:
        told = _TOLD.match(line)
        done = int(told[1]) if told else done
    process.wait()
    ended.set()
    watcher.join()
    assert process.returncode == 0
    return time.perf_counter() - began, peaks


def memory_and_second_run(folder: Path, output: Path, documents: int) -> list[str]:
    first, peaks = long_run(folder, output, documents)
    again = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(convert(folder, output), cwd=ROOT, check=True, capture_output=True)
        again.append(time.perf_counter() - began)
    second = median(again)
    shown = ", ".join(f"{peak >> 20}" for peak in peaks)
    return [
        f"| {documents:,} short documents, peak memory of all processes by tenth | {shown} MB | the last {peaks[-1] / peaks[0] - 1:+.1%} of the first | ≤ 10 % |",
        f"| the same run, {documents / first:.0f} documents a second | {first:.1f} s | | |",
        f"| the same again, nothing changed | {second:.2f} s | {first / second:.0f} times as fast | ≥ 50 |",
    ]


# --- formats --------------------------------------------------------------------------------------


def documents_of(suffix: str, count: int) -> list[tuple[str, bytes]]:
    """Variants of the corpus reports of a format; of a PDF, which cannot be varied, the reports themselves."""
    paths = sorted((ROOT / "corpus").rglob(f"*.{suffix}"))
    chosen = [paths[number % len(paths)] for number in range(count)]
    if suffix == "txt":
        return [(path.name, shelf.varied(path.read_text("utf-8-sig"), number).encode()) for number, path in enumerate(chosen)]
    return [(path.name, shelf.varied_docx(path, number) if suffix == "docx" else path.read_bytes()) for number, path in enumerate(chosen)]


def with_markitdown() -> Callable[[str, bytes], object] | None:
    try:
        from markitdown import MarkItDown, StreamInfo
    except ImportError:
        return None
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    converter = MarkItDown()
    return lambda name, data: converter.convert_stream(io.BytesIO(data), stream_info=StreamInfo(extension=Path(name).suffix, charset="utf-8"))


def formats(count: int) -> list[str]:
    """Documents and characters a second of CPU of one process, document by document in turn with markitdown."""
    theirs = with_markitdown()
    lines = []
    for suffix in ("txt", "docx", "pdf"):
        documents = documents_of(suffix, count)
        extractor.extract(extractor.read(documents[0][1], documents[0][0]))
        if theirs:
            theirs(*documents[0])
        characters, seconds = 0, {"ours": 0.0, "theirs": 0.0}
        for name, data in documents:
            began = time.process_time()
            report = extractor.extract(extractor.read(data, name))
            msgspec.json.encode(report)
            seconds["ours"] += time.process_time() - began
            characters += len(report.text)
            if theirs:
                began = time.process_time()
                theirs(name, data)
                seconds["theirs"] += time.process_time() - began
        rates = [f"{count / spent:.1f} | {characters / spent:,.0f}" if spent else "– | –" for spent in seconds.values()]
        lines.append(f"| .{suffix} | {' | '.join(rates)} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description="Measures many documents and prints Markdown tables.")
    parser.add_argument("--documents", type=int, default=10_000, help="in the long run (default 10,000)")
    parser.add_argument("--size", type=int, default=400, help="characters of each of them, about (default 400)")
    parser.add_argument("--runs", type=int, default=5, help="runs with one worker and with two (default 5)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shelf.fill(place / "few", 300)
        print("| what | measured | result | bar |\n| --- | --- | --- | --- |")
        print(workers(place / "few", place / "out", arguments.runs), flush=True)
        shelf.fill(place / "many", arguments.documents, arguments.size)
        print("\n".join(memory_and_second_run(place / "many", place / "out" / "many", arguments.documents)), flush=True)
    print("\n| format | documents a second of CPU | characters | markitdown: documents | characters |\n| --- | --- | --- | --- | --- |")
    print("\n".join(formats(60)))


if __name__ == "__main__":
    main()

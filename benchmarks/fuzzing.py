"""Damaged files: ``python -m benchmarks.fuzzing [PATH ...] [--count N] [--first N] [--limit N]`` reads every file N times, each time
damaged in another way, and prints how often it was read, how often refused, the slowest and the peak of memory.

Whatever comes of a damaged file, it is a document or an `ExtractorError`; anything else, or a reader that takes longer
than ten seconds of the processor, is printed with the number of the damage, and the exit code is 1. The same number always
does the same damage to the same file. LibreOffice is not called: the readers here are what is tried. Without PATH, the corpus is read.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import signal
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType

import extractor
from extractor.errors import ExtractorError

ROOT = Path(__file__).resolve().parent.parent
TIME_LIMIT = 10
"""Seconds of the processor after which a reader hangs; for scans, of one page."""
EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


# --- damage -------------------------------------------------------------------------------------


def damaged(data: bytes, number: int) -> bytes:
    """The file with damage of that number: cut off, bytes changed, blocks moved; a zip also inside its members."""
    rng = random.Random(number)
    if data.startswith(b"PK") and rng.random() < 0.7:
        return _damaged_zip(data, rng)
    return rng.choice(DAMAGE)(data, rng)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 64, 512))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _front_flipped(data: bytes, rng: random.Random) -> bytes:
    """Changes where formats keep what the rest hangs on."""
    front = min(len(data), 2048)
    return _flipped(data[:front], rng) + data[front:]


def _extreme(data: bytes, rng: random.Random) -> bytes:
    """Numbers of two or four bytes become the least, the greatest and those beside."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 4, 32))):
        size = rng.choice((2, 4))
        at = rng.randrange(max(1, len(changed) - size)) // 2 * 2
        changed[at : at + size] = (rng.choice(EXTREMES) & (1 << 8 * size) - 1).to_bytes(size, "little")
    return bytes(changed[: len(data)])


def _moved(data: bytes, rng: random.Random) -> bytes:
    """A block is written over another one, doubled, left out or zeroed."""
    size = rng.choice((16, 512, 4096))
    source, target = rng.randrange(len(data)), rng.randrange(len(data))
    if size == 512:
        source, target = source // 512 * 512, target // 512 * 512
    block = data[source : source + size]
    return rng.choice((
        data[:target] + block + data[target + size :], data[:target] + block + data[target:],
        data[:source] + data[source + size :], data[:source] + b"\0" * len(block) + data[source + size :],
    ))  # fmt: skip


DAMAGE: tuple[Callable[[bytes, random.Random], bytes], ...] = (_cut, _flipped, _front_flipped, _extreme, _moved)


def _damaged_zip(data: bytes, rng: random.Random) -> bytes:
    """Members in another order, left out, doubled or damaged inside, packed again so that their sums agree."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = [(name, package.read(name)) for name in package.namelist()]
    rng.shuffle(members)
    at = rng.randrange(len(members))
    name, content = members[at]
    if content and rng.random() < 0.8:
        members[at] = (name, rng.choice(DAMAGE)(content, rng))
    elif rng.random() < 0.5:
        del members[at]
    else:
        members.append((name, members[rng.randrange(len(members))][1]))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in members:
            package.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


# --- trial --------------------------------------------------------------------------------------


def outcome(data: bytes, name: str) -> str | None:
    """None if the bytes were read, else why they were refused. Raises whatever else comes out of the reader."""
    try:
        extractor.read(data, name)
    except ExtractorError as error:
        return error.problem
    return None


class Hang(BaseException):
    """Passes every handler of exceptions that a reader has."""


def trial(path: Path, numbers: Iterable[int], limit: float) -> tuple[str, list[str]]:
    """A row of the table for one file, and what went wrong."""
    data, wrong = path.read_bytes(), []
    read, refused, slowest = 0, 0, (0.0, 0)
    for number in numbers:
        begin = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            if outcome(damaged(data, number), path.name) is None:
                read += 1
            else:
                refused += 1
        except Hang:
            wrong.append(f"{path.name}, damage {number}: not done after {limit:g} seconds")
        except Exception as error:
            wrong.append(f"{path.name}, damage {number}: {type(error).__name__}: {error}")
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, (time.process_time() - begin, number))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return f"| {path.name} | {read} | {refused} | {len(wrong)} | {slowest[0]:.2f} (damage {slowest[1]}) | {peak} |", wrong


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise Hang


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzzing", description="Reads damaged files and prints a Markdown table.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files to damage instead of those of corpus/")
    parser.add_argument("--count", type=int, default=2000, help="damages of every file (default 2000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first damage (default 0)")
    parser.add_argument("--limit", type=float, default=TIME_LIMIT, metavar="SECONDS", help="of the processor, for one reading (default 10)")
    arguments = parser.parse_args()
    paths = arguments.paths or sorted(path for path in (ROOT / "corpus").glob("*/*") if path.suffix not in (".md", ".json"))
    os.environ["PATH"] = ""
    signal.signal(signal.SIGPROF, _too_slow)
    print("| file | read | refused | wrong | slowest, s | peak, MB |\n| --- | --- | --- | --- | --- | --- |")
    wrong = []
    for path in paths:
        row, found = trial(path, range(arguments.first, arguments.first + arguments.count), arguments.limit)
        wrong += found
        print(row, flush=True)
    print(*wrong, sep="\n", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

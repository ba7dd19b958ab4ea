"""Old Word documents: ``python -m benchmarks.legacy [PATH ...] [--runs N]`` compares reading a .doc with having LibreOffice
convert it to .docx, in Markdown. LibreOffice has to be installed; it is called as a batch program is that has one document:
a new process each time, with a profile that an earlier call has set up. Without PATH, the .doc files of corpus/ are read.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import extractor
from benchmarks.__main__ import Timing, in_turn, row

ROOT = Path(__file__).resolve().parent.parent
BAR = 50


def converted(program: str, path: Path, folder: str) -> None:
    """LibreOffice writes the document as .docx into the folder."""
    command = [program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless", "--convert-to", "docx", "--outdir", folder, str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not Path(folder, path.stem + ".docx").is_file():
        raise RuntimeError(f"{program} did not convert {path}")


def compare(program: str, path: Path, runs: int) -> tuple[str, float]:
    """A row of the table, and how many times as fast the reader is."""
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, Timing] = in_turn({"ours": lambda: extractor.read(path), "theirs": lambda: converted(program, path, folder)}, runs)
    ratio = found["theirs"].middle / found["ours"].middle
    return row(path.name, found["ours"], "LibreOffice: convert it to .docx", found["theirs"], f"{ratio:.0f} times as fast", f"≥ {BAR}"), ratio


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.legacy", description="Reading a .doc against converting it through LibreOffice.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="documents instead of those of corpus/")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of every task (default 5)")
    arguments = parser.parse_args()
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        print("LibreOffice is not installed", file=sys.stderr)
        return 2
    print("| what | ms | yardstick | ms | result | bar |\n| --- | --- | --- | --- | --- | --- |")
    ratios = []
    for path in arguments.paths or sorted((ROOT / "corpus").glob("*/*.doc")):
        line, ratio = compare(program, path.resolve(), arguments.runs)
        print(line, flush=True)
        ratios.append(ratio)
    print(f"\nIn the middle {median(ratios):.0f} times as fast.")
    return int(min(ratios) < BAR)


if __name__ == "__main__":
    sys.exit(main())

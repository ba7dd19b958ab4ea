"""Reports printed and scanned: ``python -m benchmarks.scans [PATH ...] [--dpi N] [--seed N] [--keep FOLDER]`` draws every page of a
PDF as a scanner would leave it, reads the pictures by text recognition, and compares that with what the PDF itself gives.

A page lies askew by up to one degree, is a little blurred, grey and unevenly lit, with noise and specks, and is packed as a
JPEG; the same seed gives the same scans. What is counted: characters (without white space, by an alignment, so no fewer
errors than there are), numbers, rows of tables, records, each exact or not, and how many findings that agree rest on a number
that was misread. Without PATH, the PDFs of corpus/ are scanned. Needs the extra `ocr`; takes some seconds a page, of the processor.
"""

from __future__ import annotations

import argparse
import io
import re
import resource
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL.Image
import pypdfium2

import extractor
from extractor.evaluate.places import Locator, Span
from extractor.model import Report

ROOT = Path(__file__).resolve().parent.parent
BARS = {"characters": 0.99, "statistics": 0.95, "awards": 0.90}
STEEPEST, BLUR, NOISE, QUALITY = 1.0, 0.55, 9.0, 60
"""Degrees; pixels; levels of grey; of the JPEG."""
SPECKS = 0.00003
"""Share of pixels that are dirt."""
_NUMBER = re.compile(r"\d[\d,.]*")
_NUMERAL = re.compile(r"[\d〇零一二两三四五六七八九十百千万亿半.%]")
_MARKED = ("ocr-unsure", "ocr-mended")


# --- scanning -------------------------------------------------------------------------------------


def scanned(pdf: Path, dpi: int, seed: int) -> bytes:
    """The PDF's pages as pictures in a PDF without text."""
    chance = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(pdf)
    first, *rest = [_through_a_scanner(page.render(scale=dpi / 72, grayscale=True).to_numpy(), chance) for page in document]
    document.close()
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=rest, resolution=dpi, quality=QUALITY)
    return buffer.getvalue()


def _through_a_scanner(page: Any, chance: Any) -> Any:
    page = np.ascontiguousarray(page.squeeze())
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-STEEPEST, STEEPEST), 1.0)
    page = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    page = cv2.GaussianBlur(page, (0, 0), BLUR).astype(np.float32)
    ink, paper, shade = chance.uniform(25, 60), chance.uniform(230, 248), chance.uniform(-10, 10)
    page = ink + page / 255 * (paper - ink) + np.linspace(-shade, shade, width, dtype=np.float32)
    page += chance.normal(0, NOISE, page.shape)
    number = int(SPECKS * page.size)
    page[chance.integers(0, height, number), chance.integers(0, width, number)] = 70
    return PIL.Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))


# --- comparing ------------------------------------------------------------------------------------


@dataclass
class Share:
    """So many of so many."""

    right: int = 0
    of: int = 0

    def __str__(self) -> str:
        return f"{self.right} of {self.of}" if self.of else "–"

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 1.0

    def __iadd__(self, other: Share) -> Share:
        self.right, self.of = self.right + other.right, self.of + other.of
        return self


class Aligned:
    """The text of a scan laid along the text that was printed, both without white space and in half-width forms."""

    def __init__(self, printed: str, seen: str) -> None:
        self.printed, self.seen = _flat(printed), _flat(seen)
        self.pieces = SequenceMatcher(None, self.printed, self.seen, autojunk=False).get_opcodes()

    @property
    def errors(self) -> int:
        return sum(max(b - a, d - c) for kind, a, b, c, d in self.pieces if kind != "equal")

    def is_seen(self, start: int, end: int) -> bool:
        """Whether the printed characters from `start` to `end` were read, all of them and nothing between them."""
        return any(kind == "equal" and a <= start and end <= b for kind, a, b, _, _ in self.pieces)

    def was(self, start: int, end: int) -> str:
        """What was printed where the scan reads the characters from `start` to `end`."""
        found = ""
        for kind, a, b, c, d in self.pieces:
            if kind == "equal" and c < end and d > start:
                found += self.printed[a + max(0, start - c) : a + min(d, end) - c]
            elif kind != "equal" and c <= end and d >= start:
                found += self.printed[a:b]
        return found


@dataclass
class Outcome:
    """What reading one scan gave."""

    shares: dict[str, Share]
    seconds: float
    pages: int
    wrong: list[str]
    """Findings that agree although a number was misread."""
    misread: list[str]
    """Numbers that are not as printed and were not marked."""


def compare(printed: Report, seen: Report, seconds: float = 0.0) -> Outcome:
    """A report read from a scan against the report read from what was scanned."""
    along = Aligned(printed.text, seen.text)
    shares = {"characters": Share(max(0, len(along.printed) - along.errors), len(along.printed))}
    numbers = [found.span() for found in _NUMBER.finditer(along.printed)]
    shares["numbers"] = Share(sum(along.is_seen(*span) for span in numbers), len(numbers))
    shares["rows"] = _common(_rows(printed), _rows(seen))
    shares["statistics"] = _common(*([(s.code, _flat(s.label), _flat(s.raw), s.value, s.unit, s.indicator, s.period) for s in r.statistics] for r in (printed, seen)))
    shares["awards"] = _common(*([tuple(map(_flat, (a.title, a.rank, a.level, a.recipient, a.issuer, a.date, a.count))) for a in r.awards if a.origin == "table"] for r in (printed, seen)))
    shares["figures"] = _common(*([(_flat(f.raw), f.value, f.unit) for f in r.figures] for r in (printed, seen)))
    return Outcome(shares, seconds, seen.source.pages or 0, _false_agreements(along, seen), _misread(along, seen))


def _flat(text: object) -> str:
    # One character for one, so that places stay.
    return "".join(form if len(form := unicodedata.normalize("NFKC", char)) == 1 else char for char in str(text) if not char.isspace())


def _rows(report: Report) -> list[tuple[str, ...]]:
    return [tuple(map(_flat, row)) for table in report.tables for row in table.rows]


def _common(printed: Iterable[Hashable], seen: Iterable[Hashable]) -> Share:
    wanted = Counter(printed)
    return Share((wanted & Counter(seen)).total(), wanted.total())


def _numerals(text: str) -> str:
    return "".join(_NUMERAL.findall(text))


def _false_agreements(along: Aligned, seen: Report) -> list[str]:
    place = Locator(seen.text)
    wrong = []
    for finding in extractor.check(seen).findings:
        for side in (finding.left, finding.right):
            span: Span = place.span(side)
            if finding.verdict == "agrees" and _numerals(along.seen[slice(*span)]) != _numerals(was := along.was(*span)):
                wrong.append(f"{finding.kind}: “{seen.text[side.start:side.end]}” was “{was}”")
    return wrong


def _misread(along: Aligned, seen: Report) -> list[str]:
    place = Locator(seen.text)
    marked = [place.span(d) for d in seen.diagnostics if d.code in _MARKED]  # type: ignore[arg-type]
    found = []
    for number in _NUMBER.finditer(along.seen):
        start, end = number.span()
        was = along.was(start, end)
        if _numerals(was) != _numerals(number.group()) and not any(a < end and start < b for a, b in marked):
            found.append(f"“{along.seen[max(0, start - 8) : end + 4]}” was “{was}”")
    return found


# --- the table ------------------------------------------------------------------------------------


def trial(pdf: Path, dpi: int, seed: int, keep: Path | None) -> Outcome:
    """Scans one PDF and reads it."""
    scan = scanned(pdf, dpi, seed)
    if keep:
        (keep / f"{pdf.stem}-scan-{dpi}.pdf").write_bytes(scan)
    begin = time.process_time()
    document = extractor.read(scan, f"{pdf.stem}-scan.pdf")
    seconds = time.process_time() - begin
    return compare(extractor.extract(pdf), extractor.extract(document), seconds)


def row(name: str, outcome: Outcome) -> str:
    shares = outcome.shares
    counted = " | ".join(str(shares[name]) for name in ("numbers", "rows", "statistics", "awards", "figures"))
    return f"| {name} | {outcome.pages} | {shares['characters'].value:.2%} | {counted} | {len(outcome.wrong)} | {outcome.seconds / max(1, outcome.pages):.1f} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scans", description="Reads reports printed and scanned; prints a Markdown table.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="PDFs with text instead of those of corpus/")
    parser.add_argument("--dpi", type=int, default=150, help="dots to an inch of the scanner (default 150)")
    parser.add_argument("--seed", type=int, default=0, help="of skew, noise and dirt (default 0)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the scans there")
    arguments = parser.parse_args()
    print("| report | pages | characters | numbers | rows of tables | statistics | awards in tables | figures | false agreements | s of processor a page |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    total = Outcome({}, 0.0, 0, [], [])
    for path in arguments.paths or sorted((ROOT / "corpus").glob("*/*.pdf")):
        outcome = trial(path, arguments.dpi, arguments.seed, arguments.keep)
        print(row(path.stem, outcome), flush=True)
        for name, share in outcome.shares.items():
            total.shares.setdefault(name, Share())
            total.shares[name] += share
        total.seconds, total.pages = total.seconds + outcome.seconds, total.pages + outcome.pages
        total.wrong += [f"{path.stem}, {what}" for what in outcome.wrong]
        total.misread += [f"{path.stem}, {what}" for what in outcome.misread]
    print(row("all", total))
    print(f"\nPeak of memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB.")
    for title, lines in (("False agreements", total.wrong), ("Numbers misread and not marked", total.misread)):
        print("\n".join((f"\n{title}: {len(lines)}", *(f"- {line}" for line in lines))))
    return int(bool(total.wrong) or any(total.shares[name].value < bar for name, bar in BARS.items()))


if __name__ == "__main__":
    sys.exit(main())

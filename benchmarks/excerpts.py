"""Small excerpts of invented reports, written by people who had not seen the rules: ``python -m benchmarks.excerpts`` prints Markdown.

`tests/excerpts/checks.jsonl`: each with one contradiction planted, or none (``expect`` is empty), by kind of finding. One is
found where a finding that is not ``agrees`` touches both its quotes, or has its kind and touches one; every other
``conflicts`` is a false alarm, and every other finding that is not ``agrees`` a needless question. `links-*.jsonl`:
sentences with figures and the indicator each speaks of; ``[number, null]`` looks like one and is none.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import extractor
from extractor.model import Finding, Side

FOLDER = Path(__file__).parents[1] / "tests" / "excerpts"
HOUSES = {
    "museum": "云溪县博物馆", "cultural-centre": "云溪县文化馆", "archive": "云溪县档案馆", "school": "云溪县实验小学", "association": "云溪县图书馆学会",
    "public-library": "云溪县图书馆", "generic": "云溪县图书馆", "university-library": "云溪大学图书馆",
}  # fmt: skip


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file in tests/excerpts."""
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


@dataclass
class Outcome:
    """What came of one excerpt: contradictions not found, and findings that nothing was planted for."""

    name: str
    planted: int
    missed: list[dict[str, str]] = field(default_factory=list)
    alarms: list[Finding] = field(default_factory=list)
    questions: list[Finding] = field(default_factory=list)


def checked(case: dict[str, Any]) -> Outcome:
    """The outcome of one excerpt of checks.jsonl."""
    report = extractor.extract(extractor.read(case["text"].encode(), "excerpt.txt"))
    findings = [f for f in extractor.check(report).findings if f.verdict != "agrees"]
    outcome, used = Outcome(case["id"], len(case["expect"])), set[int]()
    for wanted in case["expect"]:
        ends = [_span(report.text, wanted[side]) for side in ("left", "right")]
        touching = [n for n, f in enumerate(findings) if _both(f, ends)] or [n for n, f in enumerate(findings) if f.kind == wanted["kind"] and _one(f, ends)]
        used.update(touching)
        if not touching:
            outcome.missed.append(wanted)
    for n, finding in enumerate(findings):
        if n not in used:
            (outcome.alarms if finding.verdict == "conflicts" else outcome.questions).append(finding)
    return outcome


def _span(text: str, quote: str) -> tuple[int, int]:
    at = text.find(quote)
    return at, at + len(quote)


def _touches(side: Side, span: tuple[int, int]) -> bool:
    return side.start < span[1] and span[0] < side.end


def _both(finding: Finding, ends: list[tuple[int, int]]) -> bool:
    return any(_touches(a, ends[0]) and _touches(b, ends[1]) for a, b in ((finding.left, finding.right), (finding.right, finding.left)))


def _one(finding: Finding, ends: list[tuple[int, int]]) -> bool:
    return any(_touches(side, end) for side in (finding.left, finding.right) for end in ends)


def linked(case: dict[str, Any]) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Of every labelled figure: how it is told (year, last, plan, part, or null), its words, the indicator wanted and the one linked."""
    head = f"{HOUSES[case['domain']]}{case['year']}年工作总结\n一、工作情况\n"
    domain = None if case["domain"] == "generic" else case["domain"]
    report = extractor.extract(extractor.read((head + case["text"]).encode(), "excerpt.txt"), domain=domain)
    for raw, wanted, *period in case["figures"]:
        start = report.text.find(raw, len(head))
        found = next((f for f in report.figures if f.start < start + len(raw) and start < f.end), None)
        yield (period or ["year"])[0] if wanted else "null", raw, wanted, found.indicator if found else None


def check_table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Planted, found, false alarms and needless questions, by kind."""
    rows: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        row = rows.setdefault(outcome.name.rsplit("-", 1)[0], Counter())
        row.update(excerpts=1, planted=outcome.planted, found=outcome.planted - len(outcome.missed), alarms=len(outcome.alarms), questions=len(outcome.questions))
    yield "| kind | excerpts | contradictions | found | false alarms | needless questions |\n| --- | --- | --- | --- | --- | --- |"
    for kind, row in [*rows.items(), ("all", sum(rows.values(), Counter[str]()))]:
        yield f"| {kind} | {row['excerpts']} | {row['planted']} | {row['found']} | {row['alarms']} | {row['questions']} |"


def link_table(files: Iterable[str]) -> Iterator[str]:
    """Figures linked as wanted, and wrongly, by file and by what period they are told of."""
    yield "| sentences | figures of the year | linked | wrongly | of no indicator | falsely linked |\n| --- | --- | --- | --- | --- | --- |"
    for name in files:
        found = [one for case in cases(name) for one in linked(case)]
        year, none = [f for f in found if f[0] == "year"], [f for f in found if f[0] == "null"]
        right, wrong, false = sum(f[2] == f[3] for f in year), sum(f[3] not in (None, f[2]) for f in year), sum(f[3] is not None for f in none)
        yield f"| {name} | {len(year)} | {right} ({right / len(year):.0%}) | {wrong} ({wrong / len(year):.1%}) | {len(none)} | {false} ({false / len(none):.0%}) |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.excerpts", description="Measures the check and the links on small excerpts and prints Markdown tables.")
    parser.add_argument("--errors", action="store_true", help="list what is missed, false or needless")
    arguments = parser.parse_args()
    outcomes = [checked(case) for case in cases("checks.jsonl")]
    print("\n".join(check_table(outcomes)) + "\n")
    print("\n".join(link_table(sorted(path.name for path in FOLDER.glob("links-*.jsonl")))))
    for outcome in outcomes if arguments.errors else ():
        for wanted in outcome.missed:
            print(f"missed {outcome.name}: {wanted['left']} | {wanted['right']}")
        for finding in (*outcome.alarms, *outcome.questions):
            print(f"{finding.verdict} {outcome.name}: {finding.message}")


if __name__ == "__main__":
    main()

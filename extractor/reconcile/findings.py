"""How a finding is made: its two sides, its fingerprint, and its place in the list."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from extractor.model import Figure, Finding, FindingKind, Number, Record, Report, Side, Statistic, Verdict
from extractor.reconcile import intervals

_GRAVITY = {"conflicts": 0, "missing": 1, "review": 2, "agrees": 3}


def side(report: Report, record: Record, start: int | None = None, end: int | None = None) -> Side:
    """The end of a finding that a record is; `start` and `end` narrow it to a part of the record."""
    start, end = record.start if start is None else start, record.end if end is None else end
    low: Number | None = None
    high: Number | None = None
    raw = report.text[start:end]
    if isinstance(record, Figure):
        low, high = record.low, record.high
    elif isinstance(record, Statistic):
        low = high = record.quantity
        raw = record.raw
    return Side(record=record.id, raw=raw, low=low, high=high, start=start, end=end)


def passage(report: Report, start: int, end: int, record: str | None = None) -> Side:
    """The end of a finding that is a stretch of text: the parts of a sum, a caption, a list of names."""
    return Side(record=record, raw=report.text[start:end], low=None, high=None, start=start, end=end)


def placed(report: Report, finding: Finding) -> Finding:
    """The finding with the file of both its sides, where the report was put together from several."""
    if not report.files:
        return finding
    left, right = (msgspec.structs.replace(s, file=next((f.name for f in report.files if f.start <= s.start < f.end), None)) for s in (finding.left, finding.right))
    return msgspec.structs.replace(finding, left=left, right=right)


def make(
    report: Report, kind: FindingKind, verdict: Verdict, left: Side, right: Side, rule: str, message: str,
    *, difference: Decimal | None = None, parts: Sequence[Record] = (),
) -> Finding:  # fmt: skip
    """A finding without its id, which `ordered` gives."""
    return Finding(
        id="", kind=kind, verdict=verdict, left=left, right=right, parts=tuple(p.id for p in parts),
        difference=None if difference is None else intervals.number(difference), rule=rule, message=message,
        fingerprint=_fingerprint(report, kind, rule, left, right),
    )  # fmt: skip


def counted(report: Report, verdict: Verdict, figure: Figure, right: Side, count: int, rule: str, what: str) -> Finding:
    """A finding of kind count: a stated number of things against so many that are told one by one."""
    gap = abs(int(figure.value) - count)
    shown = right.raw if len(right.raw) <= 60 else right.raw[:28] + "……" + right.raw[-28:]
    shown = " ".join(shown.split())
    if verdict == "agrees":
        message = f"“{figure.raw}”与所列{count}{what}相符（{shown}）。"
    else:
        message = f"正文称“{figure.raw}”，而“{shown}”列出{count}{what}，相差{gap}，请核对。"
    return make(report, "count", verdict, side(report, figure), right, f"count:{rule}", message, difference=Decimal(gap))


def _fingerprint(report: Report, kind: str, rule: str, left: Side, right: Side) -> str:
    """Twelve hex digits of what the finding is about: its kind, its rule, and its two passages with their sentences, white
    space aside."""
    passages = [words for s in (left, right) for words in (s.raw, _sentence(report.text, s.start, s.end))]
    words = "\0".join([kind, rule, *(re.sub(r"\s+", "", passage) for passage in passages)])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _sentence(text: str, start: int, end: int) -> str:
    first = max(text.rfind(mark, 0, start) for mark in "。\n") + 1
    last = min((at for mark in "。\n" if (at := text.find(mark, end)) >= 0), default=len(text))
    return text[first:last]


def ordered(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Every finding once (the same two places compared for one reason), gravest first, then in reading order, with ids."""
    unique: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(found, key=lambda f: _GRAVITY[f.verdict]):
        ends = tuple(sorted(((finding.left.start, finding.left.end), (finding.right.start, finding.right.end))))
        unique.setdefault((finding.verdict == "agrees", ends), finding)
    listed = sorted(unique.values(), key=lambda f: (_GRAVITY[f.verdict], f.left.start, f.right.start))
    return tuple(msgspec.structs.replace(f, id=f"finding-{n}") for n, f in enumerate(listed, 1))

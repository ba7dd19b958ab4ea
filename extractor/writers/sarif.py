"""Checks as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format): one run, one result a finding that does not agree.

A region counts in the extracted text (`Report.text`), in code points: offsets from 0, lines and columns from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from extractor.model import Check, Finding, Report, Side
from extractor.version import __version__
from extractor.writers.words import WORDS, Lang

_LEVELS = {"conflicts": "error", "missing": "warning", "review": "note"}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(checked: Sequence[tuple[Report, Check]], lang: Lang = "zh") -> bytes:
    """One SARIF log for all reports, in order; a report is an artifact, what agrees is left out."""
    rules = {name: n for n, name in enumerate(sorted({_rule(finding) for _, check in checked for finding in _told(check)}))}
    kinds = {_rule(finding): finding.kind for _, check in checked for finding in _told(check)}
    results = [result for index, (report, check) in enumerate(checked) for result in _results(report, check, index, rules)]
    driver = {
        "name": "extractor", "version": __version__, "semanticVersion": __version__,
        "rules": [{"id": name, "shortDescription": {"text": WORDS[lang].faults[kinds[name]]}} for name in rules],
    }  # fmt: skip
    run = {
        "tool": {"driver": driver}, "language": WORDS[lang].tag, "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(report) for report, _ in checked], "results": results,
    }  # fmt: skip
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _told(check: Check) -> Iterator[Finding]:
    return (finding for finding in check.findings if finding.verdict != "agrees")


def _rule(finding: Finding) -> str:
    return f"{finding.kind}/{finding.rule}"


def _artifact(report: Report) -> dict[str, Any]:
    source = report.source
    return {"location": {"uri": uri(source.name)}, "length": source.bytes, "mimeType": source.media_type, "hashes": {"sha-256": source.sha256}}


def uri(name: str) -> str:
    """A file name as a relative URI reference: its UTF-8 bytes, all but the unreserved ones escaped (RFC 3986, 2.3)."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in name.encode())


def _results(report: Report, check: Check, index: int, rules: dict[str, int]) -> Iterator[dict[str, Any]]:
    lines = _lines(report.text)
    for finding in _told(check):
        result = {
            "ruleId": _rule(finding), "ruleIndex": rules[_rule(finding)], "level": _LEVELS[finding.verdict],
            "message": {"text": finding.message}, "locations": [_location(report, finding.left, index, lines)],
            "partialFingerprints": {"finding/v1": finding.fingerprint},
            "properties": {"id": finding.id, "verdict": finding.verdict, "difference": finding.difference, "parts": finding.parts},
        }  # fmt: skip
        if (finding.left.start, finding.left.end) != (finding.right.start, finding.right.end):
            result["relatedLocations"] = [{"id": 1, **_location(report, finding.right, index, lines)}]
        yield result


def _lines(text: str) -> list[int]:
    """Where the lines of the text begin."""
    return [0, *_after(text, "\n")]


def _after(text: str, mark: str) -> Iterable[int]:
    at = text.find(mark)
    while at >= 0:
        yield at + 1
        at = text.find(mark, at + 1)


def _location(report: Report, side: Side, index: int, lines: list[int]) -> dict[str, Any]:
    first, last = bisect_right(lines, side.start), bisect_right(lines, side.end)
    region = {
        "startLine": first, "startColumn": side.start - lines[first - 1] + 1, "endLine": last, "endColumn": side.end - lines[last - 1] + 1,
        "charOffset": side.start, "charLength": side.end - side.start, "snippet": {"text": report.text[side.start : side.end]},
    }  # fmt: skip
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": uri(report.source.name), "index": index}, "region": region}}
    if side.record is not None:
        place["logicalLocations"] = [{"name": side.record, "kind": "element"}]
    return place

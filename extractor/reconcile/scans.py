"""What is said of findings on pages that were read from pictures, where a digit may have been misread.

Every such finding says that the original is to be looked at, those that agree as well. A conflict becomes a review
where one misread digit would explain it: digits of like shape, a digit lost beside its like, a 1 too many or too few, a
comma read as a point, a point lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from extractor.folding import fold
from extractor.model import Award, Event, Figure, Finding, Record, Report, Side, Statistic

_ALIKE = {
    "0": "689", "1": "47", "2": "7", "3": "589", "4": "19", "5": "3689", "6": "0589", "7": "12", "8": "03569", "9": "03458",
}  # fmt: skip
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCANNED = "由扫描件识别"
_MISREAD = "可能是扫描件识别错了一位数字，请核对原件"


def on_scans(report: Report, finding: Finding) -> bool:
    """Whether anything that a finding compares stands on a page that was read from its picture."""
    spans = [(finding.left.start, finding.left.end), (finding.right.start, finding.right.end)]
    return any(start < scan.end and scan.start < end for start, end in spans for scan in report.scans)


def judged(report: Report, finding: Finding) -> Finding:
    """The finding as it is to be told: with its note, and no graver than a scan allows."""
    if not report.scans or not on_scans(report, finding):
        return finding
    words = finding.message.removesuffix("。")
    if finding.verdict in ("conflicts", "review") and misread(report, finding):
        words = words.removesuffix("请核对").rstrip("，；")
        return msgspec.structs.replace(finding, verdict="review", message=f"{words}；{_MISREAD}。")
    told = f"{words}原件（{_SCANNED}）。" if words.endswith("请核对") else f"{words}（{_SCANNED}，请核对原件）。"
    return msgspec.structs.replace(finding, message=told)


def misread(report: Report, finding: Finding) -> bool:
    """Whether one misread digit or stroke on a scan would explain that the two sides differ."""
    if finding.kind == "award_vs_award" and finding.rule == "rank":
        return True  # 一等奖, 二等奖, 三等奖: a stroke more or less
    if finding.kind == "date_order" and finding.rule == "impossible":
        return True
    if finding.kind in ("event_vs_event", "award_vs_award", "date_order"):
        return _dates_alike(report, finding)
    if finding.difference is None:
        return False
    gap, slack, direction = Decimal(str(finding.difference)), _slack(report, finding), _direction(report, finding)
    for record, sign in _numbers(report, finding):
        for shift in _shifts(record):
            towards = direction * sign * shift if direction else -abs(shift)
            if gap <= -towards <= gap + slack:
                return True
    return False


def _records(report: Report, finding: Finding) -> dict[str, Record]:
    wanted = {finding.left.record, finding.right.record, *finding.parts}
    groups: tuple[tuple[Record, ...], ...] = (report.figures, report.statistics, report.events, report.awards)
    return {record.id: record for group in groups for record in group if record.id in wanted}


def _numbers(report: Report, finding: Finding) -> Iterator[tuple[Figure | Statistic, int]]:
    """The numbers compared that stand on a scan, with 1 for those of the left side and -1 for those of the right."""
    for name, record in _records(report, finding).items():
        scanned = any(record.start < scan.end and scan.start < record.end for scan in report.scans)
        if scanned and isinstance(record, Figure | Statistic):
            yield record, 1 if name == finding.left.record else -1


def _direction(report: Report, finding: Finding) -> int:
    """1 where the left side is the larger, -1 where it is the smaller, 0 where that is not known."""
    if finding.kind in ("growth", "count"):
        return 0
    left = finding.left
    records = _records(report, finding)
    parts = [p for p in map(records.get, finding.parts) if isinstance(p, Figure | Statistic)]
    right = sum((_ends(part)[0] for part in parts), Decimal(0)) if parts else _least(finding.right)
    if right is None or (least := _least(left)) is None:
        return 0
    return 1 if least > right else -1


def _least(side: Side) -> Decimal | None:
    value = side.low if side.low is not None else side.high
    return None if value is None else Decimal(str(value))


def _ends(record: Figure | Statistic) -> tuple[Decimal, Decimal]:
    if isinstance(record, Statistic):
        value = Decimal(str(record.quantity or 0))
        return value, value
    low = Decimal(str(record.low if record.low is not None else record.value))
    return low, Decimal(str(record.high if record.high is not None else record.value))


def _slack(report: Report, finding: Finding) -> Decimal:
    """The widths of all the intervals compared together: so much more than the gap a shift may be."""
    records = (r for r in _records(report, finding).values() if isinstance(r, Figure | Statistic))
    return sum((high - low for low, high in map(_ends, records)), Decimal(0))


def _shifts(record: Figure | Statistic) -> Iterator[Decimal]:
    """By how much, in plain units, the number would change if one of its signs had been read right."""
    found = _NUMBER.search(fold(record.raw))
    if found is None:
        return
    written = found.group()
    value = _value(written)
    plain = record.value if isinstance(record, Figure) else record.quantity
    scale = Decimal(str(plain or 0)) / value if value else Decimal({"千": 1_000, "万": 10_000}.get((record.unit or " ")[0], 1))
    for other in _variants(written):
        yield (_value(other) - value) * scale


def _value(written: str) -> Decimal:
    return Decimal(written.replace(",", ""))


def _variants(written: str) -> Iterator[str]:
    for at, char in enumerate(written):
        before, behind = written[:at], written[at + 1 :]
        for other in _ALIKE.get(char, ""):
            yield before + other + behind
        if char.isdigit():
            yield before + char + char + behind
            if at and not set(",.") & set(written):
                yield f"{before}.{char}{behind}"
            if (char == "1" or char == behind[:1]) and any(c.isdigit() for c in before + behind):
                yield (before + behind).strip(",.") or "0"
        elif char == "." or "." not in written:
            yield before + behind
            if char == ",":
                yield before.replace(",", "") + "." + behind.replace(",", "")
    yield "1" + written


def _dates_alike(report: Report, finding: Finding) -> bool:
    """Whether the dates of both sides, or a date and the report's year, are one digit apart."""
    records = _records(report, finding)
    left = _days(records.get(finding.left.record or ""))
    right = _days(records.get(finding.right.record or "")) if finding.rule != "period" else {year for year in [(report.period or "")[:4]] if year}
    pairs = [(a[: len(b)], b) if finding.rule == "period" else (a, b) for a in left for b in right]
    return any(_one_digit_apart(a, b) for a, b in pairs)


def _days(record: Record | None) -> set[str]:
    if isinstance(record, Event):
        return {date.edtf for date in record.dates if date.edtf}
    return {record.date} if isinstance(record, Award) and record.date else set()


def _one_digit_apart(a: str, b: str) -> bool:
    apart = [(x, y) for x, y in zip(a, b, strict=False) if x != y]
    if len(a) != len(b) or not apart:
        return False
    x, y = apart[0]
    # 9月1日 and 9月11日 differ in the nought that EDTF puts before: a digit lost.
    return len(apart) == 1 and (y in _ALIKE.get(x, "") or "01" in (x + y, y + x))

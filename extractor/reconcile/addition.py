"""What a whole and its parts make: the finding that shows the addition."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from extractor.model import Figure, Finding, Report, Verdict
from extractor.reconcile.findings import make, passage, side
from extractor.reconcile.intervals import of, shown, total


def finding(report: Report, verdict: Verdict, whole: Figure, parts: Sequence[Figure], rule: str) -> Finding:
    """A finding of kind sum; all values in 万 where the text writes them so."""
    stated, added = of(whole), total(map(of, parts))
    right = passage(report, parts[0].start, parts[-1].end, parts[0].id)
    ten_thousands = all("万" in f.raw for f in (whole, *parts))
    scale, word = (Decimal(10_000), "万") if ten_thousands else (Decimal(1), "")
    values = [Decimal(str(p.value)) / scale for p in parts]
    sums = f"{' + '.join(map(shown, values))} = {shown(sum(values, Decimal(0)))}{word}"
    difference = stated.gap(added)
    if verdict == "agrees":
        message = f"各部分之和与“{whole.raw}”相符：{sums}。"
    else:
        exact = all(f.hedge == "exact" for f in (whole, *parts))
        apart = f"{'' if exact else '至少'}相差{shown(difference / scale)}{word}{whole.unit}"
        advice = "请核对各部分是否列全" if verdict == "review" else "请核对"
        message = f"“{report.text[parts[0].start : parts[-1].end]}”各部分之和与总数不符：{sums}，正文为{whole.raw}，{apart}，{advice}。"
    return make(report, "sum", verdict, side(report, whole), right, rule, message, difference=difference, parts=parts)

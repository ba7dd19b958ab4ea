"""The form against itself: the identities of rules/checks.toml, by year.

A blank row of a breakdown counts as nothing (the official form leaves empty what does not apply), but an
identity is only judged where its whole is given and at least two parts (or one, for part_of) are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractor.comparisons import Identity, broken, printed, quotient
from extractor.folding import fold
from extractor.model import Finding, Report, Statistic, Verdict
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, passage, side
from extractor.reconcile.intervals import Interval, exactly, shown, total

_NUMBERED = re.compile(r"\s*[（(]?[\d一二三四五六七八九]{1,2}[)）、.．]")


_SLIP = Decimal("0.005")
"""Share of the whole."""


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind sum on the form's rows: hard identities conflict, soft ones ask for a look; sums that close agree."""
    rows: dict[tuple[str | None, int | None], dict[str, Statistic]] = {}
    report = case.report
    for row in report.statistics:
        if row.indicator:
            rows.setdefault((row.period, row.table), {}).setdefault(row.indicator, row)
    for (period, _), known in rows.items():
        for identity in case.tables.comparisons.identities:
            yield from _judged(report, identity, known, period)


def _judged(report: Report, identity: Identity, known: dict[str, Statistic], period: str | None) -> Iterator[Finding]:
    if not all(name in known and known[name].quantity is not None for name in identity.whole):
        return
    if identity.relation == "ratio":
        yield from _ratio(report, identity, known)
        return
    parts = [known[name] for name in identity.parts if name in known and known[name].quantity is not None]
    numbered = sum(bool(_NUMBERED.match(row.label)) for row in parts)
    if numbered > 1:  # 1．图书 其中：古籍 2．报刊: on this form one of the parts is within another
        parts = [row for row in parts if not row.label.lstrip().startswith("其中")]
    rest = numbered > 1 and any(re.search("其[他它余]", row.label) for row in parts)  # 4．其他 closes a numbered breakdown
    absent = [] if rest else [name for name in identity.parts if name not in known]  # a blank row is on the form, and counts as nothing
    needed = 2 if identity.relation == "sum" else len(identity.parts) if len(identity.parts) == 1 else 1
    if len(parts) < needed or len({_scale(row) for row in parts}) > 1:
        return
    whole = [known[name] for name in identity.whole]
    left, right = _total(whole), _total(parts)
    wrong = broken(identity.relation, left, right)
    if identity.relation == "part_of" and not wrong:
        return
    short = identity.relation == "sum" and wrong and absent and left.high is not None and right.low is not None and right.low < left.high
    if short and not _slip(left, right, parts):
        return  # a row of the breakdown is not on this form: what is missing may make up the rest
    if identity.severity == "soft" and not wrong and identity.relation == "sum":
        return
    first, last = min(parts, key=lambda r: r.start), max(parts, key=lambda r: r.end)
    sums = " + ".join(shown(p.quantity or 0) for p in parts)
    unit = whole[0].quantity_unit or ""
    total_words = " + ".join(shown(w.quantity or 0) for w in whole)
    year = f"{period}年" if period and period.isdigit() and len(period) == 4 else ""
    names = "、".join(dict.fromkeys(_name(w) for w in whole))
    gap = left.gap(right)
    relation = "=" if not wrong and identity.relation == "sum" else "，"
    if wrong and len(parts) == 1:
        message = f"统计表{year}“{names}”为{total_words}{unit}，“{_name(parts[0])}”为{sums}{unit}，而{identity.reason}，超出{shown(gap)}{unit}，请核对。"
    elif wrong:
        message = f"统计表{year}“{names}”为{total_words}{unit}，而{identity.reason}：{sums} = {shown(right.low or 0)}，相差{shown(gap)}{unit}，请核对。"
    else:
        message = f"统计表{year}“{names}”{total_words} {relation} {sums}，合计相符。"
    verdict: Verdict = ("conflicts" if identity.severity == "hard" and not short else "review") if wrong else "agrees"
    right_side = side(report, parts[0]) if len(parts) == 1 else passage(report, first.start, last.end, parts[0].id)
    yield make(report, "sum", verdict, side(report, whole[0]), right_side, f"checks:{identity.id}", message, difference=gap, parts=parts)


def _slip(left: Interval, right: Interval, parts: list[Statistic]) -> bool:
    """Whether so little is missing, and more than rounding leaves, that a row is rather miswritten than not on the form."""
    gap, rounded = left.gap(right), Decimal(500 * len(parts)) if _scale(parts[0]) else Decimal(0)
    return left.low is not None and len(parts) > 1 and rounded < gap <= _SLIP * left.low


def _ratio(report: Report, identity: Identity, known: dict[str, Statistic]) -> Iterator[Finding]:
    """A quotient printed on the form (生均图书) against its two rows; blank or missing ones leave it open."""
    whole, parts = known[identity.whole[0]], [known[name] for name in identity.parts if name in known and known[name].quantity]
    if len(parts) < 2 or whole.value is None:
        return
    number = re.sub(r"[^\d.]", "", fold(whole.raw))
    scale = Decimal(str(whole.quantity or 0)) / Decimal(str(whole.value)) if whole.value else Decimal(1)
    near = printed(number) if number.strip(".") else exactly(whole.value)
    left = Interval(near.low * scale if near.low is not None else None, near.high * scale if near.high is not None else None)
    right = quotient(*(exactly(part.quantity or 0) for part in parts))
    wrong = broken("ratio", left, right)
    sums = f"{shown(parts[0].quantity or 0)} ÷ {shown(parts[1].quantity or 0)} = {shown((right.low or Decimal(0)).quantize(Decimal('0.01')))}"
    verdict: Verdict = ("conflicts" if identity.severity == "hard" else "review") if wrong else "agrees"
    message = f"统计表“{_name(whole)}”为{whole.raw}{whole.unit or ''}，而{identity.reason}：{sums}，请核对。" if wrong else f"统计表“{_name(whole)}”{whole.raw}相符：{sums}。"
    yield make(report, "sum", verdict, side(report, whole), side(report, parts[0]), f"checks:{identity.id}", message, difference=left.gap(right), parts=parts)


def _name(row: Statistic) -> str:
    return "".join(row.label.split())


def _scale(row: Statistic) -> bool:
    return row.quantity_unit == "元"


def _total(rows: list[Statistic]) -> Interval:
    return total(exactly(row.quantity or 0) for row in rows)

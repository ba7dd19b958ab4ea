"""Two numbers of the text that differ as a slip of the pen does, said of what bears the same name.

132 and 123, 68.5万 and 65.8万: the same digits in another order, of one unit. By itself that is chance; where their
sentences also share a name that the report seldom uses, or the number before (2部，共68.5万字), a reader would ask which
is right. Never more than a question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from extractor.model import Figure, Finding, Report
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import of, shown
from extractor.reconcile.units import measure

_SEPARATORS = re.compile(r"[。；;！？!?\n\t]")
_HAN = re.compile(r"[\u3400-\u9fff]{3,}")
_NUMBER = re.compile(r"\d[\d.,]*[万亿]?[\u3400-\u9fff](?=[^。；;\n\t]*$)")
_REACH = 60
"""How far before its number (characters) the name of a thing is looked for, and a few behind."""
_BEHIND = 10
_SELDOM = 6
"""Three characters that the report has more often name nothing in particular."""
_LENGTH = 3
_MOST = 6
_PARTIAL = re.compile(r"单日|日均|每[天日周月场年]|人均|平均|最高|首批|首日|当天|季度|上半年|下半年|[比较]上年|去年|上年|同比|增|减|降")
_NOUN = re.compile(r"[\u3400-\u9fff]{2}")


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind figure_vs_figure, verdict review."""
    report = case.report
    groups: dict[tuple[str, str, bool], list[Figure]] = {}
    for figure in case.figures:
        digits = _digits(figure)
        if len(set(digits)) > 1 and figure.unit not in ("%", "百分点", "倍") and not _PARTIAL.search(report.text, max(0, figure.start - 16), figure.start):
            groups.setdefault((measure(figure), "".join(sorted(digits)), "." in figure.raw), []).append(figure)
    suspects = [(a, b) for group in groups.values() if len(group) <= _MOST for a, b in combinations(group, 2) if _may_be_one(report, a, b)]
    often = _counted(case.text) if suspects else Counter()
    for a, b in suspects:
        if _same_name(case.text, a, b, often) or _neighbours(case.text, a) & _neighbours(case.text, b):
            gap = of(a).gap(of(b))
            message = f"“{a.raw}”与“{b.raw}”数字相同而次序不同，说的可能是同一件事，相差{shown(gap)}{a.unit}，请核对哪一处写颠倒了。"
            yield make(report, "figure_vs_figure", "review", side(report, a), side(report, b), "slip", message, difference=gap)


def _digits(figure: Figure) -> str:
    """The digits that are written, less the zeros at the end of a round number."""
    written = re.sub(r"\D", "", figure.raw)
    return written if "." in figure.raw else written.rstrip("0")


def _may_be_one(report: Report, a: Figure, b: Figure) -> bool:
    """Whether the two stand in different sentences and count for times that can be one, of indicators that can be one."""
    apart = a.value != b.value and _SEPARATORS.search(report.text, min(a.end, b.end), max(a.start, b.start))
    years = {a.period[:4], b.period[:4]} == {(report.period or "")[:4]}
    linked = a.indicator is None or b.indicator is None
    return bool(apart and years and linked and 0.5 < a.value / b.value < 2)


def _counted(text: str) -> Counter[str]:
    return Counter(run[n : n + _LENGTH] for run in _HAN.findall(text) for n in range(len(run) - _LENGTH + 1))


def _sentence(text: str, figure: Figure) -> tuple[str, str]:
    """The words of a figure's clause or clauses before it and behind it, near it."""
    before = _SEPARATORS.split(text[max(0, figure.start - _REACH) : figure.start])[-1]
    return before, _SEPARATORS.split(text[figure.end : figure.end + _BEHIND])[0]


def _same_name(text: str, a: Figure, b: Figure, often: Counter[str]) -> bool:
    """Whether the sentences share a name that is seldom, and what stands behind one number (86个摊位) is in the other too."""
    ours, theirs = _sentence(text, a), _sentence(text, b)
    nouns = [(noun[0], other) for (_, behind), other in ((ours, theirs), (theirs, ours)) if (noun := _NOUN.match(behind))]
    return bool(_names(ours, often) & _names(theirs, often)) and all(noun in "".join(other) for noun, other in nouns)


def _names(sentence: tuple[str, str], often: Counter[str]) -> set[str]:
    runs = [run for side in sentence for run in _HAN.findall(side)]
    return {name for run in runs for n in range(len(run) - _LENGTH + 1) if often[name := run[n : n + _LENGTH]] <= _SELDOM}


def _neighbours(text: str, figure: Figure) -> set[str]:
    """The number and unit before a figure of three digits or more, in its clause or the one before."""
    found = _NUMBER.findall(text[max(0, figure.start - 16) : figure.start]) if len(_digits(figure)) > 2 else []
    return set(found[-1:])

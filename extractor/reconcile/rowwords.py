"""A figure of the text against the form's row that has the same words, where the row has no indicator.

Forms have rows that no rule knows (家庭教育讲座, 高级职称); reports then mostly use the row's own words. Both must
speak of the same period, in units that are comparable. Words that any activity could have (参加人数) accuse nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractor.folding import fold
from extractor.formrows import row_label
from extractor.model import Figure, Finding, Report, Statistic, Verdict
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import exactly, of, shown
from extractor.reconcile.units import comparable, far

_LEAST, _LONGEST = 4, 20
"""Characters that a row's words must have to be looked for, and the longest that are."""
_NOISE = re.compile(r"[\s“”\"'《》（）()、，：:■●▪◆]|^(?:其中|全年|共|本年|今年|全馆|我馆|累计|先后|组织|举办|开展|完成)+")
_COMMON = re.compile(
    r"(?:参加|参与|参训|培训|服务|观众|观看|到馆|接待|受益|惠及|活动|学员|受众|听众|人员|工作|项目|资金|经费|建筑|使用|其他)*"
    r"(?:人次|人数|人员|场次|次数|数量|总数|总量|金额|面积|经费|资金|收入|支出|活动|项目|其他)?(?:合计|总计)?"
)
_CHANGE = re.compile(r"增长|增加|减少|下降|提高|上升|同比|比上年|比去年|较上年|占|人均|日均|平均|计划")


def find(report: Report) -> Iterator[Finding]:
    """Findings of kind figure_vs_statistic for rows without indicator."""
    rows = _rows(report)
    told: dict[str, list[tuple[Figure, bool]]] = {}
    by_id = {row.id: row for row in rows.values()}
    for figure in report.figures if rows else ():
        words = _NOISE.sub("", fold(figure.label))
        if _CHANGE.search(figure.label):
            continue
        for length in range(min(len(words), _LONGEST), _LEAST - 1, -1):
            row = rows.get((words[-length:], figure.period))
            if row is not None and comparable(figure.unit, row.quantity_unit or figure.unit):
                told.setdefault(row.id, []).append((figure, length == len(words)))
                break
    for name, figures in told.items():
        yield from _judged(report, by_id[name], figures)


def _rows(report: Report) -> dict[tuple[str, str | None], Statistic]:
    """By words and period, the rows without indicator whose words no other row of the period has."""
    rows: dict[tuple[str, str | None], list[Statistic]] = {}
    for row in report.statistics:
        words = _NOISE.sub("", row_label(row.label))
        if row.indicator is None and row.quantity is not None and len(words) >= _LEAST:
            rows.setdefault((words, row.period), []).append(row)
    return {key: found[0] for key, found in rows.items() if len(found) == 1}


def _judged(report: Report, row: Statistic, figures: list[tuple[Figure, bool]]) -> Iterator[Finding]:
    """Figures that meet the row agree; where none does, one that has exactly its words contradicts it."""
    value = exactly(row.quantity or 0)
    label = "".join(row.label.split())
    meeting = [figure for figure, _ in figures if of(figure).meets(value)]
    for figure in meeting:
        yield make(
            report, "figure_vs_statistic", "agrees", side(report, figure), side(report, row), "words",
            f"正文“{figure.raw}”与统计表“{label}”{row.raw}相符。", difference=Decimal(0),
        )  # fmt: skip
    if meeting or len(figures) != 1 or not figures[0][1]:
        return
    figure, gap = figures[0][0], of(figures[0][0]).gap(value)
    away = far(of(figure), value)
    if away and _COMMON.fullmatch(_NOISE.sub("", row_label(row.label))):
        return
    sure = not away and not _COMMON.fullmatch(_NOISE.sub("", row_label(row.label)))
    verdict: Verdict = "conflicts" if sure else "review"
    advice = "请核对" if sure else "请核对两处口径是否一致"
    yield make(
        report, "figure_vs_statistic", verdict, side(report, figure), side(report, row), "words",
        f"正文{figure.label[-24:]}“{figure.raw}”，统计表“{label}”为{row.raw}{row.unit or ''}，相差{shown(gap)}{row.quantity_unit or ''}，{advice}。", difference=gap,
    )  # fmt: skip

"""The activities of a year against what they were, each kind in its own measure word: 活动412场，其中讲座86场，展览42个，培训118期，其他活动166场.

The kinds stand behind 其中, 分门别类 and the like, in the sentence of their total or in the next one. Only a list that says it
is complete, by a last kind called 其他, can contradict; one that merely adds up agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.model import Figure, Finding
from extractor.reconcile import addition
from extractor.reconcile.case import Case
from extractor.reconcile.intervals import of, total

_TIMES = frozenset(["场", "次", "场次", "期", "个", "项", "班", "班次", "讲", "届", "节"])
_OPENER = re.compile(r"其中|分门别类|(?:按|从|分)[^，。；、\d]{0,8}(?:类|型|种|形式|内容|看)|具体(?:为|是|来看|包括|有)|包括|分别[为是有]|[：:（(]")
_KIND = re.compile(
    r"(?:讲座|论坛|报告会|展览|展示|展演|培训|培训班|训练营|课程|故事会|读书会|分享会|沙龙|比赛|大赛|竞赛|征文|演出|放映|电影|诵读|朗诵|研学|手工|体验|亲子|直播|志愿服务|流动服务|下乡|惠民|节庆|赛事|活动)(?:活动|班)?$"
)
_REST = re.compile(r"其[他它余]|剩余|其他各类")
_STOP = re.compile(r"[。！？!?\n\t]")
_REACH = 260
"""Characters behind the total in which its kinds are looked for."""
_LEAST = 3


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind sum, where at least two of the measure words differ (else the lists of `sums` do)."""
    for n, whole in enumerate(case.figures):
        if whole.unit in _TIMES and re.search(r"活动", whole.label + case.text[whole.end : whole.end + 8]) and not _REST.search(whole.label):
            parts = _kinds(case, n)
            if len(parts) >= _LEAST and len({part.unit for part in parts}) > 1:
                meets = total(map(of, parts)).meets(of(whole))
                if meets or _REST.search(parts[-1].label):
                    yield addition.finding(case.report, "agrees" if meets else "conflicts", whole, parts, "sum:活动")


def _kinds(case: Case, n: int) -> Sequence[Figure]:
    """The kinds told behind the total, up to 其他; none where nothing says that they are its kinds."""
    whole, text = case.figures[n], case.text
    for opener in _OPENER.finditer(text, whole.end, whole.end + _REACH):
        if len(_STOP.findall(text, whole.end, opener.start())) > 1:
            break
        parts = _listed(case, n, opener.end())
        if len(parts) >= _LEAST:
            return parts
    return []


def _listed(case: Case, n: int, start: int) -> list[Figure]:
    """The figures of kinds of activities from `start` to the end of its sentence."""
    whole, text, parts = case.figures[n], case.text, list[Figure]()
    for at in range(n + 1, len(case.figures)):
        figure = case.figures[at]
        if figure.end > whole.end + _REACH or _STOP.search(text, start, figure.start):
            break
        name = re.split(r"[，,；;、：:（(]", text[max(start, figure.start - 20) : figure.start])[-1].strip()
        if figure.start >= start and figure.unit in _TIMES and figure.period == whole.period and _KIND.search(name):
            parts.append(figure)
            if _REST.search(name):
                break
    return parts

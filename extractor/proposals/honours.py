"""Verbs before honours in quotation marks that no rule took."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor import awards
from extractor.model import Report
from extractor.proposals.entries import TODO, Proposal, slug

_QUOTED = re.compile(r"([\u4e00-\u9fff]{2,3}?)(为|了|的)?“([^“”\n]{4,30})”(荣誉称号|称号|荣誉|奖牌|牌匾|殊荣)?")
_HONOUR = re.compile(r"(?:单位|集体|个人|工作者|基地|示范[点区校]|样板|团队|标兵|之星|之家|奖|号|馆|员|者|人物|案例|品牌|项目|岗|校|窗口|组织)$")
_QUALITY = re.compile(r"先进|优秀|示范|十佳|最美|文明|模范|标兵|星级|百佳|金牌|特色|科普|教育|一级|五星|巾帼|三八|青年")
_CLAUSE = re.compile(r"[，。；！？,;!?\n\t]")
_LONGEST = 40


def verbs(report: Report, tables: awards.Tables, known: frozenset[str]) -> Iterator[Proposal]:
    """One entry a verb; `known` are the words of the rules there are."""
    found: dict[str, list[str]] = {}
    text = report.text
    for quoted in _QUOTED.finditer(text):
        start, end = quoted.span()
        if any(award.start < end and start < award.end for award in report.awards):
            continue
        if not (quoted[4] or (_HONOUR.search(quoted[3]) and _QUALITY.search(quoted[3]))):
            continue
        verb = quoted[1][-2:] + ("为" if quoted[2] == "为" else "")
        if verb in known or verb[:2] in known:
            continue
        clause = _CLAUSE.split(text[max(0, start - _LONGEST) : start])[-1]
        found.setdefault(verb, []).append(clause.strip() + quoted.group())
    for verb, texts in found.items():
        examples = tuple(dict.fromkeys(texts))[:3]
        yield Proposal(
            kind="award", keys={"id": f"{TODO}{slug(verb)}", "role": "strong", "words": [verb]}, words=(verb,),
            examples=(examples, *((text,) for text in examples if len(examples) > 1)),
        )  # fmt: skip

"""The same event told twice, and whether its dates agree.

Two tellings are matched by what they name: a shared quoted title, or enough shared pairs of characters,
the rarer in this report the heavier. What recurs (a lecture series, a monthly meeting) is not matched across
its dates, and an opening is not matched with a call for works of the same name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from extractor.dates import first_day, last_day
from extractor.model import Date, Event, Finding, Report, Side, Struct, Verdict
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, passage

_TITLE = re.compile(r"[“《]([^”》]{2,40})[”》]")
_CLAUSE = re.compile(r"[，,。；;！!？?\n\t]")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
_SERIES = re.compile(r"讲坛|讲堂|沙龙|课堂|论坛|故事会|读书会|例会|学习会|第[一二三四五六七八九十\d]+(?:期|讲|场|次)|系列|每[月周季]|活动月|服务月|宣传周")
_PHASES = (
    ("征集", "招募", "报名", "征文"),
    ("启动", "开幕", "开营", "开班", "开展", "开市", "启幕", "揭牌", "拉开帷幕", "拉开序幕", "拉开大幕", "开锣", "开讲", "开镰", "启程", "首发", "首演", "开演", "亮相"),
    ("闭幕", "结营", "结业", "颁奖", "总结", "收官", "落幕"), ("初评", "复赛", "初赛", "预赛"), ("决赛",), ("恢复开放", "恢复开馆", "重新开放"), ("闭馆", "停止开放", "暂停"),
)  # fmt: skip
_OPENING, _CLOSING, _FINAL = 1, 2, 4
"""Places in `_PHASES`; a week or month of events has its opening and its end once, and a final may be told by either."""
_TOPICS = (("培训",), ("调研", "视察", "检查"), ("参观",), ("捐赠",))
_ALIKE = 0.5
"""Share of the lighter telling's weight that must be found in the other one."""
_SAME_DAY = 0.15
"""What being told of the same time adds."""
_RUN, _NAMED = 6, 0.2
"""So many characters running that only these two tellings share are a name; what it adds."""
_AHEAD = 80
"""In so many characters of its sentence before a clause of the narrative, a title may name what it tells of."""
_MOST = 6
"""A pair of characters in more tellings than this tells nothing apart."""


class _Telling(Struct, frozen=True):
    """An event with what it is matched by."""

    event: Event
    titles: frozenset[str]
    grams: frozenset[str]
    clause: frozenset[str]
    runs: frozenset[str]


def pairs(report: Report) -> list[tuple[Event, Event]]:
    """The pairs of tellings of one event, in reading order; an event is in at most one pair with each other part."""
    tellings = [_telling(event, report.text) for event in report.events if event.dates]
    weight = _weights(tellings)
    heft = {grams: math.fsum(weight[g] for g in grams) for t in tellings for grams in (t.grams, t.clause)}
    found: list[tuple[float, _Telling, _Telling]] = []
    told = Counter(run for t in tellings for run in t.runs)
    for a, b in _candidates(tellings):
        score = _alike(a, b, weight, heft) + (_NAMED if any(told[run] == 2 for run in a.runs & b.runs) else 0.0)
        if score >= _ALIKE and _comparable(a, b):
            found.append((score, a, b))
    used: set[str] = set()
    chosen = []
    for _, a, b in sorted(found, key=lambda f: (-f[0], f[1].event.start, f[2].event.start)):
        if a.event.id not in used and b.event.id not in used:
            used |= {a.event.id, b.event.id}
            chosen.append((a.event, b.event))
    return sorted(chosen, key=lambda p: p[0].start)


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind event_vs_event."""
    report = case.report
    for a, b in case.pairs:
        left, right = _lead(a), _lead(b)
        if left is None or right is None or not a.text or not b.text:
            continue
        verdict = _verdict(a, b)
        if verdict is None:
            continue
        sides = (_side(report, a), _side(report, b))
        words = _name(a)
        if verdict == "agrees":
            message = f"“{words}”两处日期相符（{_raw(a)}；{_raw(b)}）。"
        else:
            message = f"同一事项“{words}”日期不一：一处为{_raw(a)}，另一处为{_raw(b)}，请核对。"
        yield make(report, "event_vs_event", verdict, *sides, "dates", message)


def _side(report: Report, event: Event) -> Side:
    """An event's date and the clause that names it: what follows says other things of it."""
    at = report.text.find(event.text[:12], event.start, event.end)
    stop = _CLAUSE.search(report.text, at + 4, event.end) if at >= 0 else None
    end = max(stop.start() if stop else event.end, *(d.end for d in event.dates if d.end <= event.end), event.start + 1)
    return passage(report, event.start, end, event.id)


def _telling(event: Event, text: str) -> _Telling:
    ahead = "" if event.origin == "chronicle" else re.split(r"[。！？!?\n]", text[max(0, event.start - _AHEAD) : event.start])[-1]
    sentence = re.split(r"[。；]", event.text)[0]
    clause = re.split(r"[，,]", sentence)[0]
    titles = _TITLE.findall(event.text) + ([] if _TITLE.search(clause) else _TITLE.findall(ahead)[-1:])
    plain = _plain(sentence[:60])
    runs = frozenset(plain[at : at + _RUN] for at in range(len(plain) - _RUN + 1))
    return _Telling(event, frozenset(map(_plain, titles)), _grams(sentence[:60]), _grams(clause[:60] if len(clause) >= 6 else sentence[:40]), runs)


def _grams(text: str) -> frozenset[str]:
    plain = _plain(text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _plain(text: str) -> str:
    return "".join(_WORD.findall(text))


def _weights(tellings: Sequence[_Telling]) -> dict[str, float]:
    """How much a pair of characters tells apart: the rarer, the more (inverse document frequency)."""
    count = Counter(gram for t in tellings for gram in t.grams)
    return {gram: math.log(1 + len(tellings) / n) for gram, n in count.items()}


def _candidates(tellings: Sequence[_Telling]) -> Iterator[tuple[_Telling, _Telling]]:
    """Pairs that share at least one rare pair of characters, each once; not two clauses of one narrative sentence."""
    index: dict[str, list[int]] = {}
    for n, telling in enumerate(tellings):
        for gram in telling.grams:
            index.setdefault(gram, []).append(n)
    seen: set[tuple[int, int]] = set()
    for places in index.values():
        if 2 <= len(places) <= _MOST:
            for i, a in enumerate(places):
                for b in places[i + 1 :]:
                    if (a, b) not in seen:
                        seen.add((a, b))
                        yield tellings[a], tellings[b]


def _alike(a: _Telling, b: _Telling, weight: dict[str, float], heft: dict[frozenset[str], float]) -> float:
    score = max(_share(a.clause, b.clause, weight, heft), _share(a.grams, b.grams, weight, heft))
    if any(t in b.titles and len(t) >= 3 for t in a.titles):
        score += 0.35
    if score + _SAME_DAY < _ALIKE:
        return score  # whatever their days are
    return score + (_SAME_DAY if _days_apart(a.event, b.event) == 0 else 0.0)


def _share(a: frozenset[str], b: frozenset[str], weight: dict[str, float], heft: dict[frozenset[str], float]) -> float:
    lighter = min(heft[a], heft[b])
    return math.fsum(weight[g] for g in a & b) / lighter if lighter else 0.0  # fsum: the same whatever the order


def _comparable(a: _Telling, b: _Telling) -> bool:
    """Whether two alike tellings can be one event: told in different parts, or nowhere near a series, and at the same stage."""
    x, y = a.event, b.event
    if x.origin == y.origin and (x.origin == "chronicle" or abs(x.start - y.start) < 200):
        return False
    phases, topics = (_phase(x.text), _phase(y.text)), (_kind(x.text, _TOPICS), _kind(y.text, _TOPICS))
    if not _same_phase(phases, topics) or (None not in topics and topics[0] != topics[1]):
        return False
    if a.titles and b.titles and not a.titles & b.titles and not any(t in u or u in t for t in a.titles for u in b.titles):
        return False
    apart = _days_apart(x, y)
    once = phases[0] == phases[1] and phases[0] in (_OPENING, _CLOSING)
    series = not once and any(_SERIES.search(re.split(r"[，,。；]", event.text)[0]) for event in (x, y))
    return apart is not None and apart <= (0 if series else 31)


def _same_phase(phases: tuple[int | None, int | None], topics: tuple[int | None, int | None]) -> bool:
    """Whether two tellings may be of one phase; a training that opens may be told as a training, one that closes not."""
    a, b = phases
    if a == b or {a, b} == {_CLOSING, _FINAL}:
        return True
    if None not in phases:
        return False
    return None in topics or _CLOSING not in phases


def _phase(text: str) -> int | None:
    return _kind(text, _PHASES)


def _kind(text: str, kinds: Sequence[Sequence[str]]) -> int | None:
    """The first kind of which a word stands near the head of a telling, outside quotation marks."""
    head = re.sub(r"[“《][^”》]*[”》]", "", text)[:40]
    return next((n for n, words in enumerate(kinds) if any(word in head for word in words)), None)


def _lead(event: Event) -> Date | None:
    return next((d for d in event.dates if d.edtf), None)


def _days(event: Event) -> tuple[date, date] | None:
    lead = _lead(event)
    first, last = (first_day(lead.edtf), last_day(lead.edtf)) if lead and lead.edtf else (None, None)
    return (first, last) if first and last else None


def _days_apart(a: Event, b: Event) -> int | None:
    """Days between the two stretches of time; 0 where they meet; None where one is open."""
    x, y = _days(a), _days(b)
    if x is None or y is None:
        return None
    return max(0, (y[0] - x[1]).days, (x[0] - y[1]).days)


def _verdict(a: Event, b: Event) -> Verdict | None:
    """agrees where both say the same time, or one a part of what the other spans from its first day; conflicts
    where they do not meet, or are two different spans of days; None where one is merely within the other."""
    x, y = _days(a), _days(b)
    if x is None or y is None:
        return None
    if x == y:
        return "agrees"
    inside = (x[0] <= y[0] and y[1] <= x[1]) or (y[0] <= x[0] and x[1] <= y[1])
    if max(len(a.dates), len(b.dates)) > 1:
        # Which of several dates is the other telling's is not said; that none of these days is, is worth a look.
        return "review" if all(_apart(p, q) for p in a.dates for q in b.dates) else None
    if inside and any("旬" in _raw(event) for event in (a, b)):
        return "agrees"
    spans = all(len(edtf) > 10 and len(edtf.split("/")[0]) == 10 for edtf in (_edtf(a), _edtf(b)))
    if spans:
        return "conflicts"
    if not inside:
        return "conflicts" if x[1] < y[0] or y[1] < x[0] else None
    coarse = min((_edtf(a), _edtf(b)), key=len)
    return "agrees" if x[0] == y[0] or len(coarse) <= 7 else None


def _apart(a: Date, b: Date) -> bool:
    """Whether two dates are different days; a coarse, open or unreadable one may be any."""
    x, y = (first_day(d.edtf) if d.edtf and re.fullmatch(r"[\dX]{4}-\d\d-\d\d", d.edtf) else None for d in (a, b))
    return x is not None and y is not None and x != y


def _edtf(event: Event) -> str:
    lead = _lead(event)
    return (lead.edtf or "") if lead else ""


def _name(event: Event) -> str:
    title = _TITLE.search(event.text)
    return title[1] if title and title.start() < 20 else re.split(r"[，。；]", event.text)[0][:30].strip("“”")


def _raw(event: Event) -> str:
    return "、".join(d.raw for d in event.dates)

"""Stated totals against their stated parts, in running text; the form's own sums are `identities`.

A list of parts stands behind 其中, 包括, 分别为, a colon or in brackets behind its total, or before 共N. The parts of
one list have one unit, stand in one sentence and are parted by one mark. A list may leave things out (其中少儿3万册),
so parts that fall short contradict only where the words say that nothing is left out; parts that exceed the whole
contradict unless they overlap (其中女职工9人、党员8人), which shows in names that divide it by different marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from extractor.folding import fold
from extractor.model import Figure, Finding, Report, Struct, Verdict
from extractor.reconcile import activities, addition, identities, subperiods, totals
from extractor.reconcile.case import Case
from extractor.reconcile.changes import difference
from extractor.reconcile.findings import make, passage, side
from extractor.reconcile.intervals import Interval, as_written, of, shown, total
from extractor.reconcile.partition import DIVIDED, closed, halves, one_mark, overlapping
from extractor.reconcile.units import measure

Claim = Literal["all", "some", "agree"]
"""What the words say of a list: nothing is left out; something may be; only a sum that closes counts."""

_SENTENCE = re.compile(r"[^。！？!?\n\t]+")
_MARKER = re.compile(
    r"(?P<some>其中[：:，,]?(?:包括|包含|有|含)?)|(?P<all>分别(?:为|是|有)|分为|(?P<mark>(?:按|从|分)[^，。；、\d]{1,8}?(?:分|划分|统计|看|来看)[，,：:]|(?:其)?[\u4e00-\u9fff]{0,4}(?:构成|结构|分布)(?:情况)?(?:为|是|如下)?[：:]))|(?P<list>包括|包含|涵盖|计有|内[含有])"
    r"|(?P<bracket>[（(](?!不含|不包括|另|除|比|较|同比|占))(?P<part>含|其中)?|(?P<colon>[：:])"
)
_WITHIN = re.compile(r"(?:在)?([^，,。；;、]{2,12}?)(?:之|当)?中[，,：:]")
_TOTAL = re.compile(r"(?:共计?|合计|总计|累计|总共|一共|合共|(?P<year>全年|一年下来|一年来))(?P<what>[^，,。；;、\d]{0,8})$")
_VERBS = ("", "计", "有", "为", "达", "是", "计有", "举办", "开展", "完成", "组织", "开展了", "举办了")
_END = re.compile(
    r"另|此外|同时|其中|同比|环比|日均|人均|平均|最高|最多|单[日场次]|各$|各有$|均为?$|每|[比较由从][^、]{0,8}年|[比较]上|增[长加至]|减少|下降"
    r"|计划|预计|不[含包]|总(?![馆部台站校会行])|合计"
)
_ASIDE = re.compile(r"[，,；;](?:[比较]|同比|环比|占|增长|增幅)[^，,；;。]{0,40}")
_COMPARED = re.compile(r"^\s*(?:[比较由从]|[同与和](?:上|去年|前一年)|同比|环比|占|增长|增幅|净增|增加|减少|去年|上年)")
_WEIGHT = {"；": 3, ";": 3, "，": 2, ",": 2, "、": 1}
_BRACKETED = re.compile(r"[（(][^（）()]{0,80}[）)]")
_NAMES = re.compile(r"[（(](?:含|包括|包含)([^（）()\d]{3,60})[）)]")
_MOST = 100
"""A sentence with more figures than this is a dump, not a sentence."""
_FAR = 60
"""Parts further apart than this (characters) are prose, not a list."""
_HALF = Decimal("0.5")
_SLIP = Decimal("0.1")
"""A list of three or more that misses no more than this share of its total, and less than any part, is worth a look."""
_TRIFLE = Decimal("0.03")
"""The same for two parts that divide the whole by one mark."""
_LEAST = Decimal("0.3")
"""The same where all its names divide the whole by one mark (购置, 捐赠, 装订)."""


class _List(Struct, frozen=True):
    """Parts of one unit in reading order with their names. `cut` is how many of them are parted by the same mark as
    the first two, `ends` whether the list closes there (with its sentence, or at a stronger mark), `tight` whether
    that mark is 、."""

    parts: tuple[Figure, ...]
    labels: tuple[str, ...]
    cut: int
    ends: bool
    tight: bool


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind sum: of the text, then of the form."""
    seen: set[str | None] = set()
    for finding in (*_prose(case), *subperiods.find(case), *activities.find(case)):
        if finding.left.record not in seen:
            seen.add(finding.left.record)
            yield finding
    yield from identities.find(case)
    yield from totals.find(case.report)


def _prose(case: Case) -> Iterator[Finding]:
    report, text, figures = case.report, case.text, case.figures
    starts = [f.start for f in figures]
    previous = (-1, -1)
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        low, high = bisect_left(starts, start), bisect_left(starts, end)
        follows = previous[1] + 1 == start and text[previous[1]] == "。"
        earlier = figures[bisect_left(starts, previous[0]) : low] if follows else []
        previous = (start, end)
        if 2 <= high - low <= _MOST:
            here = figures[low:high]
            yield from _opening(report, text, start, end, here, earlier)
            yield from _marked(report, text, start, end, here, earlier)
            yield from _summed(report, text, start, here)
            if DIVIDED.search(text, start, end):
                yield from _halves(report, text, end, here)
            if sum(figure.unit == "%" for figure in here) > 2:
                yield from _shares(report, text, start, end, here)


def _opening(report: Report, text: str, start: int, end: int, here: list[Figure], earlier: list[Figure]) -> Iterator[Finding]:
    """珍贵文物5212件。珍贵文物中，一级186件…: the sentence begins with what the one before counted."""
    opening = _WITHIN.match(text, start, end)
    if opening is None:
        return
    for items in _lists(text, opening.end(), end, here):
        for whole in reversed(earlier):
            if measure(whole) == measure(items.parts[0]) and fold(whole.label).endswith(opening[1].strip()):
                yield from _judged(report, text, whole, items, "some", "sum:其中", start)
                break


def _marked(report: Report, text: str, start: int, end: int, here: list[Figure], earlier: list[Figure]) -> Iterator[Finding]:
    """Lists behind a word or mark that opens them; at the head of a sentence 其中 speaks of the one before."""
    for marker in _MARKER.finditer(text, start, end):
        head = (marker["some"] or marker["mark"]) and not text[start : marker.start()].strip()
        at = bisect_left(here, marker.end(), key=lambda f: f.start)
        if at == len(here) or here[at].start - marker.end() > _FAR:
            continue
        before = [*(earlier if head else ()), *(f for f in here[:at] if f.end <= marker.start())]
        for items in _lists(text, marker.end(), end, here[at:]) if before else ():
            whole, near, between = _whole(text, before, items, marker.start())
            added = total(map(of, items.parts[: items.cut]))
            if whole is not None and not of(whole).meets(added):  # 480课时，春季286、秋季194。其中…: the list may be of any of them
                whole = next((f for f in before if f is not whole and measure(f) == measure(whole) and f.period == whole.period and of(f).meets(added)), whole)
            if whole is None or not (marker["some"] or marker["mark"] or (near and not (between and marker["bracket"]))):
                continue
            partial = marker["some"] or marker["list"] or marker["part"] or marker["colon"]
            claim: Claim = "agree" if not near else "some" if partial else "all"
            name = "括号" if marker["bracket"] else "列举" if marker["colon"] else marker[0].rstrip("：:，,")
            yield from _judged(report, text, whole, items, claim, f"sum:{name}", marker.start())


def _halves(report: Report, text: str, end: int, here: list[Figure]) -> Iterator[Finding]:
    """Parts that follow their total with nothing but a comma: halves or quarters make up the year, men and women the staff."""
    for n, whole in enumerate(here[:-2]):
        if text[whole.end : whole.end + 1] in ("，", ",", "；", ";"):
            for items in _lists(text, whole.end + 1, end, here):
                labels, first = items.labels[: items.cut], items.parts[0] is here[n + 1]
                if measure(items.parts[0]) == measure(whole) and (closed(labels, "", time=True) or (first and halves(labels) and _same_size(whole, items.parts[:2]))):
                    yield from _judged(report, text, whole, items, "all", "sum:分期", whole.end)


def _summed(report: Report, text: str, start: int, here: list[Figure]) -> Iterator[Finding]:
    """Lists before their total: 进校园42场、进社区27场、进军营5场，共74场."""
    word: re.Match[str] | None = None
    first = 0
    for n, whole in enumerate(here):
        again = word is not None and whole.start - here[n - 1].end <= 1
        if not again:
            word, first = _TOTAL.search(text, max(start, whole.start - 14), whole.start), n
        if word is None or first < 2:
            continue
        opened = max(text.rfind(mark, start, here[first - 2].end) for mark in ("其中", "：", ":", "（"))
        begin = opened + 1 if opened >= 0 else start
        for items in _lists(text, begin, word.start(), here[:first], summed=True):
            if measure(items.parts[0]) == measure(whole) and items.cut == len(items.parts):
                tail = text[here[first - 1].end : word.start()].strip()
                bare = opened < 0 and word["what"].strip() in _VERBS and re.fullmatch(r"[^，,；;、]{0,12}[，,；;]?(?:[两二三四五]者|[两二三四五]项|以上[两二三四五]?项?)?", tail)
                quarters = closed(items.labels, "", time=True)
                if word["year"] and not quarters:
                    continue
                sure = (bare or quarters) and _same_size(whole, items.parts)
                yield from _judged(report, text, whole, items, "all" if sure else "agree", "sum:共", begin)


def _shares(report: Report, text: str, start: int, end: int, here: list[Figure]) -> Iterator[Finding]:
    """Three or more shares of one whole: 占45%、占35%、占20%; each may be rounded by half its last digit."""
    for items in _lists(text, start, end, here):
        parts, labels = items.parts[: items.cut], items.labels[: items.cut]
        if parts[0].unit != "%" or len(parts) < 3 or not all("占" in label for label in labels) or overlapping(labels):
            continue
        added = total(Interval(*(None if b is None else b + by for b, by in ((of(p).low, -_HALF), (of(p).high, _HALF)))) for p in parts)
        whole = Interval(Decimal(100), Decimal(100))
        nested = any(re.search(r"前|以[上下]|合计|累计", label) for label in labels)
        rest = re.search("其[他它余]|剩余", labels[-1]) is not None
        near = added.gap(whole) <= 5
        verdict: Verdict | None = "agrees" if added.meets(whole) else "conflicts" if (whole.below(added) and items.tight) or (rest and near) else None
        if verdict and not nested:
            values = [Decimal(str(p.value)) for p in parts]
            sums = f"{' + '.join(map(shown, values))} = {shown(sum(values, Decimal(0)))}%"
            message = f"各占比之和为百分之百：{sums}。" if verdict == "agrees" else f"“{report.text[parts[0].start : parts[-1].end]}”各占比之和不是100%：{sums}，请核对。"
            right = passage(report, parts[0].start, parts[-1].end, parts[0].id)
            yield make(report, "sum", verdict, side(report, parts[0]), right, "sum:占比", message, difference=added.gap(whole), parts=parts)


def _same_size(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether 共N can be meant of the list: what is less than a part, or twice or half as much, is another total."""
    added = sum(p.value for p in parts)
    return max(added / 2, *(p.value for p in parts)) <= whole.value <= 2 * added


def _lists(text: str, start: int, end: int, figures: Sequence[Figure], summed: bool = False) -> list[_List]:
    """The lists of parts from `start` on, one a unit: figures in the same brackets, to the first word that ends a list;
    `summed` if their total follows them."""
    by_unit: dict[str, list[tuple[Figure, str, int]]] = {}
    last: dict[str, int] = {}
    at, depth, stop = start, 0, end
    for figure in figures:
        if figure.start < start or figure.end > end:
            continue
        if figure.start - at > 4 * _FAR:
            break
        between = text[at : figure.start]
        opened, shut = len(re.findall("[（(]", between)), len(re.findall("[）)]", between))
        depth += opened - shut
        if depth < 0:
            stop = at
            break
        at = figure.end
        if depth:
            continue
        plain = _BRACKETED.sub("", text[last.get(measure(figure), start) : figure.start])
        marks = [_WEIGHT[c] for c in plain if c in _WEIGHT]
        if _END.search(_BRACKETED.sub("", between)):
            stop = max(start, figure.start - len(between))
            break
        if len(plain) > _FAR or (measure(figure) in by_unit and len([m for m in marks if m > 1]) > 2):
            break
        by_unit.setdefault(measure(figure), []).append((figure, _label(text, start, figure), max(marks, default=0)))
        last[measure(figure)] = figure.end
    return [_listed(text, members, stop, summed) for members in by_unit.values() if len(members) >= 2]


def _listed(text: str, members: list[tuple[Figure, str, int]], stop: int, summed: bool) -> _List:
    mark = members[1][2]
    cut = 1
    while cut < len(members) and (members[cut][2] in (mark, 0) or mark == 0):
        mark = mark or members[cut][2]
        cut += 1
    last = members[cut - 1][0]
    follows = re.search(r"([；;，,、])\D{0,3}(\d)?", text[last.end : stop])
    ends = follows is None or _WEIGHT[follows[1]] >= mark or (follows[2] is not None and cut == len(members))
    ends = ends and (cut == len(members) or members[cut][2] > mark)
    if mark == 3 and (len(members) < 3 or not re.search("[，,、]", text[members[0][0].end : members[1][0].start])) and not summed:
        cut = 1  # two statements, not two parts: 其中财政拨款371万元；本年支出380万元
    return _List(tuple(m[0] for m in members), tuple(m[1] for m in members), cut, ends, mark == 1)


def _label(text: str, start: int, figure: Figure) -> str:
    """The words of the list item around a figure: up to the marks on both sides."""
    before = re.split(r"[，,；;、：:。]", text[max(start, figure.start - 30) : figure.start])
    while len(before) > 1 and not before[-1].strip():
        before.pop()
    after = re.split(r"[，,；;、：:。（）()\n\t]", text[figure.end : figure.end + 12])[0]
    return before[-1] + re.split(r"\d", after)[0]


def _whole(text: str, before: Sequence[Figure], items: _List, marker: int) -> tuple[Figure | None, bool, str]:
    """The total of a list whose marker is at `marker`: the nearest figure of its unit, whether it stands directly
    before the marker and alone, and the words between."""
    unit, period = measure(items.parts[0]), items.parts[0].period[:4]
    found = [f for f in before if measure(f) == unit and f.period[:4] == period and not _COMPARED.search(_clause(text, f.start)) and not difference(f, text)]
    if not found:
        return None, False, ""
    whole = found[-1]
    if marker - whole.end > 4 * _FAR:
        return None, False, ""
    between = _ASIDE.sub("", _BRACKETED.sub("", text[whole.end : marker]))
    near = len(re.findall(r"[，,；;。]", between)) <= 1
    if len(found) > 1:
        gap = text[found[-2].end : whole.start]
        near = near and not (len(gap) < 25 and len(re.findall(r"[，,；;。]", gap)) == 0)
    return whole, near, between.strip()


def _clause(text: str, at: int) -> str:
    return re.split(r"[，,；;。\n\t]", text[max(0, at - 40) : at])[-1]


def _judged(report: Report, text: str, whole: Figure, items: _List, claim: Claim, rule: str, marker: int) -> Iterator[Finding]:
    stated = of(whole)
    if whole in items.parts:
        return
    for count in (len(items.parts), items.cut):
        parts = items.parts[:count]
        close = total(map(of, parts)).meets(stated) and not (overlapping(items.labels[:count]) and sum(p.value for p in parts) != whole.value)
        if count >= 2 and close and whole.unit != "%":
            loose = claim != "agree" and count == items.cut and _zeros_meant(whole, parts) and not total(as_written(p.raw, of(p)) for p in parts).meets(as_written(whole.raw, stated))
            yield addition.finding(report, "review" if loose else "agrees", whole, parts, rule)
            return
    parts, labels = items.parts[: items.cut], items.labels[: items.cut]
    if len(parts) < 2 or claim == "agree" or whole.unit == "%":
        return
    added = total(map(of, parts))
    verdict: Verdict | None = None
    if overlapping(labels):
        verdict = "review" if claim == "all" and added.below(stated) and items.ends else None  # what overlaps adds up to more, never less
    elif stated.below(added):
        verdict = "conflicts"
    elif added.below(stated) and items.ends:
        nothing_missing = claim == "all" or closed(labels, fold(whole.label)) or _named(text, whole, marker, len(parts))
        verdict = "conflicts" if nothing_missing else "review" if _slip(stated, added, parts, labels) else None
    if verdict == "conflicts" and _rounding(whole, parts, stated.gap(added)):
        verdict = "review"
    if verdict:
        yield addition.finding(report, verdict, whole, parts, rule)


def _zeros_meant(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether the total is written to a decimal place, so that parts that end in zeros are no round numbers either."""
    return "." in whole.raw and whole.hedge == "rounded" and all(p.hedge in ("rounded", "exact") for p in parts)


def _named(text: str, whole: Figure, marker: int, count: int) -> bool:
    """Whether brackets behind the total name as many kinds as the list has: （含图书、期刊、电子资源）."""
    names = _NAMES.search(text, whole.end, max(whole.end, marker))
    return names is not None and len(re.split(r"[、和及与]", names[1])) == count


def _slip(stated: Interval, added: Interval, parts: Sequence[Figure], labels: Sequence[str]) -> bool:
    """Whether so little is missing that a part may have been forgotten or miswritten."""
    if stated.low is None:
        return False
    gap = stated.gap(added)
    if len(parts) == 2:
        return one_mark(labels) and gap <= _TRIFLE * stated.low and gap * 4 < min(Decimal(str(p.value)) for p in parts)
    return gap <= (_LEAST if one_mark(labels) else _SLIP) * stated.low and (one_mark(labels) or gap < min(Decimal(str(p.value)) for p in parts))


def _rounding(whole: Figure, parts: Sequence[Figure], gap: Decimal) -> bool:
    """Whole amounts of money or per-head values may each be half a unit off."""
    money = whole.unit == "元" or ("/" in whole.unit and not whole.unit.startswith(("件", "台")))
    return money and all(f.hedge == "exact" for f in (whole, *parts)) and gap <= Decimal(len(parts)) / 2

"""Stated numbers of things against the things listed: 5家幼儿园 with the names, 共3期 with the dates, 共N项 with what
is listed, honours with the table of awards.

A number counts a list that stands directly before or behind it. It contradicts the list only where the noun behind
the number is the class of the names, or where its measure word counts bodies (家, 所, 支, 门). 等 leaves a list open:
then only more names than stated contradict.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractor.model import Event, Figure, Finding, Report, Side, Verdict
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, passage, side
from extractor.reconcile.namelists import Names, alike, broad, classes, masked, names, own_class, shown_from, trailing

_BODIES = frozenset(["家", "所", "支", "门"])
"""Measure words of things that have names: a mismatch with a list of names is an error, whatever the noun."""
_COUNTED = _BODIES | frozenset(["个", "项", "座", "处", "部", "本", "种", "类", "款", "人", "期", "大类", "条", "首", "篇"])
_TITLED = frozenset(["部", "本", "种", "首", "篇"])
_MOST = 60
_WINDOW = 400
"""How far from its number (characters) a list is looked for."""
_NAME = 8
"""A clause that is no longer may be one more name of a list."""
_SLIP = 3
"""A list that lacks more names than this may be told in part."""
_MARKS = "，,。；;：:！？!?\n\t"
_CLAUSES = re.compile(f"[{_MARKS}]")
_LEAD = re.compile(r"(?:等)?\s*(?:一共|共计|共|这|合计)?\s*$")
_BRIDGE = re.compile(r"(?:为|给|向|对|这|服务|涉及|覆盖|惠及|共有?|共计|一共|合计|共走访|共建立|共建成)\s*$")
_HELPERS = re.compile(r"联合|会同|协同|携手|协助|支持|指导|主办|承办|邀请|来自|由|组织|牵头|参与")
_BEHIND = re.compile(
    r"(?P<words>[^，,。；;：:\n\t、]{0,24})(?:(?:[，,]?\s*(?P<mark>分别(?:是|为|有|位于|在)|依次(?:是|为)|[它他她]们是|即|为(?=[《“「]))[：:]?)|(?P<some>[，,]?(?:包括|有))|(?P<colon>[：:]|——|—(?!—)))"
)
_BRACKET = re.compile(r"[^，,。；;：:、\n\t（(]{0,10}[（(](?!含|如|其中|包括|不|另)([^（）()]{4,200})[）)]")
_ORDINAL = "一二三四五六七八九十"
_SESSIONS = re.compile(r"(?P<sure>共计?|连续|连办|连开|一共|合计)[^，,。；;]{0,6}$|(?:先后|分别)[^，,。；;]{0,6}$")
_TIMES = frozenset(["期", "场", "次", "讲", "届", "回", "课", "站"])
_ISSUES = frozenset(["期", "讲"])
_HONOURS = re.compile(r"荣誉|奖项|表彰|奖励|奖$")
_LEVELS = {"国家": {"national"}, "省": {"national", "provincial"}, "市": {"national", "provincial", "municipal"}, "县": {"national", "provincial", "municipal", "county"}}


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind count; one a stated number."""
    report, text, figures = case.report, case.text, case.figures
    plain = masked(text)
    starts = [f.start for f in figures]
    seen: set[str] = set()
    for figure in figures:
        if not _countable(figure):
            continue
        for finding in (*_names_before(report, plain, figure, starts), *_names_behind(report, text, plain, figure, starts), *_ordinals(report, text, figure)):
            if figure.id not in seen:
                seen.add(figure.id)
                yield finding
    yield from (f for f in _dates(report, figures) if f.left.record not in seen)
    yield from _honours(report)


def _countable(figure: Figure) -> bool:
    return figure.hedge == "exact" and figure.unit in _COUNTED and 2 <= figure.value <= _MOST and figure.value == int(figure.value)


def _phrase(plain: str, at: int) -> str:
    """The noun behind a number, with what follows up to the next mark."""
    found = re.match(r"[^，,。；;：:、！？\n\t\x01“《\"]{0,14}", plain[at:])
    return found.group().replace(" ", "") if found else ""


def _after_mark(plain: str, start: int, end: int) -> int:
    """Where the clause that reaches to `end` begins."""
    return max(start, max(plain.rfind(mark, start, end) for mark in _MARKS) + 1)


def _holds_figure(starts: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] < end


def _names_before(report: Report, plain: str, figure: Figure, starts: Sequence[int]) -> Iterator[Finding]:
    """A、B、C3个乡镇; 走进A、B、C，为3所学校; A（3月2日）、B（5月8日），共2个流通点."""
    window = max(0, figure.start - _WINDOW)
    border = _after_mark(plain, window, figure.start)
    phrase = _phrase(plain, figure.end)
    lead = plain[border : figure.start]
    adjacent = "、" in lead or (figure.unit in _TITLED and lead.count("《") + lead.count("“") > 1)
    if adjacent:
        tail = _LEAD.search(lead)
        end = border + tail.start() + (tail[0].startswith("等")) if tail else figure.start
        listed = names(plain, border, end)
    elif border > window and plain[border - 1] in "，," and _BRIDGE.fullmatch(lead):
        before = _after_mark(plain, window, border - 1)
        listed, border = names(plain, before, border - 1), before
        listed = None if listed and _HELPERS.search(listed.names[0]) else listed
    else:
        return
    if listed is None or _holds_figure(starts, listed.start, listed.end) or not (phrase or figure.unit in _TITLED):
        return
    goes_on = plain[max(0, border - 16) : border - 1] if border > window and plain[border - 1] in "，," else ""
    goes_on = goes_on if "、" in goes_on else ""
    yield from _compared(report, figure, listed, phrase, sure=adjacent, names_first=True, goes_on=goes_on)


def _names_behind(report: Report, text: str, plain: str, figure: Figure, starts: Sequence[int]) -> Iterator[Finding]:
    """5家单位，分别是A、B、C; 3个乡镇：A、B、C; 3家单位（A、B、C）."""
    phrase = _phrase(plain, figure.end)
    bracket = _BRACKET.match(text, figure.end)
    marker = _BEHIND.match(plain, figure.end)
    whole = True
    if bracket:
        start, inner = bracket.start(1), masked(bracket[1])
        found = names(inner, 0, len(inner))
        listed = None if found is None else Names(start + found.start, start + found.end, found.names, tuple(start + at for at in found.begins), found.open)
    elif marker:
        stop = _CLAUSES.search(plain, marker.end(), marker.end() + _WINDOW)
        end = stop.start() if stop else min(len(plain), marker.end() + _WINDOW)
        whole = (stop is None or stop[0] not in "，,：:" or not _lists_on(plain, end + 1, phrase, figure.unit in _TITLED and plain[end - 1] in "》”")) and not marker["some"]
        listed = names(plain, marker.end(), end)
    else:
        return
    if listed is not None and not _holds_figure(starts, figure.end, listed.end):
        sure = bool(marker and marker["mark"] and not marker["mark"].endswith(("位于", "在", "有")))
        yield from _compared(report, figure, listed, phrase, sure=sure, whole=whole, told=bool(bracket or marker))


def _lists_on(plain: str, at: int, phrase: str, titled: bool) -> bool:
    """Whether the clause behind a list may go on with it: it has a 、, or ends as the names of the class do; of `titled`
    things, it names another."""
    stop = _CLAUSES.search(plain, at)
    clause = plain[at : stop.start() if stop else len(plain)]
    endings, _ = classes(phrase)
    if not endings:
        return "、" in clause or "《" in clause or (not titled and len(clause) <= _NAME)
    return "、" in clause or any(ending.search(clause) for ending in endings)


def _compared(
    report: Report, figure: Figure, listed: Names, phrase: str,
    *, sure: bool, whole: bool = True, names_first: bool = False, told: bool = False, goes_on: str = "",
) -> Iterator[Finding]:  # fmt: skip
    """The number against a list: how many names are of the class that the noun names.

    `sure`: the list stands where only what is counted stands, so that names of no known class count too; `told`: words
    or brackets lead to it. `whole`: it is told to its end. `goes_on`: the end of a clause before it that may belong to it.
    """
    stated, every = int(figure.value), listed.least
    endings, nouns = classes(phrase)
    if (own := own_class(phrase, listed.names[-1])) is not None:
        endings, nouns = [own], []
    run = trailing(listed, endings) if endings else 0
    strict = next((n for n, name in enumerate(reversed(listed.names)) if not name.endswith(tuple(nouns))), every) if nouns else 0
    run += every - len(listed.names) if run else 0
    least, most = (run, listed.most - every + run) if run >= 2 else (every, listed.most)
    looks = alike(listed, all_of=not names_first)
    if least <= stated <= most or stated == strict:
        if run >= 2 or ((sure or told) and (looks or figure.unit in _TITLED)) or (figure.unit == "人" and _people(listed)):
            yield _finding(report, "agrees", figure, listed, stated, min(stated, every))
        return
    titled = sure and (told or figure.unit in _TITLED) and all(name[-1] in "》”\"" for name in listed.names)
    people = figure.unit == "人" and _people(listed)
    named = run >= 2 or titled or people or (sure and looks and (figure.unit in _BODIES or (told and not phrase)))
    fits = run < 2 or run == every or not least < stated <= listed.most
    if not named and sure and names_first and looks and not goes_on and not listed.open and abs(stated - every) == 1 == listed.most - every + 1 and not nouns:
        yield _finding(report, "review", figure, listed, every, every)
    if not named or not fits or (goes_on and any(e.search(goes_on) for e in endings)):
        return
    if stated < least and not 2 <= strict <= stated:
        yield _finding(report, "review" if broad(nouns) else "conflicts", figure, listed, least, least)
    elif stated > listed.most and whole and not listed.open:
        count = most if people or names_first else least
        yield _finding(report, "review" if stated - count > _SLIP else "conflicts", figure, listed, count, least)


def _finding(report: Report, verdict: Verdict, figure: Figure, listed: Names, count: int, run: int) -> Finding:
    right = passage(report, shown_from(listed, min(run, len(listed.names))), listed.end)
    return _made(report, verdict, figure, right, count, "names", "个名称")


def _people(listed: Names) -> bool:
    surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    return all(2 <= len(name) <= 4 and name[0] in surnames for name in listed.later)


def _made(report: Report, verdict: Verdict, figure: Figure, right: Side, count: int, rule: str, what: str) -> Finding:
    stated = int(figure.value)
    shown = right.raw if len(right.raw) <= 60 else right.raw[:28] + "……" + right.raw[-28:]
    if verdict == "agrees":
        message = f"“{figure.raw}”与所列{count}{what}相符（{shown}）。"
    else:
        message = f"正文称“{figure.raw}”，而“{shown}”列出{count}{what}，相差{abs(stated - count)}，请核对。"
    return make(report, "count", verdict, side(report, figure), right, f"count:{rule}", message, difference=Decimal(abs(stated - count)))


def _ordinals(report: Report, text: str, figure: Figure) -> Iterator[Finding]:
    """五项工作：一是…二是…: the enumeration that the number announces."""
    opening = re.match(r"[^，,。；;：:\n]{0,12}[：:。，,]\s*\n?\s*一是", text[figure.end : figure.end + 24])
    if opening is None or figure.value > len(_ORDINAL):
        return
    start = figure.end + opening.end() - 2
    limit = start + 6000
    again = text.find("一是", start + 2, limit)
    limit = again if again >= 0 else limit
    at, count = start, 1
    while count < len(_ORDINAL) and (found := text.find(_ORDINAL[count] + "是", at + 2, limit)) >= 0:
        at, count = found, count + 1
    if count >= 2:
        verdict: Verdict = "agrees" if count == figure.value else "review"
        yield _made(report, verdict, figure, passage(report, start, at + 2), count, "ordinals", "点")


def _dates(report: Report, figures: Sequence[Figure]) -> Iterator[Finding]:
    """共3期 and 连续举办3场 against the days the entry gives one by one."""
    by_id = {f.id: f for f in figures}
    for event in report.events:
        days = _days(report, event)
        if len(days) < 2:
            continue
        told = [(f, word) for f in (by_id[i] for i in event.figures) if (word := _session(report, f, days[0][1]))]
        if len(told) != 1:
            continue
        (figure, word), count = told[0], len(days)
        verdict: Verdict | None = None
        if figure.value == count:
            verdict = "agrees"
        elif word["sure"] and figure.value > 1 and (figure.value < count or figure.value % count):  # several a day are no error
            near = figure.value < 2 * count
            verdict = "conflicts" if near and (figure.unit in _ISSUES or word[0].startswith("连")) else "review" if near else None
        if verdict:
            yield _made(report, verdict, figure, passage(report, days[0][0], days[-1][1]), count, "dates", "个日期")


def _session(report: Report, figure: Figure, after: int) -> re.Match[str] | None:
    """The words that make a figure the number of an entry's sessions."""
    counted = figure.unit in _TIMES and figure.hedge == "exact" and figure.start >= after
    return _SESSIONS.search(report.text[max(0, figure.start - 12) : figure.start]) if counted else None


def _days(report: Report, event: Event) -> list[tuple[int, int]]:
    """The spans of the days listed one after another, nothing but marks between them; none if a longer time is among them."""
    found: list[tuple[int, int]] = []
    for date in sorted(event.dates, key=lambda d: d.start):
        if date.edtf is None or not re.fullmatch(r"[\dX]{4}-\d\d-\d\d", date.edtf):
            return []
        if found and not re.fullmatch(r"[\s、，,；;和及与]{0,4}", report.text[found[-1][1] : date.start]):
            break
        found.append((date.start, date.end))
    return found


def _honours(report: Report) -> Iterator[Finding]:
    """全年获市级以上荣誉8项 against the rows of the one table of awards: never more than a question."""
    tables = [t for t in report.tables if t.kind == "awards"]
    rows = [a for a in report.awards if a.origin == "table"]
    if len(tables) != 1 or not rows:
        return
    for figure in report.figures:
        label = figure.label + report.text[figure.end : figure.end + 4]
        before = report.text[max(0, figure.start - 24) : figure.start]
        total = _HONOURS.search(figure.label) and re.search(r"获", before) and re.search(r"共|全年|一年来|累计", report.text[max(0, figure.start - 40) : figure.start])
        if not total or figure.unit not in ("项", "个") or figure.hedge != "exact" or figure.period != report.period:
            continue
        level = re.search(r"(国家|省|市|县)级?及?以上", label)
        if level is None and re.search(r"[国省市县区]级|[一二三]等", before):
            continue
        if level and any(a.level is None for a in rows):
            continue
        count = sum(1 for a in rows if level is None or a.level in _LEVELS[level[1]])
        verdict: Verdict = "agrees" if count == figure.value else "review"
        right = passage(report, rows[0].start, rows[-1].end)
        yield _made(report, verdict, figure, right, count, "awards", "项")

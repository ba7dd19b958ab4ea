"""Stated numbers of things against the things listed: 5家幼儿园 with the names, 共3期 with the dates, 共N项 with what
is listed, honours with the table of awards.

A number counts a list that stands directly before or behind it. It contradicts the list only where the noun behind
the number is the class of the names, where its measure word counts bodies (家, 所, 支, 门), or where words that tell the
whole lead to names (分别是, 即, a colon, brackets). 等 leaves a list open: then only more names than stated contradict.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from extractor.model import Figure, Finding, Report, Verdict
from extractor.reconcile import enumerations
from extractor.reconcile.case import Case
from extractor.reconcile.findings import counted, passage
from extractor.reconcile.namelists import (
    ANY_NAME,
    Names,
    alike,
    broad,
    classes,
    masked,
    names,
    own_class,
    parted_by_semicolons,
    shown_from,
    trailing,
)

_BODIES = frozenset(["家", "所", "支", "门"])
"""Measure words of things that have names: a mismatch with a list of names is an error, whatever the noun."""
_COUNTED = _BODIES | frozenset(["个", "项", "座", "处", "部", "本", "种", "类", "款", "人", "期", "大类", "条", "首", "篇", "次", "讲", "件", "场", "点", "班", "城", "地", "站", "门", "位", "名"])
_TITLED = frozenset(["部", "本", "种", "首", "篇", "件"])
_MOST = 60
_WINDOW = 400
"""How far from its number (characters) a list is looked for."""
_NAME = 8
"""A clause that is no longer may be one more name of a list."""
_MARKS = "，,。；;：:！？!?\n\t"
_NOUN = re.compile(r"[^，,。；;：:、！？\n\t\x01“《\"]{0,14}")
_CLAUSES = re.compile(f"[{_MARKS}]")
_LEAD = re.compile(r"(?:等)?\s*(?:一共|共计|共|这|合计)?\s*$")
_BRIDGE = re.compile(r"(?:为|给|向|对|这|服务|涉及|覆盖|惠及|共有?|共计|一共|合计|共走访|共建立|共建成)\s*$")
_HELPERS = re.compile(r"联合|会同|协同|携手|协助|支持|指导|主办|承办|邀请|来自|由|组织|牵头|参与")
_BEHIND = re.compile(
    r"(?P<words>[^，,。；;：:\n\t、]{0,24})(?:(?:[，,]?\s*(?:其|它们的?|各[场期讲]的?)?(?P<mark>(?:题目|名称|名单|主题|书名|剧目|篇目|曲目|内容)?(?:分别|依次)(?:是|为|有|位于|设[在于]|建[在于]|落户|在)|"
    r"(?:题目|名称|名单|主题|书名|剧目|篇目|曲目)(?:是|为|有)|[它他她]们(?:分别)?是|即|为(?=[《“「])|(?<![不也都就仅只])[是为](?=[^，,。；;：:、\n\t\d]{2,12}、))[：:]?)|(?P<some>[，,]?(?:包括|有))|(?P<colon>[：:]|——|—(?!—)))"
)
_BRACKET = re.compile(r"[^，,。；;：:、\n\t（(]{0,10}[（(](?!含|如|其中|包括|不|另)([^（）()]{4,200})[）)]")
_STATEMENT = re.compile(r"(?:其|共|总)?(?:[\u4e00-\u9fff]{1,6}?(?:有|为|包括|涵盖|涉及|设有|开设|由|共计|招收|吸引|覆盖|服务|累计|总计)|[\u4e00-\u9fff]{0,6}?(?:均|都|已|全部|一律))")
"""A clause that begins so says something else of the list before it: …、职工之家，课程有国画、爵士舞."""
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
        for finding in (*_names_before(case, plain, figure, starts), *_names_behind(case, plain, figure, starts), *enumerations.find(report, text, figure)):
            if figure.id not in seen:
                seen.add(figure.id)
                yield finding
    yield from (f for f in enumerations.sessions(report, figures) if f.left.record not in seen)
    yield from _honours(report)


def _countable(figure: Figure) -> bool:
    return figure.hedge == "exact" and figure.unit in _COUNTED and 2 <= figure.value <= _MOST and figure.value == int(figure.value)


def _phrase(plain: str, at: int) -> str:
    """The noun behind a number, with what follows up to the next mark."""
    found = _NOUN.match(plain, at)
    return found.group().replace(" ", "") if found else ""


def _after_mark(plain: str, start: int, end: int) -> int:
    """Where the clause that reaches to `end` begins."""
    return max(start, max(plain.rfind(mark, start, end) for mark in _MARKS) + 1)


def _holds_figure(starts: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] < end


def _names_before(case: Case, plain: str, figure: Figure, starts: Sequence[int]) -> Iterator[Finding]:
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
    yield from _compared(case, figure, listed, phrase, sure=adjacent, names_first=True, goes_on=goes_on)


def _names_behind(case: Case, plain: str, figure: Figure, starts: Sequence[int]) -> Iterator[Finding]:
    """5家单位，分别是A、B、C; 3个乡镇：A、B、C; 3家单位（A、B、C）; 3个班：A班；B班；C班."""
    text, phrase = case.text, _phrase(plain, figure.end)
    bracket, marker = _BRACKET.match(text, figure.end), _BEHIND.match(plain, figure.end)
    whole = sure = True
    if bracket:
        start, inner = bracket.start(1), masked(bracket[1])
        found = names(inner, 0, len(inner))
        listed = None if found is None else Names(start + found.start, start + found.end, found.names, tuple(start + at for at in found.begins), found.open)
    elif marker:
        phrase = marker["words"] if (marker["mark"] or "")[:1] in ("是", "为") else phrase
        limit = marker.end() + _WINDOW
        stop = _CLAUSES.search(plain, marker.end(), limit)
        end = stop.start() if stop else min(len(plain), limit)
        following = plain[end + 1 : end + 1 + _WINDOW] if stop and stop[0] in "，," else ""
        told_apart = _STATEMENT.match(following) is not None
        whole = (stop is None or stop[0] not in "，,：:" or told_apart or not _lists_on(plain, end + 1, phrase, figure.unit in _TITLED and plain[end - 1] in "》”")) and not marker["some"]
        listed = names(plain, marker.end(), end)
        if listed is None and stop and stop[0] in "；;" and not marker["some"]:
            listed = parted_by_semicolons(plain, marker.end(), limit)
        # 位于 and 在 lead to places, not to what is counted; behind a colon a list that goes on in other words may be anything
        sure = not marker["mark"].endswith(("别位于", "次位于", "别在", "次在")) if marker["mark"] else bool(marker["colon"] and (stop is None or stop[0] not in "，,：:" or told_apart))
    else:
        return
    if listed is not None and not _holds_figure(starts, figure.end, listed.end):
        yield from _compared(case, figure, listed, phrase, sure=sure, whole=whole, told=True)


def _lists_on(plain: str, at: int, phrase: str, titled: bool) -> bool:
    """Whether the clause behind a list may go on with it: it has a 、, or ends as the names of the class do; of `titled`
    things, it names another."""
    stop = _CLAUSES.search(plain, at)
    clause = plain[at : stop.start() if stop else len(plain)]
    endings, _ = classes(phrase)
    if not endings:
        return "、" in clause or "《" in clause or (not titled and len(clause) <= _NAME)
    return "、" in clause or (len(clause) <= 2 * _NAME and any(ending.search(clause) for ending in endings if ending.pattern != ANY_NAME))


def _compared(
    case: Case, figure: Figure, listed: Names, phrase: str,
    *, sure: bool, whole: bool = True, names_first: bool = False, told: bool = False, goes_on: str = "",
) -> Iterator[Finding]:  # fmt: skip
    """The number against a list: how many names are of the class that the noun names.

    `sure`: the list stands where only what is counted stands, so that names of no known class count too; `told`: words
    or brackets lead to it. `whole`: it is told to its end. `goes_on`: the end of a clause before it that may belong to it.
    """
    report = case.report
    stated, every = int(figure.value), listed.least
    endings, nouns = classes(phrase)
    if (own := own_class(phrase, listed.names[-1])) is not None:
        endings, nouns = [own], []
    run = trailing(listed, endings) if endings else 0
    strict = next((n for n, name in enumerate(reversed(listed.names)) if not name.endswith(tuple(nouns))), every) if nouns else 0
    run += every - len(listed.names) if run else 0
    least, most = (run, listed.most - every + run) if run >= 2 else (every, listed.most)
    looks = alike(listed, all_of=not names_first)
    people = figure.unit == "人" and _people(listed, case.tables.awards.words["surname"])
    if least <= stated <= most or stated == strict:
        if run >= 2 or ((sure or told) and (looks or figure.unit in _TITLED)) or people:
            yield _finding(report, "agrees", figure, listed, stated, min(stated, every))
        return
    titled = sure and (told or figure.unit in _TITLED) and all(name[-1] in "》”\"" for name in listed.names)
    named = run >= 2 or titled or people or (sure and looks and (figure.unit in _BODIES or told))
    fits = run < 2 or run == every or not least < stated <= listed.most
    if not named and sure and names_first and looks and not goes_on and not listed.open and abs(stated - every) == 1 == listed.most - every + 1 and not nouns:
        yield _finding(report, "review", figure, listed, every, every)
    if not named or not fits or (goes_on and any(e.search(goes_on) for e in endings)):
        return
    if stated < least and not 2 <= strict <= stated:
        yield _finding(report, "review" if broad(nouns) else "conflicts", figure, listed, least, least)
    elif stated > listed.most and whole and not listed.open:
        count = most if people or names_first else least
        far = stated - count > enumerations.SLIP
        if not far or run >= 2 or names_first:
            yield _finding(report, "review" if far else "conflicts", figure, listed, count, least)


def _finding(report: Report, verdict: Verdict, figure: Figure, listed: Names, count: int, run: int) -> Finding:
    right = passage(report, shown_from(listed, min(run, len(listed.names))), listed.end)
    return counted(report, verdict, figure, right, count, "names", "个名称")


def _people(listed: Names, surnames: Collection[str]) -> bool:
    return all(2 <= len(name) <= 4 and (name[0] in surnames or name[:2] in surnames) for name in listed.later)


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
        yield counted(report, verdict, figure, right, count, "awards", "项")

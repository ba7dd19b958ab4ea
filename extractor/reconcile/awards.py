"""The same honour told in text and table, or twice in the text: its date, rank and giver; and what the table lacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from extractor.dates import first_day, last_day
from extractor.model import Award, Finding, Report, Side
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, passage, side

_PLAIN = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
_QUOTED = re.compile(r"[《“「]([^》”」]{2,40})[》”」]")
_PRINTED_LEVEL = re.compile(r"(国家|省|自治区|市|县|区|旗|校)级(?!以上)")
_COMMON = re.compile(r"荣获|获得|评为|授予|活动|比赛|大赛|竞赛|全[省市国县区]|20\d\d|年度?|先进|优秀|图书馆|博物馆|文化馆|档案馆|单位|组织|奖|[一二三]等|[省市县区]|中|在|为|的")
_GRADE = re.compile(r"[特一二三四]等奖|[金银铜]奖|优[秀胜]奖|提名奖|入围奖|组织奖|鼓励奖")
_UNITS = ("部", "室", "区", "组", "科", "队", "中心", "窗口", "岗", "支部", "分馆")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[、和][\u4e00-\u9fff]{2,4})*")
_ELSEWHERE = re.compile(r"未列入|未列出|不含|不包括|另表|另附|见正文|仅列|只列")
_PARTIAL = re.compile(r"部分|摘录|选录|节选|选登|主要|精选|代表")
_ALIKE = 0.6
_MOST = 50
"""A pair of characters in more honours than this tells nothing apart."""
_FAR = 400
"""Honours told nearer than this in one part of the text are a list, not two tellings."""


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind award_vs_award."""
    report = case.report
    told = [a for a in report.awards if a.origin != "table"]
    rows = [a for a in report.awards if a.origin == "table"]
    matched: set[str] = set()
    by_word, again_by_word = _index(rows), _index(told)
    works = _works(rows)
    for award in told:
        row = _match(award, _sharing(award, rows, by_word), report.organization) or _by_work(case, award, told, works)
        if row is not None:
            matched.add(award.id)
            yield _compared(report, award, row)
    for n, a in enumerate(told):
        again = [b for b in _sharing(a, told, again_by_word, n + 1) if (a.origin != b.origin or b.start - a.end > _FAR) and not _different(a, b, report.organization)]
        found = next((b for b in again if _likeness(a, b, report.organization) >= _ALIKE), None)
        if found is not None and not (a.rank == found.rank and _told_as_event(case, a, found)):
            yield _compared(report, a, found)
    yield from _missing(report, [a for a in told if a.id not in matched], rows)


def _told_as_event(case: Case, a: Award, b: Award) -> bool:
    """Whether the two stand in two tellings of one event, whose dates are compared as such."""
    return any(x.start <= a.start < x.end and y.start <= b.start < y.end for one, other in case.pairs for x, y in ((one, other), (other, one)))


def _works(rows: Sequence[Award]) -> dict[str, list[Award]]:
    """The rows by the name of the work that won: what stands in quotation marks, else the whole cell."""
    works: dict[str, list[Award]] = {}
    for row in rows:
        name = _PLAIN.sub("", quoted[1] if (quoted := _QUOTED.search(row.subject or "")) else row.subject or "")
        if len(name) > 1 and row.rank and _GRADE.search(row.rank):
            works.setdefault(name, []).append(row)
    return works


def _by_work(case: Case, award: Award, told: Sequence[Award], works: dict[str, list[Award]]) -> Award | None:
    """The one row whose work is named before the award in its sentence, and behind the award before it."""
    if not works or not award.rank or not _GRADE.search(award.rank):
        return None
    before = max((a.end for a in told if a.end <= award.start), default=0)
    start = max(before, case.text.rfind("。", 0, award.start) + 1, case.text.rfind("\n", 0, award.start) + 1)
    words = _PLAIN.sub("", case.text[start : award.end])
    named = [found for name, found in works.items() if name in words]
    if len(named) != 1:
        return None
    return next((row for row in named[0] if row.rank == award.rank), named[0][0] if len(named[0]) == 1 else None)


def _index(awards: Sequence[Award]) -> dict[str, list[int]]:
    """Which honours have a distinctive pair of characters in their names."""
    index: dict[str, list[int]] = {}
    for n, award in enumerate(awards):
        for gram in _grams(_words(award)):
            index.setdefault(gram, []).append(n)
    return index


def _sharing(award: Award, awards: Sequence[Award], index: dict[str, list[int]], first: int = 0) -> list[Award]:
    """The honours from `first` on that share a pair of characters with this one; none of the others is alike enough."""
    places = {n for gram in _grams(_words(award)) if len(index.get(gram, ())) <= _MOST for n in index.get(gram, ()) if n >= first}
    return [awards[n] for n in sorted(places)]


def _match(award: Award, rows: Sequence[Award], organization: str | None) -> Award | None:
    """The row that tells the same honour: clearly the most alike."""
    scored = sorted(((_likeness(award, row, organization), -n, row) for n, row in enumerate(rows) if not _different(award, row, organization)), key=lambda s: s[:2], reverse=True)
    if not scored or scored[0][0] < _ALIKE:
        return None
    same = [row for score, _, row in scored if score == scored[0][0]]
    return next((row for row in same if row.rank == award.rank), same[0])


def _different(a: Award, b: Award, organization: str | None) -> bool:
    """Whether two honours cannot be one: different people, or an honour's kind that differs (先进单位, 一等奖)."""
    named = {award.recipient for award in (a, b) if award.recipient and award.recipient != organization}
    if len(named) == 2 and not any(x != y and x in y for x in named for y in named):
        return True
    x, y = a.rank or a.title, b.rank or b.title
    if any("个人" in p and re.search("团体|集体", q) for p, q in ((a.title, b.title), (b.title, a.title))):
        return True
    if ("组织奖" in x) != ("组织奖" in y) or (a.count > 1) != (b.count > 1):
        return True  # who organised won no first prize; several prizes are not one
    if bool(_GRADE.search(x)) != bool(_GRADE.search(y)):
        return True
    return not _GRADE.search(x) and x not in y and y not in x


def _words(award: Award) -> str:
    return _PLAIN.sub("", (award.subject or "") + award.title)


def _likeness(a: Award, b: Award, organization: str | None) -> float:
    """Share of the distinctive character pairs of the shorter name that the longer one has; the same giver adds to
    it, and so does the same person."""
    x, y = _grams(_words(a)), _grams(_words(b))
    person = a.recipient is not None and a.recipient == b.recipient and a.recipient != organization
    score = len(x & y) / min(len(x), len(y)) if x and y else 0.0
    if person:
        score += 0.4
    if a.issuer and b.issuer and (_PLAIN.sub("", a.issuer) == _PLAIN.sub("", b.issuer)):
        score += 0.15
    return score


def _grams(name: str) -> set[str]:
    bare = _COMMON.sub(" ", name)
    return {bare[i : i + 2] for i in range(len(bare) - 1) if " " not in bare[i : i + 2]}


def _compared(report: Report, a: Award, b: Award) -> Finding:
    left, right = _side(report, a), _side(report, b)
    where = "获奖表" if b.origin == "table" else "另一处"
    for slot, word in (("rank", "等次"), ("date", "时间"), ("issuer", "授予单位")):
        x, y = getattr(a, slot), getattr(b, slot)
        if not x or not y:
            continue
        if slot == "rank" and _GRADE.search(x) and _GRADE.search(y) and x != y:
            return make(report, "award_vs_award", "conflicts", left, right, "rank", f"“{_short(a)}”{word}不一：正文为{x}，{where}为{y}，请核对。")
        if slot == "rank" and (levels := _levels(report, a, b)):
            return make(report, "award_vs_award", "conflicts", left, right, "level", f"“{_short(a)}”级别不一：正文为{levels[0]}，{where}为{levels[1]}，请核对。")
        if slot == "date" and not _dates_meet(x, y):
            return make(report, "award_vs_award", "conflicts", left, right, "date", f"“{_short(a)}”{word}不一：正文为{x}，{where}为{y}，请核对。")
        if slot == "issuer" and not _same_giver(x, y):
            return make(report, "award_vs_award", "review", left, right, "issuer", f"“{_short(a)}”{word}写法不同：正文为{x}，{where}为{y}，请核对是否同一单位。")
    return make(report, "award_vs_award", "agrees", left, right, "award", f"“{_short(a)}”与{where}相符。")


def _levels(report: Report, a: Award, b: Award) -> tuple[str, str] | None:
    """The levels that both tellings print (省级, 市级), where they differ."""
    x, y = (set(_PRINTED_LEVEL.findall(_printed(report.text, award))) for award in (a, b))
    return (f"{min(x)}级", f"{min(y)}级") if len(x) == len(y) == 1 and x != y and {*x, *y} != {"省", "自治区"} and {*x, *y} != {"县", "区"} else None


def _printed(text: str, award: Award) -> str:
    """The words of an award; of a table its whole row."""
    if award.origin != "table":
        return text[award.start : award.end]
    stop = text.find("\n", award.end)
    return text[text.rfind("\n", 0, award.start) + 1 : stop if stop >= 0 else len(text)]


def _side(report: Report, award: Award) -> Side:
    return side(report, award)


def _short(award: Award) -> str:
    name = award.title if len(award.title) > 4 or not award.subject else award.subject + award.title
    return name.strip("“”")[:30]


def _dates_meet(x: str, y: str) -> bool:
    a, b = (first_day(x), last_day(x)), (first_day(y), last_day(y))
    if None in (*a, *b):
        return True
    return a[0] <= b[1] and b[0] <= a[1]  # type: ignore[operator]


def _same_giver(x: str, y: str) -> bool:
    """One name may be the other's short form: 省文物局, 山西省文物局; 市文广新局, 市文化广电新闻出版局."""
    a, b = _PLAIN.sub("", x), _PLAIN.sub("", y)
    return _shortened(*sorted((a, b), key=len)) or len(_pairs(a) & _pairs(b)) >= 0.5 * min(len(_pairs(a)), len(_pairs(b)))


def _shortened(short: str, long: str) -> bool:
    """Whether the characters of a name stand in the other in the same order, ending alike."""
    rest = iter(long)
    return len(short) > 2 and short[-1] == long[-1] and all(char in rest for char in short)


def _pairs(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(len(name) - 1)}


def _missing(report: Report, told: Sequence[Award], rows: Sequence[Award]) -> Iterator[Finding]:
    """Honours of the institution that the text tells and the year's table of awards lacks; those of people where the
    table lists people."""
    captions = {t.table: t for t in report.tables if t.kind == "awards"}
    if not rows or not captions:
        return
    table = next(iter(captions.values()))
    if _PARTIAL.search(table.caption or ""):
        return
    caption = report.text.rfind(table.caption, 0, table.start) if table.caption else -1
    start, end = (caption, caption + len(table.caption or "")) if caption >= 0 else (table.start, table.start + 1)
    by_word, by_rank = _distinct(rows)
    apart = _ELSEWHERE.search(report.text, max(0, start - 60), table.start) is not None  # （小读者获奖情况见正文，未列入本表）
    people = not apart and any(_PERSON.fullmatch(row.recipient or "") for row in rows)
    for award in told:
        recipient = award.recipient or ""
        ours = bool(recipient) and (recipient == report.organization or recipient.endswith(_UNITS) or (people and _PERSON.fullmatch(recipient) is not None))
        if not ours or award.count > 1 or award.title.strip("》”").endswith("名录") or len(_grams(_words(award))) < 3 or _may_be_listed(award, by_word, by_rank):
            continue
        yield make(
            report, "award_vs_award", "missing", side(report, award), passage(report, start, end), "missing",
            f"正文所获“{_short(award)}”未列入“{(table.caption or '获奖情况表').strip()}”，请核对是否漏填。",
        )  # fmt: skip


def _distinct(rows: Sequence[Award]) -> tuple[dict[str, list[int]], dict[str | None, set[tuple[str, str]]]]:
    """By pair of characters, the different names that have it; by rank, the different dates and givers."""
    by_word: dict[str, list[int]] = {}
    by_rank: dict[str | None, set[tuple[str, str]]] = {}
    for n, name in enumerate(dict.fromkeys(frozenset(_grams(_words(row))) for row in rows)):
        for gram in name:
            by_word.setdefault(gram, []).append(n)
    for row in rows:
        if row.date and row.issuer:
            by_rank.setdefault(row.rank, set()).add((row.date, row.issuer))
    return by_word, by_rank


def _may_be_listed(award: Award, by_word: dict[str, list[int]], by_rank: dict[str | None, set[tuple[str, str]]]) -> bool:
    """Whether a row could be the honour under another name: shared words, or the same rank, giver and time."""
    shared = Counter(n for gram in _grams(_words(award)) for n in by_word.get(gram, ()))
    if any(count >= 2 for count in shared.values()):
        return True
    return bool(award.date and award.issuer) and any(
        _dates_meet(award.date or "", date) and _same_giver(award.issuer or "", issuer) for date, issuer in by_rank.get(award.rank, ())
    )  # fmt: skip

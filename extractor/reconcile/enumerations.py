"""A stated number against what is told one by one and is no list of names: numbered lines, 一是…二是…, days, rows of a table.

A list that lacks more than a few of what is stated may be told in part, so it is left alone; one that is numbered, or
introduced as the whole (如下, 见下表, 时间分别是), and off by little contradicts its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.model import Event, Figure, Finding, Report, TableRecord, Verdict
from extractor.reconcile.findings import counted, passage

SLIP = 3
"""A list that lacks more than this may be told in part."""
_ORDINAL = "一二三四五六七八九十"
_SESSIONS = re.compile(r"(?P<sure>共计?|连续|连办|连开|一共|合计)[^，,。；;]{0,6}$|(?:先后|分别)[^，,。；;]{0,6}$")
_TIMES = frozenset(["期", "场", "次", "讲", "届", "回", "课", "站"])
_ISSUES = frozenset(["期", "讲"])
_ANNOUNCED = re.compile(r"[^，,。；;：:\n]{0,14}(?:[，,][^，,。；;：:\n]{0,12})?[：:]\s*\n|[^。；;：:\n]{0,20}(?:如下|以下)[^。；;：:\n]{0,4}[：:。]?\s*\n")
_MARKS = (
    re.compile(r"\s*(\d{1,2})[.．、](?!\d)"), re.compile(r"\s*[（(](\d{1,2})[）)]"), re.compile(r"\s*[（(]([一二三四五六七八九十]{1,3})[）)]"),
    re.compile(r"\s*([一二三四五六七八九十]{1,3})、"), re.compile(r"\s*([①-⑳])"),
)  # fmt: skip
_NEAR = 30
_UNMARKED = 3
"""Lines without a number that one item may go on for."""
_TABLED = re.compile(r"[^。；;\n]{0,16}?(?:见|如|详见)(?:下|附|后|右)?(?P<name>附[件表录][\d一二三四五六七八九十]{0,2}|表[\d一二三四五六七八九十]{1,2}|表)|[^。；;\n]{0,10}(?:具体|情况|名单|清单|明细|详情)?如下[。：:]?\s*\n")
_TOTALS = re.compile(r"[合总小共]\s*计")
_DAY = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}[日号](?:[（(][^（）()]{1,6}[）)])?"
_DAYS = re.compile(rf"[，,]?[^，,。；;：:\n\d]{{0,10}}(?:时间|日期|分别于?|[于在])(?:依次|分别)?[为是于在]?[：:]?\s*(?P<days>{_DAY}(?:(?:[、，,]|以?及|和){_DAY})+)(?P<open>等)?(?![至到—\-~～])")


def find(report: Report, text: str, figure: Figure) -> Iterator[Finding]:
    """The finding of kind count for one figure, if what it counts is told behind it; none where it is the last of several
    (行政单位1家，事业单位4家，具体包括), which the list may tell together."""
    before = report.text[max(0, figure.start - _NEAR) : figure.start]
    if re.search(rf"\d{re.escape(figure.unit)}[^。；;\n]*$", before):
        return
    yield from _ordinals(report, text, figure)
    yield from _lines(report, text, figure)
    yield from _days_behind(report, text, figure)
    yield from _rows(report, text, figure)


def _judged(report: Report, figure: Figure, count: int, start: int, end: int, rule: str, what: str) -> Iterator[Finding]:
    if count >= 2 and abs(count - figure.value) <= SLIP:
        yield counted(report, "agrees" if count == figure.value else "conflicts", figure, passage(report, start, end), count, rule, what)


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
        yield counted(report, verdict, figure, passage(report, start, at + 2), count, "ordinals", "点")


def _lines(report: Report, text: str, figure: Figure) -> Iterator[Finding]:
    """修订制度5项：and then lines 1. 2. 3., numbered without a gap."""
    opening = _ANNOUNCED.match(text, figure.end)
    if opening is None:
        return
    at = opening.end()
    mark = next((mark for mark in _MARKS if (first := mark.match(text, at)) and _ordinal(first[1]) == 1), None)
    if mark is None:
        return
    count, unmarked, last = 0, 0, at
    while at < len(text) and unmarked <= _UNMARKED:
        stop = text.find("\n", at)
        stop = stop if stop >= 0 else len(text)
        found = mark.match(text, at, stop)
        if found is None:
            unmarked += 1
            if any(other is not mark and other.match(text, at, stop) for other in _MARKS):
                break
        elif _ordinal(found[1]) == count + 1:
            count, unmarked, last = count + 1, 0, stop
        else:
            break
        at = stop + 1
    yield from _judged(report, figure, count, opening.end(), last, "lines", "条")


def _ordinal(words: str) -> int:
    if words.isascii():
        return int(words)
    if words in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return ord(words) - ord("①") + 1
    tens, ten, ones = words.rpartition("十")
    return (_ORDINAL.find(tens) + 1 if tens else 1) * 10 * bool(ten) + (_ORDINAL.find(ones) + 1 if ones else 0)


def _days_behind(report: Report, text: str, figure: Figure) -> Iterator[Finding]:
    """共5期，时间分别是3月26日、5月7日…: the days that follow."""
    found = _DAYS.match(text, figure.end) if figure.unit in _TIMES else None
    if found is not None:
        count = len(re.findall(_DAY, found["days"]))
        if not (found["open"] and count < figure.value):
            yield from _judged(report, figure, count, found.start("days"), found.end("days"), "dates", "个日期")


def _rows(report: Report, text: str, figure: Figure) -> Iterator[Finding]:
    """获奖5项，见下表: the rows of the table that is named, or that stands next."""
    told = _TABLED.match(text, figure.end)
    table = _table(report, figure.end, told["name"] or "") if told else None
    if table is not None and len(table.rows) > 1:
        headed = bool(table.header) or not re.search(r"\d", "".join(table.rows[0]))
        rows = table.rows if table.header else table.rows[1:] if headed else table.rows
        count = sum(not any(_TOTALS.fullmatch(cell.strip()) for cell in row[:2]) and any(cell.strip() for cell in row) for row in rows)
        yield from _judged(report, figure, count, table.start, table.end, "rows", "行")


def _table(report: Report, at: int, name: str) -> TableRecord | None:
    """The table with a name (附件3), else the next one, with nothing but its caption before it."""
    if re.search(r"[\d一二三四五六七八九十]", name):
        named = [t for t in report.tables if t.caption and re.match(rf"\s*{re.escape(name)}(?![\d一二三四五六七八九十])", t.caption)]
        return named[0] if len(named) == 1 else None
    following = next((t for t in report.tables if t.start >= at), None)
    if following is None or following.start - at > 400:
        return None
    if name.startswith("附"):
        return following if len(report.tables) == 1 or text_lines(report.text[at : following.start]) <= 3 else None
    return following if text_lines(report.text[at : following.start]) <= 3 else None


def text_lines(text: str) -> int:
    """How many lines with words there are."""
    return sum(bool(line.strip()) for line in text.split("\n"))


def sessions(report: Report, figures: Sequence[Figure]) -> Iterator[Finding]:
    """共3期 and 连续举办3场 against the days that an entry of the chronicle gives one by one."""
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
            yield counted(report, verdict, figure, passage(report, days[0][0], days[-1][1]), count, "dates", "个日期")


def _session(report: Report, figure: Figure, after: int) -> re.Match[str] | None:
    """The words that make a figure the number of an entry's sessions."""
    fits = figure.unit in _TIMES and figure.hedge == "exact" and figure.start >= after
    return _SESSIONS.search(report.text[max(0, figure.start - 12) : figure.start]) if fits else None


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

"""Chronicle entries and dated clauses of the narrative -> Event records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from extractor.dates import contains, first_day, last_day, precision
from extractor.folding import fold
from extractor.model import Date, Entry, Event, Passage, Rule, Struct
from extractor.recognise import Mentions

_BETWEEN = re.compile(r"\s*(?:[、，,；;和及与]|以及)?\s*(?:分别[在于]|[于在自])?\s*")
_LEAD = re.compile(r"\s*(?:分别)?(?:[在于自从]|截至|截止)?\s*")
_BEHIND_DATE = re.compile(r"(?:\s*[（(](?:周|星期)[一二三四五六日天][)）])?(?:\s*(?:[上下]午|晚上?|晚间|清晨|[上下]午\d{1,2}[时点:：]\d{0,2}分?)(?=[，,：:]))?[\s，,：:、。.—-]*")
_DEADLINE = re.compile(r"(?:截至|截止到?|直至|持续到|延至|至|到|定于|将于|拟于|计划于|预计|[比较与同]|相比|出现[在于]|发生[在于]|集中[在于]|安排[在于]|始于|成立于|建于|建成于|生于|创办于)\s*$")
_CLAUSE_START = re.compile(r"(?:^|[。；;，,：:、！!？?\n）)◆■●▲★※◇□▶►◎○•])\s*$")
_TIME_IS = re.compile(r"[，,](?:其|[\u4e00-\u9fff]{2})?(?:时间|日期)(?:分别)?(?:为|是|定[于在]|在)?\s*$")
_SUBJECT = re.compile(r"[^\d]{2,40}(?:[”》]|展览?|赛|节|会|班|营|周|季|馆|厅|项目|活动|仪式|讲座|培训|演出|工程|平台|系统)")
_TAKES_PLACE = re.compile(
    r"(?:[上下]午|晚)?(?:在[^，。；\d]{2,16}?)?(?:正式|隆重|如期|顺利|圆满|成功)?(?:开幕|启幕|闭幕|落幕|举行|举办|召开|上线|揭牌|启动|开展|开讲|开馆|开班|开营|开课|开放|挂牌|投用|投入使用|竣工|封顶|完工|收官|亮相|首演|上演|签约|开市|开赛|结束|结业)"
)
_AT = re.compile(r"[于在自从]\s*$")
_STOP = re.compile(r"[。；;！!？?\n]")
_NOT_DONE = re.compile(r"\s*(?:的(?!第)|份的|之?前|以前|底前|末前|起草)")
_PLACE = re.compile(
    r"(?:在|走进|深入|赴)(?P<place>[^，。；：、“”《》\d]{2,24}?)(?:隆重|成功|正式|顺利|公开)?(?:举行|举办|召开|开展|开幕|启动|开市|展出|上演|开讲|揭牌|开馆|展演|设立|开设|进行)"
)  # fmt: skip


class EventRule(Rule, frozen=True):
    """Words of a state (no event) or of a category of events."""

    kind: Literal["state", "category"]
    words: tuple[str, ...]


class Tables(Struct, frozen=True):
    states: tuple[str, ...]
    categories: tuple[tuple[str, tuple[str, ...]], ...]


def compile_tables(rules: Iterable[EventRule], faults: list[str]) -> Tables:
    rules = tuple(rules)
    for rule in rules:
        if not rule.words:
            faults.append(f"events.toml: [[event]] {rule.id}: words: empty")
    return Tables(
        states=tuple(word for rule in rules if rule.kind == "state" for word in rule.words),
        categories=tuple((rule.id, rule.words) for rule in rules if rule.kind == "category"),
    )


def event_fires(rule: EventRule, text: str, tables: Tables) -> bool:
    """Whether the clause is a state, or an event of this category."""
    return is_state(text, tables) if rule.kind == "state" else any(word in text for word in rule.words)


def is_state(clause: str, tables: Tables) -> bool:
    """Whether a clause says how things stand: it begins with such a word, or has one behind a short subject."""
    clause = re.sub(r"[“《][^”》]*(?:[”》]|$)", "“”", clause)
    return any(0 <= clause[:14].find(word) <= (8 if len(word) > 1 else 0) for word in tables.states) and not re.match(r".{0,8}(?:召开|举办|举行|开展|组织|完成|启动|整理|清点|修复)", clause)


def category(text: str, tables: Tables) -> str | None:
    """The first category whose words the text holds."""
    return next((name for name, words in tables.categories if any(word in text for word in words)), None)


def place(text: str) -> str | None:
    """The place after 在 that stands before a verb of taking place."""
    found = _PLACE.search(text)
    return found["place"].strip() if found else None


def from_entry(entry: Entry, lead: Mentions | None, body: Mentions, text: str, tables: Tables) -> Event:
    """The event of a chronicle entry. `lead` holds the dates of a date cell or date line of its own."""
    if lead is not None:
        leading, at = list(lead.dates), entry.body[0]
    else:
        leading, at = _leading(body, text)
    if leading:
        later = [d for d in body.dates if d.start >= at and _is_step(d, leading, body, text)]
        found = leading + later
    else:
        inside = [d for d in body.dates if not _quoted(text, body.start, d) and not _DEADLINE.search(text[max(body.start, d.start - 8) : d.start])]
        exact = [d for d in inside if d.edtf and precision(d.edtf) != "year"]
        found = exact or inside[:1]
    end = entry.body[1]
    skipped = _BEHIND_DATE.match(text, at, end) if leading and lead is None else re.compile(r"[\s，,：:]*").match(text, at, end)
    words_start = skipped.end() if skipped and skipped.end() < end else at
    words = text[words_start:end].strip()
    return Event(
        id="", start=entry.start, end=entry.end, page=entry.page, table=entry.table, row=entry.row, rule="chronicle",
        origin="chronicle", number=entry.number, dates=tuple(_distinct(found)), text=words, section=entry.section,
        category=category(words, tables), place=place(words),
    )  # fmt: skip


def _leading(mentions: Mentions, text: str) -> tuple[list[Date], int]:
    """The dates a span begins with, and where they end."""
    lead = _LEAD.match(text, mentions.start, mentions.end)
    at = lead.end() if lead else mentions.start
    leading: list[Date] = []
    for date in mentions.dates:
        gap = _BETWEEN.fullmatch(text, at, date.start) if leading else (date.start <= at)
        if not gap:
            break
        # 2021年，5月3日… : the day that follows a leading year is the date meant; 年底，全年… : a year behind a
        # leading day or month is no further date.
        if leading and precision(date.edtf or "") == "year":
            break
        if leading and precision(leading[-1].edtf or "") == "year" and precision(date.edtf or "") != "year":
            leading.pop()
        leading.append(date)
        at = date.end
    return leading, at


def _is_step(date: Date, leading: Sequence[Date], body: Mentions, text: str) -> bool:
    """Whether a later date in an entry is a further step: stated to the month or day, not before the first, not quoted, no deadline."""
    if date.edtf is None or precision(date.edtf) in ("year", None) or date.edtf.startswith("..") or _quoted(text, body.start, date):
        return False
    before = text[max(body.start, date.start - 8) : date.start]
    if _DEADLINE.search(before) or re.search(r"[年度月]底|年末", date.raw) or not (_CLAUSE_START.search(before) or _AT.search(before)):
        return False
    if re.search(r"[（(]\s*$", before) or _NOT_DONE.match(text, date.end, min(date.end + 4, body.end)):
        return False
    first, own = first_day(leading[0].edtf or ""), first_day(date.edtf)
    return first is not None and own is not None and own >= first and (own - first).days <= 370


def _quoted(text: str, start: int, date: Date) -> bool:
    """Whether a date stands inside a title or quotation."""
    before = text[start : date.start]
    return before.count("“") > before.count("”") or before.count("《") > before.count("》")


def _distinct(dates: Iterable[Date]) -> list[Date]:
    seen: dict[str, Date] = {}
    for date in dates:
        seen.setdefault(date.edtf or date.raw, date)
    return list(seen.values())


def from_passage(passage: Passage, mentions: Mentions, text: str, period: str | None, tables: Tables) -> list[Event]:
    """The dated clauses of one paragraph of the narrative that say what was done."""
    groups = _groups(passage, mentions, text, period)
    events = [*_timed_behind(passage, mentions, text, period, tables), *_midway(passage, mentions, text, period, tables)]
    for index, group in enumerate(groups):
        start, at = group[0].start, group[-1].end
        opened, subject = _subject(group[0], passage, text)
        if finer := _in_brackets(group[-1], mentions, text):
            group, at = [*group[:-1], finer], finer.end + 1
        skipped = _BEHIND_DATE.match(text, at, passage.end)
        words_start = skipped.end() if skipped else at
        stop = _STOP.search(text, words_start, passage.end)
        end = stop.start() if stop else passage.end
        if index + 1 < len(groups) and groups[index + 1][0].start < end:
            end = _subject(groups[index + 1][0], passage, text)[0]
        words = text[words_start:end].rstrip("，,、 又并还再后")
        if len(words) < 4 or is_state(words, tables):
            continue
        events.append(
            Event(
                id="", start=opened if subject else start, end=words_start + len(words), page=passage.page, rule="narrative", origin="narrative", number=None,
                dates=tuple(group), text=subject + words, section=passage.headings[-1] if passage.headings else None,
                category=category(words, tables), place=place(words),
            )
        )  # fmt: skip
    return sorted(events, key=lambda event: event.start)


def _subject(date: Date, passage: Passage, text: str) -> tuple[int, str]:
    """Where the clause of a date behind 于 begins, and the words before 于: 改造后的排练厅于4月1日重新启用; the date's own start and no words elsewhere."""
    before = text[passage.start : date.start]
    lead = _AT.search(before)
    if lead is None:
        return date.start, ""
    opened = max(before.rfind(mark, 0, lead.start()) for mark in "。；;！!？?\n：，,、）)") + 1
    words = before[opened : lead.start()].strip()
    return (passage.start + before.index(words, opened), words) if len(words) > 2 else (passage.start + lead.start(), "")


def _timed_behind(passage: Passage, mentions: Mentions, text: str, period: str | None, tables: Tables) -> Iterator[Event]:
    """Clauses whose time is told behind them: 举办档案日活动，时间为6月9日."""
    for date in mentions.dates:
        lead = _TIME_IS.search(text, max(passage.start, date.start - 14), date.start)
        if lead is None or not _dated(date, period):
            continue
        opened = max(passage.start, max(text.rfind(mark, passage.start, lead.start()) for mark in "。；;！？\n：") + 1)
        words = text[opened : lead.start()].strip()
        if 4 <= len(words) <= 60 and not is_state(words, tables) and not any(opened <= other.start < lead.start() for other in mentions.dates):
            start = text.index(words, opened)
            yield Event(
                id="", start=start, end=date.end, page=passage.page, rule="narrative", origin="narrative", number=None, dates=(date,), text=words,
                section=passage.headings[-1] if passage.headings else None, category=category(words, tables), place=place(words),
            )  # fmt: skip


def _midway(passage: Passage, mentions: Mentions, text: str, period: str | None, tables: Tables) -> Iterator[Event]:
    """Clauses with their time behind what takes place: “看见高原”大展4月26日在一号厅启幕."""
    for date in mentions.dates:
        opened = max(passage.start, max(text.rfind(mark, passage.start, date.start) for mark in "。；;！？\n：，,") + 1)
        subject, held = text[opened : date.start].strip(), _TAKES_PLACE.match(text, date.end, passage.end)
        if held is None or not _SUBJECT.fullmatch(subject) or not _dated(date, period) or _quoted(text, passage.start, date) or _opens_clause(passage, date, text):
            continue
        if any(opened <= other.start < date.start for other in mentions.dates):
            continue
        stop = _STOP.search(text, held.end(), passage.end)
        following = next((other.start for other in mentions.dates if other.start > held.end()), passage.end)
        end = min(stop.start() if stop else passage.end, following)
        words = (subject + text[date.end : end]).rstrip("，,、 ")
        yield Event(
            id="", start=text.index(subject, opened), end=end, page=passage.page, rule="narrative", origin="narrative", number=None, dates=(date,), text=words,
            section=passage.headings[-1] if passage.headings else None, category=category(words, tables), place=place(words),
        )  # fmt: skip


def _in_brackets(date: Date, mentions: Mentions, text: str) -> Date | None:
    """The day in brackets behind a coarser time that holds it: 9月初（9月6日）."""
    following = next((d for d in mentions.dates if d.start > date.start), None)
    if following is None or not re.fullmatch(r"\s*[（(]", text[date.end : following.start]) or text[following.end : following.end + 1] not in "）)":
        return None
    finer = precision(following.edtf or "") == "day" != precision(date.edtf or "")
    return following if finer and contains(date.edtf or "", following.edtf or "") else None


def _groups(passage: Passage, mentions: Mentions, text: str, period: str | None) -> list[list[Date]]:
    """The dates that open a clause, with the further dates of one list together."""
    groups: list[list[Date]] = []
    for date in mentions.dates:
        if groups and groups[-1][-1].end <= date.start and _BETWEEN.fullmatch(text, groups[-1][-1].end, date.start) and re.search(r"[、，,和]", text[groups[-1][-1].end : date.start]):
            if _dated(date, period):
                groups[-1].append(date)
            continue
        if _dated(date, period) and _opens_clause(passage, date, text):
            groups.append([date])
    return groups


def _dated(date: Date, period: str | None) -> bool:
    """To the half-year or finer, closed, and within the period reported on."""
    if date.edtf is None or date.edtf.startswith(("..", "X")) or re.fullmatch(r"\d{4}/\.\.", date.edtf):
        return False
    if precision(date.edtf) == "year" or re.fullmatch(r"\d{4}/\d{4}", date.edtf):
        return False
    if period is None:
        return True
    first, last, own = first_day(period), last_day(period), first_day(date.edtf)
    return first is not None and last is not None and own is not None and first <= own <= last


def _opens_clause(passage: Passage, date: Date, text: str) -> bool:
    before = fold(text[max(passage.start, date.start - 12) : date.start])
    if _quoted(text, passage.start, date) or _DEADLINE.search(before) or _NOT_DONE.match(text, date.end, min(date.end + 4, passage.end)):
        return False
    if date.start == passage.start or _CLAUSE_START.search(_AT.sub("", before)):
        return not re.match(r"\s*(?:[）)”》]|[，,。；]\s*达)", text[date.end : date.end + 4])
    return _AT.search(before) is not None and not re.match(r"\s*[，,。；]", text[date.end : date.end + 2])

"""The chronicle (大事记) in each of its shapes -> entries.

Shapes: a number on a line of its own; ``12、3月5日，…``; month headings with day-only entries; paragraphs
that begin with a date; a date on a line of its own; one paragraph whose parts are parted by semicolons
or full stops and begin with dates; a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from extractor import dates
from extractor.dates import last_day, precision
from extractor.folding import fold
from extractor.frontmatter import chinese_year
from extractor.model import Cell, Date, Entry, Paragraph, View

_NUMBER_ONLY = re.compile(r"[（(]?(\d{1,3})\s*[.．、)）]?")
_NUMBER_LEAD = re.compile(r"[（(]?(\d{1,3})(?:[）)、]|[.．](?!\d)|[.．](?=\d{1,2}月|\d{4}年|\d{1,2}[.．·]\d{1,2}(?:\s|[~～—一至、，-])|\d{1,2}[~～—一至-]\d{1,2}月)|\s+(?=\d{1,2}月|\d{4}年))\s*")
_CHINESE_LEAD = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]\s*")
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MONTH_HEADING = re.compile(r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]\s*)?[【\[]?(?:(?P<year>(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3})\s*年)?\s*(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])\s*月\s*份?[】\]]?[：:]?")
_YEAR_HEADING = re.compile(r"(?P<year>(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3})\s*年度?[：:]?")
_SEASON_HEADING = re.compile(
    r"(?:\d{1,2}[.．]\d{1,2}|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．])?\s*(?:第?[一二三四1-4]季度?|[上下]半年|[春夏秋冬]季)(?:大事|工作|活动)?(?:[（(][^（）()]{1,20}[）)])?"
)
_NUMERIC_DAY = re.compile(r"(?:1[0-2]|0?[1-9])[/.·](?:3[01]|[12]\d|0?[1-9])(?=\s|日|[—~～至-]|[，,：:])(?!\s*\d)")
_BULLET = re.compile(r"\s*[◆■●▲★※◇□▶►◎○•·➢✦*]\s*")
_MONTH_LEAD = re.compile(r"\s*(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月份?[：:]\s*(?=[\d一二三四五六七八九十]{1,3}[日号]|[上中下]旬|月[初中末底])")
_MONTH_CELL = re.compile(r"(?:(?:19|20)\d\d年)?(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])\s*月?份?")
_WEEK_HEADING = re.compile(r"第[一二三四五六七八九十\d]{1,3}周\s*[（(](?P<days>[^（）()]{4,30})[）)]")
_WEEKDAY = re.compile(r"\s*[（(]?(?:星期|周)[一二三四五六日天][）)]?\s*$")
_SHORT = 120
"""Under the heading of a day or a week a paragraph of no more characters is an entry of its own."""
_INTRODUCTION = re.compile(r"(?:如下|以下)?[：:]$")
_PARTS = 3
"""So many parts that begin with a date make one paragraph a list of entries."""


class _State(msgspec.Struct):
    """What the headings above say, and the entry being read."""

    year: int | None
    month: int | None = None
    section: str | None = None
    number: int | None = None
    number_start: int | None = None
    number_page: int | None = None
    date_start: int | None = None
    group: tuple[int, int] | None = None
    date_end: int = 0
    numbered: bool = False
    entries: list[Entry] = msgspec.field(default_factory=list)


def from_paragraphs(paragraphs: Sequence[Paragraph], text: str, year: int | None, section: str | None, tables: dates.Tables) -> list[Entry]:
    """The entries of a chronicle written as running text. `year` is that of its heading or of the report."""
    state = _State(year=year, section=section)
    lines = [fold(text[p.start : p.end]) for p in paragraphs]
    numbers = sum(1 for line in lines if _NUMBER_ONLY.fullmatch(line.strip()) or _NUMBER_LEAD.match(line))
    state.numbered = numbers >= 2 and numbers >= 0.25 * len(lines)
    for paragraph, line in zip(paragraphs, lines, strict=True):
        if week := _WEEK_HEADING.fullmatch(line.strip()):
            at = paragraph.start + len(line) - len(line.lstrip())
            state.group = (at + week.start("days"), at + week.end("days"))
        elif not _heading(state, line.strip()):
            _paragraph(state, paragraph, line, tables)
    return state.entries


def _heading(state: _State, line: str) -> bool:
    """Takes a month, year or season heading into the state."""
    if found := _MONTH_HEADING.fullmatch(line):
        number = _month(found["month"])
        if number is None:
            return False
        state.month = number
        if found["year"]:
            state.year = chinese_year(found["year"])
        return True
    if found := _YEAR_HEADING.fullmatch(line):
        state.year, state.month = chinese_year(found["year"]), None
        return True
    return _SEASON_HEADING.fullmatch(line.strip("：:")) is not None


def _month(words: str) -> int | None:
    """The month that a numeral names, or None."""
    number = int(words) if words.isdigit() else _MONTHS.index(words) + 1
    return number if 1 <= number <= 12 else None


def _paragraph(state: _State, paragraph: Paragraph, line: str, tables: dates.Tables) -> None:
    if (found := _NUMBER_ONLY.fullmatch(line.strip())) and state.numbered:
        state.number, state.number_start, state.number_page = int(found[1]), paragraph.start, paragraph.page
        return
    if (found := _MONTH_LEAD.match(line)) and not state.numbered:
        month = _month(found["month"])
        for first, last, known in _parts(line[found.end() :], month, tables, least=1) if month else ():
            _entry(state, paragraph.start + found.end() + first, paragraph.start + found.end() + last, 0, None, paragraph, known or month)
        return
    parts = [] if state.numbered else _parts(line, state.month, tables)
    if len(parts) >= _PARTS:
        for first, last, month in parts:
            _entry(state, paragraph.start + first, paragraph.start + last, 0, None, paragraph, month)
        return
    lead, number = 0, None
    if bullet := _BULLET.match(line):
        lead = bullet.end()
    if (found := _NUMBER_LEAD.match(line)) and state.number_start is None and state.numbered:
        lead, number = found.end(), int(found[1])
    elif not state.numbered and (found := _CHINESE_LEAD.match(line) or _NUMBER_LEAD.match(line)) and begins_with_date(line[found.end() :], state.month, tables):
        lead = found.end()
    dated = begins_with_date(line[lead:], state.month, tables)
    if dated and dated == len(_WEEKDAY.sub("", line[lead:].strip())) and state.number_start is None and number is None:
        state.date_start, state.date_end = paragraph.start, paragraph.end
        state.group = (paragraph.start, paragraph.end)
        return
    if state.number_start is not None or number is not None or state.date_start is not None:
        _entry(state, paragraph.start, paragraph.end, lead, number, paragraph)
    elif dated and not (state.numbered and state.entries):
        _entry(state, paragraph.start, paragraph.end, lead, None, paragraph)
    elif state.group is not None and len(line) <= _SHORT and line.rstrip().endswith("。"):
        _entry(state, paragraph.start, paragraph.end, 0, None, paragraph, lead_span=state.group)
    elif state.entries:
        state.entries[-1] = _stretched(state.entries[-1], paragraph.end)
    elif not _INTRODUCTION.search(line.strip()) and re.search(r"[。；]", line) is not None and state.numbered:
        _entry(state, paragraph.start, paragraph.end, 0, None, paragraph)


def _entry(state: _State, start: int, end: int, lead: int, number: int | None, paragraph: Paragraph, month: int | None = None, lead_span: tuple[int, int] | None = None) -> None:
    """Adds the entry in [start, end), with a number or date that stood on a line of its own before it."""
    own = [at for at in (state.number_start, state.date_start) if at is not None]
    body = start + lead
    date_lead = (state.date_start, state.date_end) if state.date_start is not None else lead_span or (body, body)
    state.entries.append(
        Entry(
            start=min([start, *own]), end=end, number=state.number if state.number is not None else number, lead=date_lead,
            body=(body, end), year=state.year, month=state.month or month, section=state.section, page=state.number_page or paragraph.page,
        )
    )  # fmt: skip
    state.number = state.number_start = state.number_page = state.date_start = None


def _stretched(entry: Entry, end: int) -> Entry:
    """The entry with a further paragraph of its text."""
    changed: Entry = msgspec.structs.replace(entry, end=end, body=(entry.body[0], end))
    return changed


def begins_with_date(line: str, month: int | None, tables: dates.Tables) -> int:
    """How many characters at the start of a folded line are a date (0: it begins with none)."""
    found = _leading_date(line, month, tables)
    return found.end if found else 0


def _leading_date(line: str, month: int | None, tables: dates.Tables) -> Date | None:
    head = line[:60]
    lead = re.match(r"[\s“\"（(【\[]*(?:[于自从]|分别[在于])?\s*", head)
    offset = lead.end() if lead else 0
    if not re.match(r"[\d一二三四五六七八九十上中下年月全同当翌次第前暑寒]", head[offset:]):
        return None
    numeric = month is None and _NUMERIC_DAY.match(head, offset) is not None
    found = [d for d in dates.find(head, tables, year=2000, month=month, numeric_month_day=numeric) if d.edtf != "2000" or "年" in d.raw]
    return found[0] if found and found[0].start <= offset else None


def _parts(line: str, month: int | None, tables: dates.Tables, least: int = _PARTS) -> list[tuple[int, int, int | None]]:
    """The parts of one paragraph that begin with dates, each up to the next, with the month that the parts
    before say (21日 behind 3月5日 is in March); empty where there are too few."""
    starts = [m.end() for m in re.finditer(r"^|[；;。]\s*", line)]
    dated: list[tuple[int, int | None]] = []
    current = month
    for at in (at for at in starts if at < len(line)):
        found = _leading_date(line[at:], current, tables)
        if found is not None:
            dated.append((at, current))
            last = last_day(found.edtf) if found.edtf else None
            current = month or (last.month if last and precision(found.edtf or "") != "year" else current)
    if len(dated) < least or 2 * len(dated) < len([at for at in starts if at < len(line)]):
        return []
    ends = [*(at for at, _ in dated[1:]), len(line)]
    return [(first, _trimmed(line, first, last), known) for (first, known), last in zip(dated, ends, strict=True)]


def _trimmed(line: str, first: int, last: int) -> int:
    return first + len(line[first:last].rstrip().rstrip("；;"))


def _cell_month(cell: Cell | None, text: str) -> int | None:
    """The month of a cell that holds nothing else (3月, 三月份, 3)."""
    found = _MONTH_CELL.fullmatch(fold(text[cell.start : cell.end]).strip()) if cell else None
    return _month(found["month"]) if found else None


def from_table(view: View, text: str, year: int | None, section: str | None) -> list[Entry]:
    """The entries of a chronicle laid out as a table: one a row, in the columns the header names."""
    if view.header is None:
        return []
    roles = view.header.roles
    column = {role: roles.index(role) for role in ("number", "date", "content") if role in roles}
    dated = [at for at, role in enumerate(roles) if role == "date"]
    column["date"] = dated[-1]  # 月份, 日期: the day, in the month beside it
    entries = []
    first, month = view.header.row + view.header.rows, None
    for r in range(first, len(view.grid)):
        date, content = view.grid[r][column["date"]], view.grid[r][column["content"]]
        month = (_cell_month(view.grid[r][dated[0]], text) or month) if len(dated) > 1 else None
        if content is None or content.row != r or not text[content.start : content.end].strip():
            continue
        number = None
        if "number" in column and (cell := view.grid[r][column["number"]]):
            digits = fold(text[cell.start : cell.end]).strip(" .、")
            number = int(digits) if digits.isdigit() and len(digits) <= 4 else None
        cells = view.own[r]
        named = {column[role] for role in column} | {at for at, role in enumerate(roles) if role == "place"}
        beside = tuple((c.start, c.end) for c in cells if c.end > c.start and c.column not in named)
        entries.append(
            Entry(
                start=min(c.start for c in cells), end=max(c.end for c in cells), number=number,
                lead=(date.start, date.end) if date else (content.start, content.start), body=(content.start, content.end),
                year=year, month=month, section=section, page=content.page, table=view.index, row=r - first, beside=beside,
            )
        )  # fmt: skip
    return entries

"""Quantities of the running text -> Figure records: label, indicator, period, and what is no figure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from extractor import indicators, labels, periods
from extractor.model import Date, Entry, Event, Figure, Passage, Quantity
from extractor.periods import Period
from extractor.recognise import Mentions

if TYPE_CHECKING:
    from extractor.registry import Tables

_GOES_ON = re.compile(r"\s*(?:[一二三四五六七八九十]是)?其中")
_QUOTED = 24
"""A quotation longer than this says something; a shorter one names something."""
_REACH = 600
"""So many characters of a sentence on either side of a number are looked at, however long it runs on."""
_FULL_STOP = re.compile(r"[。！？!?\n]")


def from_passage(passage: Passage, mentions: Mentions, text: str, report: str | None, tables: Tables) -> list[Figure]:
    """The figures of one paragraph of the narrative; ids are left empty."""
    base = Period(report or "XXXX", True)
    return list(_figures(mentions, text, mentions.dates, base, report, passage.headings, "narrative", passage.page, None, None, tables))


def from_entry(entry: Entry, event: Event, mentions: Mentions, text: str, report: str | None, tables: Tables) -> list[Figure]:
    """The figures of a chronicle entry: its own date is their period unless the words say otherwise."""
    own = [d.edtf for d in event.dates if d.edtf]
    base = Period(report or "XXXX", not own or own == [report])
    if len(own) == 1 and own[0] != report and ".." not in own[0]:
        base = Period(own[0], False)  # of several separate dates none is the figure's own: it sums them up
    leading = {(d.start, d.end) for d in event.dates}
    inner = [d for d in mentions.dates if (d.start, d.end) not in leading]
    headings = (entry.section,) if entry.section else ()
    return list(_figures(mentions, text, inner, base, report, headings, "chronicle", entry.page, entry.table, entry.row, tables))


def _figures(
    mentions: Mentions, text: str, dates: Sequence[Date], base: Period, report: str | None, headings: tuple[str, ...],
    origin: str, page: int | None, table: int | None, row: int | None, tables: Tables,
) -> Iterator[Figure]:  # fmt: skip
    previous: tuple[int, str] | None = None
    linked: indicators.Previous | None = None
    stops = [mentions.start, *(found.end() for found in _FULL_STOP.finditer(text, mentions.start, mentions.end))]
    dates = sorted(dates, key=_start)
    begin = mentions.start
    for quantity in mentions.quantities:
        if is_name(text, mentions.start, quantity, mentions.end):
            continue
        unit = quantity.unit or labels.implied_unit(quantity, text, mentions.start, tables.labels)
        if unit is None:
            continue
        start = stops[bisect_right(stops, quantity.start) - 1]
        if start != begin:
            goes_on = _GOES_ON.match(text, start)
            begin, previous, linked = start, None, linked if goes_on else None
        following = bisect_right(stops, quantity.end)
        sentence_end = min(stops[following] - 1 if following < len(stops) else mentions.end, quantity.end + _REACH)
        sentence = max(begin, quantity.start - _REACH)
        near = dates[bisect_left(dates, sentence, key=_start) : bisect_right(dates, quantity.start, key=_start)]
        period = periods.of_figure(text, sentence, quantity.start, quantity.end, near, base, report, headings, tables.periods)
        label = labels.label(quantity, text, sentence, sentence_end, previous)
        context = indicators.Context(
            before=text[sentence : quantity.start], after=text[quantity.end : sentence_end], unit=unit, value=quantity.value,
            period_is_year=period.whole, origin=origin, heading=headings[-1] if headings else "", previous=indicators.placed(linked, text[previous[0] if previous else sentence : quantity.start]),
            at=quantity.start, later=report is not None and period.edtf.isdigit() and period.edtf > report[-4:],
        )  # fmt: skip
        link = indicators.link(context, tables.indicators)
        linked = indicators.follow(context, link, linked)
        previous = (quantity.end, label)
        yield _figure(quantity, unit, label, link, period, page, table, row)


def is_name(text: str, start: int, quantity: Quantity, end: int) -> bool:
    """Whether a number stands in a title or a short quotation: “睡前一小时”, 《365夜》 name, they do not count."""
    before, behind = text[max(start, quantity.start - _QUOTED) : quantity.start], text[quantity.end : min(end, quantity.end + _QUOTED)]
    if before.rfind("《") > before.rfind("》") and "》" in behind:
        return True
    opened, closed = before.rfind("“"), behind.find("”")
    return opened > before.rfind("”") and closed >= 0 and len(before) - opened + closed <= _QUOTED and not re.search(r"[，。；]", before[opened:] + behind[:closed])


def _figure(
    quantity: Quantity, unit: str, label: str, link: indicators.Link | None, period: Period, page: int | None, table: int | None, row: int | None
) -> Figure:
    return Figure(
        id="", start=quantity.start, end=quantity.end, page=page, table=table, row=row,
        rule=f"indicators:{link.rule}" if link else "units", raw=quantity.raw, value=quantity.value, low=quantity.low,
        high=quantity.high, hedge=quantity.hedge, unit=unit, label=label, indicator=link.indicator if link else None, period=period.edtf,
    )  # fmt: skip


def _start(date: Date) -> int:
    return date.start

"""Media reports told as lines instead of a table: 2月27日  晚报  标题; 《标题》，日报，2月27日 -> Media records.

A line is one where its outlet is known by how such names end (日报, 电视台, 学习强国); what it is titled stands in
《》 or “”, else is what is left beside date and outlet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor import dates
from extractor.folding import fold
from extractor.model import Media, Passage

_OUTLET = re.compile(
    r"[\u4e00-\u9fffA-Za-z·]{0,14}(?:日报|晚报|早报|晨报|时报|周报|商报|都市报|文化报|青年报|少年报|教育报|报|电视台|广播电台|电台|广播电视台|融媒体中心|融媒|新闻网|新华网|人民网|网|频道|客户端|公众号|"
    r"视频号|微博|抖音|平台|学习强国|通讯社|杂志|周刊|月刊|期刊|发布|在线|头条|新闻联播)"
)
_NUMBER = re.compile(r"\s*(?:[（(]?(\d{1,3})[)）、.．](?!\d{1,2}(?![\d月]))|[◆■●▲★·•])\s*")
_TITLE = re.compile(r"《([^《》\n]{2,80})》|[“\"]([^“”\"\n]{4,80})[”\"]")
_PARTS = re.compile(r"\s{2,}|\t|　|[，,；;：:（）()|]|——|—|(?<=[日报网台号])\s|\s(?=[《“\"])")
_GAP = re.compile(r"\s{2,}|\t|　")
_EDGES = re.compile(r"^[\s　。、—·“”\"《》于在]+|(?:[\s　。、—·“”\"《》]|刊登|刊发|报道|发表|播出)+$")
_LONGEST = 160
_LEAST = 2
"""So many lines in a row make a list; one alone may be a sentence."""


def find(passages: Sequence[Passage], text: str, year: int | None, tables: dates.Tables) -> tuple[list[Media], list[Passage]]:
    """The media reports that the passages of one section tell line by line, and the passages that are none; ids are left empty."""
    found = [(passage, _record(passage, text, year, tables)) for passage in passages]
    records = [record for _, record in found if record is not None]
    if len(records) < _LEAST or 2 * len(records) < len(found):
        return [], list(passages)
    return records, [passage for passage, record in found if record is None]


def _record(passage: Passage, text: str, year: int | None, tables: dates.Tables) -> Media | None:
    line = text[passage.start : passage.end]
    if len(line) > _LONGEST or line.count("。") > 1:
        return None
    number = _NUMBER.match(fold(line))
    begin = number.end() if number else 0
    found = next((d for d in dates.find(line[begin:], tables, year=year, numeric_month_day=True) if d.edtf), None)
    span = (begin + found.start, begin + found.end) if found else None
    told = _columns(line, begin, span) or _running(line, begin, span)
    if told is None or (span is None and number is None):
        return None
    return Media(
        id="", start=passage.start, end=passage.end, page=passage.page, rule="medialines", number=int(number[1]) if number and number[1] else None,
        title=told[0], content=None, outlet=told[1], outlet_type=None, form=None, date=found.edtf if found else None,
    )  # fmt: skip


def _columns(line: str, begin: int, span: tuple[int, int] | None) -> tuple[str, str] | None:
    """Title and outlet where wide gaps part them from the date, as in a table without lines."""
    parts = [part.strip() for part in _GAP.split(_without(line, begin, [span] if span else [])) if part.strip()]
    if len(parts) == 1 and span is not None:
        parts = [part for part in re.split(r"\s", parts[0], maxsplit=1) if part]  # a PDF keeps one space of a gap
    outlets = [part for part in parts if _OUTLET.fullmatch(part)]
    rest = [part for part in parts if part not in outlets]
    return (rest[0].strip("《》"), outlets[0]) if len(outlets) == 1 and len(rest) == 1 else None


def _running(line: str, begin: int, span: tuple[int, int] | None) -> tuple[str, str] | None:
    """Title and outlet where marks part them: 《标题》，日报，2月27日; 日报：标题（2月27日）."""
    quoted = next(iter(_TITLE.finditer(line, begin)), None)
    title = next((part for part in quoted.groups() if part), None) if quoted else None
    pieces = _PARTS.split(_without(line, begin, [*([span] if span else []), *([quoted.span()] if quoted else [])]))
    parts = [part for piece in pieces if (part := _EDGES.sub("", piece))]
    outlet = next((part for part in parts if _OUTLET.fullmatch(part)), None)
    if outlet is None:
        return None
    title = title or next((part for part in sorted(parts, key=len, reverse=True) if part != outlet and len(part) >= 4), None)
    return (title, outlet) if title else None


def _without(line: str, begin: int, spans: Sequence[tuple[int, int]]) -> str:
    """The line with the spans replaced by a gap, so that what stood on either side stays apart."""
    out, at = "", begin
    for start, end in sorted(spans):
        if start >= at:
            out += line[at:start] + "  "
            at = end
    return out + line[at:]

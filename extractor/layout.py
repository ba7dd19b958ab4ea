"""Document -> Layout: title, institution, period, sections, running text, chronicle and tables.

One walk over the blocks. A short line directly above a table is its caption; a heading opens a section;
a heading that announces a chronicle opens one, up to the next heading of its own or a higher level.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from extractor import chronicle, frontmatter, sections, tables
from extractor.folding import fold
from extractor.model import Document, Entry, Layout, Paragraph, Passage, Section, Table, View

if TYPE_CHECKING:
    from extractor.registry import Tables

_CAPTION = 50
_NOTE = re.compile(r"[（(][^（）()]*[)）]|(?:计量)?单位\s*[:：].*")
_SENTENCE_END = ("。", "；", "，", "！", "？")
_YEAR = re.compile(r"(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3}(?=年)")


class _Walk(msgspec.Struct):
    """The state of the walk: open sections (heading, level, start), and what was collected."""

    open: list[tuple[sections.Heading, int]] = msgspec.field(default_factory=list)
    closed: list[Section] = msgspec.field(default_factory=list)
    passages: list[Passage] = msgspec.field(default_factory=list)
    views: list[View] = msgspec.field(default_factory=list)
    chronicles: list[tuple[sections.Heading | None, list[Paragraph]]] = msgspec.field(default_factory=list)
    chronicle_level: int | None = None


def lay_out(document: Document, rules: Tables) -> Layout:
    """The layout of a document; pure, and the only place that decides what a paragraph is."""
    text, blocks = document.text, document.blocks
    paragraphs = [b for b in blocks if isinstance(b, Paragraph)]
    lines = [text[p.start : p.end] for p in paragraphs]
    title_at = frontmatter.find_title(lines)
    title = lines[title_at].strip() if title_at is not None else None
    title_paragraph = paragraphs[title_at] if title_at is not None else None
    walk = _Walk()
    if title and sections.role_of(title, rules.sections) == "chronicle" and "总结" not in title:
        walk.chronicle_level = 0
        walk.chronicles.append((None, []))
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if isinstance(block, Table):
            _table(walk, block, blocks[max(0, at - 2) : at], text, rules)
        elif block is not title_paragraph:
            _paragraph(walk, block, after, text, rules)
    _close(walk, 0, len(text))
    body = lines[title_at + 1 :] if title_at is not None else lines
    period = frontmatter.find_period(title or "", body)
    profile = _profile_name(walk.views, text)
    organization = frontmatter.find_organization(title or "", lines[:title_at] if title_at else [], body, profile)
    signature = _signature(paragraphs, text, organization)
    entries = _entries(walk, text, period, signature, rules)
    passages = sorted([*walk.passages, *_untold(walk, text, entries)], key=lambda p: p.start)
    return Layout(
        title=title, organization=organization, period=period,
        sections=tuple(sorted(walk.closed, key=lambda s: (s.start, -s.end))),
        passages=tuple(p for p in passages if p.start < signature), entries=tuple(entries),
        views=tuple(walk.views), autonomous="自治区" in text and not re.search(r"区[^市县旗州]{2,8}$", organization or ""),
    )  # fmt: skip


def _table(walk: _Walk, table: Table, before: Sequence[Paragraph | Table], text: str, rules: Tables) -> None:
    caption = None
    above = list(before)
    if len(above) == 2 and isinstance(above[1], Paragraph) and _NOTE.fullmatch(text[above[1].start : above[1].end].strip()):
        above.pop()  # a remark in brackets between a table and its caption
    if above and isinstance(above[-1], Paragraph) and is_caption(text[above[-1].start : above[-1].end]):
        caption = (above[-1].start, above[-1].end)
    view = tables.classify(len(walk.views), table, text, caption, rules.tables)
    walk.views.append(view)


def is_caption(line: str) -> bool:
    """Whether a line may name the table below it: short, and no sentence."""
    return 0 < len(line.strip()) <= _CAPTION and not line.strip().endswith(_SENTENCE_END)


def _paragraph(walk: _Walk, block: Paragraph, after: Paragraph | Table | None, text: str, rules: Tables) -> None:
    line = text[block.start : block.end]
    in_chronicle = walk.chronicle_level is not None
    heading = sections.heading(line, block.level, rules.sections)
    caption = isinstance(after, Table) and is_caption(line)
    if heading is None and caption:
        heading = sections.Heading(1, line, len(line), False, sections.role_of(line, rules.sections))
    if in_chronicle and heading is not None and not _ends_chronicle(walk, heading, caption):
        heading = None
    if heading is not None:
        _close(walk, heading.level, block.start)
        walk.open.append((heading, block.start))
        if walk.chronicle_level is not None and heading.level <= walk.chronicle_level:
            walk.chronicle_level = None
        if heading.role == "chronicle" and not heading.run_in:
            walk.chronicle_level = heading.level
            walk.chronicles.append((heading, []))
            return
        if caption and not heading.run_in:
            return
    if walk.chronicle_level is not None:
        walk.chronicles[-1][1].append(block)
        return
    walk.passages.append(Passage(start=block.start, end=block.end, page=block.page, headings=tuple(h.text for h, _ in walk.open)))


def _ends_chronicle(walk: _Walk, heading: sections.Heading, caption: bool) -> bool:
    """Inside a chronicle only part titles, captions and headings as high as its own are headings; entries look like lower ones."""
    level = walk.chronicle_level or 0
    if caption:
        return True
    return not heading.run_in and heading.level <= level and heading.level <= 3 and not _is_month(heading.text)


def _is_month(text: str) -> bool:
    return re.search(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?\s*[：:]?$|季度?$|半年$", fold(text).strip()) is not None


def _close(walk: _Walk, level: int, at: int) -> None:
    """Closes every open section of `level` or deeper (level 0: all) at offset `at`."""
    while walk.open and (level == 0 or walk.open[-1][0].level >= level):
        heading, start = walk.open.pop()
        walk.closed.append(Section(heading=heading.text.strip(), level=heading.level, start=start, end=max(at - 1, start + heading.length) if level else at))


def _entries(walk: _Walk, text: str, period: str | None, signature: int, rules: Tables) -> list[Entry]:
    default = int(period[:4]) if period and "/" not in period else (int(period[:4]) if period and period[:4] == period.split("/")[1][:4] else None)
    entries: list[Entry] = []
    for heading, paragraphs in walk.chronicles:
        label = heading.text if heading else None
        year = _year_in(label) or default
        entries += chronicle.from_paragraphs([p for p in paragraphs if p.start < signature], text, year, label, rules.dates)
    for view in walk.views:
        if view.kind == "chronicle":
            entries += chronicle.from_table(view, text, _year_in(view.caption) or default, view.caption)
    return sorted(entries, key=lambda e: e.start)


def _untold(walk: _Walk, text: str, entries: Sequence[Entry]) -> Iterator[Passage]:
    """Paragraphs under the heading of a chronicle that are no entries (大事回顾, told in sentences): running text like any other."""
    starts = [entry.start for entry in entries]
    for heading, paragraphs in walk.chronicles:
        for block in paragraphs:
            at = bisect_left(starts, block.end) - 1  # entries are in order and do not overlap
            told = at >= 0 and entries[at].end > block.start
            if not told and text[block.start : block.end].rstrip().endswith(_SENTENCE_END):  # what is no sentence is a heading of months
                yield Passage(start=block.start, end=block.end, page=block.page, headings=(heading.text,) if heading else ())


def _year_in(text: str | None) -> int | None:
    found = _YEAR.search(fold(text)) if text else None
    return frontmatter.chinese_year(found.group()) if found else None


def _profile_name(views: list[View], text: str) -> str | None:
    for view in views:
        for row in view.own:
            for label, value in pairwise(row):
                if tables.normal(text[label.start : label.end]) in ("单位名称", "机构名称", "填报单位"):
                    return text[value.start : value.end].strip() or None
    return None


def _signature(paragraphs: list[Paragraph], text: str, organization: str | None) -> int:
    """Where the signature at the end (institution and date on lines of their own) begins."""
    start = len(text) + 1
    for paragraph in reversed(paragraphs[-3:]):
        line = re.sub(r"\s+", "", fold(text[paragraph.start : paragraph.end]))
        is_date = re.fullmatch(r"(?:(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3})年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?", line)
        if is_date or (organization and line == organization):
            start = paragraph.start
        else:
            break
    return start

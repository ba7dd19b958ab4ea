"""Headings: which paragraphs are one, at which level, and what they announce (rules/sections.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from extractor.folding import fold
from extractor.model import Rule, Struct

Role = Literal["chronicle", "plan", "awards", "media", "statistics"]
_LONGEST = 45
"""A heading is a line, not a sentence: longer paragraphs have at most a run-in heading."""

# The order of the markers is the order of GB/T 9704 official documents: 一、 （一） 1. （1），then 一是.
# Part titles without any marker stand above them all.
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"第[一二三四五六七八九十\d]{1,3}(?:部分|章|篇)")),
    (1, re.compile(r"(?:附件?|附表|附录)\s*[一二三四五六七八九十\d]{0,2}\s*[:：、.．]")),
    (2, re.compile(r"[一二三四五六七八九十]{1,3}[、.．]")),
    (2, re.compile(r"0\d(?:[ 　]+|[、.．])(?=[\u4e00-\u9fff“])")),
    (2, re.compile(r"[◆■●▲★※◇□▶►◎○]")),
    (3, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    (4, re.compile(r"\d{1,2}[、.．](?!\d)")),
    (5, re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]")),
    (6, re.compile(r"[一二三四五六七八九十]{1,2}(?:是|要)")),
)
_BULLETS = "◆■●▲★※◇□▶►◎○"
_BULLET_HEADING = 16
_DECIMAL = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}\s+(?=\S)")
_SHORT_PLAN = 8
_RUN_IN_END = re.compile(r"[。；：，！;:,!]")
_SENTENCE_END = "。；，,;！？!?"


class SectionRule(Rule, frozen=True):
    """Words by which a heading announces what follows it."""

    role: Role
    words: tuple[str, ...]


class Tables(Struct, frozen=True):
    roles: dict[str, Role]
    rules: dict[str, str]


class Heading(Struct, frozen=True):
    """A heading: `length` characters of its paragraph; `run_in` where the text goes on behind it."""

    level: int
    text: str
    length: int
    run_in: bool
    role: Role | None


def compile_tables(rules: Iterable[SectionRule], faults: list[str]) -> Tables:
    roles: dict[str, Role] = {}
    ids: dict[str, str] = {}
    for rule in rules:
        for word in rule.words:
            if roles.setdefault(word, rule.role) != rule.role:
                faults.append(f"sections.toml: [[section]] {rule.id}: words: {word!r} is also a word of {ids[word]}")
            ids[word] = rule.id
    return Tables(roles=roles, rules=ids)


def section_fires(rule: SectionRule, text: str, tables: Tables) -> bool:
    """Whether a heading with this text announces what the rule says."""
    return role_of(text, tables) == rule.role


def role_of(text: str, tables: Tables) -> Role | None:
    """What the heading announces: the longest of the words in it; None if none is."""
    plain = re.sub(r"\s+", "", text)
    best = max((word for word in tables.roles if word in plain), key=len, default=None)
    return tables.roles[best] if best else None


def heading(text: str, outline: int | None, tables: Tables) -> Heading | None:
    """The heading that a paragraph is or begins with; `outline` is the level its format gives it."""
    folded = fold(text)
    line = folded.strip()
    short = len(line) <= _LONGEST and not line.endswith(tuple(_SENTENCE_END))
    for level, marker in _MARKERS:
        found = marker.match(line)
        if not found or not line[found.end() :].strip():
            continue
        if short and level < 6:
            return Heading(level, text, len(text), False, role_of(line, tables))
        return _run_in(text, line, level, found.end(), tables)
    if not short or not line:
        return None
    if outline is not None:
        return Heading(min(outline, 6), text, len(text), False, role_of(line, tables))
    role = role_of(line, tables)
    numbered = _DECIMAL.match(line)
    if numbered and (role or line.startswith("附", numbered.end())):
        return Heading(1 + numbered[0].count("."), text, len(text), False, role)
    if role == "plan" and len(line) > _SHORT_PLAN:
        return None  # 明年拟新建分馆3个 is no heading
    return Heading(1, text, len(text), False, role) if role and not re.search(r"[。；！？]", line) else None


def _run_in(text: str, line: str, level: int, marker: int, tables: Tables) -> Heading | None:
    """A heading that its text follows in the same paragraph, up to the first stop."""
    stop = _RUN_IN_END.search(line, marker)
    if stop is None or stop.start() - marker > _LONGEST or stop.start() == marker:
        return None
    if level <= 5 and stop.group() not in "。：:":
        return None
    if line[0] in _BULLETS and (stop.group() == "。" and stop.start() - marker > _BULLET_HEADING):
        return None  # a bulleted paragraph, not a heading with text behind it
    length = stop.start() + (len(text) - len(text.lstrip()))
    return Heading(level, text[:length], length, True, role_of(line[: stop.start()], tables))

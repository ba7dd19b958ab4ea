"""What an honour was won at: the contest in the words around it, who held it, and whether that was the institution itself."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal

import msgspec

from extractor.folding import fold
from extractor.honours import AUTONOMOUS, Honour, Tables, issuer_prefix, names_issuer, unquoted
from extractor.model import Award, Date, Struct
from extractor.recipients import MASK, Subject, lead_end, ours, subject

LOOK_BACK = 8  # clauses; farther away a contest is another matter
REACH = 200  # characters before a verb, or at the start of a clause, that can say who and where
OWN = ("全馆", "全校", "全院", "校运", "校园", "校内", "馆内", "院内", "内部", "本馆", "本校")  # contests within the house
_QUOTED = re.compile(r"“[^“”\n]{0,90}”|《[^《》\n]{0,90}》|\"[^\"\n]{0,90}\"|「[^「」\n]{0,90}」|‘[^‘’\n]{0,90}’")
_BORDER = re.compile(r"[，；;。！？!?\n：]|,(?!\d{3})|:(?!\d)|[（(](?=其中|含|包括)")
_NAME_LEAD = re.compile(r".*(?:由|参加了?|参与了?|(?<![现正所存])在|参评|参赛|获得?|于)", re.DOTALL)
_GIVER_TAIL = re.compile(
    r"(?:联合|共同|一并|再次|先后|分别|连续[^，]{1,5}[年次届]|首次|光荣|正式|同时|一致|双双|多次|也|又|还|都|均|\d{4}年?|\d{1,2}月|[上下]?半年|于)+$"
)


class Context(Struct, frozen=True):
    """What is known around a passage. `dates` are those found in it (offsets into the document), `entry_date` the EDTF
    that leads a chronicle entry or fills a row's date cell; `autonomous` is whether the report comes from an autonomous
    region, where 全区 is the whole of it; the rest goes into the record."""

    organization: str | None = None
    origin: Literal["narrative", "chronicle", "table"] = "narrative"
    dates: tuple[Date, ...] = ()
    entry_date: str | None = None
    period: str | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    autonomous: bool = False


class Clause(Struct, frozen=True):
    """A stretch between commas; `segment` counts the stretches between semicolons, `sentence` those between full stops."""

    start: int
    end: int
    segment: int
    sentence: int


class Contest(Struct, frozen=True):
    """A contest's name, who held it or made its results known, and whether the institution held it itself or took part in it."""

    name: str = ""
    issuer: str | None = None
    hosted: bool = False
    joined: bool = False
    announced: bool = False


class Passage:
    """A folded passage cut into clauses, with its quotations masked. Offsets are into the passage, which begins at `base`.

    `awarded` holds the last award of a clause, `given` the clauses that tell of prizes given away.
    """

    def __init__(self, text: str, base: int, context: Context, tables: Tables) -> None:
        organization = context.organization
        self.text, self.base, self.context, self.tables = text, base, context, tables
        self.narrative = context.origin == "narrative"
        self.masked = _QUOTED.sub(lambda m: m[0][0] + MASK * (len(m[0]) - 2) + m[0][-1], text)
        self.us = ours(fold(organization) if organization else None)
        self.autonomous = context.autonomous or any(name in (organization or "") for name in AUTONOMOUS)
        self.dates = sorted(
            (d.start - base, d.end - base, d.edtf or "") for d in context.dates
            if d.start >= base and d.end - base <= len(text) and text[max(0, d.start - base - 1) : d.start - base] not in ("比", "较", "由", "从", "与")
        )  # fmt: skip
        self.clauses = list(self._cut())
        self.starts = [c.start for c in self.clauses]
        self.awarded: dict[int, Award] = {}
        self.given: set[int] = set()
        self.told: dict[int, Contest] = {}
        self.giver: tuple[int, str] | None = None  # of the last 授予 with a giver: its segment, and the giver

    def _cut(self) -> Iterator[Clause]:
        start = segment = sentence = 0
        for m in [*_BORDER.finditer(self.masked), None]:
            end = m.start() if m else len(self.text)
            if end > start:
                yield Clause(start, end, segment, sentence)
            if m:
                start = m.end()
                sentence += m[0] in "。！？!?\n"
                segment += m[0] in "；;。！？!?\n"

    def mask(self, start: int, end: int) -> str:
        return self.masked[start:end]

    def subject(self, start: int, end: int) -> Subject:
        """Who the words in front of a verb at `end` name, a leading date left out."""
        for first, last, _ in self.dates[bisect_left(self.dates, (start,)) :][:2]:
            if first <= start + 2 and last <= end:
                start = last
        found = subject(self.text[start:end], self.mask(start, end), self.us, self.tables)
        return msgspec.structs.replace(found, start=start + found.start)

    def clause_at(self, offset: int) -> Clause | None:
        """The clause that holds an offset; None for one on a border."""
        at = bisect_right(self.starts, offset) - 1
        return self.clauses[at] if at >= 0 and offset < self.clauses[at].end else None

    def told_in(self, index: int) -> Contest:
        """The contest that a clause tells of, read once."""
        if index not in self.told:
            clause = self.clauses[index]
            self.told[index] = contest_in(self, clause.start, min(clause.end, clause.start + REACH)) or Contest()
        return self.told[index]


def giver_name(words: str | None) -> str | None:
    """A giver's name without the adverbs around it; None for what is only adverbs."""
    if not words:
        return None
    words = words.strip().removeprefix("由")
    words = _GIVER_TAIL.sub("", words[lead_end(words) :]).removesuffix("的").strip(" 、")
    return words if len(words) >= 2 and MASK not in words else None


def contest_of(p: Passage, begin: int, verb: int, clause: int, at: int, honour: Honour, graded: bool) -> Contest:
    """The contest of an honour: told in its name, else before the verb (在…中), else (for grades) the last one told before."""
    own = honour.title.removesuffix(honour.rank)
    prefix = issuer_prefix(honour.title, p.tables)
    place = p.text.find(own, at, honour.end) if len(own) > 3 else -1
    named = contest_in(p, place, place + len(own)) if place >= 0 else None
    if named and (graded or named.issuer or own.endswith(tuple(p.tables.words["contest"]))):
        return named
    if prefix:
        return Contest(issuer=prefix)
    before = contest_in(p, begin, verb)
    if before and (before.name or before.issuer):
        return before
    return _told_before(p, clause, graded)


def _told_before(p: Passage, clause: int, graded: bool) -> Contest:
    """The contest of the clauses before. Over a semicolon of a narrative only a contest of one's own counts."""
    for j in range(clause - 1, max(-1, clause - LOOK_BACK), -1):
        far = p.narrative and p.clauses[j].segment != p.clauses[clause].segment
        if far and (j in p.awarded or not graded):
            break
        if award := p.awarded.get(j):
            if graded and award.subject:
                return Contest(award.subject, award.issuer)
            continue
        found = p.told_in(j)
        if j in p.given or found.hosted:
            return Contest(found.name, None, hosted=True)
        if far and (found.issuer or found.joined):
            break
        if not far and (found.announced or (graded and (found.issuer or found.name))):
            return found
        if not graded and j < clause - 1:
            break
    return Contest()


def contest_in(p: Passage, start: int, end: int) -> Contest | None:
    """The contest that text[start:end] tells of; None if it tells of none."""
    scene = list(p.tables.scene.finditer(p.masked, start, end))
    joined = any(m["joining"] for m in scene)
    holder: str | None = None
    hosted, announced, name_at, name_end, entered = False, False, start, -1, -1
    for m in scene:
        if m["joining"] and m[0] not in p.tables.words["making"]:
            entered = m.end()
        if m["hosting"] or m["announcing"]:
            relative = p.masked[m.end() : m.end() + 1] == "的"
            words = p.mask(name_at, m.start())
            found = giver_name(_NAME_LEAD.sub("", words) if relative else words)
            if p.us.search((found or "") if relative else words) or (m["hosting"] and not (joined or relative or found) and m.start() - start <= lead_end(p.mask(start, m.start())) + 2):
                hosted = True
            elif found and m["hosting"] and (relative or names_issuer(found, p.tables)):
                holder = found
            elif m["announcing"]:
                holder = (found if found and names_issuer(found, p.tables) else issuer_prefix(found or "", p.tables)) or holder
                announced = holder is not None
            name_at = m.end() + relative
        elif m["contest"] and m.end() > name_at:
            name_end = m.end()
    name_end = max(name_end, _quoted_contest(p, name_at, end, entered))
    name = _contest_name(p, name_at, name_end) if name_end > name_at else ""
    hosted = hosted or (len(name) <= 14 and name.startswith(OWN))
    if not (name or holder or hosted):
        return None
    return Contest(unquoted(name), holder or issuer_prefix(name, p.tables), hosted, joined, announced)


def _quoted_contest(p: Passage, start: int, end: int, entered: int) -> int:
    """Where a contest ends that is named in quotation marks: by its last word, or behind 参加 (which ends at `entered`)."""
    for m in _QUOTED.finditer(p.text, start, end):
        if 0 <= entered <= m.start() or m[0][1:-1].endswith(tuple(p.tables.words["contest"])):
            return m.end()
    return -1


def _contest_name(p: Passage, start: int, end: int) -> str:
    """The name without what leads to it (在, 参加)."""
    lead = p.mask(start, end)
    cut = _NAME_LEAD.match(lead)
    return p.text[start + (cut.end() if cut else lead_end(lead)) : end]

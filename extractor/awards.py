"""Mentions of honours received -> award records.

`find` reads running text: a verb of receiving, an honour behind it, and around them who received it, from
whom, when and at what contest. `from_row` reads the row of an award table. What the institution gives to others,
plans, and totals without a name are no awards.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal

import msgspec

from extractor.contests import REACH, Contest, Context, Passage, contest_of, giver_name
from extractor.folding import fold
from extractor.honours import (
    AUTONOMOUS,
    AwardRule,
    Honour,
    Role,
    Tables,
    compile_tables,
    honours_in,
    level_of,
    names_issuer,
    rank_of,
    unquoted,
)
from extractor.model import Award, AwardLevel, Struct
from extractor.recipients import MASK, OURS, Subject, adverbs_start, in_brackets, in_column_of_works, lead_end, names_of

__all__ = ["AwardRule", "Context", "Tables", "award_fires", "compile_tables", "find", "from_row"]

_TOWARD = re.compile(r"(?P<giver>.*?)(?:向|为|给|将|把|对)(?P<who>[^，]{1,30}?)$", re.DOTALL)
_LISTED = re.compile(r"\s*(?:[（(]?\d{1,2}[）)、.．]\s*)?(?P<title>[^，。；：—]{4,40}?)\s*(?:——?|--?|：|:)\s*(?P<winner>[^，。；（(]{2,30}?)\s*(?:[（(](?P<note>[^（）()]{2,40})[）)]|[，,](?P<behind>[^。；;（）()]{2,60}))?[；;。]?\s*")
_PRIZES = re.compile(r"(?:[特一二三]等奖|[金银铜][奖牌]|优秀奖|优胜奖|第[一二三四五六]名)(?:\d{1,4}|[一二两三四五六七八九十]{1,3})?[人名项篇件个枚幅部首]?(?=[，,、；;。）)]|$)")
_MARKER = re.compile(r"^\s*(?:[（(]?\d{1,2}[）)、.．])?\s*(?:\d{1,2}月)?")
_CONTEST_END = re.compile(r"(?:赛|展演|展评|展览|征文|评选|评比|联赛|大会|汇演|调演|展示|活动|竞技)(?:[^，。]{0,6}(?:赛区|组|站|单元|决赛))?$")
_LEAD_LENGTH = 40  # characters of a list's line within which it names its contest
_SEVERAL = re.compile(r"[（(](\d{1,3})[篇件个项人名部首][)）]$")
_GRADED = re.compile(r"[特一二三]等奖|[金银铜]奖|先进(?:集体|个人|单位)|标兵|示范")
_GIVEN_BY = re.compile(r"(?:由)?(?P<giver>[^，\d]{2,30}?)(?:颁发|授予|主办|评定|评选|表彰|组织评选|颁奖|颁授)")
_WINNERS = re.compile(r"的(?:有|分别是|分别为|是|为)[：:]?")
_LISTING = re.compile(r"荣誉|奖项|称号|表彰|奖励|成绩")
_READERS = re.compile(r"读者|学员|选手|小朋友|家庭|学生|同学|观众|孩子|参赛者|居民|市民|群众|作者|\d+[名位](?:志愿者|小)")


class _Claim(Struct, frozen=True):
    """One verb of receiving: words before it from `begin` to `verb`, its object from `at` on, the honours in it."""

    begin: int
    verb: int
    at: int
    found: tuple[Honour, ...]
    rule: str | None
    giver: str | None
    subject: Subject
    clause: int


def find(text: str, start: int, end: int, context: Context, tables: Tables) -> list[Award]:
    """The awards told in text[start:end], in order, with absolute offsets and empty ids."""
    span = text[start:end]
    line = _LISTED.fullmatch(fold(span))
    if line is None and not tables.trigger.search(span) and not _PRIZES.search(span):
        return []
    passage = Passage(fold(span), start, context, tables)
    if line is not None and (named := _listed(passage, line)) is not None:
        return [named]
    awards: list[Award] = []
    live: _Claim | None = None
    listing: _Claim | None = None  # 获得的荣誉有：…
    for index, clause in enumerate(passage.clauses):
        claims = list(_claims(passage, index))
        if not claims and live is None and (headed := _headed(passage, index)) is not None:
            live = headed
            continue
        if claims:
            live = None
            for claim in claims:
                made, live = _made(passage, claim)
                awards += _tailed(passage, index, made)
            if live and not live.found and passage.text[clause.end : clause.end + 1] in "：:" and _LISTING.search(passage.masked, live.at, clause.end):
                listing = live
        elif listing is not None and listing.clause < index and passage.clauses[listing.clause].sentence == clause.sentence:
            made, _ = _continued(passage, index, listing, "receive")
            awards += made
        elif live and passage.clauses[live.clause].segment == clause.segment:
            made, live = _continued(passage, index, live, "prize")
            awards += made
    return awards


def _headed(p: Passage, index: int) -> _Claim | None:
    """A line of a list that names a contest of others and then only prizes (全省科技创新大赛，二等奖3项，三等奖4项): what was won there."""
    clause = p.clauses[index]
    before = p.text[p.clauses[index - 1].end if index else 0 : clause.start] if index else ""
    opens = index == 0 or (before.strip("，, ") == "" and p.clauses[index - 1].sentence == clause.sentence and clause.start <= _LEAD_LENGTH)
    words = _MARKER.sub("", p.mask(clause.start, clause.end))
    if not opens or not _CONTEST_END.search(words) or index + 1 >= len(p.clauses) or level_of(words, p.tables, p.autonomous) is None:
        return None
    following = p.clauses[index + 1]
    if following.segment != clause.segment or not _PRIZES.search(p.text, following.start, following.end):
        return None
    return _Claim(clause.start, clause.end, clause.end, (), None, None, Subject("us", None, clause.start), index)


def _listed(p: Passage, line: re.Match[str]) -> Award | None:
    """A line of a list of honours, with the winner behind the honour (先进集体——某市档案馆（省档案局，2010年3月）; …，省档案局，2010年3月)."""
    title = unquoted(line["title"].strip())
    rank, proven = rank_of(title, p.tables)
    winner = line["winner"].strip()
    note = "note" if line["note"] else "behind"
    within = [edtf for start, end, edtf in p.dates if line.start(note) <= start and end <= line.end(note) and edtf] if line[note] else []
    issuer = next((part.strip() for part in re.split(r"[，,；;]", line[note] or "") if names_issuer(part.strip(), p.tables)), None)
    if not (proven or rank) or not (issuer or within or _GRADED.search(title)) or (note == "behind" and not (proven and issuer and within)):
        return None
    work = bool(re.match(r"[\u4e00-\u9fff]{0,6}[《“\"]", winner))
    return Award(
        id="", start=p.base + line.start("title"), end=p.base + line.end("title"), page=p.context.page, table=p.context.table, row=p.context.row,
        rule="awards:list", origin=p.context.origin, title=title, rank=rank, level=_level(p, issuer, title), recipient=None if work else winner,
        issuer=issuer, date=within[-1] if within else p.context.entry_date, count=1, subject=winner if work else None,
    )  # fmt: skip


def _tailed(p: Passage, index: int, made: list[Award]) -> list[Award]:
    """The awards with the giver and the date that stand behind them in clauses of their own (…金奖，省文化厅颁发，2022年9月)."""
    issuer = date = None
    for clause in p.clauses[index + 1 : index + 3]:
        if clause.segment != p.clauses[index].segment:
            break
        giver = _GIVEN_BY.fullmatch(p.masked, clause.start, clause.end)
        if giver and not p.us.search(giver["giver"]):
            issuer = giver["giver"]
        date = next((edtf for start, end, edtf in p.dates if start <= clause.start + 1 and end >= clause.end - 1 and end > clause.start), date)
    if not issuer:
        return made
    level = _level(p, issuer)
    return [msgspec.structs.replace(a, issuer=a.issuer or issuer, date=a.date or date, level=a.level or level) for a in made]


# --- verbs -------------------------------------------------------------------------------------------


def _claims(p: Passage, index: int) -> Iterator[_Claim]:
    """The verbs of receiving in a clause, each with its honours, giver and subject; giving and planning are left out."""
    clause, t = p.clauses[index], p.tables
    verbs = list(t.verb.finditer(p.masked, clause.start, clause.end))
    begin, k, carried = clause.start, 0, None
    while k < len(verbs):
        v = verbs[k]
        k += 1
        begin = max(begin, v.start() - REACH)
        word = v["active"] or v["passive"] or v["praise"]
        mode: Role = t.role_of.get(word, "prize")
        at, giver, who = v.end(), v["giver"] or v["praiser"], p.subject(begin, v.start())
        following = verbs[k]["active"] if k < len(verbs) else None
        if v["active"] and mode in ("strong", "receive", "prize") and t.role_of.get(following or "") in ("named", "give") and _gives(p, at, verbs[k].start()):
            giver, mode, at = p.mask(at, verbs[k].start()), "named", verbs[k].end()
            k += 1
        elif v["active"] and mode in ("named", "weak", "give"):
            given = _given(p, index, begin, v.start(), v.end(), min(clause.end, v.end() + REACH), mode, word)
            if given is None:
                continue
            giver, who, at = given
            mode = "named" if mode == "give" else mode
        # Verbs of naming and giving also stand inside names of honours (优秀案例评选一等奖): only the others end one.
        end = next((n.start() for n in verbs[k : k + 20] if not n["active"] or t.role_of.get(n["active"]) in ("strong", "receive", "listed")), clause.end)
        found = _praise(p, v.end(), word) if mode == "praise" else tuple(honours_in(p.text, at, end, mode, t))
        if mode == "direct" and not found:
            continue
        giver = giver_name(giver)
        if mode == "listed" and who.kind == "none" and not who.sure:
            who = msgspec.structs.replace(who, kind="work")  # what is listed without being known to us is a work, not the institution
        if carried and who.kind == "none":
            who = msgspec.structs.replace(carried, start=v.start())
        carried = who
        if not _planned(p, begin, v.start(), who) and not (giver and p.us.search(giver)) and (mode != "praise" or (giver and names_issuer(giver, t))):
            yield _Claim(begin, v.start(), at, found, t.rule_of.get(word), giver, who, index)
        begin = found[-1].after if found else begin
        while k < len(verbs) and verbs[k].start() < begin:
            k += 1


def _planned(p: Passage, begin: int, verb: int, who: Subject) -> bool:
    """Whether the words before the verb make it a wish or a memory; a name may end in such a word (孟凡)."""
    found = p.tables.plan.search(p.mask(begin, verb))
    return found is not None and not (who.kind == "person" and (who.value or "").endswith(found[0]))


def _praise(p: Passage, end: int, word: str) -> tuple[Honour, ...]:
    """表彰 and the like as an honour: it has no other name than the word itself."""
    return (Honour(end - len(word), end, end, word, word, 1),)


def _gives(p: Passage, start: int, end: int) -> bool:
    """Whether the words between 荣获 and 颁发 are the giver's name, or nothing (获授予)."""
    giver = giver_name(p.mask(start, end))
    return end - start < 3 if giver is None else names_issuer(giver, p.tables)


def _given(p: Passage, index: int, begin: int, verb: int, after: int, end: int, mode: Role, word: str) -> tuple[str | None, Subject, int] | None:
    """Active naming (市妇联授予我馆…, 将我馆评为…, 向我馆颁发…): giver, receiver and where the honour begins.

    None where the institution, or nobody named, is the one who gives.
    """
    before = p.mask(begin, verb)
    toward = _TOWARD.match(before)
    if toward and toward["giver"]:
        who = p.subject(begin + toward.start("who"), verb)
        giver = giver_name(toward["giver"])
        if giver and (who.kind == "us" or names_issuer(giver, p.tables)) and not p.us.search(giver) and who.kind != "none":
            return giver, who, after
        return None
    subject_ = p.subject(begin, verb)
    giver = giver_name(before[lead_end(before) :])
    segment = p.clauses[index].segment
    if p.giver and p.giver[0] == segment and not before[lead_end(before) :]:
        giver = p.giver[1]
    if giver is None or p.us.search(giver):
        p.given.add(index)
    target = p.us.match(p.masked[after:end])  # a stretch of its own: what stands before it is the verb
    if target and (not p.us.search(giver) if giver else not before[lead_end(before) :]):
        rest = p.masked[after + target.end() : end]
        skip = 1 if rest.startswith("为") else 0
        p.giver = (segment, giver) if giver else None
        return giver, Subject("us", None, after), after + target.end() + skip
    if mode != "give" and giver and names_issuer(giver, p.tables) and not p.us.search(giver):
        quote = p.masked.find(MASK, after, end)
        who = p.subject(after, quote - 1) if quote > after else Subject("none", None, after)
        return (giver, who, quote - 1) if who.kind in ("person", "named") else None
    if mode in ("named", "weak") and word.endswith("为") and subject_.kind == "us":
        return None, subject_, after
    return None


# --- awards ------------------------------------------------------------------------------------------


def _continued(p: Passage, index: int, live: _Claim, mode: Role) -> tuple[list[Award], _Claim | None]:
    """A clause without a verb that goes on with the ranks of the clause before (一等奖2个，二等奖4个)."""
    clause, t = p.clauses[index], p.tables
    begin = clause.start + lead_end(p.mask(clause.start, clause.end).lstrip("（("))
    found = list(honours_in(p.text, begin, clause.end, mode, t))
    if mode == "receive" and found:
        return _made(p, msgspec.structs.replace(live, clause=index, begin=begin, verb=begin, at=begin, found=tuple(found)))
    if not found or len(found[0].title) > 14:
        return [], None
    claim, first = msgspec.structs.replace(live, clause=index, begin=begin, verb=begin, at=begin), found[0]
    name = first.title.removesuffix(first.rank)
    who = p.subject(begin, begin + len(name)) if name else live.subject
    if who.kind == "person":
        found[0] = msgspec.structs.replace(first, start=begin + len(name), title=first.rank)
        claim = msgspec.structs.replace(claim, subject=who)
    elif len(name) > 8:
        return [], None
    return _made(p, msgspec.structs.replace(claim, found=tuple(found)))


def _made(p: Passage, claim: _Claim) -> tuple[list[Award], _Claim | None]:
    """The awards of a claim, and the claim if the next clause may go on with it."""
    t, found = p.tables, claim.found
    who = _receiver(p, claim)
    claim = msgspec.structs.replace(claim, subject=who)
    receivers, givers = [who.value] * len(found), [claim.giver] * len(found)
    adverbs = p.mask(claim.begin, claim.verb)
    apart = re.search("分别|先后", adverbs[adverbs_start(adverbs) :] + ("分别" if p.text.startswith("分", claim.verb) else ""))
    if len(found) > 1 and who.value and apart and len(names_of(who.value)) == len(found):
        receivers = list(names_of(who.value))
    if len(found) > 1 and claim.giver and apart and len(claim.giver.split("、")) == len(found):
        givers = list(claim.giver.split("、"))
    made: list[Award] = []
    for i, honour in enumerate(found):
        winners = _WINNERS.match(p.text, honour.after)
        if winners:
            named = p.subject(winners.end(), p.clauses[claim.clause].end)
            who, receivers[i] = named, named.value
        elif behind := in_brackets(p.text, honour.after, t):
            who, receivers[i] = msgspec.structs.replace(who, kind="person", value=behind), behind
        graded = honour.rank in t.words["grade"]
        contest = contest_of(p, claim.begin, claim.verb, claim.clause, claim.at, honour, graded)
        if made and graded and not contest.name and not contest.issuer:
            contest = Contest(made[-1].subject or "", made[-1].issuer)
        issuer = givers[i] or contest.issuer
        level = _level(p, issuer, honour.title, contest.name)
        if _to_others(p, claim, who, graded, contest, bool(issuer or level), honour.title):
            return made, None
        if issuer and honour.title.startswith(issuer) and honour.title[len(issuer) : len(issuer) + 1] in ("“", "《", '"'):
            honour = msgspec.structs.replace(honour, title=unquoted(honour.title[len(issuer) :]))
        begin = who.start if i == 0 and claim.begin <= who.start < honour.start else min(claim.verb, honour.start) if i == 0 else honour.start
        made.append(
            Award(
                id="", start=p.base + begin, end=p.base + honour.end, page=p.context.page, table=p.context.table, row=p.context.row,
                rule=f"awards:{claim.rule}" if claim.rule else None, origin=p.context.origin, title=honour.title, rank=honour.rank, level=level,
                recipient=receivers[i] if who.kind in ("person", "named") else None if who.kind == "work" else p.context.organization,
                issuer=issuer, date=_date(p, claim, honour), count=honour.count if honour.count > 1 or len(found) > 1 else who.count, subject=contest.name or None,
            )
        )  # fmt: skip
    if made:
        p.awarded[claim.clause] = made[-1]
    return made, claim


def _receiver(p: Passage, claim: _Claim) -> Subject:
    """The subject of the claim, else the one that carries on from the clauses before in the same segment."""
    if claim.subject.kind != "none":
        return claim.subject
    clause = p.clauses[claim.clause]
    for j in range(claim.clause - 1, max(-1, claim.clause - 5), -1):
        before = p.clauses[j]
        if before.segment != clause.segment:
            break
        if award := p.awarded.get(j):
            kind: Literal["us", "named", "work"] = "us" if award.recipient == p.context.organization else "named" if award.recipient else "work"
            return Subject(kind, award.recipient, claim.verb)
        found = p.subject(before.start, min(before.end, before.start + REACH))
        taking_part = found.kind == "named" and not names_issuer(found.value or "", p.tables) and not p.tables.hosting.search(p.masked, before.start, min(before.end, before.start + REACH))
        if (found.kind in ("person", "work", "us") and found.sure) or taking_part:
            return msgspec.structs.replace(found, start=claim.verb)
    return claim.subject


def _to_others(p: Passage, claim: _Claim, who: Subject, graded: bool, contest: Contest, known: bool, title: str) -> bool:
    """Whether this is a prize of the institution's own: of a contest it holds, or a name it gives to readers."""
    if who.kind == "us" or claim.giver or p.us.match(p.masked, who.start):
        return False
    if contest.hosted and (graded or not level_of(title, p.tables)):
        return True
    return not known and not graded and bool(_READERS.search(p.mask(claim.begin, claim.verb)))


def _level(p: Passage, *sources: str | None) -> AwardLevel | None:
    """The level the first of the sources tells."""
    return next((level for s in sources if s and (level := level_of(s, p.tables, p.autonomous))), None)


def _date(p: Passage, claim: _Claim, honour: Honour) -> str | None:
    """The date in brackets behind the honour, else the last one before it in the sentence or entry, else the entry's."""
    here = p.clauses[claim.clause]
    behind = next(((start, edtf) for start, _, edtf in p.dates[bisect_left(p.dates, (honour.after,)) :][:1]), None)
    if behind and behind[0] <= honour.after + 1 and p.text[behind[0] - 1] in "（(":
        return behind[1] or None
    for start, end, edtf in reversed(p.dates[: bisect_left(p.dates, (claim.verb,))]):
        clause = p.clause_at(start)
        if p.narrative and clause is not None and clause.sentence != here.sentence:
            break
        if not edtf or clause is None or end > claim.verb or p.masked[start] == MASK:
            continue
        # A bare year in passing is the year of a contest (在2020年全省…中) unless it leads its clause.
        leads = start - clause.start <= 3 and "在" not in p.text[clause.start : start] and p.text[end : end + 1] != "度"
        if len(edtf) > 4 or leads or end == clause.end:
            return edtf
    return p.context.entry_date


# --- tables ------------------------------------------------------------------------------------------


def from_row(cells: dict[str, tuple[str, int, int]], context: Context, tables: Tables) -> Award | None:
    """A row of an award table. Keys are column roles (number unit title subject rank level recipient issuer date note), values the
    cell's text and span. The date is `context.entry_date`. None for a row that names no award."""
    said = {role: cell[0].strip() for role, cell in cells.items() if cell[0].strip(" \t\n　—–-/无")}
    title = said.get("title") or said.get("rank") or ""
    if not title or ("title" not in said and "subject" not in said):
        return None
    if "title" not in said and rank_of(fold(title), tables)[0] not in tables.words["grade"]:
        return None  # a work with a level, or a grade of something else (国家级, 四级)
    autonomous = context.autonomous or any(name in (context.organization or "") for name in AUTONOMOUS)
    printed = [said[role] for role in ("level", "rank") if role in said]
    level = next((found for s in printed if (found := _printed_level(fold(s), tables, autonomous))), None)
    rank = next((s for s in reversed(printed) if not _printed_level(fold(s), tables, autonomous)), None)
    if rank is not None and rank == said.get("level") and rank_of(fold(rank), tables)[0] not in tables.words["grade"] and rank_of(fold(title), tables)[1]:
        level, rank = level or "other", None  # a level of another kind (区域, 系统) beside an honour with a rank of its own
    several = _SEVERAL.search(title)
    if level is None:
        level = next((found for role in ("issuer", "title", "subject") if (found := level_of(fold(said.get(role, "")), tables, autonomous))), None)
    issuer, digits = said.get("issuer"), fold(said.get("number", "")).strip(" .、")
    anchor = cells.get("title") or cells["rank"]
    return Award(
        id="", start=anchor[1], end=max(cell[2] for cell in cells.values()), page=context.page, table=context.table, row=context.row, rule=None,
        origin="table", title=title, rank=rank or rank_of(fold(title[: several.start()] if several else title), tables)[0], level=level, recipient=_winner(said, context, tables),
        issuer=issuer, date=context.entry_date, count=int(several[1]) if several else 1, subject=said.get("subject"), number=int(digits) if digits.isdigit() and len(digits) < 6 else None,
    )  # fmt: skip


def _winner(said: dict[str, str], context: Context, tables: Tables) -> str | None:
    """Who a row says won: 本馆 and 我校 are the institution; in a column of works (单位、个人) who is no work."""
    named = said.get("recipient") or said.get("unit") or in_column_of_works(said.get("subject", ""), tables)
    return context.organization if named is None or OURS.fullmatch(named) else named


def _printed_level(cell: str, tables: Tables, autonomous: bool) -> AwardLevel | None:
    """The level a cell holds as such (省级, 国家); None where it holds something else, such as a rank."""
    word = cell.strip()
    found = tables.level_of_place.get(word) or tables.level_of_place.get(word.removesuffix("级")) or tables.level_of_place.get(word + "级")
    if found is None and re.fullmatch(r"[\u4e00-\u9fff、/（）()]{1,8}级", word) and word not in tables.words["quality"] and not re.search(r"[一二三四五六特甲乙A-Z]级$", word):
        found = level_of(word, tables, autonomous) or "other"
    return "provincial" if autonomous and word in ("区级", "自治区级") else found


def award_fires(rule: AwardRule, text: str, tables: Tables) -> bool:
    """Whether the rule does to `text` what it is there for: for verbs and honours an award is found, for giving and
    planning none is although its words are there."""
    awards = find(text, 0, len(text), Context(), tables)
    told = any(w in text for w in rule.words)
    if rule.role in ("give", "plan"):
        return told and not awards
    if rule.role == "place":
        return any(a.level == rule.level for a in awards)
    return told and bool(awards)

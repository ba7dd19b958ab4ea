"""What honours are called: the words of rules/awards.toml, and the rank, level and extent of an honour's name.

Everything here works on folded text (`folding.fold`). Nothing decides whether an honour was received; that is
`awards.find`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from extractor.model import AwardLevel, Rule, Struct

Role = Literal[
    "strong", "receive", "prize", "direct", "listed", "named", "weak", "praise", "give", "plan", "grade", "fixed", "quality", "head",
    "roll", "contest", "issuer", "notissuer", "place", "notplace", "hosting", "joining", "title", "unit", "work",
    "surname", "making", "announcing",
]  # fmt: skip
ROLES: tuple[Role, ...] = Role.__args__  # type: ignore[attr-defined]
VERBS: tuple[Role, ...] = ("strong", "receive", "prize", "direct", "listed", "named", "weak", "give")
LOWER: dict[str, int] = {"national": 3, "provincial": 2, "municipal": 1, "county": 0}
AUTONOMOUS = ("内蒙古", "广西", "西藏", "宁夏", "新疆")  # there 全区 is the whole autonomous region


class AwardRule(Rule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that do one thing in telling an award; `level` only where `role` is place."""

    role: Role
    words: tuple[str, ...]
    level: AwardLevel | None = None


class Tables(Struct, frozen=True):
    """The compiled award rules. `words` by role; `rule_of` gives the rule of a verb, `level_of_place` of a place word."""

    words: dict[str, frozenset[str]]
    rule_of: dict[str, str]
    role_of: dict[str, Role]
    level_of_place: dict[str, AwardLevel]
    trigger: re.Pattern[str]
    verb: re.Pattern[str]
    plan: re.Pattern[str]
    closing: re.Pattern[str]
    place: re.Pattern[str]
    issuer: re.Pattern[str]
    scene: re.Pattern[str]
    hosting: re.Pattern[str]
    making: re.Pattern[str]
    before_name: re.Pattern[str]


class Honour(Struct, frozen=True):
    """One honour named in text[start:end]; `title` without outer quotation marks, `after` where reading goes on."""

    start: int
    end: int
    after: int
    title: str
    rank: str
    count: int


_AFTER_HONOUR = (
    r"(?=\s*(?:$|[，,、；;：:。！!？?（()）\n\s“”《》]|\d|以?及|[和与并后各等共计]|之后|同时|[一二两三四五六七八九十]{1,3}[个项名次枚篇件部块人幅座]"
    r"|的?(?:好|优异|优秀|骄人)?的?(?:成绩|佳绩|名次|殊荣)|的(?:有|是|为|分别)))"
)
_VERB = r"""
    (?:被|(?<![自理缘事])由(?![于此来]))(?P<giver>[^，。；！？\n被由]{0,48}?)(?:联合|共同|正式|再次)?(?P<passive><<naming>>|记|[给予]予了?|(?P<praised><<praise>>))
  | (?:受到|受|获得|获|得到)了?(?P<praiser>[^，。；！？\n被获受]{2,40}?)的?(?P<praise><<praise>>)(?![大会的])
  | (?P<active>(?<![收捕抓查俘破截缴])<<verbs>>(?!奖)|获奖(?=[\d，,；;：:（(。共情]|$))
"""
_TAIL = r"(?:荣誉称号|光荣称号|荣誉|称号|奖牌|奖杯|奖项|殊荣|证书|牌匾|匾牌|奖匾)?"
_OPENING = re.compile(r"(?:[了过的由：:\s]|以下|其中|包括|唯一|首个|全部)*(?:(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})[个项枚块座次]\s*)?")
_COUNT = re.compile(r"\s*[（(]?(?:各|共|共计|奖)?\s*(?P<count>\d{1,4}|[一二两三四五六七八九十]{1,3})\s*余?[个项名次枚篇件部块人幅座](?!荣誉|奖项|称号|殊荣|大奖|桂冠)")
_SEPARATOR = re.compile(r"\s*(?:[、]|以及|及|和|与|等)\s*")
_SERIES = re.compile(r"(?:[特一二三四五六](?:等奖?)?[、和及与]){1,5}[特一二三四五六]等奖|(?:[金银铜]奖?[、和及与]){1,3}[金银铜][奖牌]")
_PLAIN = re.compile(r"(?!.*(?:等次|等级|档次|级别)$)[\u4e00-\u9fff]{4,12}")
_NAMED_PRIZE = re.compile(r"“[^“”]{1,30}”奖$")
_VAGUE = re.compile(r"(?:多[项个次类枚]|各[类级种项]|若干|一系列|诸多|众多|大小|国家级|省级|省部级|市级|县级|区级|以上|等级|有|类)+(?:以上)?(?:各类)?奖")
_HANDING = re.compile(r"[领颁发评授抽开兑]奖$")
_BATCH = re.compile(r"第[\d一二三四五六七八九十]{1,3}批|首批")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_QUOTES = {"“": "”", '"': '"', "‘": "’", "《": "》", "「": "」", "『": "』", "〝": "〞", "＂": "＂"}
_BEFORE_KIND = re.compile(r".*(?:第[\d一二三四五六七八九十百]{1,4}[届次批]|\d{4}年?度?|[”》])", re.DOTALL)


def compile_tables(rules: tuple[AwardRule, ...], faults: list[str]) -> Tables:
    """The compiled rules; what is broken is added to `faults` as ``file: [[award]] id: key: what``."""
    words: dict[str, set[str]] = {role: set() for role in ROLES}
    rule_of: dict[str, str] = {}
    role_of: dict[str, Role] = {}
    levels: dict[str, AwardLevel] = {}
    for rule in rules:
        if (rule.level is None) == (rule.role == "place"):
            faults.append(f"awards.toml: [[award]] {rule.id}: level: needed for places, and for nothing else")
        if not rule.words or any(not w.strip() for w in rule.words):
            faults.append(f"awards.toml: [[award]] {rule.id}: words: empty")
        for word in rule.words:
            words[rule.role].add(word)
            if rule.role == "place" and rule.level:
                levels[word] = rule.level
            if rule.role in VERBS or rule.role == "praise":
                rule_of.setdefault(word, rule.id)
                role_of.setdefault(word, rule.role)
    return _compiled({role: frozenset(w for w in found if w.strip()) for role, found in words.items()}, rule_of, role_of, levels)


def _alternatives(words: frozenset[str]) -> str:
    """The words as a pattern, longest first. `re` compiles long alternations three times as fast as `regex`."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w)))) + ")" if words else "(?!)"


def _compiled(words: dict[str, frozenset[str]], rule_of: dict[str, str], role_of: dict[str, Role], levels: dict[str, AwardLevel]) -> Tables:
    def pattern(source: str, **lists: frozenset[str]) -> re.Pattern[str]:
        return re.compile(re.sub(r"<<(\w+)>>", lambda m: _alternatives(lists[m[1]]), source), re.VERBOSE)

    verbs = frozenset[str]().union(*(words[role] for role in VERBS))
    naming = words["named"] | words["weak"]
    kinds = words["grade"] | words["fixed"] | words["head"]
    plan = words["plan"]
    return Tables(
        words=words,
        rule_of=rule_of,
        role_of=role_of,
        level_of_place=levels,
        trigger=pattern(r"<<verbs>>|<<praise>>|被|由", verbs=verbs, praise=words["praise"]),
        verb=pattern(_VERB, naming=naming, praise=words["praise"], verbs=verbs),
        plan=pattern(r"<<long>>|<<short>>(?:多次|先后|再次|也|会)*$", long=frozenset(w for w in plan if len(w) > 1), short=frozenset(w for w in plan if len(w) == 1)),
        closing=pattern(
            rf"(?:(?P<kind><<kinds>>)(?P<close>[”’》\"」』]?)|(?P<roll><<roll>>)(?P<close2>[”’》\"」』]?)|(?P<quote>[”’》\"」』])奖?)(?P<tail>{_TAIL}){_AFTER_HONOUR}",
            kinds=kinds, roll=words["roll"],
        ),
        place=pattern(r"(?P<word><<words>>)(?P<grade>级)?", words=words["notplace"] | words["place"]),
        issuer=pattern(r"(?P<word><<words>>|[“《\"\d第])", words=words["notissuer"] | words["issuer"] | words["contest"]),
        scene=pattern(r"(?P<none><<none>>)|(?P<joining><<joining>>)|(?P<hosting><<hosting>>)|(?P<announcing><<announcing>>)|(?P<contest><<contest>>)", none=frozenset(w for w in words["notissuer"] if not w.endswith(("主办", "承办", "协办", "举办", "联办", "年会"))), announcing=words["announcing"], joining=words["joining"], hosting=words["hosting"], contest=words["contest"]),
        hosting=pattern(r"<<hosting>>", hosting=words["hosting"]),
        making=pattern(r"(?:<<making>>){1,2}的", making=words["making"]),
        before_name=pattern(r"<<titles>>", titles=words["title"] | words["unit"]),
    )  # fmt: skip


def number(digits: str) -> int:
    """A count in Arabic digits or as a Chinese numeral up to 99."""
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + (_DIGITS.get(ones, 0) if ten else _DIGITS.get(digits[:1], 1))


def unquoted(name: str) -> str:
    """`name` without quotation marks that enclose all of it."""
    name = name.strip()
    while len(name) > 2 and _QUOTES.get(name[0]) == name[-1] and name.count(name[0]) == (2 if name[0] == name[-1] else 1):
        name = name[1:-1].strip()
    return name


def level_of(name: str, tables: Tables, autonomous: bool = False) -> AwardLevel | None:
    """The administrative level of the place an honour or a giver is named after.

    The first place word counts, unless the place of a lower level follows as part of the same address
    (辽东省|临江市|城关区). `autonomous`: 全区 means an autonomous region.
    """
    level: AwardLevel | None = None
    end, whole = 0, False
    for m in tables.place.finditer(name):
        word = m["word"]
        if word in tables.words["notplace"]:
            continue
        found = tables.level_of_place[word]
        if autonomous and word in ("全区", "区") and (word == "全区" or m["grade"] or (level is None and m.start() == 0)):
            found = "provincial"
        if level is None:
            level, end, whole = found, m.end(), word.startswith("全") or word.endswith("级") or m["grade"] is not None
            if whole and word != "全国":
                return level
        elif LOWER.get(found, 9) < LOWER.get(level, -1) and not word.startswith("全") and not m["grade"] and word[-1] != "级" and 1 <= m.start() - end <= 10 and not whole:
            level, end = found, m.end()
    return level


def issuer_prefix(name: str, tables: Tables) -> str | None:
    """The giver that a contest's name begins with: 辽东省图书馆学会|业务竞赛; None if it begins with none."""
    end, place = 0, tables.place.search(name[:10])
    if place is None or place["word"] in tables.words["notplace"]:
        return None
    for m in tables.issuer.finditer(name):
        if m["word"] in tables.words["issuer"]:
            end = m.end()
        elif m["word"] not in tables.words["notissuer"]:
            break
    found = name[:end]
    if len(found) < 3 or (found.startswith("全") and len(found) > 6) or (found in tables.level_of_place and found[0] == "全"):
        return None
    return found


def names_issuer(name: str, tables: Tables) -> bool:
    """Whether a name ends as names of givers do (局, 学会, 政府)."""
    last = None
    for m in tables.issuer.finditer(name):
        last = m
    return last is not None and last["word"] in tables.words["issuer"] and last.end() == len(name)


_REMARK = re.compile(r"(?<=[^（(]{2})[（(][^（()）]*[）)]$")
"""For what, or to whom: 一等奖（《城市记忆》）."""


def rank_of(title: str, tables: Tables) -> tuple[str, bool]:
    """The grade or closing kind of an honour, and whether its words alone prove it to be one.

    团体二等奖 → 二等奖; 全省阅读推广示范单位 → 示范单位; 优秀数字服务案例 → itself, since its parts are apart.
    """
    name = re.sub(_TAIL + "$", "", unquoted(title)) or title
    name = unquoted(_REMARK.sub("", name) or name)
    tail = name.rstrip("”’》\"」』")
    if named := _NAMED_PRIZE.search(name):
        return named[0], True
    head = next((tail[i:] for i in range(max(0, len(tail) - 12), len(tail)) if tail[i:] in tables.words["grade"] or tail[i:] in tables.words["fixed"]), "")
    if head and head not in tables.words["quality"]:
        return _with_quality(tail, head, tables), True
    head = next((tail[i:] for i in range(max(0, len(tail) - 10), len(tail)) if tail[i:] in tables.words["head"]), "")
    if not head:
        roll = next((w for w in sorted(tables.words["roll"], key=len, reverse=True) if tail.endswith(w)), None)
        if roll and tail != roll:
            inner, solid = rank_of(tail.removesuffix(roll), tables)
            return (inner, True) if solid else (roll, True)
        return tail[-10:] if len(tail) <= 10 else tail, False
    joined = _with_quality(tail, head, tables)
    if joined != head:
        return joined, True
    # In the name of a prize 文明, 创新 are what it is for; only these say how good somebody was.
    qualities = {"优秀", "最佳", "杰出", "最美", "十佳", "最具", "最受"} if head == "奖" else tables.words["quality"]
    at = max((tail.rfind(q, max(0, len(tail) - len(head) - 16), len(tail) - len(head)) for q in qualities), default=-1)
    if at >= 0 and "”" not in tail[at:]:
        return tail[at:], True
    if head == "奖":
        return _prize_name(name, tables)
    bare = _without_place(tail, tables)
    return (bare if len(bare) <= 8 and bare.endswith(head) else head), False


def _with_quality(tail: str, head: str, tables: Tables) -> str:
    """`head` with the qualities right in front of it; a chain must begin with a quality to count."""
    best, at = len(tail) - len(head), len(tail) - len(head)
    if head in tables.words["grade"]:
        return head
    while True:
        step = next((n for n in range(min(6, at), 0, -1) if any(tail[at - n : at] in tables.words[role] for role in ("quality", "fixed", "head", "grade"))), 0)
        if not step:
            return tail[best:]
        at -= step
        if tail[at : at + step] in tables.words["quality"]:
            best = at


def _prize_name(name: str, tables: Tables) -> tuple[str, bool]:
    """A prize with a name of its own (群星奖); what is only a level and 奖 is none."""
    if _VAGUE.fullmatch(name) or len(name) < 3:
        return "奖", False
    bare = _without_place(name, tables)
    return (bare, True) if 3 <= len(bare) <= 12 else (name, True)


def _without_place(name: str, tables: Tables) -> str:
    """What of a name follows the ordinal, the year and the place."""
    rest, end = _BEFORE_KIND.sub("", name), 0
    for m in tables.place.finditer(rest):
        if m["word"] in tables.words["place"] and m.start() < end + 5 and m.end() < len(rest) - 2:
            end = m.end()
    return rest[end:].removeprefix("级")


def honours_in(text: str, start: int, end: int, mode: Role, tables: Tables) -> Iterator[Honour]:
    """The honours listed from `start` on, up to `end`; `mode` is the role of the verb before them."""
    at = start
    while at < end:
        found = _next_honour(text, at, end, mode, tables)
        if not found:
            return
        yield from found
        at = found[-1].after
        separator = _SEPARATOR.match(text, at, end)
        if separator:
            at = separator.end()
        elif not (at < end and text[at] in _QUOTES):
            return


def _next_honour(text: str, at: int, end: int, mode: Role, tables: Tables) -> list[Honour]:
    """The honour whose name begins at `at`: several where ranks share their last word (一、二等奖)."""
    opening = _OPENING.match(text, at, end)
    begin = opening.end() if opening else at
    before = number(opening["count"]) if opening and opening["count"] else 1
    for m in tables.closing.finditer(text, begin, min(end, begin + 90)):
        if m["roll"] and mode != "listed":
            continue
        close = m.end("quote") if m["quote"] else max(m.end("kind"), m.end("roll"), m.end("close"), m.end("close2"))
        if m["quote"] and text[close : close + 1] == "奖":
            close += 1
        name = text[begin:close]
        if not _balanced(name):
            continue
        described = name.partition("的")[0] if "的" in name else ""
        if described and (described.endswith(("称号", "荣誉")) or rank_of(described, tables)[1]) and not name.startswith(tuple(_QUOTES)):
            return []  # 获得一等奖的选手…: the honour only describes somebody
        rank, solid = rank_of(name, tables)
        if len(re.sub(_TAIL + "$", "", unquoted(name))) < 2:
            continue
        if _accepts(name, rank, solid, m, mode, tables) and not _VAGUE.fullmatch(name) and not _HANDING.search(name):
            count = _COUNT.match(text, m.end())
            after = count.end() if count else m.end()
            n = number(count["count"]) if count else before
            if series := _series(text, begin, m.end("kind")):
                return [Honour(s, e, after, rank, rank, n) for s, e, rank in series]
            return [Honour(begin, m.end(), after, unquoted(name), rank, max(n, 1))]
        if mode == "direct":
            break
    rest = text[begin:end].strip()
    if mode == "named" and _PLAIN.fullmatch(rest):
        at = min((i for q in tables.words["quality"] if 0 <= (i := rest.find(q)) <= 6), default=-1)
        return [Honour(begin, end, end, rest, rest[at:], before)] if 0 <= at <= len(rest) - 4 else []
    return []


def _balanced(name: str) -> bool:
    return all(name.count(a) == name.count(b) if a != b else name.count(a) % 2 == 0 for a, b in _QUOTES.items())


def _accepts(name: str, rank: str, solid: bool, m: Any, mode: Role, tables: Tables) -> bool:
    """Whether behind a verb of this role the name is an honour."""
    if mode == "prize":
        return rank in tables.words["grade"] or (rank.endswith("奖") and solid)
    if mode == "direct":
        return len(name) <= 16 and solid
    if mode in ("listed", "weak") and m["kind"] and m["kind"] not in ("项目", "工程") and _BATCH.search(name) and level_of(name, tables):
        return True  # 入选第二批国家…中心: what is chosen in batches, by a level of government
    quoted = name[-1:] in "”\"》’" or m["close"] or m["quote"]
    if quoted and (mode in ("strong", "named") or m["tail"]):
        return True
    if mode == "named" and m["kind"] and len(name) >= 4:
        return True
    return solid


def _series(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The ranks of 一、二、三等奖 with their places; empty for a single rank."""
    found = next((m for m in _SERIES.finditer(text, start, end) if m.end() == end), None)
    if found is None:
        return []
    closing = "等奖" if "等" in found[0][-2:] else found[0][-1]
    return [(found.start() + i, found.end() if i + 2 >= len(found[0]) else found.start() + i + 1, c + closing) for i, c in enumerate(found[0]) if c in "特一二三四五六金银铜"]

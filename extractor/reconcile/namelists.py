"""Lists of names in running text: where one stands, how many names it has, and of which class they are.

Names are parted by 、 or stand quote to quote; the last two may be joined by 和, 及 or 与. What stands inside
quotes, titles and brackets parts nothing, so it is masked first, one character for one.
"""

from __future__ import annotations

import re

from extractor.model import Struct

_OPEN = {"《": "》", "“": "”", "「": "」", "『": "』", "〈": "〉", "‘": "’", "（": "）", "(": ")"}
_BRACKETS = "（("
_SIGNS = re.compile("[" + re.escape("".join((*_OPEN, *_OPEN.values(), '"'))) + "\n\t]")
INSIDE = "〇"
"""Stands for a character inside quotes."""
GONE = "\x01"
"""Stands for a character of a bracketed remark."""

_JOINED = re.compile(r"(?<=[^、]{2})(?:以及|和(?![平田谐顺县静龙]|浩特)|及|(?<!参)与|暨)(?=[^、]{2})")
_DOING = re.compile(r"走进|深入|送到|开展|举办|参加|前往|组织|邀请|联合|分别|进行|走访|接待|提供|建设|加强|推进|完成|的|了")
_PLACES = r"[\u4e00-\u9fff]{2,7}"
ANY_NAME = rf"(?:{_PLACES})$"
"""The pattern of a class whose names end in nothing of their own."""
_CLASSES: tuple[tuple[str, str], ...] = (
    ("幼儿园", r"幼儿园|幼稚园|托育中心"),
    ("小学", r"小学|学校|[一二三四五六七八九十附实]小"),
    ("中学", r"中学|学校|[一二三四五六七八九十附]中"),
    ("中小学|学校|院校|高校|大学|校", r"学|校|中|[一二三四五六七八九十附实]小|学院|党校"),
    ("镇街|乡镇街道|镇办|乡镇|乡|镇|街道|苏木", r"镇|乡|街道|街|办事处|办|苏木|团场|管理区"),
    ("旗县区|旗县|县市区|县区|区县|市县|县|区|旗", r"县|区|市|旗|盟"),
    ("城市|地市|市州|省市|省份|省区|省", _PLACES),
    ("社区|村居|行政村|村|小区|嘎查", r"社区|村|小区|居|嘎查|居委会|村委会|寨|苑|里|园|庄|屯|沟|坪|堡|岗|湾|营|店|组"),
    ("学院|院系", r"学院|系|学部"),
    ("分馆|图书馆|博物馆|文化馆|档案馆|美术馆|纪念馆|场馆|馆", r"馆|分馆|书屋|书房|中心"),
    ("社团|协会|学会|团队|队伍|俱乐部", r"社|团|队|会|组|坊|站|部"),
    ("医院|卫生院", r"医院|卫生院|诊所|保健院"),
    ("企业|公司", r"公司|厂|集团|店|银行|企业|社|矿|行|所|中心|场"),
    ("部门|科室|局委", r"局|委|办|部|科|室|处|厅|院|署|社|会|组|队|中心|站|馆|所"),
    ("单位|机构|组织|成员", r"局|委|办|部|科|室|处|厅|院|署|社|会|组|队|中心|站|馆|所|校|学|中|小|公司|厂|集团|店|园|团|行|府|台|村|区|司|镇|乡|街道|场"),
)  # fmt: skip
_BROAD = re.compile(r"单位|机构|组织|成员|部门|科室|企业|公司")
_RANKS = re.compile(r"省|自治区|直辖市|自治州|[地州]?市|州|县|区|旗|县[市级]|市辖区|乡|镇|街道|苏木|盟|兵团|师|团场|村|社区|居委会")
"""What stands in 省（自治区、直辖市） and 各县、市、区 names no place."""
_LEADS = re.compile(r".*(?:走进|深入|前往|来到|走访|分赴|赴|联合|组建|新增|新建|建成|设有|下设|接待|编辑出版|出版|选送的?|其中|分别|先后|[与在向到为给对])(?=.{2})")
_LINKED = re.compile(r"等|(?:在|为|向|(?<!参)与|给|到|对|及|和|的|了|是|有|共|其中|建成|新增|新建|签约|后|前|时|中|内|上|下|个|名|达|共计|以及)$")
_ATTRIBUTE = re.compile(r"级|内(?!的)|史|友|庆|报|训")
"""What makes a noun part of another: 校级, 馆内, 校友."""
CLASSES = tuple((re.compile(noun), re.compile(rf"(?:{names})$")) for noun, names in _CLASSES)


class Names(Struct, frozen=True):
    """A list in the text: its span, its names (masked) and where each begins, and whether 等 leaves it open."""

    start: int
    end: int
    names: tuple[str, ...]
    begins: tuple[int, ...]
    open: bool

    @property
    def most(self) -> int:
        """How many names there are if every 和, 及 or 与 behind the first 、 joins two."""
        return sum(len(_JOINED.split(name)) for name in self.names[1:]) + 1

    @property
    def least(self) -> int:
        """How many names there are at the least: a 和 between two that are titles, or that end as the others do
        (梅岭社区分馆、望楚社区分馆和青石桥社区分馆), does join two."""
        others = [name for name in self.names[:-1] if not _JOINED.search(name)]
        halves = _JOINED.split(self.names[-1])
        if len(halves) < 2 or not others:
            return len(self.names)
        ending = _shared_ending(others)
        real = all(half[0] in "《“" and half[-1] in "》”" for half in halves) or (len(ending) > 1 and all(half.endswith(ending) and len(half) > len(ending) for half in halves))
        return len(self.names) - 1 + (len(halves) if real else 1)

    @property
    def later(self) -> list[str]:
        """The names behind the first, which alone may carry the words before the list; joined ones apart."""
        return [half for name in self.names[1:] for half in _JOINED.split(name)]


def _shared_ending(names: list[str]) -> str:
    """What all names end in."""
    shortest = min(len(name) for name in names)
    length = next((n for n in range(shortest) if len({name[-n - 1] for name in names}) > 1), shortest)
    return names[0][len(names[0]) - length :]


def masked(text: str) -> str:
    """`text` with what stands in quotes and brackets blotted out; never over a line's end."""
    out = list(text)
    closing: list[tuple[str, int]] = []
    straight = -1
    for found in _SIGNS.finditer(text):
        n, c = found.start(), found.group()
        if c in "\n\t":
            closing.clear()
            straight = -1
        elif closing and c == closing[-1][0]:
            _, start = closing.pop()
            if not closing:
                _blot(out, start, n)
        elif c in _OPEN and len(closing) < 8:
            closing.append((_OPEN[c], n))
        elif c == '"' and not closing:
            if straight >= 0:
                _blot(out, straight, n)
            straight = -1 if straight >= 0 else n
    return "".join(out)


def _blot(out: list[str], start: int, end: int) -> None:
    if out[start] in _BRACKETS:
        out[start : end + 1] = GONE * (end + 1 - start)
    else:
        out[start + 1 : end] = INSIDE * (end - start - 1)


def names(plain: str, start: int, end: int) -> Names | None:
    """The list that fills plain[start:end] (masked text); None if fewer than two names stand there."""
    opened = re.search(r"等\s*$", plain[start:end])
    stop = start + opened.start() if opened else end
    found: list[tuple[str, int]] = []
    for part in re.finditer(r"[^、]+", plain[start:stop]):
        at = start + part.start()
        for piece in re.split(rf"(?<=[》”\"])(?=[《“\"]{INSIDE})", part.group()):
            if name := piece.replace(GONE, "").strip():
                found.append((name, at + len(piece) - len(piece.lstrip())))
            at += len(piece)
    if len(found) < 2 or all(_RANKS.fullmatch(name) for name, _ in found[1:]):
        return None
    end = len(plain[:stop].rstrip())
    return Names(found[0][1], end, tuple(name for name, _ in found), tuple(at for _, at in found), opened is not None)


def parted_by_semicolons(plain: str, start: int, end: int) -> Names | None:
    """The list of a sentence whose names are parted by ；: short ones that end in the same character (声乐班；舞蹈班)."""
    stop = re.search(r"[。\n\t]", plain[start:end])
    end = start + stop.start() if stop else end
    found: list[tuple[str, int]] = []
    for part in re.finditer(r"[^；;]+", plain[start:end]):
        name = re.split("[，,]", part.group())[0].replace(GONE, "").strip()
        found.append((name, start + part.start()))
    same = len({name[-1:] for name, _ in found}) == 1
    if len(found) < 2 or not same or not all(2 <= len(name) <= 12 and not _DOING.search(name) for name, _ in found):
        return None
    return Names(start, found[-1][1] + len(found[-1][0]), tuple(name for name, _ in found), tuple(at for _, at in found), False)


def shown_from(listed: Names, run: int) -> int:
    """Where the last `run` names begin, without the words that lead to them (先后走进, 与)."""
    first = len(listed.names) - run
    name, at = listed.names[first], listed.begins[first]
    lead = _LEADS.match(name)
    return at + lead.end() if lead and not any(mark in name[: lead.end()] for mark in "《“\"") else at


def classes(phrase: str) -> tuple[list[re.Pattern[str]], list[str]]:
    """What names of the things that `phrase`, the words behind a number, counts end in, and the nouns themselves:
    学校和幼儿园共建 -> two of each."""
    found: list[re.Pattern[str]] = []
    nouns: list[str] = []
    rest = phrase
    while True:
        hits = [(m.start(), -m.end(), m, names) for noun, names in CLASSES if (m := noun.search(rest[:8])) and not _ATTRIBUTE.match(rest, m.end())]
        if not hits:
            return found, nouns
        _, _, hit, ending = min(hits, key=lambda h: h[:2])
        while following := [(m, names) for _, _, m, names in hits if m.start() == hit.end()]:
            hit, ending = following[0]  # 乡村学校 are schools
        found.append(ending)
        nouns.append(hit.group())
        joined = re.match(r"和|及|与|、|以及|或", rest[hit.end() :])
        if joined is None:
            return found, nouns
        rest = rest[hit.end() + joined.end() :]


def broad(nouns: list[str]) -> bool:
    """Whether names of many kinds can be meant: 单位, 部门."""
    return any(_BROAD.search(noun) for noun in nouns)


def own_class(phrase: str, last: str) -> re.Pattern[str] | None:
    """The class that the names spell out themselves: 西韩村流通点、新华书店流通点, 共2个流通点."""
    for length in range(min(len(phrase), 10), 1, -1):
        if last.endswith(phrase[:length]):
            return re.compile(re.escape(phrase[:length]) + "$")
    return None


def trailing(listed: Names, endings: list[re.Pattern[str]]) -> int:
    """How many names at the end of the list, without a break, are of the classes."""
    count = 0
    for name in reversed(listed.names):
        if not all(any(e.search(half) for e in endings) for half in _JOINED.split(name)[-1:]):
            break
        count += 1
    return count


def _width(name: str) -> int:
    """How long a name is; three letters of Latin count as one character of Chinese."""
    latin = sum(char.isascii() for char in name)
    return len(name) - latin + (latin + 2) // 3


def alike(listed: Names, *, all_of: bool = False) -> bool:
    """Whether the names behind the first (which may carry the words before the list) look like names: short, no verbs,
    and nothing between the last one and the number."""
    rest = [listed.names[0], *listed.later] if all_of else listed.later
    short = all(2 <= _width(name) <= 16 and not _DOING.search(name) for name in rest) and ((all_of and len(rest) > 1) or any(len(name) > 2 for name in rest))
    return short and _width(rest[-1]) <= 10 and not _LINKED.search(rest[-1])

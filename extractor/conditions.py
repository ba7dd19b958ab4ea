"""Whether an indicator counts at a number: what stands around the number, and the conditions that the words must meet.

A phrase of rules/indicators/ only counts where the words around it speak of the whole institution, of the year and of
what the indicator counts (wording.py). `refusal` says which condition fails, so that it can be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from extractor import wording
from extractor.folding import fold
from extractor.formrows import counted_in
from extractor.model import Number, Struct

if TYPE_CHECKING:
    from extractor.indicators import Indicator, Link, Tables
    from extractor.phrases import Hit

_REACH = 300
"""So many characters around a number are looked at."""
_QUOTED = re.compile(r"[“《][^”》]{0,40}[”》]")
_TITLE = re.compile(r"《[^》]{1,30}》$")
_BRACKETS = re.compile(r"[（(]([^（()）]{0,40})[)）]")
_SENTENCE = re.compile(r"[。；;！？!?\n]")
_CLAUSE = re.compile(r"[，：,:（(]")
_CLAUSE_END = re.compile(r"[，、。；：！？,;:\d（(\n]")
_NEXT_ITEM = re.compile(r"\d\s?(?![\d年月日号届周级])[^、，和及与]{1,7}[、和及与]|[余多二两三四五六七八九十百千](?:册|个|场|人|次|件|种|期|张|席|台|项|部|家|名)[^、，和及与\d]{0,8}[、和及与]")
_WITH_BRANCHES = re.compile(r"[（(](?:均|已|数据)?(?:含|包括|包含|连同|加上)[^）)]{0,10}(?:分馆|服务点|流通点|基层点|馆外)")
_NO_MORE = re.compile(r"后(?:[已现总共]?(?:达到?|有|为|计)|共计|总数)?$")
_JOINED = ("、", "和", "及", "与", "以及", "暨", "/")
_JOINED_BEHIND = re.compile(r"[、和及与](?![\d约近余超]|其中)")
_LIST = re.compile(r"其中|内含|包括|包含|(?<!不)含有?|下列")
_ACTIVITY = re.compile(r"活动|比赛|大赛|竞赛|征文|诵读|演出|晚会")
_APART = re.compile(r"另有|另外|此外|不含|不包括|不计|除")
_COUNTED_IN = re.compile(r"[^，；]{0,6}(?:在内|计入|算入|一并|一同|合计|统计在|合并)")
_COUNTING = re.compile(r"(?<!不)(?:含|包括|连同|加上|算上|计入|连|计及)[^，；]{0,3}$")
_FROM = re.compile(r"(?:由|从)(?=[^由从]{0,8}(?:去年|上年|年初|原来|过去|之前|最初|\d))[^由从]{1,30}$")
_BETWEEN = re.compile(r"(?:共计|合计|总计|累计|达到|计|达|共|为|约|近|超过|超|突破|全宗|[\s，、,及和/（()）])*")


_ONE_SHOW = re.compile(r"[”》][^，。；“《”》\d]{0,12}(?:展|展览|展出|特展|联展)(?![厅馆区])")
_ELSEWHERE = re.compile(r"(?:进|入|到|赴|往)\d+[所个家座处][^，。；\d]{0,6}(?:小学|学校|中学|校园|幼儿园|社区|村|企业|军营|单位|工地|养老院|敬老院|乡镇|街道)")
_TO_PERSONS = re.compile(r"上门送|送书上门|行动不便|足不出户")
_HELD = frozenset({"次", "批次", "趟", "堂", "讲", "课时", "班次"})
_TOTAL = re.compile(r"累计|共|全年|总|年惠及")
_ALL_YEAR = re.compile(r"全年|年度|年内|一年|全馆|累计|总|到馆|入馆|进馆")


class Previous(Struct, frozen=True):
    """The figure before in the sentence: its indicator, the indicator of the list it stands in, and whether
    this number follows it directly (8647种10666册); `words` is its clause, `unit` its unit."""

    indicator: str | None
    head: str | None
    adjacent: bool = False
    words: str = ""
    unit: str = ""


class Context(Struct, frozen=True):
    """A figure in its sentence: the text before it and behind its unit, and what is known of it; `at` is its offset,
    `later` whether it is told as a year's that is still to come (2022年计划举办讲座40场)."""

    before: str
    after: str
    unit: str
    value: Number
    period_is_year: bool
    origin: str
    heading: str
    previous: Previous | None
    at: int = 0
    later: bool = False


def placed(previous: Previous | None, between: str) -> Previous | None:
    """`previous` with whether only a comma or hedge stands between it and this number."""
    if previous is None:
        return None
    return msgspec.structs.replace(previous, adjacent=_BETWEEN.fullmatch(between) is not None)


class Scene:
    """What stands around a number, taken apart once for all phrases.

    `sentence` reaches from the last full stop or semicolon to the number, closed brackets left out; `clause` from
    the last comma; `item` from the number before it in the clause; `rest` from the number to the next comma.
    """

    __slots__ = ("ahead", "clause", "context", "item", "item_at", "readings", "rest", "sentence", "tail")

    def __init__(self, context: Context) -> None:
        self.context = context
        spoken = _SENTENCE.split(plain(context.before[-_REACH:]))[-1]
        self.sentence = wording.EXCEPTED.sub("", _BRACKETS.sub("", spoken))
        self.clause = self._carried() or _CLAUSE.split(self.sentence.rstrip("：: 　"))[-1]
        self.item_at = max((found.end() for found in _NEXT_ITEM.finditer(self.clause)), default=0)
        self.item = self.clause[self.item_at :]
        self.tail = _SENTENCE.split(plain(context.after[:_REACH]))[0]
        self.rest = _CLAUSE_END.split(self.tail)[0]
        self.ahead = " ".join(found[1] for found in _BRACKETS.finditer(spoken[-60:])) + "\n" + self.tail
        words = wording.bare(self.clause)
        stripped = wording.bare(wording.without(words, wording.VERBS))
        origin = _FROM.sub("", words) if "由" in words or "从" in words else words
        afterwards = _NO_MORE.sub("", self.clause)
        untitled = _TITLE.sub("", self.clause.rstrip())
        self.readings = tuple(dict.fromkeys((wording.without(self.clause, wording.HEDGES), words, stripped, wording.without(origin, wording.HEDGES), wording.bare(origin), untitled, afterwards)))

    def _carried(self) -> str | None:
        """The clause before, where the number's own says nothing but 达到: 总服务人次不降反升，达到51.7万人次."""
        before, mark, own = self.sentence.rstrip("：: 　").rpartition("，")
        if not mark or wording.bare(own):
            return None
        clause = _CLAUSE.split(before)[-1]
        subject = wording.subject_of(clause)
        if not subject or subject == clause.rstrip():
            return None
        self.sentence = before[: len(before) - len(clause)] + subject
        return subject


def plain(text: str) -> str:
    """Folded and without blanks: nothing here gives back a position."""
    return re.sub(r"[ \t]+", "", fold(text))


Why = Literal[
    "unit", "domain", "period", "variant", "joined", "blocker", "requires", "subject", "narrowed", "planned", "part", "item", "gained", "historic", "least",
]  # fmt: skip


class Refusal(NamedTuple):
    """Why an indicator does not count at a number: which condition fails, and the word that makes it fail."""

    why: Why
    word: str = ""


def refusal(rule: Indicator, hit: Hit[Indicator] | None, scene: Scene, tables: Tables) -> Refusal | None:
    """The first condition of the indicator that fails around a phrase (None: the words of the figure before are meant);
    None where all hold."""
    context = scene.context
    if not counted_in(context.unit, rule):
        return Refusal("unit", context.unit)
    if not tables.here(rule):
        return Refusal("domain", rule.domain)
    if rule.scope == "year" and not (context.period_is_year or context.later):
        return Refusal("period")
    if rule.instead_of:
        return Refusal("variant")
    if hit is None:
        return None
    residue = scene.clause[scene.item_at : max(scene.item_at, hit.start)]
    lead = scene.clause[scene.item_at : max(scene.item_at, hit.at)]
    if lead.endswith(_JOINED) or (hit.behind and _JOINED_BEHIND.match(scene.tail.lstrip("“ 的"), len(hit.text))):
        return Refusal("joined")
    words = _QUOTED.sub("", scene.sentence if rule.wide else lead)
    rest = scene.rest[len(hit.text) :] if hit.behind else scene.rest
    for word in rule.blockers:
        if (word in words or word in rest or scene.clause.rstrip().endswith(f"《{word}》")) and not (context.later and word in wording.PLANS):
            return Refusal("blocker", word)
    if rule.subject and not any(word in scene.sentence for word in rule.subject):
        return Refusal("subject", rule.subject[0])
    told = scene.sentence + scene.tail + (context.previous.words if context.previous else "")
    if context.previous and context.previous.head in rule.of:
        told += tables.indicators[context.previous.head].name
    if rule.requires and not any(word in told for word in rule.requires):
        return Refusal("requires", rule.requires[0])
    if rule.scope == "year" and wording.narrowed(residue):
        return Refusal("narrowed", residue)
    if not wording.of_the_whole(hit.text):
        if wording.planned(scene.sentence, context.later):
            return Refusal("planned")
        subject = _subject(scene, hit)
        for room in rule.rooms:
            subject = subject.replace(room, "")
        if rule.scope == "year" and (wording.of_a_part(subject) or wording.of_others(subject)):
            return Refusal("part")
        narrower = next((kind for kind in rule.not_of if _NARROWER[kind](scene)), None)
        if narrower:
            return Refusal("part", f"of one {narrower}")
    if _of_an_item(rule, scene, tables):
        return Refusal("item")
    if rule.scope == "year" and _WITH_BRANCHES.match(scene.tail):
        return Refusal("part")
    return _out_of_time(rule, residue, scene, tables)


def _of_exhibition(scene: Scene) -> bool:
    return _ONE_SHOW.search(scene.sentence) is not None and not _ALL_YEAR.search(scene.clause)


def _of_project(scene: Scene) -> bool:
    return _ELSEWHERE.search(scene.sentence) is not None and not _ALL_YEAR.search(scene.clause)


def _of_household(scene: Scene) -> bool:
    return _TO_PERSONS.search(scene.sentence) is not None


def _of_activity(scene: Scene) -> bool:
    previous = scene.context.previous
    return previous is not None and previous.unit in _HELD and not _TOTAL.search(scene.clause)


_NARROWER = {"exhibition": _of_exhibition, "project": _of_project, "household": _of_household, "activity": _of_activity}
"""What else the words around a number may be told of, by the names that `not_of` gives it."""


def _of_an_item(rule: Indicator, scene: Scene, tables: Tables) -> bool:
    """Whether the words speak of an item of a list where the phrase names its head: an item of 其中… counting the
    same, or a holding where the head is what came in (新增服务点7个，其中村级服务点4个); or the people of an
    item that is not linked (培训班160期，其中专项培训28期，培训2100人次)."""
    previous = scene.context.previous
    head = tables.indicators.get(previous.head or "") if previous else None
    if previous is None or head is None:
        return False
    if head.id in rule.pair_of:
        return previous.indicator is None and (counted_in(previous.unit, head) or _ACTIVITY.search(re.split(r"\d", scene.sentence)[-1]) is not None)
    return _LIST.match(scene.clause) is not None and (head.id == rule.means or (rule.kind == "stock" and head.kind == "flow" and not head.pair_of))


def _subject(scene: Scene, hit: Hit[Indicator]) -> str:
    """The sentence up to the first character of the phrase (分馆 in 分馆面积 is the subject of 馆面积)."""
    return scene.sentence[: len(scene.sentence.rstrip("：: 　")) - len(scene.clause) + hit.start + 1]


def _out_of_time(rule: Indicator, residue: str, scene: Scene, tables: Tables) -> Refusal | None:
    """What does not fit a holding (stock) or what came and went in the year (flow), or the value `least`."""
    if rule.kind == "stock":
        if wording.governed(residue, wording.GAIN + wording.MOVE) and not _NO_MORE.search(scene.item):
            return Refusal("gained", residue)
        if scene.item_at and not any(word in scene.item for word in wording.STANDING) and wording.governed(scene.clause[: scene.item_at], wording.GAIN):
            return Refusal("gained", scene.clause[: scene.item_at])
    elif any(word in scene.sentence for word in wording.HISTORIC):
        return Refusal("historic")
    return None if scene.context.value >= rule.least or yearly(scene, tables) is True else Refusal("least", str(rule.least))


def yearly(scene: Scene, tables: Tables) -> bool | None:
    """Whether the words speak of the year's doings (True), of what there is by now (False), or of neither."""
    for words in (scene.item, scene.clause, scene.sentence):
        if any(word in words for word in wording.YEARLY):
            return True
        if any(word in words for word in wording.STANDING_DATE):
            return False
    previous = scene.context.previous
    if previous and previous.indicator:
        return tables.indicators[previous.indicator].kind == "flow"
    return True if re.search(r"\d{4}年", scene.sentence) else None


def lists(text: str, words: Sequence[str]) -> bool:
    """Whether the list behind 其中 names one of the words, before 另有."""
    start = _LIST.search(text)
    return start is not None and any(word in _APART.split(text[start.end() :])[0] for word in words)


def counts_in(text: str, words: Sequence[str]) -> bool:
    """Whether the words before a number say that it counts these things too: 含电子图书在内, 若将电子图书一并计入."""
    for word in words:
        at = text.rfind(word)
        if at >= 0 and not _APART.search(text, max(0, at - 8), at) and (_COUNTED_IN.match(text, at + len(word)) or _COUNTING.search(text, max(0, at - 6), at)):
            return True
    return False


def follow(context: Context, found: Link | None, previous: Previous | None) -> Previous:
    """What the next figure of the sentence needs to know of this one."""
    clause = _CLAUSE.split(_SENTENCE.split(plain(context.before[-_REACH:]))[-1])[-1]
    if previous is not None and context.previous is not None and context.previous.adjacent:
        clause = previous.words
    if found is None:
        return Previous(None, previous.head if previous else None, words=clause, unit=context.unit)
    if found.part and previous is not None:
        return Previous(found.indicator, previous.head, words=clause, unit=context.unit)
    return Previous(found.indicator, found.indicator, words=clause, unit=context.unit)

"""Which indicator a figure or a form row speaks of, by the phrases of rules/indicators/.

Phrases are plain words, kept in dictionaries (phrases.py): the longest one that ends directly before the
number wins (书刊阅览室面积 before 阅览室面积), else the longest that begins directly behind it. A phrase only
counts where its indicator's conditions hold and the words around it speak of the whole institution
(wording.py); where two indicators are left, none is linked: a wrong link is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from extractor import quantities, wording
from extractor.domains import GENERIC
from extractor.folding import fold
from extractor.formrows import SPOKEN, counted_in, form_year, link_row, row_label, row_parent
from extractor.model import Number, Rule, Struct
from extractor.phrases import Hit, Lexicon, PhraseError

__all__ = ("Context", "Indicator", "Link", "Previous", "Tables", "compile_tables", "follow", "form_year", "indicator_fires", "link", "link_row", "links", "placed", "row_parent")

_REACH = 300
"""So many characters around a number are looked at."""
_QUOTED = re.compile(r"[“《][^”》]{0,40}[”》]")
_TITLE = re.compile(r"《[^》]{1,30}》$")
_BRACKETS = re.compile(r"[（(]([^（()）]{0,40})[)）]")
_SENTENCE = re.compile(r"[。；;！？!?\n]")
_CLAUSE = re.compile(r"[，：,:（(]")
_CLAUSE_END = re.compile(r"[，、。；：！？,;:\d（(\n]")
_NEXT_ITEM = re.compile(r"\d\s?(?![\d年月日号届周级])[^、，和及与]{1,7}[、和及与]|[余多](?:册|个|场|人|次|件|种)[^、，和及与\d]{0,8}[、和及与]")
_PAIR_BEHIND = re.compile(r"\s*\d[\d,.]*[万亿千]?[余多]?[\u4e00-\u9fff]{1,2}?(?=[\u4e00-\u9fff])")
_WITH_BRANCHES = re.compile(r"[（(](?:均|已|数据)?(?:含|包括|包含|连同|加上)[^）)]{0,10}(?:分馆|服务点|流通点|基层点|馆外)")
_NOUN_BEHIND = re.compile(r"[\u4e00-\u9fff]{2,10}(?=[，、。；和及与（(\n]|$)")
_JOINED = ("、", "和", "及", "与", "以及", "暨", "/")
_JOINED_BEHIND = re.compile(r"[、和及与](?![\d约近余超]|其中)")
_LIST = re.compile(r"其中|内含|包括|包含|(?<!不)含有?|下列")
_APART = re.compile(r"另有|另外|此外|不含")
_COMPARED = re.compile(r"(?:^|\d[万亿千余多]{0,3}[^\d，]{1,4})(?:[比较由从与]|相比)[^，。；\d]{0,8}(?:\d{4})?(?:年|期|度)(?:同期|[末底初])?的?\s*$")
_FROM = re.compile(r"(?:由|从)(?=[^由从]{0,8}(?:去年|上年|年初|原来|过去|之前|最初|\d))[^由从]{1,30}$")
_BETWEEN = re.compile(r"(?:共计|合计|总计|累计|达到|计|达|共|为|约|近|超过|超|突破|全宗|[\s，、,及和/（()）])*")
_LISTED = ("其中", "其", "内含", "含有", "含", "包括", "包含", "另有", "另外", "另", "还有", "以及", "有", "为", "各类", "各种", "全年", "共", "的", "可", "馆藏", "现有", "主要")
"""What may stand before an item of a list."""


class Indicator(Rule, frozen=True):
    """One indicator; see rules/README.md for what each key means."""

    name: str
    units: tuple[str, ...]
    kind: Literal["stock", "flow"]
    domain: str = GENERIC
    home: bool = False
    same_as: str | None = None
    scope: Literal["year", "event"] = "year"
    least: int = 0
    parent: str | None = None
    relation: Literal["component", "subset", "cross_cut", "measure_of", "layout"] | None = None
    codes: dict[str, str] = msgspec.field(default_factory=dict)
    rows: tuple[str, ...] = ()
    row_after: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    timed: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    pair_of: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    wide: bool = False

    @property
    def means(self) -> str:
        """The id that records get: its own, or that of the indicator which this one is another wording of."""
        return self.same_as or self.id


class Tables(Struct, frozen=True):
    """The indicators by id; their phrases, those that count only in words of their time and in lists, their form
    rows; which indicator takes the place of another where the list behind it names certain words; and the domain of the
    document that is read."""

    indicators: dict[str, Indicator]
    phrases: Lexicon[Indicator]
    timed: Lexicon[Indicator]
    parts: Lexicon[Indicator]
    rows: dict[str, tuple[Indicator, ...]]
    variants: dict[str, Indicator]
    domain: str | None = None

    def within(self, domain: str | None) -> Tables:
        """The same tables for a document of this domain."""
        return self if domain == self.domain else msgspec.structs.replace(self, domain=domain)

    def only(self, found: Sequence[Indicator]) -> Indicator | None:
        """The one indicator that fits: of several that fit equally the one of the document's domain, else the generic one."""
        for domain in (None, self.domain, GENERIC):
            near = [rule for rule in found if domain in (None, rule.domain)]
            if len({rule.means for rule in near}) == 1:
                return near[0]
        return None

    def here(self, rule: Indicator) -> bool:
        """Whether the rule counts in documents of this domain."""
        return not rule.home or rule.domain == self.domain

    def unknown(self, domains: set[str]) -> list[str]:
        """Faults for indicators whose domain is none."""
        return [f"indicators/*.toml: [[indicator]] {rule.id}: domain: {rule.domain!r} is no domain" for rule in self.indicators.values() if rule.domain not in domains | {GENERIC}]


class Previous(Struct, frozen=True):
    """The figure before in the sentence: its indicator, the indicator of the list it stands in, and whether
    this number follows it directly (8647种10666册); `words` is its clause, `unit` its unit."""

    indicator: str | None
    head: str | None
    adjacent: bool = False
    words: str = ""
    unit: str = ""


class Context(Struct, frozen=True):
    """A figure in its sentence: the text before it and behind its unit, and what is known of it."""

    before: str
    after: str
    unit: str
    value: Number
    period_is_year: bool
    origin: str
    heading: str
    previous: Previous | None


class Link(Struct, frozen=True):
    """An indicator linked, by which rule, and whether the list before goes on behind it (an item of it, or an aside)."""

    indicator: str
    rule: str
    part: bool = False


def compile_tables(rules: Iterable[Indicator], faults: list[str]) -> Tables:
    """Expands all phrases. A parent or list head that is no indicator, and a phrase that is not well formed, is a
    fault. A label of the form that says enough by itself is a phrase too."""
    known = {rule.id: rule for rule in rules}
    phrases, timed, parts = Lexicon[Indicator](), Lexicon[Indicator](), Lexicon[Indicator]()
    rows: dict[str, list[Indicator]] = {}
    for rule in known.values():
        references = (rule.parent, rule.same_as, *rule.instead_of, *rule.of, *rule.pair_of, *rule.row_after)
        faults += [f"indicators/*.toml: [[indicator]] {rule.id}: {name!r} is no indicator" for name in references if name and name not in known]
        faults += [f"indicators/*.toml: [[indicator]] {rule.id}: same_as: {rule.same_as!r} is another wording itself" for other in [known.get(rule.same_as or "")] if other and other.same_as]
        labels = list(dict.fromkeys(row_label(row) for row in rule.rows))
        for label in labels:
            rows.setdefault(label, []).append(rule)
        spoken = [label for label in labels if len(label) >= SPOKEN] if not rule.row_after else []
        for lexicon, key, texts in ((phrases, "phrases", (*rule.phrases, *spoken)), (timed, "timed", rule.timed), (parts, "parts", rule.parts)):
            for text in texts:
                try:
                    lexicon.add(text, rule)
                except PhraseError as error:
                    faults.append(f"indicators/*.toml: [[indicator]] {rule.id}: {key}: {error}")
    variants = {other: rule for rule in known.values() for other in rule.instead_of}
    return Tables(indicators=known, phrases=phrases, timed=timed, parts=parts, rows={label: tuple(found) for label, found in rows.items()}, variants=variants)


def indicator_fires(rule: Indicator, text: str, tables: Tables, amounts: quantities.Tables) -> bool:
    """Whether some number of the text is linked to this indicator; a text ``label | unit`` is a form row."""
    tables = tables.within(rule.domain)
    if " | " in text:
        label, unit = text.split(" | ", 1)
        row = link_row(label, None, (), unit or None, None, tables)
        return row is not None and rule.id in (row.id, row.means)
    return any(found is not None and rule.id in (found.rule, found.indicator) for found in links(text, tables, amounts))


def links(text: str, tables: Tables, amounts: quantities.Tables) -> list[Link | None]:
    """The links of the quantities of one sentence, in order, as if its figures spoke of the year."""
    found: list[Link | None] = []
    previous: Previous | None = None
    end = 0
    for quantity in quantities.find(text, amounts):
        if quantity.unit is None:
            continue
        context = Context(
            before=text[: quantity.start], after=text[quantity.end :], unit=quantity.unit, value=quantity.value, period_is_year=True,
            origin="narrative", heading="", previous=placed(previous, text[end : quantity.start]),
        )  # fmt: skip
        found.append(link(context, tables))
        previous = follow(context, found[-1], previous)
        end = quantity.end
    return found


def placed(previous: Previous | None, between: str) -> Previous | None:
    """`previous` with whether only a comma or hedge stands between it and this number."""
    if previous is None:
        return None
    return msgspec.structs.replace(previous, adjacent=_BETWEEN.fullmatch(between) is not None)


class _Scene:
    """What stands around a number, taken apart once for all phrases.

    `sentence` reaches from the last full stop or semicolon to the number, closed brackets left out; `clause` from
    the last comma; `item` from the number before it in the clause; `rest` from the number to the next comma.
    """

    __slots__ = ("ahead", "clause", "context", "item", "item_at", "readings", "rest", "sentence", "tail")

    def __init__(self, context: Context) -> None:
        self.context = context
        spoken = _SENTENCE.split(_plain(context.before[-_REACH:]))[-1]
        self.sentence = _BRACKETS.sub("", spoken)
        self.clause = self._carried() or _CLAUSE.split(self.sentence.rstrip("：: 　"))[-1]
        self.item_at = max((found.end() for found in _NEXT_ITEM.finditer(self.clause)), default=0)
        self.item = self.clause[self.item_at :]
        self.tail = _SENTENCE.split(_plain(context.after[:_REACH]))[0]
        self.rest = _CLAUSE_END.split(self.tail)[0]
        self.ahead = " ".join(found[1] for found in _BRACKETS.finditer(spoken[-60:])) + "\n" + self.tail
        words = wording.bare(self.clause)
        stripped = wording.bare(wording.without(words, wording.VERBS))
        origin = wording.bare(_FROM.sub("", words)) if "由" in words or "从" in words else words
        untitled = _TITLE.sub("", self.clause.rstrip())
        self.readings = tuple(dict.fromkeys((wording.without(self.clause, wording.HEDGES), words, stripped, origin, untitled)))


    def _carried(self) -> str | None:
        """The clause before, where the number's own says nothing but 达到: 总服务人次不降反升，达到51.7万人次."""
        before, mark, own = self.sentence.rstrip("：: 　").rpartition("，")
        if not mark or wording.bare(own):
            return None
        clause = _CLAUSE.split(before)[-1]
        subject = wording.without(clause.rstrip(), wording.TRENDS)
        if not subject or subject == clause.rstrip():
            return None
        self.sentence = before[: len(before) - len(clause)] + subject
        return subject


def link(context: Context, tables: Tables) -> Link | None:
    """The indicator a figure speaks of, or None."""
    previous = context.previous
    if previous and previous.adjacent:
        return _paired(context, previous, tables)
    scene = _Scene(context)
    base = (previous.head or previous.indicator) if previous else None
    if base and _is_base(scene) and _holds(tables.indicators[base], None, scene, tables):
        return Link(base, base)
    if wording.is_change(wording.bare(scene.item)):
        return None
    found = _item(scene, previous, tables) if previous else None
    if found:
        return Link(found.means, found.id, part=True)
    found = _named(scene, tables)
    return Link(found.means, found.id, part=found.scope == "event" and previous is not None and previous.head is not None) if found else None


def _plain(text: str) -> str:
    """Folded and without blanks: nothing here gives back a position."""
    return re.sub(r"[ \t]+", "", fold(text))


def _is_base(scene: _Scene) -> bool:
    """Whether the number is what the one before is compared with: 比2020年的54.7万人次."""
    return _COMPARED.search(scene.item) is not None


def _paired(context: Context, previous: Previous, tables: Tables) -> Link | None:
    """The second of two numbers in a row counts the same thing in another unit."""
    if previous.indicator is None:
        scene = _Scene(msgspec.structs.replace(context, before=previous.words, previous=None))
        found = _named(scene, tables)
        return Link(found.means, found.id) if found else None
    for rule in tables.indicators.values():
        if previous.indicator in rule.pair_of and tables.here(rule) and counted_in(context.unit, rule):
            return Link(rule.means, rule.id)
    own = tables.indicators[previous.indicator]
    return Link(own.id, own.id, part=previous.head != own.id) if counted_in(context.unit, own) else None


def _item(scene: _Scene, previous: Previous, tables: Tables) -> Indicator | None:
    """The indicator of an item in the list behind `previous`: shorter words are enough there."""
    heads = {previous.head, previous.indicator} - {None}
    if not heads:
        return None
    flow = any(tables.indicators[head].kind == "flow" for head in heads if head)
    fillers = (*_LISTED, *wording.GAIN, "加工", "装订") if flow else _LISTED

    def belongs(rule: Indicator, hit: Hit[Indicator]) -> bool:
        if heads.isdisjoint(rule.of):
            return False
        return hit.behind or hit.open or not wording.without(scene.clause[scene.item_at : hit.start], fillers)

    return _best(_all(tables.parts, scene, scene.tail), scene, tables, belongs)


def _named(scene: _Scene, tables: Tables) -> Indicator | None:
    """The indicator that the words before the number name, else those behind it, else a phrase in two parts."""
    behind = _PAIR_BEHIND.sub("", scene.tail, count=1) if _PAIR_BEHIND.match(scene.tail) else scene.tail
    found = _best(_all(tables.phrases, scene, behind.lstrip("“ 的")), scene, tables) or _around(scene, tables)
    return found or _best(_all(tables.timed, scene, behind), scene, tables, lambda rule, hit: (_yearly(scene, tables) is True) == (rule.kind == "flow"))


def _around(scene: _Scene, tables: Tables) -> Indicator | None:
    """The indicator of a phrase that the number parts, with the noun of its unit behind it: 推出12个展览, 新办3317张借书证."""
    noun = _NOUN_BEHIND.match(scene.tail)
    if noun is None:
        return None
    whole = scene.clause + noun[0]
    return _best((tables.phrases.before((whole,)),), scene, tables, lambda rule, hit: hit.start < len(scene.clause) < len(whole))


def _all(lexicon: Lexicon[Indicator], scene: _Scene, behind: str) -> tuple[Iterator[Hit[Indicator]], ...]:
    return lexicon.before(scene.readings), lexicon.behind(scene.readings, behind), lexicon.gapped(scene.readings)


def _best(
    sources: Iterable[Iterator[Hit[Indicator]]], scene: _Scene, tables: Tables, accept: Callable[[Indicator, Hit[Indicator]], bool] = lambda rule, hit: True
) -> Indicator | None:
    """The one indicator of the longest phrase for which all conditions hold; None where two are left."""
    for source in sources:
        for hit in source:
            found = [rule for rule in hit.items if accept(rule, hit) and _holds(rule, hit, scene, tables)]
            if found:
                one = tables.only([rule for rule in found if rule.subject] or found)
                return _variant(one, scene, tables) if one else None
    return None


def _variant(rule: Indicator, scene: _Scene, tables: Tables) -> Indicator:
    """The indicator that takes this one's place where the list behind the number, or a bracket, names its words."""
    other = tables.variants.get(rule.means)
    return other if other and counted_in(scene.context.unit, other) and _lists(scene.ahead, other.ahead) else rule


def _lists(text: str, words: Sequence[str]) -> bool:
    """Whether the list behind 其中 names one of the words, before 另有."""
    start = _LIST.search(text)
    return start is not None and any(word in _APART.split(text[start.end() :])[0] for word in words)


def _holds(rule: Indicator, hit: Hit[Indicator] | None, scene: _Scene, tables: Tables) -> bool:
    """Whether the indicator's conditions hold around a phrase (None: the words of the figure before are meant)."""
    context = scene.context
    if not tables.here(rule) or not counted_in(context.unit, rule) or (rule.scope == "year" and not context.period_is_year) or rule.instead_of:
        return False
    if hit is None:
        return True
    residue = scene.clause[scene.item_at : max(scene.item_at, hit.start)]
    lead = scene.clause[scene.item_at : max(scene.item_at, hit.at)]
    if lead.endswith(_JOINED) or (hit.behind and _JOINED_BEHIND.match(scene.tail.lstrip("“ 的"), len(hit.text))):
        return False
    words = _QUOTED.sub("", scene.sentence if rule.wide else lead)
    rest = scene.rest[len(hit.text) :] if hit.behind else scene.rest
    if any(word in words or word in rest for word in rule.blockers):
        return False
    if rule.subject and not any(word in scene.sentence for word in rule.subject):
        return False
    if rule.requires and not any(word in scene.sentence or word in scene.tail for word in rule.requires):
        return False
    if rule.scope == "year" and wording.narrowed(residue):
        return False
    if not wording.of_the_whole(hit.text) and (wording.planned(scene.sentence) or (rule.scope == "year" and wording.of_a_part(_subject(scene, hit)))):
        return False
    if _of_an_item(rule, scene, tables) or (rule.scope == "year" and _WITH_BRANCHES.match(scene.tail)):
        return False
    return _in_time(rule, residue, scene, tables)


def _of_an_item(rule: Indicator, scene: _Scene, tables: Tables) -> bool:
    """Whether the words speak of an item of a list where the phrase names its head: an item of 其中… counting the
    same, or a holding where the head is what came in (新增服务点7个，其中村级服务点4个); or the people of an
    item that is not linked (培训班160期，其中专项培训28期，培训2100人次)."""
    previous = scene.context.previous
    head = tables.indicators.get(previous.head or "") if previous else None
    if previous is None or head is None:
        return False
    if head.id in rule.pair_of:
        return previous.indicator is None and counted_in(previous.unit, head)
    return _LIST.match(scene.clause) is not None and (head.id == rule.means or (rule.kind == "stock" and head.kind == "flow" and not head.pair_of))


def _subject(scene: _Scene, hit: Hit[Indicator]) -> str:
    """The sentence up to the first character of the phrase (分馆 in 分馆面积 is the subject of 馆面积)."""
    return scene.sentence[: len(scene.sentence.rstrip("：: 　")) - len(scene.clause) + hit.start + 1]


def _in_time(rule: Indicator, residue: str, scene: _Scene, tables: Tables) -> bool:
    """Whether the words fit a holding (stock) or what came and went in the year (flow), and the value `least`."""
    if rule.kind == "stock":
        verbs = wording.GAIN + wording.MOVE
        if wording.governed(residue, verbs):
            return False
        if scene.item_at and not any(word in scene.item for word in wording.STANDING) and wording.governed(scene.clause[: scene.item_at], wording.GAIN):
            return False
    elif any(word in scene.sentence for word in wording.HISTORIC):
        return False
    return scene.context.value >= rule.least or _yearly(scene, tables) is True


def _yearly(scene: _Scene, tables: Tables) -> bool | None:
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


def follow(context: Context, found: Link | None, previous: Previous | None) -> Previous:
    """What the next figure of the sentence needs to know of this one."""
    clause = _CLAUSE.split(_SENTENCE.split(_plain(context.before[-_REACH:]))[-1])[-1]
    if previous is not None and context.previous is not None and context.previous.adjacent:
        clause = previous.words
    if found is None:
        return Previous(None, previous.head if previous else None, words=clause, unit=context.unit)
    if found.part and previous is not None:
        return Previous(found.indicator, previous.head, words=clause, unit=context.unit)
    return Previous(found.indicator, found.indicator, words=clause, unit=context.unit)

"""Which indicator a figure or a form row speaks of, by the phrases of rules/indicators/.

Phrases are plain words, kept in dictionaries (phrases.py): the longest one that ends directly before the
number wins (书刊阅览室面积 before 阅览室面积), else the longest that begins directly behind it. A phrase only
counts where its indicator's conditions hold (conditions.py); where two indicators are left, none is linked: a wrong link is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from extractor import quantities, wording
from extractor.conditions import Context, Previous, Scene, counts_in, follow, lists, placed, refusal, yearly
from extractor.domains import GENERIC
from extractor.formrows import SPOKEN, counted_in, form_year, link_row, row_label, row_parent
from extractor.model import Rule, Struct
from extractor.phrases import Hit, Lexicon, PhraseError

__all__ = ("Context", "Indicator", "Link", "Previous", "Tables", "compile_tables", "follow", "form_year", "indicator_fires", "link", "link_row", "links", "placed", "row_parent")

_PAIR_BEHIND = re.compile(r"\s*\d[\d,.]*[万亿千]?[余多]?[\u4e00-\u9fff]{1,2}?(?=[\u4e00-\u9fff])")
_NOUN_BEHIND = re.compile(r"[\u4e00-\u9fff]{2,10}(?=[，、。；和及与（(\n]|$)")
_COMPARED = re.compile(r"(?:^|\d[万亿千余多]{0,3}[^\d，]{1,4})(?:[比较由从与同和跟]|相比)[^，。；\d]{0,8}(?:\d{4})?(?:年|期|度)(?:同期|[末底初])?的?\s*$")
_SUM = re.compile(r"(?:合|总|共)计\s*$")
_YEAR_ALONE = re.compile(r"[而但]?(?:上一?年度?|去年度?|前一?年|往年|今年|本年度?|\d{4}年度?)(?:同期|年?[底末终])?(?:全年|实际)?(?:这个|这一|该|此)?(?:项?数[字据]?|指标|值)?")
_LISTED = ("分别是", "分别为", "分别有", "依次为", "计有", "其中", "其", "内含", "内有", "含有", "含", "包括", "包含", "另有", "另外", "另", "还有", "以及", "有", "为", "各类", "各种", "全年", "共", "的", "可", "馆藏", "现有", "主要")
"""What may stand before an item of a list."""
_WHOLE = (*_LISTED, "上一年", "上年", "去年", "全馆", "我馆", "本馆", "馆内", "图书馆", "本年", "本年度", "今年", "年内", "当年", "年末", "年底", "目前", "截至", "至", "我院", "我校", "本校", "设有", "拥有", "备有", "年度", "期末", "到", "末", "统计", "总计")
"""What may stand before a noun that says enough by itself."""
_CLOSED = re.compile(r"(?:以上|左右|上下|之多)?(?:[，、；：。（(和及与]|$)")


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
    alone: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    pair_of: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    not_of: tuple[Literal["exhibition", "project", "household", "activity"], ...] = ()
    wide: bool = False

    @property
    def means(self) -> str:
        """The id that records get: its own, or that of the indicator which this one is another wording of."""
        return self.same_as or self.id


class Tables(Struct, frozen=True):
    """The indicators by id; their phrases, those that count only in words of their time, by themselves and in lists, their form
    rows; which indicator takes the place of another where the list behind it names certain words; the domain of the document
    that is read; and who is told of every link, to explain it."""

    indicators: dict[str, Indicator]
    phrases: Lexicon[Indicator]
    timed: Lexicon[Indicator]
    alone: Lexicon[Indicator]
    parts: Lexicon[Indicator]
    rows: dict[str, tuple[Indicator, ...]]
    variants: dict[str, Indicator]
    domain: str | None = None
    watch: Callable[[Context, Link | None], None] | None = None

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


class Link(Struct, frozen=True):
    """An indicator linked, by which rule, and whether the list before goes on behind it (an item of it, or an aside)."""

    indicator: str
    rule: str
    part: bool = False


def compile_tables(rules: Iterable[Indicator], faults: list[str]) -> Tables:
    """Expands all phrases. A parent or list head that is no indicator, and a phrase that is not well formed, is a
    fault. A label of the form that says enough by itself is a phrase too."""
    known = {rule.id: rule for rule in rules}
    phrases, timed, alone, parts = Lexicon[Indicator](), Lexicon[Indicator](), Lexicon[Indicator](), Lexicon[Indicator]()
    rows: dict[str, list[Indicator]] = {}
    for rule in known.values():
        references = (rule.parent, rule.same_as, *rule.instead_of, *rule.of, *rule.pair_of, *rule.row_after)
        faults += [f"indicators/*.toml: [[indicator]] {rule.id}: {name!r} is no indicator" for name in references if name and name not in known]
        faults += [f"indicators/*.toml: [[indicator]] {rule.id}: same_as: {rule.same_as!r} is another wording itself" for other in [known.get(rule.same_as or "")] if other and other.same_as]
        labels = list(dict.fromkeys(row_label(row) for row in rule.rows))
        for label in labels:
            rows.setdefault(label, []).append(rule)
        spoken = [label for label in labels if len(label) >= SPOKEN] if not rule.row_after else []
        for lexicon, key, texts in ((phrases, "phrases", (*rule.phrases, *spoken)), (timed, "timed", rule.timed), (alone, "alone", rule.alone), (parts, "parts", rule.parts)):
            for text in texts:
                try:
                    lexicon.add(text, rule)
                except PhraseError as error:
                    faults.append(f"indicators/*.toml: [[indicator]] {rule.id}: {key}: {error}")
    variants = {other: rule for rule in known.values() for other in rule.instead_of}
    return Tables(indicators=known, phrases=phrases, timed=timed, alone=alone, parts=parts, rows={label: tuple(found) for label, found in rows.items()}, variants=variants)


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


def link(context: Context, tables: Tables) -> Link | None:
    """The indicator a figure speaks of, or None."""
    found = _link(context, tables)
    if tables.watch is not None:
        tables.watch(context, found)
    return found


def _link(context: Context, tables: Tables) -> Link | None:
    previous = context.previous
    if previous and previous.adjacent:
        return _paired(context, previous, tables)
    scene = Scene(context)
    for base in _bases(scene, previous):
        if refusal(tables.indicators[base], None, scene, tables) is None:
            return Link(base, base, part=previous is not None and base != previous.head)
    if wording.is_change(wording.bare(scene.item)):
        return None
    found = _item(scene, previous, tables) if previous else None
    if found:
        return Link(found.means, found.id, part=True)
    found = _named(scene, tables)
    return Link(found.means, found.id, part=found.scope == "event" and previous is not None and previous.head is not None) if found else None


def _bases(scene: Scene, previous: Previous | None) -> list[str]:
    """The indicators that the number may tell once more, of another year: of what the one before is compared with
    (比2020年的54.7万人次), of a clause that names nothing but the year (上年为54.7万人次)."""
    if previous is None:
        return []
    if _COMPARED.search(scene.item):
        names = (previous.head, previous.indicator)
    elif _YEAR_ALONE.fullmatch(wording.bare(scene.clause)) and (scene.clause != scene.sentence or previous.head == previous.indicator):
        names = (previous.indicator, previous.head)
    else:
        return []
    return list(dict.fromkeys(name for name in names if name))


def _paired(context: Context, previous: Previous, tables: Tables) -> Link | None:
    """The second of two numbers in a row counts the same thing in another unit."""
    if previous.indicator is None:
        scene = Scene(msgspec.structs.replace(context, before=previous.words, previous=None))
        found = _named(scene, tables)
        return Link(found.means, found.id) if found else None
    for rule in tables.indicators.values():
        if previous.indicator in rule.pair_of and tables.here(rule) and counted_in(context.unit, rule):
            return Link(rule.means, rule.id)
    own = tables.indicators[previous.indicator]
    if context.unit == previous.unit and _SUM.search(context.before):
        return None  # 派遣人员15人，合计78人: what went before, added up
    return Link(own.id, own.id, part=previous.head != own.id) if counted_in(context.unit, own) else None


def _item(scene: Scene, previous: Previous, tables: Tables) -> Indicator | None:
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

    return _best(hits(tables.parts, scene, scene.tail), scene, tables, belongs)


def _named(scene: Scene, tables: Tables) -> Indicator | None:
    """The indicator that the words before the number name, else those behind it, else a phrase in two parts."""
    behind = _PAIR_BEHIND.sub("", scene.tail, count=1) if _PAIR_BEHIND.match(scene.tail) else scene.tail
    found = _best(hits(tables.phrases, scene, behind.lstrip("“ 的")), scene, tables) or _around(scene, tables)
    found = found or _best(hits(tables.alone, scene, behind)[:1], scene, tables, lambda rule, hit: _alone(rule, hit, scene, tables))
    return found or _best(hits(tables.timed, scene, behind), scene, tables, lambda rule, hit: (yearly(scene, tables) is True) == (rule.kind == "flow"))


def _alone(rule: Indicator, hit: Hit[Indicator], scene: Scene, tables: Tables) -> bool:
    """Whether a noun and its number are all that a clause says (…，少儿文献18.2万册，…), and no verb before makes it what came
    in or was used."""
    if wording.without(scene.clause[scene.item_at : hit.start], _WHOLE) or not _CLOSED.match(scene.tail):
        return False
    if rule.kind == "flow":
        return True
    previous = scene.context.previous
    before = [tables.indicators[name] for name in (previous.indicator, previous.head) if name] if previous else []
    came = any(other.kind == "flow" and counted_in(scene.context.unit, other) for other in before)
    return not came and not wording.governed(scene.sentence, wording.GAIN + wording.MOVE)


def _around(scene: Scene, tables: Tables) -> Indicator | None:
    """The indicator of a phrase that the number parts, with the noun of its unit behind it: 推出12个展览, 新办3317张借书证."""
    noun = _NOUN_BEHIND.match(scene.tail)
    if noun is None:
        return None
    whole = scene.clause + noun[0]
    return _best((tables.phrases.before((whole,)),), scene, tables, lambda rule, hit: hit.start < len(scene.clause) < len(whole))


def hits(lexicon: Lexicon[Indicator], scene: Scene, behind: str) -> tuple[Iterator[Hit[Indicator]], ...]:
    """The phrases that end before the number, that begin behind it or stand around it, and those in two parts."""
    return lexicon.before(scene.readings), lexicon.behind(scene.readings, behind), lexicon.gapped(scene.readings)


def _best(
    sources: Iterable[Iterator[Hit[Indicator]]], scene: Scene, tables: Tables, accept: Callable[[Indicator, Hit[Indicator]], bool] = lambda rule, hit: True
) -> Indicator | None:
    """The one indicator of the longest phrase for which all conditions hold; None where two are left."""
    for source in sources:
        for hit in source:
            found = [rule for rule in hit.items if accept(rule, hit) and refusal(rule, hit, scene, tables) is None]
            if found:
                one = tables.only([rule for rule in found if rule.subject] or found)
                return _variant(one, scene, tables) if one else None
    return None


def _variant(rule: Indicator, scene: Scene, tables: Tables) -> Indicator:
    """The indicator that takes this one's place where the list behind the number, or a bracket, names its words."""
    other = tables.variants.get(rule.means)
    return other if other and counted_in(scene.context.unit, other) and (lists(scene.ahead, other.ahead) or counts_in(scene.sentence, other.ahead)) else rule

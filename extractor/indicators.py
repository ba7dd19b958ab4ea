"""Which indicator a figure or a form row speaks of, by the phrases of rules/indicators/.

Phrases are plain words, expanded and kept in dictionaries: the longest one that ends directly before the
number wins (书刊阅览室面积 before 阅览室面积), else the longest that begins directly behind it. A phrase only
counts where its indicator's conditions hold; where two indicators are left, none is linked: a wrong link
is worse than none.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec

from extractor import quantities
from extractor.folding import fold
from extractor.model import Number, Rule, Struct

_GROUP = re.compile(r"\[([^\]]*)\]|\(([^)]*)\)")
_STOP = re.compile(r"[，。；：！？,;:!?\n（(]")
_CONNECTOR = re.compile(
    r"(?:已经|已|均|共计|合计|总计|累计|共有|共|仅|达到了?|达|突破了?|增至|增加到|扩大到|发展到|扩充到|提高到|上升到|为|有|了|至|到|由|保持在|近|约|超过?|逾|的|数量|个数|数|：|:|[“”\s）)])+$"
)
_HEDGE = re.compile(r"(?:已经|已|均|共|仅|达到了?|达|突破了?|增至|为|有|了|至|到|由|保持在|近|约|超过?|逾|的|：|:|[“”\s）)])+$")
_VERB = re.compile(r"(?:全年|共|累计|先后)*(?:举办|开展|组织|举行|推出|接待|开设|开讲)了?$")
_QUOTED = re.compile(r"[“《][^”》]{0,40}[”》]")
_TITLE = re.compile(r"《[^》]{1,30}》$")
_GAP = 16
"""So many characters may stand between the two ends of a phrase with … in it."""
_CONNECTOR_ENDS = frozenset("经已均计有共仅达了破至到大展充高升为由在持近约超过逾的量数加：:“” \t）)")
_LAST_SENTENCE = re.compile(r"[。；;！？!?\n]")
_PAIRED = re.compile(r"\s*[\d,.]+[万亿千]?[余多]?(?:[\u4e00-\u9fff]{1,2}?)(?=[\u4e00-\u9fff])")
_LIST = re.compile(r"其中|内含|包括|包含|含有|下列")
_APART = re.compile(r"另有|另外|此外|不含")
_COMPARED = re.compile(r"[比较][^，。；]{0,10}(?:年|期|度)的?\s*$")
_GROWTH = re.compile(r"(?:增加|增长|减少|下降|净增|提高|上升|回落|多出?|少|增幅)[了]?\s*$")
_MARKER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．]|其中[:：]?|在[^:：]{1,12}中[:：]|#|[—–-]+|\s|全年|本年(?=(?:举办|开展|接待|组织)))+"
)
_PART_OF_HOUSE = ("借阅区", "阅览区", "分馆", "农家书屋", "城市书屋", "城市书房", "服务点", "流通点", "小程序", "公众号", "展区", "阅览室接待", "阅览室提供", "书屋")
"""Words for a part of the institution: behind them a figure is the part's, not the whole's."""


class Indicator(Rule, frozen=True):
    """One indicator; see rules/README.md for what each key means."""

    name: str
    units: tuple[str, ...]
    kind: Literal["stock", "flow"]
    scope: Literal["year", "event"] = "year"
    parent: str | None = None
    relation: Literal["component", "subset", "cross_cut", "measure_of", "layout"] | None = None
    codes: dict[str, str] = msgspec.field(default_factory=dict)
    rows: tuple[str, ...] = ()
    row_after: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    pair_of: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    wide: bool = False


class Tables(Struct, frozen=True):
    """The indicators by id, and their phrases by text: before the number, behind it, in lists, and as form rows."""

    indicators: dict[str, Indicator]
    before: dict[str, tuple[Indicator, ...]]
    behind: dict[str, tuple[Indicator, ...]]
    parts: dict[str, tuple[Indicator, ...]]
    gapped: dict[str, tuple[tuple[str, Indicator], ...]]
    rows: dict[str, tuple[Indicator, ...]]
    longest: int


class Previous(Struct, frozen=True):
    """The figure before in the sentence: its indicator, the indicator of the list it stands in, and whether
    this number follows it directly (8647种10666册); `words` is its clause."""

    indicator: str | None
    head: str | None
    adjacent: bool = False
    words: str = ""


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
    """An indicator linked, by which rule, and whether as an item of the list before."""

    indicator: str
    rule: str
    part: bool = False


def compile_tables(rules: Iterable[Indicator], faults: list[str]) -> Tables:
    """Expands all phrases. A parent or list head that is no indicator is a fault."""
    known = {rule.id: rule for rule in rules}
    tables: tuple[dict[str, list[Indicator]], ...] = ({}, {}, {}, {})
    gapped: dict[str, list[tuple[str, Indicator]]] = {}
    for rule in known.values():
        for reference in (*([rule.parent] if rule.parent else []), *rule.of, *rule.pair_of, *rule.row_after):
            if reference not in known and reference != "events":
                faults.append(f"indicators/*.toml: [[indicator]] {rule.id}: {reference!r} is no indicator")
        for phrase in rule.phrases:
            place = tables[1] if phrase.startswith("#") else tables[0]
            for text in _expanded(phrase.removeprefix("#"), rule, faults):
                head, gap, tail = text.partition("…")
                if gap:
                    gapped.setdefault(tail, []).append((head, rule))
                else:
                    place.setdefault(text, []).append(rule)
        for phrase in rule.parts:
            for text in _expanded(phrase, rule, faults):
                tables[2].setdefault(text, []).append(rule)
        for row in rule.rows:
            tables[3].setdefault(row_label(row), []).append(rule)
    before, behind, parts, rows = ({text: (found[0],) if len(found) == 1 else tuple(_once(found)) for text, found in table.items()} for table in tables)
    return Tables(indicators=known, before=before, behind=behind, parts=parts, gapped={tail: tuple(found) for tail, found in gapped.items()}, rows=rows, longest=max((len(t) for t in (*before, *behind, *parts)), default=0))


def _once(found: Iterable[Indicator]) -> list[Indicator]:
    unique: dict[str, Indicator] = {}
    for rule in found:
        unique.setdefault(rule.id, rule)
    return list(unique.values())


def _expanded(phrase: str, rule: Indicator, faults: list[str]) -> list[str]:
    """All readings of a phrase: [a|b] may be left out, (a|b) is one of them."""
    choices: list[list[str]] = []
    at = 0
    for group in _GROUP.finditer(phrase):
        choices.append([phrase[at : group.start()]])
        choices.append(["", *group[1].split("|")] if group[1] is not None else group[2].split("|"))
        at = group.end()
    choices.append([phrase[at:]])
    texts = ["".join(choice) for choice in itertools.product(*choices)] if len(choices) > 1 else [phrase]
    # The words between noun and number (总数, 共计 ...) are taken off the text, so off the phrase as well.
    texts += [bare for text in texts if text[-1:] in _CONNECTOR_ENDS and len(bare := _CONNECTOR.sub("", text)) >= 3 and bare != text]
    if "" in texts or any(mark in _GROUP.sub("", phrase) for mark in "[]()|"):
        faults.append(f"indicators/*.toml: [[indicator]] {rule.id}: phrases: {phrase!r} is not well formed")
        return []
    return texts


def indicator_fires(rule: Indicator, text: str, tables: Tables, amounts: quantities.Tables) -> bool:
    """Whether some number of the text is linked to this indicator; a text ``label | unit`` is a form row."""
    if " | " in text:
        label, unit = text.split(" | ", 1)
        return link_row(label, None, (), unit or None, None, tables) == rule.id
    return any(found is not None and found.indicator == rule.id for found in links(text, tables, amounts))


def links(text: str, tables: Tables, amounts: quantities.Tables) -> list[Link | None]:
    """The links of the quantities of one sentence, in order."""
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
    return Previous(previous.indicator, previous.head, words=previous.words, adjacent=not re.sub(r"[\s，、,约近共计合及和/（(）)]", "", between))


def link(context: Context, tables: Tables) -> Link | None:
    """The indicator a figure speaks of, or None."""
    previous = context.previous
    clause = _STOP.split(context.before)[-1]
    if previous and previous.adjacent:
        return _paired(context, previous, tables)
    base = (previous.head or previous.indicator) if previous else None
    if base and _COMPARED.search(clause) and _eligible(tables.indicators[base], context, "", tables):
        return Link(base, base)
    words = _CONNECTOR.sub("", clause)
    if _GROWTH.search(words):
        return None
    readings = _readings(clause)
    if previous and (previous.head or previous.indicator):
        found = _longest(readings, tables.parts, tables.longest, lambda rule, text: _is_part(rule, previous) and _eligible(rule, context, text, tables))
        if found:
            return Link(found.id, found.id, part=True)
    found = _longest(readings, tables.before, tables.longest, lambda rule, text: _eligible(rule, context, text, tables))
    if found is None:
        found = _behind(context, tables) or _gapped(words, context, tables)
    return Link(found.id, found.id) if found else None


def _paired(context: Context, previous: Previous, tables: Tables) -> Link | None:
    """The second of two numbers in a row counts the same thing in another unit."""
    if previous.indicator is None:
        found = _behind(context, tables) or _longest(_readings(previous.words), tables.before, tables.longest, lambda rule, text: _eligible(rule, context, text, tables))
        return Link(found.id, found.id) if found else None
    for rule in tables.indicators.values():
        if previous.indicator in rule.pair_of and context.unit in rule.units:
            return Link(rule.id, rule.id)
    own = tables.indicators[previous.indicator]
    return Link(own.id, own.id, part=previous.head != own.id) if context.unit in own.units else None


def _is_part(rule: Indicator, previous: Previous) -> bool:
    return previous.head in rule.of or previous.indicator in rule.of


def _readings(clause: str) -> tuple[str, ...]:
    """The clause without the words between noun and number: the least taken off, all of them, and the verb behind
    the noun too (公益讲座全年举办30场)."""
    words = _CONNECTOR.sub("", clause)
    return tuple(dict.fromkeys((_HEDGE.sub("", clause), words, _CONNECTOR.sub("", _VERB.sub("", words)), _TITLE.sub("", clause.rstrip()))))


def _longest(readings: Sequence[str], table: dict[str, tuple[Indicator, ...]], longest: int, eligible: Callable[[Indicator, str], bool]) -> Indicator | None:
    """The one eligible indicator of the longest phrase that a reading ends with; None where two are left."""
    for length in range(longest, 1, -1):
        for words in readings:
            text = words[-length:]
            found = [rule for rule in table.get(text, ()) if eligible(rule, text)] if len(words) >= length else []
            if found:
                return _one(found)
    return None


def _gapped(words: str, context: Context, tables: Tables) -> Indicator | None:
    """A phrase in two parts, 举办…展览: the second ends the words, the first stands a little before it."""
    for length in range(min(8, len(words)), 1, -1):
        tail = words[-length:]
        around = words[: -length][-_GAP:]
        found = _once(rule for head, rule in tables.gapped.get(tail, ()) if head in around and _eligible(rule, context, tail, tables))
        if found:
            return _one(found)
    return None


def _one(found: Sequence[Indicator]) -> Indicator | None:
    """A rule with a condition on what follows is more exact than one without."""
    exact = [rule for rule in found if rule.ahead] or list(found)
    return exact[0] if len(exact) == 1 else None


def _behind(context: Context, tables: Tables) -> Indicator | None:
    after = context.after
    paired = _PAIRED.match(after)
    if paired:
        after = after[paired.end() :]
    after = after.lstrip("“ 的")
    for length in range(min(tables.longest, len(after)), 1, -1):
        found = [rule for rule in tables.behind.get(after[:length], ()) if _eligible(rule, context, "", tables)]
        if found:
            return _one(found)
    return None


def _eligible(rule: Indicator, context: Context, phrase: str, tables: Tables) -> bool:
    """Whether the indicator's conditions hold around the phrase."""
    if context.unit not in rule.units or (rule.scope == "year" and not context.period_is_year):
        return False
    sentence = _LAST_SENTENCE.split(context.before)[-1]
    clause = _STOP.split(context.before)[-1]
    item = _QUOTED.sub("", clause.rsplit("、", 1)[-1] if re.search(r"\d[^、]*、[^、]*$", clause) else clause)
    if any(word in (sentence if rule.wide else item) for word in rule.blockers):
        return False
    around = sentence + _LAST_SENTENCE.split(context.after)[0]
    if rule.requires and not any(word in around for word in rule.requires):
        return False
    if rule.ahead and not _lists(context.after, rule.ahead):
        return False
    if not rule.ahead and any(other.ahead and _lists(context.after, other.ahead) for other in tables.before.get(phrase, ())):
        return False
    if rule.scope == "year":
        subject = sentence[: len(sentence) - len(clause)] + clause[: max(0, clause.rfind(phrase) + 1)] if phrase else clause
        return "组成" in subject or not any(word in subject for word in _PART_OF_HOUSE)
    return True


def _lists(after: str, words: Sequence[str]) -> bool:
    """Whether the list behind 其中 names one of the words, before 另有 or the end of the sentence."""
    sentence = re.split(r"[。；！？\n]", after)[0]
    start = _LIST.search(sentence)
    if not start:
        return False
    listed = _APART.split(sentence[start.end() :])[0]
    return any(word in listed for word in words)


def follow(context: Context, found: Link | None, previous: Previous | None) -> Previous:
    """What the next figure of the sentence needs to know of this one."""
    clause = _STOP.split(context.before)[-1]
    if previous is not None and context.previous is not None and context.previous.adjacent:
        clause = previous.words
    if found is None:
        in_list = previous is not None and (_LIST.search(context.before) is not None or "、" in clause[-24:])
        return Previous(None, previous.head if previous and in_list else None, words=clause)
    if found.part and previous is not None:
        return Previous(found.indicator, previous.head, words=clause)
    return Previous(found.indicator, found.indicator, words=clause)


# --- rows of a form -------------------------------------------------------------------------------


def row_label(label: str) -> str:
    """A row's label without its markers (一、 1、 其中： 在藏量中：), units in brackets and white space."""
    plain = re.sub(r"[\s、]+$|\s+", "", fold(label))
    plain = _MARKER.sub("", plain)
    return re.sub(r"[（(][^（）()]*[)）]", "", plain).strip(":：、") or plain


def link_row(label: str, code: str | None, above: Sequence[str], unit: str | None, year: str | None, tables: Tables) -> str | None:
    """The indicator of a form row, by its label; `above` are the labels of the rows before it, nearest first.

    A label that several rows of a form share (参加人次, 其他) is told by what stands above it. Codes move from
    year to year, so a code only decides between rows that the label leaves open.
    """
    found = [rule for rule in tables.rows.get(row_label(label), ()) if _row_unit(unit, rule)]
    placed_rows = [rule for rule in found if rule.row_after and _stands_behind(rule, above, tables)]
    free = [rule for rule in found if not rule.row_after]
    left = placed_rows or free
    if len(left) > 1 and code and year:
        left = [rule for rule in left if rule.codes.get(year) == code]
    return left[0].id if len(left) == 1 else None


def _stands_behind(rule: Indicator, above: Sequence[str], tables: Tables) -> bool:
    """Whether the nearest row above that is known, of those this row may follow or that compete with it, is one of `row_after`."""
    for label in above[:8]:
        known = [other for other in tables.rows.get(row_label(label), ()) if other.id != rule.id]
        if any(other.id in rule.row_after for other in known):
            return True
        if known and rule.relation == "measure_of":
            return False
    return False


def _row_unit(unit: str | None, rule: Indicator) -> bool:
    if not unit or not rule.units:
        return True
    plain = re.sub(r"^(?:百万|十亿|万|亿|千)(?=.)", "", fold(unit).replace(" ", ""))
    same = {"名": "人", "位": "人", "㎡": "平方米", "平米": "平方米", "％": "%"}.get(plain, plain)
    return same in {fold(u) for u in rule.units} or any(part in rule.units for part in re.split(r"[、/(（)）]", same))


def row_parent(indicator: str, tables: Tables) -> str | None:
    """The indicator that this one is a part or a measure of."""
    found = tables.indicators.get(indicator)
    return found.parent if found else None

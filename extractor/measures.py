"""The rules that say what a number counts, how words widen it, and when it counts nothing; compiled for look-up.

Everything is found by the character that stands next to the number, so no rule costs anything where its first
(or, before a number, last) character is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

from msgspec import field

from extractor.folding import fold
from extractor.model import Hedge as HedgeName
from extractor.model import Rule
from extractor.numerals import DIGITS, PLACES, TENS

T = TypeVar("T")
_STOP = re.compile(r"[，。；、：！？）)”’,.;:!?\s]|$")
_PER = frozenset("日年月天时周季")
_LISTED = frozenset("册件种部")

_GOES_ON = frozenset("十拾百佰千仟万萬亿億廿卅余多来几分成折点點至到-—–~～、半又打年0123456789 ")
"""What may follow a Chinese digit that is a number, besides a measure word."""

_PASSED = r"[0-9]{4}年(?!来|间|内|多|以上|左右|级|报|的历史)|[0-9]{1,2}(?:月(?!份?刊)|日(?!均|志|报))|(?:[0-9]{1,3}[-,.，、 ]){24,}+[0-9]{0,3}"


class Unit(Rule, frozen=True):
    """Spellings of a measure word; `unit` is the canonical one (none: each form is its own). `arabic`: forms read
    behind Arabic numerals or Chinese ones with places only. `prefixes`: signs before the number that say the same
    (￥300). `parts`: smaller units behind this one with their share of it (5元3角). `half`: a 半 behind it counts."""

    forms: tuple[str, ...]
    unit: str | None = None
    arabic: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    parts: dict[str, int] = field(default_factory=dict)
    half: bool = False
    signed: bool = False


class Hedge(Rule, frozen=True):
    """Words that widen a number, before, inside or behind it."""

    hedge: HedgeName
    place: Literal["before", "inside", "behind"]
    forms: tuple[str, ...]
    unless: tuple[str, ...] = ()
    big: bool = False


class NonFigure(Rule, frozen=True):
    """A class of numbers that count nothing; all keys given must hold (see rules/nonfigures.toml)."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()
    reach: int = 0
    only: Literal["arabic", "chinese"] | None = None
    article: bool = False


class Class(NamedTuple):
    """A class of non-figures with the characters that its words begin or end with, looked at first."""

    rule: NonFigure
    before_last: frozenset[str]
    whole_first: frozenset[str]
    after_first: frozenset[str]


class Measured(NamedTuple):
    """A measure word behind a number: the canonical unit, where it ends, and what it adds to the number:
    over (3个多月), a share of the unit (一个半小时: .5), or smaller money (5元3角: .3)."""

    unit: str | None
    end: int
    over: bool = False
    adds: str = ""


@dataclass(frozen=True)
class Tables:
    """Compiled rules: units and their spellings by first character (longest first), hedges by place (those before
    a number by their last character, those behind by their first), and the classes of non-figures."""

    units: dict[str, tuple[tuple[str, str], ...]]
    arabic_only: frozenset[str]
    halved: frozenset[str]
    signed: frozenset[str | None]
    parts: dict[str, dict[str, int]]
    prefixes: dict[str, tuple[tuple[str, str], ...]]
    before: dict[str, tuple[tuple[str, Hedge], ...]]
    inside: frozenset[str]
    behind: dict[str, tuple[tuple[str, Hedge], ...]]
    arabic: tuple[Class, ...]
    chinese: tuple[Class, ...]
    candidate: re.Pattern[str]

    def unit_at(self, text: str, at: int) -> tuple[str, str] | None:
        """The longest measure word at `at`: its spelling and its canonical unit."""
        for pair in self.units.get(text[at : at + 1], ()):
            if text.startswith(pair[0], at):
                return pair
        return None


def compile_tables(units: Iterable[Unit], hedges: Iterable[Hedge], nonfigures: Iterable[NonFigure], faults: list[str]) -> Tables:
    """The tables for `quantities.find`; a spelling given to two units is a fault."""
    spelled: dict[str, str] = {}
    arabic_only: set[str] = set()
    halved: set[str] = set()
    signed: set[str | None] = {None}
    parts: dict[str, dict[str, int]] = {}
    prefixes: list[tuple[str, str]] = []
    for unit in units:
        for form in unit.forms:
            plain = fold(form)
            name = unit.unit or plain
            if spelled.setdefault(plain, name) != name:
                faults.append(f"units.toml: [[unit]] {unit.id}: forms: {form!r} is also a form of {spelled[plain]}")
            halved.update((name,) if unit.half else ())
            signed.update((name,) if unit.signed else ())
        arabic_only.update(map(fold, unit.arabic))
        prefixes += [(fold(sign), unit.unit or fold(unit.forms[0])) for sign in unit.prefixes]
        if unit.parts:
            parts[unit.unit or fold(unit.forms[0])] = unit.parts
    hedges, nonfigures = tuple(hedges), tuple(nonfigures)
    return Tables(
        units=_index(spelled.items(), 0), arabic_only=frozenset(arabic_only),
        halved=frozenset(halved), signed=frozenset(signed), parts=parts, prefixes=_index(prefixes, -1),
        before=_hedges(hedges, "before", -1), inside=frozenset(_hedges(hedges, "inside", 0)), behind=_hedges(hedges, "behind", 0),
        arabic=tuple(_classed(rule) for rule in nonfigures if rule.only != "chinese"),
        chinese=tuple(_classed(rule) for rule in nonfigures if rule.only != "arabic"), candidate=_candidate(spelled),
    )  # fmt: skip


def _index(forms: Iterable[tuple[str, T]], key: int) -> dict[str, tuple[tuple[str, T], ...]]:
    """The forms by their first (0) or last (-1) character, longest first."""
    by: dict[str, list[tuple[str, T]]] = {}
    for pair in sorted(forms, key=lambda pair: -len(pair[0])):
        by.setdefault(pair[0][key], []).append(pair)
    return {char: tuple(pairs) for char, pairs in by.items()}


def _hedges(hedges: Iterable[Hedge], place: str, key: int) -> dict[str, tuple[tuple[str, Hedge], ...]]:
    return _index(((form, hedge) for hedge in hedges if hedge.place == place for form in hedge.forms), key)


def _classed(rule: NonFigure) -> Class:
    return Class(rule, frozenset(w[-1] for w in rule.before), frozenset(w[0] for w in rule.whole), frozenset(w[0] for w in rule.after))


def _candidate(spelled: Iterable[str]) -> re.Pattern[str]:
    """Where a number may begin; a match of more than one character is to be passed over: dates in digits, and rows of
    many numbers with mere marks between, which are data and not prose. A Chinese digit alone is mostly part of a word: it counts only where a measure
    word, another numeral or a hedge may follow, behind 是 and 为, or as the whole text."""
    follow = re.escape("".join(sorted(_GOES_ON | {form[0] for form in spelled} | set(DIGITS))))
    digits, places = "".join(DIGITS), "".join(PLACES)
    anything = f"0-9{places}{''.join(TENS)}{digits}几数翻半对對"
    # The look-ahead is what makes the search fast: one set for every character that is nothing.
    return re.compile(
        rf"(?=[{anything}])(?:{_PASSED}|[0-9{places}{''.join(TENS)}]|[{digits}](?=[{follow}])|(?<=[是为])[{digits}]|[几数](?=[{places}])|翻(?=[了一两二三四1234])|半(?=[个小公斤吨亩里成折])|[对對](?=折)|\A[{digits}]\Z)"
    )


def compound(text: str, unit: str, end: int, tables: Tables) -> tuple[str, int]:
    """A unit with a second one behind /, in brackets, or listed: 件/套, 册(件), 元/间夜, 元/人·月, 册、件."""
    mark = text[end : end + 1]
    if mark == "/":
        pair = tables.unit_at(text, end + 1)
        stop = end + 1 + len(pair[0]) if pair else end + 2 if text[end + 1 : end + 2] in _PER else end
        if stop > end and text[stop : stop + 1] in ("夜", "晚", "次"):
            # 间夜, 人晚: what is counted is a night of each.
            further = tables.unit_at(text, stop)
            stop += len(further[0]) if further else text[stop] == "夜"
        if stop > end and text[stop : stop + 1] == "·" and text[stop + 1 : stop + 2] in _PER:
            stop += 2
        return (f"{unit}/{text[end + 1 : stop]}", stop) if stop > end else (unit, end)
    if mark in ("(", "（"):
        pair = tables.unit_at(text, end + 1)
        stop = end + 1 + len(pair[0]) if pair else end
        if pair and text[stop : stop + 1] in (")", "）"):
            return f"{unit}/{text[end + 1 : stop]}", stop + 1  # 件（套） and 件/套 are one measure
    if mark == "、" and unit in _LISTED:
        pair = tables.unit_at(text, end + 1)
        if pair and len(pair[0]) == 1 and _STOP.match(text, end + 2):
            return f"{unit}、{pair[0]}", end + 2
    return unit, end

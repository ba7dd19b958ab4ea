"""Which indicator a row of a statistics form speaks of: by its label, and by what stands above it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractor.folding import fold

SPOKEN = 5
"""A label of this length says enough by itself."""

if TYPE_CHECKING:
    from extractor.indicators import Indicator, Tables

_MARKER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．]|其中[:：]?|内[:：]|在?[^:：]{1,12}中[:：]|#|[—–-]+|\s|全年|本年(?=(?:举办|开展|接待|组织)))+"
)
_SPELLINGS = {"名": "人", "位": "人", "㎡": "平方米", "平米": "平方米", "％": "%", "张次": "张", "T": "TB"}


def counted_in(unit: str, rule: Indicator) -> bool:
    """Whether the rule counts in this unit; of 件(套), 件/套 and 册、件 the first counts."""
    first = re.split(r"[、/()（）]", unit, maxsplit=1)[0]
    return unit in rule.units or _SPELLINGS.get(first, first) in rule.units


def row_label(label: str) -> str:
    """A row's label without its markers (一、 1、 其中： 在藏量中：), units in brackets and white space."""
    plain = re.sub(r"[\s、]+$|\s+", "", fold(label))
    plain = _MARKER.sub("", plain)
    return re.sub(r"[（(][^（）()]*[)）]", "", plain).strip(":：、") or plain


def link_row(label: str, code: str | None, above: Sequence[str], unit: str | None, year: str | None, tables: Tables) -> Indicator | None:
    """The indicator of a form row, by its label; `above` are the labels of the rows before it, nearest first.

    A label that several rows of a form share (参加人次, 其他) is told by what stands above it. Codes move from
    year to year, so the code, as it is in the form of `year`, only decides between rows that the label leaves open.
    """
    name = row_label(label)
    found = [rule for rule in tables.rows.get(name, ()) if tables.here(rule) and row_unit_fits(unit, rule)]
    if not found:
        found = _spoken(name, unit, above, tables)
    elif len(found) > 1 or len(name) < SPOKEN:
        behind = [rule for rule in found if rule.row_after and _stands_behind(rule, above, tables)]
        found = behind or [rule for rule in found if not rule.row_after]
    if len(found) > 1 and code and year:
        found = [rule for rule in found if rule.codes.get(year) == code]
    return tables.only(found)


def form_year(rows: Sequence[tuple[str | None, str]], year: str, tables: Tables) -> str | None:
    """Which year's form a table is, by the indicators and codes of the rows whose labels say enough: the one whose codes
    most of them bear. Where that leaves several, the report's own `year`, else the last form before it, else the first
    after it: a form stays in use until the next."""
    years = sorted({known for rule in tables.indicators.values() for known in rule.codes})
    borne = Counter(known for indicator, code in rows if indicator for known, own in tables.indicators[indicator].codes.items() if own == code)

    def fit(known: str) -> tuple[int, bool, int]:
        past = known <= year
        return borne[known], past, (1 if past else -1) * int(known)

    return max(years, key=fit, default=None)


def _spoken(name: str, unit: str | None, above: Sequence[str], tables: Tables) -> list[Indicator]:
    """The indicators of a label that is no form's, but says what running text says (到馆人次, 艺术展览); as an item of
    a list where a row above is the list's head."""
    if unit is None:
        return []
    for hit in tables.phrases.before((name,)):
        found = [rule for rule in hit.items if tables.here(rule) and row_unit_fits(unit, rule)]
        if found and hit.start == 0 and not any(word in name for rule in found for word in rule.blockers):
            return found
    heads = {rule.id for label in above[:4] for hit in tables.phrases.before((row_label(label),)) if hit.start == 0 for rule in hit.items}
    for hit in tables.parts.before((name,)):
        found = [rule for rule in hit.items if tables.here(rule) and row_unit_fits(unit, rule) and not heads.isdisjoint(rule.of)]
        if found and hit.start == 0:
            return found
    return []


def _stands_behind(rule: Indicator, above: Sequence[str], tables: Tables) -> bool:
    """Whether the nearest row above that is known, of those this row may follow or that compete with it, is one of `row_after`."""
    for label in above[:8]:
        known = [other for other in tables.rows.get(row_label(label), ()) if other.id != rule.id]
        if any(other.id in rule.row_after for other in known):
            return True
        if known and rule.relation == "measure_of":
            return False
    return False


def row_unit_fits(unit: str | None, rule: Indicator) -> bool:
    """Whether a row counted in this unit (None: it says none) may be the rule's; 千元 is 元 here."""
    if not unit or not rule.units:
        return True
    plain = re.sub(r"^(?:百万|十亿|万|亿|千)(?=.)", "", fold(unit).replace(" ", ""))
    return counted_in(_SPELLINGS.get(plain, plain), rule)


def row_parent(indicator: str, tables: Tables) -> str | None:
    """The indicator that this one is a part or a measure of."""
    found = tables.indicators.get(indicator)
    return found.parent if found else None

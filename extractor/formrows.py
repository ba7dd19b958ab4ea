"""Which indicator a row of a statistics form speaks of: by its label, and by what stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractor.folding import fold

if TYPE_CHECKING:
    from extractor.indicators import Indicator, Tables

_MARKER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．]|其中[:：]?|在[^:：]{1,12}中[:：]|#|[—–-]+|\s|全年|本年(?=(?:举办|开展|接待|组织)))+"
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


def link_row(label: str, code: str | None, above: Sequence[str], unit: str | None, year: str | None, tables: Tables) -> str | None:
    """The indicator of a form row, by its label; `above` are the labels of the rows before it, nearest first.

    A label that several rows of a form share (参加人次, 其他) is told by what stands above it. Codes move from
    year to year, so a code only decides between rows that the label leaves open.
    """
    found = [rule for rule in tables.rows.get(row_label(label), ()) if _row_unit(unit, rule)]
    placed_rows = [rule for rule in found if rule.row_after and _stands_behind(rule, above, tables)]
    left = placed_rows or [rule for rule in found if not rule.row_after]
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
    return counted_in(_SPELLINGS.get(plain, plain), rule)


def row_parent(indicator: str, tables: Tables) -> str | None:
    """The indicator that this one is a part or a measure of."""
    found = tables.indicators.get(indicator)
    return found.parent if found else None

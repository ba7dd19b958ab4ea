"""The arithmetic of a stated change: what two values allow it to be, and what its words allow."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from extractor.model import Figure, Struct
from extractor.reconcile.intervals import Interval, of, shown

_UP = re.compile(r"(?:增长率?|增加|上升|提高|提升|增幅达?|递增|上涨|净增|扩大|多出?|翻)了?(?:约|近|超过?)?(?:为|达到?)?\s*$")
_DOWN = re.compile(r"(?:下降率?|减少|降低|回落|下滑|减幅|降幅|略降|下跌|锐减|缩减|少)了?(?:约|近|超过?)?(?:为|达到?)?\s*$")
_MORE = re.compile(r"(?:[比较]|相比|相较|对比)[^，。；\d]{0,16}(?P<sign>[多少])[办开购借演讲做收接来建设培训组织举行播发送]{1,3}了?$")
_OF = re.compile(r"(?:是|为|达到?|相当于)[^，。；]{0,20}的(?:约|近|超过?)?\s*$")
_DOUBLED = re.compile(r"翻了?[一两二三]?番|翻了?(?:一)?倍")
_SLACK = Decimal("0.05")
"""Changes are worked out from unrounded values that the report does not print: so much is let pass beside rounding."""
_HALF = Decimal("0.5")
_LOOSE = Decimal("0.3")
"""翻一番 is said of 1.7 to 2.3 times."""


class Change(Struct, frozen=True):
    """A stated change: of a hundredth or of a whole (`times`; `ratio`: of the value itself, 是上年的2.3倍), of percentage
    points, or in the unit of the values; `sign` is -1 for a fall; `loose` is said of words that round freely (翻一番)."""

    kind: Literal["percent", "times", "points", "absolute"]
    sign: int = 1
    ratio: bool = False
    loose: bool = False


def of_words(figure: Figure, text: str) -> Change | None:
    """The change that a figure states by the words before it; None where it states none."""
    before = text[max(0, figure.start - 28) : figure.start]
    if figure.unit == "倍" and _DOUBLED.search(figure.raw):
        return Change("times", ratio=True, loose=True)
    if figure.unit == "倍" and _OF.search(before):
        return Change("times", ratio=True)
    more = _MORE.search(before)
    sign = 1 if _UP.search(before) or (more and more["sign"] == "多") else -1 if _DOWN.search(before) or more else 0
    if not sign:
        return None
    kinds: dict[str, Literal["percent", "times", "points"]] = {"%": "percent", "倍": "times", "百分点": "points"}
    return Change(kinds.get(figure.unit, "absolute"), sign)


def difference(figure: Figure, text: str) -> bool:
    """Whether a figure tells by how much another one grew (比上年的286场多办126场), not what there was."""
    change = of_words(figure, text)
    return change is not None and change.kind == "absolute"


def allowed(change: Change, now: Interval, base: Interval) -> Interval | None:
    """The changes that two values allow, as a positive number where the words say which way; None where a value is open."""
    if now.low is None or now.high is None or base.low is None or base.high is None:
        return None
    if change.kind in ("absolute", "points"):
        ends = [change.sign * (now.low - base.high), change.sign * (now.high - base.low)]
        return Interval(min(ends), max(ends))
    if base.low <= 0:
        return None
    ratios = [value / before for value in (now.low, now.high) for before in (base.low, base.high)]
    if change.ratio:
        return Interval(min(ratios), max(ratios))
    scale = 100 if change.kind == "percent" else 1
    ends = [change.sign * scale * (ratio - 1) for ratio in ratios]
    return Interval(min(ends), max(ends))


def stated(figure: Figure, change: Change) -> Interval:
    """What the words of a change allow: of a percentage or a multiple a little more than its last place, since it may
    have been worked out from other values than those printed; an integer one may be rounded."""
    said = of(figure)
    if change.kind == "absolute":
        return said
    slack = _SLACK
    if change.kind == "percent" or (change.kind == "times" and said.low == said.high):
        slack = _LOOSE if change.loose else _HALF if said.low == said.high and figure.value == int(figure.value) else _SLACK
    return Interval(None if said.low is None else said.low - slack, None if said.high is None else said.high + slack)


def shown_change(change: Change, possible: Interval, unit: str) -> str:
    """What the two values give, for a clerk: 增长应约为58%."""
    assert possible.low is not None and possible.high is not None
    middle = shown(((possible.low + possible.high) / 2).quantize(Decimal("0.1")))
    if change.ratio:
        return f"应约为{middle}倍"
    word = "下降" if change.sign < 0 else "增长"
    return f"{word}应{'约' if possible.low != possible.high or change.kind != 'absolute' else ''}为{middle}{unit}"

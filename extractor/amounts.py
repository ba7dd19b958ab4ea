"""One written number with the hedge inside it: 10余万, 三千多, 数十, 十几亿, 25万7134, 近千.

What the numeral alone says is in `numerals`; here are the words between its parts and the spellings that are
numbers only next to a hedge. All over folded text, each step over a bounded stretch.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from extractor import numerals, shares
from extractor.measures import Hedge, Tables
from extractor.numerals import ASCII_DIGITS, CHINESE, PLACES, Numeral

_DOZENS = re.compile(r"打(?=[，。；、）)\s]|$)")
_BARE_POINT = re.compile(r"(?:^|[^0-9A-Za-z\u4e00-\u9fff])\.$|^\.$")
_SEVERAL = re.compile(r"[十百千万亿]{1,2}")
_NO_HALF = frozenset("上下过大多前后小每一参")
_NOT_OVER = frozenset("额下热款地震")
_ONE = Decimal(1)
_DIGIT, _HAN = frozenset(ASCII_DIGITS), frozenset(CHINESE)


class Read(NamedTuple):
    """A numeral with its inner hedge, before units and outer hedges are read."""

    numeral: Numeral
    over: bool = False


class NumberReader:
    """Reads numbers in one text. `floor` is where the last quantity ends: nothing reaches back over it."""

    def __init__(self, text: str, tables: Tables) -> None:
        self.text, self.tables = text, tables
        self.floor = 0

    def _gap(self, at: int, start: int) -> int:
        """Behind a stray space, or a line break unless the number stands alone in its line."""
        char = self.text[at : at + 1]
        if char == " " or (char == "\n" and start and not self.text[start - 1].isspace()):
            return at + 1
        return at

    def _numeral(self, start: int) -> Read | None:
        text, first = self.text, self.text[start]
        if first in _DIGIT:
            numeral = numerals.arabic(text, start)
            if numeral and _BARE_POINT.search(text, max(self.floor, start - 2), start):
                numeral = numerals.behind_point(numeral)
            return self._scaled(numeral) if numeral else None
        if first in "几数":
            return self._several(start)
        numeral = numerals.chinese_at(text, start) if first in _HAN else None
        if numeral is None:
            return None
        end = numeral.end
        if text[end : end + 1] == "几" and text[end - 1] in "十百":
            step = Decimal(PLACES[text[end - 1]]) / 10
            low, high = numeral.value + step, numeral.value + 10 * step - 1
            return self._times(Numeral(start, end + 1, low, step, low=low, high=high))
        if self._is_place_alone(numeral):
            return None
        over, numeral = self._inner_hedge(numeral)
        return self._times(numeral, over)

    def _times(self, numeral: Numeral, over: bool = False) -> Read:
        """万 or 亿 behind 三千多 or 十几; a dozen behind 两打."""
        end = numeral.end
        scale = self.text[end : end + 1]
        if scale in ("万", "亿", "萬", "億"):
            numeral = numerals.scaled(numeral, scale, end + 1)
        elif scale == "打" and numeral.low is None and _DOZENS.match(self.text, end):
            numeral = numeral._replace(end=end + 1, value=numeral.value * 12, grain=_ONE, multiplied=False)
        return Read(numeral, over)

    def _is_place_alone(self, numeral: Numeral) -> bool:
        """百, 千, 万 alone are numbers only with a hedge (百余, 近千) or below a fraction (千分之三)."""
        text, start, end = self.text, numeral.start, numeral.end
        if text[start] not in "百千万亿" or end - start > 4 or any(char not in "百千万亿" for char in text[start:end]):
            return False
        behind = text[end : end + 1]
        return not (behind in self.tables.inside or self._hedge_before(start, big=True) is not None or shares.FRACTION.match(text, end))

    def _several(self, start: int) -> Read | None:
        """几十, 数百: from two (of the place) up to ten of it, less one."""
        text = self.text
        places = _SEVERAL.match(text, start + 1)
        if places is None or (text[start] == "数" and start and text[start - 1] in "总人次册件岁年天个倍基多少无指分"):
            return None
        factor = Decimal(1)
        for char in places.group():
            factor *= PLACES[char]
        end = places.end() + (text[places.end() : places.end() + 1] in ("余", "多"))
        return Read(Numeral(start, end, 2 * factor, factor, low=2 * factor, high=10 * factor - 1))

    def _half(self, start: int) -> Read | None:
        """半小时, 半成: half of what follows; 半年 and 半天 are names of periods."""
        if self.text[start - 1 : start] in _NO_HALF and start:
            return None
        return Read(Numeral(start, start + 1, Decimal("0.5"), Decimal("0.1")))

    def _inner_hedge(self, numeral: Numeral) -> tuple[bool, Numeral]:
        """余, 多, 来 directly behind the numeral; the numeral then ends behind it."""
        end, text = numeral.end, self.text
        at = self._gap(end, numeral.start)
        mark = text[at : at + 1]
        if mark not in self.tables.inside or not mark or text[at + 1 : at + 2] in _NOT_OVER:
            return False, numeral
        if mark in "多来" and text[at + 1 : at + 2] not in ("万", "亿", "千") and self.tables.unit_at(text, at + 1) is None:
            return False, numeral
        return True, numeral._replace(end=at + 1)

    def _scaled(self, numeral: Numeral) -> Read:
        """An Arabic numeral with 余 and 万 behind it in either order, and mixtures such as 25万7134."""
        text = self.text
        over, numeral = self._inner_hedge(numeral)
        at = self._gap(numeral.end, numeral.start)
        if text[at : at + 1] not in PLACES:
            return self._times(numeral, over) if text[at : at + 1] == "打" else Read(numeral, over)
        scale = numerals.SCALE.match(text, at)
        if scale and self.tables.unit_at(text, at) is None:
            numeral = numerals.scaled(numeral, scale.group(), scale.end())
            if not over:
                over, numeral = self._inner_hedge(numeral)
            if not over:
                numeral = numerals.with_tail(text, numeral, numerals.SCALES[scale.group()])
        return Read(numeral, over)

    def _hedge_before(self, start: int, big: bool = False) -> tuple[int, Hedge] | None:
        """The hedge word directly before `start` and where it begins."""
        text = self.text
        at = start - (start > 0 and text[start - 1] in " \n")
        for form, rule in self.tables.before.get(text[at - 1 : at], ()):
            begin = at - len(form)
            if begin < self.floor or not text.startswith(form, begin) or (rule.big and not big):
                continue
            if begin and text[begin - 1] in rule.unless:
                return None
            return begin, rule
        return None

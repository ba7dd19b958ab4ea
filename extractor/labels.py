"""What a number in running text counts: its label, and its unit where no measure word follows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractor import quantities
from extractor.model import Quantity, Rule

_CLAUSE = re.compile(r"[，。；：、！？,;:!?\n（）()]")
_CONNECTOR = re.compile(
    r"(?:总数|总量)?(?:已经|已|均|分别|共计|合计|总计|累计|共有|共|仅|达到了|达到|达|突破了|增至|增加到|扩大到|发展到|扩充到|提高到|上升到|为|有|了|至|到|由|在|保持在|近|约|超|的|人数|个数|数|(?<![支借演展付输])出|：|:|\s)+$"
)
_GREW_FROM = re.compile(r"[也又还则]?(?:由|从)(?:上一?年度?|去年|前一年|年初|\d{4}年)(?:同期|[末底初])?的?$")
"""Where a number grew from: 购书经费也从上年的8万元提高到15万元 counts 购书经费."""
_VERB = re.compile(r"(?:已经|已|均|共计|合计|总计|累计|共有|共|仅|达到了?|达|突破了?|增至|增加到|为|有|了|至|到|在|近|约|超过?|逾|：|:|\s)+$")
_OPENING = re.compile(
    r"^(?:其中|另有|另外|此外|同时|并|还|以及|内含|包括|包含|现有|全年|全馆|我馆|本馆|今年|本年度?|年内|先后|目前|截至目前|一年来|累计|共计|共|且|也|又|即|分别|（|\(|\s|\d{4}年度?，?)+"
)
_NOUN = re.compile(r"[\u4e00-\u9fffA-Za-z“《\"][^，。；：、！？,;:!?\n（）()]{0,40}")
_NOT_NOUN = re.compile(
    r"(?:参加|参与|参赛|参会|到场|观看|的?(?:参加|到场|占|增长|增加|下降|提高|上升)|以上|以下|左右|来(?!宾)|到(?!馆)|进行|同比|环比|增长|增加|减少|下降|占|是|为|和|及|与|至|并|或|等$|等，|均|全部|已|被|由|在(?![职编岗册馆校])|于|比|较|左右|上下|之间|不等|其中|覆盖|组成|共计|转|创|使|用于|供|走进|奔赴|赴|用|对|将|从|向)"
)
_NOUN_END = re.compile(r"(?:进行|参加|参与|参展|参赛|参会|取得|晋级|同台|轮流|到场|来馆|组成|观看|走进|开展|展出|送去|送书|共建|颁发|举行|实行|投入|全部|已经|均|奔赴|赴|报道|与我|分别|走上|荣获|获得|接受|深入|前来|来自|为|在|将|被|对|是|向|到|和(?=\d)|及(?=\d))")


_SECOND = re.compile(r"[、，]?\d[\d,.]{0,12}[万亿千]?[余多]?[\u4e00-\u9fff](?=[\u4e00-\u9fff])")
"""A second number that the noun follows: 对6部36册古籍."""


class Implied(Rule, frozen=True):
    """The unit that the words around a bare number imply."""

    unit: str
    before: tuple[str, ...]
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


def compile_tables(rules: Iterable[Implied], faults: list[str]) -> Tables:
    """The wordings, longest first, so that 外借人次 is not read as 外借."""
    rules = tuple(rules)
    before = sorted(((word, rule.unit) for rule in rules for word in rule.before), key=lambda w: -len(w[0]))
    after = sorted(((word, rule.unit) for rule in rules for word in rule.after), key=lambda w: -len(w[0]))
    return Tables(before=tuple(before), after=tuple(after))


def implied_fires(rule: Implied, text: str, tables: Tables, amounts: quantities.Tables) -> bool:
    """Whether a bare number in the text gets this unit."""
    return any(q.unit is None and implied_unit(q, text, 0, tables) == rule.unit for q in quantities.find(text, amounts))


def implied_unit(quantity: Quantity, text: str, start: int, tables: Tables) -> str | None:
    """The unit that the words around a bare number imply, or None."""
    if quantity.value < 100 or (quantity.hedge == "exact" and "." in quantity.raw):
        return None
    behind = text[quantity.end : quantity.end + 8]
    for word, unit in tables.after:
        if behind.startswith(word):
            return unit
    clause = _VERB.sub("", _CLAUSE.split(text[max(start, quantity.start - 60) : quantity.start])[-1])
    if re.match(r"[\u4e00-\u9fffA-Za-z%％]", behind) and not re.match(r"[，。；、]|以上|左右|余|多|同比|增|比|较", behind):
        return None
    return next((unit for word, unit in tables.before if clause.endswith(word)), None)


def clause_before(text: str, start: int, at: int) -> str:
    """The clause before a number, without 共, 达到, 约 and the like at its end."""
    window = text[max(start, at - 60) : at]
    clause = _CLAUSE.split(window.rstrip(" “"))[-1]
    words = _CONNECTOR.sub("", clause)
    return _CONNECTOR.sub("", _GREW_FROM.sub("", words)) or words


def label(quantity: Quantity, text: str, start: int, end: int, previous: tuple[int, str] | None) -> str:
    """The words that say what is counted: the noun behind the unit where one stands there, else the clause before.

    `previous` is the figure before in the same sentence (its end and label): of two numbers in a row
    (8647种10666册) the second takes the label of the first; where that has none, the first takes the noun behind both.
    """
    noun = _noun_behind(text, quantity.end, end)
    if noun:
        return noun
    floor = max(start, previous[0]) if previous else start
    clause = clause_before(text, floor, quantity.start)
    words = _OPENING.sub("", clause).strip("“”\"' 　")
    if words.strip("现和及与或对将把"):
        return words
    second = _SECOND.match(text, quantity.end, end)
    return (previous[1] if previous else "") or (_noun_behind(text, second.end(), end) if second else "")


def _noun_behind(text: str, at: int, end: int) -> str:
    window = text[at : min(end, at + 60)]
    found = _NOUN.match(window)
    if not found or _NOT_NOUN.match(window):
        return ""
    noun = re.split(r"\d", found.group())[0]
    stop = _NOUN_END.search(noun, 1)
    noun = noun[: stop.start()] if stop else noun
    return noun.strip() if len(noun.strip()) >= 2 else ""

"""Two numbers of the text, far apart, that are said of one thing and differ: told twice, once wrongly.

That two sentences speak of one thing is told by a name both have and the report seldom uses. Two signs then make a
reader ask which number is right: the numbers are one number miswritten (132 and 123, 68.5万 and 65.8万, 860万 and
8600万), or one stands in the chronicle, or both by the same quoted name, and both count the same noun under the same
limits (首日, 线上).
Never more than a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from extractor.model import Figure, Finding
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, side
from extractor.reconcile.intervals import of, shown
from extractor.reconcile.units import measure

_STOPS = re.compile(r"[。；;！？!?\n\t]")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_BEFORE, _BEHIND = 60, 24
"""How far from its number (characters) the name of a thing is looked for within its sentence."""
_SELDOM = 6
"""Characters that the report has together more often name nothing in particular."""
_MOST = 6
"""More numbers with the same digits and unit than this are no slip; pairs grow with the square."""
_UNCOUNTED = frozenset({"%", "百分点", "倍", "天", "年", "月", "个月", "岁", "小时", "分钟", "周", "时", "折", "分"})
_LIMITS = {
    "day": re.compile(r"单日|首[批日场期]|当[天日]|最高|最多|开幕日"),
    "mean": re.compile(r"日均|每[天日周月场年]|人均|平均|场均"),
    "part": re.compile(r"季度|[上下]半年|总馆|分馆|城区|乡镇|[一二三四五六]楼|主场|男|女|未成年|少儿|成人|国家级|省级|市级|县级|[一二三]等"),
    "change": re.compile(r"[上去]年|同比|[新净]增|增[长加]|减少|下降"),
    "ever": re.compile(r"历年|累计建成|成立以?来|自成立|以来累计|至今"),
    "line": re.compile(r"线上|线下|网络|直播|云端"),
    "taking part": re.compile(r"参加|参与|参训|参会|出席|到场|参赛|报名"),
    "plan": re.compile(r"计划|预计|拟|力争"),
}
"""What parts a number from another of the same thing; words of one kind part nothing."""
_QUOTED = re.compile(r"[“《「]([^”》」]{2,20})[”》」]")
_COMMON = frozenset(["全年", "共计", "累计", "合计", "共有", "达到", "超过", "左右", "以上", "分别", "其中", "计划", "为期", "活动", "参加", "参与", "举办", "开展", "完成", "组织", "接待", "服务", "我馆", "本馆", "图书", "书馆", "读者", "工作", "人次", "今年", "本年"])


class Place:
    """A figure with the sentence it stands in."""

    def __init__(self, figure: Figure, text: str) -> None:
        self.figure = figure
        self.before = _STOPS.split(text[max(0, figure.start - _BEFORE) : figure.start])[-1]
        self.behind = _STOPS.split(text[figure.end : figure.end + _BEHIND])[0]

    @cached_property
    def digits(self) -> str:
        """The digits of the value but for zeros."""
        return format(Decimal(str(self.figure.value)), "f").replace(".", "").replace("0", "")

    @cached_property
    def limits(self) -> frozenset[str]:
        """The kinds of limits in the clause of the number."""
        clause = re.split("[，,]", self.before)[-1][-24:] + re.split("[，,]", self.behind)[0][:6]
        return frozenset(kind for kind, words in _LIMITS.items() if words.search(clause))

    @cached_property
    def nouns(self) -> frozenset[str]:
        """The pairs of characters that touch the number: the end of the words before it, the beginning of those behind."""
        runs = (_HAN.findall(self.before)[-1:] or [""])[0][-4:], (_HAN.match(self.behind) or [""])[0][:4]
        return frozenset(run[n : n + 2] for run in runs for n in range(len(run) - 1)) - _COMMON

    @cached_property
    def clause(self) -> frozenset[str]:
        """The pairs of characters in the clause of the number."""
        runs = _HAN.findall(re.split("[，,]", self.before)[-1]) + _HAN.findall(re.split("[，,]", self.behind)[0])
        return frozenset(run[n : n + 2] for run in runs for n in range(len(run) - 1)) - _COMMON

    def grams(self, size: int) -> set[str]:
        """The runs of so many characters in the sentence."""
        return {run[n : n + size] for words in (self.before, self.behind) for run in _HAN.findall(words) for n in range(len(run) - size + 1)}


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind figure_vs_figure, verdict review."""
    year = (case.report.period or "")[:4]
    places = [Place(f, case.text) for f in case.figures if f.unit not in _UNCOUNTED and f.period[:4] == year]
    chronicle = {name for event in case.report.events if event.origin == "chronicle" for name in event.figures}
    asked: set[str] = set()
    for a, b in _suspects(places):
        if not _STOPS.search(case.text, min(a.figure.end, b.figure.end), max(a.figure.start, b.figure.start)):
            continue  # one sentence: a list, a growth or a part
        slip = _slip(a, b)
        if not slip and (a.figure.id in chronicle) == (b.figure.id in chronicle) and not _titles(a) & _titles(b):
            continue  # what the narrative says twice in like words is mostly of two things (直报企业, 药品零售企业)
        if asked.isdisjoint((a.figure.id, b.figure.id)) and (_one_thing if slip else _counted_alike)(a, b, case.text):
            asked |= {a.figure.id, b.figure.id}
            yield _finding(case, a.figure, b.figure, slip)


def _suspects(places: list[Place]) -> Iterator[tuple[Place, Place]]:
    """Pairs of one unit whose values differ by a slip, then those that touch the same noun."""
    by_digits: dict[tuple[str, str], list[Place]] = {}
    by_noun: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        unit = measure(place.figure)
        if place.figure.indicator is None or len(place.digits) > 1:
            by_digits.setdefault((unit, "".join(sorted(place.digits))), []).append(place)
        for noun in place.clause:
            by_noun.setdefault((unit, noun), []).append(place)
    for group in by_digits.values():
        if len(group) <= _MOST:
            yield from (pair for pair in combinations(group, 2) if _slip(*pair) and _one_indicator(*pair))
    for group in by_noun.values():
        if len(group) == 2 and _near(*group) and _one_indicator(*group) and (group[0].nouns | group[1].nouns) & group[0].clause & group[1].clause:
            yield group[0], group[1]


def _slip(a: Place, b: Place) -> bool:
    return a.figure.value != b.figure.value and miswritten(Decimal(str(a.figure.value)), Decimal(str(b.figure.value)))


def miswritten(a: Decimal, b: Decimal) -> bool:
    """Whether one value is the other with its digits in another order, or ten to ten thousand times it."""
    low, high = sorted((a, b))
    x, y = (format(value, "f").replace(".", "").replace("0", "") for value in (low, high))
    if not low or low == high or sorted(x) != sorted(y):
        return False
    if x == y and len(x) > 1 and high / low in (10, 100, 1000, 10000):
        return True
    return len(set(x)) > 1 and high / low < 2


def _near(a: Place, b: Place) -> bool:
    left, right = of(a.figure), of(b.figure)
    exact = {a.figure.hedge, b.figure.hedge} <= {"exact", "rounded", "over"}
    return exact and not left.meets(right) and max(a.figure.value, b.figure.value) < 2 * min(a.figure.value, b.figure.value) and min(a.figure.value, b.figure.value) >= 5


def _one_indicator(a: Place, b: Place) -> bool:
    return a.figure.indicator == b.figure.indicator or None in (a.figure.indicator, b.figure.indicator)


def _one_thing(a: Place, b: Place, text: str) -> bool:
    """Whether two sentences share a name (three characters, or two pairs), or the number before theirs, and no limit parts them."""
    if a.limits - {"taking part"} != b.limits - {"taking part"}:
        return False
    noun = _HAN.match(a.behind) or _HAN.match(b.behind)
    if a.figure.unit == "个" and noun and not (noun[0][:2] in a.before + a.behind and noun[0][:2] in b.before + b.behind):
        return False  # 86个摊位 and 68个节目
    counted = a.nouns & b.nouns if a.digits != b.digits and len(a.digits) < 3 else frozenset()  # what both count is no name by itself
    pairs = {pair for pair in a.grams(2) & b.grams(2) if text.count(pair) <= _SELDOM} - _COMMON - counted
    return _named(a, b, text) or _apart(pairs) or bool(pairs and a.limits and len(a.digits) > 2) or bool(_neighbour(a) & _neighbour(b))


def _counted_alike(a: Place, b: Place, text: str) -> bool:
    """Whether two sentences share a name beside the noun they count, and nothing limits either number."""
    shared = (a.nouns | b.nouns) & a.clause & b.clause
    name = {gram for gram in a.grams(3) & b.grams(3) if text.count(gram) <= _SELDOM and not any(noun in gram for noun in shared)}
    return bool(shared and (name or _titles(a) & _titles(b)) and a.limits == b.limits <= {"taking part"} and _one_time(a.figure, b.figure))


def _titles(place: Place) -> set[str]:
    return set(_QUOTED.findall(place.before))


def _one_time(a: Figure, b: Figure) -> bool:
    """Whether one of the two is told of the year, or both of the same time."""
    return a.period == b.period or len(a.period) == 4 or len(b.period) == 4


def _named(a: Place, b: Place, text: str) -> bool:
    return any(text.count(gram) <= _SELDOM for gram in a.grams(3) & b.grams(3))


def _apart(pairs: set[str]) -> bool:
    """Whether there are two pairs of characters that are no neighbours of each other."""
    return any(a[1] != b[0] and b[1] != a[0] for a, b in combinations(sorted(pairs), 2))


def _neighbour(place: Place) -> set[str]:
    """The number and unit before a number of three digits or more: 2部，共68.5万字."""
    return set(re.findall(r"\d[\d.,]*[万亿]?[\u3400-\u9fff]", place.before[-16:])[-1:]) if len(place.digits) > 2 else set()


def _finding(case: Case, a: Figure, b: Figure, slip: bool) -> Finding:
    report = case.report
    first, last = sorted((a, b), key=lambda f: f.start)
    gap = of(first).gap(of(last))
    same = "相差一个数量级" if sorted(str(a.value).rstrip("0")) == sorted(str(b.value).rstrip("0")) and not 0.5 < a.value / b.value < 2 else "数字相同而次序不同"
    why = f"{same}，说的可能是同一件事" if slip else "说的可能是同一件事"
    message = f"“{first.raw}”与“{last.raw}”{why}，相差{shown(gap)}{first.unit}，请核对哪一处有误。"
    return make(report, "figure_vs_figure", "review", side(report, first), side(report, last), "slip" if slip else "retold", message, difference=gap)

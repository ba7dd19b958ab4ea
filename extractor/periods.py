"""Which period a figure speaks of: the report's own, unless the words or the entry's date narrow or move it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from extractor import wording
from extractor.dates import precision
from extractor.folding import fold
from extractor.model import Date, Rule

_RESET = re.compile(r"全年(?!顶[点峰]|最|之[最冠]|峰|新高|高峰|第一)|今年|本年|年内|年度|目前|现有|截至|截止|一年来|迄今|至今|(?<=.)(?:馆藏总|累计|已有|共有)")
_COMPARED = re.compile(r"(?:[比较与同]|相比|对比)\s*$")
_PLANNED = re.compile(r"计划|力争|拟(?!定)|将(?!近)|确保|预计|目标|争取|打算|预期|不少于|不低于")
_NUMBER_BEHIND = re.compile(r"的?[\s（(]*[近约超逾]?[\d一二三四五六七八九十百千]")
_END_OF_YEAR = re.compile(r"(?:年[末底终]|岁末)$")
_DOING = re.compile(r"举办|举行|开展|组织|召开|完成|推出|接待|新增|购置|采购|接收|启动|建成|开放|投入|发放|赠送|捐赠|验收|印发|下拨|拨付")
"""Verbs of what was done at a time; without them a year's end speaks of what there was."""
_EACH = re.compile(r"分别")
_QUARTERS = re.compile(r"(?:一至四|第一至第四|1\s*[-—~～至到]\s*4|四个|各|一、二、三、四)季度[^，。；\d]{0,10}?(?:依次|分别)[为是有达到办接待]{0,3}")
_BETWEEN_DATES = re.compile(r"[\s、，,和与及]*")
_FOUNDED = re.compile(r"始建|建成|建于|建馆|兴建|重建|扩建|改建|新建|落成|竣工|迁入|迁至|迁到|搬入|搬迁|搬至|成立|创办|创建|设立|组建|筹建|开馆|启用|投入使用|对外开放|立项|定级|晋升|评为|公布为|列为|授予|命名|更名|并入")
_SPENT = re.compile(r"投资|投入|资金|经费|耗资|拨款|捐|费用|造价|接待|参观|征集|购置|采购")
_FROM = re.compile(r"[由从](?:上年|去年|上年末|上年底|年初)?的?\s*$")
_TO = re.compile(rf"\s*(?:{'|'.join(sorted(wording.REACHED, key=len, reverse=True))})")
_PLANS = re.compile(r"计划|打算|思路|展望|安排|设想|要点|下一步|谋划|今后|目标")
_FAULTS = re.compile(r"不足|问题|困难")
_OVER_YEARS = re.compile(r"(?:近|过去|最近|这|前)[两二三四五六七八九十几数\d]{1,3}年(?!级|代)|(?:[二三四五六七八九十百几数]{1,3}|\d{1,3})[多余]?年(?:以?来|间|期间)|[一二三四五六七八九十]{1,2}五”?(?:期间|时期|以来)|历年(?!累计)")
_THIS_YEAR = re.compile(r"全年|今年|本年|年内|年度|目前|现有|截至|截止|\d{4}年")
_SINCE = re.compile(r"累计|以来|至今|总计|已")


class Season(Rule, frozen=True):
    """A named stretch of the year, or words that make a figure a part's (单日, 日均)."""

    words: tuple[str, ...]
    edtf: str


@dataclass(frozen=True)
class Tables:
    seasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Period:
    """An EDTF period; `whole` where it is the whole of the reporting period or its end."""

    edtf: str
    whole: bool


def compile_tables(rules: Iterable[Season], faults: list[str]) -> Tables:
    rules = tuple(rules)
    for rule in rules:
        if rule.edtf and "{year}" not in rule.edtf:
            faults.append(f"periods.toml: [[season]] {rule.id}: edtf: write {{year}} for the year reported on")
    words = sorted(((word, rule.edtf) for rule in rules for word in rule.words), key=lambda w: -len(w[0]))
    return Tables(seasons=tuple(words))


def season_fires(rule: Season, text: str, tables: Tables) -> bool:
    """Whether the text before its first number names this season."""
    number = re.search(r"\d", text)
    found = _season(text[: number.start()] if number else text, tables)
    return found is not None and found[1] in rule.words


def _season(text: str, tables: Tables) -> tuple[str, str] | None:
    """(edtf template, word) of the season named last in a text, one with an interval before one without.

    A named season rules to the next semicolon, words such as 单日 only within their clause.
    """
    text = wording.EXCEPTED.sub("", re.split(r"[；;]", text)[-1])
    clause = re.split(r"[，,]", text)[-1]
    found = [(bool(edtf), text.rfind(word) + len(word), len(word), edtf, word) for word, edtf in tables.seasons if word in (text if edtf else clause)]
    best = max(found, default=None)
    return (best[3], best[4]) if best else None


def of_figure(
    text: str, sentence: int, at: int, end: int, dates: Sequence[Date], base: Period, report: str | None, headings: Sequence[str], tables: Tables
) -> Period:
    """The period of the figure in text[at:end], whose sentence begins at `sentence`.

    `dates` are those of the passage, `base` the entry's or the report's own period, `report` the reporting
    period, `headings` those above. A date rules over what follows it in its sentence, up to words such as
    全年 or 目前; after 比, 较 it rules only over a number directly behind it (比2020年的54.7万). Of several dates
    before 分别 each rules over the number at its own place.
    """
    before = [d for d in dates if sentence <= d.start and d.end <= at and d.edtf]
    year = report[:4] if report else None
    if before and re.fullmatch(r"的?[\s（(]*", fold(text[before[-1].end : at])):
        return _moved(_year_end(before[-1]), report)
    own = _respectively(before, text, at)
    if own is not None:
        return _moved(own.edtf or "", report)
    quarter = _quarter(text, sentence, at)
    if quarter and year and base.whole:
        return Period(f"{year}-{3 * quarter - 2:02}/{year}-{3 * quarter:02}", False)
    if _FROM.search(text[max(sentence, at - 8) : at]) and _TO.match(text, end) and base.whole and report and report.isdigit():
        return Period(str(int(report) - 1), True)  # 由96个增至113个: what it grew from is the year before's
    ruling = [d for d in before if not _is_base(d, text, sentence) and _reaches(d, text, sentence, at) and not _is_history(d, text, sentence, at, report)]
    last = ruling[-1] if ruling else None
    stretch = _season(text[max(last.end, at - 60) : at], tables) if last is not None and precision(last.edtf or "") == "year" else None
    if stretch is not None and stretch[0] and year:
        return Period(stretch[0].replace("{year}", year), False)  # 全年接待41万人次，仅暑假期间就有11万人次
    since = last.end if last else sentence
    clause = text[since:at]
    closed = last is not None and re.fullmatch(r"\d[^.]*/\d[^.]*", last.edtf or "")
    if last is not None and not _RESET.search(clause.replace("累计", "") if closed else clause):
        if (last.edtf or "").endswith("/.."):
            return Period(f"{(last.edtf or '')[:-3]}/{year}", False) if year else base
        if not (last.edtf or "").startswith(".."):
            found = _moved(last.edtf or "" if _DOING.search(clause) else _year_end(last), report)
            return _planned(text, sentence, at, headings, report) or found if found.whole else found
    if last is not None and (last.edtf or "").endswith("/..") and _SINCE.search(clause) and year:
        return Period(f"{(last.edtf or '')[:-3]}/{year}", False)
    planned = _planned(text, sentence, at, headings, report)
    if planned:
        return planned
    if _over_years(clause):
        return Period(base.edtf, False)
    season = _season(text[max(since, at - 60) : at], tables)
    if season is not None and (base.whole or not season[0]):
        named = season[0].replace("{year}", year) if season[0] and year else base.edtf
        return Period(named, False)
    return Period(report, True) if last is not None and _RESET.search(clause) and report else base


def _is_base(date: Date, text: str, sentence: int) -> bool:
    """Whether a date only says what a number is compared with: 比2020年, 由2020年的54万."""
    ahead = text[max(sentence, date.start - 3) : date.start]
    return _COMPARED.search(ahead) is not None or (_FROM.search(ahead) is not None and _NUMBER_BEHIND.match(text, date.end) is not None)


def _is_history(date: Date, text: str, sentence: int, at: int, report: str | None) -> bool:
    """Whether a date of an earlier year only says how old something is that the number describes as it stands: 2006年迁入现址，面积1680平方米."""
    edtf = date.edtf or ""
    if report is None or not edtf[:4].isdigit() or edtf[:4] >= report[:4] or "/" in edtf:
        return False
    clause, comma, behind = fold(text[date.end : at]).partition("，")
    around = re.split(r"[，；：]", fold(text[sentence : date.start]))[-1] + clause
    return bool(comma) and _FOUNDED.search(around) is not None and _SPENT.search(behind.rpartition("，")[2]) is None


def _over_years(clause: str) -> bool:
    """Whether the words before a number take several years together: 近三年, 开馆20年来, “十三五”期间."""
    plain = fold(clause)
    spans = list(_OVER_YEARS.finditer(plain))
    return bool(spans) and not _THIS_YEAR.search(plain, spans[-1].end())


def _respectively(before: Sequence[Date], text: str, at: int) -> Date | None:
    """The date that a number behind 分别 belongs to: 2019年、2020年分别接待4万人次、5万人次."""
    run = before[-1:]
    while len(run) < len(before) and _BETWEEN_DATES.fullmatch(text[before[-len(run) - 1].end : run[0].start]):
        run = before[-len(run) - 1 :]
    clause = fold(text[run[-1].end : at]) if len(run) > 1 else ""
    each = _EACH.search(clause)
    if each is None or re.search(r"[；;。]", clause):
        return None
    place = len(re.findall(r"\d[\d,.]*", clause[each.end() :]))
    return run[place] if place < len(run) else None


def _quarter(text: str, sentence: int, at: int) -> int | None:
    """The quarter (1 to 4) of a number behind 一至四季度依次为, by its place."""
    opened = _QUARTERS.search(fold(text[sentence:at]))
    between = fold(text[sentence + opened.end() : at]) if opened else ""
    place = len(re.findall(r"\d[\d,.]*", between)) + 1
    return place if opened and place <= 4 and not re.search(r"[；;。]|[，,]\D", between) else None


def _reaches(date: Date, text: str, sentence: int, at: int) -> bool:
    """How far a date rules: one that opens its sentence to the end of it, one further in to the next semicolon,
    and one behind 其中 to the next comma."""
    between = text[date.end : at]
    if re.search(r"其中\s*$", text[max(sentence, date.start - 4) : date.start]):
        return not re.search(r"[，；;]", between)
    return not text[sentence : date.start].strip(" 　在于自从截至到◆■●▲★※◇□▶►◎○—-") or not re.search(r"[；;]", between)


def _year_end(date: Date) -> str:
    """The date; of a year's end, which a holding is of, the year: 上年末的5.2万人."""
    edtf = date.edtf or ""
    return edtf[:4] if edtf.endswith("-12") and _END_OF_YEAR.search(date.raw) else edtf


def _moved(edtf: str, report: str | None) -> Period:
    if edtf.startswith(".."):
        return Period(report or edtf.removeprefix("../"), True)
    later = report is not None and edtf[:4].isdigit() and edtf[:4] > report[-4:] if report and report[-4:].isdigit() else False
    return Period(edtf, edtf == report or (precision(edtf) == "year" and report is not None and not later))


def _planned(text: str, sentence: int, at: int, headings: Sequence[str], report: str | None) -> Period | None:
    """Next year, where a heading above speaks of plans (of a named year, or the sentence itself plans)."""
    if not report or not report[:4].isdigit():
        return None
    own = [*takewhile(lambda heading: not _PLANS.search(heading), (fold(heading) for heading in reversed(headings)))]
    if len(own) == len(headings) or any(_FAULTS.search(heading) for heading in own):
        return None
    heading = fold(headings[-1 - len(own)])
    named = [int(y) for y in re.findall(r"(?:19|20)\d\d", heading) if int(y) > int(report[:4])]
    if _PLANNED.search(text[sentence:at]) or (named and not _FAULTS.search(heading)):
        return Period(str(named[0] if named else int(report[-4:] if report[-4:].isdigit() else report[:4]) + 1), False)
    return None

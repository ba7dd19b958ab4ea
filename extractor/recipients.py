"""Who received an award: the words in front of the verb, read as the institution, somebody named, or a work.

Works on folded text in which quoted words are masked (`MASK` for every character between quotation marks),
so that nothing inside a name is taken for grammar.
"""

from __future__ import annotations

import re
from typing import Literal

from extractor.folding import fold
from extractor.honours import Tables, names_issuer, number
from extractor.model import Struct

MASK = "\0"
Kind = Literal["us", "person", "named", "work", "none"]
KINDS_OF_HOUSE = ("图书馆", "博物馆", "文化馆", "美术馆", "档案馆", "纪念馆", "科技馆", "群众艺术馆", "艺术馆", "展览馆", "文化中心", "中心", "学校", "学会", "协会", "大学", "学院", "中学", "小学", "医院")  # fmt: skip
_OURS = r"[我本](?:馆|院|中心|校|会|局|所|社|园|部|公司|集团|单位|站|室|队|厂|处|行|委|办|团|系统)"
OURS = re.compile(_OURS)
_HOUSE = r"(?<![\u4e00-\u9fff\0”》])(?:全馆|全院|全校|公司|集团公司|集团|学校|单位|馆|图书馆|博物馆|文化馆)(?![员长校藏内际外区学协办刊舍]|系统)"
_LEAD = re.compile(
    r"(?:[\s、，,]|\d{4}年度?|\d{1,2}月份?|\d{1,2}[日号]|[上中下]旬|[月年]?[底末初]|[一二三四五六七八九十\d]{1,3}[是、.．]|(?:此外|另外|同时|其中|并且|而且|并|且|还|也|而|目前|近日|日前|近年来|多年来|一年来|"
    r"年内|今年以来|今年|去年|本年度|本年|全年|同年|当年|同月|本月|同日|当日|当天|年底|年末|年初|期间|最终|最后|结果|由此|因此|为此|使得|使|令|截至目前|会上|会后|活动中|比赛中|大赛中|赛中|据悉|是年|首先|其次|特别是|尤其是|"
    r"至此|随后|之后|后|现场|连续|例如|由于|经过努力|经过|[春夏秋冬][季天]?|至今|以来|来|期间内|经|由))*"
)
_ADVERBS = re.compile(
    r"(?:还|又|也|再次|先后|同时|分别|均|都|双双|一举|成功|光荣|再度|首次|连续[^，]{1,5}[年次届]|多次|各|并|共|累计|一并|继续|第.{1,3}次|已|已经|于|则|更|再|最终|现|曾经?|将|未|拟|顺利|率先|全部|皆|一次性|"
    r"一同|共同|是|更是|脱颖而出|不负众望|有幸|被|先后多次|而|后|一跃|正式|每年|年年|近日|日前|今年|年内|当年|同年|同月|会上|，|,|\s)+$"
)
_CUT = re.compile(
    r"(?<![现正所存自实潜内外])在(?![职校编岗读])|凭借|(?:凭|以)(?=[\u4e00-\u9fff]{0,4}[《“])|凭(?=[着以])|以(?=[其优\d第第扎出一高总精突绝\0“])|(?<=.)因|由于|(?<=.)经(?=[过层评审推专严省市县区考])|通过|(?<!读者)(?<!职工)(?<!学生)(?<!家长)(?<!党)代表(?![队团作])"
    r"|参加|参与|参评|参赛(?!选手|队)|作为|成功|组队|组团|选派|(?<=.)赴|荣幸|积极|(?<=.)于(?=\d)|从|随同"
)
_COUNTED = re.compile(r"(?:等)?(?:\d{1,5}|[一二两三四五六七八九十百]{1,4})余?[名位个人支组家]")
_COUNTED_WORKS = re.compile(r"(?:[^的]{0,8}共?有)?(\d{1,4}|[一二两三四五六七八九十]{1,3})[件部幅篇项册首个](?=.{0,12}(?:作品|论文|案例|项目|节目|视频|课题|成果|展览|$))")
_COUNTED_PEOPLE = re.compile(r"(\d{1,4}|[一二两三四五六七八九十]{1,3})[名位人]")
_NAME_LIST = re.compile(r"[\u4e00-\u9fff·\u25cb○×XxA-Z某]{2,12}(?:[、和及与,][\u4e00-\u9fff·某]{2,6})*(?:等.{0,12})?")
_HOW_MANY = re.compile(r"(?<=..)[两二三四五六七八九十\d]{1,2}[名位人](?:同志|老师|馆员|职工|同学)?$")
_TITLE_BEHIND = re.compile(r"(?:同志|老师|同学|馆长|主任|院长|校长|先生|女士|小朋友|书记|等)$")
_KNOWN_BY_TITLE = re.compile(r"(?<![位名])(?:同志|女士|先生)$")
_LIST = re.compile(r"[、和及与]")
_IN_BRACKETS = re.compile(r"[（(](?P<names>[\u4e00-\u9fff]{2,4}(?:[、，,][\u4e00-\u9fff]{2,4}){0,5})[）)]")


class Subject(Struct, frozen=True):
    """Who or what the words in front of a verb name. `value` only for a person or somebody named; `start` counts in the words given."""

    kind: Kind
    value: str | None
    start: int
    sure: bool = True
    count: int = 1


def ours(organization: str | None) -> re.Pattern[str]:
    """How the institution calls itself: 我馆, its name, its name without the place."""
    own = [re.escape(organization)] if organization else []
    house = _HOUSE if not (organization or "").endswith("馆") else _HOUSE.replace("|全校", "").replace("|学校", "")  # a school's library is not the school
    for kind in KINDS_OF_HOUSE:
        if organization and organization.endswith(kind):
            short = organization[-len(kind) - 1 :]
            short = kind if short[0] not in "省市县区州旗" else rf"{short[0]}?{kind}"
            own.append(rf"(?:(?<![\u4e00-\u9fff])|(?<=[我本])){short}(?!学会|协会|联盟|分会|界|事业|系统|行业|[学协]|员)")
            break
    return re.compile("|".join([*own, _OURS, house]))


def adverbs_start(words: str) -> int:
    """Where the adverbs right before a verb begin."""
    base = max(0, len(words) - 40)
    found = _ADVERBS.search(words[base:])
    return base + found.start() if found else len(words)


def lead_end(words: str) -> int:
    """Where a clause begins behind dates, conjunctions and the like."""
    found = _LEAD.match(words)
    return found.end() if found else 0


def subject(real: str, masked: str, us: re.Pattern[str], tables: Tables) -> Subject:
    """Who the words before a verb name; `real` and `masked` are the same stretch."""
    end = adverbs_start(masked)
    last = next((m for m in us.finditer(masked, 0, end) if m.end() == end), None)
    if last:
        return Subject("us", None, last.start())
    begin = lead_end(masked[:end])
    cut = _CUT.search(masked, begin, end)
    if cut and cut.start() == begin:
        # 在…中 or 参加…的 may stand in front of the subject.
        inner = max(masked.rfind(close, begin, end) for close in ("中", "上", "里", "的"))
        if inner > 0 and end - inner > 2:
            found = _classified(real[inner + 1 : end], masked[inner + 1 : end], us, tables)
            if found.kind in ("us", "person", "work") or masked[inner] == "的":
                return Subject(found.kind, found.value, inner + 1 + found.start, found.sure, found.count)
        return Subject("none", None, begin)
    stop = cut.start() if cut else end
    stop = begin + adverbs_start(masked[begin:stop])
    found = _classified(real[begin:stop], masked[begin:stop], us, tables)
    return Subject(found.kind, found.value, begin + found.start, found.sure, found.count)


def _classified(real: str, masked: str, us: re.Pattern[str], tables: Tables) -> Subject:
    """Reads a noun phrase: whose it is, what was made by whom, or who it is."""
    skip = lead_end(masked)
    real, masked = real[skip:], masked[skip:]
    if own := us.match(masked):
        rest = own.end() + (masked[own.end() : own.end() + 1] == "的")
        if rest >= len(masked):
            return Subject("us", None, skip)
        inner = _classified(real[rest:], masked[rest:], us, tables)
        return Subject(inner.kind if inner.kind != "none" else "us", inner.value, skip, inner.sure, inner.count)
    if not masked:
        return Subject("none", None, skip)
    if made := tables.making.search(masked):
        right = _who(real[made.end() :], masked[made.end() :], tables)
        left = _who(real[: made.start()], masked[: made.start()], tables)
        value = right if right and MASK not in masked[made.end() :] else left
        counted = _COUNTED_WORKS.match(masked, made.end())
        return Subject("person" if value else "work", value, skip, count=number(counted[1]) if counted else 1)
    quote = masked.find(MASK)
    if quote > 0 and not _group(masked[masked.rfind(MASK) + 2 :], tables):
        left = masked[: quote - 1]
        for noun in sorted((w for w in tables.words["work"] if left.endswith(w)), key=len, reverse=True)[:1]:
            left = left.removesuffix(noun)
        left = left.removesuffix("的")
        value = _person(left, tables) if left else None
        tail = _person(masked[masked.rfind(MASK) + 2 :], tables, bare=False)
        return Subject("person", value or tail, skip) if value or tail else Subject("work", None, skip, sure=not left)
    if counted := _COUNTED_WORKS.match(masked):
        return Subject("work", None, skip, count=number(counted[1]))
    value = _who(real, masked, tables)
    if value is not None:
        if people := _COUNTED_PEOPLE.match(masked):
            return Subject("named", value, skip, count=number(people[1]))
        return Subject("person" if _person(masked, tables) else "named", value, skip)
    owner, _, thing = masked.partition("的")
    if thing and _work(thing, tables):
        value = _person(owner, tables)
        return Subject("person" if value else "work", value, skip)
    return Subject("work" if _work(masked, tables) else "none", None, skip, sure=False)


def _work(words: str, tables: Tables) -> bool:
    return any(words.endswith(w) for w in tables.words["work"])


def _group(words: str, tables: Tables) -> bool:
    return any(words.endswith(w) for w in tables.words["unit"])


def _who(real: str, masked: str, tables: Tables) -> str | None:
    """A person, unit or group as named, or None. Works are nobody."""
    masked = masked.strip()
    if person := _person(masked, tables):
        return person
    if not 2 <= len(masked) <= 40 or re.search(r"[的了着过]", masked):
        return None
    if any(masked.endswith(w) for w in tables.words["work"] if len(w) > 1) and not _group(masked, tables):
        return None
    counted = _COUNTED.search(masked)
    if _group(masked, tables) or names_issuer(masked, tables) or (counted and (counted.end() == len(masked) or masked.endswith(tuple(tables.words["title"])))):
        return real.strip()
    if any(masked.endswith(t) for t in tables.words["title"] if len(t) > 1):
        return real.strip()
    title = next((t for t in sorted(tables.words["title"], key=len, reverse=True) if len(t) > 1 and masked.startswith(t)), None)
    foreign = masked.removeprefix(title) if title else ""
    return foreign if 2 <= len(foreign) <= 4 and not _work(foreign, tables) and not tables.making.search(masked + "的") else None


def _person(words: str, tables: Tables, bare: bool = True) -> str | None:
    """The names behind a title or a department (馆员陈芳, 编研科陈芳), or `bare` names known by the family name."""
    words = words.strip()
    if len(words) > 60:
        return None
    parted = {m.end() for m in tables.before_name.finditer(words)}
    for begin in sorted(parted, reverse=True) + [0] * bare:
        name = _HOW_MANY.sub("", words[begin:].strip())
        name = (_TITLE_BEHIND.sub("", name) or name) if not name.endswith("等") else name
        if name != words[begin:].strip() and 2 <= len(name) <= 6 and _KNOWN_BY_TITLE.search(words) and not re.search(r"[、和及\0]", name):
            return name
        if _NAME_LIST.fullmatch(name) and not name.startswith(("等", "代表", "们")) and _surnamed(name, tables):
            return name
    return None


def _surnamed(names: str, tables: Tables) -> bool:
    """Whether every name of a list could be a person's."""
    parts = names_of(re.sub(r"等.*$", "", names))
    return bool(parts) and all(_name(p, tables) for p in parts)


def _name(word: str, tables: Tables) -> bool:
    if "·" in word:
        return 3 <= len(word) <= 16
    double = word[:2] in tables.words["surname"]
    return (
        2 <= len(word) <= (4 if double else 3) and (double or word[0] in tables.words["surname"])
        and not (len(word) > 2 and (_group(word, tables) or _work(word, tables)))
    )  # fmt: skip


def names_of(value: str) -> list[str]:
    """The single names of 陈芳、李强."""
    return [p for p in _LIST.split(value) if p]


def in_brackets(text: str, at: int, tables: Tables) -> str | None:
    """The people in brackets that begin at `at`, behind an honour (一等奖（陈芳、王晓））."""
    found = _IN_BRACKETS.match(text, at)
    people = re.split("[、，,]", found["names"]) if found else []
    return "、".join(people) if people and all(_name(name, tables) for name in people) else None


def in_column_of_works(cell: str, tables: Tables) -> str | None:
    """The person, group or unit that stands in a column of works, as printed; None for a work or a contest."""
    words = fold(cell)
    if "《" in words or not words:
        return None
    masked = re.sub(r"[“\"][^”\"]*[”\"]", lambda m: MASK * len(m[0]), words)
    person = _person(masked, tables)
    return cell.strip() if person == masked or (not _work(masked, tables) and (_group(masked, tables) or masked.endswith(KINDS_OF_HOUSE))) else None

"""Who reports on which period: title, organization and period of a document.

All three are read from what the document says of itself, in this order: the title line, the opening
sentence, the profile of the form, the signature. Nothing is taken from file names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractor.folding import fold

_KINDS = r"(?:工作)?(?:总结|报告|述职|小结|汇报|年报|年鉴|回顾|概览|情况|综述|大事记)"
_TITLE = re.compile(r"(?:总结|工作报告|年度报告|年报|工作汇报|工作情况|工作回顾|述职报告|工作小结|自评报告|统计公报|情况报告|工作综述|大事记)")
_DIGITS = "〇零○Ｏ一二三四五六七八九"
_YEAR = rf"(?:(?:19|20)\d\d|[一二][{_DIGITS}]{{3}})"
_YEAR_PLAIN = rf"{_YEAR}(?:\s*[-—–~至]+\s*{_YEAR})?\s*(?:学年度?|年度?|年上半年|年下半年)"
_YEAR_WORDS = re.compile(rf"(?P<first>{_YEAR})(?:\s*[-—–~至]+\s*(?P<last>{_YEAR}))?\s*(?P<kind>学年度?|年度?|年上半年|年下半年)")
_HALF = re.compile(r"(上半年|下半年)|第?([一二三四1-4])季度")
# The last word of an institution's name. Longest first, so that 图书馆 is not cut at 馆.
_INSTITUTION = (
    "图书馆", "博物馆", "博物院", "文化馆", "档案馆", "美术馆", "纪念馆", "群众艺术馆", "群艺馆", "科技馆", "展览馆", "文化中心", "艺术中心", "服务中心", "非遗中心",
    "保护中心", "文化站", "少年宫", "青少年宫", "工人文化宫", "文化宫", "大剧院", "研究院", "研究所", "研究会", "基金会", "联合会", "管理处", "管理局", "档案局", "文物局", "保护所",
    "文管所", "方志馆", "规划馆", "陈列馆", "故居", "书院", "画院", "学会", "协会", "学校", "小学", "中学", "大学", "学院", "幼儿园", "中心", "商会", "剧院", "剧团", "歌舞团",
    "馆", "院", "局", "厅", "会", "所", "站", "社", "团", "处", "校", "宫", "园", "室", "委", "办", "部", "司", "公司", "集团",
)  # fmt: skip
_NAME = re.compile(rf"([\u3400-\u9fffA-Za-z（）()·]{{1,30}}?(?:{'|'.join(sorted(_INSTITUTION, key=len, reverse=True))}))(?![\u3400-\u9fff]*(?:馆|院)\b)")
_STRONG = re.compile(r"(?:图书馆|博物馆|博物院|文化馆|档案馆|美术馆|纪念馆|艺术馆|科技馆|展览馆|文化中心|艺术中心|文化站|少年宫|文化宫|方志馆|陈列馆|学会|协会|大学|学院|学校|中学|小学)$")
_NAMED = ("图书馆", "博物馆", "博物院", "文化馆", "档案馆", "美术馆", "纪念馆", "少年宫", "文化宫", "科技馆")
_WORD = 4
_SLOGAN = re.compile(r"[—–―─]{1,2}|-{2,}|[：:！!]")
_SECOND_NAME = re.compile(r"[（(][^（()）]{2,24}[）)]$")
"""What the institution is also called: 某县博物馆（县文物保护管理所）."""
_SEARCHED = 5000
"""Characters of a paragraph in which a name is looked for, and the seconds given to one (texts are hostile until read)."""
_SECONDS = 1.0
_OPENING_VERBS = r"(?:在|紧紧|认真|坚持|以|全面|围绕|牢记|深入|始终|按照|立足|坚定|严格|积极|共|紧扣|贯彻|切实|把|扎实|根据|聚焦|充分|持续|不断|主动|继续|的?各项|全体|，)"


def chinese_year(text: str) -> int:
    """二〇一六 or 2016 as a number."""
    plain = fold(text)
    if plain.isdigit():
        return int(plain)
    digits = {"〇": "0", "零": "0", "○": "0", "Ｏ": "0", "O": "0"} | dict(zip("一二三四五六七八九", "123456789", strict=True))
    return int("".join(digits[char] for char in text))


def find_title(paragraphs: Sequence[str]) -> int | None:
    """The index of the title among the first paragraphs: a line, not a sentence, that names a report."""
    for index, text in enumerate(paragraphs[:8]):
        line = text.strip()
        if len(line) <= 60 and not line.endswith(tuple("。；，：:")) and _TITLE.search(line):
            return index
    for index, text in enumerate(paragraphs[:2]):
        if 4 <= len(text.strip()) <= 40 and not re.search(r"[。；，]", text) and _YEAR_WORDS.search(fold(text)):
            return index
    return None


def find_period(title: str, body: Sequence[str]) -> str | None:
    """The EDTF year or interval of the title; without one, the year the opening paragraphs speak of most."""
    found = _period(fold(title))
    if found:
        return found
    years = Counter(chinese_year(m["first"]) for text in body[:12] for m in _YEAR_WORDS.finditer(fold(text)) if m["kind"] != "学年")
    opening = next((m for text in body[:3] for m in [_YEAR_WORDS.match(fold(text).lstrip())] if m), None)
    if opening:
        return _period(opening.group())
    return str(years.most_common(1)[0][0]) if years else None


def _period(text: str) -> str | None:
    found = _YEAR_WORDS.search(text)
    if not found:
        return None
    first = chinese_year(found["first"])
    last = chinese_year(found["last"]) if found["last"] else None
    if "学年" in found["kind"]:
        return f"{first}-09/{(last or first + 1)}-08"
    if last is not None and last > first:
        return f"{first}/{last}"
    half = _HALF.search(text, found.end() - 3)
    if half and half.start() <= found.end() + 1:
        if half[1]:
            return f"{first}-01/{first}-06" if half[1] == "上半年" else f"{first}-07/{first}-12"
        quarter = "一二三四".find(half[2]) + 1 or int(half[2])
        return f"{first}-{3 * quarter - 2:02}/{first}-{3 * quarter:02}"
    return str(first)


def find_organization(title: str, above: Sequence[str], body: Sequence[str], profile: str | None) -> str | None:
    """The reporting institution: from the title, the lines above it, the opening sentence, the profile or the signature."""
    candidates = [_from_title(title), *(_whole_name(line) for line in above), *(_from_opening(text) for text in body[:3]), profile]
    candidates += [_whole_name(text) for text in reversed(body[-4:])]
    found = [name for name in candidates if name]
    strong = next((name for name in found if _STRONG.search(name)), None)
    return strong or (found[0] if found else _most_named(body))


def _from_title(title: str) -> str | None:
    text = re.sub(r"[（(][^）)]*[）)]", lambda m: "" if _YEAR_WORDS.search(fold(m.group())) else m.group(), fold(title))
    text = _YEAR_WORDS.sub("|", text)
    words = text.split()
    if len(words) > 1 and all(len(word) >= _WORD for word in words):  # a motto before the name, not letters set apart
        text = "|".join(words)
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"^.*?关于(?:报送|印发|上报)", "", text)
    text = re.split(r"关于|[|]?(?:上半年|下半年|[一二三四]季度)", text)[0] if re.match(r"[^|]+(?:关于)", text) else text
    parts = [part for piece in text.split("|") for part in _SLOGAN.split(piece)[::-1]]  # 凝心聚力　再谱新篇——某市图书馆2023年工作总结
    for part in filter(None, parts):
        part = re.sub(rf"(?:年度|全年)?(?:的|党建|业务|综合|主要)?{_KINDS}.*$", "", part).strip("的：:《》“”、-—")
        name = _whole_name(part)
        if name:
            return name
    return None


def _whole_name(text: str) -> str | None:
    """`text` itself where it is the name of an institution and nothing else."""
    line = _SECOND_NAME.sub("", re.sub(r"\s+", "", text))
    if not 3 <= len(line) <= 30 or re.search(r"[，。；：、“”《》\d]", line):
        return None
    return line if line.endswith(_INSTITUTION) else None


def _from_opening(text: str) -> str | None:
    line = re.sub(r"\s+", "", fold(text)[:80])
    line = re.sub(rf"^{_YEAR_PLAIN}[，,]?", "", line)
    if re.match(r"本(?:报告|馆|单位|年|文|局|院|次)|我[馆市县局院区]|根据|按照|为了?|在|由|据|经(?!开|济)|依据|从|对|今年|一年|各|全[市县区省国]", line):
        return None
    found = re.match(rf"([\u3400-\u9fff（）·]{{2,28}}?(?:{'|'.join(sorted(_INSTITUTION, key=len, reverse=True))})){_OPENING_VERBS}", line)
    return found.group(1) if found else None


def _most_named(body: Sequence[str]) -> str | None:
    """The institution most often named in full, at least three times; None also where looking takes too long."""
    import regex

    named = regex.compile(rf"(?<![\u3400-\u9fff])([\u3400-\u9fff]{{1,8}}[省市县区州旗盟][\u3400-\u9fff]{{0,8}}(?:{'|'.join(_NAMED)}))")
    try:
        names = Counter(found.group(1) for text in body for found in named.finditer(text[:_SEARCHED], timeout=_SECONDS))
    except TimeoutError:
        return None
    name, count = names.most_common(1)[0] if names else ("", 0)
    return name if count >= 3 else None

"""How the names of parts divide a whole: by one mark or by several, and whether nothing can be missing.

纸质 and 电子 divide by carrier, 少儿 and 成人 by reader: parts named by different marks may overlap, so their sum may
exceed the whole. 上半年 and 下半年, or a last part called 其他, leave nothing out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKS = (
    "纸质|纸本|电子|数字|期刊|报刊|图书|古籍|视听|音像|缩微|绘本|连环画|善本",
    "少儿|儿童|少年|成人|老年|青年|未成年|学生|小读者|残疾|视障|盲人",
    "中文|外文|英文|蒙古?文|藏文|维文|朝文|日文|双语",
    "购置|采购|购买|新购|征购|订购|捐赠|受赠|赠送|交换|复制|装订|征集|接收|移交|呈缴|调拨|自建|捐献",
    "财政|事业收入|经营|上级补助|自筹|社会资金|其他收入|基本支出|项目支出",
    "线上|线下|网络|现场|到馆|到宫|馆内|馆外|直播",
    "讲座|展览|培训|沙龙|比赛|竞赛|演出|征文|诵读|故事会|讲读|观影|放映",
    "上半年|下半年|季度|[一二三四五六七八九十\\d]月|寒假|暑假|春季|秋季|夏季|冬季",
    "总馆|分馆|主馆|校区|分宫|服务点|流通点|书屋|借阅点",
    "国家级|省级|自治区级|市级|区级|县级|校级|省部级|厅级|国际级|地市级|中央",
    "小学|初中|高中|职高|幼儿园|幼教",
    "特级|一级|二级|三级|一等|二等|三等|金奖|银奖|铜奖|优秀奖|特等",
    "男|女",
    "专业技术|管理岗|管理人员|工勤|专任教师",
    "正高|副高|高级|中级|初级|研究馆员|职称|助理馆员|馆员",
    "本科|大专|专科|研究生|硕士|博士|学历|学位|中专|高中",
    "在编|事业编制|编外|外聘|聘用|聘任|合同制|临时|劳务派遣|编制|人事代理",
    "党员|团员|群众|民主党派",
    "岁",
    "境外|境内|国内|国外|外地|本地|港澳台|外籍",
    "绘本|儿童文学|低幼|文学|历史|科普|艺术|哲学|社科|自然科学|音乐|舞蹈|声乐|书画|美术|戏剧|曲艺|摄影|书法|绘画|体育|科技|人文|语言",
)
_FAMILIES = tuple(re.compile(words) for words in _MARKS)

_TIMES = (("上半年", "下半年"), ("一季度|第1季度", "二季度", "三季度", "四季度"), ("春季", "夏季", "秋季", "冬季"))
_WHOLES = (
    *_TIMES, ("男", "女"), ("线上|网络", "线下|现场|到[馆宫]"), ("总馆|主馆", "分馆"), ("中文", "外文"), ("纸质|纸本", "电子|数字"), ("国内|境内", "国外|境外"),
    ("未成年|少儿", "成年人|成人"), ("在编|编内", "编外|聘用|合同"), ("馆内", "馆外"),
    ("基本支出", "项目支出"), ("一等奖", "二等奖", "三等奖"), ("金奖", "银奖", "铜奖"), ("原创", "引进"), ("财政", "其他|事业|自筹"),
)  # fmt: skip
DIVIDED = re.compile("季|半年|月|" + "|".join(pair[0] for pair in _WHOLES if len(pair) == 2))
"""The names of first halves: without one no list is two halves."""
_OTHERS = re.compile(r"其[他它余]|及其他|剩余|其余")
_GRADES = ("国家级", "省级|自治区级|直辖市级", "市级|地级|盟级", "县级|区级|旗级")
_ABOVE = re.compile(r"(国家|省|自治区|市|县|区|旗)级及?以上")


def overlapping(labels: Sequence[str]) -> bool:
    """Whether two of the names divide the whole by different marks, so that one thing may be counted in both. A word
    that both share (图书 in 少儿图书 and 外文图书) tells them not apart."""
    found = [{n: hit.group() for n, family in enumerate(_FAMILIES) if (hit := family.search(label))} for label in labels]
    return any(_crossed(a, b) for n, a in enumerate(found) for b in found[n + 1 :])


def _crossed(a: dict[int, str], b: dict[int, str]) -> bool:
    if any(a[mark] != b[mark] for mark in a.keys() & b.keys()):
        return False
    return bool(a.keys() - b.keys()) and bool(b.keys() - a.keys())


def one_mark(labels: Sequence[str]) -> bool:
    """Whether all the names divide the whole by the same mark."""
    return any(all(family.search(label) for label in labels) for family in _FAMILIES)


def halves(labels: Sequence[str]) -> bool:
    """Whether two names are the two halves of any whole (男 and 女, 线上 and 线下)."""
    return len(labels) == 2 and any(len(pair) == 2 and all(any(re.search(e, label) for label in labels) for e in pair) for pair in _WHOLES)


def closed(labels: Sequence[str], whole: str, *, time: bool = False) -> bool:
    """Whether the names leave nothing out of what `whole` names; with `time`, only parts of the year are asked about."""
    for elements in _TIMES if time else _WHOLES:
        if len(labels) >= len(elements) and all(any(re.search(e, label) for label in labels) for e in elements):
            return not time or len(labels) == len(elements)
    if time:
        return False
    if labels and _OTHERS.search(labels[-1]):
        return True
    if re.search(r"珍贵(?:文物|藏品)", whole) and all(any(grade in label for label in labels) for grade in ("一级", "二级", "三级")):
        return True
    above = _ABOVE.search(whole)
    if above is None:
        return False
    lowest = next((n for n, grade in enumerate(_GRADES) if above[1] + "级" in grade), -1)
    return lowest >= 0 and all(any(re.search(grade, label) for label in labels) for grade in _GRADES[: lowest + 1])

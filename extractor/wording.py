"""Words around a number that bear on what it counts, whatever the indicator: connectors, verbs of gain and loss,
parts of the institution, averages, plans.

All of them are plain lists tested against short strings; what belongs to one indicator stands in rules/indicators/.
"""

from __future__ import annotations

import re

_CHANGES = (
    "增", "增加", "增长", "增多", "升", "上升", "攀升", "提升", "提高", "跃升", "跃", "扩", "扩大", "扩充", "扩容", "扩展", "扩建", "扩增", "发展", "壮大", "延长", "延伸", "拓展", "充实", "丰富",
    "猛增", "激增", "陡增", "飙升", "涨", "上涨", "回升", "恢复", "降", "下降", "回落", "减", "减少", "缩减", "压减", "压缩", "压降", "精简", "跌", "下跌", "跌落", "锐减", "骤减", "骤降", "下滑", "下调",
    "缩短", "调整", "稳定", "维持", "保持", "控制", "上调", "扩张", "增补", "涨", "冲", "减员", "增员", "精减", "核减",
)  # fmt: skip
REACHED = tuple(change + goal for change in _CHANGES for goal in ("到", "至", "为", "成", "在", "到了"))
"""What a number grew or fell to: the amount follows, not the difference."""

HEDGES = (
    "已经", "已", "均", "共", "仅", "达到了", "达到", "达", "突破了", "突破", "增至", "降至", "升至", "为", "是", "有", "了", "至", "到", "由",
    "保持在", "近", "约", "超过", "超", "逾", "的", "：", ":", "“", "”", " ", "　", "）", ")", "共计", "合计", "总计", "累计", "总共", "共有",
    "高达", "多达", "分别", "则", "大约", "约计", "共计有", "只有", "仅有", "现有", "已达", "已有", "尚有", "只", "不过", "就有", "就", "便有", "实有", "仍", "仍有", "将", "凡", "力争", "拟", "计划", "争取", "预计", "确保", "目标", "要", "占", "占有", "占了其中的", "占其中的", "占了", "也", "亦", "现为", "现达", "现计", "计有", "现存", "现藏", "存有", "尚存", "收藏有",
    *REACHED,
)  # fmt: skip
"""What may stand between a noun and its number without being part of any noun."""

CONNECTORS = (*HEDGES, "存量", "总存量", "保有量", "拥有量", "工作", "任务", "规模", "总数量", "总数", "数量", "个数", "总量", "数", "计")
"""The same with the words that close a noun: taken off where the noun is not found with them."""

VERBS = (
    "举办", "开展", "组织", "举行", "推出", "接待", "开设", "开办", "开讲", "完成", "提供", "服务", "实现", "全年", "本年", "今年", "年内", "年度", "先后", "一年来",
    "办", "开", "开出", "办起", "搞", "做", "主办", "承办", "联办", "共办", "办成", "到账", "到位", "落实", "下达", "拨付", "实支", "实付", "列支", "花费", "花去", "用去", "实际", "达标", "挂牌", "新挂牌", "新授牌", "新建成", "授牌", "建成", "创建", "全馆", "我馆", "本馆",
)  # fmt: skip
"""Verbs and adverbs that may stand between a noun and its number: 公益讲座全年举办30场."""

GAIN = (
    "新增", "新购", "新置", "新添", "新办", "新建", "新开", "新设", "新征集", "新入藏", "新收", "增设", "添置", "购置", "购买", "购入", "购进", "采购", "采编", "入藏", "征集",
    "订购", "订阅", "征订", "新招", "招聘", "引进", "净增", "接受", "接收", "受赠", "捐赠", "赠送", "获赠", "年增",
)  # fmt: skip
"""Verbs of gain: what they govern came in during the year and is no holding."""

MOVE = (
    "配送", "调配", "流动", "下架", "上架", "剔除", "剔旧", "注销", "报废", "修补", "修复", "清点", "移库", "倒架", "转移", "移交", "展出", "交换", "更换", "改造", "借出",
    "外借", "借阅", "借还", "下载", "数字化", "影印", "印制", "编印", "编目", "加工", "登记", "普查", "开放", "流通", "阅览图书",
)  # fmt: skip
"""Verbs of use: what they govern was moved, lent or worked on, and is no holding."""

_ROOMS = ("处", "室", "部", "区", "台", "证", "卡", "架", "厅", "机", "面积")
STANDING = ("馆藏", "现有", "共有", "拥有", "现存", "累计", "总量", "总数", "总藏量", "达到", "保存")
"""Words that say how much there is: they end the rule of a verb of gain before them in a list."""

GROWTH = ("增加", "增长", "减少", "下降", "净增", "提高", "上升", "回落", "多", "多出", "少", "增幅", "增加了", "增长了", "减少了", "下降了", "净增加", "同比增", "同比降", "增", "减")
YEARLY = ("全年", "今年", "本年", "年内", "当年", "年度", "一年来", "这一年", "新办", "新增", "新发", "新注册")
STANDING_DATE = ("截至", "截止", "目前", "现已", "年底", "年末", "累计", "至今", "历年")
TRENDS = (
    "不降反升", "稳中有升", "稳步增长", "稳步提升", "稳步上升", "稳步攀升", "持续增长", "持续上升", "持续攀升", "持续走高", "逐年上升", "逐年递增", "逐年增长", "大幅增长", "大幅提升", "大幅上升",
    "大幅下降", "明显增长", "明显增加", "明显提升", "明显提高", "明显下降", "明显回升", "快速增长", "较快增长", "显著提升", "显著增长", "显著提高", "有所增长", "有所增加", "有所下降", "有所回落",
    "有所上升", "有所减少", "有所提高", "继续增长", "继续保持增长", "再创新高", "创历史新高", "创新高", "屡创新高", "再上新台阶", "迈上新台阶", "再上台阶", "恢复性增长", "逐步回升", "回升", "双增长", "基本持平",
    "略有下降", "略有增长", "略有上升", "稳定增长", "平稳增长", "实现增长", "实现新突破", "实现突破", "连年增长", "又创新高",
)
"""What may be said of a figure before its number comes in the next clause: 总服务人次不降反升，达到51.7万."""
EXCEPTED = re.compile(r"除了?[^，。；]{1,40}?(?:以外|之外|除外|外(?=[，,天]))")
"""What is left out of account, which says nothing of the number behind it: 除春节假期外，全年开放307天."""
PLANS = ("计划", "拟", "力争", "争取", "打算")
"""Words of a plan: they keep nothing out of a figure that is told as a later year's anyway."""
HISTORIC = ("建馆以来", "开馆以来", "成立以来", "开放以来", "有史以来", "历年来", "历年累计", "历年共", "多年来", "近年来", "十年来", "五年来", "三年来", "五年间", "五期间", "五”期间")
_TREND = re.compile(
    r"(?:(?:与|同|和|较|比)(?:上一?|去|前|往)(?:年|一年|年度)(?:同期|底|末)?(?:基本|大体|大致|总体)?(?:持平|相当|相同|一致|相仿|不相上下)?"
    r"|(?:逆势|不减反|不降反|持续|稳步|明显|大幅|小幅|略有?|有所|显著|快速|继续|逐年|再|又|微)?"
    r"(?:反升|上扬|走高|走低|回暖|下滑|腰斩|锐减|大减|骤降|骤减|猛增|激增|大增|翻番|翻了一番|上涨|攀升|增长|增加|上升|提升|提高|下降|减少|回升|回落|扩大|下跌)"
    r"|占[^，、]{1,8})$"
)
_OTHERS = re.compile(
    r"(?:^|[^与和同向为待及对给请到赴])(?:兄弟|同级|同类|外地|周边|邻近|其他|别的|外校|外馆)(?:院校|高校|县市|市县|地区|省市)?的?(?:图书馆|文化馆|博物馆|单位|院校|高校|馆)"
    r"|收藏单位|图书馆\d+[家个所座]|\d+[家个所座](?:公共|县级|市级|区级|县区|成员|高校|各类)?(?:图书馆|文化馆|博物馆|成员馆|县级馆)"
)
_ONCE = ("单日", "当日", "当天", "首日", "首批", "首月", "首次", "单场", "单次", "最高", "最多", "高峰", "其间", "期间", "假期", "黄金周", "当月", "现场", "延时", "夜间")
_NARROW = (
    "国家级", "省级", "市级", "县级", "区级", "集体", "家庭", "少儿", "少年儿童", "儿童", "亲子", "青少年", "老年", "老年人", "视障", "盲人", "残疾人", "外文", "自助", "流动", "周末",
    "盲文", "有声", "特殊群体", "残障", "上半年", "下半年", "一季度", "二季度", "三季度", "四季度", "寒假", "暑假", "暑期", "寒暑假", "专项", "其他", "部分",
)  # fmt: skip
_SUBSET = re.compile(r"(?:岁(?:及)?(?:以[上下内])?|以[上下内]|学历|学位|文化程度|女性|男性|少数民族|年龄段|党员身份)的$|\d岁(?:及)?以[上下]$|学历$|女性$|少数民族$")
"""Which of the people are meant: 30岁以下的, 本科以上学历的."""
_AVERAGE = re.compile(r"平均|[日月年天周场人生户馆期次站所校县镇乡村班院]均(?!衡|为|已|由|有|可|能|按|免|在|以)|每(?!周开|周平均开|年)[人天日周月季场次期册万千百户馆个名家]|每一|户均")
_PLANNED = re.compile(r"计划(?=[^的内外任指书项，。、；完投列管])|力争|拟(?!定|订|态)|预计|预期|规划(?=[建藏总面]|$)|还需|尚需|即将|拟新|争取达")
_CAPACITY = re.compile(r"设计(?=藏|馆|座|容|建|总)|只能|尚缺|仍缺|总投资|在建|待建|容纳|[可能](?=藏书|容书|容纳|存书|存放|藏图书)")
_PART = re.compile(
    r"分馆(?!制|建设|体系)|(?:借阅|阅览|外借|服务|体验|自习|展示|活动)[区室](?!座|坐|席|面|数)|农家书屋|城市书[屋房吧]|书[屋房吧](?!座)|驿站|服务[点站]|流通[点站]|文化站|小程序|公众号|展区|"
    r"(?<!图书)(?:少儿|儿童|盲人|视障|老|旧|南|北|东|西|自助)馆(?!员|藏|际|舍改)|新馆(?!员|藏|际|舍改|开馆|启用|落成|建成|投用|投入|搬迁|开放[后以])|自助图书馆|24小时|(?:少儿|流通|期刊|报刊|采编|特藏|参考|外借|借阅|阅览)部(?![门署分])|展厅接待|新校区|校区"
)
_FESTIVAL = re.compile(r"(?:读书|文化|艺术|阅读|科普|书香|电影|合唱|宣传|服务|活动|博物馆|图书馆|文化遗产|体验)(?:节(?!目|约|能|日)|周(?!期|边|报|末|年|[一二三四五六日])|月(?!报|份)|日(?!历|报|常|前|均|程))")
_NEW = re.compile(r"新(?!馆|区|城|书|华|型|时代|媒体|校|闻|中国|一|世纪|春|年)|增加(?!到|至)")
_WHOLE = ("我馆", "本馆", "全馆", "全市", "全县", "全区", "全省", "组成", "我院", "我校", "全校", "现有馆舍")
_COUNTED = re.compile(r"[个家处所座]\S{0,6}$")
_COUNT_BEHIND = re.compile(r"(?:[、和及与][\u4e00-\u9fff]{2,8})?(?:总数|数量|共计|共|达到|达|有|为|增至|各)*\s*\d")


def without(words: str, endings: tuple[str, ...]) -> str:
    """`words` with all `endings` taken off its end."""
    at = len(words)
    while at and words.endswith(endings, 0, at):
        at -= max(len(ending) for ending in endings if words.endswith(ending, 0, at))
    return words[:at]


def bare(words: str) -> str:
    """`words` without what may stand between a noun and its number."""
    return without(words, CONNECTORS)


def governed(words: str, verbs: tuple[str, ...]) -> bool:
    """Whether one of the verbs stands in `words`, not as part of a room or card (外借处, 借阅证)."""
    for verb in verbs:
        at = words.find(verb)
        if at >= 0 and not words.startswith(_ROOMS, at + len(verb)):
            return True
    return bool(_NEW.search(words))


def is_change(words: str) -> bool:
    """Whether the words end with a verb of growth: what follows is a difference (比上年增加6000册)."""
    return words.endswith(GROWTH) and not words.endswith(GAIN)


def narrowed(residue: str) -> bool:
    """Whether the words before a phrase make it a share, an average, a single day's or a plan's figure."""
    return residue.rstrip("的 ").endswith(_NARROW) or bool(_SUBSET.search(residue)) or any(word in residue for word in _ONCE) or bool(_AVERAGE.search(residue))


def planned(words: str, later: bool = False) -> bool:
    """Whether the words speak of what is not there yet, or only has room; of a figure that is told as a later year's, the
    latter only."""
    return bool(_CAPACITY.search(words) or (not later and _PLANNED.search(words)))


def of_others(words: str) -> bool:
    """Whether the words before a phrase have other institutions for their subject (兄弟馆, 全市12家图书馆)."""
    found = [*_OTHERS.finditer(words)]
    return bool(found) and not any(whole in words[found[-1].end() :] for whole in ("我馆", "本馆", "全馆"))


def subject_of(clause: str) -> str:
    """The clause without what it says of how its number moved (稳步增长, 与上年持平): its subject; the clause itself
    where it says nothing of the kind."""
    words = without(clause.rstrip(), TRENDS)
    return _TREND.sub("", words)


def of_the_whole(words: str) -> bool:
    """Whether the words name the whole institution (我馆, 全馆)."""
    return any(whole in words for whole in _WHOLE)


def of_a_part(words: str) -> bool:
    """Whether the words before a phrase have a part of the institution for their subject (分馆, 少儿借阅区) or one
    festival (读书节), not where they only count such parts (建成分馆12个) or return to the whole (我馆)."""
    if words.rstrip("年全外接到借").endswith("总馆"):
        return True  # beside its branches the main library is a part; of the whole it would say 全馆 or 我馆
    festival = _FESTIVAL.search(words)
    if festival and not any(whole in words[festival.end() :] for whole in (*_WHOLE, *YEARLY)):
        return True
    for part in _PART.finditer(words):
        if words.endswith("总", 0, part.start()) or _COUNT_BEHIND.match(words, part.end()):
            continue
        if _COUNTED.search(words[max(0, part.start() - 8) : part.start()]) and re.search(r"\d", words[max(0, part.start() - 12) : part.start()]):
            continue
        if any(whole in words[part.end() :] or (whole == "组成" and whole in words) for whole in _WHOLE):
            continue
        return True
    return False

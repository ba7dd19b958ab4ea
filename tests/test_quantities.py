"""The quantity recogniser by class of wording, and properties that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import find_quantities
from extractor.numerals import parse

Case = tuple[str, str, float, float | None, float | None, str, str | None]


def only(text: str) -> tuple[str, float, float | None, float | None, str, str | None]:
    found = find_quantities(text)
    assert len(found) == 1, [q.raw for q in found]
    q = found[0]
    return q.raw, q.value, q.low, q.high, q.hedge, q.unit


# text, raw, value, low, high, hedge, unit
EXACT: list[Case] = [
    ("新办借书证2153个", "2153个", 2153, 2153, 2153, "exact", "个"),
    ("购置图书1300册", "1300册", 1300, 1300, 1300, "exact", "册"),
    ("外借10,666册", "10,666册", 10666, 10666, 10666, "exact", "册"),
    ("外借10，666册", "10，666册", 10666, 10666, 10666, "exact", "册"),
    ("购书7 620册", "7 620册", 7620, 7620, 7620, "exact", "册"),
    ("参加读者１２６名", "１２６名", 126, 126, 126, "exact", "人"),
    ("选手3位", "3位", 3, 3, 3, "exact", "人"),
    ("举办三场讲座", "三场", 3, 3, 3, "exact", "场"),
    ("两名馆员", "两名", 2, 2, 2, "exact", "人"),
    ("参加者一千二百三十五人", "一千二百三十五人", 1235, 1235, 1235, "exact", "人"),
    ("善本三百一十二册", "三百一十二册", 312, 312, 312, "exact", "册"),
    ("支出25万7134元", "25万7134元", 257134, 257134, 257134, "exact", "元"),
    ("经费壹佰贰拾元", "壹佰贰拾元", 120, 120, 120, "exact", "元"),
    ("廿五人到会", "廿五人", 25, 25, 25, "exact", "人"),
    ("办结率100%", "100%", 100, 100, 100, "exact", "%"),
    ("办结率１００％", "１００％", 100, 100, 100, "exact", "%"),
    ("增长百分之八", "百分之八", 8, 8, 8, "exact", "%"),
    ("整改率百分之百", "百分之百", 100, 100, 100, "exact", "%"),
    ("下降3个百分点", "3个百分点", 3, 3, 3, "exact", "百分点"),
    ("三成是新读者", "三成", 30, 30, 30, "exact", "%"),
    ("三分之一的展品", "三分之一", 33.333333, 33.333333, 33.333333, "exact", "%"),
    ("收入翻了一番", "翻了一番", 2, 2, 2, "exact", "倍"),
    ("产量翻两番", "翻两番", 4, 4, 4, "exact", "倍"),
    ("连续奋战18个小时", "18个小时", 18, 18, 18, "exact", "小时"),
    ("暑假两个月", "两个月", 2, 2, 2, "exact", "个月"),
    ("最小的6岁", "6岁", 6, 6, 6, "exact", "岁"),
    ("建筑面积3860㎡", "3860㎡", 3860, 3860, 3860, "exact", "平方米"),
    ("面积300平米", "300平米", 300, 300, 300, "exact", "平方米"),
    ("藏品48,326件/套", "48,326件/套", 48326, 48326, 48326, "exact", "件/套"),
    ("客单价35元/间夜", "35元/间夜", 35, 35, 35, "exact", "元/间夜"),
    ("接待团队1,146批次", "1,146批次", 1146, 1146, 1146, "exact", "批次"),
    ("编印论文集一部。", "一部", 1, 1, 1, "exact", "部"),
    ("《湖畔》4期", "4期", 4, 4, 4, "exact", "期"),
    ("连续20年服务", "20年", 20, 20, 20, "exact", "年"),
]
ROUNDED: list[Case] = [
    ("观看3.66万人", "3.66万人", 36600, 36550, 36650, "rounded", "人"),
    ("惠及150万人次", "150万人次", 1500000, 1450000, 1550000, "rounded", "人次"),
    ("容量1.2TB", "1.2TB", 1.2, 1.15, 1.25, "rounded", "TB"),
    ("经费55.5万元", "55.5万元", 555000, 554500, 555500, "rounded", "元"),
    ("支出13271千元", "13271千元", 13271000, 13270500, 13271500, "rounded", "元"),
    ("收入2,864.35万元", "2,864.35万元", 28643500, 28643450, 28643550, "rounded", "元"),
    ("投资560.0亿元", "560.0亿元", 56000000000, 55995000000, 56005000000, "rounded", "元"),
    ("增长3.0%", "3.0%", 3, 2.95, 3.05, "rounded", "%"),
    ("图书三千册", "三千册", 3000, 2500, 3500, "rounded", "册"),
    ("图书一万二千册", "一万二千册", 12000, 11500, 12500, "rounded", "册"),
    ("占百分之三十六点九", "百分之三十六点九", 36.9, 36.85, 36.95, "rounded", "%"),
    ("藏书１８６．４万册", "１８６．４万册", 1864000, 1863500, 1864500, "rounded", "册"),
    ("总藏量61,0328万册", "61,0328万册", 610328, 610327.5, 610328.5, "rounded", "册"),
]
HEDGED: list[Case] = [
    ("举办活动80余场", "80余场", 80, 80, 90, "over", "场"),
    ("借还15.3万余册次", "15.3万余册次", 153000, 153000, 154000, "over", "册次"),
    ("投入50余万元", "50余万元", 500000, 500000, 600000, "over", "元"),
    ("粉丝2万多人", "2万多人", 20000, 20000, 30000, "over", "人"),
    ("笔记百余篇", "百余篇", 100, 100, 200, "over", "篇"),
    ("图书一千余册", "一千余册", 1000, 1000, 2000, "over", "册"),
    ("招募三十余人", "三十余人", 30, 30, 40, "over", "人"),
    ("三百二十余件", "三百二十余件", 320, 320, 330, "over", "件"),
    ("来了20来人", "20来人", 20, 20, 30, "over", "人"),
    ("赠书3千多册", "3千多册", 3000, 3000, 4000, "over", "册"),
    ("活动近400场", "近400场", 400, 300, 400, "under", "场"),
    ("近千名读者", "近千名", 1000, 900, 1000, "under", "人"),
    ("近1.8万人次", "近1.8万人次", 18000, 17000, 18000, "under", "人次"),
    ("接近60人", "接近60人", 60, 50, 60, "under", "人"),
    ("将近两百人", "将近两百人", 200, 100, 200, "under", "人"),
    ("约2260册", "约2260册", 2260, 2250, 2270, "about", "册"),
    ("约1万册", "约1万册", 10000, 9000, 11000, "about", "册"),
    ("大约75分钟", "大约75分钟", 75, 74, 76, "about", "分钟"),
    ("25册次左右", "25册次左右", 25, 24, 26, "about", "册次"),
    ("600张上下", "600张上下", 600, 500, 700, "about", "张"),
    ("超5200小时", "超5200小时", 5200, 5200, None, "at_least", "小时"),
    ("关注用户超过6200人", "超过6200人", 6200, 6200, None, "at_least", "人"),
    ("逾3万册", "逾3万册", 30000, 30000, None, "at_least", "册"),
    ("突破1100万人次", "突破1100万人次", 11000000, 11000000, None, "at_least", "人次"),
    ("不少于450场", "不少于450场", 450, 450, None, "at_least", "场"),
    ("至少3次", "至少3次", 3, 3, None, "at_least", "次"),
    ("不低于15%", "不低于15%", 15, 15, None, "at_least", "%"),
    ("满意率在95%以上", "95%以上", 95, 95, None, "at_least", "%"),
    ("上百名学生", "上百名", 100, 100, None, "at_least", "人"),
    ("过千人次", "过千人次", 1000, 1000, None, "at_least", "人次"),
    ("不足七成", "不足七成", 70, None, 70, "at_most", "%"),
    ("不到300人", "不到300人", 300, None, 300, "at_most", "人"),
    ("最多5册", "最多5册", 5, None, 5, "at_most", "册"),
    ("不超过30人", "不超过30人", 30, None, 30, "at_most", "人"),
    ("误差在1%以内", "1%以内", 1, None, 1, "at_most", "%"),
    ("约50余人", "约50余人", 50, 50, 60, "over", "人"),
    ("近30余人", "近30余人", 30, 20, 30, "under", "人"),
    ("超过20余次", "超过20余次", 20, 20, None, "at_least", "次"),
    ("占六成多", "六成多", 60, 60, 70, "over", "%"),
    ("近三成", "近三成", 30, 20, 30, "under", "%"),
]
RANGES: list[Case] = [
    ("每年3-5次", "3-5次", 3, 3, 5, "range", "次"),
    ("每年3—5次", "3—5次", 3, 3, 5, "range", "次"),
    ("10~20人参加", "10~20人", 10, 10, 20, "range", "人"),
    ("50至60人", "50至60人", 50, 50, 60, "range", "人"),
    ("五十至六十人", "五十至六十人", 50, 50, 60, "range", "人"),
    ("6万至7万册", "6万至7万册", 60000, 60000, 70000, "range", "册"),
    ("3至5万元", "3至5万元", 30000, 30000, 50000, "range", "元"),
    ("60平方米至80平方米", "60平方米至80平方米", 60, 60, 80, "range", "平方米"),
    ("集中在三四十元", "三四十元", 30, 30, 40, "range", "元"),
    ("七八百名群众", "七八百名", 700, 700, 800, "range", "人"),
    ("七、八千人", "七、八千人", 7000, 7000, 8000, "range", "人"),
    ("几十人", "几十人", 20, 20, 99, "range", "人"),
    ("数百册", "数百册", 200, 200, 999, "range", "册"),
    ("几千册", "几千册", 2000, 2000, 9999, "range", "册"),
    ("十几个村", "十几个", 11, 11, 19, "range", "个"),
    ("二十几人", "二十几人", 21, 21, 29, "range", "人"),
]


@pytest.mark.parametrize("case", EXACT + ROUNDED + HEDGED + RANGES, ids=lambda case: case[0])
def test_what_the_words_allow(case: Case) -> None:
    assert only(case[0]) == case[1:]


@pytest.mark.parametrize(
    ("text", "raws"),
    [
        ("各类文献8647种10666册", ["8647种", "10666册"]),
        ("纸质图书1 530种31 268册", ["1 530种", "31 268册"]),
        ("由60平方米扩大到150平方米", ["60平方米", "150平方米"]),
        ("由18人发展到47人", ["18人", "47人"]),
        ("一等奖5名、二等奖10名", ["5名", "10名"]),
        ("志愿者265人，全年服务超5200小时", ["265人", "超5200小时"]),
        ("年龄跨度从6岁到78岁", ["6岁", "78岁"]),
        ("12万册（件）、3000余种", ["12万册（件）", "3000余种"]),
    ],
)
def test_several_numbers_stay_apart(text: str, raws: list[str]) -> None:
    assert [q.raw for q in find_quantities(text)] == raws


@pytest.mark.parametrize(
    "text",
    [
        # dates and times
        "2021年3月5日", "9月23日，24日", "2019-04-23", "2019.5.18", "1—3月", "2020—2021年", "二〇一九年四月", "8时30分至17时50分", "19:30闭馆", "3月份",
        # ordinals and grades
        "第四届读书节", "第二批名录", "第12个世界读书日", "一等奖", "国家一级图书馆", "二级文物", "记三等功",
        # names
        "建党100周年", "二十四节气", "84消毒液", "庆“三八”", "4·23世界读书日", "“十四五”规划", "党的十九大", "80后青年", "5G导览", "3D打印", "两个维护", "四个意识", "三会一课",
        # reading circles, rooms, floors, documents, telephones
        "15分钟阅读圈", "24小时书屋", "24小时值班", "五楼报告厅", "3楼展厅", "12号文件", "文旅〔2021〕12号", "电话0391-3930221", "GB/T 33190", "A4纸", "COVID-19",
        # articles and idioms
        "一个平台", "一批先进", "每天一次", "为期一周", "一年来", "千家万户", "三五成群", "四面八方", "海峡两岸", "一方面", "统一部署", "一站式服务", "万方数据", "百姓舞台",
    ],
)  # fmt: skip
def test_what_is_no_quantity(text: str) -> None:
    assert [q.raw for q in find_quantities(text) if q.unit] == []


@pytest.mark.parametrize("text", ["附近3个社区", "节约5万元", "预约300人次", "签约3家单位", "线上100场活动", "经过3次整改"])
def test_a_word_that_ends_like_a_hedge_is_none(text: str) -> None:
    assert all(q.hedge in ("exact", "rounded") for q in find_quantities(text))


def test_a_bare_number_has_no_unit() -> None:
    assert [(q.raw, q.unit) for q in find_quantities("年惠及读者人次达到150万")] == [("150万", None)]


def chinese_numeral(number: int) -> str:
    """`number` in Chinese, written independently of the parser: four digits a group."""
    digits = "零一二三四五六七八九"
    if number == 0:
        return "零"
    groups, out, gap = [], "", False
    while number:
        groups.append(number % 10000)
        number //= 10000
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            out, gap = (out + "亿" if index == 2 and out else out), bool(out)
            continue
        if out and (gap or group < 1000):
            out += "零"
        part, zero = "", False
        for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = group // place % 10
            if digit:
                part, zero = part + ("零" if zero else "") + digits[digit] + name, False
            elif part:
                zero = True
        out, gap = out + part + ("", "万", "亿", "万")[index], False
    return out


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_round_trip(number: int) -> None:
    assert parse(chinese_numeral(number)) == number


@given(st.integers(1, 10**9), st.sampled_from(["册", "人次", "场", "平方米", "元"]))
def test_arabic_numerals_keep_their_value(number: int, unit: str) -> None:
    for written in (f"{number}", f"{number:,}"):
        found = find_quantities(f"共{written}{unit}。")
        assert [(q.raw, q.value, q.low, q.high, q.unit) for q in found] == [(f"{written}{unit}", number, number, number, unit)]


NOISE = "一二三十百千万亿余多近约超几数第年月日号个人名册次场期元％%.,，、—-（）()0123456789 至到以上左右成倍分之翻番半两"


@given(st.text(alphabet=NOISE, max_size=60))
def test_spans_slice_and_intervals_hold_the_value(text: str) -> None:
    end = 0
    for q in find_quantities(text):
        assert text[q.start : q.end] == q.raw and q.start >= end
        assert q.low is None or q.low <= q.value
        assert q.high is None or q.high >= q.value
        end = q.end


@pytest.mark.parametrize("unit", ["一", "9", "余", "、", "1,", "月日", "（", "百", "翻", "几", "分之", "1-", "1 "])
def test_hostile_repetition_is_read_to_the_end(unit: str) -> None:
    find_quantities(unit * 20000)

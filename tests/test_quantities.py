"""The quantity recogniser by class of wording, and properties that hold for any text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import find_quantities
from extractor.folding import fold
from extractor.model import Hedge
from extractor.numerals import parse

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "quantity_cases.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['class']}: {case['text']}")
def test_the_table(case: dict[str, Any]) -> None:
    """Every quantity of the text, and no other, with the interval its words allow."""
    expected = [(e["raw"], e["value"], e.get("low"), e.get("high"), e["hedge"], e.get("unit")) for e in case["expected"]]
    assert [(q.raw, q.value, q.low, q.high, q.hedge, q.unit) for q in find_quantities(case["text"])] == expected


def test_the_table_is_sound() -> None:
    """No text twice; every interval holds its value and every raw stands in the text, in order."""
    assert len({case["text"] for case in CASES}) == len(CASES)
    for case in CASES:
        at = 0
        for e in case["expected"]:
            at = case["text"].index(e["raw"], at) + len(e["raw"])
            assert e.get("low", e["value"]) <= e["value"] <= e.get("high", e["value"]), case


def documented() -> list[list[str]]:
    """The rows of the interval table in docs/quantities.md: wording, example, low, high, hedge."""
    page = (Path(__file__).parents[1] / "docs" / "quantities.md").read_text(encoding="utf-8")
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")]
    return [row for row in rows[2:] if len(row) == 5]


@pytest.mark.parametrize("row", documented(), ids=lambda row: row[1])
def test_the_documented_intervals(row: list[str]) -> None:
    (found,) = find_quantities(f"共有{row[1]}。")
    assert [found.raw, "open" if found.low is None else f"{found.low}", "open" if found.high is None else f"{found.high}", found.hedge] == row[1:]


def test_every_hedge_is_documented() -> None:
    assert {row[4] for row in documented()} == set(get_args(Hedge))


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


NOISE = "一二三十百千万亿余多近约超几数第年月日号个人名册次场期元％%.,，、—-（）()0123456789 至到以上左右成倍分之翻番半两对折又角打负￥$兆点零壹拾\n"


@given(st.text(alphabet=NOISE, max_size=60))
def test_spans_slice_and_intervals_hold_the_value(text: str) -> None:
    end = 0
    for q in find_quantities(text):
        assert text[q.start : q.end] == q.raw and q.start >= end
        assert q.low is None or q.low <= q.value
        assert q.high is None or q.high >= q.value
        end = q.end


@given(st.text(max_size=40))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


# Neither a numeral, a hedge, a mark of a range nor anything that joins two numbers.
APART = st.text(alphabet="读者馆文书展览活动，。；！", min_size=1, max_size=12).map(lambda noise: f"，{noise}，")


@given(st.integers(1, 99999), st.sampled_from(["册", "场", "人次"]), APART, st.integers(1, 99999), st.sampled_from(["元", "人", "平方米"]))
def test_noise_between_two_quantities_keeps_both(first: int, unit: str, noise: str, second: int, other: str) -> None:
    found = find_quantities(f"{first}{unit}{noise}近{second}{other}。")
    assert [(q.value, q.unit, q.hedge) for q in found] == [(first, unit, "exact"), (second, other, "under")]


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_a_range_is_one_quantity_only_upwards(low: int, high: int) -> None:
    found = find_quantities(f"每次{low}至{high}册")
    assert [(q.low, q.high) for q in found if q.hedge == "range"] == ([(low, high)] if low < high else [])


@given(st.integers(1, 999), st.integers(1, 9), st.integers(1, 9))
def test_money_to_the_cent_is_one_amount(yuan: int, jiao: int, fen: int) -> None:
    assert [(q.value, q.unit) for q in find_quantities(f"收费{yuan}元{jiao}角{fen}分")] == [(round(yuan + jiao / 10 + fen / 100, 2), "元")]


@pytest.mark.parametrize("unit", ["一", "9", "余", "、", "1,", "月日", "（", "百", "翻", "几", "分之", "1-", "1 ", "一 ", "1又", "百分之", "1元1角", "三、四", "1至", "￥1", "一百 "])
def test_hostile_repetition_is_read_to_the_end(unit: str) -> None:
    find_quantities(unit * 20000)

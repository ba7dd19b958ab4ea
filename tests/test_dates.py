"""What `extractor.dates.find` reads: a table of cases by class, and properties over written dates."""

from __future__ import annotations

import calendar
import datetime
import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor import dates, rules
from extractor.model import Date

ROOT = Path(__file__).parent.parent
CASES = tomllib.loads((ROOT / "tests" / "date_cases.toml").read_text("utf-8"))
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2039, 12, 31))
WORDS = st.lists(
    st.sampled_from(
        (*"年月日号初末底旬上下中前三十至、，。./和起从每第-—", "2021", "3", "12", "30", "二〇一九", "季度", "半年", "今年", "去年", "次日",
         "当月", "年底", "之间", "截至", "\n（", "：", "9:00", "年代", "个月", "上旬", "2019.4.", "2021-03-05", "十月革命", "世纪", "学年", "两", "的", "后", "于1958",
         "五六十", "80", "初五", "个季度", "上半月", "公元")
    ),
    max_size=24,
).map("".join)  # fmt: skip
HOSTILE = ("月日", "9", "一", "年", "（", "9、", "9-", "3月5日", "3月5日-", "2021年", "2021.", "今年", "前三季度", "从3月1日到", "1日、", "80年代", "3月5—", "自3月", "元", " ", "二〇一九", "于1958", "两", "21世纪", "20世纪8", "五六十年代", "2020学年", "2021年的", "去年后3个月", "十月初")


def tables() -> dates.Tables:
    return rules.tables().dates


def find(text: str, year: int | None = None, month: int | None = None, context: Date | None = None, **options: bool) -> list[Date]:
    found = dates.find(text, tables(), year=year, month=month, context=context, **options)
    at = 0
    for date in found:
        assert at <= date.start < date.end and text[date.start : date.end] == date.raw
        assert date.edtf is None or dates.valid(date.edtf), date
        at = date.end
    return found


def cases() -> list[object]:
    return [
        pytest.param(options, *(side.strip() for side in line.rsplit("|", 1)), id=f"{name}: {line}")
        for name, options in CASES.items()
        for line in options["cases"].strip().splitlines()
    ]


@pytest.mark.parametrize(("options", "text", "expected"), cases())
def test_case(options: dict[str, object], text: str, expected: str) -> None:
    found = find(text, **{key: value for key, value in options.items() if key != "cases"})  # type: ignore[arg-type]
    assert "; ".join(f"{d.raw}={d.edtf or '?'}" for d in found) == expected.replace("nothing", "")


DOCUMENTED = re.findall(r"^\| (.+?) \| ((?:\d|null|\.\.)(?:[\dX./-]|null| and )*) \|$", (ROOT / "docs" / "dates.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("text", "expected"), DOCUMENTED)
def test_the_documentation_is_true(text: str, expected: str) -> None:
    assert " and ".join(date.edtf or "null" for date in find(text, year=2021)) == expected


def test_the_documentation_has_examples() -> None:
    assert len(DOCUMENTED) >= 36


def test_the_table_is_large() -> None:
    assert len(cases()) >= 350


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月5日", "XXXX-03-05"), ("2月29日", "XXXX-02-29"), ("3月5日至8日", "XXXX-03-05/XXXX-03-08"),
        ("12月28日至1月3日", "XXXX-12-28/XXXX-01-03"), ("上半年", "XXXX-01/XXXX-06"), ("去年5月", "XXXX-05"),
        ("年底", "XXXX-12"), ("29日你上班吗", "XXXX-XX-29"), ("2021年3月5日", "2021-03-05"), ("2月30日", None),
    ],
)  # fmt: skip
def test_without_a_year(text: str, expected: str | None) -> None:
    assert [d.edtf for d in find(text)] == [expected]


def test_a_year_said_before_holds_where_the_caller_knows_none() -> None:
    assert [d.edtf for d in find("2020年工作总结\n3月5日，开馆\n4月2日，闭馆")] == ["2020", "2020-03-05", "2020-04-02"]


def test_a_new_line_takes_the_callers_year_again() -> None:
    assert [d.edtf for d in find("2020年3月5日，开馆\n4月2日，闭馆", year=2021)] == ["2020-03-05", "2021-04-02"]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("2021工作总结", None, ["2021"]), ("2018 全民阅读", None, ["2018"]), ("2021工作总结", 2021, []), ("2018册", None, []),
        ("2000余册", None, []), ("1499只是一个数字", None, []), ("共2018看", None, []), ("从10日到20日", None, ["XXXX-XX-10/XXXX-XX-20"]),
    ],
)  # fmt: skip
def test_the_head_of_a_text_whose_year_is_not_known(text: str, year: int | None, expected: list[str]) -> None:
    assert [d.edtf for d in find(text, year=year)] == expected


@pytest.mark.parametrize(
    ("text", "inferred"),
    [
        ("2021年3月5日", [()]), ("3月5日", [("year",)]), ("去年", [("year",)]), ("2021年9月23日、24日", [(), ()]),
        ("9月23日、24日", [("year",), ("year",)]), ("3月5日开馆；8日闭馆", [("year",), ("year", "month")]),
        ("2021年3月9日-12日", [()]), ("上半年", [("year",)]),
    ],
)  # fmt: skip
def test_inferred_names_what_was_not_said(text: str, inferred: list[tuple[str, ...]]) -> None:
    assert [d.inferred for d in find(text, year=2021)] == inferred


def test_a_day_under_a_month_heading_infers_both() -> None:
    assert find("8日，开馆", year=2016, month=1)[0].inferred == ("year", "month")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("当日接待20人", "2018-11-30"), ("次日闭幕", "2018-12-01"), ("12月开班", "2018-12"), ("当月完成", "2018-11"),
        ("次月完成", "2018-12"), ("次年验收", "2019"), ("同年5月", "2018-05"), ("2021年5月", "2021-05"), ("去年", "2020"),
    ],
)  # fmt: skip
def test_the_date_an_entry_is_told_under(text: str, expected: str) -> None:
    context = Date(edtf="2018-11-30", raw="", start=0, end=0)
    assert [d.edtf for d in find(text, year=2021, context=context)] == [expected]


def test_figures_are_no_days_in_prose() -> None:
    assert find("4.23开展活动，接待1.5人", year=2021) == []
    assert [d.edtf for d in find("4.23开展活动，接待1.5万人", year=2021, numeric_month_day=True)] == ["2021-04-23"]


def test_every_rule_fires_on_its_examples_only() -> None:
    for rule in rules.load().by_kind["period"]:
        assert isinstance(rule, dates.Period) and rule.examples and rule.rejects, rule.id
        assert [t for t in rule.examples if not dates.period_fires(rule, t, tables())] == []
        assert [t for t in rule.rejects if dates.period_fires(rule, t, tables())] == []


def test_broken_rules_are_named_and_left_out() -> None:
    faults: list[str] = []
    base = {"examples": ("x",)}
    broken = [
        dates.Period(id="a", words=("春耕",), of="year", start="13", end="13", **base),  # type: ignore[arg-type]
        dates.Period(id="b", words=(), of="month", **base),  # type: ignore[arg-type]
        dates.Period(id="c", words=("农忙",), of="year", start="05", **base),  # type: ignore[arg-type]
        dates.Period(id="d", words=("秋收",), of="year", start="09", end="10", **base),  # type: ignore[arg-type]
        dates.Period(id="e", words=("秋收",), of="report", **base),  # type: ignore[arg-type]
    ]
    built = dates.compile_tables(broken, faults)
    assert [fault.split(": ")[1].split("] ")[1] + " " + fault.split(": ")[2] for fault in faults] == [
        "a start", "a end", "b words", "c end", "e words",
    ]  # fmt: skip
    assert [d.edtf for d in dates.find("秋收时节", built, year=2021)] == ["2021-09/2021-10"]
    assert dates.find("2021年春耕", built)[0].edtf == "2021"


# --- properties -------------------------------------------------------------------------------------

HAN_DIGITS = "〇一二三四五六七八九"


def han(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else HAN_DIGITS[tens] + "十") + (HAN_DIGITS[ones] if ones else "")


def wide(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})


SPELLINGS = [
    lambda d: f"{d.year}年{d.month}月{d.day}日", lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}日",
    lambda d: f"{d.year}年{d.month}月{d.day}号", lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    lambda d: f"{d.year}.{d.month}.{d.day}", lambda d: f"{d.year}-{d.month:02d}-{d.day:02d}",
    lambda d: f"{d.year}/{d.month}/{d.day}", lambda d: wide(f"{d.year}年{d.month}月{d.day}日"),
    lambda d: "".join(HAN_DIGITS[int(c)] for c in str(d.year)) + f"年{han(d.month)}月{han(d.day)}日",
]  # fmt: skip


@given(DAYS, st.sampled_from(SPELLINGS), st.sampled_from(["", "，", "（", "于", "我馆"]), st.sampled_from(["", "，开展", "）", "举办"]))
def test_a_day_is_read_back_however_it_is_spelled(day: datetime.date, spell: object, lead: str, rest: str) -> None:
    written = spell(day)  # type: ignore[operator]
    assert [(d.raw, d.edtf) for d in find(lead + written + rest)] == [(written, day.isoformat())]


@given(DAYS, st.integers(0, 400), st.sampled_from(["-", "—", "——", "至", "到", "~", " - "]), st.sampled_from(SPELLINGS[:4] + SPELLINGS[7:]))
def test_a_range_is_read_back(day: datetime.date, length: int, join: str, spell: object) -> None:
    last = day + datetime.timedelta(days=length)
    written = spell(day) + join + spell(last)  # type: ignore[operator]
    expected = day.isoformat() if last == day else f"{day.isoformat()}/{last.isoformat()}"
    assert [(d.raw, d.edtf) for d in find(written)] == [(written, expected)]


@given(DAYS, st.integers(1, 300), st.sampled_from(["-", "—", "至", "到"]))
def test_a_range_without_years_runs_into_the_next_one(day: datetime.date, length: int, join: str) -> None:
    last = day + datetime.timedelta(days=length)
    written = f"{day.month}月{day.day}日{join}{last.month}月{last.day}日"
    assert [(d.raw, d.edtf) for d in find(written, year=day.year)] == [(written, f"{day.isoformat()}/{last.isoformat()}")]


@given(st.lists(DAYS, min_size=1, max_size=6), st.sampled_from(["、", "，", "；", "\n"]))
def test_a_list_stays_separate_dates(days: list[datetime.date], join: str) -> None:
    written = join.join(f"{d.year}年{d.month}月{d.day}日" for d in days)
    assert [d.edtf for d in find(written)] == [d.isoformat() for d in days]


@given(st.integers(2000, 2030), st.integers(1, 12), st.sampled_from(["上旬", "中旬", "下旬"]))
def test_the_three_parts_of_a_month_fill_it(year: int, month: int, part: str) -> None:
    (date,) = find(f"{year}年{month}月{part}")
    first, last = dates.first_day(date.edtf or ""), dates.last_day(date.edtf or "")
    bounds = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, calendar.monthrange(year, month)[1])}[part]
    assert first == datetime.date(year, month, bounds[0]) and last == datetime.date(year, month, bounds[1])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(2000, 2030))
def test_no_date_is_ever_moved(month: int, day: int, year: int) -> None:
    for date in find(f"{month}月{day}日", year=year):
        try:
            assert date.edtf == datetime.date(year, month, day).isoformat()
        except ValueError:
            assert date.edtf is None


@given(WORDS, st.none() | st.integers(2000, 2030), st.none() | st.integers(1, 12), st.booleans())
def test_any_text_gives_ordered_spans_and_valid_edtf(text: str, year: int | None, month: int | None, cell: bool) -> None:
    assert find(text, year=year, month=month, numeric_month_day=cell) == find(text, year=year, month=month, numeric_month_day=cell)


@given(st.text(max_size=60))
def test_any_characters_at_all(text: str) -> None:
    find(text, year=2021, month=3)


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        times = []
        for _ in range(2):
            begin = time.perf_counter()
            dates.find(text, tables(), year=2021)
            times.append(time.perf_counter() - begin)
        return min(times)

    assert seconds(40_000) < 30 * seconds(5_000)  # 8 times the text: 8 where linear, 64 where quadratic


@pytest.mark.parametrize("text", ["3月上旬", "4月底", "2021年初", "一季度", "上半年", "10月下旬"])
def test_a_date_that_ends_the_text_ends_with_it(text: str) -> None:
    (found,) = extractor.find_dates(text, 2021)
    assert (found.raw, found.start, found.end) == (text, 0, len(text))


def test_a_year_that_is_only_compared_with_is_not_the_one_told_of() -> None:
    assert [date.edtf for date in find("藏书比上年增长6.5%；当年新购图书6230册", year=2022)] == ["2021", "2022"]
    assert [date.edtf for date in find("去年新馆开放，同年5月办展", year=2022)] == ["2021", "2021-05"]

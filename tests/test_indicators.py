"""Links of figures and form rows: wording, lists, stock and flow, parts of the house, comparison, and the phrase language."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import rules
from extractor.indicators import Context, Indicator, Previous, Tables, compile_tables, link, link_row, links, row_parent
from extractor.phrases import Lexicon, PhraseError, pieces, readings

RULES = rules.load()
TABLES: Tables = RULES.tables.indicators


def linked(text: str) -> list[str | None]:
    return [found.indicator if found else None for found in links(text, TABLES, RULES.tables.quantities)]


# --- the rules themselves -------------------------------------------------------------------------


def test_every_example_fires_and_no_reject_does() -> None:
    assert [failure for failure in rules.check(RULES) if failure.kind == "indicator"] == []


def test_rule_units_are_single_measure_words() -> None:
    compound = [(rule.id, unit) for rule in TABLES.indicators.values() for unit in rule.units if re.search(r"[、/（(]", unit)]
    assert compound == []


def test_parents_lead_to_a_root() -> None:
    for name in TABLES.indicators:
        seen = [name]
        while (parent := row_parent(seen[-1], TABLES)) is not None:
            assert parent not in seen
            seen.append(parent)


def test_broken_rules_are_all_reported() -> None:
    broken = [
        Indicator(id="a", name="甲", units=("个",), kind="flow", phrases=("举办[展览",), examples=("x",)),
        Indicator(id="b", name="乙", units=("个",), kind="flow", parent="nowhere", phrases=("[展]",), examples=("x",)),
    ]
    faults: list[str] = []
    compile_tables(broken, faults)
    assert len(faults) == 3
    assert any("nowhere" in fault for fault in faults) and all("[[indicator]]" in fault for fault in faults)


# --- wordings that officials use for the same thing -----------------------------------------------

SAME = {
    "visits.total": [
        "全年接待读者42.6万人次", "到馆读者38万人次", "读者到馆量78.2万人次", "进馆人数38.6万人", "总流通人次达51万人次", "年流通读者26.8万人次", "接待中外游客12万人次",
        "全年参观人数达56万人次", "2017年共吸引625010名观众来我馆参观", "入馆观众突破百万人次", "总流通人次：35.2万人次",
    ],
    "loans.external_volumes": ["外借书刊36.2万册次", "年外借图书达13万册次", "文献外借量28.9万册次", "借阅图书8.5万册次", "书刊外借总量41.6万册次", "借阅册次51.2万册次"],
    "readers.cardholders": ["有效借书证总数达11352个", "持证读者达4.2万人", "累计办理读者证5.6万个", "现已办理借书证6500余个", "截至年底，共发放借书证2.6万张", "注册读者总数3万人"],
    "readers.new_cards": ["新办读者证4126张", "全年新增有效读者证4120个", "2020年办理借阅证4200张", "全年接待读者3万人次，办证420张"],
    "collection.total": ["现有藏书10.5万册", "馆藏总量达46.8万册", "馆藏文献总量236万册（件）", "图书总藏量45万册", "拥有各类文献资料56.2万册"],
    "acquisitions.serial_titles": ["年订购报纸期刊240余种", "订阅报刊620种", "征订报刊杂志350种", "续订中外文报刊186种"],
    "building.area_used": ["馆舍面积2300平方米", "总建筑面积8600平方米", "我馆总面积5600平方米", "馆舍总建筑面积达1.26万平方米"],
    "seats.total": ["阅览坐席560个", "设阅览座位860个", "图书馆使用面积3200平方米，座席380席"],
    "staff.total": ["现有在职人员7人", "在岗职工23人", "现有从业人员41人", "单位现有职工32名"],
    "income.fiscal.book_fund": ["落实购书经费118万元", "购书专项经费35万元", "图书购置经费80万元", "年购书专款60万元"],
    "events.training.count": ["开设音乐、舞蹈等公益培训课程160期", "举办书法、国画等免费培训班36个班次", "全年举办读者培训班9期"],
    "museum.collection.total": ["藏品总数为48,326件/套", "拥有藏品46606件（套）", "馆藏文物18652件"],
}  # fmt: skip


@pytest.mark.parametrize(("indicator", "text"), [(key, text) for key, texts in SAME.items() for text in texts])
def test_same_thing_in_other_words(indicator: str, text: str) -> None:
    assert indicator in linked(text)


# --- lists, pairs, stock and flow -----------------------------------------------------------------

LISTS = [
    (
        "馆藏文献总量达30万册，其中古籍1326册（内含善本38册），少儿文献3.15万册；另有电子图书5.2万册",
        ["collection.total", "collection.ancient", "collection.ancient.rare", "collection.children", "ebooks.holdings"],
    ),
    ("馆藏数量达到68万册，其中纸质图书55万册，电子图书13万册", ["collection.total_with_ebooks", "collection.books", "ebooks.holdings"]),
    ("总藏量（含电子图书）达156万册", ["collection.total_with_ebooks"]),
    ("纸质文献总藏量86.3万册（不含电子图书）", ["collection.total"]),
    (
        "配置各类文献860种1060册，其中纸质图书352种，508册；电子书305种，305册；加工合订期刊75种、约226册",
        ["acquisitions.narrated_all"] * 2 + ["acquisitions.print_books"] * 2 + ["acquisitions.ebooks"] * 2 + ["acquisitions.bound_periodicals"] * 2,
    ),
    ("今年新增图书18000册、电子图书5000册、数字资源6TB", ["acquisitions.total", "acquisitions.ebooks", "digital.purchased_tb"]),
    ("购入电子图书3万册，使电子图书总量达18万册", ["acquisitions.ebooks", "ebooks.holdings"]),
    ("现有计算机68台，其中供读者使用45台", ["equipment.computers", "equipment.public_terminals"]),
    ("专业技术人员9人，具有副高级职称2人、中级职称6人", ["staff.professional", "staff.title_associate", "staff.title_intermediate"]),
    ("志愿者队伍4支、志愿者265人", ["volunteers.teams", "volunteers.people"]),
    ("全年举办讲座46场，听众5600人次；展览32期，参观读者8.9万人次；培训班68期，参训读者3200人次",
     ["events.lectures.count", "events.lectures.attendance", "events.exhibitions.count", "events.exhibitions.attendance", "events.training.count", "events.training.attendance"]),
    ("开展活动226场，吸引4.3万人次参加", ["events.held", "events.attendance"]),
    ("接待小读者参观13场500余人次", ["tours.sessions", "tours.visitors"]),
    ("借还书刊128.7万册次，其中外借61.2万册次", ["loans.loan_and_return", "loans.external_volumes"]),
    ("馆藏档案186个全宗，计214,630卷、58,712件", ["archive.fonds", "archive.volumes", "archive.items"]),
    ("全年新增服务点7个，其中村级服务点4个、校园流通点2个", ["outlets.external_points", None, None]),
    ("公益培训班160期，其中老年专项培训28期，培训学员2100人次", ["events.training.count", None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_lists_and_pairs(text: str, expected: list[str | None]) -> None:
    assert linked(text) == expected


def test_the_longest_phrase_wins() -> None:
    assert linked("书刊阅览室面积300平方米") == ["building.area_reading.print"]
    assert linked("阅览室面积300平方米") == ["building.area_reading"]


# --- what must not be linked ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "少儿借阅区全年接待小读者4.1万余人次", "视障阅览室接待读者90余人次", "农家书屋藏书24.6万册", "朝阳街分馆投入使用，藏书6500册，面积180平方米",
        "分馆迁址后重新开放，面积由60平方米扩大到150平方米", "城市书房接待读者18万人次，借还图书9.6万册次", "少儿馆接待读者6.8万人次，外借图书12万册次",
        "单日最高接待3100余人次", "日均接待观众3200人次", "平均每场听众70人", "人均借阅量3.2册", "每万人拥有公共图书馆面积120平方米", "生均图书42册",
        "计划新增文献1.2万册，新建村级服务点15个", "2023年计划接待读者50万人次", "新馆建筑面积2.3万平方米，设计藏书120万册，阅览座席1800个",
        "接待读者人数较去年减少3.2万人次", "外借书刊比上年增加6000余册次", "建馆以来累计接待观众1100万人次",
        "修补图书3600册", "剔除旧书1.6万册", "编印《手册》5000册", "更换电脑30台", "展厅面积9116平方米", "报告厅座席300个",
        "举办讲座、展览46场", "分馆和服务点156个", "慰问在岗职工12人", "选派馆员6人参加培训", "招募志愿者86名参与活动", "主营业务收入总额18850亿元", "全行业从业人数682万人",
    ],
)  # fmt: skip
def test_no_link(text: str) -> None:
    assert set(linked(text)) <= {None}


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("惠及城乡居民9.6万人次", "visits.total"), ("惠及群众36万人次", "events.attendance"), ("小程序提供绘本1.5万集，全年访问量31.6万次", "online.website_visits"),
        ("微信公众号粉丝2万多人", "readers.cardholders"), ("注册用户9800人", "readers.cardholders"), ("开展业务培训40余场", "events.training.count"),
        ("借还图书15.3万册次", "loans.external_volumes"), ("在编人员58人，聘用人员28人", "staff.total"), ("加工合订期刊758种", "acquisitions.serial_titles"),
        ("购置数字资源1.2TB", "digital.total_tb"), ("另有3个原创展览赴外地巡展", "museum.exhibitions.original"), ("国家级非遗项目3项", "centre.heritage_items"),
    ],
)  # fmt: skip
def test_confusable_concepts(text: str, never: str) -> None:
    assert never not in linked(text)


def test_a_base_of_comparison_takes_the_indicator_of_the_figure_before() -> None:
    assert linked("接待观众86.4万人次，比2020年的54.7万人次增长52.3%") == ["visits.total", "visits.total", None]
    assert linked("到馆读者由去年的36万人次增加到42万人次") == ["visits.total", "visits.total"]


def test_counting_branches_does_not_make_them_the_subject() -> None:
    assert linked("建成分馆23个，全年接待读者30万人次") == ["branches.total", "visits.total"]
    assert linked("各分馆共同努力，我馆全年接待读者30万人次") == ["visits.total"]


def test_only_a_whole_years_figure_is_the_years() -> None:
    def context(year: bool) -> Context:
        return Context(before="接待读者", after="。", unit="人次", value=5600, period_is_year=year, origin="chronicle", heading="", previous=None)

    assert link(context(True), TABLES) is not None
    assert link(context(False), TABLES) is None


def test_wide_characters_and_blanks_do_not_matter() -> None:
    assert linked("较 2022 年的 268 个增长") == [None]
    assert linked("举办公益培训班 ３１６ 个,较 2022 年的 268 个增长 18%")[:2] == ["events.training.count"] * 2


# --- rows of a form -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.stem.split(".")[0] for path in Path(__file__).parents[1].glob("corpus/*/*.gold.json")))
def test_rows_of_the_corpus(name: str) -> None:
    gold = json.loads((Path(__file__).parents[1] / "corpus" / name / f"{name}.gold.json").read_text("utf-8"))
    above: list[str] = []
    pairs = []
    for row in gold.get("statistics", []):
        if row.get("indicator"):
            pairs.append((row["indicator"], link_row(row["label"], row.get("code"), above, row.get("unit"), None, TABLES)))
        above.insert(0, row["label"])
    assert [pair for pair in pairs if pair[1] not in (None, pair[0])] == []
    assert sum(expected == found for expected, found in pairs) >= 0.85 * len(pairs)


def test_shared_labels_are_told_by_the_rows_above() -> None:
    def row(label: str, *above: str) -> str | None:
        return link_row(label, None, above, "人次", "2021", TABLES)

    assert row("参加人次", "组织各类讲座次数") == "events.lectures.attendance"
    assert row("参观人次", "举办展览", "参加人次", "组织各类讲座次数") == "events.exhibitions.attendance"
    assert row("参加人次") is None
    assert link_row("其中：中央资金", "52", ("其中：免费开放资金",), "千元", "2021", TABLES) == "income.fiscal.free_opening.central"


@pytest.mark.parametrize("label", ["二、总藏量", "（二）总藏量", "2、总藏量（册、件）", "总 藏 量", "其中：总藏量"])
def test_markers_of_labels(label: str) -> None:
    assert link_row(label, None, (), "册、件", None, TABLES) == "collection.total"


def test_a_row_in_another_unit_is_another_row() -> None:
    assert link_row("总藏量", None, (), "平方米", None, TABLES) is None


# --- the phrase language --------------------------------------------------------------------------


def test_readings_of_a_phrase() -> None:
    assert readings(pieces("[馆藏|现有]图书(总量|总数)")) == [a + "图书" + b for a in ("", "馆藏", "现有") for b in ("总量", "总数")]


@pytest.mark.parametrize("phrase", ["外借[图书", "外借)图书", "[a[b]]图书", "[外借]", "(图|书)", "#活动…读者", "#动"])
def test_bad_phrases(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Lexicon[str]().add(phrase, "x")


words = st.text("图书外借展览数活动", min_size=2, max_size=5)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=8), st.text("图书外借展览数活动", max_size=12))
def test_lookup_finds_exactly_the_phrases_that_end_the_words(pairs: list[tuple[str, str]], text: str) -> None:
    lexicon = Lexicon[str]()
    for optional, word in pairs:
        lexicon.add(f"[{optional}]{word}", optional + word)
    hits = list(lexicon.before((text,)))
    expected = {optional + word for optional, word in pairs if text.endswith(word)}
    assert {item for hit in hits for item in hit.items} == expected
    assert [len(hit.text) for hit in hits] == sorted((len(hit.text) for hit in hits), reverse=True)
    assert all(text.endswith(hit.text) and hit.start == len(text) - len(hit.text) for hit in hits)


@given(st.text("馆藏图书外借新增分馆其中比去年0123万册人次，；、。（）“”《》 ", max_size=60))
@settings(max_examples=200, deadline=None)
def test_links_are_known_indicators_in_their_units(text: str) -> None:
    assert all(found is None or found.indicator in TABLES.indicators for found in links(text, TABLES, RULES.tables.quantities))


def test_long_contexts_cost_no_more_than_short_ones() -> None:
    def cost(repeat: int) -> float:
        context = Context(
            before="分馆由1、新增（" * repeat, after="其中" * repeat, unit="册", value=5, period_is_year=True, origin="", heading="",
            previous=Previous("collection.total", "collection.total"),
        )  # fmt: skip
        start = time.perf_counter()
        for _ in range(5):
            link(context, TABLES)
        return time.perf_counter() - start

    cost(10)
    assert min(cost(20000) for _ in range(3)) < 20 * min(cost(200) for _ in range(3)) + 0.05

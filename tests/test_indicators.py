"""Which indicator a figure or a form row speaks of: wordings that look alike, lists, pairs, and what blocks a link."""

from __future__ import annotations

import pytest

import extractor
from extractor.model import Report, Statistic
from extractor.rules import load


def report(*lines: str) -> Report:
    text = "\n".join(("云溪县图书馆2021年工作总结", "现总结如下：", *lines))
    return extractor.extract(extractor.read(text.encode(), "a.txt"))


def links(sentence: str) -> list[str | None]:
    return [figure.indicator for figure in report(sentence).figures]


# --- the same unit, another concept ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        # 人次: the verb decides
        ("接待到馆读者41.2万余人次。", ["visits.total"]),
        ("全年惠及城乡群众41.2万余人次。", ["beneficiaries.total"]),
        ("到馆外借书刊的读者7.8万余人次。", ["visits.external_loan"]),
        ("馆网站访问量7.8万余人次。", ["online.website_visits"]),
        ("线上服务读者7.8万余人次。", ["online.service_visits"]),
        ("推出展览12个，观展1.7万人次。", ["events.exhibitions.count", "events.exhibitions.attendance"]),
        ("举办公益讲座20场，听众3100人次。", ["events.lectures.count", "events.lectures.attendance"]),
        ("举办读者培训班14期，培训读者830人次。", ["events.training.count", "events.training.attendance"]),
        ("开展各类读者活动93场，参与群众2.1万人次。", ["events.held", "events.attendance"]),
        ("选派馆员参加各级培训67人次。", ["staff.training_received_attendance"]),
        ("对乡镇分馆管理员开展业务辅导290人次。", ["outreach.grassroots_training_attendance"]),
        # lent, or lent and returned
        ("全年借还图书22.8万余册次。", ["loans.loan_and_return"]),
        ("全年外借图书22.8万余册次。", ["loans.external_volumes"]),
        ("馆内阅览图书22.8万余册次。", ["use.in_house_volumes"]),
        ("电子图书下载量5万册次。", ["ebooks.downloads"]),
        # cards: this year's, or all that are valid
        ("共办理借阅证4.3万余张。", ["readers.cardholders"]),
        ("全年共办理读者证3317个。", ["readers.new_cards"]),
        ("目前，有效借书证总数达到18044个。", ["readers.cardholders"]),
        ("新办借书证620余个，有效借书证数18044个，新增1922个。", ["readers.new_cards", "readers.cardholders", "readers.new_cards"]),
        # the holdings with and without e-books: what the list behind says
        ("馆藏数量达到52万余册，其中纸质图书40万册，电子图书12万册。", ["collection.total_with_ebooks", "collection.books", "ebooks.holdings"]),
        ("馆藏总量达到52万册，其中古籍2100册，少儿文献6.3万册；另有电子图书12万册。", ["collection.total", "collection.ancient", "collection.children", "ebooks.holdings"]),
        # holdings, or what came in
        ("目前馆藏纸质图书40万册。", ["collection.books"]),
        ("全年购置纸质图书4106种，6020册。", ["acquisitions.print_books", "acquisitions.print_books"]),
        ("可供使用的电子图书12万册。", ["ebooks.holdings"]),
        ("本年新增电子图书2801册。", ["acquisitions.ebooks"]),
        ("全年新增藏量9302册。", ["acquisitions.total"]),
        ("今年购置各类数字资源2.4TB。", ["digital.purchased_tb"]),
        ("本地数字资源存储容量扩充到21.7TB。", ["digital.total_tb"]),
        # periodicals bound, and titles subscribed to
        ("加工合订期刊613种、约1800册。", ["acquisitions.bound_periodicals", "acquisitions.bound_periodicals"]),
        ("当年订阅报刊724种。", ["acquisitions.serial_titles"]),
        # branches, outlets, points
        ("市区内21家分馆实行通借通还。", ["branches.total"]),
        ("目前共建成83个服务网点。", ["outlets.total"]),
        ("今年新建立了9个馆外流通点。", ["outlets.external_points"]),
        # 场: the word before 活动 decides
        ("全年开展数字文化活动近300场。", ["events.digital_cultural"]),
        ("推出70余场线上文化活动。", ["events.online"]),
        ("举办110余场线下活动。", ["events.offline"]),
        ("推出70余场线上文化活动、110余场线下活动。", ["events.online", "events.offline"]),
        ("发布250场线上推文。", ["online.posts"]),
        ("夏令营等60余次品牌活动。", ["events.held"]),
        # visitors of the house, or of an exhibition
        ("接待小学生来馆参观17场720余人次。", ["tours.sessions", "tours.visitors"]),
        # courses for readers, or for the staff
        ("开展线上线下业务培训50余场。", ["staff.training_sessions"]),
        ("举办读者培训班14期。", ["events.training.count"]),
        # all who work there, or those on the form
        ("组织全馆职工共90余人进行消防演练。", ["staff.headcount_all"]),
        ("现有在职职工37人，其中专业技术人员28人。", ["staff.total", "staff.professional"]),
        # money for the building, or for free opening
        ("共投入70余万元资金改造少儿阅览区。", ["funds.refurbishment"]),
        ("争取免费开放补助资金70万元。", ["income.fiscal.free_opening"]),
        # titles and volumes of one noun, not the rare books of the form
        ("对8部52册馆藏古籍进行了数字化。", ["heritage.digitised_titles", "heritage.digitised_volumes"]),
        # broadcasts watched, or given
        ("集中观看直播5次。", ["events.broadcasts_watched"]),
        ("网络直播累计观看23.5万人次。", ["events.livestream_viewers"]),
        ("直播在线观看人数最高达到2.9万人。", ["events.livestream_peak_viewers"]),
        # works shown, or collected
        ("共展出作品38幅。", ["events.exhibited_works"]),
        ("共征集作品90余幅。", ["events.works_collected"]),
        # a comma for the decimal point changes no concept
        ("总藏量43,0217万册，财政拨款412,6万元。", ["collection.total", "income.fiscal"]),
    ],
)
def test_wordings_that_look_alike(sentence: str, indicators: list[str | None]) -> None:
    assert links(sentence) == indicators


@pytest.mark.parametrize(
    "sentence",
    [
        # since the opening, not this year's
        "自新馆开放以来，累计接待读者73万人次，书刊外借31万册次。",
        "自2003年建成以来，累计接待读者73万人次。",
        "开馆20年来累计接待读者500万人次。",
        "近三年，共接待读者160万人次。",
        "十三五期间，累计接待读者160万人次。",
        "建馆以来，累计举办讲座300场。",
        # another year's, a day's, a season's
        "2010年至2020年累计接待读者500万人次。",
        "3月5日，接待读者3200人次。",
        "单日最高接待读者5200人次。",
        "日均接待读者1650人次。",
        "上半年，接待读者28万人次。",
        # a part of the house
        "少儿借阅区全年接待读者5万人次。",
        "城东分馆接待读者5万人次。",
        "农家书屋藏书合计18万册。",
        "小程序全年访问量12万次。",
        "向市民现场办理借书证88个。",
        # a difference, a share, an average, a plan
        "购书专项经费比上年增加8万元。",
        "外借书刊比上年增加6000余册次。",
        "粉丝净增6000人。",
        "人均藏书1.2册。",
        "计划新增藏量2万册。",
        # the whole system, not the library by itself
        "外借图书19万册次（含分馆）。",
        # words that name nothing the rules know
        "清理垃圾3000册次。",
        "栽种绿植200株。",
        "慰问困难党员12人。",
    ],
)
def test_what_is_not_the_year_s_figure_of_the_whole_house_has_no_link(sentence: str) -> None:
    assert [i for i in links(sentence) if i and not i.startswith("visits.period")] == []


def test_the_same_sentence_never_links_two_figures_of_one_list_to_its_head() -> None:
    found = links("全年配置各类文献7211种9302册，其中纸质图书4106种，6020册；电子书2801种，2801册；加工合订期刊613种、约1800册。")
    assert found == [*["acquisitions.narrated_all"] * 2, *["acquisitions.print_books"] * 2, *["acquisitions.ebooks"] * 2, *["acquisitions.bound_periodicals"] * 2]


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        ("举办公益讲座20场、展览13个、培训班11期。", ["events.lectures.count", "events.exhibitions.count", "events.training.count"]),
        ("馆舍面积4100平方米，其中书库面积900平方米、阅览室面积1700平方米。", ["building.area_used", "building.area_stacks", "building.area_reading"]),
        ("阅览座席410个，其中少儿座席130个、盲人座席8个。", ["seats.total", "seats.children", "seats.blind"]),
        ("现有志愿服务队伍6支、志愿者310人。", ["volunteers.teams", "volunteers.people"]),
        ("配备计算机88台，其中供读者使用60台。", ["equipment.computers", "equipment.public_terminals"]),
        ("流动服务借阅4100人次、8600册次。", ["mobile.loan_visits", "mobile.loan_volumes"]),
        ("本年收入合计412.6万元，其中财政拨款390万元，其他收入22.6万元。", ["income.total", "income.fiscal", "income.other"]),
        ("本年支出合计400万元，其中基本支出280万元、项目支出120万元。", ["expenditure.total", "expenditure.basic", "expenditure.project"]),
        ("总藏量12.8万册，其中古籍1326册（内含善本38册）。", ["collection.total", "collection.ancient", "collection.ancient.rare"]),
        ("接待观众88万人次，其中未成年人21万人次、境外观众3000人次。", ["visits.total", "museum.visits.minors", "museum.visits.foreign"]),
        ("接待读者60万人次，比2020年的54.7万人次增长9.7%。", ["visits.total", "visits.total", None]),
    ],
)
def test_lists_and_pairs(sentence: str, indicators: list[str | None]) -> None:
    assert links(sentence) == indicators


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        ("21家分馆实行通借通还。", ["branches.total"]),
        ("全年开展60场阅读推广活动。", ["events.held"]),
        ("全年举办30场公益讲座，推出12个展览，开办9期读者培训班。", ["events.lectures.count", "events.exhibitions.count", "events.training.count"]),
        ("现有37名在职职工，设410个阅览座席。", ["staff.total", "seats.total"]),
        ("全年新办3317张借书证。", ["readers.new_cards"]),
        ("当年订阅724种报刊。", ["acquisitions.serial_titles"]),
    ],
)
def test_the_noun_may_stand_behind_the_number(sentence: str, indicators: list[str]) -> None:
    assert links(sentence) == indicators


def test_a_linked_figure_names_the_rule_that_linked_it() -> None:
    figure = report("接待到馆读者41.2万余人次。").figures[0]
    assert figure.rule == "indicators:visits.total"


def test_every_link_is_an_indicator_of_the_rules() -> None:
    known = {rule.id for rule in load().by_kind["indicator"]}
    found = links("接待读者60万人次，外借书刊20万册次，举办讲座8场、展览13个；粉丝3万人；总藏量12.8万册。")
    assert len(found) == 6 and known.issuperset(filter(None, found))


# --- the rows of the official form (2021), retyped -----------------------------------------------

FORM = """
11 人 staff.total 一、从业人员
12 人 staff.professional 其中：专业技术人才
13 人 staff.title_senior 其中：正高级职称
14 人 staff.title_associate 副高级职称
15 人 staff.title_intermediate 中级职称
16 册、件 collection.total 二、藏量
17 册 collection.books 1、图书
18 册 collection.books.braille 其中：盲文图书
19 册 collection.ancient 2、古籍
20 册 collection.ancient.rare 其中：善本
21 件 collection.serials 3、报刊
22 件、套 collection.audiovisual 4、视听文献
23 件、套 collection.microforms 5、缩微制品
24 册 collection.other 6、其他
25 册 collection.open_shelf 在藏量中：开架书刊
26 册 collection.children 少儿文献
27 千小时 digital.av_hours 三、音视频资源总量
28 TB digital.text_image_volume 电子文本、图片文献资源年总量
29 人次 online.service_visits 线上服务人次
30 米 shelving.length 四、书架单层总长度
31 册、件 acquisitions.total 五、本年新增藏量
32 册 acquisitions.ebooks 六、本年新增电子图书
33 种 acquisitions.serial_titles 七、当年购买的报刊种类
34 个 readers.cardholders 八、实际持证读者数
35 人次 visits.total 九、总流通人次
36 人次 visits.external_loan 其中：书刊文献外借人次
37 册次 loans.external_volumes 十、书刊文献外借册次
38 次 events.lectures.count 其中:组织各类讲座次数
39 人次 events.lectures.attendance 参加人次
40 个 events.exhibitions.count 举办展览
41 人次 events.exhibitions.attendance 参观人次
42 个 events.training.count 举办培训班
43 人次 events.training.attendance 培训人次
44 人次 outreach.grassroots_training_attendance 十二、开展基层培训辅导人次
45 人次 staff.training_received_attendance 十三、本单位接受培训人次
46 台 equipment.computers 十四、计算机台数
47 台 equipment.public_terminals 其中：供读者使用的终端数
48 人次 online.website_visits 十五、图书馆网站访问量
49 千元 income.total 十六、本年收入合计
50 千元 income.fiscal 1、财政拨款预算收入
51 千元 income.fiscal.free_opening 其中：免费开放资金
52 千元 income.fiscal.free_opening.central 其中：中央资金
53 千元 income.fiscal.capital_construction 在财政拨款预算收入中：基建拨款
54 千元 income.fiscal.book_fund 购书专项经费
55 千元 income.superior_subsidy 2、上级补助收入
56 千元 income.undertaking 3、事业预算收入
57 千元 income.business 4、经营收入
58 千元 income.subsidiary_remittance 5、附属单位上缴收入
59 千元 income.other 6、其他收入
60 千元 expenditure.total 十七、本年支出合计
61 千元 expenditure.basic 其中:基本支出
62 千元 expenditure.project 项目支出
63 千元 expenditure.business 经营支出
64 千元 expenditure.wages_welfare 在支出合计中：工资福利支出
65 千元 expenditure.goods_services 商品和服务支出
66 千元 expenditure.goods_services.travel 其中：差旅费
67 千元 expenditure.goods_services.labour 劳务费
68 千元 expenditure.goods_services.welfare_fee 福利费
69 千元 expenditure.goods_services.taxes 各种税金支出
70 千元 expenditure.individuals_families 对个人和家庭补助支出
71 千元 expenditure.individuals_families.pension_living 其中：抚恤金和生活补助
72 千元 expenditure.capital_other 其他资本性支出
73 千元 expenditure.capital_other.equipment_vehicles_books 其中：各种设备、交通工具、图书购置费
74 千元 expenditure.acquisitions 其中：新增藏量购置费
75 千元 expenditure.digital_acquisitions 新增数字资源购置费
76 千元 assets.total 十八、资产总计
77 千元 assets.fixed_net 其中：固定资产净值
78 平方米 building.area_used 十九、实际使用房屋建筑面积
79 平方米 building.area_stacks 其中：书库面积
80 平方米 building.area_reading 阅览室面积
81 平方米 building.area_reading.print 其中：书刊阅览室面积
82 平方米 building.area_reading.electronic 电子阅览室面积
83 平方米 building.area_owned 实际拥有产权面积
84 个 seats.total 二十、阅览室坐席数
85 个 seats.children 其中：少儿阅览室坐席数
86 个 seats.blind 盲人阅览室坐席数
87 个 volunteers.teams 二十一、志愿者服务队伍数
88 人 volunteers.people 志愿者服务队伍人数
89 辆 mobile.vehicles 1、流动图书车数
90 人次 mobile.loan_visits 流动服务借阅人次
91 册次 mobile.loan_volumes 流动服务借阅册次
92 个 branches.total 2、分馆数量
93 个 merchandise.types 二十三、文化创意产品种类
94 千元 merchandise.sales 文化创意产品销售收入
95 千元 merchandise.profit 文化创意产品销售利润
"""
ROWS = [tuple(line.split(maxsplit=3)) for line in FORM.strip().splitlines()]
PARENTS = {
    "12": "11", "13": "12", "14": "12", "15": "12", "17": "16", "18": "17", "19": "16", "20": "19", "25": "16", "26": "16", "36": "35", "39": "38", "41": "40", "43": "42", "47": "46",
    "51": "50", "52": "51", "53": "50", "54": "50", "59": "49", "62": "60", "65": "60", "69": "65", "70": "60", "71": "70", "72": "60", "73": "72", "74": "73", "75": "73", "77": "76",
    "80": "78", "82": "80", "83": "78", "86": "84", "88": "87", "91": "89",
}  # fmt: skip


def form(*rows: str, year: int = 2021) -> tuple[Statistic, ...]:
    text = "\n".join((f"云溪县图书馆{year}年工作总结", "现总结如下：", "附：基本情况统计表", *rows))
    return extractor.extract(extractor.read(text.encode(), "a.txt")).statistics


def test_every_row_of_the_official_form_is_its_indicator_s() -> None:
    found = form("项目\t代码\t单位\t指标", *(f"{label}\t{code}\t{unit}\t{code}" for code, unit, _, label in ROWS))
    assert [(s.code, s.unit, s.indicator, s.label) for s in found] == ROWS
    assert len(ROWS) == 85


def test_the_rows_of_the_official_form_know_their_parents() -> None:
    found = {s.code: s.parent for s in form("项目\t代码\t单位\t指标", *(f"{label}\t{code}\t{unit}\t{code}" for code, unit, _, label in ROWS))}
    assert {code: found[code] for code in PARENTS} == PARENTS
    assert not any(found[code] for code in ("11", "16", "27", "31", "35", "37", "49", "60", "76", "78", "84", "87", "93"))


def test_the_form_of_another_year_has_the_same_indicators_under_other_codes() -> None:
    rows = [(str(int(code) + 1), unit, indicator, label) for code, unit, indicator, label in ROWS if int(code) >= 30]
    found = form("项目\t代码\t单位\t指标", *(f"{label}\t{code}\t{unit}\t{code}" for code, unit, _, label in rows), year=2018)
    assert [s.indicator for s in found] == [indicator for _, _, indicator, _ in rows]


def test_the_form_without_codes_and_marks_still_says_what_its_rows_are() -> None:
    found = form("项目\t单位\t数量", *(f"{label.split('、', 1)[-1].split('：')[-1].split(':')[-1]}\t{unit}\t{code}" for code, unit, _, label in ROWS if code not in ("28", "73")))
    wrong = [(s.label, s.indicator) for s, row in zip(found, [r for r in ROWS if r[0] not in ("28", "73")], strict=True) if s.indicator not in (row[2], None)]
    assert wrong == []
    assert sum(s.indicator is None for s in found) <= 1


@pytest.mark.parametrize(
    ("label", "unit", "indicator"),
    [
        ("总藏量", "册", "collection.total"), ("藏书总量", "万册", "collection.total"), ("有效借书证数", "个", "readers.cardholders"), ("阅览座席", "个", "seats.total"),
        ("财政补贴收入", "千元", "income.fiscal"), ("事业收入", "万元", "income.undertaking"), ("本年新购藏量", "册", "acquisitions.total"), ("接待读者人次", "人次", "visits.total"),
        ("书刊外借", "册次", "loans.external_volumes"), ("馆舍建筑面积", "㎡", "building.area_used"), ("注册志愿者", "名", "volunteers.people"),
        # the unit says that something else is meant
        ("阅览座席", "平方米", None), ("总流通人次", "千元", None), ("总藏量", "人次", None), ("垃圾清运", "吨", None),
    ],
)  # fmt: skip
def test_other_names_of_a_row(label: str, unit: str, indicator: str | None) -> None:
    found = form("项目\t单位\t数量", f"{label}\t{unit}\t100", "计算机台数\t台\t68")
    assert found[0].indicator == indicator

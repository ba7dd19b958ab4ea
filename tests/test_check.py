"""The reconciliation through the public API, on small reports: what is found, what agrees, and what must stay silent."""

from __future__ import annotations

import pytest

import extractor
from extractor.model import Check, Finding

TITLE = "云溪县图书馆2020年工作总结"
FORM = ("2020年基本情况统计表", "项目\t代码\t单位\t数量")


def check(*lines: str, title: str = TITLE, against: tuple[str, ...] = ()) -> Check:
    report = extractor.extract(extractor.read("\n".join((title, "现总结如下：", *lines)).encode(), "a.txt"))
    earlier = [extractor.extract(extractor.read(text.encode(), "b.txt")) for text in against]
    return extractor.check(report, *earlier)


def found(kind: str, *lines: str, **options: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [(f.verdict, f.left.raw, f.right.raw) for f in check(*lines, **options).findings if f.kind == kind]


def only(kind: str, *lines: str) -> Finding:
    findings = [f for f in check(*lines).findings if f.kind == kind]
    assert len(findings) == 1, findings
    return findings[0]


def test_a_figure_that_its_row_contradicts() -> None:
    finding = only("figure_vs_statistic", "馆内设阅览座席362个。", *FORM, "阅览室座席数\t85\t个\t326", "计算机台数\t46\t台\t68")
    assert (finding.verdict, finding.left.raw, finding.right.raw, finding.difference) == ("conflicts", "362个", "326", 36)
    assert "362个" in finding.message and "326" in finding.message and "36" in finding.message


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        ("全年接待读者16.3万余人次。", "九、总流通人次\t35\t人次\t163,728"),
        ("全年接待读者约16万人次。", "九、总流通人次\t35\t人次\t163,728"),
        ("全年落实购书专项经费35万元。", "购书专项经费\t54\t千元\t350"),
        ("全年举办公益讲座18场。", "其中：组织各类讲座次数\t38\t次\t18"),
        ("共办理借阅证6万余张。", "八、实际持证读者数\t34\t个\t60,030"),
    ],
)
def test_intervals_that_meet_agree(sentence: str, row: str) -> None:
    assert [verdict for verdict, *_ in found("figure_vs_statistic", sentence, *FORM, row, "计算机台数\t46\t台\t68")] == ["agrees"]


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        ("单日最高接待读者3100余人次。", "九、总流通人次\t35\t人次\t163,728"),  # a day
        ("国庆假期接待读者3200余人次。", "九、总流通人次\t35\t人次\t163,728"),  # a week
        ("2021年，计划接待读者20万人次。", "九、总流通人次\t35\t人次\t163,728"),  # a plan
        ("少儿借阅区全年接待读者4.1万余人次。", "九、总流通人次\t35\t人次\t163,728"),  # a part of the house
        ("全年惠及群众150万人次。", "九、总流通人次\t35\t人次\t163,728"),  # another concept
        ("全年共办理读者借阅证2153个。", "八、实际持证读者数\t34\t个\t60,030"),  # a flow against a stock
        ("加工合订期刊758种。", "七、当年购买的报刊种类\t33\t种\t858"),
        ("外借书刊比上年增加6000余册次。", "十、书刊文献外借册次\t37\t册次\t199,551"),  # an increment
        ("全年购置数字资源1.2TB。", "电子文本、图片文献资源年总量\t28\tTB\t11.41"),
    ],
)
def test_different_things_are_never_compared_as_equal(sentence: str, row: str) -> None:
    assert found("figure_vs_statistic", sentence, *FORM, row, "计算机台数\t46\t台\t68") == []


def test_what_must_contain_the_other_is_judged_by_its_rule() -> None:
    rows = (*FORM, "十、书刊文献外借册次\t37\t册次\t199,551", "计算机台数\t46\t台\t68")
    assert found("figure_vs_statistic", "全年借还图书15.3万余册次。", *rows) == [("conflicts", "15.3万余册次", "199,551")]
    assert found("figure_vs_statistic", "全年借还图书45.3万余册次。", *rows) == []


def test_two_figures_of_one_thing() -> None:
    lines = ("全年新办借书证1186个。", "二、队伍建设", "据年末统计，全年新办借书证1268个。")
    assert found("figure_vs_figure", *lines) == [("conflicts", "1186个", "1268个")]
    assert found("figure_vs_figure", lines[0], lines[1], "据年末统计，全年新办借书证1186个。") == [("agrees", "1186个", "1186个")]


def test_the_identities_of_the_form() -> None:
    rows = ["二、总藏量\t16\t册、件\t1,000", "1、图书\t17\t册\t700", "2、古籍\t19\t册\t100", "3、报刊\t21\t件\t150"]
    whole = ["4、视听文献\t22\t件、套\t50", "5、缩微制品\t23\t件、套\t0", "6、其他\t24\t册\t"]
    assert [verdict for verdict, *_ in found("sum", *FORM, *rows, *whole)] == ["agrees"]
    finding = only("sum", *FORM, "二、总藏量\t16\t册、件\t1,100", *rows[1:], *whole)
    assert finding.verdict == "conflicts" and finding.difference == 100 and "700 + 100 + 150 + 50" in finding.message
    assert [verdict for verdict, *_ in found("sum", *FORM, "一、从业人员\t11\t人\t14", "其中：专业技术人才\t12\t人\t19")] == ["conflicts"]


@pytest.mark.parametrize(("whole", "verdict"), [("950", ["agrees"]), ("951", ["review"]), ("1,950", []), ("949", ["conflicts"])])
def test_little_missing_from_a_form_without_all_its_rows_is_asked_about(whole: str, verdict: list[str]) -> None:
    rows = [f"二、总藏量\t16\t册、件\t{whole}", "1、图书\t17\t册\t700", "2、古籍\t19\t册\t100", "3、报刊\t21\t件\t150"]
    assert [v for v, *_ in found("sum", *FORM, *rows)] == verdict


def test_a_part_told_in_an_entry_of_its_own_is_not_set_against_the_whole() -> None:
    told = "9月20日，书屋管理员培训班在党校举办，参训318人次，其中城关片152人次、南片166人次。"
    entry = "9月20日，书屋管理员培训班在党校开班，参训152人次。"
    assert [v for v, *_ in found("figure_vs_figure", told, *CHRONICLE, entry) if v != "agrees"] == []


@pytest.mark.parametrize(("again", "verdict"), [("112", ["agrees"]), ("212", ["review"]), ("345", [])])
def test_a_digit_apart_in_two_tellings_of_one_event_is_asked_about(again: str, verdict: list[str]) -> None:
    told = "5月18日，“盛世吉金”特展在我馆展出，共借入展品112件，市民争相参观。"
    entry = f"5月18日，“盛世吉金”特展开幕，陈列文物{again}件。"
    assert [v for v, *_ in found("figure_vs_figure", told, *CHRONICLE, entry)] == verdict


CHRONICLE = ("2020年大事记", "1月8日，召开职工大会。", "3月5日，组织志愿者到敬老院慰问。")


def test_the_same_event_on_two_days() -> None:
    told = "4月22日，全县全民阅读活动启动仪式在人民广场举行，拉开了活动的序幕。"
    again = "4月23日，全县全民阅读活动启动仪式在人民广场举行，现场赠书2000册。"
    assert [verdict for verdict, *_ in found("event_vs_event", told, *CHRONICLE, again)] == ["conflicts"]
    assert [verdict for verdict, *_ in found("event_vs_event", told, *CHRONICLE, again.replace("23", "22"))] == ["agrees"]


@pytest.mark.parametrize(
    ("told", "again"),
    [
        ("3月6日，“云溪讲坛”举办家庭教育讲座。", "4月10日，“云溪讲坛”举办健康讲座。"),  # a series
        ("4月6日，“童心向党”绘画作品征集活动启动。", "7月1日，“童心向党”绘画作品展开幕。"),  # two stages
        ("5月4日，举办青年读书分享会。", "6月1日，举办儿童绘本剧表演。"),
        ("6月2日，全市图书馆管理员培训班在我馆开班。", "6月6日，全市图书馆管理员培训班结业。"),  # its opening and its end
    ],
)
def test_other_events_are_not_matched(told: str, again: str) -> None:
    assert found("event_vs_event", told, *CHRONICLE, again) == []


AWARDS = ("2020年获奖情况", "奖项名称\t授予单位\t级别\t时间")


@pytest.mark.parametrize(
    ("told", "again"),
    [
        ("5月28日，以“文化惠民”为主题的图书馆服务宣传周拉开帷幕。", "5月{}日，图书馆服务宣传周启动仪式在县文化广场举行。"),
        ("6月28日，全市公共图书馆管理员培训班在我馆开班，126人参训。", "6月{}日，举办全市公共图书馆管理员培训班。"),
        ("“唱响我的村”歌会历时5个月；10月28日，24支队伍在潮音广场会师总决赛。", "10月{}日，“唱响我的村”歌会总决赛在潮音广场落幕。"),
    ],
)
def test_one_event_under_its_opening_its_topic_or_its_sentence_s_name(told: str, again: str) -> None:
    for day, verdict in ((27, "conflicts"), (28, "agrees")):
        assert [v for v, *_ in found("event_vs_event", told, *CHRONICLE, again.format(day))] == [verdict]


def test_an_honour_in_text_and_table() -> None:
    told = "6月，我馆被云岭省文化和旅游厅评为“全省阅读推广示范单位”。"
    row = "全省阅读推广示范单位\t云岭省文化和旅游厅\t省级\t2020年{}月"
    other = "全市文明单位\t云溪市文明办\t市级\t2020年3月"
    assert [verdict for verdict, *_ in found("award_vs_award", told, *AWARDS, row.format(6), other)] == ["agrees"]
    assert [verdict for verdict, *_ in found("award_vs_award", told, *AWARDS, row.format(9), other)] == ["conflicts"]
    missing = [f for f in check(told, *AWARDS, other, "全县宣传工作先进集体\t云溪县委宣传部\t县级\t2020年1月").findings if f.kind == "award_vs_award"]
    assert [(f.verdict, f.right.raw) for f in missing] == [("missing", "2020年获奖情况")]


def test_a_third_of_a_month_is_no_day_to_be_out_of_order() -> None:
    assert found("date_order", "2020年大事记", "4月23日，读书节启动。", "4月下旬，派员学习。", "4月28日，召开馆务会。") == []


def test_a_list_out_of_order_and_a_date_outside_the_year() -> None:
    assert found("date_order", *CHRONICLE, "2月20日，举办灯谜会。", "4月1日，闭馆盘点。")[0][0] == "review"
    assert [verdict for verdict, *_ in found("date_order", *CHRONICLE, "2018年4月9日，举办消防讲座。")] == ["conflicts"]
    assert found("date_order", *CHRONICLE, "3月—5月，开展普查。", "4月1日，闭馆盘点。") == []


def test_growth_is_worked_out_again() -> None:
    told = "全年接待读者86.4万人次，比2019年的54.7万人次增长{}%。"
    assert [verdict for verdict, *_ in found("growth", told.format("52.3"))] == ["conflicts"]
    assert "58%" in only("growth", told.format("52.3")).message
    assert [verdict for verdict, *_ in found("growth", told.format("58.0"))] == ["agrees"]


def test_what_grew_is_the_head_of_the_list_before() -> None:
    told = "全年举办培训班312个，其中书法类148个、声乐类26个，较2019年的268个增长{}%。"
    assert [verdict for verdict, *_ in found("growth", told.format("16.4"))] == ["agrees"]
    assert "312" in only("growth", told.format("18.6")).message
    assert found("growth", "开设书法类148个、声乐类26个，其中免费班12个，较2019年的268个增长16.4%。") == []


def test_growth_against_last_years_report() -> None:
    last = "云溪县图书馆2019年工作总结\n全年接待读者10万人次。\n2019年统计表\n项目\t单位\t数量\n总流通人次\t人次\t100,000\n计算机台数\t台\t60"
    told = "全年接待读者12万人次，同比增长{}%。"
    assert [verdict for verdict, *_ in found("growth", told.format(20), against=(last,))] == ["agrees"]
    assert [verdict for verdict, *_ in found("growth", told.format(50), against=(last,))] == ["conflicts"]


def test_the_head_of_the_form() -> None:
    head = "单位名称\t云溪县图书馆\t邮政编码\t{}\t电话号码\t0876-6123456"
    assert found("format", head.format("66310"), "地址\t人民路1号\t统一社会信用代码\t91350100M000100Y43")[0][1] == "66310"
    assert found("format", head.format("663100"), "地址\t人民路1号\t统一社会信用代码\t91350100M000100Y43") == []


def test_findings_are_ordered_numbered_and_summed() -> None:
    result = check("馆内设阅览座席362个。", *FORM, "阅览室座席数\t85\t个\t326", "一、从业人员\t11\t人\t14", "其中：专业技术人才\t12\t人\t9")
    assert [f.id for f in result.findings] == [f"finding-{n}" for n in range(1, len(result.findings) + 1)]
    gravity = ["conflicts", "missing", "review", "agrees"]
    assert [f.verdict for f in result.findings] == sorted((f.verdict for f in result.findings), key=gravity.index)
    assert result.summary == {verdict: sum(f.verdict == verdict for f in result.findings) for verdict in gravity}


def test_a_fingerprint_outlives_edits_elsewhere() -> None:
    rows = (*FORM, "阅览室座席数\t85\t个\t326", "计算机台数\t46\t台\t68")
    before, after = check("馆内设阅览座席362个。", *rows), check("新的一段。", "馆内设阅览座席362个。", *rows)
    pick = {f.fingerprint for f in before.findings if f.verdict == "conflicts"}
    assert pick and pick == {f.fingerprint for f in after.findings if f.verdict == "conflicts"}
    changed = check("馆内设阅览座席363个。", *rows)
    assert pick.isdisjoint(f.fingerprint for f in changed.findings)


@pytest.mark.parametrize(
    ("sentence", "row", "verdict"),
    [
        ("全年举办家庭教育沙龙24期。", "家庭教育沙龙\t—\t期\t24", "agrees"),
        ("全年举办家庭教育沙龙24期。", "家庭教育沙龙\t—\t期\t42", "conflicts"),
        ("现有职工41人，其中副高以上职称11人。", "其中：副高以上职称\t—\t人\t11", "agrees"),
        ("全年举办家庭教育沙龙24期。", "家庭教育沙龙\t—\t期\t240", "review"),  # far apart: another scope
        ("培训参加人数300人。", "参加人数\t—\t人\t500", None),  # words that any activity has
        ("家庭教育沙龙比上年增加24期。", "家庭教育沙龙\t—\t期\t42", None),  # a change
        ("5月，家庭教育沙龙3期。", "家庭教育沙龙\t—\t期\t42", None),  # a month
    ],
)
def test_a_row_that_no_rule_knows_is_found_by_its_own_words(sentence: str, row: str, verdict: str | None) -> None:
    assert [v for v, *_ in found("figure_vs_statistic", sentence, *FORM, row, "计算机台数\t46\t台\t68")] == ([verdict] if verdict else [])


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [("全县共建成分馆16个。", ["review"]), ("全县共建成分馆17个。", ["agrees"]), ("城区15个分馆实行通借通还。", []), ("全县共建成分馆20个。", ["conflicts"])],
)
def test_fewer_branches_than_the_form_has_are_asked_about_where_all_are_meant(sentence: str, verdict: list[str]) -> None:
    assert [v for v, *_ in found("figure_vs_statistic", sentence, *FORM, "2、分馆数量\t93\t个\t17", "计算机台数\t46\t台\t68")] == verdict


@pytest.mark.parametrize(
    ("told", "entry", "verdict"),
    [
        ("第五届广场舞大赛吸引86支队伍参加。", "1、9月9日，举办第五届广场舞大赛，参赛队伍86支。", ["agrees"]),
        ("第五届广场舞大赛吸引86支队伍参加。", "1、9月9日，举办第五届广场舞大赛，参赛队伍68支。", ["review"]),
        ("第五届广场舞大赛吸引86支队伍参加。", "1、9月9日，举办青年歌手大赛，参赛队伍68支。", []),
        ("第五届广场舞大赛设86个摊位。", "1、9月9日，举办第五届广场舞大赛，发放奖品68个。", []),
    ],
)
def test_what_is_told_by_name_in_narrative_and_chronicle(told: str, entry: str, verdict: list[str]) -> None:
    assert [v for v, *_ in found("figure_vs_figure", told, "大事记", entry, "2、9月20日，召开馆务会。")] == verdict


@pytest.mark.parametrize(
    ("told", "again", "verdict"),
    [
        ("面向全县征集抗疫题材文艺作品，前后收到132件。", "抗疫题材文艺作品征集截止，累计收稿123件。", ["review"]),
        ("面向全县征集抗疫题材文艺作品，前后收到132件。", "抗疫题材文艺作品征集截止，累计收稿132件。", []),
        ("面向全县征集抗疫题材文艺作品，前后收到132件。", "春节灯谜竞猜发放奖品123件。", []),  # nothing in common
        ("面向全县征集抗疫题材文艺作品，前后收到132件。", "抗疫题材文艺作品征集截止，累计收稿154件。", []),  # no slip
        ("编纂大事记、垦务选编2部，共68.5万字。", "编研成果2部，共65.8万字。", ["review"]),
    ],
)
def test_the_same_digits_in_another_order_of_one_thing_are_asked_about(told: str, again: str, verdict: list[str]) -> None:
    assert [v for v, *_ in found("figure_vs_figure", told, "二、队伍建设", again) if v != "agrees"] == verdict


@pytest.mark.parametrize(("again", "verdict"), [("128.5万册", "review"), ("3.85万册", "conflicts"), ("3.58册", "conflicts")])
def test_what_is_of_another_size_is_asked_about_unless_wan_is_lacking(again: str, verdict: str) -> None:
    assert [v for v, *_ in found("figure_vs_figure", "馆藏电子图书3.58万册。", "二、队伍建设", f"馆藏电子图书{again}。")] == [verdict]


@pytest.mark.parametrize(("other", "expected"), [("0.9", [("conflicts", "86.5")]), ("1.2", [("agrees", "86.5")])])
def test_a_part_within_a_part_is_not_added_where_the_form_numbers_its_parts(other: str, expected: list[tuple[str, str]]) -> None:
    rows = ("二、总藏量\t05\t千册、件\t86.5", "1．图书\t06\t千册\t71.2", "其中：古籍\t07\t千册\t0.3", "2．报刊\t08\t千册\t13.6", "3．视听文献\t09\t千件\t0.5", f"4．其他\t10\t千册、件\t{other}")
    assert [(v, left) for v, left, _ in found("sum", "全年工作扎实推进。", *FORM, *rows)] == expected


def test_growth_of_the_last_of_several_figures_by_the_columns_of_the_form() -> None:
    rows = ("附：基本情况统计表", "指标\t单位\t2019年\t2020年", "总藏量\t册\t112,400\t118,630", "总流通人次\t人次\t50,100\t52,300")
    told = "图书馆建筑面积1260平方米，阅览座位320个，馆藏总量118630册，比上年增长{}%。"
    assert found("growth", told.format("6.5"), *rows)[0][0] == "conflicts"
    assert found("growth", told.format("5.5"), *rows)[0][0] == "agrees"
    assert found("growth", "馆藏总量118630册，其中图书9万册、报刊118630册，比上年增长6.5%。", *rows) == []


@pytest.mark.parametrize(("day", "verdict"), [("2020年9月10日（星期四）", []), ("9月10日（周四）", []), ("9月10日(星期五)", ["conflicts"])])
def test_weekdays_are_those_of_the_calendar(day: str, verdict: list[str]) -> None:
    assert [v for v, *_ in found("date_order", f"中秋当晚，即{day}，举办诗词吟诵会。")] == verdict


def test_where_most_weekdays_are_wrong_the_year_is() -> None:
    lines = [f"9月{day}日（星期日），举办读书会。" for day in (7, 8, 9, 10)]
    assert [v for v, *_ in found("date_order", *lines)] == ["review"]


@pytest.mark.parametrize(
    ("told", "rows", "verdict"),
    [
        ("原创舞蹈《采莲》获得金奖。", ("作品\t等级\t参演单位", "舞蹈《采莲》\t银奖\t县文化馆", "小品《赶集》\t优秀奖\t县文化馆"), ["conflicts"]),
        ("原创舞蹈《采莲》获得金奖，小品《赶集》获优秀奖。", ("作品\t等级\t参演单位", "舞蹈《采莲》\t金奖\t县文化馆", "小品《赶集》\t优秀奖\t县文化馆"), ["agrees", "agrees"]),
        ("群舞《浪花》获省级二等奖。", ("作品名称\t级别\t等级", "群舞《浪花》\t市级\t二等奖", "独舞《雏鹰》\t市级\t三等奖"), ["conflicts"]),
    ],
)
def test_awards_of_works_against_a_table_of_works(told: str, rows: tuple[str, ...], verdict: list[str]) -> None:
    assert [v for v, *_ in found("award_vs_award", told, "附表：获奖作品", *rows)] == verdict


def test_a_change_without_values_against_the_columns_that_its_words_name() -> None:
    rows = ("附表：主要业务数据", "指标\t单位\t2019年\t2020年", "总流通人次\t万人次\t39.5\t48.2", "有效借书证数\t个\t18620\t20415")
    assert found("growth", "年内到馆读者增长{}，持证读者增长9.6%。".format("32.0%"), *rows)[0][:2] == ("conflicts", "32.0%")
    assert [v for v, *_ in found("growth", "年内到馆读者增长{}，持证读者增长9.6%。".format("22.0%"), *rows)] == ["agrees", "agrees"]

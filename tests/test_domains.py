"""Which kind of institution reports, and what that decides."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor import RuleError, domains, rules
from extractor.cli import cli
from extractor.model import Report

TABLES = extractor.load_rules().tables.domains
OWN = '[[indicator]]\nid = "{id}"\nname = "x"\nunits = ["场"]\nkind = "flow"\n{more}phrases = ["放星"]\nexamples = ["全年放星30场"]\n'


def read(organization: str, sentence: str, folder: Path | None = None, domain: str | None = None) -> Report:
    document = extractor.read(f"{organization}2021年工作总结\n现总结如下：\n{sentence}".encode(), "a.txt")
    return extractor.extract(document, extractor.load_rules(folder), domain)


def linked(report: Report) -> list[str | None]:
    return [figure.indicator for figure in report.figures]


@pytest.fixture
def rival(tmp_path: Path) -> Path:
    """The same phrase in a museum's, a school's and a generic indicator."""
    (tmp_path / "indicators").mkdir()
    for name in ("museum", "school", "generic"):
        (tmp_path / f"indicators/{name}.toml").write_text(OWN.format(id=f"{name}.shows", more=""), "utf-8")
    return tmp_path


def test_every_file_of_indicators_is_named_after_a_domain() -> None:
    assert {path.stem for path in (rules.builtin_folder() / "indicators").glob("*.toml")} == {*TABLES.ids, domains.GENERIC}
    of = {rule.id: rule.domain for rule in extractor.load_rules().by_kind["indicator"]}  # type: ignore[attr-defined]
    assert (of["collection.total"], of["museum.restoration"], of["income.total"]) == ("public-library", "museum", "generic")


@pytest.mark.parametrize(
    ("organization", "domain"),
    [("云溪县图书馆", "public-library"), ("云溪大学图书馆", "university-library"), ("云溪大学", "school"), ("云溪省图书馆学会", "association"), ("云溪县商务局", None)],
)  # fmt: skip
def test_the_report_says_what_kind_of_institution_it_is(organization: str, domain: str | None) -> None:
    report = read(organization, "全年工作扎实推进。")
    assert report.domain == domain
    assert msgspec.json.decode(msgspec.json.encode(report)).get("domain") == domain


def test_without_an_institution_the_title_tells() -> None:
    assert domains.recognise((None, "2021年博物馆工作总结"), TABLES) == "museum"
    assert domains.recognise(("云溪县商务局", "2021年博物馆工作总结"), TABLES) == "museum"
    assert domains.recognise((None, None), TABLES) is None


@given(st.sampled_from(sorted(TABLES.names)), st.text(alphabet="云溪县市省某 　", max_size=6))
def test_a_name_that_ends_with_a_word_is_of_its_domain(word: str, before: str) -> None:
    assert domains.recognise((before + word,), TABLES) == TABLES.names[word]


@given(st.text(max_size=40))
def test_any_name_has_one_domain_or_none(name: str) -> None:
    assert domains.recognise((name,), TABLES) in (*TABLES.ids, None)


@pytest.mark.parametrize(
    ("organization", "indicator"), [("云溪县博物馆", "museum.shows"), ("云溪县第一中学", "school.shows"), ("云溪县图书馆", "generic.shows"), ("云溪县商务局", "generic.shows")]
)
def test_of_indicators_that_fit_equally_the_report_s_own_wins_then_the_generic_one(rival: Path, organization: str, indicator: str) -> None:
    assert linked(read(organization, "全年放星30场。", rival)) == [indicator]


def test_two_of_one_domain_stay_undecided(rival: Path) -> None:
    (rival / "indicators/museum.toml").write_text(OWN.format(id="museum.a", more="") + OWN.format(id="museum.b", more=""), "utf-8")
    (rival / "indicators/generic.toml").unlink()
    assert linked(read("云溪县博物馆", "全年放星30场。", rival)) == [None]


def test_the_domain_decides_nothing_where_one_fits_better(rival: Path) -> None:
    longer = OWN.format(id="school.longer", more="").replace('"放星"', '"天文放星"')
    (rival / "indicators/school.toml").write_text(longer.replace("全年放星", "全年天文放星"), "utf-8")
    assert linked(read("云溪县博物馆", "全年天文放星30场。", rival)) == ["school.longer"]


def test_the_domain_can_be_set(rival: Path, tmp_path: Path) -> None:
    report = read("云溪县博物馆", "全年放星30场。", rival, "school")
    assert (report.domain, linked(report)) == ("school", ["school.shows"])
    report = read("云溪县博物馆", "全年放星30场。", rival, "generic")
    assert (report.domain, linked(report)) == (None, ["generic.shows"])


def test_a_row_of_the_form_that_several_domains_have(rival: Path) -> None:
    for path in (rival / "indicators").glob("*.toml"):
        path.write_text(path.read_text("utf-8") + 'rows = ["放映"]\n', "utf-8")
    form = "附表\n项目\t单位\t数量\n放映\t场\t30\n"
    assert [row.indicator for row in read("云溪县第一中学", form, rival).statistics] == ["school.shows"]
    assert [row.indicator for row in read("云溪县商务局", form, rival).statistics] == ["generic.shows"]


def test_an_indicator_at_home_counts_nowhere_else(rival: Path) -> None:
    (rival / "indicators/generic.toml").unlink()
    (rival / "indicators/school.toml").unlink()
    (rival / "indicators/museum.toml").write_text(OWN.format(id="museum.shows", more='home = true\nrows = ["放映"]\n'), "utf-8")
    lines = "全年放星30场。\n附表\n项目\t单位\t数量\n放映\t场\t30\n"
    for organization, indicator in (("云溪县博物馆", "museum.shows"), ("云溪县图书馆", None), ("云溪县商务局", None)):
        report = read(organization, lines, rival)
        assert linked(report) == [indicator] and [row.indicator for row in report.statistics] == [indicator]
    assert rules.check(extractor.load_rules(rival)) == []


def test_another_wording_of_an_indicator_in_one_domain(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    own = OWN.format(id="museum.visits", more='same_as = "visits.total"\nhome = true\nrows = ["夜巡馆舍"]\n')
    text = own.replace('["场"]', '["人次"]').replace("放星", "夜巡馆舍").replace("30场", "30人次")
    (tmp_path / "indicators/museum.toml").write_text(text, "utf-8")
    lines = "全年夜巡馆舍3.6万人次。\n附表\n项目\t单位\t数量\n夜巡馆舍\t人次\t36000\n"
    report = read("云溪县博物馆", lines, tmp_path)
    assert [(record.indicator, record.rule) for record in (*report.figures, *report.statistics)] == [("visits.total", "indicators:museum.visits")] * 2
    assert linked(read("云溪县档案馆", lines, tmp_path)) == [None]
    assert rules.check(extractor.load_rules(tmp_path)) == []


def test_another_wording_that_fits_as_well_as_the_indicator_is_no_second_one(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    text = OWN.format(id="museum.visits", more='same_as = "visits.total"\n').replace('["场"]', '["人次"]').replace("放星", "接待观众").replace("30场", "30人次")
    (tmp_path / "indicators/museum.toml").write_text(text, "utf-8")
    for organization in ("云溪县博物馆", "云溪县档案馆"):
        assert linked(read(organization, "全年接待观众3.6万人次。", tmp_path)) == ["visits.total"]


def test_a_domain_of_one_s_own(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    (tmp_path / "domains.toml").write_text('[[domain]]\nid = "planetarium"\nnames = ["天文馆"]\nexamples = ["云溪市天文馆"]\n', "utf-8")
    (tmp_path / "indicators/planetarium.toml").write_text(OWN.format(id="dome.shows", more="home = true\n"), "utf-8")
    report = read("云溪市天文馆", "全年放星30场。", tmp_path)
    assert (report.domain, linked(report)) == ("planetarium", ["dome.shows"])


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("indicators/mine.toml", OWN.format(id="x", more='domain = "zoo"\n'), "indicators/mine.toml: [[indicator]] x: domain: 'zoo' is no domain"),
        ("indicators/mine.toml", OWN.format(id="x", more='same_as = "y"\n'), "indicators/mine.toml: [[indicator]] x: 'y' is no indicator"),
        ("indicators/mine.toml", OWN.format(id="x", more='same_as = "y"\n') + OWN.format(id="y", more='same_as = "visits.total"\n'), "[[indicator]] x: same_as: 'y' is another wording itself"),
        ("domains.toml", '[[domain]]\nid = "x"\nnames = ["博物馆"]\nexamples = []\n', "domains.toml: [[domain]] x: names: '博物馆' is also a name of museum"),
        ("domains.toml", '[[domain]]\nid = "generic"\nnames = ["局"]\nexamples = []\n', "domains.toml: [[domain]] generic: id: this is the name"),
    ],
)  # fmt: skip
def test_a_domain_that_is_wrong(tmp_path: Path, file: str, text: str, said: str) -> None:
    (tmp_path / "indicators").mkdir()
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(RuleError) as raised:
        extractor.load_rules(tmp_path)
    assert said in str(raised.value)


def test_a_file_of_any_name_holds_generic_indicators(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators/mine.toml").write_text(OWN.format(id="x", more=""), "utf-8")
    rule = next(rule for rule in extractor.load_rules(tmp_path).by_kind["indicator"] if rule.id == "x")
    assert rule.domain == "generic"  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["convert", "check"])
def test_the_command_line_sets_it(command: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("云溪县商务局2021年工作总结\n全年工作扎实推进。", "utf-8")
    wrong = CliRunner().invoke(cli, [command, str(path), "--domain", "zoo"])
    assert wrong.exit_code == 2 and "zoo: there is no domain of this name: choose one of public-library, " in wrong.stderr
    assert CliRunner().invoke(cli, [command, str(path), "--domain", "museum"]).exit_code == 0
    assert '"domain": "museum"' in CliRunner().invoke(cli, ["convert", str(path), "--domain", "museum"]).stdout


def test_a_domain_that_there_is_not() -> None:
    with pytest.raises(RuleError, match="there is no domain of this name"):
        read("云溪县博物馆", "全年放星30场。", None, "zoo")


# --- university libraries, schools, associations ---------------------------------------------------


@pytest.mark.parametrize(
    ("organization", "sentence", "indicators"),
    [
        ("云溪大学图书馆", "馆藏纸质图书268.6万册，电子图书312万册，中外文数据库96个，电子期刊4.6万种，生均藏书82册。", ["collection.books", "ebooks.holdings", "databases.subscribed", "collection.ejournals", "collection.per_student"]),
        ("云溪大学图书馆", "新增数据库4个，试用数据库38个，自建特色数据库6个。", ["databases.new", "databases.trial", "databases.own"]),
        ("云溪大学图书馆", "全年进馆186.5万人次，自助借还机借还图书21.3万册次，馆际互借320册，文献传递4260篇。", ["visits.total", "loans.self_service", "loans.interlibrary", "reference.document_delivery"]),
        ("云溪大学图书馆", "完成科技查新126项，查收查引2860项，撰写学科分析报告18份。", ["reference.novelty_searches", "reference.citation_reports", "reference.subject_reports"]),
        ("云溪大学图书馆", "开设信息素养课程4门，选课学生1260人，授课192学时；开展新生入馆教育48场，覆盖新生5600人。", ["literacy.courses", "literacy.students", "literacy.hours", "literacy.orientation_sessions", "literacy.orientation_attendance"]),
        ("云溪大学图书馆", "全年接待师生186.5万人次。", ["visits.total"]),
        ("云溪县第一中学", "现有教学班56个，在校学生2860人，其中住宿生1860人；教职工236人，其中专任教师198人，高级教师68人。", ["school.classes", "school.students", "school.students.boarding", "staff.total", "school.teachers", "school.teachers.senior"]),
        ("云溪县第一中学", "校舍建筑面积4.6万平方米，图书馆藏书12.6万册，生均图书44册，计算机486台。", ["building.area_used", "collection.total", "collection.per_student", "equipment.computers"]),
        ("云溪县第一中学", "今年招收新生960人，应届毕业生926人，高考本科上线682人，毕业生就业率96.8%。", ["school.enrolment", "school.graduates", "school.undergraduate_admissions", "school.employment_rate"]),
        ("云溪省图书馆学会", "现有个人会员2360人，单位会员186家，下设专业委员会12个，发展会员126人。", ["association.members.individual", "association.members.unit", "association.branches", "association.members.new"]),
        ("云溪省图书馆学会", "召开会员代表大会1次、理事会2次、常务理事会4次；会费收入38.6万元，会刊出版6期。", ["association.meetings.congress", "association.meetings.council", "association.meetings.standing", "income.membership_fees", "publications.issues"]),
        ("云溪省图书馆学会", "举办业务培训班8期，培训学员1260人次。", ["events.training.count", "events.training.attendance"]),
        # somebody else's, or another thing
        ("云溪县第一中学", "组织学生300人参加研学，评选文明班级18个，选派教师86人参加培训，拟招收新生1000人。", [None] * 4),
        ("云溪县第一中学", "国家级一流专业12个，一本上线286人，组织社团活动260场，聘请客座教授12人。", [None] * 4),
        ("云溪省图书馆学会", "参加学术会议26人，走访会员单位36家，结题课题32项，增补理事6名。", [None] * 4),
        ("云溪大学图书馆", "接待兄弟院校师生86人次，购买数据库6个，学校现有在校生26000人，到馆新书1620种。", [None] * 4),
        ("云溪县图书馆", "走进32个教学班，全县在校生3.6万人，联合学会发展会员86人，毕业生320人到馆实习。", [None] * 4),
    ],
)  # fmt: skip
def test_figures_of_three_kinds_of_institutions(organization: str, sentence: str, indicators: list[str | None]) -> None:
    assert linked(read(organization, sentence)) == indicators


@pytest.mark.parametrize(
    ("organization", "rows"),
    [
        ("云溪大学图书馆", {"生均年进书量\t册": "acquisitions.per_student", "文献传递量\t篇": "reference.document_delivery", "总流通人次\t人次": "visits.total"}),
        ("云溪县实验小学", {"在校学生数\t人": "school.students", "教学班数\t个": "school.classes", "专任教师\t人": "school.teachers", "校舍建筑面积\t平方米": "building.area_used"}),
        ("云溪县书法家协会", {"个人会员数\t人": "association.members.individual", "会费收入\t元": "income.membership_fees", "业务活动成本\t元": "expenditure.activities"}),
    ],
)  # fmt: skip
def test_rows_of_their_forms(organization: str, rows: dict[str, str]) -> None:
    form = "附表：基本情况统计表\n项目\t单位\t数量\n" + "".join(f"{row}\t{n}\n" for n, row in enumerate(rows, 20))
    assert [row.indicator for row in read(organization, form).statistics] == list(rows.values())


def test_indicators_of_one_kind_of_institution_are_many_and_prove_themselves() -> None:
    for domain in ("university-library", "school", "association"):
        found = [rule for rule in extractor.load_rules().by_kind["indicator"] if rule.domain == domain]  # type: ignore[attr-defined]
        assert len(found) >= 20 and all(rule.examples and rule.rejects for rule in found)

"""Which kind of institution reports, and what that decides."""

from __future__ import annotations

from pathlib import Path

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
    assert (of["visits.total"], of["museum.restoration"], of["income.total"]) == ("public-library", "museum", "generic")


@pytest.mark.parametrize(
    ("organization", "domain"),
    [("云溪县图书馆", "public-library"), ("云溪大学图书馆", "university-library"), ("云溪大学", "school"), ("云溪省图书馆学会", "association"), ("云溪县商务局", None)],
)  # fmt: skip
def test_the_report_says_what_kind_of_institution_it_is(organization: str, domain: str | None) -> None:
    assert read(organization, "全年工作扎实推进。").domain == domain


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

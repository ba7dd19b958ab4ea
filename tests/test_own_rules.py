"""A folder of one's own laid over the built-in rules: what is new, replaced, extended, taken out, and what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import extractor
from extractor import RuleError, registry, rules
from extractor.cli import cli

VISITS = '[[indicator]]\nid = "visits.total"\nname = "人次"\nunits = ["人次"]\nkind = "flow"\nphrases = ["进园"]\nexamples = ["进园3万人次"]\n'


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def ids(folder: Path, kind: str) -> set[str]:
    return {rule.id for rule in extractor.load_rules(folder).by_kind[kind]}


def links(folder: Path, sentence: str) -> list[str | None]:
    document = extractor.read(f"云溪县图书馆2021年工作总结\n{sentence}".encode(), "a.txt")
    return [figure.indicator for figure in extractor.extract(document, extractor.load_rules(folder)).figures]


def faults(folder: Path) -> str:
    with pytest.raises(RuleError) as raised:
        extractor.load_rules(folder)
    return str(raised.value)


def test_what_a_folder_does_not_name_stays_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, implied='[[implied]]\nid = "tons"\nunit = "吨"\nbefore = ["清运量"]\nexamples = ["清运量达到300"]\n')
    own, builtin = extractor.load_rules(tmp_path), extractor.load_rules()
    assert {kind: len(found) for kind, found in own.by_kind.items() if len(found) != len(builtin.by_kind[kind])} == {"implied": len(builtin.by_kind["implied"]) + 1}
    assert own.sha256 != builtin.sha256 and rules.check(own) == []


def test_an_entry_of_the_same_id_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    write(tmp_path, indicators__park=VISITS)
    assert links(tmp_path, "全年进园3万人次。全年接待读者3万人次。") == ["visits.total", None]


def test_an_entry_that_extends_adds_to_the_lists_and_replaces_the_rest(tmp_path: Path) -> None:
    write(tmp_path, indicators__park='[[indicator]]\nid = "visits.total"\nextends = true\nname = "入园人次"\nphrases = ["进园"]\nexamples = ["进园3万人次"]\n')
    assert links(tmp_path, "全年进园3万人次。全年接待读者3万人次。") == ["visits.total", "visits.total"]
    rule = next(rule for rule in extractor.load_rules(tmp_path).by_kind["indicator"] if rule.id == "visits.total")
    assert rule.name == "入园人次" and {"进园3万人次", "全年接待读者16.3万余人次"} <= set(rule.examples)  # type: ignore[attr-defined]
    assert rules.check(extractor.load_rules(tmp_path)) == []


def test_a_table_is_extended_column_by_column(tmp_path: Path) -> None:
    write(tmp_path, tables='[[table]]\nid = "statistics"\nextends = true\nexamples = ["观测项|全年合数"]\n[table.columns]\nitem = ["观测项"]\nvalue = ["全年合数"]\n')
    loaded = extractor.load_rules(tmp_path)
    assert rules.check(loaded) == []
    document = extractor.read("云溪县天文馆2021年工作总结\n附表\n观测项\t全年合数\n开放夜数\t87\n观测人次\t4310\n".encode(), "a.txt")
    assert [(s.label, s.value) for s in extractor.extract(document, loaded).statistics] == [("开放夜数", 87), ("观测人次", 4310)]


def test_an_entry_is_taken_out_and_what_refers_to_it_goes_on_without_it(tmp_path: Path) -> None:
    write(tmp_path, indicators__park='[[indicator]]\nid = "collection.total"\ndisabled = true\nnote = "不是图书馆"\n')
    assert "collection.total" not in ids(tmp_path, "indicator")
    assert links(tmp_path, "馆藏文献总量12.86万册，其中开架1326册。馆藏古籍1326册。") == [None, None, "collection.ancient"]
    assert {rule.id for rule in extractor.load_rules().by_kind["identity"]} > ids(tmp_path, "identity")
    assert rules.check(extractor.load_rules(tmp_path)) == []


@pytest.mark.parametrize("kind", ["unit", "hedge", "nonfigure", "event", "season", "section", "implied", "award", "period"])
def test_a_rule_of_any_kind_can_be_taken_out(tmp_path: Path, kind: str) -> None:
    first = extractor.load_rules().by_kind[kind][0].id
    file = next(k.files for k in registry.KINDS if k.name == kind).removesuffix(".toml")
    write(tmp_path, **{file: f'[[{kind}]]\nid = "{first}"\ndisabled = true\n'})
    assert first not in ids(tmp_path, kind)


def test_a_new_category_is_asked_before_the_built_in_ones(tmp_path: Path) -> None:
    text = "云溪县图书馆2021年大事记\n1月4日，举办观星讲座。\n"
    before = extractor.extract(extractor.read(text.encode(), "a.txt")).events[0].category
    write(tmp_path, events='[[event]]\nid = "stargazing"\nkind = "category"\nwords = ["观星"]\nexamples = ["举办观星讲座"]\n')
    after = extractor.extract(extractor.read(text.encode(), "a.txt"), extractor.load_rules(tmp_path)).events[0].category
    assert before not in (None, "stargazing") and after == "stargazing"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("units", '[[unit]]\nid = "no-such-unit"\ndisabled = true\n', "units.toml: [[unit]] no-such-unit: disabled: there is no [[unit]] with this id"),
        ("units", '[[unit]]\nid = "no-such-unit"\nextends = true\nforms = ["株"]\n', "units.toml: [[unit]] no-such-unit: extends: there is no [[unit]] with this id"),
        ("units", '[[unit]]\nid = "area"\ndisabled = "yes"\n', "units.toml: [[unit]] area: disabled: Expected `bool`, got `str`"),
        ("units", '[[unit]]\nid = "area"\ndisabled = true\nforms = ["亩"]\n', "units.toml: [[unit]] area: forms: a rule that is taken out has no other keys"),
        ("units", '[[unit]]\nid = "area"\nextends = true\nforms = "亩"\n', "units.toml: [[unit]] area: forms: Expected `array`, got `str`"),
        ("units", '[[unit]]\nid = "area"\nforms = ["亩"]\nexamples = []\n[[unit]]\nid = "area"\nforms = ["亩"]\nexamples = []\n', "units.toml: [[unit]] area: id: given twice"),
        ("indicator", VISITS, "indicator.toml: no rules are read from a file of this name (files: units.toml, "),
        ("plants__indicators", VISITS, "plants/indicators.toml: no rules are read from a file of this name"),
        ("indicators__park", VISITS.replace('phrases = ["进园"]', 'phrases = ["(进园"]'), "indicators/park.toml: [[indicator]] visits.total: phrases: "),
        ("indicators__park", VISITS + 'parent = "no.such"\n', "indicators/park.toml: [[indicator]] visits.total: 'no.such' is no indicator"),
        (
            "indicators__park", '[[indicator]]\nid = "collection.total"\ndisabled = true\n' + VISITS + 'parent = "collection.total"\n',
            "indicators/park.toml: [[indicator]] visits.total: 'collection.total' is no indicator",
        ),
        ("checks", '[[identity]]\nid = "x"\nwhole = ["no.such"]\nparts = ["visits.total"]\nrelation = "sum"\nseverity = "hard"\nreason = "x"\nexamples = []\n', "checks.toml: [[identity]] x: 'no.such' is no indicator"),
    ],
)  # fmt: skip
def test_a_fault_names_file_id_and_key(tmp_path: Path, file: str, text: str, said: str) -> None:
    message = faults(write(tmp_path, **{file: text}))
    assert said in message and message.startswith(str(tmp_path))


def test_a_fault_that_shows_in_a_built_in_rule_names_its_file(tmp_path: Path) -> None:
    write(tmp_path, tables='[[table]]\nid = "media"\nextends = true\n[table.columns]\ntitle = ["媒体名称"]\n')
    assert "tables.toml: [[table]] media: columns." in faults(tmp_path)


def test_a_built_in_example_that_one_s_own_rule_breaks_is_told(tmp_path: Path) -> None:
    write(tmp_path, indicators__park=VISITS.replace('"进园"', '"进园", "惠及群众"'))
    found = {(failure.file, failure.rule, failure.problem) for failure in rules.check(extractor.load_rules(tmp_path))}
    assert ("indicators/public-library.toml (built-in)", "beneficiaries.total", "the example does not fire") in found


def test_the_command_line_counts_what_the_folder_does(tmp_path: Path) -> None:
    write(tmp_path, units='[[unit]]\nid = "area"\nextends = true\nforms = ["平方公尺"]\n[[unit]]\nid = "plant"\nforms = ["株"]\nexamples = ["植物300株"]\n[[unit]]\nid = "weight"\ndisabled = true\n')
    ids(tmp_path, "unit")
    result = CliRunner().invoke(cli, ["rules", "check", "--rules", str(tmp_path)])
    assert f"{tmp_path}: 1 new, 0 replaced, 1 extended, 1 disabled\n" in result.stdout


def test_the_built_in_folder_by_name_is_the_built_in_rules() -> None:
    assert extractor.load_rules(rules.builtin_folder()) is extractor.load_rules()


def test_one_file_may_hold_rules_of_any_kind(tmp_path: Path) -> None:
    write(tmp_path, rules=VISITS + '[[unit]]\nid = "area"\nextends = true\nforms = ["平方公尺"]\n[[indicator]]\nid = "x"\nname = "x"\nunits = ["场"]\nkind = "flow"\ndomain = "museum"\nexamples = []\n')
    assert links(tmp_path, "全年进园3万人次。") == ["visits.total"]
    found = {rule.id: rule for rule in extractor.load_rules(tmp_path).by_kind["indicator"]}
    assert found["x"].domain == "museum"  # type: ignore[attr-defined]


def test_the_built_in_folder_has_no_such_file() -> None:
    assert not (rules.builtin_folder() / "rules.toml").exists()


def test_a_file_of_any_kind_and_one_of_a_kind_give_an_id_once(tmp_path: Path) -> None:
    write(tmp_path, rules=VISITS, indicators__park=VISITS)
    assert "rules.toml: [[indicator]] visits.total: id: given twice, also in indicators/park.toml" in faults(tmp_path)


def test_a_draft_is_read_as_a_file_of_one_s_own_folder(tmp_path: Path) -> None:
    write(tmp_path, units='[[unit]]\nid = "area"\nextends = true\nforms = ["平方公尺"]\n')
    own = extractor.load_rules(tmp_path)
    assert {rule.id for rule in rules.trial(own, VISITS.replace("visits.total", "x")).by_kind["indicator"]} - ids(tmp_path, "indicator") == {"x"}
    for draft, said in (('[[unit]]\nid = "area"\nextends = true\n', "draft.toml: [[unit]] area: id: given twice, also in units.toml"), ("[[unit", "draft.toml: not valid TOML"), ('[[zoo]]\nid = "x"\n', "draft.toml: zoo: unknown kind")):
        with pytest.raises(RuleError, match=re.escape(said)):
            rules.trial(own, draft)

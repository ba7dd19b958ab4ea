"""The rules: each proves itself by its examples, and a broken folder says everything that is wrong with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

import extractor
from extractor import RuleError, registry, rules
from extractor.cli import cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(rules.builtin_folder(), tmp_path / "rules"))


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text("utf-8") + "\n" + text, "utf-8")


def faults(folder: Path) -> str:
    with pytest.raises(RuleError) as raised:
        extractor.load_rules(folder)
    return str(raised.value)


# --- the built-in rules ---------------------------------------------------------------------------


def test_every_example_fires_and_no_reject_does() -> None:
    assert rules.check(extractor.load_rules()) == []


@pytest.mark.parametrize("kind", registry.KINDS, ids=lambda kind: kind.name)
def test_every_rule_has_an_example(kind: registry.Kind) -> None:
    assert [rule.id for rule in extractor.load_rules().by_kind[kind.name] if not rule.examples] == []


def test_no_example_is_given_twice_and_none_is_also_a_reject_of_its_rule() -> None:
    for kind, found in extractor.load_rules().by_kind.items():
        for rule in found:
            texts = (*rule.examples, *rule.rejects)
            assert len(texts) == len(set(texts)), f"{kind} {rule.id}"


def test_every_file_of_rules_is_read() -> None:
    builtin = rules.builtin_folder()
    read = {path for kind in registry.KINDS for path in builtin.glob(kind.files)}
    assert set(builtin.rglob("*.toml")) == read


def test_a_rule_whose_example_does_not_fire_is_a_failure(folder: Path) -> None:
    append(folder / "implied.toml", '[[implied]]\nid = "tons"\nunit = "吨"\nbefore = ["运量"]\nexamples = ["运量达到300", "没有数字"]\nrejects = ["全年运量500万"]\n')
    append(folder / "periods.toml", '[[season]]\nid = "without"\nwords = ["夏令营期间"]\nedtf = ""\nexamples = []\n')
    found = {(f.rule, f.text, f.problem) for f in rules.check(extractor.load_rules(folder))}
    assert found == {("tons", "没有数字", "the example does not fire"), ("tons", "全年运量500万", "the reject fires"), ("without", "", "the rule has no example")}


def test_a_librarian_s_new_rule_is_used(folder: Path) -> None:
    append(folder / "implied.toml", '[[implied]]\nid = "tons"\nunit = "吨"\nbefore = ["清运量"]\nexamples = ["清运量达到300"]\n')
    append(
        folder / "indicators/generic.toml",
        '[[indicator]]\nid = "waste.total"\nname = "垃圾"\nunits = ["吨"]\nkind = "flow"\nphrases = ["垃圾清运量"]\nexamples = ["垃圾清运量300吨"]\n',
    )
    loaded = extractor.load_rules(folder)
    document = extractor.read("云溪县图书馆2021年工作总结\n全年垃圾清运量达到300，比上年减少。".encode(), "a.txt")
    assert [(f.raw, f.unit, f.indicator) for f in extractor.extract(document, loaded).figures] == [("300", "吨", "waste.total")]
    assert extractor.extract(document).figures == ()


def test_the_same_folder_has_the_same_hash_and_another_content_another(folder: Path) -> None:
    first = extractor.load_rules().sha256
    copied = extractor.load_rules(folder).sha256
    again = folder.with_name("again")
    shutil.copytree(folder, again)
    append(again / "implied.toml", "# a remark\n")
    assert first == copied == extractor.load_rules(again).sha256
    other = folder.with_name("other")
    shutil.copytree(folder, other)
    append(other / "implied.toml", '[[implied]]\nid = "tons"\nunit = "吨"\nbefore = ["运量"]\nexamples = ["运量达到300"]\n')
    assert first != extractor.load_rules(other).sha256


# --- broken folders -------------------------------------------------------------------------------


def test_every_fault_of_a_folder_is_told_at_once_with_file_id_and_key(folder: Path) -> None:
    append(folder / "hedges.toml", '[[hedge]]\nid = "wild"\nhedge = "over"\nplace = "before"\nform = ["乱"]\nexamples = ["乱3册"]\n')
    append(folder / "units.toml", '[[unit]]\nid = "wrong"\nforms = 3\nexamples = ["3册"]\n')
    append(folder / "indicators/museum.toml", '[[indicator]]\nid = "visits.total"\nname = "x"\nunits = ["人次"]\nkind = "flow"\nexamples = ["x"]\n')
    append(folder / "awards.toml", "[[award\n")
    append(folder / "periods.toml", '[[festival]]\nid = "x"\n')
    message = faults(folder)
    for said in (
        "hedges.toml: [[hedge]] wild: ", "`form`", "units.toml: [[unit]] wrong: ", "indicators/public-library.toml: [[indicator]] visits.total: id: given twice, also in indicators/museum.toml", "awards.toml: not valid TOML",
        "periods.toml: festival: unknown kind of rule",
    ):  # fmt: skip
        assert said in message
    assert str(folder) in message and "extractor rules check" in message


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("implied.toml", '[[implied]]\nid = "x"\nunit = 3\nbefore = []\nexamples = []\n', "implied.toml: [[implied]] x: unit: Expected `str`, got `int`"),
        ("implied.toml", '[[implied]]\nid = "x"\nunit = "吨"\nexamples = []\n', "implied.toml: [[implied]] x: Object missing required field `before`"),
        ("implied.toml", '[[implied]]\nunit = "吨"\n', "implied.toml: [[implied]] number "),
        ("implied.toml", '[[implied]]\nid = "x"\nunit = "吨"\nbefore = ["a", 3]\nexamples = []\n', "before[1]: Expected `str`, got `int`"),
        ("hedges.toml", '[[hedge]]\nid = "x"\nhedge = "perhaps"\nplace = "before"\nforms = []\nexamples = []\n', "hedges.toml: [[hedge]] x: hedge: Invalid enum value 'perhaps'"),
        ("indicators/museum.toml", '[[indicator]]\nid = "x"\nname = "x"\nunits = []\nkind = "flow"\nparent = "no.such"\nexamples = []\n', "[[indicator]] x: 'no.such' is no indicator"),
        ("indicators/museum.toml", '[[indicator]]\nid = "x"\nname = "x"\nunits = []\nkind = "flow"\nphrases = ["(展览|展"]\nexamples = []\n', "[[indicator]] x: phrases"),
        ("periods.toml", '[[season]]\nid = "x"\nwords = ["秋假"]\nedtf = "2021-10"\nexamples = []\n', "periods.toml: [[season]] x: edtf: write {year}"),
        ("tables.toml", '[[table]]\nid = "x"\nkind = "media"\nrequired = []\nexamples = []\n[table.columns]\na = ["字段"]\nb = ["字段"]\n', "tables.toml: [[table]] x: columns.b: '字段' is also a wording of a"),
    ],
)  # fmt: skip
def test_a_fault_names_file_rule_and_key(folder: Path, file: str, text: str, said: str) -> None:
    append(folder / file, text)
    assert said in faults(folder)


def test_a_kind_written_as_one_table_is_a_fault(folder: Path) -> None:
    (folder / "implied.toml").write_text('[implied]\nid = "x"\n', "utf-8")
    assert "write [[implied]], not [implied]" in faults(folder)


def test_rules_that_are_not_utf_8_are_a_fault(folder: Path) -> None:
    (folder / "implied.toml").write_bytes("# 规则\n".encode("gb18030"))
    assert "implied.toml: not valid TOML" in faults(folder)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert "no rule files found" in faults(tmp_path)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    message = faults(tmp_path / "没有")
    assert "没有: no such folder of rules: pass a folder" in message


@pytest.mark.parametrize("command", [["rules", "check"], ["convert", "a.txt"], ["rules", "explain", "a.txt"], ["evaluate", "."], ["check", "a.txt"]])
def test_a_broken_rule_stops_every_command_with_2(folder: Path, command: list[str]) -> None:
    append(folder / "implied.toml", "[[implied\n")
    result = CliRunner().invoke(cli, [*command, "--rules", str(folder)])
    assert result.exit_code == 2
    assert "implied.toml: not valid TOML" in result.stderr and result.stdout == ""


def test_a_failing_example_stops_rules_check_with_2(folder: Path) -> None:
    append(folder / "implied.toml", '[[implied]]\nid = "tons"\nunit = "吨"\nbefore = ["运量"]\nexamples = ["没有数字"]\n')
    result = CliRunner().invoke(cli, ["rules", "check", "--rules", str(folder)])
    assert result.exit_code == 2
    assert "implied.toml: [[implied]] tons: the example does not fire: 没有数字" in result.stderr


# --- where the built-in rules are ------------------------------------------------------------------


def test_an_installed_package_reads_the_rules_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "extractor"
    shutil.copytree(rules.builtin_folder(), package / "_rules")
    (tmp_path / "site-packages" / "rules").mkdir()
    monkeypatch.setattr(rules, "__file__", str(package / "rules.py"))
    assert rules.builtin_folder() == (package / "_rules").resolve()
    assert extractor.load_rules().folder == (package / "_rules").resolve()


def test_a_package_without_its_rules_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "__file__", str(tmp_path / "site-packages" / "extractor" / "rules.py"))
    with pytest.raises(RuleError, match="reinstall"):
        extractor.load_rules()


def test_the_wheel_carries_the_rules() -> None:
    import tomllib

    root = Path(__file__).parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"rules": "extractor/_rules"}


def test_rules_are_frozen() -> None:
    rule = extractor.load_rules().by_kind["unit"][0]
    with pytest.raises(AttributeError):
        rule.id = "other"  # type: ignore[misc]
    assert msgspec.structs.asdict(rule)["id"] == rule.id

"""Rules proposed for what nothing took: they pass the check as they are, and say what the report says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor import rules
from extractor.cli import cli
from extractor.proposals import propose
from extractor.proposals.entries import Proposal

CORPUS = Path(__file__).parents[1] / "corpus"
REPORTS = sorted(path.with_name(path.name.replace(".gold.json", ".txt")) for path in CORPUS.rglob("*.gold.json"))
PLANETARIUM = """云溪市天文馆2022年工作总结
现总结如下：
全年放映球幕电影1260轮，观测夜空186晚，接待公众8.6万人次。制作展教具48鼎，现有观测站点6处。
全年网站阅读总量达到26800，比上年增加。5月3日接待学童300人次，占比30%。
我馆摘冠“全省科普教育先进单位”称号，又喜揽“省级文明窗口”。
附表1
观测项|本年合数|上年合数|附注
开放夜数|87|80|无
观测人次|4310|4000|无
附表2
项目|单位|数量|填报口径
天象节目|部|12|新制
球幕场次|场|1260|全年
"""


def proposed(text: str, tmp_path: Path, folder: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """The proposals for a report, by kind."""
    path = tmp_path / "report.txt"
    path.write_text(text, "utf-8")
    return tomllib.loads("\n".join(propose(path, extractor.load_rules(folder))))


def by_id(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in entries}


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_what_is_proposed_passes_the_check_as_it_is(report: Path, tmp_path: Path) -> None:
    text = "\n".join(propose(report, extractor.load_rules()))
    (tmp_path / "rules.toml").write_text(text, "utf-8")
    loaded = extractor.load_rules(tmp_path)
    assert rules.check(loaded) == []
    assert sum(entry.change in ("new", "extended") for entry in loaded.entries.values()) == sum(map(len, tomllib.loads(text).values())) > 10


@pytest.mark.parametrize("report", REPORTS[:2], ids=lambda path: path.stem)
def test_what_is_proposed_takes_what_nothing_took(report: Path, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text("\n".join(propose(report, extractor.load_rules())), "utf-8")
    before, after = extractor.extract(report), extractor.extract(report, extractor.load_rules(tmp_path))
    new = [figure for figure in after.figures if (figure.indicator or "").startswith("todo.")]
    linked = {figure.start: figure.indicator for figure in before.figures if figure.indicator}
    assert len(new) >= 10 and all(figure.start not in linked for figure in new)
    assert all(figure.indicator == linked.get(figure.start, figure.indicator) for figure in after.figures)


def test_each_kind_of_thing_that_nothing_took(tmp_path: Path) -> None:
    found = proposed(PLANETARIUM, tmp_path)
    assert {entry["forms"][0]: entry["examples"] for entry in found["unit"]} == {"晚": ["观测夜空186晚"], "鼎": ["制作展教具48鼎"]}
    (implied,) = found["implied"]
    assert (implied["before"], implied["examples"]) == (["全年网站阅读总量"], ["全年网站阅读总量达到26800"])
    indicators = by_id(found["indicator"])
    assert indicators["todo.放映球幕电影"] | {"examples": []} == {"id": "todo.放映球幕电影", "name": "放映球幕电影", "units": ["轮"], "kind": "flow", "phrases": ["放映球幕电影"], "examples": []}
    assert indicators["todo.观测站点"]["kind"] == "stock" and indicators["todo.天象节目"]["rows"] == ["天象节目"]
    assert indicators["todo.天象节目"]["examples"] == ["天象节目 | 部"]
    (table,) = found["table"]
    assert (table["id"], table["extends"], table["columns"]) == ("statistics", True, {"item": ["观测项"], "note": ["附注", "填报口径"]})
    assert {(entry["role"], entry["words"][0], entry["examples"][0]) for entry in found["award"]} == {
        ("strong", "摘冠", "我馆摘冠“全省科普教育先进单位”称号"), ("strong", "喜揽", "又喜揽“省级文明窗口”"),
    }  # fmt: skip


def test_figures_of_a_day_and_shares_are_not_proposed(tmp_path: Path) -> None:
    assert not {entry["name"] for entry in proposed(PLANETARIUM, tmp_path)["indicator"]} & {"接待学童", "学童", "占比"}


def test_what_one_s_own_rules_take_is_not_proposed_again(tmp_path: Path) -> None:
    folder = tmp_path / "my-rules"
    folder.mkdir()
    path = tmp_path / "report.txt"
    path.write_text(PLANETARIUM, "utf-8")
    (folder / "rules.toml").write_text("\n".join(propose(path, extractor.load_rules())), "utf-8")
    again = proposed(PLANETARIUM, tmp_path, folder)
    assert again.keys() <= {"indicator"}
    assert {entry["name"] for entry in again.get("indicator", ())} <= {"全年网站阅读", "网站阅读", "观测夜空", "制作展教具", "维护望远镜", "开放夜数", "观测人次"}
    both = tmp_path / "both"
    both.mkdir()
    (both / "rules.toml").write_bytes((folder / "rules.toml").read_bytes())
    (both / "units.toml").write_text('[[unit]]\nid = "area"\nextends = true\nforms = ["平方公尺"]\n', "utf-8")
    assert rules.check(extractor.load_rules(both)) == []


def test_the_domain_and_near_misses_are_told(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("云溪县图书馆2022年工作总结\n现总结如下：\n我馆接受捐赠图画1545册。", "utf-8")
    text = "\n".join(propose(path, extractor.load_rules()))
    assert 'domain = "public-library"' in text
    path.write_text("云溪县图书馆2022年工作总结\n现总结如下：\n我馆接受捐赠1545册。", "utf-8")
    assert "# Or is it museum.acquisitions.donated (接受捐赠: counted in 件/套/组, not in 册)? Then extend that one instead." in "\n".join(propose(path, extractor.load_rules()))


def test_nothing_to_propose(tmp_path: Path) -> None:
    assert proposed("云溪县图书馆2022年工作总结\n全年工作扎实推进。", tmp_path) == {}


@given(
    st.text(max_size=20),
    st.lists(st.text(max_size=30), min_size=1, max_size=3),
    st.lists(st.text(max_size=40), max_size=2),
    st.dictionaries(st.sampled_from(["item", "note"]), st.lists(st.text(max_size=10))),
)
def test_any_words_are_written_as_toml(name: str, texts: list[str], notes: list[str], columns: dict[str, list[str]]) -> None:
    proposal = Proposal("table", {"id": "todo.x", "name": name, "extends": True, "columns": columns}, (tuple(texts),), tuple(notes))
    (entry,) = tomllib.loads(proposal.toml())["table"]
    assert entry == {"id": "todo.x", "name": name, "extends": True, "columns": columns, "examples": texts}


def test_the_command_prints_it_or_writes_a_new_file(tmp_path: Path) -> None:
    path, target = tmp_path / "report.txt", tmp_path / "my-rules" / "rules.toml"
    path.write_text(PLANETARIUM, "utf-8")
    printed = CliRunner().invoke(cli, ["rules", "new", str(path)])
    written = CliRunner().invoke(cli, ["rules", "new", str(path), "-o", str(target)])
    assert (printed.exit_code, written.exit_code, written.stdout) == (0, 0, "")
    assert target.read_text("utf-8") == printed.stdout
    again = CliRunner().invoke(cli, ["rules", "new", str(path), "-o", str(target)])
    assert again.exit_code == 2 and "there is such a file" in again.stderr and target.read_text("utf-8") == printed.stdout


def test_an_unreadable_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["rules", "new", str(tmp_path / "没有.txt")])
    assert result.exit_code == 2 and "没有.txt" in result.stderr

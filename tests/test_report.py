"""The report as JSON: schema, order of keys, ids, and that every record is what its place in the text says."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import extractor
from extractor.cli import cli
from extractor.model import Document, Record, Report, Table

CORPUS = Path(__file__).parents[1] / "corpus"
RENDITIONS = sorted(path for gold in CORPUS.rglob("*.gold.json") for path in gold.parent.iterdir() if path.suffix in (".txt", ".docx", ".pdf"))
LISTS = ("events", "figures", "awards", "media", "statistics", "profile", "tables")
each_rendition = pytest.mark.parametrize("path", RENDITIONS, ids=lambda path: path.name)

DOCUMENT_KEYS = [
    "schema", "source", "organization", "title", "period", "text", "sections", "events", "figures", "awards", "media", "statistics", "profile", "tables", "diagnostics",
]  # fmt: skip
RECORD_KEYS = {
    "events": {"origin", "number", "dates", "text", "section", "category", "place", "figures", "awards"},
    "figures": {"raw", "value", "low", "high", "hedge", "unit", "label", "indicator", "period"},
    "awards": {"origin", "title", "rank", "level", "recipient", "issuer", "date", "count", "subject"},
    "media": {"number", "title", "content", "outlet", "outlet_type", "form", "date"},
    "statistics": {"code", "label", "indicator", "raw", "value", "unit", "quantity", "quantity_unit", "period", "parent"},
    "profile": {"label", "value"},
    "tables": {"kind", "caption", "header", "rows"},
}


@cache
def document(path: Path) -> Document:
    return extractor.read(path)


@cache
def report(path: Path) -> Report:
    return extractor.extract(document(path))


@cache
def written(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(msgspec.json.encode(report(path)))
    return loaded


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(CliRunner().invoke(cli, ["schema"]).stdout)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def records(found: Report) -> Iterator[tuple[str, Record]]:
    for kind in LISTS:
        yield from ((kind, record) for record in getattr(found, kind))


def small(text: str) -> Report:
    return extractor.extract(extractor.read(text.encode(), "a.txt"))


# --- schema and keys ------------------------------------------------------------------------------


@each_rendition
def test_every_written_report_validates_against_the_schema(path: Path) -> None:
    assert [error.message for error in validator().iter_errors(written(path))] == []


def test_the_schema_refuses_what_is_no_report() -> None:
    good = written(RENDITIONS[0])
    for broken in ({**good, "schema": "extractor/report/2"}, {**good, "text": 3}, {**good, "figures": [{**good["figures"][0], "hedge": "perhaps"}]}, {key: good[key] for key in good if key != "text"}):
        assert list(validator().iter_errors(broken))


@each_rendition
def test_keys_stand_in_the_order_of_the_contract(path: Path) -> None:
    assert list(written(path)) == [*DOCUMENT_KEYS, "domain"]
    for kind, keys in RECORD_KEYS.items():
        for record in written(path)[kind]:
            assert keys | {"id", "start", "end"} <= record.keys()


def test_the_corpus_has_records_of_every_kind() -> None:
    assert all(any(written(path)[kind] for path in RENDITIONS) for kind in (*LISTS, "sections"))


@each_rendition
def test_source_describes_the_file(path: Path) -> None:
    source = written(path)["source"]
    data = path.read_bytes()
    assert (source["name"], source["bytes"], source["sha256"]) == (path.name, len(data), hashlib.sha256(data).hexdigest())
    assert source["reader"] == path.suffix[1:]
    assert (source["pages"] is not None) == (path.suffix == ".pdf")


# --- places ---------------------------------------------------------------------------------------


@each_rendition
def test_spans_lie_in_the_text_and_are_not_empty(path: Path) -> None:
    found = report(path)
    for kind, record in records(found):
        assert 0 <= record.start < record.end <= len(found.text), (kind, record.id)
    for section in found.sections:
        assert found.text[section.start : section.end].startswith(section.heading)
    for diagnostic in found.diagnostics:
        if diagnostic.start is not None and diagnostic.end is not None:
            assert 0 <= diagnostic.start <= diagnostic.end <= len(found.text)


@each_rendition
def test_every_record_is_what_its_place_says(path: Path) -> None:
    found = report(path)
    text = found.text
    for figure in found.figures:
        assert text[figure.start : figure.end] == figure.raw
    for row in found.statistics:
        assert row.raw in text[row.start : row.end]
    for entry in found.profile:
        assert text[entry.start : entry.end].startswith(entry.label) and entry.value in text[entry.start : entry.end]
    for event in found.events:
        inside = "".join(text[event.start : event.end].split())
        first, last = min((d.start for d in event.dates), default=event.end), max((d.end for d in event.dates), default=event.end)
        undated = "".join((text[event.start : first].rstrip(" 　于在自从") + text[last : event.end]).split())  # 排练厅于4月1日启用
        assert "".join(event.text.split())[-12:] in (inside if event.text[-12:] in inside else undated)
        for date in event.dates:
            assert text[date.start : date.end] == date.raw
    for media in found.media:
        for value in (media.title, media.content, media.outlet, media.form):
            assert value is None or value in text[media.start : media.end]
    for award in found.awards:
        if award.origin == "table":
            assert award.title in text[award.start : award.end]
        assert award.rank is None or award.rank in text
    for table in found.tables:
        assert all(cell in text[table.start : table.end] for row in table.rows for cell in row)


@each_rendition
def test_nothing_is_reported_that_is_not_in_the_text(path: Path) -> None:
    found = report(path)
    flat = "".join(found.text.split())
    said = [found.organization, found.title]
    said += [value for f in found.figures for value in (f.raw, f.label)]
    said += [value for a in found.awards for value in (a.title, a.issuer, a.subject)]
    said += [value for m in found.media for value in (m.title, m.content, m.outlet, m.outlet_type, m.form)]
    said += [value for s in found.statistics for value in (s.code, s.label, s.raw, s.unit)]
    said += [value for p in found.profile for value in (p.label, p.value)]
    assert [value for value in said if value and "".join(value.split()) not in flat] == []


@each_rendition
def test_a_record_of_a_table_names_its_cell(path: Path) -> None:
    found = report(path)
    for row in found.statistics:
        assert row.table is not None and row.row is not None and row.column is not None
        assert found.tables[row.table].rows[row.row][row.column].strip() == row.raw
    for entry in found.profile:
        assert entry.table is not None and entry.row is not None and entry.column is not None
        assert found.tables[entry.table].rows[entry.row][entry.column].strip() == entry.value
    for kind in ("media", "awards"):
        for record in getattr(found, kind):
            if getattr(record, "origin", "table") == "table" and record.table is not None:
                assert record.title in found.tables[record.table].rows[record.row]


@each_rendition
def test_pages_count_from_one_where_the_format_has_pages(path: Path) -> None:
    pages = report(path).source.pages
    for _, record in records(report(path)):
        assert (record.page is None) if pages is None else (record.page is not None and 1 <= record.page <= pages)


@each_rendition
def test_blocks_tile_the_text_with_one_mark_between_them(path: Path) -> None:
    read = document(path)
    at = 0
    for block in read.blocks:
        assert block.start == at and block.end >= block.start
        at = block.end + 1
        if isinstance(block, Table):
            assert all(block.start <= cell.start <= cell.end <= block.end for cell in block.cells)
            assert all(a.end < b.start for a, b in zip(block.cells, block.cells[1:], strict=False))
            assert all("\t" not in read.text[cell.start : cell.end] and "\n" not in read.text[cell.start : cell.end] for cell in block.cells)
        else:
            assert "\n" not in read.text[block.start : block.end]
    assert at == len(read.text) + 1
    assert all(read.text[block.end] == "\n" for block in read.blocks[:-1])


# --- ids ------------------------------------------------------------------------------------------


@each_rendition
def test_ids_are_kind_and_ordinal_in_reading_order(path: Path) -> None:
    found = report(path)
    for kind, name in zip(LISTS, ("event", "figure", "award", "media", "statistic", "profile", "table"), strict=True):
        listed = getattr(found, kind)
        assert [record.id for record in listed] == [f"{name}-{n}" for n in range(1, len(listed) + 1)]
        assert [record.start for record in listed] == sorted(record.start for record in listed)


@each_rendition
def test_events_name_the_figures_and_awards_inside_them(path: Path) -> None:
    found = report(path)
    figures, awards = {f.id: f for f in found.figures}, {a.id: a for a in found.awards}
    for event in found.events:
        assert list(event.figures) == [f.id for f in found.figures if event.start <= f.start and f.end <= event.end]
        assert all(event.start <= awards[name].start < event.end for name in event.awards)
        assert all(name in figures for name in event.figures)


# --- values ---------------------------------------------------------------------------------------

EDTF = re.compile(r"(?:\.\.|(?:\d{4}|XXXX)(?:-\d\d(?:-\d\d)?)?)(?:/(?:\.\.|(?:\d{4}|XXXX)(?:-\d\d(?:-\d\d)?)?))?")


@each_rendition
def test_values_lie_in_their_intervals_and_dates_are_edtf(path: Path) -> None:
    found = report(path)
    for figure in found.figures:
        assert figure.low is None or figure.low <= figure.value
        assert figure.high is None or figure.value <= figure.high
        assert figure.low is not None or figure.high is not None
        assert EDTF.fullmatch(figure.period), figure.period
    dates = [date.edtf for event in found.events for date in event.dates] + [a.date for a in found.awards] + [m.date for m in found.media] + [s.period for s in found.statistics]
    assert [date for date in dates if date and not EDTF.fullmatch(date)] == []
    assert all(award.count >= 1 for award in found.awards)


@each_rendition
def test_every_indicator_is_one_of_the_rules(path: Path) -> None:
    known = {rule.id for rule in extractor.load_rules().by_kind["indicator"]} | {None}
    assert {f.indicator for f in report(path).figures} | {s.indicator for s in report(path).statistics} <= known


# --- the same again -------------------------------------------------------------------------------


@each_rendition
def test_the_same_bytes_give_the_same_json(path: Path) -> None:
    again = extractor.extract(extractor.read(path.read_bytes(), path.name))
    assert msgspec.json.encode(again) == msgspec.json.encode(report(path))


def test_another_process_with_other_hashing_gives_the_same_json() -> None:
    path = next(path for path in RENDITIONS if path.suffix == ".txt")
    outputs = [
        subprocess.run([sys.executable, "-m", "extractor", "convert", str(path)], cwd=CORPUS.parent, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0]) == written(path)


def test_another_process_with_other_hashing_gives_the_same_findings() -> None:
    path = CORPUS / "jinghe-2022" / "jinghe-2022.docx"
    outputs = [
        subprocess.run([sys.executable, "-m", "extractor", "check", str(path), "--format", "json"], cwd=CORPUS.parent, env={"PYTHONHASHSEED": seed}, capture_output=True, check=False).stdout
        for seed in ("0", "1", "2", "3")
    ]  # fmt: skip
    assert outputs[0] and len(set(outputs)) == 1


@each_rendition
def test_a_written_report_is_read_back_unchanged(path: Path) -> None:
    assert msgspec.json.decode(msgspec.json.encode(report(path)), type=Report) == report(path)


# --- any text at all ------------------------------------------------------------------------------

FRAGMENTS = [
    "云溪县图书馆2021年工作总结", "一、主要工作", "（二）服务读者", "1.", "12、", "二、2021年大事记", "附：获奖情况一览表", "附：基本情况统计表", "三、2022年工作计划",
    "全年接待读者3.2万人次", "比2020年增长12.3%", "其中图书5000册", "3月5日", "3月", "9月28日起", "2月30日", "去年", "2020年、2021年分别", "举办讲座8场", "近千名", "数百", "三成", "3—5次",
    "荣获市级“先进单位”称号", "一等奖2个", "被市文旅局评为先进集体", "“", "”", "《", "》", "（", "）", "，", "。", "；", "、", "\n", "\n", "\t", "\t", "\n\n\t", "—", "　", " ",
    "项目\t代码\t单位\t指标\n", "二、藏量\t16\t册、件\t128,634\n", "序号\t荣誉名称\t授予单位\t时间\n", "1\t先进单位\t市文旅局\t2021年3月\n", "日期\t内容\n", "年度\t藏书量(万册)\t讲座(场)\n", "2020\t22.1\t12\n",
    "单位名称\t云溪县图书馆\t邮政编码\t454000\n", "|", "a|b|c\n", "𠮷", "⼀", "\u200b", "１２", "%",
]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=40).map("".join))
def test_any_text_of_fragments_of_reports_gives_a_valid_report(text: str) -> None:
    if not text.strip("\n\t\r \u3000\u200b\0"):
        return
    found = small(text)
    for kind, record in records(found):
        assert 0 <= record.start < record.end <= len(found.text), (kind, record)
    for figure in found.figures:
        assert found.text[figure.start : figure.end] == figure.raw
    for event in found.events:
        assert all(found.text[date.start : date.end] == date.raw for date in event.dates)
    for row in found.statistics:
        assert row.raw in found.text[row.start : row.end]
    for section in found.sections:
        assert 0 <= section.start < section.end <= len(found.text)
    assert list(validator().iter_errors(json.loads(msgspec.json.encode(found)))) == []


@pytest.mark.parametrize(
    "text",
    [
        "，" * 20000, "（" * 20000, "“" * 20000, "3月5日" * 3000, "1、" * 9000, "接待读者3万人次，" * 1000, "其中" * 9000, "荣获一等奖" * 3000, "a\tb\n" * 5000, "被评为" * 3000, "2020年、" * 5000 + "分别3次",
        "近三年" * 2000, "《" * 10000 + "3册", "\n" * 30000 + "x", "项目\t代码\t单位\t指标\n" * 3000,
    ],
    ids=lambda text: text[:6].replace("\n", "/").replace("\t", "|"),
)  # fmt: skip
def test_hostile_repetition_is_read_to_the_end(text: str) -> None:
    found = small("云溪县图书馆2021年工作总结\n" + text)
    assert all(0 <= record.start < record.end <= len(found.text) for _, record in records(found))

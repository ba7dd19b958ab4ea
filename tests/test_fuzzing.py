"""Damaged files: a document or an error with a message, never anything else. The long run is in benchmarks/fuzzing.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ofd_writer import Sheet, packed, parts
from sheet_writer import flat, open_document, sheet, styles, xlsx
from word_writer import Doc, P, inner_row, plc, row

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import fuzzing  # noqa: E402


@pytest.fixture(autouse=True)
def _without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def small_doc() -> bytes:
    body = [P("正文\x02"), *row("甲", [P("乙"), *inner_row("丙", "丁"), P("")]), P("页\x13 PAGE \x141\x15")]
    return Doc(body, footnotes=[P("脚注")], tables={2: plc([2, 9], b"\1\0"), 3: plc([0, 3])}).bytes()


def small_ofd() -> bytes:
    page = Sheet().paragraph("全年接待到馆读者三十余万人次。").table([["项目", "数量"], ["藏量", "13,271"]]).xml('<ofd:Template TemplateID="0"/>')
    return packed(parts([page, page], '<ofd:TemplatePage ID="0" BaseLoc="T.xml"/>') | {"Doc_0/T.xml": Sheet().text(30, 20, "某馆").xml()})


def small_sheets() -> bytes:
    rows: list[list[str | float]] = [["项目", "数量"], ["藏量", 13271], ["占比", 0.125]]
    return xlsx({"甲": sheet(rows, merged=["A1:B1"]), "乙": sheet(rows)}, strings=["<t>文</t>"], look=styles(0, "0.0%"))


ODT = "<text:list><text:list-item><text:p>正文</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table>"

FILES = {
    "small.xlsx": small_sheets(),
    "small.odt": open_document("text", ODT),
    "small.fodt": flat("text", ODT),
    "form.xlsx": (ROOT / "corpus/cangya-2018/cangya-2018-form.xlsx").read_bytes(),
    "form.xls": (ROOT / "corpus/cangya-2018/cangya-2018-form.xls").read_bytes(),
    "form.ods": (ROOT / "corpus/cangya-2018/cangya-2018-form.ods").read_bytes(),
    "small.ofd": small_ofd(),
    "small.doc": small_doc(),
    "talin-2010.doc": (ROOT / "corpus/talin-2010/talin-2010.doc").read_bytes(),
    "talin-2010.docx": (ROOT / "corpus/talin-2010/talin-2010.docx").read_bytes(),
    "talin-2010.pdf": (ROOT / "corpus/talin-2010/talin-2010.pdf").read_bytes(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_read_or_refused(name: str) -> None:
    outcomes = [fuzzing.outcome(fuzzing.damaged(FILES[name], number), name) for number in range(60)]
    assert None in outcomes and any(outcomes), "the damage is too great or too small to try anything"


@pytest.mark.parametrize("size", range(0, 8192, 512))
def test_a_doc_that_is_cut_off_anywhere_is_read_or_refused(size: int) -> None:
    whole = FILES["small.doc"]
    assert len(whole) < 8192
    for end in (size, size + 1, size + 300):
        fuzzing.outcome(whole[:end], "small.doc")


def test_the_same_number_does_the_same_damage() -> None:
    for data in FILES.values():
        assert [fuzzing.damaged(data, number) for number in range(10)] == [fuzzing.damaged(data, number) for number in range(10)]
        assert any(fuzzing.damaged(data, number) != data for number in range(10))

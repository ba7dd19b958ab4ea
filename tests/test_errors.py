"""Every failure is an ExtractorError with file, problem and advice; nothing else gets out, and none is silent."""

from __future__ import annotations

import io
import os
import pickle
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import ExtractorError, RuleError, UnreadableDocument, UnsupportedFormat


@pytest.mark.parametrize("kind", [ExtractorError, UnsupportedFormat, UnreadableDocument, RuleError])
def test_an_error_says_file_problem_and_advice(kind: type[ExtractorError]) -> None:
    error = kind("总结.docx", "it is damaged", "send it again")
    assert str(error) == "总结.docx: it is damaged: send it again"
    assert (error.source, error.problem, error.advice) == ("总结.docx", "it is damaged", "send it again")
    assert isinstance(error, ExtractorError)


@pytest.mark.parametrize("kind", [ExtractorError, UnsupportedFormat, UnreadableDocument, RuleError])
def test_an_error_survives_the_way_from_a_worker_process(kind: type[ExtractorError]) -> None:
    error = pickle.loads(pickle.dumps(kind("a", "b", "c")))
    assert type(error) is kind and str(error) == "a: b: c"


def package(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


BYTES: dict[str, tuple[bytes, type[ExtractorError]]] = {
    "nothing": (b"", UnreadableDocument),
    "blanks": (b" \r\n\t\0\0", UnreadableDocument),
    "png": (b"\x89PNG\r\n\x1a\n" + b"x" * 50, ExtractorError),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"x" * 50, ExtractorError),
    "a broken old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnreadableDocument),
    "an empty rtf": (b"{\\rtf1\\ansi }", UnreadableDocument),
    "an empty page": (b"<!DOCTYPE html><html><body></body></html>", UnreadableDocument),
    "xml": (b"<?xml version='1.0'?><a>x</a>", UnsupportedFormat),
    "a zip of something else": (package(**{"a.txt": b"x"}), UnsupportedFormat),
    "a broken docx": (package(**{"word__document.xml": b"<w:document"}), UnreadableDocument),
    "half a docx": (package(**{"word__document.xml": b"<w:document/>"})[:60], ExtractorError),
    "a broken pdf": (b"%PDF-1.7\nbroken", UnreadableDocument),
    "binary": (bytes(range(256)) * 20, ExtractorError),
    "half a character": ("年度总结".encode()[:-1] + b"\xff\xff", UnreadableDocument),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_report(name: str) -> None:
    data, kind = BYTES[name]
    with pytest.raises(kind) as raised:
        extractor.extract(extractor.read(data, "文件"))
    assert raised.value.source == "文件" and raised.value.problem and raised.value.advice


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "没有.txt", "no such file"), (tmp_path, "folder")):
        with pytest.raises(UnreadableDocument, match=said) as raised:
            extractor.extract(path)
        assert raised.value.source == str(path)


@pytest.mark.skipif(sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0), reason="permissions do not bind here")
def test_a_file_that_may_not_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(UnreadableDocument, match="cannot be opened"):
        extractor.read(path)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are Unicode there")
def test_a_file_name_in_another_encoding_still_gives_valid_json(tmp_path: Path) -> None:
    """Archives from Chinese Windows unpack on Linux with names in GBK."""
    path = os.fsencode(tmp_path) + b"/" + "总结.txt".encode("gb18030")
    Path(os.fsdecode(path)).write_text("云溪县图书馆2021年工作总结\n全年接待读者3万人次。", "utf-8")
    report = extractor.extract(os.fsdecode(path))
    assert msgspec.json.decode(msgspec.json.encode(report))["period"] == "2021"


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"{\\rtf", b"<html>", b"<?xml ", b"MIME-Version: 1.0\n", b"\xd0\xcf\x11\xe0"]), st.binary(max_size=200))
def test_arbitrary_bytes_give_a_document_or_an_extractor_error(start: bytes, data: bytes) -> None:
    try:
        report = extractor.extract(extractor.read(start + data, "x"))
    except ExtractorError as error:
        assert error.source == "x"
    else:
        assert report.text.strip()


def test_a_document_without_year_and_institution_says_what_it_lacks() -> None:
    report = extractor.extract(extractor.read("召开会议。3月5日，举办讲座1场。6月31日，赠书30册。".encode(), "a.txt"))
    assert {d.code for d in report.diagnostics} >= {"no-period", "no-organization"}
    assert all(d.message and d.level in ("info", "warning", "error") for d in report.diagnostics)


def test_an_impossible_date_is_kept_and_told_with_its_place() -> None:
    text = "云溪县图书馆2021年工作总结\n全年工作扎实推进。\n二、2021年大事记\n1、2月30日，举办讲座1场。\n2、3月5日，赠书30册。\n3、4月5日，赠书30册。"
    report = extractor.extract(extractor.read(text.encode(), "a.txt"))
    impossible = [d for d in report.diagnostics if d.code == "impossible-date"]
    assert [report.text[d.start : d.end] for d in impossible] == ["2月30日"]
    assert not any("02-30" in (date.edtf or "") or "03-02" in (date.edtf or "") for event in report.events for date in event.dates)

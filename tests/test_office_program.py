"""LibreOffice for old versions of Word, played by a program of our own: what it is asked, and what becomes of its answer."""

from __future__ import annotations

import io
import os
import sys
import time
from pathlib import Path

import docx
import pytest
from word_writer import Doc, P

import extractor
from extractor.errors import UnreadableDocument
from extractor.readers import office_program

WORD_95 = Doc([P("正文")], magic=0xA5DC, version=104).bytes()

PLAYED = """#!{python}
import os, pathlib, subprocess, sys, time
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    print(*arguments, sep="\\t", file=log)
out = pathlib.Path(arguments[arguments.index("--outdir") + 1])
source = pathlib.Path(arguments[-1])
assert source.read_bytes().startswith(bytes.fromhex("d0cf11e0"))
{then}
"""
ANSWERS = "out.mkdir(); (out / (source.stem + '.docx')).write_bytes(pathlib.Path({answer!r}).read_bytes())"


class Office:
    """A program on the path that writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "asked"
        (folder / "bin").mkdir()

    def plays(self, then: str, name: str = "soffice") -> None:
        program = self.folder / "bin" / name
        program.write_text(PLAYED.format(python=sys.executable, log=str(self.log), then=then), "utf-8")
        program.chmod(0o755)

    def answers(self, answer: bytes, name: str = "soffice") -> None:
        (self.folder / "answer").write_bytes(answer)
        self.plays(ANSWERS.format(answer=str(self.folder / "answer")), name)

    @property
    def asked(self) -> list[list[str]]:
        return [line.split("\t") for line in self.log.read_text("utf-8").splitlines()] if self.log.exists() else []


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    played = Office(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return played


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def refused() -> str:
    with pytest.raises(UnreadableDocument) as caught:
        extractor.read(WORD_95, "年报.doc")
    return caught.value.problem


@pytest.mark.parametrize("name", ["soffice", "libreoffice"])
def test_what_is_not_read_here_is_read_through_libreoffice_and_says_so(office: Office, name: str) -> None:
    office.answers(word("全年接待读者3万人次。"), name)
    document = extractor.read(WORD_95, "年报.doc")
    assert document.text == "全年接待读者3万人次。" and document.source.name == "年报.doc"
    assert [(found.level, found.code) for found in document.diagnostics] == [("warning", "read-through-libreoffice")]
    assert "Word 95" in document.diagnostics[0].message


def test_every_call_has_a_profile_of_its_own_and_leaves_nothing_behind(office: Office) -> None:
    office.answers(word("一"))
    for _ in range(2):
        extractor.read(WORD_95, "a.doc")
    profiles = [argument for asked in office.asked for argument in asked if argument.startswith("-env:UserInstallation=file://")]
    assert len(set(profiles)) == 2
    folders = {Path(asked[-1]).parent for asked in office.asked}
    assert len(folders) == 2 and not any(folder.exists() for folder in folders)


def test_it_is_not_asked_for_what_can_be_read_is_protected_or_damaged(office: Office) -> None:
    office.answers(word("一"))
    assert extractor.read(Doc([P("正文")]).bytes(), "a.doc").text == "正文"
    for doc, said in ((Doc([P("正文")], flags=0x0300), "password"), (Doc([P("")]), "no text"), (Doc([P("正文")], magic=1), "damaged")):
        with pytest.raises(UnreadableDocument, match=said):
            extractor.read(doc.bytes(), "a.doc")
    assert office.asked == []


@pytest.mark.parametrize("then", ["sys.exit(1)", "pass", "out.mkdir(); (out / 'document.docx').write_bytes(b'no zip')"])
def test_where_it_fails_the_message_is_ours(office: Office, then: str) -> None:
    office.plays(then)
    assert "Word 95" in refused()
    assert len(office.asked) == 1


def test_a_result_that_is_too_large_is_not_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_program, "MAX_BYTES", 100)
    office.answers(word("一"))
    assert "Word 95" in refused()


def test_without_it_the_message_is_ours(office: Office) -> None:
    assert "Word 95" in refused()


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return b") Z" not in Path(f"/proc/{process}/stat").read_bytes() if Path(f"/proc/{process}/stat").exists() else True


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups")
def test_a_program_that_hangs_is_ended_with_all_it_started(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_program, "TIME_LIMIT", 1.0)
    started = office.folder / "started"
    office.plays(
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(started)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(600)"
    )
    assert "Word 95" in refused()
    processes = [int(number) for number in started.read_text().split()]
    deadline = time.monotonic() + 10
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, processes))

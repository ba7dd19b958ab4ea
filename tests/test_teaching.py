"""docs/teaching.md followed to the letter: its files are written, its commands run, and they print what it shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from extractor import rules
from extractor.cli import cli

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/teaching.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: a file's name and content, or (no name) a session in a console."""

    language: str
    name: str | None
    content: str


BLOCKS = [Block(found[1], found[2], found[3]) for found in FENCE.finditer(PAGE)]


def commands(session: str) -> Iterator[tuple[str, str]]:
    """Every command of a session with what it prints."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def pattern(printed: str) -> str:
    """What is shown as a pattern: a line of its own … stands for any lines, a … in a line for any characters of it."""
    lines = ["(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", "[^\n]*") + "\n" for line in printed.splitlines()]
    return "".join(lines)


def test_the_page_holds_files_and_sessions_only() -> None:
    assert {block.language for block in BLOCKS} == {"text", "json", "toml", "console"}
    assert all((block.name is None) == (block.language == "console") for block in BLOCKS)
    assert PAGE.count("```") == 2 * len(BLOCKS)


def test_the_page_followed_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = 0
    ran = []
    for block in BLOCKS:
        if block.name:
            path = tmp_path / block.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.content, encoding="utf-8")
            rules._load.cache_clear()  # each command is a process of its own
        else:
            for command, printed in commands(block.content):
                if command == "echo $?":
                    assert printed == f"{code}\n"
                    continue
                program, *arguments = shlex.split(command)
                assert program == "extractor"
                result = CliRunner().invoke(cli, arguments)
                code = result.exit_code
                shown = result.output.rstrip("\n") + "\n"
                assert re.fullmatch(pattern(printed), shown), f"$ {command}\n{shown}"
                ran.append(" ".join(arguments[:2]))
    assert {"rules explain", "rules new", "rules check"} <= set(ran) and any(name.startswith("check ") for name in ran)

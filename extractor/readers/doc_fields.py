"""Fields of a .doc: between two marks stands an instruction, up to a third one its result. Source: [MS-DOC] 2.8.25."""

from __future__ import annotations

import re

_BEGIN, _SEPARATE, _END = "\x13", "\x14", "\x15"
_MARKS = re.compile(f"[{_BEGIN}{_SEPARATE}{_END}]")
_INSIDE = re.compile("[^\r\x07\f]")
NOTHING = "\0"
"""What the characters of an instruction become, so that all others keep their positions."""


def without_instructions(text: str) -> str:
    """The text with `NOTHING` for every character of an instruction; ends of paragraphs and cells stay.

    A field that never ends has no instruction: its text is kept.
    """
    kept: list[str] = []
    at = 0
    for start, end in _instructions(text):
        if end > at:
            start = max(start, at)
            kept += (text[at:start], _INSIDE.sub(NOTHING, text[start:end]))
            at = end
    return "".join(kept) + text[at:] if kept else text


def _instructions(text: str) -> list[tuple[int, int]]:
    """Where the instructions of all fields that end begin and end, in order of their beginning."""
    found: list[tuple[int, int]] = []
    fields: list[list[int]] = []
    for mark in _MARKS.finditer(text):
        if mark[0] == _BEGIN:
            fields.append([mark.start()])
        elif fields and mark[0] == _SEPARATE:
            fields[-1].append(mark.start())
        elif fields:
            field = fields.pop()
            found.append((field[0], field[1] if len(field) > 1 else mark.start()))
    return sorted(found)

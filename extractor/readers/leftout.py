"""What a reader of office formats, or of OFD, leaves out on purpose, and how it says so: one code, one message, one count."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from extractor.model import Diagnostic

MESSAGES: dict[str, tuple[Literal["info", "warning"], str]] = {
    "tracked-deletion": ("info", "tracked deletions were left out"),
    "comment": ("info", "comments were left out"),
    "hidden-text": ("info", "runs, rows or cells of hidden text were left out"),
    "placeholder": ("info", "unfilled content controls (prompts such as “click to enter text”) were left out"),
    "form-control": ("info", "buttons, boxes to tick and choices that were not made were left out"),
    "picture": ("info", "pictures: text inside a picture is not read"),
    "symbol": ("info", "symbols of a picture font have no plain character and were left out"),
    "chart": ("warning", "charts: their text and numbers are not read"),
    "diagram": ("warning", "SmartArt diagrams: their text is not read"),
    "embedded-object": ("warning", "embedded objects (such as Excel sheets) or form controls are not read"),
    "embedded-document": ("warning", "embedded or linked documents are not read: copy their text into this one"),
    "merged-text": ("warning", "cells hidden by a merge hold text that Word does not show; it was left out"),
    "shape-text": ("warning", "text boxes and shapes on a sheet: their text is not read"),
    "formula-without-value": (
        "warning",
        "formulas without a stored result: open the file in Excel or WPS and save it, so that their values are in it",
    ),
    "missing-text": ("warning", "cells refer to texts that are not in the file; it is damaged or was made by a faulty program"),
    "cell-error": ("warning", "cells that show an error such as #DIV/0! instead of a value"),
    "annotation": ("info", "annotations (comments, stamps, highlights, watermarks) were left out"),
    "signature": ("info", "electronic signatures and seals were neither read nor verified"),
    "list-numbers": (
        "warning",
        "list items whose automatic numbers could not be read: the list definitions are missing",
    ),
    "note": ("warning", "footnotes or endnotes are referred to but missing"),
}
"""By diagnostic code: its level, and what the reader has to say, with a count behind it."""


def diagnostics(counts: Counter[str]) -> list[Diagnostic]:
    """One diagnostic for each code that was counted, in the order of `MESSAGES`."""
    return [
        Diagnostic(level=level, code=code, message=f"{message} ({counts[code]})")
        for code, (level, message) in MESSAGES.items()
        if counts[code]
    ]


def unreadable_part(problem: str) -> Diagnostic:
    """A part beside the text that is damaged (styles, lists, notes …)."""
    return Diagnostic(level="warning", code="part-unreadable", message=f"{problem}; the text was read without it")

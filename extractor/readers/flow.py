"""How paragraphs of Word's formats follow each other: deleted marks, list numbers, line breaks, what is anchored.

The rules that .docx and .doc share, whatever the bytes look like: one `Flow` for the body, for each table
cell, note and text box.
"""

from __future__ import annotations

from collections.abc import Callable

from extractor.readers.blocks import RawParagraph, RawTable, is_cjk, join_lines

Block = RawParagraph | RawTable
BREAK = "\n"
"""A line break inside a paragraph, until its lines are parted or joined."""


class Flow:
    """Blocks in reading order; what a paragraph anchors follows it."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._carried: list[str] = []

    def paragraph(
        self,
        text: str,
        label: Callable[[], str],
        *,
        level: int | None = None,
        joins_next: bool = False,
        vanishes: bool = False,
        boxes: list[Block] | None = None,
    ) -> None:
        """Adds a paragraph. `level` is its outline level from 1; `label` counts and gives its list number.

        `joins_next`: its mark is a tracked deletion, so that its text goes before that of the next one.
        `vanishes`: mark or paragraph are hidden, so that without text there is no paragraph, nor a number.
        """
        if joins_next:
            self._carried.append(text)
            self._blocks += boxes or ()
            return
        if self._carried:
            text = "".join(self._carried) + text
            self._carried.clear()
        if text.strip() or not vanishes:
            text = _numbered(label(), text)
            # A line break parts lines in running text (addresses, signatures, pasted web text), but not a heading.
            lines = text.split(BREAK) if level is None else [join_lines(text.split(BREAK))]
            self._blocks += [RawParagraph(part.strip(), level=level) for part in lines if part.strip()]
        self._blocks += boxes or ()

    def add(self, blocks: list[Block]) -> None:
        """Adds what is no paragraph of its own: a table with what it holds, a text box."""
        self._flush()
        self._blocks += blocks

    def end(self) -> list[Block]:
        """All blocks."""
        self._flush()
        return self._blocks

    def _flush(self) -> None:
        """Ends a paragraph that nothing follows which it could be joined to."""
        if text := "".join(self._carried).strip():
            self._blocks.append(RawParagraph(text))
        self._carried.clear()


def _numbered(label: str, text: str) -> str:
    """A list number before its text: at once behind Chinese punctuation (三、 （1）), else after a space."""
    if not label:
        return text
    text = text.lstrip(" \t\u3000")
    return label + ("" if is_cjk(label[-1]) and not label[-1].isalnum() else " ") + text

"""What a group of RTF restores where it closes."""

from __future__ import annotations

from typing import Literal

import msgspec

from extractor.readers.rtf_rows import Shape

Target = Literal["text", "label", "field", "fonts", "styles", "nowhere"]


class State(msgspec.Struct):
    """The formatting that bears on text and tables, and where text goes (`to`)."""

    to: Target = "text"
    variants: Target = "nowhere"
    """Where the text of the variant in Unicode goes, inside ``\\upr``."""
    font: int = -1
    fallback: int = 1
    """Characters behind ``\\u`` that stand in for it where Unicode is not known."""
    hidden: bool = False
    deleted: bool = False
    depth: int = 0
    """``\\itap``: tables that the paragraph stands in; 0 where only `in_table` tells."""
    in_table: bool = False
    style: int = 0
    outline: int | None = None
    listed: bool = False
    shape: Shape | None = None

    def reset_paragraph(self) -> None:
        """``\\pard``"""
        self.depth, self.in_table, self.style, self.outline, self.listed = 0, False, 0, None, False

    def reset_characters(self) -> None:
        """``\\plain``"""
        self.font, self.hidden, self.deleted = -1, False, False

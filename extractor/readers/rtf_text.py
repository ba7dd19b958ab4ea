"""Where the text of an RTF file goes: bytes in their font's encoding, picture fonts, notes, text boxes, tables of fonts.

A `Writing` takes text as it comes and hands it to the story, the list number, the field instruction, the font table
or the style sheet, as the state of the innermost group says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from extractor.readers.flow import BREAK, Block
from extractor.readers.limits import Budget
from extractor.readers.rtf_fonts import Fonts
from extractor.readers.rtf_state import State, Target
from extractor.readers.rtf_story import Story
from extractor.readers.rtf_styles import Styles
from extractor.readers.symbols import symbol

_MAX_FIELD = 500
_NO_FONT = 1 << 20
"""The number of a font that no table holds."""
_SYMBOL_FIELD = re.compile(r'\s*SYMBOL\s+(0x[0-9a-fA-F]{1,6}|[0-9]{1,7})\b(?:.*?\\f\s*"?([^"\\]{1,60}))?', re.IGNORECASE | re.DOTALL)


class Writing:
    """The stories of a file in the making. `bytes` waits for the font that it is in; `flush` before anything changes."""

    def __init__(self, name: str) -> None:
        self.budget = Budget(name)
        self.left_out: Counter[str] = Counter()
        self.state = State()
        self.bytes = bytearray()
        self.fonts, self.styles = Fonts(), Styles()
        self.misfits = 0
        """Characters for which bytes are no encoding."""
        self._stories = [Story(self.budget, self.left_out)]
        self._notes: list[Block] = []
        self._endnotes: list[Block] = []
        self._field = ""
        self._told: State | None = None

    @property
    def story(self) -> Story:
        """The body, or the note or text box that is open."""
        return self._stories[-1]

    def blocks(self) -> list[Block]:
        """The body, its footnotes, its endnotes."""
        return self._stories[0].end() + self._notes + self._endnotes

    # --- text -----------------------------------------------------------------------------------

    def flush(self) -> None:
        """Hands on the bytes that wait."""
        if not self.bytes:
            return
        data = bytes(self.bytes)
        self.bytes.clear()
        if self.state.to in ("text", "label"):
            font = self.fonts.get(self.state.font)
            text = data.decode("latin-1") if font is not None and font.is_picture else self.fonts.decode(data, self.state.font)
            self.misfits += text.count("\ufffd")
        else:
            text = self.fonts.decode(data, self.state.font) if self.state.to == "styles" else data.decode("latin-1")
        self.emit(text if text.isprintable() else "".join(char for char in text if char >= " " or char == "\t"))

    def emit(self, text: str) -> None:
        """Text that is read, to where it belongs."""
        state = self.state
        if state.to == "field":
            self._field += text[: max(0, _MAX_FIELD - len(self._field))]
        elif state.to == "fonts":
            self.fonts.name(text)
        elif state.to == "styles":
            self.styles.name(text)
        elif state.to == "nowhere":
            return
        elif state.hidden or state.deleted:
            if state is not self._told and text.strip():
                self._told = state  # told once a group
                self.left_out["tracked-deletion" if state.deleted else "hidden-text"] += 1
        else:
            font = self.fonts.get(state.font)
            if font is not None and font.is_picture:
                text = self._signs(text, font.name)
            (self.story.add if state.to == "text" else self.story.label)(text)

    def _signs(self, text: str, font: str) -> str:
        """The plain characters for letters of a picture font; a list bullet of one is no text."""
        if self.state.to == "label":
            return "" if text.strip() else text
        found = []
        for char in text:
            sign = char if char.isspace() or char == BREAK else symbol(font or "Symbol", f"{ord(char):x}")
            self.left_out["symbol"] += sign is None
            found.append(sign or "")
        return "".join(found)

    # --- groups ---------------------------------------------------------------------------------

    def goes_to(self, where: Target) -> None:
        """The group's text belongs elsewhere."""
        if self.state.to in ("text", "label"):
            self.state.to = where

    def begin_field(self) -> Callable[[], None] | None:
        """A field instruction; what is to be done at its end."""
        if self.state.to != "text":
            self.state.to = "nowhere"
            return None
        self.state.to, self._field = "field", ""
        return self._end_field

    def _end_field(self) -> None:
        """Only one kind of field says in its instruction what it shows."""
        if found := _SYMBOL_FIELD.match(self._field):
            sign = symbol((found[2] or "Symbol").strip(), f"{int(found[1], 16 if found[1][1:2] in 'xX' else 10):x}")
            self.left_out["symbol"] += sign is None
            self.state.to, self.state.font = "text", _NO_FONT
            self.emit(sign or "")
        self._field = ""

    def begin_note(self) -> Callable[[], None] | None:
        """A footnote or endnote."""
        return self._begin_story(self._put_note)

    def begin_box(self) -> Callable[[], None] | None:
        """A text box."""
        return self._begin_story(lambda story: self.story.box(story.end()))

    def _put_note(self, story: Story) -> None:
        (self._endnotes if story.endnote else self._notes).extend(story.end())

    def _begin_story(self, done: Callable[[Story], None]) -> Callable[[], None] | None:
        if self.state.to != "text":
            self.state.to = "nowhere"
            return None
        story = Story(self.budget, self.left_out)
        self._stories.append(story)
        self.state = State(fallback=self.state.fallback)

        def end() -> None:
            self._stories.pop()
            done(story)

        return end

    # --- control words that mean one thing in a table of fonts or styles and another in text --------

    def font(self, number: int | None) -> None:
        """``\\f``"""
        if self.state.to == "fonts":
            self.fonts.open(number or 0)
        else:
            self.state.font = number or 0

    def style(self, number: int | None) -> None:
        """``\\s``"""
        if self.state.to == "styles":
            self.styles.open(number or 0)
        else:
            self.state.style = number or 0

    def outline(self, number: int | None) -> None:
        """``\\outlinelevel``"""
        if self.state.to == "styles":
            self.styles.describe("outlinelevel", number or 0)
        else:
            self.state.outline = number or 0

    def based_on(self, number: int | None) -> None:
        """``\\sbasedon``"""
        if self.state.to == "styles":
            self.styles.describe("sbasedon", number or 0)

"""Reads Rich Text Format (.rtf, and the many .doc files that are RTF): control words -> paragraphs and tables.

Formatting belongs to groups and is restored where they close; what is left out is left out by the group that holds
it (destinations). Headers and footers belong to the page, not to the text. Source: Rich Text Format Specification
1.9.1 (Microsoft, 2008).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers.blocks import Raw
from extractor.readers.charset import misfits
from extractor.readers.flow import BREAK, Block
from extractor.readers.leftout import diagnostics
from extractor.readers.rtf_rows import Shape
from extractor.readers.rtf_state import State
from extractor.readers.rtf_story import MAX_DEPTH
from extractor.readers.rtf_text import Writing
from extractor.readers.rtf_tokens import BRACE, BYTE, NUMBER, SYMBOL, TEXT, WORD, Tokens, number_of

MAX_GROUPS = 20_000
"""Groups inside each other; a table in a table in a text box has some thirty."""
_MAX_FALLBACK = 20
"""The most characters that stand in for one of Unicode."""

_LITERAL = {
    b"tab": "\t", b"line": BREAK, b"page": BREAK, b"column": BREAK, b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "\t": "\t"}
_SKIPPED = {
    **dict.fromkeys((
        b"colortbl", b"info", b"listtable", b"listoverridetable", b"revtbl", b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl",
        b"footerr", b"footerf", b"ftnsep", b"ftnsepc", b"ftncn", b"aftnsep", b"aftnsepc", b"aftncn", b"xe", b"tc", b"tcn", b"rxe", b"txe", b"bkmkstart",
        b"bkmkend", b"nonshppict", b"nonesttables", b"shprslt", b"sp", b"private", b"template", b"mmathPict", b"panose", b"falt", b"filetbl",
    ), ""),
    b"pict": "picture", b"object": "embedded-object", b"annotation": "comment",
}  # fmt: skip
"""Groups that carry no text of the document, and the code of the diagnostic that leaving them out deserves."""
_STARRED = frozenset((
    b"shpinst", b"do", b"fldinst", b"footnote", b"nesttableprops", b"ud", b"shppict", b"annotation", b"listtext", b"pntext", b"moMath", b"moMathPara",
))  # fmt: skip
"""Destinations that a reader may pass over, but this one knows."""


def read(data: bytes, name: str) -> Raw:
    """The paragraphs and tables of an RTF file, in reading order, then its footnotes and endnotes.

    Raises `UnreadableDocument` for a file without text or beyond a limit of `limits`.
    """
    reader = _Reader(data, name)
    blocks = reader.blocks()
    if not blocks:
        raise UnreadableDocument(
            name, "the document holds no text" + (", only pictures" if reader.text.left_out["picture"] else ""),
            "if its pages are pictures, use the original or a text-recognised PDF",
        )  # fmt: skip
    return Raw(blocks, diagnostics=reader.diagnostics())


class _Reader:
    """One file's reading: the groups that are open, and what each control word does."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._tokens = Tokens(data)
        self.text = Writing(name)
        self._groups: list[tuple[State, Callable[[], None] | None]] = []
        self._shape: Shape | None = None
        self._passed_over = 0
        self._begins = self._starred = False
        self._cut_off = False
        self._destinations = self._group_words()
        self._words = self._control_words()

    def blocks(self) -> list[Block]:
        """Everything, the notes at the end."""
        for token in self._tokens:
            self.text.budget.mark()
            self._take(token)
        self.text.flush()
        self._cut_off = bool(self._groups)
        while self._groups:
            self._close()
        return self.text.blocks()

    def diagnostics(self) -> list[Diagnostic]:
        found = diagnostics(self.text.left_out)
        if self.text.misfits:
            found.append(misfits(self.text.misfits))
        if self._cut_off:
            found.append(Diagnostic(level="warning", code="cut-off", message="the file ends inside a group: it may not have been copied to the end"))
        return found

    # --- tokens ---------------------------------------------------------------------------------

    def _take(self, token: re.Match[bytes]) -> None:
        kind = token.lastindex
        if kind in (WORD, NUMBER):
            if self._passed_over:
                self._passed_over -= 1
            elif self._begins or token[WORD] in self._words:
                self._word(token[WORD], number_of(token))
        elif kind in (BYTE, TEXT):
            data = bytes((int(token[BYTE], 16),)) if kind == BYTE else token[TEXT]
            passed = min(self._passed_over, len(data))
            self._passed_over -= passed
            self.text.bytes += data[passed:]
            self._begins = self._starred = False
        elif kind == BRACE:
            self._open() if token[BRACE] == b"{" else self._close()
        elif self._passed_over:
            self._passed_over -= 1
        else:
            self._symbol(token[SYMBOL].decode("latin-1"))

    def _open(self) -> None:
        self.text.flush()
        if len(self._groups) >= MAX_GROUPS:
            raise UnreadableDocument(self._name, f"more than {MAX_GROUPS:,} of its groups are inside each other", "the file may be damaged; open it in Word or WPS and save it as .docx")
        self._groups.append((self.text.state, None))
        self.text.state = msgspec.structs.replace(self.text.state)
        self._begins, self._starred, self._passed_over = True, False, 0

    def _close(self) -> None:
        self.text.flush()
        self._begins, self._starred, self._passed_over = False, False, 0
        if self._groups:
            state, closing = self._groups.pop()
            if (closing is not None or not self._groups) and self.text.story.pending:
                self._paragraph()  # the last one of a text needs no mark
            if closing is not None:
                closing()
            self.text.state = state

    def _at_close(self, closing: Callable[[], None] | None) -> None:
        """Has something done where the innermost group closes."""
        if self._groups and closing is not None:
            self._groups[-1] = (self._groups[-1][0], closing)

    def _symbol(self, char: str) -> None:
        if char == "*" and self._begins:
            self._starred = True
            return
        self._begins = self._starred = False
        if char in "{}\\":
            self.text.bytes += char.encode()
            return
        self.text.flush()
        if char in "\r\n":
            self._paragraph()
        elif char in _SYMBOLS:
            self.text.emit(_SYMBOLS[char])

    def _word(self, word: bytes, number: int | None) -> None:
        self.text.flush()
        begins, starred = self._begins, self._starred
        self._begins = self._starred = False
        if begins:
            code = _SKIPPED.get(word, "" if (starred and word not in _STARRED) or (word.startswith(b"m") and word.endswith(b"Pr")) else None)
            if code is not None:
                self.text.left_out[code] += bool(code) and self.text.state.to == "text"
                self._tokens.skip_group()
                return
            if destination := self._destinations.get(word):
                destination()
                return
        if handler := self._words.get(word):
            handler(number)

    def _literal(self, text: str) -> Callable[[int | None], None]:
        return lambda number: self.text.emit(text)

    def _unicode(self, number: int | None) -> None:
        char = chr((number or 0) & 0xFFFF)
        self.text.emit(char if char >= " " else "")
        self._passed_over = self.text.state.fallback

    def _variants(self) -> None:
        """``\\upr``: the same text twice, the second time in Unicode, behind ``\\ud``."""
        self.text.state.variants, self.text.state.to = self.text.state.to, "nowhere"

    def _unicode_variant(self) -> None:
        self.text.state.to = self.text.state.variants

    # --- paragraphs and tables ------------------------------------------------------------------

    def _paragraph(self, depth: int | None = None) -> None:
        state = self.text.state
        if state.to != "text":
            return
        outline = self.text.styles.outline(state.style) if state.outline is None else state.outline
        self.text.story.paragraph(
            (state.depth or int(state.in_table)) if depth is None else depth,
            None if outline is None or not 0 <= outline < 9 else outline + 1,
            listed=state.listed, joins_next=state.deleted, vanishes=state.hidden,
        )  # fmt: skip

    def _end_cell(self, least: int) -> None:
        if self.text.state.to == "text":
            depth = max(least, self.text.state.depth) if least > 1 else 1
            self._paragraph(depth)
            self.text.story.end_cell(depth)

    def _end_row(self, least: int) -> None:
        state = self.text.state
        if state.to == "text":
            self.text.story.end_row(max(least, state.depth) if least > 1 else 1, state.shape or self._shape)

    def _new_row(self, number: int | None) -> None:
        self.text.state.shape = self._shape = Shape()

    # --- control words --------------------------------------------------------------------------

    def _group_words(self) -> dict[bytes, Callable[[], None]]:
        """What the first word of a group makes of it."""
        text = self.text
        return {
            b"fonttbl": lambda: text.goes_to("fonts"), b"stylesheet": lambda: text.goes_to("styles"),
            b"listtext": lambda: text.goes_to("label"), b"pntext": lambda: text.goes_to("label"),
            b"fldinst": lambda: self._at_close(text.begin_field()), b"footnote": lambda: self._at_close(text.begin_note()),
            b"shptxt": lambda: self._at_close(text.begin_box()), b"dptxbxtext": lambda: self._at_close(text.begin_box()),
            b"upr": self._variants, b"ud": self._unicode_variant, b"mden": lambda: text.emit("/"),
        }  # fmt: skip

    def _control_words(self) -> dict[bytes, Callable[[int | None], None]]:
        text = self.text

        def flag(field: str) -> Callable[[int | None], None]:
            return lambda number: setattr(text.state, field, number != 0)

        def value(field: str, most: int) -> Callable[[int | None], None]:
            return lambda number: setattr(text.state, field, max(0, min(number or 0, most)))

        def row(change: Callable[[Shape, int], None]) -> Callable[[int | None], None]:
            return lambda number: change(text.state.shape, number or 0) if text.state.shape is not None else None

        def merge(field: str) -> Callable[[int | None], None]:
            return row(lambda shape, number: setattr(shape.next, field, True))

        def code_page(page: int) -> Callable[[int | None], None]:
            return lambda number: text.fonts.set_code_page(page or number or 0)

        return {
            **{word: self._literal(meant) for word, meant in _LITERAL.items()},
            b"u": self._unicode, b"uc": value("fallback", _MAX_FALLBACK),
            b"par": lambda number: self._paragraph(), b"sect": lambda number: self._paragraph(),
            b"cell": lambda number: self._end_cell(1), b"nestcell": lambda number: self._end_cell(2),
            b"row": lambda number: self._end_row(1), b"nestrow": lambda number: self._end_row(2),
            b"trowd": self._new_row, b"cellx": row(Shape.end_cell),
            b"trleft": row(lambda shape, number: setattr(shape, "left", number)),
            b"lastrow": row(lambda shape, number: setattr(shape, "last", True)),
            b"clvmgf": merge("opens"), b"clvmrg": merge("below"), b"clmrg": merge("beside"),
            b"pard": lambda number: text.state.reset_paragraph(), b"plain": lambda number: text.state.reset_characters(),
            b"intbl": flag("in_table"), b"itap": value("depth", MAX_DEPTH), b"ls": flag("listed"),
            b"v": flag("hidden"), b"deleted": flag("deleted"), b"mvf": flag("deleted"),
            b"f": text.font, b"s": text.style, b"outlinelevel": text.outline, b"sbasedon": text.based_on,
            b"fcharset": lambda number: text.fonts.describe("fcharset", number or 0),
            b"cpg": lambda number: text.fonts.describe("cpg", number or 0),
            b"deff": lambda number: setattr(text.fonts, "default", number or 0),
            b"ansicpg": code_page(0), b"mac": code_page(10000), b"pc": code_page(437), b"pca": code_page(850),
            b"ftnalt": lambda number: setattr(text.story, "endnote", True),
        }  # fmt: skip

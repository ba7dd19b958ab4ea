"""The text of a .doc to paragraphs and tables: paragraph by paragraph, with a stack of the tables that are open."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from extractor.readers.blocks import RawParagraph
from extractor.readers.doc_anchors import Anchors, Box, Drawing
from extractor.readers.doc_fib import Part
from extractor.readers.doc_fields import NOTHING
from extractor.readers.doc_properties import Look, Paragraph, Properties
from extractor.readers.doc_styles import BODY_LEVEL, Place, Style, Styles
from extractor.readers.doc_tables import UNDEFINED, Definition, Row, fill, put_together
from extractor.readers.doc_text import whole
from extractor.readers.flow import BREAK, Block, Flow
from extractor.readers.numbering import LEVELS, Numbering
from extractor.readers.symbols import is_picture_font, symbol

MAX_DEPTH = 12
"""Tables inside each other; deeper ones are taken as tables of this depth."""

_PARAGRAPH_MARKS = re.compile("[\r\x07\f]")
_CELL_MARK, _PAGE_BREAK, _PICTURE, _COMMENT, _DRAWING = "\x07", "\f", "\x01", "\x05", "\x08"
_CONTROLS = re.compile("[\0-\x08\n-\x1f]")
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_SPECIAL_SIGNS = re.compile("[(<>]")
_LITERAL = {"\v": BREAK, "\f": BREAK, "\x0e": BREAK, "\x1e": "-"}
"""The text that a control character stands for; the others stand for none."""
_OLD_LIST, _NO_LIST = 0x7FF, 0xF801


class Sources(msgspec.Struct):
    """What the walk over the text looks things up in."""

    text: str
    properties: Properties
    styles: Styles
    numbering: Numbering
    fonts: list[str]
    notes: Anchors[tuple[str, Part]]
    drawings: Anchors[Drawing]


class _Table:
    """A table that is open: its rows, the cells of the row that is open, and the cell that is open."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._contents: list[list[Block]] = []
        self.cell = Flow()

    def end_cell(self) -> None:
        self._contents.append(self.cell.end())
        self.cell = Flow()

    def end_row(self, definition: Definition, dropped: bool = False) -> None:
        if rest := self.cell.end():
            self._contents.append(rest)
        if self._contents and not dropped:
            self.rows.append(fill(definition, self._contents))
        self._contents, self.cell = [], Flow()

    @property
    def row_is_empty(self) -> bool:
        return not any(self._contents)


class Body:
    """One document's walk: counts list numbers, collects note references and what was left out."""

    def __init__(self, sources: Sources) -> None:
        self._from = sources
        self._notes: dict[tuple[str, Part], None] = {}
        self.left_out: Counter[str] = Counter()

    def story(self, part: Part) -> list[Block]:
        """Every paragraph and table of a part of the text, in order; what a paragraph anchors follows it."""
        flow, tables = Flow(), list[_Table]()
        start, end = part.start, min(part.end, len(self._from.text))
        for found in _PARAGRAPH_MARKS.finditer(self._from.text, start, end):
            mark = found.start()
            if found[0] == _PAGE_BREAK and not self._from.properties.ends_at(mark):
                continue  # a page break inside a paragraph, not the end of a section
            self._paragraph(start, mark, self._from.properties.paragraph(mark), flow, tables)
            start = mark + 1
        if start < end:
            self._paragraph(start, end, Paragraph(0, depth=len(tables)), flow, tables)
        while tables:
            self._close(flow, tables)
        return flow.end()

    def notes(self) -> list[Block]:
        """The footnotes, then the endnotes, each in the order in which the text refers to them."""
        blocks: list[Block] = []
        for kind in ("footnote", "endnote"):
            for of, part in self._notes:
                if of == kind:
                    blocks += self.story(part)
                    self.left_out["note"] += part.start == part.end
        return blocks

    # --- tables ---------------------------------------------------------------------------------

    def _paragraph(self, start: int, mark: int, about: Paragraph, flow: Flow, tables: list[_Table]) -> None:
        depth = min(about.depth, MAX_DEPTH)
        while len(tables) > depth:
            self._close(flow, tables)
        while len(tables) < depth:
            tables.append(_Table())
        if about.row is not None:
            tables[-1].end_row(about.row, dropped=self._is_dropped(mark, tables[-1]))
            return
        self._add(start, mark, about, tables[-1].cell if tables else flow)
        if tables and (about.ends_inner_cell or self._from.text[mark : mark + 1] == _CELL_MARK):
            tables[-1].end_cell()

    def _close(self, flow: Flow, tables: list[_Table]) -> None:
        table = tables.pop()
        table.end_row(UNDEFINED)  # whatever stands in a row that never ends
        for grid in put_together(table.rows):
            self.left_out["merged-text"] += grid.merged_text
            (tables[-1].cell if tables else flow).add(grid.blocks())

    def _is_dropped(self, mark: int, table: _Table) -> bool:
        run = self._from.properties.run(mark)
        if run is None or not (run.look.deleted or (run.look.hidden and table.row_is_empty)):
            return False
        self.left_out["tracked-deletion" if run.look.deleted else "hidden-text"] += 1
        return True

    # --- paragraphs -----------------------------------------------------------------------------

    def _add(self, start: int, mark: int, about: Paragraph, flow: Flow) -> None:
        style = self._from.styles.get(about.style)
        hidden = bool(style.hidden)
        boxes: list[Box] = []
        text = whole("".join(self._visible(start, mark, hidden, boxes)))
        blocks = [
            block for box in boxes for block in ([RawParagraph(box)] if isinstance(box, str) else self.story(box))
        ]
        end = self._from.properties.run(mark)
        outline = style.outline if about.outline is None else about.outline
        flow.paragraph(
            text,
            lambda: self._label(about, style),
            level=None if outline is None or outline >= BODY_LEVEL else outline + 1,
            joins_next=end is not None and end.look.deleted,
            vanishes=hidden or (end is not None and bool(end.look.hidden)),
            boxes=blocks,
        )

    def _label(self, about: Paragraph, style: Style) -> str:
        own, inherited = about.place, style.place
        place = own if own is not None and own.number is not None else inherited
        number = place.number if place else None
        if not number or number == _NO_LIST:
            return ""
        if number > _NO_LIST:
            number = 0x10000 - number
        name = str(number)
        if number == _OLD_LIST or name not in self._from.numbering:
            self.left_out["list-numbers"] += 1
            return ""
        return self._from.numbering.label(name, min(self._level(name, own, inherited, about.style), LEVELS - 1))

    def _level(self, name: str, own: Place | None, inherited: Place | None, style: int) -> int:
        if own is not None:
            return own.level or 0
        styles = [style] if inherited is None or inherited.style is None else [style, inherited.style]
        linked = (self._from.numbering.level_of(name, str(at)) for at in styles)
        return next((level for level in linked if level is not None), (inherited.level if inherited else None) or 0)

    def _visible(self, start: int, end: int, hidden: bool, boxes: list[Box]) -> list[str]:
        """The text between two positions as one reads it; appends what is anchored there to `boxes`."""
        parts: list[str] = []
        at = start
        for run in self._from.properties.runs(start, end):
            if run.start > at and not self._is_hidden(at, run.start, hidden):
                parts.append(self._plain(at, run.start, None, boxes))
            first, at = max(at, run.start), min(run.end, end)
            if run.look.deleted:
                self.left_out["tracked-deletion"] += 1
            elif not self._is_hidden(first, at, hidden if run.look.hidden is None else run.look.hidden):
                parts.append(self._symbols(first, at, run.look.symbol) if run.look.symbol else self._plain(first, at, run.look, boxes))
        if at < end and not self._is_hidden(at, end, hidden):
            parts.append(self._plain(at, end, None, boxes))
        return parts

    def _is_hidden(self, start: int, end: int, hidden: bool) -> bool:
        if hidden and _CONTROLS.sub("", self._from.text[start:end]):
            self.left_out["hidden-text"] += 1
        return hidden

    def _plain(self, start: int, end: int, look: Look | None, boxes: list[Box]) -> str:
        text = self._from.text[start:end]
        if look is not None and look.special:  # these mark content controls
            text = _SPECIAL_SIGNS.sub(NOTHING, text)
        for position, note in self._from.notes.between(start, end):
            if self._from.text[position] != NOTHING:
                self._notes[note] = None
        if _PRIVATE.search(text) is not None:
            text = _PRIVATE.sub(lambda sign: self._private(sign[0], start + sign.start()), text)
        if _CONTROLS.search(text) is None:
            return text
        for position, drawing in self._from.drawings.between(start, end):
            if self._from.text[position] == _DRAWING:
                boxes += drawing.boxes
                self.left_out["picture"] += drawing.pictures
        self.left_out["comment"] += text.count(_COMMENT)
        if look is None or not look.form_data:
            self.left_out["embedded-object" if look is not None and look.embedded else "picture"] += text.count(_PICTURE)
        return _CONTROLS.sub(lambda sign: _LITERAL.get(sign[0], ""), text)

    def _symbols(self, start: int, end: int, sign: bytes) -> str:
        """Signs of a font of their own; each is written as a stand-in, its code in the properties."""
        font, code = int.from_bytes(sign[:2], "little"), int.from_bytes(sign[2:], "little")
        count = end - start - self._from.text[start:end].count(NOTHING)
        char = symbol(self._font(font), f"{code:X}")
        self.left_out["symbol"] += count if char is None else 0
        return (char or "") * count

    def _private(self, char: str, at: int) -> str:
        """The plain character for one that only means something in a picture font; itself in other fonts."""
        font = self._font(self._from.properties.font(at))
        found = symbol(font, f"{ord(char):X}") if is_picture_font(font) else char
        self.left_out["symbol"] += found is None
        return found or ""

    def _font(self, number: int | None) -> str:
        return "" if number is None or number >= len(self._from.fonts) else self._from.fonts[number]

"""Reads Word documents (.docx, .docm, .dotx, also WPS and LibreOffice output): body XML -> blocks.

The body is walked element by element in document order. Whatever is not known to carry no text is
walked through, so that wrappers (insertions, content controls, smart tags, hyperlinks, shapes …) lose
nothing; what is left out on purpose is listed in `wordml.SKIPPED`. Headers and footers belong to the page,
not to the text. Word keeps no page numbers, so blocks have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import msgspec
from lxml import etree

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers.blocks import Raw, RawParagraph
from extractor.readers.flow import Block, Flow
from extractor.readers.grid import MAX_COLUMNS, Grid, GridCell
from extractor.readers.leftout import diagnostics, unreadable_part
from extractor.readers.numbering import LEVELS
from extractor.readers.package import Package
from extractor.readers.symbols import symbol
from extractor.readers.wordml import (
    BODY_LEVEL,
    LITERAL,
    MC,
    SKIPPED,
    VAL,
    VML,
    ListPlace,
    M,
    Properties,
    Style,
    Styles,
    W,
    is_on,
    list_place,
    outline_of,
    properties_of,
    transitional,
    value_of,
)
from extractor.readers.wordml_lists import as_int, numbering

_PARAGRAPH, _TABLE, _ROW, _CELL = W + "p", W + "tbl", W + "tr", W + "tc"
_RUN, _TEXT = W + "r", (W + "t", M + "t")
_RPR = W + "rPr"
_SDT, _ALTERNATE, _TEXT_BOX = W + "sdt", MC + "AlternateContent", W + "txbxContent"
_ALT_CHUNK, _SUB_DOCUMENT = W + "altChunk", W + "subDoc"
_BLOCKS = frozenset({_PARAGRAPH, _TABLE, _ALT_CHUNK, _SUB_DOCUMENT})
_ROWS, _CELLS = frozenset({_ROW}), frozenset({_CELL})


def read(data: bytes, name: str) -> Raw:
    """The paragraphs and tables of a Word document, in reading order, then its footnotes and endnotes.

    `name` is for messages. Raises `UnreadableDocument` if the package or its main part cannot be read,
    is protected, exceeds a limit of `package`, or holds no text; damaged styles, lists or notes are diagnostics.
    """
    package = Package(data, name)
    main = _main_part(package, name)
    root = transitional(package.xml(main))
    body = root.find(W + "body")
    if root.tag != W + "document" or body is None:
        raise UnreadableDocument(name, "this is not a Word document", "use a file saved as .docx by Word or WPS")
    reader = _Reader(_Parts(package, main))
    blocks = reader.blocks(body)
    blocks += reader.notes()
    if not blocks:
        raise UnreadableDocument(
            name, "the document holds no text" + (", only pictures" if reader.left_out["picture"] else ""),
            "if its pages are pictures, use the original or a text-recognised PDF",
        )  # fmt: skip
    return Raw(blocks, diagnostics=reader.diagnostics())


def _main_part(package: Package, name: str) -> str:
    for relation in package.relations(""):
        if relation.kind == "officeDocument" and not relation.external and relation.target in package:
            return relation.target
    if "word/document.xml" in package:
        return "word/document.xml"
    raise UnreadableDocument(
        name, "the file is a zip archive but holds no Word document", "unpack it first, or save the document as .docx"
    )


class _Parts:
    """The parts beside the main one: by relationship, else by their usual name. Unreadable ones are None."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._folder = main.rpartition("/")[0]
        self.unreadable: list[str] = []
        try:
            relations = package.relations(main)
        except UnreadableDocument as error:
            relations = []
            self.unreadable.append(error.problem)
        self._targets = {relation.kind: relation.target for relation in relations if not relation.external}

    def get(self, kind: str) -> etree._Element | None:
        part = self._targets.get(kind) or f"{self._folder}/{kind}.xml"
        if part not in self._package:
            return None
        try:
            return transitional(self._package.xml(part))
        except UnreadableDocument as error:
            self.unreadable.append(error.problem)
            return None


class _Line(msgspec.Struct):
    """A paragraph while it is read: its text so far, what it anchors, and the fields it stands in.

    A field is open with False while its instruction lasts, with True in its result. Text inside an
    instruction waits in `aside`: it is dropped with the instruction, and kept where that never ends.
    """

    hidden: bool
    parts: list[str] = msgspec.field(default_factory=list)
    aside: list[str] = msgspec.field(default_factory=list)
    instructions: int = 0
    boxes: list[etree._Element | str] = msgspec.field(default_factory=list)
    fields: list[bool] = msgspec.field(default_factory=list)

    def add(self, text: str) -> None:
        (self.aside if self.instructions else self.parts).append(text)

    def mark_field(self, kind: str | None) -> None:
        """A w:fldChar: begin, separate or end. Ends without a beginning belong to an earlier paragraph."""
        if kind == "begin":
            self.fields.append(False)
            self.instructions += 1
        elif self.fields:
            self.instructions -= not self.fields.pop()
            if kind == "separate":
                self.fields.append(True)
            if not self.instructions:
                self.aside.clear()


class _Reader:
    """One document's walk: counts list numbers, collects note references and what was left out."""

    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        self._styles = Styles(parts.get("styles"))
        lists = parts.get("numbering")
        self._has_lists = lists is not None
        self._numbering = numbering(lists, self._styles.list_number)
        self._notes: dict[tuple[str, str], None] = {}
        self.left_out: Counter[str] = Counter()
        self._special: dict[str, Callable[[etree._Element, _Line], None]] = {
            W + "fldChar": lambda node, line: line.mark_field(node.get(W + "fldCharType")),
            W + "sym": self._symbol,
            W + "footnoteReference": lambda node, line: self._refer("footnotes", node),
            W + "endnoteReference": lambda node, line: self._refer("endnotes", node),
            _TEXT_BOX: lambda node, line: line.boxes.append(node),
            VML + "textpath": lambda node, line: line.boxes.append(node.get("string", "")),
            M + "f": self._fraction,
        }

    def blocks(self, parent: etree._Element) -> list[Block]:
        """Every paragraph and table below `parent`, in order; what a paragraph anchors follows it."""
        flow = Flow()
        for node in self._flow(parent, _BLOCKS):
            if node.tag == _PARAGRAPH:
                self._paragraph(node, flow)
            elif node.tag == _TABLE:
                flow.add(self._table(node))
            else:
                flow.add([])
                self.left_out["embedded-document"] += 1
        return flow.end()

    def notes(self) -> list[Block]:
        """The footnotes, then the endnotes, each in the order in which the text refers to them."""
        found: list[Block] = []
        for kind in ("footnotes", "endnotes"):
            wanted = [note for of, note in self._notes if of == kind]
            root = self._parts.get(kind) if wanted else None
            bodies = {} if root is None else {node.get(W + "id", ""): node for node in root}
            for note in wanted:
                if note in bodies:
                    found += self.blocks(bodies[note])
                else:
                    self.left_out["note"] += 1
        return found

    def diagnostics(self) -> list[Diagnostic]:
        return [*map(unreadable_part, self._parts.unreadable), *diagnostics(self.left_out)]

    def _flow(self, parent: etree._Element, wanted: frozenset[str]) -> Iterator[etree._Element]:
        """The nearest `wanted` elements below `parent`, whatever wraps them."""
        for node in parent:
            if node.tag in wanted:
                yield node
            elif node.tag in SKIPPED:
                self._skip(node)
            elif (inner := self._inside(node)) is not None:
                yield from self._flow(inner, wanted)

    def _inside(self, node: etree._Element) -> etree._Element | None:
        """Where to go on below a wrapper: one alternative of several, no unfilled content control."""
        if node.tag == _ALTERNATE:
            choice = node.find(MC + "Choice")
            return node.find(MC + "Fallback") if choice is None else choice
        if node.tag == _SDT and is_on(properties_of(node, "sdtPr"), "showingPlcHdr"):
            self.left_out["placeholder"] += 1
            return None
        return node

    def _skip(self, node: etree._Element) -> None:
        if code := SKIPPED[node.tag]:
            self.left_out[code] += 1

    # --- paragraphs -----------------------------------------------------------------------------

    def _paragraph(self, node: etree._Element, flow: Flow) -> None:
        properties = properties_of(node, "pPr")
        mark = {child.tag: child for child in properties.get(_RPR, ())}
        style_id = value_of(properties, "pStyle")
        style = self._styles.paragraph(style_id)
        line = _Line(hidden=bool(style.hidden))
        self._inline(node, line)
        outline = outline_of(properties)
        outline = style.outline if outline is None else outline
        flow.paragraph(
            "".join(line.parts + line.aside),
            lambda: self._label(properties, style_id, style),
            level=None if outline is None or outline == BODY_LEVEL else outline + 1,
            joins_next=W + "del" in mark or W + "moveFrom" in mark,
            vanishes=bool(is_on(mark, "vanish") or line.hidden),
            boxes=[
                block
                for box in line.boxes
                for block in ([RawParagraph(box)] if isinstance(box, str) else self.blocks(box))
            ],
        )

    def _label(self, properties: Properties, style_id: str | None, style: Style) -> str:
        own, inherited = list_place(properties), style.place
        if own is None and inherited is None:
            return ""
        place = own if own is not None and own.num_id is not None else inherited
        num_id = place.num_id if place else None
        if num_id is None or num_id == "0":
            return ""
        if not self._has_lists:
            self.left_out["list-numbers"] += 1
            return ""
        return self._numbering.label(num_id, min(self._level(num_id, own, inherited, style_id), LEVELS - 1))

    def _level(self, num_id: str, own: ListPlace | None, inherited: ListPlace | None, style_id: str | None) -> int:
        if own is not None and own.level is not None:
            return own.level
        if own is None and inherited is not None:
            for style in (style_id, inherited.style):
                linked = self._numbering.level_of(num_id, style) if style else None
                if linked is not None:
                    return linked
            return inherited.level or 0
        return 0

    def _inline(self, parent: etree._Element, line: _Line) -> None:
        for node in parent:
            tag = node.tag
            if tag == _RUN:
                if self._is_hidden(node, line):
                    self.left_out["hidden-text"] += node.find(W + "t") is not None
                else:
                    self._inline(node, line)
            elif tag in _TEXT:
                line.add((node.text or "").replace("\r", "").replace("\n", " "))
            elif tag in SKIPPED:
                self._skip(node)
            elif tag in LITERAL:
                line.add(LITERAL[tag])
            elif tag in self._special:
                self._special[tag](node, line)
            elif len(node) and (inner := self._inside(node)) is not None:
                self._inline(inner, line)

    def _is_hidden(self, run: etree._Element, line: _Line) -> bool:
        first = next(iter(run), None)
        if first is None or first.tag != _RPR:
            return line.hidden
        properties = {child.tag: child for child in first}
        own = is_on(properties, "vanish")
        if own is None:
            own = self._styles.get(value_of(properties, "rStyle")).hidden
        return line.hidden if own is None else own

    def _symbol(self, node: etree._Element, line: _Line) -> None:
        char = symbol(node.get(W + "font", ""), node.get(W + "char", ""))
        self.left_out["symbol"] += char is None
        line.add(char or "")

    def _fraction(self, node: etree._Element, line: _Line) -> None:
        for place, child in enumerate(node.iterchildren(M + "num", M + "den")):
            line.add("/" if place else "")
            self._inline(child, line)

    def _refer(self, kind: str, node: etree._Element) -> None:
        self._notes[kind, node.get(W + "id", "")] = None

    # --- tables ---------------------------------------------------------------------------------

    def _table(self, node: etree._Element) -> list[Block]:
        grid = Grid()
        for row in self._flow(node, _ROWS):
            properties = properties_of(row, "trPr")
            if W + "del" in properties or is_on(properties, "hidden"):
                self.left_out["tracked-deletion" if W + "del" in properties else "hidden-text"] += 1
                continue
            grid.row(self._cells(row, as_int(value_of(properties, "gridBefore"), 0)))
        self.left_out["merged-text"] += grid.merged_text
        return grid.blocks()

    def _cells(self, row: etree._Element, column: int) -> Iterator[GridCell]:
        for node in self._flow(row, _CELLS):
            properties = properties_of(node, "tcPr")
            column = min(column, MAX_COLUMNS - 1)
            span = max(1, min(as_int(value_of(properties, "gridSpan"), 1), MAX_COLUMNS - column))
            yield GridCell(
                column, span, self.blocks(node), opens=W + "vMerge" in properties,
                below=_continues(properties, "vMerge"), beside=_continues(properties, "hMerge"),
            )  # fmt: skip
            column += span


def _continues(properties: Properties, name: str) -> bool:
    """True for a cell that a merge (w:vMerge, w:hMerge) joins to the one before it."""
    merge = properties.get(W + name)
    return merge is not None and merge.get(VAL, "continue") == "continue"

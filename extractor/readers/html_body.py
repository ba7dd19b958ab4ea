"""Tags and text of a web page to paragraphs and tables: which elements are open, what ends what.

Every content (page, cell, caption) has a stack of its own, so that a stray ``</div>`` in a cell closes nothing
outside it. An end tag closes the nearest open element of its name in its content; what stands directly in a table
goes before it (WHATWG, 13.2.6). No step looks at more than the elements it closes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from extractor.errors import UnreadableDocument
from extractor.readers.html_style import HEADINGS, ItemList, Place, inside, integer, starts_line, style_of
from extractor.readers.html_tables import OpenTable
from extractor.readers.html_text import Item, Paragraphs, Settings
from extractor.readers.html_tokens import Token, Tokens

MAX_OPEN = 20_000
"""Elements open at once in the whole page; pages whose ``font`` elements never end have hundreds."""

_VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr",
))  # fmt: skip
_LINES = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html",
    "legend", "li", "listing", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "textarea", "ul", "xmp",
))  # fmt: skip
"""Elements that begin and end a line."""
_KEEP_PARAGRAPH = frozenset(("html", "body", "head", "legend", "textarea"))
"""Those of them that do not close an open ``p``."""
_CLOSED_BY = {"li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd"), "option": ("option",)}
"""Elements whose end is implied by the start of the next one in the same list."""
_LISTS = ("ol", "ul", "menu", "dir", "dl", "select")
_CROSSING = ("a", "del", "ins")
"""Inline elements that end where their end tag stands even if a block began inside them."""
_OFFICE = ("libreoffice", "openoffice", "microsoft word", "microsoft excel", "word.document", "excel.sheet", "wps", "kingsoft")
_TEXT_INPUTS = ("", "text", "number", "tel", "email", "url", "date", "month")


class _Element(NamedTuple):
    name: str
    place: Place
    ends_line: bool
    items: ItemList | None = None


class _Content:
    """A flow of paragraphs with its open elements and the tables that are open directly in it."""

    def __init__(self, place: Place, settings: Settings, attributes: dict[str, str] | None = None) -> None:
        self._base = place
        self._stack: list[_Element] = []
        self._where: dict[str, list[int]] = {}
        self._lines: list[int] = []
        self.text = Paragraphs(settings)
        self.table: OpenTable | None = None
        self.attributes = attributes
        """Those of the cell; None for the page and for captions."""

    @property
    def place(self) -> Place:
        return self._stack[-1].place if self._stack else self._base

    @property
    def shown(self) -> bool:
        """Whether the content as a whole is there to be seen."""
        return self._base.skip is None

    def push(self, element: _Element) -> None:
        self._where.setdefault(element.name, []).append(len(self._stack))
        if element.ends_line:
            self._lines.append(len(self._stack))
        self._stack.append(element)

    def last(self, *names: str) -> int:
        """The place in the stack of the innermost open element of one of the names; -1 where there is none."""
        return max((self._where[name][-1] for name in names if name in self._where), default=-1)

    def ended_by(self, name: str) -> int:
        """The place of the element that an end tag closes; -1 where it closes none."""
        at = self.last(*HEADINGS) if name in HEADINGS else self.last(name)
        crossed = at >= 0 and not self._stack[at].ends_line and self._lines and self._lines[-1] > at
        return -1 if crossed and name not in _CROSSING else at

    def pop_to(self, at: int) -> int:
        """Closes the element at `at` and all inside it; how many these were."""
        closed = self._stack[at:]
        del self._stack[at:]
        for element in closed:
            places = self._where[element.name]
            places.pop()
            if not places:
                del self._where[element.name]
            if element.name == "li":
                self.text.end()
                self.text.expect("")
        if self._lines and self._lines[-1] >= at:
            self.text.end()
            while self._lines and self._lines[-1] >= at:
                self._lines.pop()
        return len(closed)

    def list_at(self) -> ItemList | None:
        at = self.last(*_LISTS)
        return self._stack[at].items if at >= 0 else None

    def end(self) -> list[Item]:
        self.pop_to(0)
        self.text.end()
        return self.text.items


class Body:
    """Builds the items of one page from its tokens."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._name = name
        self._settings = settings
        self._contents = [_Content(Place(), settings)]
        self._open = self._tables = 0
        self._told: Place | None = None
        self.frames = 0
        """Frames of the page, whose text is in other files."""
        self._void: dict[str, Callable[[dict[str, str]], None]] = {
            "br": self._line_break, "meta": self._meta, "input": self._input, "frame": self._frame,
            "img": lambda attributes: self._count("picture"), "embed": lambda attributes: self._count("embedded-object"),
        }  # fmt: skip

    def read(self, tokens: Tokens) -> list[Item]:
        """All items of the page, in order."""
        for token in tokens:
            self._settings.budget.mark()
            if token.kind == "text":
                self._text(token.value)
            elif token.kind == "start":
                self._start(token)
            else:
                self._end(token.value)
        while len(self._contents) > 1 or self._content.table:
            self._close_content() if self._content.table is None else self._close_table()
        return self._content.end()

    @property
    def _content(self) -> _Content:
        return self._contents[-1]

    def _shown(self) -> bool:
        return self._content.place.skip is None

    def _count(self, code: str) -> None:
        self._settings.left_out[code] += self._shown()

    def _line_break(self, attributes: dict[str, str]) -> None:
        if self._shown():
            self._content.text.line_break()

    def _frame(self, attributes: dict[str, str]) -> None:
        self.frames += 1

    # --- text -----------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        place = self._content.place
        if self._content.table is not None and not text.strip():
            return
        if place.skip is None:
            self._content.text.add(text, place)
        elif place.skip and place is not self._told and text.strip():
            self._told = place  # told once for the element, however many pieces its text has
            self._settings.left_out[place.skip] += 1

    # --- start tags -----------------------------------------------------------------------------

    def _start(self, token: Token) -> None:
        name, attributes = token.value, token.attributes
        if name in ("table", "tr", "td", "th", "thead", "tbody", "tfoot", "caption"):
            self._start_table_part(name, attributes)
            return
        if name in _VOID:
            if name in _LINES:
                self._content.text.end()
            if name in self._void:
                self._void[name](attributes)
            return
        style = style_of(attributes)
        content = self._content
        line = name in _LINES or starts_line(style)
        self._imply_ends(name, line, content)
        if line:
            content.text.end()
        place = inside(content.place, name, attributes, style)
        if place.skip is None and style.tabs:
            content.text.add("\xa0" * style.tabs, place)
            place = Place(skip="")  # the spaces inside draw the tabs
        if name == "iframe":
            self._count("embedded-document")
        elif name == "html":
            self._generator("word.document" if "xmlns:w" in attributes else "")
        self._open += 1
        if self._open > MAX_OPEN:
            raise UnreadableDocument(self._name, f"more than {MAX_OPEN:,} of its elements are open at once", "open the page in a browser or Word and save it again")
        content.push(_Element(name, place, line, ItemList(name, attributes, style) if name in _LISTS else None))
        if name == "li" and place.skip is None and (items := content.list_at()) is not None:
            self._settings.left_out["list-numbers"] += items.unknown
            content.text.expect(items.label(attributes, style))

    def _imply_ends(self, name: str, line: bool, content: _Content) -> None:
        if line and name not in _KEEP_PARAGRAPH and (at := content.last("p")) >= 0:
            self._open -= content.pop_to(at)
        if name in _CLOSED_BY and (at := content.last(*_CLOSED_BY[name])) > content.last(*_LISTS):
            self._open -= content.pop_to(at)

    def _generator(self, said: str) -> None:
        said = said.lower()
        self._settings.office |= any(program in said for program in _OFFICE)
        self._settings.feed_is_space |= "libreoffice" in said or "openoffice" in said

    def _meta(self, attributes: dict[str, str]) -> None:
        if attributes.get("name", "").lower() in ("generator", "progid"):
            self._generator(attributes.get("content", ""))

    def _input(self, attributes: dict[str, str]) -> None:
        """What is filled in is on the page as if it were written there; boxes to tick and buttons are not read."""
        kind = attributes.get("type", "").lower()
        if not self._shown() or kind == "hidden":
            return
        if kind in _TEXT_INPUTS:
            self._content.text.add(attributes.get("value", ""), self._content.place)
        else:
            self._settings.left_out["form-control"] += 1

    # --- tables ---------------------------------------------------------------------------------

    def _start_table_part(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._start_table(attributes)
            return
        if self._content.table is None and len(self._contents) > 1:
            self._close_content()
        table = self._content.table
        if table is None:
            return
        style = style_of(attributes)
        if name in ("td", "th"):
            if not table.in_row:
                self._settings.budget.block()
                table.start_row(table.group_place)
            table.data |= name == "th" or style.bordered
            self._contents.append(_Content(inside(table.row_place, name, attributes, style), self._settings, attributes))
        elif name == "caption":
            self._contents.append(_Content(inside(table.place, name, attributes, style), self._settings))
        elif name == "tr":
            self._settings.budget.block()
            table.start_row(inside(table.group_place, name, attributes, style))
        else:
            table.start_group(name, inside(table.place, name, attributes, style))

    def _start_table(self, attributes: dict[str, str]) -> None:
        if self._content.table is not None:
            self._close_table()
        content = self._content
        if (at := content.last("p")) >= 0:
            self._open -= content.pop_to(at)
        content.text.end()
        self._tables += 1
        self._settings.budget.tables_inside(self._tables - 1)
        style = style_of(attributes)
        bordered = style.bordered or bool(integer(attributes.get("border", "0" if "border" not in attributes else "1") or "1"))
        bordered |= "rules" in attributes and attributes["rules"].lower() != "none"
        content.table = OpenTable(inside(content.place, "table", attributes, style), attributes.get("role", "").lower(), bordered)

    def _close_content(self) -> None:
        """Ends the innermost cell or caption, with what is open in it."""
        while self._content.table is not None:
            self._close_table()
        content = self._contents.pop()
        table = self._content.table
        self._open -= content.pop_to(0)
        items = content.end()
        if table is None:
            return
        if content.attributes is None:
            table.captions += items
        elif content.shown:  # a hidden cell leaves its place to the next one
            self._settings.budget.block()
            table.add(content.attributes, items)

    def _close_table(self) -> None:
        content = self._content
        table, content.table = content.table, None
        self._tables -= 1
        if table is not None and content.place.skip is None:
            content.text.extend(table.items(self._settings.budget))

    # --- end tags -------------------------------------------------------------------------------

    def _end(self, name: str) -> None:
        content = self._content
        if name in ("td", "th", "caption", "tr", "thead", "tbody", "tfoot", "table"):
            self._end_table_part(name)
        elif name == "br":
            self._line_break({})
        elif (at := content.ended_by(name)) >= 0:
            self._open -= content.pop_to(at)
        elif name == "p":
            content.text.end()

    def _end_table_part(self, name: str) -> None:
        in_table = self._content.table is not None
        if not in_table and len(self._contents) > 1:
            self._close_content()
        table = self._content.table
        if table is None or name in ("td", "th", "caption"):
            return
        if name == "table":
            self._close_table()
        elif name == "tr":
            table.in_row = False
        else:
            table.start_group("tbody", table.place)

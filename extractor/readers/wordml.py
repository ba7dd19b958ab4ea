"""Names of WordprocessingML, and what a document's styles say about its paragraphs and runs.

Only what changes the text or the outline is read: base style, outline level, list, hidden text
(ISO/IEC 29500-1, 17.7). Strict packages use other namespaces for the same names; `transitional`
renames them, so that the rest knows one set of names.
"""

from __future__ import annotations

from lxml import etree

from extractor.model import Struct
from extractor.readers.flow import BREAK
from extractor.readers.wordml_lists import as_int

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
VAL = W + "val"
BODY_LEVEL = 9
"""The value of w:outlineLvl that means: no heading."""

LITERAL = {
    W + "tab": "\t", W + "ptab": "\t", W + "br": BREAK, W + "cr": BREAK, W + "noBreakHyphen": "-",
    W + "softHyphen": "", W + "lastRenderedPageBreak": "",
}  # fmt: skip
"""The text that an element stands for; a line break is a line feed until lines are parted or joined."""

SKIPPED: dict[str, str | None] = {
    **dict.fromkeys(W + name for name in (
        "pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "smartTagPr",
        "customXmlPr", "rubyPr", "rt", "instrText", "delInstrText", "delText", "footnoteRef", "endnoteRef",
        "annotationRef", "pgNum", "separator", "continuationSeparator",
    )),
    W + "del": "tracked-deletion", W + "moveFrom": "tracked-deletion", W + "commentReference": "comment",
    W + "object": "embedded-object", W + "control": "embedded-object", A + "blip": "picture",
    VML + "imagedata": "picture", CHART + "chart": "chart", DIAGRAM + "relIds": "diagram",
    W + "altChunk": "embedded-document", W + "subDoc": "embedded-document",
}  # fmt: skip
"""Elements that carry no text of the document, and the code of the diagnostic that leaving them out deserves."""

MAX_BASES = 50
"""Styles that one style builds on; Word stops at 11."""

_STRICT = {
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}": W,
    "{http://purl.oclc.org/ooxml/officeDocument/math}": M,
    "{http://purl.oclc.org/ooxml/drawingml/main}": A,
    "{http://purl.oclc.org/ooxml/drawingml/chart}": CHART,
    "{http://purl.oclc.org/ooxml/drawingml/diagram}": DIAGRAM,
}


def transitional(root: etree._Element) -> etree._Element:
    """`root` itself, the names of Strict Open XML in it replaced by the common ones."""
    if not any(f"{{{uri}}}" in _STRICT for uri in root.nsmap.values()):
        return root
    for node in root.iter(etree.Element):
        node.tag = _renamed(node.tag)
        for name, value in node.attrib.items():
            if (new := _renamed(str(name))) != name:
                del node.attrib[name]
                node.set(new, value)
    return root


def _renamed(name: str) -> str:
    namespace, brace, local = name.rpartition("}")
    return _STRICT.get(namespace + brace, namespace + brace) + local


Properties = dict[str, etree._Element]
"""The children of a property element by tag; looking them up one by one in the tree costs five times as much."""


def properties_of(node: etree._Element | None, name: str) -> Properties:
    """The properties `name` (pPr, rPr, tcPr …) of `node`; nothing where it has none."""
    found = None if node is None else node.find(W + name)
    return {} if found is None else {child.tag: child for child in found}


def is_on(properties: Properties, name: str) -> bool | None:
    """The toggle `name` (w:vanish …); None where the properties say nothing of it."""
    toggle = properties.get(W + name)
    return None if toggle is None else toggle.get(VAL) not in ("0", "false", "off")


def value_of(properties: Properties, name: str) -> str | None:
    """The w:val of the property `name`."""
    child = properties.get(W + name)
    return None if child is None else child.get(VAL)


class ListPlace(Struct, frozen=True):
    """A paragraph's list and level; `style` is the style that says so, None if the paragraph itself does."""

    num_id: str | None
    level: int | None
    style: str | None = None


class Style(Struct, frozen=True):
    """What a style comes to with its base styles. `outline` counts from 0."""

    outline: int | None = None
    place: ListPlace | None = None
    hidden: bool | None = None


def list_place(paragraph: Properties, style: str | None = None) -> ListPlace | None:
    """The w:numPr of paragraph properties."""
    node = paragraph.get(W + "numPr")
    if node is None:
        return None
    level, num_id = node.find(W + "ilvl"), node.find(W + "numId")
    return ListPlace(
        None if num_id is None else num_id.get(VAL), None if level is None else as_int(level.get(VAL), 0), style
    )


def outline_of(paragraph: Properties) -> int | None:
    """The w:outlineLvl of paragraph properties, 0 to 9."""
    value = value_of(paragraph, "outlineLvl")
    return None if value is None else min(as_int(value, BODY_LEVEL), BODY_LEVEL)


class Styles:
    """The styles by id; `root` is that of styles.xml or None."""

    def __init__(self, root: etree._Element | None) -> None:
        self._nodes: dict[str, etree._Element] = {}
        self._resolved: dict[str | None, Style] = {None: Style()}
        self._default: str | None = None
        for node in () if root is None else root.iterchildren(W + "style"):
            style_id = node.get(W + "styleId", "")
            self._nodes.setdefault(style_id, node)
            if node.get(W + "type") == "paragraph" and node.get(W + "default") in ("1", "true", "on"):
                self._default = style_id

    def paragraph(self, style_id: str | None) -> Style:
        """What the style of a paragraph says; the default paragraph style where it names none."""
        return self.get(self._default if style_id is None else style_id)

    def get(self, style_id: str | None) -> Style:
        """What the style and its bases say together; nothing for an unknown style."""
        if style_id is not None and style_id not in self._resolved:
            self._resolved[style_id] = self._resolve(style_id)
        return self._resolved[style_id]

    def list_number(self, style_id: str) -> str | None:
        """The w:numId of a list style."""
        place = self.get(style_id).place
        return place.num_id if place else None

    def _resolve(self, style_id: str) -> Style:
        outline, hidden, num_id, level, owner = None, None, None, None, None
        current: str | None = style_id
        for _ in range(MAX_BASES):  # also ends a circle
            if current is None:
                break
            node = self._nodes.get(current)
            about = {} if node is None else {child.tag: child for child in node}
            paragraph = properties_of(node, "pPr")
            if outline is None:
                found = outline_of(paragraph)
                outline = _built_in_level(current, value_of(about, "name")) if found is None else found
            if hidden is None:
                hidden = is_on(properties_of(node, "rPr"), "vanish")
            if (place := list_place(paragraph, current)) is not None:
                num_id = num_id or place.num_id
                level = place.level if level is None else level
                owner = owner or current
            current = value_of(about, "basedOn")
        return Style(outline, ListPlace(num_id, level, owner) if owner else None, hidden)


def _built_in_level(style_id: str, name: str | None) -> int | None:
    """The outline level of Word's own headings, for style sheets that leave it out (or are missing)."""
    word, _, number = (name or style_id.replace("Heading", "heading ")).lower().partition(" ")
    return int(number) - 1 if word == "heading" and number in tuple("123456789") else None

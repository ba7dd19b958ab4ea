"""Reads OFD, the Chinese standard for fixed pages (GB/T 33190-2016): a zip package of XML.

The page is taken as printed, as that of a PDF is: what is read of an OFD are placed characters and ruling lines, and the
same code makes columns, tables, running heads and paragraphs of them. Pages and the templates under them are
opened one after the other, and only their lines and tables are kept.
"""

from __future__ import annotations

import posixpath
from collections import ChainMap, Counter
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers import leftout
from extractor.readers.blocks import Raw
from extractor.readers.limits import Budget
from extractor.readers.ocr_engine import is_installed, started
from extractor.readers.ofd_fonts import Font
from extractor.readers.ofd_page import POINTS, Resources, Shown, box_of, children, show, upright
from extractor.readers.package import Kind, Package, locked
from extractor.readers.paged import Page, as_blocks, lay_out, require_text
from extractor.readers.printed import MAX_DOCUMENT_CHARACTERS, MAX_PAGES, MAX_SCANS, PageContent, TooLarge

_KIND = Kind(".ofd", "WPS or another program for OFD")
_A4 = (0.0, 0.0, 210.0, 297.0)
_LEAST, _MOST = 5.0, 5_000.0
"""Millimetres between which the side of a page is believed."""
_KEPT_CHARACTERS = 200_000
"""Characters of templates that are kept for the next page."""
_DEEPEST_TEMPLATE = 8
_BESIDE_TEXT = ("Link",)
"""Kinds of annotations that show nothing."""


def read(data: bytes, name: str) -> Raw:
    """The blocks of an OFD file, those of all its documents in their order.

    Raises `UnreadableDocument` if it is encrypted, damaged, beyond a limit or without any text; a damaged page in an
    otherwise good file is a diagnostic.
    """
    package = Package(data, name, _KIND)
    if "Encryptions.xml" in package:  # GM/T 0099-2020, C.3: it says which parts are to be decrypted
        raise locked(name)
    reading = _Reading(package, name)
    for body in children(package.xml("OFD.xml"), "DocBody"):
        reading.document(body)
    if not reading.pages:
        raise UnreadableDocument(name, "it has no pages", "get the file again from its source; it is damaged or incomplete")
    if reading.failure is not None and not any(page.lines or page.tables for page in reading.pages):
        raise reading.failure
    require_text(reading.pages, name)
    return as_blocks(reading.pages, reading.diagnostics + leftout.diagnostics(reading.left_out))


class _Document(NamedTuple):
    """One document of the file: where its parts lie, and what its pages share."""

    part: str
    box: tuple[float, float, float, float]
    templates: dict[str, str]
    resources: Resources


class _Reading:
    """The file while it is read."""

    def __init__(self, package: Package, name: str) -> None:
        self.pages: list[Page] = []
        self.diagnostics: list[Diagnostic] = []
        self.left_out: Counter[str] = Counter()
        self.failure: UnreadableDocument | None = None
        self._package, self._name = package, name
        self._budget = Budget(name)
        self._characters = self._kept_characters = self._scans = 0
        self._kept: dict[tuple[str, str], Shown] = {}

    def document(self, body: etree._Element) -> None:
        """Reads all pages of the document that `body` names."""
        part = _at("", _text(body, "DocRoot"))
        root = self._package.xml(part)
        common = next(children(root, "CommonData"), root)
        document = _Document(
            part, self._box(common, "PageArea") or _A4,
            {node.get("ID", ""): _at(part, node.get("BaseLoc", "")) for node in children(common, "TemplatePage")},
            self._resources(part, common, ("PublicRes", "DocumentRes")),
        )  # fmt: skip
        for pages in children(root, "Pages"):
            for page in children(pages, "Page"):
                if len(self.pages) == MAX_PAGES:
                    raise UnreadableDocument(self._name, f"it has more than {MAX_PAGES} pages", "split it and pass the part with the report")
                self.pages.append(lay_out(self._page(document, self._page_part(part, page.get("BaseLoc", "")))))
        self.left_out["annotation"] += self._annotations(part, root)
        self.left_out["embedded-document"] += self._listed(part, root, "Attachments", "Attachment")
        self.left_out["signature"] += self._listed("", body, "Signatures", "Signature")

    def _page_part(self, document: str, location: str) -> str:
        part = _at(document, location)
        return next((found for found in (part, f"{part}/Content.xml", f"{part}/Page.xml") if found in self._package), part)

    # --- a page -----------------------------------------------------------------------------------

    def _page(self, document: _Document, part: str) -> PageContent:
        number = len(self.pages) + 1
        try:
            root = self._package.xml(part)
            left, top, width, height = self._box(root, "Area") or document.box
            shown = self._shown(document, part, root, (left, top), set())
            self._characters += len(shown.glyphs)
            if self._characters > MAX_DOCUMENT_CHARACTERS:
                raise UnreadableDocument(self._name, f"it has more than {MAX_DOCUMENT_CHARACTERS} characters", "split it and pass the part with the report")
            content = self._seen(upright(number, (width * POINTS, height * POINTS), shown), shown.largest[1])
        except TooLarge as error:
            raise UnreadableDocument(self._name, f"page {number} has {error}", "print it to a new file at normal size, or pass the source document") from error
        except UnreadableDocument as error:
            if error.advice not in (_KIND.send_again, _KIND.save_again):
                raise
            self.failure = self.failure or error
            self.diagnostics.append(Diagnostic(level="error", code="page-unreadable", message=f"第{number}页已损坏，无法读取，其内容未包括在内"))
            return PageContent(number, _A4[2] * POINTS, _A4[3] * POINTS, [], [], 0.0, "")
        self.left_out["hidden-text"] += shown.hidden
        if shown.unknown and not content.garbled:
            message = f"第{number}页有{shown.unknown}个字只有字形而没有文字编码，以�代替，请核对原件"
            self.diagnostics.append(Diagnostic(level="warning", code="text-incomplete", message=message))
        return content

    def _seen(self, content: PageContent, picture: str) -> PageContent:
        """A page without text as its largest picture shows it; as it was without one, or without the extra `ocr`."""
        if not content.is_scan or not picture or not is_installed():
            return content
        from extractor.readers.ocr import read_page

        self._scans += 1
        if self._scans > MAX_SCANS:
            raise UnreadableDocument(self._name, f"more than {MAX_SCANS} of its pages are scans", "split it and pass the part with the report")
        engine = started(self._name)
        try:
            seen = read_page(self._package.read(picture), content.number, self._name, engine)
        except UnreadableDocument as error:
            if error.advice == _KIND.not_trusted:
                raise
            self.diagnostics.append(leftout.unreadable_part(error.problem))
            return content
        if seen is None or not seen.chars:
            return content
        seen.pictures = content.pictures
        return seen

    def _shown(self, document: _Document, part: str, root: etree._Element, origin: tuple[float, float], above: set[str]) -> Shown:
        """What the page or template in `part` shows with the templates under it, those `above` left out: none lies under itself."""
        shown = Shown()
        for node in children(root, "Template"):
            under = document.templates.get(node.get("TemplateID", ""))
            if under is not None and under not in above and len(above) < _DEEPEST_TEMPLATE:
                shown += self._template(document, under, origin, above | {part, under})
        resources = document.resources
        if any(True for _ in children(root, "PageRes")):
            own = self._resources(part, root, ("PageRes",))
            resources = Resources(
                ChainMap(own.fonts, resources.fonts), ChainMap(own.units, resources.units), ChainMap(own.pictures, resources.pictures),
            )  # fmt: skip
        for content in children(root, "Content"):
            shown += show(content, origin, resources, self._budget)
        return shown

    def _template(self, document: _Document, part: str, origin: tuple[float, float], above: set[str]) -> Shown:
        key = (part, repr(origin))
        if key not in self._kept:
            shown = self._shown(document, part, self._package.xml(part), origin, above)
            size = len(shown.glyphs) + len(shown.veiled) + len(shown.rules)
            if len(above) > 2 or self._kept_characters + size > _KEPT_CHARACTERS:
                return shown  # what lies under another template may have been left out here
            self._kept_characters += size
            self._kept[key] = shown
        return self._kept[key]

    def _box(self, node: etree._Element, name: str) -> tuple[float, float, float, float] | None:
        """The paper that an area states, in millimetres."""
        for area in children(node, name):
            box = box_of(_text(area, "PhysicalBox"))
            if box is not None and _LEAST <= box[2] <= _MOST and _LEAST <= box[3] <= _MOST:
                return box
        return None

    # --- what stands beside the pages -------------------------------------------------------------

    def _resources(self, part: str, holder: etree._Element, names: tuple[str, ...]) -> Resources:
        fonts: dict[str, Font] = {}
        units: dict[str, etree._Element] = {}
        pictures: dict[str, str] = {}
        for name in names:
            for node in children(holder, name):
                location = _at(part, node.text or "")
                root = self._beside(location)
                if root is not None:
                    base = _at(location, root.get("BaseLoc", "") + "/_")
                    fonts |= {font.get("ID", ""): self._font(base, font) for group in children(root, "Fonts") for font in children(group, "Font")}
                    for group in children(root, "MultiMedias"):
                        pictures |= {media.get("ID", ""): _at(base, _text(media, "MediaFile")) for media in children(group, "MultiMedia")}
                    for group in children(root, "CompositeGraphicUnits"):
                        units |= {unit.get("ID", ""): content for unit in children(group, "CompositeGraphicUnit") for content in children(unit, "Content")}
        return Resources(fonts, units, pictures)

    def _font(self, base: str, node: etree._Element) -> Font:
        location = _text(node, "FontFile")
        name = node.get("FontName") or node.get("FamilyName") or ""
        try:
            return Font(name, self._package.read(_at(base, location)) if location else b"")
        except UnreadableDocument as error:
            if error.advice == _KIND.not_trusted:
                raise
            return Font(name)

    def _annotations(self, part: str, root: etree._Element) -> int:
        """How many annotations there are (comments, stamps, highlights, watermarks); links show nothing."""
        count = 0
        for listing, location in self._listings(part, root, "Annotations"):
            for page in children(listing, "Page"):
                annotations = self._beside(_at(location, _text(page, "FileLoc")))
                if annotations is not None:
                    count += sum(node.get("Type") not in _BESIDE_TEXT for node in children(annotations, "Annot"))
        return count

    def _listed(self, part: str, root: etree._Element, name: str, member: str) -> int:
        return sum(sum(1 for _ in children(listing, member)) for listing, _ in self._listings(part, root, name))

    def _listings(self, part: str, root: etree._Element, name: str) -> Iterator[tuple[etree._Element, str]]:
        for node in children(root, name):
            location = _at(part, node.text or "")
            listing = self._beside(location)
            if listing is not None:
                yield listing, location

    def _beside(self, part: str) -> etree._Element | None:
        """The root of a part beside the pages; None where it is missing or damaged, which is told."""
        try:
            return self._package.xml(part)
        except UnreadableDocument as error:
            if error.advice == _KIND.not_trusted:
                raise
            self.diagnostics.append(leftout.unreadable_part(error.problem))
            return None


def _text(node: etree._Element, name: str) -> str:
    """The text of the first child of that name."""
    found = next(children(node, name), None)
    return "" if found is None else (found.text or "").strip()


def _at(part: str, location: str) -> str:
    """The part that `part` names by `location`: below its own folder, or from the top if it begins with a slash."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), location.strip().replace("\\", "/"))).lstrip("/")

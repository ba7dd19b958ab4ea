"""The package of an .xlsx: which sheets it has, in which parts, with which strings and styles, and what else is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from lxml import etree

from extractor.errors import UnreadableDocument, UnsupportedFormat
from extractor.model import Diagnostic
from extractor.readers import limits
from extractor.readers.leftout import unreadable_part
from extractor.readers.number_formats import Format
from extractor.readers.package import Kind, Package, parse_xml
from extractor.readers.xlsx_cells import formats_of, strings_of

KIND = Kind(".xlsx", "Excel or WPS")

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_USUAL = "xl/workbook.xml"


class Workbook:
    """What of the package is read. Raises `UnreadableDocument` for what it cannot do without."""

    def __init__(self, package: Package, name: str) -> None:
        self._package, self._name = package, name
        main = self._main_part()
        root = package.xml(main)
        relations = [relation for relation in package.relations(main) if not relation.external]
        about = root.find("{*}workbookPr")
        self.since_1904 = about is not None and about.get("date1904") in ("1", "true")
        self.left_out: Counter[str] = Counter()
        self.hidden: list[str] = []
        self.told: list[Diagnostic] = []
        self._sheets = self._visible(root, {relation.id: (relation.kind, relation.target) for relation in relations})
        self._targets = {relation.kind: relation.target for relation in relations}
        self._count_left_out()

    def sheets(self) -> Iterator[tuple[str, bytes]]:
        """The visible sheets in order: name and XML, unpacked one after the other."""
        return ((title, self._package.read(part)) for title, part in self._sheets)

    def strings(self) -> list[str]:
        """The strings that cells refer to by number."""
        part = self._targets.get("sharedStrings")
        if part is None or part not in self._package:
            return []
        xml = self._package.read(part)
        if xml.count(b"si>") > 2 * limits.MAX_STRINGS:
            raise UnreadableDocument(self._name, f"it has more than {limits.MAX_STRINGS:,} texts", KIND.not_trusted)
        return strings_of(xml, partial(parse_xml, name=self._name, what=f"its part {part}", kind=KIND))

    def formats(self, budget: limits.Budget) -> dict[str, Format]:
        """The number formats by cell style; none, and a diagnostic, where the styles are damaged."""
        part = self._targets.get("styles")
        if part is None or part not in self._package:
            return {}
        try:
            styles = self._package.xml(part)
        except UnreadableDocument as error:
            self.told.append(unreadable_part(error.problem))
            return {}
        budget.formats(sum(1 for _ in styles.iterfind("{*}numFmts/{*}numFmt")))
        return formats_of(styles)

    def _main_part(self) -> str:
        if _USUAL in self._package:
            return _USUAL
        for relation in self._package.relations(""):
            if relation.kind == "officeDocument" and not relation.external and relation.target in self._package:
                if relation.target.lower().endswith(".bin"):
                    raise UnsupportedFormat(self._name, "this is a binary workbook (.xlsb)", "open it in Excel or WPS and save it as .xlsx")
                return relation.target
        raise UnreadableDocument(self._name, "the file is a zip archive but holds no workbook", "unpack it first, or save the workbook as .xlsx")

    def _visible(self, root: etree._Element, targets: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
        """Name and part of the sheets of cells that are not hidden."""
        found = []
        for node in root.iterfind("{*}sheets/{*}sheet"):
            name = node.get("name", "").strip()
            kind, target = targets.get(node.get(_ID) or node.get(_STRICT_ID) or "", ("", ""))
            if node.get("state", "visible") != "visible":
                self.hidden.append(name)
            elif kind == "chartsheet":
                self.left_out["chart"] += 1
            elif kind == "worksheet":
                found.append((name, target))
        return found

    def _count_left_out(self) -> None:
        """Charts, pictures, comments and shapes, by the parts they stand in."""
        for part in self._package.parts:
            folder, _, file = part.rpartition("/")
            if folder.endswith("charts") and file.startswith("chart"):
                self.left_out["chart"] += 1
            elif folder.endswith("media"):
                self.left_out["picture"] += 1
            elif folder.endswith("embeddings"):
                self.left_out["embedded-object"] += 1
            elif file.startswith("comment") and file.endswith(".xml"):
                self.left_out["comment"] += self._count(part, b"<comment ")
            elif folder.endswith("drawings") and file.startswith("drawing") and file.endswith(".xml"):
                self.left_out["shape-text"] += self._count(part, b"</a:t>") > 0

    def _count(self, part: str, mark: bytes) -> int:
        try:
            return self._package.read(part).count(mark)
        except UnreadableDocument as error:
            self.told.append(unreadable_part(error.problem))
            return 0

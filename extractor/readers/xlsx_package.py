"""The package of an .xlsx: which sheets it has, which parts they need, and a copy with nothing else in it.

python-calamine is handed that copy only: plain names, no packing, and each part unpacked within the limits of
`package`. Whatever else a hostile file holds does not reach it.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import NamedTuple

from lxml import etree

from extractor.errors import UnreadableDocument, UnsupportedFormat
from extractor.model import Diagnostic
from extractor.readers.leftout import unreadable_part
from extractor.readers.package import Kind, Package, parse_xml

KIND = Kind(".xlsx", "Excel or WPS")

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = f'<Relationships xmlns="{_OFFICE.replace("officeDocument", "package")}">%s</Relationships>'
_RELATION = f'<Relationship Id="%s" Type="{_OFFICE}/%s" Target="%s"/>'
_WORKBOOK = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">%s<sheets>%s</sheets></workbook>'
_USUAL = "xl/workbook.xml"


class Part(NamedTuple):
    """A visible sheet: its name and its XML."""

    name: str
    xml: bytes


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
        self.sheets = self._sheets(root, {relation.id: (relation.kind, relation.target) for relation in relations})
        targets = {relation.kind: relation.target for relation in relations}
        self._strings = self._optional(targets.get("sharedStrings"))
        self._styles = self._optional(targets.get("styles"))
        self._count_left_out()

    def styles(self) -> etree._Element | None:
        """The parsed styles; None where there are none, or damaged ones."""
        if self._styles is None:
            return None
        try:
            return parse_xml(self._styles, self._name, "its part styles", KIND)
        except UnreadableDocument as error:
            self._styles = None
            self.told.append(unreadable_part(error.problem))
            return None

    def copy(self) -> bytes:
        """A package of the visible sheets, called 1, 2 …, with their strings and styles."""
        numbers = range(1, len(self.sheets) + 1)
        relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        parts = [(f"xl/worksheets/sheet{n}.xml", sheet.xml) for n, sheet in zip(numbers, self.sheets, strict=True)]
        for kind, xml in (("sharedStrings", self._strings), ("styles", self._styles)):
            if xml is not None:
                relations.append((kind, kind, f"{kind}.xml"))
                parts.append((f"xl/{kind}.xml", xml))
        listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        workbook = _WORKBOOK % ('<workbookPr date1904="1"/>' if self.since_1904 else "", listed)
        office = _RELATION % ("rId1", "officeDocument", "xl/workbook.xml")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(zipfile.ZipInfo("_rels/.rels"), _RELATIONS % office)
            archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), workbook)
            archive.writestr(zipfile.ZipInfo("xl/_rels/workbook.xml.rels"), _RELATIONS % "".join(_RELATION % entry for entry in relations))
            for part, xml in parts:
                archive.writestr(zipfile.ZipInfo(part), xml)
        return stream.getvalue()

    def _main_part(self) -> str:
        if _USUAL in self._package:
            return _USUAL
        for relation in self._package.relations(""):
            if relation.kind == "officeDocument" and not relation.external and relation.target in self._package:
                if relation.target.lower().endswith(".bin"):
                    raise UnsupportedFormat(self._name, "this is a binary workbook (.xlsb)", "open it in Excel or WPS and save it as .xlsx")
                return relation.target
        raise UnreadableDocument(self._name, "the file is a zip archive but holds no workbook", "unpack it first, or save the workbook as .xlsx")

    def _sheets(self, root: etree._Element, targets: dict[str, tuple[str, str]]) -> list[Part]:
        found = []
        for node in root.iterfind("{*}sheets/{*}sheet"):
            name = node.get("name", "").strip()
            kind, target = targets.get(node.get(_ID) or node.get(_STRICT_ID) or "", ("", ""))
            if node.get("state", "visible") != "visible":
                self.hidden.append(name)
            elif kind == "chartsheet":
                self.left_out["chart"] += 1
            elif kind == "worksheet":
                found.append(Part(name, self._package.read(target)))
        return found

    def _optional(self, part: str | None) -> bytes | None:
        return self._package.read(part) if part is not None and part in self._package else None

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
            elif file.startswith("comments") and file.endswith(".xml"):
                self.left_out["comment"] += self._count(part, b"<comment ")
            elif folder.endswith("drawings") and file.startswith("drawing") and file.endswith(".xml"):
                self.left_out["shape-text"] += self._count(part, b"</a:t>") > 0

    def _count(self, part: str, mark: bytes) -> int:
        try:
            return self._package.read(part).count(mark)
        except UnreadableDocument as error:
            self.told.append(unreadable_part(error.problem))
            return 0

"""A zip package of XML parts (OPC: .docx, .xlsx; also .odt, .ofd), opened as if it came from an enemy.

Nothing is unpacked but the parts asked for, and those only within the limits below; XML is parsed
without entities, without DTDs and without the network. Part names are compared without case, as
OPC (ISO/IEC 29500-2, 6.2.2.3) asks.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib

from lxml import etree

from extractor.errors import UnreadableDocument
from extractor.model import Struct

MAX_MEMBERS = 10_000
MAX_PART_BYTES = 100_000_000
MAX_TOTAL_BYTES = 200_000_000
MAX_RATIO = 200
"""Unpacked to packed size of one part; text in WordprocessingML stays under 100."""
RATIO_FREE_BYTES = 5_000_000
"""Parts up to this size may have any ratio: a small blank form packs very well and harms nobody."""
MAX_DEPTH = 200
"""Elements inside each other; ten tables inside each other need about 50."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error)
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")

_SAVE_AGAIN = "open it in Word or WPS, save it again as .docx and use that file"
_SEND_AGAIN = "fetch the file again from its source, or " + _SAVE_AGAIN
_NOT_TRUSTED = "the file may be malicious; ask for a copy that was saved by Word or WPS"


class Relation(Struct, frozen=True):
    """One relationship: `kind` is the last step of its type, `target` a part name or, if external, an address."""

    kind: str
    target: str
    external: bool


class Package:
    """The parts of a package by name. Raises `UnreadableDocument` for all that is wrong with one."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._unpacked = 0
        if not data:
            raise UnreadableDocument(name, "the file is empty", "fetch the file again from its source")
        if data.startswith(_OLE):
            raise self._binary(data)
        if not data.startswith(b"PK"):
            raise UnreadableDocument(name, "this is not a .docx file whatever its name says", _SAVE_AGAIN)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise UnreadableDocument(name, "the file is damaged or was not copied to the end", _SEND_AGAIN) from error
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise UnreadableDocument(name, f"the file holds more than {MAX_MEMBERS} parts", _NOT_TRUSTED)
        self._parts = {_key(member.filename): member for member in members}

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._parts

    def read(self, part: str) -> bytes:
        """The unpacked bytes of `part`."""
        member = self._parts.get(_key(part))
        if member is None:
            raise UnreadableDocument(self._name, f"its part {part} is missing", _SEND_AGAIN)
        if member.flag_bits & 1:
            raise self._locked()
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableDocument(self._name, f"its part {part} is packed in an unusual way", _SAVE_AGAIN)
        self._unpacked += member.file_size
        if member.file_size > MAX_PART_BYTES or self._unpacked > MAX_TOTAL_BYTES:
            raise UnreadableDocument(self._name, f"its part {part} is too large once unpacked", _NOT_TRUSTED)
        if member.file_size > max(RATIO_FREE_BYTES, MAX_RATIO * member.compress_size):
            raise UnreadableDocument(self._name, f"its part {part} unpacks to a suspicious size", _NOT_TRUSTED)
        try:
            # zipfile never hands out more than `file_size` bytes and then checks the sum.
            return self._zip.read(member)
        except (*_BROKEN, RuntimeError) as error:
            raise UnreadableDocument(self._name, f"its part {part} is damaged", _SEND_AGAIN) from error

    def xml(self, part: str) -> etree._Element:
        """The root of the XML in `part`, without comments and processing instructions."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(self.read(part), parser)
        except etree.XMLSyntaxError as error:
            if "depth" in str(error):
                raise self._nested(part) from error
            raise UnreadableDocument(self._name, f"its part {part} is not well-formed XML", _SAVE_AGAIN) from error
        except (ValueError, LookupError) as error:
            raise UnreadableDocument(self._name, f"its part {part} is not XML", _SAVE_AGAIN) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableDocument(self._name, f"its part {part} declares a document type (DOCTYPE)", _NOT_TRUSTED)
        if _TOO_DEEP(root):
            raise self._nested(part)
        return root

    def relations(self, part: str) -> list[Relation]:
        """The relationships of `part` ("" for the package itself); none if it has no such list."""
        folder, file = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{file}.rels")
        if listing not in self:
            return []
        found = []
        for node in self.xml(listing).iter(_RELATIONSHIPS):
            target, external = node.get("Target", ""), node.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
            found.append(Relation(node.get("Type", "").rpartition("/")[2], target, external))
        return found

    def _nested(self, part: str) -> UnreadableDocument:
        return UnreadableDocument(
            self._name, f"its part {part} nests more than {MAX_DEPTH} elements inside each other", _NOT_TRUSTED
        )

    def _locked(self) -> UnreadableDocument:
        return UnreadableDocument(
            self._name, "the document is protected by a password", "open it, remove the password, save it and try again"
        )

    def _binary(self, data: bytes) -> UnreadableDocument:
        if "EncryptedPackage".encode("utf-16-le") in data:
            return self._locked()
        return UnreadableDocument(self._name, "this is an old Word (.doc) or WPS file named .docx", _SAVE_AGAIN)


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()

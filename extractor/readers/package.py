"""A zip package of XML parts (OPC: .docx, .xlsx; also .odt, .ofd), opened as if it came from an enemy.

Nothing is unpacked but the parts asked for, and those only within the limits below; XML is parsed
without entities, without DTDs and without the network. Part names are compared without case, as
OPC (ISO/IEC 29500-2, 6.2.2.3) asks.
"""

from __future__ import annotations

import io
import posixpath
import re
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

MAX_NODES = 2_000_000
"""Elements and attributes of one part; a parsed one takes up to 150 bytes. A report has some ten thousand."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error)
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
)  # fmt: skip
_ENCODING = re.compile(rb"<\?xml[^>]{1,80}?encoding\s*=\s*[\"']([A-Za-z0-9._-]*)")
_ENCODINGS = ("utf-8", "utf8", "utf-16", "gb", "ascii", "us-ascii", "iso-8859", "windows-125", "big5")
_FIRST_BYTES = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<", b" ", b"\r", b"\n", b"\t")


class Kind(Struct, frozen=True):
    """What a package is, for messages: the suffix of its format and the programs that write it."""

    suffix: str = ".docx"
    programs: str = "Word or WPS"

    @property
    def save_again(self) -> str:
        return f"open it in {self.programs}, save it again as {self.suffix} and use that file"

    @property
    def send_again(self) -> str:
        return f"fetch the file again from its source, or {self.save_again}"

    @property
    def not_trusted(self) -> str:
        return f"the file may be malicious; ask for a copy that was saved by {self.programs}"


def locked(name: str) -> UnreadableDocument:
    """The error of a document that opens with a password only."""
    return UnreadableDocument(name, "the document is protected by a password", "open it, remove the password, save it and try again")


def parse_xml(data: bytes, name: str, what: str, kind: Kind) -> etree._Element:
    """The root of the XML in `data`, without comments and processing instructions; `what` names it in messages.

    No entities, no document type, no network, no more than `MAX_NODES` and `MAX_DEPTH`, and an encoding in
    which the markup can be counted before it is parsed.
    """
    declared = _ENCODING.match(data)
    if not data.startswith(_FIRST_BYTES) or (declared and not declared[1].lower().decode().startswith(_ENCODINGS)):
        raise UnreadableDocument(name, f"{what} is not well-formed XML, or in an unusual encoding", kind.save_again)
    if data.count(b"<") + data.count(b"=") > MAX_NODES:
        raise UnreadableDocument(name, f"{what} has more than {MAX_NODES:,} elements", kind.not_trusted)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise _nested(name, what, kind) from error
        raise UnreadableDocument(name, f"{what} is not well-formed XML", kind.save_again) from error
    except (ValueError, LookupError) as error:
        raise UnreadableDocument(name, f"{what} is not XML", kind.save_again) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocument(name, f"{what} declares a document type (DOCTYPE)", kind.not_trusted)
    if _TOO_DEEP(root):
        raise _nested(name, what, kind)
    return root


def _nested(name: str, what: str, kind: Kind) -> UnreadableDocument:
    return UnreadableDocument(name, f"{what} nests more than {MAX_DEPTH} elements inside each other", kind.not_trusted)


class Relation(Struct, frozen=True):
    """One relationship: `kind` is the last step of its type, `target` a part name or, if external, an address."""

    kind: str
    target: str
    external: bool
    id: str = ""


class Package:
    """The parts of a package by name. Raises `UnreadableDocument` for all that is wrong with one."""

    def __init__(self, data: bytes, name: str, kind: Kind = Kind()) -> None:  # noqa: B008 (frozen)
        self._name, self._kind = name, kind
        self._unpacked = 0
        if not data:
            raise UnreadableDocument(name, "the file is empty", "fetch the file again from its source")
        if data.startswith(_OLE):
            raise self._binary(data)
        if not data.startswith(b"PK"):
            raise UnreadableDocument(name, f"this is not a {kind.suffix} file whatever its name says", self._kind.save_again)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise UnreadableDocument(name, "the file is damaged or was not copied to the end", self._kind.send_again) from error
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise UnreadableDocument(name, f"the file holds more than {MAX_MEMBERS} parts", self._kind.not_trusted)
        self._parts = {_key(member.filename): member for member in members}

    @property
    def parts(self) -> list[str]:
        """The names of all parts, in lower case, in the order of the package."""
        return list(self._parts)

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._parts

    def read(self, part: str) -> bytes:
        """The unpacked bytes of `part`."""
        member = self._parts.get(_key(part))
        if member is None:
            raise UnreadableDocument(self._name, f"its part {part} is missing", self._kind.send_again)
        if member.flag_bits & 1:
            raise locked(self._name)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableDocument(self._name, f"its part {part} is packed in an unusual way", self._kind.save_again)
        self._unpacked += member.file_size
        if member.file_size > MAX_PART_BYTES or self._unpacked > MAX_TOTAL_BYTES:
            raise UnreadableDocument(self._name, f"its part {part} is too large once unpacked", self._kind.not_trusted)
        if member.file_size > max(RATIO_FREE_BYTES, MAX_RATIO * member.compress_size):
            raise UnreadableDocument(self._name, f"its part {part} unpacks to a suspicious size", self._kind.not_trusted)
        try:
            # zipfile never hands out more than `file_size` bytes and then checks the sum.
            return self._zip.read(member)
        except (*_BROKEN, RuntimeError) as error:
            raise UnreadableDocument(self._name, f"its part {part} is damaged", self._kind.send_again) from error

    def xml(self, part: str) -> etree._Element:
        """The root of the XML in `part`; see `parse_xml`."""
        return parse_xml(self.read(part), self._name, f"its part {part}", self._kind)

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
            found.append(Relation(node.get("Type", "").rpartition("/")[2], target, external, node.get("Id", "")))
        return found

    def _binary(self, data: bytes) -> UnreadableDocument:
        if "EncryptedPackage".encode("utf-16-le") in data:
            return locked(self._name)
        return UnreadableDocument(self._name, "this is an old Word (.doc) or WPS file named .docx", self._kind.save_again)


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()

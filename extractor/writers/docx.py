"""The report's own .docx with a Word comment at both ends of every finding that does not agree.

Only comments are added: to word/comments.xml (made, declared and related where the document has none) and,
around the words, their range marks; a run of text is cut in two where a comment begins or ends inside it. All
other parts are copied as they are (ISO/IEC 29500-1, 17.13.4; 29500-2 for the package).
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from lxml import etree

from extractor.model import Check, Finding, Report, Side
from extractor.readers.package import Package
from extractor.writers.passages import Piece, Places, pieces
from extractor.writers.words import WORDS, Lang, Words

AUTHOR = "extractor"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
"""By the namespace of the document (common or Strict), that of the types of its relationships."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_QUOTED = 60


class _Note(msgspec.Struct, frozen=True):
    """A comment to be: its lines, and the span it is about, in the text without white space."""

    lines: tuple[str, ...]
    start: int
    end: int


def mark(original: bytes, report: Report, check: Check, lang: Lang = "zh") -> bytes:
    """`original`, the .docx that `report` was read from, with a comment at each end of what does not agree.

    Comments that are there stay. A passage outside the body (a footnote) is commented at the nearest text before
    it. Raises `UnreadableDocument` where `original` is no readable .docx. The same input gives the same bytes.
    """
    package = Package(original, report.source.name)
    main = next((r.target for r in package.relations("") if r.kind == "officeDocument" and not r.external and r.target in package), "word/document.xml")
    root = package.xml(main)
    namespace = etree.QName(root).namespace or ""
    places = Places(report.text)
    notes = _notes(check, places, WORDS[lang])
    found = pieces(root, places)
    changed: dict[str, bytes] = {}
    if notes and found:
        part, comments = _comments(package, main, namespace, changed)
        w = f"{{{namespace}}}"
        number = 1 + max((int(node.get(w + "id", "")) for node in comments if node.get(w + "id", "").isdecimal()), default=-1)
        order = {paragraph: n for n, paragraph in enumerate(root.iter(w + "p"))}
        cut = _cut(found, {place for note in notes for place in (note.start, note.end)})
        starts, ends = [piece.start for piece in cut], [piece.end for piece in cut]
        for ident, note in enumerate(notes, number):
            comments.append(_comment(note, str(ident), w))
            first, last = _covered(note, starts, ends, places)
            _enclose(cut[first], cut[last], str(ident), w, order)
        changed[part] = _bytes(comments)
        changed[main] = _bytes(root)
    return _packed(original, package, changed)


def _notes(check: Check, places: Places, words: Words) -> list[_Note]:
    found = []
    for finding in check.findings:
        if finding.verdict == "agrees":
            continue
        same = (finding.left.start, finding.left.end) == (finding.right.start, finding.right.end)
        for here, there in ((finding.left, finding.right), (finding.right, finding.left))[: 1 if same else 2]:
            found.append(_Note(_comment_lines(finding, None if same else there, words), places.squeezed(here.start), places.squeezed(here.end)))
    return sorted(found, key=lambda note: (note.start, -note.end))


def _comment_lines(finding: Finding, other: Side | None, words: Words) -> tuple[str, ...]:
    lines = [f"{words.verdict(finding.verdict)}{finding.message}"]
    if other is not None:
        quote = " ".join(other.raw.split())
        shown = quote if len(quote) <= _QUOTED else quote[: _QUOTED - 1] + "…"
        lines.append(f"{words.other}{words.quote[0]}{shown}{words.quote[1]}")
    lines.append(f"{finding.kind} · {finding.rule} · {finding.fingerprint}")
    return tuple(_CONTROL.sub("\ufffd", line) for line in lines)


def _covered(note: _Note, starts: list[int], ends: list[int], places: Places) -> tuple[int, int]:
    """The first and last piece of a note. One about words of which no piece is known (a number that only Word computes, a
    footnote) is put at what follows in the same paragraph, else at what stands before."""
    first = min(bisect_right(ends, note.start), len(ends) - 1)
    if starts[first] >= max(note.end, note.start + 1) and places.crosses(note.start, starts[first]):
        first = max(first - 1, 0)
    return first, max(bisect_left(starts, note.end) - 1, first)


# --- the marks in the text ----------------------------------------------------------------------


def _cut(found: Sequence[Piece], wanted: set[int]) -> list[Piece]:
    """The pieces, each cut at the wanted places inside it where it is the text of a run."""
    places = sorted(wanted)
    done: list[Piece] = []
    run: etree._Element | None = None
    for piece in found:
        shared, run = run is not None and piece.node.getparent() is run, piece.node.getparent()
        inside = places[(bisect_left if shared else bisect_right)(places, piece.start) : bisect_left(places, piece.end)]
        ahead: list[Piece] = []
        for place in reversed(inside if piece.offsets else []):
            at = place - piece.start
            tail = _split(piece.node, piece.offsets[at])
            if tail is None:
                continue
            ahead.append(Piece(start=place, end=piece.end, node=tail))
            piece = Piece(start=piece.start, end=place, node=piece.node, offsets=piece.offsets[:at])
        if ahead:
            run = ahead[0].node.getparent()
        done += [part for part in (piece, *reversed(ahead)) if part.end > part.start]
    return done


def _split(node: etree._Element, at: int) -> etree._Element | None:
    """Cuts the run around the text element `node` before its character `at`; returns the text element behind the cut."""
    run = node.getparent()
    if run is None or etree.QName(run).localname != "r":
        return None
    words = node.text or ""
    tail = run.makeelement(run.tag)
    for name, value in run.attrib.items():
        tail.set(name, value)
    for child in run:
        if etree.QName(child).localname == "rPr":
            tail.append(copy.deepcopy(child))
    following = list(node.itersiblings())
    text = etree.SubElement(tail, node.tag)
    node.text, text.text = words[:at], words[at:]
    for part in (node, text):
        part.set(_SPACE, "preserve")
    tail.extend(following)
    tail.tail, run.tail = run.tail, None
    run.addnext(tail)
    return text


def _enclose(first: Piece, last: Piece, ident: str, w: str, order: Mapping[etree._Element, int]) -> None:
    """Puts the range marks around the pieces, as children of their paragraphs, and the reference behind. `order` is that of
    the paragraphs in the document, where the words of a text box or an inner table stand before words they follow in the text."""
    start, stop = sorted((_child(first.node, w), _child(last.node, w)), key=lambda child: _rank(child, order))
    begin = etree.Element(w + "commentRangeStart", {w + "id": ident})
    end = etree.Element(w + "commentRangeEnd", {w + "id": ident})
    run = etree.Element(w + "r")
    etree.SubElement(run, w + "commentReference", {w + "id": ident})
    start.addprevious(begin)
    stop.addnext(run)
    stop.addnext(end)


def _rank(child: etree._Element, order: Mapping[etree._Element, int]) -> tuple[int, int]:
    above = child.getparent()
    return (-1, 0) if above is None else (order.get(above, -1), above.index(child))


def _child(node: etree._Element, w: str) -> etree._Element:
    """The child of the outermost paragraph that holds `node`: Word takes no comments inside text boxes."""
    chosen = node
    at: etree._Element | None = node
    while at is not None:
        above = at.getparent()
        if above is not None and above.tag == w + "p":
            chosen = at
        at = above
    return chosen


# --- the parts ----------------------------------------------------------------------------------


def _comments(package: Package, main: str, namespace: str, changed: dict[str, bytes]) -> tuple[str, etree._Element]:
    """The comments part by name and its root; a new one is declared and related in `changed`."""
    for relation in package.relations(main):
        if relation.kind == "comments" and not relation.external and relation.target in package:
            return relation.target, package.xml(relation.target)
    folder, file = posixpath.split(main)
    listing = posixpath.join(folder, "_rels", f"{file}.rels")
    part = next(name for n in range(10_000) if (name := posixpath.join(folder, f"comments{n or ''}.xml")) not in package)
    relations = package.xml(listing) if listing in package else etree.fromstring(f'<Relationships xmlns="{_RELATIONSHIPS}"/>')
    taken = {node.get("Id") for node in relations}
    ident = next(name for n in range(1, len(taken) + 2) if (name := f"rId{n}") not in taken)
    kind = _TYPES.get(namespace, next(iter(_TYPES.values())))
    etree.SubElement(relations, f"{{{_RELATIONSHIPS}}}Relationship", {"Id": ident, "Type": f"{kind}/comments", "Target": posixpath.basename(part)})
    types = package.xml("[Content_Types].xml")
    etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Override", {"PartName": f"/{part}", "ContentType": _COMMENTS})
    changed[listing] = _bytes(relations)
    changed["[Content_Types].xml"] = _bytes(types)
    return part, etree.Element(f"{{{namespace}}}comments", nsmap={"w": namespace})


def _comment(note: _Note, ident: str, w: str) -> etree._Element:
    comment = etree.Element(w + "comment", {w + "id": ident, w + "author": AUTHOR, w + "initials": "ex"})
    for line in note.lines:
        run = etree.SubElement(etree.SubElement(comment, w + "p"), w + "r")
        text = etree.SubElement(run, w + "t", {_SPACE: "preserve"})
        text.text = line
    return comment


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _packed(original: bytes, package: Package, changed: dict[str, bytes]) -> bytes:
    """The package with the changed parts; new ones come last, every other part keeps its bytes."""
    waiting = {name.lower(): (name, data) for name, data in changed.items()}
    written: set[str] = set()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, info in _members(source):
            if name in written:
                continue
            written.add(name)
            data = waiting.pop(name)[1] if name in waiting else package.read(info.filename)
            copied = zipfile.ZipInfo(info.filename, info.date_time)
            copied.compress_type, copied.external_attr = info.compress_type, info.external_attr
            packed.writestr(copied, data)
        for name, data in waiting.values():
            new = zipfile.ZipInfo(name, _EPOCH)
            new.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(new, data)
    return target.getvalue()


def _members(source: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The members with their part names in lower case, as parts are compared."""
    for info in source.infolist():
        yield info.filename.replace("\\", "/").lstrip("/").lower(), info

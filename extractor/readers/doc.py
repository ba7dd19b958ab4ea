"""Reads binary Word documents (.doc, .wps; Word 97 and later, also WPS and LibreOffice output) -> blocks.

The text stands in pieces; which paragraph is a heading, a list item or the end of a cell, and which characters
are hidden, deleted or only instructions, is told by properties at the place where the bytes are. The rules for
what is kept are those of the .docx reader: headers and footers belong to the page, text boxes follow the
paragraph that anchors them, footnotes and endnotes come last. Source of the format: [MS-DOC].
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeVar

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers import doc_fib, office_program
from extractor.readers.blocks import Raw
from extractor.readers.compound import Broken, Compound
from extractor.readers.doc_anchors import Anchors, Drawing, box_anchors, note_anchors, read_fonts
from extractor.readers.doc_body import Body, Sources
from extractor.readers.doc_fib import Fib, Part, Unsupported, read_fib
from extractor.readers.doc_fields import without_instructions
from extractor.readers.doc_lists import read_lists
from extractor.readers.doc_properties import Properties
from extractor.readers.doc_styles import Styles
from extractor.readers.doc_text import Pieces
from extractor.readers.leftout import diagnostics, unreadable_part
from extractor.readers.numbering import Numbering

T = TypeVar("T")

_SAVE_AS = "open it in Word or WPS, save it as .docx and use that file"


def read(data: bytes, name: str) -> Raw:
    """The paragraphs and tables of a Word document, in reading order, then its footnotes and endnotes.

    `name` is for messages. Documents of Word 6 and Word 95 are read through LibreOffice where that is installed,
    with a diagnostic. Damaged ones are not: it makes text of whatever it finds, and numbers of neighbouring cells
    run together. Raises `UnreadableDocument` for these, for documents that are protected, and for such without
    text; damaged styles, lists, drawings or notes are diagnostics.
    """
    try:
        return _Document(data, name).raw()
    except Unsupported as error:
        if (converted := _through_libreoffice(data, name, str(error))) is None:
            raise UnreadableDocument(name, str(error), _SAVE_AS) from error
        return converted
    except (Broken, struct.error, IndexError) as error:
        what = str(error) if isinstance(error, Broken) else "its structure is cut off"
        raise UnreadableDocument(
            name, f"the file is damaged or was not copied to the end: {what}",
            "fetch the file again from its source, or " + _SAVE_AS,
        ) from error  # fmt: skip


def _through_libreoffice(data: bytes, name: str, problem: str) -> Raw | None:
    converted = office_program.to_docx(data)
    if converted is None:
        return None
    from extractor.readers import docx

    try:
        raw = docx.read(converted, name)
    except UnreadableDocument:
        return None
    message = f"{problem}; it was read through LibreOffice, which may have left something out: compare it with the original"
    raw.diagnostics.insert(0, Diagnostic(level="warning", code="read-through-libreoffice", message=message))
    return raw


class _Document:
    """One document: its parts put together, those beside the text only where they can be read."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._unreadable: list[str] = []
        self._fib = fib = read_fib(Compound(data), name)
        pieces = Pieces(fib.plc(doc_fib.PIECES), fib.stream)
        if fib.body.end > len(pieces.text):
            raise Broken("pieces of its text are missing")
        styles = self._part("styles", lambda: Styles(fib.plc(doc_fib.STYLES)), Styles(b""))
        properties = Properties(fib, pieces, styles)
        drawings, self._loose = self._part("drawings", lambda: box_anchors(fib), (Anchors[Drawing]([]), [fib.boxes]))
        self._body = Body(
            Sources(
                text="".join(without_instructions(pieces.text[part.start : part.end]) for part in fib.parts),
                properties=properties,
                styles=styles,
                numbering=self._part("lists", lambda: _numbering(fib), Numbering({})),
                fonts=self._part("fonts", lambda: read_fonts(fib.plc(doc_fib.FONTS)), []),
                notes=self._part("notes", lambda: _notes(fib), Anchors([])),
                drawings=drawings,
            )
        )

    def raw(self) -> Raw:
        blocks = self._body.story(self._fib.body)
        for part in self._loose:
            blocks += self._body.story(part)
        blocks += self._body.notes()
        if not blocks:
            raise UnreadableDocument(
                self._name, "the document holds no text" + (", only pictures" if self._body.left_out["picture"] else ""),
                "if its pages are pictures, use the original or a text-recognised PDF",
            )  # fmt: skip
        return Raw(blocks, diagnostics=[*map(unreadable_part, self._unreadable), *diagnostics(self._body.left_out)])

    def _part(self, what: str, read_it: Callable[[], T], without: T) -> T:
        try:
            return read_it()
        except (Broken, struct.error, IndexError):
            self._unreadable.append(f"its {what} are damaged")
            return without


def _numbering(fib: Fib) -> Numbering:
    return read_lists(fib.tail(doc_fib.LISTS), fib.plc(doc_fib.NUMBERINGS)) if fib.plc(doc_fib.LISTS) else Numbering({})


def _notes(fib: Fib) -> Anchors[tuple[str, Part]]:
    kinds = (
        ("footnote", doc_fib.NOTE_REFERENCES, doc_fib.NOTE_TEXTS, fib.footnotes),
        ("endnote", doc_fib.ENDNOTE_REFERENCES, doc_fib.ENDNOTE_TEXTS, fib.endnotes),
    )
    return Anchors(
        [
            (position, (kind, part))
            for kind, references, texts, whole in kinds
            for position, part in note_anchors(fib.plc(references), fib.plc(texts), whole, fib.body)
        ]
    )

"""One report in several files (总结.docx and its 基本情况表.xlsx): their documents, one behind the other, as one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from extractor.model import Cell, Diagnostic, Document, File, Paragraph, Scan, Source, Table

MEDIA_TYPE = "multipart/mixed"


def together(documents: Sequence[Document]) -> Document:
    """The documents in the order given, texts parted by a line feed; `files` says which span came from which.

    The first one gives title and institution, as the first pages of a report do. Pages are those of each file.
    `source.sha256` is the hash of the files' own hashes in order. One document alone stays as it is.
    """
    if len(documents) == 1:
        return documents[0]
    blocks: list[Paragraph | Table] = []
    diagnostics: list[Diagnostic] = []
    files: list[File] = []
    scans: list[Scan] = []
    at = 0
    for document in documents:
        blocks += [_moved(block, at) for block in document.blocks]
        diagnostics += [_told(diagnostic, document, at) for diagnostic in document.diagnostics]
        files.append(File(name=document.source.name, sha256=document.source.sha256, start=at, end=at + len(document.text)))
        scans += [msgspec.structs.replace(scan, start=scan.start + at, end=scan.end + at) for scan in document.scans]
        at += len(document.text) + 1
    return Document(
        source=_source([document.source for document in documents]), text="\n".join(document.text for document in documents),
        blocks=tuple(blocks), diagnostics=tuple(diagnostics), files=tuple(files), scans=tuple(scans),
    )  # fmt: skip


def _source(sources: Sequence[Source]) -> Source:
    digest = hashlib.sha256("".join(source.sha256 for source in sources).encode()).hexdigest()
    names = " + ".join(source.name for source in sources)
    return Source(name=names, sha256=digest, media_type=MEDIA_TYPE, bytes=sum(source.bytes for source in sources), pages=None, reader="together")


def _moved(block: Paragraph | Table, by: int) -> Paragraph | Table:
    if isinstance(block, Table):
        cells: tuple[Cell, ...] = tuple(msgspec.structs.replace(cell, start=cell.start + by, end=cell.end + by) for cell in block.cells)
        return msgspec.structs.replace(block, start=block.start + by, end=block.end + by, cells=cells)
    return msgspec.structs.replace(block, start=block.start + by, end=block.end + by)


def _told(diagnostic: Diagnostic, document: Document, by: int) -> Diagnostic:
    """The diagnostic at its new place; one of the whole file is of that file's span."""
    start, end = (0, len(document.text)) if diagnostic.start is None or diagnostic.end is None else (diagnostic.start, diagnostic.end)
    return msgspec.structs.replace(diagnostic, start=start + by, end=end + by, message=f"{document.source.name}: {diagnostic.message}")

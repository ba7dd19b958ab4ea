"""Where the words of a report's text stand in the XML of its .docx: every text element with its place.

Places count in the text without white space, so that how paragraphs, cells and lines were joined does not matter.
Paragraphs are taken in the order in which the reader takes them and matched one after the other; list numbers
that only Word computes may stand before one. A paragraph that is nowhere in the text (hidden, deleted) is passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

import msgspec
from lxml import etree

from extractor.readers.symbols import symbol
from extractor.readers.wordml import LITERAL, SKIPPED, W

_NEAR = 16
"""Longest list number that may stand before a paragraph's own words."""
_TELLING = 8
"""Characters from which a paragraph is looked for further away."""
_PIECE, _REACH = 4, 64
"""Where a paragraph is not found as a whole: the shortest run looked for, and how far ahead."""
_SHORT = 2
"""Characters from which a paragraph may be the first of several in its cell."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """The text element (w:t, or one that stands for a character) of text[start:end] without white space.
    `offsets` are the places of these characters in a w:t's own text; empty where it cannot be cut."""

    start: int
    end: int
    node: etree._Element
    offsets: tuple[int, ...] = ()


class Places:
    """A text without its white space, and where its paragraphs and cells begin and end in it."""

    def __init__(self, text: str) -> None:
        self._kept = [at for at, char in enumerate(text) if not char.isspace()]
        self.text = "".join(text[at] for at in self._kept)
        self.borders = {0, len(self.text)}
        self._leaves: dict[str, list[int]] = defaultdict(list)
        at = 0
        for leaf in re.split(r"[\n\t]", text):
            words = "".join(leaf.split())
            if words:
                self._leaves[words].append(at)
            at += len(words)
            self.borders.add(at)

    def squeezed(self, offset: int) -> int:
        """The place in the squeezed text of an offset into the text."""
        return bisect_left(self._kept, offset)

    def crosses(self, start: int, end: int) -> bool:
        """True if a paragraph or cell ends between the two places, or they are further apart than a list number."""
        return end - start > _NEAR or any(place in self.borders for place in range(start + 1, end + 1))

    def near(self, words: str, at: int) -> int | None:
        """Where `words` stand at `at`, or behind a list number there."""
        found = self.text.find(words, at, at + _NEAR + len(words))
        while found >= 0:
            if found + len(words) in self.borders or (found == at and len(words) >= _SHORT):
                return found
            found = self.text.find(words, found + 1, at + _NEAR + len(words))
        return None

    def far(self, words: str, at: int) -> int | None:
        """Where a whole paragraph or cell of these words stands, after `at` if there is one, else before."""
        leaves = self._leaves.get(words)
        if leaves is None or len(words) < _TELLING:
            return None
        return leaves[min(bisect_left(leaves, at), len(leaves) - 1)]


class _Part(msgspec.Struct):
    """A text element with its characters, white space aside, and their offsets in its text."""

    node: etree._Element
    words: str
    offsets: tuple[int, ...] = ()


def pieces(root: etree._Element, places: Places) -> list[Piece]:
    """The text elements of the body that were found in the text, in the order of the text."""
    namespace = f"{{{etree.QName(root).namespace}}}"
    found: list[Piece] = []
    at = 0
    for paragraph in _Walk(namespace).paragraphs(root):
        parts = list(_parts(paragraph, namespace))
        words = "".join(part.words for part in parts)
        if not words:
            continue
        place = places.near(words, at)
        if place is None:
            place = places.far(words, at)
        if place is None:
            at = _scattered(parts, places, at, found)
            continue
        at = max(at, place + len(words))
        for part in parts:
            found.append(Piece(start=place, end=place + len(part.words), node=part.node, offsets=part.offsets))
            place += len(part.words)
    return sorted((piece for piece in found if piece.end > piece.start), key=lambda piece: (piece.start, piece.end))


def _scattered(parts: list[_Part], places: Places, at: int, found: list[Piece]) -> int:
    """Finds the runs of a paragraph one by one, where some of it is not in the text; returns how far they reach."""
    for part in parts:
        reach = _REACH if len(part.words) >= _PIECE else 0
        place = places.text.find(part.words, at, at + reach + len(part.words))
        if place >= 0 and part.words:
            at = place + len(part.words)
            found.append(Piece(start=place, end=at, node=part.node, offsets=part.offsets))
    return at


class _Walk:
    """The paragraphs of a document in the order of its text: a text box follows the paragraph that anchors it, a
    table inside a cell the table around it."""

    def __init__(self, namespace: str) -> None:
        self._w = namespace
        self._skipped = {_local(name) for name in SKIPPED if name.startswith(W)}

    def paragraphs(self, parent: etree._Element) -> Iterator[etree._Element]:
        for node in self._below(parent, ("p", "tbl")):
            if node.tag == self._w + "p":
                yield node
                for box in self._below(node, ("txbxContent",)):
                    yield from self.paragraphs(box)
            else:
                yield from self._table(node)

    def _table(self, table: etree._Element) -> Iterator[etree._Element]:
        inner: list[etree._Element] = []
        for row in self._below(table, ("tr",)):
            for cell in self._below(row, ("tc",)):
                for node in self._below(cell, ("p", "tbl")):
                    if node.tag == self._w + "tbl":
                        inner.append(node)
                        continue
                    yield node
                    for box in self._below(node, ("txbxContent",)):
                        yield from self.paragraphs(box)
        for nested in inner:
            yield from self._table(nested)

    def _below(self, parent: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
        """The nearest wanted elements, whatever wraps them; one alternative of several."""
        for node in parent:
            name = _local(node.tag)
            if node.tag.startswith(self._w) and name in wanted:
                yield node
            elif not (node.tag.startswith(self._w) and name in self._skipped) and name != "Fallback":
                yield from self._below(node, wanted)


def _parts(parent: etree._Element, w: str) -> Iterator[_Part]:
    """The text elements of a paragraph, text boxes aside."""
    for node in parent:
        name = _local(node.tag)
        if name == "t":
            text = node.text or ""
            offsets = tuple(at for at, char in enumerate(text) if not char.isspace())
            yield _Part(node, "".join(text[at] for at in offsets), offsets if node.tag == w + "t" else ())
        elif name in ("txbxContent", "Fallback") or W + name in SKIPPED:
            continue
        elif node.tag == w + "sym":
            yield _Part(node, symbol(node.get(w + "font", ""), node.get(w + "char", "")) or "")
        elif words := LITERAL.get(W + name, "").strip():
            yield _Part(node, words)
        else:
            yield from _parts(node, w)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]

"""HTML source to start tags, end tags and text, as browsers part it, in one pass and linear time.

A tokenizer of our own, because of what hostile pages do to others: libxml2 takes quadratic time for the
attributes of one tag and silently ends the page below 256 (huge: 2048) open elements; Python's own
`html.parser` is quadratic in unclosed markup. Source of the rules: the HTML standard (WHATWG), 13.2.5.
"""

from __future__ import annotations

import html
import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["start", "end", "text"]


class Token(NamedTuple):
    """`value` is a tag's name in lower case, or text with its character references resolved."""

    kind: Kind
    value: str
    attributes: dict[str, str] = {}  # noqa: RUF012 (never written to)


_TAG = re.compile("<(?=[A-Za-z/!?])")
_PLAIN_TAG = re.compile(r"""<(/?)([A-Za-z][\w:-]*+)((?:\s++[\w:-]++(?:="[^"<>]*+"|='[^'<>]*+'|=[^\s<>"'`=]++)?+)*+)\s*+(/?)>""", re.ASCII)
"""A tag as programs write it, at one go; all others are read piece by piece."""
_NAME = re.compile(r"[A-Za-z][^\s/>]*+")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?:(>)|([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]*+)))?+)"""
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}+(?![0-9])|#[xX][0-9a-fA-F]{1,6}+(?![0-9a-fA-F])|[A-Za-z][A-Za-z0-9]{1,31});?")
_RAW = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in (
    "script", "style", "noscript", "iframe", "noframes", "noembed", "xmp", "title", "textarea",
)}  # fmt: skip
"""Elements whose content is no markup, with their end."""
_SHOWN_RAW = {"textarea", "xmp"}
_NEVER_TEXT = {"script", "style"}

_KEPT = frozenset((
    "border", "charset", "class", "colspan", "content", "face", "frame", "hidden", "href", "id", "name", "reversed", "role",
    "rowspan", "rules", "selected", "start", "style", "title", "type", "value", "xmlns:o", "xmlns:w",
))  # fmt: skip
"""Attributes that say something about the text; the others (pictures as data: addresses …) are passed over."""
MAX_VALUE = 10_000
"""Characters of an attribute that are looked at."""


class Tokens:
    """The tokens of `source`. `cut_off` tells, once all are taken, that the source ends inside a tag or comment."""

    def __init__(self, source: str) -> None:
        self._source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        self._xml = self._source[:200].lstrip("\ufeff \t\n").startswith("<?xml")
        self._endless: set[str] = set()
        self.cut_off = False

    def __iter__(self) -> Iterator[Token]:
        source, at = self._source, 0
        while found := _TAG.search(source, at):
            tag = found.start()
            if tag > at:
                yield Token("text", resolved(source[at:tag]))
            if plain := _PLAIN_TAG.match(source, tag):
                at, name = plain.end(), plain[2].lower()
                yield Token("end", name) if plain[1] else Token("start", name, _plain_attributes(plain[3]) if plain[3] else {})
                if name in _RAW and not plain[1] and not (plain[4] and self._xml):
                    at = yield from self._raw(name, at)
            else:
                at = yield from self._markup(tag)
            if at < 0:
                return
        if at < len(source):
            yield Token("text", resolved(source[at:]))

    def _markup(self, tag: int) -> Generator[Token, None, int]:
        """The tag or comment that begins at `tag`; gives the place behind it, -1 where it never ends."""
        source = self._source
        if name := _NAME.match(source, tag + 1):
            attributes, empty, at = self._attributes(name.end())
            if at >= 0:
                yield Token("start", name[0].lower(), attributes)
                if name[0].lower() in _RAW and not (empty and self._xml):
                    at = yield from self._raw(name[0].lower(), at)
            return at
        if source.startswith("</", tag) and (name := _NAME.match(source, tag + 2)):
            at = self._behind(">", name.end())
            if at >= 0:
                yield Token("end", name[0].lower())
            return at
        if self._xml and source.startswith("<![CDATA[", tag):
            at = self._behind("]]>", tag)
            yield Token("text", source[tag + 9 : at - 3 if at > 0 else None])
            return at
        return self._behind("-->" if source.startswith("<!--", tag) else ">", tag + 2)

    def _attributes(self, at: int) -> tuple[dict[str, str], bool, int]:
        """The attributes from `at` on, whether the tag ends in ``/>``, and where it ends; -1 where it never does."""
        attributes: dict[str, str] = {}
        while found := _ATTRIBUTE.match(self._source, at):
            at = found.end()
            if found[1]:
                return attributes, self._source[at - 2] == "/", at
            _keep(attributes, found)
        self.cut_off = True
        return attributes, False, -1

    def _behind(self, end: str, at: int) -> int:
        found = self._source.find(end, at)
        self.cut_off |= found < 0
        return found + len(end) if found >= 0 else -1

    def _raw(self, name: str, at: int) -> Generator[Token, None, int]:
        """The content of an element that holds no markup; gives the place of its end, -1 where a script has none.

        An element of another kind that never ends is read as if it held markup, so that it takes no text with it.
        """
        found = None if name in self._endless else _RAW[name].search(self._source, at)
        if found is None:
            self._endless.add(name)
            self.cut_off |= name in _NEVER_TEXT
            return -1 if name in _NEVER_TEXT else at
        if name in _SHOWN_RAW:
            content = self._source[at : found.start()]
            yield Token("text", resolved(content) if name == "textarea" else content)
        return found.start()


@lru_cache(maxsize=2048)
def _plain_attributes(source: str) -> dict[str, str]:
    """The attributes of a plain tag; the same few hundred come again and again in a page."""
    attributes: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(source):
        _keep(attributes, found)
    return attributes


def _keep(attributes: dict[str, str], found: re.Match[str]) -> None:
    name = found[2].lower()
    if name in _KEPT and name not in attributes:
        value = found[3] if found[3] is not None else found[4] if found[4] is not None else found[5] or ""
        attributes[name] = resolved(value[:MAX_VALUE])


def resolved(text: str) -> str:
    """`text` with its character references resolved; numbers too long to be a character stay as they are."""
    return _REFERENCE.sub(lambda found: _character(found[0]), text) if "&" in text else text


_character = lru_cache(maxsize=1024)(html.unescape)

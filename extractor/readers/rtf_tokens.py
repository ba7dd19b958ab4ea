"""RTF source to control words, symbols, groups and text, one pass, no copy of the source.

Source of the syntax: Rich Text Format Specification 1.9.1 (Microsoft, 2008), "RTF Syntax".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["open", "close", "word", "symbol", "byte", "text"]


class Token(NamedTuple):
    """`word`: a control word or symbol, `number` its parameter (None without one); `data`: text or the byte of ``\\'xx``."""

    kind: Kind
    word: str = ""
    number: int | None = None
    data: bytes = b""


_TOKEN = re.compile(
    rb"\\(?:([A-Za-z]+)(-?[0-9]+)?+ ?|'([0-9A-Fa-f]{2})|([^A-Za-z])|\Z)|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\", re.DOTALL
)
_BRACE = re.compile(rb"\\(?:bin([0-9]{1,9}) ?|.|\Z)|[{}]", re.DOTALL)
_OPEN, _CLOSE = Token("open"), Token("close")
_MAX_DIGITS = 10
"""Numbers are 32 bits; what is longer is none."""


class Tokens:
    """The tokens of `source`, without the bytes that ``\\bin`` announces."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._at = 0

    def __iter__(self) -> Iterator[Token]:
        source, match = self._source, _TOKEN.match
        while found := match(source, self._at):
            self._at = found.end()
            kind = found.lastindex
            if kind == 1 or kind == 2:
                word, digits = found[1].decode("ascii"), found[2]
                number = int(digits) if digits and len(digits) <= _MAX_DIGITS else None
                if word == "bin":
                    self._at = self._behind(self._at, number or 0)
                else:
                    yield Token("word", word, number)
            elif kind == 3:
                yield Token("byte", data=bytes((int(found[3], 16),)))
            elif kind == 4:
                yield Token("symbol", found[4].decode("latin-1"))
            elif kind == 5:
                yield _OPEN if found[5] == b"{" else _CLOSE
            elif kind == 6:
                yield Token("text", data=found[6])

    def skip_group(self) -> None:
        """Goes on with the brace that closes the group that is open, whatever is in it."""
        depth, at = 0, self._at
        while found := _BRACE.search(self._source, at):
            at = found.end()
            if found[1]:
                at = self._behind(at, int(found[1]))
            elif found[0] == b"{":
                depth += 1
            elif found[0] == b"}":
                if not depth:
                    self._at = found.start()
                    return
                depth -= 1
        self._at = len(self._source)

    def _behind(self, at: int, length: int) -> int:
        """The place behind binary data; a length beyond the end of the file is a lie, so that nothing is passed over."""
        return at + length if 0 < length <= len(self._source) - at else at

"""RTF source to control words, symbols, groups and text, one pass, no copy of the source.

Source of the syntax: Rich Text Format Specification 1.9.1 (Microsoft, 2008), "RTF Syntax".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

WORD, NUMBER, BYTE, SYMBOL, BRACE, TEXT = range(1, 7)
"""What a token is, by the last group that its match has; a word with a number is a `NUMBER`."""

_TOKEN = re.compile(
    rb"\\(?:([A-Za-z]++)(-?[0-9]++)?+ ?|'([0-9A-Fa-f]{2})|([^A-Za-z])|\Z)|([{}])|[\r\n]++|([^\\{}\r\n]++)|\\", re.DOTALL
)
_BRACE = re.compile(rb"\\(?:bin([0-9]{1,9}) ?|.|\Z)|[{}]", re.DOTALL)
_MAX_DIGITS = 10
"""Numbers are 32 bits; what is longer is none."""


def number_of(token: re.Match[bytes]) -> int | None:
    """The number behind a control word."""
    digits = token[NUMBER]
    return int(digits) if digits and len(digits) <= _MAX_DIGITS else None


class Tokens:
    """The tokens of `source` as matches, without line feeds, and without the bytes that ``\\bin`` announces."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._at = 0

    def __iter__(self) -> Iterator[re.Match[bytes]]:
        source, match = self._source, _TOKEN.match
        while found := match(source, self._at):
            self._at = found.end()
            if found.lastindex == NUMBER and found[WORD] == b"bin":
                self._at = self._behind(self._at, number_of(found) or 0)
            elif found.lastindex is not None:
                yield found

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

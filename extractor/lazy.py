"""A pattern that is compiled when it is first used.

Compiling costs about a millisecond a pattern and most texts need few of them, so a module full of patterns
is better not compiled while it is imported.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

_Matching = Callable[..., re.Match[str] | None]


class Pattern:
    """`match`, `search` and `fullmatch` are those of the compiled pattern."""

    def __init__(self, source: str) -> None:
        self.source = source

    @functools.cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.source)

    @functools.cached_property
    def match(self) -> _Matching:
        return self._compiled.match

    @functools.cached_property
    def search(self) -> _Matching:
        return self._compiled.search

    @functools.cached_property
    def fullmatch(self) -> _Matching:
        return self._compiled.fullmatch

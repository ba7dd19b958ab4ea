"""A part of a run, for schedulers that bring their own machines: one call on each of n."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Shard(NamedTuple):
    """Part `part` (from 1) of `parts`."""

    part: int
    parts: int

    @classmethod
    def of(cls, words: str) -> Shard | None:
        """The part that ``1/4`` means; None where the words mean none."""
        part, _, parts = words.partition("/")
        if not (part.isascii() and part.isdigit() and parts.isascii() and parts.isdigit() and len(parts) < 9 and 1 <= int(part) <= int(parts)):
            return None
        return cls(int(part), int(parts))

    def takes(self, name: str) -> bool:
        """Whether the document of this name is of this part: by a hash, so that every machine knows it without the others."""
        return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) % self.parts == self.part - 1

    @property
    def mark(self) -> str:
        """What stands in the names of this part's own files: ``.1-of-4``."""
        return f".{self.part}-of-{self.parts}"


def mark(shard: Shard | None) -> str:
    return shard.mark if shard is not None else ""

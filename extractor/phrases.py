"""The phrase language of rules/indicators/: plain words, looked up by how they end or begin, longest first.

``[a|b]`` may be left out, ``(a|b)`` is one of them, ``…`` stands for a few characters, ``#`` for the number.
A phrase without ``#`` stands directly before its number (外借图书), ``#线下活动`` directly behind it,
``吸引#读者参加`` around it. A phrase is kept as its pieces, indexed by its last (behind the number: first) two
characters, so that neither the number of phrases nor that of their readings costs anything at a look-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Choices(tuple[str, ...]):
    """What one piece of a phrase may be, with "" among it where the piece may be left out."""

    @cached_property
    def by_length(self) -> tuple[tuple[int, frozenset[str]], ...]:
        """The choices of each length: one look-up then does for all of them. Made when a phrase is first tried, as most are not."""
        return tuple((length, frozenset(choice for choice in self if len(choice) == length)) for length in sorted(set(map(len, self))))


Pieces = tuple[Choices, ...]
"""A phrase taken apart."""
_GROUP = re.compile(r"(\[[^\[\]()]*\]|\([^\[\]()]*\))")
_STRAY = re.compile(r"[\[\]()|]")
_GAP = 16
"""So many characters may stand for one …."""
_KEY = 2


class PhraseError(ValueError):
    """A phrase that is not well formed."""


def pieces(phrase: str) -> Pieces:
    """A phrase, or one side of it, taken apart. Raises `PhraseError` for unbalanced or nested groups."""
    found: list[Choices] = []
    for part in _GROUP.split(phrase):
        if part[:1] == "[" and part[-1] == "]":
            found.append(Choices(("", *part[1:-1].split("|"))))
        elif part[:1] == "(" and part[-1] == ")":
            found.append(Choices(part[1:-1].split("|")))
        elif _STRAY.search(part):
            raise PhraseError(f"{phrase!r}: groups must be closed and not nested")
        elif part:
            found.append(Choices((part,)))
    return tuple(found)


def readings(parts: Pieces) -> list[str]:
    """All that a phrase stands for."""
    texts = [""]
    for choices in parts:
        texts = [text + choice for text in texts for choice in choices]
    return texts


class Hit(NamedTuple, Generic[T]):
    """A phrase found: its text (of one with …, the end), where it begins and where its text begins in the words
    before the number, what it stands for, whether it stands behind the number, whether a … left words open."""

    text: str
    start: int
    at: int
    items: tuple[T, ...]
    behind: bool = False
    open: bool = False


class Lexicon(Generic[T]):
    """Phrases, and what each stands for."""

    __slots__ = ("_before", "_behind", "_gapped")

    def __init__(self) -> None:
        self._before: dict[str, list[tuple[Pieces, T]]] = {}
        self._behind: dict[str, list[tuple[Pieces, tuple[str, ...], T]]] = {}
        self._gapped: dict[str, list[tuple[Pieces, tuple[str, ...], T]]] = {}

    def add(self, phrase: str, item: T) -> None:
        """Adds a phrase. Raises `PhraseError` where it is not well formed or has a reading of less than two characters."""
        if phrase.count("#") + phrase.count("…") > 1:
            raise PhraseError(f"{phrase!r}: one # or … at most")
        left, number, right = phrase.partition("#")
        if number and right:
            parts = pieces(right)
            for key in _keys(parts, phrase, last=False):
                self._behind.setdefault(key, []).append((parts, tuple(readings(pieces(left))), item))
            return
        head, gap, tail = left.partition("…")
        parts = pieces(tail if gap else left)[::-1]
        for key in _keys(parts, phrase, last=True):
            if gap:
                self._gapped.setdefault(key, []).append((parts, tuple(readings(pieces(head))), item))
            else:
                self._before.setdefault(key, []).append((parts, item))

    def before(self, clauses: tuple[str, ...]) -> Iterator[Hit[T]]:
        """Phrases that one of the clauses ends with, longest first."""
        found: list[tuple[str, int, int, T]] = []
        for words in clauses:
            for parts, item in self._before.get(words[-_KEY:], ()):
                start = _begin(parts, words)
                if start >= 0:
                    found.append((words[start:], start, start, item))
        return _sorted(found)

    def behind(self, clauses: tuple[str, ...], after: str) -> Iterator[Hit[T]]:
        """Phrases that begin directly behind the number, or stand around it, longest first."""
        found: list[tuple[str, int, int, T]] = []
        for parts, lefts, item in self._behind.get(after[:_KEY], ()):
            end = _end(parts, after)
            start = max((len(words) - len(left) for words in clauses for left in lefts if words.endswith(left)), default=-1) if end >= 0 else -1
            if start >= 0:
                found.append((after[:end], start, start, item))
        return _sorted(found, behind=True)

    def gapped(self, clauses: tuple[str, ...]) -> Iterator[Hit[T]]:
        """Phrases in two parts: the second ends a clause, the first stands a little before it."""
        found: list[tuple[str, int, int, T]] = []
        for words in clauses:
            for parts, heads, item in self._gapped.get(words[-_KEY:], ()):
                at = _begin(parts, words)
                start = max((words.rfind(head, max(0, at - len(head) - _GAP), at) for head in heads), default=-1) if at >= 0 else -1
                if start >= 0:
                    found.append((words[at:], start, at, item))
        return _sorted(found, open=True)


def _keys(parts: Pieces, phrase: str, last: bool) -> set[str]:
    """The two characters that the readings of a phrase end (or begin) with; `parts` are in the order of matching."""
    texts, done = {""}, set[str]()
    for choices in parts:
        short = set[str]()
        for text in texts:
            for choice in choices:
                joined = choice + text if last else text + choice
                if len(joined) < _KEY:
                    short.add(joined)
                else:
                    done.add(joined[-_KEY:] if last else joined[:_KEY])
        if not short:
            return done
        texts = short
    raise PhraseError(f"{phrase!r}: a reading of less than {_KEY} characters")


def _begin(parts: Pieces, words: str) -> int:
    """Where the longest reading of `parts` (last piece first) that `words` end with begins; -1 where none does."""
    at = {len(words)}
    for choices in parts:
        at = {end - length for end in at for length, known in choices.by_length if length <= end and words[end - length : end] in known}
        if not at:
            return -1
    return min(at)


def _end(parts: Pieces, words: str) -> int:
    """Where the longest reading of `parts` that `words` begin with ends; -1 where none does."""
    at = {0}
    for choices in parts:
        at = {begin + length for begin in at for length, known in choices.by_length if words[begin : begin + length] in known}
        if not at:
            return -1
    return max(at)


def _sorted(found: list[tuple[str, int, int, T]], behind: bool = False, open: bool = False) -> Iterator[Hit[T]]:
    """The phrases found, longest first, those with the same text as one hit."""
    found.sort(key=lambda hit: (-len(hit[0]), hit[0]))
    at = 0
    while at < len(found):
        text, start, begin, _ = found[at]
        items: list[T] = []
        while at < len(found) and found[at][0] == text:
            if not any(item is found[at][3] for item in items):
                items.append(found[at][3])
            at += 1
        yield Hit(text, start, begin, tuple(items), behind, open)

"""Reports in traditional characters: read through a twin in simplified ones, quoted as they are printed.

Every character is replaced by one character, so offsets into the twin are offsets into the report. A text is taken for
traditional where a good share of its characters are such as simplified texts do not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from extractor.model import Check, Record, Report, Rule, Side, Statistic, Struct

_SIGNS = frozenset("國會為這來對時學書館讀圖個數員報總萬與開關於業務發動體")
"""Characters of which every traditional text of some length has one."""
_LOOKED_AT = 6000
"""Characters at the beginning that decide."""
_SHARE = 0.08
"""Of a traditional text more than a quarter of the characters differ; of a simplified one that quotes some, a few."""
_NEAR = 400
_KEPT = frozenset({"id", "rule", "unit", "quantity_unit", "indicator", "period", "hedge", "origin", "level", "kind", "category", "parent", "date", "edtf", "code"})
"""Fields that are no quotation."""


class Variant(Rule, frozen=True):
    """Characters and those they are read as, one for one."""

    written: str
    read: str


class Tables(Struct, frozen=True):
    """By code point, the character that is read."""

    read: dict[int, str]
    traditional: frozenset[str]


def compile_tables(rules: Iterable[Variant], faults: list[str]) -> Tables:
    """One table of all pairs. Lists of different length, and a character read in two ways, are faults."""
    read: dict[int, str] = {}
    traditional: set[str] = set()
    for rule in rules:
        if len(rule.written) != len(rule.read):
            faults.append(f"variants.toml: [[variant]] {rule.id}: written and read: {len(rule.written)} and {len(rule.read)} characters, not as many")
            continue
        for char, other in zip(rule.written, rule.read, strict=True):
            if read.setdefault(ord(char), other) != other:
                faults.append(f"variants.toml: [[variant]] {rule.id}: {char!r} is read in two ways")
            if "\u4e00" <= char <= "\u9fff":
                traditional.add(char)
    return Tables(read=read, traditional=frozenset(traditional))


def variant_fires(rule: Variant, text: str, tables: Tables) -> bool:
    """Whether the left side of `` | `` is read as the right side."""
    written, _, read = text.partition(" | ")
    return written.translate(tables.read) == read and any(char in rule.written for char in written)


def suspected(text: str) -> bool:
    """Whether a text may be in traditional characters; a look that costs next to nothing."""
    return not _SIGNS.isdisjoint(text[:_LOOKED_AT])


def twin(text: str, tables: Tables) -> str | None:
    """The text in simplified characters, of the same length; None where it is in simplified ones."""
    head = text[:_LOOKED_AT]
    han = sum("\u4e00" <= char <= "\u9fff" for char in head)
    if sum(char in tables.traditional for char in head) <= _SHARE * han:
        return None
    return text.translate(tables.read)


def simplified(report: Report, tables: Tables) -> Report | None:
    """A report in traditional characters with all its quotations in simplified ones; None where it has no need."""
    if twin(report.text, tables) is None:
        return None
    found: Report = _mapped(report, lambda words, at: words.translate(tables.read), 0)
    return found


def restored(report: Report, text: str) -> Report:
    """A report read from the twin of `text`, with everything it quotes as printed in `text`."""
    seen = Counter(zip(report.text, text, strict=True))
    back: dict[int, str] = {}
    for (read, written), _ in seen.most_common():
        back.setdefault(ord(read), written)

    def quoted(words: str, at: int) -> str:
        found = report.text.find(words, max(0, at - _NEAR)) if len(words) > 1 else -1
        return text[found : found + len(words)] if 0 <= found <= at + _NEAR else words.translate(back)

    printed: Report = msgspec.structs.replace(_mapped(report, quoted, 0), text=text)
    return printed


def requoted(check: Check, text: str) -> Check:
    """A check of the simplified report with its passages as printed in `text`; the messages stay in simplified characters."""

    def side(found: Side) -> Side:
        printed = text[found.start : found.end]
        return msgspec.structs.replace(found, raw=printed) if len(printed) == len(found.raw) else found

    findings = tuple(msgspec.structs.replace(f, left=side(f.left), right=side(f.right)) for f in check.findings)
    return msgspec.structs.replace(check, findings=findings)


def _mapped(value: Any, change: Callable[[str, int], str], at: int) -> Any:
    """The struct with `change(words, place)` of every quotation in it; `place` is where its record begins."""
    if isinstance(value, msgspec.Struct):
        at = value.start if isinstance(value, Record) or hasattr(value, "start") else at
        kept = _KEPT - {"unit"} if isinstance(value, Statistic) else _KEPT  # a row's unit is as printed
        fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in kept}
        return msgspec.structs.replace(value, **{name: _mapped(field, change, at) for name, field in fields.items() if name not in ("source", "schema", "files", "diagnostics")})
    if isinstance(value, tuple):
        return tuple(_mapped(item, change, at) for item in value)
    return change(value, at) if isinstance(value, str) else value

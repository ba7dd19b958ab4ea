"""What kind of institution reports (rules/domains.toml): by the name it has, else by the title of its report."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.errors import RuleError
from extractor.folding import fold
from extractor.model import Rule, Struct

GENERIC = "generic"
"""The domain of indicators that any institution's report has, and of reports of no known kind of institution."""


class Domain(Rule, frozen=True):
    """A kind of institution; `names` are words that the names of its members hold, as a rule at the end."""

    names: tuple[str, ...]


class Tables(Struct, frozen=True):
    """The domain of every word."""

    names: dict[str, str]
    ids: tuple[str, ...]


def compile_tables(rules: Iterable[Domain], faults: list[str]) -> Tables:
    """A word given to two domains, and a domain called generic, are faults."""
    rules = tuple(rules)
    names: dict[str, str] = {}
    for rule in rules:
        if rule.id == GENERIC:
            faults.append(f"domains.toml: [[domain]] {rule.id}: id: this is the name of what belongs to no domain")
        for word in rule.names:
            if names.setdefault(word, rule.id) != rule.id:
                faults.append(f"domains.toml: [[domain]] {rule.id}: names: {word!r} is also a name of {names[word]}")
    return Tables(names, tuple(rule.id for rule in rules))


def domain_fires(rule: Domain, text: str, tables: Tables) -> bool:
    """Whether an institution of this name is of the domain."""
    return recognise((text,), tables) == rule.id


def must_exist(domain: str | None, tables: Tables) -> None:
    """Raises `RuleError` where `domain` is no domain's id (None: it is to be told by the names)."""
    known = (*tables.ids, GENERIC)
    if domain is not None and domain not in known:
        raise RuleError(domain, "there is no domain of this name", f"choose one of {', '.join(known)}, or write a [[domain]] with this id")


def recognise(names: Iterable[str | None], tables: Tables) -> str | None:
    """The domain of the first of the names (the institution's, the title) that tells one: of the words in it the one that
    ends last decides, of those the longest (云溪大学图书馆 is no 大学, 云溪县图书馆学会 no 图书馆)."""
    for name in names:
        plain = re.sub(r"\s+|[（(][^（()）]*[)）]", "", fold(name or ""))
        found = [(plain.rfind(word) + len(word), len(word), word) for word in tables.names if word in plain]
        if found:
            return tables.names[max(found)[2]]
    return None

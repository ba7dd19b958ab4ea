"""Rule files -> Rules: validated as a whole, compiled once.

A rule file holds arrays of tables (``[[unit]]``, ``[[hedge]]`` ...). Every table becomes the struct its
module declares; unknown keys, wrong types and doubled ids are all collected before anything is
raised, so a librarian sees every fault at once, each as ``file: [[kind]] id: key: what``. A folder of one's own is
laid over the built-in one (rulefiles.py).

`load` validates everything; `tables` reads no more of it than is used, for the recognisers by themselves.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from extractor.errors import RuleError
from extractor.model import Rule
from extractor.registry import KINDS, Tables
from extractor.rulefiles import Entry, Layer, resolved

_BUILTIN = " (built-in)"


class Rules(NamedTuple):
    """A validated rule set. `sha256` identifies what its rules say (not their comments); `tables` is what the stages are
    given; `entries` says of every rule, by kind and id, where it stands and what it changed."""

    folder: Path
    sha256: str
    by_kind: dict[str, tuple[Rule, ...]]
    tables: Tables
    entries: dict[tuple[str, str], Entry]


class Failure(NamedTuple):
    """An example that did not fire, or a reject that did. `file` is the rule's file."""

    file: str
    kind: str
    rule: str
    text: str
    problem: str


def builtin_folder() -> Path:
    """The rules shipped with the package: inside a wheel, or beside the package in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_rules", here.parent / "rules"):
        if folder.is_dir():
            return folder
    raise RuleError("rules", "the built-in rules are missing", "reinstall the package, or pass a folder of rules")


def load(folder: str | Path | None = None) -> Rules:
    """The built-in rules, with those in `folder` laid over them, all of them checked. Raises `RuleError` naming every fault."""
    return _load(Path(folder).resolve() if folder is not None else builtin_folder())


def tables(folder: str | Path | None = None) -> Tables:
    """The tables of the same rules, each read, checked and compiled when first used. Raises `RuleError`, also at first use."""
    return _tables(Path(folder).resolve() if folder is not None else builtin_folder())


@functools.cache
def _load(folder: Path) -> Rules:
    layers = _layers(folder)
    faults = layers[-1].strays()
    if not any(layers[-1].files(kind) for kind in KINDS) and not faults:
        faults.append("no rule files found")
    return _validated(folder, layers, faults)


def trial(rules: Rules, draft: str) -> Rules:
    """`rules` with a draft, as if it stood in a file of one's own folder. Raises `RuleError` naming every fault."""
    own = rules.folder if rules.folder != builtin_folder() else None
    return _validated(rules.folder, [Layer(builtin_folder(), _BUILTIN), Layer(own, own=True, draft=draft)], [])


def _validated(folder: Path, layers: list[Layer], faults: list[str]) -> Rules:
    import hashlib

    by_kind = _ByKind(layers, faults.extend)
    for kind in KINDS:
        by_kind[kind.name]
    compiled = Tables(by_kind, lambda found: faults.extend(by_kind.placed(found)))
    if not faults:
        compiled.compile_all()
    _no_faults(folder, list(dict.fromkeys(faults)))
    digest = hashlib.sha256(msgspec.json.encode(dict(by_kind))).hexdigest()
    return Rules(folder=folder, sha256=digest, by_kind=dict(by_kind), tables=compiled, entries=by_kind.entries)


@functools.cache
def _tables(folder: Path) -> Tables:
    report = functools.partial(_no_faults, folder)
    by_kind = _ByKind(_layers(folder), report)
    return Tables(by_kind, lambda found: report(by_kind.placed(found)))


def _layers(folder: Path) -> list[Layer]:
    if not folder.is_dir():
        raise RuleError(str(folder), "no such folder of rules", "pass a folder that holds .toml rule files")
    builtin = builtin_folder()
    return [Layer(folder)] if folder == builtin else [Layer(builtin, _BUILTIN), Layer(folder, own=True)]


class _ByKind(dict[str, tuple[Rule, ...]]):
    """The rules of the layers by kind, each kind parsed when first asked for."""

    def __init__(self, layers: list[Layer], report: Callable[[list[str]], None]) -> None:
        self.layers, self.report = layers, report
        self.entries: dict[tuple[str, str], Entry] = {}

    def __missing__(self, name: str) -> tuple[Rule, ...]:
        kind = next(kind for kind in KINDS if kind.name == name)
        faults: list[str] = []
        rules: list[Rule] = []
        for entry in resolved(self.layers, kind, faults):
            self.entries[name, entry.label] = entry
            if entry.change == "disabled":
                continue
            try:
                rules.append(msgspec.convert(entry.keys, kind.struct))
            except msgspec.ValidationError as error:
                faults.append(f"{entry.file}: [[{name}]] {entry.label}: {_key(str(error))}")
        self.report(faults)
        self[name] = tuple(rules)
        return self[name]

    def placed(self, faults: list[str]) -> list[str]:
        """`faults` with the file that the rule stands in for the glob of its kind."""
        placed = []
        for fault in faults:
            named = _NAMED.match(fault)
            entry = self.entries.get((named[1], named[2])) if named else None
            placed.append(f"{entry.file}: {fault[named.start(1) - 2 :]}" if named and entry else fault)
        return placed


_NAMED = re.compile(r"[^:]+: \[\[(\w+)\]\] ([^:]+): ")


def _no_faults(folder: Path, faults: list[str]) -> None:
    if faults:
        raise RuleError(str(folder), "the rules are broken:\n  " + "\n  ".join(faults) + "\n", "mend the keys named and run `extractor rules check`")


def _key(message: str) -> str:
    """msgspec's ``Expected `str`, got `int` - at `$.unit` `` as ``unit: Expected `str`, got `int` ``."""
    text, _, path = message.partition(" - at `$.")
    return f"{path.rstrip('`')}: {text}" if path else text


def check(rules: Rules) -> list[Failure]:
    """Runs every example and reject of every rule; an empty list means all hold."""
    failures: list[Failure] = []
    for kind in KINDS:
        for rule in rules.by_kind[kind.name]:
            entry = rules.entries[kind.name, rule.id]
            if not entry.checked:
                continue
            for text in rule.examples:
                if not kind.fires(rule, text, rules.tables):
                    failures.append(Failure(entry.file, kind.name, rule.id, text, "the example does not fire"))
            for text in rule.rejects:
                if kind.fires(rule, text, rules.tables):
                    failures.append(Failure(entry.file, kind.name, rule.id, text, "the reject fires"))
            if not rule.examples:
                failures.append(Failure(entry.file, kind.name, rule.id, "", "the rule has no example"))
    return failures

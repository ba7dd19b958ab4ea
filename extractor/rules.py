"""rules/*.toml -> Rules: parsed, validated as a whole, compiled once.

A rule file holds arrays of tables (``[[unit]]``, ``[[hedge]]`` ...). Every table becomes the struct its
module declares; unknown keys, wrong types and doubled ids are all collected before anything is
raised, so a librarian sees every fault at once, each as ``file: [[kind]] id: key: what``.

`load` validates the whole folder; `tables` reads no more of it than is used, for the recognisers by themselves.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from extractor.errors import RuleError
from extractor.model import Rule
from extractor.registry import KINDS, Kind, Tables


class Rules(NamedTuple):
    """A validated rule set. `sha256` identifies its content; `tables` is what the stages are given."""

    folder: Path
    sha256: str
    by_kind: dict[str, tuple[Rule, ...]]
    tables: Tables


class Failure(NamedTuple):
    """An example that did not fire, or a reject that did. `file` is the glob of the rule's files."""

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
    """The rules in `folder` (default: the built-in ones), all of them checked. Raises `RuleError` naming every fault."""
    return _load(Path(folder).resolve() if folder is not None else builtin_folder())


def tables(folder: str | Path | None = None) -> Tables:
    """The tables of `folder`, each read, checked and compiled when first used. Raises `RuleError`, also at first use."""
    return _tables(Path(folder).resolve() if folder is not None else builtin_folder())


@functools.cache
def _load(folder: Path) -> Rules:
    import hashlib

    _must_exist(folder)
    faults: list[str] = []
    by_kind = _ByKind(folder, faults.extend)
    digest = hashlib.sha256()
    for kind in KINDS:
        for path in _files(folder, kind):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        by_kind[kind.name]
    if not any(by_kind.values()):
        faults.append("no rule files found")
    compiled = Tables(by_kind, faults.extend)
    if not faults:
        compiled.compile_all()
    _no_faults(folder, list(dict.fromkeys(faults)))
    return Rules(folder=folder, sha256=digest.hexdigest(), by_kind=dict(by_kind), tables=compiled)


@functools.cache
def _tables(folder: Path) -> Tables:
    _must_exist(folder)
    report = functools.partial(_no_faults, folder)
    return Tables(_ByKind(folder, report), report)


class _ByKind(dict[str, tuple[Rule, ...]]):
    """The rules of a folder by kind, each kind parsed when first asked for."""

    def __init__(self, folder: Path, report: Callable[[list[str]], None]) -> None:
        self.folder, self.report = folder, report

    def __missing__(self, name: str) -> tuple[Rule, ...]:
        kind = next(kind for kind in KINDS if kind.name == name)
        faults: list[str] = []
        rules: list[Rule] = []
        for path in _files(self.folder, kind):
            rules += _parse(path.relative_to(self.folder).as_posix(), path.read_bytes(), kind, faults)
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                faults.append(f"{kind.files}: [[{name}]] {rule.id}: id: given twice")
            seen.add(rule.id)
        self.report(faults)
        self[name] = tuple(rules)
        return self[name]


def _files(folder: Path, kind: Kind) -> list[Path]:
    return sorted(folder.glob(kind.files))


def _must_exist(folder: Path) -> None:
    if not folder.is_dir():
        raise RuleError(str(folder), "no such folder of rules", "pass a folder that holds .toml rule files")


def _no_faults(folder: Path, faults: list[str]) -> None:
    if faults:
        raise RuleError(str(folder), "the rules are broken:\n  " + "\n  ".join(faults) + "\n", "mend the keys named and run `extractor rules check`")


def _parse(name: str, data: bytes, kind: Kind, faults: list[str]) -> list[Rule]:
    try:
        content: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{name}: not valid TOML: {error}")
        return []
    known = {k.name for k in KINDS if Path(name).match(k.files)}
    for key in sorted(content.keys() - known):
        faults.append(f"{name}: {key}: unknown kind of rule (known here: {', '.join(sorted(known))})")
    entries = content.get(kind.name, [])
    if not isinstance(entries, list):
        faults.append(f"{name}: {kind.name}: write [[{kind.name}]], not [{kind.name}]")
        return []
    rules: list[Rule] = []
    for position, entry in enumerate(entries, 1):
        label = entry.get("id", f"number {position}") if isinstance(entry, dict) else f"number {position}"
        try:
            rules.append(msgspec.convert(entry, kind.struct))
        except msgspec.ValidationError as error:
            faults.append(f"{name}: [[{kind.name}]] {label}: {_key(str(error))}")
    return rules


def _key(message: str) -> str:
    """msgspec's ``Expected `str`, got `int` - at `$.unit` `` as ``unit: Expected `str`, got `int` ``."""
    text, _, path = message.partition(" - at `$.")
    return f"{path.rstrip('`')}: {text}" if path else text


def check(rules: Rules) -> list[Failure]:
    """Runs every example and reject of every rule; an empty list means all hold."""
    failures: list[Failure] = []
    for kind in KINDS:
        for rule in rules.by_kind[kind.name]:
            for text in rule.examples:
                if not kind.fires(rule, text, rules.tables):
                    failures.append(Failure(kind.files, kind.name, rule.id, text, "the example does not fire"))
            for text in rule.rejects:
                if kind.fires(rule, text, rules.tables):
                    failures.append(Failure(kind.files, kind.name, rule.id, text, "the reject fires"))
            if not rule.examples:
                failures.append(Failure(kind.files, kind.name, rule.id, "", "the rule has no example"))
    return failures

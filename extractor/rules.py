"""rules/*.toml -> Rules: parsed, validated as a whole, compiled once.

A rule file holds arrays of tables (``[[unit]]``, ``[[hedge]]`` ...). Every table becomes the struct its
module declares; unknown keys, wrong types and doubled ids are all collected before anything is
raised, so a librarian sees every fault at once, each as ``file: [[kind]] id: key: what``.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from extractor.errors import RuleError
from extractor.model import Rule
from extractor.registry import KINDS, Kind, Tables, build


@dataclass(frozen=True)
class Rules:
    """A validated rule set. `sha256` identifies its content; `tables` is what the stages are given."""

    folder: Path
    sha256: str
    by_kind: dict[str, tuple[Rule, ...]]
    tables: Tables


@dataclass(frozen=True)
class Failure:
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
    """The rules in `folder` (default: the built-in ones). Raises `RuleError` naming every fault."""
    return _load(Path(folder).resolve() if folder is not None else builtin_folder())


@functools.cache
def _load(folder: Path) -> Rules:
    if not folder.is_dir():
        raise RuleError(str(folder), "no such folder of rules", "pass a folder that holds .toml rule files")
    faults: list[str] = []
    digest = hashlib.sha256()
    by_kind: dict[str, tuple[Rule, ...]] = {}
    for kind in KINDS:
        rules: list[Rule] = []
        for path in sorted(folder.glob(kind.files)):
            data = path.read_bytes()
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + data)
            rules += _parse(path.relative_to(folder).as_posix(), data, kind, faults)
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                faults.append(f"{kind.files}: [[{kind.name}]] {rule.id}: id: given twice")
            seen.add(rule.id)
        by_kind[kind.name] = tuple(rules)
    if not any(by_kind.values()):
        faults.append("no rule files found")
    tables = None if faults else build(by_kind, faults)
    if tables is None or faults:
        raise RuleError(str(folder), "the rules are broken:\n  " + "\n  ".join(faults) + "\n", "mend the keys named and run `extractor rules check`")
    return Rules(folder=folder, sha256=digest.hexdigest(), by_kind=by_kind, tables=tables)


def _parse(name: str, data: bytes, kind: Kind, faults: list[str]) -> list[Rule]:
    try:
        content: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        fault = f"{name}: not valid TOML: {error}"
        if fault not in faults:
            faults.append(fault)
        return []
    known = {k.name for k in KINDS if Path(name).match(k.files)}
    for key in content.keys() - known:
        fault = f"{name}: {key}: unknown kind of rule (known here: {', '.join(sorted(known))})"
        if fault not in faults:
            faults.append(fault)
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

"""Rule files as they stand in folders: entries of every kind, and a folder of one's own laid over the built-in one.

In a folder of one's own an entry with the id of a built-in one takes its place, ``extends = true`` adds its lists
to it, ``disabled = true`` takes it out; any other entry is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from extractor.registry import KINDS, Kind

Keys = dict[str, Any]
_REFERENCES = ("parent", "same_as", "instead_of", "of", "pair_of", "row_after")
"""Keys of an [[indicator]] that name other indicators."""
_ANY = "rules.toml"
_DRAFT = Path("draft.toml")
_CHECKS = "checks.toml"
_COMPARED = ("figure", "statistic", "whole", "parts", "stock", "added", "removed")
"""The same of what stands in checks.toml."""
_IN_ORDER = ("event", "table")
"""Kinds of which the first rule that fits is taken: new ones stand before the built-in ones."""


class Entry(NamedTuple):
    """One entry of a rule file. `file` and `label` (its id, or its place in the file) are for messages; `stem` is the
    file's name; `change` is what the entry does to the built-in rules; `checked` whether its examples are to hold (not
    where what it refers to is gone)."""

    file: str
    label: str
    keys: Keys
    stem: str = ""
    change: str = ""
    checked: bool = True


class Layer:
    """A folder of rules; each file is parsed once. `note` is put behind file names in messages. In a folder of one's `own`
    any kind of rule may stand in rules.toml, and a `draft` is read as if it were such a file of it."""

    def __init__(self, folder: Path | None, note: str = "", own: bool = False, draft: str | None = None) -> None:
        self.folder, self.note, self.own, self.draft = folder, note, own, draft
        self._parsed: dict[Path, Keys | str] = {}

    def files(self, kind: Kind) -> list[Path]:
        """The files of a kind, in order of names."""
        found = sorted(self.folder.glob(kind.files)) if self.folder else []
        found += [self.folder / _ANY] if self.own and self.folder and (self.folder / _ANY).is_file() else []
        return [*found, _DRAFT] if self.draft is not None else found

    def strays(self) -> list[str]:
        """Faults for rule files that no kind of rule is read from."""
        folder = self.folder
        if folder is None:
            return []
        known = {path for kind in KINDS for path in self.files(kind)}
        names = ", ".join(dict.fromkeys([*(kind.files for kind in KINDS), *([_ANY] if self.own else [])]))
        found = sorted(path for pattern in ("*.toml", "*/*.toml") for path in folder.glob(pattern) if path not in known)
        return [f"{self._name(path)}: no rules are read from a file of this name (files: {names})" for path in found]

    def entries(self, kind: Kind, faults: list[str]) -> list[Entry]:
        """All entries of a kind, in order. What is no entry is a fault."""
        found: list[Entry] = []
        for path in self.files(kind):
            name = self._name(path)
            content = self._content(path, faults)
            tables = content.get(kind.name, [])
            if not isinstance(tables, list) or not all(isinstance(keys, dict) for keys in tables):
                faults.append(f"{name}: {kind.name}: write [[{kind.name}]], not [{kind.name}]")
                continue
            found += [Entry(name, str(keys.get("id", f"number {position}")), keys, path.stem) for position, keys in enumerate(tables, 1)]
        return found

    def _name(self, path: Path) -> str:
        return (path.relative_to(self.folder).as_posix() if self.folder and path is not _DRAFT else path.name) + self.note

    def _content(self, path: Path, faults: list[str]) -> Keys:
        name = self._name(path)
        if path not in self._parsed:
            self._parsed[path] = _parse((self.draft or "").encode() if path is _DRAFT else path.read_bytes())
        content = self._parsed[path]
        if isinstance(content, str):
            faults.append(f"{name}: not valid TOML: {content}")
            return {}
        known = {kind.name for kind in KINDS if path in self.files(kind)}
        faults += [f"{name}: {key}: unknown kind of rule (known here: {', '.join(sorted(known))})" for key in sorted(content.keys() - known)]
        return content


def _parse(data: bytes) -> Keys | str:
    """The content of a file, or what is wrong with it."""
    try:
        return tomli.loads(data.decode("utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        return str(error)


def resolved(layers: Sequence[Layer], kind: Kind, faults: list[str]) -> list[Entry]:
    """The entries of a kind with every layer laid over the one before it, those taken out among them. Everything that is
    wrong is a fault."""
    found: dict[str, Entry] = {}
    for layer in layers:
        found = _laid_over(found, layer.entries(kind, faults), kind, faults)
    if kind.name == "indicator":
        domains = {entry.label for layer in layers for entry in layer.entries(_kind("domain"), [])}
        found = {label: entry if "domain" in entry.keys or entry.stem not in domains else entry._replace(keys={**entry.keys, "domain": entry.stem}) for label, entry in found.items()}
    if len(layers) > 1 and (kind.name == "indicator" or kind.files == _CHECKS):
        gone = disabled(layers)
        left = [pruned for entry in found.values() if (pruned := _without(entry, gone, kind)) is not None] if gone else list(found.values())
        return _unsettled(left, gone) if gone and kind.name == "indicator" else left
    return list(found.values())


def disabled(layers: Iterable[Layer]) -> frozenset[str]:
    """The ids of indicators that are taken out."""
    entries = [entry for layer in layers for entry in layer.entries(_kind("indicator"), [])]
    return frozenset(entry.label for entry in entries if entry.keys.get("disabled") is True)


def _kind(name: str) -> Kind:
    return next(kind for kind in KINDS if kind.name == name)


def _laid_over(below: dict[str, Entry], entries: list[Entry], kind: Kind, faults: list[str]) -> dict[str, Entry]:
    new: dict[str, Entry] = {}
    found = dict(below)
    seen: dict[str, str] = {}
    for at, entry in enumerate(entries):
        said = f"{entry.file}: [[{kind.name}]] {entry.label}: "
        if not isinstance(entry.keys.get("id"), str):
            new[f"{at} {entry.file}"] = entry  # whoever makes a rule of it says what is wrong
            continue
        if entry.label in seen:
            other = "" if seen[entry.label] == entry.file else f", also in {seen[entry.label]}"
            faults.append(f"{said}id: given twice{other}")
            continue
        seen[entry.label] = entry.file
        keys, marks = _parted(entry.keys)
        wrong = [key for key, value in marks.items() if not isinstance(value, bool)]
        faults += [f"{said}{key}: Expected `bool`, got `{type(marks[key]).__name__}`" for key in wrong]
        mark = next((key for key, value in marks.items() if value is True), None)
        old = below.get(entry.label)
        if mark and old is None:
            faults.append(f"{said}{mark}: there is no [[{kind.name}]] with this id")
        elif mark == "disabled":
            faults += [f"{said}{key}: a rule that is taken out has no other keys" for key in keys.keys() - {"id", "note"}]
            found[entry.label] = entry._replace(keys=keys, change="disabled")
        elif old is not None:
            changed = {**_kept(old.keys), **keys} if mark is None else _extended(old.keys, keys)
            found[entry.label] = entry._replace(keys=changed, stem=old.stem, change="extended" if mark else "replaced", checked=old.checked)
        else:
            new[entry.label] = entry._replace(keys=keys, change="new" if below else "")
    return new | found if kind.name in _IN_ORDER else found | new


def _parted(keys: Keys) -> tuple[Keys, Keys]:
    """The keys of the rule, and those that say what it does to the one below."""
    marks: Keys = {key: keys[key] for key in ("disabled", "extends") if key in keys}
    return {key: value for key, value in keys.items() if key not in marks}, marks


def _kept(keys: Keys) -> Keys:
    """What an entry that takes another's place has from it unless it says otherwise."""
    return {key: keys[key] for key in ("domain",) if key in keys}


def _extended(old: Keys, new: Keys) -> Keys:
    """`old` with the lists of `new` added to its own, tables key by key, and other values replaced."""
    joined = dict(old)
    for key, value in new.items():
        have = old.get(key)
        if isinstance(value, list) and isinstance(have, list):
            joined[key] = have + [item for item in value if item not in have]
        elif isinstance(value, dict) and isinstance(have, dict):
            joined[key] = _extended(have, value)
        else:
            joined[key] = value
    return joined


def _without(entry: Entry, gone: frozenset[str], kind: Kind) -> Entry | None:
    """A built-in entry without what it says of indicators that are taken out; None where nothing is left of it. In
    one's own entries a name that is gone is a fault."""
    if entry.change in ("new", "replaced", "disabled"):
        return entry
    keys = dict(entry.keys)
    if kind.name != "indicator":
        named = [name for key in _COMPARED for name in _names(keys.get(key))]
        return entry if gone.isdisjoint(named) else None
    if keys.get("same_as") in gone:
        return None
    for key in _REFERENCES:
        left = [name for name in _names(keys.get(key)) if name not in gone]
        if len(left) == len(_names(keys.get(key))):
            continue
        if key == "row_after" and not left:
            keys.pop("rows", None)  # a label that needs a row above it says nothing without
        if key == "parent":
            del keys[key]
        else:
            keys[key] = left
    return entry if keys == entry.keys else entry._replace(keys=keys, checked=False)


def _unsettled(entries: list[Entry], gone: frozenset[str]) -> list[Entry]:
    """The built-in entries that are not to be checked any more: those that refer, also by way of others, to what is gone."""
    touched = gone
    while True:
        more = {entry.label for entry in entries if not entry.change and any(not touched.isdisjoint(_names(entry.keys.get(key))) for key in _REFERENCES)}
        more |= {entry.label for entry in entries if not entry.checked}
        if more <= touched:
            return [entry._replace(checked=False) if entry.label in touched and not entry.change else entry for entry in entries]
        touched |= more


def _names(value: object) -> list[str]:
    return [value] if isinstance(value, str) else value if isinstance(value, list) else []

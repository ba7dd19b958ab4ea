"""Which documents a call names, and what their results are called: one name for each, on every kind of disk.

A folder is walked in order of names, a link to a folder is followed once. A result is called as its document is below the
folder that was named; where several would be called the same, also on a disk that takes A and a for one letter, the
folders above them, or a few letters of a hash, tell them apart.
"""

from __future__ import annotations

import glob
import hashlib
import itertools
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import extractor.batch.storage as storage
from extractor.batch.job import Task
from extractor.batch.shard import Shard
from extractor.errors import ExtractorError

_LONGEST = 255 - len(".json")
"""Bytes of a file name that disks take, less the ending of a result."""
_UNFIT = re.compile(r'[\\:*?"<>|\x00-\x1f\udc80-\udcff]')
"""What a name at a URL may hold, and a file's may not everywhere; and bytes that are no UTF-8."""

Tell = Callable[[str], None]
"""Told of every name that holds no document, in a line."""


class _Found(NamedTuple):
    """A document below the folder `root`, and its name there."""

    source: str
    root: str
    name: str


def tasks(paths: Sequence[str], suffixes: Collection[str], tell: Tell, output: str | None = None, shard: Shard | None = None) -> Iterator[Task]:
    """The documents of files, folders and globs, in order; files by their suffix only where a folder is walked. Results
    already in the folder `output` are no documents. Where one folder is named, those of other shards take no memory."""
    found = itertools.chain.from_iterable(_expanded(path, suffixes, tell) for path in paths)
    ours = (item for item in found if output is None or not _is_result(item.source, output))
    if len(paths) == 1 and not glob.has_magic(paths[0]):
        named: Iterable[Task] = (Task(item.source, item.name) for item in ours)
    else:
        named = _apart(list(ours))
    return (task for task in named if shard is None or shard.takes(task.name))


def _expanded(path: str, suffixes: Collection[str], tell: Tell) -> Iterator[_Found]:
    found: Iterable[_Found]
    missing = "nothing matches: check the pattern"
    if storage.is_url(path):
        found, missing = _at_url(path, suffixes), "no documents at this address: check it, and that .docx, .pdf or .txt reports are there"
    elif Path(path).is_dir():
        found, missing = _walked(path, suffixes, tell), "no documents in this folder: pass a folder with .docx, .pdf or .txt reports"
    elif not os.path.lexists(path) and glob.has_magic(path):
        found = (_named(match) for match in sorted(glob.glob(path, recursive=True)) if Path(match).is_file())  # noqa: PTH207 (takes absolute patterns too)
    else:
        found = (_named(path),)
    empty = True
    try:
        for item in found:
            empty = False
            yield item
    except ExtractorError as error:
        return tell(str(error))
    if empty:
        tell(f"{path}: {missing}")


def _named(path: str) -> _Found:
    return _Found(path, str(Path(path).parent), _fit(Path(path).name))


def _walked(root: str, suffixes: Collection[str], tell: Tell) -> Iterator[_Found]:
    """The documents below a folder; hidden ones and Word's lock files are none."""
    seen: set[tuple[int, int]] = set()
    left: list[tuple[Path, str]] = [(Path(root), "")]
    while left:
        path, name = left.pop()
        if name and not path.is_dir():
            yield _Found(str(path), root, name)
            continue
        try:
            status = path.stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            here = sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            tell(f"{path}: this folder cannot be opened ({error.strerror or error}): check its permissions")
            continue
        called = _distinct([entry.name for entry in here])
        left += [(entry, f"{name}/{called[entry.name]}" if name else called[entry.name]) for entry in here if _is_wanted(entry, suffixes)]


def _is_wanted(path: Path, suffixes: Collection[str]) -> bool:
    if path.is_dir():
        return not path.name.startswith(".running")
    return path.suffix.lower() in suffixes and not path.name.startswith((".", "~$")) and (path.is_file() or not path.exists())


def _at_url(url: str, suffixes: Collection[str]) -> Iterator[_Found]:
    """The document at a URL, those that a pattern matches, or all below it."""
    files, path = storage.remote(url)
    single = glob.has_magic(path)
    with storage.reached(url):
        if single:
            places = sorted(place for place in files.glob(path) if files.isfile(place))
        elif files.isfile(path):
            single, places = True, [path]
        else:
            places = sorted(place for place in files.find(path) if _is_document(place, suffixes))
    root = path.rstrip("/")
    names = [place.rpartition("/")[2] if single else place[len(root) :].strip("/") for place in places]
    fitting = ["/".join(map(_fit_at_url, name.split("/"))) for name in names]
    called = _distinct(fitting)
    for place, name in zip(places, fitting, strict=True):
        address = str(files.unstrip_protocol(place))
        yield _Found(address, address.rpartition("/")[0] if single else url, called[name])


def _is_document(place: str, suffixes: Collection[str]) -> bool:
    parts = place.strip("/").split("/")
    return Path(parts[-1]).suffix.lower() in suffixes and not parts[-1].startswith((".", "~$"))


def _is_result(source: str, output: str) -> bool:
    """Whether a file is one that an earlier run wrote."""
    if not source.endswith((".json", ".jsonl")):
        return False
    if storage.is_url(source) or storage.is_url(output):
        return source.startswith(f"{output.rstrip('/')}/")
    return Path(output).resolve() in Path(source).resolve().parents


# --- names ----------------------------------------------------------------------------------------


def _key(name: str) -> str:
    """What a disk may take two names for one by."""
    return unicodedata.normalize("NFC", name).casefold()


def _mark(name: str) -> str:
    return f"~{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def _fit(name: str) -> str:
    """A file name as the name of a result: UTF-8, and short enough."""
    clean = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if clean == name and len(name.encode()) <= _LONGEST:
        return name
    path = Path(clean)
    return f"{path.stem.encode()[:200].decode('utf-8', 'ignore')}{_mark(name)}{path.suffix[:8]}"


def _fit_at_url(name: str) -> str:
    """A part of an address as a file name; .. leads nowhere."""
    return _fit(_UNFIT.sub("_", name)) if name not in ("", ".", "..") else "_"


def _distinct(names: Sequence[str]) -> dict[str, str]:
    """What each of the names of one folder is called."""
    fitting = {name: _fit(name) for name in names}
    counts = Counter(map(_key, fitting.values()))
    return {name: fit if counts[_key(fit)] == 1 else f"{fit}{_mark(name)}" for name, fit in fitting.items()}


def _apart(found: list[_Found]) -> list[Task]:
    """The documents with the folders above them where several would be written under one name."""
    unique = list({(_real(item.source), item.name): item for item in found}.values())
    counts = Counter(_key(item.name) for item in unique)
    groups: dict[str, list[_Found]] = {}
    for item in unique:
        groups.setdefault(_key(item.name), []).append(item)
    called: dict[_Found, str] = {}
    for key, items in groups.items():
        if counts[key] == 1:
            called[items[0]] = items[0].name
            continue
        full = {item: [*_real(item.root).replace(os.sep, "/").split("/"), *item.name.split("/")] for item in items}
        shared = sum(1 for _ in itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*full.values(), strict=False)))
        called |= {item: "/".join(_fit_at_url(part) for part in parts[min(shared, len(parts) - 1) :]) for item, parts in full.items()}
    again = Counter(_key(name) for name in called.values())
    return [Task(item.source, called[item] if again[_key(called[item])] == 1 else f"{called[item]}{_mark(_real(item.source))}") for item in unique]


def _real(place: str) -> str:
    return place if storage.is_url(place) else os.path.realpath(place)

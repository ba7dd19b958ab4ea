"""What a folder of results holds, and from what: a line for each document in manifest.jsonl.

While a run goes on its lines are added to a journal beside it; at the end both become one file, in order of names. A
run that was killed leaves the journal, and the next one reads it: nothing is done twice, and in the end the bytes are
those of a run that was not disturbed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from extractor.batch import storage
from extractor.batch.job import Outcome, Status, Task, target
from extractor.errors import ExtractorError
from extractor.model import Struct
from extractor.version import __version__

NAME = "manifest"
_FLUSH = 500
"""On an object store, which has no appending, the manifest is written anew after so many documents."""


class Entry(Struct, frozen=True, kw_only=True):
    """A document and its result: hashes of its bytes, of the rules and of the JSON, and why it failed, if it did."""

    name: str
    source: str
    sha256: str | None
    rules: str
    version: str
    status: Status
    result: str | None = None
    reason: str | None = None


class Manifest:
    """The entries of a folder of results. `shard` keeps the parts of a run on several machines apart until one without
    shards joins them."""

    def __init__(self, output: str, rules: str, shard: str = "") -> None:
        self._output, self._rules, self._shard = output, rules, shard
        self._added = 0
        self._read = storage.listed(output, f"{NAME}.") if shard == "" else [self._place, self._journal]
        self.entries = {entry.name: entry for place in sorted(self._read, key=lambda p: p.endswith(".journal")) for entry in _entries(place)}

    @property
    def _place(self) -> str:
        return storage.join(self._output, f"{NAME}{self._shard}.jsonl")

    @property
    def _journal(self) -> str:
        return storage.join(self._output, f"{NAME}{self._shard}.jsonl.journal")

    def unchanged(self, task: Task, retry_failed: bool) -> Outcome | None:
        """The outcome of a document that was read before, with the same content, rules and version; None if it is to be read.
        Raises `StorageError` where another document that is still there has the same name."""
        entry = self.entries.get(task.name)
        if entry is None or (entry.status == "failed" and retry_failed) or entry.sha256 is None:
            return None
        if (entry.rules, entry.version) != (self._rules, __version__):
            return None
        try:
            digest = hashlib.sha256(storage.read(task.source)).hexdigest()
        except ExtractorError:
            return None
        if digest != entry.sha256:
            return None
        if entry.status == "failed":
            return Outcome(task, "failed", digest, reason=entry.reason)
        return Outcome(task, "unchanged", digest, entry.result) if storage.exists(target(task, self._output)) else None

    def taken(self, task: Task) -> str | None:
        """The document, still there, whose result has the name of this one's."""
        entry = self.entries.get(task.name)
        return entry.source if entry is not None and entry.source != task.source and storage.exists(entry.source) else None

    def add(self, outcome: Outcome) -> None:
        """Notes what became of a document; a result that its failure has made stale is removed."""
        if outcome.status == "unchanged":
            return
        entry = Entry(
            name=outcome.task.name, source=outcome.task.source, sha256=outcome.sha256, rules=self._rules, version=__version__,
            status=outcome.status, result=outcome.result, reason=outcome.reason,
        )  # fmt: skip
        if entry == self.entries.get(entry.name):
            return
        if entry.status == "failed":
            storage.remove(target(outcome.task, self._output))
        self.entries[entry.name] = entry
        self._added += 1
        if not storage.is_url(self._output):
            storage.append(self._journal, msgspec.json.encode(entry) + b"\n")
        elif self._added % _FLUSH == 0:
            self._write()

    def close(self) -> None:
        """Joins manifest and journal into one file."""
        if self._added or self._read != [self._place]:
            self._write()
        for place in self._read if self._shard == "" else [self._journal]:
            if place != self._place:
                storage.remove(place)
        storage.remove(self._journal)

    def _write(self) -> None:
        lines = (msgspec.json.encode(self.entries[name]) + b"\n" for name in sorted(self.entries))
        storage.write(self._place, b"".join(lines))


def _entries(place: str) -> Iterator[Entry]:
    """The entries of a manifest; a line cut off by the end of a run is none."""
    if not storage.exists(place):
        return
    decoder = msgspec.json.Decoder(Entry)
    for line in storage.read_all(place).splitlines():
        try:
            yield decoder.decode(line)
        except msgspec.MsgspecError:
            continue

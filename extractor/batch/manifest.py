"""What a folder of results holds, and from what: a line for each document in manifest.jsonl.

While a run goes on its lines go to a journal in the folder of what is not finished (claim.py); at the end both become one
file, in order of names. A run that was killed leaves the journal, and the next one begins by joining it: nothing is done
twice, and in the end the bytes are those of a run that was not disturbed.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

import extractor.batch.storage as storage
from extractor.batch.claim import RUNNING
from extractor.batch.job import Job, Known, Outcome, Status, Task, target
from extractor.batch.shard import Shard, mark
from extractor.model import Struct
from extractor.version import __version__

_NAME = re.compile(r"manifest(\.\d+-of-\d+)?\.jsonl")
_SEGMENT = 500
"""Entries of one file of the journal on an object store, which has no appending."""


class Entry(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A document and its result: hashes of its bytes, of the rules and of the JSON, and why it failed, if it did."""

    name: str
    source: str
    sha256: str | None
    rules: str
    version: str
    status: Status
    domain: str | None = None
    result: str | None = None
    reason: str | None = None


class Manifest:
    """The entries of the results of a job. A shard writes those of its own documents, until a run without shards joins them.
    `damaged` counts lines that cannot be read: their documents are read again."""

    def __init__(self, job: Job, shard: Shard | None = None) -> None:
        assert job.output is not None and job.digest is not None
        self._job, self._output, self._rules, self._shard = job, job.output, job.digest, shard
        self._place = storage.join(self._output, f"manifest{mark(shard)}.jsonl")
        self._running = storage.join(self._output, f"{RUNNING}{mark(shard)}")
        self.damaged = 0
        self.entries: dict[str, Entry] = {}
        self._journal: BinaryIO | None = None
        self._pending: list[Entry] = []
        self._segments = 0
        self._changed = False
        self._join()

    def _join(self) -> None:
        """Reads what is there, the newest last, and makes one file of it where it is several."""
        whole = storage.join(self._output, "manifest.jsonl")
        parts = [place for place in storage.listed(self._output) if (named := _NAME.fullmatch(_last(place))) and (self._shard is None or named[1] in (None, self._shard.mark))]
        running = storage.folders(self._output, RUNNING) if self._shard is None else [self._running]
        journals = [place for folder in running for place in storage.listed(folder) if _last(place).startswith("journal")]
        for place in [*sorted(parts, key=lambda part: part != whole), *journals]:
            for entry in self._read(place, torn=place in journals):
                if self._shard is None or self._shard.takes(entry.name):
                    self.entries[entry.name] = entry
        extra = [place for place in [*parts, *journals] if place not in (whole, self._place)]
        if extra:
            self._write()
            for place in extra:
                storage.remove(place)

    def _read(self, place: str, torn: bool) -> Iterator[Entry]:
        """The entries of a file. A journal's last line may be cut off by the end of its run."""
        decoder = msgspec.json.Decoder(Entry)
        for line in storage.lines(place):
            try:
                entry = decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                self.damaged += not torn or line.endswith(b"\n")
                continue
            yield msgspec.structs.replace(entry, rules=sys.intern(entry.rules), version=sys.intern(entry.version))

    def known(self, task: Task, retry_failed: bool) -> Known | None:
        """What an earlier run with the same rules, domain and version found; None if the document is to be read anyway."""
        entry = self.entries.get(task.name)
        if entry is None or entry.sha256 is None or (entry.status == "failed" and retry_failed):
            return None
        if (entry.rules, entry.version, entry.domain) != (self._rules, __version__, self._job.domain):
            return None
        return Known(entry.sha256, entry.result, entry.reason)

    def taken(self, task: Task) -> str | None:
        """The other document, still there, whose result has the name of this one's."""
        entry = self.entries.get(task.name)
        if entry is None or entry.source == _text(task.source) or not storage.exists(entry.source):
            return None
        return None if storage.same(entry.source, task.source) else entry.source

    def add(self, outcome: Outcome) -> None:
        """Notes what became of a document; a result that its failure has made stale is removed."""
        if outcome.status == "unchanged" or (outcome.status == "failed" and outcome.task.known and outcome.task.known.reason == outcome.reason):
            return
        task = outcome.task
        if outcome.status == "failed" and outcome.sha256 is None and self.taken(task) is not None:
            return
        entry = Entry(
            name=task.name, source=_text(task.source), sha256=outcome.sha256, rules=self._rules, version=__version__, domain=self._job.domain,
            status=outcome.status, result=outcome.result, reason=outcome.reason,
        )  # fmt: skip
        if entry == self.entries.get(entry.name):
            return
        if entry.status == "failed" and entry.sha256 is not None:
            storage.remove(target(task, self._output))
        self.entries[entry.name] = entry
        self._changed = True
        self._note(entry)

    def _note(self, entry: Entry) -> None:
        if storage.is_url(self._output):
            self._pending.append(entry)
            if len(self._pending) >= _SEGMENT:
                self._segments += 1
                storage.write(storage.join(self._running, f"journal-{self._segments:06}"), map(_line, self._pending))
                self._pending.clear()
            return
        if self._journal is None:
            self._journal = storage.appending(storage.join(self._running, "journal"))
        storage.append(self._journal, _line(entry))

    def close(self) -> None:
        """Makes one file of manifest and journal."""
        if self._journal is not None:
            self._journal.close()
        if self._changed or not storage.exists(self._place):
            self._write()
        storage.remove(storage.join(self._running, "journal"))
        for number in range(1, self._segments + 1):
            storage.remove(storage.join(self._running, f"journal-{number:06}"))

    def _write(self) -> None:
        storage.write(self._place, (_line(self.entries[name]) for name in sorted(self.entries)), self._job.scratch)


def _line(entry: Entry) -> bytes:
    return msgspec.json.encode(entry) + b"\n"


def _last(place: str) -> str:
    return place.replace(os.sep, "/").rpartition("/")[2]


def _text(name: str) -> str:
    """A file name as text, also one that is not UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode()

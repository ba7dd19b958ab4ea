"""One run at a time in a folder of results: what is not finished stands in a folder of its own there, and is locked.

The lock is the system's and ends with the process, however it ends. On an object store there is none.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from extractor.batch.shard import Shard, mark
from extractor.batch.storage import StorageError, folders, is_url, join

RUNNING = ".running"
"""The folder of what is not finished: the journal, results half written, the lock."""


@contextlib.contextmanager
def claim(output: str, shard: Shard | None = None) -> Iterator[str]:
    """Holds the folder `output` for a run, or for a part of one; gives the place of what is not finished.

    What a killed run left half written is removed. Raises `StorageError` where another run is at work, or nothing can be
    written.
    """
    place = join(output, f"{RUNNING}{mark(shard)}")
    if is_url(output):
        yield place
        return
    folder = Path(place)
    lock = _locked(folder, output)
    try:
        for other in folders(output, RUNNING):
            if other != place and (shard is None or Path(other).name == RUNNING) and _is_held(Path(other)):
                raise _busy(output)
        _leave(folder, held=True)
        yield place
        for other in folders(output, f"{RUNNING}.") if shard is None else ():
            _leave(Path(other))
    finally:
        if sys.platform == "win32":  # an open file cannot be removed there
            lock.close()
        _leave(folder)
        lock.close()


def _leave(folder: Path, held: bool = False) -> None:
    """Removes what is half written, and unless it is still held the folder; not a journal that no manifest has yet."""
    with contextlib.suppress(OSError):
        for path in folder.glob("*.part"):
            path.unlink()
        if not held:
            (folder / "lock").unlink(missing_ok=True)
            folder.rmdir()


def _busy(output: str) -> StorageError:
    return StorageError(output, "another run is at work in this folder", "wait for it to end, or choose another folder with -o")


def _locked(folder: Path, output: str) -> IO[bytes]:
    """The lock's file, held. It may be another one, if the run that made it has just ended."""
    path = folder / "lock"
    for tried in range(100):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = path.open("ab")
        except OSError as error:
            if isinstance(error, FileNotFoundError) and tried < 99:
                continue
            raise StorageError(output, f"it cannot be written ({error.strerror or error})", "choose another folder with -o") from error
        if not _lock(file):
            file.close()
            raise _busy(output)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file
        file.close()
    raise _busy(output)


def _is_held(folder: Path) -> bool:
    """Whether a run holds the folder; one that was killed does not, and leaves its folder to be joined and removed."""
    try:
        with (folder / "lock").open("ab") as file:
            return not _lock(file)
    except OSError:
        return False


def _lock(file: IO[bytes]) -> bool:
    """Takes the lock unless another process has it. A file system that knows no locks gives it to everyone."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
    return True

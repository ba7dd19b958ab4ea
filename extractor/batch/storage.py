"""Where documents come from and results go to: folders of this machine, or URLs that fsspec knows (s3://, memory://).

A result is written whole or not at all: beside its place and then moved on a disk, in one request on an object store.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from extractor.errors import ExtractorError, UnreadableDocument

_OF_ONE = {errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.EINVAL, errno.EILSEQ}
"""What is wrong with the place of one result, not with all of them."""
_FLAT = {"s3", "gs", "abfs", "oss"}
"""Stores without folders, where making one would make a bucket."""
_REMOTE = "check the address, the credentials and the network, and run the same command again"


class StorageError(ExtractorError):
    """Results cannot be written: a full disk, a read-only folder. It ends a run."""


class PlaceError(ExtractorError):
    """One result cannot be written where it belongs: its name is too long, a folder stands there."""


def is_url(place: str) -> bool:
    """Whether the place is a URL, not a path; a drive letter is a path."""
    return "://" in place


def join(folder: str, name: str) -> str:
    """The place of `name`, a relative name with slashes, below a folder."""
    return f"{folder.rstrip('/')}/{name}" if is_url(folder) else str(Path(folder, *name.split("/")))


# --- reading --------------------------------------------------------------------------------------


def read(place: str) -> bytes:
    """The bytes of a document. Raises `UnreadableDocument`."""
    from extractor import readers

    if not is_url(place):
        return readers.load(Path(place))
    files, path = remote(place)
    try:
        size = files.info(path)["size"] or 0
        if size > readers.MAX_BYTES:
            raise readers.too_large(place, size)
        return bytes(files.cat_file(path))
    except FileNotFoundError:
        raise UnreadableDocument(place, "no such file", "check the address") from None
    except ExtractorError:
        raise
    except Exception as error:  # every kind of storage has errors of its own
        raise UnreadableDocument(place, f"it cannot be fetched ({_told(error)})", _REMOTE) from error


def lines(place: str) -> Iterator[bytes]:
    """The lines of a file of our own, with their ends. Raises `StorageError`."""
    try:
        if is_url(place):
            files, path = remote(place)
            yield from bytes(files.cat_file(path)).splitlines(keepends=True)
        else:
            with Path(place).open("rb") as file:
                yield from file
    except ExtractorError:
        raise
    except Exception as error:
        raise StorageError(place, f"it cannot be read ({_told(error)})", "check its permissions, or choose another folder with -o") from error


def exists(place: str) -> bool:
    """Whether there is a file."""
    if is_url(place):
        files, path = remote(place)
        with reached(place):
            return bool(files.isfile(path))
    return Path(place).is_file()


def same(place: str, other: str) -> bool:
    """Whether both are one file."""
    if is_url(place) or is_url(other):
        return place == other
    try:
        return Path(place).samefile(other)
    except (OSError, ValueError):
        return False


def listed(folder: str) -> list[str]:
    """The places of the files directly in a folder, in order; none where there is no folder."""
    return _entries(folder, "file")


def folders(folder: str, prefix: str) -> list[str]:
    """The places of the folders directly in a folder whose names begin with `prefix`, in order."""
    return [place for place in _entries(folder, "directory") if place.replace(os.sep, "/").rpartition("/")[2].startswith(prefix)]


def _entries(folder: str, kind: str) -> list[str]:
    if not is_url(folder):
        if not Path(folder).is_dir():
            return []
        return sorted(str(path) for path in Path(folder).iterdir() if (path.is_dir() if kind == "directory" else path.is_file()))
    files, path = remote(folder)
    with reached(folder):
        try:
            files.invalidate_cache()
            found = files.ls(path, detail=True)
        except (FileNotFoundError, NotADirectoryError):
            return []
    return sorted(join(folder, entry["name"].rstrip("/").rpartition("/")[2]) for entry in found if entry["type"] == kind)


# --- writing --------------------------------------------------------------------------------------


def write(place: str, parts: Iterable[bytes], scratch: str | None = None) -> None:
    """Writes a file whole or not at all; on a disk it grows in the folder `scratch` (which is to be on the same disk).
    Raises `StorageError`, and `PlaceError` where it is this file's place that is wrong."""
    if is_url(place):
        files, path = remote(place)
        with reached(place):
            if not _FLAT.intersection([files.protocol] if isinstance(files.protocol, str) else files.protocol):
                files.makedirs(files._parent(path), exist_ok=True)
            files.pipe_file(path, b"".join(parts))
        return
    target = Path(place)
    partial = (Path(scratch) if scratch else target.parent) / f"{os.getpid()}.part"
    try:
        partial.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.writelines(parts)
        partial.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        if error.errno in _OF_ONE:
            raise PlaceError(place, f"its result cannot be written as {place} ({error.strerror})", "rename the document, or choose another folder with -o") from error
        raise _full(place, error) from error


def appending(place: str) -> BinaryIO:
    """A file on this machine that grows at its end. Raises `StorageError`."""
    try:
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        return Path(place).open("ab", buffering=0)
    except OSError as error:
        raise _full(place, error) from error


def append(file: BinaryIO, data: bytes) -> None:
    """Adds to a file that grows. Raises `StorageError`."""
    try:
        while data:
            data = data[file.write(data) :]
    except OSError as error:
        raise _full(file.name, error) from error


def remove(place: str) -> None:
    """Removes a file if it is there. Raises `StorageError`."""
    if is_url(place):
        files, path = remote(place)
        with reached(place), contextlib.suppress(FileNotFoundError):
            files.rm_file(path)
        return
    try:
        Path(place).unlink(missing_ok=True)
    except (NotADirectoryError, IsADirectoryError):
        return
    except OSError as error:
        if error.errno not in _OF_ONE:
            raise _full(place, error) from error


def _full(place: str, error: OSError) -> StorageError:
    return StorageError(place, f"it cannot be written ({error.strerror or error})", "free some space or choose another folder with -o, and run the same command again")


# --- fsspec ---------------------------------------------------------------------------------------


def remote(place: str) -> tuple[Any, str]:
    """The fsspec file system of a URL and the path in it. Raises `StorageError`."""
    try:
        import fsspec
    except ImportError:
        raise StorageError(place, "addresses such as s3:// need the extra `remote`", "run: pip install 'extractor[remote]'") from None
    try:
        files, path = fsspec.core.url_to_fs(place)
    except (ImportError, ValueError) as error:
        raise StorageError(place, f"this address cannot be opened ({_told(error)})", "install the fsspec package for it, such as s3fs for s3://") from error
    return files, str(path)


@contextlib.contextmanager
def reached(place: str) -> Iterator[None]:
    """What goes wrong at a URL as a `StorageError`."""
    try:
        yield
    except ExtractorError:
        raise
    except Exception as error:
        raise StorageError(place, f"it cannot be reached ({_told(error)})", _REMOTE) from error


def _told(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error or type(error).__name__).split())[:200]

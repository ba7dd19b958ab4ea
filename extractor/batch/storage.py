"""Where documents come from and results go to: folders of this machine, or URLs that fsspec knows (s3://, memory://).

A result is written whole or not at all: beside its place and then moved on a disk, in one request on an object store.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from extractor.errors import ExtractorError, UnreadableDocument


class StorageError(ExtractorError):
    """A place for results cannot be written: a full disk, a read-only folder. It ends a run."""


def is_url(place: str) -> bool:
    """Whether the place is a URL, not a path; a drive letter is a path."""
    return "://" in place


def join(folder: str, name: str) -> str:
    """The place of `name`, a relative name with slashes, below a folder."""
    return f"{folder.rstrip('/')}/{name}" if is_url(folder) else str(Path(folder, *name.split("/")))


def read(place: str) -> bytes:
    """The bytes of a document. Raises `UnreadableDocument`."""
    from extractor import readers

    if not is_url(place):
        return readers.load(Path(place))
    try:
        files, path = _files(place)
        if files.info(path)["size"] > readers.MAX_BYTES:
            raise readers.too_large(place, files.info(path)["size"])
        return bytes(files.cat_file(path))
    except FileNotFoundError:
        raise UnreadableDocument(place, "no such file", "check the address") from None
    except OSError as error:
        raise UnreadableDocument(place, f"it cannot be fetched ({error})", "check the address, the credentials and the network") from error


def read_all(place: str) -> bytes:
    """The bytes of a file of our own, however long; nothing where there is none."""
    if is_url(place):
        files, path = _files(place)
        return bytes(files.cat_file(path)) if files.isfile(path) else b""
    return Path(place).read_bytes() if Path(place).is_file() else b""


def write(place: str, data: bytes) -> None:
    """Writes a file whole or not at all. Raises `StorageError`."""
    if is_url(place):
        try:
            files, path = _files(place)
            with contextlib.suppress(NotImplementedError, FileExistsError):
                files.makedirs(path.rpartition("/")[0], exist_ok=True)
            files.pipe_file(path, data)
        except OSError as error:
            raise StorageError(place, f"it cannot be written ({error})", "check the address, the credentials and the network") from error
        return
    target = Path(place)
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise StorageError(place, f"it cannot be written ({error.strerror or error})", "free some space or choose another folder with -o, and run the same command again") from error


def append(place: str, data: bytes) -> None:
    """Adds to the end of a file on this machine. Raises `StorageError`."""
    try:
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        with Path(place).open("ab") as file:
            file.write(data)
    except OSError as error:
        raise StorageError(place, f"it cannot be written ({error.strerror or error})", "free some space or choose another folder with -o, and run the same command again") from error


def exists(place: str) -> bool:
    """Whether there is a file."""
    if is_url(place):
        files, path = _files(place)
        return bool(files.isfile(path))
    return Path(place).is_file()


def remove(place: str) -> None:
    """Removes a file if it is there."""
    if is_url(place):
        files, path = _files(place)
        with contextlib.suppress(FileNotFoundError):
            files.rm_file(path)
    else:
        with contextlib.suppress(FileNotFoundError):
            Path(place).unlink()


def listed(folder: str, prefix: str) -> list[str]:
    """The places of the files directly in a folder whose names begin with `prefix`, in order."""
    if is_url(folder):
        files, path = _files(folder)
        try:
            names = files.ls(path, detail=False)
        except FileNotFoundError:
            return []
        return sorted(join(folder, name.rpartition("/")[2]) for name in names if name.rpartition("/")[2].startswith(prefix))
    return sorted(str(path) for path in Path(folder).glob(f"{prefix}*") if path.is_file())


def walk(folder: str) -> list[tuple[str, str]]:
    """Every file below a URL: its place and its name relative to the URL, in order."""
    files, path = _files(folder)
    scheme = folder.partition("://")[0]
    found = files.find(path)
    root = path.rstrip("/")
    return sorted((f"{scheme}://{name.lstrip('/')}" if not name.startswith(scheme) else name, name[len(root) :].lstrip("/")) for name in found)


def _files(place: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise StorageError(place, "addresses such as s3:// need the extra `remote`", "run: pip install 'extractor[remote]'") from None
    try:
        files, path = fsspec.core.url_to_fs(place)
    except (ImportError, ValueError) as error:
        raise StorageError(place, f"this address cannot be opened ({error})", "install the fsspec package for it, such as s3fs") from error
    return files, str(path)

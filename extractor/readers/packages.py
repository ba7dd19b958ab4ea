"""Which kind of zip package a document is, for choosing a reader by content."""

from __future__ import annotations

import io
import zipfile


def zip_holds(data: bytes, member: str) -> bool:
    """Whether a zip archive has a member of this name or in this folder; damaged ones count by their first bytes."""
    if not data.startswith(b"PK\x03\x04") or member.encode() not in data:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return any(name.startswith(member) for name in package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return member.encode() in data[:65536]

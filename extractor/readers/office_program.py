"""LibreOffice, where it is installed, for Word documents of versions that no reader here knows.

Every call has a profile of its own (two that share one make each other fail), a time limit, and a temporary
folder for all it writes; what it started is ended with it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
TIME_LIMIT = 120.0
"""Seconds. A document of a hundred pages takes five, the first call on a cold disk ten more."""
MAX_BYTES = 200_000_000
"""Largest result that is read."""


def to_docx(data: bytes) -> bytes | None:
    """The document as a .docx; None where LibreOffice is not installed, fails, or takes too long."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="extractor-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, result = folder / "document.doc", folder / "out" / "document.docx"
        source.write_bytes(data)
        _run([
            program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
            "--convert-to", "docx", "--outdir", str(result.parent), str(source),
        ])  # fmt: skip
        if not result.is_file() or result.stat().st_size > MAX_BYTES:
            return None
        return result.read_bytes()


def _run(command: list[str]) -> None:
    """Runs the program to its end or to the time limit; in a session of its own, for it starts others."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError:
        return
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(TIME_LIMIT)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()

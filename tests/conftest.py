"""Fixtures of more than one test file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from extractor.readers import ocr_engine


@pytest.fixture
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine without the extra `ocr`, whatever this one has."""
    ocr_engine.is_installed.cache_clear()
    monkeypatch.setattr(ocr_engine, "_LIBRARIES", ("no_such_library",))
    yield
    ocr_engine.is_installed.cache_clear()

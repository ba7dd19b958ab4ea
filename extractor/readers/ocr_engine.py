"""The recogniser of printed text, and what is asked of it: where text stands on an image, and what it says.

RapidOCR runs the PP-OCR models, which come in its wheel, on the processor and on one thread: the same image gives
the same text on every machine with the same versions, and several documents can be read side by side. The models
are loaded once a process, when the first image comes. Nothing is fetched: the models' files are named, and without
them the extra counts as not installed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from extractor.errors import UnreadableDocument

Image = Any
"""A grey picture: an array of bytes, rows by columns, 0 black and 255 white."""
_LIBRARIES = ("rapidocr", "onnxruntime", "cv2", "numpy", "PIL")
_FINDS, _READS = "*_det_*.onnx", "*_rec_*.onnx"
_LONGEST = 1440
"""Pixels of the longer side at which text is looked for: 9 pixels for letters of 6 points on A4."""
_NARROWEST = 96
"""Pixels that a line is padded to, at a height of 48. The default of 320 takes three times as long for the cells of
a form and reads them no better."""


class Box(NamedTuple):
    """A rectangle on an image in pixels, ends excluded."""

    x0: int
    y0: int
    x1: int
    y1: int


class Reading(NamedTuple):
    """What one line says: for every character its centre as a share of the line's width, and how sure it is (0 to 1)."""

    text: str
    centres: tuple[float, ...] = ()
    confidence: tuple[float, ...] = ()


class Engine(Protocol):
    """Finds lines of text on an upright image, and reads each."""

    def find(self, image: Image) -> list[Box]:
        """Where text stands, in no order."""
        ...

    def read(self, lines: Sequence[Image]) -> list[Reading]:
        """What each of the cut-out lines says."""
        ...


@cache
def is_installed() -> bool:
    """Whether the extra `ocr` is there, models and all; nothing is imported."""
    if any(importlib.util.find_spec(name) is None for name in _LIBRARIES):
        return False
    return all(_models(pattern) for pattern in (_FINDS, _READS))


@cache
def engine() -> Engine:
    """The one recogniser of this process. Raises ImportError where its libraries cannot be loaded."""
    return _RapidOCR()


def started(name: str) -> Engine:
    """The recogniser for the document `name`; raises `UnreadableDocument` where its libraries cannot be loaded."""
    try:
        return engine()
    except (ImportError, OSError) as error:
        problem = f"text recognition cannot be started ({' '.join(str(error).split())[:120]})"
        raise UnreadableDocument(name, problem, "install it again: pip install --force-reinstall 'extractor[ocr]'") from error


class _RapidOCR:
    def __init__(self) -> None:
        import rapidocr

        self._engine = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": _LONGEST,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.model_path": _models(_FINDS)[-1],
                "Rec.model_path": _models(_READS)[-1],
                "Rec.rec_img_shape": [3, 48, _NARROWEST],
            }
        )
        self._engine.update_params(return_word_box=True)

    def find(self, image: Image) -> list[Box]:
        found = self._engine(_coloured(image), use_det=True, use_cls=False, use_rec=False).boxes
        if found is None:
            return []
        return [Box(int(b[:, 0].min()), int(b[:, 1].min()), int(b[:, 0].max()) + 1, int(b[:, 1].max()) + 1) for b in found]

    def read(self, lines: Sequence[Image]) -> list[Reading]:
        if not lines:
            return []
        found = self._engine.recognize_txt([_coloured(line) for line in lines])
        return [_reading(text, words) for text, words in zip(found.txts, found.word_results, strict=True)]


def _models(pattern: str) -> list[str]:
    """The models of a kind that came in the recogniser's wheel."""
    found = importlib.util.find_spec("rapidocr")
    folders = found.submodule_search_locations if found else None
    return sorted(str(path) for folder in folders or () for path in (Path(folder) / "models").glob(pattern))


def _coloured(image: Image) -> Image:
    import cv2

    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)


def _reading(text: str, words: Any) -> Reading:
    """The characters with the columns of the network's output at which they were seen; spaces have none of their own."""
    if not text or not words.line_txt_len:
        return Reading("")
    columns = iter([column for word in words.word_cols for column in word])
    letters: list[str] = []
    centres: list[float] = []
    sure: list[float] = []
    for char, confidence in zip(text, words.confs, strict=True):
        if char.isspace():
            letters.append(" ")
            centres.append(centres[-1] if centres else 0.0)
        else:
            letters.append(char)
            centres.append(min(1.0, (next(columns) + 0.5) / words.line_txt_len))
        sure.append(float(confidence))
    return Reading("".join(letters), tuple(centres), tuple(sure))

"""Pictures of pages drawn for the tests of text recognition, and a recogniser that can read them.

A word is drawn as a block of its size, in a grey of its own. The recogniser knows the greys, so that what is tested is
everything around it: straightening, ruling lines, cells, sizes of type, paragraphs. A block is lighter at its end, by
which it shows when it stands on its head.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from extractor.readers.blocks import is_cjk
from extractor.readers.ocr_engine import Box, Image, Reading

DOT = 200 / 72
"""Pixels of a point."""
_DARKEST, _STEP, _END = 2, 4, 130


def width(text: str, size: float) -> float:
    """Points that a text takes."""
    return sum(size if is_cjk(char) else 0.5 * size for char in text)


class Picture:
    """A page of A4 (or another size in points) at 200 dots to an inch; heights are counted from the top."""

    def __init__(self, words: Words, size: tuple[float, float] = (595.0, 842.0)) -> None:
        self.words = words
        self.image = np.full((round(size[1] * DOT), round(size[0] * DOT)), 255, np.uint8)

    def text(self, x: float, y: float, text: str, size: float = 12.0) -> None:
        """A word or line whose middle is at `y`."""
        signs = not any(char.isalnum() for char in text) or text == "一"
        high = 0.09 * size if signs else (0.93 if any(map(is_cjk, text)) else 0.68) * size
        left, top = round(x * DOT), round((y - high / 2) * DOT)
        right, bottom = left + max(2, round(width(text, size) * DOT)), top + max(2, round(high * DOT))
        self.image[top:bottom, left:right] = self.words.grey(text)
        if not signs:
            self.image[top:bottom, right - max(1, (right - left) // 8) : right] = _END

    def lines(self, x: float, y: float, lines: Sequence[str], size: float = 12.0, pitch: float = 20.0) -> None:
        for number, line in enumerate(lines):
            self.text(x, y + number * pitch, line, size)

    def table(self, xs: Sequence[float], top: float, rows: Sequence[Sequence[str]], height: float = 22.0, size: float = 10.0) -> None:
        bottom = top + height * len(rows)
        for number, row in enumerate(rows):
            for x, text in zip(xs, row, strict=False):
                if text:
                    self.text(x + 4, top + (number + 0.5) * height, text, size)
        for k in range(len(rows) + 1):
            self.rule(xs[0], top + k * height, xs[-1], top + k * height)
        for x in xs:
            self.rule(x, top, x, bottom)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        cv2.line(self.image, (round(x0 * DOT), round(y0 * DOT)), (round(x1 * DOT), round(y1 * DOT)), 0, 2)

    def askew(self, degrees: float) -> Picture:
        high, wide = self.image.shape
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
        self.image = cv2.warpAffine(self.image, turn, (wide, high), flags=cv2.INTER_NEAREST, borderValue=255)
        return self

    def turned(self, quarters: int) -> Picture:
        self.image = np.ascontiguousarray(np.rot90(self.image, -quarters))
        return self

    def dirty(self, seed: int = 1, share: float = 0.0005) -> Picture:
        chance = np.random.default_rng(seed)
        number = int(share * self.image.size)
        self.image[chance.integers(0, self.image.shape[0], number), chance.integers(0, self.image.shape[1], number)] = 60
        return self

    def encoded(self, suffix: str = ".png") -> bytes:
        return cv2.imencode(suffix, self.image)[1].tobytes()


class Words:
    """The recogniser of blocks. `sure` is its certainty by text, `passed_over` is text that it does not find, `misread`
    what it reads instead."""

    def __init__(self) -> None:
        self.known: list[str] = []
        self.sure: dict[str, float] = {}
        self.passed_over: set[str] = set()
        self.misread: dict[str, str] = {}
        self.asked = 0

    def grey(self, text: str) -> int:
        if text not in self.known:
            self.known.append(text)
        level = _DARKEST + _STEP * self.known.index(text)
        assert level < _END - _STEP, "too many words on a picture"
        return level

    def find(self, image: Image) -> list[Box]:
        self.asked += 1
        dark = (image < 160).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
        found = []
        for x, y, w, h, area in stats[1:].tolist():
            box = Box(max(0, x - 3), max(0, y - 3), x + w + 3, y + h + 3)
            if area >= 12 and self._text(image[y : y + h, x : x + w]) not in self.passed_over:
                found.append(box)
        return found

    def read(self, lines: Sequence[Image]) -> list[Reading]:
        return [self._reading(line) for line in lines]

    def _text(self, block: Image) -> str:
        greys = block[block < _END - _STEP]
        if not greys.size:
            return ""
        place = round((float(np.median(greys)) - _DARKEST) / _STEP)
        return self.known[place] if 0 <= place < len(self.known) else ""

    def _reading(self, line: Image) -> Reading:
        text = self._text(line)
        if not text:
            return Reading("")
        dark = np.flatnonzero((line < 160).any(axis=0))
        ends = [float(np.median(line[:, at][line[:, at] < 160])) for at in (dark[1], dark[-2])]
        upright = ends[0] <= ends[1]
        shown = self.misread.get(text, text)
        left, right = dark[0] / line.shape[1], (dark[-1] + 1) / line.shape[1]
        ems = [1.0 if is_cjk(char) else 0.5 for char in shown]
        before = np.concatenate([[0.0], np.cumsum(ems)])
        centres = tuple(float(left + (right - left) * (a + b) / 2 / before[-1]) for a, b in pairwise(before))
        return Reading(shown, centres, (self.sure.get(text, 0.99) if upright else 0.2,) * len(shown))

"""Readings of lines to characters with boxes, as a page of a PDF has them.

A recogniser says where the middle of a character is, to a sixth of its width. The ends of a line are known from its
ink; in between, characters share the space. White counts as a gap only where it is wide. The size of type is
measured from the ink and evened out over the page, since every later stage compares sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, median
from typing import NamedTuple

from extractor.readers.blocks import is_cjk
from extractor.readers.ocr_engine import Box, Image, Reading
from extractor.readers.ocr_lines import signs
from extractor.readers.printed import Char

_RUN, _SHORT_RUN = 5, 3
"""Han characters in a row from which their distance tells the size of type, and tells which of the page's sizes it is;
fewer are measured by their height."""
_SPACED_OUT = 1.35
"""Characters so many times further apart than they are high are set apart on purpose."""
_TWO_STEPS = 1.6
_SAME_SIZE, _NEAR_SIZE = 0.07, 0.22
"""Sizes that differ by less are one size: told by distances, and by heights."""
_HAN, _FIGURE = 0.93, 0.68
"""Ems of ink: the height of Han characters, and of digits and capitals."""
_HALF = "，。、；：！？）》】」』〉〕”’"
_HALF_BEFORE = "（《【「『〈〔“‘"
"""Marks that fill the first or the second half of their square."""
_FULL = str.maketrans(",;:?!()", "，；：？！（）")
_FULL_WIDTH = 0.75
"""Ems of its own from which a mark takes a square."""
_HAN_WHITE, _WHITE, _WIDE = 0.4, 0.55, 1.2
"""Ems of white between two characters from which something parts them: two Han characters, other letters and digits,
and whatever they are."""
_OWN = 0.5
"""Ems from the middle of a digit to that of a point that has a square of its own."""
_COLUMNS = 0.9
"""Ems of white from which that is no space but the white between two columns; not within a word of two characters."""
_SURE = 0.9
_ROOM, _SEEN, _APART = 0.75, 0.25, 0.08
"""Ems between two characters in which there is room for another, ems of ink that show that there is one, and ems beside a
character in which ink is its own."""
_DATED = "年月日号时分点%％"
_DASH, _FLAT = 0.6, 0.2
"""Ems of ink from which a stroke is no hyphen, and up to which it has no height."""
_YEAR = "一二三四五六七八九〇○零"
_LOW = 0.45
"""Ems of ink: a sign that is read as a nought and no higher is a full stop."""
_USUAL, _LEAST = 10.5, 2.0


def characters(lines: Sequence[tuple[Box, Reading]], ink: Image, point: float) -> list[Char]:
    """The characters of all lines of a page, in points, in the order of the lines; `point` is its length in pixels."""
    chars: list[Char] = []
    large = signs(ink, point)
    for (box, reading), size in zip(lines, _sizes(lines, point), strict=True):
        if reading.text.strip():
            part = slice(box.y0, box.y1), slice(box.x0, box.x1)
            chars += _placed(box, reading, size, ink[part], large[part], point)
    return chars


# --- sizes of type ------------------------------------------------------------------------------


def _sizes(lines: Sequence[tuple[Box, Reading]], point: float) -> list[float]:
    """The size of type of every line, in points."""
    heights = [_by_height(box, reading, point) for box, reading in lines]
    pitches = [_by_pitch(box, reading, height, point, _RUN) for (box, reading), height in zip(lines, heights, strict=True)]
    # How high the ink of this page's type stands is known where both are.
    ratios = [pitch / height for pitch, height in zip(pitches, heights, strict=True) if pitch and height]
    ratio = median(ratios) if ratios else 1.0
    counts: Counter[float] = Counter()
    for (_, reading), pitch in zip(lines, pitches, strict=True):
        if pitch:
            counts[round(pitch, 1)] += len(reading.text)
    levels = _levels(counts)
    heights = [height * ratio for height in heights]
    usual = max(levels, key=lambda level: levels[level], default=median([h for h in heights if h] or [_USUAL]))
    found = []
    for (box, reading), height, pitch in zip(lines, heights, pitches, strict=True):
        size = pitch or _by_pitch(box, reading, height, point, _SHORT_RUN) or height or usual
        near = [level for level in levels if abs(level - size) <= _NEAR_SIZE * size]
        if any(is_cjk(char) and char.isalnum() for char in reading.text):
            level = min(near, key=lambda level: abs(level - size), default=usual)
        else:  # digits, and signs that reach above and below them, tell the size less well
            level = max(near, key=lambda level: levels[level], default=usual)
        found.append(level if abs(level - size) <= _NEAR_SIZE * size else max(_LEAST, round(2 * size) / 2))
    return found


def _by_height(box: Box, reading: Reading, point: float) -> float:
    """The size by the height of the ink; 0 where a line has only signs, which do not tell."""
    letters = [char for char in reading.text if char.isalnum() and char != "一"]
    if not letters:
        return 0.0
    return (box.y1 - box.y0) / point / (_HAN if any(map(is_cjk, letters)) else _FIGURE)


def _by_pitch(box: Box, reading: Reading, height: float, point: float, least: int) -> float:
    """The size by the distance of Han characters in the longest row of them; 0 without one that is long enough."""
    best: Sequence[float] = ()
    start = 0
    for at in range(len(reading.text) + 1):
        if at == len(reading.text) or not (is_cjk(reading.text[at]) and reading.text[at].isalnum()):
            if at - start > len(best):
                best = reading.centres[start:at]
            start = at + 1
    if len(best) < least:
        return 0.0
    steps = [b - a for a, b in pairwise(best)]
    # Where a character was not read the step is twice as long.
    share = mean(step for step in steps if step <= _TWO_STEPS * median(steps))
    pitch = share * (box.x1 - box.x0) / point
    return pitch if pitch < _SPACED_OUT * height else 0.0


def _levels(counts: Counter[float]) -> dict[float, int]:
    """The sizes that occur with how often, those that lie close together as one."""
    levels: dict[float, int] = {}
    while counts:
        most = max(counts, key=lambda size: (counts[size], size))
        near = [size for size in counts if abs(size - most) <= _SAME_SIZE * most]
        total = sum(counts[size] for size in near)
        levels[round(2 * sum(size * counts[size] for size in near) / total) / 2] = total
        for size in near:
            del counts[size]
    return levels


# --- boxes of characters ------------------------------------------------------------------------


class _Sign(NamedTuple):
    """A character of a line in pixels from its left end."""

    char: str
    start: float
    end: float
    sure: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def _placed(box: Box, reading: Reading, size: float, ink: Image, large: Image, point: float) -> list[Char]:
    """The characters of one line; `large` is its ink without what may be dirt, full stops included."""
    em = size * point
    reading = _without_specks(_without_spaces(reading))
    centres = [share * (box.x1 - box.x0) for share in reading.centres]
    text = _full_marks(_full_stops(reading.text, centres, ink, em), centres, em)
    text = _wide_dashes(_long_dashes(text, centres, ink), centres, ink, em)
    placed = [
        _Sign(char, centre - _width(char, em) / 2, centre + _width(char, em) / 2, sure)
        for char, centre, sure in zip(text, centres, reading.confidence, strict=True)
    ]  # fmt: skip
    placed = _bordering(_completed(placed, large, em), ink, em)
    middle = (box.y0 + box.y1) / 2 / point
    return [Char(char, (box.x0 + start) / point, (box.x0 + max(start, end)) / point, middle, size, sure) for char, start, end, sure in placed]


def _width(char: str, em: float) -> float:
    return em if is_cjk(char) else 0.5 * em


def _completed(read: list[_Sign], ink: Image, em: float) -> list[_Sign]:
    """The characters with those that were not read although there is ink for them."""
    found: list[_Sign] = []
    for sign in [*read, None]:
        left, right = found[-1].end if found else 0.0, sign.start if sign else float(ink.shape[1])
        between = ink[:, max(0, round(left + _APART * em)) : max(0, round(right - _APART * em))]
        lost = _unread(between, em, found[-1].char if found else "", sign.char if sign else "")
        wide = (right - left) / max(1, len(lost))
        found += [_Sign(char, left + k * wide, left + (k + 1) * wide, 0.0) for k, char in enumerate(lost)]
        if sign:
            found.append(sign)
    return found


def _bordering(signs: list[_Sign], ink: Image, em: float) -> list[_Sign]:
    """The characters each reaching to the next, but for gaps where the ink leaves room for a space or a column's edge."""
    gaps = _gaps(ink, _HAN_WHITE * em)
    # The line reaches to the end of the square of a mark that fills only half of it.
    starts = [-0.5 * em if signs[0].char in _HALF_BEFORE else 0.0]
    ends: list[float] = []
    spaces: dict[int, _Sign] = {}
    for at, (a, b) in enumerate(pairwise(signs), 1):
        white = next((gap for gap in gaps if a.middle < (gap[0] + gap[1]) / 2 < b.middle), (0, 0))
        least = _WIDE if _in_decimal(signs[:at], b.char, em) else _least_white(a.char, b.char)
        if white[1] - white[0] < max(1.0, least * em):
            wide, next_wide = a.end - a.start, b.end - b.start
            ends.append((a.middle * next_wide + b.middle * wide) / (wide + next_wide))
            starts.append(ends[-1])
            continue
        if white[1] - white[0] < _COLUMNS * em or len(signs) == 2:
            spaces[at] = _Sign(" ", *white, 1.0)
        ends.append(white[0])
        starts.append(white[1])
    ends.append(ink.shape[1] + (0.5 * em if signs[-1].char in _HALF else 0.0))
    if len(signs) > 1 and starts[1] == ends[0]:
        starts[1] = ends[0] = min(ends[0], _width(signs[0].char, em))  # how wide the first word is decides where a line ended
    placed: list[_Sign] = []
    for at, (sign, start, end) in enumerate(zip(signs, starts, ends, strict=True)):
        placed += [spaces[at]] if at in spaces else []
        placed.append(sign._replace(start=start, end=end))
    return placed


def _without_spaces(reading: Reading) -> Reading:
    """Spaces stay between Latin words only: elsewhere the white on the page tells, since text is set apart at digits."""
    text = reading.text
    keep = [
        at for at, char in enumerate(text)
        if not char.isspace() or (0 < at < len(text) - 1 and not is_cjk(text[at - 1]) and not is_cjk(text[at + 1]))
    ]  # fmt: skip
    return _kept(reading, keep)


def _without_specks(reading: Reading) -> Reading:
    """A point between a digit and a Han character that is hardly seen is dirt, unless a list's number stands before it."""
    text = reading.text
    keep = [
        at for at, char in enumerate(text)
        if char != "." or reading.confidence[at] >= _SURE or not text[at - 1 : at].isdigit() or text[:at].isdigit()
        or (at + 1 < len(text) and not is_cjk(text[at + 1]))
    ]  # fmt: skip
    return _kept(reading, keep)


def _kept(reading: Reading, keep: Sequence[int]) -> Reading:
    return Reading("".join(reading.text[k] for k in keep), tuple(reading.centres[k] for k in keep), tuple(reading.confidence[k] for k in keep))


def _unread(ink: Image, em: float, before: str, behind: str) -> str:
    """What stands for the ink between two characters that is wide enough for another but was not read: dashes and dots
    by their height, a nought between the numerals of a year, else the square that marks an illegible character."""
    import numpy as np

    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if ink.shape[1] < (_ROOM - 2 * _APART) * em or len(columns) < _SEEN * em:
        return ""
    across, high = int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
    if high < 0.25 * em:
        blobs = 1 + sum(b - a > 1 for a, b in pairwise(columns.tolist()))
        if blobs == 1:
            return "——" if across > 1.4 * em else "—" if across > 0.6 * em else ""
        return "…" if blobs > 2 and across > 0.8 * em else ""
    return "〇" if before and behind and before in _YEAR and behind in _YEAR + "年" else "□"


def _least_white(before: str, after: str) -> float:
    if before.isalnum() and after.isalnum():
        return _HAN_WHITE if is_cjk(before) and is_cjk(after) else _WHITE
    if before == ".":
        return _WHITE
    return _WIDE + 0.5 * (before in _HALF) + 0.5 * (after in _HALF_BEFORE)


def _in_decimal(before: Sequence[_Sign], after: str, em: float) -> bool:
    """Whether a point between digits is that of a number, which may stand in a square of its own, and not a list's."""
    if len(before) < 2 or before[-1].char != "." or not (before[-2].char.isdigit() and after.isdigit()):
        return False
    return not all(sign.char.isdigit() for sign in before[:-1]) or before[-1].middle - before[-2].middle > _OWN * em


def _gaps(ink: Image, least: float) -> list[tuple[int, int]]:
    """Stretches without ink of at least so many pixels."""
    import numpy as np

    dark = np.flatnonzero(ink.any(axis=0))
    return [(int(a) + 1, int(b)) for a, b in pairwise(dark) if b - a - 1 >= least]


def _full_stops(text: str, centres: Sequence[float], ink: Image, em: float) -> str:
    """A ring at the foot of the line, behind a Han character or mark, is a full stop and no nought."""
    import numpy as np

    chars = list(text)
    for at, char in enumerate(text):
        if char in "0oO" and at and is_cjk(text[at - 1]) and not text[at + 1 : at + 2].isalnum():
            column = ink[:, max(0, round(centres[at] - 0.25 * em)) : round(centres[at] + 0.25 * em)]
            rows = np.flatnonzero(column.any(axis=1))
            if len(rows) and rows[-1] - rows[0] < _LOW * em:
                chars[at] = "。"
    return "".join(chars)


def _long_dashes(text: str, centres: Sequence[float], ink: Image) -> str:
    """Two strokes that are one are a dash of two squares, and not 一 twice."""
    chars = list(text)
    for at, (a, b) in enumerate(pairwise(text)):
        numeral = any(char in _YEAR + "十" for char in text[max(0, at - 1) : at] + text[at + 2 : at + 3])
        if a == b == "一" and not numeral and ink[:, round(centres[at]) : round(centres[at + 1])].any(axis=0).all():
            chars[at] = chars[at + 1] = "—"
    return "".join(chars)


def _wide_dashes(text: str, centres: Sequence[float], ink: Image, em: float) -> str:
    """A stroke between a date or number and a digit is a dash and not 一; a hyphen beside Han characters that fills its
    square is one too."""
    chars = list(text)
    for at, char in enumerate(text):
        before, behind = text[at - 1 : at], text[at + 1 : at + 2]
        if (char == "一" and before and (before.isdecimal() or before in _DATED) and behind.isdecimal()) or (char in "-–_~" and before and behind and (is_cjk(before) or is_cjk(behind)) and _stroke(ink, centres[at], em) >= _DASH * em):
            chars[at] = "—"
    return "".join(chars)


def _stroke(ink: Image, centre: float, em: float) -> int:
    """How long the stroke without height is that lies at a place of a line, in pixels; 0 where there is none."""
    import numpy as np

    high = np.count_nonzero(ink, axis=0)
    other = np.flatnonzero((high == 0) | (high > _FLAT * em))
    at = min(max(0, round(centre)), len(high) - 1)
    if at in other:
        return 0
    left, right = other[other < at], other[other > at]
    return int((right[0] if len(right) else len(high)) - (left[-1] if len(left) else -1)) - 1


def _full_marks(text: str, centres: Sequence[float], em: float) -> str:
    """Marks beside Han characters that stand in a square of their own are those of Chinese text."""
    chars = list(text)
    for at, char in enumerate(text):
        before, behind = text[at - 1 : at], text[at + 1 : at + 2]
        if char not in ",;:?!()" or not (is_cjk(before or " ") or is_cjk(behind or " ")):
            continue
        if not before or not behind or (char == "," and before.isdigit() and is_cjk(behind)):
            chars[at] = char.translate(_FULL)
            continue
        beside = sum(em if is_cjk(other) else 0.5 * em for other in (before, behind)) / 2
        if centres[at + 1] - centres[at - 1] - beside >= _FULL_WIDTH * em:
            chars[at] = char.translate(_FULL)
    return "".join(chars)


# --- confidence ---------------------------------------------------------------------------------


def mean_confidence(readings: Sequence[Reading]) -> float:
    """How sure the recogniser is of a character, on average; 1 where there is none."""
    sure = [value for reading in readings for value in reading.confidence]
    return sum(sure) / len(sure) if sure else 1.0



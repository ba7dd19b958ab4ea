"""The lists of a .doc to the numberings that `numbering` counts with.

Source: [MS-DOC] 2.9.195 (PlfLst), 2.9.150 (LVL), 2.9.193 (PlfLfo) and 2.9.134 (LFOLVL).
"""

from __future__ import annotations

import struct

from extractor.readers.numbering import LEVELS, MAX_NUMBER, Level, List, Num, Numbering, format_of

_NO_STYLE = 0xFFF
_SIMPLE, _LEGAL, _NO_RESTART = 1, 4, 8
_START, _WHOLE_LEVEL = 0x10, 0x20


def read_lists(definitions: bytes, numberings: bytes) -> Numbering:
    """The numberings by number, counted from 1.

    `definitions` goes on behind its table, for the levels stand there. Raises struct.error or IndexError
    where something is cut off.
    """
    if not definitions or not numberings:
        return Numbering({})
    lists = _lists(definitions)
    (count,) = struct.unpack_from("<I", numberings)
    heads = [struct.unpack_from("<i8xB3x", numberings, 4 + 16 * at) for at in range(min(count, len(numberings) // 16))]
    at, nums = 4 + 16 * len(heads), {}
    for number, (list_id, overrides) in enumerate(heads, 1):
        at += 4
        levels: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for _ in range(overrides):
            start, flags = struct.unpack_from("<iI", numberings, at)
            at, place = at + 8, flags & 0xF
            if flags & _WHOLE_LEVEL:
                levels[place], at = _level(numberings, at)
                start = levels[place].start
            if flags & _START:
                starts[place] = _bounded(start)
        if list_id in lists:
            nums[str(number)] = Num(lists[list_id], levels, starts)
    return Numbering(nums)


def _lists(data: bytes) -> dict[int, List]:
    (count,) = struct.unpack_from("<H", data)
    at, lists = 2 + 28 * count, {}
    for number in range(count):
        list_id, _, *styles, flags = struct.unpack_from("<ii9HBx", data, 2 + 28 * number)
        levels: dict[int, Level] = {}
        for place in range(1 if flags & _SIMPLE else LEVELS):
            levels[place], at = _level(data, at)
            levels[place].paragraph_style = None if styles[place] == _NO_STYLE else str(styles[place])
        lists[list_id] = List(levels)
    return lists


def _level(data: bytes, at: int) -> tuple[Level, int]:
    """The level that begins at `at`, and where it ends. In its text a control character is the number of a level."""
    start, code, flags, runs, paragraph, limit = struct.unpack_from("<iBB18xBBBx", data, at)
    at += 28 + runs + paragraph
    (size,) = struct.unpack_from("<H", data, at)
    text = data[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "replace")
    level = Level(
        start=_bounded(start), style=format_of(code),
        text="".join(f"%{ord(char) + 1}" if char < "\t" else char for char in text),
        restart=limit if flags & _NO_RESTART else None, decimal_only=bool(flags & _LEGAL),
    )  # fmt: skip
    return level, at + 2 + 2 * size


def _bounded(start: int) -> int:
    return max(0, min(start, MAX_NUMBER))

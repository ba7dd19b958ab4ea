"""Property modifiers (sprm) of the binary Word format: what a grpprl says of a paragraph, a run or a table row.

A grpprl is a list of opcodes with operands whose size the opcode tells; only the opcodes that change text,
outline or tables are kept. Source: [MS-DOC] 2.2.5 (Sprm, Prl) and 2.6 (the single modifiers).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

# Runs of characters.
DELETED, VANISH, SPECIAL, SYMBOL = 0x0800, 0x083C, 0x0855, 0x6A09
CHARACTER_STYLE, FORM_DATA, OLE_OBJECT, FONT = 0x4A30, 0x0806, 0x080A, 0x4A4F
# Paragraphs.
STYLE, OUTLINE, LIST, LIST_LEVEL = 0x4600, 0x2640, 0x460B, 0x260A
IN_TABLE, ROW_END, DEPTH, INNER_CELL_END, INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
HUGE, HUGE_OLD, TABLE_ELSEWHERE = 0x6646, 0x6645, 0x646B
# Table rows: the definition of the cells, and what changes it.
ROW, INSERT_CELLS, DELETE_CELLS, WIDTH = 0xD608, 0x7621, 0x5622, 0x7623
MERGE_BESIDE, SPLIT_BESIDE, MERGE_BELOW, LEFT, GAP = 0x5624, 0x5625, 0xD62B, 0x9601, 0x9602
TABLE = (0x7469, 0x563A, 0x560B, 0x5664, 0x360D, 0x3465, 0x940E, 0x940F, 0x9410, 0x9411, 0x941E, 0x941F)
"""Style, direction, position and the like: two rows of one table agree on them ([MS-DOC] 2.4.3)."""

_ROW_OLD, _TABS, _TABS_LONG = 0xD606, 0xC615, 255
_KEPT = frozenset({
    DELETED, VANISH, SPECIAL, SYMBOL, CHARACTER_STYLE, FORM_DATA, OLE_OBJECT, FONT, STYLE, OUTLINE, LIST,
    LIST_LEVEL, IN_TABLE, ROW_END, DEPTH, INNER_CELL_END, INNER_ROW_END, HUGE, HUGE_OLD, TABLE_ELSEWHERE, *TABLE,
})  # fmt: skip
_CELLS = frozenset({
    ROW, INSERT_CELLS, DELETE_CELLS, WIDTH, MERGE_BESIDE, SPLIT_BESIDE, MERGE_BELOW, LEFT, GAP,
})  # fmt: skip
_OPERAND_BYTES = (1, 1, 2, 4, 2, 2, 0, 3)
_LENGTH_TOLD = 6

# What the one-byte modifiers of a piece (Prm0) stand for, of those kept here ([MS-DOC] 2.9.213).
_SHORT = {0x0C: LIST_LEVEL, 0x18: IN_TABLE, 0x19: ROW_END, 0x41: DELETED, 0x5C: VANISH, 0x75: SPECIAL, 0x78: OUTLINE}


MAX_CHANGES = 500
"""Modifiers of the cells of one row; more are not looked at."""


class Modifiers(msgspec.Struct, frozen=True):
    """The last operand of each modifier; in `cells`, one after the other, those that define the cells of a row."""

    values: dict[int, bytes]
    cells: tuple[tuple[int, bytes], ...] = ()

    def number(self, code: int) -> int | None:
        """The operand as an unsigned number; None where the modifier is not there."""
        operand = self.values.get(code)
        return None if operand is None else int.from_bytes(operand, "little")

    def then(self, later: Modifiers) -> Modifiers:
        """Both, where the later one has the last word."""
        if later is NONE:
            return self
        return Modifiers({**self.values, **later.values}, self.cells + later.cells)


NONE = Modifiers({})


def read_modifiers(grpprl: bytes) -> Modifiers:
    """What the modifiers come to, one after the other; what is cut off at the end is left out."""
    values: dict[int, bytes] = {}
    cells: list[tuple[int, bytes]] = []
    for code, operand in _each(grpprl):
        if code in _KEPT:
            values[code] = operand
        elif code in _CELLS and len(cells) < MAX_CHANGES:
            cells.append((code, operand))
    return Modifiers(values, tuple(cells)) if values or cells else NONE


def short_modifier(code: int, value: int) -> Modifiers:
    """The modifier of a piece that is written in two bytes."""
    kept = _SHORT.get(code)
    return NONE if kept is None else Modifiers({kept: bytes((value,))})


def _each(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(grpprl)
    while at + 2 < end:
        code = grpprl[at] | grpprl[at + 1] << 8
        at += 2
        size = _OPERAND_BYTES[code >> 13]
        if code >> 13 == _LENGTH_TOLD:
            size = grpprl[at]
            at += 1
            if code in (ROW, _ROW_OLD):  # two bytes, and one more than follow
                size = (grpprl[at] << 8 | size) - 1 if at < end else 0
                at += 1
            elif code == _TABS and size == _TABS_LONG:
                size = _tabs(grpprl, at)
        if size < 0 or at + size > end:
            return
        yield code, grpprl[at : at + size]
        at += size


def _tabs(grpprl: bytes, at: int) -> int:
    """The size of tab stops that are too many for the length to be told: four bytes to delete one, three to add one."""
    deleted = grpprl[at] if at < len(grpprl) else 0
    added = at + 1 + 4 * deleted
    return 2 + 4 * deleted + 3 * (grpprl[added] if added < len(grpprl) else 0)

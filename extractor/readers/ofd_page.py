"""What one page of an OFD file shows: its objects as placed characters and ruling lines.

GB/T 33190-2016: objects (8.5) stand in blocks and layers; each has a boundary on the page, in millimetres from the top
left corner, and a matrix that puts its own space into it. Text (11) states where each character begins; characters
without a code are named by the glyph of their font.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from lxml import etree

from extractor.readers.limits import Budget
from extractor.readers.ofd_fonts import Font
from extractor.readers.printed import (
    FULL_PAGE,
    IDENTITY,
    MAX_CHARACTERS,
    MAX_SEGMENTS,
    Glyph,
    Matrix,
    PageContent,
    Point,
    Rule,
    TooLarge,
    apply,
    joined,
    outline_rules,
    placed,
    reading_turn,
)

POINTS = 72 / 25.4
"""Points in a millimetre."""
_ASCENT = 0.86
"""Ems that the box of a character stands above its baseline, as in the usual Chinese fonts."""
_DEEPEST_UNIT = 8
"""Composite objects inside each other."""
_LARGEST = 1e6
_PLACEHOLDER = "\u00a4"
"""What stands for a glyph whose character has no code (GB/T 33190-2016, 11.3)."""
_UNKNOWN = "\ufffd"
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{4})")
_PAIR, _PAIR_OR_CHAR = re.compile("——|……"), re.compile("——|……|.", re.DOTALL)
_WORD = re.compile(r"[^\s,]+")
_DIRECTIONS = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}
_POINTS_OF = {"M": 1, "S": 1, "L": 1, "Q": 2, "B": 3}
_ARC = 7


@dataclass(slots=True)
class Shown:
    """What a page or template shows, in points from the top left corner, not yet turned upright."""

    glyphs: list[Glyph] = field(default_factory=list)
    veiled: list[Glyph] = field(default_factory=list)
    """Text that is not visible."""
    hidden: int = 0
    """How many text objects that is."""
    rules: list[Rule] = field(default_factory=list)
    covered: float = 0.0
    """Square points under pictures."""
    largest: tuple[float, str] = (0.0, "")
    """The largest picture: its square points and its part."""
    unknown: int = 0
    """Glyphs of which no character is known."""
    drawing: bool = False

    def __iadd__(self, other: Shown) -> Shown:
        self.glyphs += other.glyphs
        self.veiled += other.veiled
        self.rules += other.rules
        self.hidden += other.hidden
        self.covered += other.covered
        self.largest = max(self.largest, other.largest)
        self.unknown += other.unknown
        self.drawing = self.drawing or other.drawing
        if len(self.glyphs) + len(self.veiled) > MAX_CHARACTERS:
            raise TooLarge(f"more than {MAX_CHARACTERS} characters")
        return self


class Resources(NamedTuple):
    """What objects refer to by number."""

    fonts: MutableMapping[str, Font]
    units: MutableMapping[str, etree._Element]
    """The content of composite objects."""
    pictures: MutableMapping[str, str]
    """The parts of pictures."""


def name_of(node: etree._Element) -> str:
    """The name of an element without its namespace, which differs between programs."""
    return str(node.tag).rpartition("}")[2]


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of that name."""
    return (child for child in node if name_of(child) == name)


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Left, top, width and height; None where there are not four numbers."""
    numbers = _numbers(text, 4)
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def upright(number: int, size: tuple[float, float], shown: Shown) -> PageContent:
    """The page turned so that its text runs to the right; `size` is its width and height in points. Raises `TooLarge`."""
    width, height = size
    share = min(1.0, shown.covered / (width * height))
    glyphs = shown.glyphs
    if shown.veiled and share >= FULL_PAGE and len(shown.veiled) > len(glyphs):
        glyphs, shown.hidden = shown.veiled + glyphs, 0
    turn = reading_turn((glyph.along, glyph.upwards) for glyph in glyphs)
    place = (IDENTITY, (0.0, 1.0, -1.0, 0.0, height, 0.0), (-1.0, 0.0, 0.0, -1.0, width, height), (0.0, -1.0, 1.0, 0.0, 0.0, width))[turn]
    chars, slanted = placed(glyphs, place)
    rules = shown.rules if turn == 0 else [_turned(rule, place) for rule in shown.rules]
    if turn % 2:
        width, height = height, width
    return PageContent(number, width, height, chars, rules, share, slanted, shown.drawing)


def _turned(rule: Rule, place: Matrix) -> Rule:
    (xa, ya), (xb, yb) = apply(place, rule.x0, rule.y0), apply(place, rule.x1, rule.y1)
    return Rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


# --- objects --------------------------------------------------------------------------------------


class Item(NamedTuple):
    """An element that is still to be looked at, with the matrix of what holds it."""

    node: etree._Element
    matrix: Matrix
    depth: int
    visible: bool


def show(content: etree._Element, origin: Point, resources: Resources, budget: Budget) -> Shown:
    """What the objects of a page's content show; `origin` is the page's corner in millimetres. Raises `TooLarge`."""
    shown, segments = Shown(), MAX_SEGMENTS
    page: Matrix = (POINTS, 0.0, 0.0, POINTS, -origin[0] * POINTS, -origin[1] * POINTS)
    waiting = [Item(content, page, 0, True)]
    while waiting:
        item = waiting.pop()
        budget.mark()
        node, kind = item.node, name_of(item.node)
        visible = item.visible and node.get("Visible") != "false" and node.get("Alpha") != "0"
        if kind == "TextObject":
            _show_text(node, joined(_matrix(node), item.matrix), visible and _is_inked(node), resources, shown)
        elif kind == "PathObject" and visible and segments > 0:
            outlines, spent = _outlines(node, joined(_matrix(node), item.matrix), segments)
            segments -= spent + 1
            shown.rules += outline_rules(outlines, node.get("Stroke") != "false") if _is_drawn(node) else ()
        elif kind == "ImageObject" and visible:
            area = _area(node, item.matrix)
            shown.covered += area
            shown.largest = max(shown.largest, (area, resources.pictures.get(node.get("ResourceID", ""), "")))
        elif kind == "CompositeObject" and item.depth < _DEEPEST_UNIT:
            unit = resources.units.get(node.get("ResourceID", ""))
            if unit is not None:
                waiting.append(Item(unit, joined(_matrix(node), item.matrix), item.depth + 1, visible))
        elif kind in ("Content", "Layer", "PageBlock"):
            waiting += [Item(child, item.matrix, item.depth, visible) for child in reversed(node)]
    if segments <= 0:
        shown.rules, shown.drawing = [], True
    return shown


def _matrix(node: etree._Element) -> Matrix:
    """From the space of an object to that of the page: its own matrix, then to where its boundary begins."""
    box, own = box_of(node.get("Boundary")), _numbers(node.get("CTM"), 6)
    matrix = (own[0], own[1], own[2], own[3], own[4], own[5]) if len(own) == 6 else IDENTITY
    return joined(matrix, (1.0, 0.0, 0.0, 1.0, *box[:2])) if box else matrix


def _area(node: etree._Element, page: Matrix) -> float:
    """Square points under a picture: the unit square by its matrix, or its boundary."""
    own, box = _numbers(node.get("CTM"), 6), box_of(node.get("Boundary"))
    area = own[0] * own[3] - own[1] * own[2] if len(own) == 6 else box[2] * box[3] if box else 0.0
    return abs(area * (page[0] * page[3] - page[1] * page[2]))


def _is_inked(text: etree._Element) -> bool:
    return text.get("Fill") != "false" or text.get("Stroke") == "true"


def _is_drawn(path: etree._Element) -> bool:
    return path.get("Stroke") != "false" or path.get("Fill") == "true"


def _numbers(text: str | None, most: int) -> list[float]:
    return [_number(match[0]) for match in islice(_WORD.finditer(text or ""), most)]


def _number(word: str | None, otherwise: float = 0.0) -> float:
    try:
        value = float(word or "")
    except ValueError:
        return otherwise
    return value if math.isfinite(value) and abs(value) <= _LARGEST else otherwise


# --- paths ----------------------------------------------------------------------------------------


def _outlines(node: etree._Element, matrix: Matrix, most: int) -> tuple[list[list[Point]], int]:
    """The straight-edged sub-paths of a path as points, and how many segments were looked at."""
    data = next(children(node, "AbbreviatedData"), None)
    words = (match[0] for match in _WORD.finditer((data.text or "") if data is not None else ""))
    outlines: list[list[Point]] = []
    points: list[Point] = []
    straight, spent = True, 0
    for word in words:
        spent += 1
        if spent > most:
            break
        if word == "C":
            points += points[:1]
            continue
        if word in ("M", "S"):
            if len(points) > 1 and straight:
                outlines.append(points)
            points, straight = [], True
        count = _POINTS_OF.get(word, _ARC / 2 if word == "A" else 0)
        operands = [_number(operand) for operand in islice(words, int(2 * count))]
        straight = straight and word in ("M", "S", "L")
        if len(operands) >= 2:
            points.append(apply(matrix, operands[-2], operands[-1]))
    if len(points) > 1 and straight:
        outlines.append(points)
    return outlines, spent


# --- text -----------------------------------------------------------------------------------------


class Unit(NamedTuple):
    """What is set in one go: one character, several as one glyph, or a further glyph of the character before."""

    chars: str
    glyph: int | None


def _show_text(node: etree._Element, matrix: Matrix, visible: bool, resources: Resources, shown: Shown) -> None:
    font = resources.fonts.get(node.get("Font", "")) or _NO_FONT
    box = box_of(node.get("Boundary"))
    size = _number(node.get("Size") or node.get("size")) or (box[3] if box else 0.0)
    if size <= 0:
        visible = False
    direction = _DIRECTIONS.get(_number(node.get("CharDirection")) % 360, (1.0, 0.0))
    setting = _Setting(font, size, _number(node.get("HScale"), 1.0) or 1.0, direction, matrix)
    target = shown.glyphs if visible else shown.veiled
    before = len(target)
    transforms: list[etree._Element] = []
    x = y = 0.0
    codes = list(children(node, "TextCode"))
    for child in node:
        if name_of(child) == "CGTransform":
            transforms.append(child)
        elif name_of(child) == "TextCode":
            x, y = _number(child.get("X"), x), _number(child.get("Y"), y)
            if len(codes) == 1:
                transforms = list(children(node, "CGTransform"))
            for glyph in setting.glyphs(child, x, y, _units(_decoded(child.text), transforms)):
                target.append(glyph)
                if len(shown.glyphs) + len(shown.veiled) > MAX_CHARACTERS:
                    raise TooLarge(f"more than {MAX_CHARACTERS} characters")
            transforms = []
    if visible:
        shown.unknown += sum(glyph.char == _UNKNOWN for glyph in target[before:])
    elif len(target) > before:
        shown.hidden += 1


def _decoded(text: str | None) -> str:
    """The text of a `TextCode`: four hexadecimal digits behind a backslash are a character."""
    text = text or ""
    if "\n" in text:
        text = text.strip()
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return _UNKNOWN if 0xD800 <= code < 0xE000 else chr(code)


def _units(text: str, transforms: Sequence[etree._Element]) -> list[Unit]:
    """The characters of `text`, with the glyphs that `transforms` set for them."""
    if not transforms:
        return [Unit(char, None) for char in text]
    begins = {int(_number(node.get("CodePosition"))): node for node in reversed(transforms)}
    units: list[Unit] = []
    at = 0
    while at < len(text):
        node = begins.get(at)
        if node is None:
            units.append(Unit(text[at], None))
            at += 1
            continue
        glyphs = [int(number) for number in _numbers(_glyph_list(node), len(text) + 16)]
        codes = max(1, min(int(_number(node.get("CodeCount"), 1.0)), len(text) - at))
        count = int(_number(node.get("GlyphCount"), float(codes)))
        chars = text[at : at + codes]
        if count >= codes:
            units += [Unit(char, glyphs[k] if k < len(glyphs) else None) for k, char in enumerate(chars)]
            units += [Unit("", glyph) for glyph in glyphs[codes:count]]
        else:
            units.append(Unit(chars, glyphs[0] if glyphs else None))
        at += codes
    return units


def _fitted(units: list[Unit], steps: int) -> list[Unit]:
    """The units to which so many steps between them belong: one for every code, or a pair of dashes that is one glyph."""
    if steps >= len(units) and any(len(unit.chars) > 1 for unit in units):
        return [Unit(char, None) for unit in units for char in unit.chars]
    text = "".join(unit.chars for unit in units)
    pairs = len(_PAIR.findall(text))
    if pairs and steps == len(text) - 1 - pairs and len(text) == len(units):
        return [Unit(chars, None) for chars in _PAIR_OR_CHAR.findall(text)]
    return units


def _glyph_list(node: etree._Element) -> str | None:
    listed = next(children(node, "Glyphs"), None)
    return None if listed is None else listed.text


@dataclass(slots=True)
class _Setting:
    """How the characters of one text object are set."""

    font: Font
    size: float
    stretch: float
    direction: Point
    matrix: Matrix

    def glyphs(self, code: etree._Element, x: float, y: float, units: list[Unit]) -> Iterator[Glyph]:
        """The characters of one `TextCode` that begins at ``(x, y)`` of the object, in points of the page."""
        most = sum(max(1, len(unit.chars)) for unit in units)
        across, down = _steps(code.get("DeltaX"), most), _steps(code.get("DeltaY"), most)
        units = _fitted(units, max(len(across), len(down)))
        stated = max(len(across), len(down))
        for k, unit in enumerate(units):
            char = self._meaning(unit)
            width = self.font.width(char[:1] or " ", unit.glyph) * self.size * self.stretch * (2 if _PAIR.fullmatch(char) else 1)
            if k < stated:
                step = (across[k] if k < len(across) else 0.0, down[k] if k < len(down) else 0.0)
                width = self._width(char[:1], unit.glyph, width, step)
            else:
                step = (self.direction[0] * width, self.direction[1] * width)
            for letter in char:
                if letter >= " ":
                    yield self._placed(letter, x, y, width)
            x, y = x + step[0], y + step[1]

    def _width(self, char: str, glyph: int | None, usual: float, step: Point) -> float:
        """The width of a character behind which the next one begins after `step`."""
        advance = step[0] * self.direction[0] + step[1] * self.direction[1]
        if advance <= 0:
            return usual
        if advance < usual or (char and not self.font.knows(char, glyph) and advance < max(1.25 * usual, 0.55 * self.size)):
            return advance
        return usual

    def _meaning(self, unit: Unit) -> str:
        """The characters of a unit; those without a code by their glyph."""
        if unit.glyph is None or len(unit.chars) != 1 or not (unit.chars in (_PLACEHOLDER, _UNKNOWN) or "\ue000" <= unit.chars < "\uf900"):
            return unit.chars
        return self.font.char(unit.glyph) or _UNKNOWN

    def _placed(self, char: str, x: float, y: float, width: float) -> Glyph:
        along, down = self.direction
        top, bottom = _ASCENT * self.size, (_ASCENT - 1.0) * self.size
        # Up from the baseline is a quarter turn against the clock from the direction; y counts downwards.
        xa, ya = apply(self.matrix, x + down * bottom, y - along * bottom)
        xb, yb = apply(self.matrix, x + along * width + down * top, y + down * width - along * top)
        a, b, c, d, _, _ = self.matrix
        return Glyph(char, min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), a * along + c * down, -(b * along + d * down))


def _steps(text: str | None, most: int) -> list[float]:
    """The steps between characters; ``g 3 2.5`` stands for 2.5 three times."""
    steps: list[float] = []
    words = (match[0] for match in _WORD.finditer(text or ""))
    for word in words:
        if len(steps) >= most:
            break
        if word == "g":
            count, step = int(_number(next(words, None))), _number(next(words, None))
            steps += [step] * min(max(0, count), most - len(steps))
        else:
            steps.append(_number(word))
    return steps


_NO_FONT = Font("宋体")

"""Writes small .doc files for tests: a compound file, text in pieces, pages of properties, and the tables asked for.

Only what the reader looks at is written, so that each test says in full what it is about. `Doc` is the whole
document; its parts are lists of `P`, paragraphs of runs with their modifiers. Source: [MS-CFB], [MS-DOC].
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FREE, END, TABLE_SECTOR, DIRECTORY_LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
FIRST_TEXT = 1024
"""Where the text begins in the stream WordDocument, behind the file information block."""

# --- compound files -----------------------------------------------------------------------------


def compound(streams: dict[str, bytes], shift: int = 9, cutoff: int = 4096) -> bytes:
    """A compound file with these streams below its root, those below `cutoff` bytes in the stream of small ones."""
    size = 1 << shift
    sectors: list[bytes] = []
    table: list[int] = []

    def chain(data: bytes) -> int:
        """Appends the bytes in sectors of their own; where they begin."""
        if not data:
            return END
        start, count = len(sectors), -(-len(data) // size)
        sectors.extend(data[at * size : (at + 1) * size].ljust(size, b"\0") for at in range(count))
        table.extend([*range(start + 1, start + count), END])
        return start

    small, small_table, places = b"", list[int](), dict[str, tuple[int, int]]()
    for name, data in streams.items():
        if not 0 < len(data) < cutoff:
            places[name] = (chain(data), len(data))
            continue
        start, count = len(small_table), -(-len(data) // 64)
        places[name] = (start, len(data))
        small += data.ljust(count * 64, b"\0")
        small_table += [*range(start + 1, start + count), END]
    small_start = chain(small)
    small_table_start = chain(struct.pack(f"<{len(small_table)}I", *small_table))
    small_sectors = -(-len(small_table) * 4 // size)
    names = list(streams)
    entries = [entry("Root Entry", 5, FREE, FREE, 1 if names else FREE, small_start, len(small))]
    entries += [entry(name, 2, FREE, at + 2 if at + 1 < len(names) else FREE, FREE, *places[name]) for at, name in enumerate(names)]
    directory = chain(b"".join(entries))

    per, fat, difat = size // 4, 0, 0
    while fat * per < len(sectors) + fat + difat:
        fat += 1
        difat = -(-max(0, fat - 109) // (per - 1))
    numbers = list(range(len(sectors), len(sectors) + fat))
    table += [TABLE_SECTOR] * fat + [DIRECTORY_LIST] * difat
    table += [FREE] * (fat * per - len(table))
    listed = (numbers[:109] + [FREE] * 109)[:109]
    tail = b""
    for at in range(difat):
        part = numbers[109 + at * (per - 1) : 109 + (at + 1) * (per - 1)]
        tail += struct.pack(f"<{per}I", *part, *[FREE] * (per - 1 - len(part)), len(sectors) + fat + at + 1 if at + 1 < difat else END)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3 if shift == 9 else 4, 0xFFFE, shift, 6)
    header += struct.pack("<IIIIIIIIII", 0, fat, directory, 0, cutoff, small_table_start, small_sectors, len(sectors) + fat if difat else END, difat, *listed[:1])
    header += struct.pack("<108I", *listed[1:])
    return header.ljust(size, b"\0") + b"".join(sectors) + struct.pack(f"<{fat * per}I", *table) + tail


def entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", text, len(text) + 2, kind, 1, left, right, child, start, size)


# --- modifiers ----------------------------------------------------------------------------------


def sprm(code: int, operand: int | bytes = 1) -> bytes:
    """One modifier; the operand as a number, or as bytes."""
    size = SIZES[code >> 13]
    if size:
        return struct.pack("<H", code) + (operand.to_bytes(size, "little") if isinstance(operand, int) else operand)
    assert isinstance(operand, bytes)
    length = struct.pack("<H", len(operand) + 1) if code == 0xD608 else bytes((len(operand),))
    return struct.pack("<H", code) + length + operand


def cells(edges: Sequence[int], flags: Sequence[int] = ()) -> bytes:
    """The definition of a row: its edges in twentieths of a point, the flags of its cells."""
    count = len(edges) - 1
    definition = bytes((count,)) + struct.pack(f"<{count + 1}h", *edges)
    return sprm(0xD608, definition + b"".join(struct.pack("<H18x", flag) for flag in flags))


# --- documents ----------------------------------------------------------------------------------


@dataclass
class P:
    """A paragraph: its text, or runs of text with modifiers; what its mark is and says."""

    text: str | list[tuple[str, bytes]] = ""
    modifiers: bytes = b""
    style: int = 0
    mark: str = "\r"
    mark_run: bytes = b""

    def runs(self) -> list[tuple[str, bytes]]:
        own = [(self.text, b"")] if isinstance(self.text, str) else self.text
        return [*own, (self.mark, self.mark_run)]


IN_TABLE, ROW_END = sprm(0x2416), sprm(0x2417)


def row(*texts: str | list[tuple[str, bytes]] | P | list[P], define: bytes | None = None, mark_run: bytes = b"") -> list[P]:
    """A row of a table: each cell a text, a paragraph, or several of them, then the mark of the row."""
    found: list[P] = []
    for cell in texts:
        inside = cell if isinstance(cell, list) and cell and isinstance(cell[0], P) else [cell if isinstance(cell, P) else P(cell)]  # type: ignore[arg-type]
        assert all(isinstance(paragraph, P) for paragraph in inside)
        for paragraph in inside:
            assert isinstance(paragraph, P)
            paragraph.modifiers = IN_TABLE + paragraph.modifiers
            found.append(paragraph)
        found[-1].mark = "\x07"
    default = cells([1000 * at for at in range(len(texts) + 1)])
    return [*found, P("", IN_TABLE + ROW_END + (default if define is None else define), mark="\x07", mark_run=mark_run)]


def inner_row(*texts: str, depth: int = 2) -> list[P]:
    """A row of a table inside a cell."""
    inside = sprm(0x2416) + sprm(0x6649, depth)
    found = [P(text, inside + sprm(0x244B)) for text in texts]
    return [*found, P("", inside + sprm(0x244C) + cells([500 * at for at in range(len(texts) + 1)]))]


@dataclass
class Doc:
    """What to write. `tables` are further tables by number; positions in them count in their own part."""

    body: list[P]
    footnotes: list[P] = field(default_factory=list)
    headers: list[P] = field(default_factory=list)
    endnotes: list[P] = field(default_factory=list)
    boxes: list[P] = field(default_factory=list)
    tables: dict[int, bytes] = field(default_factory=dict)
    lists: bytes = b""
    """What stands behind the table of lists: their levels."""
    data: bytes = b""
    flags: int = 0x0200
    magic: int = 0xA5EC
    version: int = 0xC1
    pieces: list[tuple[int, bool, int]] = field(default_factory=list)
    """The lengths of the pieces, whether each is of one byte a character, and its modifiers; the rest is one more."""
    modifiers: list[bytes] = field(default_factory=list)
    """The lists of modifiers that pieces refer to."""

    def streams(self) -> dict[str, bytes]:
        parts = [self.body, self.footnotes, self.headers, [], [], self.endnotes, self.boxes, []]
        paragraphs = [paragraph for part in parts for paragraph in part]
        units = [units_of(paragraph) for paragraph in paragraphs]
        text = "".join(units)
        stream, pieces, offsets = self._text(text)
        runs: list[tuple[int, bytes]] = []
        marks: list[tuple[int, bytes]] = []
        at = 0
        for paragraph in paragraphs:
            for words, modifiers in paragraph.runs():
                at += len(in_units(words))
                runs.append((offsets[at], modifiers))
            marks.append((offsets[at], struct.pack("<H", paragraph.style) + paragraph.modifiers))
        pages_from = -(-len(stream) // 512)
        run_pages, run_table = pages(runs, pages_from, 1)
        mark_pages, mark_table = pages(marks, pages_from + len(run_pages) // 512, 13)
        stream = stream.ljust(pages_from * 512, b"\0") + run_pages + mark_pages
        lengths = [sum(map(len, map(units_of, part))) for part in parts]
        tables = {12: run_table, 13: mark_table, 33: pieces, **self.tables}
        places, table = {}, b"\0" * 16
        for number, content in tables.items():
            if content:
                places[number] = (len(table), len(content))
                table += content + (self.lists if number == 73 else b"")
        fib = struct.pack("<HH", self.magic, self.version).ljust(0x0A, b"\0") + struct.pack("<H", self.flags)
        fib = fib.ljust(0x4C, b"\0") + struct.pack("<8I", *lengths)
        fib = fib.ljust(0x9A, b"\0") + b"".join(struct.pack("<II", *places.get(number, (0, 0))) for number in range(93))
        return {"WordDocument": fib.ljust(FIRST_TEXT, b"\0") + stream[FIRST_TEXT:], "1Table": table, "Data": self.data}

    def _text(self, text: str) -> tuple[bytes, bytes, list[int]]:
        """The stream with the text, the list of pieces, and where each character (and the end) is in the stream."""
        stream, offsets, at = bytes(FIRST_TEXT), list[int](), 0
        bounds, entries = [0], b""
        for length, compressed, prm in [*self.pieces, (len(text) - sum(piece[0] for piece in self.pieces), False, 0)]:
            words = text[at : at + length]
            if not words:
                continue
            place, width = len(stream), 1 if compressed else 2
            stream += words.encode("cp1252") if compressed else words.encode("utf-16-le", "surrogatepass")
            entries += struct.pack("<HIH", 0, place * 2 | 0x40000000 if compressed else place, prm)
            offsets += range(place, place + width * len(words), width)
            at += length
            bounds.append(at)
        offsets.append(len(stream))
        prcs = b"".join(struct.pack("<BH", 1, len(modifiers)) + modifiers for modifiers in self.modifiers)
        table = struct.pack(f"<{len(bounds)}I", *bounds) + entries
        return stream, prcs + struct.pack("<BI", 2, len(table)) + table, offsets

    def bytes(self) -> bytes:
        return compound({name: data for name, data in self.streams().items() if data})


def in_units(text: str) -> str:
    """The text with every character beyond U+FFFF as two."""
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data)))


def units_of(paragraph: P) -> str:
    return "".join(in_units(words) for words, _ in paragraph.runs())


def pages(stretches: Iterable[tuple[int, bytes]], first: int, width: int) -> tuple[bytes, bytes]:
    """The pages of properties, each stretch given by its end, and the table that lists the pages.

    `width` is the size of what a page has for each stretch: 1 for runs, 13 for paragraphs.
    """
    found, bounds, numbers = b"", [FIRST_TEXT], list[int]()
    waiting = [(end, properties) for end, properties in stretches]
    start = FIRST_TEXT
    while waiting:
        ends, places, free, stored, body = [start], list[int](), 510, dict[bytes, int](), bytearray(512)
        while waiting and len(places) < 100:
            end, properties = waiting[0]
            packed = b"" if not properties else packed_paragraph(properties) if width == 13 else bytes((len(properties),)) + properties
            at = stored.get(packed, (free - len(packed)) // 2 * 2 if packed else 0)
            if packed and at < 4 * (len(places) + 2) + width * (len(places) + 1):
                break
            if packed and packed not in stored:
                body[at : at + len(packed)] = packed
                stored[packed] = free = at
            ends.append(end)
            places.append(at)
            waiting.pop(0)
        head = struct.pack(f"<{len(ends)}I", *ends) + b"".join(bytes((at // 2,)).ljust(width, b"\0") for at in places)
        body[: len(head)] = head
        body[511] = len(places)
        found += body
        numbers.append(first + len(numbers))
        start = ends[-1]
        bounds.append(start)
    return found, struct.pack(f"<{len(bounds)}I", *bounds) + struct.pack(f"<{len(numbers)}I", *numbers)


def packed_paragraph(properties: bytes) -> bytes:
    if len(properties) % 2:
        return bytes(((len(properties) + 1) // 2,)) + properties
    return bytes((0, len(properties) // 2)) + properties


# --- tables beside the text ---------------------------------------------------------------------


def style_sheet(*styles: tuple[int, int, int, bytes, bytes]) -> bytes:
    """Styles by number: kind (1 paragraph, 2 characters; 0 for none), built-in number, base, modifiers of both kinds."""
    found = struct.pack("<HHH", 18, len(styles), 10).ljust(20, b"\0")
    for kind, built_in, base, paragraph, characters in styles:
        if not kind:
            found += b"\0\0"
            continue
        parts = [struct.pack("<H", 0) + paragraph, characters] if kind == 1 else [characters]
        std = struct.pack("<HHHHH", built_in, kind | base << 4, len(parts), 0, 0) + struct.pack("<H2sH", 1, "x".encode("utf-16-le"), 0)
        for part in parts:
            std += struct.pack("<H", len(part)) + part + b"\0" * (len(part) % 2)
        found += struct.pack("<H", len(std)) + std
    return found


def level(text: str, code: int = 0, start: int = 1, flags: int = 0, limit: int = 0) -> bytes:
    """One level of a list; in its text "\\0" stands for the number of the first level, "\\1" for that of the second …"""
    return struct.pack("<iBB18xBBBx", start, code, flags, 0, 0, limit) + struct.pack("<H", len(text)) + text.encode("utf-16-le")


def list_heads(*lists: tuple[int, bool, list[int]]) -> bytes:
    """The table of lists: number, whether it has one level only, style numbers of the levels."""
    heads = [struct.pack("<ii9HBx", number, 0, *(styles + [0xFFF] * 9)[:9], int(simple)) for number, simple, styles in lists]
    return struct.pack("<H", len(lists)) + b"".join(heads)


def numberings(*nums: tuple[int, bytes, int]) -> bytes:
    """The table of numberings: the list of each, its overrides and how many these are."""
    heads = b"".join(struct.pack("<i8xB3x", number, count) for number, _, count in nums)
    return struct.pack("<I", len(nums)) + heads + b"".join(b"\xff\xff\xff\xff" + overrides for _, overrides, _ in nums)


def fonts(*names: str) -> bytes:
    found = struct.pack("<HH", len(names), 0)
    for name in names:
        data = bytes(39) + name.encode("utf-16-le") + b"\0\0"
        found += bytes((len(data),)) + data
    return found


def plc(positions: Sequence[int], *data: bytes) -> bytes:
    """Positions, one more than there are data."""
    return struct.pack(f"<{len(positions)}I", *positions) + b"".join(data)


def record(kind: int, content: bytes, version: int = 0, instance: int = 0) -> bytes:
    """A record of drawings."""
    return struct.pack("<HHI", version | instance << 4, kind, len(content)) + content


def shape(number: int, *options: tuple[int, int | bytes]) -> bytes:
    """A shape with its number and properties; a property with bytes is a complex one."""
    fixed = b"".join(
        struct.pack("<HI", code | (0x8000 if isinstance(value, bytes) else 0), len(value) if isinstance(value, bytes) else value)
        for code, value in options
    )
    behind = b"".join(value for _, value in options if isinstance(value, bytes))
    return record(0xF004, record(0xF00A, struct.pack("<II", number, 0)) + record(0xF00B, fixed + behind, 3, len(options)), 0xF)


def drawings(*shapes: bytes) -> bytes:
    """The drawing of the body: a group of all its shapes; the first shape in a group is the group itself."""
    return record(0xF000, b"", 0xF) + b"\0" + record(0xF002, group(shape(1), *shapes), 0xF)


def group(*shapes: bytes) -> bytes:
    return record(0xF003, b"".join(shapes), 0xF)

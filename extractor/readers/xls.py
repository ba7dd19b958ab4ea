"""Reads .xls and WPS's .et (Excel 5 to 2003): the records of the workbook stream -> sheets.

By own reading, not by python-calamine: it tells neither number formats nor hidden rows of these files, and allots memory for the
rectangle around the outermost cells, so that two cells in the corners of a sheet end the process. Sources: [MS-XLS]; for Excel 5, OpenOffice's documentation of the format.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable

import msgspec

from extractor.errors import UnreadableDocument
from extractor.model import Diagnostic
from extractor.readers.biff import CONTINUE, Damaged, Text, records, shared_strings
from extractor.readers.blocks import Raw, join_lines
from extractor.readers.compound import MAGIC, Broken, Compound
from extractor.readers.limits import MAX_TEXT_BYTES, Budget
from extractor.readers.number_formats import BUILT_IN, DAYS_1904, Format, compiled, plain, shown
from extractor.readers.package import locked
from extractor.readers.sheet_rows import Area, Rows
from extractor.readers.sheets import Book, Sheet, as_blocks

_BIFF8, _BIFF5 = 0x0600, 0x0500
_BOF, _EOF, _FILEPASS, _CODEPAGE, _DATEMODE, _SHEET, _SST, _FORMAT, _XF = 0x809, 0x0A, 0x2F, 0x42, 0x22, 0x85, 0xFC, 0x41E, 0xE0
_OLDER = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_SAVE_AGAIN = "open it in Excel or WPS, save it as .xlsx and use that file"
_SEND_AGAIN = f"fetch the file again from its source, or {_SAVE_AGAIN}"
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_CODEPAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 1200: "utf-16-le", 10008: "gb18030", 10002: "big5"}
_WORKSHEET, _CHART = 0, 2


def read(data: bytes, name: str) -> Raw:
    """The sheets of a workbook. `name` is for messages.

    Raises `UnreadableDocument` if the file is damaged, protected by a password, older than Excel 5, beyond a limit, or holds no
    cell with a value.
    """
    try:
        book = _Workbook(_stream(data, name), name).book()
    except (Damaged, Broken) as error:
        raise UnreadableDocument(name, f"the workbook is damaged: {error}", _SEND_AGAIN) from error
    return as_blocks(book, name)


def _stream(data: bytes, name: str) -> bytes:
    """The workbook stream of a compound file; a stream without one is read as it is."""
    if data.startswith(_OLDER):
        raise UnreadableDocument(name, "this is a workbook of Excel 4 or earlier", _SAVE_AGAIN)
    stream = data
    if data.startswith(MAGIC):
        compound = Compound(data)
        stream = compound.stream("Workbook") or compound.stream("Book")
    if len(stream) > MAX_TEXT_BYTES:
        raise UnreadableDocument(name, f"its sheets take more than {MAX_TEXT_BYTES >> 20} MB", "save the sheets with the report in a file of their own")
    return stream


class _Listed(msgspec.Struct):
    name: str
    start: int
    kind: int
    hidden: bool


class _Workbook:
    """The part of the stream that all sheets share: strings, formats, and where the sheets are."""

    def __init__(self, stream: bytes, name: str) -> None:
        self._stream, self._name = stream, name
        self._budget = Budget(name)
        self._strings: list[str] = []
        self._days = 0
        self._listed: list[_Listed] = []
        self.left_out: Counter[str] = Counter()
        self.told: list[Diagnostic] = []
        codes, styles = self._globals()
        self._budget.formats(len({codes.get(number) for number in styles}))
        self._formats = [compiled(code) if (code := codes.get(number) or BUILT_IN.get(number)) else None for number in styles]

    def _globals(self) -> tuple[dict[int, str], list[int]]:
        """Reads up to the first EOF; returns the number formats by number, and the number of each cell style."""
        wide = self._is_wide()
        encoding = "gb18030"
        codes: dict[int, str] = {}
        styles: list[int] = []
        table: list[bytes] = []
        in_table = False
        for kind, data, _ in records(self._stream):
            if kind == _FILEPASS:
                raise locked(self._name)
            if kind == _EOF:
                break
            if kind == _SST or (kind == CONTINUE and in_table):
                table.append(data)
                in_table = True
                continue
            in_table = False
            if kind == _CODEPAGE and len(data) >= 2:
                encoding = _encoding(int.from_bytes(data[:2], "little"))
            elif kind == _DATEMODE:
                self._days = DAYS_1904 if data[:1] == b"\1" else 0
            elif kind == _SHEET and len(data) >= 8:
                start, visible, sort = struct.unpack_from("<IBB", data)
                title = Text(wide, encoding).string(data, 6, 1)
                self._listed.append(_Listed(title, start, sort, bool(visible & 3)))
            elif kind == _FORMAT:
                codes[int.from_bytes(data[:2], "little")] = Text(wide, encoding).string(data, 2, 2 if wide else 1)
            elif kind == _XF:
                styles.append(int.from_bytes(data[2:4], "little"))
        self._strings = shared_strings(table)
        self._text = Text(wide, encoding)
        return codes, styles

    def _is_wide(self) -> bool:
        """Whether the stream is BIFF8 and not BIFF5, by its first record."""
        kind, data, _ = next(records(self._stream), (0, b"", 0))
        version = int.from_bytes(data[:2], "little")
        if kind != _BOF or version not in (_BIFF8, _BIFF5):
            raise Damaged("it does not begin like one")
        return version == _BIFF8

    def book(self) -> Book:
        """The visible sheets. Raises `UnreadableDocument` where they are beyond a limit."""
        sheets: list[Sheet] = []
        for listed in self._listed:
            if listed.hidden or listed.kind != _WORKSHEET:
                self.left_out["chart"] += listed.kind == _CHART and not listed.hidden
                continue
            if not 0 < listed.start < len(self._stream):
                raise Damaged(f"its sheet {listed.name} lies beyond the end")
            reader = _SheetReader(self._text, self._strings, self._formats, self._days, self._budget)
            sheets.append(reader.read(self._stream, listed))
            if reader.is_cut_off:
                self.told.append(Diagnostic(level="warning", code="cut-off", message=f"the file ends inside its sheet “{listed.name}”; the rows up to there were read"))
            self.left_out += reader.left_out
        hidden = [listed.name for listed in self._listed if listed.hidden and listed.kind == _WORKSHEET]
        return Book(sheets, hidden, self.left_out, self.told)


def _encoding(codepage: int) -> str:
    name = _CODEPAGES.get(codepage, f"cp{codepage}")
    try:
        "".encode(name)
    except LookupError:
        return "gb18030"
    return name


class _SheetReader:
    """One sheet's records to its cells."""

    def __init__(self, text: Text, strings: list[str], formats: list[Format | None], days: int, budget: Budget) -> None:
        self._text, self._strings, self._formats, self._days, self._budget = text, strings, formats, days, budget
        self._rows: Rows = {}
        self._merged: list[Area] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._awaits: tuple[int, int] | None = None
        self.is_cut_off = True
        self.left_out: Counter[str] = Counter()
        self._handlers: dict[int, Callable[[bytes], None]] = {
            0x203: lambda data: self._number(data, struct.unpack_from("<d", data, 6)[0]),
            0x27E: lambda data: self._number(data, _packed(struct.unpack_from("<I", data, 6)[0])),
            0xBD: self._packed_row, 0xFD: self._shared, 0x204: self._label, 0xD6: self._label, 0x06: self._formula, 0x206: self._formula,
            0x406: self._formula, 0x207: self._result, 0x205: self._bool_or_error, 0x208: self._row, 0x7D: self._columns, 0xE5: self._merge,
            0x1C: lambda data: self._leave_out("comment"), 0x1B6: lambda data: self._leave_out("shape-text"),
        }  # fmt: skip

    def read(self, stream: bytes, listed: _Listed) -> Sheet:
        depth = 0
        for kind, data, _ in records(stream, listed.start):
            depth += (kind == _BOF) - (kind == _EOF)
            if depth <= 0:
                self.is_cut_off = False
                break
            handler = self._handlers.get(kind)
            if handler is None or depth > 1:  # a chart on the sheet is a stream within the stream
                self.left_out["chart"] += kind == _BOF and depth > 1
                continue
            try:
                handler(data)
            except struct.error as error:
                raise Damaged(f"a record of its sheet {listed.name} is cut off") from error
        # A comment's box is a shape with text as well.
        self.left_out["shape-text"] = max(0, self.left_out["shape-text"] - self.left_out["comment"])
        return Sheet(listed.name, self._rows, self._merged, self._hidden_rows, self._hidden_columns)

    def _leave_out(self, code: str) -> None:
        self.left_out[code] += 1

    def _put(self, row: int, column: int, text: str) -> None:
        text = join_lines(text.replace("\r", "\n").split("\n")) if "\n" in text or "\r" in text else text
        if not text or text.isspace():
            return
        self._budget.block()
        self._rows.setdefault(row, {})[column] = text

    def _number(self, data: bytes, value: float) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        self._put(row, column, self._printed(value, style))

    def _printed(self, value: float, style: int) -> str:
        form = self._formats[style] if style < len(self._formats) else None
        return plain(value) if form is None else shown(value, form, self._days)

    def _packed_row(self, data: bytes) -> None:
        row, first = struct.unpack_from("<HH", data)
        for k in range((len(data) - 6) // 6):
            style, packed = struct.unpack_from("<HI", data, 4 + 6 * k)
            self._put(row, first + k, self._printed(_packed(packed), style))

    def _shared(self, data: bytes) -> None:
        row, column, _, number = struct.unpack_from("<HHHI", data)
        if number < len(self._strings):
            self._put(row, column, self._strings[number])
        else:
            self._leave_out("missing-text")

    def _label(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        self._put(row, column, self._text.string(data, 6, 2))

    def _formula(self, data: bytes) -> None:
        """A formula's stored result: a number, or what its last two bytes of ones announce."""
        row, column, style, value = struct.unpack_from("<HHHd", data)
        self._awaits = None
        if data[12:14] != b"\xff\xff":
            self._put(row, column, self._printed(value, style))
        elif data[6] == 0:
            self._awaits = (row, column)
        elif data[6] == 1:
            self._put(row, column, str(bool(data[8])).upper())
        elif data[6] == 2:
            self._error(row, column, data[8])

    def _result(self, data: bytes) -> None:
        """The text that the formula before it came to."""
        if self._awaits is not None:
            self._put(*self._awaits, self._text.string(data, 0, 2))
            self._awaits = None

    def _bool_or_error(self, data: bytes) -> None:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", data)
        if is_error:
            self._error(row, column, value)
        else:
            self._put(row, column, str(bool(value)).upper())

    def _error(self, row: int, column: int, code: int) -> None:
        self.left_out["cell-error"] += 1
        self._put(row, column, _ERRORS.get(code, "#N/A"))

    def _row(self, data: bytes) -> None:
        if struct.unpack_from("<H", data, 12)[0] & 0x20:
            self._hidden_rows.add(struct.unpack_from("<H", data)[0])

    def _columns(self, data: bytes) -> None:
        first, last, _, _, flags = struct.unpack_from("<HHHHH", data)
        if flags & 1:
            self._hidden_columns.update(range(first, min(last, 255) + 1))

    def _merge(self, data: bytes) -> None:
        for k in range(min(int.from_bytes(data[:2], "little"), (len(data) - 2) // 8)):
            top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * k)
            if top <= bottom and left <= right:
                self._budget.areas(1)
                self._merged.append((top, left, bottom, right))


def _packed(packed: int) -> float:
    """An RK number: 30 bits of an integer, or the upper 30 of a float; perhaps a hundredth of it."""
    value: float
    if packed & 2:
        value = (packed >> 2) - (1 << 30 if packed & 0x8000_0000 else 0)
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFF_FFFC) << 32))[0]
    return value / 100 if packed & 1 else value

"""How much one document may hold: bounds that no report comes near, so that a hostile file ends in a message."""

from __future__ import annotations

from extractor.errors import UnreadableDocument

MAX_TEXT_BYTES = 64 * 1024 * 1024
"""Largest page or text file; what is larger is a collection, or its pictures."""
MAX_CHARACTERS = 20_000_000
"""Some hundred reports."""
MAX_BLOCKS = 300_000
"""Paragraphs and cells; a yearbook of 2000 pages has a third of that."""
MAX_AREAS = 100_000
"""Merged areas of all sheets."""
MAX_STRINGS = 500_000
"""Texts of a workbook, each stored once."""
MAX_FORMATS = 4_000
"""Number formats of a workbook; Excel itself stops at some 250 besides those it comes with."""
MAX_MARKS = 3_000_000
"""Tags and pieces of text, or control words; a report has ten to a hundred thousand of them."""
MAX_PLACES = 4_000_000
"""Places in the grids of all tables: spans make many of them from few bytes."""
MAX_TABLES_INSIDE = 60
"""Tables inside each other; old web pages lay out with some ten."""

_ADVICE = "pass the report alone; the file may also be malicious"


class Budget:
    """What is left of the bounds while one document is read. `name` is for messages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._blocks = self._characters = self._places = self._marks = self._areas = 0

    def block(self, count: int = 1) -> None:
        """Spends one paragraph, cell or row, or several."""
        self._blocks += count
        if self._blocks > MAX_BLOCKS:
            raise UnreadableDocument(self._name, f"it has more than {MAX_BLOCKS:,} paragraphs and cells", _ADVICE)

    def areas(self, count: int) -> None:
        """Spends merged areas of a sheet."""
        self._areas += count
        if self._areas > MAX_AREAS:
            raise UnreadableDocument(self._name, f"its sheets have more than {MAX_AREAS:,} merged areas", _ADVICE)

    def formats(self, count: int) -> None:
        """The number formats of a workbook, which are counted once."""
        if count > MAX_FORMATS:
            raise UnreadableDocument(self._name, f"it has more than {MAX_FORMATS:,} number formats", _ADVICE)

    def mark(self) -> None:
        """Spends one tag or control word."""
        self._marks += 1
        if self._marks > MAX_MARKS:
            raise UnreadableDocument(self._name, f"it has more than {MAX_MARKS:,} tags", _ADVICE)

    def characters(self, count: int) -> None:
        """Spends characters of text."""
        self._characters += count
        if self._characters > MAX_CHARACTERS:
            raise UnreadableDocument(self._name, f"it has more than {MAX_CHARACTERS:,} characters", _ADVICE)

    def places(self, count: int) -> None:
        """Spends the places of a row of a table's grid, or of the whole grid."""
        self._places += count
        if self._places > MAX_PLACES:
            raise UnreadableDocument(self._name, f"its tables have more than {MAX_PLACES:,} places", _ADVICE)

    def tables_inside(self, depth: int) -> None:
        """A table that stands inside `depth` others."""
        if depth > MAX_TABLES_INSIDE:
            raise UnreadableDocument(self._name, f"it has more than {MAX_TABLES_INSIDE} tables inside each other", _ADVICE)

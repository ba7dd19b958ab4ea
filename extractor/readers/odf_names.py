"""Names of OpenDocument, and what is left out of it. Source: OASIS OpenDocument 1.3, part 3 (schema)."""

from __future__ import annotations

_BASE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, STYLE = (_BASE % name for name in ("office", "text", "table", "style"))
DRAW, SVG = _BASE % "drawing", _BASE % "svg-compatible"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"

STYLE_NAME = TEXT + "style-name"
PARAGRAPHS = frozenset({TEXT + "p", TEXT + "h"})
LIST, LIST_ITEM, LIST_HEADER = TEXT + "list", TEXT + "list-item", TEXT + "list-header"
NUMBERED = TEXT + "numbered-paragraph"
NOTE, TEXT_BOX, FRAME = TEXT + "note", DRAW + "text-box", DRAW + "frame"
TABLE_NAME, ROW, CELL, COVERED = TABLE + "table", TABLE + "table-row", TABLE + "table-cell", TABLE + "covered-table-cell"
COLUMN = TABLE + "table-column"

SHAPES = frozenset(
    DRAW + name
    for name in (
        "custom-shape", "rect", "line", "polyline", "polygon", "regular-polygon", "path", "circle", "ellipse", "connector", "caption",
        "measure", "g", "page-thumbnail",
    )
)  # fmt: skip
"""Drawn shapes, which hold paragraphs themselves, and groups of them."""

SKIPPED: dict[str, str | None] = {
    **dict.fromkeys(
        TEXT + name
        for name in (
            "sequence-decls", "variable-decls", "user-field-decls", "dde-connection-decls", "table-of-content-source", "illustration-index-source",
            "table-index-source", "object-index-source", "user-index-source", "alphabetical-index-source", "bibliography-source", "note-citation",
            "ruby-text", "script", "alphabetical-index-auto-mark-file", "meta-field-decls",
        )
    ),
    SVG + "title": None, SVG + "desc": None, OFFICE + "forms": None, OFFICE + "event-listeners": None, OFFICE + "annotation-end": None,
    DRAW + "glue-point": None, DRAW + "enhanced-geometry": None, TABLE + "shapes": None,
    OFFICE + "annotation": "comment", DRAW + "image": "picture", DRAW + "object": "embedded-object", DRAW + "object-ole": "embedded-object",
    DRAW + "plugin": "embedded-object", DRAW + "applet": "embedded-object", DRAW + "floating-frame": "embedded-document", DRAW + "control": "embedded-object",
}  # fmt: skip
"""Elements that carry no text of the document, and the code of the diagnostic that leaving them out deserves."""


def number(value: str | None, default: int, most: int) -> int:
    """A count of the markup, cut off at `most`; `default` where it is missing or no count."""
    if value is None or not (value.isascii() and value.isdigit()):
        return default
    return min(int(value[:12]), most)

"""What the attributes of an HTML element say about its text: hidden, heading, list number, picture font, frame of a page.

Only ``style`` attributes are read, no style sheets: Word, WPS and LibreOffice write there what bears on the text
(``mso-…``), and what scripts do with classes is not known here anyway.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from extractor.readers.numbering import MAX_NUMBER, format_number
from extractor.readers.symbols import is_picture_font

HEADINGS = {f"h{level}": level for level in range(1, 7)}

_SKIPPED = {
    **dict.fromkeys(("head", "title", "script", "style", "noscript", "noframes", "noembed", "template", "rt", "rp", "datalist"), ""),
    **dict.fromkeys(("button", "progress", "meter"), "form-control"),
    **dict.fromkeys(("object", "applet", "video", "audio", "canvas"), "embedded-object"),
    "svg": "picture", "iframe": "embedded-document", "del": "tracked-deletion",
}  # fmt: skip
"""Elements whose text is left out, with the code that this deserves; "" for what no reader of the page sees."""

_MSO_ELEMENTS = {"comment-list": "comment", "header": "", "footer": "", "footnote-separator": ""}
_NOTE_ANCHOR = re.compile(r"_(?:ftn|edn)(?:ref)?\d+|sd(?:foot|end)note\d+(?:anc|sym)")
_COMMENT_ANCHOR = re.compile(r"_msoanchor_|_msocom_")
_PARTS = re.compile(r"[\s_\d-]+|(?<=[a-z])(?=[A-Z])")
_CHROME = frozenset((
    "nav", "navbar", "navigation", "menu", "bread", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "footer", "copyright", "share", "bdshare",
    "sidebar", "aside", "friendlink", "friendlinks", "pagination", "pager", "toolbar", "contentinfo", "search", "complementary",
))  # fmt: skip
_BORDER = re.compile(r"(?:solid|double|dashed|dotted|inset|outset|groove|ridge)")
_BLOCK_DISPLAY = frozenset(("block", "flex", "grid", "table", "list-item", "table-row", "flow-root"))


class Place(msgspec.Struct, frozen=True):
    """What holds for text at one place. `skip` is the code of what is left out there, "" if that is not worth telling."""

    skip: str | None = None
    level: int | None = None
    label: bool = False
    """A list number that Word printed."""
    font: str = ""
    """The picture font, if it is one."""
    linked: bool = False
    chrome: bool = False
    """Navigation, side bar or foot of a web page, if the page says so."""
    literal: bool = False
    """White space counts (``pre``)."""


class Style(msgspec.Struct, frozen=True):
    """The declarations of a ``style`` attribute that bear on the text."""

    hidden: bool = False
    display: str = ""
    level: int | None = None
    label: bool = False
    tabs: int = 0
    element: str = ""
    font: str | None = None
    literal: bool | None = None
    bordered: bool = False
    list_type: str | None = None


_PLAIN = Style()


def style_of(attributes: dict[str, str]) -> Style:
    """The declarations of the element's ``style`` attribute."""
    return _parsed(attributes["style"]) if attributes.get("style") else _PLAIN


@lru_cache(maxsize=1024)
def _parsed(style: str) -> Style:
    said: dict[str, str] = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        said[name.strip().lower()] = value.replace("!important", "").strip().lower()
    outline = said.get("mso-outline-level", "")
    tabs = said.get("mso-tab-count", "")
    font = said.get("mso-symbol-font-family") or said.get("font-family")
    kind = said.get("list-style-type") or said.get("list-style")
    return Style(
        hidden=said.get("display") == "none" or said.get("visibility") == "hidden" or said.get("mso-hide") == "all",
        display=said.get("display", ""),
        level=int(outline) if outline in tuple("123456789") else None,
        label=said.get("mso-list") == "ignore",
        tabs=int(tabs[:1]) if tabs[:1].isdigit() and tabs.isascii() else 0,
        element=said.get("mso-element", ""),
        font=_family(font) if font is not None else "" if "font" in said else None,
        literal=said["white-space"].startswith(("pre", "break")) if "white-space" in said else None,
        bordered=any(name.startswith("border") and _BORDER.search(value) for name, value in said.items())
        or _BORDER.search(said.get("mso-border-alt", "")) is not None,
        list_type=kind.split()[0] if kind else None,
    )


def _family(families: str) -> str:
    """The first of the fonts, if it is a picture font."""
    first = families.split(",")[0].strip(" \"'")
    return first if is_picture_font(first) else ""


def inside(place: Place, name: str, attributes: dict[str, str], style: Style) -> Place:
    """The place of the text inside an element that stands at `place`; `place` itself where nothing changes."""
    if place.skip is not None:
        return place
    skip = _skipped(name, attributes, style)
    if skip is not None:
        return msgspec.structs.replace(place, skip=skip)
    if not attributes and name not in ("pre", "nav", "footer", "aside", "search", "xmp", "textarea") and name not in HEADINGS:
        return place
    family = _family(attributes["face"].lower()) if "face" in attributes else style.font
    literal = True if name in ("pre", "xmp", "textarea") else style.literal
    changed = Place(
        level=_level(name, attributes, style) or place.level,
        label=place.label or style.label,
        font=place.font if family is None else family,
        linked=place.linked or (name == "a" and not attributes.get("href", "#").startswith("#")),
        chrome=place.chrome or _is_chrome(name, attributes),
        literal=place.literal if literal is None else literal,
    )
    return place if changed == place else changed


def _skipped(name: str, attributes: dict[str, str], style: Style) -> str | None:
    if name in _SKIPPED:
        return _SKIPPED[name]
    if name == "option" and "selected" not in attributes:
        return "form-control"
    if style.hidden or "hidden" in attributes:
        return "hidden-text"
    if style.element in _MSO_ELEMENTS:
        return _MSO_ELEMENTS[style.element]
    if name == "a" and attributes:
        target = attributes.get("name", "") or attributes.get("id", "")
        if _NOTE_ANCHOR.fullmatch(target):
            return ""
        if _COMMENT_ANCHOR.match(target) or attributes.get("class", "").lower() == "msocomanchor":
            return "comment"
    # LibreOffice writes running heads and feet of the page as these.
    return "" if name == "div" and attributes.get("title") in ("header", "footer") else None


def _level(name: str, attributes: dict[str, str], style: Style) -> int | None:
    heading = attributes.get("class", "").lower().removeprefix("msoheading") if name == "p" else ""
    return style.level or HEADINGS.get(name) or (int(heading) if heading in tuple("123456789") else None)


def _is_chrome(name: str, attributes: dict[str, str]) -> bool:
    if name in ("nav", "footer", "aside", "search"):
        return True
    words = " ".join(attributes[key][:200] for key in ("class", "id", "role") if key in attributes)
    return bool(words) and _names_chrome(words)


@lru_cache(maxsize=1024)
def _names_chrome(words: str) -> bool:
    return any(part.lower() in _CHROME for part in _PARTS.split(words))


def starts_line(style: Style) -> bool:
    """Whether the style makes a line of its own of an element that has none."""
    return style.display in _BLOCK_DISPLAY


# --- numbers of lists ---------------------------------------------------------------------------

_TYPES = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "decimal": "decimal",
    "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter", "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman", "upper-roman": "upperRoman", "decimal-leading-zero": "decimalZero",
    "cjk-ideographic": "chineseCountingThousand", "simp-chinese-informal": "chineseCountingThousand",
    "trad-chinese-informal": "taiwaneseCountingThousand", "simp-chinese-formal": "chineseLegalSimplified",
    "trad-chinese-formal": "ideographLegalTraditional", "cjk-decimal": "ideographDigital",
    "cjk-heavenly-stem": "ideographTraditional", "cjk-earthly-branch": "ideographZodiac",
}  # fmt: skip
_UNNUMBERED = frozenset(("none", "disc", "circle", "square"))
_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,9})")


class ItemList:
    """An ``ol`` or ``ul`` while it is open: gives its items their printed numbers."""

    def __init__(self, name: str, attributes: dict[str, str], style: Style) -> None:
        self._type = style.list_type or attributes.get("type", "").strip() or ("1" if name == "ol" else "none")
        self._numbered = name == "ol"
        start = integer(attributes.get("start"))
        self._step = -1 if "reversed" in attributes else 1
        self.unknown = self._step < 0 and start is None and self._numbered
        """A list counted down from its own length, which is not known before its end: its numbers are not told."""
        self._next = 1 if start is None else start

    def label(self, attributes: dict[str, str], style: Style) -> str:
        """The number of the next item as a browser prints it: "3." or "三、"; "" for one without."""
        value = integer(attributes.get("value"))
        number = self._next if value is None else value
        self._next = number + self._step
        kind = style.list_type or attributes.get("type", "").strip() or self._type
        if not self._numbered or self.unknown or kind in _UNNUMBERED:
            return ""
        form = _TYPES.get(kind, _TYPES.get(kind.lower(), "decimal")) if number <= MAX_NUMBER else "decimal"
        if form in ("lowerLetter", "upperLetter") and number > 0:
            letters = _letters(number)
            return (letters.upper() if form == "upperLetter" else letters) + "."
        return format_number(number, form) + ("、" if kind.startswith(("cjk", "simp", "trad")) else ".")


def _letters(number: int) -> str:
    """a … z, aa, ab …: base 26 without a zero, as CSS counts (Word repeats the letter instead)."""
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters


def integer(value: str | None) -> int | None:
    """The whole number at the beginning of an attribute; None where there is none of sane length."""
    found = _INTEGER.match(value) if value else None
    return int(found[1]) if found else None

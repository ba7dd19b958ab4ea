"""Numbers of the lists of an OpenDocument text: which list a paragraph counts in, and at which level.

A list counts on its own, unless it says that it continues the one before it, or one that it names. Lists inside
an item are deeper levels of the same list. Source: OASIS OpenDocument 1.3, part 3, 5.3 and 19.880 (continue-numbering).
"""

from __future__ import annotations

from lxml import etree

from extractor.readers.numbering import LEVELS, MAX_NUMBER, Level, List, Num, Numbering
from extractor.readers.odf_names import STYLE_NAME, TEXT, number
from extractor.readers.odf_styles import Styles

_ID = "{http://www.w3.org/XML/1998/namespace}id"


class Place:
    """Where in the lists the walk stands: the list, its style, the level from 0, and an item that has not counted yet."""

    __slots__ = ("due", "level", "list", "start", "style")

    def __init__(self, list_id: str, style: str | None, level: int) -> None:
        self.list, self.style, self.level = list_id, style, level
        self.due = False
        self.start: int | None = None


class Lists:
    """The lists of one document, in the order of the walk."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._nums: dict[str, Num] = {"outline": Num(List(styles.outline), {}, {})}
        self._numbering = Numbering(self._nums)
        self._named: dict[str, str] = {}
        self._latest: dict[str | None, str] = {}
        self.without_style = 0
        """Items whose list style is missing, so that their numbers are not known."""

    def enter(self, node: etree._Element, outer: Place | None) -> Place:
        """The place in a text:list that begins, `outer` being the item around it."""
        style = node.get(STYLE_NAME) or (outer.style if outer else None)
        if outer is not None:
            place = Place(outer.list, style, min(outer.level + 1, LEVELS - 1))
            own = self._styles.levels(node.get(STYLE_NAME)) if node.get(STYLE_NAME) != outer.style else None
            if own is not None:
                self._nums[place.list].levels.update(own)
            return place
        before = self._named.get(node.get(TEXT + "continue-list", ""))
        if before is None and node.get(TEXT + "continue-numbering") == "true":
            before = self._latest.get(style)
        list_id = before or str(len(self._nums))
        self._nums.setdefault(list_id, Num(List(self._styles.levels(style) or {}), {}, {}))
        if name := node.get(_ID):
            self._named[name] = list_id
        self._latest[style] = list_id
        return Place(list_id, style, 0)

    def item(self, place: Place, node: etree._Element) -> None:
        """An item begins: its first paragraph counts."""
        place.due = True
        place.start = number(node.get(TEXT + "start-value"), -1, MAX_NUMBER)

    def label(self, place: Place, paragraph_style: str | None) -> str:
        """The number of the next paragraph at `place`; "" for a further paragraph of its item."""
        if not place.due:
            return ""
        place.due = False
        num = self._nums[place.list]
        if place.style is None and not num.shared.levels:
            place.style = self._styles.get("paragraph", paragraph_style).list_style
            num.shared.levels.update(self._styles.levels(place.style) or {})
        if not num.shared.levels:
            self.without_style += 1
            return ""
        if place.start is not None and place.start >= 0:
            num.starts[place.level] = place.start
        return self._numbering.label(place.list, place.level)

    def heading(self, level: int) -> str:
        """The number of a heading outside lists, whose outline level counts from 1."""
        shown = self._styles.outline.get(level - 1, Level(style="none"))
        return "" if shown.style == "none" and not shown.text else self._numbering.label("outline", level - 1)

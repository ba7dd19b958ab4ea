"""The lists of a .docx: numbering.xml to the numberings that `numbering` counts with (ISO/IEC 29500-1, 17.9)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from extractor.readers.numbering import MAX_NUMBER, Level, List, Num, Numbering

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = _W + "val"
_MAX_LINKS = 10
"""List styles that refer to each other; more is a circle."""


def numbering(root: etree._Element | None, list_style: Callable[[str], str | None]) -> Numbering:
    """The numberings by w:numId.

    `root` is that of numbering.xml or None; `list_style` gives the `w:numId` of a list style (w:numStyleLink).
    """
    nums: dict[str, Num] = {}
    if root is None:
        return Numbering(nums)
    definitions = {node.get(_W + "abstractNumId"): node for node in root.iterchildren(_W + "abstractNum")}
    instances = {node.get(_W + "numId"): node for node in root.iterchildren(_W + "num")}
    shared: dict[str | None, List] = {}
    for num_id, instance in instances.items():
        key = _definition(num_id, definitions, instances, list_style)
        if num_id is None or key not in definitions:
            continue
        if key not in shared:
            shared[key] = List(_levels(definitions[key]))
        overrides = list(instance.iterchildren(_W + "lvlOverride"))
        nums[num_id] = Num(
            shared[key],
            {_ilvl(node): _level(level) for node in overrides if (level := node.find(_W + "lvl")) is not None},
            {_ilvl(node): _number(node, "startOverride", 1)
             for node in overrides if node.find(_W + "startOverride") is not None},
        )  # fmt: skip
    return Numbering(nums)


def _definition(
    num_id: str | None,
    definitions: dict[str | None, etree._Element],
    instances: dict[str | None, etree._Element],
    list_style: Callable[[str], str | None],
) -> str | None:
    """The abstract definition that `num_id` comes to, through w:numStyleLink where there is one."""
    key = None
    for _ in range(_MAX_LINKS):
        instance = instances.get(num_id)
        link = None if instance is None else instance.find(_W + "abstractNumId")
        key = None if link is None else link.get(_VAL)
        style = None if key not in definitions else definitions[key].find(_W + "numStyleLink")
        following = None if style is None else list_style(style.get(_VAL, ""))
        if following is None or following == num_id:
            break
        num_id = following
    return key


def _levels(definition: etree._Element) -> dict[int, Level]:
    return {_ilvl(node): _level(node) for node in definition.iterchildren(_W + "lvl")}


def _level(node: etree._Element) -> Level:
    style, width = "decimal", 0
    # A custom format ("001, 002, …") stands in mc:Choice, its plain stand-in in mc:Fallback: the last one wins.
    for form in node.iter(_W + "numFmt"):
        style = form.get(_VAL, style)
        sample = form.get(_W + "format", "").partition(",")[0].strip()
        if sample.isdecimal() and sample.startswith("0"):
            width = min(len(sample), 6)
    text = node.find(_W + "lvlText")
    legal = node.find(_W + "isLgl")
    linked = node.find(_W + "pStyle")
    return Level(
        start=min(_number(node, "start", 0), MAX_NUMBER),
        style=style,
        width=width,
        text="" if text is None else text.get(_VAL, ""),
        restart=None if node.find(_W + "lvlRestart") is None else _number(node, "lvlRestart", 0),
        decimal_only=legal is not None and legal.get(_VAL) not in ("0", "false", "off"),
        paragraph_style=None if linked is None else linked.get(_VAL),
    )


def _ilvl(node: etree._Element) -> int:
    return as_int(node.get(_W + "ilvl"), 0)


def _number(node: etree._Element, name: str, default: int) -> int:
    found = node.find(_W + name)
    return default if found is None else as_int(found.get(_VAL), default)


def as_int(value: str | None, default: int) -> int:
    """A count of the markup; `default` where it is missing, no number or negative."""
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 10 else default

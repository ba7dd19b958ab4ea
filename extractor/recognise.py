"""Runs both recognisers over one span of a document and puts what they find into its coordinates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from extractor import dates, quantities
from extractor.folding import fold
from extractor.model import Date, Quantity, Struct

if TYPE_CHECKING:
    from extractor.registry import Tables

T = TypeVar("T", Date, Quantity)
_NUMERIC_LEAD = re.compile(r"\s*\d{1,2}[.·/]\d{1,2}(?!\d|[万亿千百%％个])")


class Mentions(Struct, frozen=True):
    """What a span holds, in document offsets and in order: dates, and the quantities that are no dates."""

    start: int
    end: int
    dates: tuple[Date, ...]
    quantities: tuple[Quantity, ...]


def recognise(text: str, start: int, end: int, year: int | None, month: int | None, tables: Tables, dated_cell: bool = False) -> Mentions:
    """The mentions in text[start:end]. `year` and `month` come from the headings above; in a `dated_cell`
    and at the start of an entry ``4.23`` is a day."""
    span = text[start:end]
    numeric = dated_cell or (month is None and _NUMERIC_LEAD.match(fold(span[:12])) is not None)
    found = dates.find(span, tables.dates, year=year, month=month, numeric_month_day=numeric)
    if numeric and not dated_cell and found and found[0].start <= 2:
        # Only the date that leads the entry may be written 4.23; further on it is a decimal number.
        cut = _lead_end(span, found)
        found = [d for d in found if d.end <= cut] + [
            _moved(d, cut) for d in dates.find(span[cut:], tables.dates, year=year, month=month)
        ]  # fmt: skip
    placed = tuple(_moved(d, start) for d in found)
    amounts = tuple(
        _moved(q, start) for q in quantities.find(span, tables.quantities) if not any(q.start + start < d.end and d.start < q.end + start for d in placed)
    )  # fmt: skip
    return Mentions(start, end, placed, amounts)


def _lead_end(span: str, found: list[Date]) -> int:
    """Where the dates that lead a span end: those parted from the one before by a mark of enumeration alone."""
    end = found[0].end
    for date in found[1:]:
        if not re.fullmatch(r"\s*[、，,]\s*", span[end : date.start]):
            break
        end = date.end
    return end


def _moved(mention: T, by: int) -> T:
    moved: T = msgspec.structs.replace(mention, start=mention.start + by, end=mention.end + by)
    return moved

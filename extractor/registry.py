"""Which rule files exist, what struct each table in them is, and how the compiled tables are built.

Adding a kind of rule is one line in `KINDS` and one field in `Tables`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from extractor import awards, dates, events, indicators, labels, periods, quantities, sections, tables
from extractor.model import Rule


@dataclass(frozen=True)
class Tables:
    """Everything the stages need, compiled once."""

    quantities: quantities.Tables
    dates: dates.Tables
    indicators: indicators.Tables
    awards: awards.Tables
    tables: tables.Tables
    sections: sections.Tables
    events: events.Tables
    periods: periods.Tables
    labels: labels.Tables


@dataclass(frozen=True)
class Kind:
    """`name` is the TOML table name, `files` a glob under rules/, `fires(rule, text, tables)` runs one example."""

    name: str
    files: str
    struct: type[Rule]
    fires: Callable[[Any, str, Tables], bool]


KINDS: tuple[Kind, ...] = (
    Kind("unit", "units.toml", quantities.Unit, lambda r, text, t: quantities.unit_fires(r, text, t.quantities)),
    Kind("hedge", "hedges.toml", quantities.Hedge, lambda r, text, t: quantities.hedge_fires(r, text, t.quantities)),
    Kind("nonfigure", "nonfigures.toml", quantities.NonFigure, lambda r, text, t: quantities.nonfigure_fires(r, text, t.quantities)),
    Kind("period", "dates.toml", dates.Period, lambda r, text, t: dates.period_fires(r, text, t.dates)),
    Kind("indicator", "indicators/*.toml", indicators.Indicator, lambda r, text, t: indicators.indicator_fires(r, text, t.indicators, t.quantities)),
    Kind("award", "awards.toml", awards.AwardRule, lambda r, text, t: awards.award_fires(r, text, t.awards)),
    Kind("section", "sections.toml", sections.SectionRule, lambda r, text, t: sections.section_fires(r, text, t.sections)),
    Kind("event", "events.toml", events.EventRule, lambda r, text, t: events.event_fires(r, text, t.events)),
    Kind("season", "periods.toml", periods.Season, lambda r, text, t: periods.season_fires(r, text, t.periods)),
    Kind("implied", "implied.toml", labels.Implied, lambda r, text, t: labels.implied_fires(r, text, t.labels, t.quantities)),
    Kind("table", "tables.toml", tables.TableRule, lambda r, text, t: tables.table_fires(r, text, t.tables)),
)


def build(rules: dict[str, tuple[Any, ...]], faults: list[str]) -> Tables:
    """The compiled tables; what cannot be compiled is added to `faults` as ``file: [[kind]] id: key: what``."""
    return Tables(
        quantities=quantities.compile_tables(rules["unit"], rules["hedge"], rules["nonfigure"], faults),
        dates=dates.compile_tables(rules["period"], faults),
        indicators=indicators.compile_tables(rules["indicator"], faults),
        awards=awards.compile_tables(rules["award"], faults),
        tables=tables.compile_tables(rules["table"], faults),
        sections=sections.compile_tables(rules["section"], faults),
        events=events.compile_tables(rules["event"], faults),
        periods=periods.compile_tables(rules["season"], faults),
        labels=labels.compile_tables(rules["implied"], faults),
    )

"""Which rule files exist, what struct each table in them is, and how the compiled tables are built.

Adding a kind of rule is one line in `KINDS`, and one property in `Tables` where its module is new there. A module
is imported when its tables are first asked for: who wants dates only does not pay for awards.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    import extractor.awards
    import extractor.comparisons
    import extractor.dates
    import extractor.domains
    import extractor.events
    import extractor.indicators
    import extractor.labels
    import extractor.periods
    import extractor.quantities
    import extractor.sections
    import extractor.tables
    import extractor.variants
    from extractor.conditions import Context
    from extractor.indicators import Link
    from extractor.model import Rule


class Kind(NamedTuple):
    """`name` is the TOML table name, `files` a glob under rules/. `module` declares its struct, the function that
    tells whether an example fires, and `compile_tables`; `given` are the tables that function needs."""

    name: str
    files: str
    module: str
    struct_name: str
    given: tuple[str, ...]

    @property
    def struct(self) -> type[Rule]:
        struct: type[Rule] = getattr(import_module(f"extractor.{self.module}"), self.struct_name)
        return struct

    def fires(self, rule: Rule, text: str, tables: Tables) -> bool:
        """Whether `rule` fires in `text`: runs one of its examples or rejects."""
        fires: Callable[..., bool] = getattr(import_module(f"extractor.{self.module}"), f"{self.name}_fires")
        return fires(rule, text, *(getattr(tables, part) for part in self.given))


KINDS: tuple[Kind, ...] = (
    Kind("unit", "units.toml", "quantities", "Unit", ("quantities",)),
    Kind("hedge", "hedges.toml", "quantities", "Hedge", ("quantities",)),
    Kind("nonfigure", "nonfigures.toml", "quantities", "NonFigure", ("quantities",)),
    Kind("period", "dates.toml", "dates", "Period", ("dates",)),
    Kind("indicator", "indicators/*.toml", "indicators", "Indicator", ("indicators", "quantities")),
    Kind("domain", "domains.toml", "domains", "Domain", ("domains",)),
    Kind("award", "awards.toml", "awards", "AwardRule", ("awards",)),
    Kind("section", "sections.toml", "sections", "SectionRule", ("sections",)),
    Kind("event", "events.toml", "events", "EventRule", ("events",)),
    Kind("season", "periods.toml", "periods", "Season", ("periods",)),
    Kind("implied", "implied.toml", "labels", "Implied", ("labels", "quantities")),
    Kind("table", "tables.toml", "tables", "TableRule", ("tables",)),
    Kind("compare", "checks.toml", "comparisons", "Compare", ("quantities",)),
    Kind("identity", "checks.toml", "comparisons", "Identity", ()),
    Kind("carry", "checks.toml", "comparisons", "Carry", ()),
    Kind("variant", "variants.toml", "variants", "Variant", ("variants",)),
)  # fmt: skip


class Tables:
    """Everything the stages need. Each table is compiled once, when it is first asked for, from `rules` (kind of
    rule -> rules); what cannot be compiled goes to `report` as ``file: [[kind]] id: key: what``."""

    def __init__(self, rules: Mapping[str, tuple[Rule, ...]], report: Callable[[list[str]], None]) -> None:
        self._rules, self._report = rules, report

    def _compiled(self, module: str) -> Any:
        faults: list[str] = []
        rules = [self._rules[kind.name] for kind in KINDS if kind.module == module]
        compiled = import_module(f"extractor.{module}").compile_tables(*rules, faults)
        self._report(faults)
        return compiled

    @functools.cached_property
    def quantities(self) -> extractor.quantities.Tables:
        return self._compiled("quantities")  # type: ignore[no-any-return]

    @functools.cached_property
    def dates(self) -> extractor.dates.Tables:
        return self._compiled("dates")  # type: ignore[no-any-return]

    @functools.cached_property
    def domains(self) -> extractor.domains.Tables:
        return self._compiled("domains")  # type: ignore[no-any-return]

    @functools.cached_property
    def indicators(self) -> extractor.indicators.Tables:
        compiled: extractor.indicators.Tables = self._compiled("indicators")
        self._report(compiled.unknown({rule.id for rule in self._rules["domain"]}))
        return compiled

    @functools.cached_property
    def awards(self) -> extractor.awards.Tables:
        return self._compiled("awards")  # type: ignore[no-any-return]

    @functools.cached_property
    def tables(self) -> extractor.tables.Tables:
        return self._compiled("tables")  # type: ignore[no-any-return]

    @functools.cached_property
    def sections(self) -> extractor.sections.Tables:
        return self._compiled("sections")  # type: ignore[no-any-return]

    @functools.cached_property
    def events(self) -> extractor.events.Tables:
        return self._compiled("events")  # type: ignore[no-any-return]

    @functools.cached_property
    def periods(self) -> extractor.periods.Tables:
        return self._compiled("periods")  # type: ignore[no-any-return]

    @functools.cached_property
    def labels(self) -> extractor.labels.Tables:
        return self._compiled("labels")  # type: ignore[no-any-return]

    @functools.cached_property
    def comparisons(self) -> extractor.comparisons.Tables:
        compiled: extractor.comparisons.Tables = self._compiled("comparisons")
        self._report(compiled.unknown({rule.id for rule in self._rules["indicator"]}))
        return compiled

    def within(self, domain: str | None) -> Tables:
        """The same tables for a document of this domain."""
        tables = copy.copy(self)
        tables.__dict__["indicators"] = self.indicators.within(domain)
        return tables

    @functools.cached_property
    def variants(self) -> extractor.variants.Tables:
        return self._compiled("variants")  # type: ignore[no-any-return]

    def watched(self, watch: Callable[[Context, Link | None], None]) -> Tables:
        """The same tables; `watch` is told of every figure looked at, in its context, and of the indicator linked."""
        tables = copy.copy(self)
        tables.__dict__["indicators"] = msgspec.structs.replace(self.indicators, watch=watch)
        return tables

    def compile_all(self) -> None:
        """Compiles every table, so that every fault is reported."""
        for module in dict.fromkeys(kind.module for kind in KINDS):
            getattr(self, module)

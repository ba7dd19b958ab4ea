"""Rules that never fired over a corpus.

Of indicators, tables, categories of events, domains, headings and checks the records say what made them; a unit
or hedge fired where a figure has one of its forms. Of the other kinds only those are told whose words stand in no report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from extractor import sections
from extractor.folding import fold
from extractor.model import Check, Report, Rule
from extractor.rules import Rules

_SAID = ("words", "before", "after", "whole", "then", "forms")
"""Keys of rules that hold words of the text."""
_WHOLE = ("indicator", "table", "event", "domain", "section", "unit", "hedge", "compare", "identity", "carry")


class Usage:
    """What fired in the reports seen so far: names such as ``indicator:visits.total``, and their texts."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.fired: set[str] = set()
        self._texts: list[str] = []

    def see(self, report: Report, check: Check) -> None:
        """Takes note of one report and its findings."""
        self._texts.append(fold(report.text))
        for name in (record.rule for record in (*report.figures, *report.statistics, *report.tables)):
            source, _, rule = (name or "").partition(":")
            self.fired.add(f"{source.removesuffix('s')}:{rule}")
        self.fired |= {f"indicator:{figure.indicator}" for figure in report.figures} | {f"indicator:{row.indicator}" for row in report.statistics}
        self.fired |= {f"event:{event.category}" for event in report.events if event.category}
        self.fired.add(f"domain:{report.domain}")
        for finding in check.findings:
            self.fired |= {f"{kind}:{finding.rule.removeprefix('checks:')}" for kind in ("compare", "identity", "carry")}
        self._words(report)

    def _words(self, report: Report) -> None:
        for section in report.sections:
            role = sections.role_of(section.heading, self.rules.tables.sections)
            if role:
                self.fired |= {f"section:{rule.id}" for rule in self.rules.by_kind["section"] if rule.role == role}  # type: ignore[attr-defined]
        raws = {fold(figure.raw) for figure in report.figures}
        for kind in ("unit", "hedge"):
            for rule in self.rules.by_kind[kind]:
                if any(form in raw for form in rule.forms for raw in raws):  # type: ignore[attr-defined]
                    self.fired.add(f"{kind}:{rule.id}")

    def unused(self) -> Iterator[tuple[str, str]]:
        """Kind and id of every rule that never fired, in the order of the kinds."""
        text = "\n".join(self._texts)
        for kind, rules in self.rules.by_kind.items():
            for rule in rules:
                fired = f"{kind}:{rule.id}" in self.fired
                if not fired and (kind in _WHOLE or not _stands(rule, text)):
                    yield kind, rule.id


def _stands(rule: Rule, text: str) -> bool:
    """Whether some word of the rule stands in the text; True where it has none."""
    words = [word for key in _SAID for word in _texts(msgspec.structs.asdict(rule).get(key))]
    return not words or any(re.sub(r"\s+", "", word) in text for word in words)


def _texts(value: object) -> Iterable[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, tuple) else ()

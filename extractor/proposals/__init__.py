"""Rules to be taken up for what a report says and nothing took: TOML that is ready to be pasted, for a person to go through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from extractor.explain import traced, untaken
from extractor.proposals import amounts, headers, honours
from extractor.proposals.entries import TODO, Proposal
from extractor.proposals.proof import proven
from extractor.readers import read
from extractor.rules import Rules

_HEADINGS = {
    "unit": ("Measure words that are not known.", "Is it one, or is the unit longer? If the number counts nothing, delete the entry or write a [[nonfigure]]."),
    "implied": ("Numbers without a unit.", "次 is a guess: put the unit that the words imply, or delete the entry."),
    "indicator": (
        "Figures and rows of the form without an indicator.",
        "kind: stock is how much there is at the end of the year, flow how much in the year. Shorten the phrases to the words that",
        "always stand there, add other wordings, and rejects: texts that look alike and mean something else.",
    ),
    "table": ("Columns whose header is not known.",),
    "award": (
        "Verbs before honours in quotation marks.",
        "role: strong takes whatever is quoted behind the verb; receive, named and listed ask for more. If the institution gives: give.",
    ),
}  # fmt: skip
"""What a person has to decide, by kind of rule."""


def propose(path: Path, rules: Rules, domain: str | None = None) -> Iterator[str]:
    """Lines of TOML: proposed rules with what a person has to decide as comments above each. They pass `extractor rules
    check` in a file rules.toml of the folder that `rules` came from, or of a new one."""
    document = read(path)
    report, contexts = traced(document, rules, domain)
    found, aside = amounts.indicators(report, contexts, rules.tables.within(report.domain).indicators)
    words = frozenset(word for rule in rules.by_kind["award"] for word in rule.words)  # type: ignore[attr-defined]
    proposals = [
        *amounts.units(report, untaken(document, report), rules.tables.quantities), *found,
        *headers.columns(report, rules.tables.tables), *honours.verbs(report, rules.tables.awards, words),
    ]  # fmt: skip
    held = proven(proposals, rules)
    yield f"# Proposed for {path.name}: {len(held)} rules for what nothing took. They are guesses: go through all of them,"
    yield f"# give every id that begins with {TODO} a name of its own, delete what should not be a rule, and run `extractor rules check`."
    yield f"# Not proposed: {aside} figures that are shares, differences, of single days, of parts of the institution or of plans" + _dropped(len(proposals) - len(held))
    for kind, decide in _HEADINGS.items():
        own: list[Proposal] = [proposal for proposal in held if proposal.kind == kind]
        if own:
            yield ""
            yield from (f"# {line}" for line in decide)
        for proposal in own:
            yield ""
            yield proposal.toml().rstrip("\n")


def _dropped(count: int) -> str:
    return f"; and {count} more, whose words do not tell enough by themselves." if count else "."

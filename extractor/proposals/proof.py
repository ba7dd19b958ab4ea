"""Proposals are only made where they pass `extractor rules check`: each fires in its examples and breaks no other rule's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count

from extractor.errors import RuleError
from extractor.proposals.entries import Proposal
from extractor.registry import KINDS, Kind
from extractor.rules import Failure, Rules, check, trial

_KINDS = {kind.name: kind for kind in KINDS}
_NAMED = re.compile(r"\[\[(\w+)\]\] (.+?): ")


def proven(proposals: Sequence[Proposal], rules: Rules) -> list[Proposal]:
    """The proposals that hold together with `rules`; of each the first examples that fire. The others are left out."""
    left = _apart(proposals)
    while left:
        loaded, left = _loaded(left, rules)
        if loaded is None:
            break
        firing = _firing(left, loaded)
        if firing == left:
            failures = check(loaded)
            failures = [failure for failure in failures if failure not in set(check(rules))] if failures else []
            if not failures:
                break
            firing = _harmless(left, failures)
        left = firing
    return left


def _apart(proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals, each id once in a kind."""
    left: dict[tuple[str, str], Proposal] = {}
    for proposal in proposals:
        identity = proposal.id
        for number in count(2):
            if (proposal.kind, identity) not in left:
                break
            identity = f"{proposal.id}-{number}"
        left[proposal.kind, identity] = Proposal(proposal.kind, {**proposal.keys, "id": identity}, proposal.examples, proposal.notes, proposal.words)
    return list(left.values())


def _loaded(proposals: list[Proposal], rules: Rules) -> tuple[Rules | None, list[Proposal]]:
    """The rules with the proposals, those left out that are no rules (their id is taken, a word is another rule's)."""
    left = proposals
    while left:
        try:
            return trial(rules, draft(left)), left
        except RuleError as error:
            named = {(found[1], found[2]) for found in _NAMED.finditer(str(error))}
            kept = [proposal for proposal in left if (proposal.kind, proposal.id) not in named]
            left = kept if len(kept) < len(left) else left[:-1]
    return None, []


def draft(proposals: Iterable[Proposal]) -> str:
    """The proposals as one file of rules."""
    return "\n".join(proposal.toml() for proposal in proposals)


def _firing(proposals: list[Proposal], rules: Rules) -> list[Proposal]:
    """The proposals with the next examples where one does not fire, without those that have no more."""
    tried = (proposal if _fires(proposal, _KINDS[proposal.kind], rules) else proposal.otherwise() for proposal in proposals)
    return [proposal for proposal in tried if proposal is not None]


def _fires(proposal: Proposal, kind: Kind, rules: Rules) -> bool:
    rule = next(rule for rule in rules.by_kind[kind.name] if rule.id == proposal.id)
    return all(kind.fires(rule, text, rules.tables) for text in proposal.examples[0])


def _harmless(proposals: list[Proposal], failures: Sequence[Failure]) -> list[Proposal]:
    """The proposals without those whose words stand in a text that another rule now fails; where none does, without the last."""
    texts = [failure.text for failure in failures]
    left = [proposal for proposal in proposals if not any(word in text for word in proposal.words for text in texts)]
    return left if len(left) < len(proposals) else proposals[:-1]

"""A rule that is proposed, and how it is written as TOML."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

TODO = "todo."
"""What the ids of proposed rules begin with: whoever takes them gives them a name."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class Proposal:
    """An entry of kind `kind`: its keys in order, `examples` left out; `examples` to be tried in turn, each a tuple of texts;
    `notes`: what a person has to decide; `words`: by which a broken example of another rule is laid to it."""

    kind: str
    keys: dict[str, Any]
    examples: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The rule's id."""
        return str(self.keys["id"])

    def otherwise(self) -> Proposal | None:
        """The same with the next examples; None where there are no more."""
        return replace(self, examples=self.examples[1:]) if len(self.examples) > 1 else None

    def toml(self) -> str:
        """The entry, its notes as comments above it."""
        tables = {key: value for key, value in self.keys.items() if isinstance(value, dict)}
        plain = {key: value for key, value in self.keys.items() if key not in tables} | {"examples": list(self.examples[0])}
        lines = [f"# {_CONTROL.sub(' ', note)}" for note in self.notes]
        lines += [f"[[{self.kind}]]", *(f"{key} = {_value(value)}" for key, value in plain.items())]
        for name, table in tables.items():
            lines += [f"[{self.kind}.{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
        return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """A TOML value: a text, a list of texts, a truth value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def slug(words: str) -> str:
    """Words as part of an id: letters and digits only."""
    return re.sub(r"[^\w]+", "-", words).strip("-_") or "x"

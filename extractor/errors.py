"""The errors a caller can meet. All of them carry a message a clerk can act on."""

from __future__ import annotations


class ExtractorError(Exception):
    """Anything that stops one document, or the rules, from being read.

    `source` names the file (or rule file), `problem` says what is wrong and `advice` what to do;
    `str(error)` joins the three as ``source: problem: advice``.
    """

    def __init__(self, source: str, problem: str, advice: str) -> None:
        self.source, self.problem, self.advice = source, problem, advice
        super().__init__(f"{source}: {problem}: {advice}")

    def __reduce__(self) -> tuple[type[ExtractorError], tuple[str, str, str]]:
        return type(self), (self.source, self.problem, self.advice)


class UnsupportedFormat(ExtractorError):
    """The content is of no format that a reader knows."""


class UnreadableDocument(ExtractorError):
    """The format is known, but the content is damaged, encrypted, empty or beyond a limit."""


class RuleError(ExtractorError):
    """One or more rules are wrong; every fault is listed, each with file, id and key."""

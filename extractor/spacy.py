"""The recognisers as a spaCy component, and the records of a report as `Doc.spans`.

    nlp = spacy.blank("zh")
    nlp.add_pipe("extractor", config={"year": 2021})
    doc = nlp("3月5日，接待读者30.9万余人次")
    doc.spans["quantities"][0]._.low        # 309000
    doc.spans["dates"][0]._.edtf            # 2021-03-05

Spans hold the words of a mention or, where the tokenizer cuts otherwise, the tokens that hold them. spaCy's own Chinese
segmenter parts ``10666`` into five tokens: `blank` gives a pipeline with a tokenizer that keeps numbers whole, and a
config can name it as ``extractor.zh.v1``. This is the only module that knows spaCy (extra ``spacy``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor import dates, quantities, rules
from extractor.errors import ExtractorError
from extractor.model import Date, Quantity, Record, Report

try:
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc, Span, SpanGroup
    from spacy.util import registry
    from spacy.vocab import Vocab
except ImportError as error:  # pragma: no cover - in a process of its own in the tests
    raise ExtractorError(
        "extractor.spacy", f"spaCy cannot be imported ({error})", "install it with: pip install 'extractor[spacy]'"
    ) from error

if TYPE_CHECKING:
    from extractor.registry import Tables

RECORDS = ("events", "figures", "awards", "media", "statistics", "profile", "tables")
"""The lists of a report that become groups of spans in `to_doc`."""
ATTRIBUTES = ("start_char", "end_char", "value", "low", "high", "hedge", "unit", "edtf", "inferred", "record")
"""What a span says under ``._.``, beside ``raw``. It is kept with the span (in `Doc.user_data`), so that a `DocBin`
written with ``store_user_data=True`` brings it back."""
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_\u2e80-\u9fff\uf900-\ufaff]+| |[^ ]")


class Tokenizer:
    """A number, a Latin word or a single other character is a token; every character is in some token."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for word in _TOKEN.findall(text):
            if word == " " and spaces and not spaces[-1]:
                spaces[-1] = True
            else:
                words.append(word)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> Tokenizer:
        return self

    def to_disk(self, *_: Any, **__: Any) -> None:
        """There is nothing to keep."""

    def from_disk(self, *_: Any, **__: Any) -> Tokenizer:
        return self


@registry.tokenizers("extractor.zh.v1")  # type: ignore[untyped-decorator]
def tokenizer() -> Callable[[Language], Tokenizer]:
    """``[nlp.tokenizer] @tokenizers = "extractor.zh.v1"``: the tokenizer that keeps numbers whole."""
    return lambda nlp: Tokenizer(nlp.vocab)


def blank(year: int | None = None, rules: str | None = None) -> Language:
    """A Chinese pipeline of this tokenizer and this component. `year` and `rules` as in `create`."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "extractor.zh.v1"}}})
    nlp.add_pipe("extractor", config={"year": year, "rules": rules})
    return nlp


@Language.factory(
    "extractor",
    default_config={"rules": None, "year": None},
    assigns=["doc.spans", "span._.value", "span._.low", "span._.high", "span._.hedge", "span._.unit", "span._.edtf", "span._.inferred"],
)
def create(nlp: Language, name: str, rules: str | None, year: int | None) -> Component:
    """The factory of ``nlp.add_pipe("extractor")``. `rules` is a folder of rules (none: the built-in ones), `year` what
    dates without a year are given. Raises `RuleError`."""
    return Component(rules, year)


class Component:
    """Sets ``doc.spans["quantities"]``, labelled with the unit (a bare number: ``NUMBER``), and ``doc.spans["dates"]``,
    labelled ``DATE``. A number inside a date is no quantity."""

    def __init__(self, folder: str | Path | None = None, year: int | None = None) -> None:
        self.tables: Tables = rules.load(folder).tables
        self.year = year

    def __call__(self, doc: Doc) -> Doc:
        found = dates.find(doc.text, self.tables.dates, year=self.year)
        starts = {place for date in found for place in range(date.start, date.end)}
        amounts = [q for q in quantities.find(doc.text, self.tables.quantities) if q.start not in starts]
        doc.spans["quantities"] = _group(doc, "quantities", amounts)
        doc.spans["dates"] = _group(doc, "dates", found)
        return doc

    def to_disk(self, *_: Any, **__: Any) -> None:
        """There is nothing to keep: the pipeline's config says which rules and which year."""

    def from_disk(self, *_: Any, **__: Any) -> Component:
        return self


def to_doc(report: Report, nlp: Language | None = None) -> Doc:
    """The report's text with its records as groups of spans (`RECORDS`), ``span._.record`` the record's id.

    A figure's label is its unit, that of other records their kind (``EVENT``, ``AWARD`` ...). The dates of events are
    the group ``dates``. Figures and dates have the same attributes as those of the component.
    """
    doc = (nlp.make_doc if nlp else Tokenizer(Vocab()))(report.text)
    for kind in RECORDS:
        doc.spans[kind] = _group(doc, kind, getattr(report, kind))
    doc.spans["dates"] = _group(doc, "dates", [date for event in report.events for date in event.dates])
    return doc


def offsets(doc: Doc) -> dict[str, list[tuple[str | None, int, int]]]:
    """The way back from `to_doc`: for each kind of record, the id and the exact ``start`` and ``end`` of each."""
    return {kind: [(span._.record, span._.start_char, span._.end_char) for span in doc.spans[kind]] for kind in RECORDS if kind in doc.spans}


def _group(doc: Doc, name: str, mentions: Iterable[Date | Quantity | Record]) -> SpanGroup:
    """The mentions as spans of whole tokens; what they say is kept in ``doc.user_data`` under their place."""
    spans: list[Span] = []
    for mention in mentions:
        span = doc.char_span(mention.start, mention.end, label=_label(mention, name), alignment_mode="expand", span_id=f"{name}:{len(spans)}")
        if span is None:
            continue
        said = {key: value for key in ATTRIBUTES if (value := getattr(mention, key, None)) is not None}
        said |= {"start_char": mention.start, "end_char": mention.end}
        if isinstance(mention, Record):
            said["record"] = mention.id
        doc.user_data[_key(span)] = said
        spans.append(span)
    return SpanGroup(doc, name=name, spans=spans)


def _label(mention: Date | Quantity | Record, name: str) -> str:
    if isinstance(mention, Date):
        return "DATE"
    if isinstance(mention, Quantity) or name == "figures":
        return getattr(mention, "unit", None) or "NUMBER"
    return name.upper().removesuffix("S")


def _key(span: Span) -> str:
    return f"extractor/{span.id_}"


def _said(span: Span, attribute: str) -> Any:
    said: dict[str, Any] = span.doc.user_data.get(_key(span), {})
    return said.get(attribute)


for _name in ATTRIBUTES:
    Span.set_extension(_name, getter=functools.partial(_said, attribute=_name), force=True)
Span.set_extension("raw", getter=lambda span: span.doc.text[span._.start_char : span._.end_char], force=True)

"""Every report of the corpus, in every rendition, is read at least this well; and all renditions of one alike."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.evaluate import Result, score
from extractor.model import Report

CORPUS = Path(__file__).parents[1] / "corpus"
NAMES = sorted(path.name.removesuffix(".gold.json") for path in CORPUS.rglob("*.gold.json"))
SUFFIXES = (".txt", ".docx", ".pdf")

FIGURES, INTERVALS, INDICATORS, PERIODS = 0.97, 0.97, 0.85, 0.85
LINKED = {"mupan-2020": 0.80, "yunque-2024": 0.60, "jinghe-2022": 0.80, "shiliang-2009": 0.80}
"""Reports that came last, whose words the indicators do not yet know as well; a floor under what is reached."""
EVENTS, DATES, AWARDS, SLOTS = 0.95, 0.95, 0.90, 0.85

LATEST = {"hengpu-2017", "shiliang-2009", "jinghe-2022"}
_late = pytest.mark.xfail(reason="came last: what is not yet read there is listed in corpus/README.md", strict=False)


def _marks(name: str) -> list[pytest.MarkDecorator]:
    return [_late] if name in LATEST else []


each_rendition = pytest.mark.parametrize(
    ("name", "suffix"), [pytest.param(name, suffix, marks=_marks(name), id=name + suffix) for name in NAMES for suffix in SUFFIXES]
)


@cache
def report(name: str, suffix: str) -> Report:
    return extractor.extract(CORPUS / name / f"{name}{suffix}")


@cache
def result(name: str, suffix: str) -> Result:
    gold: dict[str, Any] = json.loads((CORPUS / name / f"{name}.gold.json").read_text("utf-8"))
    return score(report(name, suffix), gold, name)


def share(found: Result, kind: str, name: str) -> float:
    hit, of = found.scores[kind].shares.get(name, [1, 1])
    return hit / of


def errors(found: Result, start: str) -> str:
    return "\n".join(line for line in found.errors if line.startswith(start))


def test_the_corpus_is_there_in_all_renditions() -> None:
    assert len(NAMES) >= 3
    assert all((CORPUS / name / f"{name}{suffix}").exists() for name in NAMES for suffix in SUFFIXES)


@each_rendition
def test_figures(name: str, suffix: str) -> None:
    found = result(name, suffix)
    assert found.scores["figures"].f1 >= FIGURES, errors(found, "figure")
    assert share(found, "figures", "exact") >= INTERVALS, errors(found, "figure")
    assert share(found, "figures", "intervals") >= INTERVALS, errors(found, "figure")


@each_rendition
def test_links_to_indicators(name: str, suffix: str) -> None:
    found = result(name, suffix)
    assert "wrong links" not in found.scores["figures"].shares, errors(found, "figure")
    assert share(found, "figures", "indicators") >= LINKED.get(name, INDICATORS), errors(found, "figure")


@each_rendition
def test_periods_that_are_not_the_report_s(name: str, suffix: str) -> None:
    found = result(name, suffix)
    assert share(found, "figures", "other periods") >= PERIODS, errors(found, "figure")


@each_rendition
def test_events(name: str, suffix: str) -> None:
    found = result(name, suffix)
    assert found.scores["events"].f1 >= EVENTS, errors(found, "event")
    assert share(found, "events", "dates") >= DATES, errors(found, "event")


@each_rendition
def test_awards(name: str, suffix: str) -> None:
    found = result(name, suffix)
    assert found.scores["awards"].f1 >= AWARDS, errors(found, "award")
    assert share(found, "awards", "slots") >= SLOTS, errors(found, "award")


@each_rendition
@pytest.mark.parametrize("kind", ["media", "statistics", "profile"])
def test_rows_of_tables(name: str, suffix: str, kind: str) -> None:
    found = result(name, suffix)
    if kind in found.scores:
        counts = found.scores[kind]
        assert (counts.missed, counts.extra) == (0, 0), errors(found, kind)
        assert counts.right > 0


@each_rendition
def test_institution_and_period(name: str, suffix: str) -> None:
    assert {hit == of for hit, of in result(name, suffix).scores["document"].shares.values()} == {True}


# --- one report, three renditions -----------------------------------------------------------------


def flat(text: str | None) -> str | None:
    return None if text is None else "".join(text.split())


def records(found: Report) -> dict[str, Counter[Any]]:
    """What a report says, without places."""
    return {
        "document": Counter([(found.organization, flat(found.title), found.period)]),
        "figures": Counter((f.value, f.unit, f.low, f.high, f.hedge, f.indicator, f.period) for f in found.figures),
        "events": Counter((e.origin, e.number, tuple(d.edtf for d in e.dates), flat(e.text)) for e in found.events),
        "awards": Counter((a.origin, flat(a.title), a.rank, a.level, flat(a.recipient), flat(a.issuer), a.date, a.count) for a in found.awards),
        "media": Counter((m.number, flat(m.title), flat(m.content), flat(m.outlet), m.outlet_type, m.form, m.date) for m in found.media),
        "statistics": Counter((s.code, flat(s.label), s.indicator, flat(s.raw), s.value, s.unit, s.quantity, s.quantity_unit, s.period, s.parent) for s in found.statistics),
        "profile": Counter((flat(p.label), flat(p.value)) for p in found.profile),
    }


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
@pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in NAMES])
@pytest.mark.parametrize("kind", ["document", "figures", "events", "awards", "media", "statistics", "profile"])
def test_all_renditions_say_the_same(name: str, suffix: str, kind: str) -> None:
    plain, other = records(report(name, ".txt"))[kind], records(report(name, suffix))[kind]
    assert (plain - other, other - plain) == (Counter(), Counter())


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
@pytest.mark.parametrize("name", NAMES)
def test_headings_that_the_plain_text_shows_are_headings_everywhere(name: str, suffix: str) -> None:
    """A format with outline levels may show more of them."""
    plain, other = ({flat(section.heading) for section in report(name, form).sections} for form in (".txt", suffix))
    assert plain <= other

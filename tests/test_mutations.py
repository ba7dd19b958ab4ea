"""Misprints put into a report that the check has not seen: nearly all are found, and nothing else is accused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import extractor
from extractor.reconcile.intervals import Interval, exactly, of

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import misprints, mutations  # noqa: E402


@pytest.fixture(scope="module")
def report() -> mutations.Subject:
    return mutations.subject(ROOT / "corpus" / "cangya-2018" / "cangya-2018.gold.json")


def test_misprints_are_found_and_raise_no_alarm_elsewhere(report: mutations.Subject) -> None:
    linked = [m for m in mutations.mutations(report) if m.pair.linked]
    outcomes = [mutations.judge(m, report) for m in mutations.sample(linked, 30)]
    assert len(outcomes) == 30 and len({o.mutation.pair.kind for o in outcomes}) >= 4
    assert sum(o.found is not None for o in outcomes) >= 27, [(o.before, o.mutation.words) for o in outcomes if o.found is None]
    assert [o.alarms for o in outcomes if o.alarms] == []


def test_a_changed_document_has_its_blocks_where_the_words_are(report: mutations.Subject) -> None:
    document = report.document
    at = document.text.index("2018", document.blocks[2].start)
    longer = mutations.mutated(document, at, at + 4, "二〇一八年度")
    assert longer.text == document.text[:at] + "二〇一八年度" + document.text[at + 4 :]
    for before, after in zip(document.blocks, longer.blocks, strict=True):
        assert document.text[before.start : before.end].replace("\n", "")[-6:] == longer.text[after.start : after.end].replace("\n", "")[-6:]


def test_a_mutation_that_changes_nothing_is_not_found(report: mutations.Subject) -> None:
    first = next(mutations.mutations(report))
    same = mutations.Mutation(first.pair, "none", first.start, first.end, report.document.text[first.start : first.end], first.changes)
    outcome = mutations.judge(same, report)
    assert outcome.found is None and outcome.alarms == ()


@pytest.mark.parametrize(
    ("raw", "words"),
    [("4月23日", {"5", "24"}), ("2018.4.3", {"5", "4"}), ("9月中旬", {"10", "下旬"}), ("二〇一九年四月", {"五"}), ("上半年", {"下半年"}), ("一季度", {"二"}), ("2018年", set())],
)  # fmt: skip
def test_dates_are_moved_by_a_day_or_a_month(raw: str, words: set[str]) -> None:
    assert {change.words for change in misprints.dates(raw)} == words


def test_numbers_leave_the_other_end() -> None:
    def read(words: str) -> Interval:
        return of(extractor.find_quantities(words)[0])

    other = exactly(163_728)
    changed = [c.words for c in misprints.numbers("16.3万余人次", read, lambda interval: not interval.meets(other))]
    assert "16.4万余人次" in changed and "16.2万余人次" in changed and "61.3万余人次" in changed
    assert not any(read(words).meets(other) for words in changed)
    assert [c.words for c in misprints.steps("3家")] == ["4", "2"] and [c.words for c in misprints.steps("三个")] == ["四", "两"]


def test_an_impossible_day_of_the_narrative_is_found() -> None:
    text = "云溪县图书馆2020年工作总结\n2月30日，“书香云溪”启动仪式在广场举行。\n全年举办讲座18场。"
    findings = extractor.check(extractor.extract(extractor.read(text.encode(), "a.txt"))).findings
    assert [(f.verdict, f.left.raw) for f in findings if f.kind == "date_order"] == [("conflicts", "2月30日")]


@pytest.mark.parametrize(("told", "again", "verdicts"), [
    ("38个摊位两天接待市民8000人次", "39个摊位参展", ["review"]),
    ("38个摊位两天接待市民8000人次", "38个摊位参展", ["agrees"]),
    ("共有近40个摊位参展", "29个摊位参展", ["conflicts"]),
    ("38个摊位参展", "评出29个优秀作品", []),
])  # fmt: skip
def test_one_number_of_an_event_told_twice(told: str, again: str, verdicts: list[str]) -> None:
    event = "6月11日，“文化遗产日”非遗集市在古榕街开市，"
    lines = ("云溪县文化馆2020年工作总结", event + told + "。", "2020年大事记", "1月8日，召开职工大会。", event + again + "。", "7月2日，举办消防演练。")
    findings = extractor.check(extractor.extract(extractor.read("\n".join(lines).encode(), "a.txt"))).findings
    assert [f.verdict for f in findings if f.kind == "figure_vs_figure"] == verdicts

"""Reports in traditional characters give the records of their simplified twins, quoted as printed."""

from __future__ import annotations

import extractor
from extractor import rules, variants

SIMPLIFIED = (
    "云溪市图书馆学会2016年度工作报告\n一、学术交流\n全年举办讲座18场，听众逾千人，接待读者2,860人次。3月5日，“书香”论坛在学会举行。\n"
    "12月，本会获云溪市教育局评为“先进集体”。\n附录一　大事记\n12月18日　年终联欢会举行，出席者230余人。\n10月22日　颁奖礼举行，12位馆员获奖。\n附录二　收支表（单位：元）\n"
    "项目\t2015年\t2016年\n会费收入\t1,000\t1,200\n捐款\t500\t600\n收入合计\t1,500\t1,900"
)


def traditional(text: str) -> str:
    pairs = {written: read for rule in rules.load().by_kind["variant"] for written, read in zip(rule.written, rule.read, strict=True)}  # type: ignore[attr-defined]
    back = {read: written for written, read in pairs.items() if "\u4e00" <= written <= "\u9fff"}
    return "".join(back.get(char, char) for char in text).replace("“", "「").replace("”", "」")


def report(text: str) -> extractor.model.Report:  # type: ignore[name-defined]
    return extractor.extract(extractor.read(text.encode(), "a.txt"))


def test_the_records_are_those_of_the_simplified_twin() -> None:
    plain, printed = report(SIMPLIFIED), report(traditional(SIMPLIFIED))
    assert printed.text == traditional(SIMPLIFIED) != SIMPLIFIED
    assert printed.organization == traditional("云溪市图书馆学会") and printed.period == "2016"
    for kind in ("figures", "events", "awards", "statistics", "tables"):
        ours, theirs = getattr(plain, kind), getattr(printed, kind)
        assert [(r.id, r.start, r.end) for r in ours] == [(r.id, r.start, r.end) for r in theirs]
    assert [(f.value, f.unit, f.indicator) for f in plain.figures] == [(f.value, f.unit, f.indicator) for f in printed.figures]


def test_quotations_stand_as_printed() -> None:
    printed = report(traditional(SIMPLIFIED))
    assert all(printed.text[f.start : f.end] == f.raw for f in printed.figures)
    assert printed.awards[0].title.strip("「」“”") in printed.text
    assert all(row.label in printed.text for row in printed.statistics)
    assert all(event.text in printed.text for event in printed.events)


def test_a_check_reads_the_twin_and_quotes_the_report() -> None:
    printed = report(traditional(SIMPLIFIED))
    conflicts = [f for f in extractor.check(printed).findings if f.verdict == "conflicts"]
    assert [(f.kind, f.left.raw) for f in conflicts] == [("sum", "1,900")]
    assert all(printed.text[s.start : s.end] == s.raw for f in conflicts for s in (f.left, f.right))


def test_a_simplified_report_that_quotes_traditional_names_stays_as_it_is() -> None:
    text = SIMPLIFIED.replace("“书香”论坛", "《書館學報》《國圖藏書錄》論壇")
    assert variants.suspected(text)
    assert variants.twin(text, rules.load().tables.variants) is None

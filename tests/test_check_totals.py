"""Rows of totals in any table, through small reports."""

from __future__ import annotations

import pytest

import extractor


def found(table: str) -> list[tuple[str, str]]:
    text = "云溪县图书馆2020年工作总结\n一、工作\n全年平稳。\n附：分布情况\n" + table
    report = extractor.extract(extractor.read(text.encode(), "a.txt"))
    return [(f.verdict, f.left.raw) for f in extractor.check(report).findings if f.rule == "sum:合计行"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("年级\t班数\t人数\n七年级\t10\t519\n八年级\t10\t505\n合计\t20\t1024", [("agrees", "20"), ("agrees", "1024")]),
        ("年级\t班数\t人数\n七年级\t10\t519\n八年级\t10\t505\n合计\t20\t1042", [("conflicts", "1042"), ("agrees", "20")]),
        ("收入项目\t金额\t支出项目\t金额\n会费\t1,000\t人事费\t900\n捐款\t500\t租金\t400\n收入合计\t1,500\t支出合计\t1,200", [("conflicts", "1,200"), ("agrees", "1,500")]),
        ("分馆\t人次\n东馆\t10\n西馆\t20\n小计\t30\n南馆\t5\n北馆\t6\n小计\t11", [("agrees", "30"), ("agrees", "11")]),
        ("分馆\t人次\n东馆\t10\n其中：少儿\t4\n西馆\t20\n合计\t30", []),  # a row within a row
        ("分馆\t占比(%)\n东馆\t33.3\n西馆\t66.6\n合计\t100", []),
        ("分馆\t人次\n东馆\t10余\n西馆\t20\n合计\t31", []),  # no number
        ("分馆\t人次\n东馆\t10\n西馆\t20\n合计\t300", []),  # adds up something else
        ("分馆\t万元\n东馆\t10.3\n西馆\t20.4\n合计\t30.8", [("agrees", "30.8")]),  # rounded parts
    ],
)
def test_a_total_is_what_stands_above_it(table: str, expected: list[tuple[str, str]]) -> None:
    assert found(table) == expected

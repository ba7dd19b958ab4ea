"""Media reports told line by line, through small reports."""

from __future__ import annotations

import pytest

import extractor
from extractor.model import Media

HEAD = "云溪县图书馆2020年工作总结\n一、工作情况\n全年接待读者3万人次。\n附：媒体报道选摘\n"


def media(*lines: str) -> list[Media]:
    return list(extractor.extract(extractor.read((HEAD + "\n".join(lines)).encode(), "a.txt")).media)


@pytest.mark.parametrize(
    "line",
    [
        "3月5日  云溪日报  书香进山来",
        "1．3月5日  云溪日报  书香进山来",
        "3月5日 云溪日报 书香进山来",
        "《书香进山来》，云溪日报，3月5日",
        "云溪日报：《书香进山来》（3月5日）",
        "2020年3月5日，云溪日报刊发《书香进山来》",
        "（1）《书香进山来》（云溪日报，2020.3.5）",
        "云溪日报 《书香进山来》 2020-03-05",
    ],
)
def test_a_line_has_date_outlet_and_title_in_any_order(line: str) -> None:
    first, second = media(line, line.replace("书香进山来", "夜读灯火").replace("1", "2", 1) if line[0] in "1（" else line.replace("书香进山来", "夜读灯火"))
    assert (first.title, first.outlet, first.date) == ("书香进山来", "云溪日报", "2020-03-05")
    assert second.title == "夜读灯火"


def test_a_title_may_quote_and_part_itself() -> None:
    found = media("3月5日  学习强国平台  云溪：钻进“鲸鱼肚子”看书去", "4月5日  云溪电视台  灯谜上云，一样热闹")
    assert [(m.title, m.outlet) for m in found] == [("云溪：钻进“鲸鱼肚子”看书去", "学习强国平台"), ("灯谜上云，一样热闹", "云溪电视台")]


def test_sentences_about_media_stay_narrative() -> None:
    told = ("3月5日，云溪日报对我馆流动服务作了整版报道。全年媒体报道42篇。", "云溪电视台播出专题片1部。")
    assert media(*told) == []
    assert any(f.raw == "42篇" for f in extractor.extract(extractor.read((HEAD + "\n".join(told)).encode(), "a.txt")).figures)

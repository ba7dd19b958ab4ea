"""What is said of findings on pages that were read from pictures; no recogniser is needed for it."""

from __future__ import annotations

import msgspec
import pytest

import extractor
from extractor.model import Scan
from extractor.writers import html, text
from extractor.writers.english import translated

REPORT = "云溪县图书馆2021年工作总结\n全年接待读者{visits}人次，外借图书{loans}册次。\n项目\t代码\t单位\t指标\n总流通人次\t35\t人次\t299008\n书刊文献外借册次\t37\t册次\t199551\n参加人次\t39\t人次\t550"


def found(visits: str, loans: str = "199551", *, scan: bool = True) -> dict[str, tuple[str, str]]:
    """Verdict and message by the words of the text's figure."""
    document = extractor.read(REPORT.format(visits=visits, loans=loans).encode(), "x.txt")
    if scan:
        span = document.text.index("项目"), len(document.text)
        document = msgspec.structs.replace(document, scans=(Scan(page=2, start=span[0], end=span[1], confidence=0.99),))
    report = extractor.extract(document)
    assert len(report.statistics) == 3 and report.scans == document.scans
    return {f.left.raw: (f.verdict, f.message) for f in extractor.check(report).findings if f.kind == "figure_vs_statistic"}


def test_what_agrees_on_a_scan_says_that_the_original_is_to_be_looked_at() -> None:
    verdict, message = found("299008")["299008人次"]
    assert verdict == "agrees" and "请核对原件" in message
    verdict, message = found("299008", scan=False)["299008人次"]
    assert verdict == "agrees" and "原件" not in message


@pytest.mark.parametrize("visits", ["299003", "299006", "29908", "299万", "1299008", "209008", "29.4万", "2990088"])
def test_a_conflict_that_one_misread_digit_explains_is_a_review(visits: str) -> None:
    verdict, message = found(visits)[f"{visits}人次"]
    assert verdict == "review" and "识别错了" in message and "请核对原件" in message


@pytest.mark.parametrize("visits", ["288008", "301234", "299019", "299001"])
def test_a_conflict_that_no_misread_digit_explains_stays_one(visits: str) -> None:
    verdict, message = found(visits)[f"{visits}人次"]
    assert verdict == "conflicts" and message.endswith("请核对原件（由扫描件识别）。")


def test_without_a_scan_a_conflict_is_a_conflict() -> None:
    assert found("299003", scan=False)["299003人次"][0] == "conflicts"


def test_the_notes_are_said_in_english() -> None:
    document = extractor.read(REPORT.format(visits="299003", loans="199551").encode(), "x.txt")
    document = msgspec.structs.replace(document, scans=(Scan(page=1, start=0, end=len(document.text), confidence=0.99),))
    report = extractor.extract(document)
    told = {f.left.raw: f.message for f in translated(report, extractor.check(report)).findings if f.kind == "figure_vs_statistic"}
    assert "one digit may have been misread from a scan" in told["299003人次"]
    assert "read from a scan" in told["199551册次"] and "misread" not in told["199551册次"]


def test_a_sum_that_one_misread_digit_breaks_is_a_review() -> None:
    rows = "项目\t代码\t单位\t指标\n总藏量\t16\t册\t{total}\n图书\t17\t册\t456038\n古籍\t19\t册\t3463\n报刊\t21\t件\t101583\n视听文献\t22\t件、套\t6800"
    for total, expected in (("567884", "agrees"), ("567834", "review"), ("561234", "conflicts")):
        document = extractor.read(("云溪县图书馆2021年基本情况表\n" + rows.format(total=total)).encode(), "x.txt")
        document = msgspec.structs.replace(document, scans=(Scan(page=1, start=0, end=len(document.text), confidence=0.99),))
        sums = [f for f in extractor.check(extractor.extract(document)).findings if f.kind == "sum"]
        assert [f.verdict for f in sums] == [expected] and "原件" in sums[0].message


def test_a_date_one_digit_off_on_a_scan_is_a_review() -> None:
    text = "云溪县图书馆2021年工作总结\n8月13日，“书香云溪”读书节开幕式在文化广场举行。\n大事记\n1. 8月18日，“书香云溪”读书节开幕式在文化广场举行。"
    document = extractor.read(text.encode(), "x.txt")
    plain = [f.verdict for f in extractor.check(extractor.extract(document)).findings if f.kind == "event_vs_event"]
    document = msgspec.structs.replace(document, scans=(Scan(page=1, start=0, end=len(document.text), confidence=0.99),))
    scanned = [f.verdict for f in extractor.check(extractor.extract(document)).findings if f.kind == "event_vs_event"]
    assert plain == ["conflicts"] and scanned == ["review"]


def test_files_read_together_keep_where_scans_are() -> None:
    from extractor.together import together

    first = extractor.read("云溪县图书馆2021年工作总结".encode(), "a.txt")
    second = extractor.read("全年接待读者3万人次。".encode(), "b.txt")
    second = msgspec.structs.replace(second, scans=(Scan(page=1, start=0, end=len(second.text), confidence=0.99),))
    both = together([first, second])
    assert [both.text[scan.start : scan.end] for scan in both.scans] == [second.text]


def test_the_head_of_a_check_says_which_pages_are_scans() -> None:
    document = extractor.read(REPORT.format(visits="299008", loans="199551").encode(), "x.txt")
    spans = [Scan(page=page, start=0, end=9, confidence=0.99) for page in (1, 2, 3, 7)]
    for scans, told in ((tuple(spans), True), ((), False)):
        report = extractor.extract(msgspec.structs.replace(document, scans=scans))
        check = extractor.check(report)
        for written in (text.write([(report, check)]).decode(), html.write([(report, check)]).decode()):
            assert ("第1–3，7页由扫描件识别，相符的数字也请核对原件" in written) is told

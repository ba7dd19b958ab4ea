"""EDTF: what is valid, which days it covers, what contains what."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import edtf

DAYS = st.dates(datetime.date(1800, 1, 1), datetime.date(2199, 12, 31))
MONTHS = st.builds(lambda d: d.isoformat()[:7], DAYS)
YEARS = st.builds(lambda d: d.isoformat()[:4], DAYS)
SINGLE = st.one_of(st.builds(datetime.date.isoformat, DAYS), MONTHS, YEARS)
INTERVALS = st.builds(lambda a, b: f"{min(a, b)}/{max(a, b)}", DAYS, DAYS)
ANY = st.one_of(SINGLE, INTERVALS, st.builds(lambda s: f"{s}/..", SINGLE), st.builds(lambda s: f"../{s}", SINGLE))


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2021", "2021-01-01", "2021-12-31", "year"), ("2021-02", "2021-02-01", "2021-02-28", "month"),
        ("2020-02-29", "2020-02-29", "2020-02-29", "day"), ("2021-04/2021-06", "2021-04-01", "2021-06-30", "interval"),
        ("2021-04-23/2021-08", "2021-04-23", "2021-08-31", "interval"), ("2018/..", "2018-01-01", None, "interval"),
        ("../2018-12-31", None, "2018-12-31", "interval"), ("XXXX-03-05", None, None, "day"),
        ("XXXX-XX-29", None, None, "day"), ("XXXX", None, None, "year"), ("XXXX-03/XXXX-05", None, None, "interval"),
    ],
)  # fmt: skip
def test_days_covered(text: str, first: str | None, last: str | None, precision: str) -> None:
    assert edtf.valid(text)
    assert edtf.first_day(text) == (datetime.date.fromisoformat(first) if first else None)
    assert edtf.last_day(text) == (datetime.date.fromisoformat(last) if last else None)
    assert edtf.precision(text) == precision


@pytest.mark.parametrize(
    "text",
    ["", "2021-2-3", "2021-02-30", "2021-13", "2021-00", "21", "2021/2020", "2021-05/2021-04", "../..", "/2021", "2021/", "..",
     "2021-03-05T10:00", "2021-XX-05", "X021", "XXXX-XX", "２０２１", "2021-03-05-06", "0000"],
)  # fmt: skip
def test_what_is_not_edtf(text: str) -> None:
    assert not edtf.valid(text)
    assert edtf.precision(text) is edtf.first_day(text) is edtf.last_day(text) is None
    assert not edtf.contains("2021", text) and not edtf.contains(text, "2021")


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("2021", "2021-03-05", True), ("2021", "2021", True), ("2021-03-05", "2021", False), ("2021-01/2021-03", "2021-03-31", True),
        ("2021-01/2021-03", "2021-04-01", False), ("2018/..", "2021", True), ("2018/..", "2017", False), ("../2018", "2018/..", False),
        ("2018/..", "2019/..", True), ("../2018", "../2017-05", True), ("2021", "2021/..", False), ("2021", "XXXX-03-05", False),
        ("XXXX", "2021", False),
    ],
)  # fmt: skip
def test_contains(outer: str, inner: str, expected: bool) -> None:
    assert edtf.contains(outer, inner) is expected


@given(ANY)
def test_everything_contains_itself(text: str) -> None:
    assert edtf.valid(text) and edtf.contains(text, text)


@given(ANY, ANY, ANY)
def test_containing_is_transitive(a: str, b: str, c: str) -> None:
    if edtf.contains(a, b) and edtf.contains(b, c):
        assert edtf.contains(a, c)


@given(SINGLE)
def test_first_and_last_day_are_the_tightest_interval(text: str) -> None:
    first, last = edtf.first_day(text), edtf.last_day(text)
    assert first is not None and last is not None and first <= last
    assert edtf.contains(text, f"{first}/{last}") and edtf.contains(f"{first}/{last}", text)


@given(st.none() | st.integers(1, 9999), st.none() | st.integers(1, 12), st.none() | st.integers(1, 28))
def test_points_are_written_as_fine_as_they_are_known(year: int | None, month: int | None, day: int | None) -> None:
    if day is not None and month is None and year is not None:
        return
    text = edtf.point((year, month, day))
    assert edtf.valid(text)
    assert edtf.precision(text) == ("day" if day else "month" if month else "year")


@given(st.text(alphabet="0123456789-/.X", max_size=24))
def test_nothing_crashes(text: str) -> None:
    edtf.first_day(text), edtf.last_day(text), edtf.precision(text), edtf.contains(text, "2021")

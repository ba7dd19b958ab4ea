"""The misprints that a clerk makes: digits changed or swapped, days and months off by one, another rank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from extractor.dates import first_day, last_day
from extractor.reconcile.intervals import Interval

Read = Callable[[str], Interval | None]
Wrong = Callable[[Interval], bool]
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
_DIGITS = ("0123456789", "０１２３４５６７８９", "〇一二三四五六七八九")
_COUNTS = "〇一二三四五六七八九十"
_GRADES = ("特等奖", "一等奖", "二等奖", "三等奖"), ("金奖", "银奖", "铜奖")
_CYCLES = {"third of a month": ("上旬", "中旬", "下旬"), "half-year": ("上半年", "下半年")}
_RUN = re.compile(r"\d+(?:[./\-—~～]\d+)*|[一二三四五六七八九十]+(?=[月日号季])|上旬|中旬|下旬|上半年|下半年", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True)
class Change:
    """`words` instead of [start:end] of a text; `more`: the number grew; `by`: days or months that a date moved."""

    kind: str
    start: int
    end: int
    words: str
    more: bool = False
    by: int = 0


def numbers(raw: str, read: Read, wrong: Wrong) -> Iterator[Change]:
    """At most five misprints of a number that `wrong` says contradict: its least step both ways, two of its digits
    swapped, a leading and an inner digit changed. None where the number as it stands is not read, or wrong already."""
    now = read(raw)
    if now is None or wrong(now):
        return
    tried: list[str] = [raw]
    for kind, words in (*_edges(raw, read, wrong), *_first(_swaps(raw), read, wrong, "swap"), *_inner(raw, read, wrong)):
        if words not in tried:
            tried.append(words)
            yield Change(kind, 0, len(raw), words)


def _first(candidates: Iterator[str], read: Read, wrong: Wrong, kind: str) -> list[tuple[str, str]]:
    for words in candidates:
        interval = read(words)
        if interval is not None and wrong(interval):
            return [(kind, words)]
    return []


def _inner(raw: str, read: Read, wrong: Wrong) -> list[tuple[str, str]]:
    places = [at for at, char in enumerate(raw) if any(char in digits for digits in _DIGITS)]
    half = len(places) // 2
    return [
        *_first(_changed(raw, places[:1]), read, wrong, "digit"),
        *_first(_changed(raw, places[half:] + places[1:half]), read, wrong, "digit"),
    ]


def _changed(raw: str, places: list[int]) -> Iterator[str]:
    """The digits at some places one higher, then one lower; no leading nought."""
    for at in places:
        digits = next(d for d in _DIGITS if raw[at] in d)
        value = digits.index(raw[at])
        for other in (value + 1, value - 1):
            if 0 <= other <= 9 and not (other == 0 and (digits is _DIGITS[2] or not any(c in digits for c in raw[:at]))):
                yield raw[:at] + digits[other] + raw[at + 1 :]


def _swaps(raw: str) -> Iterator[str]:
    for at in range(len(raw) - 1):
        a, b = raw[at], raw[at + 1]
        digits = next((d for d in _DIGITS[:2] if a in d and b in d), None)
        if digits and a != b and b != digits[0]:
            yield raw[:at] + b + a + raw[at + 2 :]


def _edges(raw: str, read: Read, wrong: Wrong) -> Iterator[tuple[str, str]]:
    """The number's last place (of a vague one: its last that is no nought) counted up, and down, until it contradicts:
    found by doubling, then halving the steps."""
    found = _ARABIC.findall(raw)
    if len(found) != 1:
        return
    number = Decimal(found[0].replace(",", ""))
    places = number.normalize() if (now := read(raw)) is not None and now.low != now.high else number
    step = Decimal(1).scaleb(int(places.as_tuple().exponent))
    grouped = "," in found[0]

    def words(count: int) -> str:
        value = number + count * step
        return raw.replace(found[0], f"{value:,f}" if grouped else f"{value:f}", 1)

    def is_wrong(count: int) -> bool:
        interval = read(words(count)) if number + count * step > 0 else None
        return interval is not None and wrong(interval)

    for sign in (1, -1):
        size = 1
        while size < 1 << 24 and not is_wrong(sign * size):
            size *= 2
        least = size // 2
        while size - least > 1:
            middle = (size + least) // 2
            size, least = (middle, least) if is_wrong(sign * middle) else (size, middle)
        if is_wrong(sign * size):
            yield "least step", words(sign * size)


def steps(raw: str) -> Iterator[Change]:
    """A counted number one more, and one less: 3 → 4, 三 → 四."""
    found = _ARABIC.search(raw)
    if found and found.group().isdigit():
        value = int(found.group())
        for other in (value + 1, value - 1):
            if other > 0:
                yield Change("±1", found.start(), found.end(), str(other), other > value)
        return
    written = re.search(r"(?<![十百])[一两二三四五六七八九](?![十百])", raw)
    if written:
        value = _COUNTS.index(written.group().replace("两", "二"))
        for other in (value + 1, value - 1):
            if other > 0:
                yield Change("±1", written.start(), written.end(), _COUNTS[other].replace("二", "两"), other > value)


def ranks(rank: str) -> Iterator[Change]:
    """The next grade: 一等奖 → 二等奖, 金奖 → 银奖."""
    for row in _GRADES:
        for n, grade in enumerate(row):
            at = rank.find(grade)
            if at >= 0:
                for other in row[n + 1 : n + 2] or row[n - 1 : n]:
                    yield Change("rank", at, at + len(grade), other)


def dates(raw: str) -> Iterator[Change]:
    """A date off by a day or a month (a third of a month, a quarter, half a year): one way each."""
    for run in _RUN.finditer(raw):
        word, at = run.group(), run.start()
        kind = next((kind for kind, row in _CYCLES.items() if word in row), None)
        if kind:
            row = _CYCLES[kind]
            n = row.index(word)
            other = n + 1 if n + 1 < len(row) else n - 1
            yield Change(kind, at, run.end(), row[other], by=other - n)
        elif word[0] in _COUNTS:
            yield from _written(raw, word, at)
        else:
            for start, end, role in _roles(raw, run):
                yield from _moved(int(raw[start:end]), start, end, role, len(raw[start:end]) if raw[start] == "0" else 1)


def _roles(raw: str, run: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """The numbers of a date and what they are: 2018.4.23, 4.23, 4月23日, 8月10-12日, 一季度."""
    parts = [(run.start() + m.start(), run.start() + m.end()) for m in _NUMBER.finditer(run.group())]
    behind = raw[run.end() : run.end() + 1]
    if parts and parts[0][1] - parts[0][0] == 4:
        parts = parts[1:] if behind != "年" or len(parts) > 1 else []
        roles = ["month", "day", "day", "day"]
    elif len(parts) > 1 and run.start() and raw[run.start() - 1] in "月":
        roles = ["day"] * len(parts)
    elif len(parts) > 1:
        roles = ["month", "day"] if behind != "月" else ["month"] * len(parts)
    else:
        roles = [{"月": "month", "日": "day", "号": "day", "季": "quarter"}.get(behind, "")]
    yield from ((start, end, role) for (start, end), role in zip(parts, roles, strict=False) if role)


def _moved(value: int, start: int, end: int, role: str, width: int) -> Iterator[Change]:
    most = {"month": 12, "day": 28, "quarter": 4}[role]
    other = value + 1 if value < most else value - 1
    yield Change(role, start, end, str(other).zfill(width), by=other - value)


def _written(raw: str, word: str, at: int) -> Iterator[Change]:
    names = [*_COUNTS[:11], *(f"十{c}" for c in _COUNTS[1:10]), "二十", *(f"二十{c}" for c in _COUNTS[1:10]), "三十", "三十一"]
    role = {"月": "month", "日": "day", "号": "day", "季": "quarter"}[raw[at + len(word)]]
    if word in names:
        for change in _moved(names.index(word), at, at + len(word), role, 1):
            yield Change(role, change.start, change.end, names[names.index(word) + change.by], by=change.by)


def fits_date(edtf: str, other: str, change: Change) -> bool:
    """Whether the date, so moved, contradicts the other one: they shared no day, or were the same span of days."""
    first, last, start, stop = first_day(edtf), last_day(edtf), first_day(other), last_day(other)
    if first is None or last is None or start is None or stop is None:
        return False
    if "/" in edtf and change.kind in ("day", "month"):
        return (first, last) == (start, stop) and len(edtf.split("/")[0]) == 10
    moved = [_shifted(day, change) for day in (first, last)]
    return moved[1] < start or stop < moved[0]


def _shifted(day: date, change: Change) -> date:
    if change.kind == "day":
        return day + timedelta(change.by)
    if change.kind == "third of a month":
        return day + timedelta(11 * change.by)
    month = day.month + {"month": 1, "quarter": 3, "half-year": 6}[change.kind] * change.by
    return date(day.year, min(max(month, 1), 12), min(day.day, 28))

"""Numbers and dates of spreadsheets as their number format prints them: 12.0 → 12, 0.125 → 12.5%, 108 → 0108.

A format code has up to four sections (positive; negative; zero; text) of literals and placeholders. What is
rare is not followed (fractions, exponents, conditions, numerals in Han digits, names of months): there the number is printed
plainly, a date in ISO 8601, as where a format would print no digit at all (a zero as a dash). Built-in codes without a text of their own
are those of a Chinese system. Source: ISO/IEC 29500-1, 18.8.30 (numFmt) and 18.8.31 (numFmts).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

_LONG_DATE = 'yyyy"年"m"月"d"日"'
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "yyyy/m/d", 16: 'm"月"d"日"',
    17: 'yyyy"年"m"月"', 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m-d-yy", 31: _LONG_DATE, 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "¥#,##0", 43: "#,##0.00",
    44: "¥#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""By number: the codes that files name without spelling them out; what is missing here prints plainly."""

_LONGEST_CODE = 255
_MOST_DIGITS = 40
_LAST_DAY = 2_958_466
"""The day number behind 9999-12-31."""
_FIRST, _MARCH_1900 = dt.datetime(1899, 12, 30), dt.datetime(1900, 3, 1)
DAYS_1904 = 1462
"""Days by which the numbers of a workbook with the 1904 date system are behind."""
_WEEKDAYS = "一二三四五六日"
_QUICK = re.compile(r"(#,##)?0(\.0{1,9})?")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<space>_.|\*.)|\[(?P<bracket>[^\]]*)\]|(?P<section>;)|(?P<plain>General|G/通用格式)'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<date>y+|e+|m+|d+|h+|s+(?:\.0+)?|aaaa?)|(?P<digits>[0#?][0#?,.]*|\.[0#?]+)|(?P<percent>%)"
    r"|(?P<foreign>E[+-]|@)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)


class _Section(NamedTuple):
    """One section: the literals around its number, or its date as a list of parts."""

    before: str = ""
    digits: str = ""
    after: str = ""
    hundredfold: int = 0
    date: tuple[str, ...] = ()
    """Parts of a date: a placeholder such as ``yyyy``, or a literal behind a quotation mark."""


_PLAIN_DATE = _Section(date=("yyyy", '"-', "mm", '"-', "dd"))
"""For dates whose format is not followed (names of months): never a bare day number, which would pass for an amount."""


class Format(NamedTuple):
    """A format code that prints something else than the plain number."""

    sections: tuple[_Section, ...]
    is_date: bool
    quick: str
    """How Python writes a number of at most `decimals` decimals the same way; empty where it cannot."""
    decimals: int


@lru_cache(maxsize=1024)
def compiled(code: str) -> Format | None:
    """The format of a code; None where it prints the number as it is, or is one that is not followed."""
    if len(code) > _LONGEST_CODE:
        return None
    if "[$-f800]" in code.lower():
        code = _LONG_DATE
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["section"]:
            parts.append([])
        else:
            parts[-1].append(token)
    sections: list[_Section] = []
    for tokens in parts[:3]:
        if sections and any(token["foreign"] == "@" for token in tokens):
            break
        section = _section(tokens)
        if section is None:
            return None
        sections.append(section)
    first = sections[0]
    if not first.date and (not first.digits or (len(sections) == 1 and first == _Section(digits="General"))):
        return None
    quick, decimals = "", 0
    if (found := _QUICK.fullmatch(first.digits)) and first == _Section(digits=first.digits) and not first.date:
        decimals = len(found[2] or ".") - 1
        quick = f"{',' if found[1] else ''}.{decimals}f"
    return Format(tuple(sections), bool(first.date), quick, decimals)


def _section(tokens: list[re.Match[str]]) -> _Section | None:
    if any(token["date"] or (token["bracket"] or "").lower() in ("h", "hh", "m", "mm", "s", "ss") for token in tokens):
        return _date(tokens) or _PLAIN_DATE
    before, digits, after, hundredfold = "", "", "", 0
    for token in tokens:
        if token["foreign"] or (token["bracket"] or "").lower().startswith(("dbnum", "<", ">", "=")):
            return None
        if token["digits"] or token["plain"]:
            if digits:
                return None
            digits = token["digits"] or "General"
            continue
        literal = _literal(token)
        hundredfold += bool(token["percent"])
        before, after = (before, after + literal) if digits else (before + literal, after)
    return _Section(before, digits, after, hundredfold) if "/" not in after else None


def _literal(token: re.Match[str]) -> str:
    if token["bracket"] is not None:
        return token["bracket"][1:].split("-")[0] if token["bracket"].startswith("$") else ""
    return (token["quoted"] or token["escaped"] or token["percent"] or token["literal"] or "") + (token["half"] or "")


def _date(tokens: list[re.Match[str]]) -> _Section | None:
    parts: list[str] = []
    for token in tokens:
        if token["date"]:
            parts.append(token["date"].lower())
        elif token["half"]:
            parts.append("上午/下午" if token["half"] == "上午/下午" else "am/pm")
        elif (token["bracket"] or "").lower() in ("h", "hh"):
            parts.append("[h]")
        elif token["digits"] or token["foreign"]:
            return None
        else:
            parts.append('"' + _literal(token))
    clock = [part for part in parts if not part.startswith('"')]
    minutes = iter(
        part[0] == "m" and ((at > 0 and clock[at - 1][0] in "h[") or (clock[at + 1 : at + 2] != [] and clock[at + 1][0] == "s"))
        for at, part in enumerate(clock)
    )  # fmt: skip
    named = [part if part.startswith('"') else "n" + part[1:] if next(minutes) else part for part in parts]
    if {"am/pm", "上午/下午"} & set(parts):
        named = ["of twelve" if part in ("h", "hh") else part for part in named]
    return _Section(date=tuple(named)) if all(part.startswith('"') or part in _PLACEHOLDERS for part in named) else None


def plain(value: float) -> str:
    """The number without a format: fifteen digits, no exponent where it can be helped."""
    text = f"{value + 0.0:.15g}"  # the sum takes the sign off a zero
    if "e" not in text:
        return text
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    return format(Decimal(text), "f") if 1e-12 < abs(value) < 1e30 else text


def shown(value: float, form: Format, days: int = 0) -> str:
    """The number as printed; `days` is `DAYS_1904` or 0, for dates."""
    if form.quick and (value > 0 or (value == 0 and len(form.sections) < 3)) and round(value, form.decimals) == value:
        return format(value, form.quick)
    if not math.isfinite(value):
        return plain(value)
    if form.is_date:
        return shown_date(moment(value + days), form) if 0 <= value + days < _LAST_DAY else plain(value)
    sections = form.sections
    section = sections[2] if value == 0 and len(sections) > 2 else sections[1] if value < 0 and len(sections) > 1 else sections[0]
    minus = "-" if value < 0 and section is sections[0] else ""
    if not section.digits or section.date or (value == 0 and "0" not in section.digits and section.digits != "General"):
        return plain(value)
    number = _number(abs(value), section)
    text = f"{section.before}{number}{section.after}".strip()
    return minus + text if any(char in "123456789" for char in number) else text


def _number(value: float, section: _Section) -> str:
    if section.digits == "General":
        return plain(value)
    whole, _, decimals = section.digits.partition(".")
    scale = len(section.digits) - len(section.digits.rstrip(",")) or len(whole) - len(whole.rstrip(","))
    decimals = decimals.rstrip(",")[:_MOST_DIGITS]
    number = Decimal(repr(value)) * 100**section.hundredfold / 1000**scale
    if number and number.adjusted() > _MOST_DIGITS:
        return plain(value)
    number = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP) if number.adjusted() + len(decimals) < 28 else number
    digits, _, fraction = format(number, "f").partition(".")
    fraction = fraction.rstrip("0").ljust(decimals.count("0"), "0")
    least = min(whole.count("0"), _MOST_DIGITS)
    digits = digits.rjust(least, "0") if least > 1 else digits
    if "," in whole.rstrip(","):
        digits = f"{int(digits):,}" if least <= 1 else digits
    return f"{digits}.{fraction}" if fraction else digits


# --- dates --------------------------------------------------------------------------------------


def moment(days: float) -> dt.datetime:
    """The moment of a day number of the 1900 system, to the second; its day 60 is a 29 February that never was."""
    return _FIRST + dt.timedelta(days=days + (days < 60), seconds=0.0005)


_PLACEHOLDERS: dict[str, Callable[[dt.datetime], str]] = {
    **dict.fromkeys(("yyy", "yyyy", "e", "ee"), lambda at: str(at.year)),
    **dict.fromkeys(("y", "yy"), lambda at: f"{at.year % 100:02}"),
    "m": lambda at: str(at.month), "mm": lambda at: f"{at.month:02}", "d": lambda at: str(at.day), "dd": lambda at: f"{at.day:02}",
    "h": lambda at: str(at.hour), "hh": lambda at: f"{at.hour:02}", "n": lambda at: str(at.minute), "nm": lambda at: f"{at.minute:02}",
    "s": lambda at: str(at.second), "ss": lambda at: f"{at.second:02}", "of twelve": lambda at: str((at.hour - 1) % 12 + 1),
    "am/pm": lambda at: "AM" if at.hour < 12 else "PM", "上午/下午": lambda at: "上午" if at.hour < 12 else "下午",
    "aaa": lambda at: _WEEKDAYS[at.weekday()], "aaaa": lambda at: "星期" + _WEEKDAYS[at.weekday()],
    "[h]": lambda at: str(((at - _FIRST).days - (at < _MARCH_1900)) * 24 + at.hour),
}  # fmt: skip


def shown_date(at: dt.datetime, form: Format | None) -> str:
    """The moment as printed; in ISO 8601, the time only where there is one, if no format says how."""
    if form is None or not form.is_date:
        return f"{at:%Y-%m-%d}" if at.time() == dt.time() else f"{at:%Y-%m-%d %H:%M}"
    return "".join(part[1:] if part.startswith('"') else _PLACEHOLDERS[part](at) for part in form.sections[0].date).strip()


def from_iso(text: str) -> dt.datetime | None:
    """The moment of a date or time in ISO 8601, without its zone; None where it is none."""
    try:
        return dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None

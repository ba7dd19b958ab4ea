"""Values of the form's head against their own rules: credit code, postal code, telephone, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from extractor.folding import fold
from extractor.model import Finding
from extractor.reconcile.case import Case
from extractor.reconcile.findings import make, passage
from extractor.tables import normal

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code(code: str) -> str | None:
    """What is wrong with a 统一社会信用代码, or None. Check character by GB 32100-2015: weights 3^i mod 31."""
    plain = fold(code).replace(" ", "").upper()
    if len(plain) != 18:
        return f"应为18位，现为{len(plain)}位"
    if any(char not in _CREDIT for char in plain):
        return "含有不允许的字符（不用 I、O、S、V、Z）"
    total = sum(_CREDIT.index(char) * weight for char, weight in zip(plain, _WEIGHTS, strict=False))
    expected = _CREDIT[(31 - total % 31) % 31]
    return None if plain[-1] == expected else f"校验位不符（应为{expected}）"


def postal_code(code: str) -> str | None:
    """What is wrong with a postal code, or None: six digits."""
    return None if re.fullmatch(r"\d{6}", fold(code).strip()) else "应为6位数字"


def telephone(number: str) -> str | None:
    """What is wrong with a telephone number, or None: seven or eight digits with or without area code, a mobile, a 400 number."""
    for part in re.split(r"[、,，;；/\s]+", fold(number).strip()):
        digits = re.sub(r"[-—–()（）]", "", part)
        extension = re.sub(r"(?:转|ext\.?)\d{1,6}$", "", digits)
        if part and not re.fullmatch(r"(?:0\d{2,3})?[2-9]\d{6,7}|(?:\+?86)?1\d{10}|400\d{7}|800\d{7}|\d{3,5}", extension):
            return "位数不像电话号码"
    return None


_RULES: tuple[tuple[tuple[str, ...], Callable[[str], str | None]], ...] = (
    (("统一社会信用代码", "社会统一信用代码", "社会信用代码"), credit_code),
    (("邮政编码", "邮编"), postal_code),
    (("电话号码", "联系电话", "电话", "办公电话", "咨询电话"), telephone),
)


def find(case: Case) -> Iterator[Finding]:
    """Findings of kind format: all are reviews, both sides are the value."""
    report = case.report
    for entry in report.profile:
        label = normal(entry.label)
        value = entry.value.strip()
        for names, wrong in _RULES:
            problem = wrong(value) if label in names and value else None
            if problem:
                start = report.text.find(value, entry.start, entry.end + len(value))
                start = start if start >= 0 else entry.start
                at = passage(report, start, start + len(value) if report.text.startswith(value, start) else entry.end, entry.id)
                yield make(report, "format", "review", at, at, f"format:{wrong.__name__}", f"{entry.label.strip()}“{value}”{problem}，请核对。")

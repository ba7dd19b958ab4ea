"""What looks like a number and counts nothing: dates, times, codes, ordinals, names, articles.

Decided by what stands directly around a numeral, over a bounded stretch, before or after its unit is known.
All functions take folded text.
"""

from __future__ import annotations

import re

from extractor import numerals
from extractor.measures import Tables
from extractor.numerals import Numeral

_DATE_BEHIND = re.compile(r"[ \n]?(?:年(?!来|间|内|多|以上|左右|级|报|的历史)|月(?!份?刊)|日(?!均|志|报)|号(?!楼))")
_DATE_RANGE = re.compile(r"(?:[-—–~～]{1,2}|至|到) ?(?:[0-9]{4} ?年|[0-9]{1,2} ?[月日](?!份?刊|均))")
_YEARS = re.compile(r" ?年(?=半?(?:来|间|内|以上|左右|多|[，。；、）)]|的(?:历史|时间)|$))")
_YEARS_BEFORE = re.compile(r"(?:连续|历时|长达|为期|已满|工龄|超过|服务|从业|使用|满|近|逾)$")
_ERA = re.compile(r"(?:民国|光绪|宣统|同治|咸丰|道光|嘉庆|乾隆|雍正|康熙|顺治|崇祯|万历|嘉靖|正德|弘治|成化|景泰|正统|宣德|永乐|洪武|贞观|开元|天宝|公元|纪元)$")
_STOP = re.compile(r"[，。；、：！？）)”’,.;:!?\s]|$")
_EQUATED = re.compile(r"[，。；！？,;]|$|而|却|不是|那是|这是")
_AROUND_DIGITS = frozenset("+·×*=/:：.．")
_DATE_FIRST = frozenset("年月日号")
_RANGE_FIRST = frozenset("-—–~～至到")
_TIME = frozenset(("天", "周", "小时", "分钟", "年", "个月", "个星期", "昼夜", "工作日"))
_NO_THING_BEFORE = frozenset("第每周天月年日又再有另唯之任某同逐统单万专这那哪是成头其了着过在于为到从和与或及用按以")


def is_date_or_code(text: str, numeral: Numeral, priced: bool) -> bool:
    """Years, months, days, times, telephone numbers, versions: by what stands directly around. `priced`: a sign of
    money stands before it."""
    if numeral.arabic and not priced and _is_code(text, numeral.start, numeral.end):
        return True
    behind = text[numeral.end : numeral.end + 2]
    if behind[:1] in _RANGE_FIRST and numeral.arabic and not numeral.multiplied and _DATE_RANGE.match(text, numeral.end):
        return True
    if behind[:1] not in _DATE_FIRST and behind[1:] not in _DATE_FIRST:
        return False
    if numeral.multiplied or is_years(text, numeral):
        return False
    return _DATE_BEHIND.match(text, numeral.end) is not None or (behind[:1] == "年" and not numeral.arabic and _ERA.search(text, max(0, numeral.start - 4), numeral.start) is not None)




def is_dated(text: str, numeral: Numeral) -> bool:
    """Whether 年, 月, 日 or 号 behind the numeral makes it a date."""
    return _DATE_BEHIND.match(text, numeral.end) is not None and not is_years(text, numeral)


def _is_code(text: str, start: int, end: int) -> bool:
    before, behind = text[start - 1 : start] if start else "", text[end : end + 1]
    if before:
        if before.isascii() and (before.isalpha() or before in "_#@"):
            return True
        if before == "№" or ((before in _AROUND_DIGITS or before in "-—–") and text[start - 2 : start - 1].isdigit()):
            return True
        if before == "-" and start >= 2 and text[start - 2].isascii() and text[start - 2].isalnum():
            return True
    if text[start] == "0" and text[start + 1 : start + 2].isdigit():
        return True  # 01, 007: the number of a heading, a room, a telephone
    if behind and behind in "·+×:." and text[end + 1 : end + 2].isalnum() and (behind != "." or text[end + 1].isdigit()):
        return True
    return behind in ("-", "/") and text[end + 1 : end + 2].isdigit() and _is_code_range(text, start, end)


def _is_code_range(text: str, start: int, end: int) -> bool:
    """2019-04-23, 0391-3930221, 9/10."""
    second = numerals.arabic(text, end + 1)
    if second is None or text[end] == "/":
        return True
    further = text[second.end : second.end + 2]
    digits = text[start:end]
    return (further[:1] in ("-", "/") and further[1:].isdigit()) or (digits[0] == "0" and len(digits) > 1 and digits[1] != ".") or len(text[end + 1 : second.end].split(".")[0]) > len(digits) + 4


def is_years(text: str, numeral: Numeral) -> bool:
    """20年 as a duration, told from 2020年 by size and by what stands around it; 三年, 十余年 and 几十年 too, but no 一年
    and no 二一年."""
    if numeral.value > 300 or (numeral.arabic and numeral.end - numeral.start > 3):
        return False
    if text[numeral.end - 1] in "余多" or (numeral.low is not None and any(char in "几数" for char in text[numeral.start : numeral.end])):
        return True
    before = text[max(0, numeral.start - 4) : numeral.start]
    if not numeral.arabic and (_ERA.search(before) or _is_read_by_digit(text, numeral) or (numeral.value < 2 and not text.startswith("年半", numeral.end))):
        return False
    return _YEARS.match(text, numeral.end) is not None or _YEARS_BEFORE.search(before) is not None


def _is_read_by_digit(text: str, numeral: Numeral) -> bool:
    """二一年 and 〇九年 are years written short."""
    return numeral.end - numeral.start > 1 and not any(char in "十百拾佰几数" for char in text[numeral.start : numeral.end])


def is_nonfigure(text: str, numeral: Numeral, unit: str | None, end: int, over: bool, tables: Tables) -> bool:
    """Whether a class of rules/nonfigures.toml holds for the numeral, whose unit ends at `end`; `over`: 余 or 多 is read."""
    start = numeral.start
    before = text[max(0, start - 8) : start].rstrip(" ")
    at = numeral.end + (text[numeral.end : numeral.end + 1] == " ")
    first, last, behind = text[start], before[-1:], text[at : at + 1]
    for rule, before_last, whole_first, after_first in tables.arabic if numeral.arabic else tables.chinese:
        if (before_last and last not in before_last) or (whole_first and first not in whole_first) or (after_first and behind not in after_first):
            continue
        if (rule.before and not before.endswith(rule.before)) or (rule.whole and not text.startswith(rule.whole, start)) or (rule.after and not text.startswith(rule.after, at)):
            continue
        if (rule.units and unit not in rule.units) or (rule.spare and unit in rule.spare):
            continue
        if rule.then and not any(text.find(word, end, end + rule.reach + len(word)) > -1 for word in rule.then):
            continue
        if rule.article and (over or numeral.value != 1 or numeral.end - start != 1 or _is_counted_one(text, start, unit, end)):
            continue
        return True
    return False


def _is_counted_one(text: str, start: int, unit: str | None, end: int) -> bool:
    """论文集一部。 : one of a thing named before, at the end of its clause."""
    before = text[start - 1 : start] if start else ""
    return unit is not None and unit not in _TIME and "\u4e00" <= before <= "\u9fff" and before not in _NO_THING_BEFORE and _STOP.match(text, end) is not None


def stands_alone(text: str, numeral: Numeral) -> bool:
    """Whether a number without a unit is a number at all: Chinese numerals of one character are words, unless they
    are the whole text or what something is said to be (答案是五)."""
    start, end = numeral.start, numeral.end
    if numeral.arabic:
        behind = text[end : end + 1]
        return not (behind.isascii() and behind.isalpha())
    if end - start == 1:
        return (start == 0 and end == len(text)) or (text[start - 1 : start] in ("是", "为") and _EQUATED.match(text, end) is not None)
    return (numeral.value >= 10 or numeral.decimal) and text[start] not in "几数"

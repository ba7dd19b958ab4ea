"""Numbers that nothing took: units that are not known, numbers without a unit, and what the words around figures and rows
of the form count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from extractor import quantities, wording
from extractor.conditions import Context, Scene, refusal
from extractor.formrows import row_label
from extractor.indicators import Indicator, Tables
from extractor.model import Figure, Report, Statistic
from extractor.nearmisses import Near, of_figure, of_row
from extractor.phrases import Hit
from extractor.proposals.entries import TODO, Proposal, slug

SHARES = frozenset(("%", "‰", "百分点", "倍", "岁", "小时", "分钟", "天", "个月", "年", "周", "月", "公里", "米", "℃"))
"""Units of shares, ages and durations: they rarely are an indicator of their own."""
_BEHIND = re.compile(r" ?[万亿千百]*[余多来几]?([\u4e00-\u9fff])([\u4e00-\u9fff]?)")
_NO_UNIT = frozenset("的在和与及或是为以等到至比较从向对由被把将后前中内外上下余多其第之起止年月日号时点分秒届期周星季旬世代初末大小新老全各每这那了并也都就又再还一二两三四五六七八九十百千万亿")
_CLAUSE = re.compile(r"[，。；：、！？,;:!?\n\t（）()]")
_COUNTS = re.compile(r"[\u4e00-\u9fff]{2,}$")
_NOUN = re.compile(r"[\u4e00-\u9fff]{2,6}(?=[，、。；和及与（(\n]|$)")
_OPENING = ("其中", "另有", "另外", "现有", "共有", "全年", "今年", "我馆", "本馆", "累计", "年内", "全馆", "截至目前", "目前", "拥有", "先后", "有", "共")
_LONGEST, _REACH = 12, 40
_PROOFS = 3
"""So many examples of one proposal are taken from the text."""


def units(report: Report, left: Sequence[tuple[int, int]], amounts: quantities.Tables) -> Iterator[Proposal]:
    """Measure words behind numbers that no record took, and words before numbers that have none."""
    forms: dict[str, list[str]] = {}
    bare: dict[str, list[str]] = {}
    for start, end in left:
        text, end = report.text, start + len(report.text[start:end].rstrip("，,."))
        behind = _BEHIND.match(text, end)
        before = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
        if re.search(r"[第\dA-Za-z.\-—/]$", before) or re.fullmatch(r"(?:19|20)\d\d", text[start:end]):
            continue
        if behind and behind[1] not in _NO_UNIT and not _known(behind[1], amounts):
            forms.setdefault(behind[1], []).append(before + text[start : behind.end(1)])
        elif not behind and _stands_alone(text[start:end]) and _COUNTS.search(named := wording.without(before, wording.HEDGES)):
            bare.setdefault(_named(named), []).append(before + text[start:end])
    for form, found in forms.items():
        yield Proposal(
            kind="unit", keys={"id": f"{TODO}{form}", "forms": [form]}, examples=_alternatives(found), words=(form,),
        )  # fmt: skip
    for words, found in bare.items():
        yield Proposal(
            kind="implied", keys={"id": f"{TODO}{slug(words)}", "unit": "次", "before": [words]}, examples=_alternatives(found), words=(words,),
        )  # fmt: skip


def _known(form: str, amounts: quantities.Tables) -> bool:
    return any(found.unit for found in quantities.find(f"有30{form}。", amounts))


def _stands_alone(number: str) -> bool:
    return len(re.sub(r"\D", "", number)) >= 3


def _named(words: str) -> str:
    found = _COUNTS.search(words)
    return found.group()[-_LONGEST:] if found else ""


def _alternatives(found: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The texts as examples, all of them and then each alone."""
    texts = list(dict.fromkeys(text.strip() for text in found))[:_PROOFS]
    return (tuple(texts), *((text,) for text in texts if len(texts) > 1))


@dataclass
class _Entry:
    """What is known of one indicator to be proposed."""

    name: str
    units: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    near: dict[str, Near] = field(default_factory=dict)
    stock: bool = False

    def add(self, unit: str | None, near: Iterable[Near]) -> None:
        if unit and unit not in self.units:
            self.units.append(unit)
        self.near |= {miss.indicator: miss for miss in near}


def indicators(report: Report, contexts: dict[int, Context], tables: Tables) -> tuple[list[Proposal], int]:
    """Indicators for figures of the whole year and for rows of the form that have none, and how many figures are left
    aside: shares, differences, single events, parts of the institution, plans."""
    entries: dict[str, _Entry] = {}
    aside = 0
    for figure in report.figures:
        if figure.indicator is None:
            aside += not _figure(figure, contexts[figure.start], entries, tables)
    for row in report.statistics:
        if row.indicator is None:
            _row(row, entries, tables)
    return [_proposal(entry, report.domain) for entry in entries.values()], aside


def _figure(figure: Figure, context: Context, entries: dict[str, _Entry], tables: Tables) -> bool:
    """Adds what a figure's words say; False where it is none of the institution's own in the year."""
    if figure.unit in SHARES or not context.period_is_year or (context.previous and context.previous.adjacent):
        return False
    scene = Scene(context)
    words = wording.bare(scene.item)
    noun = _NOUN.match(scene.tail)
    found = re.search(r"[\u4e00-\u9fffA-Za-z]{2,}$", words)
    phrase = _short(found.group()) if found else ""
    behind = not phrase
    if behind and noun:
        phrase = noun.group()
    if len(phrase) < 2 or wording.is_change(words):
        return False
    start = max(0, len(scene.clause) - len(phrase) if behind else scene.clause.rfind(phrase))
    stock = not wording.governed(scene.item, wording.GAIN + wording.MOVE) and any(word in scene.item for word in (*wording.STANDING, "有"))
    probe = Indicator(id="", examples=(), name="", units=(figure.unit,), kind="stock" if stock else "flow")
    if refusal(probe, Hit(phrase, start, start, (probe,), behind), scene, tables) is not None:
        return False
    entry = entries.setdefault(phrase, _Entry(phrase, stock=stock))
    entry.phrases = list(dict.fromkeys([*entry.phrases, f"#{phrase}" if behind else phrase]))
    entry.add(figure.unit, of_figure(context, tables))
    said = figure.raw + (noun.group() if behind and noun else "")
    entry.short.append(_last(context.before, _CLAUSE) + said)
    entry.long.append(_last(context.before, re.compile(r"[。；;！？!?\n]"))[-_REACH:] + said)
    return True


def _short(words: str) -> str:
    """The words that name what is counted, without what often stands before them."""
    for opening in _OPENING:
        if words.startswith(opening) and len(words) >= len(opening) + 2:
            words = words.removeprefix(opening)
    return words[-_LONGEST:]


def _last(before: str, parting: re.Pattern[str]) -> str:
    return parting.split(before.rstrip("：: 　"))[-1].strip() or before[-_LONGEST:].strip()


def _row(row: Statistic, entries: dict[str, _Entry], tables: Tables) -> None:
    name = row_label(row.label)
    if (row.value is None and not re.search(r"\w", row.unit or "")) or len(name) < 2 or "|" in row.label or wording.of_a_part(name) or not re.search(r"[\u4e00-\u9fff]", name):
        return
    entry = entries.setdefault(name, _Entry(name, stock=True))
    entry.rows = list(dict.fromkeys([*entry.rows, name]))
    unit = re.sub(r"^(?:百万|十亿|万|亿|千)(?=.)", "", "".join((row.unit or "").split()))
    entry.add(unit or None, of_row(row.label, row.unit, tables))
    entry.printed.append(f"{' '.join(row.label.split())} | {unit}")


def _proposal(entry: _Entry, domain: str | None) -> Proposal:
    keys: dict[str, object] = {"id": f"{TODO}{slug(entry.name)}", "name": entry.name, "units": entry.units, "kind": "stock" if entry.stock else "flow"}
    keys |= {"domain": domain} if domain else {}
    keys |= {"rows": entry.rows} if entry.rows else {}
    keys |= {"phrases": entry.phrases} if entry.phrases else {}
    notes = [f"Or is it {miss.indicator} ({miss.words}: {miss.reason})? Then extend that one instead." for miss in entry.near.values()]
    rows = tuple(dict.fromkeys(entry.printed))[:1]
    short, long = tuple(dict.fromkeys(entry.short))[:_PROOFS], tuple(dict.fromkeys(entry.long))[:_PROOFS]
    tries = [(*rows, *short), (*rows, *long), *((*rows, text) for text in (*short, *long))] if short else [rows]
    return Proposal(kind="indicator", keys=keys, examples=tuple(dict.fromkeys(tries)), notes=tuple(notes), words=(entry.name,))

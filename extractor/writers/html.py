"""Checks as one web page for a clerk: each report's findings, and beside them its text with both ends of each marked.

The page stands alone (no network, one small script allowed by its hash) and works without the script: quotes,
marks and the choice of verdicts are plain links and check boxes. The text is never changed: numbers of findings
behind a mark are drawn by the style sheet, so what is searched, copied or read aloud is the report's own text.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from extractor.model import Check, Finding, Report, Side, Struct, TableRecord
from extractor.writers.words import WORDS, Lang, Words

_AROUND = 18
"""Characters shown on each side of a quote."""
_LONGEST = 120
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class _End(Struct, frozen=True):
    """One end of a finding in the text: its anchor, the anchor, number and name of its finding, its place."""

    anchor: str
    finding: str
    number: int
    verdict: str
    name: str
    start: int
    end: int


def write(checked: Sequence[tuple[Report, Check]], lang: Lang = "zh") -> bytes:
    """One UTF-8 page for all reports, in order. What agrees is there, too, but hidden until its box is ticked."""
    words = WORDS[lang]
    counts = {verdict: sum(check.summary.get(verdict, 0) for _, check in checked) for verdict in words.verdicts}
    body = "".join(_report(report, check, n, words) for n, (report, check) in enumerate(checked, 1))
    boxes = "".join(f'<input type="checkbox" id="v-{verdict}"{"" if verdict == "agrees" else " checked"}>' for verdict in words.verdicts)
    labels = "".join(f'<label for="v-{verdict}" class="{verdict}">{word} <b>{counts[verdict]}</b></label>' for verdict, word in words.verdicts.items())
    title = words.title if len(checked) != 1 else f"{checked[0][0].source.name} {words.title}"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()}'"
    page = (
        f'<!DOCTYPE html>\n<html lang="{words.tag}">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f'<body>\n{boxes}\n<header><h1>{_safe(title)}</h1><nav aria-label="{words.choice}">{labels}</nav></header>\n<main>\n{body}</main>\n'
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )
    return page.encode()


def _safe(text: str) -> str:
    """`text` as HTML; characters that HTML forbids become the replacement character."""
    return escape(_CONTROL.sub("\ufffd", text))


def _report(report: Report, check: Check, number: int, words: Words) -> str:
    ends = _ends(check, f"r{number}", words)
    pages = _pages(report)
    head = " · ".join((*words.head(report), report.source.name))
    scans = words.scans(report)
    note = f'<p class="summary">{scans}{words.stop}</p>\n' if scans else ""
    items = "".join(_finding(report, finding, n, f"r{number}-{n}", pages, words) for n, finding in enumerate(check.findings, 1))
    return (
        f'<section class="report" aria-labelledby="r{number}"><h2 id="r{number}">{_safe(head)}</h2><p class="summary">{words.counted(check.summary)}{words.stop}</p>\n{note}'
        f'<div class="sides"><ol class="findings" aria-label="{words.findings}">\n{items}</ol>\n'
        f'<article class="text" lang="zh-CN" aria-label="{words.text}">\n{"".join(_text(report, ends))}</article></div></section>\n'
    )


# --- the findings -------------------------------------------------------------------------------


def _finding(report: Report, finding: Finding, number: int, anchor: str, pages: tuple[list[int], list[int]], words: Words) -> str:
    quotes = "".join(_quote(report, side, f"{anchor}{letter}", pages, words) for letter, side in _sides(finding))
    return (
        f'<li id="{anchor}" class="finding {finding.verdict}"><p class="message"><span class="verdict">{number} {words.verdicts[finding.verdict]}</span> {_safe(finding.message)}</p>'
        f'{quotes}<p class="about">{words.kinds[finding.kind]} · {finding.kind} · {_safe(finding.rule)} · <code>{_safe(finding.fingerprint)}</code></p></li>\n'
    )


def _sides(finding: Finding) -> list[tuple[str, Side]]:
    """The ends by letter; a finding about one place has one."""
    left, right = finding.left, finding.right
    return [("a", left)] if (left.start, left.end) == (right.start, right.end) else [("a", left), ("b", right)]


def _quote(report: Report, side: Side, anchor: str, pages: tuple[list[int], list[int]], words: Words) -> str:
    """A link to the end `anchor`: its words with a little around them, the page where there are pages, the file where there are several."""
    text = report.text
    start = max(text.rfind("\n", 0, side.start) + 1, side.start - _AROUND)
    stop = text.find("\n", side.end)
    end = min(stop if stop >= 0 else len(text), side.end + _AROUND)
    middle = text[side.start : side.end]
    if len(middle) > _LONGEST:
        middle = middle[: _LONGEST - 30] + "…" + middle[-25:]
    at = bisect_right(pages[0], side.start) - 1
    where = " ".join([*([side.file] if side.file else []), *([words.page.format(pages[1][at])] if at >= 0 else [])])
    place = f'<span class="page">{_safe(where)}</span> ' if where else ""
    before, quoted, after = (_safe(re.sub(r"\s+", " ", part)) for part in (text[start : side.start], middle, text[side.end : end]))
    return f'<a class="quote" href="#{anchor}">{place}{before}<q>{quoted}</q>{after}</a>'


def _pages(report: Report) -> tuple[list[int], list[int]]:
    """Where records start, in order, and the page of each: the page of any place is that of the last one before it."""
    records = [*report.figures, *report.statistics, *report.events, *report.awards, *report.media, *report.profile, *report.tables]
    known = sorted((record.start, record.page) for record in records if record.page)
    return [start for start, _ in known], [page for _, page in known]


# --- the text -----------------------------------------------------------------------------------


def _ends(check: Check, anchor: str, words: Words) -> list[_End]:
    """Both ends of every finding, in reading order, the longer first."""
    found = [
        _End(f"{anchor}-{n}{letter}", f"{anchor}-{n}", n, finding.verdict, words.item.format(n), side.start, max(side.end, side.start))
        for n, finding in enumerate(check.findings, 1)
        for letter, side in _sides(finding)
    ]
    return sorted(found, key=lambda end: (end.start, -end.end, end.number))


class _Marker:
    """Writes stretches of the text in reading order, each cut where an end begins or stops."""

    def __init__(self, text: str, ends: Sequence[_End]) -> None:
        self._text = text
        self._ends = ends
        self._next = 0
        self._open: list[_End] = []
        self._cuts = sorted({place for end in ends for place in (end.start, end.end)})

    def show(self, start: int, stop: int) -> str:
        """text[start:stop] as HTML; a stretch under one or more ends is a mark."""
        cuts = [start, *self._cuts[bisect_right(self._cuts, start) : bisect_right(self._cuts, stop - 1)], stop]
        return "".join(self._piece(a, b) for a, b in itertools.pairwise(cuts) if a < b) or self._piece(start, stop)

    def _piece(self, start: int, stop: int) -> str:
        """What begins here is a mark of its own around the stretch, so every end has one anchor, its first stretch."""
        begun: list[_End] = []
        while self._next < len(self._ends) and self._ends[self._next].start <= start:
            begun.append(self._ends[self._next])
            self._next += 1
        empty = "".join(f'<mark id="{end.anchor}"></mark>{_back(end)}' for end in begun if end.end <= start)
        begun = [end for end in begun if end.end > start]
        self._open = [end for end in self._open if end.end > start] + begun
        words = _safe(self._text[start:stop])
        if not self._open:
            return empty + words
        covering = sorted(self._open, key=lambda end: (end.end - end.start, end.number))
        verdicts = " ".join(dict.fromkeys(end.verdict for end in covering))
        names = " ".join(end.anchor for end in covering)
        anchors = [f' id="{end.anchor}"' for end in begun] or [""]
        opened = f'<mark{anchors[0]} class="{verdicts}" data-ends="{names}">' + "".join(f"<mark{anchor}>" for anchor in anchors[1:])
        return empty + opened + words + "</mark>" * len(anchors) + "".join(_back(end) for end in covering if end.end <= stop)


def _back(end: _End) -> str:
    """The link behind an end to its finding; the style sheet shows the number."""
    return f'<a class="back {end.verdict}" href="#{end.finding}" data-n="{end.number}" aria-label="{end.name}"></a>'


def _text(report: Report, ends: Sequence[_End]) -> Iterator[str]:
    """The paragraphs and tables of the report in reading order."""
    marker = _Marker(report.text, ends)
    # A run-in heading (its paragraph goes on) stays part of the paragraph.
    levels = {(section.start, section.start + len(section.heading)): section.level for section in report.sections}
    if report.title and (at := report.text.find(report.title)) >= 0:
        levels[at, at + len(report.title)] = 0
    tables = sorted(report.tables, key=lambda table: table.start)
    at = 0
    for table in tables:
        if table.start < at:
            continue
        yield from _paragraphs(report.text, at, table.start - 1, levels, marker)
        yield _table(table, report.text, marker)
        at = table.end + 1
    yield from _paragraphs(report.text, at, len(report.text), levels, marker)


def _paragraphs(text: str, start: int, stop: int, levels: Mapping[tuple[int, int], int], marker: _Marker) -> Iterator[str]:
    for first, last in _split(text, start, stop, "\n"):
        level = levels.get((first, last))
        tag = "p" if level is None else f"h{min(level + 3, 6)}"
        yield f"<{tag}>{marker.show(first, last)}</{tag}>\n"


def _split(text: str, start: int, stop: int, mark: str) -> Iterator[tuple[int, int]]:
    """The spans between the marks in text[start:stop]."""
    if start > stop:
        return
    while (at := text.find(mark, start, stop)) >= 0:
        yield start, at
        start = at + 1
    yield start, stop


def _table(table: TableRecord, text: str, marker: _Marker) -> str:
    """The cells by line and tab; the record's grid says in which columns a line with merged cells has its own."""
    width = max([len(table.header), *map(len, table.rows), 1])
    rows = []
    following = 0
    for first, last in _split(text, table.start, table.end, "\n"):
        cells = list(_split(text, first, last, "\t"))
        words = [text[a:b] for a, b in cells]
        filled = [word for word in words if word]
        while following < len(table.rows) and filled and not any(table.rows[following]):
            following += 1
        grid = table.rows[following] if following < len(table.rows) else ()
        tag = "td" if [word for word in grid if word] == filled else "th"
        following += tag == "td"
        spans = _spans(words, grid if tag == "td" else (), width)
        rows.append("<tr>" + "".join(_cell(tag, marker.show(a, b), span) for (a, b), span in zip(cells, spans, strict=True)) + "</tr>\n")
    caption = f' aria-label="{_safe(table.caption)}"' if table.caption else ""
    return f'<div class="wide"><table{caption}>\n{"".join(rows)}</table></div>\n'


def _cell(tag: str, content: str, span: tuple[int, int]) -> str:
    blank, columns = span
    return f"<{tag}></{tag}>" * blank + (f'<{tag} colspan="{columns}">' if columns > 1 else f"<{tag}>") + content + f"</{tag}>"


def _spans(words: Sequence[str], grid: Sequence[str], width: int) -> list[tuple[int, int]]:
    """For each cell of a line, the columns left blank before it and those it takes.

    A line with as many cells as columns has one in each; in a shorter one a cell stands where the grid has its
    words and reaches to the next.
    """
    if len(words) >= width or not grid:
        return [(0, 1)] * (len(words) - 1) + [(0, max(width - len(words) + 1, 1))]
    places = []
    at = 0
    for left, word in zip(range(len(words) - 1, -1, -1), words, strict=True):
        limit = width - left
        at = next((column for column in range(at, limit) if word and column < len(grid) and grid[column] == word), at)
        places.append(at)
        at += 1
    after = [*places[1:], width]
    return [(places[0] if n == 0 else 0, max(end - place, 1)) for n, (place, end) in enumerate(zip(places, after, strict=True))]


def _styles() -> str:
    """The rules that hold for each verdict; graver verdicts come later and win where ends overlap."""
    colours = {"agrees": ("#1a7f4b", "#dff3e7"), "review": ("#9a6700", "#fff0c2"), "missing": ("#8250a0", "#f1e2fa"), "conflicts": ("#b3261e", "#ffdcd8")}
    rules: dict[str, list[str]] = defaultdict(list)
    for verdict, (dark, light) in colours.items():
        rules[verdict] = [
            f".{verdict} .verdict,label.{verdict}{{--dark:{dark};--light:{light}}}",
            f".finding.{verdict}{{border-left-color:{dark}}}",
            f"#v-{verdict}:checked~main mark.{verdict}{{background:{light};border-bottom:2px solid {dark};cursor:pointer}}",
            f"#v-{verdict}:not(:checked)~main .finding.{verdict},#v-{verdict}:not(:checked)~main .back.{verdict}{{display:none}}",
            f"#v-{verdict}:checked~header label.{verdict}{{background:{light};color:{dark};border-color:{dark}}}",
            f"#v-{verdict}:focus-visible~header label.{verdict}{{outline:2px solid {dark}}}",
            f".back.{verdict}{{color:{dark}}}",
        ]
    return "\n".join(rule for lines in rules.values() for rule in lines)


_STYLE = f"""
*{{box-sizing:border-box}}
html{{scroll-padding:25vh 0}}
body{{margin:0;font:16px/1.7 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#1f2328;background:#f5f6f8}}
body>input{{position:fixed;opacity:0;pointer-events:none}}
header{{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;align-items:center;padding:.5rem 1.2rem;background:#fff;border-bottom:1px solid #d8dce2}}
h1{{margin:0;font-size:1.1rem}}
nav{{display:flex;gap:.5rem}}
label{{padding:.05rem .8rem;border:1px solid #c6cbd2;border-radius:1rem;color:#6b7280;cursor:pointer;user-select:none}}
.report{{padding:.8rem 1.2rem}}
h2{{margin:0;font-size:1.05rem}}
.summary{{margin:.1rem 0 .8rem;color:#57606a}}
.sides{{display:grid;grid-template-columns:minmax(20rem,2fr) 3fr;gap:1.2rem;align-items:start}}
.findings{{position:sticky;top:4rem;max-height:calc(100vh - 5rem);overflow:auto;margin:0;padding:0 .3rem 0 0;list-style:none;scroll-padding:.5rem}}
.finding{{margin:0 0 .7rem;padding:.6rem .8rem;background:#fff;border:1px solid #d8dce2;border-left:4px solid;border-radius:6px}}
.finding:target,.finding.on{{box-shadow:0 0 0 2px #1f6feb}}
.finding p{{margin:0}}
.verdict{{display:inline-block;padding:0 .5rem;border-radius:4px;background:var(--light);color:var(--dark);font-weight:600;font-size:.9em}}
.quote{{display:block;margin:.4rem 0 0;padding:.15rem .6rem;border-radius:4px;background:#f5f6f8;color:#57606a;font-size:.92em;text-decoration:none;overflow-wrap:anywhere}}
.quote:hover,.quote:focus-visible{{background:#e6eefb}}
.quote q{{color:#1f2328;font-weight:600;quotes:"「" "」"}}
.page{{color:#8b949e}}
.finding .about{{margin-top:.35rem;color:#8b949e;font-size:.78em;overflow-wrap:anywhere}}
code{{user-select:all}}
.text{{min-width:0;padding:1rem 1.6rem;background:#fff;border:1px solid #d8dce2;border-radius:6px}}
.text p{{margin:.5rem 0;overflow-wrap:anywhere}}
h3{{margin:.2rem 0 1rem;font-size:1.25rem;text-align:center}}
h4,h5,h6{{margin:1rem 0 .4rem;font-size:1.05rem}}
.wide{{overflow-x:auto;margin:.8rem 0}}
table{{border-collapse:collapse;font-size:.88em;line-height:1.5}}
td,th{{padding:.2rem .5rem;border:1px solid #d0d5dc;text-align:left;vertical-align:top}}
th{{background:#f0f2f5;font-weight:600}}
mark{{background:none;color:inherit}}
{_styles()}
mark:target,mark.on{{outline:2px solid #1f6feb;outline-offset:1px}}
.back{{margin-left:1px;font-size:.7em;vertical-align:super;line-height:0;text-decoration:none;user-select:none}}
.back::before{{content:attr(data-n)}}
.back+.back::before{{content:"·" attr(data-n)}}
@media (max-width:60rem){{.sides{{grid-template-columns:1fr}}.findings{{position:static;max-height:none}}}}
@media print{{
body{{background:none;font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
header{{position:static;padding:0;border:0}}nav{{display:none}}.report{{padding:0;break-after:page}}.sides{{display:block}}
.findings{{position:static;max-height:none;overflow:visible}}.finding{{break-inside:avoid}}.text{{padding:0;border:0}}.wide{{overflow:visible}}tr{{break-inside:avoid}}
.finding:target,.finding.on{{box-shadow:none}}mark:target,mark.on{{outline:none}}
}}
"""

_SCRIPT = """
(function () {
  function clear() {
    document.querySelectorAll('.on').forEach(function (node) { node.classList.remove('on'); });
  }
  function visible(node) { return node && node.offsetParent !== null; }
  document.addEventListener('click', function (event) {
    var quote = event.target.closest('.quote'), back = event.target.closest('.back');
    if (quote) {
      var end = quote.getAttribute('href').slice(1);
      clear();
      quote.parentNode.classList.add('on');
      document.querySelectorAll('mark[data-ends~="' + end + '"]').forEach(function (mark) { mark.classList.add('on'); });
      return;
    }
    if (back) { clear(); return; }
    var mark = event.target.closest('mark[data-ends]');
    if (!mark || String(getSelection())) return;
    var found = mark.dataset.ends.split(' ').map(function (name) { return name.slice(0, -1); })
      .filter(function (name) { return visible(document.getElementById(name)); });
    if (!found.length) return;
    clear();
    found.forEach(function (name) { document.getElementById(name).classList.add('on'); });
    if (location.hash === '#' + found[0]) document.getElementById(found[0]).scrollIntoView();
    location.hash = found[0];
  });
})();
"""

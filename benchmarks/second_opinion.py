"""Would a trained model help where rules end? ``python -m benchmarks.second_opinion [--as-they-came]`` prints Markdown.

A small convolutional network (spaCy, on the processor) learns from the gold files of corpus/ to mark awards, events and
organisations, one character or number at a time. Each report is marked by a model that was trained on the others. What counts is
where it disagrees with the rules: how much of what it alone marks is in the gold, and how much of what it does not
mark is a mistake of the rules. A plain list of the ranks in the other reports' gold files is the control: what the list
finds as well needed no training.

The rules of today were written with these reports in sight. With ``--as-they-came`` each report that came later is also read by the
rules as they were before, taken from the repository's history: what a report that nobody has seen is like.
The model is at an advantage there, for it learns from reports that came later still.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import fix_random_seed

import extractor
import extractor.spacy  # registers the tokenizer that keeps numbers whole
from extractor.evaluate.places import meets, plain
from extractor.evaluate.scores import Score
from extractor.model import Report
from extractor.rules import load
from extractor.variants import twin

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("awards", "events", "organisations")
FIRST = ("cangya-2018", "chaoyu-2022", "shuoquan-2014")
"""The reports that were there from the beginning."""
CAME = {
    "ec02095": ("talin-2010", "qinglan-2023"),
    "cf1689c": ("yunzhu-2021", "dongli-2022", "fenghe-2016", "chengyuan-2018", "mupan-2020", "guting-2013", "lanze-2019", "hengpu-2017", "xunling-2006"),
    "f1c9a02": ("qishui-2015", "yunque-2024"),
}  # fmt: skip
"""By a commit whose rules had not seen them, the reports that came later: it gives the scores of the day they came (README.md). A report
that is to take part stands here or in `FIRST`."""
WIDTH, DEPTH, EPOCHS, BATCH, DROP = 64, 4, 12, 16, 0.3
HEAD = 16
"""Letters of an event that are compared, as in `extractor evaluate`."""
GAP, LEAST = {"events": 3}, {"events": 5}
"""Tokens between two marks that are one, and of the shortest mark (2 elsewhere)."""
Span = tuple[int, int]


@dataclass(frozen=True)
class Wanted:
    """A place of the gold. `head`: what a mark has to meet; `optional`: right if marked, no miss if not."""

    start: int
    end: int
    head: Span
    optional: bool = False


@dataclass(frozen=True)
class Sample:
    """One report: its text in simplified characters, what is to be marked in each layer, and the ranks of its honours."""

    name: str
    text: str
    wanted: dict[str, list[Wanted]]
    ranks: frozenset[str]


@dataclass
class Marks:
    """What marks and rules found in one layer, over all reports."""

    model: Score = field(default_factory=Score)
    rules: Score = field(default_factory=Score)
    alone: int = 0
    useful: int = 0
    unmarked: int = 0
    wrong: int = 0
    where: list[str] = field(default_factory=list)


# --- the gold -----------------------------------------------------------------------------------


class Letters:
    """A text without white space and punctuation, and where its letters stand."""

    def __init__(self, text: str) -> None:
        self.at = [place for place, char in enumerate(text) if char.isalnum()]
        self.text = plain(text)
        self.source = text

    def all(self, words: str) -> Iterator[int]:
        """Every place at which the words begin."""
        found = self.text.find(words) if words else -1
        while found >= 0:
            yield found
            found = self.text.find(words, found + 1)

    def cells(self, words: str) -> list[int]:
        """The places at which a cell of a table begins with the words; every place where none does."""
        places = list(self.all(words))
        return [place for place in places if place and any(char in "\t\n" for char in self.source[self.at[place - 1] : self.at[place]])] or places

    def span(self, first: int, count: int) -> Span:
        """So many letters as a span of the text."""
        return self.at[first], self.at[first + count - 1] + 1


def sample(name: str, text: str, gold: dict[str, Any], read: dict[int, str]) -> Sample:
    """A report with its gold put in its places."""
    simple = text.translate(read)
    gold = json.loads(json.dumps(gold, ensure_ascii=False).translate(read))
    letters = Letters(simple)
    wanted = {"awards": honours(letters, gold["awards"]), "events": events(letters, gold["events"])}
    wanted["organisations"] = [Wanted(*span, span) for span in names(letters, gold["organization"], gold["awards"])]
    return Sample(name, simple, wanted, frozenset(rank for award in gold["awards"] if len(rank := award.get("rank") or "") > 1))


def honours(letters: Letters, awards: Iterable[dict[str, Any]]) -> list[Wanted]:
    """The rank of each honour (or its last letters), which is all whose ends the gold tells."""
    places: dict[Span, Wanted] = {}
    for award in awards:
        quote, rank = plain(award.get("quote") or award["title"]), plain(award.get("rank"))
        last = quote.rfind(rank) if rank else -1
        inner, count = (last, len(rank)) if last >= 0 else (max(0, len(quote) - 4), min(4, len(quote)))
        spans = (letters.span(place + inner, count) for place in (letters.cells(quote) if award["origin"] == "table" else letters.all(quote)))
        if span := next((span for span in spans if span not in places), None):
            places[span] = Wanted(*span, span, bool(award.get("optional")))
    return sorted(places.values(), key=lambda wanted: wanted.start)


def events(letters: Letters, told: Iterable[dict[str, Any]]) -> list[Wanted]:
    """The words of each event: those of the narrative at their first place, those of the chronicle at their last."""
    places: dict[int, Wanted] = {}
    for event in told:
        words = plain(event["text"])
        found = list(letters.all(words))
        if not found:
            words = words[:HEAD]
            found = list(letters.all(words))
        free = [place for place in (found[::-1] if event["origin"] == "chronicle" else found) if place not in places]
        if free:
            span = letters.span(free[0], len(words))
            places[free[0]] = Wanted(*span, letters.span(free[0], min(HEAD, len(words))), bool(event.get("optional")))
    return [places[place] for place in sorted(places)]


def names(letters: Letters, organization: str | None, awards: Iterable[dict[str, Any]]) -> list[Span]:
    """Every mention of the institution, of those who give honours, and of receivers whose names are too long for a person's."""
    said = {plain(organization)}
    for award in awards:
        said |= {plain(award.get("issuer")), plain(award.get("recipient")) if len(award.get("recipient") or "") > 3 else ""}
    spans: list[Span] = []
    for words in sorted((words for words in said if len(words) > 2), key=lambda words: (-len(words), words)):
        places = [letters.span(place, len(words)) for place in letters.all(words)]
        spans += [place for place in places if not any(meets(place, other) for other in spans)]
    return sorted(spans)


def ruled(report: dict[str, Any], read: dict[int, str]) -> dict[str, list[Span]]:
    """What the rules found, as the spans of each layer."""
    simple = json.loads(json.dumps({key: report[key] for key in ("text", "organization", "awards")}, ensure_ascii=False).translate(read))
    spans = {layer: [(record["start"], record["end"]) for record in report[layer]] for layer in ("awards", "events")}
    return spans | {"organisations": names(Letters(simple["text"]), simple["organization"], simple["awards"])}


# --- the model ----------------------------------------------------------------------------------


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs and rows of a text, and where they begin."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, line
        start += len(line) + 1


def example(nlp: Language, report: Sample, start: int, line: str) -> Example:
    """One line to learn from. A token's tag has a letter for each layer: B where a mark begins, I inside it, else O."""
    doc = nlp.make_doc(line)
    tags = [["O"] * len(LAYERS) for _ in doc]
    for layer, name in enumerate(LAYERS):
        for wanted in report.wanted[name]:
            if not start <= wanted.start < start + len(line):
                continue
            span = doc.char_span(wanted.start - start, min(wanted.end - start, len(line)), alignment_mode="expand")
            for number, token in enumerate(span or ()):
                tags[token.i][layer] = "I" if number else "B"
    words, spaces = [token.text for token in doc], [bool(token.whitespace_) for token in doc]
    return Example(doc, Doc(nlp.vocab, words=words, spaces=spaces, tags=["".join(tag) for tag in tags]))


def train(reports: Sequence[Sample], epochs: int = EPOCHS, seed: int = 1) -> Language:
    """A tagger of these reports. The same reports and seed give the same model on one machine."""
    fix_random_seed(seed)
    order = random.Random(seed)
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "extractor.zh.v1"}}})
    embed = {"@architectures": "spacy.MultiHashEmbed.v2", "width": WIDTH, "attrs": ["NORM", "SHAPE"], "rows": [3000, 300], "include_static_vectors": False}
    encode = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": WIDTH, "depth": DEPTH, "window_size": 1, "maxout_pieces": 3}
    network = {"@architectures": "spacy.Tagger.v2", "normalize": True, "tok2vec": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}}
    tagger: Any = nlp.add_pipe("tagger", config={"model": network})
    examples = [example(nlp, report, start, line) for report in reports for start, line in lines(report.text)]
    for tag in sorted({token.tag_ for e in examples for token in e.reference}):
        tagger.add_label(tag)
    optimizer = nlp.initialize(lambda: examples[:50])
    for _ in range(epochs):
        order.shuffle(examples)
        for first in range(0, len(examples), BATCH):
            nlp.update(examples[first : first + BATCH], sgd=optimizer, drop=DROP)
    return nlp


def marks(nlp: Language, text: str) -> dict[str, list[Span]]:
    """What a model marks in each layer: tokens more likely in a mark than not."""
    tagger: Any = nlp.get_pipe("tagger")
    found: dict[str, list[Span]] = {name: [] for name in LAYERS}
    starts, docs = zip(*((start, nlp.make_doc(line)) for start, line in lines(text)), strict=True)
    for start, doc, likely in zip(starts, docs, tagger.model.predict(docs), strict=True):
        for layer, name in enumerate(LAYERS):
            inside = likely[:, [i for i, tag in enumerate(tagger.labels) if tag[layer] != "O"]].sum(axis=1)
            begins = likely[:, [i for i, tag in enumerate(tagger.labels) if tag[layer] == "B"]].sum(axis=1)
            for first, last in runs([bool(p >= 0.5) for p in inside], [bool(p > 0.5) for p in begins], GAP.get(name, 0), LEAST.get(name, 2)):
                found[name].append((start + doc[first].idx, start + doc[last].idx + len(doc[last])))
    return found


def runs(inside: Sequence[bool], begins: Sequence[bool], gap: int, least: int) -> Iterator[Span]:
    """First and last of tokens in a row that are inside; a new run where one begins, unless gaps are bridged."""
    found: list[list[int]] = []
    for token, is_inside in enumerate(inside):
        if not is_inside:
            continue
        if found and token - found[-1][1] <= gap + 1 and (gap or not begins[token]):
            found[-1][1] = token
        else:
            found.append([token, token])
    yield from ((first, last) for first, last in found if last - first + 1 >= least)


def listed(ranks: Iterable[str], text: str) -> list[Span]:
    """The control: wherever one of these ranks stands, the longer first."""
    spans: list[Span] = []
    for rank in sorted(ranks, key=lambda rank: (-len(rank), rank)):
        at = text.find(rank)
        while at >= 0:
            if not any(meets((at, at + len(rank)), span) for span in spans):
                spans.append((at, at + len(rank)))
            at = text.find(rank, at + 1)
    return sorted(spans)


# --- the comparison -----------------------------------------------------------------------------


def compare(into: Marks, wanted: Sequence[Wanted], model: Sequence[Span], rules: Sequence[Span], report: str = "") -> None:
    """Adds one report, by its name where the model alone marks something. A mark is useful where it meets something of the gold that the rules have missed."""
    into.model.add(score(model, wanted))
    into.rules.add(score(rules, wanted))
    alone = [mark for mark in model if not any(meets(mark, span) for span in rules)]
    missed = [w for w in wanted if not any(meets(w.head, span) for span in rules)]
    useful = sum(any(meets(mark, w.head) for w in missed) for mark in alone)
    into.alone += len(alone)
    into.useful += useful
    into.where += [f"{report} {useful} of {len(alone)}"] if alone else []
    unmarked = [span for span in rules if not any(meets(span, mark) for mark in model)]
    into.unmarked += len(unmarked)
    into.wrong += sum(not any(meets(span, w.head) for w in wanted) for span in unmarked)


def score(spans: Sequence[Span], wanted: Sequence[Wanted]) -> Score:
    """Marks against the gold, one to one where they overlap; a second mark of the same place counts neither way."""
    result, used = Score(), set[int]()
    for span in spans:
        met = [number for number, w in enumerate(wanted) if meets(span, w.head)]
        result.extra += not met
        free = next((number for number in met if number not in used), None)
        if free is not None:
            used.add(free)
            result.right += not wanted[free].optional
    result.missed = sum(number not in used and not w.optional for number, w in enumerate(wanted))
    return result


def table(reports: Sequence[Sample], marked: dict[str, dict[str, list[Span]]], rules: dict[str, dict[str, list[Span]]]) -> list[str]:
    """The comparison over the reports that `rules` holds, by layer, and of the control."""
    all_marks = {name: Marks() for name in (*LAYERS, "awards, by a list of ranks")}
    for report in reports:
        if report.name not in rules:
            continue
        for name in LAYERS:
            compare(all_marks[name], report.wanted[name], marked[report.name][name], rules[report.name][name], report.name)
        ranks = frozenset[str]().union(*(other.ranks for other in reports if other is not report))
        compare(all_marks["awards, by a list of ranks"], report.wanted["awards"], listed(ranks, report.text), rules[report.name]["awards"], report.name)
    return [
        "| what | model: precision, recall, F1 | rules: precision, recall, F1 | marked by the model alone | of these missed by the rules | by the rules alone | of these wrong |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(f"| {name} | {shown(m.model)} | {shown(m.rules)} | {m.alone} | {m.useful} | {m.unmarked} | {m.wrong} |" for name, m in all_marks.items()),
        "", *(f"{name}, missed by the rules of those marked by the model alone: {', '.join(m.where) or 'none'}" for name, m in all_marks.items()),
    ]  # fmt: skip


def shown(result: Score) -> str:
    return f"{result.precision:.2f}, {result.recall:.2f}, {result.f1:.2f}"


# --- the reports --------------------------------------------------------------------------------

_READ = "import sys, pathlib, msgspec, extractor; sys.stdout.buffer.write(msgspec.json.encode([extractor.extract(pathlib.Path(p)) for p in sys.argv[1:]]))"


def at_commit(commit: str, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """What the code and rules of a commit read, in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "extractor", "rules"], cwd=ROOT, capture_output=True)
        if archive.returncode:
            sys.exit(f"{commit} is not in the history of this clone: fetch all of it (git fetch --unshallow), or leave out --as-they-came")
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        done = subprocess.run([sys.executable, "-c", _READ, *map(str, paths)], cwd=folder, capture_output=True, check=True)
    read: list[dict[str, Any]] = json.loads(done.stdout)
    return read


def as_they_came(paths: dict[str, Path], mapping: dict[str, dict[int, str]]) -> dict[str, dict[str, list[Span]]]:
    """What the rules that had not seen a report found in it."""
    found = {}
    for commit, came in CAME.items():
        for name, report in zip(came, at_commit(commit, [paths[name] for name in came]), strict=True):
            found[name] = ruled(report, mapping[name])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.second_opinion", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--as-they-came", action="store_true", help="also compare with the rules before each report came (needs git and the history)")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"how often a model sees each line (default {EPOCHS})")
    arguments = parser.parse_args()
    variants = load().tables.variants
    used = sorted({*FIRST, *(name for names in CAME.values() for name in names)})
    paths = {name: ROOT / "corpus" / name / f"{name}.docx" for name in used}
    read: dict[str, Report] = {name: extractor.extract(path) for name, path in paths.items()}
    mapping = {name: variants.read if twin(report.text, variants) else {} for name, report in read.items()}
    reports = [sample(name, report.text, json.loads(paths[name].with_suffix(".gold.json").read_bytes()), mapping[name]) for name, report in read.items()]
    marked = {}
    for report in reports:
        print(f"{report.name} …", file=sys.stderr)
        marked[report.name] = marks(train([other for other in reports if other is not report], arguments.epochs), report.text)
    print("The rules of today:\n", *table(reports, marked, {name: ruled(msgspec.to_builtins(report), mapping[name]) for name, report in read.items()}), sep="\n")
    if arguments.as_they_came:
        print("\nThe rules before each report came:\n", *table(reports, marked, as_they_came(paths, mapping)), sep="\n")


if __name__ == "__main__":
    main()

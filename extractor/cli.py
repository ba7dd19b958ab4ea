"""The command line: parses arguments, calls the API, prints. Results go to stdout or -o, messages to stderr.

Exit codes: 0 all done, 2 something could not be read (or a rule is broken).
"""

from __future__ import annotations

import contextlib
import glob
import io
import itertools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.errors import ExtractorError
from extractor.version import __version__

if TYPE_CHECKING:
    from extractor.model import Document, Report
    from extractor.rules import Rules
    from extractor.writers.words import Lang

_STDIN = Path("<stdin>")
"""Stands for standard input among the files; known by identity, so that a file of that name can still be named."""
FINDING_KINDS = ("figure_vs_statistic", "figure_vs_figure", "sum", "count", "event_vs_event", "award_vs_award", "date_order", "growth", "format")
_RULES = click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="Folder of rules of one's own, laid over the built-in ones.")

_DOMAIN = click.option("--domain", metavar="DOMAIN", help="Kind of institution (public-library, museum, school ...), where its name does not tell it.")


def main() -> None:
    """The console script. Streams are UTF-8 on every system, so Chinese prints on a Windows console too."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="extractor")
def cli() -> None:
    """Reads Chinese year-end reports (.docx, .pdf, .rtf, .html, .mht, .txt) into structured JSON with exact positions."""


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Folder for one JSON file a document.")
@_DOMAIN
@_RULES
def convert(paths: tuple[str, ...], output: Path | None, domain: str | None, rules_folder: Path | None) -> None:
    """Convert reports to JSON.

    PATH is a file, a folder, a glob, or - for standard input. One document is printed as indented JSON, several as JSON Lines;
    with -o every document becomes FILE.json in that folder.
    """
    import msgspec

    from extractor import pipeline

    rules = _rules(rules_folder, domain)
    files, failed = _expand(paths)
    converted = 0
    for number, (path, relative) in enumerate(files, 1):
        try:
            report = pipeline.extract(_source(path), rules, domain)
        except ExtractorError as error:
            failed += 1
            _complain(error)
            continue
        converted += 1
        data = msgspec.json.encode(report)
        if output is not None:
            target = output / f"{relative}.json"
            _write(target, msgspec.json.format(data, indent=2) + b"\n")
            _progress(number, len(files), f"{path} -> {target}")
        else:
            _emit(msgspec.json.format(data, indent=2) if len(files) == 1 else data)
            if len(files) > 1:
                _progress(number, len(files), str(path))
    if failed:
        if len(files) > 1:
            click.echo(f"{converted} of {len(files)} documents converted, {len(files) - converted} failed", err=True)
        sys.exit(2)


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--together", is_flag=True, help="The files are one report, in the order given.")
@click.option("--against", multiple=True, type=click.Path(path_type=Path), metavar="PATH", help="Report of an earlier year; may be given more than once.")
@click.option("--format", "form", type=click.Choice(("text", "json", "html", "sarif")), default="text", show_default=True, help="How the findings are written.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File for the findings instead of stdout; a .docx: a copy of the report with the findings as Word comments.")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="Language of the messages.")
@click.option("--agreements", is_flag=True, help="List what agrees, too (text only).")
@click.option("--only", multiple=True, type=click.Choice(FINDING_KINDS), metavar="KIND", help="Only findings of this kind, such as sum; may be given more than once.")
@click.option("--ignore", multiple=True, metavar="FINGERPRINT", help="Leave out the finding with this fingerprint; may be given more than once.")
@click.option("--fail-on", type=click.Choice(("conflicts", "missing", "review", "never")), default="conflicts", show_default=True, help="The least grave verdict that gives exit code 1.")
@_DOMAIN
@_RULES
def check(
    paths: tuple[str, ...], together: bool, against: tuple[Path, ...], form: str, output: Path | None, lang: Lang, agreements: bool, only: tuple[str, ...],
    ignore: tuple[str, ...], fail_on: str, domain: str | None, rules_folder: Path | None,
) -> None:  # fmt: skip
    """Find where a report contradicts its own form, or itself.

    PATH is a file, a folder, a glob, or - for standard input; each is a report of its own, or with --together a file of
    one report. Exit code 0: nothing conflicts, 1: something does, 2: something could not be read. What is only to be looked
    at, or missing, gives 0.
    """
    from extractor import pipeline
    from extractor.reconcile.checks import GRAVITY, selected
    from extractor.writers import WRITERS, english

    rules = _rules(rules_folder, domain)
    checked = []
    files, failed = _expand(paths)
    mark = output if output is not None and output.suffix.lower() == ".docx" else None
    if mark is not None and (len(files) != 1 or files[0][0].suffix.lower() != ".docx" or mark.resolve() == files[0][0].resolve()):
        raise click.UsageError(f"-o {mark}: a marked copy needs one report, a .docx, and another file to write to")
    try:
        earlier = [pipeline.extract(path, rules, domain) for path in against]
    except ExtractorError as error:
        _complain(error)
        sys.exit(2)
    for report in _reports([path for path, _ in files], together, rules, domain):
        if report is None:
            failed += 1
            continue
        found = selected(pipeline.check(report, *earlier, rules=rules), only, ignore)
        checked.append((report, english.translated(report, found) if lang == "en" else found))
    if mark is not None and checked:
        from extractor.writers import docx

        _write(mark, docx.mark(files[0][0].read_bytes(), *checked[0], lang))
    options = {"colour": output in (None, mark) and sys.stdout.isatty(), "agreements": agreements} if form == "text" else {}
    data = WRITERS[form](checked, lang, **options)
    if output not in (None, mark):
        _write(output, data)
    else:
        click.echo(data, nl=False)
    grave = GRAVITY[: GRAVITY.index(fail_on) + 1] if fail_on in GRAVITY else ()
    sys.exit(2 if failed else 1 if any(found.summary[verdict] for _, found in checked for verdict in grave) else 0)


def _reports(paths: Sequence[Path], together: bool, rules: Rules, domain: str | None) -> Iterator[Report | None]:
    """The report of each file, or of all of them as one; None, and a message, where it cannot be read."""
    from extractor import pipeline
    from extractor.together import together as joined

    for group in [list(paths)] if together and paths else [[path] for path in paths]:
        try:
            report = pipeline.extract(joined([_document(path) for path in group]), rules, domain)
        except ExtractorError as error:
            _complain(error)
            report = None
        yield report


@cli.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of the report."""
    import json

    from extractor.schema import report_schema

    _emit(json.dumps(report_schema(), ensure_ascii=False, indent=2).encode())


@cli.group()
def rules() -> None:
    """Check the rules, or see what they do on a report."""


@rules.command("check")
@_RULES
def rules_check(rules_folder: Path | None) -> None:
    """Run the examples and rejects of every rule, also of the built-in ones below a folder of one's own."""
    from extractor.rules import check

    loaded = _rules(rules_folder)
    failures = check(loaded)
    for failure in failures:
        click.echo(f"{failure.file}: [[{failure.kind}]] {failure.rule}: {failure.problem}: {failure.text}", err=True)
    count = sum(map(len, loaded.by_kind.values()))
    if rules_folder is not None:
        changed = Counter(entry.change for entry in loaded.entries.values() if entry.change)
        click.echo(f"{rules_folder}: " + ", ".join(f"{changed[change]} {change}" for change in ("new", "replaced", "extended", "disabled")))
    click.echo(f"{count} rules, {len(failures)} failures")
    if failures:
        sys.exit(2)


@rules.command("explain")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@_DOMAIN
@_RULES
def rules_explain(path: Path, domain: str | None, rules_folder: Path | None) -> None:
    """Say which rule made each record of FILE, what nearly fitted where none did, and which numbers no rule took."""
    from extractor.explain import explain

    try:
        for line in explain(path, _rules(rules_folder, domain), domain):
            click.echo(line)
    except ExtractorError as error:
        _complain(error)
        sys.exit(2)


@rules.command("new")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="New file for the rules, such as my-rules/rules.toml; an existing one is left alone.")
@_DOMAIN
@_RULES
def rules_new(path: Path, output: Path | None, domain: str | None, rules_folder: Path | None) -> None:
    """Propose rules for what FILE says and nothing took, as TOML for a file rules.toml of one's own folder."""
    from extractor.proposals import propose

    if output is not None and output.exists():
        raise click.UsageError(f"{output}: there is such a file: choose a new one, or leave -o out and paste what is printed")
    try:
        text = "\n".join(propose(path, _rules(rules_folder, domain), domain))
    except ExtractorError as error:
        _complain(error)
        sys.exit(2)
    if output is not None:
        _write(output, f"{text}\n".encode())
    else:
        click.echo(text)


@cli.command()
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--errors", is_flag=True, help="List every error with its text.")
@click.option("--unused", is_flag=True, help="List the rules that fired in no report.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File for the run as JSON: all scores, errors and rules that never fired.")
@click.option("--compare", "earlier", type=click.Path(path_type=Path), metavar="FILE", help="Run written with -o before: print what changed instead of the scores.")
@_RULES
def evaluate(corpus: Path, errors: bool, unused: bool, output: Path | None, earlier: Path | None, rules_folder: Path | None) -> None:
    """Score all reports in the folder CORPUS against their *.gold.json files."""
    from extractor.evaluate import evaluate_corpus, render, runs
    from extractor.evaluate.unused import Usage

    try:
        before = runs.load(earlier) if earlier is not None else None
        loaded = _rules(rules_folder)
        usage = Usage(loaded)
        results = evaluate_corpus(corpus, loaded, usage)
    except ExtractorError as error:
        _complain(error)
        sys.exit(2)
    never = list(usage.unused())
    run = runs.as_run(results, loaded.sha256, never)
    for line in render(results, errors) if before is None else runs.compared(before, run):
        click.echo(line)
    if unused:
        for kind, rule in never:
            click.echo(f"unused: {loaded.entries[kind, rule].file}: [[{kind}]] {rule}")
    if output is not None:
        _write(output, runs.dump(run))


def _rules(folder: Path | None, domain: str | None = None) -> Rules:
    from extractor.domains import must_exist
    from extractor.rules import load

    try:
        loaded = load(folder)
        must_exist(domain, loaded.tables.domains)
        return loaded
    except ExtractorError as error:
        _complain(error)
        sys.exit(2)


def _source(path: Path) -> Path | Document:
    """What is to be read: the file, or the document on standard input, of which no more is taken than a file may have."""
    if path is not _STDIN:
        return path
    from extractor import readers

    return readers.read(sys.stdin.buffer.read(readers.MAX_BYTES + 1), str(_STDIN))


def _document(path: Path) -> Document:
    """The document in a file, or on standard input."""
    from extractor.readers import read

    found = _source(path)
    return read(found) if isinstance(found, Path) else found


def _expand(paths: tuple[str, ...]) -> tuple[list[tuple[Path, Path]], int]:
    """Every document named, with its path below the folder it was found in, and how many names held none."""
    from extractor.readers import SUFFIXES

    files: list[tuple[Path, Path]] = []
    empty = 0
    for name in paths:
        path = Path(name)
        if name == "-":
            files.append((_STDIN, Path("stdin")))
        elif path.is_dir():
            found = [file for file in sorted(path.rglob("*")) if file.is_file() and file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$"))]
            files += [(file, file.relative_to(path)) for file in found]
            if not found:
                empty += 1
                click.echo(f"{path}: no documents in this folder: pass a folder with reports, such as .docx, .pdf or .txt", err=True)
        elif not path.exists() and glob.has_magic(name):
            matches = [Path(match) for match in sorted(glob.glob(name, recursive=True)) if Path(match).is_file()]  # noqa: PTH207 (takes absolute patterns too)
            files += [(match, Path(match.name)) for match in matches]
            if not matches:
                empty += 1
                click.echo(f"{name}: nothing matches: check the pattern", err=True)
        else:
            files.append((path, Path(path.name)))
    return _apart(files), empty


def _apart(files: list[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    """The files with the folders above them where several would be written under one name."""
    unique = list({(path.resolve(), relative): (path, relative) for path, relative in files}.values())
    named = Counter(relative for _, relative in unique)
    above: dict[Path, Path] = {}
    for name in (name for name, count in named.items() if count > 1):
        same = [path.resolve() for path, relative in unique if relative == name]
        shared = sum(1 for _ in itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*(path.parts for path in same), strict=False)))
        above |= {path: Path(*path.parts[shared:]) for path in same}
    return [(path, above[path.resolve()] if named[relative] > 1 else relative) for path, relative in unique]


def _write(target: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    partial = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        click.echo(f"{target}: it cannot be written ({error.strerror or error}): choose another folder with -o", err=True)
        sys.exit(2)


def _emit(data: bytes) -> None:
    click.echo(data)


def _progress(number: int, total: int, message: str) -> None:
    click.echo(f"[{number}/{total}] {message}", err=True)


def _complain(error: ExtractorError) -> None:
    click.echo(str(error), err=True)

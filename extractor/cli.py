"""The command line: parses arguments, calls the API, prints. Results go to stdout or -o, messages to stderr.

Exit codes: 0 all done, 2 something could not be read (or a rule is broken), 130 or 143 interrupted.
"""

from __future__ import annotations

import contextlib
import functools
import io
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
    """Reads Chinese year-end reports (.docx, .doc, .pdf, .ofd, .rtf, .html, .mht, .txt) into structured JSON with exact positions."""


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", metavar="FOLDER", help="Folder for one JSON file a document; may be a URL such as s3://bucket/folder.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes that read documents (default: one a core).")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=300.0, show_default=True, metavar="SECONDS", help="A document may take so long.")
@click.option("--memory", type=click.IntRange(64), default=4096, show_default=True, metavar="MB", help="A document may need so much.")
@click.option("--retry-failed", is_flag=True, help="Read documents again that failed before, though nothing changed.")
@click.option("--shard", metavar="I/N", help="Take only part I of N of the documents: one call on each of N machines.")
@click.option("--engine", type=click.Choice(("local", "ray")), default="local", show_default=True, help="What runs the workers: this machine, or a Ray cluster (extra `ray`).")
@click.option("--address", metavar="ADDRESS", help="The Ray cluster, such as auto or ray://head:10001 (default: one on this machine).")
@_DOMAIN
@_RULES
def convert(
    paths: tuple[str, ...], output: str | None, workers: int | None, timeout: float, memory: int, retry_failed: bool, shard: str | None, engine: str,
    address: str | None, domain: str | None, rules_folder: Path | None,
) -> None:  # fmt: skip
    """Convert reports to JSON.

    PATH is a file, a folder, a glob, a URL, or - for standard input. One document is printed as indented JSON, several as
    JSON Lines; with -o every document becomes FILE.json in that folder, and what is up to date there is left alone: an
    interrupted run goes on.
    """
    from extractor.batch import cluster, local, sources
    from extractor.batch.command import convert_all, convert_one
    from extractor.batch.job import Job
    from extractor.batch.shard import Shard
    from extractor.readers import SUFFIXES

    rules = _rules(rules_folder, domain)
    part = Shard.of(shard) if shard is not None else None
    if shard is not None and part is None:
        raise click.BadParameter("write 1/4 for the first of four parts", param_hint="--shard")
    folder = None if rules_folder is None else str(rules_folder)
    job = Job(folder, rules.sha256, output, domain=domain, seconds=timeout, memory=memory << 20)
    missing: list[str] = []
    named = tuple(path for path in paths if path != "-")
    broken = _convert_input(output, rules, domain, alone=not named) if len(named) < len(paths) else 0
    tasks = list(sources.tasks(named, SUFFIXES, missing.append, output, part)) if named else []
    for line in missing:
        click.echo(line, err=True)
    if not named:
        failed = 0
    elif output is None and len(named) == len(paths) and len(tasks) <= 1:
        failed = convert_one(tasks, job, _emit, sys.stderr)
    else:
        through = functools.partial(cluster.run, address=address) if engine == "ray" else local.run
        failed = convert_all(tasks, job, part, lambda tasks, job: through(tasks, job, workers), retry_failed, _emit, sys.stderr)
    sys.exit(failed or (2 if missing or broken else 0))


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


def _convert_input(output: str | None, rules: Rules, domain: str | None, alone: bool) -> int:
    """Converts what is on standard input; whether that failed."""
    import msgspec

    from extractor import pipeline
    from extractor.batch import storage

    try:
        found = msgspec.json.encode(pipeline.extract(_source(_STDIN), rules, domain))
        if output is not None:
            storage.write(storage.join(output, "stdin.json"), [msgspec.json.format(found, indent=2), b"\n"])
        else:
            _emit(msgspec.json.format(found, indent=2) if alone else found)
    except ExtractorError as error:
        _complain(error)
        return 1
    return 0


def _document(path: Path) -> Document:
    """The document in a file, or on standard input."""
    from extractor.readers import read

    found = _source(path)
    return read(found) if isinstance(found, Path) else found


def _expand(paths: tuple[str, ...]) -> tuple[list[tuple[Path, Path]], int]:
    """Every document named, with its path below the folder it was found in, and how many names held none."""
    from extractor.batch import sources
    from extractor.readers import SUFFIXES

    missing: list[str] = []
    named = tuple(name for name in paths if name != "-")
    files = [(Path(task.source), Path(task.name)) for task in sources.tasks(named, SUFFIXES, missing.append)] if named else []
    if len(named) < len(paths):
        files.insert(0, (_STDIN, Path("stdin")))
    for line in missing:
        click.echo(line, err=True)
    return files, len(missing)


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


def _complain(error: ExtractorError) -> None:
    click.echo(str(error), err=True)

"""Imports go one way: command line → pipeline → stages → recognisers → model → errors; formats stay in readers/."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "extractor"
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in sorted(PACKAGE.rglob("*.py"))}

FORMATS = {"docx", "pdfplumber", "pypdfium2", "lxml", "zipfile", "olefile", "python_calamine", "selectolax", "PIL", "cv2", "rapidocr"}
"""Libraries that know a document format."""
IO = {"pathlib", "os", "io", "open", "tomllib", "tomli", "json", "zipfile", "subprocess", "socket", "urllib", "logging"}
TOP = {"extractor.cli", "extractor.__main__", "extractor.explain", "extractor.evaluate", "extractor.spacy"}
STAGES = {"layout", "figures", "events", "awards", "statistics", "listings"}
"""What the pipeline calls in turn."""
RECOGNISERS = {
    "quantities", "measures", "amounts", "numerals", "bounds", "shares", "nonfigures", "dates", "dateparts", "datewords", "eras", "edtf", "folding", "indicators", "phrases", "wording", "conditions",
    "formrows", "labels", "periods", "domains",
}  # fmt: skip
"""Pure functions of a text and the tables passed in."""
PLAIN = {"model": {"errors"}, "errors": set[str](), "folding": set[str](), "numerals": set[str](), "edtf": set[str](), "version": set[str](), "lazy": set[str]()}
"""Modules at the bottom, with all of ours that they may import."""


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(node: ast.AST, typing: bool) -> Iterator[str]:
    """Every module imported below a node, also inside functions; those for the type checker only where asked for."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING" and not typing:
            continue
        if isinstance(child, ast.Import):
            yield from (name.name for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            module = child.module or ""
            yield module
            yield from (f"{module}.{name.name}" for name in child.names if f"{module}.{name.name}" in MODULES)
        else:
            yield from imports(child, typing)


@cache
def imported(module: str, typing: bool = False) -> frozenset[str]:
    found = set(imports(parsed(MODULES[module]), typing))
    return frozenset(found - ({"extractor"} if any(name.startswith("extractor.") for name in found) else set()))


def ours(module: str) -> set[str]:
    return {name.removeprefix("extractor.") for name in imported(module) if name.startswith("extractor.") and name != module}


def test_the_lists_name_modules_that_are_there() -> None:
    assert {f"extractor.{name}" for name in (*STAGES, *RECOGNISERS, *PLAIN)} <= set(MODULES)
    assert set(MODULES) >= TOP - {"extractor.spacy"}


MARKING = ("extractor.writers.docx", "extractor.writers.passages")
"""They write into a copy of the document they were read from."""


@pytest.mark.parametrize("module", MODULES)
def test_only_readers_know_document_formats(module: str) -> None:
    known = {name.split(".")[0] for name in imported(module)} & FORMATS
    assert not known or module.startswith("extractor.readers") or module in MARKING, known


@pytest.mark.parametrize("module", MODULES)
def test_only_the_spacy_module_imports_spacy(module: str) -> None:
    assert module == "extractor.spacy" or not any(name.split(".")[0] == "spacy" or name == "extractor.spacy" for name in imported(module))


@pytest.mark.parametrize("module", MODULES)
def test_only_the_command_line_imports_click(module: str) -> None:
    assert module == "extractor.cli" or "click" not in imported(module)


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith("extractor.readers")])
def test_readers_are_called_where_a_document_comes_in(module: str) -> None:
    if "extractor.readers" in imported(module) or any(name.startswith("extractor.readers.") for name in imported(module)):
        assert module in {"extractor", "extractor.pipeline", "extractor.explain", "extractor.proposals", "extractor.cli", *MARKING} or module.startswith("extractor.batch")


@pytest.mark.parametrize("module", MODULES)
def test_the_command_line_is_imported_by_nothing_but_main(module: str) -> None:
    assert module == "extractor.__main__" or "extractor.cli" not in imported(module)


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("extractor.readers")])
def test_readers_know_the_model_and_nothing_of_what_is_read_from_it(module: str) -> None:
    above = {name for name in ours(module) if not name.startswith("readers")}
    assert above <= {"errors", "model", "folding", "lazy"}


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_modules_at_the_bottom_import_nothing_above_them(name: str) -> None:
    assert ours(f"extractor.{name}") <= PLAIN[name]


@pytest.mark.parametrize("name", sorted(STAGES))
def test_stages_import_neither_each_other_nor_what_is_above_them(name: str) -> None:
    above = STAGES | {"pipeline", "cli", "readers", "rules", "evaluate", "explain", "writers", "reconcile", "schema"}
    assert not {found for found in ours(f"extractor.{name}") if found.split(".")[0] in above - {name}}


@pytest.mark.parametrize("name", sorted(RECOGNISERS))
def test_recognisers_get_their_tables_passed_in(name: str) -> None:
    above = STAGES | {"pipeline", "cli", "readers", "rules", "registry", "evaluate", "explain", "writers", "reconcile", "schema"}
    assert not {found for found in ours(f"extractor.{name}") if found.split(".")[0] in above}


@pytest.mark.parametrize("name", sorted(RECOGNISERS | STAGES))
def test_recognisers_and_stages_do_no_input_or_output(name: str) -> None:
    module = MODULES[f"extractor.{name}"]
    assert not {found.split(".")[0] for found in imported(f"extractor.{name}")} & IO
    called = {node.func.id for node in ast.walk(parsed(module)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"open", "print", "input"}


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("extractor.reconcile")])
def test_the_reconciliation_reads_records_not_documents(module: str) -> None:
    assert not ours(module) & ({"pipeline", "cli", "rules", "layout", "figures", "events", "awards", "statistics", "listings", "recognise", "evaluate"})


CLOCKS = {
    "extractor.batch.progress": "tells a reader how long a run will take",
    "extractor.batch.local": "ends a worker whose document takes too long",
    "extractor.batch.cluster": "ends a worker whose document takes too long",
}
"""They look at the clock, for these reasons; nothing that is written depends on it."""


@pytest.mark.parametrize("module", MODULES)
def test_nothing_asks_for_the_clock_the_locale_or_the_network(module: str) -> None:
    asked_for = {name.split(".")[0] for name in imported(module)} & {"time", "locale", "random", "socket", "urllib", "http", "requests"}
    assert not asked_for - ({"time"} if module in CLOCKS else set())
    asked = {node.attr for node in ast.walk(parsed(MODULES[module])) if isinstance(node, ast.Attribute)}
    assert not asked & {"today", "now", "utcnow"}


def test_no_two_modules_import_each_other_at_the_top() -> None:
    def top(module: str) -> set[str]:
        body = ast.Module([node for node in parsed(MODULES[module]).body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        return {name for name in imports(body, False) if name in MODULES and name not in ("extractor", module)}

    below = {module: top(module) for module in MODULES}
    while leaves := [module for module, needs in below.items() if not needs]:
        for leaf in leaves:
            del below[leaf]
        for needs in below.values():
            needs.difference_update(leaves)
    assert below == {}, "these import each other in a circle"


def loaded_by(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_no_heavy_library() -> None:
    loaded = loaded_by("import extractor")
    assert not loaded & {"spacy", "pdfplumber", "docx", "pypdfium2", "lxml", "click", "regex", "msgspec", "numpy", "PIL"}
    assert {name for name in loaded if name.startswith("extractor.")} == {"extractor.errors", "extractor.version"}


def test_converting_a_text_loads_no_reader_of_other_formats() -> None:
    loaded = loaded_by("import extractor; extractor.extract('云溪县图书馆2021年工作总结\\n全年接待读者3万人次。'.encode())")
    assert "extractor.pipeline" in loaded
    assert not loaded & {"spacy", "pdfplumber", "docx", "pypdfium2", "click", "numpy", "PIL"}


def test_the_public_api_is_what_is_documented() -> None:
    import extractor

    for name in ("read", "extract", "check", "load_rules", "find_quantities", "find_dates"):
        assert name in extractor.__all__ and callable(getattr(extractor, name)) and getattr(extractor, name).__doc__
    assert dir(extractor) == sorted(extractor.__all__)

"""The corpus as files: every rendition comes from its source, and every quote of a gold stands in every rendition."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import zipfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CORPUS = Path(__file__).parents[1] / "corpus"
REPORTS = sorted(folder.name for folder in CORPUS.iterdir() if (folder / f"{folder.name}.gold.json").exists())
SOURCES = [name for name in REPORTS if (CORPUS / name / f"{name}.md").exists()]
SUFFIXES = (".txt", ".docx", ".pdf")


def render() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_render", CORPUS / "render.py")
    assert spec and spec.loader
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    if not hasattr(module, "parse"):
        spec.loader.exec_module(module)
    return module


def squeeze(text: str) -> str:
    """Without white space, and without the middle dot, which pdfplumber leaves out of some fonts."""
    return "".join(text.split()).replace("·", "")


@cache
def gold(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CORPUS / name / f"{name}.gold.json").read_text(encoding="utf-8"))
    return loaded


@cache
def text_of(name: str, suffix: str) -> str:
    """The words of a rendition without white space, read by the plainest means: this is no test of our readers."""
    path = CORPUS / name / f"{name}{suffix}"
    if suffix == ".txt":
        return squeeze(path.read_text(encoding="utf-8"))
    return squeeze("".join(docx_words(path) if suffix == ".docx" else pdf_words(path)))


def docx_words(path: Path) -> list[str]:
    from docx import Document
    from docx.table import Table

    words: list[str] = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            words += [p.text or "" for row in block._tbl.tr_lst for cell in row.tc_lst for p in cell.p_lst]
        else:
            words.append(block.text)
    return words


def pdf_words(path: Path) -> list[str]:
    """Every page without its first and last line, the running head and the page number; a table's cells row by row."""
    import pdfplumber

    words: list[str] = []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            body = page.crop((0, 50, page.width, page.height - 40))
            top = 0.0
            for table in sorted(body.find_tables(), key=lambda t: t.bbox[1]):
                words.append(body.crop((0, max(top, 50), page.width, table.bbox[1])).extract_text())
                words += [cell or "" for row in table.extract() for cell in row]
                top = table.bbox[3]
            words.append(body.crop((0, max(top, 50), page.width, page.height - 40)).extract_text())
    return words


def quotes(name: str) -> list[tuple[str, str]]:
    """Every passage that the gold says is there, with the list it comes from."""
    g = gold(name)
    found = [("figures", f["quote"]) for f in g["figures"]]
    found += [("events", e["text"]) for e in g["events"]]
    found += [("awards", a.get("quote") or a["title"]) for a in g["awards"]]
    found += [("media", m["title"]) for m in g["media"]]
    found += [("statistics", s["label"] + (s["code"] or "") + "\0" + (s["code"] or "") + s["label"]) for s in g["statistics"]]  # the code may lead
    found += [("profile", p["label"] + p["value"]) for p in g["profile"]]
    found += [
        (kind, pair[side]["quote"])
        for kind in ("conflicts", "agreements", "traps")
        for pair in g[kind]
        for side in ("left", "right")
    ]
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", REPORTS)
def test_every_quote_stands_in_every_rendition(name: str, suffix: str) -> None:
    text = text_of(name, suffix)
    missing = [(kind, quote) for kind, quote in quotes(name) if not any(squeeze(words) in text for words in quote.split("\0"))]
    assert not missing


@pytest.mark.parametrize("name", REPORTS)
def test_every_raw_stands_in_its_quote_and_its_value_in_its_interval(name: str) -> None:
    for figure in gold(name)["figures"]:
        assert figure["raw"] in figure["quote"]
        assert figure["low"] is None or figure["low"] <= figure["value"]
        assert figure["high"] is None or figure["value"] <= figure["high"]
        assert figure["low"] is not None or figure["high"] is not None
    for kind in ("conflicts", "agreements", "traps"):
        for pair in gold(name)[kind]:
            for side in ("left", "right"):
                assert squeeze(pair[side]["raw"]) in squeeze(pair[side]["quote"])


@pytest.mark.parametrize("name", REPORTS)
def test_figures_are_annotated_in_reading_order_once_each(name: str) -> None:
    """Each figure's place in the plain text is its own, so that no two lines of the gold mean the same words."""
    text = text_of(name, ".txt")
    at, places = 0, []
    for figure in gold(name)["figures"]:
        quote, raw = squeeze(figure["quote"]), squeeze(figure["raw"])
        found = text.find(quote, max(0, at - 40))
        assert found >= 0, figure["quote"]
        offsets = [k for k in range(len(quote)) if quote.startswith(raw, k) and found + k > at - 1]
        assert offsets, figure["quote"]
        places.append(found + offsets[0])
        at = places[-1] + len(raw)
    assert places == sorted(set(places))


@pytest.mark.parametrize("name", SOURCES)
def test_renditions_are_what_the_source_gives(name: str) -> None:
    pytest.importorskip("reportlab")
    folder = CORPUS / name
    made = render().renditions(render().load(folder))
    assert made[".txt"] == (folder / f"{name}.txt").read_bytes()
    assert members(made[".docx"]) == members((folder / f"{name}.docx").read_bytes())
    assert pages(made[".pdf"]) == pages((folder / f"{name}.pdf").read_bytes())


@pytest.mark.parametrize("name", SOURCES)
def test_rendering_twice_gives_the_same_bytes(name: str) -> None:
    pytest.importorskip("reportlab")
    report = render().load(CORPUS / name)
    assert render().renditions(report) == render().renditions(report)


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def pages(pdf: bytes) -> list[str]:
    """The words of each page: what does not change with the version of the PDF library."""
    import pypdfium2

    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_a_row_of_the_wrong_length_is_named() -> None:
    with pytest.raises(ValueError, match="line 6"):
        render().parse('+++\nentry = "{}"\n+++\n=== 1 1\na | b\na | b | c\n===\n', "x")


def test_numbers_are_counted_in_chinese() -> None:
    assert [render().chinese(n) for n in (1, 9, 10, 11, 20, 35)] == ["一", "九", "十", "十一", "二十", "三十五"]

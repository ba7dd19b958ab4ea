"""Workbooks: ``python -m benchmarks.workbooks [PATH ...] [--runs N]`` compares reading an .xlsx with python-calamine, in Markdown.

The yardstick opens the same bytes and makes Python rows of all sheets: values without number formats, merged cells or places in
a text. Without PATH, the form of corpus/ and a table of 20,000 cells in the style of Excel are read.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from pathlib import Path

import python_calamine

import extractor
from benchmarks.__main__ import in_turn, row

ROOT = Path(__file__).resolve().parent.parent
BAR = 2.0
ROWS, COLUMNS = 1000, 20


def yearbook() -> bytes:
    """A workbook with a table of numbers below a row of names: shared strings, plain numbers, one format."""
    with zipfile.ZipFile(ROOT / "corpus" / "cangya-2018" / "cangya-2018-form.xlsx") as form:
        parts = {name: form.read(name) for name in form.namelist()}
    names = [f"指标{column}" for column in range(COLUMNS)] + [f"某市第{at}图书馆" for at in range(1, ROWS)]
    found = []
    for at in range(ROWS):
        texts = range(COLUMNS) if at == 0 else [COLUMNS + at - 1]
        cells = [f'<c r="{chr(65 + column)}{at + 1}" t="s"><v>{text}</v></c>' for column, text in enumerate(texts)]
        cells += [f'<c r="{chr(65 + column)}{at + 1}"><v>{at * 37 + column if column % 2 else at * 3.5 + column}</v></c>' for column in range(len(texts), COLUMNS)]
        found.append(f'<row r="{at + 1}">{"".join(cells)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {space}><sheetData>{''.join(found)}</sheetData></worksheet>".encode()
    parts["xl/sharedStrings.xml"] = f"<sst {space}>{''.join(f'<si><t>{name}</t></si>' for name in names)}</sst>".encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def by_calamine(data: bytes) -> list[list[list[object]]]:
    """The values of all sheets."""
    book = python_calamine.load_workbook(io.BytesIO(data))
    return [book.get_sheet_by_index(at).to_python() for at in range(len(book.sheet_names))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workbooks", description="Reading an .xlsx against python-calamine alone.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="workbooks instead of those described above")
    parser.add_argument("--runs", type=int, default=30, help="counted runs of every task (default 30)")
    arguments = parser.parse_args()
    form = ROOT / "corpus" / "cangya-2018" / "cangya-2018-form.xlsx"
    books = {path.name: path.read_bytes() for path in arguments.paths} or {form.name: form.read_bytes(), f"{ROWS * COLUMNS:,} cells": yearbook()}
    print("| what | ms | yardstick | ms | result | bar |\n| --- | --- | --- | --- | --- | --- |")
    worst = 0.0
    for name, data in books.items():
        timings = in_turn({"ours": lambda data=data: extractor.read(data), "theirs": lambda data=data: by_calamine(data)}, arguments.runs)  # type: ignore[misc]
        ratio = timings["ours"].middle / timings["theirs"].middle
        worst = max(worst, ratio)
        print(row(name, timings["ours"], "python-calamine: rows of values", timings["theirs"], f"{ratio:.1f} times as long", f"≤ {BAR:g}"), flush=True)
    return int(worst > BAR)


if __name__ == "__main__":
    sys.exit(main())

"""Reads the rows of exported files; workbooks with another library than the one that writes them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook


def cells_of(file: Path) -> list[list[Any]]:
    """The values of the first sheet's cells, row by row, the heading first; None for an empty cell."""
    book = load_workbook(file, read_only=True)
    try:
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


def rows_of(*files: Path) -> list[dict[str, Any]]:
    """The rows of CSV files, workbooks, or files with JSON Lines."""
    rows: list[dict[str, Any]] = []
    for file in files:
        if file.suffix == ".xlsx":
            heading, *cells = cells_of(file)
            rows += [dict(zip(heading, row, strict=True)) for row in cells]
            continue
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows += list(csv.DictReader(lines)) if file.suffix == ".csv" else [json.loads(line) for line in lines]
    return rows

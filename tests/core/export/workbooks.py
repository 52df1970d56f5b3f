"""Reads workbooks with another library than the one that writes them."""

from __future__ import annotations

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

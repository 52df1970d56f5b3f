"""Figures, and the table that they are printed as."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

NARROWEST = 150  # columns; a piped table is not folded


@dataclass(frozen=True)
class Aim:
    """Bound that a number should keep; a miss is reported but fails nothing."""

    words: str
    least: float = 0.0
    most: float = float("inf")

    def met(self, number: float) -> bool:
        """Return true if the number keeps the bound."""
        return self.least <= number <= self.most


@dataclass(frozen=True)
class Figure:
    """One line of the table; `judged` is the number that the aim is about, by default the ratio."""

    name: str
    value: str
    baseline: str
    baseline_value: str
    ratio: float | None = None
    aim: Aim | None = None
    judged: float | None = None

    @property
    def verdict(self) -> str:
        """One word for whether the aim is met."""
        number = self.ratio if self.judged is None else self.judged
        if self.aim is None or number is None:
            return ""
        return "met" if self.aim.met(number) else "MISSED"


def show(title: str, figures: Sequence[Figure], note: str) -> None:
    """Print a table to the standard output."""
    default = Console()
    console = default if default.is_terminal else Console(width=NARROWEST)
    table = Table(title=title, title_justify="left")
    for column, justify in (("figure", "left"), ("measured", "right"), ("baseline", "left"), ("its figure", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for column in ("ratio", "aim", "verdict"):
        table.add_column(column, no_wrap=True)
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        aim = figure.aim.words if figure.aim else ""
        table.add_row(figure.name, figure.value, figure.baseline, figure.baseline_value, ratio, aim, figure.verdict)
    console.print(table)
    console.print(note, end="\n\n", highlight=False, markup=False)


def machine() -> str:
    """Description of the machine that the figures were measured on."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
    )

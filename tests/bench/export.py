"""The signers' file and the hand-in of a large petition: how fast, and in how much memory, by the real command."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import peak
from tests.bench.filling import filled
from tests.bench.growth import sizes
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn, seconds
from tests.bench.workbench import SLUG, SQLITE, Place, Workbench

AIM = Aim("0.80 to 1.20", least=0.8, most=1.2)
RATE = Aim("at least 0.3", least=0.3)
HANDED_IN = 100_000
TWO_MINUTES = Aim("at most 120 s", most=120.0)
COMMAND = Path(sys.executable).with_name("undersign")
NOTE = (
    "`undersign export --format csv --output FILE` on SQLite, its start included. Memory is the peak of the resident "
    "set. The baseline of the rate, csv.writer, writes as many rows of the same sizes that lie ready in memory: it "
    "reads no database and opens no seal. `--format pdf` makes the hand-in."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    small, large = sizes(bench)
    rounds = 3 if bench.quick else 1
    exports = [_Export(bench, filled(bench, SQLITE, size)) for size in (small, large)]
    row = _last_row(exports[0])
    measures: list[Callable[[], float]] = [
        *(export.rate for export in exports),
        partial(_csv_rate, bench.folder, row, large),
    ]
    _, rate, plain = in_turn("Exporting", rounds, measures)
    few, many = (max(export.peaks) for export in exports)
    handed = _Export(bench, filled(bench, SQLITE, small if bench.quick else HANDED_IN))
    hand_in, csv_file = handed.seconds("pdf"), handed.seconds("csv")
    figures = (
        Figure(
            f"rows a second, {large:,} rows", f"{rate.middle:,.0f}/s", "csv.writer alone", f"{plain.middle:,.0f}/s",
            rate.ratio_to(plain), RATE,
        ),
        Figure(f"peak memory, {large:,} rows", _mib(many), f"{small:,} rows", _mib(few), many / few, AIM),
        Figure(
            f"hand-in, {handed.rows:,} signers", f"{hand_in:.1f} s", "the same as CSV", f"{csv_file:.1f} s",
            hand_in / csv_file, TWO_MINUTES, judged=hand_in,
        ),
    )  # fmt: skip
    show("Export", figures, NOTE)


class _Export:
    """The export of one database."""

    def __init__(self, bench: Workbench, place: Place) -> None:
        place.services.close()  # the command has the database for itself
        self.rows = place.services.queries.tally(SLUG).counted
        self.file = bench.folder / "export.csv"
        self.peaks: list[int] = []
        self._environment, self._folder = bench.environment(place.folder), bench.folder

    def rate(self) -> float:
        """Rows of the CSV file a second."""
        return self.rows / self.seconds("csv")

    def seconds(self, form: str) -> float:
        """Time the command, in seconds, and note its peak memory."""
        command = [str(COMMAND), "export", "--petition", SLUG, "--format", form, "--output", str(self.file)]
        watched = [sys.executable, "-S", peak.__file__, *command]
        done = subprocess.run(
            watched, env=self._environment, cwd=self._folder, stdout=subprocess.PIPE, text=True, check=True
        )
        memory, elapsed = done.stdout.split()
        self.peaks.append(int(memory))
        return float(elapsed)


def _last_row(export: _Export) -> list[str]:
    export.rate()  # the first one also warms up
    with export.file.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[-1]


def _csv_rate(folder: Path, row: list[str], count: int) -> float:
    rows = [list(row) for _ in range(count)]

    def write() -> None:
        with (folder / "plain.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for values in rows:
                writer.writerow(values)

    return count / seconds(write)


def _mib(number: int) -> str:
    return f"{number / 2**20:.0f} MiB"

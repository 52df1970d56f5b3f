"""A move of the whole database to the other engine and back, by the real command: how long, and in how much memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench import peak
from tests.bench.filling import filled
from tests.bench.growth import sizes
from tests.bench.report import Aim, Figure, show
from tests.bench.workbench import SQLITE, Workbench

AIM = Aim("0.80 to 1.20", least=0.8, most=1.2)
COMMAND = Path(sys.executable).with_name("undersign")
NOTE = (
    "`undersign move` from SQLite to PostgreSQL, then from there to a new file, with the comparison. Memory is the "
    "peak of the command's resident set. The ratio of times is for as many signatures."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    small, large = sizes(bench)
    (few_there, few_back), (many_there, many_back) = (_there_and_back(bench, size) for size in (small, large))
    figures = []
    for name, few, many in (("to PostgreSQL", few_there, many_there), ("to SQLite", few_back, many_back)):
        times, memory = (few[1] * large / small, many[1]), (few[0], many[0])
        figures += [
            Figure(f"{large:,} signatures {name}", f"{times[1]:.0f} s", f"{small:,}", f"{few[1]:.1f} s",
                   times[1] / times[0]),
            Figure(f"its memory {name}", _mib(memory[1]), f"{small:,}", _mib(memory[0]), memory[1] / memory[0], AIM),
        ]  # fmt: skip
    show("Moving", figures, NOTE)


def _there_and_back(bench: Workbench, size: int) -> list[tuple[int, float]]:
    """The bytes and seconds of a move to PostgreSQL, and of one back."""
    place = filled(bench, SQLITE, size)
    place.services.close()
    keys = place.folder / "petition-keys"
    environment = bench.environment(place.folder) | {"PETITION_KEYS_DIR": str(keys)}
    shutil.copy(place.folder / "log.key", keys)
    other = bench.new_postgres_database(f"moved_{size}")
    back = bench.folder / f"back-{size}.sqlite3"
    there = _measured(environment, bench.folder, other)
    again = _measured(environment | {"DATABASE_URL": other}, bench.folder, f"sqlite:///{back}")
    return [there, again]


def _measured(environment: dict[str, str], folder: Path, url: str) -> tuple[int, float]:
    watched = [sys.executable, "-S", peak.__file__, str(COMMAND), "move", "--to", url]
    done = subprocess.run(watched, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    memory, elapsed = done.stdout.split()
    return int(memory), float(elapsed)


def _mib(number: int) -> str:
    return f"{number / 2**20:.0f} MiB"

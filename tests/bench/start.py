"""Time from the command to the first screen, which a person trying Undersign waits for."""

from __future__ import annotations

import selectors
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn, seconds
from tests.bench.workbench import Workbench

AIM = Aim("under 1 s", most=1.0)
COMMAND = Path(sys.executable).with_name("undersign")
SILENCE = 0.4  # seconds without a word after which the screen is complete
NOTE = (
    "`undersign try` on an existing database, its standard input an open pipe: until the last byte of the first "
    "screen. Median of 10, after one that is not counted."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    folder = bench.folder / "start"
    folder.mkdir()
    environment = bench.environment(folder)
    first_screen(environment, bench.folder)  # makes the database, and warms up
    measures = (partial(first_screen, environment, bench.folder), _python)
    screen, python = in_turn("Starting", 5 if bench.quick else 10, measures)
    figure = Figure(
        "`undersign try` to the first screen", f"{screen.middle:.2f} s", "python -c pass", f"{python.middle:.3f} s",
        screen.ratio_to(python), AIM, judged=screen.middle,
    )  # fmt: skip
    show("Start", (figure,), NOTE)


def first_screen(environment: dict[str, str], folder: Path) -> float:
    """Seconds until the first screen was there to the last byte."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [str(COMMAND), "try"], env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        last = _last_word(process, begun)
        process.communicate()  # closes its input, and it leaves
    if process.returncode:
        raise RuntimeError(f"undersign try failed with exit code {process.returncode}")
    return last - begun


def _last_word(process: subprocess.Popen[bytes], begun: float) -> float:
    output, last = process.stdout, begun
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)  # type: ignore[arg-type]
        while last == begun or selector.select(SILENCE):
            if not output.read1():  # type: ignore[union-attr]
                break
            last = time.perf_counter()
    return last


def _python() -> float:
    return seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))

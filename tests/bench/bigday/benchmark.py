"""The figures of the big day."""

from __future__ import annotations

import asyncio

from tests.bench.bigday import day, scale
from tests.bench.report import show
from tests.bench.workbench import Workbench


def run(bench: Workbench) -> None:
    """Measure and print."""
    with asyncio.Runner() as runner:
        figures = [*scale.figures(bench, runner), *day.figures(bench, runner)]
    show("The big day", figures, f"{scale.NOTE}\n{day.NOTE}")

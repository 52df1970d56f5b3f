"""The figures of the Telegram surface."""

from __future__ import annotations

import asyncio

from tests.bench.report import show
from tests.bench.telegram import memory, speed
from tests.bench.workbench import Workbench


def run(bench: Workbench) -> None:
    """Measure and print."""
    with asyncio.Runner() as runner:
        figures = [*speed.figures(bench, runner), *memory.figures(bench, runner)]
    show("Telegram", figures, f"{speed.NOTE}\n{memory.size(bench).note}")

"""The figures of the Discord surface."""

from __future__ import annotations

import asyncio

from tests.bench.discord import bots, members, speed
from tests.bench.discord.server import DiscordLoadServer
from tests.bench.load import memory
from tests.bench.load.process import Launcher, Platform
from tests.bench.report import show
from tests.bench.workbench import Workbench

PLATFORM = Platform("Discord", DiscordLoadServer, members.new_members, bots.__name__)
STORY_WORDS = "/petition show and /petition sign, whose form they left as it was"


def run(bench: Workbench) -> None:
    """Measure and print."""
    with asyncio.Runner() as runner:
        launcher = Launcher(PLATFORM, bench, runner)
        figures = [*speed.figures(launcher), *memory.figures(launcher, members.BEGINS)]
    show("Discord", figures, f"{speed.NOTE}\n{memory.size(bench).note(STORY_WORDS)}")

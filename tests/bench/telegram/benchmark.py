"""The figures of the Telegram surface."""

from __future__ import annotations

import asyncio

from tests.bench.load import memory
from tests.bench.load.process import Launcher, Platform
from tests.bench.report import show
from tests.bench.telegram import bots, chats, speed
from tests.bench.telegram.server import TelegramLoadServer
from tests.bench.workbench import Workbench

PLATFORM = Platform("Telegram", TelegramLoadServer, chats.new_chats, bots.__name__)
STORY = (*chats.OPENS, *chats.BEGINS)
STORY_WORDS = "/start and a tap on Sign, in chats of their own"


def run(bench: Workbench) -> None:
    """Measure and print."""
    with asyncio.Runner() as runner:
        launcher = Launcher(PLATFORM, bench, runner)
        figures = [*speed.figures(launcher), *memory.figures(launcher, STORY)]
    show("Telegram", figures, f"{speed.NOTE}\n{memory.size(bench).note(STORY_WORDS)}")

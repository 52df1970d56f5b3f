"""Resident memory of the bot with a hundred thousand open conversations, beside one with ten."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.conversation import Begin, Open
from tests.bench.filling import multiply
from tests.bench.people import newcomer
from tests.bench.report import Aim, Figure
from tests.bench.rounds import in_turn
from tests.bench.telegram import chats
from tests.bench.telegram.bots import UNDERSIGN
from tests.bench.telegram.chats import Chat, new_chats
from tests.bench.telegram.process import running
from tests.bench.workbench import SQLITE, Place, Workbench

AIM = Aim("at most 1.05", most=1.05)
FEW = 10  # people, and how many of them wait for a reply at once: in both bots, so that only their number differs
STORY = (*chats.OPENS, *chats.BEGINS)


@dataclass(frozen=True)
class Size:
    """How many conversations are open in the large database, and how many people more come through the bot."""

    stored: int
    driven: int

    @property
    def note(self) -> str:
        """What was done, for below the table."""
        return (
            f"Memory: {self.stored:,} people who pressed Sign and did not answer were written to the database at once "
            f"(the rows of one real conversation, multiplied), and {self.driven:,} more came through the bot that "
            "was measured, each with /start and a tap on Sign, in chats of their own. The baseline handled as many "
            f"updates, of {FEW} people who did it again and again. Both were new processes, measured after the last "
            "reply; the resident set is the median of the rounds."
        )


@dataclass(frozen=True)
class _Case:
    """A bot on one database."""

    bench: Workbench
    runner: asyncio.Runner
    place: Place
    visits: int
    people: Sequence[Chat] = ()

    def memory(self) -> float:
        """Bytes, after all visits: of always the same people, or else each of somebody new."""
        environment, folder = self.bench.environment(self.place.folder), self.bench.folder
        with running(UNDERSIGN, self.runner, environment, folder) as bot:
            if self.people:
                bot.play(self.people, STORY * (self.visits // len(self.people)), FEW)
            else:
                bot.play(new_chats(self.visits), STORY, FEW)
            return bot.memory()


def size(bench: Workbench) -> Size:
    """A hundred thousand, and 5,000 of them through the bot; a tenth of it if time is short."""
    return Size(9_000, 1_000) if bench.quick else Size(95_000, 5_000)


def figures(bench: Workbench, runner: asyncio.Runner) -> Iterator[Figure]:
    """Measure."""
    wanted = size(bench)
    crowded, quiet = _crowd(bench, wanted.stored), bench.place(SQLITE, "few_conversations")
    cases = (
        _Case(bench, runner, crowded, wanted.driven),
        _Case(bench, runner, quiet, wanted.driven, new_chats(FEW)),
    )
    many, few = in_turn("Telegram: memory", 1 if bench.quick else 3, [case.memory for case in cases])
    total = f"{wanted.stored + wanted.driven:,}"
    yield Figure(
        f"memory, {total} open conversations", _mib(many.middle), f"{FEW} open conversations", _mib(few.middle),
        many.ratio_to(few), AIM,
    )  # fmt: skip


def _crowd(bench: Workbench, number: int) -> Place:
    place = bench.place(SQLITE, "many_conversations")
    multiply(place, newcomer("Ada Lovelace"), (Open(), Begin()), number)
    return place


def _mib(number: float) -> str:
    return f"{number / 2**20:.1f} MiB"

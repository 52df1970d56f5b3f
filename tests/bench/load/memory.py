"""Resident memory of the bot with a hundred thousand open conversations, beside one with ten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

from core.conversation.state import Begin, Open
from tests.bench.filling import multiply
from tests.bench.load import UNDERSIGN
from tests.bench.load.process import Launcher
from tests.bench.load.server import PersonT, StepT
from tests.bench.people import newcomer
from tests.bench.report import Aim, Figure
from tests.bench.rounds import in_turn
from tests.bench.workbench import SQLITE, Place, Workbench

AIM = Aim("at most 1.05", most=1.05)
FEW = 10  # people, and how many of them wait for a reply at once: in both bots, so that only their number differs


@dataclass(frozen=True)
class Size:
    """Number of open conversations in the large database, and of people who then come through the bot."""

    stored: int
    driven: int

    def note(self, story: str) -> str:
        """Note below the table; `story` tells what each person did who came through the bot."""
        return (
            f"Memory: {self.stored:,} people who pressed Sign and did not answer were written to the database at once "
            f"(the rows of one real conversation, multiplied), and {self.driven:,} more came through the bot that "
            f"was measured, each with {story}. The baseline handled as many steps, of {FEW} people who did it again "
            "and again. Both were new processes, measured after the last reply; the resident set is the median of the "
            "rounds."
        )


@dataclass(frozen=True)
class _Case(Generic[PersonT, StepT]):
    """A bot on one database."""

    launcher: Launcher[PersonT, StepT]
    place: Place
    story: Sequence[StepT]
    visits: int
    people: Sequence[PersonT] = ()

    def memory(self) -> float:
        """Resident memory in bytes after all visits, by the same people or each by a new one."""
        with self.launcher.running(UNDERSIGN, self.place) as bot:
            if self.people:
                bot.play(self.people, [*self.story] * (self.visits // len(self.people)), FEW)
            else:
                bot.play(self.launcher.platform.newcomers(self.visits), self.story, FEW)
            return bot.memory()


def size(bench: Workbench) -> Size:
    """A hundred thousand, and 5,000 of them through the bot; a tenth of it if time is short."""
    return Size(9_000, 1_000) if bench.quick else Size(95_000, 5_000)


def figures(launcher: Launcher[PersonT, StepT], story: Sequence[StepT]) -> Iterator[Figure]:
    """Measure; the story begins a signing."""
    bench, name = launcher.bench, launcher.platform.name
    wanted = size(bench)
    crowded, quiet = bench.place(SQLITE, f"{name}-many"), bench.place(SQLITE, f"{name}-few")
    multiply(crowded, newcomer("Ada Lovelace"), (Open(), Begin()), wanted.stored)
    cases = (
        _Case(launcher, crowded, story, wanted.driven),
        _Case(launcher, quiet, story, wanted.driven, launcher.platform.newcomers(FEW)),
    )
    many, few = in_turn(f"{name}: memory", 1 if bench.quick else 3, [case.memory for case in cases])
    total = f"{wanted.stored + wanted.driven:,}"
    yield Figure(
        f"memory, {total} open conversations", _mib(many.middle), f"{FEW} open conversations", _mib(few.middle),
        many.ratio_to(few), AIM,
    )  # fmt: skip


def _mib(number: float) -> str:
    return f"{number / 2**20:.1f} MiB"

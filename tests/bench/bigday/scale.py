"""Signings a second by webhook, with one process and with two, on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import nullcontext

import psutil  # type: ignore[import-untyped]

from tests.bench.bigday.brake import held
from tests.bench.bigday.processes import cpu_seconds, posted_to
from tests.bench.load.speed import check_counted
from tests.bench.report import Aim, Figure
from tests.bench.rounds import Series, in_turn
from tests.bench.telegram.chats import SIGNING, new_chats
from tests.bench.workbench import POSTGRESQL, Place, Workbench

AIM = Aim("at least 1.7", least=1.7)
HELD = 0.25  # the share of a processor that each process gets where it is held
AT_ONCE = 64  # people who wait for a reply at any moment
NOTE = (
    "Scale: whole signings (/start, Sign, the postal code, Confirm) of people who go on after each reply, 64 at once, "
    "posted by a lean server in this process to one process of the bot, or by turns to two, on one PostgreSQL with the "
    "product's durability. Server, bots and database share this machine's processors: the busy share "
    "says how much of them was left to gain. Held: each process of the bot is let run for a quarter of the time only, "
    "so that a second one finds a processor free for it."
)


def figures(bench: Workbench, runner: asyncio.Runner) -> Iterator[Figure]:
    """Measure one process and two in turn, as they are and held; the signatures are counted in the end."""
    place, people, rounds = bench.place(POSTGRESQL, "scale"), 160 if bench.quick else 400, 3 if bench.quick else 5
    for share, words in ((1.0, ""), (HELD, "held: ")):
        measures = [_Measure(bench, place, number, people, runner, share) for number in (1, 2)]
        single, two = in_turn(f"{words}scale", rounds, [measure.rate for measure in measures])
        ratio = two.ratio_to(single)
        yield Figure(f"{words}signings a second, two processes", _rate(two), "one process", _rate(single), ratio, AIM)
        for measure in measures:
            busy, bots = max(measure.busy), max(measure.bots)
            title = f"{words}processors busy, {measure.number} process{'es' if measure.number > 1 else ''}"
            yield Figure(title, f"{busy:.0%}", "of it, the bots", f"{bots:.0%}")
    check_counted(place, signed=2 * 2 * rounds * 2 * people)


class _Measure:
    """Rates of so many processes, each held to a share of a processor."""

    def __init__(
        self, bench: Workbench, place: Place, number: int, people: int, runner: asyncio.Runner, share: float
    ) -> None:
        self._bench, self._place, self.number, self._people = bench, place, number, people
        self._runner, self._share = runner, share
        self.busy: list[float] = []
        self.bots: list[float] = []

    def rate(self) -> float:
        """Signings a second by new people, after as many to warm up."""
        with posted_to(self._bench, self._place, self.number, self._runner) as (server, processes):
            self._runner.run(server.play(new_chats(self._people), SIGNING, AT_ONCE))
            with held(processes, self._share) if self._share < 1 else nullcontext():
                psutil.cpu_percent(None)
                before = cpu_seconds(processes)
                played = self._runner.run(server.play(new_chats(self._people), SIGNING, AT_ONCE))
                self.busy.append(psutil.cpu_percent(None) / 100)
                self.bots.append((cpu_seconds(processes) - before) / played.seconds / (psutil.cpu_count() or 1))
        return self._people / played.seconds


def _rate(series: Series) -> str:
    return f"{series.middle:,.0f}/s"

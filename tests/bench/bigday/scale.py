"""Signings a second by webhook, with one process and with two, on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psutil  # type: ignore[import-untyped]

from tests.bench.bigday.processes import cpu_seconds, posted_to
from tests.bench.load.speed import check_counted
from tests.bench.report import Aim, Figure
from tests.bench.rounds import Series, in_turn
from tests.bench.telegram.chats import SIGNING, new_chats
from tests.bench.workbench import POSTGRESQL, Place, Workbench

AIM = Aim("at least 1.7", least=1.7)
AT_ONCE = 64  # people who wait for a reply at any moment
NOTE = (
    "Scale: whole signings (/start, Sign, the postal code, Confirm) of people who go on after each reply, 64 at once, "
    "posted by a lean server in this process to one process of the bot, or by turns to two, on one PostgreSQL with the "
    "product's durability. Server, bots and database share this machine's processors: the busy share "
    "says how much of them was left to gain."
)


def figures(bench: Workbench, runner: asyncio.Runner) -> Iterator[Figure]:
    """Measure both in turn; the signatures are counted in the end."""
    place, people, rounds = bench.place(POSTGRESQL, "scale"), 150 if bench.quick else 400, 3 if bench.quick else 5
    measures = [_Measure(bench, place, number, people, runner) for number in (1, 2)]
    one, two = in_turn("scale", rounds, [measure.rate for measure in measures])
    yield Figure(
        "signings a second, two processes", _rate(two), "one process", _rate(one), two.ratio_to(one), AIM,
    )  # fmt: skip
    for measure in measures:
        words = f"processors busy, {measure.number} process{'es' if measure.number > 1 else ''}"
        yield Figure(words, f"{max(measure.busy):.0%}", "", "")
        yield Figure("of it, the bots", f"{max(measure.bots):.0%}", "", "")
    check_counted(place, signed=2 * rounds * 2 * people)


class _Measure:
    """Rates of so many processes."""

    def __init__(self, bench: Workbench, place: Place, number: int, people: int, runner: asyncio.Runner) -> None:
        self._bench, self._place, self.number, self._people, self._runner = bench, place, number, people, runner
        self.busy: list[float] = []
        self.bots: list[float] = []

    def rate(self) -> float:
        """Signings a second by new people, after as many to warm up."""
        with posted_to(self._bench, self._place, self.number, self._runner) as (server, processes):
            self._runner.run(server.play(new_chats(self._people), SIGNING, AT_ONCE))
            psutil.cpu_percent(None)
            before = cpu_seconds(processes)
            played = self._runner.run(server.play(new_chats(self._people), SIGNING, AT_ONCE))
            self.busy.append(psutil.cpu_percent(None) / 100)
            self.bots.append((cpu_seconds(processes) - before) / played.seconds / (psutil.cpu_count() or 1))
        return self._people / played.seconds


def _rate(series: Series) -> str:
    return f"{series.middle:,.0f}/s"

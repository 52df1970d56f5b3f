"""The day when 2,000 people a minute sign: how long they wait, and how many more this machine could take."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from statistics import quantiles

from tests.bench.bigday.posting import TelegramPostingServer
from tests.bench.bigday.processes import posted_to, read_from
from tests.bench.bigday.readers import A_SECOND, Readers
from tests.bench.report import Aim, Figure
from tests.bench.telegram.chats import SIGNING, new_chats
from tests.bench.workbench import POSTGRESQL, SLUG, Place, Workbench, say

A_MINUTE = 2_000
PROCESSES = 2
FASTEST_SECONDS = 1.0
FASTEST, NONE = Aim("under 1 s", most=FASTEST_SECONDS), Aim("none", most=0.0)
STEP = 1.25  # from one rate that is tried to the next
NOTE = (
    "The day: new people come at an even rate, whether the bot keeps up or not, and each takes the four "
    "steps of a signing, one right after the other. A wait is from a person's action to the bot's reply, without "
    "Telegram's own part. The highest rate is the last of those tried, each a quarter above the one before, at which "
    "the 99th percentile stays under a second, without readers. Readers ask a process of the web front, on the same "
    "database and machine, for the page and count.json by turns."
)


def figures(bench: Workbench, runner: asyncio.Runner) -> Iterator[Figure]:
    """Measure; every signature is counted in the end."""
    place, seconds = bench.place(POSTGRESQL, "day"), 30.0 if bench.quick else 600.0
    with posted_to(bench, place, PROCESSES, runner) as (server, _):
        runner.run(server.play(new_chats(100), SIGNING, 20))  # warms up
        yield from _day(bench, place, server, seconds, runner)
        best, more = _highest(server, seconds / 10, runner)
        yield Figure("highest rate with it under a second", f"{best * 60:,.0f} a minute", "", "")
    signed = 100 + round(A_MINUTE / 60 * seconds) + more
    lost = signed - place.services.queries.tally(SLUG).counted
    yield Figure("signatures lost", f"{lost:,}", "confirmed", f"{signed:,}", aim=NONE, judged=lost)


def _day(
    bench: Workbench, place: Place, server: TelegramPostingServer, seconds: float, runner: asyncio.Runner
) -> Iterator[Figure]:
    """People sign and read for so long."""
    say(f"  {seconds:,.0f} seconds at {A_MINUTE:,} signings a minute ...")
    with read_from(bench, place, runner) as port:
        readers = Readers(port)
        played = runner.run(readers.beside(server.signers(A_MINUTE / 60, seconds)))
    words, slowest = f"{seconds / 60:,.1f} minutes at {A_MINUTE:,} a minute", _percentile(server.waits, 99)
    yield Figure(f"{words}: done in", f"{played.seconds / 60:.1f} min", "", "")
    yield Figure(f"{words}: median wait", _seconds(_percentile(server.waits, 50)), "", "")
    yield Figure(f"{words}: 99th percentile", _seconds(slowest), "", "", aim=FASTEST, judged=slowest)
    slow = _seconds(_percentile(readers.waits, 99))
    yield Figure(f"{A_SECOND} readers a second beside: 99th percentile", slow, "", "")
    answered, failed = f"{len(readers.waits):,}", f"{readers.failed:,}"
    yield Figure("readers without an answer", failed, "answered", answered, aim=NONE, judged=readers.failed)


def _highest(server: TelegramPostingServer, seconds: float, runner: asyncio.Runner) -> tuple[float, int]:
    """The highest rate a second at which people do not wait too long, and how many signed in looking for it."""
    rate, best, signed = A_MINUTE / 60, 0.0, 0
    while _percentile(server.waits, 99) < FASTEST_SECONDS:
        best, rate = rate, rate * STEP
        say(f"  {rate * 60:,.0f} signings a minute ...")
        runner.run(server.signers(rate, seconds))
        signed += round(rate * seconds)
    return best, signed


def _percentile(waits: Sequence[float], number: int) -> float:
    return quantiles(waits, n=100)[number - 1]


def _seconds(number: float) -> str:
    return f"{number * 1e3:,.0f} ms"

"""The day when 2,000 people a minute sign: how long they wait, and how many more this machine could take."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import quantiles

from tests.bench.bigday.posting import TelegramPostingServer
from tests.bench.bigday.processes import posted_to
from tests.bench.report import Aim, Figure
from tests.bench.telegram.chats import SIGNING, new_chats
from tests.bench.workbench import POSTGRESQL, SLUG, Workbench, say

A_MINUTE = 2_000
PROCESSES = 2
FASTEST, NONE = Aim("under 1 s", most=1.0), Aim("none", most=0.0)
STEP = 1.25  # from one rate that is tried to the next
NOTE = (
    "The day: new people come at an even rate, whether the bot keeps up or not, and each takes the four "
    "steps of a signing, one right after the other. A wait is from what somebody did to the bot's reply, without "
    "Telegram's own part. The highest rate is the last of those tried, each a quarter above the one before, at which "
    "the 99th percentile stays under a second."
)


def figures(bench: Workbench, runner: asyncio.Runner) -> Iterator[Figure]:
    """Measure; every signature is counted in the end."""
    place, seconds = bench.place(POSTGRESQL, "day"), 30.0 if bench.quick else 600.0
    with posted_to(bench, place, PROCESSES, runner) as (server, _):
        runner.run(server.play(new_chats(100), SIGNING, 20))  # warms up
        signed = 100
        say(f"  {seconds:,.0f} seconds at {A_MINUTE:,} signings a minute ...")
        played = runner.run(server.signers(A_MINUTE / 60, seconds))
        signed += round(A_MINUTE / 60 * seconds)
        words = f"{seconds / 60:,.1f} minutes at {A_MINUTE:,} a minute"
        yield Figure(f"{words}: done in", f"{played.seconds / 60:.1f} min", "", "")
        yield Figure(f"{words}: median wait", _seconds(_percentile(server, 50)), "", "")
        slowest = _percentile(server, 99)
        yield Figure(f"{words}: 99th percentile", _seconds(slowest), "", "", aim=FASTEST, judged=slowest)
        rate, best, more = A_MINUTE / 60, 0.0, 0
        while slowest < 1.0:
            best, rate = rate, rate * STEP
            say(f"  {rate * 60:,.0f} signings a minute ...")
            runner.run(server.signers(rate, seconds / 10))
            more += round(rate * seconds / 10)
            slowest = _percentile(server, 99)
        yield Figure("highest rate with it under a second", f"{best * 60:,.0f} a minute", "", "")
    lost = signed + more - place.services.queries.tally(SLUG).counted
    yield Figure("signatures lost", f"{lost:,}", "confirmed", f"{signed + more:,}", aim=NONE, judged=lost)


def _percentile(server: TelegramPostingServer, number: int) -> float:
    return quantiles(server.waits, n=100)[number - 1]


def _seconds(number: float) -> str:
    return f"{number * 1e3:,.0f} ms"

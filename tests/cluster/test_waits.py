"""Waits are timed from the first tap to its answer, and a kill's gap is the longest that it touched."""

from __future__ import annotations

import aiohttp
import pytest

from tests.cluster.kills import Kind
from tests.cluster.report import Kill, Report
from tests.cluster.waits import TimedHands, Wait, longest
from tests.telegram_server import TelegramServer

APOLOGY = "I can't reach my records right now, so I don't know yet whether that was saved."
WAITS = [
    Wait("HAProxy", 0.0, 1.0),
    Wait("HAProxy", 5.0, 12.0),
    Wait("HAProxy", 19.0, 19.5),
    Wait("PgBouncer", 8.0, 9.0),
]
ROSA = 7


@pytest.mark.server
async def test_a_wait_goes_on_through_apologies_and_taps_out_of_impatience() -> None:
    now, waits = [0.0], list[Wait]()
    async with TelegramServer() as server, aiohttp.ClientSession() as session:
        hands = TimedHands(server.person(ROSA, "Rosa", "").private_chat(), "HAProxy", waits.append, lambda: now[0])
        for moment, words in ((2.0, APOLOGY), (5.0, "A petition")):
            await hands.types("/start")
            now[0] = moment
            await session.post(f"{server.base_url}{server.token}/sendMessage", json={"chat_id": ROSA, "text": words})
            hands.looks()
    assert waits == [Wait("HAProxy", 0.0, 5.0)]


@pytest.mark.parametrize(
    ("way", "since", "until", "seconds"),
    [
        ("HAProxy", 6.0, 7.0, 7.0), ("HAProxy", 0.5, 20.0, 7.0), ("HAProxy", 11.0, 13.0, 7.0),
        ("HAProxy", 12.0, 19.0, 0.0), ("PgBouncer", 0.0, 20.0, 1.0), ("several hosts", 0.0, 20.0, 0.0),
    ],
)  # fmt: skip
def test_the_longest_wait_is_one_that_went_on_in_the_period(
    way: str, since: float, until: float, seconds: float
) -> None:
    assert longest(WAITS, way, since, until) == seconds


def report(**changes: object) -> Report:
    kills = [Kill(Kind.PRIMARY, 6.0, 10.0), Kill(Kind.PRIMARY, 18.0, 18.5)]
    facts = {"again": "", "done": {"sign": 3}, "wanted": 2, "kills": kills, "ways": ["HAProxy", "PgBouncer"]}
    return Report(**{**facts, "waits": WAITS, "findings": {"confirmed signatures lost": []}, **changes})  # type: ignore[arg-type]


def test_a_kill_says_how_long_people_waited_in_each_way() -> None:
    assert report().kills[0].told(WAITS, ["HAProxy", "PgBouncer"]) == (
        "primary, with Patroni: whole after 4.0 s; people waited up to 7.0 s through HAProxy, 1.0 s through PgBouncer"
    )


def test_the_report_has_a_gap_for_each_kill_and_the_waits_that_none_touched() -> None:
    assert report().gaps(Kind.PRIMARY, "HAProxy") == [7.0, 0.0]
    assert report().gaps(Kind.HAPROXY, "HAProxy") == []
    assert report().quiet == [1.0, 0.5]


def test_a_run_passes_only_if_every_kill_was_made_people_signed_and_nothing_was_found() -> None:
    assert report().passed
    assert not report(wanted=3).passed
    assert not report(done={"sign": 0}).passed
    assert not report(findings={"confirmed signatures lost": ["K7QF-2M9X-PD4T"]}).passed

"""The worker in virtual time: order, patience, leases, pausing and cancelling."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from bots.delivery.handling import Later, Missed, Pace, Refused
from core.outbox import ClaimedEntry, State
from tests.bots.delivery.post_office import PACE, POST, InlineThreads, Post, raising, slow
from tests.bots.telegram.virtual_time import run
from tests.world import NOW


def test_all_that_is_due_is_handled_once_and_what_is_not_waits() -> None:
    async def story() -> None:
        post = Post()
        post.put(*map(str, range(50)))
        post.put("p", topic=POST)
        post.put("z", due=NOW + dt.timedelta(seconds=20))
        async with post.working():
            await asyncio.sleep(10)
            assert sorted(key for key, _ in post.handled) == sorted([*map(str, range(50)), "p"])
            assert post.counts() == {State.DONE: 50, State.WAITING: 1}
            await asyncio.sleep(15)
            assert post.handled[-1][0] == "z"
            assert post.handled[-1][1] == pytest.approx(20, abs=1.1)

    run(story())


def test_a_topic_has_few_at_once_and_holds_up_no_other() -> None:
    async def story() -> None:
        post, present, most = Post(), 0, 0

        async def act(entry: ClaimedEntry) -> None:
            nonlocal present, most
            if entry.topic == "card":
                present += 1
                most = max(most, present)
                await asyncio.sleep(5)
                present -= 1

        post.put(*map(str, range(20)))
        async with post.working(act):
            await asyncio.sleep(6)
            post.put("p", topic=POST)
            await asyncio.sleep(2)
            assert post.counts("post") == {State.DONE: 1}
            await asyncio.sleep(60)
        assert most == PACE.at_once
        assert post.counts() == {State.DONE: 20}

    run(story())


def test_what_waits_for_its_report_keeps_its_place_since_a_kill_would_leave_it_in_doubt() -> None:
    class SlowReports(InlineThreads):
        async def run(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            if call.__name__ == "_store":
                await asyncio.sleep(3)
            return await super().run(call, *args, **kwargs)

    async def story() -> None:
        post, begun = Post(threads=SlowReports()), []

        async def act(_: ClaimedEntry) -> None:
            begun.append(post.counts("post").get(State.SENDING, 0))

        post.put(*map(str, range(20)), topic=POST)
        async with post.working(act):
            await asyncio.sleep(60)
        assert post.counts("post") == {State.DONE: 20}
        assert max(begun) == PACE.at_once

    run(story())


def test_later_is_not_a_failure_and_comes_at_its_time() -> None:
    async def story() -> None:
        post = Post()
        post.put("a", topic=POST)
        async with post.working(raising(*(Later(30, "RetryAfter") for _ in range(5)))):
            await asyncio.sleep(200)
        times = [moment for _, moment in post.handled]
        assert len(times) == 6
        assert all(30 <= after - before < 32 for before, after in pairwise(times))
        assert post.counts("post") == {State.DONE: 1}

    run(story())


def test_a_refusal_is_final_and_a_failure_has_some_tries() -> None:
    async def story() -> None:
        post = Post()
        post.put("blocked", topic=POST)
        async with post.working(raising(Refused("Forbidden"))):
            await asyncio.sleep(9)
        post.put("away", topic=POST)
        async with post.working(raising(*(Missed("ClientConnectorError") for _ in range(9)))):
            await asyncio.sleep(60)
        assert post.reasons("post") == [(State.DEAD, "Forbidden"), (State.DEAD, "ClientConnectorError")]
        times = [moment for key, moment in post.handled if key == "away"]
        assert len(times) == PACE.tries
        assert times[1] - times[0] == pytest.approx(2, abs=1.1)
        assert times[2] - times[1] == pytest.approx(4, abs=1.1)

    run(story())


def test_an_unknown_error_is_tried_again_only_where_a_repeat_is_harmless(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        post = Post()
        post.put("card of Ada")
        post.put("post to Ada", topic=POST)
        async with post.working(raising(*(ValueError("Ada Lovelace said no") for _ in range(3)))):
            await asyncio.sleep(30)
        assert post.counts() == {State.DONE: 1}
        assert [key for key, _ in post.handled].count("post to Ada") == 1
        assert post.reasons("post") == [(State.DOUBTFUL, "ValueError")]

    run(story())
    assert "failed: ValueError in act" in caplog.text
    assert "Ada" not in caplog.text


def test_an_entry_that_keeps_ending_its_workers_is_dead() -> None:
    async def story() -> None:
        post = Post()
        post.put("a")
        for _ in range(PACE.tries):
            with post.work() as work:
                claimed = work.outbox.claim("killed", ["card"], 9, post.now(), PACE.lease)
                assert work.outbox.begin(claimed, post.now() + PACE.lease)
                work.commit()
            await asyncio.sleep(31)
            with post.work() as work:
                assert work.outbox.expire(post.now()) == {State.WAITING: 1}
                work.commit()
        async with post.working():
            await asyncio.sleep(2)
        assert post.handled == []
        assert post.reasons() == [(State.DEAD, "TooManyAttempts")]

    run(story())


def test_the_lease_of_what_runs_long_is_renewed() -> None:
    async def story() -> None:
        post = Post()
        post.put("long", topic=POST)
        async with post.working(slow(200), name="one"):
            await asyncio.sleep(1)
            async with post.working(name="two"):
                await asyncio.sleep(250)
        assert len(post.handled) == 1
        assert post.counts("post") == {State.DONE: 1}

    run(story())


def test_entries_of_a_vanished_worker_go_to_another_or_are_doubtful(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        post = Post()
        post.put("a")
        post.put("b", topic=POST)
        with post.work() as work:
            claimed = work.outbox.claim("gone", ["card", "post"], 9, NOW, PACE.lease)
            assert len(work.outbox.begin(claimed, NOW + PACE.lease)) == 2
            work.commit()
        async with post.working():
            await asyncio.sleep(25)
            assert post.handled == []
            await asyncio.sleep(10)
        assert [key for key, _ in post.handled] == ["a"]
        assert post.counts("post") == {State.DOUBTFUL: 1}

    run(story())
    assert "1 entries whose lease ran out are now doubtful" in caplog.text


def test_a_worker_that_dies_leaves_only_what_it_had_begun_in_doubt() -> None:
    async def story() -> None:
        post = Post()
        post.put(*map(str, range(20)), topic=POST)
        async with post.working(slow(1000), name="dead"):
            await asyncio.sleep(1)
            assert len(post.handled) == PACE.at_once
            post.threads.away = True  # as good as dead: nothing that it does is stored any more
        post.threads.away = False
        async with post.working(name="heir"):
            await asyncio.sleep(60)
        assert post.counts("post") == {State.DONE: 20 - PACE.at_once, State.DOUBTFUL: PACE.at_once}
        assert len({key for key, _ in post.handled}) == len(post.handled) == 20

    run(story())


def test_what_is_cancelled_after_the_claim_is_not_sent() -> None:
    async def story() -> None:
        post = Post()
        post.put(*map(str, range(PACE.batch)), topic=POST, group="one")
        async with post.working(slow(3)):
            await asyncio.sleep(1)
            with post.work() as work:
                assert work.outbox.cancel("post", "one") == PACE.batch - PACE.at_once
                work.commit()
            await asyncio.sleep(9)
            post.put("new", topic=POST)
            await asyncio.sleep(5)
        assert len(post.handled) == PACE.at_once + 1
        assert post.counts("post") == {State.DONE: PACE.at_once + 1}

    run(story())


def test_pausing_and_cancelling_while_it_sends() -> None:
    async def story() -> None:
        post = Post()
        post.put(*map(str, range(30)), topic=POST, group="one")
        async with post.working(slow(1)):
            await asyncio.sleep(3.5)
            with post.work() as work:
                work.outbox.pause("post", "one")
                work.commit()
            await asyncio.sleep(30)
            paused = len(post.handled)
            assert paused <= 3.5 * PACE.at_once + PACE.batch
            assert post.counts("post") == {State.DONE: paused, State.WAITING: 30 - paused}
            with post.work() as work:
                work.outbox.resume("post", "one")
                work.commit()
            await asyncio.sleep(2.5)
            with post.work() as work:
                cancelled = work.outbox.cancel("post", "one")
                work.commit()
            await asyncio.sleep(30)
        assert cancelled > 0
        assert len(post.handled) == 30 - cancelled
        assert post.counts("post") == {State.DONE: 30 - cancelled}

    run(story())


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"), [(0, 0, 2), (0, 1, 1), (3, 0, 16), (3, 0.5, 12), (99, 0, 3600)]
)
def test_waits_get_longer_up_to_an_hour(attempts: int, chance: float, seconds: float) -> None:
    assert Pace().wait(attempts, chance).total_seconds() == seconds


@pytest.fixture(autouse=True)
def _log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

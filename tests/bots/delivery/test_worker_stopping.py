"""The worker in virtual time: databases that are away, stopping in good order, and faults of its own."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bots.delivery.worker import Worker
from core.outbox import State
from tests.bots.delivery.post_office import PACE, POST, Post, slow
from tests.bots.telegram.virtual_time import run
from tests.world import NOW


def test_stopping_finishes_what_has_begun_and_gives_back_the_rest() -> None:
    async def story() -> None:
        post = Post()
        post.put(*map(str, range(20)), topic=POST)
        async with post.working(slow(3)):
            await asyncio.sleep(1)
        assert len(post.handled) == PACE.at_once
        assert post.counts("post") == {State.DONE: PACE.at_once, State.WAITING: 20 - PACE.at_once}
        async with post.working():
            await asyncio.sleep(20)
        assert len({key for key, _ in post.handled}) == len(post.handled) == 20

    run(story())


def test_stopping_breaks_off_what_takes_too_long() -> None:
    async def story() -> None:
        post = Post()
        post.put("a")
        post.put("b", topic=POST)
        began = asyncio.get_running_loop().time()
        async with post.working(slow(3600)):
            await asyncio.sleep(1)
        assert asyncio.get_running_loop().time() - began < 1 + PACE.grace + 1
        assert post.counts() == {State.WAITING: 1}
        assert post.reasons("post") == [(State.DOUBTFUL, "Stopped")]

    run(story())


def test_a_database_that_is_away_for_a_minute_is_survived(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        post = Post()
        post.put(*map(str, range(6)), topic=POST)
        async with post.working(slow(2)):
            await asyncio.sleep(1)
            post.threads.away = True
            await asyncio.sleep(60)
            with post.work() as work:  # meanwhile another worker takes this one for dead
                assert work.outbox.expire(NOW + dt.timedelta(minutes=1)) == {State.DOUBTFUL: PACE.at_once}
                work.commit()
            post.threads.away = False
            post.put("new", topic=POST)
            await asyncio.sleep(10)
        assert len(post.handled) == 7
        assert post.counts("post") == {State.DONE: 7}, "the doubt was ended by those who know"

    run(story())
    assert "the database cannot be reached" in caplog.text


def test_stopping_without_a_database_takes_seconds(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        post = Post()
        post.put("a")
        async with post.working(slow(1)):
            await asyncio.sleep(0.5)
            post.threads.away = True
        assert asyncio.get_running_loop().time() < 2 * PACE.grace + 2

    run(story())
    assert "1 entries could not be reported" in caplog.text


def test_a_claim_that_is_under_way_when_the_worker_stops_is_given_back() -> None:
    async def story() -> None:
        post = Post()
        post.put(*map(str, range(5)), topic=POST)
        post.threads.seconds = 2
        async with post.working():
            await asyncio.sleep(1)
            with post.work() as work:
                assert work.outbox.claim("other", ["post"], 9, post.now(), PACE.lease) == ()
        assert post.handled == []
        assert post.counts("post") == {State.WAITING: 5}

    run(story())


def test_a_fault_of_the_worker_itself_is_its_end() -> None:
    async def story() -> None:
        post = Post()
        post.threads.run = raising_at_once  # type: ignore[method-assign, assignment]
        with pytest.raises(ExceptionGroup, match="unhandled"):
            await Worker(post.threads, post.work, post.now, lambda: 0.0, "w", {"post": post.handler()}, PACE).run()

    run(story())


async def raising_at_once(*_: object) -> None:
    raise ZeroDivisionError

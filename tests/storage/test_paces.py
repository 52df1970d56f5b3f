"""A pace that processes keep together: places that add up, however many take them at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.engine import Database
from storage.paces import SqlPaces
from tests.world import NOW

PER_SECOND, BURST = 30.0, 10.0
MICROSECONDS = 1e-4  # times are stored in them, and rounded errors add up


@pytest.fixture
def clock() -> list[dt.datetime]:
    """The time now, as its only value."""
    return [NOW]


@pytest.fixture
def paces(database: Database, clock: list[dt.datetime]) -> SqlPaces:
    return SqlPaces(database, lambda: clock[0])


def reserving(paces: SqlPaces) -> Callable[[int], float]:
    return lambda calls: paces.reserve("elms", calls, PER_SECOND, BURST)


def test_a_burst_goes_at_once_and_what_follows_keeps_to_the_rate(paces: SqlPaces) -> None:
    waits = [reserving(paces)(5) for _ in range(6)]
    assert waits == pytest.approx([0, 0, 5 / 30, 10 / 30, 15 / 30, 20 / 30], abs=MICROSECONDS)


def test_what_was_not_used_is_no_credit(paces: SqlPaces, clock: list[dt.datetime]) -> None:
    reserving(paces)(5)
    clock[0] += dt.timedelta(hours=1)
    assert [reserving(paces)(10), reserving(paces)(3)] == pytest.approx([0, 0.1], abs=MICROSECONDS)


def test_all_who_take_places_at_once_get_their_own(paces: SqlPaces) -> None:
    with ThreadPoolExecutor(6) as threads:
        waits = sorted(threads.map(reserving(paces), [1] * 40))
    assert waits == pytest.approx([max(0.0, number - BURST) / PER_SECOND for number in range(1, 41)], abs=MICROSECONDS)


def test_the_slow_time_is_never_shortened_and_ends(paces: SqlPaces, clock: list[dt.datetime]) -> None:
    assert paces.slowed_for("elms") == 0
    paces.slow_down("elms", 60)
    paces.slow_down("elms", 10)
    assert (paces.slowed_for("elms"), paces.slowed_for("oaks")) == (60, 0)
    clock[0] += dt.timedelta(seconds=61)
    assert paces.slowed_for("elms") == 0

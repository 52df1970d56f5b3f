"""Checks of sources: kept with their past, in bounds, and made by one checker at a time."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

from core.ports import UnitOfWork
from core.sources.checks import (
    CHECKS_KEPT,
    ArchiveCopy,
    LinkState,
    PageFacts,
    PassageState,
    SourceCheck,
)
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import NOW, SALESFORCE, TREES

Work = Callable[[], UnitOfWork]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
PLAIN = SourceCheck("0123456789ab", "https://example.org/elms", NOW, LinkState.UNREACHABLE)
FULL = SourceCheck(
    "ba9876543210", "https://example.org/oaks?a=1", NOW + MINUTE, LinkState.MOVED, "https://example.org/trees", 200,
    "a hundred oaks", PassageState.FOUND, "d" * 64, NOW - DAY, PageFacts("Oaks", "The Leaf", "2018-06-28"),
    ArchiveCopy("https://archive.example/oaks", NOW - 9 * DAY),
)  # fmt: skip


def save(work: Work, *checks: SourceCheck, petition: str = TREES) -> None:
    with work() as unit:
        for check in checks:
            unit.source_checks.save(petition, check)
        unit.commit()


def test_checks_come_back_as_they_were_and_the_last_of_each_source_counts(work: Work) -> None:
    newer = replace(PLAIN, at=NOW + DAY, state=LinkState.ALIVE, status=200)
    save(work, PLAIN, FULL, newer)
    save(work, replace(PLAIN, link="https://example.org/else"), petition=SALESFORCE)
    with work() as unit:
        assert unit.source_checks.of(TREES) == {PLAIN.key: newer, FULL.key: FULL}
        assert unit.source_checks.history(TREES) == (PLAIN, FULL, newer)
        assert unit.source_checks.of("unknown") == {}


def test_a_second_check_at_the_same_moment_replaces_the_first(work: Work) -> None:
    save(work, PLAIN, again := replace(PLAIN, state=LinkState.GONE))
    with work() as unit:
        assert unit.source_checks.history(TREES) == (again,)


def test_only_the_newest_checks_of_a_source_stay(work: Work) -> None:
    every = [replace(PLAIN, at=NOW + number * DAY) for number in range(CHECKS_KEPT + 3)]
    save(work, FULL, *every)
    with work() as unit:
        assert unit.source_checks.history(TREES) == tuple(sorted([FULL, *every[3:]], key=lambda check: check.at))


def test_a_check_forgets_those_of_its_source_that_a_wrong_clock_made(work: Work) -> None:
    save(work, FULL, PLAIN, replace(PLAIN, at=NOW + 9 * DAY), now := replace(PLAIN, at=NOW + DAY))
    save(work, other := replace(PLAIN, at=NOW + 9 * DAY), petition=SALESFORCE)
    with work() as unit:
        assert unit.source_checks.history(TREES) == (PLAIN, FULL, now)
        assert unit.source_checks.history(SALESFORCE) == (other,)


def test_the_last_checks_of_all_petitions_are_read_at_once(database: Database, vault: Vault) -> None:
    def work() -> UnitOfWork:
        return SqlUnitOfWork(database, vault)

    newer = replace(FULL, at=NOW + DAY)
    save(work, PLAIN, FULL, newer)
    save(work, FULL, petition=SALESFORCE)
    queries = SqlQueries(database, vault)
    assert queries.source_checks() == {TREES: {PLAIN.key: PLAIN, FULL.key: newer}, SALESFORCE: {FULL.key: FULL}}


def lease(work: Work, holder: str, now: dt.datetime) -> bool:
    with work() as unit:
        taken = unit.source_checks.take_lease(holder, now, now + MINUTE)
        unit.commit()
        return taken


def test_one_checker_holds_the_lease_until_it_runs_out_or_is_given_back(work: Work) -> None:
    assert lease(work, "ada", NOW)
    assert not lease(work, "ben", NOW + MINUTE)
    assert lease(work, "ada", NOW + MINUTE), "the holder renews it"
    assert not lease(work, "ben", NOW + 2 * MINUTE)
    assert lease(work, "ben", NOW + 3 * MINUTE), "nobody renewed it"
    assert not lease(work, "ada", NOW + 3 * MINUTE)
    with work() as unit:
        unit.source_checks.release_lease("ada")
        unit.commit()
    assert not lease(work, "ada", NOW + 3 * MINUTE), "only the holder gives it back"
    with work() as unit:
        unit.source_checks.release_lease("ben")
        unit.commit()
    assert lease(work, "ada", NOW + 3 * MINUTE)


def test_a_lease_of_a_wrong_clock_holds_nobody_up(work: Work) -> None:
    assert lease(work, "ada", NOW + MINUTE)
    assert not lease(work, "ben", NOW), "clocks may differ a little"
    assert lease(work, "ada", NOW + DAY)
    assert lease(work, "ben", NOW)
    assert not lease(work, "ada", NOW + MINUTE)


def test_of_many_checkers_at_once_one_gets_the_lease(database: Database, vault: Vault) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    with closing(Database(url)) as other:
        works = [lambda: SqlUnitOfWork(database, vault), lambda: SqlUnitOfWork(other, vault)]
        for now in (NOW, NOW + 2 * MINUTE):
            with ThreadPoolExecutor(8) as pool:
                tries = zip(itertools.cycle(works), map(str, range(8)), strict=False)
                taken = list(pool.map(lambda one, now=now: lease(one[0], one[1], now), tries))
            assert taken.count(True) == 1

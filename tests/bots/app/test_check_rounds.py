"""The checker's rounds: one process at a time, one look after another, and a fault of ours stops nobody."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bots.app import check_rounds
from bots.app.check_rounds import LEASE, LONGEST_LOOK, CheckRounds
from bots.common.service_threads import ServiceThreads
from core.organizer.source_news import SourceCheckService
from core.petition.source import Source
from core.sources.checks import LinkState, SourceCheck
from core.sources.due import DAY, WEEK
from tests.core.organizer.test_checks import citing
from tests.core.organizer.test_commands import Office
from tests.patience import patience
from tests.world import TREES, World


@dataclass
class PaperChecker:
    """A checker that finds every page, except those it fails at; `during` is called in each look."""

    fails_at: set[int] = field(default_factory=set)
    looked: list[int] = field(default_factory=list)

    async def check(
        self, source: Source, before: SourceCheck | None, now: dt.datetime, *, order_copy: bool = False
    ) -> SourceCheck:
        self.looked.append(source.number)
        if source.number in self.fails_at:
            raise RuntimeError("a parser's fault that may quote the page")
        return SourceCheck(source.key, source.link or "", now, LinkState.ALIVE)


class Desk:
    """A world with a petition to check, and any number of processes that would."""

    def __init__(self, threads: ServiceThreads) -> None:
        self.world, self.threads = World(), threads
        self.world.petitions = {TREES: citing(TREES, 3)}
        self.world.__post_init__()
        self.service = SourceCheckService(Office(self.world).service)
        self.counted: list[LinkState] = []

    def rounds(self, checker: PaperChecker, holder: str = "one") -> CheckRounds:
        @asynccontextmanager
        async def opened() -> AsyncIterator[PaperChecker]:
            yield checker

        return CheckRounds(
            self.service, self.threads, lambda: self.world.now, opened, holder, self.counted.append
        )  # fmt: skip


@pytest.fixture
def desk() -> Iterator[Desk]:
    threads = ServiceThreads(1)
    try:
        yield Desk(threads)
    finally:
        threads.close()


async def test_a_round_looks_at_what_is_due_and_gives_the_lease_back(desk: Desk) -> None:
    checker = PaperChecker()
    rounds = desk.rounds(checker)
    await rounds.look_at_due()
    await rounds.look_at_due()
    assert checker.looked == [1, 2, 3]
    assert desk.counted == [LinkState.ALIVE] * 3
    desk.world.now += WEEK
    assert desk.service.take_lease("two", LEASE)
    await rounds.look_at_due()
    assert checker.looked == [1, 2, 3], "another process has the lease"
    desk.service.release_lease("two")
    await rounds.look_at_due()
    assert checker.looked == [1, 2, 3] * 2


async def test_a_process_that_was_held_up_stops_when_another_has_its_lease(desk: Desk) -> None:
    class Slow(PaperChecker):
        async def check(
            self, source: Source, before: SourceCheck | None, now: dt.datetime, *, order_copy: bool = False
        ) -> SourceCheck:
            desk.world.now += DAY
            assert desk.service.take_lease("two", LEASE)
            return await super().check(source, before, now, order_copy=order_copy)

    slow = Slow()
    await desk.rounds(slow).look_at_due()
    assert slow.looked == [1]
    assert not desk.service.take_lease("three", DAY), "the second one keeps the lease"


async def test_a_fault_of_ours_says_nothing_about_the_page_and_rests_for_a_day(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    checker = PaperChecker({2})
    rounds = desk.rounds(checker)
    for _ in range(2):
        await rounds.look_at_due()
    assert checker.looked == [1, 2, 3]
    with desk.world.work() as work:
        assert len(work.source_checks.of(TREES)) == 2
    assert "source 2 of town-trees couldn't be checked: RuntimeError" in caplog.text
    assert "quote" not in caplog.text
    desk.world.now += DAY
    checker.fails_at.clear()
    await rounds.look_at_due()
    assert checker.looked == [1, 2, 3, 2]


async def test_while_clocks_disagree_no_page_is_visited_in_every_round(desk: Desk) -> None:
    class Fast(PaperChecker):
        async def check(
            self, source: Source, before: SourceCheck | None, now: dt.datetime, *, order_copy: bool = False
        ) -> SourceCheck:
            return await super().check(source, before, now + 30 * WEEK, order_copy=order_copy)

    checker = Fast()
    rounds = desk.rounds(checker)
    for _ in range(3):
        await rounds.look_at_due()
    assert checker.looked == [1, 2, 3]
    desk.world.now += DAY
    await rounds.look_at_due()
    assert checker.looked == [1, 2, 3] * 2


async def test_a_look_without_an_end_is_given_up_well_within_the_lease(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Hanging(PaperChecker):
        async def check(
            self, source: Source, before: SourceCheck | None, now: dt.datetime, *, order_copy: bool = False
        ) -> SourceCheck:
            if source.number == 1:
                await asyncio.Event().wait()
            return await super().check(source, before, now, order_copy=order_copy)

    assert LEASE.total_seconds() >= LONGEST_LOOK * 2
    monkeypatch.setattr(check_rounds, "LONGEST_LOOK", 0.01)
    hanging = Hanging()
    async with patience():
        await desk.rounds(hanging).look_at_due()
    assert hanging.looked == [2, 3]
    assert "source 1 of town-trees couldn't be checked: TimeoutError" in caplog.text

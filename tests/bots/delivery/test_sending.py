"""The worker with its handlers: what it clears away, and what it makes of a database that is away."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bots.common.health import Condition
from bots.common.service_threads import ServiceThreads
from bots.common.supervisor import Start
from bots.delivery.handling import Closed, Later, Missed
from bots.delivery.sending import PACE, Messenger, handlers_of, run_worker, worker_name
from core.organizer.service import OrganizerService
from core.outbox import ClaimedEntry, NewEntry, State, Topic, done
from core.outreach.milestones import Follower
from core.signatures.signature import Signer
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.delivery.post_office import InlineThreads
from tests.databases import migrated_sqlite
from tests.deliveries import Postbox
from tests.patience import until
from tests.world import NOW, ORGANIZERS, SALESFORCE, World, services_of

TOPIC = Topic("announce.telegram", repeat=False)


@asynccontextmanager
async def connected(box: Postbox) -> AsyncIterator[Messenger]:
    yield box


async def test_entries_done_a_month_ago_are_removed_and_still_counted(tmp_path: Path, vault: Vault) -> None:
    database = migrated_sqlite(tmp_path)
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    for key, days in (("old", 31), ("young", 29)):
        with world.work() as work:
            then = NOW - dt.timedelta(days=days)
            work.outbox.put([NewEntry(TOPIC, key, then)])
            work.outbox.report(
                [done(entry) for entry in work.outbox.claim("w", [TOPIC.name], 9, then, then - then)], then
            )
            work.commit()
    threads = ServiceThreads(1)
    task = asyncio.create_task(run_worker(services_of(world, database, vault), threads, connected(Postbox("telegram"))))

    def kept() -> list[bool]:
        with world.work() as work:  # a key can be put again once it was purged; nothing here is committed
            return [work.outbox.put([NewEntry(TOPIC, key, NOW)]) == 0 for key in ("old", "young")]

    await until(lambda: not all(kept()), "the old entry is cleared away")
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert kept() == [False, True]
    with world.work() as work:
        assert sum(work.outbox.counts(TOPIC.name).values()) == 2
    threads.close()
    database.close()


async def test_a_refused_token_stops_the_worker_alone_and_its_entries_wait(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    world, box = World(work=lambda: SqlUnitOfWork(database, vault)), Postbox("telegram")
    services, threads = services_of(world, database, vault), InlineThreads()
    health, other = services.supervisor.health, Postbox("discord")
    components: dict[str, Start] = {
        worker_name(box.platform): partial(run_worker, services, threads, connected(box)) for box in (box, other)
    }
    running = asyncio.create_task(services.supervisor.run(components, {}))
    await until(lambda: [component.state for component in health.essentials()] == [Condition.UP] * 2, "both work")
    box.refused.set()
    await until(lambda: health.components["worker-telegram"].state is Condition.STOPPED, "the worker stops")
    assert health.components["worker-telegram"].reason == "The token is wrong."
    assert health.components["worker-discord"].state is Condition.UP
    assert [record.levelname for record in caplog.records if "has stopped" in record.getMessage()] == ["ERROR"]
    with world.work() as work:
        work.outbox.put([NewEntry(TOPIC, "later", NOW)])
        work.commit()
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])
    with world.work() as work:
        assert work.outbox.counts(TOPIC.name) == {State.WAITING: 1}


async def test_messages_about_a_petition_whose_folder_has_errors_wait() -> None:
    world = World()
    with world.work() as work:
        work.milestones.follow(Follower("telegram", "-5", "", "g0123456789ab", "en"))
        person = work.signers.lock_or_create(Signer("telegram", "7"), NOW)
        number = work.announcements.add(SALESFORCE, "News", NOW).id
        work.commit()
    signing = replace(world.signing, broken=frozenset({SALESFORCE}))
    handlers = handlers_of(signing, InlineThreads(), Postbox("telegram"))
    for topic, payload in (
        ("announce.telegram", {"announcement": number, "person": person.id}),
        ("milestone.telegram", {"petition": SALESFORCE, "number": 100, "chat": "-5"}),
    ):
        with pytest.raises(Later):
            await handlers[topic](ClaimedEntry(1, topic, "k", "", payload, NOW, repeat=False, attempts=0, claim=1))


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("announce", {"announcement": 1}),
        ("announce.telegram", {"announcement": 1, "person": 1}),
        ("milestone", {"petition": SALESFORCE, "number": 100}),
        ("milestone.telegram", {"petition": SALESFORCE, "number": 100, "chat": "-5"}),
    ],
)
async def test_while_the_database_is_away_nothing_is_sent_and_all_is_tried_again(
    topic: str, payload: dict[str, object]
) -> None:
    threads, box = InlineThreads(), Postbox("telegram")
    threads.away = True
    handlers = handlers_of(World().signing, threads, box)
    with pytest.raises(Missed):
        await handlers[topic](ClaimedEntry(1, topic, "k", "", payload, NOW, repeat=False, attempts=0, claim=1))
    assert box.got == []


async def test_a_community_that_is_shut_follows_no_more() -> None:
    world, box = World(), Postbox("telegram", shut={"-5"})
    with world.work() as work:
        work.milestones.follow(Follower("telegram", "-5", "", "g0123456789ab", "en"))
        work.commit()
    handle = handlers_of(world.signing, InlineThreads(), box)["milestone.telegram"]
    payload = {"petition": SALESFORCE, "number": 100, "chat": "-5"}
    with pytest.raises(Closed):
        await handle(ClaimedEntry(1, "milestone.telegram", "k", "", payload, NOW, repeat=False, attempts=0, claim=1))
    with world.work() as work:
        assert work.milestones.followers() == ()


def test_a_worker_that_is_killed_loses_at_most_eight_messages() -> None:
    assert PACE.at_once <= 8


def test_everybody_who_joined_is_an_organizer_on_their_platform() -> None:
    world = World()
    service = OrganizerService(world.signing, ORGANIZERS)
    assert service.on("telegram") == ("99",)
    with world.work() as work:
        for platform, number in (("telegram", "5"), ("discord", "6")):
            work.organizers.add(world.person("Sam", platform, number).signer, NOW)
        work.commit()
    assert service.on("telegram") == ("5", "99")

"""Organizers hear of an outage once, on a platform that still works, and not of every blip."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field, replace

import pytest

from bots.app.outages import OutageReporter
from bots.common.health import Health
from bots.delivery.handling import Refused
from bots.delivery.sending import Notices
from core.organizer.outage import Outage, OutageService, outage_topic
from core.organizer.service import OrganizerService
from core.outbox import ClaimedEntry
from tests.bots.delivery.post_office import InlineThreads
from tests.deliveries import Postbox
from tests.world import CountedWork, World

OLGA, OTTO = ("telegram", "99"), ("discord", "7")


@dataclass
class Watch:
    """A world with an organizer on each platform, and the components of one process."""

    world: World = field(default_factory=World)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.threads, self.spy = InlineThreads(), CountedWork(self.world.work)
        self.world.signing = replace(self.world.signing, work=self.spy)
        self.service = OutageService(OrganizerService(self.world.signing, frozenset({OLGA, OTTO})))
        self.health = Health(lambda: self.now)
        self.reporter = OutageReporter(self.health, self.service, self.threads, self.world.signing.clock)
        for name in ("telegram", "discord", "web", "worker-telegram", "worker-discord"):
            self.health.add(name).up()

    def passes(self, seconds: float) -> None:
        """Time goes by, and the reporter looks."""
        self.now += seconds
        self.world.now += dt.timedelta(seconds=seconds)
        self.health.settle()
        asyncio.run(self.reporter.look())

    def told(self) -> list[tuple[str, str, bool]]:
        """The platforms, components and kinds of new notices."""
        entries = ((entry.topic.partition(".")[2], entry.payload) for entry in self.entries())
        return sorted((platform, payload["component"], payload["final"]) for platform, payload in entries)

    def entries(self) -> tuple[ClaimedEntry, ...]:
        topics = [outage_topic(platform).name for platform in ("telegram", "discord")]
        with self.world.work() as work:
            entries = work.outbox.claim("w", topics, 99, self.world.now, dt.timedelta(days=1))
            work.commit()
        return entries


def test_an_outage_that_lasts_is_told_once_where_the_bot_works() -> None:
    watch = Watch()
    watch.passes(100)
    assert watch.told() == []
    watch.health.components["discord"].down("OSError")
    watch.passes(119)
    assert watch.told() == [], "it may be a blip"
    watch.passes(1)
    assert watch.told() == [("telegram", "discord", False)]
    before = watch.spy.begun
    for _ in range(5):
        watch.passes(600)
    assert watch.spy.begun == before, "the database is not asked again"
    watch.health.components["discord"].up()
    watch.health.components["discord"].down("OSError")
    watch.passes(600)
    assert watch.told() == [], "it is the same outage"


def test_one_that_stops_for_good_after_it_was_told_is_told_again() -> None:
    watch = Watch()
    watch.health.components["discord"].down("OSError")
    watch.passes(120)
    watch.health.components["discord"].stop("The token is wrong.")
    watch.passes(5)
    assert watch.told() == [("telegram", "discord", False), ("telegram", "discord", True)]


def test_a_petition_that_cannot_be_read_is_told_once_where_the_bot_works() -> None:
    watch = Watch()
    watch.reporter = OutageReporter(
        watch.health, watch.service, watch.threads, watch.world.signing.clock, ["old-oaks", "elms"]
    )
    for name in ("telegram", "discord"):
        watch.health.components[name].down("OSError")
    watch.passes(5)
    assert watch.told() == [], "nothing works yet"
    watch.health.components["telegram"].up()
    watch.passes(5)
    watch.passes(5)
    assert watch.told() == [("telegram", "petition-elms", True), ("telegram", "petition-old-oaks", True)]


def test_a_blip_is_no_news() -> None:
    watch = Watch()
    watch.health.components["web"].down("OSError")
    watch.passes(100)
    watch.health.components["web"].up()
    watch.passes(20)
    watch.passes(200)
    assert watch.told() == []


def test_one_that_has_stopped_is_told_at_once_and_differently() -> None:
    watch = Watch()
    watch.health.components["telegram"].stop("The token is wrong.")
    watch.passes(5)
    watch.passes(5)
    assert watch.told() == [("discord", "telegram", True)]


def test_with_nothing_that_works_it_is_told_later() -> None:
    watch = Watch()
    for name in ("telegram", "worker-discord"):
        watch.health.components[name].down("OSError")
    watch.passes(120)
    assert watch.told() == []
    watch.health.components["worker-discord"].up()
    watch.passes(60)
    watch.passes(5)
    assert watch.told() == [("discord", "telegram", False)]


def test_several_processes_with_one_outage_give_one_notice() -> None:
    watch = Watch()
    outage = Outage("discord", watch.world.now)
    assert watch.service.report(outage, ["telegram"]) == 1
    assert watch.service.report(outage, ["telegram"]) == 0


def test_the_notice_says_since_when_and_comes_in_time_or_not_at_all() -> None:
    watch, box = Watch(), Postbox("telegram")
    handler = Notices(watch.service.notice, watch.threads, box)
    watch.service.report(Outage("worker-discord", watch.world.now.replace(hour=14, minute=5)), ["telegram"])
    (entry,) = watch.entries()
    asyncio.run(handler.tell(entry))
    ((to, words),) = box.got
    assert to == OLGA[1]
    assert "aren't going out on Discord" in words
    assert "It began at 14:05 (UTC)" in words
    watch.world.now += dt.timedelta(minutes=61)
    with pytest.raises(Refused):
        asyncio.run(handler.tell(entry))


def test_one_who_no_longer_organizes_is_not_told() -> None:
    watch = Watch()
    watch.service.report(Outage("discord", watch.world.now), ["telegram"])
    (entry,) = watch.entries()
    gone = OutageService(OrganizerService(watch.world.signing, frozenset()))
    assert gone.notice("telegram", entry.payload) is None
    assert watch.service.notice("telegram", entry.payload) is not None

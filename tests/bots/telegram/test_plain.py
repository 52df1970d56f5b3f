"""The usual updates of private chats, read without the library: the same values, service calls, and requests."""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from telegram import Update

from bots.common.service_threads import ServiceThreads
from bots.telegram import reading
from bots.telegram.handlers import PrivateChat
from bots.telegram.plain import read_plain
from bots.telegram.private_updates import PrivateUpdate
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.telegram.private_chats import chat_of
from tests.bots.telegram.test_fuzz import step
from tests.bots.telegram.updates import A_TAP, A_TEXT, UPDATES, grown, spoilt
from tests.databases import migrated_sqlite
from tests.effort import scaled
from tests.scenarios.stage import TelegramTheatre
from tests.world import SALESFORCE, World, services_of

Json = dict[str, Any]


class LibraryWay:
    """The values that handlers get from an update that the library has read."""

    def __init__(self, theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
        self._application = theatre.surface._application
        self._handled: list[PrivateUpdate] = []

        async def note(_: PrivateChat, update: PrivateUpdate) -> None:
            self._handled.append(update)

        monkeypatch.setattr(PrivateChat, "handle", note)

    def of(self, written: Json) -> tuple[Update | None, PrivateUpdate | None]:
        """The library's update, and what its handler in private chats makes of it; None if there is none."""
        try:
            update = reading.read_with_library(reading._sound(written), self._application.bot)
        except Exception:  # noqa: BLE001  (as in reading.read)
            return None, None
        every = self._application.handlers[0]
        handler = next((each for each in every if each.check_update(update) not in (None, False)), None)
        if handler is None or "_plainly" not in handler.callback.__qualname__:
            return update, None
        with pytest.raises(StopIteration):
            handler.callback(update, None).send(None)
        return update, self._handled.pop()

    def compare(self, written: Json) -> str:
        """Read an update both ways; returns what it is."""
        read, before = plain(written), json.dumps(written)
        if read is None:
            return "left to the library"
        update, handled = self.of(written)
        assert handled == read, written
        assert update is not None
        assert (reading.kind(update), reading.queue_key(update)) == (reading.kind(read), reading.queue_key(read))
        assert json.dumps(written) == before
        return type(read).__name__


def plain(written: Json) -> PrivateUpdate | None:
    try:
        return read_plain(reading._sound(written))
    except TypeError:
        return None


@pytest.fixture
async def library(theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch) -> LibraryWay:
    await chat_of(theatre).send("/start")  # the bot has its handlers when it answers
    return LibraryWay(theatre, monkeypatch)


@settings(max_examples=scaled(500), deadline=None, suppress_health_check=list(HealthCheck))
@given(UPDATES)
def test_the_usual_updates_need_no_library(written: Json) -> None:
    read = plain(written)
    assert read is not None
    event(type(read).__name__)


async def test_both_ways_give_the_same_values(library: LibraryWay) -> None:
    @settings(max_examples=scaled(2000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(UPDATES | UPDATES.flatmap(spoilt) | UPDATES.flatmap(spoilt).flatmap(spoilt))
    def compare(written: Any) -> None:
        event(library.compare(written))

    compare()


@pytest.mark.parametrize("update", [A_TEXT, A_TAP])
async def test_no_field_that_the_library_knows_makes_a_difference(library: LibraryWay, update: Json) -> None:
    for written in grown(update):
        library.compare(written)


async def played(folder: Path, vault: Vault, calls: list[object]) -> list[object]:
    """The requests of a bot to which random people talk, step by step."""
    chance, requests = random.Random(20_261_126), list[object]()
    with closing(migrated_sqlite(folder)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        async with TelegramTheatre(world, services_of(world, database, vault)).playing() as theatre:
            theatre.server.world.clock = world.now.timestamp
            chats = [chat_of(theatre, number, f"Ada {number}") for number in (7, 8)]
            for chat in chats:
                await chat.send(f"/start {SALESFORCE}")
            calls.clear()
            for _ in range(scaled(150)):
                begun = len(theatre.server.log)
                await step(chance, chance.choice(chats))
                await theatre.server.settle()
                made = [(call.method, call.params, call.status) for call in theatre.server.log[begun:]]
                requests.append(sorted(map(repr, (call for call in made if call[0] != "getUpdates"))))
    return requests


@pytest.mark.server
async def test_both_ways_cause_the_same_service_calls_and_requests(
    tmp_path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    run = ServiceThreads.run

    async def noted(threads: ServiceThreads, call: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append((call.__qualname__, args, kwargs))
        return await run(threads, call, *args, **kwargs)

    monkeypatch.setattr(ServiceThreads, "run", noted)
    for folder in ("plain", "library"):
        (tmp_path / folder).mkdir()
    requests, expected = await played(tmp_path / "plain", vault, calls), calls.copy()
    monkeypatch.setattr(reading, "read_plain", lambda _: None)
    assert await played(tmp_path / "library", vault, calls) == requests
    assert calls == expected
    assert len(calls) > len(requests) / 2

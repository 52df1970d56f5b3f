"""A search runs in the worker, shows its progress, and answers in the organizer's own chat."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

import storage.search
from bots.common.links import Links
from bots.delivery.handling import Missed, Pace, Refused
from bots.delivery.searches import PersonSearches
from bots.delivery.worker import Worker
from bots.telegram.messenger import TelegramMessenger
from bots.telegram.renderer import TelegramRenderer
from core.conversation import state as ev
from core.organizer.erase_order import search_topic
from core.organizer.person_search import PersonSearch
from core.outbox import ClaimedEntry, State
from core.signatures.signature import Signer
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.delivery.conftest import OLGA
from tests.bots.delivery.post_office import InlineThreads, working
from tests.databases import migrated_sqlite
from tests.deliveries import Postbox
from tests.patience import until
from tests.scenarios.stage import TelegramTheatre, TerminalPersona
from tests.telegram_server import ChatView
from tests.world import NOW, SALESFORCE, World, services_of

TOPIC = search_topic("telegram").name
MAIL = "ada@example.org"


@pytest.fixture
def world(tmp_path: Path, vault: Vault) -> World:
    """A world on SQLite, in which two people of one household signed, and one more."""
    database = migrated_sqlite(tmp_path)
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    for number, (name, mail) in enumerate(
        [("Ada Lovelace", MAIL), ("Ben Lovelace", "ADA@Example.org"), ("Cem", "c@x.org")]
    ):
        person = world.person(user_id=f"47110{number}", platform="telegram")
        answers = {"full_name": name, "postal_code": "90210", "email": mail}
        person.does(ev.Begin(), ev.Answer(answers), ev.Confirm())
    return world


@pytest.fixture
async def theatre(world: World, tmp_path: Path, vault: Vault) -> AsyncIterator[TelegramTheatre]:
    with closing(Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")) as database:
        async with TelegramTheatre(world, services_of(world, database, vault)).playing() as theatre:
            yield theatre


async def work_off(theatre: TelegramTheatre, every: float = 5.0) -> None:
    """Work until no search waits."""
    services, calls = theatre.services, theatre.surface._calls
    renderer = TelegramRenderer(services.catalog, services.petitions, Links(telegram="UndersignBot"))
    messenger = TelegramMessenger(calls, renderer, asyncio.Event())
    search = PersonSearch(services.organizing, services.queries)
    handler = PersonSearches(search, theatre._threads, messenger.files, messenger.to_person, every)
    pace, signing = Pace(poll=0.02, grace=2), services.signing
    worker = Worker(theatre._threads, signing.work, signing.clock, lambda: 0.0, "w", {TOPIC: handler}, pace)

    def counts() -> set[State]:
        with services.queries.outbox() as figures:
            return set(figures.counts(TOPIC))

    async with working(worker):
        await until(lambda: not {State.WAITING, State.SENDING} & counts(), "no search waits")


async def test_olga_erases_one_person_of_a_household(theatre: TelegramTheatre, olga: ChatView) -> None:
    await olga.send(f"/erase {MAIL}")
    assert "I'm searching everything" in olga.last.text
    await work_off(theatre)
    assert "2 accounts match" in olga.last.text
    assert "Ada Lovelace" in olga.last.text
    assert "Cem" not in olga.last.text
    await olga.press("Show what would be erased: no. 1")
    assert "Ben Lovelace" not in olga.last.text
    await olga.press("Yes, erase everything")
    assert "Done. I withdrew 1 signature" in olga.last.text
    assert theatre.world.counted() == 2, "the other one of the household counts now"
    await olga.send(f"/erase {MAIL}")
    await work_off(theatre)
    assert "No. 1" in olga.last.text
    assert "No. 2" not in olga.last.text
    await olga.send("/audit")
    assert f"/erase do {SALESFORCE}" in olga.last.text
    assert not {MAIL, "Lovelace", "47110"} & set(olga.last.text.split())
    assert MAIL not in olga.last.text


async def test_olga_finds_one_person_of_a_household_decides_and_goes_on_to_erase(
    theatre: TelegramTheatre, olga: ChatView
) -> None:
    await olga.send(f"/find {MAIL}")
    await work_off(theatre)
    assert "2 accounts match" in olga.last.text
    assert "Cem" not in olga.last.text
    await olga.press("Show everything: no. 1")
    receipt = re.search(r"\w{4}-\w{4}-\w{4}", olga.last.text)
    assert receipt
    await olga.press(f"Invalidate {receipt[0]}")
    assert f"{receipt[0]} is now “Invalid”." in olga.last.text
    await olga.press("Erase everything about this person")
    await olga.press("Yes, erase everything")
    assert "Done. I withdrew 1 signature" in olga.last.text
    await olga.send("/audit")
    for step in ("/find search email", f"/find show {SALESFORCE}", f"/review invalidate {SALESFORCE} number="):
        assert step in olga.last.text
    assert MAIL not in olga.last.text
    assert receipt[0] not in olga.last.text


async def test_progress_is_one_message(
    theatre: TelegramTheatre, olga: ChatView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.search, "_PAGE", 1)
    await olga.send("/erase Grace Hopper")
    await work_off(theatre, every=0.0)
    progress = [message for message in olga.messages if re.fullmatch(r"\d+ of 10", message.text)]
    assert len(progress) == 1, [message.text for message in olga.messages]
    assert progress[0].edits > 1
    assert "I didn't find anyone under “Grace Hopper”." in olga.last.text
    assert "I searched 10 accounts" in olga.last.text


def entry(**payload: str) -> ClaimedEntry:
    whole = {"user_id": str(OLGA), "words": MAIL, "locale": "en", **payload}
    return ClaimedEntry(1, TOPIC, "k", "", whole, NOW, repeat=True, attempts=0, claim=1)


async def test_a_search_that_fails_is_tried_again_and_nobody_else_gets_an_answer(
    world: World, tmp_path: Path, vault: Vault
) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")) as database:
        services, threads, box = services_of(world, database, vault), InlineThreads(), Postbox("telegram")
        search = PersonSearch(services.organizing, services.queries)
        handler = PersonSearches(search, threads, box, box.to_person)
        with pytest.raises(Refused, match="NoOrganizer"):
            await handler(entry(user_id="5"))
        threads.away = True
        with pytest.raises(Missed):
            await handler(entry())
        assert box.got == []
        threads.away = False
        await handler(entry())
        assert [who for who, _ in box.got] == [str(OLGA)]


async def test_at_the_terminal_the_search_runs_at_once(world: World, tmp_path: Path, vault: Vault) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")) as database:
        services = services_of(world, database, vault)
        olga = TerminalPersona(services, Signer("terminal", "Olga", language="en"), tmp_path)
        await olga.opens(SALESFORCE)
        await olga.types("/find cem")
        assert "Status: Counted" in re.sub(r"[ │]+", " ", olga.reads())
        await olga.types("/erase cem")
        assert "Erase everything about this person?" in olga.reads()
        await olga.taps("Yes, erase everything")
        assert "Done. I withdrew 1 signature" in olga.reads()
        await olga.types("/erase Cem")
        assert "I didn't find anyone under “Cem”." in olga.reads()
        assert world.counted() == 2, "the two of one household"

"""An announcement by real workers in processes of their own: killed in the midst, two at once, told to stop."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.delivery.handling import Pace
from bots.services import Services
from core.conversation import state as ev
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.outbox import State
from core.signatures.signature import Signer
from storage.engine import Database
from storage.tables import OutboxRow, table
from tests.bots.process import BotProcess
from tests.leaks import leaked
from tests.patience import until
from tests.telegram_server import TOKEN, ChatView, TelegramServer
from tests.world import SALESFORCE

PEOPLE, AT_ONCE = 80, Pace().at_once
OLGA = Signer("test", "Olga", "Olga")
SIGNING = (ev.Begin(), ev.Reply("90210"), ev.SetUpdates(wanted=True), ev.Confirm())


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A fake Bot API server."""
    async with TelegramServer(quiet=0.3) as server:
        yield server


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """The database that the processes work on."""
    services = build(Settings(data_dir=tmp_path, secret_key=None))
    yield services
    services.close()


@pytest.fixture
async def workers(server: TelegramServer, tmp_path: Path) -> AsyncIterator[list[BotProcess]]:
    """Three processes that can be started, each of which shows itself by asking who it is; none is left behind."""
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": server.root}
    workers = [BotProcess(tmp_path, settings, lambda: len(server.calls("getMe"))) for _ in range(3)]
    yield workers
    for worker in workers:
        await worker.kill()


def agreed(server: TelegramServer, services: Services) -> list[ChatView]:
    """People who signed and agreed, in a chat that the bot may write to."""
    chats = [server.person(1000 + number, f"Person {number}").private_chat() for number in range(PEOPLE)]
    with services.database.together():
        for chat in chats:
            chat.chat.started = True
            signer = Signer("telegram", str(chat.person.id), "Ada Lovelace", "en")
            for event in SIGNING:
                services.signing.handle(signer, event, SALESFORCE)
    return chats


def tell(services: Services, line: str) -> None:
    """An organizer's command."""
    organizing = OrganizerService(services.signing, frozenset({("test", "Olga")}))
    name, _, argument = line.partition(" ")
    organizing.run(OLGA, CommandLine(name, argument))


def counts(services: Services) -> dict[State, int]:
    with services.queries.outbox() as figures:
        return dict(figures.counts("announce.telegram", "1"))


async def sent(server: TelegramServer, number: int) -> None:
    await until(lambda: len(server.calls("sendMessage")) >= number, f"{number} messages are sent")


def let_leases_end(services: Services) -> None:
    """As if a minute had passed since the worker died."""
    outbox = table(OutboxRow)
    assert isinstance(services.database, Database)
    with services.database.writing() as connection:
        past = services.signing.clock() - dt.timedelta(seconds=1)
        connection.execute(sa.update(outbox).where(outbox.c.leased_until.is_not(None)).values(leased_until=past))
        connection.commit()


async def test_nobody_gets_it_twice_and_nobody_is_lost_when_a_worker_is_killed(
    server: TelegramServer, services: Services, workers: list[BotProcess]
) -> None:
    chats = agreed(server, services)
    tell(services, f"announce {SALESFORCE} Come on Friday!")
    tell(services, "announcement 1 send all")
    first, *others = workers
    await first.start("worker")
    await sent(server, 30)
    await first.kill()  # in the middle of whatever it does
    in_hand = counts(services).get(State.SENDING, 0)
    assert 0 < in_hand <= AT_ONCE
    let_leases_end(services)
    tell(services, "announcement 1 pause")
    for worker in others:
        await worker.start("worker")
    before = len(server.calls("sendMessage"))
    await asyncio.sleep(1.5)
    assert len(server.calls("sendMessage")) == before, "nothing is sent while it is paused"
    tell(services, "announcement 1 resume")
    await until(lambda: not {State.WAITING, State.SENDING} & set(counts(services)), "all is sent")
    assert [await worker.stop() for worker in others] == [0, 0]
    got = [sum("Come on Friday!" in message.text for message in chat.messages) for chat in chats]
    assert max(got) == 1
    assert counts(services) == {State.DONE: PEOPLE - in_hand, State.DOUBTFUL: in_hand}
    assert PEOPLE - in_hand <= sum(got) <= PEOPLE
    assert not server.calls("getUpdates"), "a worker polls nothing"
    assert not leaked((TOKEN, "1007", "Ada", "Friday"), first.log.read_text())


async def test_a_worker_that_stops_leaves_nothing_in_doubt(
    server: TelegramServer, services: Services, workers: list[BotProcess]
) -> None:
    chats = agreed(server, services)
    tell(services, f"announce {SALESFORCE} Come on Friday!")
    tell(services, "announcement 1 send all")
    worker = workers[0]
    await worker.start("worker")
    await sent(server, 20)
    assert await worker.stop() == 0
    states = counts(services)
    assert set(states) == {State.DONE, State.WAITING}
    assert states[State.DONE] == sum(bool(chat.messages) for chat in chats) < PEOPLE

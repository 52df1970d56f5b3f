"""The database goes away for a while in mid-tap: people hear so, tap only once, and get their answer."""

from __future__ import annotations

from contextlib import closing

import pytest

from storage.engine import ANSWERING, Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.telegram.private_chats import chat_of
from tests.patience import until
from tests.postgres import PostgresServer
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.scenarios.stage import TelegramTheatre
from tests.world import SALESFORCE, World, services_of

PROMISE = "You don't need to repeat it"


def is_alerted(theatre: TelegramTheatre) -> bool:
    return any(PROMISE in call.params.get("text", "") for call in theatre.server.calls("answerCallbackQuery"))


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_on_telegram(postgres: PostgresServer, vault: Vault, *, webhook: bool) -> None:
    url = postgres.migrated_database()
    with closing(Database(url, ANSWERING)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        async with TelegramTheatre(world, services_of(world, database, vault), webhook=webhook).playing() as theatre:
            chat = chat_of(theatre)
            await chat.send(f"/start {SALESFORCE}")
            await chat.press("Sign")
            with postgres.away(url):
                await chat.send("90210", wait=False)
                await until(lambda: PROMISE in chat.last.text, "the person is told")
            await chat.settle()
            assert "about to sign" in chat.last.text
            with postgres.away(url):
                await chat.press("Confirm", wait=False)
                await until(lambda: is_alerted(theatre), "the person is told")
            await chat.settle()
            assert world.counted() == 1
            assert "Receipt" in chat.last.text
            told = [message.text for message in chat.messages if PROMISE in message.text]
            assert len(told) == 1, "once for each message"
            assert not [message.text for message in chat.messages if "Try again" in message.text]


async def test_on_discord(postgres: PostgresServer, vault: Vault) -> None:
    url = postgres.migrated_database()
    with closing(Database(url, ANSWERING)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        async with DiscordTheatre(world, services_of(world, database, vault)).playing() as theatre:
            view = (await theatre.person("Ada")).view
            await view.command("petition sign", petition=SALESFORCE)
            await view.submit({"Postal code": "90210", **UNNAMED})
            with postgres.away(url):
                await view.press("Confirm", wait=False)
                await until(lambda: PROMISE in view.last.as_text(), "the person is told")
            await view.settle()
            assert "Receipt" in view.last.as_text()
            assert world.counted() == 1
            assert not [message for message in view.messages if "Try again" in message.as_text()]

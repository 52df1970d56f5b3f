"""The conversations in the pictures, held with the real application on fake servers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.discord_server.permissions import Permission
from tests.discord_server.state import Message as DiscordMessage
from tests.discord_server.state import Modal
from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import Message as TelegramMessage
from tests.world import SALESFORCE, World, petitions, services_of

SIGNED_BEFORE = 1234
POSTAL_CODE = "94110"
CODES = ("K7QF2M9XPD4T", "T5VW8C3HN6RA", "9XJ4MZQ2BE7D", "H3RNK6WF8YVA")
"""Random values: a receipt, the end of a signer's own link, and so on."""
MODERATOR = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.MANAGE_MESSAGES
MODERATOR |= Permission.USE_APPLICATION_COMMANDS


@contextmanager
def busy_world() -> Iterator[tuple[World, Database, Vault]]:
    """A world with the shipped petition, which many have signed."""
    with tempfile.TemporaryDirectory() as folder:
        database, vault = migrated_sqlite(Path(folder)), Vault(["k" * 32])
        world = World(work=lambda: SqlUnitOfWork(database, vault), petitions={SALESFORCE: petitions()[SALESFORCE]})
        world.signing = replace(world.signing, new_code=iter(CODES).__next__)
        with world.work() as work:
            work.tallies.add(SALESFORCE, SignatureStatus.COUNTED, SIGNED_BEFORE)
            work.commit()
        try:
            yield world, database, vault
        finally:
            database.close()


async def on_telegram() -> list[TelegramMessage]:
    """Ada signs in her private chat with the bot; what is in the chat then, oldest first."""
    with busy_world() as (world, database, vault):
        async with TelegramTheatre(world, services_of(world, database, vault)).playing() as theatre:
            chat = theatre.server.person(7, "Ada", "Lovelace", "en").private_chat()
            await chat.send(f"/start {SALESFORCE}")
            await chat.press("Sign")
            await chat.send(POSTAL_CODE)
            await chat.press("Confirm")
            return chat.messages


async def on_discord() -> tuple[DiscordMessage, Modal]:
    """A moderator posts the card, and Ada taps Sign on it: the card, and the form that opens."""
    with busy_world() as (world, database, vault):
        async with DiscordTheatre(world, services_of(world, database, vault)).playing() as theatre:
            moderator = theatre.server.person(900, "Mona", "en-US")
            theatre.guild.join(moderator, MODERATOR)
            channel = moderator.in_channel(theatre.channel)
            await channel.command("moderate post", petition=SALESFORCE)
            ada = (await theatre.person("Ada Lovelace")).view
            card = ada.last
            await ada.press_on(card, "Sign")
            assert ada.modal
            return card, ada.modal

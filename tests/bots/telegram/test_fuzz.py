"""Thousands of random updates: no exception in the log, and the tally exact."""

from __future__ import annotations

import logging
import random
from collections import Counter

import pytest

from core.signatures.signature import SignatureStatus
from tests.effort import scaled
from tests.scenarios.stage import Persona, TelegramTheatre
from tests.telegram_server import ChatView
from tests.world import SALESFORCE, TREES

WORDS = [
    *("90210", "Ada", "US", "=1", "hello", "\u202e", "ada@example.org", "💥" * 40, "I rent", "/start town-trees"),
    *("/sign", "/cancel", "/withdraw", "/back", "/forget", "/start salesforce-cbp--x", "/read", "/mysignatures"),
    "/mydata",
]
STEPS = scaled(3000)
NAMES = ["Abel", "Baker", "Cole", "Dean"]


async def signs(person: Persona) -> None:
    """Sign, so that the random steps begin with people who have something to lose."""
    await person.opens(SALESFORCE)
    await person.taps("Sign")
    await person.types("90210")
    await person.taps("Confirm")


async def step(chance: random.Random, chat: ChatView) -> None:
    buttons = [
        (message, button["text"])
        for message in chat.messages[-6:]
        if message.reply_markup
        for row in message.reply_markup["inline_keyboard"]
        for button in row
        if "callback_data" in button
    ]
    if buttons and chance.random() < 0.7:
        message, words = chance.choice(buttons)
        await chat.tap(message, words, wait=False)
    elif chance.random() < 0.1:
        await (chat.sticker(wait=False) if chance.random() < 0.5 else chat.voice(wait=False))
    else:
        await chat.send(chance.choice(WORDS), wait=False)


async def test_random_updates_do_no_harm(theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(20_261_123)
    people = [await theatre.person(f"Ada {name}") for name in NAMES]
    for person in people:
        await signs(person)
    assert theatre.world.counted() == len(people)
    chats = [person.chat for person in people]
    for number in range(STEPS):
        await step(chance, chance.choice(chats))
        if number % 25 == 0:
            await theatre.server.settle()
        if number % 100 == 0:
            theatre.server.redeliver(chance.choice(list(theatre.server.world.updates.history)))
    await theatre.server.settle()
    faults = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert not faults, faults[0].getMessage() + str(faults[0].exc_info)
    for slug in (SALESFORCE, TREES):
        with theatre.world.work() as work:
            totals = {status: total for status, total in work.tallies.of(slug).totals.items() if total}
        stored = Counter(
            signature.status for signature in theatre.services.queries.signatures(slug, tuple(SignatureStatus))
        )
        assert totals == stored

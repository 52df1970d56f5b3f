"""Thousands of random updates: no exception in the log, and the tally exact."""

from __future__ import annotations

import logging
import random
from collections import Counter

import pytest

from core.signatures.signature import SignatureStatus
from tests.effort import scaled
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.world import SALESFORCE, TREES

WORDS = [
    *("90210", "Ada", "US", "=1", "hello", "\u202e", "ada@example.org", "💥" * 40, "I rent", "/start town-trees"),
    *("/sign", "/cancel", "/withdraw", "/back", "/forget", "/start salesforce-cbp--x", "/read", "/mysignatures"),
    "/mydata",
]
STEPS = max(scaled(3000), 3000)  # so that at least one person signs
PEOPLE = 4


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
    chats = [theatre.server.person(n, f"P{n}").private_chat() for n in range(1, PEOPLE + 1)]
    for chat in chats:
        await chat.send("/start salesforce-cbp")
    for number in range(STEPS):
        await step(chance, chance.choice(chats))
        if number % 25 == 0:
            await theatre.server.settle()
        if number % 100 == 0:
            theatre.server.redeliver(chance.choice(list(theatre.server.world.updates.history)))
    await theatre.server.settle()
    faults = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert not faults, faults[0].getMessage() + str(faults[0].exc_info)
    ever = 0
    for slug in (SALESFORCE, TREES):
        with theatre.world.work() as work:
            totals = {status: total for status, total in work.tallies.of(slug).totals.items() if total}
        stored = Counter(
            signature.status for signature in theatre.services.queries.signatures(slug, tuple(SignatureStatus))
        )
        assert totals == stored
        ever += stored.total()
    assert ever > 0, "at least one person signed"

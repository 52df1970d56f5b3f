"""Metrics of the bot: updates, outcomes, refusals and waits, and nothing about people."""

from __future__ import annotations

import asyncio

from bots.telegram.limiter import Limiter
from tests.bots.figures import figure
from tests.bots.telegram.private_chats import chat_of, signed
from tests.bots.telegram.test_limiter import FakeTransport, play
from tests.scenarios.stage import TelegramTheatre


def counted(theatre: TelegramTheatre, name: str, **labels: str) -> float:
    return figure(theatre.services.metrics, name, platform="telegram", **labels)


async def test_updates_and_what_came_of_them(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    assert counted(theatre, "undersign_updates_total", kind="message") == 2
    assert counted(theatre, "undersign_updates_total", kind="callback_query") == 2
    assert counted(theatre, "undersign_update_seconds_count") == 4
    assert counted(theatre, "undersign_outcomes_total", outcome="signed") == 1
    await chat.send("/count")
    assert counted(theatre, "undersign_updates_total", kind="message") == 3
    assert counted(theatre, "undersign_outcomes_total", outcome="signed") == 1, "reading is not an outcome"
    await chat.send("/withdraw")
    await chat.press("Withdraw my signature")
    assert counted(theatre, "undersign_outcomes_total", outcome="withdrawn") == 1
    text = theatre.services.metrics.text().decode()
    assert not [word for word in ("Suzie", "90210", '"7"') if word in text]


async def test_calls_that_are_refused_or_not_answered(theatre: TelegramTheatre) -> None:
    theatre.server.fail_next("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await chat_of(theatre).send("/start")
    theatre.server.drop_next("sendMessage", applied=False)
    await chat_of(theatre, 8).send("/start")
    assert counted(theatre, "undersign_api_errors_total", method="sendMessage", code="403") == 1
    assert counted(theatre, "undersign_api_errors_total", method="sendMessage", code="network") == 1
    assert theatre.server.token not in theatre.services.metrics.text().decode()


def test_how_long_calls_are_held_back() -> None:
    waits: list[float] = []

    async def scene(transport: FakeTransport) -> None:
        await asyncio.gather(*(transport.call(7) for _ in range(7)))
        await transport.call(7, "answerCallbackQuery")

    play(scene, Limiter(on_wait=waits.append))
    assert [round(wait) for wait in waits] == [0, 0, 0, 0, 0, 1, 2]

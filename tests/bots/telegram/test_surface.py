"""Polling and links: acknowledged after the commit, undisturbed by another process, links that fit their room."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot, Update

from bots.telegram import surface
from bots.telegram.polling import MOST_UPDATES
from core.ports import SEEN_KEPT
from tests.bots.telegram.private_chats import chat_of, signed
from tests.bots.telegram.storage_trouble import held_back
from tests.patience import patience, until
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import TOKEN
from tests.world import SALESFORCE


async def test_updates_count_as_taken_only_when_they_are_stored(
    theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    message = {"message_id": 99, "date": 1, "text": "hi", "from": chat.person.to_json()}
    message["chat"] = {"id": 7, "type": "private", "first_name": "Suzie"}
    update = Update.de_json({"update_id": 5000, "message": message}, Bot(TOKEN))
    with held_back(theatre.world, monkeypatch) as held:
        taking = asyncio.create_task(theatre.surface.handle([update]))
        await until(held.is_set, "the update is about to be stored")
        assert not taking.done()
    async with patience():
        await taking


async def test_an_update_that_is_not_stored_at_the_stop_comes_again(
    theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surface, "STOP_SECONDS", 0.1)
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    with held_back(theatre.world, monkeypatch) as held:
        await chat.send("/count", wait=False)
        await until(held.is_set, "the update is about to be stored")
        (bot,) = theatre._running
        bot.cancel()
        await asyncio.gather(bot, return_exceptions=True)
        assert len(theatre.server.world.updates.pending) == 1


async def test_another_poller_is_outlasted(theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture) -> None:
    theatre.server.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    await signed(theatre)
    await signed(theatre, 8, "Omar")
    assert theatre.world.counted() == 2
    assert "another process is polling with the same token" in caplog.text


def test_more_updates_are_remembered_than_are_delivered_again_at_once() -> None:
    assert SEEN_KEPT > MOST_UPDATES


async def test_the_copy_button_holds_the_signers_own_link(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.send("/share")
    assert chat.last.markup
    buttons = [button for row in chat.last.markup["inline_keyboard"] for button in row]
    (copied,) = [button["copy_text"]["text"] for button in buttons if "copy_text" in button]
    assert copied in chat.last.text
    assert copied.startswith("https://t.me/undersign_bot?start=salesforce-cbp--r")


async def test_every_tap_is_acknowledged_even_where_a_newer_screen_waits(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    theatre.server.slow_next("editMessageText", 0.3)
    taps = [await chat.press("Read", wait=False) for _ in range(4)]
    await chat.settle()
    assert len(theatre.server.calls("answerCallbackQuery")) == len(taps)


async def test_a_screen_does_not_give_way_to_an_inline_query(theatre: TelegramTheatre) -> None:
    person = theatre.server.person(7, "Suzie")
    chat = person.private_chat()
    await chat.send(f"/start {SALESFORCE}")
    theatre.server.slow_next("sendMessage", 0.3)
    await chat.send("/read", wait=False)
    await chat.send("/sources", wait=False)
    await person.inline("salesforce")
    await chat.settle()
    assert "The petition cites 3 sources:" in chat.last.text


async def test_inline_answers_are_for_one_person_only(theatre: TelegramTheatre) -> None:
    await theatre.server.person(7, "Suzie").inline("salesforce")
    (call,) = theatre.server.calls("answerInlineQuery")
    assert call.params["is_personal"] in (True, "true", "True")

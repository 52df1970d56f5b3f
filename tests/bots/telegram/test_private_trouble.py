"""Trouble in the private chat: outages, odd updates, bursts, blocks, and every refusal by name."""

from __future__ import annotations

import logging

import pytest

from tests.bots.telegram.private_chats import chat_of, signed
from tests.bots.telegram.storage_trouble import away
from tests.patience import until
from tests.scenarios.stage import TelegramTheatre
from tests.world import SALESFORCE


async def test_an_outage_of_the_database_is_admitted(
    theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    with away(theatre.world, monkeypatch):
        tap = await chat.press("Sign")
        assert tap.is_alert  # type: ignore[union-attr]
        assert "Try again in a minute" in (tap.text or "")
        await chat.send("hello")
        assert "Try again in a minute" in chat.last.text
    assert not [record for record in caplog.records if record.exc_info]
    await chat.press("Sign")
    assert any("Your postal code" in message.text for message in chat.messages)


async def test_service_messages_and_unreadable_updates_are_left_alone(
    theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    before = len(theatre.server.log)
    private = {"id": 7, "type": "private", "first_name": "Suzie"}
    message = {"message_id": 77, "date": 1, "chat": private, "from": chat.person.to_json()}
    timer = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 9}}
    for payload in (message | timer, message | {"chat": "of a future version"}, {"text": "Suzie's secret"}):
        theatre.server.world.updates.post("message", payload)
    await chat.settle()
    assert [call.method for call in theatre.server.log[before:] if call.method != "getUpdates"] == []
    assert "Suzie" not in caplog.text
    await chat.press("Sign")
    assert "Your postal code" in chat.last.text


async def test_a_burst_of_messages_gets_one_answer_with_the_present_state(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    await chat.press("Sign")
    before = len(theatre.server.calls("sendMessage"))
    released = theatre.server.hold_next("sendMessage")
    for text in ("9", "no", "really", "90210", "thanks", "bye"):
        await chat.send(text, wait=False)
    await until(lambda: not theatre.server.world.updates.pending, "all six are stored")
    released.set()
    await chat.settle()
    assert len(theatre.server.calls("sendMessage")) <= before + 3
    assert "Postal code: 90210" in chat.last.text


async def test_a_blocked_bot_goes_on_with_everybody_else(
    theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    with caplog.at_level(logging.INFO):
        await chat.send("hello", wait=False)
        await chat.block_bot()
    await signed(theatre, 8, "Omar")
    assert theatre.world.counted() == 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("method", "status", "description"),
    [
        ("editMessageText", 400, "Bad Request: message to edit not found"),
        ("editMessageText", 400, "Bad Request: message can't be edited"),
        (
            "answerCallbackQuery",
            400,
            "Bad Request: query is too old and response timeout expired",
        ),
    ],
)
async def test_refusals_of_a_tap_are_met(theatre: TelegramTheatre, method: str, status: int, description: str) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    theatre.server.fail_next(method, status, description)
    await chat.press("Sign")
    assert "Your postal code" in chat.last.text


async def test_an_edit_that_changes_nothing_is_not_a_fault(
    theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    theatre.server.fail_next("editMessageText", 400, "Bad Request: message is not modified: specified new message")
    await chat.press("Sign")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_trouble_on_the_way_is_overcome(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    theatre.server.bad_gateway_next("editMessageText", times=2)
    await chat.press("Sign")
    assert "Your postal code" in chat.last.text
    theatre.server.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
    theatre.server.bad_gateway_next("sendMessage")
    await chat.send("90210")
    assert "You're about to sign" in chat.last.text
    theatre.server.drop_next("editMessageReplyMarkup", applied=True)
    await chat.press("Confirm")
    assert "Thank you!" in chat.last.text
    assert theatre.world.counted() == 1

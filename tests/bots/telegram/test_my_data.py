"""The file with a signer's data in the private chat: above the privacy screen, and nowhere else."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from bots.papers import data_page
from core.signatures.signature import Signer
from tests.bots.papers.test_data_page import IN_JSON
from tests.bots.telegram.private_chats import signed
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.telegram_server.state import Message

SORRY = "Sorry, we couldn't send the file. Try again in a minute."


def documents(chat: ChatView) -> list[Message]:
    return [message for message in chat.messages if "document" in message.extra]


def data_in(message: Message) -> Any:
    (inside,) = IN_JSON.findall((message.file or b"").decode())
    return json.loads(inside)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_the_command_sends_the_file_and_then_the_privacy_screen(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.send("/mydata")
    (document,) = documents(chat)
    assert document.extra["document"]["file_name"] == "my-data-2026-11-23.html"
    assert "delete this message" in document.text
    data = data_in(document)
    assert data["account"]["id"] == "7"
    assert data["signatures"][0]["answers"]["postal_code"] == "90210"
    assert "What we store, and who sees it" in chat.last.text
    assert "send /mydata" in chat.last.text
    assert chat.messages[-2] is document
    await chat.press("My data")
    assert len(documents(chat)) == 1
    assert "Try again in a minute." in chat.last.text


async def test_the_button_sends_it_too_and_the_screen_below_works(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.send("/privacy")
    await chat.press("My data")
    assert len(documents(chat)) == 1
    await chat.press("Back")
    assert "Receipt" in chat.last.text


async def test_a_newcomer_gets_no_file_and_nothing_is_stored(theatre: TelegramTheatre) -> None:
    chat = theatre.server.person(8, "Eve").private_chat()
    await chat.send("/mydata")
    assert "We store nothing about you." in chat.last.text
    assert documents(chat) == []
    with theatre.world.work() as work:
        assert work.signers.find(Signer("telegram", "8")) is None


async def test_after_erasing_everything_there_is_no_file(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.send("/forget")
    await chat.press("Erase everything")
    await chat.send("/mydata")
    assert documents(chat) == []
    assert "We store nothing about you." in chat.last.text


async def test_a_group_gets_nothing(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    person = theatre.server.person(7, "Suzie")
    view = person.in_group(theatre.server.group("Tenants", [person]))
    await view.send("/mydata")
    assert documents(view) == documents(chat) == []


@pytest.mark.parametrize("status", [400, 403, 413, 500])
async def test_a_file_that_is_not_sent_says_sorry(
    theatre: TelegramTheatre, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    chat = await signed(theatre)
    theatre.server.fail_next("sendDocument", status, "Bad Request: no", times=9)
    await chat.send("/mydata")
    assert SORRY in chat.last.text
    assert "What we store, and who sees it" in chat.last.text
    assert "90210" not in caplog.text


async def test_a_file_that_cannot_be_made_says_sorry(theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await signed(theatre)
    monkeypatch.setattr(data_page, "LABELS", {})
    await chat.send("/mydata")
    assert SORRY in chat.last.text
    assert documents(chat) == []


async def test_it_is_sent_even_if_a_newer_answer_is_waiting(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    theatre.server.slow_next("sendMessage", 0.3)
    for text in ("/help", "/mydata", "/count"):
        await chat.send(text, wait=False)
    await chat.settle()
    assert len(documents(chat)) == 1


async def test_nothing_of_it_is_in_a_log_or_on_the_disk(
    theatre: TelegramTheatre, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        chat = await signed(theatre)
        before = contents(tmp_path)
        caplog.clear()
        await chat.send("/mydata")
    assert len(documents(chat)) == 1
    after = contents(tmp_path)
    assert after.keys() == before.keys()
    assert not any(b"90210" in content for content in after.values())
    assert not any(words in caplog.text for words in ("90210", "postal_code", "Suzie"))

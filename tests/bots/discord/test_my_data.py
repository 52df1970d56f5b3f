"""The file with a signer's data: in a message that only they see, or in direct messages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bots.papers import data_page
from tests.bots.discord.test_trouble import complaints
from tests.bots.papers.test_data_page import IN_JSON
from tests.discord_server.kinds import walk
from tests.discord_server.state import Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordPersona, DiscordTheatre
from tests.world import SALESFORCE

SORRY = "Sorry, we couldn't send the file."


async def signed(theatre: DiscordTheatre) -> DiscordPersona:
    ada = await theatre.person("Ada")
    await ada.view.command("petition sign", petition=SALESFORCE)
    await ada.view.submit({"Postal code": "90210", **UNNAMED})
    await ada.view.press("Confirm")
    return ada


def files(view: ChannelView) -> list[Message]:
    return [message for message in view.messages if message.attachments]


def data_in(message: Message) -> Any:
    (file,) = message.attachments
    (inside,) = IN_JSON.findall(file.content.decode())
    return json.loads(inside)


@pytest.mark.parametrize("patience", [1.5, 0.0])
async def test_in_a_server_only_the_signer_sees_it(
    theatre: DiscordTheatre, patience: float, caplog: pytest.LogCaptureFixture
) -> None:
    ada, ben = await signed(theatre), await theatre.person("Ben")
    await theatre.stop_bot()
    await theatre.start_bot(patience)
    await ada.view.command("mydata")
    (message,) = files(ada.view)
    assert message.ephemeral
    assert message.only_for is ada.view.user
    assert data_in(message)["signatures"][0]["answers"]["postal_code"] == "90210"
    (shown,) = (one for one in walk(message.components) if one["type"] == 13)
    assert shown["file"]["url"] == message.attachments[0].url
    assert files(ben.view) == []
    assert not complaints(caplog)


async def test_the_file_stays_when_the_screen_changes(theatre: DiscordTheatre) -> None:
    ada = await signed(theatre)
    await ada.view.command("privacy")
    screen = ada.view.last
    assert "send /mydata" in screen.as_text()
    await ada.view.press_on(screen, "My data")
    (message,) = files(ada.view)
    await ada.view.press_on(screen, "Back")
    assert "Receipt" in screen.as_text()
    assert files(ada.view) == [message]
    assert message.edits == 0


async def test_in_direct_messages_the_words_of_the_button_send_it(theatre: DiscordTheatre) -> None:
    ada = await signed(theatre)
    await ada.types("hello")
    await ada.view.command("privacy")
    await ada.types("My data")
    (message,) = files(ada.view)
    assert message.channel.guild is None
    assert data_in(message)["account"]["platform"] == "discord"


@pytest.mark.parametrize("status", [400, 500])
async def test_a_file_that_is_not_sent_says_sorry(
    theatre: DiscordTheatre, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await signed(theatre)
    theatre.server.fail_next("POST", "/webhooks/", status, 0, "no", times=1 if status == 400 else 5)
    await ada.view.command("mydata")
    assert SORRY in ada.view.last.as_text()
    assert files(ada.view) == []
    assert "90210" not in caplog.text


async def test_a_file_that_cannot_be_made_says_sorry(theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await signed(theatre)
    monkeypatch.setattr(data_page, "LABELS", {})
    await ada.view.command("mydata")
    assert SORRY in ada.view.last.as_text()


async def test_a_newcomer_reads_that_nothing_is_stored(theatre: DiscordTheatre) -> None:
    eve = await theatre.person("Eve", "es")
    await eve.view.command("mydata")
    assert "No guardamos nada sobre ti." in eve.view.last.as_text()
    assert "envía /misdatos" in eve.view.last.as_text()
    assert files(eve.view) == []

"""Pictures in direct messages: attachments within the frame, with alternative text."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from bots.discord.message import DiscordMessage
from core.signatures.signature import Signer
from tests.discord_server.kinds import GALLERY, walk
from tests.discord_server.state import Message
from tests.scenarios.discord_stage import DiscordPersona, DiscordTheatre
from tests.world import NOW, SALESFORCE


async def restart_with_pages(theatre: DiscordTheatre, patience: float | None = None) -> None:
    """Start the bot again, with a web page that its links can lead to, as only those have a picture."""
    await theatre.stop_bot()
    settings = theatre.services.settings.model_copy(update={"public_url": "https://sign.example"})
    theatre.services = replace(theatre.services, settings=settings)
    await theatre.start_bot(patience)


async def organizer(theatre: DiscordTheatre) -> DiscordPersona:
    olga = await theatre.person("Olga")
    with theatre.world.work() as work:
        work.organizers.add(Signer("discord", str(olga.view.user.id), "Olga"), NOW)
        work.commit()
    return olga


def check_picture(message: Message, leads_to: str) -> None:
    (file,) = message.attachments
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(file.content)))
    assert leads_to in code.text
    (gallery,) = (component for component in walk(message.components) if component["type"] == GALLERY)
    assert gallery["items"][0]["media"]["url"] == file.url
    assert gallery["items"][0]["description"] == f"QR code of {code.text}."


async def test_a_picture_comes_with_its_words(theatre: DiscordTheatre) -> None:
    await restart_with_pages(theatre)
    olga = await organizer(theatre)
    await olga.types(f"!link {SALESFORCE} flyer")
    check_picture(olga.view.last, "sign.example")
    assert olga.view.last.channel.guild is None


@pytest.mark.parametrize("patience", [1.5, 0.0])
async def test_after_a_tap_the_message_has_the_picture(theatre: DiscordTheatre, patience: float) -> None:
    await restart_with_pages(theatre, patience)
    olga = await organizer(theatre)
    await olga.types("!link flyer")
    question = olga.view.last
    assert "Which petition?" in question.as_text()
    await olga.taps("Tell Salesforce")
    assert olga.view.last is question
    check_picture(question, "sign.example")


def test_an_edit_without_pictures_takes_them_away() -> None:
    assert DiscordMessage.plain("no picture").content()["attachments"] == []

"""Pictures in the private chat: above the words, which stay the message that has the buttons."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.telegram_server.state import Message
from tests.world import SALESFORCE


@pytest.fixture
async def olga(theatre: TelegramTheatre) -> ChatView:
    """An organizer of tests.world."""
    chat = theatre.server.person(99, "Olga").private_chat()
    await chat.send("/start")
    return chat


def code_of(message: Message) -> str:
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(message.file or b"")))
    return code.text


LINK = f"https://t.me/undersign_bot?start={SALESFORCE}--flyer"


async def test_a_picture_comes_above_its_words(olga: ChatView) -> None:
    await olga.send(f"/link {SALESFORCE} flyer")
    picture, words = olga.messages[-2:]
    assert code_of(picture) == LINK
    assert picture.text == f"QR code of {LINK}."
    assert picture.reply_markup is None
    assert "are counted under “flyer”" in words.text
    assert words.reply_markup is not None


async def test_after_a_tap_it_comes_below_and_the_old_buttons_go(olga: ChatView) -> None:
    await olga.send("/link flyer")
    question = olga.last
    tap = await olga.tap(question, "Tell Salesforce")
    assert tap.answers, "the button stops waiting"
    assert question.reply_markup is None
    assert question.text == "Which petition?", "a message without a picture never becomes one with a picture"
    picture, words = olga.messages[-2:]
    assert code_of(picture) == LINK
    assert words.reply_markup is not None
    await olga.send("/help")
    assert words.reply_markup is None


async def test_the_words_come_when_the_picture_is_refused(
    theatre: TelegramTheatre, olga: ChatView, caplog: pytest.LogCaptureFixture
) -> None:
    theatre.server.fail_next("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")
    await olga.send(f"/link {SALESFORCE} flyer")
    assert "are counted under “flyer”" in olga.last.text
    assert "photo" not in olga.messages[-2].extra
    assert "Telegram refused a message: Image_process_failed" in caplog.text


async def test_the_code_leads_to_the_web_front_if_there_is_one(theatre: TelegramTheatre, olga: ChatView) -> None:
    theatre.services.settings.public_url = "https://petitions.example.org"
    await theatre.restart()
    await olga.send(f"/link {SALESFORCE} flyer")
    assert code_of(olga.messages[-2]) == f"https://petitions.example.org/p/{SALESFORCE}?source=flyer"

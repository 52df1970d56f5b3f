"""The surface and a server that answers oddly: it waits and goes on, asks rarely, and names nobody in the log."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bots.common import patience
from bots.common.identity import telegram_username
from bots.common.refusal import SurfaceRefused
from tests.bots.telegram.odd_answers import NAME, ODD, page, refusal
from tests.bots.telegram.private_chats import chat_of, signed
from tests.patience import patience as enough
from tests.patience import until
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import FOREVER, TOKEN, Answer, TelegramServer
from tests.world import SALESFORCE

SETTING_UP = (
    "getMe", "getMyCommands", "setMyCommands", "getMyDescription", "setMyDescription", "getMyShortDescription",
    "setMyShortDescription",
)  # fmt: skip
LONG = refusal(429, 429, parameters={"retry_after": 3000})


def backoff() -> patience.Backoff:
    return patience.Backoff(logging.getLogger(__name__), "Telegram")


def warnings(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if words in record.getMessage()]


@pytest.mark.parametrize("odd", ODD)
async def test_a_poll_that_is_answered_oddly_is_repeated(
    theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture, odd: str
) -> None:
    caplog.set_level(logging.DEBUG)
    theatre.server.answer_next("getUpdates", ODD[odd])
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    assert "A petition to" in chat.last.text
    assert NAME not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("odd", ["result {}", "page 200", "refusal 401 with 200", "broken off", "page 404"])
async def test_a_server_that_answers_oddly_for_ever_is_asked_rarely(
    theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    monkeypatch.setattr(patience, "FIRST_WAIT", 0.1)
    await theatre._stop_bot()
    theatre.server.answer_next("getUpdates", ODD[odd], FOREVER)
    before = len(theatre.server.calls("getUpdates"))
    await theatre._start_bot()
    await until(lambda: bool(warnings(caplog, "telegram is down: ")), "it has been asked")
    await asyncio.sleep(1)  # long enough for thousands of calls
    asked = len(theatre.server.calls("getUpdates")) - before
    assert 1 <= asked <= 5
    assert len(warnings(caplog, "telegram is down: ")) == 1
    assert warnings(caplog, "Telegram: ") == [], "no other line mentions it"


@pytest.mark.parametrize("menus", [True])
async def test_odd_answers_to_every_call_that_sets_up_are_outlasted(theatre: TelegramTheatre) -> None:
    await theatre._stop_bot()
    for method in SETTING_UP:
        for odd in ("page 404", "result {}", "half of it"):
            theatre.server.answer_next(method, ODD[odd])
    await theatre._start_bot()
    await theatre.registered()
    await signed(theatre)


@pytest.mark.parametrize("odd", ["half of it", "page 200"])
async def test_a_screen_whose_answer_is_garbled_says_nothing_in_the_log(
    theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture, odd: str
) -> None:
    caplog.set_level(logging.DEBUG)
    theatre.server.answer_next("sendMessage", ODD[odd])
    theatre.server.answer_next("editMessageText", ODD[odd])
    theatre.server.answer_next("answerCallbackQuery", ODD[odd])
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    await chat.press("Sign")
    assert "Your postal code" in chat.last.text
    assert NAME not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("method", ["getMe", "getUpdates", "setMyCommands", "deleteWebhook"])
@pytest.mark.parametrize("menus", [True])
async def test_the_pause_that_telegram_asks_for_is_kept_and_named_once(
    theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    await theatre.registered()
    await theatre._stop_bot()
    theatre.server.world.commands.clear()
    theatre.server.world.webhook = {"url": "", "secret_token": "", "max_connections": 1}
    if method == "deleteWebhook":
        theatre.server.fail_next("getUpdates", 409, "Conflict: can't use getUpdates method while webhook is active")
    before = len(theatre.server.calls(method))
    theatre.server.answer_next(method, LONG, FOREVER)
    await theatre._start_bot()
    await until(lambda: bool(warnings(caplog, "3000 s")), "the pause is named")
    await asyncio.sleep(0.2)  # long enough for dozens of calls
    assert len(theatre.server.calls(method)) == before + 1
    assert len(warnings(caplog, "3000 s")) == 1
    if method == "setMyCommands":
        await signed(theatre)


async def test_a_webhook_that_telegram_holds_back_is_set_later(
    posted: TelegramTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    await posted._stop_bot()
    before = len(posted.server.calls("setWebhook"))
    posted.server.answer_next("setWebhook", LONG, FOREVER)
    await posted._start_bot()
    await until(lambda: bool(warnings(caplog, "3000 s")), "the pause is named")
    await asyncio.sleep(0.2)
    assert len(posted.server.calls("setWebhook")) == before + 1


@pytest.mark.parametrize("odd", [page(401), page(404), Answer(b"{}", 401), refusal(401, 200), refusal(404, 401)])
async def test_only_telegrams_own_words_concern_the_token(theatre: TelegramTheatre, odd: Answer) -> None:
    theatre.server.answer_next("getMe", odd)
    theatre.server.answer_next("getUpdates", odd)
    theatre.server.answer_next("sendMessage", odd)
    await theatre.restart()
    await signed(theatre)


async def test_a_token_that_is_revoked_midway_is_an_error_of_its_own(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    theatre.server.answer_next("getUpdates", refusal(401, 401), FOREVER)
    await chat.send("/count", wait=False)
    (bot,) = theatre._running
    async with enough():
        with pytest.raises(SurfaceRefused, match="Telegram refuses TELEGRAM_TOKEN"):
            await bot


async def test_with_a_webhook_any_call_shows_that_the_token_is_revoked(posted: TelegramTheatre) -> None:
    chat = await signed(posted)
    posted.server.answer_next("sendMessage", refusal(401, 401))
    await chat.send("/count", wait=False)
    bot, _listener = posted._running
    async with enough():
        with pytest.raises(SurfaceRefused):
            await bot


@pytest.mark.server
@pytest.mark.parametrize("odd", ODD)
async def test_the_name_is_requested_until_an_answer_makes_sense(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, odd: str
) -> None:
    monkeypatch.setattr(patience, "FIRST_WAIT", 0.001)
    server.answer_next("getMe", ODD[odd], times=2)
    async with enough():
        assert await telegram_username(server.root, TOKEN, backoff()) == "undersign_bot"
    assert len(warnings(caplog, "; trying again")) == 1
    assert NAME not in caplog.text


@pytest.mark.server
async def test_the_name_is_requested_after_the_pause_that_telegram_asks_for(
    server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer_next("getMe", LONG, FOREVER)
    asking = asyncio.create_task(telegram_username(server.root, TOKEN, backoff()))
    await until(lambda: bool(warnings(caplog, "3000 s")), "the pause is named")
    await asyncio.sleep(0.1)
    asking.cancel()
    assert len(server.calls("getMe")) == 1

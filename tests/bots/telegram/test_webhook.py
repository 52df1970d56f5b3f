"""Updates by webhook: for Telegram alone, taken when they are stored, in order, and never lost."""

from __future__ import annotations

import asyncio
import gzip
import logging
from contextlib import closing
from functools import partial

import aiohttp
import pytest

from bots.common.listener import LARGEST_BODY
from bots.telegram import webhook
from bots.telegram.webhook import AT_ONCE, PATH, SECRET_HEADER
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.telegram.private_chats import chat_of, signed
from tests.bots.telegram.storage_trouble import away, held_back
from tests.patience import until
from tests.postgres import PostgresServer
from tests.raw_http import connected
from tests.scenarios.stage import TelegramTheatre
from tests.world import SALESFORCE, World, services_of


async def post(theatre: TelegramTheatre, body: bytes, secret: str | None = None) -> int:
    """Post to the webhook, with or without the secret; return the status."""
    hook = theatre.server.world.webhook
    headers = {SECRET_HEADER: hook["secret_token"] if secret is None else secret, "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(hook["url"], data=body, headers=headers) as answer:
        return answer.status


async def ready(theatre: TelegramTheatre) -> TelegramTheatre:
    """Wait until the address answers."""

    async def answers() -> bool:
        return bool(theatre.server.world.webhook) and await post(theatre, b"{}", "wrong") == 401

    await until(answers, "the webhook answers")
    return theatre


async def test_a_signing_by_webhook(posted: TelegramTheatre) -> None:
    chat = await signed(posted)
    assert any("Thank you!" in message.text for message in chat.messages)
    assert posted.world.counted() == 1
    assert posted.server.calls("getUpdates") == []
    hook = posted.server.world.webhook
    assert hook["url"].endswith(PATH)
    assert hook["max_connections"] == AT_ONCE


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        (b'{"update_id": 1}', "", 401),
        (b'{"update_id": 1}', "guessed", 401),
        (b'{"update_id": 1}', "\u00e9", 401),
        (b"no json", None, 400),
        (b"[]", None, 400),
        (b'{"update_id": "1"}', None, 400),
        (b'{"update_id": 1, "message": {"message_id": "odd"}}', None, 200),
        (b" " * (LARGEST_BODY + 1), None, 413),
    ],
)
async def test_requests_that_telegram_never_sends_are_refused(
    posted: TelegramTheatre, body: bytes, secret: str | None, status: int
) -> None:
    assert await post(await ready(posted), body, secret) == status


def request(theatre: TelegramTheatre, body: bytes, *more: str, length: int | None = None) -> bytes:
    """A request with the right secret, unless `more` has other headers."""
    secret = theatre.server.world.webhook["secret_token"]
    lines = [f"POST {PATH} HTTP/1.1", "Host: x", f"{SECRET_HEADER}: {secret}", *more]
    if not any(line.startswith("Content-Type") for line in more):
        lines.append("Content-Type: application/json")
    if not any(line.startswith("Transfer-Encoding") for line in more):
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def port_of(theatre: TelegramTheatre) -> int:
    return int(theatre.server.world.webhook["url"].partition("127.0.0.1:")[2].partition("/")[0])


DEEP = b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
GZIP = "Content-Encoding: gzip"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (DEEP, [], 400), (DEEP[:-9], [], 400), (b"{" * 200_000, [], 400), (b"", [], 400), (b"null", [], 400),
        (b'{"update_id": true}', [], 400), (b'{"update_id": -1}', [], 400), (b'{"update_id": 1e3}', [], 400),
        (b'{"update_id": ' + b"9" * 10_000 + b"}", [], 400), (b'{"update_id": NaN}', [], 400),
        ('{"update_id": 1, "\u00e9": 1}'.encode("latin-1"), [], 400), ('{"update_id": 1}'.encode("utf-16"), [], 400),
        (gzip.compress(bytes(10_000_000)), [GZIP], 415), (b"no gzip", [GZIP], 415),
        (b"{}", ["Content-Encoding: br"], 415), (b"{}", ["Content-Type: \xff"], 415),
        (b"update_id=1", ["Content-Type: application/x-www-form-urlencoded"], 415),
        (b'{"update_id": 1}', ["Content-Type: text/plain"], 415),
        (b"40001\r\n" + b" " * 0x40001 + b"\r\n0\r\n\r\n", ["Transfer-Encoding: chunked"], 413),
        (b"zz\r\n", ["Transfer-Encoding: chunked"], 400), (b"2\r\n{}zz", ["Transfer-Encoding: chunked"], 400),
    ],
)  # fmt: skip
async def test_what_is_no_update_gets_a_4xx_and_no_traceback(
    posted: TelegramTheatre, caplog: pytest.LogCaptureFixture, body: bytes, headers: list[str], status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    await ready(posted)
    async with connected(port_of(posted)) as client:
        await client.say(request(posted, body, *headers))
        head = await client.head()
    assert f" {status} " in head
    assert "Server:" not in head
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_secret_of_odd_bytes_is_refused(posted: TelegramTheatre, caplog: pytest.LogCaptureFixture) -> None:
    await ready(posted)
    async with connected(port_of(posted)) as client:
        words = request(posted, b"{}").replace(posted.server.world.webhook["secret_token"].encode(), b"\xff\xfe")
        await client.say(words)
        assert " 401 " in await client.head()
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("late", [b"", b"zz\r\n"])
async def test_a_body_that_does_not_come_in_time_is_given_up(
    posted: TelegramTheatre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, late: bytes
) -> None:
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.1)
    await ready(posted)
    async with connected(port_of(posted)) as client:
        await client.say(request(posted, b"", "Transfer-Encoding: chunked"))
        await asyncio.sleep(0.02)
        await client.say(late)
        assert " 408 " in await client.head()
    assert "Traceback" not in caplog.text


async def test_a_client_that_hangs_up_in_the_middle_leaves_nothing(
    posted: TelegramTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ready(posted)
    for _ in range(3):
        async with connected(port_of(posted)) as client:
            await client.say(request(posted, b'{"update_id"', length=99))
            await asyncio.sleep(0.05)  # so that the handler waits for the rest
            client.hang_up()
    assert await post(posted, b"no json") == 400
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_an_update_is_answered_when_it_is_stored(
    posted: TelegramTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_of(posted)
    await chat.send(f"/start {SALESFORCE}")
    with held_back(posted.world, monkeypatch) as held:
        await chat.send("/count", wait=False)
        await until(held.is_set, "the update has come")
        assert len(posted.server.world.updates.pending) == 1
    await posted.server.settle()
    assert not posted.server.world.updates.pending


async def test_a_full_queue_answers_503(posted: TelegramTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = chat_of(posted)
    await chat.send(f"/start {SALESFORCE}")
    monkeypatch.setattr(webhook, "AT_ONCE", 1)
    with held_back(posted.world, monkeypatch) as held:
        await chat.send("/count", wait=False)
        await until(held.is_set, "the update has come")
        assert await post(posted, b"no json") == 503
    await posted.server.settle()
    assert await post(posted, b"no json") == 400


async def test_a_reply_has_gone_out_before_the_next_update_comes(posted: TelegramTheatre) -> None:
    chat = chat_of(posted)
    await chat.send(f"/start {SALESFORCE}")
    posted.server.slow_next("sendMessage", 0.3)
    await chat.send("/count", wait=False)
    await chat.send("/privacy", wait=False)
    await posted.server.settle()
    replies = [message.text for message in chat.messages if message.sender is posted.server.world.bot]
    assert "What we store" in replies[-1]
    assert "first to sign" in replies[-2], replies


async def test_updates_during_an_outage_come_again_without_a_word_to_the_person(
    posted: TelegramTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_of(posted)
    await chat.send(f"/start {SALESFORCE}")
    seen, hook = len(chat.messages), posted.server.world.webhook
    with away(posted.world, monkeypatch):
        await chat.send("/count", wait=False)
        await chat.press("Sign", wait=False)
        await until(lambda: "503" in hook.get("last_error_message", ""), "Telegram was told to come again")
        assert len(posted.server.world.updates.pending) == 2
    await posted.server.settle()
    replies = [message.text for message in chat.messages[seen:] if message.sender is posted.server.world.bot]
    assert any("first to sign" in text for text in replies)
    assert not [text for text in replies if "Try again" in text]
    assert not [call for call in posted.server.calls("answerCallbackQuery") if call.params.get("show_alert")]


async def test_a_redelivered_update_changes_nothing(posted: TelegramTheatre) -> None:
    chat = await signed(posted)
    await chat.send("/privacy")
    looked = max(posted.server.world.updates.history)
    await chat.send("/share")
    posted.server.redeliver(looked)
    await posted.server.settle()
    assert "What we store" not in chat.last.text, "one is still where one was"
    for number in list(posted.server.world.updates.history):
        posted.server.redeliver(number)
    await posted.server.settle()
    assert posted.world.counted() == 1


async def test_a_bot_that_polls_ends_the_webhook_of_before(theatre: TelegramTheatre) -> None:
    theatre.server.world.webhook = {"url": "http://127.0.0.1:1/gone", "secret_token": "", "max_connections": 1}
    await theatre.restart()
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}", wait=False)
    await until(lambda: len(chat.messages) >= 2, "the bot answers")
    assert "A petition to" in chat.last.text
    assert not theatre.server.world.webhook


async def test_people_type_and_tap_only_once_although_the_database_goes_away(
    postgres: PostgresServer, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    url = postgres.migrated_database()
    with closing(Database(url)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        async with TelegramTheatre(world, services_of(world, database, vault), webhook=True).playing() as theatre:
            chat = chat_of(theatre)
            await chat.send(f"/start {SALESFORCE}")
            await chat.press("Sign")
            hook = theatre.server.world.webhook
            for act in (partial(chat.send, "90210", wait=False), partial(chat.press, "Confirm", wait=False)):
                with postgres.away(url):
                    await act()
                    for _ in range(2):
                        hook.pop("last_error_message", None)
                        await until(
                            lambda: "503" in hook.get("last_error_message", ""), "Telegram was told to come again"
                        )
                await theatre.server.settle()
            assert "Thank you!" in chat.last.text
            assert chat.story().count("taps [Confirm]") == world.counted() == 1
    logged = [record for record in caplog.records if "an update was not handled" in record.getMessage()]
    assert len([record for record in logged if record.levelno == logging.WARNING]) == 2, "one line for each"
    assert not any(record.exc_info for record in logged)


async def test_an_update_that_comes_after_the_stop_is_left_for_another_process(posted: TelegramTheatre) -> None:
    """Telegram posts again what was answered with a 503; after a 200 it would be lost."""
    chat = chat_of(posted)
    await chat.send(f"/start {SALESFORCE}")
    seen = len(chat.messages)
    bot, _listener = posted._running
    bot.cancel()
    await asyncio.gather(bot, return_exceptions=True)
    assert await post(posted, b'{"update_id": 4711}') == 503
    assert await post(posted, b'{"update_id": 4711}', "guessed") == 401
    await posted._stop_bot()
    await chat.send("/count", wait=False)
    await posted._start_bot()
    await posted.server.settle()
    assert len(chat.messages) == seen + 2, "the command, and its answer by the next process"


async def test_an_update_in_hand_at_the_stop_is_acknowledged_when_it_is_stored(
    posted: TelegramTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await signed(posted)
    with held_back(posted.world, monkeypatch) as held:
        await chat.send("/privacy", wait=False)
        await until(held.is_set, "the update is about to be stored")
        bot, _listener = posted._running
        bot.cancel()
        await asyncio.wait([bot], timeout=0.1)  # long enough for a bot that doesn't wait to be gone
        assert not bot.done()
        assert len(posted.server.world.updates.pending) == 1
    await asyncio.gather(bot, return_exceptions=True)
    assert "What we store" in chat.last.text

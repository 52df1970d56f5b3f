"""`undersign run` as a process of its own against the fake server: kill -9, SIGTERM, secrets, bad configuration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.bots.process import BotProcess, let_people_hurry, log_contains
from tests.bots.telegram.odd_answers import refusal
from tests.command import run
from tests.leaks import leaked
from tests.patience import until
from tests.telegram_server import FOREVER, TOKEN, ChatView, TelegramServer

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]

SECRETS = ("Suzie", "Quatro", "90210", "suzie@example.org", "Because I care")


def bot_at(server: TelegramServer, folder: Path, **more: str) -> BotProcess:
    """A bot of that server; it shows itself by asking who it is."""
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": server.root, "PYTHONWARNINGS": "default", **more}
    return BotProcess(folder, settings, lambda: len(server.calls("getMe")))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A fake Bot API server for a bot that cannot be asked whether it is idle."""
    async with TelegramServer(quiet=0.3) as server:
        yield server


@pytest.fixture
async def bot(tmp_path: Path, server: TelegramServer) -> AsyncIterator[BotProcess]:
    """A running bot."""
    bot = bot_at(server, tmp_path)
    async with bot.running():
        yield bot


def stats(folder: Path, **settings: str) -> dict[str, int]:
    done = run(folder, "stats", "--json", **settings)
    return dict(json.loads(done.stdout)["petitions"][0])


async def sees(chat: ChatView, words: str, *, newest: int = 1) -> None:
    """Wait for words on one of the newest messages; the limiter may hold a busy chat back for a second or two."""
    await until(lambda: any(words in message.text for message in chat.messages[-newest:]), f"{words!r} comes")


async def signs(chat: ChatView) -> None:
    for act, words, then in (
        (chat.send, "/start salesforce-cbp", "A petition to"),
        (chat.press, "Sign", "Your postal code"),
        (chat.send, "90210", "about to sign"),
        (chat.press, "Edit", "What would you like to change?"),
        (chat.press, "Add: Email", "count each person once"),
        (chat.send, "suzie@example.org", "about to sign"),
        (chat.press, "Edit", "What would you like to change?"),
        (chat.press, "Add: Comment", "In your own words"),
        (chat.send, "Because I care", "about to sign"),
        (chat.press, "Confirm", "Thank you!"),
    ):
        await act(words, wait=False)
        await sees(chat, then)


async def test_no_confirmed_signature_is_lost_or_doubled(
    bot: BotProcess, server: TelegramServer, tmp_path: Path
) -> None:
    await asyncio.to_thread(let_people_hurry, tmp_path)
    chats = [server.person(n, f"Person {chr(64 + n)}").private_chat() for n in range(1, 9)]
    for chat in chats:
        await chat.send("/start salesforce-cbp")
        await chat.press("Sign")
    for number, chat in enumerate(chats):
        await chat.send("90210", wait=False)
        if number % 3 == 2:
            await bot.kill()  # in the middle of whatever it does
            await bot.start()
    await server.settle()
    for chat in chats:
        await chat.send("/sign", wait=False)
        await sees(chat, "Postal code: 90210")  # every half-finished conversation goes on where it was
        await chat.press("Confirm", wait=False)
    await asyncio.sleep(0.05)
    await bot.kill()
    await bot.start()
    await server.settle()
    for chat in chats:
        await chat.send("/sign")
        if "about to sign" in chat.last.text:
            await chat.press("Confirm", wait=False)
        await sees(chat, "Receipt")
    assert await bot.stop() == 0
    totals = stats(tmp_path)
    assert (totals["counted"], totals["duplicate"], totals["withdrawn"]) == (8, 0, 0)


async def test_no_secret_is_in_the_log_at_any_level(bot: BotProcess, server: TelegramServer) -> None:
    chat = server.person(4711, "Suzie", "Quatro").private_chat()
    await signs(chat)
    server.bad_gateway_next("sendMessage", times=9)
    await chat.send("/count")
    server.drop_next("getUpdates", applied=True)
    server.fail_next("sendMessage", 400, "Bad Request: chat not found")
    await chat.send("/share")
    await chat.block_bot()
    assert await bot.stop() == 0
    log = bot.log.read_text()
    assert "answering as @undersign_bot" in log
    assert not leaked((*SECRETS, TOKEN, TOKEN.split(":")[1], "4711"), log)
    assert "Traceback" not in log


async def test_a_wrong_token_and_no_token_are_one_sentence(server: TelegramServer, tmp_path: Path) -> None:
    def attempt(**settings: str) -> tuple[int, str]:
        done = run(tmp_path, "run", "telegram", **settings)
        return done.returncode, done.stderr

    code, error = await asyncio.to_thread(attempt)
    assert (code, error) == (2, "undersign: TELEGRAM_TOKEN is not set, so telegram cannot start.\n")
    wrong = "1234567:a-wrong-token-of-the-usual-length-000"
    code, error = await asyncio.to_thread(attempt, TELEGRAM_TOKEN=wrong, TELEGRAM_API_URL=server.root)
    assert code == 2
    assert "Telegram refuses TELEGRAM_TOKEN: copy it from BotFather again." in error
    assert wrong not in error
    assert "Traceback" not in error


async def test_a_pause_that_telegram_asks_for_at_the_start_is_kept(server: TelegramServer, tmp_path: Path) -> None:
    server.answer_next("getMe", refusal(429, 429, parameters={"retry_after": 3000}), FOREVER)
    bot = bot_at(server, tmp_path)
    async with bot.running("telegram"):
        await until(lambda: log_contains(bot.log, "it asks us to wait 3000 s"), "the pause is named")
        assert await bot.stop() == 0
    assert len(server.calls("getMe")) == 1
    assert "Traceback" not in bot.log.read_text()


@pytest.mark.parametrize("roles", [[[]], [["telegram"], ["worker"]]])
async def test_a_file_that_an_organizer_orders_comes(
    server: TelegramServer, tmp_path: Path, roles: list[list[str]]
) -> None:
    """From one process that does everything, or from a worker of its own."""
    await asyncio.to_thread(let_people_hurry, tmp_path)
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": server.root, "ORGANIZERS": "telegram:4711"}
    async with AsyncExitStack() as stack:
        bots = [BotProcess(tmp_path, settings, lambda: len(server.calls("getMe"))) for _ in roles]
        for bot, role in zip(bots, roles, strict=True):
            stack.push_async_callback(bot.kill)
            await bot.start(*role)
        chat = server.person(4711, "Olga").private_chat()
        await signs(chat)
        await chat.send("/export csv", wait=False)
        # The limits are kept in each process: a worker of its own may overtake the answer to the order.
        await sees(chat, "1 file, 1 signature.", newest=2)
        assert len(server.calls("sendDocument")) == 1
        assert [await bot.stop() for bot in bots] == [0 for _ in roles]

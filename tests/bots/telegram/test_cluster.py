"""Three processes behind a balancer on one PostgreSQL: killed at random, posted to twice, and the tally is exact."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.balancer import Balancer
from tests.bots.process import BotProcess, let_people_hurry
from tests.bots.telegram.test_run import stats
from tests.patience import load, until
from tests.ports import unused_port
from tests.postgres import PostgresServer
from tests.telegram_server import TOKEN, ChatView, TelegramServer

pytestmark = pytest.mark.process

KEY = "a key that three processes share with one another"
PEOPLE = 12
AGAIN_AFTER = 3.0  # seconds on a machine with nothing else to do


async def signs(chat: ChatView, number: int) -> None:
    """The whole way, with a mailbox that one other person shares; do what the newest message asks, as people do.

    A process that is killed between its reply and its answer leaves the reply to be sent once more by another, and a
    command that it had taken may be answered after what has come since. So no order of the screens is certain.
    """
    await chat.send("/start salesforce-cbp", wait=False)
    for _ in range(60):
        if "Thank you!" in newest(chat):
            return
        await _does_next(chat, f"{90210 + number}", f"person{number // 2}@example.org")
    raise AssertionError(f"nobody thanked: {[message.text[:40] for message in chat.messages]}")


async def _does_next(chat: ChatView, code: str, address: str) -> None:
    before = newest(chat)
    for words, act in (
        ("count each person once", partial(chat.send, address)),
        ("What would you like to change?", partial(chat.press, "Add: Email")),
        ("about to sign", partial(chat.press, "Confirm" if address in before else "Edit")),
        ("Your postal code", partial(chat.send, code)),
        ("A petition to", partial(chat.press, "Sign")),
    ):
        if words in before:
            with suppress(LookupError):  # the button went meanwhile
                await act(wait=False)
            break
    with suppress(TimeoutError):
        async with asyncio.timeout(AGAIN_AFTER * load()):
            await until(lambda: newest(chat) != before, "an answer comes")


def newest(chat: ChatView) -> str:
    """The bot's newest message."""
    return next((message.text for message in reversed(chat.messages) if message.sender.is_bot), "")


def process_at(
    folder: Path, port: int, server: TelegramServer, balancer: Balancer, shared: dict[str, str]
) -> BotProcess:
    """One of the processes that get Telegram's posts, not started yet."""
    settings = {
        "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": server.root, "PUBLIC_URL": balancer.url,
        "WEB_PORT": str(port), **shared,
    }  # fmt: skip
    folder.mkdir()
    return BotProcess(folder, settings, lambda: len(server.calls("setWebhook")))


async def kill_at_random(bots: list[BotProcess], server: TelegramServer, chance: random.Random) -> None:
    """Kill three times, let updates arrive again meanwhile, and start the process that was killed."""
    for _ in range(3):
        await asyncio.sleep(chance.uniform(0.2, 0.6))
        victim = chance.choice(bots)
        await victim.kill()
        for number in chance.sample(list(server.world.updates.history), 3):
            server.redeliver(number)
        await victim.start("telegram")


async def test_three_processes_that_are_killed_at_random_count_exactly(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    chance, ports = random.Random(3), [unused_port() for _ in range(3)]
    keys = {"SECRET_KEY": KEY, "PETITION_KEYS_DIR": str(tmp_path / "petition-keys")}
    shared = {"DATABASE_URL": postgres.new_database(), **keys}
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(let_people_hurry, tmp_path, **shared)
        server = await stack.enter_async_context(TelegramServer(quiet=0.3))
        balancer = await stack.enter_async_context(Balancer(ports))
        bots = [process_at(tmp_path / str(port), port, server, balancer, shared) for port in ports]
        for bot in bots:  # each migrates, or finds it done
            stack.push_async_callback(bot.kill)
            await bot.start("telegram")
        signing = [
            asyncio.create_task(signs(server.person(number + 1, f"Person {chr(65 + number)}").private_chat(), number))
            for number in range(PEOPLE)
        ]
        await kill_at_random(bots, server, chance)
        await asyncio.gather(*signing)
        for number in chance.sample(list(server.world.updates.history), 20):
            server.redeliver(number)
        await server.settle()
        assert [await bot.stop() for bot in bots] == [0, 0, 0]
        assert all(balancer.served[port] > 5 for port in ports), balancer.served
        totals = await asyncio.to_thread(stats, tmp_path, **shared)
    assert (totals["counted"], totals["duplicate"], totals["withdrawn"]) == (PEOPLE // 2, PEOPLE // 2, 0)

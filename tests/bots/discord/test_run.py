"""`undersign run` as a process of its own against the fake Discord: kill -9, SIGTERM, secrets, bad configuration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.discord.gateway import FINAL_CODES
from tests.bots.process import BotProcess, let_people_hurry
from tests.command import run
from tests.discord_server import TOKEN, DiscordServer
from tests.discord_server.views import ChannelView
from tests.leaks import leaked
from tests.patience import until
from tests.scenarios.discord_stage import UNNAMED

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]

SECRETS = ("Suzie", "Quatro", "90210", "suzie@example.org", "Because I care")


def bot_at(server: DiscordServer, folder: Path, **more: str) -> BotProcess:
    """A bot of that server; it shows itself by asking for the commands."""
    place = {"DISCORD_API_URL": server.base_url, "DISCORD_GATEWAY_URL": server.gateway_url}
    settings = {"DISCORD_TOKEN": TOKEN, **place, **more}
    return BotProcess(folder, settings, lambda: len(server.calls("GET", "/commands")))


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A fake Discord for a bot that cannot be asked whether it is idle."""
    async with DiscordServer(quiet=0.3) as server:
        yield server


@pytest.fixture
async def bot(tmp_path: Path, server: DiscordServer) -> AsyncIterator[BotProcess]:
    """A running bot."""
    bot = bot_at(server, tmp_path)
    async with bot.running():
        await server.connected()
        yield bot


def views(server: DiscordServer, count: int) -> list[ChannelView]:
    guild = server.guild("Riverside")
    people = [server.person(number, f"Person {chr(64 + number)}") for number in range(1, count + 1)]
    for person in people:
        guild.join(person)
    return [person.in_channel(guild.channel("general")) for person in people]


async def start_again(bot: BotProcess, server: DiscordServer) -> None:
    """Kill the bot in the middle of whatever it does, and start it."""
    await bot.kill()
    await bot.start()
    await server.connected()


async def answer_while_it_is_killed(people: list[ChannelView], bot: BotProcess, server: DiscordServer) -> None:
    """All of them fill in the form; some forms arrive while the bot is dying, and then again."""
    for view in people:
        await view.command("petition sign")
    for number, view in enumerate(people):
        sent = await view.submit({"Postal code": "90210", **UNNAMED}, wait=False)
        if number % 3 == 2:
            await start_again(bot, server)
            server.redeliver(sent)
    await server.settle()


async def test_no_confirmed_signature_is_lost_or_doubled(
    bot: BotProcess, server: DiscordServer, tmp_path: Path
) -> None:
    await asyncio.to_thread(let_people_hurry, tmp_path)
    people = views(server, 6)
    await answer_while_it_is_killed(people, bot, server)
    for view in people:
        await view.command("petition sign", wait=False)
    await server.settle()
    confirmed = []
    for view in people:
        if view.modal:
            await view.submit({"Postal code": "90210", **UNNAMED})
        confirmed.append(await view.press("Confirm", wait=False))
    await asyncio.sleep(0.03)
    await start_again(bot, server)
    for view, tap in zip(people, confirmed, strict=True):
        server.redeliver(tap)
        await server.settle()
        await view.command("mysignatures")
        assert "You've signed 1 petition" in view.last.as_text()
    assert await bot.stop() == 0
    stats = json.loads(run(tmp_path, "stats", "--json").stdout)["petitions"][0]
    assert (stats["counted"], stats["duplicate"], stats["withdrawn"]) == (6, 0, 0)


async def test_no_secret_is_in_the_log_at_any_level(bot: BotProcess, server: DiscordServer) -> None:
    (view,) = views(server, 1)
    view.user.name = "Suzie Quatro"
    await view.command("petition sign")
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Edit")
    await view.submit({"Email": "suzie@example.org", "Comment": "Because I care"})
    server.drop_next("POST", "/callback", applied=False)
    await view.press("Confirm")
    server.fail_next("POST", "/callback", 400, 50035, "Invalid Form Body")
    await view.command("privacy", wait=False)
    await until(lambda: any(call.status == 400 for call in server.calls("POST", "/callback")), "it is refused")
    server.gateway.drop()
    await view.command("mysignatures")
    assert await bot.stop() == 0
    log = bot.log.read_text()
    assert "Discord: answering as" in log
    tokens = [interaction.token for interaction in server.world.interactions.values()]
    assert not leaked((*SECRETS, TOKEN, TOKEN.split(".")[2], str(view.user.id), *tokens), log)


async def test_a_wrong_token_and_no_token_are_one_sentence(server: DiscordServer, tmp_path: Path) -> None:
    def attempt(**settings: str) -> tuple[int, str]:
        done = run(tmp_path, "run", "discord", **settings)
        return done.returncode, done.stderr

    code, error = await asyncio.to_thread(attempt)
    assert (code, error) == (2, "undersign: DISCORD_TOKEN is not set, so discord cannot start.\n")
    wrong = {"DISCORD_TOKEN": TOKEN[:-3] + "xyz", "DISCORD_API_URL": server.base_url}
    code, error = await asyncio.to_thread(lambda: attempt(**wrong))
    assert code == 2
    assert error.splitlines()[-1].startswith("undersign: Discord refuses DISCORD_TOKEN")
    assert wrong["DISCORD_TOKEN"] not in error
    for name, value in (("DISCORD_TOKEN", "x"), ("DISCORD_SHARDS", "4/2"), ("DISCORD_GATEWAY_URL", "http://x")):
        code, error = await asyncio.to_thread(lambda name=name, value=value: attempt(**{name: value}))  # type: ignore[misc]
        assert (code, name in error, len(error.splitlines())) == (2, True, 1), error


async def test_a_gateway_that_refuses_for_good_is_one_sentence(server: DiscordServer, tmp_path: Path) -> None:
    place = {"DISCORD_API_URL": server.base_url, "DISCORD_GATEWAY_URL": server.gateway_url, "DISCORD_TOKEN": TOKEN}
    for code in (4012, 4013, 4014):
        server.gateway.closing = [code]
        done = await asyncio.to_thread(lambda: run(tmp_path, "run", "discord", **place))
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1] == f"undersign: {FINAL_CODES[code]}"
        assert "Traceback" not in done.stderr


def test_the_invitation_asks_for_what_is_needed_and_nothing_else(tmp_path: Path) -> None:
    done = run(tmp_path, "invite", DISCORD_TOKEN=TOKEN)
    assert done.returncode == 0
    server, own = done.stdout.splitlines()
    assert "client_id=116000000000000000&scope=bot+applications.commands" in server
    assert f"permissions={(1 << 10) | (1 << 11) | (1 << 38)}&" in server
    assert "scope=applications.commands&integration_type=1" in own
    assert "permissions" not in own
    assert run(tmp_path, "invite").returncode == 2


async def test_shards_are_split_by_setting(server: DiscordServer, tmp_path: Path) -> None:
    bot = bot_at(server, tmp_path, DISCORD_SHARDS="1/4")
    async with bot.running("discord"):
        await server.connected()
        assert [tuple(session.shard) for session in server.gateway.connected] == [(1, 4)]
        assert await bot.stop() == 0


async def test_a_file_that_an_organizer_orders_comes(server: DiscordServer, tmp_path: Path) -> None:
    olga = server.person(4711, "Olga")
    bot = bot_at(server, tmp_path, ORGANIZERS=f"discord:{olga.id}")
    async with bot.running():
        await server.connected()
        dm = olga.dm()
        dm.say("/export csv")
        await until(
            lambda: any("1 file, 0 signatures." in (message.as_text() or message.content) for message in dm.messages)
        )
        assert any(message.attachments for message in dm.messages)
        assert await bot.stop() == 0

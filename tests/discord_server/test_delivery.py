"""Tokens, trouble on the wire and rate limits."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.discord_server import Channel, DiscordServer
from tests.discord_server.client import library_idle, running
from tests.discord_server.conftest import Call
from tests.discord_server.example import ExampleBot


@pytest.fixture
def path(server: DiscordServer) -> str:
    place: Channel = server.guild("Riverside").channel()
    return f"/channels/{place.id}/messages"


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[ExampleBot]:
    server.wait_also(library_idle)
    async with running(ExampleBot(discord.Intents.none()), server) as client:
        yield client


async def test_the_token_is_required(server: DiscordServer, path: str) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": "Bot wrong"}) as session:
        for method, address in (("GET", "/users/@me"), ("GET", "/gateway/bot"), ("POST", path)):
            async with session.request(method, server.base_url + address) as response:
                assert (response.status, (await response.json())["message"]) == (401, "401: Unauthorized")
        async with session.get(f"{server.base_url}/gateway") as response:
            assert await response.json() == {"url": server.gateway_url}


async def test_trouble_to_order(server: DiscordServer, call: Call, path: str) -> None:
    body = {"content": "a"}
    server.fail_next("POST", "/messages", 403, 50001, "Missing Access")
    assert await call("POST", path, body) == (403, {"message": "Missing Access", "code": 50001})
    server.fail_next("*", "", 429, retry_after=0.5)
    assert (await call("POST", path, body))[1] == {
        "message": "You are being rate limited.",
        "retry_after": 0.5,
        "global": False,
    }
    server.bad_gateway_next("POST")
    with pytest.raises(aiohttp.ContentTypeError):
        await call("POST", path, body)
    server.drop_next("POST", applied=False)
    server.drop_next("POST", applied=True)
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await call("POST", path, body)
    server.slow_next("POST", "/messages", 0.01)
    assert (await call("POST", path, body))[0] == 200

    assert [logged.status for logged in server.calls("POST", path)] == [403, 429, 502, 0, 200, 200]
    assert server.calls("POST", path)[0].params == body
    assert server.log[0].code == 50001


async def test_limits_per_channel_and_for_the_whole_bot(server: DiscordServer, call: Call, path: str) -> None:
    other = f"/channels/{server.guild('Hillside').channel().id}/messages"
    server.limit(route=(2, 60.0), overall=(4, 60.0))
    body = {"content": "a"}
    statuses = [(await call("POST", address, body))[0] for address in (path, path, path, other)]
    assert statuses == [200, 200, 429, 200]
    status, answer = await call("POST", other, body)
    assert (status, answer["global"]) == (429, True)
    assert 59 < answer["retry_after"] <= 60


async def test_headers_of_limits(server: DiscordServer, path: str) -> None:
    server.limit(route=(1, 60.0))
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(server.base_url + path, json={"content": "a"}) as response:
            assert response.headers["X-RateLimit-Remaining"] == "0"
            assert response.headers["X-RateLimit-Limit"] == "1"
        async with session.post(server.base_url + path, json={"content": "a"}) as response:
            assert float(response.headers["Retry-After"]) > 59
            assert response.headers["X-RateLimit-Scope"] == "user"


async def test_the_library_keeps_to_limits(server: DiscordServer, bot: ExampleBot, path: str) -> None:
    server.limit(route=(2, 0.1))
    channel = bot.get_partial_messageable(int(path.split("/")[2]))
    await asyncio.gather(*(channel.send(f"{number}") for number in range(5)))
    assert [logged.status for logged in server.calls("POST", path)] == [200] * 5
    server.fail_next("POST", "/messages", 429, retry_after=0.01)
    await channel.send("last")

    statuses = [logged.status for logged in server.calls("POST", path)]
    assert (statuses[5], statuses[-1]) == (429, 200)


async def test_settling_without_a_bot_fails_with_the_reason(call: Call) -> None:
    async with DiscordServer(patience=0.05) as server:
        del call
        server.world.commands.add(None, {"name": "ping", "description": "Ping"}, iter(range(1, 9)), {})
        with pytest.raises(TimeoutError, match=r"'name': 'ping'.* unanswered, 0 calls run"):
            await server.person(11, "Anna").dm().command("ping")


async def test_a_bot_that_cannot_be_asked_is_idle_after_a_silence(server: DiscordServer) -> None:
    async with running(ExampleBot(discord.Intents.none()), server):
        view = server.person(11, "Anna").dm()
        await view.command("petition count")
        assert [each.content for each in view.messages] == ["3 signatures", "@everyone look"]


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_got_lost_is_a_failure(server: DiscordServer) -> None:
    view = server.person(11, "Anna").dm()
    server.drop_next("POST", "/callback", applied=False)
    await view.command("petition read", petition="salmon")
    assert view.failed == ["The application did not respond"]
    server.fail_next("POST", "/callback", 404, 10062, "Unknown interaction")
    await view.command("petition read", petition="salmon")
    assert len(server.failures) == 2

"""Sessions: how they begin, break and go on, and which of them is told of what."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.discord_server import ChannelView, DiscordServer
from tests.discord_server.client import library_idle, running
from tests.discord_server.compression import ZstdStream
from tests.discord_server.conftest import Call
from tests.discord_server.example import ExampleBot
from tests.patience import limit

PING = {"name": "ping", "description": "Ping"}


class Socket:
    """A gateway client that does what it is told."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, server: DiscordServer, **other: Any) -> None:
        await self.send(2, {"token": server.token, "intents": 0, "properties": {}} | other)

    async def packet(self) -> dict[str, Any]:
        packet: dict[str, Any] = await self.socket.receive_json(timeout=limit())
        return packet

    async def close_code(self) -> int | None:
        while (await self.socket.receive(timeout=limit())).type is aiohttp.WSMsgType.TEXT:
            pass
        return self.socket.close_code


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def socket(server: DiscordServer, http: aiohttp.ClientSession) -> Socket:
    return await connect(server, http)


async def connect(server: DiscordServer, http: aiohttp.ClientSession, query: str = "v=10&encoding=json") -> Socket:
    return Socket(await http.ws_connect(f"{server.gateway_url}?{query}"))


@pytest.fixture
async def view(server: DiscordServer, call: Call) -> ChannelView:
    await call("PUT", f"/applications/{server.world.bot.id}/commands", [PING])
    return server.person(11, "Anna").dm()


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[ExampleBot]:
    server.wait_also(library_idle)
    async with running(ExampleBot(discord.Intents.none()), server) as client:
        yield client


async def test_a_session_begins(server: DiscordServer, socket: Socket) -> None:
    guild = server.guild("Riverside")
    assert (await socket.packet())["d"] == {"heartbeat_interval": 41250}
    await socket.send(1)
    assert (await socket.packet())["op"] == 11
    await socket.identify(server, intents=1)
    ready, arrival = await socket.packet(), await socket.packet()

    assert (ready["t"], ready["s"], ready["d"]["guilds"]) == ("READY", 1, [{"id": str(guild.id), "unavailable": True}])
    assert (arrival["t"], arrival["d"]["name"]) == ("GUILD_CREATE", "Riverside")
    server.guild("Hillside").kick_bot()
    assert [(await socket.packet())["t"] for _ in range(2)] == ["GUILD_CREATE", "GUILD_DELETE"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"shard": [2, 2]}, 4010),
        ({"intents": 1 << 40}, 4013),
        ({"intents": 1 << 15}, 4014),
        ({"intents": 1 << 1}, 4014),
    ],
)
async def test_a_wrong_identification_is_refused(
    server: DiscordServer, socket: Socket, wrong: dict[str, Any], code: int
) -> None:
    await socket.identify(server, **wrong)
    assert await socket.close_code() == code


async def test_a_privileged_intent_may_be_granted(server: DiscordServer, socket: Socket) -> None:
    server.gateway.privileged = 1 << 15
    await socket.identify(server, intents=1 << 15)
    assert [(await socket.packet())["op"] for _ in range(2)] == [10, 0]


async def test_malformed_packets_are_refused(server: DiscordServer, http: aiohttp.ClientSession) -> None:
    early, twice, odd, garbled, old = [await connect(server, http) for _ in range(4)] + [
        await connect(server, http, "v=9")
    ]
    await early.send(3, {})
    for each in (twice, odd):
        await each.identify(server)
    await twice.identify(server)
    await odd.send(99)
    await garbled.socket.send_str("{")
    assert [await each.close_code() for each in (early, twice, odd, garbled, old)] == [4003, 4005, 4001, 4002, 4012]
    assert await (await connect(server, http, "v=10&compress=lz4")).close_code() == 4002


async def test_missed_events_come_after_a_resume(
    server: DiscordServer, socket: Socket, http: aiohttp.ClientSession, view: ChannelView
) -> None:
    await socket.identify(server)
    ready = [await socket.packet() for _ in range(2)][1]
    await socket.socket.close(code=4000)
    await view.command("ping", wait=False)
    again = await connect(server, http)
    await again.send(6, {"token": server.token, "session_id": ready["d"]["session_id"], "seq": 1})

    assert [(await again.packet())["t"] for _ in range(3)] == [None, "INTERACTION_CREATE", "RESUMED"]


@pytest.mark.parametrize(("session", "seq", "token"), [("nobody", 1, True), ("", 99, True), ("", 1, False)])
async def test_sessions_that_cannot_be_resumed(
    server: DiscordServer, socket: Socket, http: aiohttp.ClientSession, session: str, seq: int, token: bool
) -> None:
    await socket.identify(server)
    ready = [await socket.packet() for _ in range(2)][1]
    again = await connect(server, http)
    data = {"token": server.token if token else "x", "session_id": session or ready["d"]["session_id"], "seq": seq}
    await again.send(6, data)

    if session:
        await again.packet()
        assert await again.packet() == {"op": 9, "d": False, "s": None, "t": None}
    else:
        assert await again.close_code() == (4007 if token else 4004)


async def test_a_session_ends_with_a_clean_close(server: DiscordServer, socket: Socket) -> None:
    await socket.identify(server)
    await server.world.pulse.until(lambda: bool(server.gateway.sessions), 2)
    assert len(server.gateway.sessions) == 1
    await socket.socket.close(code=1000)
    await server.world.pulse.until(lambda: not server.gateway.sessions, 2)
    assert server.gateway.sessions == []


@pytest.mark.usefixtures("view")
async def test_shards_hear_of_their_own_guilds(server: DiscordServer, http: aiohttp.ClientSession, call: Call) -> None:
    server.gateway.wanted_shards = 2
    assert (await call("GET", "/gateway/bot"))[1]["shards"] == 2
    anna = server.person(12, "Ann")
    guilds = [server.guild(f"Guild {number}", [anna]) for number in range(6)]
    shards = [await connect(server, http) for _ in range(2)]
    for number, shard in enumerate(shards):
        await shard.identify(server, intents=1, shard=[number, 2])
    for number, shard in enumerate(shards):
        mine = [guild for guild in guilds if (guild.id >> 22) % 2 == number]
        packets = [await shard.packet() for _ in range(2 + len(mine))]
        assert [packet["d"]["id"] for packet in packets[2:]] == [str(guild.id) for guild in mine]
        await anna.in_channel(mine[0].channel()).command("ping", wait=False)
        assert (await shard.packet())["d"]["guild_id"] == str(mine[0].id)


@pytest.mark.parametrize("broadcast", [False, True])
async def test_the_newest_session_hears_or_all_do(
    server: DiscordServer, http: aiohttp.ClientSession, view: ChannelView, broadcast: bool
) -> None:
    server.broadcast = broadcast
    pair = [await connect(server, http) for _ in range(2)]
    for each in pair:
        await each.identify(server)
        assert [(await each.packet())["op"] for _ in range(2)] == [10, 0]
    made = await view.command("ping", wait=False)
    server.redeliver(made)

    assert [session.seq for session in server.gateway.sessions] == [3 if broadcast else 1, 3]


async def test_packets_may_be_compressed(server: DiscordServer, http: aiohttp.ClientSession) -> None:
    socket = (await connect(server, http, "v=10&compress=zlib-stream")).socket
    stream = zlib.decompressobj()
    assert json.loads(stream.decompress(await socket.receive_bytes()))["op"] == 10
    await socket.send_json({"op": 1, "d": None})
    assert json.loads(stream.decompress(await socket.receive_bytes()))["op"] == 11


def test_zstd_is_one_frame_of_stored_blocks() -> None:
    encode = ZstdStream()
    assert encode(b"ab") == b"\x28\xb5\x2f\xfd\x00\x58" + b"\x10\x00\x00ab"
    assert encode(b"x" * 131073) == b"\x00\x00\x10" + b"x" * 131072 + b"\x08\x00\x00x"


async def test_the_library_comes_back_after_every_break(server: DiscordServer, bot: ExampleBot) -> None:
    view = server.person(11, "Anna").dm()
    first = server.gateway.sessions[0]
    for trouble in (server.gateway.drop, server.gateway.ask_to_reconnect):
        trouble()
        await view.command("petition count")
        assert (server.gateway.sessions, view.failed) == ([first], [])
    server.gateway.invalidate(resumable=False)
    await asyncio.gather(server.connected(), bot.wait_for("connect", timeout=limit()))
    await view.command("petition count")

    assert (first in server.gateway.sessions, view.failed, len(view.messages)) == (False, [], 6)


@pytest.mark.usefixtures("bot")
async def test_the_library_takes_an_event_twice(server: DiscordServer) -> None:
    view = server.person(11, "Anna").dm()
    made = await view.command("petition read", petition="salmon")
    server.redeliver(made)
    await server.settle()

    assert [error.code for error in server.calls("POST", "/callback")] == [0, 40060]
    assert len(view.messages) == 1


async def test_the_library_runs_in_shards(server: DiscordServer) -> None:
    server.gateway.wanted_shards = 2
    server.guild("One")
    server.guild("Two")
    async with running(discord.AutoShardedClient(intents=discord.Intents(guilds=True)), server) as client:
        await server.connected(2)
        assert sorted(guild.name for guild in client.guilds) == ["One", "Two"]


async def test_the_library_gets_the_reason_of_a_refusal(server: DiscordServer) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(discord.Client(intents=discord.Intents.all()), server):
            pass
    server.token = "wrong"
    with pytest.raises(discord.LoginFailure):
        async with running(discord.Client(intents=discord.Intents.none()), server):
            pass

"""Voice channels, threads, and published messages refuse what Discord refuses."""

from __future__ import annotations

import pytest

from tests.discord_server import DiscordServer, Permission
from tests.discord_server.conftest import Call
from tests.discord_server.permissions import POSTER, READER
from tests.discord_server.places import CATEGORY, FORUM, NEWS, PRIVATE_THREAD, STAGE, VOICE

HI = {"content": "hi"}


@pytest.mark.parametrize("kind", [VOICE, STAGE])
async def test_the_chat_of_a_voice_channel_is_closed_without_connect(
    server: DiscordServer, call: Call, kind: int
) -> None:
    room = server.guild("Riverside").channel("room", POSTER & ~Permission.CONNECT, kind)
    path = f"/channels/{room.id}/messages"
    assert (await call("POST", path, HI))[1]["code"] == 50001
    room.bot = READER | Permission.CONNECT
    assert (await call("POST", path, HI))[1]["code"] == 50013
    room.bot |= Permission.SEND_MESSAGES
    assert (await call("POST", path, HI))[0] == 200


async def test_threads_have_a_permission_of_their_own_and_rest(server: DiscordServer, call: Call) -> None:
    guild = server.guild("Riverside")
    thread = guild.thread("elms", guild.channel())
    path = f"/channels/{thread.id}/messages"
    thread.bot = POSTER & ~Permission.SEND_MESSAGES_IN_THREADS
    assert (await call("POST", path, HI))[1]["code"] == 50013
    thread.bot = POSTER & ~Permission.SEND_MESSAGES
    status, made = await call("POST", path, HI)
    assert status == 200
    message = f"{path}/{made['id']}"
    thread.archived = True
    assert [(await call("PATCH", message, HI))[1]["code"], (await call("DELETE", message))[1]["code"]] == [50083] * 2
    await call("POST", path, HI)
    assert not thread.archived, "a message reopens it"
    thread.locked = True
    for method, where in (("PATCH", message), ("POST", path), ("POST", f"/channels/{thread.id}/typing")):
        status, answer = await call(method, where, HI)
        assert (status, answer["code"]) == (403, 160005)


async def test_who_manages_threads_writes_in_locked_ones(server: DiscordServer, call: Call) -> None:
    guild = server.guild("Riverside")
    thread = guild.thread("elms", guild.channel())
    thread.locked = True
    path = f"/channels/{thread.id}/messages"
    assert (await call("POST", path, HI))[1]["code"] == 160005
    thread.bot |= Permission.MANAGE_THREADS
    assert (await call("POST", path, HI))[0] == 200


async def test_a_private_thread_is_closed_to_a_bot_that_was_not_added(server: DiscordServer, call: Call) -> None:
    thread = server.guild("Riverside").channel("secret", kind=PRIVATE_THREAD)
    path = f"/channels/{thread.id}/messages"
    assert (await call("POST", path, HI))[0] == 200
    thread.with_bot = False
    for method, where in (("POST", path), ("GET", path), ("POST", f"/channels/{thread.id}/typing")):
        status, answer = await call(method, where, HI)
        assert (status, answer["code"]) == (403, 50001)
    thread.bot |= Permission.MANAGE_THREADS
    assert (await call("POST", path, HI))[0] == 200


@pytest.mark.parametrize("kind", [CATEGORY, FORUM])
async def test_a_channel_without_messages_takes_none(server: DiscordServer, call: Call, kind: int) -> None:
    channel = server.guild("Riverside").channel("group", kind=kind)
    status, answer = await call("POST", f"/channels/{channel.id}/messages", HI)
    assert (status, answer["code"]) == (400, 50008)


async def test_publishing_has_its_limits_by_the_hour(server: DiscordServer, call: Call) -> None:
    guild, now = server.guild("Riverside"), [0.0]
    news = guild.channel("news", kind=NEWS)
    server.world.calendar = lambda: now[0]
    path = f"/channels/{news.id}/messages"
    numbers = [(await call("POST", path, HI))[1]["id"] for _ in range(11)]
    published = [(await call("POST", f"{path}/{number}/crosspost"))[0] for number in numbers]
    assert published == [200] * 10 + [429]
    first = f"{path}/{numbers[0]}"
    assert (await call("POST", f"{first}/crosspost"))[1]["code"] == 40033
    now[0] = 600.0
    assert [(await call("PATCH", first, HI))[0] for _ in range(3)] == [200] * 3
    status, answer = await call("PATCH", first, HI)
    assert (status, answer["code"], answer["retry_after"]) == (429, 20028, 3600.0)
    now[0] = 4201.0
    assert (await call("PATCH", first, HI))[1]["flags"] == 1
    assert (await call("PATCH", f"{path}/{numbers[10]}", HI))[0] == 200, "an unpublished one has no such limit"
    other = (await call("POST", f"/channels/{guild.channel().id}/messages", HI))[1]["id"]
    assert (await call("POST", f"/channels/{guild.channel().id}/messages/{other}/crosspost"))[1]["code"] == 50024

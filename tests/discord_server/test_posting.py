"""Posting: permissions, direct messages, mentions and files."""

import json
from typing import Any

import aiohttp
import pytest

from tests.discord_server import READER, Channel, DiscordServer, Permission, Pings
from tests.discord_server.conftest import Call

HI = {"content": "hi"}


async def test_permissions_are_kept(call: Call, place: Channel) -> None:
    path = f"/channels/{place.id}/messages"
    number = (await call("POST", path, HI))[1]["id"]
    for held, body, code in (
        (Permission.NONE, HI, 50001),
        (READER, HI, 50013),
        (READER | Permission.SEND_MESSAGES, {"embeds": [{"title": "a"}]}, 50013),
        (READER | Permission.SEND_MESSAGES, HI, 0),
        (Permission.ADMINISTRATOR, {"embeds": [{"title": "a"}]}, 0),
    ):
        place.bot = held
        assert (await call("POST", path, body))[1].get("code", 0) == code
    place.bot = Permission.VIEW_CHANNEL
    assert (await call("GET", f"{path}/{number}"))[1]["code"] == 50013
    assert (await call("GET", path))[1] == []
    assert (await call("POST", f"/channels/{place.id}/typing"))[1]["code"] == 50013
    assert (await call("PATCH", f"{path}/{number}", {"content": "b"}))[0] == 200
    place.bot = READER
    assert [each["content"] for each in (await call("GET", f"{path}?limit=3"))[1]] == ["", "hi", "b"]


async def test_unknown_things(server: DiscordServer, call: Call, place: Channel) -> None:
    for method, path, status, code in (
        ("GET", "/channels/1", 404, 10003),
        ("GET", "/channels/x", 404, 10003),
        ("GET", f"/channels/{place.id}/messages/1", 404, 10008),
        ("GET", "/guilds/1", 404, 10004),
        ("GET", "/users/1", 404, 10013),
        ("GET", "/nowhere", 404, 0),
    ):
        answered, answer = await call(method, path)
        assert (answered, answer["code"]) == (status, code)
    guild = server.guild("Elsewhere", bot=False)
    assert (await call("GET", f"/channels/{guild.channel().id}"))[1]["code"] == 50001
    guild.add_bot()
    assert (await call("GET", f"/guilds/{guild.id}"))[1]["name"] == "Elsewhere"


async def test_messages_of_others(server: DiscordServer, call: Call) -> None:
    anna = server.person(11, "Anna")
    view = anna.in_channel(server.guild("Riverside", [anna]).channel())
    path = f"/channels/{view.channel.id}/messages/{view.say('hello').id}"

    assert (await call("PATCH", path, HI))[1]["code"] == 50005
    assert (await call("DELETE", path))[1]["code"] == 50013
    view.channel.bot |= Permission.MANAGE_MESSAGES
    assert await call("DELETE", path) == (204, None)
    assert (await call("DELETE", path))[1]["code"] == 10008
    with pytest.raises(LookupError, match="sees nothing"):
        _ = view.last
    await call("POST", f"/channels/{view.channel.id}/messages", HI)
    with pytest.raises(AssertionError, match="may not delete"):
        view.delete(view.last)


async def test_private_messages(server: DiscordServer, call: Call) -> None:
    anna = server.person(11, "Anna")
    _, channel = await call("POST", "/users/@me/channels", {"recipient_id": str(anna.id)})
    assert channel["recipients"][0]["global_name"] == "Anna Sims"
    path = f"/channels/{channel['id']}/messages"
    assert (await call("POST", path, HI))[0] == 200
    assert anna.dm().last.content == "hi"
    anna.close_dms()
    assert (await call("POST", path, HI))[1]["code"] == 50007
    anna.open_dms()
    guild = server.guild("Riverside", [anna])
    assert (await call("POST", path, HI))[0] == 200
    guild.kick_bot()
    assert (await call("POST", path, HI))[1]["code"] == 50007

    assert (await call("POST", "/users/@me/channels", {"recipient_id": "1"}))[1]["code"] == 50033
    assert (await call("POST", "/users/@me/channels", {"recipient_id": str(server.world.bot.id)}))[1]["code"] == 50007


@pytest.mark.parametrize(
    ("allowed", "pings"),
    [
        (None, Pings(everyone=True, users=frozenset({1, 2}), roles=frozenset({3}))),
        ({"parse": []}, Pings()),
        ({"parse": ["roles"]}, Pings(roles=frozenset({3}))),
        ({"parse": ["everyone"], "users": ["2", "9"]}, Pings(everyone=True, users=frozenset({2}))),
    ],
)
async def test_mentions_that_notify(call: Call, place: Channel, allowed: Any, pings: Pings) -> None:
    words = "@here <@1> <@!2> <@&3>"
    for body in ({"content": words}, {"flags": 1 << 15, "components": [{"type": 10, "content": words}]}):
        await call("POST", f"/channels/{place.id}/messages", body | {"allowed_mentions": allowed})
    assert [each.pings for each in place.messages.values()] == [pings, pings]


async def test_a_repeated_nonce_posts_nothing(call: Call, place: Channel) -> None:
    body = HI | {"nonce": "7", "enforce_nonce": True}
    numbers = {(await call("POST", f"/channels/{place.id}/messages", body))[1]["id"] for _ in range(2)}
    assert len(numbers) == len(place.messages) == 1


async def test_files_come_as_multipart(server: DiscordServer, place: Channel) -> None:
    path = f"{server.base_url}/channels/{place.id}/messages"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session:

        async def upload(method: str, address: str, payload: str) -> dict[str, Any]:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", payload)
            form.add_field("files[0]", b"abc", filename="a.txt")
            async with session.request(method, address, data=form) as response:
                answer: dict[str, Any] = await response.json()
                return answer

        payload = '{"flags":32768,"attachments":[{"id":0,"filename":"a.txt"}],'
        payload += '"components":[{"type":13,"file":{"url":"attachment://a.txt"}}]}'
        sent = await upload("POST", path, payload)
        assert sent["components"][0]["file"]["url"] == sent["attachments"][0]["url"]
        assert next(iter(place.messages.values())).as_text() == "Undersign: (a.txt)"
        listed = [{"id": sent["attachments"][0]["id"]}, {"id": 0, "filename": "b.txt"}]
        kept = json.dumps({"attachments": listed})
        edited = await upload("PATCH", f"{path}/{sent['id']}", kept)
        assert [each["filename"] for each in edited["attachments"]] == ["a.txt", "b.txt"]
        place.bot = READER | Permission.SEND_MESSAGES
        assert (await upload("POST", path, "{}"))["code"] == 50013
        assert (await upload("POST", path, "{"))["code"] == 50109


async def test_the_guilds_of_the_bot(server: DiscordServer, call: Call, place: Channel) -> None:
    server.guild("Elsewhere", bot=False)
    _, guilds = await call("GET", "/users/@me/guilds")
    assert [each["name"] for each in guilds] == ["Riverside"]
    assert [each["id"] for each in (await call("GET", f"/guilds/{guilds[0]['id']}/channels"))[1]] == [str(place.id)]
    assert await call("DELETE", f"/users/@me/guilds/{guilds[0]['id']}") == (204, None)
    assert (await call("GET", f"/channels/{place.id}"))[1]["code"] == 50001

"""Delivery of updates, formats of bodies, and trouble on the wire."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.patience import until
from tests.telegram_server import ChatView, TelegramServer
from tests.telegram_server.conftest import Call


@pytest.fixture
def chat(server: TelegramServer) -> ChatView:
    view = server.person(11, "Anna").private_chat()
    view.chat.started = True
    return view


class Hook:
    """A webhook that answers with the statuses that it was told to, then with 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: list[tuple[int, str | None]] = []
        self.reply: dict[str, Any] = {}
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append((update["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.reply, status=status)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def ids(call: Call, **params: Any) -> list[int]:
    return [update["update_id"] for update in (await call("getUpdates", **params))["result"]]


async def test_updates_stay_until_acknowledged(call: Call, chat: ChatView) -> None:
    for word in ("a", "b", "c"):
        await chat.send(word, wait=False)

    assert await ids(call, limit=2) == await ids(call, limit=2) == [1000, 1001]
    assert await ids(call, offset=1001) == [1001, 1002]
    assert await ids(call, offset=-1) == [1002]
    assert await ids(call, offset=1003) == await ids(call) == []


async def test_a_long_poll_ends_with_the_first_update(server: TelegramServer, call: Call, chat: ChatView) -> None:
    poll = asyncio.create_task(ids(call, timeout=20))
    await until(lambda: server.world.updates.polls == 1, "the poll has come")
    assert not poll.done()
    await chat.send("a", wait=False)
    assert await poll == [1000]


async def test_a_second_poll_ends_the_first(server: TelegramServer, call: Call) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=20))
    await until(lambda: server.world.updates.polls == 1, "the poll has come")
    await call("getUpdates")
    assert (await first)["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_only_the_wanted_kinds_come(call: Call, chat: ChatView) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    await chat.send("a", wait=False)
    assert await ids(call) == []
    await call("getUpdates", allowed_updates=[])
    await chat.send("b", wait=False)
    assert len(await ids(call)) == 1


async def test_a_webhook_gets_updates_until_it_takes_them(
    server: TelegramServer, call: Call, chat: ChatView, hook: Hook
) -> None:
    hook.statuses = [500, 503]
    assert (await call("setWebhook", url=hook.url, secret_token="hush", max_connections=1))["ok"]
    await chat.send("a")

    assert hook.got == [(1000, "hush")] * 3
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert (info["pending_update_count"], info["url"]) == (0, hook.url)
    assert "can't use getUpdates" in (await call("getUpdates"))["description"]
    server.redeliver(1000)
    await server.settle()
    assert len(hook.got) == 4
    assert (await call("deleteWebhook"))["ok"]
    assert await ids(call) == []


async def test_a_webhook_may_answer_with_a_call(call: Call, chat: ChatView, hook: Hook) -> None:
    hook.reply = {"method": "sendMessage", "chat_id": 11, "text": "hi"}
    await call("setWebhook", url=hook.url)
    await chat.send("a")
    assert chat.last.text == "hi"


@pytest.mark.parametrize(
    "params", [{"url": "http://example.org/hook"}, {"url": "https://a.org", "secret_token": "not allowed"}]
)
async def test_a_bad_webhook_is_refused(call: Call, params: dict[str, str]) -> None:
    assert not (await call("setWebhook", **params))["ok"]


async def test_every_body_format_means_the_same(server: TelegramServer, chat: ChatView) -> None:
    url = f"{server.base_url}{server.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "a"}]]}
    fields = {"chat_id": "11", "text": "hi", "reply_markup": json.dumps(markup)}
    multipart = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        multipart.add_field(name, value)
    async with aiohttp.ClientSession() as session:
        bodies: list[dict[str, Any]] = [{"json": fields | {"reply_markup": markup}}, {"data": fields}]
        for body in [*bodies, {"data": multipart}, {"params": fields}]:
            async with session.post(url, **body) as response:
                assert response.status == 200

    assert {message.as_text() for message in chat.messages} == {"Undersign: hi\n  [Go]"}
    assert len({repr(logged.params["reply_markup"]) for logged in server.log}) == 1


async def test_trouble_to_order(server: TelegramServer, call: Call, chat: ChatView) -> None:
    server.fail_next("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3, chat_id=11)
    refused = await call("sendMessage", chat_id=11, text="a")
    assert refused["parameters"] == {"retry_after": 3}
    server.drop_next("*", applied=False)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=11, text="b")
    server.drop_next("sendMessage", applied=True)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=11, text="c")
    server.bad_gateway_next("sendMessage")
    with pytest.raises(aiohttp.ContentTypeError):
        await call("sendMessage", chat_id=11, text="d")
    assert (await call("sendMessage", chat_id=11, text="e"))["ok"]

    assert [message.text for message in chat.messages] == ["c", "e"]
    assert [logged.status for logged in server.calls("sendMessage")] == [429, 0, 200, 502, 200]


async def test_a_fault_for_one_chat_spares_the_others(server: TelegramServer, call: Call) -> None:
    for number in (11, 12):
        server.person(number, "P").private_chat().chat.started = True
    server.fail_next("sendMessage", 403, "Forbidden: user is deactivated", chat_id=12, times=2)
    results = [(await call("sendMessage", chat_id=chat_id, text="a"))["ok"] for chat_id in (11, 12, 11, 12, 12)]
    assert results == [True, False, True, False, True]

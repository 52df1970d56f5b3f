"""A lean Bot API server for load: it plays people in chats and waits for the bot's replies, and checks nothing.

The one in tests/telegram_server is as strict as Telegram, and would cost more than the bots that are measured.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from itertools import count
from urllib.parse import parse_qsl

from aiohttp import web

from tests.bench.load.server import LoadServer
from tests.bench.telegram.chats import BOT, Chat, Step

_READINGS = {"getMe": BOT, "getMyCommands": "[]", "getMyDescription": '{"description":""}'}
_READINGS["getMyShortDescription"] = '{"short_description":""}'


class TelegramLoadServer(LoadServer[Chat, Step]):
    """Hands out updates by getUpdates."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[str] = deque()
        self._polls = 0
        self._numbers = count(1)

    def begin(self, person: Chat, step: Step) -> None:
        """An update more is waiting."""
        self._waiting.append(person.act(step, next(self._numbers)))

    def rests(self) -> bool:
        """Return true when the bot polls for updates and there are none."""
        return bool(self._polls and not self._waiting)

    async def receive(self, request: web.BaseRequest) -> web.Response:
        """Answer a method of the Bot API."""
        method = request.path.rpartition("/")[2]
        self.calls[method] += 1
        call = _parameters(await request.read(), request.content_type)
        result = await self._updates(call) if method == "getUpdates" else await self._effect(method, call)
        return web.Response(body=f'{{"ok":true,"result":{result}}}'.encode(), content_type="application/json")

    async def _updates(self, call: Mapping[str, str]) -> str:
        self._polls += 1
        try:
            async with asyncio.timeout(int(call.get("timeout", 0))), self.changed:
                self.changed.notify_all()
                await self.changed.wait_for(lambda: self._waiting)
        except TimeoutError:
            return "[]"
        finally:
            self._polls -= 1
        handed = [self._waiting.popleft() for _ in range(min(int(call.get("limit", 100)), len(self._waiting)))]
        return f"[{','.join(handed)}]"

    async def _effect(self, method: str, call: dict[str, str]) -> str:
        if method in ("sendMessage", "editMessageText"):
            chat = self.people[int(call["chat_id"])]
            message = chat.show(call)
            await self._replied(chat, "message")
            return message
        if method == "answerCallbackQuery":
            await self._replied(self.people[int(call["callback_query_id"])], "answer")
        return _READINGS.get(method, "true")

    async def _replied(self, chat: Chat, kind: str) -> None:
        if kind not in chat.waits_for:
            raise RuntimeError(f"the bot replied more than once: {chat.text!r}")
        chat.waits_for.discard(kind)
        if not chat.waits_for:
            await self.replied(chat)


def _parameters(body: bytes, kind: str) -> dict[str, str]:
    """Read the parameters of a form or a JSON object; parts other than text are JSON."""
    if kind != "application/json":
        return dict(parse_qsl(body.decode()))
    values = json.loads(body or b"{}").items()
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values}

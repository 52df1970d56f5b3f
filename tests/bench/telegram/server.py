"""A lean Bot API server for load: it plays people in chats and waits for the bot's replies, and checks nothing.

The one in tests/telegram_server is as strict as Telegram, and would cost more than the bots that are measured.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qsl

from aiohttp import web

from tests.bench.telegram.chats import BOT, Chat, Step

PATIENCE = 300.0  # seconds, after which a bot that does not answer has failed
_KEPT_OPEN = 3600.0
_READINGS = {"getMe": BOT, "getMyCommands": "[]", "getMyDescription": '{"description":""}'}
_READINGS["getMyShortDescription"] = '{"short_description":""}'


@dataclass(frozen=True, slots=True)
class Played:
    """What happened: seconds from the first update to the last reply, updates, and calls by method."""

    seconds: float
    updates: int
    calls: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Updates a second."""
        return self.updates / self.seconds


class LoadServer:
    """Hands out updates by getUpdates; an update is done when every reply to it was received and answered."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._chats: dict[int, Chat] = {}
        self._waiting: deque[str] = deque()
        self._changed = asyncio.Condition()
        self._polls = 0
        self._numbers = count(1)
        self._coming: Iterator[Chat] = iter(())
        self._busy = self._done = 0

    async def start(self) -> None:
        """Listen on a free port of the loopback interface."""
        server = web.Server(self._receive, handler_cancellation=True, access_log=None, keepalive_timeout=_KEPT_OPEN)
        self._runner = web.ServerRunner(server)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection."""
        await self._runner.cleanup()

    async def idle(self) -> None:
        """Wait until the bot asks for updates and there are none."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: self._polls and not self._waiting)

    async def play(self, chats: Sequence[Chat], steps: Sequence[Step], at_once: int) -> Played:
        """Let everybody take all steps, each after the reply to the one before, so many people at once."""
        for chat in chats:
            self._chats[chat.id], chat.steps = chat, iter(steps)
        before, self._done, self._busy = self.calls.copy(), 0, min(at_once, len(chats))
        self._coming = iter(chats)
        begun = time.perf_counter()
        for _ in range(self._busy):
            self._proceed(next(self._coming))
        async with asyncio.timeout(PATIENCE), self._changed:
            self._changed.notify_all()
            await self._changed.wait_for(lambda: not self._busy)
        seconds = time.perf_counter() - begun
        await self.idle()
        for chat in chats:
            del self._chats[chat.id]
        return Played(seconds, self._done, self.calls - before)

    def _proceed(self, chat: Chat) -> None:
        """The next step in this chat, else the first one in another."""
        step = next(chat.steps, None)
        while step is None:
            following = next(self._coming, None)
            if following is None:
                self._busy -= 1
                return
            chat, step = following, next(following.steps, None)
        self._waiting.append(chat.act(step, next(self._numbers)))

    async def _receive(self, request: web.BaseRequest) -> web.Response:
        method = request.path.rpartition("/")[2]
        self.calls[method] += 1
        call = _parameters(await request.read(), request.content_type)
        result = await self._updates(call) if method == "getUpdates" else await self._effect(method, call)
        return web.Response(body=f'{{"ok":true,"result":{result}}}'.encode(), content_type="application/json")

    async def _updates(self, call: Mapping[str, str]) -> str:
        self._polls += 1
        try:
            async with asyncio.timeout(int(call.get("timeout", 0))), self._changed:
                self._changed.notify_all()
                await self._changed.wait_for(lambda: self._waiting)
        except TimeoutError:
            return "[]"
        finally:
            self._polls -= 1
        handed = [self._waiting.popleft() for _ in range(min(int(call.get("limit", 100)), len(self._waiting)))]
        return f"[{','.join(handed)}]"

    async def _effect(self, method: str, call: dict[str, str]) -> str:
        if method in ("sendMessage", "editMessageText"):
            chat = self._chats[int(call["chat_id"])]
            shown = chat.show(call)
            await self._replied(chat, "message")
            return shown
        if method == "answerCallbackQuery":
            await self._replied(self._chats[int(call["callback_query_id"])], "answer")
        return _READINGS.get(method, "true")

    async def _replied(self, chat: Chat, kind: str) -> None:
        if kind not in chat.waits_for:
            raise RuntimeError(f"the bot replied more than once: {chat.text!r}")
        chat.waits_for.discard(kind)
        if not chat.waits_for:
            self._done += 1
            self._proceed(chat)
            async with self._changed:
                self._changed.notify_all()


def _parameters(body: bytes, kind: str) -> dict[str, str]:
    """What a form or a JSON object holds; whatever is no text is JSON."""
    if kind != "application/json":
        return dict(parse_qsl(body.decode()))
    values = json.loads(body or b"{}").items()
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values}

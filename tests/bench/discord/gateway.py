"""The gateway's socket of the one bot that is connected."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from typing import Any

from aiohttp import web

from tests.bench.discord.scenery import BOT_JSON
from tests.discord_server.compression import encoder
from tests.discord_server.sessions import ACK, DISPATCH, HEARTBEAT, HELLO, IDENTIFY

HEARTBEAT_MS = 41_250


class Gateway:
    """Greets a bot, answers its heartbeats, and tells it of events in their order; `on_ready` when it may be told."""

    def __init__(self, on_ready: Callable[[], Awaitable[None]]) -> None:
        self.ready = False
        self._on_ready = on_ready
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._numbers = count(1)

    def dispatch(self, event: str, data: str) -> None:
        """Tell the bot of an event; its data is JSON."""
        self._outbox.put_nowait(f'{{"op":{DISPATCH},"s":{next(self._numbers)},"t":"{event}","d":{data}}}')

    async def accept(self, request: web.BaseRequest) -> web.WebSocketResponse:
        """Serve the socket to its end."""
        socket = web.WebSocketResponse(timeout=0.1)
        await socket.prepare(request)
        writer = asyncio.create_task(self._write(socket, request.query.get("compress")))
        self._post(HELLO, {"heartbeat_interval": HEARTBEAT_MS})
        try:
            async for message in socket:
                packet = json.loads(message.data)
                await self._obey(packet["op"], packet.get("d"), f"ws://{request.host}{request.path}")
        finally:
            self.ready = False
            writer.cancel()
            await asyncio.wait([writer])
        return socket

    def _post(self, op: int, data: object = None) -> None:
        self._outbox.put_nowait(json.dumps({"op": op, "d": data}))

    async def _obey(self, op: int, data: Any, address: str) -> None:
        if op == HEARTBEAT:
            self._post(ACK)
        elif op == IDENTIFY:
            session = {"session_id": "session", "resume_gateway_url": address, "shard": data.get("shard", [0, 1])}
            about = {"v": 10, "user": BOT_JSON, "guilds": [], "application": {"id": BOT_JSON["id"], "flags": 0}}
            self.dispatch("READY", json.dumps(about | session))
            self.ready = True
            await self._on_ready()

    async def _write(self, socket: web.WebSocketResponse, compression: str | None) -> None:
        encode = encoder(compression)
        with suppress(ConnectionError):
            while True:
                packet = await self._outbox.get()
                if encode is None:
                    await socket.send_str(packet)
                else:
                    await socket.send_bytes(encode(packet.encode()))

"""A lean Bot API server that posts updates to webhooks, turn by turn, and times every reply."""

from __future__ import annotations

import asyncio
import time
from itertools import cycle

import aiohttp
from aiohttp import web

from bots.telegram.webhook import PATH, SECRET_HEADER
from tests.bench.load.server import PlayResult
from tests.bench.telegram.chats import SIGNING, Chat, Step, new_chats
from tests.bench.telegram.server import TelegramLoadServer

CONNECTIONS = 100  # that it posts through, as Telegram does to one bot


class TelegramPostingServer(TelegramLoadServer):
    """Posts each update to the next of `ports`, and again after a while where it is not taken."""

    def __init__(self, ports: list[int]) -> None:
        super().__init__()
        self._ports, self._turns = ports, cycle(ports)
        self._secret = ""
        self._webhooks = 0
        self._posting: set[asyncio.Task[None]] = set()
        self._since: dict[int, float] = {}
        self.waits: list[float] = []

    @property
    def settings(self) -> dict[str, str]:
        """The port of the first process."""
        return {"PUBLIC_URL": f"http://127.0.0.1:{self._ports[0]}", "WEB_PORT": str(self._ports[0])}

    async def start(self) -> None:
        """Listen, and be ready to post."""
        await super().start()
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))

    async def stop(self) -> None:
        """Close every connection."""
        await self._session.close()
        await super().stop()

    def begin(self, person: Chat, step: Step) -> None:
        """Post the update of a step."""
        self._since[person.id] = time.perf_counter()
        self._posting.add(asyncio.create_task(self._deliver(person.act(step, next(self._numbers)).encode())))

    def rests(self) -> bool:
        """Return true when every process has set its webhook and answered every update."""
        return self._webhooks >= len(self._ports) and not self._posting

    async def receive(self, request: web.BaseRequest) -> web.Response:
        """Answer a method of the Bot API; the processes tell the same secret."""
        if request.path.endswith("/setWebhook"):
            webhook = await request.post()
            self._secret, self._webhooks = str(webhook["secret_token"]), self._webhooks + 1
            await self.look_again()
        return await super().receive(request)

    async def replied(self, person: Chat) -> None:
        """Note how long it took."""
        self.waits.append(time.perf_counter() - self._since[person.id])
        await super().replied(person)

    async def signers(self, a_second: float, seconds: float) -> PlayResult:
        """Let new people come at this rate, whether the bot keeps up or not, until the last of them is done."""
        before, begun, self.waits, self._done = self.calls.copy(), time.perf_counter(), [], 0
        people = new_chats(round(a_second * seconds))
        self._busy = len(people)
        for number, person in enumerate(people):
            await asyncio.sleep(begun + number / a_second - time.perf_counter())
            self.people[person.id], person.steps = person, iter(SIGNING)
            self._proceed(person)
        async with self.changed:
            await self.changed.wait_for(lambda: not self._busy or self._failure)
        if self._failure:
            raise self._failure
        taken = time.perf_counter() - begun
        for person in people:
            del self.people[person.id]
        return PlayResult(taken, self._done, self.calls - before)

    async def _deliver(self, update: bytes) -> None:
        await self._post(update)
        task = asyncio.current_task()
        if task:
            self._posting.discard(task)
        await self.look_again()

    async def _post(self, update: bytes) -> None:
        headers = {SECRET_HEADER: self._secret, "Content-Type": "application/json"}
        while True:
            address = f"http://127.0.0.1:{next(self._turns)}{PATH}"
            async with self._session.post(address, data=update, headers=headers) as answer:
                if answer.status == web.HTTPOk.status_code:
                    return
            await asyncio.sleep(0.1)

"""A Bot API server for tests: it runs on the loopback interface and behaves as Telegram does."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.odd_answers import Odd
from tests.patience import limit
from tests.telegram_server.channels import Channel
from tests.telegram_server.errors import ApiError
from tests.telegram_server.faults import Fault, FaultPlan
from tests.telegram_server.http_app import BotApi
from tests.telegram_server.people import Group, Person
from tests.telegram_server.pulse import Pulse
from tests.telegram_server.rates import Rates
from tests.telegram_server.state import Account, ApiCall, Chat, Status
from tests.telegram_server.updates import FIRST_UPDATE_ID, UpdateQueue
from tests.telegram_server.webhook import WebhookPoster
from tests.telegram_server.world import Api, World

TOKEN = "7654321:TestTokenOfTheFakeServer_0123456789"


class TelegramServer:
    """The server, the people on it and the trouble that a test orders; use as `async with`.

    `clock` gives Unix seconds for the dates of messages; `patience` is how many seconds `settle` waits for
    the bot, by default tests.patience.limit(); `quiet` is how long a bot must be silent to count as idle where it
    cannot be asked (see `wait_also`).
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        bot_name: str = "Undersign",
        username: str = "undersign_bot",
        clock: Callable[[], float] = time.time,
        patience: float | None = None,
        quiet: float = 0.02,
        api: Api = "10.3",
        first_update_id: int = FIRST_UPDATE_ID,
    ) -> None:
        self.token = token
        bot = Account(int(token.split(":", maxsplit=1)[0]), bot_name, username=username, is_bot=True)
        pulse = Pulse()
        self.world = World(bot, clock, pulse, UpdateQueue(pulse, first_update_id), accounts={bot.id: bot}, api=api)
        self._plan = FaultPlan()
        self._api = BotApi(self.world, token, self._plan)
        self._poster = WebhookPoster(self.world, self._api.call)
        self._patience = patience
        self._quiet = quiet
        self._also: list[Callable[[], Awaitable[None]]] = []
        self._runner: web.AppRunner | None = None
        self._posting: asyncio.Task[None] | None = None
        self.root = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def base_url(self) -> str:
        """The `base_url` for python-telegram-bot."""
        return f"{self.root}/bot"

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._runner = web.AppRunner(self._api.app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._posting = asyncio.create_task(self._poster.run())

    async def stop(self) -> None:
        """Close every connection."""
        if self._posting is not None:
            self._posting.cancel()
            with suppress(asyncio.CancelledError):
                await self._posting
        if self._runner is not None:
            await self._runner.cleanup()

    def person(
        self,
        number: int,
        first_name: str,
        last_name: str | None = None,
        language_code: str | None = "en",
        username: str | None = None,
    ) -> Person:
        """Create a person on Telegram."""
        account = Account(number, first_name, last_name, username, language_code)
        self.world.accounts[number] = account
        self.world.chats[number] = Chat(number, "private", person=account)
        return Person(self, account)

    def group(
        self,
        title: str,
        members: list[Person],
        admins: list[Person] | None = None,
        *,
        bot: Status = "member",
        supergroup: bool = False,
    ) -> Group:
        """A group owned by the first administrator (else the first member), with the bot's state in it."""
        number = 4_000_000 + self.world.number()
        chat = Chat(-1_000_000_000_000 - number if supergroup else -number, "group", title=title)
        chat.kind = "supergroup" if supergroup else "group"
        ranked = [*(admins or []), *members]
        for person in reversed(ranked):
            chat.statuses[person.account.id] = "administrator" if person in (admins or []) else "member"
        chat.statuses[ranked[0].account.id] = "creator"
        chat.statuses[self.world.bot.id] = bot
        self.world.chats[chat.id] = chat
        return Group(self, chat, ranked[0].account)

    def channel(self, title: str, owner: Person) -> Channel:
        """Create a channel; the bot is not in it yet."""
        chat = Chat(-1_000_000_000_000 - 5_000_000 - self.world.number(), "channel", title=title)
        chat.statuses[owner.account.id] = "creator"
        self.world.chats[chat.id] = chat
        return Channel(self, chat, owner.account)

    @property
    def log(self) -> list[ApiCall]:
        """Every call so far, in the order in which they ended."""
        return self._api.log

    def calls(self, method: str) -> list[ApiCall]:
        """The calls of one method so far."""
        return [call for call in self.log if call.method == method]

    def limit(
        self,
        overall: tuple[float, float] = (30, 30),
        chat: tuple[float, float] = (1, 5),
        group: tuple[float, float] = (20 / 60, 20),
    ) -> None:
        """Enforce rates with 429s from now on, each (per second, burst); the defaults are Telegram's."""
        self.world.rates = Rates(asyncio.get_running_loop().time, overall, chat, group)

    def fail_next(
        self,
        method: str,
        status: int,
        description: str,
        retry_after: int | None = None,
        times: int = 1,
        chat_id: int | None = None,
    ) -> None:
        """Refuse the next calls of a method ("*": any but getUpdates) with these words."""
        parameters = {} if retry_after is None else {"retry_after": retry_after}
        refusal = ApiError(status, description, **parameters)
        self._plan.add(Fault("refuse", method, times, chat_id, refusal))

    def answer_next(self, method: str, odd: Odd, times: int = 1) -> None:
        """Answer the next calls oddly, or all with FOREVER; a function spoils the answer to a call that took effect."""
        self._plan.add(Fault("odd", method, times, odd=odd))

    def bad_gateway_next(self, method: str, times: int = 1) -> None:
        """Answer the next calls with a 502 and an HTML page, as a proxy does; they take no effect."""
        self._plan.add(Fault("bad_gateway", method, times))

    def gateway_timeout_next(self, method: str, times: int = 1) -> None:
        """Carry out the next calls, and answer with a 504 and an HTML page: the proxy did not wait."""
        self._plan.add(Fault("gateway_timeout", method, times))

    def drop_next(self, method: str, *, applied: bool, times: int = 1) -> None:
        """Hang up on the next calls, before or after they took effect."""
        self._plan.add(Fault("drop_after" if applied else "drop_before", method, times))

    def slow_next(self, method: str, seconds: float, times: int = 1) -> None:
        """Let the next calls wait for so long before they are carried out."""
        self._plan.add(Fault("slow", method, times, seconds=seconds))

    def hold_next(self, method: str) -> asyncio.Event:
        """Let the next call wait until this event is set."""
        released = asyncio.Event()
        self._plan.add(Fault("held", method, released=released))
        return released

    def redeliver(self, update_id: int) -> None:
        """Deliver an old update once more."""
        self.world.updates.redeliver(update_id)

    def expire_taps(self) -> None:
        """Make all taps so far too old to be answered."""
        for tap in self.world.taps.values():
            tap.expired = True

    def expire_grants(self) -> None:
        """Let more than 15 seconds pass since every tap and every ephemeral message so far."""
        for tap in self.world.taps.values():
            tap.at = -math.inf
        for inbox in self.world.inboxes.values():
            for message in inbox.valid.values():
                message.at = -math.inf

    def forget_ephemeral(self) -> None:
        """Restart: no ephemeral message can be edited or answered any more, though apps still show them."""
        for inbox in self.world.inboxes.values():
            inbox.valid.clear()

    def wait_also(self, drained: Callable[[], Awaitable[None]]) -> None:
        """Name a way to await that the bot is idle (`application.update_queue.join`): exact and faster."""
        self._also.append(drained)

    async def settle(self) -> None:
        """Wait until the bot has taken every update and makes no more calls; raises TimeoutError."""
        try:
            async with asyncio.timeout(limit() if self._patience is None else self._patience):
                while not await self._settled():
                    pass
        except TimeoutError:
            left = sorted(self.world.updates.pending)
            busy = self._api.in_flight
            raise TimeoutError(f"the bot did not settle: updates {left} wait, {busy} calls run") from None

    async def _settled(self) -> bool:
        pulse = self.world.pulse
        await pulse.until(self._is_still)
        beats = pulse.beats
        for drained in self._also:
            await drained()
        if self._also:
            return pulse.beats == beats
        try:
            await pulse.until(lambda: pulse.beats != beats, self._quiet)
        except TimeoutError:
            return True
        return False

    def _is_still(self) -> bool:
        return not self.world.updates.pending and not self._api.in_flight

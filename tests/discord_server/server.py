"""Fake Discord for tests: runs on the loopback interface and behaves like the real one."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.discord_server import events
from tests.discord_server.errors import ApiError, Json, RateLimited
from tests.discord_server.faults import Fault, FaultPlan
from tests.discord_server.gateway import Gateway
from tests.discord_server.http_app import PREFIX, RestApi
from tests.discord_server.payloads import guild_json, user_json
from tests.discord_server.people import Guild, Person
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.rates import Rates
from tests.discord_server.sessions import Session
from tests.discord_server.settling import Settling
from tests.discord_server.snowflakes import Snowflakes, snowflake
from tests.discord_server.state import ApiCall, Failure, GuildState, Interaction, Member, User
from tests.discord_server.world import World
from tests.odd_answers import Odd
from tests.patience import SlowedClock
from tests.telegram_server.pulse import Pulse

TOKEN = "MTE2MDAwMDAwMDAwMDAwMDAw.GtEsT0.TokenOfTheFakeServer_0123456789abcdef"
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class DiscordServer:
    """The server, the people on it and the trouble that a test orders; use as `async with`.

    `clock` gives Unix seconds for ids, dates and what expires, by default tests.patience.SlowedClock; `patience` is how
    many seconds `settle` waits for the bot, by default tests.patience.limit(); `quiet` is how long a bot must be silent
    to count as idle where it cannot be asked (see `wait_also`).
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        bot_name: str = "Undersign",
        clock: Callable[[], float] | None = None,
        patience: float | None = None,
        quiet: float = 0.02,
        heartbeat_seconds: float = 41.25,
    ) -> None:
        self.token = token
        bot = User(int(b64decode(token.partition(".")[0])), bot_name, is_bot=True)
        pulse = Pulse()
        self.gateway = Gateway(token, pulse, heartbeat_seconds)
        self.gateway.greeting = self
        self._clock, self._skipped = clock or SlowedClock(), 0.0
        self.world = World(bot, self._now, pulse, self.gateway, Snowflakes(self._now), users={bot.id: bot})
        self._plan = FaultPlan()
        self._api = RestApi(self.world, token, self._plan)
        self._settling = Settling(self.world, lambda: self._api.in_flight, patience, quiet)
        self._runner: web.AppRunner | None = None
        self.root = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _now(self) -> float:
        return self._clock() + self._skipped

    def skip(self, seconds: float) -> None:
        """Put the server's clock forward."""
        self._skipped += seconds

    @property
    def base_url(self) -> str:
        """The root of the REST API, discord.py's `Route.BASE`."""
        return f"{self.root}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """The address of the gateway, discord.py's `DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"{self.root.replace('http', 'ws', 1)}/"

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_get("/", self.gateway.accept)
        self._api.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection; raises what went wrong in the server itself."""
        self._settling.stop()
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._api.crashes:
            raise self._api.crashes[0]

    def ready(self, session: Session) -> Json:
        """The READY event: who the bot is and in which guilds, which are not told of yet."""
        guilds = [{"id": str(each.id), "unavailable": True} for each in self._guilds_of(session)]
        application = {"id": str(self.world.bot.id), "flags": 0}
        body: Json = {"v": 10, "user": user_json(self.world.bot), "guilds": guilds, "session_id": session.id}
        body |= {"resume_gateway_url": self.gateway_url, "shard": list(session.shard), "application": application}
        return body | {"private_channels": [], "relationships": [], "presences": []}

    def arrivals(self, session: Session) -> list[Json]:
        """The guilds of a session, told of in full."""
        return [guild_json(each, self.world.bot) for each in self._guilds_of(session)]

    def _guilds_of(self, session: Session) -> list[GuildState]:
        return [each for each in self.world.guilds.values() if each.has_bot and session.serves(each.id)]

    def person(
        self,
        number: int,
        name: str,
        locale: str = "en-US",
        *,
        created_at: datetime = _LONG_AGO,
        installed: bool = False,
    ) -> Person:
        """Create a person on Discord; the account's id tells when it was created."""
        user = User(snowflake(created_at, number), name, locale, installed=installed)
        self.world.users[user.id] = user
        return Person(self, user)

    def guild(
        self,
        name: str,
        members: Iterable[Person] = (),
        *,
        managers: Iterable[Person] = (),
        moderators: Iterable[Person] = (),
        locale: str = "en-US",
        bot: bool = True,
    ) -> Guild:
        """A guild; its owner is none of these people. Managers may manage it, moderators may manage messages."""
        number = self.world.ids.next(own_millisecond=True)
        state = GuildState(number, name, owner=number + 1, locale=locale, has_bot=False, made=self.world.clock())
        ranks = ((members, MEMBER), (moderators, Permission.MANAGE_MESSAGES), (managers, Permission.MANAGE_GUILD))
        for people, rank in ranks:
            for person in people:
                state.members[person.id] = Member(person.user, MEMBER | rank)
        self.world.guilds[number] = state
        made = Guild(self, state)
        made.channel()
        if bot:
            made.add_bot()
        return made

    @property
    def log(self) -> list[ApiCall]:
        """Every call so far, in the order in which they ended."""
        return self._api.log

    def calls(self, method: str, part: str = "") -> list[ApiCall]:
        """The calls of one method so far whose path has `part` in it."""
        return [call for call in self.log if call.method == method and part in call.path]

    @property
    def failures(self) -> list[Failure]:
        """Failures shown to people because the bot did not answer."""
        return self.world.failures

    @property
    def broadcast(self) -> bool:
        """Send events to all sessions of a shard instead of the newest."""
        return self.gateway.broadcast

    @broadcast.setter
    def broadcast(self, value: bool) -> None:
        self.gateway.broadcast = value

    def limit(self, route: tuple[int, float] = (5, 5.0), overall: tuple[int, float] = (50, 1.0)) -> None:
        """Enforce rates with 429s from now on, each (calls, seconds): per route and channel, and for the whole bot."""
        self._api.rates = Rates(asyncio.get_running_loop().time, self.world.clock, route, overall)

    def fail_next(
        self,
        method: str,
        part: str,
        status: int,
        code: int = 0,
        message: str = "",
        *,
        retry_after: float | None = None,
        times: int = 1,
    ) -> None:
        """Refuse the next calls of a method ("*": any) whose path has `part` in it; a 429 needs `retry_after`."""
        refusal = ApiError(status, code, message) if retry_after is None else RateLimited(retry_after)
        self._plan.add(Fault("refuse", method, part, times, refusal))

    def answer_next(self, method: str, part: str, odd: Odd, times: int = 1) -> None:
        """Answer the next calls oddly (`times` may be FOREVER); a function spoils the answer to a call that worked."""
        self._plan.add(Fault("odd", method, part, times, odd=odd))

    def heal(self) -> None:
        """Let all calls go well from now on."""
        self._plan.faults.clear()

    def bad_gateway_next(self, method: str, part: str = "", times: int = 1) -> None:
        """Answer the next calls with a 502 and an HTML page, as a proxy does; they take no effect."""
        self._plan.add(Fault("bad_gateway", method, part, times))

    def drop_next(self, method: str, part: str = "", *, applied: bool, times: int = 1) -> None:
        """Hang up on the next calls, before or after they took effect."""
        self._plan.add(Fault("drop_after" if applied else "drop_before", method, part, times))

    def slow_next(self, method: str, part: str, seconds: float, times: int = 1) -> None:
        """Let the next calls wait for so long before they are carried out."""
        self._plan.add(Fault("slow", method, part, times, seconds=seconds))

    def redeliver(self, interaction: Interaction) -> None:
        """Send the event of an interaction once more."""
        events.send_interaction(self.world, interaction)

    def wait_also(self, drained: Callable[[], Awaitable[None]]) -> None:
        """Name a way to await that the bot is idle (see `client.library_idle`): exact, and failures come at once."""
        self._settling.also.append(drained)

    async def connected(self, count: int = 1) -> None:
        """Wait until so many clients are identified and have taken READY; raises TimeoutError."""
        await self._settling.connected(count)

    async def settle(self) -> None:
        """Wait until the bot has answered everything and makes no more calls; raises TimeoutError."""
        await self._settling.settle()

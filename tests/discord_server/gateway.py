"""The gateway: sockets, identification, heartbeats, resuming, and who is told of which event."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from tests.discord_server.compression import encoder
from tests.discord_server.errors import Json
from tests.discord_server.faults import OddPacket, PacketPlan, Spoiling
from tests.discord_server.sessions import (
    ACK,
    HEARTBEAT,
    HELLO,
    IDENTIFY,
    INVALID,
    PRESENCE,
    RECONNECT,
    RESUME,
    Connection,
    Session,
)
from tests.telegram_server.pulse import Pulse

GUILDS = 1 << 0
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
KNOWN_INTENTS = (1 << 26) - 1
CLEAN_CODES = frozenset({1000, 1001})


class Closing(Exception):  # noqa: N818 - a close, which may be wanted, not an error
    """The gateway ends the connection with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Greeting(Protocol):
    """Events that the rest of the server provides when a session begins."""

    def ready(self, session: Session) -> Json:
        """The READY event."""

    def arrivals(self, session: Session) -> list[Json]:
        """The guilds to be announced after it."""


class Gateway:
    """Accepts sockets and keeps the sessions.

    `privileged` are the privileged intents that the bot may ask for. `accepted` counts the sockets so far; the next
    ones are closed at once with the codes in `closing`.
    """

    def __init__(self, token: str, pulse: Pulse, heartbeat_seconds: float) -> None:
        self.sessions: list[Session] = []
        self.broadcast = False
        self.privileged = 0
        self.wanted_shards = 1
        self.greeting: Greeting
        self.token = token
        self._pulse = pulse
        self._heartbeat_seconds = heartbeat_seconds
        self._serial = 0
        self._plan = PacketPlan()
        self.accepted = 0
        self.closing: list[int] = []

    @property
    def connected(self) -> list[Session]:
        """The sessions whose socket is open."""
        return [session for session in self.sessions if session.connection is not None]

    def dispatch(
        self, event: str, data: Json, guild: int | None, *, intent: int = 0, all_sessions: bool = False
    ) -> None:
        """Send an event to the newest session of its shard, open ones first, or to all of them."""
        fitting = [each for each in self.sessions if each.serves(guild) and each.intents & intent == intent]
        standing = [each for each in fitting if each.connection is not None] or fitting
        for session in standing if self.broadcast or all_sessions else standing[-1:]:
            session.dispatch(event, data)
        self._pulse.beat()

    async def caught_up(self, hopeless: Callable[[], bool]) -> None:
        """Wait until every session has handled what it was sent; broken ones are waited for unless hopeless."""

        def done() -> bool:
            newest = self.sessions[-1:]
            broken = [each for each in newest if each.connection is None and each.taken < each.seq]
            return all(each.taken >= each.seq for each in self.connected) and (not broken or hopeless())

        while not done():
            for session in self._unasked():
                session.ask()
            await self._pulse.until(lambda: done() or bool(self._unasked()))

    def _unasked(self) -> list[Session]:
        return [each for each in self.connected if each.taken < each.seq and each.asked_about < each.seq]

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket from HELLO to its end."""
        socket = web.WebSocketResponse(timeout=0.1)
        await socket.prepare(request)
        try:
            encode = encoder(request.query.get("compress"))
        except KeyError:
            await socket.close(code=4002, message=b"Invalid compression")
            return socket
        connection = Connection(socket, request, encode, self._plan)
        self.accepted += 1
        writer = asyncio.create_task(connection.write())
        try:
            self._close_if_ordered()
            await self._serve(connection, request.query.get("v"))
        except Closing as closing:
            await socket.close(code=closing.code, message=closing.reason.encode())
        finally:
            self._part(connection)
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
        return socket

    def _close_if_ordered(self) -> None:
        if self.closing:
            raise Closing(self.closing.pop(0), "As ordered.")

    async def _serve(self, connection: Connection, version: str | None) -> None:
        if version != "10":
            raise Closing(4012, "Invalid API version")
        connection.post(HELLO, {"heartbeat_interval": int(self._heartbeat_seconds * 1000)})
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                raise Closing(4002, "Error while decoding payload.")
            try:
                packet = json.loads(message.data)
            except ValueError:
                raise Closing(4002, "Error while decoding payload.") from None
            self._obey(connection, packet["op"], packet.get("d"))
            self._pulse.beat()

    def _obey(self, connection: Connection, op: int, data: Any) -> None:
        session = next((each for each in self.sessions if each.connection is connection), None)
        if op == HEARTBEAT:
            connection.post(ACK)
            if session is not None:
                session.taken = max(session.taken, data or 0)
        elif op == IDENTIFY:
            if session is not None:
                raise Closing(4005, "Already authenticated.")
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif session is None:
            raise Closing(4003, "Not authenticated.")
        elif op not in {PRESENCE, 4, 8, 31}:
            raise Closing(4001, "Unknown opcode.")

    def _identify(self, connection: Connection, data: Json) -> None:
        if data.get("token", "").removeprefix("Bot ") != self.token:
            raise Closing(4004, "Authentication failed.")
        number, count = data.get("shard") or (0, 1)
        if not 0 <= number < count:
            raise Closing(4010, "Invalid shard.")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            raise Closing(4013, "Invalid intent(s).")
        if intents & PRIVILEGED & ~self.privileged:
            raise Closing(4014, "Disallowed intent(s).")
        self._serial += 1
        session = Session(f"session{self._serial:04}", (number, count), intents, connection)
        self.sessions = [each for each in self.sessions if each.connection or each.shard != session.shard] + [session]
        session.dispatch("READY", self.greeting.ready(session))
        if intents & GUILDS:
            for guild in self.greeting.arrivals(session):
                session.dispatch("GUILD_CREATE", guild)

    def _resume(self, connection: Connection, data: Json) -> None:
        if data.get("token", "").removeprefix("Bot ") != self.token:
            raise Closing(4004, "Authentication failed.")
        session = next((each for each in self.sessions if each.id == data.get("session_id")), None)
        if session is None:
            connection.post(INVALID, data=False)
            return
        if data["seq"] > session.seq:
            raise Closing(4007, "Invalid seq.")
        if session.connection is not None:
            session.connection.drop()
        session.connection, session.asked_about = connection, 0
        session.replay(data["seq"])

    def _part(self, connection: Connection) -> None:
        session = next((each for each in self.sessions if each.connection is connection), None)
        if session is not None:
            session.connection = None
            if connection.socket.close_code in CLEAN_CODES:
                self.sessions.remove(session)
        self._pulse.beat()

    def ask_to_reconnect(self) -> None:
        """Tell every client to reconnect and resume."""
        for session in self.connected:
            assert session.connection is not None
            session.connection.post(RECONNECT)

    def invalidate(self, *, resumable: bool) -> None:
        """Tell every client that its session is over, or may be resumed."""
        for session in self.connected:
            assert session.connection is not None
            session.connection.post(INVALID, data=resumable)
            if not resumable:
                self.sessions.remove(session)

    def spoil_next(self, kind: int | str, spoil: OddPacket, times: int = 1) -> None:
        """Spoil the next packets of an operation (by its number) or of an event; `times` may be FOREVER."""
        self._plan.spoilings.append(Spoiling(kind, spoil, times))

    def heal(self) -> None:
        """Spoil nothing from now on."""
        self._plan.spoilings.clear()

    def post_raw(self, packet: object) -> None:
        """Send anything to every client: bytes as they are, strings as one packet, other values as JSON."""
        for session in self.connected:
            assert session.connection is not None
            session.connection.post_raw(packet)

    async def hang_up(self, code: int) -> None:
        """Close every socket with this code; the sessions may be resumed."""
        for session in self.connected:
            assert session.connection is not None
            await session.connection.socket.close(code=code)

    def drop(self) -> None:
        """Break every socket without a word."""
        for session in self.connected:
            assert session.connection is not None
            session.connection.drop()

    async def close(self) -> None:
        """Close every socket because the server ends."""
        for session in self.connected:
            assert session.connection is not None
            await session.connection.socket.close(code=1001)

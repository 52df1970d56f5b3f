"""Gateway sessions: which events each was sent, what was taken, what is replayed after a break."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import web

from tests.discord_server.compression import Encoder
from tests.discord_server.errors import Json
from tests.discord_server.faults import PacketPlan

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 3, 6, 7, 9, 10, 11


class Connection:
    """One WebSocket; packets leave in the order in which they were posted."""

    def __init__(
        self, socket: web.WebSocketResponse, request: web.Request, encode: Encoder | None, plan: PacketPlan
    ) -> None:
        self.socket = socket
        self._request = request
        self._encode = encode
        self._plan = plan
        self._outbox: asyncio.Queue[bytes | str] = asyncio.Queue()

    def post(self, op: int, data: object = None, *, seq: int | None = None, event: str | None = None) -> None:
        """Queue a packet."""
        self.post_raw(self._plan.take({"op": op, "d": data, "s": seq, "t": event}))

    def post_raw(self, packet: object) -> None:
        """Queue anything: bytes are sent as they are, strings as one packet, other values as JSON."""
        self._outbox.put_nowait(packet if isinstance(packet, bytes | str) else json.dumps(packet))

    async def write(self) -> None:
        """Send what is queued while the connection is open."""
        while not self.socket.closed:
            packet = await self._outbox.get()
            try:
                if isinstance(packet, bytes):
                    await self.socket.send_bytes(packet)
                elif self._encode is None:
                    await self.socket.send_str(packet)
                else:
                    await self.socket.send_bytes(self._encode(packet.encode()))
            except ConnectionError:
                return

    def drop(self) -> None:
        """Break the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(eq=False, slots=True)
class Session:
    """Session that began with an IDENTIFY.

    Events are numbered: the client has handled all up to `taken`, and was asked about all up to `asked_about`.
    """

    id: str
    shard: tuple[int, int]
    intents: int
    connection: Connection | None
    taken: int = 0
    asked_about: int = 0
    history: list[tuple[str, Json]] = field(default_factory=list)

    @property
    def seq(self) -> int:
        """The number of the newest event."""
        return len(self.history)

    def serves(self, guild: int | None) -> bool:
        """Return true if events of this guild belong to the session's shard; direct messages belong to the first."""
        number, count = self.shard
        return ((guild or 0) >> 22) % count == number

    def dispatch(self, event: str, data: Json) -> None:
        """Send an event, now or when the session is resumed."""
        self.history.append((event, data))
        if self.connection is not None:
            self.connection.post(DISPATCH, data, seq=self.seq, event=event)

    def ask(self) -> None:
        """Ask for a heartbeat, which says up to which event the client has come."""
        if self.connection is not None:
            self.asked_about = self.seq
            self.connection.post(HEARTBEAT)

    def replay(self, after: int) -> None:
        """Send the events after this one again, then say that all were sent."""
        assert self.connection is not None
        for number, (event, data) in enumerate(self.history[after:], after + 1):
            self.connection.post(DISPATCH, data, seq=number, event=event)
        self.dispatch("RESUMED", {"_trace": []})

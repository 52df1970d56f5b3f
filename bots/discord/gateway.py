"""Connections to Discord's gateway, one for each shard, kept open while the bot runs, whatever arrives over them.

They replace the library's own loop. See docs/design/discord.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bots.common.identity import DISCORD_REFUSES
from bots.common.patience import FIRST_WAIT, LONGEST_WAIT, Waits

log = logging.getLogger(__name__)

STEADY = 60.0  # seconds a connection must last for the next break to count as the first again
MOST_RESUMES = 5  # breaks in a row after which a new session begins, since the old one may be the cause
_INTERVALS = (0.1, 600.0)  # plausible numbers of seconds between two heartbeats
_OPERATIONS = frozenset(
    {
        DiscordWebSocket.DISPATCH, DiscordWebSocket.HEARTBEAT, DiscordWebSocket.RECONNECT,
        DiscordWebSocket.INVALIDATE_SESSION, DiscordWebSocket.HELLO, DiscordWebSocket.HEARTBEAT_ACK,
    }
)  # fmt: skip
_UPDATE = "Undersign may be too old for it: install a newer version."
FINAL_CODES = {
    4004: DISCORD_REFUSES,
    4010: "Discord refuses DISCORD_SHARDS: the shard does not exist.",
    4011: "Discord requires more shards than DISCORD_SHARDS has: increase the number.",
    4012: f"Discord refuses the version of its gateway. {_UPDATE}",
    4013: f"Discord refuses the intents, which say which events the bot receives. {_UPDATE}",
    4014: "Discord refuses the intents: turn on the privileged ones on the Bot page of Discord's developer portal.",
}
"""Codes with which the gateway closes a connection for good, so only an operator can help."""
SHARD_CODES = frozenset({4010, 4011})
"""The codes that concern only the number of shards."""

pause = asyncio.sleep


class UnreadablePacket(Exception):  # noqa: N818  (named after what arrived)
    """A packet that Discord would not send; the text names the fault and holds nothing of the packet."""


class CheckedWebSocket(DiscordWebSocket):
    """The library's socket, which closes after a packet that makes no sense, and skips unknown operations."""

    async def received_message(self, msg: Any, /) -> None:
        """Handle a packet. Raises UnreadablePacket, and the library's own request to reconnect."""
        try:
            text = self._decompressor.decompress(msg) if isinstance(msg, bytes) else msg
            if text is not None and self._is_meant(_checked(json.loads(text))):
                await super().received_message(text)
        except (ReconnectWebSocket, discord.ConnectionClosed, OSError):
            raise
        except Exception as error:  # noqa: BLE001  (whatever Discord sends)
            await self.close()
            raise UnreadablePacket(type(error).__name__) from None

    def _is_meant(self, packet: dict[str, Any]) -> bool:
        """False for unknown operations, and for a second greeting, which would start a second heartbeat."""
        return packet["op"] in _OPERATIONS and not (packet["op"] == self.HELLO and self._keep_alive)


def _checked(packet: Any) -> dict[str, Any]:
    """The packet, if the library can safely read it. Raises ValueError, TypeError or KeyError."""
    operation, number, event, data = (packet.get(name) for name in ("op", "s", "t", "d"))
    sound = type(operation) is int and (number is None or type(number) is int)
    if operation == DiscordWebSocket.DISPATCH:
        sound = sound and isinstance(event, str)
    if operation == DiscordWebSocket.HELLO:
        shortest, longest = _INTERVALS
        sound = sound and shortest <= data["heartbeat_interval"] / 1000 <= longest
    if event == "READY":
        sound = sound and type(number) is int and isinstance(data["session_id"], str)
    if not sound:
        raise ValueError
    result: dict[str, Any] = packet
    return result


class ShardConnection:
    """Connection of one shard.

    When it breaks, it reconnects: after the first break at once and in the same session, then after growing waits, and
    finally in a new session. `turn` lets one shard connect at a time, as Discord demands. `chance` gives a number from
    0 to 1, so that not all bots come back at once. `on_break` gets the reason for each break, and how many there were
    in a row.
    """

    def __init__(
        self, client: discord.AutoShardedClient, shard: int, address: yarl.URL, turn: asyncio.Lock,
        chance: Callable[[], float], on_break: Callable[[str, int], None],
    ) -> None:  # fmt: skip
        self._client, self._shard, self._address, self._turn = client, shard, address, turn
        self._waits, self._on_break = Waits(FIRST_WAIT, LONGEST_WAIT, chance), on_break
        self._socket: CheckedWebSocket | None = None
        self._failures, self._opened_at, self._resumes = 0, 0.0, False

    @property
    def is_open(self) -> bool:
        """True while it is connected."""
        return self._socket is not None and self._socket.open

    async def run(self) -> None:
        """Stay connected until cancelled. Raises discord.ConnectionClosed if Discord refuses for good."""
        try:
            while True:
                reason = await self._serve()
                if self._socket:
                    await self._socket.close()  # whatever ended it, its heartbeat stops; the session may go on
                self._note_break(reason)
                await pause(self._wait())
        finally:
            if self._socket:
                await self._socket.close(code=1000)

    async def _serve(self) -> str:
        """Connect and handle what arrives; returns the reason why that ended, in a few words."""
        self._opened_at = 0.0
        try:
            async with self._turn:
                await self._open()
            self._resumes, self._opened_at = True, asyncio.get_running_loop().time()
            while self._socket:
                await self._socket.poll_event()
        except ReconnectWebSocket as wish:
            self._resumes = wish.resume
        except discord.ConnectionClosed as closed:
            if closed.code in FINAL_CODES:
                raise
            return f"closed with {closed.code}"
        except UnreadablePacket as packet:
            return f"unreadable packet, {packet}"
        except Exception as error:  # noqa: BLE001  (the network, or anything the library raises)
            return type(error).__name__
        return "closed by Discord"

    async def _open(self) -> None:
        """Connect, in the same session unless it has broken too often."""
        old = self._socket
        if old and old.session_id and self._resumes and self._failures <= MOST_RESUMES:
            self._socket = await CheckedWebSocket.from_client(
                self._client, shard_id=self._shard, gateway=old.gateway, session=old.session_id,
                sequence=old.sequence, resume=True,
            )  # fmt: skip
        else:
            self._socket = await CheckedWebSocket.from_client(
                self._client, shard_id=self._shard, gateway=self._address, initial=old is None and not self._failures
            )

    def _note_break(self, reason: str) -> None:
        lasted = asyncio.get_running_loop().time() - self._opened_at if self._opened_at else 0.0
        if lasted >= STEADY:
            self._failures = 0
            self._waits.reset()
        self._failures += 1
        self._on_break(reason, self._failures)

    def _wait(self) -> float:
        """Seconds until the next attempt: none at first, then more and more."""
        return self._waits.after_failure() if self._failures > 1 else 0.0


async def stay_connected(connections: list[ShardConnection]) -> None:
    """Run all connections until cancelled. Raises discord.ConnectionClosed if Discord refuses one for good."""
    tasks = [asyncio.create_task(connection.run()) for connection in connections]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

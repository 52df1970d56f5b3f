"""Odd packets and closes of Discord's gateway: the bot connects again and goes on."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import threading
from collections.abc import Callable
from typing import Any

import pytest

from bots.common.health import Condition
from bots.common.patience import LONGEST_WAIT
from bots.common.refusal import SurfaceRefused
from bots.discord import gateway, surface
from bots.discord.connection import DiscordEndpoint
from tests.bots.discord.odd import SECRET
from tests.bots.discord.odd_gateway import logged, nothing_leaked, works
from tests.discord_server import FOREVER
from tests.patience import patience, until
from tests.scenarios.discord_stage import DiscordTheatre


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between two connections, none of which is waited for."""
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    for module in (gateway, surface):
        monkeypatch.setattr(module, "pause", pause)
    return waits


PACKETS: list[Any] = [
    None, [], 5, True, f'"{SECRET}"', "{", "", b"\x00garbage\x00\x00\xff\xff", b"\x00\x00\xff\xff", {}, {"op": None},
    {"op": SECRET}, {"op": [SECRET]}, {"op": 10}, {"op": 10, "d": None},
    {"op": 10, "d": {"heartbeat_interval": 0}}, {"op": 10, "d": {"heartbeat_interval": -1}},
    {"op": 10, "d": {"heartbeat_interval": SECRET}}, {"op": 0}, {"op": 0, "t": None, "d": None},
    {"op": 0, "t": "READY"},
    {"op": 0, "t": "READY", "s": 99, "d": {}}, {"op": 0, "t": "RESUMED", "d": None}, {"op": 0, "t": [SECRET], "d": {}},
    {"op": 0, "t": "MESSAGE_CREATE", "s": SECRET, "d": {}}, {"op": 0, "t": "NEW_EVENT", "s": True, "d": {}},
    {"op": 9}, {"op": 9, "d": SECRET}, {"op": 7, "d": [SECRET]},
]  # fmt: skip
HARMLESS: list[Any] = [
    {"op": 99, "d": SECRET}, {"op": 11, "d": SECRET}, {"op": 1, "d": SECRET}, {"op": 0, "t": SECRET, "d": SECRET},
    {"op": 10, "d": {"heartbeat_interval": 41250}},
]  # fmt: skip


@pytest.mark.parametrize("packet", PACKETS, ids=repr)
async def test_an_odd_packet_does_not_end_the_bot(
    theatre: DiscordTheatre, hasty: list[float], packet: object, caplog: pytest.LogCaptureFixture
) -> None:
    theatre.server.gateway.post_raw(packet)
    await works(theatre, (await theatre.person("Ada")).view)
    assert nothing_leaked(caplog)
    assert (theatre.server.gateway.accepted, hasty) == (2, [0]), "one break, and no wait after it"


@pytest.mark.parametrize("packet", HARMLESS, ids=repr)
async def test_a_packet_that_means_nothing_changes_nothing(
    theatre: DiscordTheatre, packet: object, caplog: pytest.LogCaptureFixture
) -> None:
    theatre.server.gateway.post_raw(packet)
    await works(theatre, (await theatre.person("Ada")).view)
    assert theatre.server.gateway.accepted == 1
    hearts = [thread for thread in threading.enumerate() if thread.name.startswith("keep-alive")]
    assert len([heart for heart in hearts if not heart._stop_ev.is_set()]) == 1  # type: ignore[attr-defined]
    assert not [line for line in logged(caplog) if "OP code" in line]
    assert nothing_leaked(caplog)


async def test_an_event_that_breaks_every_resume_is_left_behind_with_its_session(
    theatre: DiscordTheatre, hasty: list[float]
) -> None:
    (session,) = theatre.server.gateway.sessions
    theatre.server.gateway.spoil_next("BROKEN", lambda _: "[]", FOREVER)
    theatre.server.gateway.dispatch("BROKEN", {}, None)
    await until(lambda: session not in theatre.server.gateway.sessions, "a new session begins")
    await works(theatre, (await theatre.person("Ada")).view)
    assert len(hasty) == gateway.MOST_RESUMES + 1


GREETINGS: list[tuple[int | str, Callable[[dict[str, Any]], object]]] = [
    (10, lambda _: "null"), (10, lambda _: "{"), (10, lambda _: b"\x00\x00\xff\xff"),
    (10, lambda hello: hello | {"d": None}),
    (10, lambda hello: hello | {"d": {"heartbeat_interval": 0}}), (10, lambda hello: hello | {"op": 9, "d": False}),
    ("READY", lambda ready: ready | {"d": None}), ("READY", lambda ready: ready | {"s": None}),
    ("READY", lambda ready: ready | {"d": ready["d"] | {"session_id": None}}),
    ("READY", lambda ready: ready | {"d": ready["d"] | {"resume_gateway_url": "http://["}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "spoil"), GREETINGS)
@pytest.mark.usefixtures("hasty")
async def test_an_odd_greeting_is_followed_by_another_connection(
    theatre: DiscordTheatre, kind: int | str, spoil: Callable[[dict[str, Any]], object]
) -> None:
    await theatre.stop_bot()
    theatre.server.gateway.spoil_next(kind, spoil, times=3)
    await theatre.start_bot()
    await works(theatre, (await theatre.person("Ada")).view)
    assert 3 <= theatre.server.gateway.accepted <= 5, "the first bot's socket, one to three odd ones, and a good one"


@pytest.mark.parametrize(
    "missing", ["user", "guilds", "shard", "v", "application", "private_channels", "relationships"]
)
async def test_a_greeting_without_a_part_is_enough(
    theatre: DiscordTheatre, missing: str, caplog: pytest.LogCaptureFixture
) -> None:
    await theatre.stop_bot()
    caplog.clear()

    def without(ready: dict[str, Any]) -> object:
        return ready | {"d": {name: value for name, value in ready["d"].items() if name != missing}}

    theatre.server.gateway.spoil_next("READY", without, FOREVER)
    with caplog.at_level(logging.INFO):
        await theatre.start_bot()
        await works(theatre, (await theatre.person("Ada")).view)
        await until(lambda: "answering as" in caplog.text, "it says that it answers")
    assert theatre.server.gateway.accepted == 2, "one connection by each bot"


async def test_a_gateway_that_is_odd_forever_is_asked_less_and_less(
    theatre: DiscordTheatre, hasty: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    theatre.server.gateway.spoil_next(10, lambda _: json.dumps({"op": SECRET}), FOREVER)
    theatre.server.gateway.spoil_next("RESUMED", lambda _: "[]", FOREVER)
    theatre.server.gateway.spoil_next("READY", lambda _: "[]", FOREVER)
    theatre.server.gateway.drop()
    await until(lambda: len(hasty) >= 12)
    assert hasty[0] == 0, "the first break is nothing unusual"
    assert hasty[:5] == sorted(hasty[:5])
    assert all(LONGEST_WAIT / 2 <= wait <= LONGEST_WAIT for wait in hasty[8:])
    assert [line.partition(":")[0] for line in logged(caplog)] == ["discord is down"], "it says so once"
    theatre.server.gateway.heal()
    await works(theatre, (await theatre.person("Ada")).view)
    assert nothing_leaked(caplog)


FINAL = {
    4004: "DISCORD_TOKEN", 4010: "DISCORD_SHARDS", 4011: "DISCORD_SHARDS", 4012: "newer version", 4013: "newer version",
    4014: "developer portal",
}  # fmt: skip


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 4999, *FINAL])
@pytest.mark.usefixtures("hasty")
async def test_close_codes(theatre: DiscordTheatre, code: int) -> None:
    theatre.surface._client._place = DiscordEndpoint(shard_count=1)
    await theatre.server.gateway.hang_up(code)
    if code not in FINAL:
        await works(theatre, (await theatre.person("Ada")).view)
        return
    with pytest.raises(SurfaceRefused) as refused:
        async with patience():
            await theatre.running
    sentence = str(refused.value)
    assert FINAL[code] in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("code", [4000, 4002, 4007, 4009])
async def test_a_connection_that_is_closed_at_once_again_and_again(
    theatre: DiscordTheatre, hasty: list[float], code: int
) -> None:
    theatre.server.gateway.closing = [code] * 8
    theatre.server.gateway.drop()
    await works(theatre, (await theatre.person("Ada")).view)
    assert sum(hasty) > 30, "not all at once"


async def test_after_a_steady_connection_the_waits_start_over(
    theatre: DiscordTheatre, hasty: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    theatre.server.gateway.closing = [4000] * 4
    theatre.server.gateway.drop()
    await works(theatre, (await theatre.person("Ada")).view)
    assert hasty == [0, 0.75, 1.5, 3, 6]
    for steady, wait in ((0.0, 0), (math.inf, 0.75)):
        monkeypatch.setattr(gateway, "STEADY", steady)
        await theatre.server.connected()
        breaks = len(hasty)
        theatre.server.gateway.drop()
        await until(lambda: len(hasty) > breaks, "it notices the break")  # noqa: B023
        assert hasty[-1] == wait


@pytest.mark.usefixtures("hasty")
async def test_one_of_several_connections_that_keeps_breaking_is_one_line(
    theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    note: Callable[[str, int], None] = theatre.surface._client._note_break
    for times in range(1, 6):
        note("OSError", times)
    assert logged(caplog) == ["Discord: one of the connections to the gateway keeps breaking: OSError; trying again"]
    assert theatre.surface.health.state is Condition.UP


async def test_more_shards_are_opened_when_discord_wants_them(theatre: DiscordTheatre) -> None:
    theatre.server.gateway.wanted_shards = 2
    await theatre.server.gateway.hang_up(4011)
    await until(lambda: len(theatre.server.gateway.connected) == 2)
    await works(theatre, (await theatre.person("Ada")).view)
    assert [connection.is_open for connection in theatre.surface._client.connections] == [True, True]


async def test_an_error_on_the_way_out_closes_the_socket_too(
    theatre: DiscordTheatre, hasty: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    (connection,) = theatre.surface._client.connections
    first = connection._socket
    assert first
    monkeypatch.setattr(first, "send_as_json", _refuse_to_send)
    theatre.server.gateway.post_raw({"op": 1, "d": None})
    await until(lambda: theatre.server.gateway.accepted == 2)
    assert not first.open
    assert hasty == [0]
    await works(theatre, (await theatre.person("Ada")).view)


async def _refuse_to_send(_: object) -> None:
    raise ConnectionResetError

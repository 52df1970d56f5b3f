"""Odd events from Discord's gateway: the bot skips them, whatever they hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import discord
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.discord.connection import DiscordEndpoint
from bots.discord.events import guard
from tests.bots.discord.odd import SECRET
from tests.bots.discord.odd_gateway import logged, nothing_leaked, works
from tests.bots.figures import figure
from tests.effort import scaled
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE

SHAPES: list[Any] = [None, [], {}, [None], SECRET, 5, True, {"id": None}, {"id": SECRET}, {"guild_id": SECRET}]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["1", "160000"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "user"]), inner),
    max_leaves=6,
)
FIELDS = [
    "id", "guild_id", "channel_id", "user_id", "message_id", "user", "member", "members", "data", "type", "token",
    "application_id", "channel", "guild", "roles", "role", "emojis", "stickers", "ids", "name", "content", "author",
    "embeds", "attachments", "components", "timestamp", "mentions", "permissions", "flags", "locale", "context",
    "authorizing_integration_owners", "emoji", "shard", "session_id", "guilds", "application", "unavailable",
    "role_id", "sku_id", "target_id", "entity_metadata", "status", "rule_id", "action", "code", "invite", "inviter",
    "chunk_index", "chunk_count", "not_found", "joined_at", "last_pin_timestamp",
]  # fmt: skip


@pytest.fixture
def client(theatre: DiscordTheatre) -> discord.AutoShardedClient:
    """The client of the running bot."""
    return theatre.surface._client


async def test_every_event_that_the_library_knows_may_be_odd(
    theatre: DiscordTheatre, client: discord.AutoShardedClient, caplog: pytest.LogCaptureFixture
) -> None:
    events = sorted(set(client._connection.parsers) - {"READY", "RESUMED"})
    assert len(events) > 50
    for event in events:
        for shape in SHAPES:
            theatre.server.gateway.dispatch(event, shape, None)
    await works(theatre, (await theatre.person("Ada")).view)
    assert theatre.server.gateway.accepted == 1, "the connection was kept"
    assert nothing_leaked(caplog)
    lines = [line for line in logged(caplog) if "cannot be read" in line]
    assert len(lines) == len(set(lines)), "each kind once"
    for event in (
        "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "CHANNEL_PINS_UPDATE", "ENTITLEMENT_CREATE",
        "SUBSCRIPTION_CREATE", "USER_UPDATE", "GUILD_DELETE",
    ):  # fmt: skip
        assert any(event in line for line in lines), event
        counts = {"platform": "discord", "method": f"gateway {event}", "code": "unreadable"}
        assert figure(theatre.services.metrics, "undersign_api_errors_total", **counts) >= 2, event


def another_client(theatre: DiscordTheatre) -> discord.AutoShardedClient:
    """A client that hands nothing on."""
    client = type(theatre.surface._client)(theatre.surface, DiscordEndpoint(), theatre.surface._trace)
    client.dispatch = client._connection.dispatch = lambda *_, **__: None  # type: ignore[method-assign]
    return client


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """The same JSON with something missing or replaced, at any depth."""
    if isinstance(value, dict) and value:
        return st.sampled_from(sorted(value)).flatmap(
            lambda key: (
                st.just({name: inner for name, inner in value.items() if name != key})
                | spoilt(value[key]).map(lambda inner: value | {key: inner})
            )
        )
    return JSON


def payloads(theatre: DiscordTheatre) -> dict[str, Any]:
    """Sound payloads as the server sends them."""
    history = [pair for session in theatre.server.gateway.sessions for pair in session.history]
    return dict(history)


async def test_sound_events_may_be_spoilt_anywhere(theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture) -> None:
    ada = await theatre.person("Ada")
    await ada.types("hello")
    await theatre.server.settle()
    await ada.opens(SALESFORCE)
    known = payloads(theatre)
    known["GUILD_CREATE"] = theatre.server.arrivals(theatre.server.gateway.sessions[-1])[0]
    known["MESSAGE_UPDATE"] = known["MESSAGE_CREATE"]
    parsers: dict[str, Callable[[Any], None]] = {}

    @settings(max_examples=scaled(150), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def spoil(data: st.DataObject) -> None:
        event = data.draw(st.sampled_from(sorted(known)))
        parsers[event](json.loads(json.dumps(data.draw(spoilt(known[event])))))

    parsers |= another_client(theatre)._connection.parsers
    spoil()
    assert nothing_leaked(caplog)


async def test_any_event_of_any_shape_is_skipped(theatre: DiscordTheatre, client: discord.AutoShardedClient) -> None:
    events = sorted(client._connection.parsers)

    @settings(max_examples=scaled(150), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(events), st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON)
    def read(event: str, data: Any) -> None:
        parsers[event](data)

    parsers = another_client(theatre)._connection.parsers
    read()


def test_each_kind_of_fault_is_logged_once_and_always_counted(caplog: pytest.LogCaptureFixture) -> None:
    counted: list[tuple[str, str]] = []

    def parse(data: Any) -> None:
        raise data

    parsers: dict[str, Callable[[Any], None]] = {"USER_UPDATE": parse, "GUILD_DELETE": parse}
    guard(parsers, lambda method, code: counted.append((method, code)), lambda _: None)
    for error in (KeyError(SECRET), KeyError("other"), TypeError(SECRET), RecursionError(SECRET)):
        parsers["USER_UPDATE"](error)
    parsers["GUILD_DELETE"](KeyError(SECRET))
    assert counted == [("gateway USER_UPDATE", "unreadable")] * 4 + [("gateway GUILD_DELETE", "unreadable")]
    faults = [line.rpartition(" ")[2] for line in logged(caplog)]
    assert faults == ["KeyError", "TypeError", "RecursionError", "KeyError"]
    assert nothing_leaked(caplog)

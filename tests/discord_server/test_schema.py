"""Discord's own description of its API: it is unchanged, and the server holds every body against it."""

import json
from typing import Any

import aiohttp
import pytest

from tests.discord_server import Channel, DiscordServer
from tests.discord_server.routes import ROUTES
from tests.discord_server.schema import FOLDER, SPEC, fault_in
from tests.renewal.discord_api import digest_of

POST = "/channels/{channel}/messages"
CALLBACK = "/interactions/{interaction}/{token}/callback"
COMMANDS = "/applications/{application}/commands"


def message(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"flags": 1 << 15, "components": [{"type": 17, "components": list(inside)}]}


def text(words: str) -> dict[str, Any]:
    return {"type": 10, "content": words}


def button(**changes: object) -> dict[str, Any]:
    return {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changes]}


def menu(options: int) -> dict[str, Any]:
    each = [{"label": "One", "value": str(number)} for number in range(options)]
    return {"type": 1, "components": [{"type": 3, "custom_id": "menu", "options": each}]}


def test_the_description_is_the_one_that_was_published_and_has_its_license() -> None:
    facts = json.loads(SPEC.read_text("utf-8"))
    assert digest_of({key: part for key, part in facts.items() if not key.startswith("x-")}) == facts["x-sha256"]
    assert facts["info"]["license"]["name"] == "MIT"
    assert (FOLDER / "LICENSE").read_text("utf-8").startswith("MIT License")


@pytest.mark.parametrize(
    "route",
    [each for each in ROUTES if each.method in {"POST", "PATCH", "PUT"}],
    ids=lambda route: f"{route.method} {route.path}",
)
def test_every_route_with_a_message_a_form_or_commands_has_a_schema(route: Any) -> None:
    without_body = route.path.endswith(("/typing", "/channels", "/crosspost"))
    assert without_body is not bool(fault_in("no body", route.method, route.path))


@pytest.mark.parametrize(
    ("body", "method", "path", "fault"),
    [
        (message(text("Hello"), button(), menu(25)), "POST", POST, ""),
        (message(text("")), "POST", POST, "components[0].components[0].content"),
        (message(text("x" * 4001)), "POST", POST, "components[0].components[0].content"),
        (message(button(label="x" * 81)), "PATCH", f"{POST}/{{message}}", "components[0].components[0].label"),
        (message(button(custom_id="x" * 101)), "POST", "/webhooks/{application}/{token}", "custom_id"),
        (message(button(style=7)), "POST", POST, "components[0].style: 7 is not one of [1, 2, 3, 4, 5, 6]"),
        (message(menu(26)), "POST", POST, "components[0].components[0].components[0].options"),
        (message({"type": 99}), "POST", POST, "components[0].components[0]"),
        ({"type": 4, "data": message(menu(26))}, "POST", CALLBACK, "$.data.components[0]"),
        ({"type": 9, "data": {"custom_id": "f", "title": "x" * 46, "components": [text("x")]}}, "POST", CALLBACK,
         "$.data.title"),
        ({"type": 8, "data": {"choices": [{"name": "One", "value": "1"}] * 26}}, "POST", CALLBACK, "$.data: "),
        ([{"name": "stats", "description": "x" * 101}], "PUT", COMMANDS, "$[0].description"),
        ([{"name": "stats", "description": "x", "default_member_permissions": "0"}], "PUT", COMMANDS, ""),
        ([{"name": "stats", "description": "x", "default_member_permissions": []}], "PUT", COMMANDS, "[] is not"),
    ],
)  # fmt: skip
def test_a_body_that_contradicts_the_description(body: object, method: str, path: str, fault: str) -> None:
    found = fault_in(body, method, path)
    assert fault in found
    assert bool(fault) is bool(found)


@pytest.mark.server
async def test_the_server_fails_a_test_that_sends_what_only_the_description_forbids() -> None:
    server = DiscordServer()
    await server.start()
    place: Channel = server.guild("Riverside").channel()
    headers = {"Authorization": f"Bot {server.token}"}
    address, body = (
        f"{server.base_url}/channels/{place.id}/messages",
        {"content": "Hello", "sticker_ids": ["1", "2", "3", "4"]},
    )
    async with aiohttp.ClientSession(headers=headers) as session, session.post(address, json=body) as response:
        assert response.status == 500
    with pytest.raises(AssertionError, match="sticker_ids"):
        await server.stop()

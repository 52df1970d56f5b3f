"""Answers to interactions: which are taken, which come too late, and what a person is told then."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.discord_server import ChannelView, DiscordServer, Interaction, Permission
from tests.discord_server.conftest import Call

REPLY = {"type": 4, "data": {"content": "hi"}}
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
GO = {"type": 1, "components": [BUTTON]}
WITH_BUTTON = {"type": 4, "data": {"content": "hi", "components": [GO]}}
FIELD = {"type": 4, "style": 1, "custom_id": "name"}
FORM = {"title": "Sign", "custom_id": "sign", "components": [{"type": 18, "label": "Name", "component": FIELD}]}
MODAL = {"type": 9, "data": FORM}


class Clock:
    """Clock that only moves when a test moves it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[DiscordServer]:
    async with DiscordServer(clock=clock) as running:
        yield running


@pytest.fixture
async def view(server: DiscordServer, call: Call) -> ChannelView:
    option = {"type": 3, "name": "which", "description": "Which", "autocomplete": True}
    command = {"name": "ping", "description": "Ping", "options": [option]}
    await call("PUT", f"/applications/{server.world.bot.id}/commands", [command])
    anna = server.person(11, "Anna", "de", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    return anna.in_channel(server.guild("Riverside", [anna], locale="fr").channel())


@pytest.fixture
async def made(view: ChannelView) -> Interaction:
    return await view.command("ping", wait=False)


def back(made: Interaction) -> str:
    return f"/interactions/{made.id}/{made.token}/callback"


def hook(made: Interaction, rest: str = "/messages/@original") -> str:
    return f"/webhooks/{made.payload['application_id']}/{made.token}{rest}"


async def pressed(call: Call, view: ChannelView, made: Interaction) -> Interaction:
    assert await call("POST", back(made), WITH_BUTTON) == (204, None)
    return await view.press("Go", wait=False)


async def submitted(call: Call, view: ChannelView, made: Interaction) -> Interaction:
    assert await call("POST", back(made), MODAL) == (204, None)
    return await view.submit({"Name": "Anna"}, wait=False)


async def test_the_payload(view: ChannelView, made: Interaction) -> None:
    payload = made.payload
    guild = view.channel.guild
    assert guild
    assert (payload["type"], payload["version"], payload["context"]) == (2, 1, 0)
    assert (payload["locale"], payload["guild_locale"]) == ("de", "fr")
    assert payload["member"]["user"]["id"] == str(view.user.id)
    assert datetime.fromtimestamp(((view.user.id >> 22) + 1420070400000) / 1000, UTC).year == 2026
    assert "user" not in payload
    assert payload["authorizing_integration_owners"] == {"0": str(guild.id)}
    assert payload["guild"] == {"id": str(guild.id), "locale": "fr", "features": ["COMMUNITY"]}
    assert int(payload["app_permissions"]) == view.channel.bot


async def test_one_answer_only(call: Call, view: ChannelView, made: Interaction) -> None:
    status, answer = await call("POST", f"{back(made)}?with_response=1", WITH_BUTTON)
    assert (status, answer["resource"]["type"], answer["resource"]["message"]["content"]) == (200, 4, "hi")
    assert answer["interaction"]["response_message_id"] == str(view.last.id)
    assert (await call("POST", back(made), REPLY))[1] == {
        "message": "Interaction has already been acknowledged.",
        "code": 40060,
    }


async def test_a_refused_answer_may_be_corrected(call: Call, view: ChannelView, made: Interaction) -> None:
    status, answer = await call("POST", back(made), {"type": 4, "data": {"content": "x" * 2001}})
    assert (status, list(answer["errors"]["data"])) == (400, ["content"])
    assert [refusal.code for refusal in made.refusals] == [50035]
    assert (await call("POST", back(made), REPLY))[0] == 204
    assert view.last.content == "hi"


async def test_three_seconds(
    server: DiscordServer, call: Call, view: ChannelView, made: Interaction, clock: Clock
) -> None:
    clock.now += 3.1
    assert (await call("POST", back(made), REPLY))[1]["code"] == 10062
    await server.settle()

    assert view.failed == ["The application did not respond"]
    assert server.failures[0].interaction is made
    assert (await call("POST", back(made).replace("/interactions/", "/interactions/1"), REPLY))[1]["code"] == 10062


async def test_fifteen_minutes(
    server: DiscordServer, call: Call, view: ChannelView, made: Interaction, clock: Clock
) -> None:
    assert (await call("PATCH", hook(made), {"content": "b"}))[1]["code"] == 10015
    await call("POST", back(made), {"type": 5})
    assert view.last.as_text() == "Undersign: is thinking…"
    clock.now += 901
    for method in ("GET", "PATCH", "DELETE"):
        status, answer = await call(method, hook(made), {"content": "b"})
        assert (status, answer) == (401, {"message": "Invalid Webhook Token", "code": 50027})
    await server.settle()
    assert view.failed == ["The application did not respond"]
    assert (await call("POST", f"/webhooks/1/{made.token}", REPLY))[1]["code"] == 10015


@pytest.mark.parametrize(("kind", "listed"), [(6, "4, 5, 9, 10, 12"), (8, "4, 5, 9, 10, 12"), (None, "")])
async def test_a_command_takes_some_answers(call: Call, made: Interaction, kind: int | None, listed: str) -> None:
    _, answer = await call("POST", back(made), {"type": kind, "data": {}})
    words = f"Value must be one of {{{listed}}}." if kind else "This field is required"
    assert answer["errors"]["type"]["_errors"][0]["message"] == words


async def test_a_press_may_change_its_message(call: Call, view: ChannelView, made: Interaction) -> None:
    press = await pressed(call, view, made)
    assert press.payload["message"]["id"] == str(view.last.id)
    assert press.payload["data"] == {"id": 2, "component_type": 2, "custom_id": "go"}
    assert (await call("POST", back(press), {"type": 7, "data": {"content": "b", "components": []}}))[0] == 204
    assert (view.last.as_text(), view.last.versions) == ("Undersign: b", ["Undersign: hi\n  [Go]", "Undersign: b"])
    assert (await call("GET", hook(press)))[1]["content"] == "b"
    assert (await call("GET", hook(press, f"/messages/{view.last.id}")))[0] == 200
    with pytest.raises(LookupError, match="no message has 'Go'"):
        await view.press("Go")


async def test_a_press_on_a_deleted_message(call: Call, view: ChannelView, made: Interaction) -> None:
    await pressed(call, view, made)
    message = view.last
    assert await call("DELETE", hook(made)) == (204, None)
    press = await view.press_on(message, "Go", wait=False)
    assert (await call("POST", back(press), {"type": 7, "data": {"content": "b"}}))[1]["code"] == 10008
    assert (await call("POST", back(press), {"type": 6}))[0] == 204
    assert (await call("PATCH", hook(press), {"content": "b"}))[1]["code"] == 10008


async def test_only_what_can_be_pressed(call: Call, view: ChannelView, made: Interaction) -> None:
    off = BUTTON | {"disabled": True, "custom_id": "off"}
    link = {"type": 2, "style": 5, "label": "Read", "url": "https://a.org"}
    body = {"type": 4, "data": {"content": "hi", "components": [{"type": 1, "components": [off, link]}]}}
    await call("POST", back(made), body)
    assert view.last.as_text() == "Undersign: hi\n  [Go (off)] [Read -> https://a.org]"
    with pytest.raises(AssertionError, match="'Go' is disabled"):
        await view.press("Go")
    with pytest.raises(LookupError, match="no button 'Read' to be pressed"):
        await view.press("Read")


async def test_a_form_does_not_answer_a_form(call: Call, view: ChannelView, made: Interaction) -> None:
    sent = await submitted(call, view, made)
    _, answer = await call("POST", back(sent), MODAL)
    assert answer["errors"]["type"]["_errors"] == [
        {"code": "BASE_TYPE_CHOICES", "message": "Value must be one of {4, 5, 10, 12}."}
    ]
    assert view.modal
    assert (await call("POST", back(sent), REPLY))[0] == 204
    assert view.modal is None
    assert (await call("GET", hook(made)))[1]["code"] == 10008


async def test_a_form_of_a_button_may_change_the_message(call: Call, view: ChannelView, made: Interaction) -> None:
    sent = await submitted(call, view, await pressed(call, view, made))
    assert sent.payload["message"]["id"] == str(view.last.id)
    assert (await call("POST", back(sent), {"type": 7, "data": {"content": "Thanks", "components": []}}))[0] == 204
    assert view.last.as_text() == "Undersign: Thanks"


async def test_a_form_that_is_not_answered_stays_open(
    server: DiscordServer, call: Call, view: ChannelView, made: Interaction, clock: Clock
) -> None:
    await submitted(call, view, made)
    clock.now += 4
    await server.settle()
    assert view.modal
    assert view.modal.as_text().endswith("! Something went wrong. Try again.")


async def test_an_answer_put_off_takes_no_form(call: Call, view: ChannelView, made: Interaction) -> None:
    await call("POST", back(made), {"type": 5, "data": {"flags": 64}})
    assert (await call("POST", back(made), MODAL))[1]["code"] == 40060
    status, first = await call("POST", hook(made, ""), {"content": "a"})
    assert (status, first["id"], first["flags"]) == (200, str(view.last.id), 64)
    _, second = await call("POST", hook(made, ""), {"content": "b"})
    assert (second["id"] != first["id"], second["flags"]) == (True, 0)
    assert [message.content for message in view.messages] == ["a", "b"]
    assert (await call("PATCH", hook(made, f"/messages/{second['id']}"), {"content": "c"}))[0] == 200


async def test_a_whisper_is_not_in_the_channel(call: Call, view: ChannelView, made: Interaction) -> None:
    await call("POST", back(made), {"type": 4, "data": {"content": "hi", "flags": 64}})
    path = f"/channels/{view.channel.id}/messages"
    assert (await call("GET", path))[1] == []
    assert (await call("PATCH", f"{path}/{view.last.id}", {"content": "b"}))[1]["code"] == 10008
    assert (await call("PATCH", hook(made), {"content": "b"}))[0] == 200
    view.dismiss(view.last)
    assert view.transcript() == ""


async def test_choices(server: DiscordServer, call: Call, view: ChannelView, clock: Clock) -> None:
    async def offer(choices: Any) -> tuple[int, Any]:
        await view.complete("ping", "which", "a", wait=False)
        newest = list(server.world.interactions.values())[-1]
        return await call("POST", back(newest), {"type": 8, "data": {"choices": choices}})

    choice = {"name": "a", "value": "a"}
    assert (await offer([choice] * 25))[0] == 204
    assert "choices" in (await offer([choice] * 26))[1]["errors"]["data"]
    assert "0" in (await offer([{"name": "x" * 101, "value": "a"}]))[1]["errors"]["data"]["choices"]
    clock.now += 4
    await server.settle()
    assert view.failed == ["Loading options failed"] * 2


async def test_an_own_app_among_strangers(server: DiscordServer, call: Call, view: ChannelView) -> None:
    foreign = server.guild("Elsewhere", bot=False)
    ben = server.person(12, "Ben", installed=True)
    for permissions, whispers in ((Permission.VIEW_CHANNEL, True), (Permission.USE_EXTERNAL_APPS, False)):
        foreign.join(ben, permissions | Permission.USE_APPLICATION_COMMANDS)
        theirs = ben.in_channel(foreign.channel())
        made = await theirs.command("ping", wait=False)
        await call("POST", back(made), REPLY)
        assert theirs.last.ephemeral is whispers
    codes = [(await call("POST", hook(made, ""), {"content": "a"}))[1].get("code") for _ in range(6)]
    assert codes == [None] * 5 + [40094]
    assert not view.messages


async def test_people_are_chosen(server: DiscordServer, call: Call, view: ChannelView, made: Interaction) -> None:
    menu = {"type": 5, "custom_id": "who", "placeholder": "People", "max_values": 2}
    body = {"content": "hi", "components": [{"type": 1, "components": [menu]}]}
    assert (await call("POST", back(made), {"type": 4, "data": body}))[0] == 204
    ben = server.person(12, "Ben")
    chosen = await view.choose("People", [ben, view], wait=False)

    data = chosen.payload["data"]
    assert (data["values"], list(data["resolved"]["users"])) == ([str(ben.id), str(view.user.id)],) * 2
    assert list(data["resolved"]["members"]) == [str(view.user.id)]
    with pytest.raises(AssertionError, match="from 1 to 2 must be chosen, not 0"):
        await view.choose("People", [])

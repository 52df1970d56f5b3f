"""Definitions of commands that Discord accepts and refuses."""

from typing import Any

import pytest

from tests.discord_server import MEMBER, DiscordServer, Permission
from tests.discord_server.conftest import Call
from tests.discord_server.places import VOICE


def command(**other: Any) -> dict[str, Any]:
    return {"name": "petition", "description": "Petitions"} | other


def option(**other: Any) -> dict[str, Any]:
    return {"type": 3, "name": "petition", "description": "Which"} | other


def options(*listed: dict[str, Any]) -> dict[str, Any]:
    return command(options=list(listed))


TOO_LARGE = [option(name=f"o{number}", description="x" * 100) for number in range(25)]
SUBCOMMANDS = [option(type=1, name=f"s{number}", options=TOO_LARGE) for number in range(4)]
CHOICE = {"name": "Salmon", "value": "salmon"}

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "petition"}, "description", "BASE_TYPE_REQUIRED"),
    (command(name="Petition"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
    (command(name="two words"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
    (command(name="x" * 33), "name", "BASE_TYPE_BAD_LENGTH"),
    (command(description="x" * 101), "description", "BASE_TYPE_BAD_LENGTH"),
    (command(description=""), "description", "BASE_TYPE_BAD_LENGTH"),
    (command(type=9), "type", "BASE_TYPE_CHOICES"),
    (command(name_localizations={"xx": "a"}), "name_localizations.xx", "BASE_TYPE_CHOICES"),
    (command(name_localizations={"de": "Ä B"}), "name_localizations.de", "APPLICATION_COMMAND_INVALID_NAME"),
    (command(description_localizations={"de": "x" * 101}), "description_localizations.de", "BASE_TYPE_BAD_LENGTH"),
    (command(contexts=[3]), "contexts.0", "BASE_TYPE_CHOICES"),
    (command(integration_types=[2]), "integration_types.0", "BASE_TYPE_CHOICES"),
    (command(default_member_permissions="x"), "default_member_permissions", "NUMBER_TYPE_COERCE"),
    (command(options=[option(name=f"o{number}") for number in range(26)]), "options", "BASE_TYPE_MAX_LENGTH"),
    (command(options=3), "options", "LIST_TYPE_CONVERT"),
    (options(option(), option()), "options.1.name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
    (options(option(), option(name="b", required=True)), "options.1", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"),
    (options(option(type=1), option(name="b")), "options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
    (options(option(type=2, options=[option()])), "options.0.options.0.type", "BASE_TYPE_CHOICES"),
    (options(option(choices=[CHOICE] * 26)), "options.0.choices", "BASE_TYPE_MAX_LENGTH"),
    (options(option(choices=[CHOICE | {"name": "x" * 101}])), "options.0.choices.0.name", "BASE_TYPE_BAD_LENGTH"),
    (options(option(choices=[CHOICE | {"value": "x" * 101}])), "options.0.choices.0.value", "BASE_TYPE_BAD_LENGTH"),
    (options(option(choices=[CHOICE | {"value": 3}])), "options.0.choices.0.value", "STRING_TYPE_CONVERT"),
    (
        options(option(choices=[CHOICE], autocomplete=True)),
        "options.0.autocomplete",
        "APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_INVALID",
    ),
    (options(option(type=6, autocomplete=True)), "options.0.type", "APPLICATION_COMMAND_OPTION_TYPE_INVALID"),
    (
        options(option(choices=[CHOICE, CHOICE | {"value": "other"}])),
        "options.0.choices.1.name",
        "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
    ),
    (options(option(min_length=3, max_length=2)), "options.0.min_length", "NUMBER_TYPE_MAX"),
    (options(option(type=7, channel_types=[0, 99])), "options.0.channel_types.1", "BASE_TYPE_CHOICES"),
    (command(options=SUBCOMMANDS), "", "APPLICATION_COMMAND_TOO_LARGE"),
    (command(type=3), "description", "APPLICATION_COMMAND_INVALID_DESCRIPTION"),
    ({"type": 3, "name": "Two words", "options": [option()]}, "options", "APPLICATION_COMMAND_INVALID_OPTIONS"),
]


@pytest.fixture
def path(server: DiscordServer) -> str:
    return f"/applications/{server.world.bot.id}/commands"


def fault(answer: dict[str, Any], where: str) -> str:
    node = answer["errors"]
    for step in filter(None, where.split(".")):
        node = node[step]
    return str(node["_errors"][0]["code"])


@pytest.mark.parametrize(("body", "where", "code"), REFUSED)
async def test_a_command_is_refused(call: Call, path: str, body: dict[str, Any], where: str, code: str) -> None:
    status, answer = await call("POST", path, body)
    assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
    assert fault(answer, where) == code
    assert (await call("PUT", path, [body]))[0] == 400
    assert (await call("GET", path))[1] == []


async def test_names_are_unique_and_few(call: Call, path: str) -> None:
    _, answer = await call("PUT", path, [command(), command()])
    assert fault(answer, "1") == "APPLICATION_COMMANDS_DUPLICATE_NAME"
    _, answer = await call("PUT", path, [command(name=f"c{number}") for number in range(101)])
    assert answer["code"] == 30032
    for kind in (2, 3):
        _, answer = await call("PUT", path, [{"type": kind, "name": f"Menu {number}"} for number in range(6)])
        assert (answer["code"], answer["message"]) == (30032, "Maximum number of application commands reached (5).")
    for number in range(5):
        assert (await call("POST", path, {"type": 3, "name": f"Menu {number}"}))[0] == 200
    assert (await call("POST", path, {"type": 3, "name": "One more"}))[1]["code"] == 30032
    assert (await call("POST", path, command()))[0] == 200, "each type has its own limit"


async def test_people_use_commands_only_with_the_permission_and_name_only_channels_of_a_kind(
    server: DiscordServer, call: Call, path: str
) -> None:
    where = option(name="where", type=7, channel_types=[0])
    await call("PUT", path, [command(name="post", options=[where])])
    anna, guild = server.person(11, "Anna"), server.guild("Riverside")
    guild.join(anna, MEMBER)
    view = anna.in_channel(guild.channel())
    await view.command("post", wait=False, where=guild.channel())
    with pytest.raises(AssertionError, match="takes only"):
        await view.command("post", where=guild.channel("room", kind=VOICE))
    guild.join(anna, MEMBER & ~Permission.USE_APPLICATION_COMMANDS)
    with pytest.raises(AssertionError, match="Use Application Commands"):
        await view.command("post")


async def test_commands_keep_their_ids(call: Call, path: str) -> None:
    _, first = await call("PUT", path, [command(), command(name="help")])
    _, second = await call("PUT", path, [command(description="Other")])
    _, third = await call("POST", path, command(contexts=[0], integration_types=[1], default_member_permissions=32))

    assert first[0]["id"] == second[0]["id"] == third["id"]
    assert len({each["version"] for each in (first[0], second[0], third)}) == 3
    assert (second[0]["contexts"], second[0]["integration_types"]) == ([0, 1, 2], [0, 1])
    assert third["default_member_permissions"] == "32"
    assert (await call("PATCH", f"{path}/{third['id']}", {"description": "New"}))[1]["description"] == "New"
    assert (await call("GET", f"{path}/{third['id']}"))[1]["id"] == third["id"]
    assert await call("DELETE", f"{path}/{third['id']}") == (204, None)
    assert (await call("DELETE", f"{path}/{third['id']}"))[1]["code"] == 10063
    assert (await call("GET", "/applications/1/commands"))[1]["code"] == 10002


async def test_a_guild_may_have_commands_of_its_own(server: DiscordServer, call: Call, path: str) -> None:
    anna = server.person(11, "Anna", "de")
    home, foreign = server.guild("Riverside", [anna]), server.guild("Elsewhere", bot=False)
    local = command(name_localizations={"de": "petition-de"}, description_localizations={"de": "Petitionen"})
    own = path.replace("/commands", "/guilds/{}/commands")
    assert (await call("POST", own.format(home.id), local))[1]["guild_id"] == str(home.id)
    assert (await call("POST", own.format(foreign.id), local))[1]["code"] == 50001

    view = anna.in_channel(home.channel())
    assert view.menu() == ["/petition-de - Petitionen"]
    made = await view.command("petition-de", wait=False)
    assert made.payload["data"]["name"] == "petition"
    assert anna.dm().menu() == []


async def test_who_may_use_a_command(server: DiscordServer, call: Call, path: str) -> None:
    await call("PUT", path, [command(default_member_permissions=0), command(name="b", dm_permission=False)])
    anna = server.person(11, "Anna")
    guild = server.guild("Riverside", managers=[anna])
    view = anna.in_channel(guild.channel())

    assert (view.menu(), anna.dm().menu()) == (["/b - Petitions"], ["/petition - Petitions"])
    guild.join(anna, Permission.ADMINISTRATOR)
    assert len(view.menu()) == 2
    guild.leave(anna)
    with pytest.raises(AssertionError, match="Anna is not a member"):
        anna.in_channel(guild.channel())


async def test_values_of_options(server: DiscordServer, call: Call, path: str) -> None:
    listed = [
        option(choices=[CHOICE]),
        option(type=4, name="count"),
        option(type=5, name="public"),
        option(type=7, name="where"),
        option(name="note", min_length=2, max_length=3),
    ]
    await call("PUT", path, [options(*listed)])
    anna = server.person(11, "Anna")
    place = server.guild("Riverside", [anna]).channel()
    view = anna.in_channel(place)
    values = {"petition": "Salmon", "count": 2, "public": True, "where": place, "note": "abc"}
    made = await view.command("petition", wait=False, **values)

    data = made.payload["data"]
    assert [each["value"] for each in data["options"]] == ["salmon", 2, True, str(place.id), "abc"]
    assert data["resolved"]["channels"][str(place.id)]["name"] == "general"
    for wrong in ({"petition": "x"}, {"count": "2"}, {"count": True}, {"public": 1}, {"note": "a"}, {"where": anna}):
        with pytest.raises(AssertionError):
            await view.command("petition", wait=False, **wrong)
    with pytest.raises(AssertionError, match="has no autocomplete"):
        await view.complete("petition", "note", "a", wait=False)

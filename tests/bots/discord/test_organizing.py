"""`/organize`: what Discord accepts, what its options mean, who sees it, and who gets an answer."""

from __future__ import annotations

import datetime as dt
import logging
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.discord.commands import Invocation
from bots.discord.organizing import command_line, organize_definition, spell
from core.messages import Message
from core.organizer import COMMANDS, FAMILIES, GROUP
from core.organizer.command import AnyCommand
from tests.discord_server.commands import check
from tests.discord_server.errors import Form
from tests.discord_server.people import Person
from tests.discord_server.permissions import EVERYTHING, MEMBER, Permission
from tests.discord_server.views import ChannelView
from tests.patience import until
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE, TREES, catalog, petitions

_FAMILY_OF = {command.name: family for family, commands in FAMILIES.items() for command in commands}
_WORDS = sorted(
    {SALESFORCE, TREES, "links", "steps", "newsletter", "in es", "label=flyer", "mail.example", "250", "1y", "?"}
    | {word for command in COMMANDS for parameter in command.parameters for word in parameter.words}
)
ARGUMENTS = st.lists(st.sampled_from(_WORDS) | st.text(st.characters(codec="ascii", categories=["L", "N"]))).map(
    lambda words: " ".join(" ".join(words).split())
)


def path(command: AnyCommand) -> str:
    """The words that name a command."""
    return " ".join(filter(None, (GROUP, _FAMILY_OF.get(command.name), command.name)))


def unclear(command: AnyCommand) -> dict[str, Any]:
    """A word that means nothing, for each of the command's options."""
    return {parameter.name: "x" for parameter in command.parameters}


def as_typed(command: AnyCommand, line: str) -> Invocation:
    """A command copied from a screen into the chat, as Discord reads it."""
    names = "|".join(parameter.name for parameter in command.parameters)
    assert line.startswith(f"/{path(command)}")
    rest = line.removeprefix(f"/{path(command)}")
    pieces = re.split(rf" ({names}):", rest)[1:] if names else []
    return Invocation(path(command), dict(zip(pieces[::2], pieces[1::2], strict=True)))


def test_discord_accepts_the_definition_and_it_has_every_command() -> None:
    definition, form = organize_definition(catalog()), Form()
    check(form, definition)
    form.refuse()
    found: dict[str, list[str]] = {}
    for option in definition["options"]:
        inner = option["options"] if option["type"] == 2 else [option]
        found |= {each["name"]: [one["name"] for one in each["options"]] for each in inner}
    assert found == {command.name: [one.name for one in command.parameters] for command in COMMANDS}


def test_descriptions_are_translated_and_names_are_the_same_in_every_language() -> None:
    """As with `!stats`: texts name an organizers' command as `/organize stats`, whatever language they're in."""
    codes = {"es-ES", "es-419"}
    nodes = [organize_definition(catalog())]
    for node in nodes:
        nodes += node.get("options", [])
        assert "name_localizations" not in node
        assert set(node["description_localizations"]) == codes, node["name"]
        assert node["description_localizations"]["es-ES"] != node["description"], node["name"]
    assert len(nodes) > 60


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@given(argument=ARGUMENTS)
def test_what_can_be_typed_with_a_sign_can_be_given_in_options(command: AnyCommand, argument: str) -> None:
    given_whole = {command.parameters[-1].name: argument} if command.parameters else {}
    line = command_line(Invocation(path(command), given_whole))
    assert line is not None
    assert line.name == command.name
    assert command.parse(line.argument, petitions()) == command.parse(
        argument if command.parameters else "", petitions()
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@given(argument=ARGUMENTS)
def test_a_command_on_a_screen_means_the_same_when_it_is_typed(command: AnyCommand, argument: str) -> None:
    shown = spell(f"{command.name} {argument}".strip(), petitions())
    line = command_line(as_typed(command, shown))
    assert line is not None
    assert line.argument == (argument if command.parameters else "")


def test_a_command_that_is_not_there_is_written_as_in_a_direct_message() -> None:
    assert spell("join 7KQ2", petitions()) == "!join 7KQ2"
    assert spell("stats", petitions()) == "/organize stats"
    assert spell(f"close {TREES} yes", petitions()) == f"/organize petition close petition:{TREES} reply:yes"


async def office(theatre: DiscordTheatre) -> tuple[Person, ChannelView]:
    """An organizer in the organizers' server, whose manager allowed her the command."""
    olga = await theatre.organizer()
    theatre.guild.allow(GROUP, olga)
    return olga, olga.in_channel(theatre.channel)


async def test_only_those_whom_the_managers_allow_see_it(theatre: DiscordTheatre) -> None:
    _, view = await office(theatre)
    assert "/organize stats - " in "\n".join(view.menu())
    ada = (await theatre.person("Ada")).view
    assert "/organize" not in "\n".join(ada.menu())
    mona, admin = theatre.server.person(79, "Mona"), theatre.server.person(78, "Admin")
    theatre.guild.join(mona, EVERYTHING & ~Permission.ADMINISTRATOR)
    assert "/organize" not in "\n".join(mona.in_channel(theatre.channel).menu())
    theatre.guild.join(admin, MEMBER | Permission.ADMINISTRATOR)
    assert "/organize stats - " in "\n".join(admin.in_channel(theatre.channel).menu())
    elsewhere = theatre.server.guild("Elsewhere", [admin])
    assert "/organize" not in "\n".join(admin.in_channel(elsewhere.channel()).menu())


async def test_it_is_registered_once(theatre: DiscordTheatre) -> None:
    await office(theatre)
    await theatre.restart()
    await until(lambda: theatre.surface.organizers_server.is_ready)
    assert len(theatre.server.calls("PUT", f"/guilds/{theatre.guild.id}/commands")) == 1


async def test_everyone_else_gets_what_an_unknown_command_gives(theatre: DiscordTheatre) -> None:
    await office(theatre)
    sam = theatre.server.person(79, "Sam")
    theatre.guild.join(sam, MEMBER | Permission.ADMINISTRATOR)
    view = sam.in_channel(theatre.channel)
    await view.command("help")
    usual = view.last.as_text()
    for command in COMMANDS:
        await view.command(path(command))
        assert view.last.as_text() == usual, command.name
        assert view.last.only_for is view.user
    assert await view.complete("organize stats", "petition", "") == []
    assert await view.complete("organize link", "label", "") == []


async def test_nobody_else_sees_any_answer(theatre: DiscordTheatre) -> None:
    _, view = await office(theatre)
    for command in COMMANDS:
        await view.command(path(command))
        await view.command(path(command), **unclear(command))
    for name in ("stats", "chart", "export", "link"):
        more: dict[str, Any] = {"label": "flyer"} if name == "link" else {"format": "csv"} if name == "export" else {}
        await view.command(f"organize {name}", petition=SALESFORCE, **more)
    shown = list(theatre.channel.messages.values())
    assert len(shown) > 60
    assert [message.as_text() for message in shown if message.only_for is not view.user] == []
    assert not view.failed


async def test_texts_name_commands_as_they_are_typed_where_they_are_read(theatre: DiscordTheatre) -> None:
    olga, view = await office(theatre)
    signs = {"/": re.compile(r"(?<![\w/<])/(?!organize\b)(\w+)"), "!": re.compile(r"(?<![\w!])!(\w+)")}
    names = {command.name for command in COMMANDS}
    for command in COMMANDS:
        await view.command(path(command), wait=False, **unclear(command))
        await view.command(path(command), wait=False)
        dm = olga.dm()
        dm.say(f"!{command.name}")
        await dm.settle()  # only here, since settling is a heartbeat, and a client sends 110 in a minute at most
    in_server = " ".join(message.as_text() for message in theatre.channel.messages.values())
    in_private = " ".join(message.as_text() for message in dm.messages if message.author is not olga.user)
    assert not (names & set(signs["!"].findall(in_server)))
    assert "/organize petition close" in in_server
    assert "/organize" not in in_private
    telegram = catalog().text(Message("milestone.how_telegram"), "en")
    assert not (names & set(signs["/"].findall(in_private.replace(telegram, ""))))


async def test_help_leads_organizers_to_their_commands(theatre: DiscordTheatre) -> None:
    olga, view = await office(theatre)
    await view.command("help")
    await view.press("/organize stats")
    assert "Which petition?" in view.last.as_text()
    dm = olga.dm()
    await dm.press("Show all commands")
    assert "!stats: " in dm.last.as_text()
    for chat in (dm, olga.in_channel(theatre.server.guild("Elsewhere", [olga]).channel())):
        await chat.command("help")
        assert "!stats: " in chat.last.as_text()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("!petition", "/petition show"), ("!helo", "!help"), ("!organize count", "!count"),
        ("/organize team organizers", "!organizers"),
    ],
)  # fmt: skip
async def test_a_mistyped_command_leads_to_one_that_discord_has(
    theatre: DiscordTheatre, typed: str, meant: str
) -> None:
    (dm := (await theatre.organizer()).dm()).say(typed)
    await dm.settle()
    assert f"Did you mean {meant}?" in dm.last.as_text()
    await dm.press(meant)
    assert "Did you mean" not in dm.last.as_text()


async def test_petitions_links_and_arguments_are_completed(theatre: DiscordTheatre) -> None:
    _, view = await office(theatre)
    ada = await theatre.person("Ada")
    await ada.view.command("petition sign", petition=f"{SALESFORCE}--flyer")
    await ada.view.submit({"Postal code": "90210", "Hand in your name?": "No"})

    async def values(words: str, option: str, typed: str = "", **given: Any) -> list[str]:
        return [str(choice["value"]) for choice in await view.complete(words, option, typed, **given)]

    assert await values("organize stats", "petition", "elm") == [TREES]
    assert await values("organize stats", "part", "li") == ["links"]
    assert await values("organize link", "label") == ["flyer"]
    assert await values("organize export", "filters", "since=7d la") == ["since=7d label=flyer"]
    assert await values("organize petition goal", "goal", "5,000") != []
    assert await values("organize announcement", "audience", "fly") == ["by flyer"]
    assert await values("organize origins block", "origin") == ["label=flyer"]


@pytest.mark.parametrize(("name", "label"), [("announce", "Your announcement"), ("petition victory", "Your message")])
async def test_a_longer_text_is_written_in_a_form(theatre: DiscordTheatre, name: str, label: str) -> None:
    _, view = await office(theatre)
    await view.command(f"organize {name}", petition=SALESFORCE)
    await view.press("Write it in a form")
    assert view.modal is not None
    (field,) = view.modal.components
    assert field["label"].startswith(label)
    await view.submit({field["label"]: "We won.\nThank you!"})
    assert "We won." in view.last.as_text()
    assert view.last.only_for is view.user
    await view.command(f"organize {name}", petition=SALESFORCE)
    with theatre.world.work() as work:
        (organizer,) = work.organizers.all()
        work.organizers.remove(organizer.key)
        work.commit()
    await view.press("Write it in a form")
    assert view.modal is None, "nobody else gets the form"
    await view.command("help")
    assert "organize" not in view.last.as_text()


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10004)])
async def test_a_server_without_the_bot_is_reported_and_all_else_works(
    theatre: DiscordTheatre, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "bots")
    theatre.server.fail_next("*", "/guilds/", status, code, times=2)
    await theatre.organize_in(theatre.guild.id)
    await until(lambda: "ORGANIZERS_GUILD" in caplog.text)
    assert caplog.text.count("the bot isn't in the server that ORGANIZERS_GUILD names") == 1
    ada = await theatre.person("Ada")
    await ada.view.command("petition show", petition=SALESFORCE)
    assert "Salesforce" in ada.view.last.as_text()


async def test_an_earlier_server_loses_the_command_when_it_is_used_there(theatre: DiscordTheatre) -> None:
    _, view = await office(theatre)
    other = theatre.server.guild("New office")
    await theatre.organize_in(other.id)
    await view.command("organize stats", petition=SALESFORCE)
    assert "Counted: 0" in view.last.as_text().replace("**", "")
    assert view.last.only_for is view.user
    assert "/organize" not in "\n".join(view.menu())


async def test_a_link_is_a_command_that_carries_its_label(theatre: DiscordTheatre) -> None:
    _, view = await office(theatre)
    await view.command("organize link", petition=SALESFORCE, label="flyer")
    text = view.last.as_text()
    assert f"/petition sign petition:{SALESFORCE}--flyer" in text
    assert "https://discord.com/oauth2/authorize" in text
    assert view.last.attachments == []


async def test_a_server_appears_under_its_present_name(theatre: DiscordTheatre) -> None:
    _, view = await office(theatre)
    ada = await theatre.person("Ada")
    await ada.view.command("petition sign", petition=SALESFORCE)
    await ada.view.submit({"Postal code": "90210", "Hand in your name?": "No"})
    await view.command("organize sources", petition=SALESFORCE)
    assert "**Riverside:** 1" in view.last.as_text()
    theatre.guild.state.name = "Lakeside"
    for days, name in ((0, "Riverside"), (1, "Lakeside")):
        theatre.world.now += dt.timedelta(days=days)
        await ada.view.command("petition show", petition=SALESFORCE)
        await view.command("organize sources", petition=SALESFORCE)
        assert f"**{name}:** 1" in view.last.as_text()
    asked = theatre.server.calls("GET", f"/guilds/{theatre.guild.id}")
    assert len([call for call in asked if not call.path.endswith("/commands")]) == 2

"""The slash commands: as Discord wants them, in every language, and told only when they changed."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.json_object import JsonObject
from bots.discord import commands as commands_module
from bots.discord import custom_id, organizing
from bots.discord.commands import EVENTS, LONGEST_DESCRIPTION, Invocation, differ
from bots.discord.completion import complete
from bots.discord.custom_id import FormId
from bots.discord.form_flow import sent_form
from bots.discord.menu import definitions
from core.conversation.state import Open
from core.conversation.typed import FormSheet, SendForm
from core.messages import Command
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import NOW, SALESFORCE, TREES, catalog, petitions


async def test_they_are_registered_once_and_again_only_when_they_changed(theatre: DiscordTheatre) -> None:
    assert len(theatre.server.calls("PUT", "/commands")) == 1
    await theatre.restart()
    assert len(theatre.server.calls("GET", "/commands")) == 2
    assert len(theatre.server.calls("PUT", "/commands")) == 1


def test_any_change_is_noticed_and_what_discord_adds_is_not() -> None:
    wanted = definitions(catalog())
    present = [copy.deepcopy(command) | {"id": "1", "version": "2", "nsfw": False} for command in wanted]
    assert not differ(present, wanted)
    present[0]["options"][0]["description"] = "Something older"
    assert differ(present, wanted)
    present = copy.deepcopy(wanted)
    assert not differ(present, wanted)
    for key, value in (
        ("default_member_permissions", 32),
        ("options", [{"name": "old", "type": 3, "description": "x"}]),
    ):
        assert differ([*present[:-1], present[-1] | {key: value}], wanted), "what was taken away"
    assert differ(present[1:], wanted)
    assert differ([*present, {"name": "old", "description": "gone"}], wanted)


def test_nobody_sees_the_organizers_command_until_a_servers_managers_allow_it() -> None:
    assert organizing.organize_definition(catalog())["default_member_permissions"] == 0


@pytest.mark.parametrize(
    ("locale", "codes"),
    [("es", ["es-419", "es-ES"]), ("pt", ["pt-BR"]), ("de", ["de"]), ("zh", ["zh-CN", "zh-TW"]), ("ca", [])],
)
def test_a_language_is_called_as_discord_calls_it(locale: str, codes: list[str]) -> None:
    assert commands_module._codes(locale) == codes


async def test_everybody_finds_them_in_their_language(theatre: DiscordTheatre) -> None:
    ana = await theatre.person("Ana", "es")
    menu = "\n".join(ana.view.menu())
    assert "/petición firmar - Firmar la petición" in menu
    assert "/misfirmas - " in menu
    assert "/petition" not in menu


@pytest.mark.parametrize(("locale", "code"), [("en", "en-US"), ("es", "es-ES")])
def test_texts_name_commands_as_they_are_typed_in_their_language(locale: str, code: str) -> None:
    known = [line for command in definitions(catalog()) if command["type"] == 1 for line in named(command, code)]
    words = catalog()._translations[locale].sentences
    texts = [text for key, text in words.items() if key.startswith("discord.") and isinstance(text, str)]
    found = [text[text.index(" /") + 1 :] for text in texts if " /" in text]
    assert len(found) > 4
    for text in found:
        assert any(text.startswith(line) for line in known), text


def named(node: JsonObject, code: str, before: str = "/") -> list[str]:
    """The whole names of a command's subcommands, or of the command itself, in a language."""
    name = before + node.get("name_localizations", {}).get(code, node["name"])
    inner = [option for option in node.get("options", []) if option["type"] in {1, 2}]
    return [line for option in inner for line in named(option, code, f"{name} ")] or [name]


async def test_petitions_and_sources_are_completed_while_a_person_types(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    choices = await view.complete("petition read", "petition", "SALESFORCE cancel")
    assert [choice["value"] for choice in choices] == [SALESFORCE]
    assert len(await view.complete("petition read", "petition", "")) == 2
    assert await view.complete("petition read", "petition", "no such words") == []
    sources = await view.complete("petition sources", "source", "footwear", petition=SALESFORCE)
    assert [choice["value"] for choice in sources] == ["2"]
    assert await view.complete("petition sources", "source", "", petition="gone") == []


def test_sources_are_those_of_the_named_petition_or_of_the_only_one() -> None:
    def offered(named: str, *slugs: str) -> list[str]:
        typed = Invocation("petition sources", {"petition": named} if named else {}, "source")
        choices = complete(typed, {slug: petitions()[slug] for slug in slugs}, "en", {})
        return [choice["value"] for choice in choices]

    own = {slug: [str(source.number) for source in petitions()[slug].text("en").sources] for slug in petitions()}
    assert own[SALESFORCE] != own[TREES]
    for slug in (SALESFORCE, TREES):
        assert offered("", slug) == own[slug]
        assert offered(slug, SALESFORCE, TREES) == own[slug]
    assert offered("", SALESFORCE, TREES) == []


def test_every_command_and_option_is_described_by_a_sentence() -> None:
    known = {words[:LONGEST_DESCRIPTION] for words in catalog()._translations["en"].sentences.values() if words}

    def described(nodes: list[JsonObject]) -> Iterator[str]:
        for node in nodes:
            yield node.get("description", "")
            yield from described(node.get("options", []))

    descriptions = [words for words in described(definitions(catalog())) if words]
    assert len(descriptions) > len(EVENTS)
    assert set(descriptions) <= known


async def test_a_source_chosen_in_the_command_opens_and_leads_to_the_list(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition sources", petition=SALESFORCE, source="2")
    assert "Source 2 of 3" in view.last.as_text()
    await view.command("petition sources", petition=SALESFORCE, source="99")
    assert "cites 3 sources" in view.last.as_text()


async def test_without_a_petition_one_is_chosen(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition show")
    assert "Choose one of these 2 petitions" in view.last.as_text()
    await view.command("petition read", petition="gone")
    assert "There's no petition by that name here" in view.last.as_text()


@given(st.text(max_size=100))
def test_nothing_that_comes_back_does_harm(written: str) -> None:
    pressed, sent = custom_id.read(written, petitions()), custom_id.read_form(written, petitions())
    posted = custom_id.read_post(written, petitions())
    assert pressed is None or pressed.petition in {"", *petitions()}
    assert sent is None or sent.petition in petitions()
    assert posted is None or posted[0] in petitions()


def test_custom_ids_are_read_as_written() -> None:
    pressed = custom_id.read(custom_id.on_card("g.." + TREES, "gabc"), petitions())
    assert pressed is not None
    assert (pressed.petition, pressed.label, pressed.revision) == (TREES, "gabc", None)
    assert custom_id.read_post(custom_id.to_post(TREES, "rme"), petitions()) == (TREES, "rme")
    sheet = FormSheet("a1" * 5, "b2" * 5, NOW)
    for meant in (FormId(TREES), FormId(TREES, "gabc"), FormId(TREES, None, sheet), FormId(TREES, "c-c", sheet)):
        assert custom_id.read_form(custom_id.form(meant), petitions()) == meant
    longest = custom_id.form(FormId("s" * 30, "l" * 32, sheet))
    assert len(longest) <= custom_id.LONGEST
    assert custom_id.read(custom_id.to_fill("gone"), petitions()) is None


def test_a_form_gives_text_choices_and_nothing() -> None:
    sent = [
        {"type": 18, "component": {"type": 4, "custom_id": "name", "value": "Ada"}},
        {"type": 18, "component": {"type": 21, "custom_id": "rents", "value": None}},
        {"type": 18, "component": {"type": 3, "custom_id": "country", "values": ["US"]}},
        {"type": 18, "component": {"type": 3, "custom_id": "town", "values": []}},
        {"type": 10},
    ]
    petition, event = sent_form({"custom_id": f"m|{TREES}", "components": sent}, petitions())
    assert petition == TREES
    assert event == SendForm({"name": "Ada", "rents": "", "country": "US", "town": ""})


def test_a_form_of_a_petition_that_is_gone_shows_where_its_sender_is() -> None:
    assert sent_form({"custom_id": "m|gone", "components": []}, petitions()) == ("", Open())


def test_commands_for_everyone_are_named_as_discord_shows_them() -> None:
    words = catalog().typed_with("!{}".format)
    assert words.words(Command("petition show", is_signers=True), "es") == "/petición mostrar"
    for name in EVENTS:
        assert "name." not in words.words(Command(name, is_signers=True), "es")

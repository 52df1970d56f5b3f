"""“Sources of this petition” in the menu of a message, and citations as a reader taps them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.state import User
from tests.scenarios.discord_stage import DiscordPersona, DiscordTheatre
from tests.world import SALESFORCE, TREES

MODERATOR = MEMBER | Permission.MANAGE_MESSAGES
NOT_A_CARD = "That message isn't a petition's card from me"


@pytest.mark.server
async def test_a_reader_opens_a_source_from_its_paragraph_and_returns(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await ada.view.command("petition read", petition=SALESFORCE)
    await ada.taps("Next page")
    page = ada.view.last.as_text()
    assert page.index("with citizens.”") < page.index("[[2]]") < page.index("has claimed to be outraged")
    await ada.taps("[2]")
    assert "Source 2 of 3" in ada.reads()
    assert "Footwear News" in ada.reads()
    await ada.taps("Back to the page")
    assert ada.view.last.as_text() == page
    assert len(ada.view.messages) == 1, "all in one message"


async def reader_of_card(theatre: DiscordTheatre, petition: str) -> DiscordPersona:
    """Ada, in a channel where a moderator has posted a petition's card."""
    mona = theatre.server.person(900, "Mona", "en-US")
    theatre.guild.join(mona, MODERATOR)
    await mona.in_channel(theatre.channel).command("moderate post", petition=petition)
    return await theatre.person("Ada")


@pytest.mark.server
async def test_the_menu_of_a_card_shows_its_sources_to_one_person(theatre: DiscordTheatre) -> None:
    ada, ana = await reader_of_card(theatre, SALESFORCE), await theatre.person("Ana", "es")
    card = ada.view.last
    await ada.view.use_on(card, "Sources of this petition")
    assert "The petition cites 3 sources" in ada.reads()
    assert ada.view.last.only_for is ada.view.user
    assert ana.view.last is card
    await ana.view.use_on(card, "Fuentes de esta petición")
    assert "Gizmodo" in ana.reads()
    assert not theatre.server.failures


@pytest.mark.server
async def test_the_menu_of_a_card_whose_petition_was_removed_says_so(theatre: DiscordTheatre) -> None:
    ada = await reader_of_card(theatre, TREES)
    del theatre.world.petitions[TREES]
    await ada.view.use_on(ada.view.last, "Sources of this petition")
    assert "There's no petition by that name here" in ada.reads()
    assert ada.view.last.only_for is ada.view.user
    assert not theatre.server.failures


@pytest.mark.server
async def test_a_card_of_another_bot_is_not_ours(theatre: DiscordTheatre) -> None:
    ada = await reader_of_card(theatre, SALESFORCE)
    card, world = ada.view.last, theatre.server.world
    copied = replace(card, id=world.ids.next(), author=User(world.ids.next(), "Copycat", is_bot=True))
    theatre.channel.messages[copied.id] = copied
    await ada.view.use_on(copied, "Sources of this petition")
    assert NOT_A_CARD in ada.reads()


@pytest.mark.server
async def test_the_menu_of_another_message_says_that_it_is_no_card(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await ada.view.use_on(ada.view.say("What do you all think?"), "Sources of this petition")
    assert NOT_A_CARD in ada.reads()
    assert ada.view.last.only_for is ada.view.user
    await ada.view.use_on(ada.view.last, "Sources of this petition")
    assert NOT_A_CARD in ada.reads()

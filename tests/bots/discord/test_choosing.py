"""A person who names no petition chooses one, and then gets what was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.common.callback_data import decode, encode
from core.conversation import state as ev
from core.petition.envelope import with_digests
from core.signatures.signature import SignatureStatus
from tests.bots.discord.test_servers import moderator
from tests.discord_server.kinds import walk
from tests.scenarios.discord_stage import NAMELESS, DiscordTheatre
from tests.world import SALESFORCE, catalog, petitions


def same(theatre: DiscordTheatre, count: int) -> None:
    """Let so many more groups have a petition with the same title and target."""
    for number in range(count):
        named = replace(petitions()[SALESFORCE], slug=f"p{number}", organizer=f"Group {number}")
        theatre.world.petitions[named.slug] = with_digests(named, catalog())


@pytest.mark.parametrize(
    ("command", "then"),
    [("read", "It is time to cancel"), ("sources", "Gizmodo"), ("count", "goal"), ("share", "“Post it here” posts")],
)
async def test_the_choice_leads_to_what_was_asked_for(theatre: DiscordTheatre, command: str, then: str) -> None:
    ada = await theatre.person("Ada")
    await ada.view.command(f"petition {command}")
    assert "Choose one of these 2 petitions" in ada.view.last.as_text()
    await ada.taps("Tell Salesforce to cancel")
    assert then in ada.view.last.as_text()


async def test_pages_of_the_list_keep_the_wish_and_the_label_and_equal_titles_are_told_apart(
    theatre: DiscordTheatre,
) -> None:
    same(theatre, 10)
    ada = await theatre.person("Ada Lovelace")
    await ada.view.command("petition sign")
    typed = await ada.view.complete("petition sign", "petition", "group 3")
    assert [choice["name"].partition(":")[0] for choice in typed] == ["Group 3 → Salesforce CEO Marc Benioff"]
    (menu,) = (each for each in walk(ada.view.last.components) if each.get("options"))
    about = [option["description"] for option in menu["options"]]
    assert about[0] == "A petition to Salesforce CEO Marc Benioff, by Demand Progress"
    assert len(set(about)) == len(about) == 8
    await ada.view.press("Next page")
    assert "Page 2 of 2" in ada.view.last.as_text()
    assert "by Group 9" in ada.view.last.as_text(), "equal titles are told apart above the menu as well"
    (menu,) = (each for each in walk(ada.view.last.components) if each.get("options"))
    await ada.view.choose(menu["placeholder"], [menu["options"][-1]["label"]])
    await ada.view.submit({"Postal code": "90210", **NAMELESS})
    (signature,) = theatre.services.queries.signatures("p9", (SignatureStatus.COUNTED,))
    assert signature.label == theatre.services.community_label("discord", str(theatre.guild.id))


async def test_beside_equal_titles_every_button_has_its_number(theatre: DiscordTheatre) -> None:
    same(theatre, 1)
    ada = await theatre.person("Ada")
    await ada.view.command("petition show")
    buttons = [each["label"] for each in walk(ada.view.last.components) if each.get("custom_id")]
    assert [words[:3] for words in buttons] == ["1. ", "2. ", "3. "]


async def test_a_communitys_figures_tell_equal_titles_apart(theatre: DiscordTheatre) -> None:
    same(theatre, 2)
    mona = await moderator(theatre)
    await mona.command("moderate community")
    shown = mona.last.as_text()
    assert all(f"### Group {number} → Salesforce CEO Marc Benioff: Tell" in shown for number in (0, 1))


async def test_signatures_under_equal_titles_are_told_apart(theatre: DiscordTheatre) -> None:
    same(theatre, 2)
    ada = await theatre.person("Ada Lovelace")
    await ada.view.command("petition sign", petition="p0")
    await ada.view.submit({"Postal code": "90210", **NAMELESS})
    await ada.view.command("petition sign", petition="p1")
    await ada.view.press("Confirm")
    await ada.view.command("updates")
    assert "Group 0 → Salesforce CEO Marc Benioff: Tell" in ada.view.last.as_text()
    await ada.view.command("mysignatures")
    kinds = ("Proof", "Withdraw", "Text I signed")
    shown = ada.view.last.as_text()
    assert all(f"{kind}: Group {number} → " in shown for kind in kinds for number in (0, 1))
    await ada.view.press("Withdraw: Group 1")
    assert "from “Group 1 → Salesforce CEO Marc Benioff: Tell" in ada.view.last.as_text()


@pytest.mark.parametrize("wish", [None, ev.Begin(), ev.TurnPage(0), ev.ListSources()])
def test_a_page_of_the_list_carries_the_wish(wish: ev.Event | None) -> None:
    written = encode(ev.ListPetitions(3, wish), None, None)
    callback = decode(written, petitions())
    assert callback
    assert callback.event == ev.ListPetitions(3, wish)

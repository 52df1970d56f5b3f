"""Signing in one form, as people see it: two actions and two calls, and where a form that can't sign leads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.petition.envelope import with_digests
from core.signatures.signature import SignatureStatus
from tests.bots.telegram.test_renderer import with_letter
from tests.discord_server.kinds import walk
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import NAMELESS, UNNAMED, DiscordTheatre
from tests.world import SALESFORCE, catalog, petitions

NAMED = {"Postal code": "90210", "Hand in your name?": "Yes"}
NAMED_OUT = {"Postal code": "90210", **NAMELESS}


def answers(theatre: DiscordTheatre, since: int) -> int:
    """The calls with which the bot has answered since then; it also asks for a server's name, once a day."""
    return sum(call.method != "GET" for call in theatre.server.log[since:])


async def opens(view: ChannelView, petition: str = SALESFORCE) -> str:
    await view.command("petition sign", petition=petition)
    assert view.modal
    return view.modal.as_text()


async def test_a_new_signer_takes_two_actions_and_nobody_else_sees_it(theatre: DiscordTheatre) -> None:
    ada, ben = await theatre.person("Ada Lovelace"), await theatre.person("Ben")
    since = len(theatre.server.log)
    form = await opens(ada.view)
    assert "You must cancel your corporations contract with CBP immediately." in form, "the end of the letter"
    assert "only if you choose “Yes”" in form
    assert "180 days after the petition closes" in form
    assert "[Ada Lovelace]" in form
    assert "(x)" not in form, "no box is ticked beforehand"
    await ada.view.submit(NAMED)
    assert answers(theatre, since) == 2, "a call each"
    receipt = ada.view.last.as_text()
    assert "Thank you!" in receipt
    assert "How you're listed:** as Ada Lovelace and 90210" in receipt
    assert "[Withdraw]" in receipt
    assert "[Send me updates]" in receipt, "none without the box"
    assert theatre.world.counted() == 1
    assert all(message.ephemeral for message in ada.view.messages)
    assert ben.view.messages == []


async def test_a_long_letter_takes_three_actions(theatre: DiscordTheatre) -> None:
    long = with_digests(with_letter("A long story. " * 400), catalog())
    theatre.world.petitions[SALESFORCE] = long
    ada = await theatre.person("Ada Lovelace")
    since = len(theatre.server.log)
    assert "A long story" not in await opens(ada.view)
    await ada.view.submit({"Postal code": "90210", **NAMELESS})
    assert "only the beginning of the letter" in ada.view.last.as_text()
    await ada.view.press("Confirm")
    assert answers(theatre, since) == 3
    assert theatre.world.counted() == 1


async def test_a_known_signer_takes_two_actions(theatre: DiscordTheatre) -> None:
    second = with_digests(replace(petitions()[SALESFORCE], slug="second"), catalog())
    theatre.world.petitions["second"] = second
    ada = await theatre.person("Ada Lovelace")
    await opens(ada.view)
    await ada.view.submit(NAMED)
    since = len(theatre.server.log)
    await ada.view.command("petition sign", petition="second")
    assert ada.view.modal is None
    assert "Ada Lovelace" in ada.view.last.as_text(), "the name is part of what is confirmed"
    await ada.view.press("Confirm")
    assert answers(theatre, since) == 2
    assert theatre.world.counted("second") == 1


async def test_updates_come_to_those_who_tick_the_box(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada Lovelace")
    await opens(ada.view)
    await ada.view.submit(NAMED | {"If you like": ["Send me updates"]})
    (signature,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert (signature.updates, signature.by_email) == (True, False)


async def test_a_text_that_changed_meanwhile_leads_to_the_review(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada Lovelace")
    await opens(ada.view)
    theatre.world.petitions[SALESFORCE] = with_digests(with_letter("Please cancel it."), catalog())
    await ada.view.submit(NAMED)
    shown = ada.view.last.as_text()
    assert "changed" in shown
    assert "We've kept your answers" in shown
    assert "Please cancel it." in shown
    assert theatre.world.counted() == 0
    await ada.view.press("Confirm")
    assert theatre.world.counted() == 1


@pytest.mark.parametrize("older", [f"m|{SALESFORCE}", f"mcelm-club|{SALESFORCE}"])
async def test_a_form_from_an_older_version_leads_to_the_review(theatre: DiscordTheatre, older: str) -> None:
    ada = await theatre.person("Ada Lovelace")
    await opens(ada.view)
    assert ada.view.modal
    ada.view.modal.custom_id = older
    await ada.view.submit(NAMED)
    assert "about to sign" in ada.view.last.as_text()
    assert theatre.world.counted() == 0
    await ada.view.press("Confirm")
    assert theatre.world.counted() == 1


async def test_forms_that_are_open_in_two_places_sign_once(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada Lovelace")
    await opens(ada.view)
    await opens(ada.dm)
    await ada.view.submit(NAMED)
    await ada.dm.submit(NAMED)
    assert "already signed" in ada.dm.last.as_text()
    assert theatre.world.counted() == 1


async def test_a_wrong_form_names_every_fault_with_its_field(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada Lovelace")
    await opens(ada.view)
    await ada.view.submit({"Name": "www.example.org", "Postal code": "9021", "Hand in your name?": "Yes"})
    shown = ada.view.last.as_text()
    assert "Please correct these 2 answers. We've kept the others." in shown
    assert "Name:** A name can't contain a link" in shown
    assert "Postal code:** That isn't a valid postal code" in shown
    assert "more question" not in shown, "a form asks everything at once"
    assert "current answer" not in shown, "nobody could tell of which question it is"
    assert [each["label"] for each in walk(ada.view.last.components) if each.get("custom_id")] == [
        "Correct your answers", "Back", "Cancel",
    ]  # fmt: skip
    await ada.view.press("Correct your answers")
    assert ada.view.modal
    form = ada.view.modal.as_text()
    assert "(x) Yes" in form, "what was right is kept"
    assert "(A name can't contain a link" in form
    assert "(That isn't a valid postal code" in form
    await ada.view.submit({"Name": "Ada Lovelace", "Postal code": "90210"})
    assert "Thank you!" in ada.view.last.as_text()
    assert theatre.world.counted() == 1


async def test_the_way_to_more_answers_is_a_box(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada Lovelace")
    assert "add: Email and Comment" in await opens(ada.view)
    await ada.view.submit({"Postal code": "90210", **UNNAMED})
    await ada.taps("Edit")
    await ada.view.submit({"Comment": "Because I care"})
    await ada.view.press("Confirm")
    (signature,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert signature.answers["comment"] == "Because I care"


async def test_no_tap_on_a_public_card_signs(theatre: DiscordTheatre) -> None:
    ada, ben = await theatre.person("Ada Lovelace"), await theatre.person("Ben Brown")
    await opens(ada.view)
    await ada.view.submit(NAMED)
    await ada.view.press("Post it here")
    card = next(message for message in ben.view.messages if not message.ephemeral)
    buttons = [each["label"] for each in walk(card.components) if each.get("custom_id")]
    assert len(buttons) > 2
    for label in buttons:
        await ben.view.press_on(card, label)
        ben.view.dismiss_modal()
    assert theatre.world.counted() == 1
    await ben.view.press_on(card, "Sign")
    await ben.view.submit(NAMED_OUT)
    assert theatre.world.counted() == 2
    labels = {each.label[:4] for each in theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))}
    assert "own~" in labels, "the card's label is credited"

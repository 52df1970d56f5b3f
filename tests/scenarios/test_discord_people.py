"""Stories of people on Discord who use only what their phone shows, with what each step costs."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from core.conversation.screen import View
from core.services.signing import SigningService
from tests.bots.discord.test_servers import posted
from tests.discord_server.routes.interactions import REPLY
from tests.patience import until, until_blocking
from tests.scenarios.discord_phone import Phone
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE

DETAILS = {"Postal code": "90210", "Full name": "Sofia Sims", "Name": "Sofia Sims"}
LETTER_TOO_LONG, KNOWN, IN_ONE_FORM = 3, 2, 2  # actions to sign
pytestmark = pytest.mark.parametrize("theatre", ["discord"], indirect=True)


async def phone(theatre: DiscordTheatre, name: str, *, private: bool = False) -> Phone:
    persona = await theatre.person(name)
    return Phone(theatre.server, persona.dm if private else persona.view, DETAILS)


async def test_sofia_reads_checks_a_source_signs_and_undoes_it(theatre: DiscordTheatre) -> None:
    card = await posted(theatre)
    words = card.as_text()
    sofia = await phone(theatre, "Sofia")
    await sofia.taps("Read", card)
    assert "Petition to Salesforce CEO Marc Benioff" in sofia.reads()
    await sofia.taps("Next page")
    await sofia.taps("[1]")
    assert "Gizmodo" in sofia.reads()
    assert "June 28, 2018" in sofia.reads()
    await sofia.taps("Back")
    assert "Salesforce employees were shocked" in sofia.reads(), "back where she was"
    sofia.start_counting()
    await sofia.signs()
    assert "Thank you! You've signed" in sofia.reads()
    assert theatre.world.counted() == 1
    assert sofia.actions == IN_ONE_FORM
    assert sofia.calls == [1] * sofia.actions
    receipt = sofia.view.last
    sofia.start_counting()
    await sofia.taps("Withdraw")
    await sofia.taps("Withdraw my signature")
    assert "We've withdrawn your signature" in sofia.reads()
    assert theatre.world.counted() == 0
    assert sofia.calls == [1, 1]
    assert "Thank you! You've signed" in receipt.as_text().replace("\\", ""), "what she did stays on record"
    assert [message for message in sofia.view.messages if not message.ephemeral] == [card]
    assert card.as_text() == words, "nobody else sees any of this"


async def test_a_known_signer_signs_in_two_actions(theatre: DiscordTheatre) -> None:
    known = theatre.world.petitions
    known["oaks"] = replace(known[SALESFORCE], slug="oaks")
    sofia = await phone(theatre, "Sofia")
    for petition, most in ((SALESFORCE, IN_ONE_FORM), ("oaks", KNOWN)):
        await sofia.commands("petition show", petition=petition)
        sofia.start_counting()
        await sofia.signs()
        assert "Thank you! You've signed" in sofia.reads()
        assert theatre.world.counted(petition) == 1
        assert sofia.actions == most
        assert sofia.calls == [1] * sofia.actions


async def test_a_letter_too_long_for_the_form_costs_one_action_more(theatre: DiscordTheatre) -> None:
    petition = theatre.world.petitions[SALESFORCE]
    text = petition.texts["en"]
    long = replace(text, letter=replace(text.letter, blocks=text.letter.blocks * 5))
    theatre.world.petitions["oaks"] = replace(petition, slug="oaks", texts={"en": long})
    sofia = await phone(theatre, "Sofia")
    await sofia.commands("petition show", petition="oaks")
    sofia.start_counting()
    await sofia.signs()
    assert "Thank you! You've signed" in sofia.reads()
    assert sofia.actions == LETTER_TOO_LONG
    assert sofia.calls == [1] * LETTER_TOO_LONG


async def test_in_private_a_careful_signer_finds_every_receipt_again(theatre: DiscordTheatre) -> None:
    sofia = await phone(theatre, "Sofia", private=True)
    await sofia.types("hello")
    await sofia.commands("petition show", petition=SALESFORCE)
    await sofia.signs()
    receipt, words = sofia.view.last, sofia.reads()
    assert "Receipt" in words
    await sofia.taps("More", receipt)
    await sofia.taps("Privacy")
    await sofia.types("thank you")
    await sofia.taps("Proof", receipt)
    assert "Your proof will be ready" in sofia.reads()
    assert receipt.as_text().replace("\\", "") == words
    assert sofia.calls[-1] == 1


async def test_milos_bot_is_late(theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer takes so long that he taps Sign once more; he still signs once, and reads so."""
    milo = await phone(theatre, "Milo", private=True)
    await milo.commands("petition show", petition=SALESFORCE)
    cover = copy(milo.view.last)  # he taps what he sees, which an answer may have replaced a moment before
    await milo.taps("Sign")
    await theatre.stop_bot()
    handle = SigningService.handle

    def slowly(*arguments: Any, **named: Any) -> View:
        asked = len(theatre.server.calls("POST", "/callback"))
        until_blocking(lambda: len(theatre.server.calls("POST", "/callback")) > asked, "a sign of life has gone out")
        return handle(*arguments, **named)

    monkeypatch.setattr(SigningService, "handle", slowly)
    await theatre.start_bot(defer_after=0.05)
    sent = await milo.view.submit(milo.answers(), wait=False)
    await until(lambda: sent.response is not None)
    monkeypatch.setattr(SigningService, "handle", handle)
    await milo.view.press_on(cover, "Sign", wait=False)
    await milo.view.settle()
    assert theatre.world.counted() == 1
    assert "signed" in milo.reads()
    assert not theatre.server.failures
    assert not [message for message in milo.view.messages if message.loading]


async def test_milos_bot_runs_twice(theatre: DiscordTheatre) -> None:
    """Two processes get everything, so that each would answer; he sees one of each."""
    theatre.server.broadcast = True
    await theatre.start_bot(others=1)
    milo = await phone(theatre, "Milo", private=True)
    await milo.types("hello")
    await milo.types("")
    await milo.types("")
    assert [message.author.is_bot for message in milo.view.messages].count(True) == 2
    await milo.commands("petition show", petition=SALESFORCE)
    await milo.signs()
    assert theatre.world.counted() == 1
    assert [message.as_text().count("Thank you!") for message in milo.view.messages].count(1) == 1
    receipt = milo.view.last
    tap = await milo.view.press_on(receipt, "Withdraw")
    assert tap.response == REPLY
    await milo.taps("Withdraw my signature")
    assert theatre.world.counted() == 0
    assert not theatre.server.failures


async def test_milos_taps_arrive_twice(theatre: DiscordTheatre) -> None:
    """Discord sends an event again after a break; nothing happens twice, and what he reads is right."""
    milo = await phone(theatre, "Milo", private=True)
    await milo.commands("petition show", petition=SALESFORCE)
    await milo.signs()
    receipt = milo.view.last
    withdrawn = [await milo.view.press_on(receipt, "Withdraw"), await milo.view.press("Withdraw my signature")]
    count = len(milo.view.messages)
    for tap in withdrawn:
        theatre.server.redeliver(tap)
    await milo.view.settle()
    assert len(milo.view.messages) == count
    assert theatre.world.counted() == 0
    assert "Thank you! You've signed" in receipt.as_text().replace("\\", "")

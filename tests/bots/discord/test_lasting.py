"""Announcements and receipts stay as they arrived, in direct messages and in servers; answers to taps come below."""

from __future__ import annotations

import copy

import pytest

from tests.bots.discord.test_announcements import agreed, delivered
from tests.deliveries import announce
from tests.discord_server.kinds import BUTTON, walk
from tests.discord_server.routes.interactions import REPLY, UPDATE
from tests.discord_server.state import Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE

THANKS = "Thank you! You've signed the letter"
BUTTONS = ("My signatures", "Proof", "Sources", "Send me updates", "Withdraw", "More", "Back to the petition")


async def signed(theatre: DiscordTheatre, where: str) -> tuple[ChannelView, Message]:
    """A signer, and the receipt."""
    ada = await theatre.person("Ada")
    view = ada.dm if where == "in private" else ada.view
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Confirm")
    assert THANKS in view.last.as_text()
    return view, view.last


@pytest.mark.parametrize("where", ["in private", "in a server"])
async def test_every_button_of_a_receipt_is_answered_below_it(theatre: DiscordTheatre, where: str) -> None:
    view, receipt = await signed(theatre, where)
    before, edits = receipt.as_text(), receipt.edits
    for button in BUTTONS:
        count = len(view.messages)
        assert (await view.press_on(receipt, button)).response == REPLY
        assert len(view.messages) > count, button
    await theatre.restart()
    await view.command("help")
    for button in BUTTONS:
        assert (await view.press_on(receipt, button)).response == REPLY
    assert (receipt.as_text(), receipt.edits) == (before, edits)
    assert all(message.ephemeral == (where == "in a server") for message in view.messages)
    assert not theatre.server.failures


async def test_what_a_receipt_says_is_not_repeated(theatre: DiscordTheatre) -> None:
    view, receipt = await signed(theatre, "in private")
    await view.press_on(receipt, "Send me updates")
    assert "You'll get updates about this petition." in view.last.as_text().replace("\\", "")
    assert THANKS not in view.last.as_text()
    below = view.last
    await view.press_on(below, "Stop updates")
    assert "You won't get any more updates" in below.as_text().replace("\\", "")
    await view.press_on(receipt, "Proof")
    assert "Your proof will be ready in" in view.last.as_text()
    assert "Your receipt" not in view.last.as_text()


async def test_screens_opened_from_a_receipt_are_edited_as_usual(theatre: DiscordTheatre) -> None:
    view, receipt = await signed(theatre, "in private")
    await view.press_on(receipt, "More")
    count = len(view.messages)
    for button in ("Privacy", "Back", "Back", "More", "Back"):
        assert (await view.press_on(view.last, button)).response == UPDATE
    assert len(view.messages) == count


async def test_a_signature_withdrawn_from_its_receipt_stays_on_record(theatre: DiscordTheatre) -> None:
    view, receipt = await signed(theatre, "in private")
    await view.press_on(receipt, "Withdraw")
    await view.press("Withdraw my signature")
    assert "We've withdrawn your signature" in view.last.as_text().replace("\\", "")
    assert theatre.world.counted() == 0
    await view.press_on(receipt, "Withdraw")
    assert "You haven't signed" in view.last.as_text().replace("\\", "")
    assert THANKS in receipt.as_text()


def unmarked(message: Message, revision: str) -> None:
    """Give a message the buttons that it had in 0.2.0."""
    message.components = copy.deepcopy(message.components)
    for component in walk(message.components):
        if component["type"] == BUTTON and "custom_id" in component:
            code, _, slug = component["custom_id"].split(".")
            component["custom_id"] = f"{code}.{revision}.{slug}"


async def test_an_announcement_stays_with_its_buttons(theatre: DiscordTheatre) -> None:
    _, dm = await agreed(theatre)
    announce(theatre.world)
    await delivered(theatre)
    arrived, words = dm.last, dm.last.as_text()
    for button, said in (("See the petition", "A petition to Salesforce CEO"), ("Stop updates", "any more updates")):
        tap = await dm.press_on(arrived, button)
        assert tap.response == REPLY
        assert said in dm.last.as_text()
        assert not dm.last.ephemeral
    assert (arrived.as_text(), arrived.edits) == (words, 0)


async def test_announcements_of_earlier_versions_stay(theatre: DiscordTheatre) -> None:
    _, dm = await agreed(theatre)
    announce(theatre.world)
    await delivered(theatre)
    arrived = dm.last
    unmarked(arrived, "")
    for button in ("Stop updates", "See the petition"):
        await dm.press_on(arrived, button)
    assert arrived.edits == 0
    assert "A petition to Salesforce CEO" in dm.last.as_text()

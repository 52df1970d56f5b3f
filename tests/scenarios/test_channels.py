"""Stories in a channel, and with cards that people share: what readers see, and what only one person does."""

from __future__ import annotations

import datetime as dt

import pytest

from core.signatures.signature import SignatureStatus
from tests.scenarios.stage import TelegramTheatre, Theatre
from tests.telegram_server import ChatView, Message, Person
from tests.telegram_server.channels import share_channel
from tests.telegram_server.sharing import share
from tests.world import SALESFORCE, TREES

pytestmark = pytest.mark.parametrize("theatre", ["telegram"], indirect=True)


@pytest.fixture(autouse=True)
def one_petition(theatre: Theatre) -> None:
    """A campaign with one petition."""
    del theatre.world.petitions[TREES]


def payload(card: Message, words: str) -> str:
    assert card.reply_markup
    (button,) = [button for row in card.reply_markup["inline_keyboard"] for button in row if button["text"] == words]
    return str(button["url"]).partition("start=")[2]


async def signs_from(card: Message, reader: Person) -> ChatView:
    """Follow Sign, and sign."""
    chat = reader.private_chat()
    await chat.send(f"/start {payload(card, 'Sign')}")
    await chat.send("90210")
    await chat.press("Confirm")
    return chat


async def later(theatre: TelegramTheatre) -> None:
    theatre.world.now += dt.timedelta(seconds=61)
    await theatre.groups.cards.refresh()
    await theatre.surface.inline.refresher.refresh()
    await theatre.surface.deliveries.empty()


async def test_olga_brings_the_petition_to_her_channel_and_its_readers_see_the_victory(theatre: Theatre) -> None:
    assert isinstance(theatre, TelegramTheatre)
    olga = theatre.server.person(99, "Olga")
    channel, chat = theatre.server.channel("Elm News", olga), olga.private_chat()
    await chat.send("/link newsletter")
    await chat.press("Post in a channel")
    await share_channel(chat, "Choose a channel", channel)
    (card,) = channel.posts
    await signs_from(card, theatre.server.person(7, "Rita"))
    (signature,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert signature.label == payload(card, "Sign").split("--")[1]
    await later(theatre)
    assert "1 person has signed." in card.text
    await chat.send("/sources")
    assert "Elm News: 1" in chat.last.text
    await chat.send("/victory The contract is canceled!")
    await chat.press("Declare victory")
    await later(theatre)
    assert "The contract is canceled!" in card.text
    assert [message.text for message in channel.messages] == [card.text], "and nothing else was posted"
    assert "Rita" not in card.as_text()
    with pytest.raises(ValueError, match="not enough values"):
        payload(card, "Sign")


async def test_sam_shares_the_card_with_a_friend_who_signs_and_the_count_on_it_is_refreshed(theatre: Theatre) -> None:
    assert isinstance(theatre, TelegramTheatre)
    sam, fay = theatre.server.person(7, "Sam"), theatre.server.person(8, "Fay")
    own = sam.private_chat()
    await own.send("/start")
    await own.press("Sign")
    await own.send("94110")
    await own.press("Confirm")
    await own.press("Share")
    card = await share(sam, own.last, "Send to a chat")
    assert "1 person has signed." in card.text
    tap = await fay.tap(card, "Read")
    friend = fay.private_chat()
    await friend.send("/start " + tap.answers[-1]["url"].partition("start=")[2])
    assert "Page 1" in friend.last.text or "page 1" in friend.last.text.lower()
    await signs_from(card, fay)
    first, second = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert theatre.services.queries.credited(SALESFORCE, first.referral) == 1
    assert first.referral not in (second.label, str(second.answers)), "stored as a pseudonym"
    await later(theatre)
    assert "2 people have signed." in card.text

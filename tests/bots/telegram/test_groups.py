"""Groups get a card and nothing else; its links carry the group's label, and its count stays fresh."""

from __future__ import annotations

import datetime as dt

import pytest

from core.signing import SignatureStatus
from tests.bots.telegram.test_private_chat import signed
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, Group
from tests.world import SALESFORCE, TREES


@pytest.fixture(autouse=True)
def one_petition(theatre: TelegramTheatre) -> None:
    """A group is shown every petition; one is enough here."""
    del theatre.world.petitions[TREES]


def group_of(theatre: TelegramTheatre, **more: object) -> tuple[Group, ChatView]:
    mod = theatre.server.person(50, "Mod")
    group = theatre.server.group("Tenants", [theatre.server.person(51, "Member")], admins=[mod], **more)  # type: ignore[arg-type]
    return group, mod.in_group(group)


def links(chat: ChatView) -> list[str]:
    assert chat.last.markup
    return [button["url"] for row in chat.last.markup["inline_keyboard"] for button in row]


async def later(theatre: TelegramTheatre, seconds: int = 61) -> None:
    theatre.world.now += dt.timedelta(seconds=seconds)
    await theatre.groups.refresh()


async def test_a_card_leads_into_the_private_chat_with_the_groups_label(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("/petition@undersign_bot")
    assert "A petition to Salesforce CEO Marc Benioff, by Demand Progress" in chat.last.text
    assert "First goal: 1,000." in chat.last.text
    sign, read = links(chat)
    label = sign.removeprefix("https://t.me/undersign_bot?start=salesforce-cbp--")
    assert len(label) == 13
    assert str(chat.chat.id).lstrip("-") not in label
    assert read == sign + "--read"
    person = theatre.server.person(7, "Suzie").private_chat()
    await person.send("/start " + sign.partition("start=")[2])
    await person.press("Sign")
    await person.send("90210")
    await person.press("Confirm")
    (found,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert found.label == label


async def test_the_bot_is_silent_about_everything_else(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("hello all")
    await chat.send("/sign")
    await chat.send("90210")
    with pytest.raises(LookupError):
        assert chat.last


async def test_being_added_introduces_the_petition_and_a_second_card_is_not_posted_at_once(
    theatre: TelegramTheatre,
) -> None:
    group, chat = group_of(theatre, bot="left")
    await group.add_bot()
    assert "A petition to" in chat.last.text
    posted = len(chat.messages)
    await chat.send("/petition")
    assert len(chat.messages) == posted + 1, "only the command itself"
    theatre.world.now += dt.timedelta(minutes=2)
    await chat.send("/count")
    assert len(chat.messages) == posted + 3


async def test_counts_are_refreshed_at_most_once_a_minute(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("/petition")
    await signed(theatre)
    await theatre.groups.refresh()
    assert "Be the first" in chat.last.text, "the card is younger than a minute"
    await later(theatre)
    assert "1 person has signed." in chat.last.text
    await signed(theatre, 8, "Omar")
    await later(theatre, 30)
    assert "1 person has signed." in chat.last.text
    await later(theatre, 31)
    assert "2 people have signed." in chat.last.text
    edits = len(theatre.server.calls("editMessageText"))
    await later(theatre)
    assert len(theatre.server.calls("editMessageText")) == edits, "nothing had changed"


@pytest.mark.parametrize("trouble", ["deleted", "kicked"])
async def test_a_card_that_cannot_be_changed_is_let_go(theatre: TelegramTheatre, trouble: str) -> None:
    group, chat = group_of(theatre)
    await chat.send("/petition")
    if trouble == "deleted":
        await chat.delete(chat.last)
    else:
        await group.kick_bot()
    await signed(theatre)
    before = len(theatre.server.calls("editMessageText"))
    await later(theatre)
    await later(theatre)
    assert len(theatre.server.calls("editMessageText")) == before + 1


async def test_a_group_that_becomes_a_supergroup_keeps_label_and_card(theatre: TelegramTheatre) -> None:
    group, chat = group_of(theatre)
    await chat.send("/petition")
    before = links(chat)
    await group.upgrade()
    theatre.world.now += dt.timedelta(minutes=2)
    new = theatre.server.person(50, "Mod").in_group(group)
    await new.send("/petition")
    assert links(new) == before


async def test_a_group_where_the_bot_may_not_write_is_left_in_peace(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    theatre.server.fail_next("sendMessage", 403, "Forbidden: not enough rights to send text messages to the chat")
    await chat.send("/petition")
    await signed(theatre)
    assert theatre.world.counted() == 1


async def test_inline_mode_offers_cards_with_the_sharers_own_link(theatre: TelegramTheatre) -> None:
    person = theatre.server.person(7, "Suzie")
    (plain,) = await person.inline("salesforce contract")
    assert plain["title"].startswith("Tell Salesforce")
    assert "First goal" in plain["input_message_content"]["message_text"]
    await signed(theatre)
    (own,) = await person.inline("")
    (url,) = [button["url"] for row in own["reply_markup"]["inline_keyboard"] for button in row]
    assert url.startswith("https://t.me/undersign_bot?start=salesforce-cbp--r")
    assert await person.inline("no such thing") == []
    message = await person.choose(own)
    assert "1 person has signed." in message.text

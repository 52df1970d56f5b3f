"""Groups get a card and nothing else; its links carry the group's label, and its count stays fresh."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.signatures.signature import SignatureStatus, Signer
from tests.bots.telegram.private_chats import signed
from tests.patience import until
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
    return [button["url"] for row in chat.last.markup["inline_keyboard"] for button in row if "url" in button]


async def refreshed(theatre: TelegramTheatre) -> None:
    await theatre.groups.cards.refresh()
    await theatre.surface.deliveries.empty()


async def later(theatre: TelegramTheatre, seconds: int = 61) -> None:
    theatre.world.now += dt.timedelta(seconds=seconds)
    await refreshed(theatre)


async def test_a_card_leads_into_the_private_chat_with_the_groups_label(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("/petition@undersign_bot")
    assert "A petition to Salesforce CEO Marc Benioff, by Demand Progress" in chat.last.text
    assert "First goal: 1,000." in chat.last.text
    (sign,) = links(chat)
    label = sign.removeprefix("https://t.me/undersign_bot?start=salesforce-cbp--").removesuffix("--sign")
    assert len(label) == 13
    assert str(chat.chat.id).lstrip("-") not in label
    person = theatre.server.person(7, "Suzie").private_chat()
    await person.send("/start " + sign.partition("start=")[2])
    await person.send("90210")
    await person.press("Confirm")
    (signature,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert signature.label == label


async def test_a_group_sees_its_own_count_once_that_exposes_nobody(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("/petition@undersign_bot")
    payload, shows_count = links(chat)[0].partition("start=")[2], []
    for number in range(5):
        person = theatre.server.person(100 + number, f"Person {'ABCDE'[number]}").private_chat()
        await person.send(f"/start {payload}")
        await person.send("90210")
        await person.press("Confirm")
        await chat.send("/count")
        shows_count.append("through this group" in chat.last.text)
    assert shows_count == [False] * 4 + [True]
    assert "5 people have signed through this group." in chat.last.text


async def test_the_bot_is_silent_about_everything_else(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("hello all")
    await chat.send("/sign")
    await chat.send("90210")
    with pytest.raises(LookupError):
        assert chat.last


async def test_being_added_introduces_the_petition_and_asking_again_leads_to_the_card(
    theatre: TelegramTheatre,
) -> None:
    group, chat = group_of(theatre, bot="left")
    await group.add_bot()
    assert "A petition to" in chat.last.text
    card = chat.last
    await chat.send("/petition")
    assert chat.last.text == "The card is already here. Tap the quote above to go to it."
    assert chat.last.reply_to is card
    before = len(chat.messages)
    await chat.send("/petition")
    assert len(chat.messages) == before + 1, "asked by the same person within a minute"
    theatre.world.now += dt.timedelta(minutes=2)
    await chat.send("/petition")
    assert chat.last.reply_to is card


async def test_a_promotion_is_not_an_introduction(theatre: TelegramTheatre) -> None:
    group, chat = group_of(theatre)
    await group.add_bot(admin=True)
    with pytest.raises(LookupError):
        assert chat.last


async def test_count_is_a_line(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await signed(theatre)
    await chat.send("/count")
    assert chat.last.text.endswith("1 person has signed. Next goal: 1,000.")
    assert not chat.last.markup


async def test_several_petitions_are_one_message(theatre: TelegramTheatre) -> None:
    for number in range(30):
        slug = f"copy-{number}"
        theatre.world.petitions[slug] = replace(theatre.world.petitions[SALESFORCE], slug=slug)
    _, chat = group_of(theatre)
    await chat.send("/petition")
    assert chat.last.text == "Choose one of these 31 petitions:\n\nAnd 21 more."
    *petitions, every = links(chat)
    assert len(petitions) == 10
    await chat.send("/count")
    assert chat.last.text.endswith("And 21 more.")
    reader = theatre.server.person(60, "Rita").private_chat()
    await reader.send(f"/start {every.partition('start=')[2]}")
    assert "Choose one of these 31 petitions" in reader.last.text, "the private chat has the others"
    await chat.send("/petition copy-7")
    assert links(chat)[0].startswith("https://t.me/undersign_bot?start=copy-7--g")


async def test_unblocking_in_a_private_chat_posts_no_card(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.block_bot()
    before = len(chat.messages)
    await chat.unblock_bot()
    assert len(chat.messages) == before
    await later(theatre)
    assert theatre.services.cards.community("telegram", "7", "none").label == "none", "no private chat is a community"


async def test_a_group_in_trouble_holds_up_nobody(theatre: TelegramTheatre) -> None:
    _, slow = group_of(theatre)
    other = theatre.server.group("Owners", [theatre.server.person(52, "Other")])
    quick = theatre.server.person(52, "Other").in_group(other)
    await slow.send("/petition")
    await quick.send("/petition")
    await signed(theatre)
    theatre.server.fail_next("editMessageText", 429, "Too Many Requests", retry_after=3600, chat_id=slow.chat.id)
    await later(theatre)
    assert "1 person has signed." in quick.last.text
    before = len(theatre.server.calls("sendMessage"))
    theatre.server.fail_next("sendMessage", 429, "Too Many Requests", retry_after=2, chat_id=slow.chat.id)
    await slow.send("/count", wait=False)
    person = theatre.server.person(9, "Quick").private_chat()
    await person.send("/start", wait=False)
    await until(lambda: len(person.messages) >= 2, "the other person is answered")
    answered = [call.params["chat_id"] for call in theatre.server.calls("sendMessage")[before:] if call.status == 200]
    assert answered[0] == person.chat.id, "before the group's time is over"


async def test_a_card_of_a_missing_petition_stays_as_it_is_until_it_comes_back(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("/petition")
    await signed(theatre)
    missing = theatre.world.petitions.pop(SALESFORCE)
    await later(theatre)
    edited = theatre.server.calls("editMessageText")
    assert [call for call in edited if call.params["chat_id"] == chat.chat.id] == []
    theatre.world.petitions[SALESFORCE] = missing
    await later(theatre)
    assert "1 person has signed." in chat.last.text


async def test_counts_are_refreshed_at_most_once_a_minute(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await chat.send("/petition")
    await signed(theatre)
    await refreshed(theatre)
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


async def test_the_bot_is_silent_in_a_group_where_it_may_not_write(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    theatre.server.fail_next("sendMessage", 403, "Forbidden: not enough rights to send text messages to the chat")
    await chat.send("/petition")
    await signed(theatre)
    assert theatre.world.counted() == 1


async def test_the_groups_title_is_kept_for_organizers(theatre: TelegramTheatre) -> None:
    group, chat = group_of(theatre)
    await chat.send("/petition")
    assert [each.title for each in theatre.services.queries.communities()] == [group.chat.title]


async def test_an_organizers_command_in_a_group_gets_a_hint_in_their_own_chat_alone(theatre: TelegramTheatre) -> None:
    olga, member = theatre.server.person(52, "Olga"), theatre.server.person(53, "Member")
    group = theatre.server.group("Tenants", [olga, member], admins=[])
    with theatre.world.work() as work:
        work.organizers.add(Signer("telegram", "52"), theatre.world.now)
        work.commit()
    alone = olga.private_chat()
    await alone.send("/start")
    before = len(olga.in_group(group).messages)
    await member.in_group(group).send("/stats")
    await olga.in_group(group).send("/stats@other_bot")
    await olga.in_group(group).send("/stats@undersign_bot 7d")
    await theatre.surface.deliveries.empty()
    assert alone.last.text.startswith("I answer /stats only here, in our own chat")
    assert len(olga.in_group(group).messages) == before + 3, "what they sent themselves"
    assert not member.private_chat().messages

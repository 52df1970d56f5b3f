"""Channels get the card that an administrator asks for, and milestones; all else is said in private."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bots.telegram.choosing import ChannelChoosers
from core.outreach.milestones import Follower
from core.petition.envelope import with_digests
from core.petition.petition import Decision, PetitionStatus
from tests.bots.telegram.private_chats import signed
from tests.patience import until
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, Message, Person
from tests.telegram_server.channels import Channel, share_channel
from tests.world import SALESFORCE, TREES, catalog

NEWS = "Elm News"


async def started(theatre: TelegramTheatre, number: int = 60, name: str = "Olga", language: str = "en") -> ChatView:
    """Someone who has started the bot."""
    chat = theatre.server.person(number, name, language_code=language).private_chat()
    await chat.send("/start")
    return chat


async def news(theatre: TelegramTheatre, *, several: bool = False, promoted: bool = True) -> tuple[Channel, ChatView]:
    """A channel, and the private chat with its owner."""
    if not several:
        theatre.world.petitions.pop(TREES)
    chat = await started(theatre)
    channel = theatre.server.channel(NEWS, Person(theatre.server, chat.person))
    if promoted:
        await channel.promote_bot()
    return channel, chat


def links(message: Message) -> list[str]:
    assert message.reply_markup
    return [button["url"] for row in message.reply_markup["inline_keyboard"] for button in row]


async def test_becoming_an_administrator_posts_nothing_and_offers_it_in_private(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre)
    assert channel.posts == []
    assert chat.last.text.startswith("I can post the petition's card in “Elm News”.")
    await chat.press("Post it")
    (card,) = channel.posts
    assert "A petition to Salesforce CEO Marc Benioff, by Demand Progress" in card.text
    assert chat.last.text == "Done: the card is in “Elm News”, and its count stays current."
    sign, read = links(card)
    assert sign.startswith(f"https://t.me/undersign_bot?start={SALESFORCE}--g")
    assert read == sign.removesuffix("--sign") + "--read"
    assert [each.title for each in theatre.services.queries.communities()] == [NEWS]


async def test_not_now_leaves_the_channel_alone(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre)
    await chat.press("Not now")
    assert chat.last.text == "All right. To post the card later, send /petition in the channel."
    assert channel.posts == []


async def test_an_offer_of_several_petitions_asks_which_one(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre, several=True)
    assert chat.last.text == "Which petition do you want me to post in “Elm News”?"
    await chat.press("Keep the elms")
    (card,) = channel.posts
    assert TREES in links(card)[0]


async def test_equal_titles_are_told_apart_in_an_offer(theatre: TelegramTheatre) -> None:
    other = replace(theatre.world.petitions[SALESFORCE], slug="other", organizer="Another group")
    theatre.world.petitions["other"] = with_digests(other, catalog())
    channel, chat = await news(theatre, several=True)
    await chat.press("Another group → Salesforce CEO Marc Benioff: Tell")
    (card,) = channel.posts
    assert "other" in links(card)[0]


async def test_who_never_started_the_bot_gets_no_offer(theatre: TelegramTheatre) -> None:
    channel = theatre.server.channel(NEWS, theatre.server.person(61, "Stranger"))
    await channel.promote_bot()
    assert channel.posts == []
    await channel.post(f"/petition {SALESFORCE}")
    assert len(channel.posts) == 1, "but may post the card from the channel"


async def test_other_changes_of_rights_offer_nothing(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre)
    before = len(chat.messages)
    await channel.promote_bot(None, "can_post_messages", "can_delete_messages")
    await channel.dismiss_bot()
    await channel.promote_bot(None, "can_edit_messages")
    assert len(chat.messages) == before


@pytest.mark.parametrize("command", ["/petition", "/petition@undersign_bot", f"/petition {SALESFORCE}"])
async def test_a_post_asks_for_the_card_in_the_petitions_own_language(theatre: TelegramTheatre, command: str) -> None:
    channel, chat = await news(theatre)
    before = len(chat.messages)
    await channel.post(command)
    assert "A petition to" in channel.posts[0].text
    assert len(chat.messages) == before, "the card itself is the answer"
    await channel.post(command)
    assert len(channel.posts) == 1, "not again so soon, and not a word about it in the channel"
    assert chat.last.text == "The card is already in “Elm News”. You can post it again in a minute."


async def test_a_post_that_names_none_of_several_petitions_is_answered_in_private(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre, several=True)
    editor = await started(theatre, 62, "Editora", "es")
    channel.admit(editor.person, "can_post_messages")
    await channel.post("/petition elms")
    assert channel.posts == []
    assert chat.last.text.startswith("Which petition")
    assert editor.last.text.startswith("Which petition"), "we know the language only of people who are stored"


async def test_the_count_and_a_decision_reach_the_card(theatre: TelegramTheatre) -> None:
    channel, _ = await news(theatre)
    await channel.post("/petition")
    await signed(theatre)
    await later(theatre)
    assert "1 person has signed." in channel.posts[0].text
    with theatre.world.work() as work:
        work.decisions.save(SALESFORCE, Decision(PetitionStatus.VICTORY, words="Won!", since=theatre.world.now))
        work.commit()
    await later(theatre)
    assert "Won!" in channel.posts[0].text
    assert len(channel.posts) == 1


async def later(theatre: TelegramTheatre) -> None:
    theatre.world.now += dt.timedelta(seconds=61)
    await theatre.groups.cards.refresh()
    await theatre.surface.deliveries.empty()


async def test_milestones_are_switched_in_the_channel_and_confirmed_in_private(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre)
    for command, words, follows in (
        ("/milestone on", "I'll post in “Elm News” when 100", True),
        ("/milestone", "To get a post in “Elm News”", True),
        ("/milestone off", "Milestone posts are now off in “Elm News”.", False),
    ):
        await channel.post(command)
        assert chat.last.text.startswith(words)
        with theatre.world.work() as work:
            follower = work.milestones.follower("telegram", str(channel.chat.id))
        assert isinstance(follower, Follower) is follows
    assert channel.posts == []


@pytest.mark.parametrize("text", ["/count", "/community", "/help", "/stats@undersign_bot"])
async def test_other_commands_are_answered_in_private(theatre: TelegramTheatre, text: str) -> None:
    channel, chat = await news(theatre)
    await channel.post(text)
    assert channel.posts == []
    assert chat.last.text.startswith("In “Elm News”, I know two commands:")


@pytest.mark.parametrize("text", ["/stats", "/count@another_bot", "hello"])
async def test_the_bot_says_nothing_else_in_a_channel(theatre: TelegramTheatre, text: str) -> None:
    channel, chat = await news(theatre)
    before = len(chat.messages)
    await channel.post(text)
    assert (channel.posts, len(chat.messages)) == ([], before)


async def test_an_organizer_chooses_a_channel_from_the_private_chat(theatre: TelegramTheatre) -> None:
    theatre.world.petitions.pop(TREES)
    chat = await started(theatre, 99, "Olga")
    channel = theatre.server.channel(NEWS, Person(theatre.server, chat.person))
    await chat.send("/help")
    assert links_of(chat) == [
        "https://t.me/undersign_bot?startgroup=open",
        "https://t.me/undersign_bot?startchannel&admin=post_messages+edit_messages",
    ]
    await chat.press("Post in a channel")
    assert chat.last.text.startswith("Tap the button below, and choose one of your channels.")
    before = len(chat.messages)
    await share_channel(chat, "Choose a channel", channel)
    assert len(channel.posts) == 1
    assert len(chat.messages) == before + 2, "the choice and the answer, but no offer to do what was just done"
    assert chat.last.text == "Done: the card is in “Elm News”, and its count stays current."
    assert chat.chat.keyboard is None


async def test_the_button_below_a_link_is_about_its_petition(theatre: TelegramTheatre) -> None:
    chat = await started(theatre, 99, "Olga")
    channel = theatre.server.channel(NEWS, Person(theatre.server, chat.person))
    await chat.send(f"/link {TREES} newsletter")
    assert links_of(chat)[0] == f"https://t.me/undersign_bot?startgroup={TREES}"
    await chat.press("Post in a channel")
    await share_channel(chat, "Choose a channel", channel)
    assert TREES in links(channel.posts[0])[0]
    await chat.send("/help")
    await chat.press("Post in a channel")
    await share_channel(chat, "Tell Salesforce", channel)
    assert SALESFORCE in links(channel.posts[1])[0], "with several petitions, each has a button"


def links_of(chat: ChatView) -> list[str]:
    markup = chat.last.reply_markup or {"inline_keyboard": []}
    return [button["url"] for row in markup["inline_keyboard"] for button in row if "start" in button.get("url", "")]


async def test_only_who_may_post_there_can_have_the_card_posted(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre)
    mallory = await started(theatre, 66, "Mallory")
    offer = next(message for message in chat.messages if message.text.startswith("I can post"))
    copied = theatre.server.world.new_message(mallory.chat, theatre.server.world.bot, offer.text)
    copied.markup = offer.markup
    theatre.server.world.add(mallory.chat, copied)
    await mallory.press("Post it")
    assert channel.posts == []
    assert mallory.last.text.startswith("I couldn't post there.")
    assert links(mallory.last) == ["https://t.me/undersign_bot?startchannel&admin=post_messages+edit_messages"]


@pytest.mark.parametrize("trouble", ["dismissed", "without the right"])
async def test_a_channel_where_the_bot_may_not_post_is_reported_to_the_person(
    theatre: TelegramTheatre, trouble: str
) -> None:
    channel, chat = await news(theatre)
    if trouble == "dismissed":
        await channel.dismiss_bot()
    else:
        channel.chat.rights[theatre.server.world.bot.id] = frozenset({"can_edit_messages"})
    await chat.press("Post it")
    assert channel.posts == []
    assert "try again" in chat.last.text
    assert links(chat.last)


async def test_a_petition_that_is_gone_is_not_posted(theatre: TelegramTheatre) -> None:
    channel, chat = await news(theatre)
    theatre.world.petitions.clear()
    await chat.press("Post it")
    assert channel.posts == []
    assert chat.last.text.startswith("That petition is no longer here.")


async def test_a_channels_post_in_its_discussion_group_asks_for_nothing(theatre: TelegramTheatre) -> None:
    """Telegram forwards each post there by itself."""
    channel, chat = await news(theatre)
    owner = Person(theatre.server, chat.person)
    group = theatre.server.group("Elm Talk", [owner], admins=[owner])
    view = owner.in_group(group)
    message = theatre.server.world.new_message(view.chat, owner.account, "/petition")
    message.extra = {"sender_chat": channel.chat.to_json(), "is_automatic_forward": True}
    message.entities = [{"type": "bot_command", "offset": 0, "length": 9}]
    theatre.server.world.updates.post("message", message.to_json())
    await theatre.server.settle()
    with pytest.raises(LookupError):
        assert view.last


def test_choosers_are_forgotten_one_by_one() -> None:
    choosers = ChannelChoosers()
    for number in range(1001):
        choosers.add(number)
    assert not choosers.has(0)
    assert choosers.has(1)
    choosers.remove(1)
    choosers.remove(1)
    assert not choosers.has(1)


@pytest.mark.parametrize("menus", [True])
async def test_after_a_restart_a_channels_card_still_has_only_links(theatre: TelegramTheatre) -> None:
    channel, _ = await news(theatre)
    await channel.post("/petition")
    await signed(theatre)
    await theatre.restart()
    await until(lambda: hasattr(theatre.surface, "groups"), "the bot is back")
    await later(theatre)
    (card,) = channel.posts
    assert "1 person has signed." in card.text
    assert len(links(card)) == 2

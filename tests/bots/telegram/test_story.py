"""The story of a supporter who comes from a group's card, and of what stays in her chat."""

from __future__ import annotations

import datetime as dt

from tests.bots.telegram.test_announcements import delivered
from tests.deliveries import announce
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.telegram_server.keyboards import find
from tests.telegram_server.state import Message
from tests.world import TREES


def style(message: Message, words: str) -> str:
    return str((find(message.reply_markup, words) or {}).get("style", ""))


async def test_rosa_signs_from_a_groups_card_and_finds_everything_again(theatre: TelegramTheatre) -> None:
    del theatre.world.petitions[TREES]  # a group is shown every petition
    mod, rosa = theatre.server.person(50, "Mod"), theatre.server.person(7, "Rosa")
    group = theatre.server.group("Tenants", [rosa], admins=[mod])
    await mod.in_group(group).send("/petition@undersign_bot")
    card = rosa.in_group(group).last
    link = find(card.reply_markup, "Sign in a private chat")
    assert link
    assert style(card, "Sign") == "success"

    review, receipt = await follows_and_signs(rosa.private_chat(), link["url"])
    words, said, chat = receipt.text, review.text, rosa.private_chat()
    await chat.press("Back to the petition")
    await chat.press("Read")
    news = await gets_an_announcement(theatre, chat)

    await chat.tap(receipt, "Proof")
    await chat.tap(receipt, "Withdraw")
    assert style(chat.last, "Withdraw my signature") == "danger"
    await chat.press("Keep my signature")
    story = chat.transcript()
    for lasting in (words, news.text, said):
        assert all(line.strip() in story for line in lasting.splitlines())
    assert (receipt.edits, news.edits) == (0, 0)
    assert theatre.world.counted() == 1


async def follows_and_signs(chat: ChatView, link: str) -> tuple[Message, Message]:
    """Open the question by a card's link, and sign; returns the review and the receipt."""
    await chat.send("/start " + link.partition("start=")[2])
    assert "Tell Salesforce to cancel" in chat.last.text, "she sees what she is about to sign"
    assert chat.last.markup
    assert chat.last.markup["input_field_placeholder"] == "95014 (United States), or your country"
    await chat.send("90210")
    review = chat.last
    assert review.text.startswith("Tell Salesforce to cancel")
    assert "Petition to Salesforce CEO Marc Benioff" in review.text, "the letter"
    assert style(review, "Confirm") == "success"
    await chat.press("Updates here")
    await chat.press("Confirm")
    assert "Receipt: 0000-0000-0001" in chat.last.text
    return review, chat.last


async def gets_an_announcement(theatre: TelegramTheatre, chat: ChatView) -> Message:
    """Read an announcement weeks later, after the bot has started again, and tap its buttons; returns it."""
    theatre.world.now += dt.timedelta(weeks=3)
    await theatre.restart()
    announce(theatre.world)
    await delivered(theatre)
    news = chat.last
    assert "Come on Friday!" in news.text
    await chat.tap(news, "See the petition")
    assert "You signed on November 23, 2026" in chat.last.text
    await chat.tap(news, "Stop updates")
    assert "You won't get any more updates" in chat.last.text
    return news


async def test_erasing_is_red(theatre: TelegramTheatre) -> None:
    chat = theatre.server.person(7, "Rosa").private_chat()
    await chat.send("/forget")
    (erase, keep), *_ = chat.last.reply_markup["inline_keyboard"] if chat.last.reply_markup else [({}, {})]
    assert (erase["style"], keep.get("style", "")) == ("danger", "")

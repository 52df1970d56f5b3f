"""People sign in the group, in messages that only they see; the group sees the card and nothing about them."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from core.signatures.signature import SignatureStatus
from tests.bots.telegram.groups import buttons_of, configured, member_of, signs_here
from tests.bots.telegram.private_chats import signed
from tests.bots.telegram.test_groups import links, one_petition, refreshed
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, Person, Tap
from tests.world import SALESFORCE, TREES, petitions

__all__ = ["one_petition"]


async def pressed(chat: ChatView, words: str) -> Tap:
    tap = await chat.press(words)
    assert isinstance(tap, Tap)
    return tap


def private_chat(theatre: TelegramTheatre, chat: ChatView) -> ChatView:
    return Person(theatre.server, chat.person).private_chat()


async def test_a_member_signs_in_the_group_and_only_they_see_it(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    label = links(chat)[0].partition("salesforce-cbp--")[2].removesuffix("--sign")
    await signs_here(chat)
    assert "Thank you!" in chat.last.text
    assert "signature no. 1" in chat.last.text
    (signature,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert signature.label == label
    assert [message.sender.name for message in chat.public] == ["Mod", "Undersign"], "the command and the card"
    assert "Suzie" not in "".join(message.text for message in chat.public)


async def test_the_first_ephemeral_message_of_a_process_is_the_card_and_later_ones_are_not(
    theatre: TelegramTheatre,
) -> None:
    chat, other = await member_of(theatre), await member_of(theatre, 8, "Omar Elba", card=False)
    await chat.press("Sign")
    card, question = (message for message in chat.messages if message.ephemeral_id)
    assert card.text == chat.public[-1].text
    assert "Postal code" in question.text
    await other.press("Sign")
    (question,) = (message for message in other.messages if message.ephemeral_id)
    assert "Postal code" in question.text


async def test_a_question_opens_a_reply_and_has_the_way_out_as_buttons(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    await chat.press("Sign")
    assert chat.last.markup
    assert chat.last.markup["force_reply"] is True
    assert "The group sees neither this message nor your reply." in chat.last.text
    assert "/cancel" not in chat.last.text
    await chat.send("9021", reply_to=chat.last)
    assert "That isn't a valid postal code" in chat.last.text
    assert (chat.last.markup or {})["force_reply"] is True
    await chat.send("90210", reply_to=chat.last)
    assert "force_reply" not in (chat.last.markup or {})
    await chat.press("Cancel")
    assert "Canceled. You haven't signed" in chat.last.text
    assert theatre.world.counted() == 0


async def test_reading_turns_pages_in_the_same_message(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    await chat.press("Read")
    assert "It is time to cancel your contract" in chat.last.text
    before = len(chat.messages)
    await chat.press("Next page")
    assert "he refused.[1]" in chat.last.text
    assert len(chat.messages) == before
    await chat.press("Sign", chat.last)
    assert "Postal code" in chat.last.text


@pytest.mark.parametrize("mode", ["auto", "off"])
async def test_where_ephemeral_messages_are_shown_to_all_they_are_taken_back_and_never_sent_again(
    theatre: TelegramTheatre, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    await configured(theatre, mode, "10.0")
    chat = await member_of(theatre)
    if mode == "off":
        assert [button.get("url", "")[:13] for button in buttons_of(chat)] == ["https://t.me/"] * 2
        assert len(chat.public) == 2
        return
    card = chat.public[-1].text
    with caplog.at_level(logging.WARNING):
        tap = await pressed(chat, "Sign")
    assert [message.text for message in chat.public[1:]] == [card]
    deleted = [line for line in chat.chat.journal if line.startswith("(deleted)")]
    assert len(deleted) == 1
    assert "Tell Salesforce" in deleted[0]
    assert "Suzie" not in deleted[0]
    assert tap.url == links(chat)[0]
    assert "showed an ephemeral message to a whole group" in caplog.text
    assert "Suzie" not in caplog.text
    sent = len(theatre.server.calls("sendMessage"))
    assert (await pressed(chat, "Read")).url == links(chat)[0].removesuffix("--sign") + "--read"
    assert len(theatre.server.calls("sendMessage")) == sent
    await signed(theatre)
    theatre.world.now += dt.timedelta(minutes=2)
    await refreshed(theatre)
    assert len(links(chat)) == 2, "the card leads to the private chat again"


async def test_a_server_that_refuses_them_leads_to_the_private_chat_where_signing_goes_on(
    theatre: TelegramTheatre,
) -> None:
    await configured(theatre, "auto", "refusing")
    chat = await member_of(theatre)
    tap = await pressed(chat, "Sign")
    assert tap.url == links(chat)[0]
    alone = private_chat(theatre, chat)
    await alone.send("/start " + tap.url.partition("start=")[2])
    await alone.send("90210")
    await alone.press("Confirm")
    (signature,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert tap.url.endswith(f"{signature.label}--sign")
    assert len(chat.public) == 2


async def test_switched_on_it_needs_no_first_message_and_is_still_checked(theatre: TelegramTheatre) -> None:
    await configured(theatre, "on", "10.3")
    chat = await member_of(theatre)
    await chat.press("Sign")
    assert sum(message.ephemeral_id is not None for message in chat.messages) == 1
    theatre.server.world.api = "10.0"
    other = await member_of(theatre, 8, "Omar Elba", card=False)
    tap = await pressed(other, "Sign")
    assert tap.url
    assert len(other.public) == 2, "it was deleted at once"
    assert not (await pressed(other, "Sign")).answers[-1]["text"]


async def test_signing_begun_in_the_group_goes_on_in_private_and_the_other_way_round(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    alone, card = private_chat(theatre, chat), chat.last
    await chat.press("Sign")
    await alone.send("/start")
    await alone.press("Sign")
    await alone.send("90210")
    assert "Confirm" in alone.last.as_text()
    await chat.press("Sign", card)
    assert "90210" in chat.last.text
    await chat.press("Confirm")
    assert theatre.world.counted() == 1
    await alone.press("Confirm")
    assert "signature no. 1" in alone.last.text, "an outdated screen changes nothing, and shows the outcome"
    assert theatre.world.counted() == 1


async def test_what_got_lost_comes_back_at_the_next_tap_on_the_card(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    person = Person(theatre.server, chat.person)
    await chat.press("Sign")
    await chat.send("90210", reply_to=chat.last)
    person.go_offline()
    await chat.press("Confirm")
    person.come_back()
    person.restart_app()
    assert len(chat.messages) == 2
    assert theatre.world.counted() == 1
    await chat.press("Sign")
    assert "You've already signed" in chat.last.text
    assert "signature no. 1" in chat.last.text
    assert "Receipt: " in chat.last.text


async def test_a_message_that_can_no_longer_be_edited_is_sent_again(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    await chat.press("Read")
    theatre.server.forget_ephemeral()
    before = len(chat.messages)
    await chat.press("Next page")
    assert len(chat.messages) == before + 1
    assert "he refused.[1]" in chat.last.text


async def test_a_tap_that_comes_too_late_opens_the_private_chat(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    card, link = chat.last, links(chat)[0]
    await chat.press("Sign")
    tap = await chat.tap(card, "Sign", wait=False)
    theatre.server.expire_grants()
    await chat.settle()
    assert tap.url == link
    assert not (await chat.tap(card, "Sign")).url, "the next one is answered in the group"
    assert len(chat.public) == 2


async def test_an_answer_that_cannot_be_given_in_the_group_is_given_in_private(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    alone = private_chat(theatre, chat)
    await alone.send("/start")
    await chat.press("Sign")
    theatre.server.fail_next("sendMessage", 400, "Bad Request: EPHEMERAL_MESSAGE_NOT_ALLOWED", chat_id=chat.chat.id)
    await chat.send("90210", reply_to=chat.last)
    assert "Confirm" in alone.last.as_text()
    await alone.press("Confirm")
    assert theatre.world.counted() == 1
    assert len(chat.public) == 2


async def test_what_everyone_sees_is_never_an_answer(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    chat.chat.statuses[theatre.server.world.bot.id] = "administrator"  # which reads everything
    await chat.press("Sign")
    question, before = chat.last, len(theatre.server.calls("sendMessage"))
    await chat.send("90210")
    await chat.send("90210", reply_to=chat.public[1])
    assert len(theatre.server.calls("sendMessage")) == before
    await chat.send("10001", reply_to=question)
    assert "10001" in chat.last.text


async def test_files_go_to_the_private_chat_alone(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    await signs_here(chat)
    buttons = [button["text"] for button in buttons_of(chat)]
    assert "Proof" not in buttons
    assert buttons[-1] == "Keep the receipt in our private chat"
    await chat.press("My signatures")
    assert not {"Proof", "The text I signed"} & {button["text"] for button in buttons_of(chat)}
    await chat.send("/mydata", reply_to=chat.last)
    documents = [call for call in theatre.server.calls("sendDocument") if call.params["chat_id"] == chat.chat.id]
    assert not documents
    assert len(chat.public) == 2


async def test_a_typed_answer_is_about_the_petition_of_the_group(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    await chat.press("Sign")
    question = chat.last
    theatre.world.petitions[TREES] = petitions()[TREES]
    await private_chat(theatre, chat).send(f"/start {TREES}")
    await chat.send("90210", reply_to=question)
    assert "90210" in chat.last.text
    await chat.press("Confirm")
    assert theatre.world.counted() == 1


async def test_by_webhook_a_member_signs_in_the_group_as_well(posted: TelegramTheatre) -> None:
    del posted.world.petitions[TREES]
    chat = await member_of(posted)
    await signs_here(chat)
    assert posted.world.counted() == 1
    assert len(chat.public) == 2


async def test_a_bot_that_started_again_shows_the_card_before_anything_about_a_member(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    await chat.press("Sign")
    await theatre.restart()
    before = len(chat.messages)
    await chat.send("90210", reply_to=chat.last)
    card, review = chat.messages[before + 1 :]
    assert card.text == chat.public[-1].text
    assert "90210" in review.text
    await chat.press("Confirm")
    assert theatre.world.counted() == 1


async def test_a_member_who_asks_for_the_whole_text_reads_it_in_the_private_chat(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    link = links(chat)[0]
    await chat.press("Read")
    assert "The letter you'd sign" in chat.last.text
    tap = await pressed(chat, "Read it all")
    assert tap.url == link.removesuffix("--sign") + "--read"
    assert not theatre.server.calls("sendRichMessage")
    assert [message.sender.name for message in chat.public] == ["Mod", "Undersign"], "the command and the card"
    private = private_chat(theatre, chat)
    await private.send("/start " + tap.url.partition("start=")[2])
    await private.press("Read it all")
    assert "Can you read the message above?" in private.last.text
    assert any("rich_message" in message.extra for message in private.messages)
    assert [message.sender.name for message in chat.public] == ["Mod", "Undersign"]

"""The bot's answers to everything that people can send in the private chat, at every stage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telegram import Chat, Contact, Message, User

from bots.telegram.messages import event_of
from core.conversation.state import Conversation
from core.conversation.typed import Media, MediaKind
from core.signatures.signature import Signer
from tests.bots.telegram.private_chats import chat_of
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, posts
from tests.world import NOW, SALESFORCE

STAGES = {
    "cover": (),
    "question": ("[Sign]",),
    "refused": ("[Sign]", "9021"),
    "edited": ("[Sign]", "90210", "[Edit]", "[Add: Comment]", "Because", "[Edit]", "[Edit: Comment]"),
    "review": ("[Sign]", "90210", "[Edit]", "[Add: Comment]", "Because"),
    "finished": ("[Sign]", "90210", "[Confirm]"),
}


def stored(theatre: TelegramTheatre, user_id: str = "7") -> Conversation:
    with theatre.world.work() as work:
        person = work.signers.find(Signer("telegram", user_id))
        conversation = work.conversations.get(person, SALESFORCE) if person else None
    assert conversation
    return conversation


async def at(theatre: TelegramTheatre, stage: str) -> ChatView:
    """A chat in which the signer is at a stage."""
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    for step in STAGES[stage]:
        await (chat.press(step[1:-1]) if step.startswith("[") else chat.send(step))
    return chat


@pytest.mark.parametrize("stage", STAGES)
async def test_what_is_not_text_changes_nothing_and_gets_a_sentence(theatre: TelegramTheatre, stage: str) -> None:
    chat = await at(theatre, stage)
    before = replace(stored(theatre), notice=None, revision=0)
    kinds = posts.others(1, 1_800_000_000) | {
        "sticker": posts.sticker("👍", 1), "voice": posts.voice(3, 1), "photo": posts.photo(1),
        "document": posts.document("a.pdf", 1), "contact": posts.contact("+15550100", chat.person),
        "a text that is none": {"effect_id": "1"},
    }  # fmt: skip
    for kind, extra in kinds.items():
        count = len(chat.messages)
        await chat.post(extra)
        assert len(chat.messages) == count + 2, kind
        said = {"voice": "voice", "audio": "voice", "video_note": "voice", "contact": "phone number"}.get(kind, "text")
        assert said in chat.last.text.partition("\n")[0], kind
        assert replace(stored(theatre), notice=None, revision=0) == before, kind


async def test_service_messages_and_moving_locations_are_not_answered(theatre: TelegramTheatre) -> None:
    chat = await at(theatre, "question")
    count = len(chat.messages)
    await chat.post({"write_access_allowed": {"from_request": True}})
    sent = await chat.post({"location": {"latitude": 1.0, "longitude": 2.0, "live_period": 900}})
    assert len(chat.messages) == count + 3, "both were sent, and the location was answered"
    await chat.edit(sent, "")
    assert len(chat.messages) == count + 3


async def test_ten_photos_get_one_sentence_and_count_as_no_attempt(theatre: TelegramTheatre) -> None:
    chat = await at(theatre, "question")
    count = len(chat.messages)
    await chat.album(*[""] * 10)
    assert len(chat.messages) == count + 11
    assert "I can only read text. Please type your answer." in chat.last.text
    assert stored(theatre).probes == 0
    await chat.send("90210")
    await chat.press("Confirm")
    assert theatre.world.counted() == 1


@pytest.mark.parametrize("place", range(3))
async def test_the_caption_of_an_album_is_the_answer_wherever_it_is(theatre: TelegramTheatre, place: int) -> None:
    chat = await at(theatre, "question")
    count = len(chat.messages)
    await chat.album(*("90210" if number == place else "" for number in range(3)))
    assert len(chat.messages) == count + 4, "three photos and one answer"
    assert "You're about to sign" in chat.last.text
    assert "only read text" not in chat.last.text


async def test_a_newcomers_album_is_answered_once_too(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.album("", "", "")
    assert len(chat.messages) == 4


async def test_a_caption_is_text_also_when_it_is_edited(theatre: TelegramTheatre) -> None:
    chat = await at(theatre, "question")
    sent = await chat.photo("9021")
    assert "That isn't a valid postal code" in chat.last.text
    await chat.edit(sent, "90210")
    assert "You're about to sign" in chat.last.text


async def test_a_long_comment_is_one_refusal_with_its_length(theatre: TelegramTheatre) -> None:
    chat = await at(theatre, "edited")
    count = len(chat.messages)
    await chat.send_long("x" * 5000)
    assert len(chat.messages) == count + 3, "two parts, one answer"
    assert "5,000" in chat.last.text
    assert stored(theatre).answers["comment"] == "Because"
    assert stored(theatre).probes == 1


async def test_a_long_comment_is_one_answer_where_the_limit_allows_it(theatre: TelegramTheatre) -> None:
    petition = theatre.world.petitions[SALESFORCE]
    fields = tuple(replace(field, max_length=9000) if field.kind == "text" else field for field in petition.fields)
    theatre.world.petitions[SALESFORCE] = replace(petition, fields=fields)
    chat = await at(theatre, "edited")
    await chat.send_long("word " * 1700)
    assert stored(theatre).answers["comment"].count("word") == 1700
    assert "You're about to sign" in chat.last.text


async def test_a_webhook_gets_the_parts_together_too(posted: TelegramTheatre) -> None:
    chat = await at(posted, "edited")
    count = len(chat.messages)
    await chat.send_long("x" * 5000)
    assert "5,000" in chat.last.text
    assert len(chat.messages) == count + 3
    await chat.album("", "", "")
    assert len(chat.messages) == count + 7


@pytest.mark.parametrize("words", ["Cancel", "Remove", "stop", "Stop."])
async def test_reserved_words_are_a_comment_while_their_button_is_not_there(
    theatre: TelegramTheatre, words: str
) -> None:
    chat = await at(theatre, "review")
    await chat.press("Edit")
    await chat.press("Edit: Comment")
    await chat.send(words)
    answers = stored(theatre).answers
    assert answers["comment"] == ("Because" if words == "Remove" else words), "“Remove” is there, and needs a tap"
    assert answers["postal_code"] == "90210"


async def test_an_example_is_in_the_input_field_before_anything_is_typed(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    cover = chat.last
    await chat.press("Sign")
    assert chat.last.markup
    assert cover.markup
    assert chat.last.markup["input_field_placeholder"] == "95014 (United States), or your country"
    assert cover.markup["inline_keyboard"], "the petition stays above the question"
    await chat.send("9021")
    assert chat.last.markup
    assert chat.last.markup["input_field_placeholder"] == "95014 (United States), or your country"


@pytest.mark.parametrize("words", ["Cancel", "Back", "stop"])
async def test_a_question_without_buttons_takes_every_word_as_its_answer(theatre: TelegramTheatre, words: str) -> None:
    chat = chat_of(theatre, name="123")  # so the bot asks for a name
    await chat.send(f"/start {SALESFORCE}")
    await chat.press("Sign")
    assert not (chat.last.markup or {}).get("inline_keyboard")
    await chat.send(words)
    assert stored(theatre).answers == {"full_name": words}
    await chat.send("90210")
    await chat.press("Edit")
    await chat.press("Add: Comment")
    await chat.send(words)
    assert stored(theatre).answers["comment"] == words
    await chat.press("Edit")
    await chat.press("Edit: Comment")
    await chat.send("/back")
    assert "You're about to sign" in chat.last.text


async def test_cancel_erases_only_as_a_command_or_a_tap(theatre: TelegramTheatre) -> None:
    chat = await at(theatre, "review")
    await chat.send("cancel")
    assert "We've kept your answers" in chat.last.text
    assert stored(theatre).answers["comment"] == "Because"
    await chat.send("/cancel")
    assert stored(theatre).answers == {}


async def test_updates_are_switched_by_a_command_and_a_word(theatre: TelegramTheatre) -> None:
    chat = await at(theatre, "finished")
    await chat.send("/updates")
    await chat.press("Send me updates")
    assert "on" in chat.last.text
    for words in ("stop", "/stop", "/unsubscribe"):
        await chat.send(words)
        assert "You won't get any more updates, about any petition." in chat.last.text
        await chat.press("Send me updates")


@pytest.mark.parametrize(("number", "of", "phone"), [
    ("+15550100", 7, "+15550100"), ("15550100", 7, "+15550100"), ("+15550100", 8, ""), ("+15550100", None, ""),
])  # fmt: skip
def test_a_shared_contact_brings_its_number_if_it_is_the_persons_own(number: str, of: int | None, phone: str) -> None:
    contact, ada = Contact(number, "Ada", user_id=of), User(7, "Ada", is_bot=False)
    message = Message(1, NOW, Chat(7, "private"), from_user=ada, contact=contact)
    assert event_of(message) == Media(MediaKind.CONTACT, phone=phone)

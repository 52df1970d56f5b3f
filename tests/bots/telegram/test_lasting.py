"""Announcements and receipts stay in the chat as they arrived; what their buttons bring comes below."""

from __future__ import annotations

import copy

import pytest

from bots.common.callback_data import LONGEST, decode, encode, is_on_lasting
from bots.telegram.chat_sender import CONFETTI
from core.conversation.state import Confirm, Event, Overlay, SetUpdates, Show, Withdraw
from tests.bots.telegram.private_chats import chat_of, signed
from tests.bots.telegram.test_announcements import agreed, delivered
from tests.deliveries import announce
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.telegram_server.state import Message
from tests.world import SALESFORCE, petitions

THANKS = "Thank you! You've signed the letter"


def words_of(message: Message) -> list[str]:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def receipts(chat: ChatView) -> list[Message]:
    return [message for message in chat.messages if THANKS in message.text]


async def test_the_receipt_is_a_message_of_its_own_below_what_was_signed(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    *_, review, receipt = chat.messages
    assert "You're about to sign this letter" in review.text, "it says what was signed"
    assert not review.markup, "and nobody can confirm it again"
    assert receipt.text.startswith(THANKS)
    assert receipt.effect == CONFETTI


@pytest.mark.parametrize(
    "button", ["My signatures", "Proof", "Sources", "Send me updates", "Withdraw", "More", "Back to the petition"]
)
async def test_every_button_of_a_receipt_is_answered_below_it(theatre: TelegramTheatre, button: str) -> None:
    chat = await signed(theatre)
    (receipt,) = receipts(chat)
    before, buttons = receipt.text, words_of(receipt)
    for _ in range(2):
        count = len(chat.messages)
        await chat.tap(receipt, button)
        assert len(chat.messages) > count
        assert (receipt.text, words_of(receipt), receipt.edits) == (before, buttons, 0)
    await theatre.restart()
    await chat.send("/help")
    count = len(chat.messages)
    await chat.tap(receipt, button)
    assert len(chat.messages) > count
    assert (receipt.text, words_of(receipt), receipt.edits) == (before, buttons, 0)


async def test_what_a_receipt_says_is_not_repeated(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    (receipt,) = receipts(chat)
    await chat.tap(receipt, "Send me updates")
    assert chat.last.text == "You'll get updates about this petition."
    await chat.press("Stop updates")
    assert "You won't get any more updates" in chat.last.text
    await chat.tap(receipt, "Proof")
    assert chat.last.text.startswith("Your proof will be ready in")
    assert "Your receipt" not in chat.last.text


async def test_screens_opened_from_a_receipt_are_edited_as_usual(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    (receipt,) = receipts(chat)
    await chat.tap(receipt, "More")
    count = len(chat.messages)
    for button in ("Privacy", "Back", "Back", "More", "Back"):
        await chat.press(button, chat.last)
    assert len(chat.messages) == count
    assert receipt.edits == 0


async def test_a_signature_withdrawn_from_its_receipt_stays_on_record(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    (receipt,) = receipts(chat)
    await chat.tap(receipt, "Withdraw")
    await chat.press("Withdraw my signature")
    assert "We've withdrawn your signature" in chat.last.text
    assert theatre.world.counted() == 0
    await chat.tap(receipt, "Withdraw")
    assert "You haven't signed" in chat.last.text
    assert receipt.text.startswith(THANKS)


async def test_confirming_twice_gives_one_receipt(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}--club--sign")
    await chat.send("90210")
    review = chat.last
    taps = [await chat.tap(review, "Confirm", wait=False) for _ in range(3)]
    await chat.settle()
    assert len(receipts(chat)) == 1
    assert theatre.world.counted() == 1
    assert all(tap.answers for tap in taps), "no button waits for an answer"
    assert not review.markup


async def test_a_confirm_delivered_again_brings_the_receipt_again(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    update_id = max(
        number for number, update in theatre.server.world.updates.history.items() if "callback_query" in update
    )
    theatre.server.redeliver(update_id)
    await chat.settle()
    *_, receipt = receipts(chat)
    await chat.tap(receipt, "More")
    assert receipt.text.startswith(THANKS)


async def test_a_receipt_that_did_not_get_through_comes_at_the_next_tap(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}--club--sign")
    await chat.send("90210")
    theatre.server.fail_next("sendMessage", 400, "Bad Request: something odd", times=2)
    await chat.press("Confirm")
    assert not receipts(chat)
    await chat.press("Confirm")
    assert len(receipts(chat)) == 1
    assert theatre.world.counted() == 1


async def test_without_its_effect_a_receipt_still_arrives(theatre: TelegramTheatre) -> None:
    first, second = chat_of(theatre, 7, "Ada"), chat_of(theatre, 8, "Ben")
    for chat in (first, second):
        await chat.send(f"/start {SALESFORCE}--club--sign")
        await chat.send("90210")
    theatre.server.fail_next("sendMessage", 400, "Bad Request: EFFECT_ID_INVALID")
    await first.press("Confirm")
    sent = len(theatre.server.calls("sendMessage"))
    await second.press("Confirm")
    assert [receipt.effect for chat in (first, second) for receipt in receipts(chat)] == ["", ""]
    assert len(theatre.server.calls("sendMessage")) == sent + 1, "it was not tried again"


async def test_an_announcement_stays_with_its_buttons(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    await delivered(theatre)
    arrived = chat.last
    words, buttons = arrived.text, words_of(arrived)
    await chat.tap(arrived, "See the petition")
    assert "A petition to Salesforce CEO" in chat.last.text
    await theatre.restart()
    await chat.tap(arrived, "Stop updates")
    assert "You won't get any more updates about this petition." in chat.last.text
    await chat.send("/help")
    assert (arrived.text, words_of(arrived), arrived.edits) == (words, buttons, 0)


def unmarked(message: Message, revision: str) -> None:
    """Give a message the buttons that it had in 0.2.0."""
    assert message.markup
    message.markup = copy.deepcopy(message.markup)
    for row in message.markup["inline_keyboard"]:
        for button in row:
            if "callback_data" in button:
                code, _, slug = button["callback_data"].split(".")
                button["callback_data"] = f"{'b' if revision and code == 'o' else code}.{revision}.{slug}"


@pytest.mark.parametrize("revision", ["3", "900"])
async def test_receipts_of_earlier_versions_stay(theatre: TelegramTheatre, revision: str) -> None:
    chat = await signed(theatre)
    (receipt,) = receipts(chat)
    unmarked(receipt, revision)
    await chat.tap(receipt, "More")
    assert chat.last is not receipt
    assert receipt.edits == 0


async def test_announcements_of_earlier_versions_stay(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    await delivered(theatre)
    arrived = chat.last
    unmarked(arrived, "")
    await chat.tap(arrived, "Stop updates")
    await chat.tap(arrived, "See the petition")
    assert arrived.edits == 0
    assert "A petition to Salesforce CEO" in chat.last.text


@pytest.mark.parametrize("event", [Show(Overlay.WITHDRAW), SetUpdates(wanted=True), Withdraw(), Confirm()])
def test_a_mark_takes_one_byte_and_no_revision(event: Event) -> None:
    petition = petitions()[SALESFORCE]
    marked, plain = encode(event, petition, 7, lasting=True), encode(event, petition, 7)
    assert len(marked) == len(plain) <= LONGEST
    assert is_on_lasting(marked)
    assert not is_on_lasting(plain)
    callback = decode(marked, petitions())
    assert callback
    assert (callback.event, callback.revision) == (event, None)

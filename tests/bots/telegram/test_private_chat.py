"""The private chat: commands, links, odd messages, repeated updates, menus."""

from __future__ import annotations

import copy
from collections import Counter

import pytest

from bots.common.signer_commands import SIGNER_COMMANDS
from core.messages import Message
from core.signatures.signature import Signer
from storage.engine import Database
from tests.bots.telegram.private_chats import chat_of, signed
from tests.scenarios.stage import TelegramTheatre
from tests.storage.test_faults import garbage
from tests.world import SALESFORCE, TREES, catalog


async def test_from_a_card_a_new_signer_takes_three_actions_and_five_calls(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    before = len(theatre.server.log)
    await chat.send(f"/start {SALESFORCE}--club--sign")
    await chat.send("90210")
    await chat.press("Confirm")
    calls = Counter(call.method for call in theatre.server.log[before:] if not call.method.startswith("get"))
    # The question, the review, and the receipt; the tap; and the buttons of the review, once nothing else waits.
    assert calls == {"sendMessage": 3, "answerCallbackQuery": 1, "editMessageReplyMarkup": 1}
    assert theatre.world.counted() == 1


async def test_from_a_card_a_known_signer_takes_two_actions_and_four_calls(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {TREES}----sign")
    for answer in ("United States", "90210", "I rent", "Confirm"):
        await chat.send(answer)
    before = len(theatre.server.log)
    await chat.send(f"/start {SALESFORCE}--club--sign")
    await chat.press("Confirm")
    calls = Counter(call.method for call in theatre.server.log[before:] if not call.method.startswith("get"))
    assert calls == {"sendMessage": 2, "answerCallbackQuery": 1, "editMessageReplyMarkup": 1}


async def test_from_the_petition_signing_takes_three_actions_and_six_calls(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    before = len(theatre.server.log)
    await chat.press("Sign")
    await chat.send("90210")
    await chat.press("Confirm")
    calls = [call.method for call in theatre.server.log[before:] if call.method != "getUpdates"]
    assert len(calls) == 6, calls
    assert theatre.world.counted() == 1


@pytest.mark.parametrize("command", [command.name for command in SIGNER_COMMANDS])
async def test_every_command_is_answered(theatre: TelegramTheatre, command: str) -> None:
    chat = await signed(theatre)
    count = len(chat.messages)
    await chat.send(f"/{command}")
    assert len(chat.messages) == count + (3 if command == "mydata" else 2)  # a file, too
    assert "Sorry, I didn't get that" not in chat.last.text


async def test_commands_do_what_they_say(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    replies = {
        "/read": "The letter you signed",
        "/sources": "The petition cites 3 sources:",
        "/count": "1 person has signed.",
        "/join nonsense": "What would you like to do?",
        "/mysignatures": "You've signed 1 petition.",
        "/share": "https://t.me/undersign_bot?start=salesforce-cbp--r",
        "/language": "Which language would you like?",
        "/privacy": "What we store, and who sees it",
        "/mydata": "What we store, and who sees it",
        "/help": "What would you like to do?",
        "/withdraw": "Withdraw your signature",
        "/forget": "Erase everything we store about you",
        "/petitions": "Choose one of these 2 petitions:",
        "/nonsense": "What would you like to do?",
    }
    for command, words in replies.items():
        await chat.send(command)
        assert words in chat.last.text, command


async def test_links_keep_their_label_and_spoilt_ones_lead_to_the_list(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send("/start salesforce-cbp--elm_club")
    with theatre.world.work() as work:
        person = work.signers.lock_or_create(Signer("telegram", "7"), theatre.world.now)
        conversation = work.conversations.get(person, SALESFORCE)
    assert conversation
    assert conversation.label == "elm_club"
    await chat.send("/start salesforce-cbp--elm_club--read")
    assert "The letter you'd sign" in chat.last.text
    for spoilt in ("gone", "salesforce-cbp-", "--", "💥", "a" * 64):
        await chat.send(f"/start {spoilt}")
        assert "There's no petition by that name here." in chat.last.text, spoilt
    await chat.send("/start salesforce-cbp--Not a label")
    assert "A petition to Salesforce" in chat.last.text


async def test_the_apps_language_is_spoken_and_another_can_be_chosen(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre, language="es-AR")
    await chat.send(f"/start {SALESFORCE}")
    assert "Petición de Demand Progress" in chat.last.text
    await chat.send("/language")
    await chat.press("English")
    assert "A petition to" in chat.last.text


async def test_typed_answers_are_replied_to_and_old_buttons_are_tidied(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.send(f"/start {TREES}")
    await chat.press("Sign")
    await chat.send("United States")
    choosing = chat.last
    assert "Tenant or owner?" in choosing.text
    await chat.send("I rent")
    assert not choosing.markup, "the question that was answered by typing has lost its buttons"
    assert "You're about to sign" in chat.last.text


async def test_anything_that_can_be_typed_gets_a_helpful_answer(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    await chat.send("hi")  # which is welcomed
    helpful = catalog().text(Message("notice.use_buttons"), "en")
    for act in (
        chat.photo("look"), chat.forward("forwarded", chat.person), chat.send("\u202eabc"),
        chat.send("💥" * 2048), chat.send("<b>Sign</b> *now* _x_ [y](z)"),
    ):  # fmt: skip
        await act
        assert helpful in chat.last.text
    await chat.press("Sign")
    for text in ("💥" * 2048, "\u202e90210", "<script>", "a\nb"):
        await chat.send(text)
        assert "Your postal code" in chat.last.text
        assert "⚠️" in chat.last.text
    await chat.send("90210")
    await chat.press("Confirm")
    assert theatre.world.counted() == 1


async def test_an_edit_mends_what_was_refused_and_nothing_else(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    await chat.press("Sign")
    sent = await chat.send("9021")
    await chat.edit(sent, "90210")
    assert "You're about to sign" in chat.last.text
    await chat.press("Edit")
    await chat.press("Add: Comment")
    await chat.edit(sent, "10001")
    assert "Editing an old message doesn't change your answer" in chat.last.text
    await chat.send("Because")
    assert "Postal code: 90210" in chat.last.text
    assert "Comment: Because" in chat.last.text


async def test_updates_delivered_again_change_nothing(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    for update_id in sorted({int(update_id) for update_id in theatre.server.world.updates.history}):
        theatre.server.redeliver(update_id)
    await chat.settle()
    assert theatre.world.counted() == 1
    assert "Thank you!" in chat.last.text


async def test_an_organizers_command_and_tap_delivered_again_run_once(theatre: TelegramTheatre) -> None:
    chat = theatre.server.person(99, "Olga").private_chat()
    await chat.send("/invite")
    await chat.send(f"/pause {SALESFORCE}")
    await chat.press("Pause signing")
    await chat.send("/help")  # polling itself leaves out what was in the last answer
    with theatre.world.work() as work:
        done = work.audit.last(9)
    assert [entry.what for entry in done] == [f"pause {SALESFORCE} yes", f"pause {SALESFORCE}", "invite"]
    for update_id in sorted({int(update_id) for update_id in theatre.server.world.updates.history}):
        theatre.server.redeliver(update_id)
    await chat.settle()
    with theatre.world.work() as work:
        assert work.audit.last(9) == done


async def test_a_tap_on_an_old_message_shows_the_present_state(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    old = chat.last
    keyboard = copy.deepcopy(old.markup)
    await chat.press("Sign")
    await chat.send("90210")
    old.markup = keyboard  # as on a second device that has not heard of it
    await chat.tap(old, "More")
    assert "You're about to sign" in old.text, "and not what the button said"
    await chat.press("Confirm")
    assert theatre.world.counted() == 1


async def test_a_database_that_is_overwritten_under_the_bot_is_an_apology(theatre: TelegramTheatre) -> None:
    chat, database = chat_of(theatre), theatre.services.database
    await chat.send(f"/start {SALESFORCE}")
    assert isinstance(database, Database)
    garbage(database)
    database.close()  # else the pages in its cache would do for a while
    await chat.send("/privacy")
    assert "Try again in a minute" in chat.last.text
    await chat.send("/privacy")
    assert "Try again in a minute" in chat.last.text, "the next one is answered too"


async def test_words_of_buttons_can_be_typed(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}")
    for text in ("sign", "90210", "CONFIRM"):
        await chat.send(text)
    assert theatre.world.counted() == 1


async def test_yes_and_no_can_be_typed_in_any_case(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre, language="es")
    await chat.send(f"/start {TREES}")
    for text in ("firmar", "Estados Unidos", "90210", "alquilo", "editar", "Añadir: ¿Ayudarás a regarlos?", "sí"):
        await chat.send(text)
    assert "¿Ayudarás a regarlos? Sí" in chat.last.text


async def test_a_button_of_an_older_version_shows_the_cover(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {TREES}")
    assert chat.last.markup
    for row in chat.last.markup["inline_keyboard"]:
        for button in row:
            button["callback_data"] = "old-format:1"
    await chat.press("Sign")
    assert "Choose one of these 2 petitions:" in chat.last.text


@pytest.mark.parametrize("menus", [True])
async def test_menus_and_descriptions_are_registered_once(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send("/start")
    await theatre.registered()
    assert {"start", "sign", "mysignatures", "forget", "help"} <= set(chat.menu())
    assert "back" not in chat.menu()
    spanish = chat_of(theatre, 9, "Ana", language="es")
    assert set(spanish.menu()) == set(chat.menu())
    sets = [call.params for call in theatre.server.calls("setMyCommands")]
    assert len(sets) == 6
    for about in ("description", "short_description"):
        for language, locale in (("", "en"), ("es", "es")):
            words = catalog().text(Message(f"telegram.{about}"), locale)
            assert theatre.server.world.profile[about, language] == words
    await theatre.restart()
    await theatre.registered()
    assert len(theatre.server.calls("setMyCommands")) == 6, "nothing had changed"


@pytest.mark.parametrize("menus", [True])
async def test_only_organizers_see_the_figures(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.send("/stats")
    assert "What would you like to do?" in chat.last.text, "as for any unknown command"
    organizer = chat_of(theatre, 99, "Olga")
    await organizer.send("/start")
    await organizer.send("/stats salesforce-cbp")
    assert "Counted: 1" in organizer.last.text
    assert "Withdrawn: 0" in organizer.last.text
    await theatre.restart()
    await theatre.registered()
    assert {"stats", "chart", "count"} <= set(organizer.menu())
    assert len(organizer.menu()) == len(set(organizer.menu())), "/count and /help are for everybody, too"
    assert "stats" not in chat.menu()

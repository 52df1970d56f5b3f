"""Inline mode: cards to send into any chat, with the sharer's link, and counts that stay current there."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from bots.delivery.fresh_cards import LOOK_EVERY
from core.petition.petition import Decision, PetitionStatus
from core.signatures.signature import SignatureStatus, Signer
from tests.bots.telegram.private_chats import signed
from tests.conftest import rows_of
from tests.patience import until
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import Message, Person
from tests.telegram_server.sharing import share
from tests.telegram_server.state import Json
from tests.world import SALESFORCE, TREES


def links(result: Json) -> list[str]:
    return [button["url"] for row in result["reply_markup"]["inline_keyboard"] for button in row if "url" in button]


async def later(theatre: TelegramTheatre, seconds: int = 61) -> None:
    theatre.world.now += dt.timedelta(seconds=seconds)
    await theatre.surface.inline.refresher.refresh()
    await theatre.surface.deliveries.empty()


async def sent(theatre: TelegramTheatre, person: Person | None = None, words: str = SALESFORCE) -> Message:
    """A card that someone sent; the bot hears of it as BotFather's feedback setting allows."""
    person = person or theatre.server.person(70, "Sharer")
    return await person.choose((await person.inline(words))[0], words)


def known(theatre: TelegramTheatre) -> list[Json]:
    return list(rows_of(theatre.services.database)["inline_cards"])  # type: ignore[arg-type]


async def test_words_find_petitions_whose_sign_button_carries_the_sharers_own_link(theatre: TelegramTheatre) -> None:
    person = theatre.server.person(7, "Suzie")
    (plain,) = await person.inline("salesforce contract")
    assert plain["title"].startswith("Tell Salesforce")
    assert "First goal" in plain["input_message_content"]["message_text"]
    assert links(plain) == [f"https://t.me/undersign_bot?start={SALESFORCE}----sign"], (
        "someone without a signature has no label"
    )
    await signed(theatre)
    own, other = await person.inline("")
    assert links(own)[0].startswith(f"https://t.me/undersign_bot?start={SALESFORCE}--r")
    assert links(other) == [f"https://t.me/undersign_bot?start={TREES}----sign"]
    message = await person.choose(own)
    assert "1 person has signed." in message.text


async def test_scrolling_down_offers_every_petition(theatre: TelegramTheatre) -> None:
    trees = theatre.world.petitions[TREES]
    theatre.world.petitions.update({f"town-{number}": replace(trees, slug=f"town-{number}") for number in range(45)})
    found = [links(result)[0] for result in await theatre.server.person(7, "Suzie").inline("")]
    assert len(found) == len(set(found)) == len(theatre.world.petitions)


async def test_a_query_that_names_a_petition_offers_it_alone(theatre: TelegramTheatre) -> None:
    theatre.world.petitions["town"] = replace(theatre.world.petitions[TREES], slug="town")
    person = theatre.server.person(7, "Suzie")
    assert len(await person.inline("town")) == 1, "and not also town-trees"
    assert len(await person.inline(f" {TREES.upper()} ")) == 1


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("newsletter", "newsletter"), ("News_2", "news_2"), ("", ""), ("r" + "0" * 12, ""), ("g0123456789ab", ""),
        ("own~0123456789abcdef", ""), ("x" * 33, ""), ("a--read", ""), ("é", ""),
    ],
)  # fmt: skip
async def test_a_query_may_carry_only_a_label_that_anyone_may_use(
    theatre: TelegramTheatre, typed: str, label: str
) -> None:
    (result,) = await theatre.server.person(7, "Suzie").inline(f"{SALESFORCE}--{typed}")
    assert links(result)[0].partition("start=")[2] == f"{SALESFORCE}--{label}--sign"


async def test_the_share_button_sends_the_card_with_the_sharers_label(theatre: TelegramTheatre) -> None:
    chat = await signed(theatre)
    await chat.press("Share")
    row = chat.last.reply_markup["inline_keyboard"][0]  # type: ignore[index]
    assert row[0]["switch_inline_query_chosen_chat"]["query"] == SALESFORCE, "people see it in the chat, so no label"
    assert row[1]["copy_text"]["text"].startswith(f"https://t.me/undersign_bot?start={SALESFORCE}--r")
    card = await share(theatre.server.person(7, "Suzie"), chat.last, "Send to a chat")
    friend = theatre.server.person(8, "Omar").private_chat()
    await friend.send("/start " + links({"reply_markup": card.reply_markup})[0].partition("start=")[2])
    await friend.send("90210")
    await friend.press("Confirm")
    first, second = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert second.label.startswith("own~")
    assert theatre.services.queries.credited(SALESFORCE, first.referral) == 1


async def test_an_organizers_link_is_shared_with_its_label(theatre: TelegramTheatre) -> None:
    chat = theatre.server.person(99, "Olga").private_chat()
    await chat.send(f"/link {SALESFORCE} newsletter")
    card = await share(theatre.server.person(99, "Olga"), chat.last, "Send to a chat")
    assert links({"reply_markup": card.reply_markup})[0].endswith(f"{SALESFORCE}--newsletter--sign")


async def test_without_inline_mode_people_share_a_link(theatre: TelegramTheatre) -> None:
    theatre.server.world.inline_mode = False
    await theatre.restart()
    chat = await signed(theatre)
    await chat.press("Share")
    assert chat.last.reply_markup
    assert chat.last.reply_markup["inline_keyboard"][0][0]["url"].startswith("https://t.me/share/url?url=")


async def test_a_button_always_leads_to_the_bot(theatre: TelegramTheatre) -> None:
    person = theatre.server.person(7, "Suzie")
    assert await person.inline_button("") == {"text": "Open the bot", "start_parameter": "open"}
    button = await person.inline_button("no such thing")
    assert button == {"text": "Nothing found. See all petitions", "start_parameter": "open"}
    chat = person.private_chat()
    await chat.send("/start open")
    assert chat.last.text.startswith("Choose one of these 2 petitions:")


async def test_a_query_that_is_too_old_is_let_go(theatre: TelegramTheatre, caplog: pytest.LogCaptureFixture) -> None:
    theatre.server.fail_next("answerInlineQuery", 400, "Bad Request: query is too old and response timeout expired")
    assert await theatre.server.person(7, "Suzie").inline("") == []
    assert "refused" not in caplog.text


@pytest.mark.parametrize("feedback", [True, False])
async def test_the_count_of_a_known_card_is_refreshed(theatre: TelegramTheatre, feedback: bool) -> None:
    theatre.server.world.inline_feedback = feedback
    card = await sent(theatre)
    assert len(known(theatre)) == feedback
    if not feedback:
        tap = await theatre.server.person(8, "Omar").tap(card, "Read")
        assert tap.answers[-1]["url"] == f"https://t.me/undersign_bot?start={SALESFORCE}----read"
    await signed(theatre)
    await theatre.surface.inline.refresher.refresh()
    await theatre.surface.deliveries.empty()
    assert "1 person has signed." not in card.text, "it is younger than a minute"
    await later(theatre)
    assert "1 person has signed." in card.text
    assert links({"reply_markup": card.reply_markup}) == [f"https://t.me/undersign_bot?start={SALESFORCE}----sign"]
    edits = len(theatre.server.calls("editMessageText"))
    await later(theatre)
    assert len(theatre.server.calls("editMessageText")) == edits, "nothing had changed"


async def test_known_cards_are_refreshed_by_themselves_again_and_again(
    theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LOOK_EVERY <= 60
    monkeypatch.setattr("bots.telegram.inline_cards.LOOK_EVERY", 0.01)
    theatre.server.world.inline_feedback = True
    card = await sent(theatre)

    async def shows(words: str) -> None:
        await until(lambda: refreshing.done() or words in card.text, f"the card says {words}")
        assert words in card.text

    refreshing = asyncio.create_task(theatre.surface.inline.refresher.refresh_forever())
    try:
        for number, name, words in ((7, "Suzie", "1 person has signed."), (8, "Omar", "2 people have signed.")):
            await signed(theatre, number, name)
            theatre.world.now += dt.timedelta(seconds=61)
            await shows(words)
    finally:
        refreshing.cancel()


async def test_read_opens_the_letter_with_the_sharers_label_and_in_one_tap(theatre: TelegramTheatre) -> None:
    await signed(theatre)
    card = await sent(theatre, theatre.server.person(7, "Suzie"))
    tap = await theatre.server.person(8, "Omar").tap(card, "Read")
    url = tap.answers[-1]["url"]
    assert url.startswith(f"https://t.me/undersign_bot?start={SALESFORCE}--r")
    assert url.endswith("--read")


async def test_a_victory_reaches_a_card_in_the_language_of_its_sharer(theatre: TelegramTheatre) -> None:
    theatre.server.world.inline_feedback = True
    card = await sent(theatre, theatre.server.person(71, "Ana", language_code="es"), TREES)
    with theatre.world.work() as work:
        work.decisions.save(TREES, Decision(PetitionStatus.VICTORY, words="Won!", since=theatre.world.now))
        work.commit()
    await later(theatre)
    assert "Won!" in card.text
    assert "¡Victoria!" in card.text


async def test_a_card_that_is_gone_is_forgotten(theatre: TelegramTheatre) -> None:
    theatre.server.world.inline_feedback = True
    card = await sent(theatre)
    del theatre.server.world.inline_messages[card.inline_id or ""]
    await later(theatre)
    assert known(theatre) == []


async def test_a_card_of_a_petition_that_is_gone_stays_as_it_is(theatre: TelegramTheatre) -> None:
    theatre.server.world.inline_feedback = True
    card = await sent(theatre, words=TREES)
    del theatre.world.petitions[TREES]
    await later(theatre)
    assert (card.edits, len(known(theatre))) == (0, 1)


async def test_the_sharers_cards_are_forgotten_with_them(theatre: TelegramTheatre) -> None:
    theatre.server.world.inline_feedback = True
    await signed(theatre)
    await sent(theatre, theatre.server.person(7, "Suzie"))
    assert len(known(theatre)) == 1
    theatre.world.signing.forget(Signer("telegram", "7"))
    assert known(theatre) == []


async def test_a_tap_with_strange_data_opens_the_bot_and_stores_nothing(theatre: TelegramTheatre) -> None:
    card = await sent(theatre)
    assert card.reply_markup
    card.reply_markup["inline_keyboard"][-1][0]["callback_data"] = "@en a-petition-of-the-past--x"
    tap = await theatre.server.person(8, "Omar").tap(card, "Read")
    assert tap.answers[-1]["url"] == "https://t.me/undersign_bot?start=open"
    assert known(theatre) == []


async def test_a_card_too_full_for_a_tap_has_a_link_to_read(theatre: TelegramTheatre) -> None:
    slug = "a" * 30
    theatre.world.petitions[slug] = replace(theatre.world.petitions[TREES], slug=slug)
    (result,) = await theatre.server.person(7, "Suzie").inline(f"{slug}--{'b' * 32}")
    assert len(links(result)) == 2
    assert result["id"] == slug


async def test_each_card_is_edited_by_its_own_id_and_no_chat(theatre: TelegramTheatre) -> None:
    theatre.server.world.inline_feedback = True
    for number in range(3):
        await sent(theatre, theatre.server.person(70 + number, "Sharer"))
    await signed(theatre)
    await later(theatre)
    edits = [call.params for call in theatre.server.calls("editMessageText") if "inline_message_id" in call.params]
    assert len({params["inline_message_id"] for params in edits}) == len(edits) == 3
    assert not any("chat_id" in params for params in edits)

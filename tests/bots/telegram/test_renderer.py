"""Telegram accepts the message of any petition and signer, and no text is lost."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.callback_data import LONGEST
from bots.common.links import Links
from bots.telegram.renderer import LONGEST_TEXT, TelegramMessage, TelegramRenderer
from core.conversation import state as ev
from core.conversation.machine import advance
from core.conversation.overlays import screen_for
from core.conversation.reading import page_size
from core.conversation.scene import Scene
from core.conversation.screen import View
from core.conversation.state import Conversation, Overlay
from core.messages import Message
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.platforms import Platform
from core.signatures.signature import SignerContext
from core.text.markdown import Numbering, parse
from core.text.pages import utf16_length
from tests.core.conversation.events import events, knowns
from tests.telegram_server.entities import check
from tests.world import NOW, SALESFORCE, TREES, catalog, petitions

ARABIC = "نطالبكم بإلغاء العقد فورًا 👩‍👩‍👧‍👦 لأن **الناس** أهم من الأرباح[^a]. "


@cache
def with_letter(markdown: str) -> Petition:
    petition = petitions()[SALESFORCE]
    letter, _ = parse(markdown, ["a"], Numbering())
    return replace(petition, texts={"en": replace(petition.text("en"), letter=letter)})


def rendered(petition: Petition, conversation: Conversation, known: SignerContext | None = None) -> TelegramMessage:
    every = {petition.slug: petition}
    scene = Scene(conversation, every, known or READER, lambda: 123_456, NOW, catalog().locales)
    renderer = TelegramRenderer(catalog(), every, Links(telegram="undersign_bot"))
    view = View(screen_for(scene), conversation.locale, petition.slug, conversation.revision)
    return renderer.render(view)


def check_accepted(message: TelegramMessage) -> None:
    """Check the message as Telegram does."""
    assert 0 < utf16_length(message.text) <= LONGEST_TEXT
    assert message.text == message.text.strip()
    check(message.text, list(message.entities))
    buttons = [button for row in message.keyboard for button in row]
    assert len(buttons) <= 100
    for button in buttons:
        assert button["text"].strip()
        assert len(button.get("callback_data", "").encode()) <= LONGEST


LETTERS = {
    "arabic": ARABIC * 600,
    "words": "word " * 8000,
    "one word": "x" * 40_000,
    "emoji": "👍" * 20_000,
    "quotes": "> quoted\n>\n> again\n\n" * 2000,
    "list": "- item\n" * 6000,
    "deep list": "".join(f"{'  ' * (n % 9)}- item {n}\n" for n in range(3000)),
    "headings": f"# {'Head ' * 30}\n\n{'word ' * 730}\n\n" * 10,
}
READER = SignerContext(platform=Platform.TELEGRAM)


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS.keys())
def test_a_letter_of_40000_characters_is_paged_and_nothing_is_lost(letter: str) -> None:
    petition = with_letter(letter)
    text = petition.text("en")
    seen = ""
    for number, page in enumerate(text.pages(page_size(Platform.TELEGRAM))):
        message = rendered(petition, Conversation(SALESFORCE, "en", trail=(Overlay.PAGE,), page=number))
        check_accepted(message)
        if page.part == "letter":
            assert all(block.text.strip() in message.text for block in page.document.blocks)
            seen += page.document.text
    assert _letters(seen) == _letters(text.letter.text)
    review = advance(
        advance(Conversation(SALESFORCE, "en"), ev.Begin(), petition, NOW).conversation,
        ev.Answer({"full_name": "Ada", "postal_code": "90210"}), petition, NOW,
    ).conversation  # fmt: skip
    check_accepted(rendered(petition, review))


@pytest.mark.parametrize("locale", catalog().locales)
def test_a_full_page_leaves_room_for_the_lines_above_it(locale: str) -> None:
    petition = replace(with_letter("word " * 8000), is_draft=True, slug="draft-" + "0" * 24)
    page = petition.text("en").pages(page_size(Platform.TELEGRAM))[0]
    for key in ("notice.voice", "notice.changed", "notice.text_changed", "notice.edited", "notice.use_buttons"):
        notice = Message(key, {"parts": (), "button": "Sign"})
        state = Conversation(petition.slug, locale, trail=(Overlay.PAGE,), notice=notice)
        assert page.document.text.strip() in rendered(petition, state).text


def _letters(text: str) -> str:
    return "".join(text.split())


def test_twenty_long_answers_still_fit_a_message() -> None:
    fields = tuple(Field(f"field_{n}", FieldKind.TEXT, required=True, max_length=1000) for n in range(20))
    petition = replace(petitions()[SALESFORCE], fields=fields)
    answers = {field.name: "💬" * 1000 for field in fields}
    begun = advance(Conversation(SALESFORCE, "en"), ev.Begin(), petition, NOW).conversation
    message = rendered(petition, advance(begun, ev.Answer(answers), petition, NOW).conversation)
    check_accepted(message)
    assert "You can withdraw your signature here at any time." in message.text


@given(st.sampled_from([SALESFORCE, TREES]), st.lists(st.tuples(events, knowns), max_size=25))
def test_every_screen_of_every_conversation_is_taken(slug: str, story: list[tuple[ev.Event, SignerContext]]) -> None:
    petition, now = petitions()[slug], Conversation(slug, "en")
    for event, known in story:
        now = advance(now, event, petition, NOW, known).conversation
        check_accepted(rendered(petition, now, known))


def test_looks_become_entities() -> None:
    message = rendered(petitions()[TREES], Conversation(TREES, "en", trail=(Overlay.PAGE,)))
    looks = [(entity["type"], _words(message, entity["offset"], entity["length"])) for entity in message.entities]
    assert ("bold", "forty elms") in looks
    assert ("italic", "healthy") in looks
    assert ("text_link", "publish") in looks
    assert ("blockquote", "A tree is a promise to those who come later.") in looks


def _words(message: TelegramMessage, offset: int, length: int) -> str:
    return message.text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def test_only_a_warning_has_a_warning_sign() -> None:
    told = {key: Conversation(SALESFORCE, "en", notice=Message(key)) for key in ("notice.updates_on", "notice.paused")}
    news, warning = (rendered(petitions()[SALESFORCE], now) for now in told.values())
    assert news.text.startswith("You'll get updates about this petition.\n")
    assert news.entities[0]["type"] == "bold"
    assert warning.text.startswith("⚠️ You can't sign right now, but")


def test_a_typed_question_has_an_example_in_the_input_field_when_it_is_new() -> None:
    petition = petitions()[SALESFORCE]
    typed = (ev.Begin(), ev.Answer({"full_name": "Ada Lovelace"}))
    asked = Conversation(SALESFORCE, "en")
    for event in typed:
        asked = advance(asked, event, petition, NOW).conversation
    message = rendered(petition, asked)
    markup = message.content()["reply_markup"]
    assert markup == {"force_reply": True, "input_field_placeholder": "95014 (United States), or your country"}
    assert "reply_markup" not in message.content(edits=True), "Telegram takes only buttons on an edited message"
    trees = advance(Conversation(TREES, "en"), ev.Begin(), petitions()[TREES], NOW).conversation
    country = advance(trees, ev.Answer({"who": "Ada Lovelace"}), petitions()[TREES], NOW).conversation
    assert "inline_keyboard" in rendered(petitions()[TREES], country).content()["reply_markup"]

"""The review on a phone: few rows of buttons, one way to the fields, and the channel for updates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation import state as ev
from core.conversation.machine import advance
from core.conversation.overlays import screen_for
from core.conversation.scene import Scene
from core.conversation.screen import Button, Screen
from core.conversation.state import Conversation, Overlay, Stage
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.signatures.signature import SignerContext
from core.text.document import Block, BlockKind, Document, Span
from tests.core.conversation.stories import PETITION, TYPED, after
from tests.world import NOW, catalog, parts_of

LONG = Document(tuple(Block(BlockKind.PARAGRAPH, (Span("The elms are healthy. " * 30),)) for _ in range(4)))
KNOWN = SignerContext({"name": "Ada"})


def drawn(state: Conversation, petition: Petition = PETITION, known: SignerContext | None = None) -> Screen:
    return screen_for(Scene(state, {petition.slug: petition}, known or SignerContext(), lambda: 7, NOW))


def labels(screen: Screen) -> list[list[str]]:
    return [[catalog().words(button.text, "en") for button in row] for row in screen.buttons]


def buttons(screen: Screen) -> list[Button]:
    return [button for row in screen.buttons for button in row]


@given(st.integers(0, 16), st.booleans(), st.booleans(), st.booleans())
def test_the_review_has_at_most_eight_rows_of_buttons(fields: int, asks: bool, long: bool, with_updates: bool) -> None:
    text = replace(PETITION.text("en"), letter=LONG if long else PETITION.text("en").letter)
    more = tuple(Field(f"why_{number}", FieldKind.TEXT) for number in range(fields))
    petition = replace(
        PETITION, texts={"en": text}, fields=(*PETITION.fields, *more), named_if="show_name" if asks else ""
    )  # fmt: skip
    state = after(*TYPED, ev.SetUpdates(with_updates), petition=petition, known=KNOWN).conversation
    screen = drawn(state, petition, KNOWN)
    assert len(screen.buttons) <= 8
    assert sum(button.event == ev.Show(Overlay.FIELDS) for button in buttons(screen)) == 1


@pytest.mark.parametrize(
    ("typed", "answer", "shown"),
    [
        ("90210", "Postal code: 90210", "your name and postal code"),
        ("Deutschland", "Country: Germany", "your name and country"),
    ],
)
def test_a_signer_elsewhere_reads_country_instead_of_postal_code(typed: str, answer: str, shown: str) -> None:
    words = "\n".join(parts_of(drawn(after(ev.Begin(), ev.Reply("Ada Lovelace"), ev.Reply(typed)).conversation), "en"))
    assert answer in words
    assert f"They'll include {shown} only if" in words


def test_edit_leads_to_the_fields() -> None:
    state = after(*TYPED, ev.Show(Overlay.FIELDS)).conversation
    screen = drawn(state)
    assert labels(screen) == [
        ["Edit: Name"], ["Edit: Postal code"], ["Add: Email"], ["Add: Comment"], ["Back to signing"],
    ]  # fmt: skip
    assert [prompt.field.name for prompt in screen.form] == [field.name for field in PETITION.fields]
    assert not after(ev.Show(Overlay.FIELDS)).conversation.trail, "nothing to edit before signing"
    assert not advance(state, ev.Back(), PETITION, NOW).conversation.trail


@pytest.mark.parametrize(
    ("events", "line", "offered"),
    [
        ((), "Updates: no", ["Updates here", "Updates by email"]),
        ((ev.SetUpdates(True),), "Updates: yes", ["Updates by email", "Stop updates"]),
        (
            (ev.SetUpdates(True, by_email=True), ev.Reply("ada@example.org")),
            "Updates: by email", ["Updates here", "Stop updates"],
        ),
    ],
)  # fmt: skip
def test_one_tap_chooses_the_channel(events: tuple[ev.Event, ...], line: str, offered: list[str]) -> None:
    screen = drawn(after(*TYPED, *events).conversation)
    assert any(catalog().words(getattr(part, "words", ""), "en").startswith(line) for part in screen.parts)
    assert offered in labels(screen)


def test_the_question_about_the_address_says_why_and_offers_the_channel() -> None:
    screen = drawn(after(*TYPED, ev.Edit("email")).conversation)
    words = [catalog().words(getattr(part, "words", ""), "en") for part in screen.parts]
    assert sum("count each person once" in one for one in words) == 1
    assert labels(screen)[0] == ["Updates here", "Updates by email"]
    chosen = after(*TYPED, ev.Edit("email"), ev.SetUpdates(True, by_email=True)).conversation
    assert chosen.stage is Stage.ANSWERING
    assert chosen.by_email


def test_updates_by_e_mail_ask_for_the_address_and_do_not_outlive_it() -> None:
    asked = after(*TYPED, ev.SetUpdates(True, by_email=True)).conversation
    assert asked.asking == "email"
    back = advance(asked, ev.Back(), PETITION, NOW).conversation
    assert (back.stage, back.updates, back.by_email) == (Stage.REVIEWING, False, False)
    given_it = advance(asked, ev.Reply("ada@example.org"), PETITION, NOW).conversation
    assert given_it.by_email
    removed = advance(given_it, ev.Remove("email"), PETITION, NOW).conversation
    assert (removed.updates, removed.by_email) == (False, False)

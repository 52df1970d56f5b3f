"""Questions say what they want before anyone is refused, and offer what is likely."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.demands import Turn
from core.conversation.machine import advance
from core.conversation.overlays import screen_for
from core.conversation.scene import Scene
from core.conversation.screen import Screen
from core.conversation.state import Conversation, Event, Stage
from core.conversation.typed import Media, MediaKind
from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.petition import Petition
from core.platforms import Platform
from core.signatures.signature import SignerContext
from tests.core.conversation.stories import PETITION, after
from tests.world import NOW, SALESFORCE, catalog, parts_of

NAME = Field("full_name", FieldKind.NAME, required=True)
CODE = Field("postal_code", FieldKind.POSTAL_CODE, required=True)
COUNTRY = Field("country", FieldKind.COUNTRY, required=True)
EMAIL = Field("email", FieldKind.EMAIL)
ADULT = Field("adult", FieldKind.AGREE, required=True)


def form(*fields: Field, country: str | None = None, **hints: str) -> Petition:
    text = replace(PETITION.text("en"), hints=hints, captions={"adult": "I am 18 or older"})
    return replace(PETITION, fields=fields, country=country, texts={"en": text})


def tell(petition: Petition, *events: Event, known: SignerContext | None = None) -> tuple[Turn, Screen]:
    turn = after(ev.Begin(), *events, known=known, petition=petition)
    scene = Scene(turn.conversation, {SALESFORCE: petition}, known or SignerContext(), lambda: 0, NOW)
    return turn, screen_for(scene)


def reads(screen: Screen) -> str:
    return "\n".join(parts_of(screen, "en"))


def buttons(screen: Screen) -> dict[str, Event | None]:
    return {catalog().words(button.text, "en"): button.event for row in screen.buttons for button in row}


def placeholder(screen: Screen) -> str:
    return catalog().words(screen.prompts[0].placeholder, "en")


@pytest.mark.parametrize(
    ("code", "country", "said", "example"),
    [
        (replace(CODE, country="US"), None, "Only people who live in this country can sign: United States.", "95014"),
        (replace(CODE, country="US", elsewhere=Elsewhere.ACCEPT), None, "If you live elsewhere, type your", "95014"),
        (CODE, "GB", "Your postal code (United Kingdom), such as EC1Y 8SY.", "EC1Y 8SY"),
    ],
)
def test_the_question_for_a_code_names_country_and_example(
    code: Field, country: str | None, said: str, example: str
) -> None:
    fields = (code, replace(COUNTRY, required=False)) if country else (code,)
    _, screen = tell(form(*fields, country=country))
    assert said in reads(screen)
    assert example in reads(screen)
    assert placeholder(screen).startswith(example)
    _, own = tell(form(*fields, country=country, postal_code="So that we can count districts"))
    assert "So that we can count districts" in reads(own)
    assert example in reads(own)


def test_once_the_country_is_known_the_question_names_it() -> None:
    _, screen = tell(form(COUNTRY, CODE), ev.Reply("Germany"))
    assert "Your postal code (Germany), such as 26133." in reads(screen)


@pytest.mark.parametrize(
    ("home", "language", "offered"),
    [
        ("US", "de", ["United States", "Germany", "Austria", "Switzerland", "Liechtenstein", "Luxembourg"]),
        (None, "en-SG", ["Singapore"]),
        ("US", "", ["United States"]),
        ("GB", "pt_BR", ["United Kingdom", "Brazil"]),
    ],
)
def test_likely_countries_are_buttons(home: str | None, language: str, offered: list[str]) -> None:
    petition = form(COUNTRY, country=home)
    _, screen = tell(petition, known=SignerContext(language=language))
    assert [*buttons(screen)][:-2] == offered
    assert placeholder(screen) == offered[0]
    chosen = buttons(screen)[offered[-1]]
    assert chosen
    assert tell(petition, chosen)[0].conversation.stage is Stage.REVIEWING


def test_somebody_elsewhere_can_say_so_before_the_code() -> None:
    for petition, words in (
        (form(NAME, CODE, COUNTRY), "Choose my country first"),
        (form(NAME, replace(CODE, country="US"), replace(COUNTRY, required=False)), "I live in another country"),
    ):
        _, screen = tell(petition, ev.Reply("Ada Lovelace"))
        event = buttons(screen)[words]
        assert event == ev.Edit("country")
        turn, review = tell(petition, ev.Reply("Ada Lovelace"), event, ev.Reply("Hong Kong"))
        assert turn.conversation.stage is Stage.REVIEWING
        assert "Add Postal code" not in buttons(review)
        _, german = tell(petition, ev.Reply("Ada Lovelace"), event, ev.Reply("Germany"))
        assert "Germany" in reads(german)
        assert words not in buttons(german)


def test_a_code_typed_before_the_country_is_judged_with_it() -> None:
    petition = form(NAME, CODE, COUNTRY)
    asked = (ev.Reply("Ada Lovelace"), ev.Reply("90210"), ev.Reply("United Kingdom"))
    turn, screen = tell(petition, *asked)
    assert turn.conversation.stage is Stage.ANSWERING
    assert "That isn't a valid postal code (United Kingdom)." in reads(screen)
    turn, _ = tell(petition, *asked, ev.Confirm())
    assert turn.submission is None
    turn, _ = tell(petition, *asked, ev.Reply("SW1A 1AA"), ev.Confirm())
    assert turn.submission
    assert turn.submission.answers["postal_code"] == "SW1A 1AA"


def test_a_petition_of_one_country_is_kind_to_people_elsewhere() -> None:
    _, screen = tell(form(replace(CODE, country="US")), ev.Reply("Germany"))
    assert "If you live elsewhere, you can still help by sharing it." in reads(screen)


def test_a_state_is_asked_about_and_the_country_can_be_tapped() -> None:
    _, screen = tell(form(replace(CODE, country="US", elsewhere=Elsewhere.ACCEPT)), ev.Reply("Georgia"))
    assert "Did you mean a country (Georgia)?" in reads(screen)
    petition = form(replace(CODE, country="US", elsewhere=Elsewhere.ACCEPT))
    for tapped in (buttons(screen)["Georgia"], ev.Reply("GE")):
        assert tapped
        turn, review = tell(petition, ev.Reply("Georgia"), tapped, ev.Confirm())
        assert turn.submission
        assert turn.submission.answers == {"postal_code": "GE", "show_name": "no"}
        _, review = tell(petition, ev.Reply("Georgia"), tapped)
        assert "Country: Georgia" in reads(review)


@pytest.mark.parametrize("place", [0, 1])
def test_both_addresses_are_buttons(place: int) -> None:
    petition = form(replace(EMAIL, required=True))
    _, screen = tell(petition, ev.Reply("ada@gmial.com"))
    addresses = [*buttons(screen)][:2]
    assert addresses == ["ada@gmail.com", "ada@gmial.com"]
    assert "Did you mean ada@gmail.com?" in reads(screen)
    for chosen in (buttons(screen)[addresses[place]], ev.Reply(addresses[place])):
        assert chosen
        turn, _ = tell(petition, ev.Reply("ada@gmial.com"), chosen, ev.Confirm())
        assert turn.submission, "once is enough"
        assert turn.submission.answers["email"] == addresses[place]
    other, _ = tell(petition, ev.Reply("ada@gmial.com"), ev.Reply("ada@example.org"), ev.Pick("email", 0))
    assert other.conversation.answers == {"email": "ada@example.org"}
    assert tell(petition, ev.Pick("email", 0))[0].conversation.answers == {}


def test_who_does_not_agree_does_not_sign() -> None:
    petition = form(ADULT)
    _, screen = tell(petition)
    assert [*buttons(screen)][:2] == ["I agree", "I don't agree"]
    turn, screen = tell(petition, ev.Answer({"adult": "no"}), ev.Confirm())
    assert (turn.submission, turn.conversation.stage) == (None, Stage.ANSWERING)
    assert "You can sign this petition only if you agree to this." in reads(screen)
    assert tell(petition, ev.Answer({"adult": "yes"}), ev.Confirm())[0].submission


def test_what_is_filled_in_is_marked_until_something_is_answered() -> None:
    fields = (NAME, CODE, EMAIL, *(Field(f"f{n}", FieldKind.TEXT, required=True) for n in range(4)))
    known = SignerContext(profile_name="Ada Lovelace")
    _, screen = tell(form(*fields, country="US"), known=known)
    assert [prompt.field.name for prompt in screen.form if prompt.to_check] == ["full_name"]
    _, later = tell(form(*fields, country="US"), ev.Reply("90210"), known=known)
    assert not any(prompt.to_check for prompt in later.form)


@pytest.mark.parametrize("platform", [*Platform, "one of the future"])
def test_a_screen_asks_one_question_where_there_are_no_forms(platform: str) -> None:
    _, screen = tell(form(NAME, CODE, EMAIL), known=SignerContext(platform=platform))
    assert "One more question" in reads(screen)
    counts = (1, 0) if platform in (Platform.TELEGRAM, Platform.TERMINAL) else (2, 3)
    assert (len(screen.prompts), len(screen.form)) == counts


def test_a_form_of_a_stored_conversation_without_the_country_asks_for_it() -> None:
    digest = PETITION.text("en").digest
    stored = Conversation(SALESFORCE, "en", Stage.REVIEWING, answers={"postal_code": "x"}, digest=digest)
    petition = form(CODE, replace(COUNTRY, required=False))
    confirmed = advance(stored, ev.Confirm(), petition, NOW)
    assert (confirmed.submission, confirmed.conversation.stage) == (None, Stage.ANSWERING)


def test_a_phone_question_has_an_example_of_the_country_and_takes_a_shared_contact() -> None:
    petition = form(COUNTRY, EMAIL, Field("phone", FieldKind.PHONE, required=True))
    _, screen = tell(petition, ev.Reply("Germany"), ev.Edit("phone"))
    assert "such as 01512 3456789. The organizer gets it only if you choose updates by email." in reads(screen)
    contact = Media(MediaKind.CONTACT, phone="+4930901820")
    turn, _ = tell(petition, ev.Reply("Germany"), ev.Edit("phone"), contact)
    assert turn.conversation.answers["phone"] == "+4930901820"
    turn, screen = tell(petition, contact)
    assert turn.conversation.answers == {}
    assert "We don't need your phone number" in reads(screen), "another question is open"
    _, screen = tell(petition, ev.Reply("Germany"), ev.Answer({"phone": "+4930901820"}))
    assert "+49 30 901820" in reads(screen)
    assert "your email address and phone number only if you choose updates by email" in reads(screen)

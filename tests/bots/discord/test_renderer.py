"""Discord accepts the message and the form of any petition and conversation."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.json_object import JsonObject
from bots.common.links import Links
from bots.discord import custom_id
from bots.discord.limits import LONGEST_OPTION, LONGEST_TEXT
from bots.discord.message import DiscordMessage
from bots.discord.renderer import MENU_FROM, DiscordRenderer
from core.conversation import state as ev
from core.conversation.choosing import choose_petition
from core.conversation.machine import advance
from core.conversation.overlays import screen_for
from core.conversation.reading import page_size
from core.conversation.scene import HINTS, Scene
from core.conversation.screen import Button, Line, Screen, View
from core.conversation.state import Conversation, Overlay
from core.messages import Message
from core.organizer.command import CommandLine
from core.petition.country import country_name
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.petition.versions import PRESENT, PetitionVersion
from core.platforms import Platform
from core.signatures.signature import Signature, SignatureStatus, SignerContext
from core.text.pages import utf16_length
from tests.bots.telegram.test_renderer import LETTERS, with_letter
from tests.core.conversation.events import events, knowns
from tests.discord_server.components import ComponentChecker
from tests.discord_server.errors import Form
from tests.discord_server.kinds import TEXT, walk
from tests.discord_server.modals import ModalChecker
from tests.world import NOW, SALESFORCE, TREES, catalog, petitions

LINKS = Links(discord=116_000_000_000_000_000)
READER = SignerContext(platform=Platform.DISCORD)
LOOKS = {
    "bold": "**bold** word " * 3000,
    "links": "[a *link*](https://example.org/a_b(c)/d) " * 1000,
    "code": "`a_b|c`  \n" * 4000,
}
_LINK = re.compile(r"\[([^\]]*)\]\(<[^>]*>\)")
CJK = "壹貳參肆伍陸柒捌玖拾" * 4000


def renderer(petition: Petition, links: Links = LINKS) -> DiscordRenderer:
    return DiscordRenderer(catalog(), {petition.slug: petition}, links)


def view_of(petition: Petition, conversation: Conversation, known: SignerContext | None = None) -> View:
    scene = Scene(
        conversation, {petition.slug: petition}, known or READER, lambda: 123_456, NOW, catalog().locales
    )  # fmt: skip
    return View(screen_for(scene), conversation.locale, petition.slug, conversation.revision)


def check_accepted(message: DiscordMessage) -> None:
    """Check the message as Discord does, by the rules of the fake server."""
    content = message.content(private=True)
    assert content["allowed_mentions"] == {"parse": []}
    form = Form()
    ComponentChecker(form, ()).check(content["components"], layout=True)
    form.refuse()
    texts = [part["content"] for part in walk(content["components"]) if part["type"] == TEXT]
    assert 0 < sum(map(utf16_length, texts)) <= LONGEST_TEXT


def check_form(modal: JsonObject | None) -> None:
    if modal is not None:
        form = Form()
        ModalChecker(form).check(modal)
        form.refuse()


@pytest.mark.parametrize(
    "letter", [*LETTERS.values(), *LOOKS.values(), CJK, "*" * 40_000, "*\n\n" * 10_000], ids=lambda letter: letter[:6]
)
def test_a_letter_of_40000_characters_is_paged_and_nothing_is_lost(letter: str) -> None:
    petition = with_letter(letter)
    drawing, seen = renderer(petition), ""
    for number, page in enumerate(petition.text("en").pages(page_size(Platform.DISCORD))):
        message = drawing.render(view_of(petition, Conversation(SALESFORCE, "en", trail=(Overlay.PAGE,), page=number)))
        check_accepted(message)
        if page.part == "letter":
            seen += message.text.partition("\n")[2]
    wanted = _letters(petition.text("en").letter.text)
    assert _letters(seen) == wanted


def _letters(words: str) -> str:
    """Without white space, without the marks of looks, and without addresses."""
    words = _LINK.sub(r"\1", words)
    return "".join(character for character in words if not character.isspace() and character not in "\\>-*#")


@given(st.sampled_from([SALESFORCE, TREES]), st.lists(st.tuples(events, knowns), max_size=25), st.booleans())
def test_every_screen_and_form_of_every_conversation_is_taken(
    slug: str, story: list[tuple[ev.Event, SignerContext]], offers_post: bool
) -> None:
    petition, now = petitions()[slug], Conversation(slug, "en")
    drawing = renderer(petition)
    for event, known in story:
        now = advance(now, event, petition, NOW, known).conversation
        screen = view_of(petition, now, known)
        check_accepted(drawing.render(screen, offers_post=offers_post))
        check_form(drawing.form(screen))


def with_fields(*fields: Field) -> Petition:
    petition = petitions()[SALESFORCE]
    text = petition.text("en")
    options = {field.name: {key: f"The answer {key}" for key in field.options} for field in fields}
    captions = {field.name: field.name for field in fields}
    return replace(petition, fields=fields, texts={"en": replace(text, options=options, captions=captions, hints={})})


def form_of(petition: Petition, *story: ev.Event) -> JsonObject:
    now = Conversation(SALESFORCE, "en")
    for event in (ev.Begin(), *story):
        now = advance(now, event, petition, NOW).conversation
    form = renderer(petition).form(view_of(petition, now))
    check_form(form)
    assert form is not None
    return form


@pytest.mark.parametrize("overlay", [Overlay.SIGNATURES, Overlay.UPDATES])
def test_all_buttons_of_ten_signatures_fit_a_message(overlay: Overlay) -> None:
    every = {f"copy-{n}": replace(petitions()[SALESFORCE], slug=f"copy-{n}") for n in range(12)}
    own = tuple(
        Signature(slug, f"R{n}", f"s{n}", n + 1, SignatureStatus.COUNTED, f"{n:064}", NOW, "discord", "en",
                  by_email=True, has_address=True)
        for n, slug in enumerate(every)
    )  # fmt: skip
    version = PetitionVersion("copy-0", "0" * 64, "en", PRESENT, "{}", NOW)
    scene = Scene(
        Conversation("copy-0", "en", trail=(overlay,)), every, SignerContext(signatures=own, signature=own[0]),
        lambda: 12, NOW, catalog().locales, look_up=lambda _petition, _digest: version,
    )  # fmt: skip
    view = View(screen_for(scene), "en", "copy-0")
    message = DiscordRenderer(catalog(), every, LINKS).render(view)
    check_accepted(message)
    shown = [one for row in message.rows for part in row["components"] for one in part.get("options", [part])]
    assert len(shown) == sum(len(row) for row in view.screen.buttons) > 20


def test_twenty_long_answers_still_fit_a_message() -> None:
    fields = tuple(Field(f"field_{n}", FieldKind.TEXT, required=True, max_length=1000) for n in range(20))
    petition = with_fields(*fields)
    begun = advance(Conversation(SALESFORCE, "en"), ev.Begin(), petition, NOW).conversation
    answers = {field.name: "💬*" * 400 for field in fields}
    message = renderer(petition).render(
        view_of(petition, advance(begun, ev.Answer(answers), petition, NOW).conversation)
    )  # fmt: skip
    check_accepted(message)
    assert "You can withdraw your signature here at any time." in message.text


def test_long_chinese_answers_beside_a_long_chinese_letter_still_fit() -> None:
    petition = replace(with_letter("這是一封信" * 300), fields=tuple(
        Field(f"field_{n}", FieldKind.TEXT, required=True, max_length=900) for n in range(3)
    ))  # fmt: skip
    petition = replace(
        petition, texts={"en": replace(petition.text("en"), captions={f"field_{n}": "x" for n in range(3)})}
    )
    begun = advance(Conversation(SALESFORCE, "en"), ev.Begin(), petition, NOW).conversation
    answered = advance(begun, ev.Answer({f"field_{n}": "答" * 700 for n in range(3)}), petition, NOW).conversation
    check_accepted(renderer(petition).render(view_of(petition, answered)))


def test_a_value_that_grew_too_long_is_not_prefilled() -> None:
    petition = with_fields(Field("why", FieldKind.TEXT, required=True, max_length=10))
    now = Conversation(SALESFORCE, "en", answers={"why": "x" * 50})
    now = advance(now, ev.Begin(), petition, NOW).conversation
    form = renderer(petition).form(view_of(petition, advance(now, ev.Edit("why"), petition, NOW).conversation))
    check_form(form)
    assert form is not None
    assert "value" not in form["components"][0]["component"]


def test_more_than_five_fields_are_asked_five_at_a_time() -> None:
    petition = with_fields(*(Field(f"field_{n}", FieldKind.TEXT, required=True) for n in range(7)))
    names = [field["component"]["custom_id"] for field in form_of(petition)["components"]]
    assert names == [f"field_{n}" for n in range(5)]
    rest = form_of(petition, ev.Answer(dict.fromkeys(names, "x")))["components"]
    assert [field["component"]["custom_id"] for field in rest] == ["field_5", "field_6"]


@pytest.mark.parametrize(
    ("options", "kind"), [(2, 21), (10, 21), (11, 3), (25, 3), (1, 3)], ids=["radio", "ten", "menu", "most", "one"]
)
def test_a_choice_is_made_of_what_suits_its_number_of_options(options: int, kind: int) -> None:
    keys = tuple(f"k{n}" for n in range(options))
    (field,) = form_of(with_fields(Field("pick", FieldKind.CHOICE, required=True, options=keys)))["components"]
    assert field["component"]["type"] == kind
    assert len(field["component"]["options"]) == options


def test_only_a_link_of_the_web_front_says_that_it_counts() -> None:
    petition = petitions()[SALESFORCE]
    screen = view_of(petition, Conversation(SALESFORCE, "en", trail=(Overlay.SHARE,)))
    plain = renderer(petition).render(screen, offers_post=True)
    assert "Post it here" in plain.text
    assert "integration_type=1" in plain.text
    front = renderer(petition, replace(LINKS, public_url="https://sign.example")).render(screen)
    assert "https://sign.example/p/salesforce-cbp" in front.text
    assert not any(button.get("label") == "Post it here" for button in walk(list(front.rows))), "alone with the bot"


def test_a_list_of_petitions_is_a_menu() -> None:
    every = {f"p{n}": replace(petitions()[SALESFORCE], slug=f"p{n}") for n in range(30)}
    drawing = DiscordRenderer(catalog(), every, LINKS)
    message = drawing.render(View(choose_petition(every, lambda petition: petition, "en", NOW), "en"))
    check_accepted(message)
    (menu, *_) = (component for component in walk(list(message.rows)) if component["type"] == 3)
    assert [custom_id.read(option["value"], every) is not None for option in menu["options"]] == [True] * 8


def shown_orders(count: int) -> DiscordMessage:
    """A screen with so many orders of a kind, and one of another kind below them."""
    orders = (*(CommandLine("goal", str(number)) for number in range(count)), CommandLine("help"))
    buttons = tuple((Button(str(order), order=order),) for order in orders)
    return DiscordRenderer(catalog(), {}, LINKS).render(View(Screen((Line("Which?"),), buttons), "en"))


@pytest.mark.parametrize(
    ("count", "sizes"), [(MENU_FROM - 1, [0] * 4), (MENU_FROM, [4, 0]), (25, [25, 0]), (30, [25, 5, 0])]
)
def test_orders_of_a_kind_become_as_few_menus_as_possible(count: int, sizes: list[int]) -> None:
    message = shown_orders(count)
    check_accepted(message)
    assert [len(one.get("options", ())) for row in message.rows for one in row["components"]] == sizes


def test_orders_without_room_are_counted() -> None:
    message = shown_orders(600)
    check_accepted(message)
    shown = sum(len(one.get("options", [one])) for row in message.rows for one in row["components"])
    assert message.text.endswith(f"And {601 - shown} more.")
    assert 1 < 601 - shown < 600


def test_only_a_warning_has_a_warning_sign() -> None:
    petition = petitions()[SALESFORCE]
    told = [Conversation(SALESFORCE, "en", notice=Message(key)) for key in ("notice.updates_on", "notice.paused")]
    news, warning = (renderer(petition).render(view_of(petition, now)).text for now in told)
    assert news.startswith("**You'll get updates about this petition.**\n")
    assert warning.startswith("⚠️ **You can't sign right now, but")


def test_empty_boxes_have_an_example_and_a_code_may_stay_empty_until_its_country_is_known() -> None:
    code, country = Field("code", FieldKind.POSTAL_CODE, required=True), Field("land", FieldKind.COUNTRY, required=True)
    form = form_of(replace(with_fields(code, country), country="GB"))
    boxes = {field["component"]["custom_id"]: field["component"] for field in form["components"]}
    assert boxes["code"]["placeholder"] == "EC1Y 8SY (United Kingdom)"
    assert boxes["land"]["placeholder"] == "United Kingdom"
    assert (boxes["code"]["required"], boxes["land"]["required"]) == (False, True)


@pytest.mark.parametrize("locale", catalog().locales)
@pytest.mark.parametrize("hint", HINTS.values(), ids=lambda hint: hint.key)
def test_a_hint_of_ours_is_not_cut(hint: Message, locale: str) -> None:
    assert len(catalog().text(hint, locale)) <= LONGEST_OPTION


@pytest.mark.parametrize("locale", catalog().locales)
@pytest.mark.parametrize("key", ["hint.postal_code_in", "hint.code_in_form", "hint.postal_code_only"])
def test_a_hint_with_a_country_is_not_cut(key: str, locale: str) -> None:
    arguments = {"country": country_name("GB", locale), "example": "EC1Y 8SY"}
    assert len(catalog().text(Message(key, arguments), locale)) <= LONGEST_OPTION


def test_a_name_from_the_profile_is_checked_like_every_field_of_a_long_form() -> None:
    petition = with_fields(
        Field("full_name", FieldKind.NAME, required=True),
        *(Field(f"f{number}", FieldKind.TEXT, required=True) for number in range(6)),
    )
    known = SignerContext(profile_name="Ada Lovelace")
    now = advance(Conversation(SALESFORCE, "en"), ev.Begin(), petition, NOW, known).conversation
    form = renderer(petition).form(view_of(petition, now, known))
    assert form
    assert [field["component"]["custom_id"] for field in form["components"]] == ["full_name", "f0", "f1", "f2", "f3"]
    assert form["components"][0]["component"]["value"] == "Ada Lovelace"
    sent = ev.Answer({"full_name": "Ada Lovelace", **{f"f{number}": "x" for number in range(4)}})
    now = advance(now, sent, petition, NOW, known).conversation
    more = renderer(petition).form(view_of(petition, now, known))
    assert more
    assert [field["component"]["custom_id"] for field in more["components"]] == ["f4", "f5"]

"""Discord takes the form of any petition in any language, and the form that signs shows everything or isn't drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.json_object import JsonObject
from bots.common.links import Links
from bots.discord import custom_id
from bots.discord.forms import WISHES
from bots.discord.renderer import DiscordRenderer
from core.conversation import state as ev
from core.conversation.machine import advance
from core.conversation.scene import Scene
from core.conversation.state import Conversation
from core.conversation.views import view_for
from core.petition.envelope import with_digests
from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.petition import Petition
from core.platforms import Platform
from core.signatures.signature import SignerContext
from core.text.markdown import Numbering, parse
from tests.discord_server.errors import Form
from tests.discord_server.kinds import TEXT, walk
from tests.discord_server.modals import ModalChecker
from tests.world import NOW, TREES, catalog, petitions

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=140).filter(
    str.strip
)
LETTERS = st.sampled_from(["Short. ", "*Mark*down_ ", "壹貳參 ", "a\n\n"])
KINDS = st.sampled_from([kind for kind in FieldKind if kind is not FieldKind.PHONE])


@st.composite
def any_petition(draw: st.DrawFn) -> Petition:
    """A petition in two languages, with any words and any form."""
    kinds = draw(st.lists(KINDS, max_size=8))
    fields = tuple(_field(draw, f"field_{number}", kind) for number, kind in enumerate(kinds))
    yes_no = [field.name for field in fields if field.kind is FieldKind.YES_NO]
    named_if = draw(st.sampled_from(["", *yes_no[:1]]))
    petition = replace(
        petitions()[TREES], fields=fields, named_if=named_if, country=draw(st.sampled_from([None, "US"]))
    )
    petition = replace(petition, organizer=draw(WORDS), target=draw(WORDS))
    texts = {}
    for language, text in petition.texts.items():
        letter, _ = parse(draw(LETTERS) * draw(st.integers(1, 900)), [], Numbering())
        captions = {field.name: draw(WORDS) for field in fields}
        options = {field.name: {key: draw(WORDS) for key in field.options} for field in fields}
        texts[language] = replace(text, title=draw(WORDS), letter=letter, captions=captions, options=options, hints={})
    return with_digests(replace(petition, texts=texts), catalog())


def _field(draw: st.DrawFn, name: str, kind: FieldKind) -> Field:
    keys = tuple(f"k{number}" for number in range(draw(st.integers(2, 30)))) if kind is FieldKind.CHOICE else ()
    elsewhere = draw(st.sampled_from(Elsewhere)) if kind is FieldKind.POSTAL_CODE else Elsewhere.REFUSE
    return Field(name, kind, required=draw(st.booleans()), options=keys, elsewhere=elsewhere)


def form_of(petition: Petition, locale: str, known: SignerContext, label: str | None) -> JsonObject | None:
    """The form that Sign opens."""
    begun = advance(Conversation(petition.slug, locale), ev.Begin(), petition, NOW, known).conversation
    every = {petition.slug: petition}
    scene = Scene(begun, every, known, lambda: 12, NOW, catalog().locales)
    return DiscordRenderer(catalog(), every, Links(discord=1)).form(view_for(scene), label)


@given(any_petition(), st.sampled_from(["en", "es"]), st.sampled_from(["", "Ada Lovelace"]), st.booleans())
def test_every_form_is_taken_and_one_that_signs_shows_everything(
    petition: Petition, locale: str, name: str, on_card: bool
) -> None:
    known = SignerContext(profile_name=name, platform=Platform.DISCORD)
    modal = form_of(petition, locale, known, "l" * 32 if on_card else None)
    if modal is None:
        return
    form = Form()
    ModalChecker(form).check(modal)
    form.refuse()
    meant = custom_id.read_form(modal["custom_id"], {petition.slug: petition})
    assert meant
    assert (meant.sheet is None) == all(part["type"] != TEXT for part in modal["components"])
    if meant.sheet:
        check_signing(modal, petition, locale)


def check_signing(modal: JsonObject, petition: Petition, locale: str) -> None:
    """Check that the form has the whole letter, every question that must be answered, and no ticked box."""
    words, *fields = modal["components"]
    text = petition.text(locale)
    assert plain(text.letter.text) in plain(words["content"])
    assert plain(petition.in_language(locale).target) in plain(words["content"])
    inputs = {field["component"]["custom_id"]: field for field in fields}
    assert {field.name for field in petition.fields if field.required} <= set(inputs)
    assert not petition.named_if or inputs[petition.named_if]["component"]["required"]
    asked = {field.name for field in petition.fields if field.required}
    assert all(" ".join(text.captions[name].split()) == inputs[name]["label"] for name in asked)
    assert not any(option.get("default") for option in inputs[WISHES]["component"]["options"])


@pytest.mark.parametrize(
    ("caption", "hint", "option", "signs"),
    [
        ("c" * 45, "h" * 100, "o" * 100, True), ("c" * 46, "", "o", False), ("c", "h" * 101, "o", False),
        ("c", "", "o" * 101, False),
    ],
)  # fmt: skip
def test_a_form_signs_only_if_every_question_can_be_read_to_its_end(
    caption: str, hint: str, option: str, *, signs: bool
) -> None:
    petition = petitions()[TREES]
    field = Field("pick", FieldKind.CHOICE, required=True, options=("a", "b"))
    text = replace(
        petition.text("en"), captions={"pick": caption}, hints={"pick": hint} if hint else {},
        options={"pick": {"a": option, "b": "Other"}},
    )  # fmt: skip
    petition = with_digests(replace(petition, fields=(field,), named_if="", texts={"en": text}), catalog())
    modal = form_of(petition, "en", SignerContext(platform=Platform.DISCORD), None)
    assert modal
    meant = custom_id.read_form(modal["custom_id"], {petition.slug: petition})
    assert meant
    assert (meant.sheet is not None) == signs


def plain(words: str) -> str:
    """The letters and digits of a text, without white space and marks."""
    return "".join(character for character in words if character.isalnum())


@pytest.mark.parametrize("locale", catalog().locales)
def test_the_product_own_words_of_the_form_are_not_cut(locale: str) -> None:
    modal = form_of(petitions()["salesforce-cbp"], locale, SignerContext(platform=Platform.DISCORD), None)
    assert modal
    assert len(modal["components"]) == 5
    said = [*walk(modal["components"]), *(part.get("component") or {} for part in modal["components"])]
    words = [
        each.get(key, "")
        for part in said
        for each in (part, *part.get("options", []))
        for key in ("label", "description")
    ]
    assert not any(word.endswith("…") for word in words)

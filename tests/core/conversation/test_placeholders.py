"""The examples in empty inputs: every typed question has one, and it fits where Telegram shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.telegram.renderer import LONGEST_PLACEHOLDER
from core.conversation.questions import placeholder
from core.conversation.scene import Scene
from core.conversation.state import Conversation
from core.petition import postal_code
from core.petition.country import CODES
from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.petition import Petition
from core.signatures.signature import SignerContext
from tests.world import NOW, SALESFORCE, catalog, petitions

TAPPED = {FieldKind.CHOICE, FieldKind.YES_NO, FieldKind.AGREE}


def example(field: Field, locale: str, country: str | None = None) -> str:
    """The example that a signer sees in the input of a petition's only field."""
    asked = petitions()[SALESFORCE]
    petition: Petition = replace(asked, fields=(field,), country=country)
    scene = Scene(Conversation(SALESFORCE, locale), {SALESFORCE: petition}, SignerContext(), lambda: 0, NOW)
    return catalog().words(placeholder(scene, field), locale)


@pytest.mark.parametrize("locale", catalog().locales)
@pytest.mark.parametrize("kind", FieldKind)
def test_every_typed_question_has_an_example(kind: FieldKind, locale: str) -> None:
    shown = example(Field("it", kind), locale)
    assert bool(shown) == (kind not in TAPPED)
    assert len(shown) <= LONGEST_PLACEHOLDER


@pytest.mark.parametrize("locale", catalog().locales)
def test_examples_of_every_country_fit(locale: str) -> None:
    codes, phone = Field("it", FieldKind.POSTAL_CODE), Field("it", FieldKind.PHONE)
    for country in sorted(CODES):
        fields = [phone, Field("it", FieldKind.COUNTRY)]
        if country in postal_code.countries():
            fields += [replace(codes, country=country, elsewhere=each) for each in Elsewhere]
        for field in fields:
            shown = example(field, locale, country)
            assert shown, (country, field)
            assert len(shown) <= LONGEST_PLACEHOLDER, shown

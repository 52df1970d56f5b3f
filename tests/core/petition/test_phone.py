"""Phone numbers are read as people write them, and stored as E.164 has them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.messages import Message
from core.petition import phone
from core.petition.form import CleaningContext, Field, FieldKind, clean
from core.petition.form_rules import broken_rules

PHONE, EMAIL = Field("phone", FieldKind.PHONE), Field("email", FieldKind.EMAIL)


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("(415) 555-2671", "US", "+14155552671"),
        ("030 901820", "DE", "+4930901820"),
        ("0049 30 901820", "DE", "+4930901820"),
        ("+44 20 7946 0000", None, "+442079460000"),
        ("+44 (0)20 7946 0000", "DE", "+442079460000"),
        ("tel:+442079460000", "US", "+442079460000"),
        ("٠٥٠ ١٢٣ ٤٥٦٧", "SA", "+966501234567"),
        ("１４１５５５５２６７１", "US", "+14155552671"),
    ],
)
def test_a_phone_number_is_stored_as_e_164(typed: str, country: str | None, stored: str) -> None:
    asked = CleaningContext(country=country)
    assert clean(PHONE, typed, asked) == stored
    assert clean(PHONE, stored, CleaningContext(country="FR")) == stored, "wherever it is read again"


@pytest.mark.parametrize(
    ("typed", "country", "example"),
    [
        ("555-2671", "US", "(201) 555-0123"),
        ("12", "DE", "01512 3456789"),
        ("020 7946 0000", None, "+44 7400 123456"),
        ("ask me", "AQ", "+44 7400 123456"),
    ],
)
def test_a_refused_phone_number_gets_an_example(typed: str, country: str | None, example: str) -> None:
    refusal = clean(PHONE, typed, CleaningContext(country=country))
    assert isinstance(refusal, Message)
    assert refusal == Message("refused.phone", {"example": example})
    if country != "AQ":
        assert str(clean(PHONE, example, CleaningContext(country=country))).startswith("+")


def test_a_phone_needs_an_address_beside_it_and_a_country_with_numbers() -> None:
    alone = dict(broken_rules({0: replace(PHONE, country="AQ")}, None))
    assert "add a field of kind email" in alone[0][0]
    assert dict(broken_rules({0: PHONE, 1: EMAIL}, None)) == {}
    assert (
        "isn't a country with phone numbers"
        in dict(broken_rules({0: replace(PHONE, country="AQ"), 1: EMAIL}, None))[0][0]
    )


def test_a_number_among_words_is_read_if_it_is_the_only_one() -> None:
    assert phone.normalize("+44 7400 123456 (work, after 6)", "GB") == "+447400123456"
    assert phone.normalize("07400 123456 or 07400 123457", "GB") is None

"""Values are taken or refused; a refusal says what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages import Message
from core.petition import postal_code
from core.petition.country import CODES
from core.petition.form import WHICH_EMAIL, CleaningContext, Elsewhere, Field, FieldKind, clean
from tests.world import catalog

NAME = Field("full_name", FieldKind.NAME, required=True)
ZIP = Field("postal_code", FieldKind.POSTAL_CODE, country="US")
EMAIL = Field("email", FieldKind.EMAIL)
COMMENT = Field("comment", FieldKind.TEXT, max_length=20)
COUNTRY = Field("country", FieldKind.COUNTRY)
ROLE = Field("role", FieldKind.CHOICE, options=("tenant", "owner"))
YES = Field("help", FieldKind.YES_NO)
ADULT = Field("adult", FieldKind.AGREE, required=True)
ANYWHERE = Field("postal_code", FieldKind.POSTAL_CODE, country="US", elsewhere=Elsewhere.ACCEPT)


def taken(field: Field, raw: str, asked: CleaningContext | None = None) -> str:
    value = clean(field, raw, asked or CleaningContext())
    assert isinstance(value, str), f"{raw!r} was refused: {value}"
    return value


def refused(field: Field, raw: str, asked: CleaningContext | None = None) -> str:
    value = clean(field, raw, asked or CleaningContext())
    assert isinstance(value, Message), f"{raw!r} was taken as {value!r}"
    return value.key


def test_postal_codes_follow_their_country() -> None:
    assert taken(ZIP, " 90210 ") == "90210"
    assert taken(ZIP, "123456789") == "12345-6789"
    assert refused(ZIP, "9021") == "refused.postal_code_only"
    anywhere = Field("code", FieldKind.POSTAL_CODE)
    assert taken(anywhere, "sw1a1aa", CleaningContext(country="GB")) == "SW1A 1AA"
    assert refused(anywhere, "90210", CleaningContext(country="GB", asks_country=True)) == "refused.postal_code"


def test_a_refused_postal_code_says_how_one_looks() -> None:
    said = clean(ZIP, "abc", CleaningContext("es"))
    assert isinstance(said, Message)
    assert "Estados Unidos" in catalog().text(said, "es")
    assert str(said.args["example"]) in catalog().text(said, "es")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada.Lovelace+x@Example.ORG", "Ada.Lovelace+x@example.org"),
        ("ivy@gmail.com\ufe0f", "ivy@gmail.com"),
        ("ada@example。org", "ada@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("email: ada@example.org", "ada@example.org"),
        ("ada@example.org (Ada)", "ada@example.org"),
        ("<mailto:ada@example.org>", "ada@example.org"),
        ("<ada@example.org>", "ada@example.org"),
        ("'ada@example.org',", "ada@example.org"),
        ("ada@example.org.", "ada@example.org"),
        ("\u2068ada@example.org\u2069", "ada@example.org"),
        ("-ada@example.org", "-ada@example.org"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("ada@faß.example", "ada@faß.example"),
        ("用户@例子.公司", "用户@例子.公司"),
        ("ada＠example．org", "ada@example.org"),
        ("ada@example｡org", "ada@example.org"),
        ("Ada King <ada@example.org>", "ada@example.org"),
        ('"King, Ada" <ada@example.org>,', "ada@example.org"),
        ("mailto:<ada@example.org>", "ada@example.org"),
        ("MAILTO:ada@example.org?subject=Hi", "ada@example.org"),
        ("(ada@example.org)", "ada@example.org"),
        ("[ada@example.org]", "ada@example.org"),
        ("“ada@example.org”", "ada@example.org"),
        ("„ada@example.org“", "ada@example.org"),
        ("«ada@example.org»", "ada@example.org"),
        ("ada@example.org!", "ada@example.org"),
        ("ada@example.org…", "ada@example.org"),
        ("ada@example.org\u200d", "ada@example.org"),
        ("\u200bada@example.org\u00a0", "ada@example.org"),
        ("who?x@example.org", "who?x@example.org"),
        ("=ada@example.org", "=ada@example.org"),
        ("+ada@example.org", "+ada@example.org"),
    ],
)
def test_an_e_mail_address_is_stored_as_it_is_written_best(typed: str, stored: str) -> None:
    assert taken(EMAIL, typed) == stored
    assert taken(EMAIL, stored) == stored


@pytest.mark.parametrize(
    "wrong",
    [
        "ada",
        "ada@",
        "ada@localhost",
        "a b@example.org",
        "ada@example..org",
        "@",
        "mailto:",
        "ada@@example.org",
        "ada at example.org",
        "ada@example.org ben@example.org",
        "ada@example.org,ben@example.org",
        "https://example.org",
        "my address is ada@example.org",
        "ada @example.org",
        "ada@[127.0.0.1]",
        "ada@-example.org",
        "ada@example,org",
        "<ada@example.org> <ben@example.org>",
        "ada@☃.example",
    ],
)
def test_what_is_no_e_mail_address_is_refused(wrong: str) -> None:
    assert refused(EMAIL, wrong) == "refused.email"


def test_comments_may_have_lines_but_have_an_end() -> None:
    assert taken(COMMENT, "one\r\n two  three ") == "one\ntwo three"
    assert taken(COMMENT, "a\tb") == "a b"
    assert refused(COMMENT, "a" * 21) == "refused.too_long"
    assert refused(COMMENT, "a\u202eb") == "refused.characters"


def test_country_by_name_in_the_readers_language_or_english_or_letters() -> None:
    assert taken(COUNTRY, "alemania", CleaningContext("es")) == "DE"
    assert taken(COUNTRY, "Germany", CleaningContext("es")) == "DE"
    assert taken(COUNTRY, "de") == "DE"
    assert taken(COUNTRY, "USA") == "US"
    assert taken(COUNTRY, "uk") == "GB"
    assert refused(COUNTRY, "ZZ") == "refused.country"
    assert refused(COUNTRY, "Atlantis") == "refused.country"


def test_choices_by_key_or_by_their_words() -> None:
    asked = CleaningContext(options={"tenant": "I rent", "owner": "I own"})
    assert taken(ROLE, "tenant", asked) == "tenant"
    assert taken(ROLE, "i OWN", asked) == "owner"
    assert refused(ROLE, "neither", asked) == "refused.choice"
    assert taken(YES, "no") == "no"
    assert refused(YES, "perhaps") == "refused.choice"


def test_a_statement_must_be_agreed_to() -> None:
    assert taken(ADULT, "yes") == "yes"
    assert refused(ADULT, "no") == "refused.agree"
    assert refused(ADULT, "perhaps") == "refused.choice"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("90210", "90210"), ("Germany", "DE"), ("Deutschland", "DE"), ("🇩🇪", "DE"), ("FR", "FR"), ("Hong Kong", "HK"),
        ("UK", "GB"),
    ],
)  # fmt: skip
def test_people_elsewhere_give_their_country_instead_of_a_code(typed: str, code: str) -> None:
    assert taken(ANYWHERE, typed) == code


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("no", "refused.postal_code_elsewhere"),
        ("USA", "refused.postal_code_elsewhere"),
        ("nonsense", "refused.postal_code_elsewhere"),
        ("SW1A 1AA", "refused.postal_code_elsewhere"),
        ("Georgia", "refused.country_or_code"),
        ("CA", "refused.country_or_code"),
        ("Congo", "refused.country_or_code"),
    ],
)
def test_a_state_and_two_countries_are_a_question(typed: str, key: str) -> None:
    assert refused(ANYWHERE, typed) == key


def test_a_settled_country_is_no_question() -> None:
    assert taken(ANYWHERE, "CA", CleaningContext(settled=True)) == "CA"
    assert refused(ANYWHERE, "US", CleaningContext(settled=True)) == "refused.postal_code_elsewhere"


def test_no_countrys_codes_look_like_a_country() -> None:
    assert [code for code in sorted(CODES) if postal_code.looks_like_one(code)] == []


@pytest.mark.parametrize("nonsense", ["https://evil.example/x", "=HYPERLINK(1)", "<b>hi</b>", "Z" * 120, "nonsense"])
def test_a_code_of_an_unknown_country_must_be_one_somewhere(nonsense: str) -> None:
    assert refused(Field("code", FieldKind.POSTAL_CODE), nonsense) == "refused.postal_code_any"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada@gmial.com", "ada@gmail.com"), ("ada@hotmial.com", "ada@hotmail.com"), ("ada@gmail.co", "ada@gmail.com"),
        ("ada@yaho.com", "ada@yahoo.com"), ("Ada.B@outlok.com", "Ada.B@outlook.com"),
        ("ada@gmail.con", "ada@gmail.com"),
        ("ada@icloud.co", "ada@icloud.com"), ("ada@gnail.con", "ada@gmail.com"), ("ada@gmailcom.com", None),
        ("ada@mail.com", None), ("ada@ymail.com", None), ("ada@yahoo.ie", None), ("ada@gmx.at", None),
        ("ada@googlemail.com", None), ("ada@demandprogress.org", None), ("ada@proton.me", None), ("ada@gmc.com", None),
    ],
)  # fmt: skip
def test_a_mistyped_mail_domain_is_a_question(typed: str, meant: str | None) -> None:
    value = clean(EMAIL, typed, CleaningContext())
    assert value == (Message(WHICH_EMAIL, {"meant": meant, "typed": typed}) if meant else typed)
    assert taken(EMAIL, typed, CleaningContext(settled=True)) == typed


@given(st.sampled_from([NAME, ZIP, ANYWHERE, EMAIL, COMMENT, COUNTRY, ROLE, YES, ADULT]), st.text(max_size=140))
def test_cleaning_is_total_and_idempotent(field: Field, raw: str) -> None:
    value = clean(field, raw, CleaningContext())
    if isinstance(value, str):
        assert clean(field, value, CleaningContext(settled=True)) == value
    else:
        assert catalog().text(value, "en") != value.key

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


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace", "Łukasz Żółć", "李小龙", "محمد علي", "Ольга", "O’Brien-Smith", "J. R. R. Tolkien", "Björk",
        "St.John Rivers", "Ngũgĩ wa Thiong'o", "می\u200cخواهم", "X Æ A-12", "🌱 Ada", "Martin Luther King, Jr.",
        "Ravi s/o Kumar", "Meera D/O Rajan", "Suresh A/L Muthu", "Siti A/P Ali", "Tan Ah Kow @ Tan Beng",
        "Mohd.Faisal Rahman", "Muhd.Aizat", "Chas.Brown", "Prof.Dr.Anna Weber", "Dr.med.Karl Weber", "Mlle.Rose",
        "Srta.Lopez", "j.smith", "m.k.rao", "p.j.hale", "Yamada.Taro", "Jean.Luc Picard", "R.k.Menon", "O'Brien",
        "D’Angelo", "Anne-Marie", "Ng", "X", "Null",
        "राम कुमार", "مُحَمَّد", "Nguyễn Thị Minh Khai", "Yu.Li", "Maria.de Souza", "j.kim", "Anna / Ann",
        "Ada \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "Ma. Lourdes Cruz",
    ],
)  # fmt: skip
def test_names_keep_every_script(name: str) -> None:
    assert taken(NAME, name) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("𝓐𝓷𝓪 𝓟𝓮𝓻𝓮𝔃", "Ana Perez"),
        ("Ｎａｎａ", "Nana"),
        ("\u202aAda Lovelace\u202c", "Ada Lovelace"),
        ("\u2068 Ada \u2069", "Ada"),
        ("\u2067\u2068עדה\u2069\u2069", "עדה"),
    ],
)
def test_decoration_and_direction_marks_go_and_the_name_stays(typed: str, stored: str) -> None:
    assert taken(NAME, typed) == stored


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("=cmd()", "refused.name_start"),
        ("+1 555", "refused.name_start"),
        ("-Ada", "refused.name_start"),
        ("@ada", "refused.name_start"),
        ("Ada https://spam.example", "refused.name_link"),
        ("www.spam.example", "refused.name_link"),
        ("buy at spam.com", "refused.name_link"),
        ("SPAM.COM", "refused.name_link"),
        ("t.me/spam", "refused.name_link"),
        ("ada@example.org", "refused.name_link"),
        ("＝Ada", "refused.name_start"),
        ("＠ada", "refused.name_start"),
        ("<SCRIPT>alert()", "refused.name_link"),
        ("%77%77", "refused.name_link"),
        ("x.com", "refused.name_link"),
        ("Spam.Com", "refused.name_link"),
        ("spam.de", "refused.name_link"),
        ("ｓｐａｍ.ｃｏｍ", "refused.name_link"),
        ("spam。com", "refused.name_link"),
        ("buy spam.com now", "refused.name_link"),
        ("bit.ly/a", "refused.name_link"),
        ("Ada\u202dcba", "refused.characters"),
        ("Ada\nLovelace", "refused.characters"),
        ("Ada\u202eecalevoL", "refused.characters"),
        ("Ada\x00", "refused.characters"),
        ("12345", "refused.name_letters"),
        ("evil\u3002com", "refused.name_link"),
        ("ｅｖｉｌ．ｃｏｍ", "refused.name_link"),
        ("https:evil", "refused.name_link"),
        ("\u3164", "refused.empty"),
        ("Ada\u2028Lovelace", "refused.characters"),
        ("Ada\u202aLovelace", "refused.characters"),
        ("Ada\ue000", "refused.characters"),
        ("🌱🌱", "refused.name_letters"),
        ("a" * 101, "refused.too_long"),
        ("   ", "refused.empty"),
        ("\u200b\u200e", "refused.empty"),
    ],
)
def test_names_refuse_what_is_no_name(raw: str, key: str) -> None:
    assert refused(NAME, raw) == key


def test_spaces_are_tidied_and_characters_composed() -> None:
    assert taken(NAME, "  Ada   Love\u200blace ") == "Ada Lovelace"
    assert taken(NAME, "Jose\u0301") == "José"


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
        ("<mailto:ada@example.org>", "ada@example.org"),
        ("<ada@example.org>", "ada@example.org"),
        ("'ada@example.org',", "ada@example.org"),
        ("ada@example.org.", "ada@example.org"),
        ("\u2068ada@example.org\u2069", "ada@example.org"),
        ("-ada@example.org", "-ada@example.org"),
        ("ada@bücher.example", "ada@bücher.example"),
    ],
)
def test_an_e_mail_address_is_stored_as_it_is_written_best(typed: str, stored: str) -> None:
    assert taken(EMAIL, typed) == stored
    assert taken(EMAIL, stored) == stored


@pytest.mark.parametrize(
    "wrong", ["ada", "ada@", "ada@localhost", "a b@example.org", "ada@example..org", "@", "mailto:"]
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

"""Files for campaigning systems list only people who agreed, in the columns that those systems know."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.export.formats import CRM_FORMATS, FILE_FORMATS
from core.export.table import TableContext
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.signatures.consent import Consent, ConsentSubject
from core.signatures.signature import Signature, SignatureStatus
from tests.core.export.importers import ACTIONKIT_COUNTRIES, RULES
from tests.world import SALESFORCE, TREES, petitions

MOMENT = dt.datetime(2026, 11, 23, 9, 30, 5, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
ADA = Signature(
    SALESFORCE, "R-1", "ref", 1, SignatureStatus.COUNTED, "d1gest", MOMENT, "telegram", "en", "newsletter",
    by_email=True,
    answers={"full_name": "Ada King Lovelace", "postal_code": "90210", "email": "ada@example.org", "comment": "Stop"},
)  # fmt: skip
SYSTEMS = sorted(CRM_FORMATS)
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1, max_size=20)


def written(system: str, *signatures: Signature, petition: Petition | None = None) -> str:
    """The file, as text."""
    form, stream = FILE_FORMATS[system], io.BytesIO()
    table = form.table(TableContext(petition or petitions()[SALESFORCE], lambda digest: f"words of {digest}"))
    file = form.open(stream, table)
    for signature in filter(table.includes, signatures):
        file.add(table.row(signature))
    file.close()
    assert file.size == len(stream.getvalue())
    return stream.getvalue().decode()


def rows(system: str, *signatures: Signature, petition: Petition | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(system, *signatures, petition=petition))))


UNPROVEN = dict.fromkeys(("consent_platform", "consent_at", "consent_language", "consent_words"), "")


def test_actionkit_gets_its_columns() -> None:
    assert rows("actionkit", ADA) == [{
        "email": "ada@example.org", "name": "Ada King Lovelace", "postal": "90210", "country": "United States",
        "source": "newsletter", "created_at": "2026-11-23 14:30:05", "action_language": "en", "action_receipt": "R-1",
        "action_platform": "telegram", "action_text_version": "d1gest", "action_comment": "Stop",
        "action_show_name": "", **{f"action_{name}": value for name, value in UNPROVEN.items()},
    }]  # fmt: skip


def test_action_network_gets_its_columns() -> None:
    assert rows("action_network", ADA) == [{
        "email": "ada@example.org", "first_name": "Ada King", "last_name": "Lovelace",
        "full_name": "Ada King Lovelace", "zip_code": "90210",
        "country": "US", "petition": SALESFORCE, "signed_at": "2026-11-23T14:30:05+00:00", "source": "newsletter",
        "platform": "telegram", "language": "en", "receipt": "R-1", "comment": "Stop",
        "show_name": "", **UNPROVEN,
    }]  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_row_proves_the_consent_to_updates_by_email(system: str) -> None:
    hand_in = Consent(ConsentSubject.HAND_IN, "name", "telegram", MOMENT, "en", "d1gest")
    updates = Consent(ConsentSubject.UPDATES, "email", "discord", MOMENT, "es", "d1gest")
    (row,) = rows(system, replace(ADA, consents=(updates, hand_in)))
    start, at = ("action_", "2026-11-23 14:30:05") if system == "actionkit" else ("", "2026-11-23T14:30:05+00:00")
    assert {name.removeprefix(start): row[name] for name in row if "consent" in name} == {
        "consent_platform": "discord", "consent_at": at, "consent_language": "es", "consent_words": "words of d1gest",
    }  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    "other",
    [
        replace(ADA, updates=True, by_email=False),
        replace(ADA, status=SignatureStatus.DUPLICATE),
        replace(ADA, status=SignatureStatus.WITHDRAWN),
        replace(ADA, answers={"full_name": "Ada"}),
        replace(ADA, answers={"full_name": "Ada", "email": ""}),
    ],
)
def test_only_counted_signers_who_agreed_are_in_it(system: str, other: Signature) -> None:
    kept = replace(ADA, answers={"email": "b@example.org"})
    assert [row["email"] for row in rows(system, other, kept)] == ["b@example.org"]


@given(st.booleans(), st.sampled_from(SignatureStatus), st.text(max_size=5), st.sampled_from(SYSTEMS))
def test_nothing_of_the_others_is_in_it(updates: bool, status: SignatureStatus, email: str, system: str) -> None:
    signature = replace(ADA, by_email=updates, status=status, answers={"full_name": "Zacharias", "email": email})
    text = written(system, signature)
    may = updates and status is SignatureStatus.COUNTED and email != ""
    assert ("Zacharias" in text) == may


@given(st.sampled_from(SYSTEMS), st.lists(VALUES, min_size=5, max_size=5))
@example("actionkit", ["-ada@example.org", "+44 20 7946 0000", "=1+1", "@x", "＝1"])
@example("action_network", ["'-ada@example.org", '"', "\n", "-", "a,b;c"])
def test_each_value_is_byte_for_byte_as_it_is_stored(system: str, values: list[str]) -> None:
    email, name, comment, label, code = values
    answers = {"full_name": name, "postal_code": code, "email": email, "comment": comment}
    (row,) = rows(system, replace(ADA, label=label, answers=answers))
    assert (row["email"], row["postal" if system == "actionkit" else "zip_code"]) == (email, code)
    assert row["action_comment" if system == "actionkit" else "comment"] == comment
    assert row["source"] == label
    if system == "actionkit":
        assert row["name"] == name


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_columns_keep_the_importers_rules(system: str) -> None:
    rules, base = RULES[system], petitions()[SALESFORCE]
    more = (
        Field("role", FieldKind.CHOICE),
        Field("second_address", FieldKind.EMAIL),
        Field("petition", FieldKind.TEXT),
    )
    text = written(system, ADA, petition=replace(base, fields=(*base.fields, *more)))
    assert text.encode(rules.encoding).startswith(b"email,"), "no mark of the encoding becomes a part of the first name"
    columns = next(csv.reader(io.StringIO(text)))
    assert rules.identifiers & set(columns)
    known = {"email", "name", "postal", "country", "source", "created_at"} if system == "actionkit" else set(columns)
    assert all(rules.custom.fullmatch(column) for column in set(columns) - known)


def test_actionkit_gets_a_country_by_the_name_that_it_stores() -> None:
    for code, name in ACTIONKIT_COUNTRIES.items():
        assert rows("actionkit", replace(ADA, answers={**ADA.answers, "postal_code": code}))[0]["country"] == name


FIRST, LAST = (Field(name, FieldKind.NAME, required=True) for name in ("first_name", "last_name"))


@pytest.mark.parametrize("fields", [(FIRST, LAST), (LAST, FIRST)])
@pytest.mark.parametrize("system", SYSTEMS)
def test_first_and_last_name_are_columns_of_their_own(system: str, fields: tuple[Field, ...]) -> None:
    petition = replace(petitions()[SALESFORCE], fields=(*fields, Field("email", FieldKind.EMAIL)))
    answers = {"first_name": "Ana María", "last_name": "de la Cruz", "email": "ana@example.org"}
    (row,) = rows(system, replace(ADA, answers=answers), petition=petition)
    assert (row["first_name"], row["last_name"]) == ("Ana María", "de la Cruz")
    assert "name" not in row
    assert not {column for column in row if column.endswith(("_first_name", "_last_name"))}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_question_named_like_a_column_gets_another_one(system: str) -> None:
    base, names = (
        petitions()[SALESFORCE],
        ("petition", "name", "zip_code", "last_name", "answer_petition", "consent_at"),
    )
    petition = replace(base, fields=(*base.fields, *(Field(name, FieldKind.TEXT) for name in names)))
    answers = dict(ADA.answers) | {name: f"<{name}>" for name in names}
    header, row = csv.reader(io.StringIO(written(system, replace(ADA, answers=answers), petition=petition)))
    assert len(header) == len(set(header)), "no column is there twice"
    given = dict(zip(header, row, strict=True))
    assert {f"<{name}>" for name in names} <= set(row)
    if system == "action_network":
        assert (given["petition"], given["zip_code"], given["last_name"]) == (SALESFORCE, "90210", "Lovelace")
        assert (given["answer_answer_petition"], given["answer_name"]) == ("<petition>", "<name>")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_phone_number_has_its_column(system: str) -> None:
    base = petitions()[SALESFORCE]
    petition = replace(base, fields=(*base.fields, Field("mobile", FieldKind.PHONE)))
    called = replace(ADA, answers={**ADA.answers, "mobile": "+442079460000"})
    (row,) = rows(system, called, petition=petition)
    assert row["phone"] == "+442079460000"
    assert not {"mobile", "action_mobile"} & set(row)
    assert rows(system, replace(called, by_email=False), petition=petition) == []


def test_a_signer_elsewhere_has_a_country_and_no_code() -> None:
    abroad = replace(ADA, answers=dict(ADA.answers) | {"postal_code": "DE"})
    actionkit, network = rows("actionkit", abroad)[0], rows("action_network", abroad)[0]
    assert (actionkit["postal"], actionkit["country"]) == ("", "Germany")
    assert (network["zip_code"], network["country"]) == ("", "DE")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Smith, Ada", "Ada", "Smith"),
        ("Smith, Ada Jr.", "Ada", "Smith"),
        ("Martin Luther King Jr.", "Martin Luther", "King"),
        ("Dr. Anna Weber", "Anna", "Weber"),
        ("Ana María de la Cruz", "Ana María", "de la Cruz"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Mohd.Faisal Rahman", "Mohd.Faisal", "Rahman"),
        ("राम कुमार", "राम", "कुमार"),
        ("王 小明", "小明", "王"),
        ("王小明", "王小明", ""),
        ("Ravi s/o Kumar", "Ravi s/o Kumar", ""),
        ("Rose Tan @ Rosie", "Rose Tan @ Rosie", ""),
        ("Prof.Dr.Anna Weber", "Prof.Dr.Anna Weber", ""),
        ("Ng", "Ng", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_split_or_stays_whole(name: str, first: str, last: str) -> None:
    (row,) = rows("action_network", replace(ADA, answers={"email": "a@example.org", "full_name": name}))
    assert (row["first_name"], row["last_name"], row["full_name"]) == (first, last, name)
    assert rows("actionkit", replace(ADA, answers={"email": "a@example.org", "full_name": name}))[0]["name"] == name


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_answer_is_left_out(system: str) -> None:
    base = petitions()[SALESFORCE]
    more = (Field("role", FieldKind.CHOICE), Field("second_address", FieldKind.EMAIL))
    petition = replace(base, fields=(*base.fields, *more))
    answers = {field.name: f"<{field.name}>" for field in petition.fields}
    (row,) = rows(system, replace(ADA, answers=answers), petition=petition)
    given_values = {"<full_name>", "<postal_code>", "<email>", "<comment>", "<role>", "<second_address>"}
    assert given_values <= set(row.values())


def test_the_answered_country_goes_before_that_of_the_postal_codes() -> None:
    base = petitions()[SALESFORCE]
    asked = replace(base, fields=(*base.fields, Field("country", FieldKind.COUNTRY)))
    abroad = replace(ADA, answers=dict(ADA.answers) | {"country": "DE"})
    assert rows("actionkit", abroad, petition=asked)[0]["country"] == "Germany"
    assert rows("action_network", abroad, petition=asked)[0]["country"] == "DE"
    assert rows("action_network", ADA, petition=asked)[0]["country"] == "US"


def test_petitions_without_addresses_make_empty_files() -> None:
    bare = replace(petitions()[TREES], fields=(Field("full_name", FieldKind.NAME),))
    assert rows("actionkit", ADA, petition=bare) == []

"""Answers that depend on each other: countries and postal codes, and what is filled in beforehand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from core.petition import postal_code
from core.petition.answers import Filled, applies, is_required, prefilled, remembered, take
from core.petition.form import EMPTIED, Elsewhere, Field, FieldKind
from core.petition.petition import Petition
from tests.world import SALESFORCE, petitions

NAME = Field("full_name", FieldKind.NAME, required=True)
CODE = Field("postal_code", FieldKind.POSTAL_CODE, required=True)
US_CODE = replace(CODE, country="US")
COUNTRY = Field("country", FieldKind.COUNTRY, required=True)
FIRST, LAST = (Field(name, FieldKind.NAME, required=True) for name in ("first_name", "last_name"))


def form(*fields: Field, country: str | None = None) -> Petition:
    return replace(petitions()[SALESFORCE], fields=fields, country=country)


ORDERS = list(itertools.permutations((NAME, CODE, COUNTRY)))


@pytest.mark.parametrize("fields", ORDERS)
@pytest.mark.parametrize(
    ("code", "country", "accepted"),
    [
        ("94110", "US", True), ("nonsense", "US", False), ("90210", "GB", False), ("SW1A 1AA", "GB", True),
        ("75001 Paris Cedex 01", "FR", True), ("10115", "Germany", True), ("1234", "DE", False),
    ],
)  # fmt: skip
def test_a_code_is_judged_whatever_the_order_of_fields_and_answers(
    fields: tuple[Field, ...], code: str, country: str, *, accepted: bool
) -> None:
    values = {"full_name": "Ada Lovelace", "postal_code": code, "country": country}
    for order in (fields, None):
        petition, filled = form(*fields), Filled()
        for given in [{field.name: values[field.name]} for field in order] if order else [values]:
            filled = take(petition, filled, given, "en")
        assert ("postal_code" in filled.answers) == accepted
        assert ("postal_code" in filled.errors) != accepted


@pytest.mark.parametrize("country", ["AE", "HK", "PA"])
@pytest.mark.parametrize("fields", ORDERS)
def test_a_country_without_codes_is_asked_for_none(fields: tuple[Field, ...], country: str) -> None:
    petition = form(*fields)
    for values in ({"country": country}, {"country": country, "postal_code": "00000"}, {"postal_code": "90210"}):
        filled = take(petition, Filled(), values, "en")
        filled = take(petition, filled, {"country": country}, "en")
        assert filled == Filled({"country": country}, {})
        assert not applies(petition, CODE, filled.answers)
        assert not is_required(petition, CODE, filled.answers)


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_an_answer_that_comes_back_empty_is_kept_and_becomes_a_question(empty: str) -> None:
    comment = Field("comment", FieldKind.TEXT)
    petition, filled = form(NAME, comment), Filled({"full_name": "Ada Lovelace", "comment": "Because"})
    emptied = take(petition, filled, {"full_name": empty, "comment": empty}, "en")
    assert emptied.answers == filled.answers
    assert {name: error.key for name, error in emptied.errors.items()} == {
        "full_name": "refused.empty",
        "comment": EMPTIED,
    }
    assert take(petition, emptied, {"full_name": "Ada King", "comment": "Because"}, "en").errors == {}
    assert take(petition, Filled(), {"comment": empty}, "en") == Filled()


def test_another_country_makes_the_code_a_question_again() -> None:
    petition = form(COUNTRY, CODE)
    filled = take(petition, Filled(), {"country": "US", "postal_code": "90210"}, "en")
    moved = take(petition, filled, {"country": "GB"}, "en")
    assert (moved.answers, set(moved.errors)) == ({"country": "GB"}, {"postal_code"})


NONSENSE = ["https://evil.example/x", "=HYPERLINK(1)", "<b>hi</b>", "Z" * 120]


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("code", [CODE, replace(CODE, required=False), US_CODE])
def test_a_code_beside_an_optional_country_is_checked(code: Field, nonsense: str) -> None:
    optional = replace(COUNTRY, required=False)
    for petition in (form(code, optional, country="US"), form(optional, code), form(code)):
        assert set(take(petition, Filled(), {"postal_code": nonsense, "country": ""}, "en").answers) <= {"country"}


def test_a_code_beside_an_optional_country_is_one_of_the_petitions_country() -> None:
    optional = replace(COUNTRY, required=False)
    for petition in (form(CODE, optional, country="GB"), form(replace(CODE, country="GB"), optional)):
        assert take(petition, Filled(), {"postal_code": "sw1a1aa"}, "en").answers == {"postal_code": "SW1A 1AA"}
        assert "postal_code" in take(petition, Filled(), {"postal_code": "90210"}, "en").errors
        assert not is_required(petition, optional, {"postal_code": "SW1A 1AA"})
        german = take(petition, Filled(), {"postal_code": "10115", "country": "Germany"}, "en").answers
        assert german == {"postal_code": "10115", "country": "DE"}


def test_where_nothing_says_the_country_it_is_asked_for() -> None:
    optional = replace(COUNTRY, required=False)
    assert is_required(form(CODE, optional), optional, {})
    added = form(replace(CODE, required=False), optional)
    assert not is_required(added, optional, {})
    assert is_required(added, optional, {"postal_code": "90210"})


@pytest.mark.parametrize("country", sorted(postal_code.countries()))
def test_a_code_of_a_country_is_refused_where_it_cannot_exist(country: str) -> None:
    """For every country there are others whose codes are of another form; none of them takes its example."""
    example, petition = postal_code.example(country), form(CODE, COUNTRY)
    others = [other for other in postal_code.countries() if postal_code.normalize(other, example) is None]
    assert len(others) > 20
    typed = take(petition, Filled(), {"postal_code": example}, "en")
    for other in sorted(others)[::9]:  # any of them, but not all for each
        filled = take(petition, typed, {"country": other}, "en")
        assert filled.answers == {"country": other}
        assert set(filled.errors) <= {"postal_code"}


@pytest.mark.parametrize(
    ("profile", "is_filled_in"),
    [
        ("Grace Hopper", True), ("Ravi s/o Kumar", True), ("Mohd.Faisal Rahman", True), ("राम कुमार", True),
        ("Nguyễn Thị Minh Khai", True), ("Prof.Dr.Anna Weber", True), ("💫 xX_dark_Xx", False), ("A", False),
        ("# head", False), ("Madonna", False), ("j.smith", False), ("free crypto t.me/x", False), ("🌱 🌱", False),
        ("Ada 🏴󠁧󠁢󠁥󠁮󠁧󠁿", False), ("@ada lovelace", False), ("1 2", False), ("", False),
    ],
)  # fmt: skip
def test_a_profile_name_is_filled_in_if_it_looks_like_a_full_name(profile: str, *, is_filled_in: bool) -> None:
    expected = {"full_name": profile} if is_filled_in else {}
    assert prefilled(form(NAME, CODE), {}, profile, "en") == expected


def test_nobody_is_called_by_a_whole_name_twice() -> None:
    both = form(FIRST, LAST)
    assert prefilled(both, {"name": "Grace Hopper"}, "Grace Hopper", "en") == {}
    known = remembered({}, both, {"first_name": "Grace", "last_name": "Hopper"})
    assert known == {"name": "Grace Hopper", "first_name": "Grace", "last_name": "Hopper"}
    assert prefilled(both, known, "", "en") == {"first_name": "Grace", "last_name": "Hopper"}
    assert prefilled(form(NAME), known, "", "en") == {"full_name": "Grace Hopper"}
    assert remembered(known, form(NAME), {"full_name": "Ada King"}) == {"name": "Ada King"}
    child = Field("child", FieldKind.NAME, required=True)
    assert prefilled(form(NAME, child), {"name": "Ada King"}, "Ada King", "en") == {"full_name": "Ada King"}


def test_a_code_is_filled_in_only_for_its_own_country() -> None:
    known = remembered({}, form(COUNTRY, CODE), {"country": "DE", "postal_code": "10115"})
    assert prefilled(form(COUNTRY, CODE), known, "", "en") == {"country": "DE", "postal_code": "10115"}
    assert prefilled(form(US_CODE), known, "", "en") == {}, "10115 is in New York as well"
    assert prefilled(form(replace(US_CODE, elsewhere=Elsewhere.ACCEPT)), known, "", "en") == {"postal_code": "DE"}
    american = remembered({}, form(US_CODE), {"postal_code": "10115"})
    assert american == {"postal_code": "10115", "postal_code_country": "US"}
    assert prefilled(form(COUNTRY, CODE), american, "", "en") == {"postal_code": "10115"}, "the country is asked for"
    assert prefilled(form(US_CODE), american, "", "en") == {"postal_code": "10115"}

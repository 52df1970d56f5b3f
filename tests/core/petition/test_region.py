"""Regions: the country that an answer names, and in the United States the state."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.region import _STATES, region_name, region_of
from tests.world import SALESFORCE, petitions

CODE = Field("code", FieldKind.POSTAL_CODE)
US_CODE = Field("code", FieldKind.POSTAL_CODE, country="US")
ANY_CODE = Field("code", FieldKind.POSTAL_CODE, country="US", elsewhere=Elsewhere.ACCEPT)
COUNTRY = Field("country", FieldKind.COUNTRY)


@pytest.mark.parametrize(
    ("fields", "answers", "region"),
    [
        ((US_CODE,), {"code": "90210"}, "US-CA"),
        ((US_CODE,), {"code": "02134-1000"}, "US-MA"),
        ((US_CODE,), {"code": "99950"}, "US-AK"),
        ((US_CODE,), {"code": "00100"}, "US"),
        ((US_CODE,), {}, ""),
        ((ANY_CODE,), {"code": "90210"}, "US-CA"),
        ((ANY_CODE,), {"code": "DE"}, "DE"),
        ((COUNTRY, CODE), {"country": "US", "code": "20500"}, "US-DC"),
        ((COUNTRY, CODE), {"country": "DE", "code": "90210"}, "DE"),
        ((COUNTRY, CODE), {"country": "US"}, "US"),
        ((COUNTRY, CODE), {"code": "90210"}, ""),
        ((COUNTRY, US_CODE), {"country": "MX", "code": "90210"}, "MX"),
        ((COUNTRY, US_CODE), {"code": "90210"}, "US-CA"),
        ((Field("who", FieldKind.NAME),), {"who": "Ada"}, ""),
    ],
)
def test_a_region_is_what_the_answers_name(fields: tuple[Field, ...], answers: dict[str, str], region: str) -> None:
    assert region_of(*replace(petitions()[SALESFORCE], fields=fields, country=None).place(answers)) == region


def test_a_region_is_called_in_the_readers_language() -> None:
    assert region_name("US-CA", "es") == "CA, Estados Unidos"
    assert region_name("DE", "en") == "Germany"


def test_the_table_has_every_state_once_for_a_prefix() -> None:
    assert len(set(_STATES.values())) == 57, "50 states, the capital, three territories, three of the military"
    assert all(re.fullmatch(r"\d{3}", prefix) and len(state) == 2 for prefix, state in _STATES.items())
    capitals = {"850": "AZ", "802": "CO", "303": "GA", "606": "IL", "100": "NY", "733": "TX", "201": "VA", "968": "HI"}
    assert {prefix: _STATES[prefix] for prefix in capitals} == capitals

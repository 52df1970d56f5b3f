"""Names of people in many countries: more than 99.9 % are accepted, and a failure lists the refused ones.

They come from Faker: its person providers for 110 locales list about 60,000 first names, last names and titles. The
100,000 names made up of them, as many for each locale, have about 72,000 different spellings.
"""

from __future__ import annotations

import pytest

from core.messages import Message
from core.petition.form import CleaningContext, Field, FieldKind, clean
from tests.effort import scaled

NAME = Field("full_name", FieldKind.NAME)
NAMES = scaled(100_000)


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Names that Faker makes up from each of its locales' lists."""
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415  (it takes as long to load as half of the product)
    from faker.factory import Factory  # noqa: PLC0415

    locales = sorted(set(AVAILABLE_LOCALES) - {"fr_QC"})  # fr_CA's old name, which warns
    each = NAMES // len(locales) + 1
    made = []
    for locale in locales:
        fake = Factory.create(locale, ["faker.providers.person"], use_weighting=False)
        fake.seed_instance(17)
        made += [fake.name() for _ in range(each)]  # type: ignore[attr-defined]  # from the provider
    return made


def test_999_of_1000_names_are_accepted(names: list[str]) -> None:
    refused = [name for name in names if isinstance(clean(NAME, name, CleaningContext()), Message)]
    assert len(names) >= NAMES
    assert len(refused) < len(names) / 1000, refused


def test_names_without_blanks_after_their_dots_are_accepted_too(names: list[str]) -> None:
    close = [name.replace(". ", ".") for name in names if ". " in name]
    assert close
    refused = [name for name in close if isinstance(clean(NAME, name, CleaningContext()), Message)]
    assert len(refused) <= len(close) / 1000, refused

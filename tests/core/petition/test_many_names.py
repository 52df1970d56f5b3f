"""Names of people in many countries: nearly all are accepted."""

from __future__ import annotations

import pytest
from faker.config import AVAILABLE_LOCALES
from faker.factory import Factory

from core.messages import Message
from core.petition.form import CleaningContext, Field, FieldKind, clean
from tests.effort import scaled

NAME = Field("full_name", FieldKind.NAME)
NAMES = scaled(20_000)


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Names that Faker makes up from each of its locales' lists."""
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
    assert len(refused) < len(names) / 1000, refused


def test_names_without_blanks_after_their_dots_are_accepted_too(names: list[str]) -> None:
    close = [name.replace(". ", ".") for name in names if ". " in name]
    assert close
    refused = [name for name in close if isinstance(clean(NAME, name, CleaningContext()), Message)]
    assert len(refused) <= len(close) / 1000, refused

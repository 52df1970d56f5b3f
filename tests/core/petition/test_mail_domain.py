"""Slips in mail domains; tests/core/petition/test_form.py has the answers to them."""

from __future__ import annotations

import json

import pytest

from core.petition.mail_domain import DATA, meant
from tests.renewal.mail_providers import digest_of

LARGEST = ("gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "protonmail.com")


@pytest.mark.parametrize("domain", LARGEST)
def test_one_slip_in_a_large_providers_name_is_noticed(domain: str) -> None:
    name, _, ending = domain.partition(".")
    swaps = {name[:n] + name[n + 1] + name[n] + name[n + 2 :] for n in range(len(name) - 1)} - {name}
    losses = {name[:n] + name[n + 1 :] for n in range(1, len(name))} - {"mail"}
    doubles = {name[:n] + name[n] + name[n:] for n in range(len(name))}
    for slip in swaps | losses | doubles:
        assert meant(f"{slip}.{ending}") == domain
        assert meant(f"{slip}.con") == domain, "and one in the ending"


def test_every_provider_is_fine_as_it_is() -> None:
    domains = json.loads(DATA.read_text(encoding="utf-8"))["domains"]
    assert {domain: meant(domain) for domain in domains if meant(domain)} == {}
    assert set(LARGEST) <= set(domains)


def test_the_data_is_as_it_was_renewed() -> None:
    facts = json.loads(DATA.read_text(encoding="utf-8"))
    assert facts["sha256"] == digest_of(facts["domains"])

"""Domains as organizers type them, and the part that someone registered."""

from __future__ import annotations

import pytest

from core.petition.domain_names import domain_of, is_open_to_all, parse_domain, registered, with_parents


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("mail.example", "mail.example"),
        (" Mail.Example. ", "mail.example"),
        ("@mail.example", "mail.example"),
        ("*.mail.example", "mail.example"),
        ("xn--mller-kva.de", "müller.de"),
        ("Müller.de", "müller.de"),
        ("MAIL.XN--MLLER-KVA.DE.", "mail.müller.de"),
        ("müller。de。", "müller.de"),
        ("faß.de", "faß.de"),
        ("ada@mail.example", None),
        ("https://mail.example", None),
        ("mail", None),
        ("mail..example", None),
        ("", None),
    ],
)
def test_a_domain_is_read_however_it_is_typed(typed: str, domain: str | None) -> None:
    assert parse_domain(typed) == domain


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("mail.example", "mail.example"),
        ("a.b.mail.example", "mail.example"),
        ("box.mail.co.uk", "mail.co.uk"),
        ("co.uk", "co.uk"),
        ("box.müller.de", "müller.de"),
        ("x1.duckdns.org", "duckdns.org"),
    ],
)
def test_what_someone_registered_is_found(domain: str, expected: str) -> None:
    assert registered(domain) == expected


def test_some_domains_are_open_to_all() -> None:
    assert [name for name in ("com", "co.uk", "mail.co.uk", "mail.example", "gmail.com") if is_open_to_all(name)] == [
        "com", "co.uk",
    ]  # fmt: skip


def test_parents_follow_the_domain() -> None:
    assert list(with_parents(domain_of("Ada@Box.Mail.Example"))) == ["box.mail.example", "mail.example", "example"]

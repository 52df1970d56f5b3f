"""Addresses that can be right, and those that cannot."""

from __future__ import annotations

import sys

import pytest

from core.addresses import is_mail_address, is_mail_domain
from core.petition.sources import is_web_link


@pytest.mark.parametrize(
    "link", ["https://[bad", "https://", "https://a b", "mailto:a@b.org", "//x.org", "https://x:y/"]
)
def test_a_link_that_no_app_opens_is_a_fault_and_never_an_error(link: str) -> None:
    assert not is_web_link(link)


@pytest.mark.parametrize(
    "link", ["https://example.org/a(b)?c=d#e", "http://bücher.example/ä", "https://en.wikipedia.org/wiki/A_B"]
)
def test_a_link_that_apps_open(link: str) -> None:
    assert is_web_link(link)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("gmail.com", True), ("mail.bücher.example", True), ("gmail", False), ("Gmail.com", False), ("a@b.org", False)],
)
def test_mail_domains(text: str, expected: bool) -> None:
    assert is_mail_domain(text) is expected


def test_a_mail_address_is_judged_without_asking_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's module that asks is not even loaded."""
    monkeypatch.setitem(sys.modules, "email_validator.deliverability", None)
    assert is_mail_address("ada@elms.example.org")
    assert not is_mail_address("ada@elms..org")

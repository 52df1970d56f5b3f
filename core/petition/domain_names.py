"""Domain names of mail: as people type them, their parents, and the part that someone registered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

_DOTS = ".\u3002\uff0e\uff61"
"""All characters that separate the parts of a domain (UTS 46)."""


def domain_of(address: str) -> str:
    """The domain of a mail address, in lower case; empty without an address."""
    return address.rpartition("@")[2].lower()


def with_parents(domain: str) -> Iterator[str]:
    """A domain, then its parents, such as `box.mail.example`, `mail.example`, `example`."""
    labels = domain.split(".")
    return (".".join(labels[number:]) for number in range(len(labels)))


def parse_domain(text: str) -> str | None:
    """The domain in a text such as `mail.example`, `@mail.example`, or `*.mail.example`; None if there is none.

    International names come back in their own letters, as in answers.
    """
    name = text.strip().lower().removeprefix("@").removeprefix("*.").strip(_DOTS)
    try:
        return domain_of(validate_email(f"a@{name}", check_deliverability=False).normalized)
    except EmailNotValidError:
        return None


def registered(domain: str) -> str:
    """The part of a domain that someone registered, such as `mail.example` of `box.mail.example`.

    A domain under which anyone can register, such as `co.uk`, is returned as it is.
    """
    return _suffixes().privatesuffix(domain) or domain


def is_open_to_all(domain: str) -> bool:
    """True for a domain under which anyone can register, such as `com` or `co.uk`."""
    return _suffixes().privatesuffix(domain) is None


@cache
def _suffixes() -> PublicSuffixList:
    """The registries' part of the public suffix list, with names in their own letters."""
    return PublicSuffixList(accept_encoded_idn=False, only_icann=True)

"""Disposable email addresses, by the community's list of their domains."""

from __future__ import annotations

from disposable_email_domains import blocklist

from core.petition.domain_names import domain_of, with_parents


def is_disposable(address: str) -> bool:
    """True if the domain of an address, or one of its parent domains, gives out disposable addresses."""
    return any(domain in blocklist for domain in with_parents(domain_of(address)))

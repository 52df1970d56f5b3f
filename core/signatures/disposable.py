"""Disposable email addresses, by the community's list of their domains."""

from __future__ import annotations

from disposable_email_domains import blocklist


def is_disposable(address: str) -> bool:
    """True if the domain of an address, or one of its parent domains, gives out disposable addresses."""
    labels = address.rpartition("@")[2].lower().split(".")
    return any(".".join(labels[number:]) in blocklist for number in range(len(labels)))

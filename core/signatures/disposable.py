"""Disposable email addresses, by the community's list of their domains."""

from __future__ import annotations

from functools import cache

from disposable_email_domains import blocklist

from core.petition.domain_names import domain_of, parse_domain, with_parents


def is_disposable(address: str) -> bool:
    """True if the domain of an address, or one of its parent domains, gives out disposable addresses."""
    return not _disposable().isdisjoint(with_parents(domain_of(address)))


@cache
def _disposable() -> frozenset[str]:
    """The domains of the list, international ones in their own letters."""
    return frozenset(parse_domain(name) or name if "xn--" in name else name for name in blocklist)

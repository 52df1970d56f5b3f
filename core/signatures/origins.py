"""Origins of signatures, mail domains and labels; the lists on which organizers block or allow them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.petition.domain_names import domain_of, with_parents


class OriginKind(StrEnum):
    """The kinds of origins; the values are stored, and organizers type them."""

    DOMAIN = "domain"
    LABEL = "label"


class Verdict(StrEnum):
    """Organizers' decision about an origin; the values are stored."""

    BLOCKED = "blocked"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Origin:
    """A mail domain with its subdomains, or the label of a link; a signer's own label is its pseudonym."""

    kind: OriginKind
    name: str

    def __str__(self) -> str:
        """The origin as an organizer types it: a domain has a dot, and a label never has one."""
        return self.name if self.kind is OriginKind.DOMAIN else f"{self.kind}={self.name}"


@dataclass(frozen=True, slots=True)
class ListedOrigin:
    """An origin that organizers blocked or allowed, in all petitions, from a moment on."""

    origin: Origin
    verdict: Verdict
    since: dt.datetime


class Lists(Protocol):
    """The block list and the allow list; an origin is on one of them at most."""

    def put(self, listed: ListedOrigin) -> None:
        """Put an origin on a list, and take it off the other one."""

    def remove(self, origin: Origin) -> bool:
        """Take an origin off its list; False if it is on none."""

    def all(self) -> tuple[ListedOrigin, ...]:
        """All origins on the lists, newest first."""

    def verdicts(self, origins: Sequence[Origin]) -> Mapping[Origin, Verdict]:
        """The verdicts on those of the given origins that are on a list."""


def verdict_on(addresses: Sequence[str], label: str, lists: Lists) -> Verdict | None:
    """The verdict on a signature with these spellings of its mail address, and with this label.

    Of a domain and its parents, the longest one on a list decides. Whoever is blocked by the domain or by the label
    is blocked.
    """
    domains = [Origin(OriginKind.DOMAIN, name) for name in _longest_first(addresses)]
    link = Origin(OriginKind.LABEL, label)
    origins = [*domains, *([link] if label else [])]
    if not origins:
        return None
    listed = lists.verdicts(origins)
    about_domain = next((listed[origin] for origin in domains if origin in listed), None)
    verdicts = {about_domain, listed.get(link)}
    return next((verdict for verdict in Verdict if verdict in verdicts), None)


def _longest_first(addresses: Sequence[str]) -> Iterator[str]:
    names = (name for address in addresses if address for name in with_parents(domain_of(address)))
    yield from sorted({name for name in names if "." in name}, key=lambda name: (-name.count("."), name))

"""Large mail providers' domains, and mistyped ones: a domain that is one slip away from one of them.

The providers (mail_providers.json, which `python -m tests.renewal.mail_providers` renews) are those that the npm
package email-providers calls common.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

DATA = Path(__file__).with_name("mail_providers.json")
_MORE = (  # large providers that the list doesn't call common; some look like another one's slip
    "googlemail.com", "ymail.com", "rocketmail.com", "email.com", "hotmail.co.uk", "hotmail.fr", "hotmail.es",
    "live.co.uk", "outlook.es", "outlook.fr", "yahoo.co.uk", "yahoo.es", "posteo.de",
)  # fmt: skip
_SHORTEST = 5  # letters of a name in which one slip is not simply another name, as in "gmx" and "gmc"
_COUNTRY = 2  # letters of a country's own top-level domain


def meant(domain: str) -> str | None:
    """The provider's domain that was probably meant instead of this one; None if it is fine."""
    if is_provider(domain):
        return None
    name, _, ending = domain.partition(".")
    slips = (
        (slips + OSA.distance(ending, end), _places()[f"{provider}.{end}"], f"{provider}.{end}")
        for provider, slips, _ in extract_iter(name, _endings().keys(), scorer=OSA.distance, score_cutoff=1)
        if slips == 0 or len(provider) >= _SHORTEST
        for end in _endings()[provider]
        if _is_near(ending, end)
    )
    return min(slips, default=(0, 0, None))[2]


def is_provider(domain: str) -> bool:
    """True for the domain of a large mail provider."""
    return domain in _places()


def _is_near(ending: str, other: str) -> bool:
    """True for the same ending or one slip; two countries' endings are no slip, since providers have many."""
    if len(ending) == len(other) == _COUNTRY:
        return ending == other
    return bool(OSA.distance(ending, other, score_cutoff=1) <= 1)


@cache
def _places() -> Mapping[str, int]:
    """The place in the list of each provider's domain."""
    domains = (*json.loads(DATA.read_text(encoding="utf-8"))["domains"], *_MORE)
    return {domain: place for place, domain in enumerate(domains)}


@cache
def _endings() -> Mapping[str, list[str]]:
    """The endings of each provider's name: "de" and "co.uk" for "yahoo"."""
    endings: dict[str, list[str]] = {}
    for domain in _places():
        name, _, ending = domain.partition(".")
        endings.setdefault(name, []).append(ending)
    return endings

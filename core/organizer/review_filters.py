"""Filters that organizers write after `/review`, such as `reason=burst since=2h`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from core.messages import DEFAULT_LOCALE
from core.organizer.filter_words import When, beginning, end, parse_when, split_filters, write_filter
from core.organizer.review_words import STATUSES
from core.petition.country import CODES, country_name, find
from core.petition.domain_names import domain_of, parse_domain
from core.petition.form import CleaningContext, Field, FieldKind, clean
from core.petition.label import PSEUDONYM, is_personal, valid_label
from core.petition.petition import Petition
from core.petition.wording import nearest
from core.platforms import Platform
from core.signatures.quarantine import Signal
from core.signatures.review import Query
from core.signatures.sealed_filter import SealedFilter
from core.signatures.search import name_keys
from core.signatures.signature import SignatureStatus

ANY = "any"
OWN_LINK = "own"
_ID = re.compile(r"[0-9]{1,18}")
_WORD = re.compile(r"[a-z][a-z_-]{1,20}", re.IGNORECASE)
_FOUND = re.compile(r"[0-9A-Z]{12}")
_EMAIL = Field("email", FieldKind.EMAIL)


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters for signatures; an empty filter matches all.

    `status` is ANY, a status, or empty for the default. `email`, `domain`, `name` and `country` are sealed in
    signatures; `found` is the code of a kept search for them. `after` is the id of the last signature on the previous
    page.
    """

    status: str = ""
    reason: Signal | None = None
    label: str = ""
    platform: str = ""
    language: str = ""
    since: When | None = None
    until: When | None = None
    email: str = ""
    domain: str = ""
    name: str = ""
    country: str = ""
    found: str = ""
    after: int = 0

    def __str__(self) -> str:
        """The filters as an organizer types them."""
        return " ".join(write_filter(key, value) for key, value in self.given.items())

    @property
    def given(self) -> Mapping[str, Any]:
        """The filters that are not empty, by name."""
        return {key: value for key in _READERS if (value := getattr(self, key))}

    @property
    def noted(self) -> str:
        """The filters as the audit log has them: without the label of a signer's own link, which leads to a person."""
        return str(replace(self, label=OWN_LINK) if is_personal(self.label) else self)

    @property
    def sealed(self) -> SealedFilter:
        """The filters for what is sealed."""
        return SealedFilter(self.email, self.domain, self.name, self.country)

    @property
    def public(self) -> Filters:
        """The other filters, which may be noted."""
        return replace(self, email="", domain="", name="", country="")

    def query(self, petition: Petition, now: dt.datetime, usual: SignatureStatus) -> Query:
        """The query for these filters at this time, for signatures of the default status unless one is named.

        It leaves out the filters for what is sealed.
        """
        status = None if self.status == ANY else SignatureStatus(self.status or usual)
        return Query(
            petition.slug, status, self.reason, (self.label,) if self.label else (), self.platform,
            (self.language,) if self.language else (),
            since=beginning(self.since, now, petition) if self.since else None,
            until=min(end(self.until, now, petition), now) if self.until else now, after=self.after,
        )  # fmt: skip


NO_FILTERS = Filters()


class FilterFault(Enum):
    """A fault in filters: one is unknown, or given twice, or can't be combined with others."""

    UNKNOWN = auto()
    TWICE = auto()
    COMBINED = auto()


@dataclass(frozen=True, slots=True)
class Misread:
    """The words with a fault, and the filters that were probably meant."""

    words: str
    near: tuple[str, ...] = ()
    fault: FilterFault = FilterFault.UNKNOWN


def parse_filters(words: str) -> Filters | Misread:
    """The filters in these words, each given at most once; otherwise the first that cannot be understood.

    What a search found can be paged through, but not filtered again.
    """
    pairs, rest = split_filters(words)
    if rest:
        return _misread(*rest.split()[0].partition("=")[::2])
    values: dict[str, Any] = {}
    for typed, text in pairs:
        key = _OTHER_NAMES.get(typed, typed)
        reader = _READERS.get(key)
        value = reader(text) if reader else None
        if value is None:
            return _misread(typed, text)
        if key in values:
            return Misread(write_filter(typed, text), fault=FilterFault.TWICE)
        values[key] = value
    if "found" in values and values.keys() - {"found", "after"}:
        return Misread(write_filter("found", values["found"]), fault=FilterFault.COMBINED)
    return Filters(**values)


def _misread(name: str, text: str) -> Misread:
    """Suggest another name, or else another value."""
    words = write_filter(name, text) if text else name or "="
    key = _OTHER_NAMES.get(name, name)
    if key not in _READERS:
        near = nearest(key, _TYPED)
        return Misread(words, (write_filter(near, text or "..."),) if near else ())
    if key == "country":
        return Misread(words, tuple(write_filter(key, each) for each in _likely_countries(text)))
    if key == "domain" and (domain := parse_domain(domain_of(text))):  # of an address
        return Misread(words, (write_filter(key, domain),))
    near = nearest(text, _KNOWN.get(key, ()))
    return Misread(words, (write_filter(key, near),) if near else ())


def _likely_countries(text: str) -> tuple[str, ...]:
    """The names of the countries that a text may mean."""
    if several := find(text, DEFAULT_LOCALE):
        return tuple(country_name(code, DEFAULT_LOCALE) for code in several)
    near = nearest(text, [country_name(code, DEFAULT_LOCALE) for code in sorted(CODES)])
    return (near,) if near else ()


def _status(text: str) -> str | None:
    return text.lower() if text.lower() in (ANY, *STATUSES) else None


def _reason(text: str) -> Signal | None:
    return next((signal for signal in Signal if signal == text.lower()), None)


def _label(text: str) -> str | None:
    """A label as in links, the code of a signer's own link, or the pseudonym that reviews show for one."""
    return text.lower() if PSEUDONYM.fullmatch(text.lower()) else valid_label(text)


def _platform(text: str) -> str | None:
    return text.lower() if _WORD.fullmatch(text) else None


def _language(text: str) -> str | None:
    language, dash, territory = text.replace("-", "_").partition("_")
    return language.lower() + dash + territory.upper() if _WORD.fullmatch(text) else None


def _email(text: str) -> str | None:
    address = clean(_EMAIL, text, CleaningContext())
    return address if isinstance(address, str) else None


def _name(text: str) -> str | None:
    return " ".join(text.split()) if name_keys(text) else None


def _country(text: str) -> str | None:
    codes = find(text, DEFAULT_LOCALE)
    return codes[0] if len(codes) == 1 else None


def _found(text: str) -> str | None:
    """The code on buttons about what a search found; nobody types it."""
    return text if _FOUND.fullmatch(text) else None


def _after(text: str) -> int | None:
    """The id on the button to the next page; nobody types it."""
    return int(text) if _ID.fullmatch(text) else None


_READERS: Mapping[str, Callable[[str], object | None]] = {
    "status": _status,
    "reason": _reason,
    "label": _label,
    "platform": _platform,
    "language": _language,
    "since": parse_when,
    "until": parse_when,
    "email": _email,
    "domain": parse_domain,
    "name": _name,
    "country": _country,
    "found": _found,
    "after": _after,
}
_TYPED = tuple(name for name in _READERS if name not in ("found", "after"))
_OTHER_NAMES = {"code": "label"}
_KNOWN: Mapping[str, tuple[str, ...]] = {
    "status": (ANY, *(status.value for status in STATUSES)),
    "reason": tuple(signal.value for signal in Signal),
    "platform": tuple(platform.value for platform in Platform),
}
"""The values that a filter may have, to suggest the nearest."""

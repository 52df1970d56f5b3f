"""Filters that organizers write after `/review`, such as `reason=burst since=2h`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.organizer.review_words import STATUSES
from core.petition.label import PSEUDONYM, valid_label
from core.signatures.quarantine import Signal
from core.signatures.review import Query
from core.signatures.signature import SignatureStatus

ANY = "any"
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_AGE = re.compile(r"([0-9]{1,4})([mhd])")
_ID = re.compile(r"[0-9]{1,18}")
_WORD = re.compile(r"[a-z][a-z_-]{1,20}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Age:
    """A length of time as people write it: `30m`, `2h`, `7d`."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def length(self) -> dt.timedelta:
        """The length as a timedelta."""
        return dt.timedelta(**{_UNITS[self.unit]: self.count})


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters for signatures; an empty filter matches all.

    `status` is ANY, a status, or empty for the default. `after` is the id of the last signature on the previous page.
    """

    status: str = ""
    reason: Signal | None = None
    label: str = ""
    platform: str = ""
    language: str = ""
    since: Age | None = None
    after: int = 0

    def __str__(self) -> str:
        """The filters as an organizer types them."""
        values = ((key, getattr(self, key)) for key in _READERS)
        return " ".join(f"{key}={value}" for key, value in values if value)

    def query(self, petition: str, now: dt.datetime, usual: SignatureStatus) -> Query:
        """The query for these filters at this time, for signatures of the default status unless one is named."""
        status = None if self.status == ANY else SignatureStatus(self.status or usual)
        since = now - self.since.length if self.since else None
        return Query(
            petition, status, self.reason, self.label, self.platform, self.language,
            since=since, until=now, after=self.after,
        )  # fmt: skip


NO_FILTERS = Filters()


def parse_filters(words: str) -> Filters | None:
    """The filters in these words, each given at most once; None if one cannot be parsed."""
    values: dict[str, Any] = {}
    for word in words.split():
        key, _, text = word.partition("=")
        reader = _READERS.get(key.lower())
        value = reader(text.lower()) if reader else None
        if value is None or key.lower() in values:
            return None
        values[key.lower()] = value
    return Filters(**values)


def _status(text: str) -> str | None:
    return text if text in (ANY, *STATUSES) else None


def _reason(text: str) -> Signal | None:
    return next((signal for signal in Signal if signal == text), None)


def _label(text: str) -> str | None:
    """A label as in links, or the pseudonym that reviews show for a signer's own link."""
    return text if PSEUDONYM.fullmatch(text) else valid_label(text)


def _platform(text: str) -> str | None:
    return text if _WORD.fullmatch(text) else None


def _language(text: str) -> str | None:
    language, dash, territory = text.replace("-", "_").partition("_")
    return language + dash + territory.upper() if _WORD.fullmatch(text) else None


def _since(text: str) -> Age | None:
    age = _AGE.fullmatch(text)
    return Age(int(age[1]), age[2]) if age else None


def _after(text: str) -> int | None:
    """The id on the button to the next page; nobody types it."""
    return int(text) if _ID.fullmatch(text) else None


_READERS: Mapping[str, Callable[[str], object | None]] = {
    "status": _status,
    "reason": _reason,
    "label": _label,
    "platform": _platform,
    "language": _language,
    "since": _since,
    "after": _after,
}

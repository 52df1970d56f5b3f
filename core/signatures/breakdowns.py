"""Breakdowns of the tally for organizers. All are stored counts, so looking at them never reads signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from core.petition.label import is_personal
from core.signatures.parts import FIRST_PART
from core.signatures.review import StatusChange
from core.signatures.signature import Signature, SignatureStatus, Tally

OWN_LINKS = "@own"
"""The value for all signers' own links, since there may be as many as signatures; no label is spelt this way."""

EARLIER = "@earlier"
"""The link of conversations from before steps were counted by link."""

Step: TypeAlias = tuple[str, str]
"""A step of signing by link: the label, and the name of the step; counts that no link has are under an empty label."""


def by_day(hours: Iterable[tuple[dt.datetime, Tally]], zone: dt.tzinfo) -> Mapping[dt.date, Tally]:
    """The tallies of the days of signing in a time zone, from those of hours."""
    days: dict[dt.date, Tally] = {}
    for hour, tally in hours:
        day = hour.astimezone(zone).date()
        days[day] = days.get(day, Tally()) + tally
    return days


class Facet(StrEnum):
    """The facets by which counted signatures are broken down, for organizers; and arrivals, for everyone else.

    UPDATES has the channel for updates with the usable contact data (core.signatures.contacts.opt_in). ARRIVAL has the
    labels of all signatures that were not withdrawn, so no hidden status shows in it.
    """

    LABEL = "label"
    REGION = "region"
    VERSION = "version"
    UPDATES = "updates"
    ARRIVAL = "arrival"


def facets_of(what: Signature | StatusChange) -> Mapping[Facet, str]:
    """The facets of a signature; empty values count too, so each facet adds up to the tally."""
    return {
        Facet.LABEL: shared_label(what.label),
        Facet.REGION: what.region,
        Facet.VERSION: what.digest,
        Facet.UPDATES: what.opt_in,
    }


def arrival_of(what: Signature | StatusChange) -> Mapping[Facet, str]:
    """The facet in which a signature counts whatever its status."""
    return {Facet.ARRIVAL: shared_label(what.label)}


def shared_label(label: str) -> str:
    """The label under which figures count it: one value for all signers' own links."""
    return OWN_LINKS if is_personal(label) else label


@dataclass(frozen=True, slots=True)
class HourlyCount:
    """The number of signatures of one hour of signing that have a status now, by platform and language.

    `hour` is its beginning (core.signatures.signature.Signature.hour), which is not a full hour in every time zone.
    """

    hour: dt.datetime
    platform: str
    locale: str
    status: SignatureStatus
    count: int


class Breakdowns(Protocol):
    """Counted signatures by day of signing and facet, and conversations by the step they reached."""

    def count(
        self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int, part: int = FIRST_PART
    ) -> None:
        """Change the counts of a day of signing."""

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        """The values of a facet with their counts since a day, largest first, without zeros."""

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        """These values' counts by day since a day, oldest first; not for regions."""

    def move(self, petition: str, person: int, steps: Mapping[Step, int]) -> None:
        """Change the number of conversations that reached these steps; `person`, an id, only picks a row."""

    def steps(self, petition: str) -> Mapping[str, int]:
        """The number of conversations that reached each step, by any link."""

    def steps_by_link(self, petition: str) -> Mapping[str, Mapping[str, int]]:
        """The number of conversations that reached each step, by label; without zeros."""

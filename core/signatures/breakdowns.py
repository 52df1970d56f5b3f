"""Breakdowns of the tally for organizers. All are stored counts, so looking at them never reads signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.petition.label import is_personal
from core.signatures.review import StatusChange
from core.signatures.signature import Signature, SignatureStatus

OWN_LINKS = "@own"
"""The value for all signers' own links, since there may be as many as signatures; no label is spelt this way."""


ZONE, ZONE_NAME = dt.UTC, "UTC"
"""The time zone of days in figures, and its name on screens."""


class Facet(StrEnum):
    """The facets by which counted signatures are broken down, for organizers; and arrivals, for everyone else.

    ARRIVAL has the labels of all signatures that were not withdrawn, so no hidden status shows in it.
    """

    LABEL = "label"
    REGION = "region"
    VERSION = "version"
    ARRIVAL = "arrival"


def facets_of(what: Signature | StatusChange) -> Mapping[Facet, str]:
    """The facets of a signature; empty values count too, so each facet adds up to the tally."""
    return {Facet.LABEL: _shared(what.label), Facet.REGION: what.region, Facet.VERSION: what.digest}


def arrival_of(what: Signature | StatusChange) -> Mapping[Facet, str]:
    """The facet in which a signature counts whatever its status."""
    return {Facet.ARRIVAL: _shared(what.label)}


def _shared(label: str) -> str:
    return OWN_LINKS if is_personal(label) else label


@dataclass(frozen=True, slots=True)
class HourlyCount:
    """The number of signatures of one hour of signing that have a status now, by platform and language."""

    hour: dt.datetime
    platform: str
    locale: str
    status: SignatureStatus
    count: int


class Breakdowns(Protocol):
    """Counted signatures by day of signing and facet, and conversations by the step they reached."""

    def count(self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int) -> None:
        """Change the counts of a day of signing, in ZONE."""

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        """The values of a facet with their counts since a day, largest first, without zeros."""

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        """These values' counts by day since a day, oldest first; not for regions."""

    def move(self, petition: str, person: int, steps: Mapping[str, int]) -> None:
        """Change the number of conversations that reached these steps; `person`, an id, only picks a row."""

    def steps(self, petition: str) -> Mapping[str, int]:
        """The number of conversations that reached each step."""

"""What organizers can look at besides the tally, all of it kept counts: no answer to them ever reads signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from core.petition.petition import is_personal
from core.signatures.review import StatusChange
from core.signatures.signature import Signature

OWN_LINKS = "@own"
"""The value that stands for all links of signers' own, of which there may be as many as signatures; no label is so."""


class Facet(StrEnum):
    """In what the counted signatures of a day differ."""

    LABEL = "label"
    REGION = "region"
    VERSION = "version"


def facets_of(what: Signature | StatusChange) -> Mapping[Facet, str]:
    """Where signatures are counted; empty values are counted too, so that each facet adds up to the tally."""
    label = OWN_LINKS if is_personal(what.label) else what.label
    return {Facet.LABEL: label, Facet.REGION: what.region, Facet.VERSION: what.digest}


class Breakdowns(Protocol):
    """Counts by day and facet of what is counted, and how many conversations came to which step."""

    def count(self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int) -> None:
        """Change the counts of a day (UTC)."""

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        """The values of a facet with their counts since a day, the most first; those that came to nothing left out."""

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        """How the counts of these values changed day by day since a day, oldest first."""

    def move(self, petition: str, person: int, steps: Mapping[str, int]) -> None:
        """Change how many conversations came to these steps; `person`, an id, only says where it is noted."""

    def steps(self, petition: str) -> Mapping[str, int]:
        """How many conversations came to each step."""

"""Breakdowns of the tally for organizers. All are stored counts, so looking at them never reads signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from core.petition.petition import is_personal
from core.signatures.review import StatusChange
from core.signatures.signature import Signature

OWN_LINKS = "@own"
"""The value for all signers' own links, since there may be as many as signatures; no label is spelt this way."""


class Facet(StrEnum):
    """The facets by which counted signatures are broken down."""

    LABEL = "label"
    REGION = "region"
    VERSION = "version"


def facets_of(what: Signature | StatusChange) -> Mapping[Facet, str]:
    """The facets of a signature; empty values count too, so each facet adds up to the tally."""
    label = OWN_LINKS if is_personal(what.label) else what.label
    return {Facet.LABEL: label, Facet.REGION: what.region, Facet.VERSION: what.digest}


class Breakdowns(Protocol):
    """Counted signatures by day and facet, and conversations by the step they reached."""

    def count(self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int) -> None:
        """Change the counts of a day (UTC)."""

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        """The values of a facet with their counts since a day, largest first, without zeros."""

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        """Daily changes of these values' counts since a day, oldest first."""

    def move(self, petition: str, person: int, steps: Mapping[str, int]) -> None:
        """Change the number of conversations that reached these steps; `person`, an id, only picks a row."""

    def steps(self, petition: str) -> Mapping[str, int]:
        """The number of conversations that reached each step."""

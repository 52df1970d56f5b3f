"""Trends: the number of signatures that mail domains and links brought lately, hour by hour.

They count every signature that was not withdrawn, whatever its status, for a few days.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.signatures.origins import Origin, OriginKind
from core.signatures.parts import FIRST_PART
from core.signatures.review import StatusChange
from core.signatures.signature import Signature

TRENDS_KEPT = dt.timedelta(days=8)
"""The time for which the counts of an hour are kept."""
COMPARED = dt.timedelta(days=7)
"""The time before a trend with which it is compared."""
FEWEST = 5
"""The fewest signatures on one day (UTC) with which an origin is named, since fewer may be one person's."""
MOST = 100
"""The most origins that are compared."""


@dataclass(frozen=True, slots=True)
class Trend:
    """An origin with the number of signatures it brought now, and the number to expect from the time before."""

    origin: Origin
    count: int
    usual: float
    surprise: float


@dataclass(frozen=True, slots=True)
class TrendCounts:
    """Counts of one kind of origins, since a moment and before it.

    `now` has the origins with FEWEST signatures or more on a day since then, `before` what they brought earlier.
    `total_now` and `total_before` count all origins. `first` is the first hour that any of them is counted in.
    """

    now: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    total_now: int = 0
    total_before: int = 0
    first: dt.datetime | None = None


class Trends(Protocol):
    """Stored counts of signatures by origin and hour of signing."""

    def count(
        self, petition: str, hour: dt.datetime, origins: Sequence[Origin], change: int, part: int = FIRST_PART
    ) -> None:
        """Change the counts of an hour of signing; a negative change of counts that are no longer kept does nothing."""

    def read(self, petition: str, kind: OriginKind, start: dt.datetime, first: dt.datetime) -> TrendCounts:
        """Counts from the hour `start` on, and those from the hour `first` until then."""

    def total(self, petition: str, origin: Origin, first: dt.datetime, until: dt.datetime) -> int:
        """The signatures that an origin brought in the hours that began in a time."""


def origins_of(what: Signature | StatusChange) -> tuple[Origin, ...]:
    """The origins under which a signature counts."""
    names = ((OriginKind.DOMAIN, what.domain), (OriginKind.LABEL, what.label))
    return tuple(Origin(kind, name) for kind, name in names if name)


def trends_of(counts: TrendCounts, kind: OriginKind, start: dt.datetime, now: dt.datetime) -> tuple[Trend, ...]:
    """Trends, the most surprising first: those whose share grew most, for their size (a log-likelihood ratio)."""
    return tuple(sorted(_trends(counts, kind, start, now), key=lambda trend: (-trend.surprise, trend.origin.name)))


def _trends(counts: TrendCounts, kind: OriginKind, start: dt.datetime, now: dt.datetime) -> Iterator[Trend]:
    """Compare counts with those to expect: `usual` by the hours that passed, the surprise by the share of all."""
    passed = max((start - counts.first) / (now - start), 0) if counts.first and now > start else 0
    for name, count in counts.now.items():
        before = counts.before.get(name, 0)
        share = before / counts.total_before if counts.total_before else 0
        surprise = count * math.log(count / max(share * counts.total_now, 1))
        yield Trend(Origin(kind, name), count, before / passed if passed else 0, surprise)

"""Days of signing: how many signed on each, and what has become of their signatures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from core.signatures.breakdowns import ZONE
from core.signatures.signature import SignatureStatus, Tally


@dataclass(frozen=True, slots=True)
class SigningDay:
    """The signatures of one day of signing, in the time zone of all figures.

    `set_aside` are those that are duplicates, held back, or invalid now. `total` are those that count, of this day and
    all days before.
    """

    day: dt.date
    signed: int
    counted: int
    set_aside: int
    withdrawn: int
    total: int


def signing_days(hours: Iterable[tuple[dt.datetime, Tally]]) -> tuple[SigningDay, ...]:
    """The days with signatures, oldest first, from counts by hour of signing."""
    days: dict[dt.date, Counter[SignatureStatus]] = {}
    for hour, tally in hours:
        days.setdefault(hour.astimezone(ZONE).date(), Counter()).update(tally.totals)
    totals = accumulate(days[day][SignatureStatus.COUNTED] for day in sorted(days))
    return tuple(_day(day, days[day], total) for day, total in zip(sorted(days), totals, strict=True))


def _day(day: dt.date, statuses: Counter[SignatureStatus], total: int) -> SigningDay:
    counted, withdrawn = statuses[SignatureStatus.COUNTED], statuses[SignatureStatus.WITHDRAWN]
    signed = statuses.total()
    return SigningDay(day, signed, counted, signed - counted - withdrawn, withdrawn, total)

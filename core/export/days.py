"""Days of signing: how many signed on each, and what has become of their signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from core.signatures.breakdowns import by_day
from core.signatures.signature import Tally


@dataclass(frozen=True, slots=True)
class SigningDay:
    """The signatures of one day of signing, in the petition's time zone.

    `set_aside` are those that are duplicates, held back, or invalid now. `total` are those that count, of this day and
    all days before.
    """

    day: dt.date
    signed: int
    counted: int
    set_aside: int
    withdrawn: int
    total: int


def signing_days(hours: Iterable[tuple[dt.datetime, Tally]], zone: dt.tzinfo) -> tuple[SigningDay, ...]:
    """The days with signatures in a time zone, oldest first, from counts by hour of signing."""
    days = sorted(by_day(hours, zone).items())
    totals = accumulate(tally.counted for _, tally in days)
    return tuple(
        SigningDay(day, tally.signed, tally.counted, tally.set_aside, tally.withdrawn, total)
        for (day, tally), total in zip(days, totals, strict=True)
    )

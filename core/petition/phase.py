"""Phase of a petition: what its dates and the organizers' decision allow, the same on every surface."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum


class Phase(StrEnum):
    """The phase of a petition at one moment. ENDED is over by its own date, CLOSED and WON by a decision."""

    OPEN = "open"
    EARLY = "early"
    PAUSED = "paused"
    ENDED = "ended"
    CLOSED = "closed"
    WON = "won"

    @property
    def is_over(self) -> bool:
        """True if signing has ended, and only organizers can let it begin again."""
        return self in (Phase.ENDED, Phase.CLOSED, Phase.WON)


_FINAL: Mapping[str, Phase] = {"closed": Phase.CLOSED, "victory": Phase.WON}


def phase_of(today: dt.date, status: str, opens: dt.date | None, closes: dt.date | None, *, is_erased: bool) -> Phase:
    """The phase on a day, from the status that organizers decided (core.petition.petition) and the petition's dates."""
    if status in _FINAL:
        return _FINAL[status]
    if closes is not None and closes < today:
        return Phase.ENDED
    if is_erased:
        return Phase.CLOSED
    if status == "paused":
        return Phase.PAUSED
    return Phase.EARLY if opens is not None and today < opens else Phase.OPEN

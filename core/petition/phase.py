"""Phase of a petition: what its dates and the organizers' decision allow, the same on every surface."""

from __future__ import annotations

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

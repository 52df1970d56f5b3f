"""The port to a pace that all processes of one bot keep together, while a platform asks for it."""

from __future__ import annotations

from typing import Protocol


class Paces(Protocol):
    """The paces that processes keep together, by name. Each call may raise StorageUnavailableError."""

    def reserve(self, name: str, calls: int, per_second: float, burst: float) -> float:
        """Take the next places for some calls; returns the seconds until all of them may be made.

        All processes together make `per_second` calls on average, and up to `burst` more at once.
        """

    def slow_down(self, name: str, seconds: float) -> None:
        """Have all processes keep to the pace for this time from now on; never shortens it."""

    def slowed_for(self, name: str) -> float:
        """The seconds for which processes must still keep to the pace; 0 if they needn't."""

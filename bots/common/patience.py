"""Retries while a platform or the database can't be reached: how long to wait between attempts, and what to log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bots.common.health import ComponentHealth

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts to reach a platform

sleep = asyncio.sleep


class Waits:
    """Seconds to wait after each failure in a row: twice as long each time, from `first` up to `longest`.

    `chance` gives a number from 0 to 1, and takes up to half off each wait, so that not all try again at once.
    """

    def __init__(self, first: float, longest: float, chance: Callable[[], float] = lambda: 0.0) -> None:
        self._first, self._longest, self._chance = first, longest, chance
        self._next = first

    def after_failure(self) -> float:
        """The wait after one more failure."""
        wait, self._next = self._next, min(2 * self._next, self._longest)
        return wait * (1 - self._chance() / 2)

    def reset(self) -> None:
        """Start over, since something worked."""
        self._next = self._first


class Backoff:
    """Pauses between attempts, each about twice as long as the one before.

    Reports trouble, and its end, to the component that it keeps down. Without one, logs each kind of trouble once.
    """

    def __init__(
        self, log: logging.Logger, name: str, component: ComponentHealth | None = None, waits: Waits | None = None
    ) -> None:
        self._log, self._name, self._component = log, name, component
        self._waits = waits or Waits(FIRST_WAIT, LONGEST_WAIT)
        self._named: set[str] = set()

    async def pause(self, kind: str, reason: str, seconds: float | None = None) -> None:
        """Wait out the next pause, or for the `seconds` that the platform asks for.

        `kind` names the kind of trouble; `reason` is for operators.
        """
        if self._component:
            self._component.down(reason)
        elif kind not in self._named:
            self._named.add(kind)
            self._log.warning("%s: %s; trying again", self._name, reason)
        await sleep(self._waits.after_failure() if seconds is None else seconds)

    def over(self) -> None:
        """Forget the trouble: an attempt succeeded."""
        if self._component:
            self._component.up()
        elif self._named:
            self._log.info("%s answers again", self._name)
            self._named.clear()
        self._waits.reset()

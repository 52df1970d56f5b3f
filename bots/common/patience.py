"""Retries while a platform can't be reached: how long to wait between attempts, and when to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

from bots.common.health import ComponentHealth

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts; each is about twice the last
T = TypeVar("T")


async def patiently(call: Callable[[], Awaitable[T]], on: type[Exception] | tuple[type[Exception], ...]) -> T:
    """Repeat a call while it raises one of the errors in `on`; returns its result."""
    async for attempt in stamina.retry_context(
        on=on, attempts=None, timeout=None, wait_initial=FIRST_WAIT, wait_max=LONGEST_WAIT
    ):
        with attempt:
            return await call()
    raise AssertionError("stamina ends with a result or an exception")


class Backoff:
    """Pauses between attempts to reach a platform, each about twice as long as the one before.

    Reports trouble, and its end, to the component that it keeps down. Without one, logs each kind of trouble once.
    """

    def __init__(self, log: logging.Logger, name: str, component: ComponentHealth | None = None) -> None:
        self._log, self._name, self._component = log, name, component
        self._next = FIRST_WAIT
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
        if seconds is None:
            seconds, self._next = self._next, min(2 * self._next, LONGEST_WAIT)
        await asyncio.sleep(seconds)

    def over(self) -> None:
        """Forget the trouble: an attempt succeeded."""
        if self._component:
            self._component.up()
        elif self._named:
            self._log.info("%s answers again", self._name)
            self._named.clear()
        self._next = FIRST_WAIT

"""Keeps a process's components running: restarts each one that fails for a reason that may pass.

A component is a coroutine function that runs until cancelled. Each fails alone: the others go on. The rules are in
docs/design/supervision.md.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

from bots.common.health import ComponentHealth, Health
from bots.common.patience import Waits
from core.errors import ConfigurationError, UndersignError

log = logging.getLogger(__name__)

Start: TypeAlias = Callable[[], Awaitable[None]]
"""Runs a component until cancelled; called again after a failure."""
START_SECONDS = 60.0
"""A wrong setting that shows within this time ends the process. Later, it stops only its component."""

SETTLE_EVERY = 1.0  # seconds between two checks for outages that are over
FIRST_RESTART, LAST_RESTART = 1.0, 60.0  # seconds to wait before a restart, at first and at most
STEADY_SECONDS = 60.0  # for which a component must have worked before its next wait is the first again


class WrongAtStartError(ConfigurationError):
    """A setting that no restart can fix, found before the component ever worked: the process ends."""


class Supervisor:
    """Runs components, restarts them, and records their state in `health`.

    `chance` gives a number from 0 to 1.
    """

    def __init__(
        self, health: Health | None = None, chance: Callable[[], float] = lambda: 0.5,
        start_seconds: float = START_SECONDS,
    ) -> None:  # fmt: skip
        self.health = health or Health()
        self._chance, self._start_seconds = chance, start_seconds
        self._began: float | None = None

    async def run(self, components: Mapping[str, Start], helpers: Mapping[str, Start]) -> None:
        """Run all until cancelled. Raises ConfigurationError for a wrong setting at startup."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._settle_forever())
                for essential, chosen in ((True, components), (False, helpers)):
                    for name, start in chosen.items():
                        self.health.add(name, essential=essential)
                        group.create_task(self._keep(name, start), name=name)
        except BaseExceptionGroup as faults:
            raise _first(faults) from None

    @asynccontextmanager
    async def helping(self, helpers: Mapping[str, Start]) -> AsyncIterator[None]:
        """Run helpers of a component for as long as the block lasts. Raises ConfigurationError as `run` does."""
        try:
            async with asyncio.TaskGroup() as group:
                for name in helpers:
                    self.health.add(name, essential=False)
                tasks = [group.create_task(self._keep(name, start), name=name) for name, start in helpers.items()]
                try:
                    yield
                finally:
                    for task in tasks:
                        task.cancel()
        except BaseExceptionGroup as faults:
            raise _first(faults) from None

    async def _settle_forever(self) -> None:
        while True:
            await asyncio.sleep(SETTLE_EVERY)
            self.health.settle()

    async def _keep(self, name: str, start: Start) -> None:
        """Run one component, and run it again after each failure."""
        component, waits = self.health.components[name], Waits(FIRST_RESTART, LAST_RESTART, self._chance)
        while True:
            error = await self._attempt(component, start)
            if error is None:
                component.up()
                return
            if isinstance(error, ConfigurationError):
                self._refuse(component, error)
                return
            if component.steady_seconds >= STEADY_SECONDS:
                waits.reset()
            component.failures += 1
            component.down(_reason(error))
            if not isinstance(error, UndersignError):  # whose sentence says it all
                log.debug("%s failed at:\n%s", name, "".join(traceback.format_tb(error.__traceback__)))
            await asyncio.sleep(waits.after_failure())

    async def _attempt(self, component: ComponentHealth, start: Start) -> Exception | None:
        """Run it once; returns the error it ended with, or None for a helper that has done its work."""
        loop = asyncio.get_running_loop()
        self._began = loop.time() if self._began is None else self._began
        # A component reports that it works; a helper works if it hasn't failed for a while.
        steady = None if component.essential else loop.call_later(STEADY_SECONDS, component.up)
        try:
            error = await _outcome(start)
        finally:
            if steady:
                steady.cancel()
        task = asyncio.current_task()
        if task and task.cancelling():  # told to stop, even if it ended in another way than by saying so
            if error:
                log.warning("%s failed while stopping: %s", component.name, _reason(error))
            raise asyncio.CancelledError
        if error is None and component.essential:
            return RuntimeError("ended on its own")
        return error

    def _refuse(self, component: ComponentHealth, error: ConfigurationError) -> None:
        began = asyncio.get_running_loop().time() if self._began is None else self._began
        if not component.was_up and asyncio.get_running_loop().time() - began < self._start_seconds:
            raise WrongAtStartError(str(error)) from None
        component.stop(str(error))


async def _outcome(start: Start) -> Exception | None:
    """Run something to its end; returns the error it ended with."""
    try:
        await start()
    except WrongAtStartError:
        raise
    except asyncio.CancelledError:
        task = asyncio.current_task()
        return None if task and task.cancelling() else RuntimeError("cancelled itself")
    except Exception as error:  # noqa: BLE001  (whatever it is, it is this component's alone)
        return _first(error)
    return None


def _first(error: BaseException) -> Exception:
    """The error itself, or the first one of a group; a wrong setting comes before all others."""
    if not isinstance(error, BaseExceptionGroup):
        return error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
    chosen = error.subgroup(ConfigurationError) or error
    return _first(chosen.exceptions[0])


def _reason(error: Exception) -> str:
    """Our own sentence, or else the error's class and place: other texts may be personal."""
    if isinstance(error, UndersignError):
        return str(error).rstrip(".")
    place = None
    with suppress(IndexError):
        place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {place.name}, line {place.lineno}" if place else type(error).__name__

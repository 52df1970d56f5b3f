"""The health of a process: which of its components work, and since when and why the others don't.

Surfaces and the supervisor write it; /readyz, the metrics, the log and notices to organizers are read from it. Reasons
are names of errors or our own sentences: nothing in them is secret or personal.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

log = logging.getLogger(__name__)

SLOW_START = 30.0  # seconds after which a component that is still starting is down
SETTLED = 10.0  # seconds a component must work before its outage is over
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


class Condition(StrEnum):
    """The state of a component: not working yet, working, down, or stopped until an operator acts."""

    STARTING = "starting"
    UP = "up"
    DOWN = "down"
    STOPPED = "stopped"


@dataclass(eq=False)
class ComponentHealth:
    """The state of one component, and the reason if it doesn't work.

    `essential` components are those that the process was started for; the others help them. An outage lasts from the
    first failure until the component has worked for `settled` seconds. Its beginning and its end are each logged once.
    """

    name: str
    clock: Callable[[], float]
    essential: bool = True
    settled: float = SETTLED
    state: Condition = Condition.STARTING
    reason: str = ""
    was_up: bool = False
    failures: int = 0
    since: float = field(init=False)
    outage_since: float | None = field(init=False)

    def __post_init__(self) -> None:
        """Begin now; a start that takes too long is an outage too."""
        self.since = self.clock()
        self.outage_since = self.since if self.essential else None

    @property
    def outage_seconds(self) -> float:
        """Duration of the current outage; 0 if it works."""
        return 0.0 if self.outage_since is None else self.clock() - self.outage_since

    @property
    def steady_seconds(self) -> float:
        """Time for which it has worked; 0 if it doesn't."""
        return self.clock() - self.since if self.state is Condition.UP else 0.0

    def up(self) -> None:
        """Report that it works; a stopped component stays stopped."""
        if self.state is Condition.STOPPED:
            return
        if self.state is Condition.STARTING:
            self.outage_since = None
        self._change(Condition.UP, "")
        self.was_up = True

    def down(self, reason: str) -> None:
        """Report that it doesn't work now, but may work again."""
        self._end_outage()
        if self.outage_since is None or self.state is Condition.STARTING:
            log.warning("%s is down: %s; trying again until it works", self.name, reason)
        if self.outage_since is None:
            self.outage_since = self.clock()
        self._change(Condition.DOWN, reason)

    def stop(self, reason: str) -> None:
        """Report that it won't work until an operator acts; `reason` is a sentence that says what to do."""
        self._end_outage()
        log.error("%s has stopped, and won't start again until you restart the process: %s", self.name, reason)
        if self.outage_since is None:
            self.outage_since = self.clock()
        self._change(Condition.STOPPED, reason)

    def settle(self) -> None:
        """End the outage of a component that has worked for long enough, and report a start that takes too long."""
        if self.essential and self.state is Condition.STARTING and self.outage_seconds >= SLOW_START:
            self.down("it hasn't worked since startup")
        self._end_outage()

    def _end_outage(self) -> None:
        if self.outage_since is not None and self.state is Condition.UP and self.steady_seconds >= self.settled:
            log.warning("%s is back after %s", self.name, span(self.since - self.outage_since))
            self.outage_since = None

    def _change(self, state: Condition, reason: str) -> None:
        self.reason = reason
        if state is not self.state:
            self.state, self.since = state, self.clock()

    def __str__(self) -> str:
        """One line for operators."""
        duration = self.steady_seconds if self.state is Condition.UP else self.outage_seconds
        return f"{self.name}: {self.state} for {span(duration)}" + (f": {self.reason}" if self.reason else "")


class Health:
    """The components of a process by name; `clock` gives seconds from any starting point."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, settled: float = SETTLED) -> None:
        self._clock, self._settled = clock, settled
        self.components: dict[str, ComponentHealth] = {}

    def add(self, name: str, *, essential: bool = True) -> ComponentHealth:
        """The component of this name; the first call creates it."""
        return self.components.setdefault(name, ComponentHealth(name, self._clock, essential, self._settled))

    def essentials(self, name: str = "") -> list[ComponentHealth]:
        """The components that the process was started for; `name` chooses one, or all workers."""
        return [
            component
            for component in self.components.values()
            if component.essential and name in ("", component.name, component.name.partition("-")[0])
        ]

    def troubles(self) -> Iterator[ComponentHealth]:
        """The components that operators should know about."""
        for component in self.components.values():
            hidden = (Condition.UP,) if component.essential else (Condition.UP, Condition.STARTING)
            if component.state not in hidden:
                yield component

    def settle(self) -> None:
        """End the outages of components that have worked for long enough."""
        for component in self.components.values():
            component.settle()

    @property
    def is_useless(self) -> bool:
        """True if no component that the process was started for works."""
        essentials = self.essentials()
        return bool(essentials) and all(component.state is not Condition.UP for component in essentials)


def span(seconds: float) -> str:
    """A duration in the largest unit that fits, such as 3 min."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    return f"{int(seconds // size)} {unit}"

"""Event loop with virtual time: sleeping for an hour returns at once, an hour later by its clock."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_TURN = 1e-7


class _JumpingSelector(selectors.SelectSelector):
    """Does not wait for a time-out but moves the clock forward by it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Ready events at once; moves the clock if there are none."""
        ready = super().select(0 if timeout is not None else None)
        # Every turn takes a moment, as in life: aiolimiter waits again for rounding errors of its level.
        self.clock += _TURN + (0 if ready else timeout or 0)
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop in virtual time, for code without sockets."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._jumping.clock


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end in virtual time."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)

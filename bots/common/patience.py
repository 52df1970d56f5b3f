"""Retries while a platform can't be reached: how long to wait between attempts, and when to stop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts; each is about twice the last
T = TypeVar("T")


async def patiently(call: Callable[[], Awaitable[T]], on: type[Exception] | tuple[type[Exception], ...]) -> T:
    """The result of the call, which is repeated for as long as it raises one of the errors in `on`."""
    async for attempt in stamina.retry_context(
        on=on, attempts=None, timeout=None, wait_initial=FIRST_WAIT, wait_max=LONGEST_WAIT
    ):
        with attempt:
            return await call()
    raise AssertionError("stamina ends with a result or an exception")

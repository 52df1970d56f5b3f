"""Handlers of outbox entries, the errors they may raise, and what each error means for the entry."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.outbox import ClaimedEntry, Result, again, dead, done, doubtful
from core.ports import Clock

log = logging.getLogger(__name__)

EntryHandler: TypeAlias = Callable[[ClaimedEntry], Awaitable[None]]
"""Carries out an entry; returns when it is done, or raises one of the errors below."""


class _NotDoneError(Exception):
    """It certainly did not happen; `reason` is a class name or a short code, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


UNREADABLE_WAIT = 600.0  # seconds until an entry about a petition whose folder has errors is tried again


class Later(_NotDoneError):  # noqa: N818  (named for what a handler says)
    """Not now, such as at a rate limit: try again in this many seconds. Not a failure."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Missed(_NotDoneError):  # noqa: N818
    """It failed before anything happened, such as without a connection: try again at growing intervals."""


class Refused(_NotDoneError):  # noqa: N818
    """It can never happen, such as for a person who blocked the bot."""


class Closed(Refused):
    """It can never happen, and neither can anything else for this person or community until they write again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Capacity and patience of a worker; intervals that are not a timedelta are seconds.

    A worker holds at most `batch` entries of each topic, and has `at_once` of them begun: they're with the handler, or
    their report isn't on disk yet. After a crash, these may be doubtful, and no others.
    """

    batch: int = 32
    at_once: int = 8
    lease: dt.timedelta = dt.timedelta(minutes=1)
    poll: float = 1.0
    tries: int = 8
    first_wait: float = 2.0
    longest_wait: float = 3600.0
    grace: float = 10.0

    def wait(self, attempts: int, chance: float) -> dt.timedelta:
        """The wait after this many failed attempts: twice as long each time, minus up to half."""
        longest = min(self.longest_wait, self.first_wait * 2.0 ** min(attempts, 64))
        return dt.timedelta(seconds=longest * (1 - chance / 2))


async def handle_entry(
    entry: ClaimedEntry, handler: EntryHandler, pace: Pace, clock: Clock, chance: Callable[[], float]
) -> Result:
    """Hand an entry to its handler; returns the result and never raises."""
    if entry.attempts >= pace.tries:  # it killed its workers, again and again
        return dead(entry, "TooManyAttempts", failed=False)
    try:
        await handler(entry)
    except Later as later:
        return again(entry, clock() + dt.timedelta(seconds=later.seconds), later.reason, failed=False)
    except Refused as refused:
        return dead(entry, refused.reason)
    except Missed as missed:
        return _try_again(entry, missed.reason, pace, clock, chance)
    except asyncio.CancelledError:  # the worker is stopping, and didn't wait any longer
        return again(entry, clock(), "Stopped", failed=False) if entry.repeat else doubtful(entry, "Stopped")
    except Exception as error:  # noqa: BLE001  (whatever it is, it is this entry's alone)
        _log_fault(entry, error)
        reason = type(error).__name__
        # It may have happened before the error, so an entry that must not happen twice is not tried again.
        return _try_again(entry, reason, pace, clock, chance) if entry.repeat else doubtful(entry, reason)
    return done(entry)


def _try_again(entry: ClaimedEntry, reason: str, pace: Pace, clock: Clock, chance: Callable[[], float]) -> Result:
    if entry.attempts + 1 >= pace.tries:
        return dead(entry, reason)
    return again(entry, clock() + pace.wait(entry.attempts, chance()), reason)


def _log_fault(entry: ClaimedEntry, error: Exception) -> None:
    """Log where the error arose, but not its text, which may be personal."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.warning(
        "outbox: entry %d of %s failed: %s in %s, line %s",
        entry.id, entry.topic, type(error).__name__, place.name, place.lineno,
    )  # fmt: skip

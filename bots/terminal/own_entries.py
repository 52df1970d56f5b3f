"""Handles what a person at the terminal ordered, immediately, since no outbox worker runs here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from core.outbox import ClaimedEntry, Topic, dead, done, release
from core.platforms import Platform
from core.ports import Clock, UnitOfWork
from core.signatures.signature import Signer

WORKER = Platform.TERMINAL
LEASE = dt.timedelta(hours=1)  # no worker renews it
MOST = 100  # entries that are read
T = TypeVar("T")


def handle_own(
    work: Callable[[], UnitOfWork], clock: Clock, topic: Topic, signer: Signer, handle: Callable[[Mapping[str, Any]], T]
) -> list[T]:
    """Hand the payload of each entry of this person to `handle`; returns the results."""
    results = []
    for entry in _own(work, clock(), topic, signer):
        report = dead(entry, "Interrupted")
        try:
            results.append(handle(entry.payload))
            report = done(entry)
        finally:
            with work() as unit:
                unit.outbox.report([report], clock())
                unit.commit()
    return results


def _own(work: Callable[[], UnitOfWork], now: dt.datetime, topic: Topic, signer: Signer) -> list[ClaimedEntry]:
    with work() as unit:
        unit.outbox.expire(now)
        claimed = unit.outbox.claim(WORKER, [topic.name], MOST, now, LEASE)
        others = [entry for entry in claimed if entry.payload["user_id"] != signer.user_id]
        unit.outbox.report([release(entry) for entry in others], now)
        unit.outbox.begin([entry for entry in claimed if entry not in others], now + LEASE)
        unit.commit()
    return [entry for entry in claimed if entry not in others]

"""Signals on every storage: counted by key and window, and gone after a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from core.ports import UnitOfWork
from core.signatures.quarantine import KEPT, Signal
from core.signatures.review import Plan
from storage.engine import Database
from storage.retention import drop_signals
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.world import NOW

Work = Callable[[], UnitOfWork]


def test_what_is_seen_is_counted_by_key_and_window(work: Work) -> None:
    later = NOW + dt.timedelta(minutes=10)
    with work() as unit:
        for key, start, total in (("a", NOW, 1), ("a", NOW, 2), ("b", NOW, 1), ("a", later, 1), ("a", NOW, 3)):
            assert unit.signals.seen("elms", Signal.BURST, key, start) == total
        assert unit.signals.seen("elms", Signal.SAME_NAME, "a", NOW) == 1
        assert unit.signals.seen("oaks", Signal.BURST, "a", NOW) == 1
        assert unit.signals.thresholds() == {}
        for value in (7, 8):
            unit.signals.set_threshold(Signal.BURST, value)
        assert unit.signals.thresholds() == {"burst": 8}


def test_what_was_seen_is_dropped_after_a_day(database: Database, vault: Vault) -> None:
    with SqlUnitOfWork(database, vault) as unit:
        for hours in (25, 1):
            unit.signals.seen("elms", Signal.SAME_NAME, "ada lovelace", NOW - dt.timedelta(hours=hours))
            unit.reviews.keep(f"CODE{hours}", Plan("elms", "accept", NOW - dt.timedelta(hours=hours)))
        unit.commit()
    assert "lovelace" not in repr(rows_of(database)["signals"])
    drop_signals(database, NOW - KEPT)
    after = rows_of(database)
    assert (len(after["signals"]), len(after["plans"])) == (1, 1)
    with SqlUnitOfWork(database, vault) as unit:
        assert unit.reviews.take("CODE1")

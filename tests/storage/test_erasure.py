"""Erasures, as the tables show them on both engines."""

from __future__ import annotations

import datetime as dt

from core.conversation import state as ev
from core.updates import UPDATES_KEPT
from storage.engine import Database
from storage.retention import drop_updates
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.world import SALESFORCE, World

PERSONAL = ("signers", "conversations", "outbox", "signals")


def test_erasing_twice_leaves_only_fingerprints_of_updates_for_two_days(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    ada = world.person("Ada")
    signs: tuple[ev.Event, ...] = (ev.Open("elms"), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    for _ in range(2):
        for number, event in enumerate((*signs, ev.Forget(), ev.Forget())):
            world.signing.handle(ada.signer, event, SALESFORCE, update_id=f"telegram-{number}")
    rows = rows_of(database)
    assert {name: rows[name] for name in PERSONAL} == {name: [] for name in PERSONAL}
    assert [(row["signer_id"], row["sealed"]) for row in rows["signatures"]] == [(None, None)]
    assert len(rows["updates"]) == 5, "the second tap was about nobody"
    assert "telegram-" not in repr(rows["updates"])
    drop_updates(database, world.now - UPDATES_KEPT)
    assert len(rows_of(database)["updates"]) == 5
    world.now += UPDATES_KEPT + dt.timedelta(seconds=1)
    drop_updates(database, world.now - UPDATES_KEPT)
    assert rows_of(database)["updates"] == []

"""Reads a person, and ahead of the next calls: their conversation, the petition's decision, their signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.signatures.signature import Signer
from storage import mappers
from storage.connection import Connection
from storage.contexts import AnyRow
from storage.statements import arrivals as sql
from storage.statements.people import LOCK_SIGNER
from storage.vault import Vault


def read_arrival(connection: Connection, signer: Signer, update: str, petition: str, vault: Vault) -> AnyRow | None:
    """The locked row of a person, with `was_erased` for an update's fingerprint; None if nothing is stored.

    PostgreSQL locks first and then reads: what a locking statement joins is as old as its beginning, even if it waited.
    """
    who, organizer = mappers.fingerprint_of(signer, vault), mappers.fingerprint_of_organizer(signer, vault)
    if not connection.is_sqlite and connection.run(LOCK_SIGNER, who=who).first() is None:
        return None
    rows: Sequence[AnyRow]
    rows = connection.run(sql.ARRIVAL, who=who, update=update, organizer=organizer, slug=petition).mappings().all()
    if not rows:
        return None
    first, ahead = rows[0], connection.ahead
    person, about = first["id"], first["about"]
    ahead.put("organizers", organizer, [True] if first["organizes"] else [])
    talk = {"signer_id": person, "petition": about, "sealed": first["talk"]}
    ahead.put("conversations", (person, about), [talk] if first["talk"] else [])
    ahead.put("decisions", about, _parts(rows[:1], sql.DECISION, "petition"))
    ahead.put("signatures", person, _parts(rows, sql.STANDING, "id"))
    return first


def _parts(rows: Sequence[AnyRow], prefix: str, key: str) -> list[dict[str, Any]]:
    """The columns with a prefix, of the rows in which that table has one."""
    names = {name: name.removeprefix(prefix) for name in rows[0] if name.startswith(prefix)}
    found = (row for row in rows if row[f"{prefix}{key}"] is not None)
    return [{plain: row[name] for name, plain in names.items()} for row in found]

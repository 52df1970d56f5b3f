"""Reads what a call asks for next: a person with everything about them, and what their signature needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from core.signatures.signature import Signer
from storage import mappers
from storage.connection import Connection
from storage.contexts import AnyRow
from storage.statements import arrivals as sql
from storage.statements.people import LOCK_SIGNER
from storage.statements.signing import BEFORE, CHANGED_THRESHOLDS, HOLDER, KEPT_WORDS, LOCKED, TALLIES
from storage.vault import Vault


def read_arrival(connection: Connection, signer: Signer, update: str, petition: str, vault: Vault) -> AnyRow | None:
    """The locked row of a person, with `was_erased` for an update's fingerprint; None if nothing is stored."""
    who, organizer = mappers.fingerprint_of(signer, vault), mappers.fingerprint_of_organizer(signer, vault)
    rows = _locked(connection, who, {"update": update, "organizer": organizer, "slug": petition})
    first, ahead = rows[0], connection.ahead
    person, about = first["id"], first["about"]
    ahead.put("organizers", signer, [True] if first["organizes"] else [])
    ahead.put("decisions", about, _parts(rows[:1], sql.DECISION, "petition"))
    if person is None:
        ahead.put("updates", update, [True] if first["was_erased"] else [])
        return None
    talk = {"signer_id": person, "petition": about, "sealed": first["talk"]}
    ahead.put("conversations", (person, about), [talk] if first["talk"] else [])
    ahead.put("signatures", person, _parts(rows, sql.STANDING, "id"))
    return first


def _locked(connection: Connection, who: str, values: Mapping[str, str]) -> Sequence[AnyRow]:
    """The rows about a person, who is locked if stored.

    PostgreSQL locks first and then reads: what a locking statement joins is as old as its beginning, even if it waited.
    """
    while True:  # until nobody creates the same person between these two statements
        lock = None if connection.is_sqlite else connection.ask(LOCK_SIGNER, who=who)
        rows: Sequence[AnyRow] = connection.run(sql.ARRIVAL, who=who, **values).mappings().all()
        if lock is None or lock().first() is not None or rows[0]["id"] is None:
            return rows


def read_before_signing(connection: Connection, petition: str, words: str) -> None:
    """Read ahead a petition's counts, the changed thresholds, and whether the words with a digest are kept."""
    read: dict[str, list[Sequence[Any]]] = {each: [] for each in (TALLIES, CHANGED_THRESHOLDS, KEPT_WORDS)}
    for kind, name, value in connection.run(BEFORE, slug=petition, words=words):
        read[kind].append((name, value))
    for kind, key in ((TALLIES, petition), (CHANGED_THRESHOLDS, ""), (KEPT_WORDS, words)):
        connection.ahead.put(kind, key, read[kind])


def read_locked(connection: Connection, petition: str, mailboxes: Sequence[str], vault: Vault) -> int:
    """The number of signatures that count, and ahead the counted ones of some mailboxes."""
    boxes = [box for mailbox in mailboxes if (box := mappers.find_mailbox(petition, mailbox, vault))]
    rows: Sequence[AnyRow] = connection.run(LOCKED, slug=petition, boxes=boxes).mappings().all()
    connection.ahead.put("signatures", (petition, *boxes), _parts(rows, HOLDER, "id"))
    return int(rows[0]["counted"])


def _parts(rows: Sequence[AnyRow], prefix: str, key: str) -> list[dict[str, Any]]:
    """The columns with a prefix, of the rows in which that table has one."""
    has = f"{prefix}{key}"
    found = [row for row in rows if row[has] is not None]
    names = _plain_names(tuple(rows[0]), prefix) if found else ()
    return [{plain: row[name] for name, plain in names} for row in found]


@cache
def _plain_names(columns: tuple[str, ...], prefix: str) -> tuple[tuple[str, str], ...]:
    """The columns with a prefix, each with its name without."""
    return tuple((name, name.removeprefix(prefix)) for name in columns if name.startswith(prefix))

"""Fills a database with signatures at once: one real signature, multiplied with the driver alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex

from core.conversation.state import Event
from core.signatures.signature import SignatureStatus, Signer
from storage.contexts import IDENTITIES, context_of
from tests.bench.people import ADDRESS, FIVE, PLATFORM, newcomer
from tests.bench.rounds import progress
from tests.bench.rows import Maker, Write, makers, record
from tests.bench.workbench import SLUG, Bare, Place, Workbench

FIRST = 1000
"""The number of the first person that is filled in; their account's id is the number, too."""

_CACHE_KIB = 800_000  # the indexes of a million rows stay in memory while they are filled


def filled(bench: Workbench, engine: str, size: int) -> Place:
    """A database with this many signatures; everyone's second gave an email address."""
    name = f"filled_{size}"
    known = bench.knows(engine, name)
    place = bench.place(engine, name)
    if not known:
        multiply(place, newcomer(), FIVE, size)
    return place


def has_mailbox(number: int) -> bool:
    """Return true if this person gave an email address (ADDRESS with the number)."""
    return number % 2 == 0


def multiply(place: Place, signer: Signer, story: Sequence[Event], size: int) -> None:
    """Let one person act, then copy the rows that this wrote for `size` more people."""
    [template] = record(place, [lambda: [place.services.signing.handle(signer, event, SLUG) for event in story]])
    place.services.close()  # nobody else may have it open
    with place.bare() as bare:
        _hurry(bare)
        for write in filter(_is_a_persons, template):
            with _without_indexes(bare, write.table, place.database.engine.dialect):
                _insert(bare, write, _makers(place, write), size)
        if any(write.table.name == "signatures" for write in template):
            _count(bare, size)
        bare.connection.commit()
        settle(bare)
    if place.database.is_sqlite:
        _sync(place)


def _is_a_persons(write: Write) -> bool:
    return write.new and write.table.name in ("signers", "conversations", "signatures")


def _makers(place: Place, write: Write) -> list[Maker]:
    """Functions that make a row's values; what is sealed opens only in the row it was sealed for."""
    made = dict(zip(write.values, makers(write, _special(place)), strict=True))
    if "sealed" in made:
        table, vault = write.table.name, place.vault
        content = vault.open_bytes(bytes(write.values["sealed"]), *context_of(table, write.values))

        def seal(number: int) -> bytes:
            identity = {name: made[name](number) for name in IDENTITIES[table]}
            return vault.seal_bytes(content, *context_of(table, identity), petition=SLUG)

        made["sealed"] = seal
    return list(made.values())


def _special(place: Place) -> Mapping[str, Maker]:
    """Values that depend on the vault's key, by which the service finds these people again."""
    vault, canonical = place.vault, place.services.signing.mailboxes.canonical

    def mailbox(number: int) -> str | None:
        address = canonical(ADDRESS.format(number))
        return vault.petition_fingerprint(SLUG, "mailbox", SLUG, address) if has_mailbox(number) else None

    return {
        "signers.fingerprint": lambda number: vault.fingerprint("signer", PLATFORM, str(number)),
        "signatures.mailbox": mailbox,
        "signatures.number": lambda number: number - FIRST + 1,
    }


def _hurry(bare: Bare) -> None:
    """Durability is for later: here a failure only means to begin again."""
    if bare.is_sqlite:
        for setting in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}", "foreign_keys=OFF"):
            bare.connection.execute(f"PRAGMA {setting}")
        bare.connection.execute("BEGIN")
    else:
        bare.connection.execute("SET session_replication_role = replica")  # no foreign key is checked


@contextmanager
def _without_indexes(bare: Bare, table: sa.Table, dialect: sa.Dialect) -> Iterator[None]:
    """Indexes are made afterwards: sorting a million keys at once is several times quicker."""
    for index in table.indexes:
        bare.connection.execute(f"DROP INDEX {index.name}")
    yield
    for index in table.indexes:
        bare.connection.execute(str(CreateIndex(index).compile(dialect=dialect)))


def _insert(bare: Bare, write: Write, columns: Sequence[Maker], size: int) -> None:
    title, table, names = f"Filling {write.table.name}", write.table.name, ", ".join(write.values)
    numbers = progress(range(FIRST, FIRST + size), title, size)
    rows: Iterator[tuple[Any, ...]] = (tuple(make(number) for make in columns) for number in numbers)
    if bare.is_sqlite:
        marks = ", ".join("?" * len(columns))
        bare.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
        return
    with bare.connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    if "id" in write.values:
        bare.connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {FIRST + size})")


def _count(bare: Bare, size: int) -> None:
    words = f"UPDATE tallies SET total = total + {bare.mark} WHERE petition = {bare.mark} AND status = {bare.mark}"  # noqa: S608
    bare.connection.execute(words, (size, SLUG, SignatureStatus.COUNTED.value))


def settle(bare: Bare) -> None:
    """Run the maintenance that PostgreSQL does by itself when rows come one by one."""
    if bare.is_sqlite:
        return
    bare.connection.autocommit = True
    bare.connection.execute("VACUUM ANALYZE")
    bare.connection.execute("CHECKPOINT")


def _sync(place: Place) -> None:
    """To the disk now, not while something else is timed."""
    with Path(place.database.engine.url.database or "").open("rb") as file:
        os.fsync(file.fileno())

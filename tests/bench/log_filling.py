"""Fills a log at once: one real signature, multiplied by the database, and an entry for each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from bots.app.bootstrap import publisher_of
from core.log.checkpoint import Checkpoint
from core.log.log_entry import SALT_SIZE, Received, entry_bytes, hidden_receipt
from core.log.records import CheckpointRecord, LogState, LogTotals
from core.log.signed_note import SignerKey, sign_note
from core.log.tiles import Tile, TileHashes, appended, appended_bundles
from core.log.tree import leaf_hash, root_hash
from core.services.publishing import LogPublisher
from core.signatures.signature import SignatureStatus
from storage.connection import Connection
from storage.contexts import context_of
from storage.tables import LogLinkRow, SignatureRow, table
from storage.unit_of_work import SqlUnitOfWork
from tests.bench.filling import settle
from tests.bench.people import THREE, signs
from tests.bench.rounds import progress
from tests.bench.workbench import SLUG, Place
from tests.world import NOW

FIRST = 1000
"""The id of the first signature in the log."""

_SALT = bytes(SALT_SIZE)
_RECEIPT = "R-{}"
_WITH_PROOFS = 2000  # so many signatures have salts that open
_SPECIAL = {"id": "i", "number": "i", "receipt": "'R-' || i", "signer_id": "NULL", "changed_at": ":then"}
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"


@dataclass(frozen=True)
class FilledLog:
    """A place with a long log; `receipts` are those of some signatures that can be proven, `text` what they signed."""

    place: Place
    receipts: Sequence[str]
    text: str

    @property
    def publisher(self) -> LogPublisher:
        """The parts that publish there."""
        return publisher_of(self.place.services.settings, self.place.services.signing.work)


def fill_log(place: Place, size: int, title: str) -> FilledLog:
    """Give a new database so many signatures, whose signers were erased, and a log that has them in their order."""
    signs(place, THREE)
    with place.database.writing() as connection:
        text = connection.execute(sa.select(table(SignatureRow).c.digest)).scalar_one()
        _multiply(connection, size)
        _link(connection)
        chosen = random.Random(size).sample(range(size), min(size, _WITH_PROOFS))
        for entry in chosen:
            _seal(connection, place, entry)
        connection.commit()
    _publish(place, size, text, title)
    with place.bare() as bare:
        settle(bare)
    return FilledLog(place, [_RECEIPT.format(FIRST + entry) for entry in chosen], text)


def _multiply(connection: Connection, size: int) -> None:
    """Copy the only signature, and count the copies instead of it."""
    names = table(SignatureRow).c.keys()
    values = ", ".join(_SPECIAL.get(name, f"one.{name}") for name in names)
    insert = f"{_NUMBERS} INSERT INTO signatures ({', '.join(names)}) SELECT {values} FROM signatures AS one, n"  # noqa: S608
    then = sa.bindparam("then", NOW, type_=table(SignatureRow).c.changed_at.type)
    words = sa.text(insert).bindparams(then)
    connection.execute(words, {"first": FIRST, "last": FIRST + size - 1})
    connection.execute(sa.text("DELETE FROM signatures WHERE id < :first"), {"first": FIRST})
    words = sa.text("UPDATE tallies SET total = :size WHERE petition = :petition AND status = :status")
    connection.execute(words, {"size": size, "petition": SLUG, "status": SignatureStatus.COUNTED.value})
    if not connection.is_sqlite:
        last = {"last": FIRST + size}
        connection.execute(sa.text("SELECT setval(pg_get_serial_sequence('signatures', 'id'), :last)"), last)


def _link(connection: Connection) -> None:
    columns = table(SignatureRow).c
    rows = sa.select(
        columns.id, columns.petition, columns.id - FIRST, sa.literal(0), sa.literal(bytes(100))
    )  # fmt: skip
    names = ["signature_id", "petition", "entry", "classes", "sealed"]
    connection.execute(sa.insert(table(LogLinkRow)).from_select(names, rows))


def _seal(connection: Connection, place: Place, entry: int) -> None:
    context = context_of("log_links", {"signature_id": FIRST + entry})
    links, sealed = table(LogLinkRow), place.vault.seal_bytes(_SALT, *context, petition=SLUG)
    connection.execute(sa.update(links).where(links.c.signature_id == FIRST + entry).values(sealed=sealed))


@cache
def _around(text: str) -> tuple[bytes, bytes]:
    """The bytes before and after the hidden receipt of an entry."""
    before, _, after = entry_bytes(Received(text, "2" * 64)).partition(b"2" * 64)
    return before, after


def _publish(place: Place, size: int, text: str, title: str) -> None:
    """Store all entries, the log's state, and a checkpoint."""
    before, after = _around(text)
    entries = [
        before + hidden_receipt(_SALT, _RECEIPT.format(FIRST + entry)).encode() + after
        for entry in progress(range(size), f"Entries, {title}", size)
    ]
    tiles = appended(0, [leaf_hash(entry) for entry in entries], lambda _: b"")
    data = {(tile.level, tile.index): content for tile, content in tiles.items()}
    hashes = TileHashes(size, lambda tile: tile.cut(data[tile.level, tile.index]))
    publisher = publisher_of(place.services.settings, place.services.signing.work)
    origin, now, last = "bench.example", publisher.clock(), FIRST + size - 1
    note = sign_note(str(Checkpoint(origin, size, root_hash(size, hashes))), [SignerKey(origin, publisher.keys[0])])
    with SqlUnitOfWork(place.database, place.vault) as work:
        _append(work, tiles | appended_bundles(0, entries, lambda _: b""), title)
        work.log.save(LogState(SLUG, origin, now, size, LogTotals(received=size), last, now))
        work.log.publish(SLUG, CheckpointRecord(str(note), size, now))
        work.commit()


def _append(work: SqlUnitOfWork, tiles: dict[Tile, bytes], title: str) -> None:
    for tile, content in progress(tiles.items(), f"Tiles, {title}", len(tiles)):
        work.log.append(SLUG, {tile: content}, ())

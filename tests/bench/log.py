"""Benchmark of the public log: signing with and without it, and publishing and proving as it grows."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from statistics import median

import sqlalchemy as sa

from bots.app.bootstrap import publisher_of
from core.log.checkpoint import Checkpoint
from core.log.log_entry import Received, entry_bytes, hidden_receipt
from core.log.records import CheckpointRecord, LogState, LogTotals, NewLink
from core.log.signed_note import SignerKey, sign_note
from core.log.tiles import TileHashes, appended, appended_bundles
from core.log.tree import inclusion_proof, leaf_hash, root_hash
from core.services.publishing import LogPublisher
from storage.tables import SignatureRow, table
from storage.unit_of_work import SqlUnitOfWork
from tests.bench.filling import filled
from tests.bench.growth import AIM as GROWTH
from tests.bench.growth import sizes
from tests.bench.people import THREE, signs
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn, progress, seconds
from tests.bench.workbench import ENGINES, SLUG, Place, Workbench
from tests.world import NOW

AIM = Aim("at least 0.95", least=0.95)
NOTE = (
    "Signing: three actions a signature. All that the log adds to it is the index signatures_by_change, so the "
    "baseline is the same service on a database without it. Publishing: the time for a batch, with its checkpoint. A "
    "proof: link and path of one signature, and the checkpoint. Baseline of these: the same on a smaller log, in the "
    "same round."
)
_INDEX = "signatures_by_change"
_MANY = 50_000  # rows written at once


def run(bench: Workbench) -> None:
    """Measure and print."""
    figures = [figure for engine in ENGINES for figure in (_signing(bench, engine), *_growth(bench, engine))]
    show("The public log", figures, NOTE)


def _signing(bench: Workbench, engine: str) -> Figure:
    with_log, without = bench.place(engine, "log"), bench.place(engine, "log_without")
    with without.database.engine.begin() as connection:
        connection.execute(sa.text(f"DROP INDEX {_INDEX}"))
    rounds, people = (5, 40) if bench.quick else (9, 100)
    measures = [partial(_rate, place, people) for place in (with_log, without)]
    logged, plain = in_turn(f"{engine}, signing", rounds, measures)
    values = f"{logged.middle:,.0f}/s", "without", f"{plain.middle:,.0f}/s"
    return Figure(f"{engine}, signing", *values, logged.ratio_to(plain), AIM)


def _rate(place: Place, people: int) -> float:
    def loop() -> None:
        for _ in range(people):
            signs(place, THREE)

    return people / seconds(loop)


@dataclass(frozen=True)
class Filled:
    """A place whose log is as long as its list of signatures."""

    place: Place
    receipts: tuple[str, ...]

    @property
    def publisher(self) -> LogPublisher:
        """The parts that publish there."""
        return publisher_of(self.place.services.settings, self.place.services.signing.work)


def _growth(bench: Workbench, engine: str) -> Iterator[Figure]:
    logs = [_fill(filled(bench, engine, size), f"{engine}, {size}") for size in sizes(bench)]
    rounds = 5 if bench.quick else 9
    names = [
        f"{size // 1_000_000} million" if size >= 1_000_000 else f"{size // 1000} thousand" for size in sizes(bench)
    ]
    for title, measure in MEASURES.items():
        few, many = in_turn(f"{engine}, {title}", rounds, [partial(measure, log) for log in logs])
        values = f"{many.middle * 1e3:.2f} ms", names[0], f"{few.middle * 1e3:.2f} ms"
        yield Figure(f"{engine}, {names[1]}: {title}", *values, many.ratio_to(few), GROWTH)


def _publish(log: Filled) -> float:
    """Time a batch of a hundred signatures."""
    for _ in range(100):
        signs(log.place, THREE)
    publisher, petition = log.publisher, log.place.services.petitions[SLUG]
    took = seconds(lambda: publisher.publish(petition, at_once=True))
    if publisher.publish(petition, at_once=True):
        raise RuntimeError("the batch didn't have everything")
    return took


def _prove(log: Filled) -> float:
    """Time a proof: the median of many."""

    def prove(receipt: str) -> None:
        with log.place.services.queries.log() as logs:
            record, link = logs.checkpoint(SLUG), logs.link(receipt)
            if not record or not link:
                raise RuntimeError("the log has no proof")
            size = record.checkpoint.size
            inclusion_proof(link.entry, size, TileHashes(size, lambda tile: logs.tile(SLUG, tile) or b""))

    return median(seconds(partial(prove, receipt)) for receipt in random.Random(1).sample(log.receipts, 60))


def _checkpoint(log: Filled) -> float:
    """Time a checkpoint: the median of many."""

    def read() -> None:
        with log.place.services.queries.log() as logs:
            if not logs.checkpoint(SLUG):
                raise RuntimeError("the log has no checkpoint")

    return median(seconds(read) for _ in range(60))


MEASURES: Mapping[str, Callable[[Filled], float]] = {
    "publishing 100 signatures": _publish,
    "a proof": _prove,
    "the checkpoint": _checkpoint,
}


@cache
def _entry_parts() -> tuple[bytes, bytes, bytes]:
    """The bytes around the two hashes of a received entry; each entry has the same."""
    sample = entry_bytes(Received("1" * 64, "2" * 64))
    before, _, rest = sample.partition(b"2" * 64)
    middle, _, after = rest.partition(b"1" * 64)
    return before, middle, after


def _fill(place: Place, title: str) -> Filled:
    """Give a database a log of all its signatures at once, as if one batch had published them in their order."""
    columns, (before, middle, after) = table(SignatureRow).c, _entry_parts()
    with place.database.writing() as connection:  # they were signed long before the next batch
        connection.execute(sa.update(table(SignatureRow)).values(changed_at=NOW))
        connection.commit()
    with place.database.reading() as connection:
        rows = connection.execute(sa.select(columns.id, columns.receipt, columns.digest).order_by(columns.id)).all()
    entries, links = list[bytes](), list[NewLink]()
    for entry, row in enumerate(progress(rows, f"Entries, {title}", len(rows))):
        salt = os.urandom(32)
        entries.append(before + hidden_receipt(salt, row.receipt).encode() + middle + row.digest.encode() + after)
        links.append(NewLink(row.id, entry, salt))
    _store(place, entries, links)
    return Filled(place, tuple(row.receipt for row in rows))


def _store(place: Place, entries: list[bytes], links: list[NewLink]) -> None:
    publisher, size = publisher_of(place.services.settings, place.services.signing.work), len(entries)
    tiles = appended(0, [leaf_hash(entry) for entry in entries], lambda _: b"")
    data = {(tile.level, tile.index): content for tile, content in tiles.items()}
    hashes = TileHashes(size, lambda tile: tile.cut(data[tile.level, tile.index]))
    origin, now = "bench.example", publisher.clock()
    note = sign_note(str(Checkpoint(origin, size, root_hash(size, hashes))), [SignerKey(origin, publisher.keys[0])])
    with SqlUnitOfWork(place.database, place.vault) as work:
        work.log.append(SLUG, tiles | appended_bundles(0, entries, lambda _: b""), ())
        for start in progress(range(0, size, _MANY), "Links", -(-size // _MANY)):
            work.log.append(SLUG, {}, links[start : start + _MANY])
        totals = LogTotals(received=size)
        work.log.save(LogState(SLUG, origin, now, size, totals, max(link.signature for link in links), now))
        work.log.publish(SLUG, CheckpointRecord(str(note), size, now))
        work.commit()

"""Benchmark of the public log: signing with and without it, and publishing and proving as it grows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from statistics import median

import sqlalchemy as sa

from core.log.proving import make_proof
from tests.bench.growth import AIM as GROWTH
from tests.bench.growth import sizes
from tests.bench.log_filling import FilledLog, fill_log
from tests.bench.people import THREE, signs
from tests.bench.processor import processor_seconds
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import Series, in_turn, seconds
from tests.bench.workbench import ENGINES, SLUG, Place, Workbench

AIM = Aim("at least 0.95", least=0.95)
NOTE = (
    "Ratios are of processor time, in this process and in PostgreSQL's for it, which other programs on the machine "
    "don't change; waiting for the disk isn't in it. Beside it, the time on the clock. Signing: three actions a "
    "signature. All that the log adds to it is the index signatures_by_change, so the baseline is the same service on "
    "a database without it. Publishing: a batch of 100, with its checkpoint. A proof: the file, with link, path, and "
    "checkpoint. Baseline of these: the same on a smaller log, in the same round."
)
_INDEX = "signatures_by_change"
_MANY = 200  # proofs and checkpoints in a measurement
Act = Callable[[], object]


def run(bench: Workbench) -> None:
    """Measure and print."""
    figures = [figure for engine in ENGINES for figure in (_signing(bench, engine), *_growth(bench, engine))]
    show("The public log", figures, NOTE)


@dataclass
class Timed:
    """Something done `number` times, again and again: its processor time, and beside it the time on the clock.

    `prepare` gives what is measured.
    """

    place: Place
    prepare: Callable[[], Act]
    number: int = 1
    clock: list[float] = field(default_factory=list)

    def measure(self) -> float:
        """The processor time of each, in seconds."""
        act = self.prepare()
        used = processor_seconds(self.place, lambda: self.clock.append(seconds(act) / self.number))
        return used / self.number

    def words(self, series: Series) -> str:
        """Both times, for people."""
        return f"{series.middle * 1e3:.2f} ms ({median(self.clock) * 1e3:.2f} on the clock)"


def _signing(bench: Workbench, engine: str) -> Figure:
    with_log, without = bench.place(engine, "log"), bench.place(engine, "log_without")
    with without.database.engine.begin() as connection:
        connection.execute(sa.text(f"DROP INDEX {_INDEX}"))
    rounds, people = (9, 40) if bench.quick else (15, 100)
    logged, plain = (Timed(place, lambda place=place: partial(_sign, place, people), people)  # type: ignore[misc]
                     for place in (with_log, without))  # fmt: skip
    ours, other = in_turn(f"{engine}, signing", rounds, [logged.measure, plain.measure])
    return Figure(
        f"{engine}, signing", logged.words(ours), "without", plain.words(other), other.ratio_to(ours), AIM
    )  # fmt: skip


def _sign(place: Place, people: int) -> None:
    for _ in range(people):
        signs(place, THREE)


def _growth(bench: Workbench, engine: str) -> Iterator[Figure]:
    logs = [fill_log(bench.place(engine, f"log_{size}"), size, f"{engine}, {size}") for size in sizes(bench)]
    rounds = 9 if bench.quick else 15
    names = [
        f"{size // 1_000_000} million" if size >= 1_000_000 else f"{size // 1000} thousand" for size in sizes(bench)
    ]
    for title, prepare in MEASURES.items():
        number = 1 if prepare is _publish else _MANY
        small, large = (Timed(log.place, partial(prepare, log), number) for log in logs)
        few, many = in_turn(f"{engine}, {title}", rounds, [small.measure, large.measure])
        ratio = many.ratio_to(few)
        yield Figure(f"{engine}, {names[1]}: {title}", large.words(many), names[0], small.words(few), ratio, GROWTH)


def _publish(log: FilledLog) -> Act:
    """Publish a batch of a hundred signatures."""
    _sign(log.place, 100)
    publisher, petition = log.publisher, log.place.services.petitions[SLUG]

    def publish() -> None:
        if not publisher.publish(petition, at_once=True):
            raise RuntimeError("nothing was published")

    return publish


def _prove(log: FilledLog) -> Act:
    """Make the proofs of people whose signatures are spread over the log."""
    chosen = random.choices(log.receipts, k=_MANY)

    def prove() -> None:
        for receipt in chosen:
            with log.place.services.queries.log() as logs:
                if not str(make_proof(logs, SLUG, receipt, log.text) or ""):
                    raise RuntimeError("the log has no proof")

    return prove


def _checkpoint(log: FilledLog) -> Act:
    """Read the checkpoint."""

    def read() -> None:
        for _ in range(_MANY):
            with log.place.services.queries.log() as logs:
                if not logs.checkpoint(SLUG):
                    raise RuntimeError("the log has no checkpoint")

    return read


MEASURES: Mapping[str, Callable[[FilledLog], Act]] = {
    "publishing 100 signatures": _publish,
    "a proof": _prove,
    "the checkpoint": _checkpoint,
}

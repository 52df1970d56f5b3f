"""Signings a second through the whole service, beside the driver alone writing the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count

from core.conversation.state import Event, Open
from tests.bench.people import FIVE, THREE, newcomer, signs
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import Series, in_turn, seconds
from tests.bench.rows import Write, record, replay
from tests.bench.workbench import ENGINES, POSTGRESQL, SLUG, SQLITE, Bare, Place, Workbench
from tests.world import OFF

AIMS = {SQLITE: Aim("at least 0.4", least=0.4), POSTGRESQL: Aim("at least 0.5", least=0.5)}
SHARED_AIM = Aim("at least 0.7", least=0.7)
THREADS = 8
SHARED = 32  # calls of a crowd that are one commit on SQLite
_numbers = count(1_000_000)  # of the people whose rows the driver writes
NOTE = (
    "Baseline: sqlite3 or psycopg with the product's connection settings, writing the rows that each of the service's "
    "transactions was seen to write (same sizes, same tables and indexes, each row once) with plain prepared "
    "statements, one transaction a service call; it reads, checks and seals nothing."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    figures = [figure for engine in ENGINES for figure in _of_engine(bench, engine)]
    show("Signings a second", figures, NOTE)


def _of_engine(bench: Workbench, engine: str) -> Iterator[Figure]:
    place, other = bench.place(engine, "signing"), bench.place(engine, "signing_bare")
    signs(other, FIVE)  # its tally has a row from here on, as the product's has
    rounds, people = (3, 30) if bench.quick else (7, 60)
    for events in (FIVE, THREE):
        yield _against_bare(place, other, events, rounds, people)
    if engine == SQLITE:
        yield _shared(place, other, rounds, people)
    yield _signals(place, rounds, people)
    yield _threads(place, rounds, people)


def _against_bare(place: Place, other: Place, events: Sequence[Event], rounds: int, people: int) -> Figure:
    title = f"{place.engine}, {len(events)} actions a signature"
    rate = partial(_service_rate, place, events, people)
    service, plain = _beside_bare(title, (place, other), events, rate, (rounds, people))
    driver = "sqlite3" if place.engine == SQLITE else "psycopg"
    figures = _rate(service.middle), f"{driver} alone", _rate(plain.middle)
    return Figure(title, *figures, service.ratio_to(plain), AIMS[place.engine])


def _shared(place: Place, other: Place, rounds: int, people: int) -> Figure:
    """As the surfaces run a crowd's calls: each by itself, and all of them one commit."""
    title = f"{place.engine}, {SHARED} calls a commit"
    service, plain = _beside_bare(title, (place, other), FIVE, partial(_shared_rate, place), (rounds, people))
    figures = _rate(service.middle), "sqlite3 alone, one call a commit", _rate(plain.middle)
    return Figure(title, *figures, service.ratio_to(plain), SHARED_AIM)


def _beside_bare(
    title: str, places: tuple[Place, Place], events: Sequence[Event], rate: Callable[[], float], size: tuple[int, int]
) -> list[Series]:
    """Rounds of the service on one database, in turn with rounds of the driver on another."""
    (place, other), (rounds, people) = places, size
    recorded = _recorded(place, events)
    with other.bare() as bare:
        return in_turn(title, rounds, (rate, partial(_bare_rate, bare, recorded, people)))


def _recorded(place: Place, events: Sequence[Event]) -> list[list[Write]]:
    """Statements of one signature: the second, because the first also inserts the tally."""
    signs(place, events)
    signer = newcomer("" if len(events) == len(FIVE) else "Ada Lovelace")
    return record(place, [partial(place.services.signing.handle, signer, event, SLUG) for event in events])


def _service_rate(place: Place, events: Sequence[Event], people: int) -> float:
    def loop() -> None:
        for _ in range(people):
            signs(place, events)

    return people / seconds(loop)


def _shared_rate(place: Place) -> float:
    crowd = [newcomer() for _ in range(SHARED)]

    def loop() -> None:
        for event in FIVE:
            with place.database.together():
                for signer in crowd:
                    place.services.signing.handle(signer, event, SLUG)

    return SHARED / seconds(loop)


def _bare_rate(bare: Bare, recorded: Sequence[Sequence[Write]], people: int) -> float:
    """The statements are made beforehand, so that only the driver and the database are timed."""
    transactions = [transaction for _ in range(people) for transaction in replay(recorded, next(_numbers), bare.mark)]

    def loop() -> None:
        for statements in transactions:
            bare.transaction(statements)

    return people / seconds(loop)


def _signals(place: Place, rounds: int, people: int) -> Figure:
    """Cost of checking a signature for quarantine when every signature comes from one community."""
    title = f"{place.engine}, judged by all signals"
    events = (Open("g0123456789ab"), *FIVE[1:])
    calm = replace(place.services, signing=replace(place.services.signing, thresholds=OFF))
    judged, unjudged = in_turn(
        title, rounds,
        (
            partial(_service_rate, place, events, people),
            partial(_service_rate, replace(place, services=calm), events, people),
        ),
    )  # fmt: skip
    return Figure(title, _rate(judged.middle), "by none", _rate(unjudged.middle), judged.ratio_to(unjudged))


def _threads(place: Place, rounds: int, people: int) -> Figure:
    title = f"{place.engine}, {THREADS} threads at once"
    with ThreadPoolExecutor(THREADS) as pool:
        many, single = in_turn(
            title, rounds, (partial(_threaded_rate, place, pool, people), partial(_service_rate, place, FIVE, people))
        )
    return Figure(title, _rate(many.middle), "one thread", _rate(single.middle), many.ratio_to(single))


def _threaded_rate(place: Place, pool: ThreadPoolExecutor, people: int) -> float:
    return people / seconds(lambda: list(pool.map(lambda _: signs(place, FIVE), range(people))))


def _rate(number: float) -> str:
    return f"{number:,.0f}/s"

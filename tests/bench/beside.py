"""Signers' latency while a million people's data is sealed again, or erased, beside the same without that."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from statistics import median, quantiles

from pydantic import SecretStr

from bots.app.bootstrap import build
from core.conversation.state import Open
from storage.retention import SqlPersonalData, erase_idle_accounts
from storage.sealed_rows import reseal
from storage.vault import SHORTEST_KEY, Vault
from tests.bench.filling import filled, multiply
from tests.bench.people import FIVE, newcomer
from tests.bench.report import Figure, show
from tests.bench.rounds import seconds
from tests.bench.workbench import CROWD, ENGINES, SLUG, Place, Workbench

SIZE, QUICK_SIZE = 1_000_000, 20_000
_SIGNING = "signed-meanwhile"
"""The petition that people sign, since nobody signs one whose data is erased."""
_LATER = dt.timedelta(days=3650)
NOTE = (
    "One thread signs another petition, call by call, while a second thread of the same process works through the rows "
    "of all these people. Baseline: the same calls just before, on the same database. Erasures of accounts are of "
    "people who only opened the petition."
)


@dataclass(frozen=True)
class Latency:
    """The seconds of single calls: the middle one, and the one that 99 of 100 don't exceed."""

    middle: float
    slow: float

    @classmethod
    def of(cls, times: Sequence[float]) -> Latency:
        """Of at least two calls."""
        return cls(median(times), quantiles(times, n=100, method="inclusive")[98])


def run(bench: Workbench) -> None:
    """Measure and print."""
    size = QUICK_SIZE if bench.quick else SIZE
    with _petition_to_sign(bench):
        figures = [figure for engine in ENGINES for figure in _of_engine(bench, engine, size)]
    show("Signing while the data of many is sealed again or erased", figures, NOTE)


@contextmanager
def _petition_to_sign(bench: Workbench) -> Iterator[None]:
    folder = bench.petitions / _SIGNING
    shutil.copytree(bench.petitions / SLUG, folder)
    try:
        yield
    finally:
        shutil.rmtree(folder)


def _of_engine(bench: Workbench, engine: str, size: int) -> Iterator[Figure]:
    with _with_newer_key(filled(bench, engine, size)) as place:
        data = SqlPersonalData(place.database, place.vault)
        yield from _figures(bench, place, f"sealing {size:,} again", lambda: list(reseal(place.database, place.vault)))
        yield from _figures(bench, place, f"erasing a petition of {size:,}", partial(data.erase, SLUG))
    opened, later = _opened(bench, engine, size), dt.datetime.now(dt.UTC) + _LATER
    erase = partial(erase_idle_accounts, opened.database, opened.vault, later)
    yield from _figures(bench, opened, f"erasing {size:,} accounts", erase)


def _opened(bench: Workbench, engine: str, size: int) -> Place:
    """A database with so many people who only opened the petition."""
    place = bench.place(engine, f"opened_{size}")
    multiply(place, newcomer(), (Open(),), size)
    return place


def _figures(bench: Workbench, place: Place, name: str, act: Callable[[], object]) -> Iterator[Figure]:
    alone = Latency.of(list(_signing(place, 20 if bench.quick else 200)))
    beside, took = _beside(place, act)
    title = f"{place.engine}, {name} ({took:.0f} s)"
    yield _figure(f"{title}: median", beside.middle, alone.middle)
    yield _figure(f"{title}: 99th percentile", beside.slow, alone.slow)


@contextmanager
def _with_newer_key(place: Place) -> Iterator[Place]:
    """The same place after the installation's key was replaced."""
    key = (place.folder / "secret.key").read_text("ascii").strip()
    keys = ["n" * SHORTEST_KEY, key]
    settings = place.services.settings.model_copy(update={"secret_key": SecretStr(",".join(keys))})
    with closing(build(settings, CROWD)) as services:
        yield replace(place, services=services, vault=Vault(keys, settings.petition_keys))


def _beside(place: Place, act: Callable[[], object]) -> tuple[Latency, float]:
    """The latency of signers while something is done, and the seconds that it takes."""
    times = list[float]()
    with ThreadPoolExecutor(1) as pool:
        working: Future[float] = pool.submit(seconds, act)
        while not working.done() or len(times) < len(FIVE):
            times += _signing(place, 1)
    return Latency.of(times), working.result()


def _signing(place: Place, people: int) -> Iterator[float]:
    """Let newcomers sign; the seconds of each call."""
    for _ in range(people):
        signer = newcomer()
        for event in FIVE:
            begun = time.perf_counter()
            place.services.signing.handle(signer, event, _SIGNING)
            yield time.perf_counter() - begun


def _figure(name: str, beside: float, alone: float) -> Figure:
    return Figure(name, f"{beside * 1e3:.1f} ms", "without it", f"{alone * 1e3:.1f} ms", beside / alone)

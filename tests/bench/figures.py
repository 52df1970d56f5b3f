"""Benchmark of organizers' figures with a hundred times as many signatures."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from bots.app.bootstrap import now
from core.conversation import funnel
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.signatures.breakdowns import OWN_LINKS, Facet
from core.signatures.parts import ALL_PARTS, PARTS
from core.signatures.signature import SignatureStatus, Signer
from storage.tables import FacetRow, HistoryRow, StepRow, table
from tests.bench.filling import filled
from tests.bench.growth import AIM, sizes
from tests.bench.people import PLATFORM
from tests.bench.report import Figure, show
from tests.bench.rounds import in_turn, seconds
from tests.bench.workbench import ENGINES, SLUG, Place, Workbench

DAYS = 30
CALLS = 9  # in one round
STEPS = (
    funnel.OPENED, funnel.REVIEW, funnel.SIGNED, funnel.PENDING, funnel.TEXT, *map(funnel.question_step, "abcd"),
)  # fmt: skip
ORGANIZER = Signer(PLATFORM, "organizer")
ASKED = (
    "count", f"stats {SLUG} 7d", f"stats {SLUG} all", f"stats {SLUG} all regions", f"stats {SLUG} all links",
    f"stats {SLUG} all kinds", f"stats {SLUG} steps", f"chart {SLUG} all", f"chart {SLUG} all source",
)  # fmt: skip
NOTE = (
    f"Both databases hold signatures of {DAYS} days, from 3 platforms, 2 languages, 50 regions and 40 links. Times are "
    "medians of single calls. Baseline: the same command in the same round where fewer have signed."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    show("Time of an organizer's command as the petition grows", list(_figures(bench)), NOTE)


def _figures(bench: Workbench) -> Iterator[Figure]:
    small, large = sizes(bench)
    for engine in ENGINES:
        services = [_organizing(filled(bench, engine, size), size) for size in (small, large)]
        for line in ASKED:
            few, many = in_turn(
                f"{engine}: /{line}", 7 if bench.quick else 15, [partial(_time, service, line) for service in services]
            )
            title = f"{engine}, {large:,}: /{line.replace(f'{SLUG} ', '')}"
            yield Figure(title, _ms(many.middle), f"{small:,}", _ms(few.middle), many.ratio_to(few), AIM)


def _organizing(place: Place, size: int) -> OrganizerService:
    """An organizer's place at a database whose kept counts are those of so many signatures."""
    with place.database.writing() as connection:
        for row, rows in _kept(size).items():
            connection.execute(sa.delete(table(row)))
            connection.execute(sa.insert(table(row)), rows)
        connection.commit()
        if not place.database.is_sqlite:
            connection.execute(sa.text("ANALYZE"))
            connection.commit()
    _count_regions(place, size)
    return OrganizerService(place.services.signing, frozenset({(ORGANIZER.platform, ORGANIZER.user_id)}))


def _count_regions(place: Place, size: int) -> None:
    """Count the regions through the repository, which seals them: so many signatures, spread over the days."""
    chance, today = random.Random(size), now().date()
    regions = Counter((today - dt.timedelta(days=chance.randrange(DAYS)), chance.randrange(50)) for _ in range(size))
    with place.services.signing.work() as work:
        for (day, number), count in regions.items():
            work.breakdowns.count(SLUG, day, {Facet.REGION: f"US-{number:02d}"}, count)
        work.commit()


def _time(organizing: OrganizerService, line: str) -> float:
    name, _, argument = line.partition(" ")
    if organizing.run(ORGANIZER, CommandLine(name, argument)) is None:
        raise RuntimeError(f"the service did not answer what is measured: {line}")
    return median(seconds(lambda: organizing.run(ORGANIZER, CommandLine(name, argument))) for _ in range(CALLS))


HISTORY_KEYS = ("petition", "hour", "platform", "locale", "part", "status", "total")


def _kept(size: int) -> Mapping[type[SQLModel], Sequence[Mapping[str, Any]]]:
    """The rows of the kept counts after so many signatures, spread by chance over the days."""
    chance, present = random.Random(size), now().replace(minute=0, second=0, microsecond=0)
    history, facets = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
    labels = ["", OWN_LINKS, *(f"label{number}" for number in range(20)), *(f"g{n:012x}" for n in range(20))]
    for _ in range(size):
        hour = present - dt.timedelta(hours=chance.randrange(DAYS * 24))
        part = chance.choice(ALL_PARTS)
        history[hour, chance.choice(("telegram", "discord", "terminal")), chance.choice(("en", "es")), part] += 1
        facets[Facet.LABEL, hour.date(), chance.choice(labels), part] += 1
        facets[Facet.VERSION, hour.date(), chance.choice(("a" * 64, "b" * 64)), part] += 1
    return {
        HistoryRow: [
            dict(zip(HISTORY_KEYS, (SLUG, *key, SignatureStatus.COUNTED.value, total), strict=True))
            for key, total in history.items()
        ],
        FacetRow: [
            {"petition": SLUG, "facet": facet.value, "day": day, "value": value, "part": part, "change": change}
            for (facet, day, value, part), change in facets.items()
        ],
        StepRow: [
            {"petition": SLUG, "step": step, "part": part, "total": size // PARTS}
            for step in STEPS
            for part in ALL_PARTS
        ],
    }


def _ms(number: float) -> str:
    return f"{number * 1e3:.2f} ms"

"""The repository of core/signatures/breakdowns.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.signatures.breakdowns import Facet
from storage.statements import per_dialect
from storage.tables import FacetRow, StepRow, table

SHARDS = 16
_BEGINNING = dt.date(1970, 1, 1)
_FACETS, _STEPS = table(FacetRow), table(StepRow)
_COUNT = per_dialect(
    _FACETS,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["petition", "facet", "day", "value"],
        set_={"change": _FACETS.c.change + insert.excluded.change},
    ),
)
_MOVE = per_dialect(
    _STEPS,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["petition", "step", "shard"], set_={"total": _STEPS.c.total + insert.excluded.total}
    ),
)
_SUM = sa.func.sum(_FACETS.c.change)
_OF_FACET = sa.and_(
    _FACETS.c.petition == sa.bindparam("slug"),
    _FACETS.c.facet == sa.bindparam("wanted"),
    _FACETS.c.day >= sa.bindparam("since"),
)
_BY_VALUE = (
    sa.select(_FACETS.c.value, _SUM)
    .where(_OF_FACET)
    .group_by(_FACETS.c.value)
    .having(_SUM != 0)
    .order_by(_SUM.desc(), _FACETS.c.value)
)
_BY_DAY = (
    sa.select(_FACETS.c.day, _FACETS.c.value, _FACETS.c.change)
    .where(_OF_FACET, _FACETS.c.value.in_(sa.bindparam("these", expanding=True)))
    .order_by(_FACETS.c.day, _FACETS.c.value)
)
_REACHED = (
    sa.select(_STEPS.c.step, sa.func.sum(_STEPS.c.total))
    .where(_STEPS.c.petition == sa.bindparam("slug"))
    .group_by(_STEPS.c.step)
)


class SqlBreakdowns:
    """core.signatures.breakdowns.Breakdowns."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def count(self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int) -> None:
        """Change the counts of a day (UTC)."""
        rows = [
            {"petition": petition, "facet": facet.value, "day": day, "value": value, "change": change}
            for facet, value in values.items()
        ]
        self._connection.execute(_COUNT.on(self._connection), rows)

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        """The values of a facet with their counts since a day, the most first; those that came to nothing left out."""
        wanted = {"slug": petition, "wanted": facet.value, "since": since or _BEGINNING}
        return tuple((value, int(total)) for value, total in self._connection.execute(_BY_VALUE, wanted))

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        """How the counts of these values changed day by day since a day, oldest first."""
        wanted: dict[str, Any] = {"slug": petition, "wanted": facet.value, "since": since or _BEGINNING}
        return tuple(tuple(row) for row in self._connection.execute(_BY_DAY, wanted | {"these": list(values)}))

    def move(self, petition: str, person: int, steps: Mapping[str, int]) -> None:
        """Change how many conversations came to these steps; always in one order, so that none waits in a circle."""
        rows = [
            {"petition": petition, "step": step, "shard": person % SHARDS, "total": change}
            for step, change in sorted(steps.items())
        ]
        if rows:
            self._connection.execute(_MOVE.on(self._connection), rows)

    def steps(self, petition: str) -> Mapping[str, int]:
        """How many conversations came to each step."""
        return {step: int(total) for step, total in self._connection.execute(_REACHED, {"slug": petition})}

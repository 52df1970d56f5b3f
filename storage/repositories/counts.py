"""The repositories of stored counts: tallies and breakdowns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from core.ports import HourlyChange
from core.signatures.breakdowns import Facet
from core.signatures.signature import SignatureStatus, Tally
from storage.repositories.base import Repository
from storage.statements import counts as sql

SHARDS = 16
"""Rows that a step's count is spread over, so that conversations seldom wait for each other."""
_FIRST_DAY = dt.date(1970, 1, 1)
_FIRST_HOUR = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class SqlTallies(Repository):
    """See core.ports.Tallies."""

    def add(self, petition: str, status: SignatureStatus, change: int) -> int:
        return int(self._run(sql.COUNT, petition=petition, status=status.value, total=change).scalar_one())

    def of(self, petition: str) -> Tally:
        return Tally({SignatureStatus(row.status): row.total for row in self._run(sql.TALLY, slug=petition)})

    def credit(self, petition: str, label: str, change: int) -> None:
        self._run(sql.CREDIT, petition=petition, label=label, total=change)

    def credited(self, petition: str, label: str) -> int:
        return int(self._run(sql.CREDITED, slug=petition, source=label).scalar() or 0)

    def add_hourly(self, petition: str, what: HourlyChange) -> None:
        self._run(
            sql.ADD_HOURLY, petition=petition, hour=what.hour, platform=what.platform,
            locale=what.locale, change=what.change,
        )  # fmt: skip

    def history(self, petition: str, since: dt.datetime | None) -> tuple[HourlyChange, ...]:
        rows = self._run(sql.HISTORY, slug=petition, since=_hour(since))
        return tuple(HourlyChange(row.hour, row.platform, row.locale, row.change) for row in rows)

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, int], ...]:
        rows = self._run(sql.HOURS, slug=petition, since=_hour(since))
        return tuple((row.hour, int(row.total)) for row in rows)

    def kinds(self, petition: str, since: dt.datetime | None) -> tuple[tuple[str, str, int], ...]:
        rows = self._run(sql.KINDS, slug=petition, since=_hour(since))
        return tuple((row.platform, row.locale, int(row.total)) for row in rows)


class SqlBreakdowns(Repository):
    """See core.signatures.breakdowns.Breakdowns."""

    def count(self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int) -> None:
        rows = [
            {"petition": petition, "facet": facet.value, "day": day, "value": value, "change": change}
            for facet, value in values.items()
        ]
        self._run_each(sql.COUNT_FACET, rows)

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        rows = self._run(sql.BY_VALUE, slug=petition, wanted=facet.value, since=since or _FIRST_DAY)
        return tuple((value, int(total)) for value, total in rows)

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        rows = self._run(
            sql.BY_DAY, slug=petition, wanted=facet.value, since=since or _FIRST_DAY, values=list(values)
        )  # fmt: skip
        return tuple(tuple(row) for row in rows)

    def move(self, petition: str, person: int, steps: Mapping[str, int]) -> None:
        rows = [
            {"petition": petition, "step": step, "shard": person % SHARDS, "total": change}
            for step, change in sorted(steps.items())  # in one order, against deadlocks
        ]
        if rows:
            self._run_each(sql.COUNT_STEP, rows)

    def steps(self, petition: str) -> Mapping[str, int]:
        return {step: int(total) for step, total in self._run(sql.STEPS, slug=petition)}


def _hour(since: dt.datetime | None) -> dt.datetime:
    return since.replace(minute=0, second=0, microsecond=0) if since else _FIRST_HOUR

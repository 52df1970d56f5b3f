"""The repositories of stored counts: tallies and breakdowns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.signatures.breakdowns import Facet, HourlyCount, Step
from core.signatures.parts import FIRST_PART, part_of
from core.signatures.signature import SignatureStatus, Tally
from storage import mappers
from storage.repositories.arrivals import read_locked
from storage.repositories.base import SealingRepository
from storage.statements import counts as sql

_FIRST_DAY = dt.date(1970, 1, 1)
_FIRST_HOUR = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class SqlTallies(SealingRepository):
    """See core.ports.Tallies."""

    def lock(self, petition: str, parts: Iterable[int], mailboxes: Sequence[str] = ()) -> int:
        if not self._connection.is_sqlite:  # where a transaction that writes has the only lock
            counted = SignatureStatus.COUNTED.value
            rows = [{"petition": petition, "status": counted, "part": part, "total": 0} for part in parts]
            self._run_each(sql.COUNT, rows)
        # Only a new statement sees what others committed while the first one waited.
        return read_locked(self._connection, petition, mailboxes, self._vault)

    def add(self, petition: str, status: SignatureStatus, change: int, part: int = FIRST_PART) -> None:
        self._run(sql.COUNT, petition=petition, status=status.value, part=part, total=change)

    def of(self, petition: str) -> Tally:
        rows: Iterable[Sequence[Any]] | None = self._connection.ahead.take("tallies", petition)
        if rows is None:
            rows = self._run(sql.TALLY, slug=petition)
        return Tally({SignatureStatus(status): int(total) for status, total in rows})

    def credit(self, petition: str, label: str, change: int, part: int = FIRST_PART) -> None:
        source = mappers.stored_label(label, self._vault)
        self._run(sql.CREDIT, petition=petition, label=source, part=part, total=change)

    def credited(self, petition: str, label: str) -> int:
        source = mappers.stored_label(label, self._vault)
        return int(self._run(sql.CREDITED, slug=petition, source=source).scalar_one())

    def add_hourly(self, petition: str, what: HourlyCount, part: int = FIRST_PART) -> None:
        self._run(
            sql.ADD_HOURLY, petition=petition, hour=what.hour, platform=what.platform,
            locale=what.locale, status=what.status.value, part=part, total=what.count,
        )  # fmt: skip

    def history(self, petition: str, since: dt.datetime | None) -> tuple[HourlyCount, ...]:
        rows = self._run(sql.HISTORY, slug=petition, since=since or _FIRST_HOUR)
        return tuple(
            HourlyCount(row.hour, row.platform, row.locale, SignatureStatus(row.status), int(row.total)) for row in rows
        )

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, Tally], ...]:
        totals: dict[dt.datetime, dict[SignatureStatus, int]] = {}
        for row in self._run(sql.HOURS, slug=petition, since=since or _FIRST_HOUR):
            totals.setdefault(row.hour, {})[SignatureStatus(row.status)] = int(row.total)
        return tuple((hour, Tally(statuses)) for hour, statuses in totals.items())

    def kinds(self, petition: str, since: dt.datetime | None) -> tuple[tuple[str, str, int], ...]:
        rows = self._run(sql.KINDS, slug=petition, since=since or _FIRST_HOUR)
        return tuple((row.platform, row.locale, int(row.total)) for row in rows)


class SqlBreakdowns(SealingRepository):
    """See core.signatures.breakdowns.Breakdowns."""

    def count(
        self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int, part: int = FIRST_PART
    ) -> None:
        stored = {facet: self._stored(petition, facet, day, value) for facet, value in values.items()}
        rows = [
            {"petition": petition, "facet": facet.value, "day": day, "value": value, "part": part, "change": change}
            for facet, value in stored.items()
        ]
        self._run_each(sql.COUNT_FACET, rows)

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        if facet is Facet.REGION:
            return self._regions(petition, since)
        rows = self._run(sql.BY_VALUE, slug=petition, wanted=facet.value, since=since or _FIRST_DAY)
        return tuple((value, int(total)) for value, total in rows)

    def _regions(self, petition: str, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        """Open each day's regions, and add them up: without the key, no two days are comparable."""
        totals = Counter[str]()
        for day, veiled, change in self._run(sql.REGIONS, slug=petition, since=since or _FIRST_DAY):
            totals[self._vault.unveil(veiled, *_context(petition, day))] += int(change)
        counts = ((region, total) for region, total in totals.items() if total)
        return tuple(sorted(counts, key=lambda count: (-count[1], count[0])))

    def _stored(self, petition: str, facet: Facet, day: dt.date, value: str) -> str:
        return self._vault.veil(value, *_context(petition, day)) if facet is Facet.REGION else value

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        rows = self._run(
            sql.BY_DAY, slug=petition, wanted=facet.value, since=since or _FIRST_DAY, values=list(values)
        )  # fmt: skip
        return tuple((day, value, int(change)) for day, value, change in rows)

    def move(self, petition: str, person: int, steps: Mapping[Step, int]) -> None:
        rows = [
            {"petition": petition, "label": label, "step": step, "part": part_of(person), "total": change}
            for (label, step), change in sorted(steps.items())  # in one order, against deadlocks
        ]
        if rows:
            self._run_each(sql.COUNT_STEP, rows)

    def steps(self, petition: str) -> Mapping[str, int]:
        return {step: int(total) for step, total in self._run(sql.STEPS, slug=petition)}

    def steps_by_link(self, petition: str) -> Mapping[str, Mapping[str, int]]:
        links: dict[str, dict[str, int]] = {}
        for label, step, total in self._run(sql.STEPS_BY_LINK, slug=petition):
            links.setdefault(label, {})[step] = int(total)
        return links


def _context(petition: str, day: dt.date) -> tuple[str, ...]:
    return Facet.REGION.value, petition, day.isoformat()

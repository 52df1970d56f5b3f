"""The repository of trends. Names are sealed for their day, so no two days are comparable without the key."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from core.signatures.origins import Origin, OriginKind
from core.signatures.parts import FIRST_PART
from core.signatures.trends import FEWEST, MOST, TrendCounts
from storage.mappers import stored_label
from storage.repositories.base import SealingRepository
from storage.statements import counts as sql
from storage.veil import Veil


class SqlTrends(SealingRepository):
    """See core.signatures.trends.Trends."""

    def count(
        self, petition: str, hour: dt.datetime, origins: Sequence[Origin], change: int, part: int = FIRST_PART
    ) -> None:
        if not origins:
            return
        veil = self._vault.petition_veil(petition)
        keys = [(origin.kind, self._veiled(veil, petition, origin, _day(hour))) for origin in origins]
        rows = [
            {"petition": petition, "kind": kind.value, "hour": hour, "value": value, "part": part, "total": change}
            for kind, value in keys
        ]
        self._run_each(sql.COUNT_TREND, rows)
        if change < 0:
            gone = [{"slug": petition, "wanted": kind.value, "at": hour, "veiled": value} for kind, value in keys]
            self._run_each(sql.FORGET_TREND, gone)

    def read(self, petition: str, kind: OriginKind, start: dt.datetime, first: dt.datetime) -> TrendCounts:
        veil = self._vault.find_petition_veil(petition)
        if veil is None:
            return TrendCounts()
        asked = {"slug": petition, "wanted": kind.value}
        now = Counter[str]()
        for row in self._run(sql.FREQUENT, **asked, first=start, fewest=FEWEST, most=MOST):
            now[veil.open(row.value, *_context(petition, kind, _day(row.hour)))] += int(row.total)
        before = self._within(veil, petition, [Origin(kind, name) for name in now], first, start)
        every = self._run(sql.OF_ALL, **asked, first=first, start=start).one()
        return TrendCounts(now, before, int(every.now), int(every.before), every.hour)

    def _within(
        self, veil: Veil, petition: str, origins: Sequence[Origin], first: dt.datetime, until: dt.datetime
    ) -> Counter[str]:
        """The signatures that these origins of one kind brought in a time; nothing else is opened."""
        names = {
            self._veiled(veil, petition, origin, day): origin.name for origin in origins for day in _days(first, until)
        }
        totals = Counter[str]()
        if names:
            asked = {"slug": petition, "wanted": origins[0].kind.value, "first": first, "until": until}
            for row in self._run(sql.OF_VALUES, **asked, values=list(names)):
                totals[names[row.value]] += int(row.total)
        return totals

    def total(self, petition: str, origin: Origin, first: dt.datetime, until: dt.datetime) -> int:
        veil = self._vault.find_petition_veil(petition)
        return self._within(veil, petition, [origin], first, until).total() if veil else 0

    def _veiled(self, veil: Veil, petition: str, origin: Origin, day: dt.date) -> str:
        name = stored_label(origin.name, self._vault) if origin.kind is OriginKind.LABEL else origin.name
        return veil.seal(name, *_context(petition, origin.kind, day))


def _context(petition: str, kind: OriginKind, day: dt.date) -> tuple[str, ...]:
    return "trends.value", petition, kind.value, day.isoformat()


def _day(hour: dt.datetime) -> dt.date:
    return hour.astimezone(dt.UTC).date()


def _days(first: dt.datetime, until: dt.datetime) -> Iterator[dt.date]:
    span = (_day(until) - _day(first)).days
    return (_day(first) + dt.timedelta(days=number) for number in range(span + 1))

"""Lists and trends in memory: core.signatures.origins.Lists and core.signatures.trends.Trends."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict
from core.signatures.parts import FIRST_PART
from core.signatures.trends import FEWEST, MOST, TrendCounts
from tests.memory_reviews import pseudonym

TrendTotals: TypeAlias = "Counter[tuple[str, dt.datetime, Origin]]"


def _stored(origin: Origin) -> Origin:
    return replace(origin, name=pseudonym(origin.name)) if origin.kind is OriginKind.LABEL else origin


@dataclass
class MemoryLists:
    """core.signatures.origins.Lists."""

    listed: dict[Origin, ListedOrigin]

    def put(self, listed: ListedOrigin) -> None:
        origin = _stored(listed.origin)
        self.listed[origin] = replace(listed, origin=origin)

    def remove(self, origin: Origin) -> bool:
        return self.listed.pop(_stored(origin), None) is not None

    def all(self) -> tuple[ListedOrigin, ...]:
        return tuple(sorted(self.listed.values(), key=lambda listed: listed.since, reverse=True))

    def verdicts(self, origins: Sequence[Origin]) -> Mapping[Origin, Verdict]:
        return {origin: self.listed[_stored(origin)].verdict for origin in origins if _stored(origin) in self.listed}


@dataclass
class MemoryTrends:
    """core.signatures.trends.Trends."""

    totals: TrendTotals

    def count(
        self, petition: str, hour: dt.datetime, origins: Sequence[Origin], change: int, part: int = FIRST_PART
    ) -> None:
        for key in [(petition, hour, _stored(origin)) for origin in origins]:
            if change > 0 or key in self.totals:
                self.totals[key] += change
            if self.totals[key] <= 0:
                del self.totals[key]

    def read(self, petition: str, kind: OriginKind, start: dt.datetime, first: dt.datetime) -> TrendCounts:
        rows = [
            (hour, origin.name, total)
            for (slug, hour, origin), total in self.totals.items()
            if (slug, origin.kind) == (petition, kind) and hour >= first
        ]
        days, before = Counter[tuple[dt.date, str]](), Counter[str]()
        for hour, name, total in rows:
            if hour >= start:
                days[hour.astimezone(dt.UTC).date(), name] += total
            else:
                before[name] += total
        now = Counter[str]()
        for (_, name), total in days.most_common(MOST):
            now[name] += total if total >= FEWEST else 0
        return TrendCounts(
            +now, {name: before[name] for name in +now if before[name]}, days.total(), before.total(),
            min((hour for hour, _, _ in rows), default=None),
        )  # fmt: skip

    def total(self, petition: str, origin: Origin, first: dt.datetime, until: dt.datetime) -> int:
        origin = _stored(origin)
        return sum(
            total for (slug, hour, one), total in self.totals.items()
            if (slug, one) == (petition, origin) and first <= hour < until
        )  # fmt: skip

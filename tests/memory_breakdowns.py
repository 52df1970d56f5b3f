"""core.signatures.breakdowns.Breakdowns in memory."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from core.signatures.breakdowns import Facet, Step
from core.signatures.parts import FIRST_PART

Facets: TypeAlias = "Counter[tuple[str, Facet, dt.date, str]]"
Steps: TypeAlias = "Counter[tuple[str, Step]]"


@dataclass
class MemoryBreakdowns:
    """core.signatures.breakdowns.Breakdowns."""

    facets: Facets
    reached: Steps

    def count(
        self, petition: str, day: dt.date, values: Mapping[Facet, str], change: int, part: int = FIRST_PART
    ) -> None:
        for facet, value in values.items():
            self.facets[petition, facet, day, value] += change

    def by_value(self, petition: str, facet: Facet, since: dt.date | None) -> tuple[tuple[str, int], ...]:
        totals = Counter[str]()
        for (slug, kind, day, value), change in self.facets.items():
            if (slug, kind) == (petition, facet) and (since is None or day >= since):
                totals[value] += change
        counts = [(value, total) for value, total in totals.items() if total]
        return tuple(sorted(counts, key=lambda count: (-count[1], count[0])))

    def by_day(
        self, petition: str, facet: Facet, values: Sequence[str], since: dt.date | None
    ) -> tuple[tuple[dt.date, str, int], ...]:
        return tuple(
            (day, value, change)
            for (slug, kind, day, value), change in sorted(self.facets.items())
            if (slug, kind) == (petition, facet) and value in values and (since is None or day >= since)
        )

    def move(self, petition: str, person: int, steps: Mapping[Step, int]) -> None:
        for step, change in steps.items():
            self.reached[petition, step] += change

    def steps(self, petition: str) -> Mapping[str, int]:
        totals = Counter[str]()
        for (slug, (_, step)), total in self.reached.items():
            totals.update({step: total} if slug == petition else {})
        return totals

    def steps_by_link(self, petition: str) -> Mapping[str, Mapping[str, int]]:
        links: dict[str, dict[str, int]] = {}
        for (slug, (label, step)), total in self.reached.items():
            if slug == petition and total:
                links.setdefault(label, {})[step] = total
        return links

"""The report: how long people waited after each kind of kill, and every check with what it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.cluster.kills import Kind
from tests.cluster.waits import Wait, longest
from tests.soak.report import first_findings, show_numbers, widen


@dataclass(frozen=True)
class Kill:
    """A kill, and the moments when it happened and when the cluster was whole again."""

    kind: Kind
    at: float
    whole_at: float

    def told(self, waits: Sequence[Wait], ways: Sequence[str]) -> str:
        """The kill in words, and the longest wait of anyone in each way."""
        gaps = ", ".join(f"{longest(waits, way, self.at, self.whole_at):.1f} s through {way}" for way in ways)
        return f"{self.kind}: whole after {self.whole_at - self.at:.1f} s; people waited up to {gaps}"


@dataclass(frozen=True)
class Report:
    """Numbers by what was done, the waits of people, and the findings by check; each check must have none.

    `ways` are the ways to the database; `wanted` is the number of kills that were planned.
    """

    again: str
    done: Mapping[str, int]
    wanted: int
    kills: Sequence[Kill]
    ways: Sequence[str]
    waits: Sequence[Wait]
    findings: Mapping[str, Sequence[str]]

    @property
    def passed(self) -> bool:
        """Return true if every kill was made, people signed, and no check found anything."""
        return len(self.kills) == self.wanted and all(self.done.values()) and not any(self.findings.values())

    def gaps(self, kind: Kind, way: str) -> list[float]:
        """For each kill of a kind, the longest wait of anyone in a way, in seconds."""
        periods = [(kill.at, kill.whole_at) for kill in self.kills if kill.kind is kind]
        return [longest(self.waits, way, *period) for period in periods]

    @property
    def quiet(self) -> list[float]:
        """The seconds of waits that no kill touched."""
        periods = [(kill.at, kill.whole_at) for kill in self.kills]
        return [
            each.seconds
            for each in self.waits
            if not any(each.begun < ended and each.ended > begun for begun, ended in periods)
        ]

    def show(self, console: Console) -> None:
        """Print the tables, and the first findings of each check."""
        widen(console)
        console.print(self._gap_table())
        show_numbers(console, {**self.done, "kills": len(self.kills)}, self.findings)
        for line in self._details():
            console.print(line, markup=False, highlight=False)

    def _gap_table(self) -> Table:
        table = Table(title="Longest wait of anyone after a kill, in seconds: median / longest", title_justify="left")
        table.add_column("killed")
        table.add_column("kills", justify="right")
        for way in self.ways:
            table.add_column(way, justify="right")
        for kind in Kind:
            gaps = [self.gaps(kind, way) for way in self.ways]
            table.add_row(kind, str(len(gaps[0])), *map(_figures, gaps))
        return table

    def _details(self) -> Iterator[str]:
        if self.quiet:
            yield f"Without a kill, people waited {median(self.quiet):.2f} s (median of {len(self.quiet):,} taps)."
        yield from first_findings(self.findings)
        yield ("Nothing was lost." if self.passed else "The cluster failed.") + f" To run it again: {self.again}"


def _figures(gaps: Sequence[float]) -> str:
    return f"{median(gaps):.1f} / {max(gaps):.1f}" if gaps else "-"

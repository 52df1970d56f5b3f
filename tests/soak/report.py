"""The report: what the soak did, and every check with what it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.soak.checks import Judgement
    from tests.soak.run import Soak

FULL_DISKS, RECEIVED = "full disks", "announcements received"
SHOWN = 10  # findings of each check
NARROWEST = 120  # columns; a piped table is not folded


@dataclass(frozen=True)
class Report:
    """Numbers by what was done, and findings by check; each check must have none.

    A soak that lacks an ingredient, a number of 0 in `done`, proves nothing. `reported` are the announcements that are
    reported as doubtful or failed; `again` is the command that repeats the soak.
    """

    again: str
    done: Mapping[str, int]
    reported: int
    findings: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, soak: Soak, judgement: Judgement) -> Self:
        """Report on a soak that has ended."""
        watch = soak.watch
        done = {
            **soak.ingredients,
            **soak.passing.done,
            RECEIVED: judgement.received,
            "lines logged": watch.lines,
            "looks at /metrics and /readyz": watch.scrapes,
        }
        findings = {
            **judgement.found,
            "people not served after the trouble": soak.unserved,
            "processes not ready after the trouble": soak.unready,
            "unhandled exceptions": watch.tracebacks,
            "processes that ended by themselves": watch.ended,
            "broken web pages": soak.crowd.odd_pages,
            "personal data in logs and metrics": watch.leaks,
            **soak.passing.found,
        }
        return cls(soak.plan.again, done, judgement.reported, findings)

    @property
    def missing(self) -> list[str]:
        """Ingredients that never happened."""
        return [name for name, number in self.done.items() if not number]

    @property
    def passed(self) -> bool:
        """Return true if no check found anything, and no ingredient is missing."""
        return not self.missing and not any(self.findings.values())

    @property
    def verdict(self) -> str:
        """The result in a sentence."""
        if any(self.findings.values()):
            return "The soak found faults."
        if self.missing:
            return f"The soak proved nothing, because there were none of these: {', '.join(self.missing)}."
        return "Nothing was lost."

    def show(self, console: Console) -> None:
        """Print both tables, and the first findings of each check."""
        widen(console)
        done = {**self.done, "announcements reported as doubtful or failed": self.reported}
        show_numbers(console, done, self.findings)
        for line in self._details():
            console.print(line, markup=False, highlight=False)
        console.print(f"{self.verdict} To run it again: {self.again}", markup=False, highlight=False)

    def _details(self) -> Iterator[str]:
        if FULL_DISKS not in self.done:
            yield "No disk was really full: only root may mount a small one."
        yield from first_findings(self.findings)


def widen(console: Console) -> None:
    """Give a pipe or a file wide lines, so that no table is folded."""
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST)


def show_numbers(console: Console, done: Mapping[str, int], findings: Mapping[str, Sequence[str]]) -> None:
    """Print what was done, and how much each check found."""
    for title, rows in (("Done", done), ("Found", {name: len(what) for name, what in findings.items()})):
        table = Table(title=title, title_justify="left", show_header=False)
        table.add_column()
        table.add_column(justify="right")
        for name, number in rows.items():
            table.add_row(name, f"{number:,}")
        console.print(table)


def first_findings(findings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A line for each of the first findings of a check."""
    for name, found in findings.items():
        yield from (f"{name}: {what}" for what in found[:SHOWN])

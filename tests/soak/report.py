"""The report: what the soak did, and every check with what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.soak.checks import Checks
    from tests.soak.run import Soak

SHOWN = 10  # findings of each check
NARROWEST = 120  # columns; a piped table is not folded


@dataclass(frozen=True)
class Report:
    """Numbers by what was done, and findings by check; each check must have none."""

    seed: int
    done: Mapping[str, int]
    findings: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, soak: Soak, checks: Checks, differences: Sequence[str]) -> Self:
        """Report on a soak that has ended."""
        watch = soak.watch
        done = {
            **dict(sorted(soak.crowd.served.items())),
            **dict(sorted(soak.organizer.done.items())),
            "recipients reported as doubtful or failed": checks.reported(),
            **dict(sorted(soak.trouble.made.items())),
            "lines logged": watch.lines,
            "looks at /metrics and /readyz": watch.scrapes,
        }
        findings = {
            "confirmed signatures lost": list(checks.lost()),
            "signatures duplicated": list(checks.duplicated()),
            "withdrawals and erasures undone": list(checks.revived()),
            "people not served after the trouble": soak.unserved,
            "announcements sent twice": list(checks.sent_twice()),
            "announcements neither delivered nor reported": list(checks.unreported()),
            "kept counts that differ from a recount": differences,
            "unhandled exceptions": watch.tracebacks,
            "processes that ended by themselves": watch.ended,
            "broken web pages": soak.crowd.odd_pages,
            "personal data in logs and metrics": watch.leaks,
        }
        return cls(soak.plan.seed, done, findings)

    @property
    def passed(self) -> bool:
        """Return true if no check found anything."""
        return not any(self.findings.values())

    def show(self, console: Console) -> None:
        """Print both tables, and the first findings of each check."""
        if not console.is_terminal:
            console.width = max(console.width, NARROWEST)
        for title, rows in (
            ("Done", self.done),
            ("Found", {name: len(found) for name, found in self.findings.items()}),
        ):
            table = Table(title=title, title_justify="left", show_header=False)
            table.add_column()
            table.add_column(justify="right")
            for name, number in rows.items():
                table.add_row(name, f"{number:,}")
            console.print(table)
        for name, found in self.findings.items():
            for what in found[:SHOWN]:
                console.print(f"{name}: {what}", markup=False, highlight=False)
        verdict = "Nothing was lost." if self.passed else "The soak found faults."
        console.print(f"{verdict} The seed was {self.seed}.", highlight=False)

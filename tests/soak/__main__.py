"""Soak the whole product in random trouble: `python -m tests.soak [--minutes 60] [--seed N] [--database sqlite]`."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.kept_folder import kept_or
from tests.soak import run
from tests.soak.databases import DATABASES, open_folder
from tests.soak.signers import Wish

EVERY = 60.0  # seconds between two lines where no bar can be shown


def main() -> int:
    """Return 1 if a check found anything, or the soak proved nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="Length of the trouble (default: 60).")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="Seed of all that is random.")
    parser.add_argument("--people", type=int, default=12, help="People who sign at any time (default: 12).")
    parser.add_argument("--database", choices=list(DATABASES), default="postgresql", help="Default: postgresql.")
    parser.add_argument("--folder", type=Path, help="Keep the logs in this folder, which must not exist yet.")
    arguments = parser.parse_args()
    plan = run.Plan(arguments.minutes * 60, arguments.seed, arguments.people, database=arguments.database)
    print(f"Soaking: {plan.again}", file=sys.stderr, flush=True)
    with kept_or(arguments.folder, open_folder) as folder, _bar(plan) as on_progress:
        report = asyncio.run(run.soak(folder, plan, on_progress))
    report.show(Console())
    return 0 if report.passed else 1


@contextmanager
def _bar(plan: run.Plan) -> Iterator[run.Progress]:
    """A bar on standard error, or a line every minute if that is not a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task, said = progress.add_task("soaking", total=plan.seconds), 0.0

        def on_progress(passed: float, done: Mapping[str, int]) -> None:
            nonlocal said
            progress.update(task, completed=passed, description=_summary(done))
            if not console.is_terminal and passed >= said + EVERY:
                said = passed
                console.print(f"{passed / 60:.0f} min: {_summary(done)}", markup=False, highlight=False, soft_wrap=True)

        yield on_progress


def _summary(done: Mapping[str, int]) -> str:
    signed = sum(number for name, number in done.items() if name.startswith(Wish.SIGN))
    missing = [name for name, number in done.items() if not number]
    return f"{signed:,} signed" + (f"; to come: {', '.join(missing)}" if missing else "")


if __name__ == "__main__":
    sys.exit(main())

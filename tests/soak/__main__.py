"""Soak the whole product in random trouble: `python -m tests.soak [--minutes 60] [--seed N] [--people 12]`."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from tests.postgres import PostgresServer
from tests.soak.run import Plan, soak


def main() -> int:
    """Return 1 if a check found anything."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="Length of the trouble (default: 60).")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="Seed of all that is random.")
    parser.add_argument("--people", type=int, default=12, help="People who sign at any time (default: 12).")
    parser.add_argument("--folder", type=Path, help="Keep the logs in this folder, which must not exist yet.")
    arguments = parser.parse_args()
    plan = Plan(arguments.minutes * 60, arguments.seed, arguments.people)
    print(f"Soaking for {arguments.minutes:g} minutes with --seed {plan.seed} ...", file=sys.stderr, flush=True)
    with PostgresServer(durable=False) as postgres, _folder(arguments.folder) as folder, _bar(plan) as on_progress:
        report = asyncio.run(soak(postgres, folder, plan, on_progress))
    report.show(Console())
    return 0 if report.passed else 1


@contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    if wanted:
        wanted.mkdir(parents=True)
        yield wanted.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        yield Path(name)


@contextmanager
def _bar(plan: Plan) -> Iterator[Callable[[float], None]]:
    """A bar on standard error, if that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("soaking"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=plan.seconds)
        yield lambda passed: progress.update(task, completed=passed)


if __name__ == "__main__":
    sys.exit(main())

"""Kill machines of a database cluster while people sign: `python -m tests.cluster [--kills 50] [--seed N] [--ttl 8]`.

It runs etcd, three Patroni with PostgreSQL, HAProxy, and PgBouncer from Debian's packages, with the configuration in
deploy/cluster, and real processes of Undersign that reach the database in three ways: HAProxy, PgBouncer, and an
address with several hosts. At the end, no signature that the bot confirmed to people may be lost or doubled, and every
count must equal a recount. The table shows how long people waited. `python -m tests.tools --install cluster` installs
the packages.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.cluster import run
from tests.cluster.kills import Kind
from tests.cluster.leftovers import open_folder
from tests.kept_folder import kept_or
from tests.soak.signers import Wish
from tests.temporary import prefer_memory
from tests.tools.debian import TOOLS


def main() -> int:
    """Return 1 if anything was lost, doubled, or counted wrong, and 2 if a package is missing."""
    arguments = _parser().parse_args()
    if not TOOLS["cluster"].find():
        print(f"Install the packages first: apt-get install {TOOLS['cluster'].packages}", file=sys.stderr)
        return 2
    prefer_memory()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell sets to nothing in the background
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # so that it cleans up, as on Ctrl-C
    only = tuple(Kind[name.upper()] for name in arguments.only or []) or tuple(Kind)
    plan = run.Plan(arguments.kills, arguments.seed, arguments.people, arguments.ttl, arguments.orphans, only)
    print(f"Killing: {plan.again}", file=sys.stderr, flush=True)
    with kept_or(arguments.folder, open_folder) as folder, _bar(plan) as on_progress:
        try:
            report = asyncio.run(run.run(folder, plan, on_progress))
        except KeyboardInterrupt:
            print("Interrupted; nothing is left running.", file=sys.stderr)
            return 130
    report.show(Console())
    return 0 if report.passed else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.cluster", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--kills", type=int, default=50, help="Number of kills (default: 50); each takes about 20 seconds.")
    add("--seed", type=int, default=secrets.randbelow(1_000_000), help="Seed of all that is random.")
    add("--people", type=int, default=3, help="People who sign at any time in each of the three ways (default: 3).")
    add(
        "--ttl", type=int,
        help="Patroni's ttl in seconds. Default: that of deploy/cluster. Patroni 3.1 and newer take at least 20.",
    )  # fmt: skip
    names = [kind.name.lower() for kind in Kind]
    add("--only", action="append", choices=names, help="Kill only this, and what else you name so. Default: all.")
    add(
        "--orphans", action="store_true",
        help="Let PostgreSQL outlive its Patroni, as without a container, until another one is the primary.",
    )  # fmt: skip
    add("--folder", type=Path, help="Keep the logs in this folder, which must not exist yet.")
    return parser


@contextmanager
def _bar(plan: run.Plan) -> Iterator[Callable[[int, Mapping[str, int], str], None]]:
    """A bar on standard error, or a line after each kill if that is not a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("starting the cluster", total=plan.kills)

        def on_progress(kills: int, served: Mapping[str, int], last: str) -> None:
            words = f"{served[Wish.SIGN]:,} signed; last kill: {last}"
            progress.update(task, completed=kills, description=words)
            if not console.is_terminal:
                console.print(f"{kills} of {plan.kills}: {words}", markup=False, highlight=False, soft_wrap=True)

        yield on_progress


if __name__ == "__main__":
    sys.exit(main())

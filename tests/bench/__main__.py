"""`python -m tests.bench [--quick] [NAME ...]`: runs the benchmarks, and prints their tables."""

from __future__ import annotations

import argparse
import time

from tests.bench import (
    announce,
    beside,
    export,
    figures,
    growth,
    log,
    moving,
    papers,
    parts,
    report,
    signing,
    start,
    tiles,
    web,
)
from tests.bench.bigday import benchmark as bigday
from tests.bench.discord import benchmark as discord
from tests.bench.telegram import benchmark as telegram
from tests.bench.workbench import Workbench, say

BENCHMARKS = {
    "signing": signing.run, "growth": growth.run, "figures": figures.run, "export": export.run, "start": start.run,
    "papers": papers.run, "telegram": telegram.run, "discord": discord.run, "bigday": bigday.run,
    "web": web.run, "log": log.run, "tiles": tiles.run, "parts": parts.run, "moving": moving.run,
    "announce": announce.run, "beside": beside.run,  # last: they change the databases that others fill
}  # fmt: skip


def main() -> None:
    """Run what was asked for, in the order of the list."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Benchmarks of Undersign.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}")
    print(report.machine(), flush=True)
    begun = time.perf_counter()
    with Workbench(quick=arguments.quick) as bench:
        for name, run in BENCHMARKS.items():
            if not arguments.names or name in arguments.names:
                say(f"{name} ...")
                run(bench)
    print(f"Measured in {time.perf_counter() - begun:.0f} s.")


if __name__ == "__main__":
    main()

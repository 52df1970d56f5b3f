"""`python -m tests.mutation`: breaks the product in random places, and prints the breaks that no test noticed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.mutation.copies import ROOT
from tests.mutation.measuring import KEPT, measure
from tests.mutation.places import Place
from tests.mutation.sampling import modules, sample
from tests.mutation.trials import Result, Trials, append, load


def main() -> None:
    """Measure, try and report."""
    arguments = _arguments()
    console = Console()
    sources = modules(ROOT, arguments.only)
    places = sample(sources, arguments.count, arguments.seed)
    console.print("Finding out which tests execute which lines (again only when a source has changed) ...")
    nearest = measure(arguments.jobs, arguments.tests)
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    done = {
        (result.module, result.diff): result
        for result in load(arguments.results)
        if not result.survived or result.sources == nearest.sources  # a new test may notice what survived before
    }
    keys = [(place.module, place.diff(sources[place.module])) for place in places]
    left = [place for place, key in zip(places, keys, strict=True) if key not in done]
    for result in _tried(Trials(sources, nearest, arguments.jobs, arguments.timeout), left, console):
        append(arguments.results, result)
        done[result.module, result.diff] = result
    _report(console, [done[key] for key in keys])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--seed", type=int, default=13, help="another seed chooses other places (default: 13)")
    parser.add_argument("--count", type=int, default=100, help="number of places (default: 100)")
    parser.add_argument("--only", default="", metavar="PATH", help="a module or a folder of the product (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="test runs at once (default: one a core)")
    parser.add_argument("--timeout", type=float, default=180, metavar="SECONDS", help="for one mutant (default: 180)")
    parser.add_argument("--tests", nargs="*", default=["tests"], metavar="PATH", help="tests to use (default: all)")
    parser.add_argument(
        "--results", type=Path, default=KEPT / "results.jsonl", metavar="FILE",
        help="results so far; a run goes on from them (default: .mutation/results.jsonl)",
    )  # fmt: skip
    return parser.parse_args()


def _tried(trials: Trials, places: list[Place], console: Console) -> Iterator[Result]:
    """The results one by one, with a progress bar that counts survivors."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as bar:
        task, survived = bar.add_task("0 survived", total=len(places)), 0
        for result in trials.run(places):
            survived += result.survived
            bar.update(task, advance=1, description=f"{survived} survived")
            yield result


def _report(console: Console, results: list[Result]) -> None:
    survivors = [result for result in results if result.survived]
    for result in sorted(survivors, key=lambda result: (result.module, result.line)):
        console.rule(
            f"{result.module}:{result.line} {result.operator}, {result.outcome} ({result.tests} tests)", align="left"
        )
        console.print(result.diff, markup=False, highlight=False)
    console.print(f"{len(results)} mutants, {len(survivors)} survived.")


if __name__ == "__main__":
    main()

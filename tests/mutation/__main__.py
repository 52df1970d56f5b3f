"""`python -m tests.mutation`: breaks the product in random places, and prints the breaks that no test noticed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.mutation.copies import ROOT
from tests.mutation.likely import Likely
from tests.mutation.measuring import KEPT, digest, measure
from tests.mutation.places import Place
from tests.mutation.sampling import modules, sample
from tests.mutation.trials import TIMED_OUT, Chooser, Result, Trials, append, load


def main() -> None:
    """Measure, try and report."""
    arguments = _arguments()
    console = Console()
    sources = modules(ROOT, arguments.only)
    places = sample(sources, arguments.count, arguments.seed)
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    run = _Run(arguments, console, sources, places)
    console.print("Trying the likeliest test files ...")
    run.over(Likely(digest(arguments.tests)))
    if not arguments.quick and any(result.survived for result in run.results()):
        console.print("Finding out which tests execute which lines (again only when a source has changed) ...")
        run.over(measure(arguments.jobs, arguments.tests))
    _report(console, run.results())


class _Run:
    """The places, and the results so far, which are kept in a file."""

    def __init__(
        self, arguments: argparse.Namespace, console: Console, sources: dict[str, str], places: list[Place]
    ) -> None:
        self._arguments, self._console, self._sources, self._places = arguments, console, sources, places
        self._done = {(result.module, result.diff): result for result in load(arguments.results)}

    def results(self) -> list[Result]:
        """The newest result of each place."""
        return [result for place in self._places if (result := self._result(place))]

    def over(self, chooser: Chooser) -> None:
        """Try the places that no test has noticed yet, except those that survived the same choice of tests."""
        left = [place for place in self._places if self._is_open(place, chooser)]
        trials = Trials(self._sources, chooser, self._arguments.jobs, self._arguments.timeout)
        for result in _tried(trials, left, self._console):
            append(self._arguments.results, result)
            self._done[result.module, result.diff] = result

    def _is_open(self, place: Place, chooser: Chooser) -> bool:
        """True until a test notices it; a new test may notice what survived before."""
        result = self._result(place)
        return result is None or (result.survived and not chooser.has_tried(result.sources))

    def _result(self, place: Place) -> Result | None:
        return self._done.get((place.module, place.diff(self._sources[place.module])))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--seed", type=int, default=13, help="another seed chooses other places (default: 13)")
    parser.add_argument("--count", type=int, default=100, help="number of places (default: 100)")
    parser.add_argument("--only", default="", metavar="PATH", help="a module or a folder of the product (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="test runs at once (default: one a core)")
    parser.add_argument("--quick", action="store_true", help="try the likeliest test files only, and measure nothing")
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
    timed_out = sum(result.outcome == TIMED_OUT for result in results)
    console.print(f"{len(results)} mutants, {len(survivors)} survived, {timed_out} timed out.")


if __name__ == "__main__":
    main()

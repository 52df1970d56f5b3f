"""Tries mutants: each on a copy of the tree, with the tests that are nearest to it."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import pytest

from tests.mutation.copies import copy_tree, environment, pytest_command
from tests.mutation.places import Place

KILLED, SURVIVED, UNTESTED, TIMED_OUT = "killed", "survived", "untested", "timed out"
_OUTCOMES: Mapping[int, str] = {pytest.ExitCode.OK: SURVIVED, pytest.ExitCode.NO_TESTS_COLLECTED: UNTESTED}


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one mutant. A test run that does not end in time has noticed it too; an untested one survived.

    `tests` is how many tests were run, `sources` the digest of the product and its tests.
    """

    module: str
    line: int
    operator: str
    outcome: str
    tests: int
    sources: str
    diff: str

    @property
    def survived(self) -> bool:
        """True if no test noticed."""
        return self.outcome in {SURVIVED, UNTESTED}


class Chooser(Protocol):
    """Chooses tests for a place, from what is known of the sources with the digest `sources`."""

    sources: str

    def of(self, place: Place) -> list[str]:
        """The tests, the likeliest to fail first."""

    def has_tried(self, sources: str) -> bool:
        """Tell if what survived with this digest has survived these tests."""


class Trials:
    """Copies of the tree, one for each of `jobs` at a time, and the mutants to try; `seconds` is the time for each."""

    def __init__(self, sources: dict[str, str], chooser: Chooser, jobs: int, seconds: float) -> None:
        self._sources, self._chooser, self._jobs, self._seconds = sources, chooser, jobs, seconds

    def run(self, places: list[Place]) -> Iterator[Result]:
        """The results, in the order in which they come."""
        with ExitStack() as stack:
            copies: queue.Queue[Path] = queue.Queue()
            for _ in range(self._jobs):
                folder = tempfile.TemporaryDirectory(prefix="mutation-", ignore_cleanup_errors=True)
                copies.put(copy_tree(Path(stack.enter_context(folder)).resolve()))
            pool = stack.enter_context(ThreadPoolExecutor(self._jobs))
            waiting = [pool.submit(self._try, place, copies) for place in places]
            try:
                for trial in as_completed(waiting):
                    yield trial.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _try(self, place: Place, copies: queue.Queue[Path]) -> Result:
        source, tests = self._sources[place.module], self._chooser.of(place)
        copy = copies.get()
        try:
            (copy / place.module).write_text(place.breaks(source), encoding="utf-8")
            outcome = self._outcome(copy, tests) if tests else UNTESTED
        finally:
            (copy / place.module).write_text(source, encoding="utf-8")
            copies.put(copy)
        digest, diff = self._chooser.sources, place.diff(source)
        return Result(place.module, place.lines[0], place.operator, outcome, len(tests), digest, diff)

    def _outcome(self, copy: Path, tests: list[str]) -> str:
        command = pytest_command("-x", "-n", "0", "--tb=no", "--no-header", *tests)
        with subprocess.Popen(
            command, cwd=copy, env=environment(copy), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as running:  # fmt: skip
            try:
                return _OUTCOMES.get(running.wait(self._seconds), KILLED)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                return TIMED_OUT


def load(file: Path) -> list[Result]:
    """The results that an earlier run wrote."""
    if not file.exists():
        return []
    return [Result(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def append(file: Path, result: Result) -> None:
    """Write one result down, so that a later run goes on from here."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(result)) + "\n")

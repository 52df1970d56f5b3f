"""Learns once which tests execute which lines, in processes that tests start too; kept until a source changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path

import coverage
import pytest

from tests.mutation.contexts import DURATIONS, FAILED
from tests.mutation.copies import ROOT, copy_tree, environment, pytest_command
from tests.mutation.imports import imports, name_of, path_of
from tests.mutation.places import Place
from tests.mutation.sampling import PACKAGES

KEPT = ROOT / ".mutation"
LONGEST = 90.0  # seconds of tests for one mutant, as they were measured; the nearest tests are taken first
_FARTHEST = 3  # steps from a module without tests to those that import it
_CONFIG = """\
[run]
source = {packages}
data_file = {folder}/coverage-data
parallel = true
sigterm = true
core = ctrace
patch = _exit
"""
# Every Python that starts with the copy on its path runs this, and so does every fork of one; `contexts` writes down
# the test under way.
_START = """\
import os
from pathlib import Path
import coverage
_here = Path(__file__).parent
_file = _here / f".test-{os.getppid()}"

def _measure():
    if before := coverage.Coverage.current():
        before.stop()
    test = _file.read_text() if _file.exists() else None
    coverage.Coverage(config_file=str(_here / ".measured"), context=test, auto_data=True).start()

_measure()
os.register_at_fork(after_in_child=_measure)
"""


def measure(jobs: int, tests: Iterable[str]) -> Nearest:
    """Knowledge from a whole test run on a copy: of today's sources if there is any, else of a new run."""
    kept = KEPT / digest(tests)
    if not (kept / "place").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        with tempfile.TemporaryDirectory(prefix="mutation-", ignore_cleanup_errors=True) as folder:
            copy = copy_tree(Path(folder).resolve())
            _run(copy, jobs, tests)
            whole = coverage.Coverage(data_file=str(kept / "contexts"), config_file=False)
            whole.combine([str(path) for path in copy.glob("coverage-data*")], strict=True)
            whole.save()
            shutil.copy2(copy / FAILED, kept / FAILED)
            shutil.copy2(copy / DURATIONS, kept / DURATIONS)
            (kept / "place").write_text(str(copy), encoding="utf-8")
    data = coverage.CoverageData(str(kept / "contexts"))
    data.read()
    failed = {_function(test) for test in (kept / FAILED).read_text(encoding="utf-8").splitlines()}
    durations: defaultdict[str, float] = defaultdict(float)
    for line in (kept / DURATIONS).read_text(encoding="utf-8").splitlines():
        seconds, _, test = line.partition("\t")
        durations[_function(test)] += float(seconds)
    return Nearest(Path((kept / "place").read_text(encoding="utf-8")), data, failed, durations, kept.name)


def _run(copy: Path, jobs: int, tests: Iterable[str]) -> None:
    config = _CONFIG.format(packages=",".join(f"{copy}/{package}" for package in PACKAGES), folder=copy)
    (copy / ".measured").write_text(config, encoding="utf-8")
    (copy / FAILED).touch()
    (copy / "sitecustomize.py").write_text(_START, encoding="utf-8")
    command = pytest_command("-p", "tests.mutation.contexts", "-n", str(jobs), "--tb=no", *tests)
    ended = subprocess.run(command, cwd=copy, env=environment(copy), check=False)
    if ended.returncode not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        raise SystemExit("The tests could not be run; without them no mutant can be tried.")


def digest(tests: Iterable[str]) -> str:
    """A name for all sources, and for the tests that were asked for."""
    hashed = hashlib.sha256(" ".join(sorted(tests)).encode())
    for package in (*PACKAGES, "tests"):
        for path in sorted((ROOT / package).rglob("*.py")):
            hashed.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


class Nearest:
    """Chooses the tests for a place: those that execute it, the nearest first.

    Among equally near tests, short ones come first. A line that runs at import belongs to no test, or to the few that
    start a process; then those are meant too that execute anything inside the module or inside one that imports it.
    Tests in `failed` are left out. `durations` are in seconds.
    `sources` is the digest of the sources that were measured.
    """

    def __init__(
        self, copy: Path, data: coverage.CoverageData, failed: set[str], durations: Mapping[str, float], sources: str
    ) -> None:
        self.sources = sources
        self._copy, self._data, self._failed, self._durations = copy, data, failed | {""}, durations

    def of(self, place: Place) -> list[str]:
        """The tests, for at most LONGEST; none if no test executes anything of the module or of what imports it."""
        first, last = place.lines
        lines = range(first, last + 1)
        hit = self._tests_of(place.module, lines)
        if not hit or any("" in self._executed(place.module).get(line, ()) for line in lines):
            hit |= self._tests_of(place.module, self._inside(place.module)) | self._tests_of_importers(place.module)
        nearest = sorted(hit, key=lambda test: (self._distance(place.module, test), self._durations[test], test))
        ends = accumulate(self._durations[test] for test in nearest)
        return [test for test, end in zip(nearest, ends, strict=True) if end <= LONGEST or test == nearest[0]]

    def has_tried(self, sources: str) -> bool:
        """True only after the same measuring run; the likeliest files may be others."""
        return sources == self.sources

    def _tests_of(self, module: str, lines: Iterable[int]) -> set[str]:
        """The tests that execute one of these lines."""
        by_line = self._executed(module)
        return {_function(test) for line in lines for test in by_line.get(line, ())} - self._failed

    def _inside(self, module: str) -> set[int]:
        """The lines that don't run at import."""
        return {line for line, tests in self._executed(module).items() if "" not in tests}

    def _executed(self, module: str) -> dict[int, list[str]]:
        """The tests by line; an import outside any test counts as a test without a name."""
        return self._data.contexts_by_lineno(str(self._copy / module))

    def _tests_of_importers(self, module: str) -> set[str]:
        """The tests of the nearest modules that import this one, directly or through others."""
        near = {name_of(module)}
        for _ in range(_FARTHEST):
            near = {importer for name in near for importer in imports().find_modules_that_directly_import(name)}
            paths = map(path_of, near)
            if hit := {test for path in paths for test in self._tests_of(path, self._inside(path))}:
                return hit
        return set()

    @staticmethod
    def _distance(module: str, test: str) -> int:
        """0 for the mirrored file, then by how little of the path is shared."""
        path = Path(test.partition("::")[0])
        wanted = Path("tests") / Path(module).with_name(f"test_{Path(module).name}")
        if path == wanted:
            return 0
        shared = len(os.path.commonpath([path, wanted]).split("/"))
        return 1 + len(wanted.parts) - shared


def _function(test: str) -> str:
    """A test without its parameters."""
    return test.partition("[")[0]

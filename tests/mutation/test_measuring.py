"""The choice of tests for a place, from a record of which test executes which line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from coverage import CoverageData

from tests.mutation.copies import ROOT
from tests.mutation.imports import name_of, path_of
from tests.mutation.measuring import LONGEST, Nearest
from tests.mutation.places import Place

LINK = "tests/core/test_link.py::test_link"


def nearest(
    executed: dict[str, dict[str, list[int]]], failed: Iterable[str] = (), durations: Mapping[str, float] | None = None
) -> Nearest:
    data = CoverageData(no_disk=True)
    for test, lines in executed.items():
        data.set_context(test)
        data.add_lines({str(ROOT / module): numbers for module, numbers in lines.items()})
    return Nearest(ROOT, data, set(failed), defaultdict(float, durations or {}), "today")


def place(module: str, line: int) -> Place:
    return Place(module, "delete call", 0, 1, "", (line, line))


def test_the_tests_of_the_line_come_before_those_of_the_module() -> None:
    module = "core/outreach/cards.py"
    known = nearest({LINK: {module: [3]}, "tests/a.py::test_a[1]": {module: [9]}, "": {module: [12]}})
    assert known.of(place(module, 3)) == [LINK]
    assert known.of(place(module, 12)) == [LINK, "tests/a.py::test_a"]


def test_a_line_that_runs_at_import_gets_the_tests_of_what_uses_it_too() -> None:
    module, service = "core/outreach/cards.py", "core/services/cards.py"
    started = "tests/a.py::starts_a_process"
    known = nearest(
        {"": {module: [3]}, started: {module: [3]}, LINK: {module: [9]}, "tests/b.py::uses": {service: [20]}}
    )
    assert set(known.of(place(module, 3))) == {started, LINK, "tests/b.py::uses"}
    assert known.of(place(module, 9)) == [LINK]


def test_a_module_that_no_test_executes_gets_the_tests_of_its_importers() -> None:
    known = nearest({"": {"core/outreach/cards.py": [1]}, LINK: {"core/services/cards.py": [20]}})
    assert known.of(place("core/outreach/cards.py", 1)) == [LINK]


def test_a_test_that_fails_on_the_whole_product_is_left_out() -> None:
    assert nearest({LINK: {"core/outreach/cards.py": [3]}}, {LINK}).of(place("core/outreach/cards.py", 3)) == []


def test_short_tests_come_first_and_as_many_as_there_is_time_for() -> None:
    module = "core/outreach/cards.py"
    durations = {"tests/a.py::long": LONGEST - 1, "tests/b.py::short": 0.5, "tests/c.py::longer": LONGEST}
    known = nearest({test: {module: [3]} for test in durations}, durations=durations)
    assert known.of(place(module, 3)) == ["tests/b.py::short", "tests/a.py::long"]


def test_the_nearest_test_is_taken_however_long_it_is() -> None:
    known = nearest({LINK: {"core/outreach/cards.py": [3]}}, durations={LINK: LONGEST + 1})
    assert known.of(place("core/outreach/cards.py", 3)) == [LINK]


def test_packages_and_modules_have_their_names_and_paths() -> None:
    for path in ("core/text/__init__.py", "core/outreach/cards.py"):
        assert (ROOT / path).exists()
        assert path_of(name_of(path)) == path

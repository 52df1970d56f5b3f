"""Markers: given by themselves, demanded where they are missing, and nothing is left open by a test that fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.markers import LONG, is_missing
from tests.tools.debian import TOOLS

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.process

HEAD = """
import multiprocessing, socket, subprocess, sys, time
import pytest

held = []

@pytest.fixture
def server():
    pass

@pytest.fixture
def browser():
    pass

def listen():
    held.append(socket.create_server(("127.0.0.1", 0)))

def start():
    held.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))

def fork():
    held.append(multiprocessing.get_context("forkserver").Process(target=time.sleep, args=(60,), daemon=True))
    held[-1].start()
"""


def outcome(pytester: pytest.Pytester, test: str, *arguments: str) -> tuple[dict[str, int], str]:
    """Run one file of tests in a process of its own; what became of them, and what was printed."""
    pytester.makepyfile(HEAD + test)
    options = ("-p", "tests.markers", "-p", "no:cacheprovider", "-W", "ignore")
    done = pytester.runpytest_subprocess(*options, *arguments)
    return done.parseoutcomes(), done.stdout.str()


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without tools that is not CI, and a pytest that loads no plug-in unasked, since that takes a second."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_a_fixture_marks_the_tests_that_request_it(pytester: pytest.Pytester) -> None:
    outcomes, _ = outcome(pytester, "def test_a(server): pass\ndef test_b(): pass", "-m", "not server")
    assert outcomes == {"passed": 1, "deselected": 1}


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")])
def test_a_test_without_its_tool_is_deselected_and_counted(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    tests = "def test_a(browser): pass\ndef test_b(browser): pass\ndef test_c(): pass"
    outcomes, words = outcome(pytester, tests, *workers)
    assert outcomes["passed"] == 1
    assert "skipped" not in outcomes
    assert "2 tests need chromium, which is not installed: make check-all installs it" in words


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")])
def test_long_tests_are_deselected_and_counted(
    pytester: pytest.Pytester, workers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By file, by name, with certain parameters, and by folder."""
    lines = ("test_a.py", "test_b.py::test_one", "test_b.py::test_two[1]", "folder")
    pytester.makefile(".txt", long="\n".join(lines))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest(
        "from pathlib import Path\nimport tests.markers\ntests.markers.LONG = Path(__file__).with_name('long.txt')"
    )
    pytester.makepyfile(
        test_a="def test_one(): pass",
        test_b="import pytest\ndef test_one(): pass\n@pytest.mark.parametrize('n', [1, 2])\ndef test_two(n): pass",
        test_c="def test_one(): pass\ndef test_two(): pass",
    )
    (pytester.mkdir("folder") / "test_d.py").write_text("def test_one(): pass")
    done = pytester.runpytest_subprocess(
        "-p", "tests.markers", "-p", "no:cacheprovider", "-W", "ignore", "-m", "not long", *workers
    )
    assert done.parseoutcomes()["passed"] == 3
    assert "4 long tests were left out: make check runs them all" in done.stdout.str()


def test_every_long_test_is_there() -> None:
    """Rename it in tests/long_tests.txt, too."""
    lines = LONG.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    for line in lines:
        place, _, name = line.partition("[")[0].partition("::")
        assert (ROOT / place).exists(), line
        assert not name or f"def {name}(" in (ROOT / place).read_text(encoding="utf-8"), line


def test_in_ci_a_missing_tool_deselects_nothing(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    outcomes, words = outcome(pytester, "def test_a(browser): pass")
    assert outcomes == {"passed": 1}
    assert "chromium" not in words


def test_in_ci_only_an_optional_tool_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pywb", "chromium"):
        monkeypatch.setitem(TOOLS, name, replace(TOOLS[name], find=lambda: None))
    assert (is_missing("pywb"), is_missing("chromium")) == (True, True)
    monkeypatch.setenv("CI", "true")
    assert (is_missing("pywb"), is_missing("chromium")) == (True, False)


@pytest.mark.parametrize(("act", "marker"), [("listen", "server"), ("start", "process")])
def test_without_its_marker_a_test_fails(pytester: pytest.Pytester, act: str, marker: str) -> None:
    outcomes, words = outcome(pytester, f"def test_a(): {act}()")
    assert outcomes["failed"] == 1
    assert f"this needs @pytest.mark.{marker}" in words


@pytest.mark.parametrize("act", ["listen", "start", "fork"])
def test_a_failed_test_that_leaves_something_open_is_named(pytester: pytest.Pytester, act: str) -> None:
    outcomes, words = outcome(pytester, f"@pytest.mark.process\ndef test_a():\n    {act}()\n    assert False")
    assert outcomes == {"failed": 1, "errors": 1}
    assert "the test leaves open: " in words


def test_a_failed_test_that_closes_everything_is_only_a_failure(pytester: pytest.Pytester) -> None:
    test = "@pytest.mark.server\ndef test_a():\n    listen()\n    held.pop().close()\n    assert False"
    assert outcome(pytester, test)[0] == {"failed": 1}

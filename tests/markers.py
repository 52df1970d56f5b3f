"""Marks tests by the fixtures that they request, counts those whose tool is missing, and refuses what is left open.

`long`: only `make check` runs it (long_tests.txt lists the folders, files, tests, and tests with certain parameters).
`process`: starts a process of its own. `server`: has a server, ours over HTTP or a WebSocket, or a real PostgreSQL.
`tool(name)`: needs a program that no Python package brings. A test that does more than its markers say fails, and so
does one that leaves a socket open or a process running, even if it failed already.
"""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import suppress
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path, PurePosixPath
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from tests.tools.debian import TOOLS

PROCESSES = {"bot", "browser", "crew", "terminal", "workers"}
SERVERS = {"browser", "discord", "posted", "postgres", "server", "site", "theatre"}
NEEDS_TOOL = {"browser": "chromium"}
LONG = Path(__file__).with_name("long_tests.txt")
KEPT = ("postgres", "pg_ctl", "resource_tracker", "forkserver")  # what the whole session shares

_left_out = pytest.StashKey[tuple[int, dict[str, int]]]()  # long tests, and those of each tool that is missing
_sockets_before = pytest.StashKey[set[tuple[int, int]]]()
_reported: set[psutil.Process] = set()  # processes that an earlier test has left
_allowed: set[str] | None = None  # what the running test may start; None: no test runs
_refused: list[str] = []


def is_missing(tool: str) -> bool:
    """False also in CI, where a tool that could not be installed is a failure, unless it is optional."""
    return TOOLS[tool].find() is None and ("CI" not in os.environ or TOOLS[tool].is_optional)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Add the markers before `-m` looks at them; afterwards deselect what lacks its tool."""
    for item in items:
        _mark(item)
    long = _count_long(items)
    yield
    long = long - _count_long(items) if "not long" in config.option.markexpr else 0
    lacking = {item: tool for item in items for tool in _tools(item) if is_missing(tool)}
    config.hook.pytest_deselected(items=list(lacking))
    items[:] = [item for item in items if item not in lacking]
    config.stash[_left_out] = long, dict(Counter(lacking.values()))


def _count_long(items: list[pytest.Item]) -> int:
    return sum(item.get_closest_marker("long") is not None for item in items)


def _mark(item: pytest.Item) -> None:
    names, params = set(getattr(item, "fixturenames", ())), _parameters(item)
    if _is_in_long_file(item.nodeid.partition("::")[0]) or {item.nodeid, item.nodeid.partition("[")[0]} & _long_tests():
        item.add_marker("long")
    if names & PROCESSES:
        item.add_marker("process")
    if (names & SERVERS and params.get("theatre") != "terminal") or "postgresql" in params.values():
        item.add_marker("server")
    for name in names & set(NEEDS_TOOL):
        item.add_marker(pytest.mark.tool(NEEDS_TOOL[name]))


@cache
def _is_in_long_file(file: str) -> bool:
    """Tell if the list has the file, or a folder that it is in."""
    return bool({file, *map(str, PurePosixPath(file).parents)} & _long_tests())


@cache
def _long_tests() -> frozenset[str]:
    return frozenset(LONG.read_text(encoding="utf-8").split())


def _parameters(item: pytest.Item) -> dict[str, object]:
    callspec = getattr(item, "callspec", None)
    return {name: value for name, value in callspec.params.items() if isinstance(value, str)} if callspec else {}


def _tools(item: pytest.Item) -> list[str]:
    return [marker.args[0] for marker in item.iter_markers("tool")]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the counts to the process that prints the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(_left_out, (0, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the counts of a worker; every worker collects the same tests."""
    node.config.stash[_left_out] = getattr(node, "workeroutput", {}).get("left_out", (0, {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were left out because they are long, and how many each missing tool costs."""
    long, missing = config.stash.get(_left_out, (0, {}))
    if long:
        tests = "1 long test was" if long == 1 else f"{long} long tests were"
        terminalreporter.line(f"{tests} left out: make check runs them all", yellow=True)
    for tool, number in missing.items():
        tests = "1 test needs" if number == 1 else f"{number} tests need"
        terminalreporter.line(f"{tests} {tool}, which is not installed: make check-all installs it", yellow=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Remember what is open before the test; without markers, it may open nothing."""
    item.stash[_sockets_before] = _sockets(item)
    marked = {name for name in ("process", "server") if item.get_closest_marker(name)}
    _allow({"process", "server"} if marked else set())  # PostgreSQL is a process that a fixture starts
    yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Let the test itself start what its markers say."""
    marked = {name for name in ("process", "server") if item.get_closest_marker(name)}
    _allow(marked | ({"server"} if "process" in marked else set()))
    yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Look at what is still open when every fixture has ended."""
    refused = list(_refused)
    _allow(None)
    yield
    if refused:
        pytest.fail(f"add @pytest.mark.{refused[0]}, or let a fixture start it", pytrace=False)
    if left := [*_new_connections(item), *_new_processes(item)]:
        pytest.fail(f"the test leaves open: {sorted(map(str, left))}", pytrace=False)


def _allow(what: set[str] | None) -> None:
    global _allowed  # noqa: PLW0603  (an audit hook has no other way to know which test runs)
    _allowed = what
    _refused.clear()


def _sockets(item: pytest.Item) -> set[tuple[int, int]]:
    """The number and inode of each socket, where the test may have any; finding their addresses takes much longer."""
    found = set()
    if item.get_closest_marker("server") or item.get_closest_marker("process"):
        for file in Path("/dev/fd").iterdir():
            with suppress(OSError):  # the folder's own, which is closed again
                status = os.fstat(int(file.name))
                if stat.S_ISSOCK(status.st_mode):
                    found.add((int(file.name), status.st_ino))
    return found


def _new_connections(item: pytest.Item) -> Iterator[object]:
    """The connections over a network that were not there before the test."""
    before: set[tuple[int, int]] = item.stash.get(_sockets_before, set())
    if new := {number for number, _ in _sockets(item) - before}:
        connections = psutil.Process().net_connections("inet")
        yield from ((one.fd, one.laddr, one.raddr) for one in connections if one.fd in new)


def _new_processes(item: pytest.Item) -> set[psutil.Process]:
    """The processes that the test has left."""
    if not item.get_closest_marker("process"):
        return set()
    left = {child for child in psutil.Process().children(recursive=True) if not _is_kept(child)} - _reported
    _reported.update(left)
    return left


def _is_kept(process: psutil.Process) -> bool:
    try:
        line = " ".join(process.cmdline())
        forked = "forkserver" in line and process.ppid() != os.getpid()  # it has the line of the server that forked it
        return (any(name in line for name in KEPT) and not forked) or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _refuse(kind: str) -> None:
    if _allowed is not None and kind not in _allowed:
        _refused.append(kind)
        pytest.fail(f"this needs @pytest.mark.{kind}", pytrace=False)


def _audit(event: str, _: tuple[Any, ...]) -> None:
    if event == "socket.bind":
        _refuse("server")
    elif event == "subprocess.Popen":
        _refuse("process")


def _watch_multiprocessing() -> None:
    """Refuse there too: multiprocessing tells the audit hooks nothing."""
    start = BaseProcess.start

    def refuse_or_start(self: BaseProcess) -> None:
        _refuse("process")
        start(self)

    setattr(BaseProcess, "start", refuse_or_start)  # noqa: B010


_watch_multiprocessing()
sys.addaudithook(_audit)

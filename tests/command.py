"""The real command, run by tests in a process of its own, in an environment of its own.

Starting Python and importing the product takes ten times as long as most commands do. So `run` forks its processes off
a server that has imported it already. Tests that are about the start itself use `UNDERSIGN` with `subprocess`.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from bots.__main__ import main
from bots.app import bootstrap
from bots.app.components import COMPONENTS, MESSENGERS
from tests.databases import FILE
from tests.patience import limit

ROOT = Path(__file__).parents[1]
UNDERSIGN = [sys.executable, "-m", "bots"]
# As in pyproject.toml.
WARNINGS = "error,ignore:'audioop' is deprecated:DeprecationWarning,ignore:Deprecated since version v22.2"

DAYS_FILE = "TEST_DAYS_FILE"
"""The setting that names a file with a number of days, by which the command's clock is fast."""
_MEASURING = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
EMPTY = Path(os.devnull)
_SURFACES = [component.module for component in (*COMPONENTS.values(), *MESSENGERS.values())]
_FORK_SERVER = get_context("forkserver")
_FORK_SERVER.set_forkserver_preload(
    ["bots.__main__", "bots.app.cli", "bots.app.run", "bots.sources.pages", *_SURFACES, "tests.preloaded", __name__]
)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A clean environment: nothing of the machine's own settings, except what measures coverage."""
    names = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", *_MEASURING)
    kept = {name: value for name, value in os.environ.items() if name in names}
    kept["PETITION_KEYS_DIR"] = str(folder / "petition-keys")
    return {**kept, "DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": WARNINGS, **more}


def unmeasured(environ: dict[str, str]) -> dict[str, str]:
    """The environment without coverage, which handles SIGTERM too and writes a file at the end."""
    return {name: value for name, value in environ.items() if name not in _MEASURING}


def fork(function: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Start a function of any module in a process of its own, which has imported the product already."""
    start_server()
    process = _FORK_SERVER.Process(target=function, args=arguments)
    process.start()
    return process


def start(
    folder: Path, environ: dict[str, str], arguments: Iterable[str], output: Path, errors: Path, stdin: Path = EMPTY
) -> ForkServerProcess:
    """Start the command in a folder; it appends what it writes to two files."""
    return fork(become, folder, environ, (stdin, output, errors), tuple(arguments))


def run(folder: Path, *arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own, where no .env lies.

    Raises:
        TimeoutExpired: it did not end within the limit.
    """
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        given, output, errors = (Path(name, stream) for stream in ("input", "output", "errors"))
        given.write_text(stdin, encoding="utf-8")
        code = ended(start(folder, environment(folder, **more), arguments, output, errors, stdin=given))
        return subprocess.CompletedProcess(arguments, code, output.read_text(), errors.read_text())


def ended(process: ForkServerProcess) -> int:
    """Wait until a command ends; its exit code.

    Raises:
        TimeoutExpired: it did not end within the limit.
    """
    try:
        process.join(limit())
        if process.exitcode is None:
            raise subprocess.TimeoutExpired(process.name, limit())
        return process.exitcode
    finally:
        process.kill()
        process.join()


def counted(folder: Path, petition: str = "salesforce-cbp") -> int:
    """The counted signatures of a petition, in the command's database in its folder."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        totals = database.execute("SELECT total FROM tallies WHERE petition = ? AND status = 'counted'", [petition])
        return sum(total for (total,) in totals)


@cache
def start_server() -> None:
    """Start the server that processes are forked off, in which warnings are errors from the first import on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONWARNINGS", WARNINGS)
        forkserver.ensure_running()


def become(folder: Path, environ: dict[str, str], streams: Iterable[Path], arguments: tuple[str, ...]) -> None:
    """Become the command, in the process that was forked off."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    if days := environ.get(DAYS_FILE):
        _move_clock(Path(days))
    for number, stream in enumerate(streams):
        os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY), number)
    sys.stdin = os.fdopen(0)  # multiprocessing has put another one there
    sys.argv = ["undersign", *arguments]
    main()


def _move_clock(days: Path) -> None:
    real = bootstrap.now
    bootstrap.now = lambda: real() + dt.timedelta(days=float(days.read_text(encoding="utf-8")))

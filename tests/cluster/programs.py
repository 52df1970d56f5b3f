"""A program of the cluster: started as a user who may run PostgreSQL, killed with all that it started."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

USER = "postgres"
"""PostgreSQL and PgBouncer refuse to run as root. Debian's package brings this user."""
_SBIN = ("/usr/sbin", "/sbin")


def as_user() -> dict[str, Any]:
    """The arguments of Popen that leave root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def superuser() -> str:
    """The name of PostgreSQL's superuser, which is that of the programs' user."""
    return USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def own(folder: Path) -> Path:
    """Make a folder that only the programs' user may read, as PostgreSQL wants it."""
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, USER, pwd.getpwnam(USER).pw_gid)
    return folder


class Program:
    """One program in a folder of its own, which also has its log.

    `pid_file` names another process that belongs to it, in the first line, as PostgreSQL does for Patroni: it left the
    family, but a container or a cgroup would end it, too.
    """

    def __init__(
        self, name: str, command: Sequence[str | Path], folder: Path, environ: Mapping[str, str],
        pid_file: Path | None = None,
    ) -> None:  # fmt: skip
        self.name, self._command, self.folder = name, command, folder
        path = os.pathsep.join((os.environ["PATH"], *_SBIN))
        self.environ = {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(folder), **environ}
        self._pid_file = pid_file
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait for nothing."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                list(self._command), cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, **as_user(),
            )  # fmt: skip

    @property
    def has_ended(self) -> bool:
        """Return true if it ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def kill_first(self) -> None:
        """Kill -9 only the program itself."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """Kill -9 everything that belongs to it."""
        family = [*self._pid_file_family(), *(_family(self._process.pid) if self._process else [])]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.kill_first()
        psutil.wait_procs(family, timeout=10)
        self._process = None

    def _pid_file_family(self) -> list[psutil.Process]:
        if self._pid_file is None or not self._pid_file.exists():
            return []
        first = self._pid_file.read_text(encoding="utf-8").split(maxsplit=1)[:1]
        family = _family(int(first[0])) if first else []
        # The file outlives the process, whose number may be another program's by now.
        return [process for process in family if _works_in(process, self._pid_file.parent)]


def _family(pid: int) -> list[psutil.Process]:
    """A process and its descendants; the first is stopped, so that it starts no more."""
    with suppress(psutil.NoSuchProcess):
        first = psutil.Process(pid)
        first.suspend()
        return [first, *first.children(recursive=True)]
    return []


def _works_in(process: psutil.Process, folder: Path) -> bool:
    with suppress(psutil.Error):
        return bool(process.cwd() == str(folder))
    return False

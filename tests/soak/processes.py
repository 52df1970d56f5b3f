"""The product's processes: killed, restarted, and watched for ending by themselves."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import aiohttp

from tests.command import environment, start

_LOWEST_PORT, _EPHEMERAL = 15_000, 32_768  # below those that connections get


def lasting_port() -> int:
    """A free port that no outgoing connection takes while its process is down."""
    while True:
        port = random.SystemRandom().randrange(_LOWEST_PORT, _EPHEMERAL)
        with closing(socket.socket()) as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


class WatchedProcess:
    """`undersign run ROLE` in a folder of its own; what it logs is read as often as one asks.

    An empty role runs everything. `also` are settings from the next start on.
    """

    def __init__(self, name: str, role: str, folder: Path, settings: Mapping[str, str]) -> None:
        self.name, self.role, self._folder = name, role, folder / name
        self._folder.mkdir()
        self._port = lasting_port()
        self._settings = {**settings, "METRICS_PORT": str(self._port), "LOG_LEVEL": "DEBUG"}
        self.log = self._folder / "bot.log"
        self._read = self._begun = 0
        self.also: Mapping[str, str] = {}
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        """Start it, and wait for nothing."""
        self._begun = self.log.stat().st_size if self.log.exists() else 0
        environ = environment(self._folder, **{**self._settings, **self.also})
        arguments = ["run", self.role] if self.role else ["run"]
        self._process = start(self._folder, environ, arguments, self.log, self.log)

    def listens(self) -> bool:
        """Return true as soon as it has come so far that SIGTERM ends it in good order."""
        if not self.log.exists():
            return False
        with self.log.open("rb") as file:
            file.seek(self._begun)
            return b"listening on" in file.read()

    async def kill(self) -> None:
        """Kill -9."""
        process = self._give_up()
        if process:
            process.kill()
            await asyncio.to_thread(process.join)

    async def stop(self, seconds: float) -> int | None:
        """SIGTERM; the exit code, or None if it had to be killed."""
        process = self._give_up()
        if not process:
            return None
        process.terminate()
        try:
            await asyncio.to_thread(process.join, seconds)
            return process.exitcode
        finally:
            process.kill()
            process.join()

    def _give_up(self) -> ForkServerProcess | None:
        """The process, which may end from now on without being missed."""
        process, self._process = self._process, None
        return process

    @property
    def exit_code(self) -> int | None:
        """The exit code of a process that nobody stopped."""
        return self._process.exitcode if self._process else None

    def new_lines(self) -> str:
        """The whole lines that it logged since the last call."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(self._read)
            lines = file.read()
        whole = lines[: lines.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.decode(errors="replace")

    async def readiness(self, session: aiohttp.ClientSession) -> str:
        """Nothing if the process is ready, else the text of /readyz or the error of the connection."""
        try:
            async with session.get(f"http://127.0.0.1:{self._port}/readyz") as answer:
                return "" if answer.ok else await answer.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            return repr(error)

    async def figures(self, session: aiohttp.ClientSession) -> str:
        """Its metrics and what /readyz says; nothing while it does not answer."""
        texts = []
        for path in ("metrics", "readyz"):
            try:
                async with session.get(f"http://127.0.0.1:{self._port}/{path}") as answer:
                    texts.append(await answer.text())
            except (aiohttp.ClientError, TimeoutError):
                return ""
        return "\n".join(texts)

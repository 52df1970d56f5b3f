"""Go's code for transparency logs (golang.org/x/mod/sumdb), as the program in tests/log_go uses it.

Debian packages the code as sources below GOPATH, so building needs no network.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

SOURCES = Path(__file__).parents[1] / "log_go"
GOPATH = Path("/usr/share/gocode")


@dataclass(frozen=True)
class GoVerifier:
    """The built program."""

    program: Path

    @classmethod
    def build(cls, folder: Path) -> GoVerifier:
        """Build it into a folder."""
        program = folder / "verifylog"
        environment = os.environ | {
            "GO111MODULE": "off", "GOPATH": str(GOPATH), "GOFLAGS": "", "GOCACHE": str(folder / "cache"),
        }  # fmt: skip
        subprocess.run(["go", "build", "-o", str(program), "."], cwd=SOURCES, env=environment, check=True)
        return cls(program)

    def run(self, url: str, key: str, *options: str) -> tuple[int, str]:
        """The exit code and the transcript of checking a log."""
        done = subprocess.run(
            [self.program, "-key", key, *options, url], capture_output=True, text=True, check=False, timeout=120
        )
        return done.returncode, done.stdout + done.stderr


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder's files as they are; gives their address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's name)
        """Say nothing."""

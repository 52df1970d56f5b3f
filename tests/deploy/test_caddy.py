"""Caddy accepts our Caddyfile, and closes connections that send no request, on both ports."""

from __future__ import annotations

import asyncio
import os
import subprocess
from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.deploy.files import ROOT
from tests.patience import patience, until
from tests.ports import unused_port

pytestmark = [pytest.mark.tool("caddy"), pytest.mark.process]

CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
FILES = 40
"""The number of files that Caddy may open here, its own and its connections."""


@dataclass(frozen=True)
class Proxy:
    """The ports of a running Caddy."""

    http: int
    https: int


def environment(folder: Path, address: str) -> dict[str, str]:
    """Caddy's variables; it keeps its certificates in the folder."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "PUBLIC_URL": address}


def is_valid(text: str, folder: Path) -> bool:
    """Tell whether Caddy accepts the text as a Caddyfile."""
    file = folder / "Caddyfile"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(file)],
        env=environment(folder, "https://sign.example.org"), capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


@pytest.fixture
async def proxy(tmp_path: Path) -> AsyncIterator[Proxy]:
    """A Caddy with our Caddyfile, which waits a second for headers and may open few files."""
    ports = Proxy(unused_port(), unused_port())
    text = CADDYFILE
    for ours, here in (
        ("http_port 8080", f"http_port {ports.http}"),
        ("https_port 8443", f"https_port {ports.https}\n\tlocal_certs\n\tskip_install_trust"),
        ("read_header 10s", "read_header 1s"),
    ):
        assert text.count(ours) == 1, ours
        text = text.replace(ours, here)
    file = tmp_path / "Caddyfile"
    file.write_text(text, encoding="utf-8")
    process = await create_subprocess_exec(
        "sh", "-c", f'ulimit -n {FILES} && exec caddy run --adapter caddyfile --config "$0"', str(file),
        env=environment(tmp_path, "https://localhost"), stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    try:
        for port in (ports.http, ports.https):
            await until(partial(listens, port), "Caddy listens")
        yield ports
    finally:
        process.kill()
        await process.wait()


async def listens(port: int) -> bool:
    """Tell whether the port can be connected to."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def answer(port: int, sent: bytes) -> bytes:
    """Send bytes and read until the other side closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        async with patience():
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def test_it_is_valid(tmp_path: Path) -> None:
    assert is_valid(CADDYFILE, tmp_path)
    assert not is_valid(CADDYFILE.replace("read_header 10s", "read_header often"), tmp_path)


async def test_a_client_that_sends_no_request_is_sent_away(proxy: Proxy) -> None:
    for port in (proxy.http, proxy.https):
        assert await answer(port, b"") == b""
    assert b" 200 " not in await answer(proxy.http, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")


async def test_too_many_connections_delay_a_request_and_do_not_stop_it(proxy: Proxy) -> None:
    silent = [asyncio.create_task(answer(proxy.http, b"")) for _ in range(2 * FILES)]
    request = b"GET /p HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head, _, rest = (await answer(proxy.http, request)).partition(b"\r\n")
    assert (head, b"Location: https://localhost/p" in rest) == (b"HTTP/1.1 308 Permanent Redirect", True)
    assert set(await asyncio.gather(*silent)) == {b""}

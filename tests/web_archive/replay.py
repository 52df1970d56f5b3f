"""Replays recorded answers over HTTP and HTTPS, byte for byte, and resolves the names of their hosts."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.patience import patience
from tests.web_archive.recording import Recorded

LOCAL = "127.0.0.1"
_MISSING = Recorded("", b"<title>404 Not Found</title>", "404 Not Found", {"Content-Type": "text/html"})


@dataclass
class ReplayServer:
    """Servers of every recorded host, on one port for each scheme; remembers the requests.

    `ports` may also name a host that has a server of its own. Answers whose trouble is "wait" come once `released`.
    """

    answers: Mapping[str, Recorded]
    ports: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    open: set[asyncio.Task[None]] = field(default_factory=set)

    def handler(self, scheme: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]:
        """Make a handler of connections."""

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            self.open.add(task)
            task.add_done_callback(self.open.discard)
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._answer(scheme, reader, writer)
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

        return handle

    async def _answer(self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        link = f"{scheme}://{headers['host']}{head[0].split()[1]}"
        self.asked.append((link, headers))
        answer = self.answers.get(link) or self.answers.get(f"{scheme}://{headers['host']}/*") or _MISSING
        if answer.trouble == "hang up":
            return
        if answer.trouble == "wait":
            await self.released.wait()
        lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers.items())]
        if answer.trouble == "cut off":
            lines.append(f"Content-Length: {2 * len(answer.body)}")
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + answer.body)
        while answer.trouble == "drip":
            await writer.drain()
            await asyncio.sleep(0.01)
            writer.write(b" ")
        await writer.drain()


class ReplayResolver(AbstractResolver):
    """Resolves every name to the replay server, except those it is told addresses for, in order, or that don't exist.

    The names' ports become the server's.
    """

    def __init__(self, server: ReplayServer, addresses: Mapping[str, list[list[str]]] | None = None) -> None:
        self._server, self._addresses = server, dict(addresses or {})

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find the addresses of a host."""
        if host.endswith(".missing.example"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if host.endswith(".lost.example"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        later = self._addresses.get(host, [[LOCAL]])
        found = later.pop(0) if len(later) > 1 else later[0]
        ports = self._server.ports
        local = ports.get(host) or {80: ports["http"], 443: ports["https"]}[port]
        return [
            ResolveResult(
                hostname=host, host=address, port=local, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET,
            )
            for address in found
        ]  # fmt: skip

    async def close(self) -> None:
        """Keep nothing open."""


def make_certificate(folder: Path, hosts: set[str], until: dt.datetime) -> Path:
    """Write a certificate for some hosts, with its key, that ends at a moment."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "replay")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(until - dt.timedelta(days=30)).not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in sorted(hosts)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{until:%Y%m%d}.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@asynccontextmanager
async def replaying(answers: Mapping[str, Recorded], certificate: Path, expired: Path) -> AsyncIterator[ReplayServer]:
    """Start servers; the hosts whose name begins with "expired." show the other certificate."""
    usual, old = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))
    usual.load_cert_chain(certificate)
    old.load_cert_chain(expired)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name and name.startswith("expired."):
            connection.context = old

    usual.sni_callback = choose
    server = ReplayServer(answers)
    async with (
        await asyncio.start_server(server.handler("http"), LOCAL, 0) as plain,
        await asyncio.start_server(server.handler("https"), LOCAL, 0, ssl=usual) as secure,
    ):
        server.ports.update(http=plain.sockets[0].getsockname()[1], https=secure.sockets[0].getsockname()[1])
        yield server
        server.released.set()
        async with patience():
            await asyncio.gather(*server.open)


def trusting(*certificates: Path) -> ssl.SSLContext:
    """A client's trust in certificates."""
    context = ssl.create_default_context()
    for certificate in certificates:
        context.load_verify_locations(certificate)
    return context

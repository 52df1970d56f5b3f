"""Guard against server-side request forgery: an organizer writes the links, so they may name only public addresses."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any, TypeAlias

from aiohttp import TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.errors import UndersignError

IPAddress: TypeAlias = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
_LOCAL_NAMES = (  # RFC 6761, RFC 8375, RFC 9476, and what ICANN keeps for private networks
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "onion",
    "alt", "invalid", "test",
)  # fmt: skip
_ODD = re.compile(r"[\s\x00-\x20\x7f\\]")
_AUTHORITY = re.compile(r"^https?://([^/?#]*)", re.IGNORECASE)
_NUMERIC = re.compile(r"\d+|0x[\da-f]*", re.IGNORECASE)  # a host whose last label is one of these is an IPv4 address
_NAME = re.compile(r"(?!-)[a-z\d_-]{1,63}(?<!-)(?:\.(?!-)[a-z\d_-]{1,63}(?<!-))+")
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)
_ALSO_RESERVED = tuple(  # some versions of Python call these global; the last one is inside of Azure
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "168.63.129.16"),
    )
)


class NotPublicError(UndersignError):
    """An address that the checker may not fetch."""


def is_public(address: IPAddress) -> bool:
    """True for a unicast address of the internet; an IPv6 address that carries an IPv4 address is judged by that too.

    6to4 and Teredo, which nobody publishes anymore, never are.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    if address.is_multicast or any(address in network for network in _ALSO_RESERVED):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global
    if getattr(address, "scope_id", None) or not all(map(is_public, _carried(address))):
        return False
    return address in _NAT64 or (address in _UNICAST and address.is_global)


def _carried(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 address at the end of a NAT64 (RFC 6052) or ISATAP (RFC 5214) address."""
    number = int(address)
    if address in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFFFFFF)


class AddressGuard:
    """Judges links, the addresses that their names resolve to, and the address of each connection.

    `allowed` are addresses that it allows although they aren't public: those of the servers in tests.
    """

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = frozenset(map(ipaddress.ip_address, allowed))

    def judge(self, link: str) -> URL:
        """Parse a link without its fragment. Raises NotPublicError unless its form is that of a public web address."""
        authority = _AUTHORITY.match(link)
        if _ODD.search(link) or not authority or re.search("[@%]", authority[1]):
            raise NotPublicError(link)
        try:
            url = URL(link).with_fragment(None)
        except ValueError as error:
            raise NotPublicError(link) from error
        if url.port != PORTS.get(url.scheme) or url.user is not None:
            raise NotPublicError(link)
        self._judge_host(url.raw_host or "", is_bracketed="[" in authority[1])
        return url

    def _judge_host(self, host: str, *, is_bracketed: bool) -> None:
        name = host.lower().removesuffix(".")
        if is_bracketed or _NUMERIC.fullmatch(name.rpartition(".")[2]):
            self.judge_address(host)
        elif not _NAME.fullmatch(name) or f".{name}".endswith(tuple(f".{local}" for local in _LOCAL_NAMES)):
            raise NotPublicError(host)

    def judge_address(self, written: str) -> None:
        """Raise NotPublicError unless this is the usual spelling of an IP address that may be fetched."""
        try:
            address = ipaddress.ip_address(written)
        except ValueError as error:
            raise NotPublicError(written) from error
        if address not in self._allowed and not is_public(address):
            raise NotPublicError(written)

    def connector(self, resolver: AbstractResolver | None = None, **options: Any) -> TCPConnector:
        """A connector that connects only to addresses judged at that moment, whatever a name resolved to before."""
        guarded = GuardedResolver(self, resolver or ThreadedResolver())
        return TCPConnector(
            resolver=guarded, socket_factory=self._socket, use_dns_cache=False, force_close=True, **options
        )

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Create the socket for a connection to an address, which may have come from anywhere."""
        family, kind, protocol, _, address = info
        self.judge_address(address[0])
        return socket.socket(family, kind, protocol)


class GuardedResolver(AbstractResolver):
    """Resolves names of hosts; if one of a host's addresses isn't public, the host isn't."""

    def __init__(self, guard: AddressGuard, resolver: AbstractResolver) -> None:
        self._guard, self._resolver = guard, resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find a host's addresses. Raises NotPublicError if any isn't public."""
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            self._guard.judge_address(result["host"])
        return found

    async def close(self) -> None:
        """Close the resolver behind this one."""
        await self._resolver.close()

"""The guard refuses every address in addresses.toml that it must, and all others like them."""

from __future__ import annotations

import ipaddress
import socket
import tomllib
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from bots.sources.guard import AddressGuard, GuardedResolver, NotPublicError, is_public

CORPUS = tomllib.loads(Path(__file__).with_name("addresses.toml").read_text(encoding="utf-8"))
REFUSED = [link for links in CORPUS["refused"].values() for link in links]
PRIVATE = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24",     "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
]  # fmt: skip
private_addresses = st.sampled_from(PRIVATE).flatmap(lambda network: st.ip_addresses(network=network))


@pytest.mark.parametrize("link", REFUSED)
def test_it_refuses(link: str) -> None:
    with pytest.raises(NotPublicError):
        AddressGuard().judge(link)


def test_the_corpus_has_sixty_addresses() -> None:
    assert len(set(REFUSED)) == len(REFUSED)
    assert len(REFUSED) >= 60


@pytest.mark.parametrize("link", CORPUS["allowed"]["links"])
def test_it_allows(link: str) -> None:
    assert str(AddressGuard().judge(link)).startswith(("http://", "https://"))


@given(private_addresses)
def test_private_addresses_are_refused_in_every_spelling(address: ipaddress.IPv4Address) -> None:
    number, parts = int(address), str(address).split(".")
    spellings = (
        str(address), str(number), hex(number), f"0{number:o}",
        ".".join(hex(int(part)) for part in parts), f"{address}.",
        ".".join(f"{int(part):04o}" for part in parts), f"{parts[0]}.{number & 0xFFFFFF}",
        f"[::ffff:{address}]", f"[::{address}]",
        f"[64:ff9b::{address}]", f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]", f"[2600::5efe:{address}]",
        str(address).translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    )  # fmt: skip
    for spelling in spellings:
        with pytest.raises(NotPublicError):
            AddressGuard().judge(f"http://{spelling}/")


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_is_public_only_in_the_unicast_range_or_behind_a_public_ipv4_address(
    address: ipaddress.IPv6Address,
) -> None:
    carried = address.ipv4_mapped or ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    is_unicast = address in ipaddress.ip_network("2000::/3")
    is_translated = address in ipaddress.ip_network("64:ff9b::/96") or address.ipv4_mapped is not None
    if is_public(address):
        assert is_unicast or (is_translated and is_public(carried))


@given(st.text(max_size=40))
def test_any_text_is_judged_without_another_error(text: str) -> None:
    for link in (text, f"http://{text}", f"http://{text}/", f"http://example.org{text}"):
        try:
            url = AddressGuard().judge(link)
        except NotPublicError:
            continue
        assert url.scheme in ("http", "https")
        assert url.port in (80, 443)


class Answering(AbstractResolver):
    """A resolver with the same answer to everything."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "not an address", "127.1"])
async def test_one_address_that_is_not_public_is_enough(address: str) -> None:
    resolver = GuardedResolver(AddressGuard(), Answering("8.8.8.8", address))
    with pytest.raises(NotPublicError):
        await resolver.resolve("example.org", 80)
    assert len(await GuardedResolver(AddressGuard(), Answering("8.8.8.8", "1.1.1.1")).resolve("example.org", 80)) == 2


async def test_a_connector_connects_to_no_private_address_wherever_it_came_from() -> None:
    async with AddressGuard().connector(Answering("8.8.8.8")) as connector:
        create: Any = connector._socket_factory  # type: ignore[attr-defined]
        assert create
        with pytest.raises(NotPublicError):
            create((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("169.254.169.254", 80)))
        create((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 80))).close()

"""A held port: connections are refused, nothing else gets it, and the server that names it may listen."""

from __future__ import annotations

import socket

import pytest

from tests.ports import HOST, unused_port

pytestmark = pytest.mark.server


def test_connections_are_refused_except_while_its_server_listens() -> None:
    port = unused_port()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port))
    with socket.create_server((HOST, port)), socket.create_connection((HOST, port)):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port))


def test_no_other_server_gets_it() -> None:
    """Were they free again, about ten of these 3,000 would get one of them."""
    held = {unused_port() for _ in range(100)}
    assert len(held) == 100
    for _ in range(3000):
        with socket.create_server((HOST, 0)) as server:
            assert server.getsockname()[1] not in held

"""The listener and clients that are slow, broken or hostile: bounded, silent about them, and nameless."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest
import uvloop
from aiohttp import web

from bots.common import http_server
from bots.common.listener import Listener
from tests.patience import patience, until
from tests.raw_http import connected

pytestmark = pytest.mark.server

NAME = "Zacharias"
OK = f"GET /ok HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()
CHUNKED = "Transfer-Encoding: chunked\r\n"


async def ok(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def slow(_: web.Request) -> web.Response:
    await asyncio.sleep(0.4)
    return web.Response(text="slow")


async def broken(_: web.Request) -> web.Response:
    raise RuntimeError("a fault of ours")


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


@pytest.fixture
async def server() -> AsyncIterator[Listener]:
    """A listener with a few routes."""
    async with listening() as listener:
        yield listener


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener("127.0.0.1", 0)
    listener.add([web.get("/ok", ok), web.get("/slow", slow), web.get("/broken", broken), web.post("/echo", echo)])
    running = asyncio.create_task(listener.run())
    async with patience():
        await listener.listening.wait()
    try:
        yield listener
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


MALFORMED = {
    "no HTTP": b"hello there\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "odd method": f"G\x01T /{NAME} HTTP/1.1\r\n\r\n".encode(),
    "odd version": f"GET /{NAME} HTTP/9.x\r\n\r\n".encode(),
    "odd address": b"GET http://[zacharias HTTP/1.1\r\n\r\n",
    "header without a colon": f"GET / HTTP/1.1\r\nHost: x\r\n{NAME}\r\n\r\n".encode(),
    "control characters": f"GET / HTTP/1.1\r\nHost: x\r\nX: {NAME}\x00\r\n\r\n".encode(),
    "two lengths": f"POST /echo HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".encode(),
    "length and chunks": f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n{CHUNKED}\r\n0\r\n\r\n".encode(),
    "odd length": f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {NAME}\r\n\r\n".encode(),
    "a long line": b"GET /" + b"z" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nX: " + b"z" * 20_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
    "odd coding": f"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {NAME}\r\n\r\n".encode(),
    "good, then bad": OK + b"\x00\x01\r\n\r\n",
    "a bad chunk": f"POST /echo HTTP/1.1\r\nHost: x\r\n{CHUNKED}\r\n{NAME}\r\n".encode(),
    "a bad chunk that nobody reads": f"GET /ok HTTP/1.1\r\nHost: x\r\n{CHUNKED}\r\n{NAME}\r\n".encode(),
}


@pytest.mark.parametrize("words", MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_request_is_refused_without_a_word_in_the_log(
    server: Listener, caplog: pytest.LogCaptureFixture, words: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    async with connected(server.port) as client:
        await client.say(words)
        answer = await client.rest()
    assert " 400 Bad Request" in answer
    for word in ("Server:", "aiohttp", "Python", NAME, "zacharias"):
        assert word not in answer
    for word in ("127.0.0.1", "Traceback", NAME, "zzzz"):
        assert word not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("path", ["ok", "nothing", "broken", "echo"])
async def test_no_answer_names_the_software(server: Listener, path: str) -> None:
    async with connected(server.port) as client:
        await client.say(f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head = await client.head()
    assert "Server:" not in head
    assert "aiohttp" not in head


async def test_a_fault_of_ours_is_logged_without_the_address(
    server: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(server.port) as client:
        await client.say(OK.replace(b"/ok", b"/broken"))
        assert "HTTP/1.1 500" in await client.head()
    assert "a fault of ours" in caplog.text
    assert "127.0.0.1" not in caplog.text


@pytest.mark.parametrize(
    "words",
    [OK[:-9], OK, b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc", OK.replace(b"ok", b"slow")],
)
async def test_a_client_that_hangs_up_leaves_nothing(
    server: Listener, caplog: pytest.LogCaptureFixture, words: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    async with connected(server.port) as client:
        await client.say(words)
        await asyncio.sleep(0.05)  # so that the request arrives
        client.hang_up()
    async with connected(server.port) as other:
        await other.say(OK)
        assert "200" in await other.head()
    await asyncio.sleep(0.5)  # longer than the slow answer takes
    assert "127.0.0.1" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("words", [b"", b"GET /ok HTTP/1.1\r\nHost"])
async def test_headers_that_do_not_come_in_time_end_the_connection(
    server: Listener, monkeypatch: pytest.MonkeyPatch, words: bytes
) -> None:
    monkeypatch.setattr(http_server, "HEADER_SECONDS", 0.1)
    async with connected(server.port) as client:
        await client.say(words)
        assert not await client.rest()


async def test_headers_that_come_byte_by_byte_have_no_more_time(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "HEADER_SECONDS", 0.2)
    async with connected(server.port) as client:
        await client.say(OK)
        await client.head()
        await client.say(b"GET /ok HTTP/1.1\r\nX: ")
        for _ in range(200):
            try:
                await client.say(b"z")
            except ConnectionError:
                break
            await asyncio.sleep(0.05)
        else:
            pytest.fail("the server went on listening")
        assert not await client.rest()


async def test_neither_a_pause_between_requests_nor_a_slow_answer_is_cut(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "HEADER_SECONDS", 0.2)
    async with connected(server.port) as client:
        for path in (b"/ok", b"/slow", b"/ok"):
            await client.say(OK.replace(b"/ok", path))
            assert "200" in await client.head()
            await asyncio.sleep(0.3)


async def test_an_idle_connection_is_closed_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(http_server.OPTIONS, "keepalive_timeout", 0.1)
    async with listening() as server, connected(server.port) as client:
        await client.say(OK)
        assert (await client.rest()).startswith("HTTP/1.1 200")


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_connections_are_limited(
    monkeypatch: pytest.MonkeyPatch, run: Callable[[Coroutine[None, None, None]], None]
) -> None:
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", 2)
    run(_crowd())


async def _crowd() -> None:
    async with listening() as server, connected(server.port) as first:
        async with connected(server.port) as second:
            for client in (first, second):
                await client.say(OK)
                assert "200" in await client.head()
            async with connected(server.port) as third:
                answer = await third.rest()
                assert answer.startswith("HTTP/1.1 503")
                assert "Retry-After" in answer
            await first.say(OK)
            assert "200" in await first.head()

        async def admitted() -> bool:
            async with connected(server.port) as fourth:
                await fourth.say(OK)
                return "200" in await fourth.head()

        await until(admitted, "there is room again")


async def test_a_bad_chunk_that_comes_late_leaves_nothing(server: Listener, caplog: pytest.LogCaptureFixture) -> None:
    async with connected(server.port) as client:
        await client.say(f"GET /ok HTTP/1.1\r\nHost: x\r\n{CHUNKED}\r\n".encode())
        await asyncio.sleep(0.05)  # so that the request is in hand
        await client.say(f"{NAME}\r\n".encode())
        answer = await client.rest()
    assert NAME not in answer + caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_no_compressed_body_is_unpacked(server: Listener) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    async with connected(server.port) as client:
        head = f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
        await client.say(head.encode() + bomb)
        assert f"Content-Length: {len(bomb)}" in await client.head()

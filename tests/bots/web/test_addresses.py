"""Addresses as people and programs misspell them lead to the right one, and never to another site."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from tests.bots.web.site import Site
from tests.patience import patience
from tests.world import SALESFORCE, TREES

PATH = f"/p/{TREES}"
FILES = ("embed", "count.json", "badge.svg", "card.png", "qr.svg", "live")
MISSPELLED = (
    (f"{PATH}/", PATH),
    ("/p/TOWN-TREES", PATH),
    ("/P/Town-Trees/", PATH),
    ("//p/town-trees", PATH),
    ("/p//town-trees", PATH),
    (f"{PATH}///", PATH),
    ("/p/%54OWN-TREES", PATH),
    ("/p%2Ftown-trees", PATH),
    ("/p/town-trees%2F", PATH),
    (f"{PATH}).", PATH),
    (f"{PATH}%E2%80%9D,", PATH),
    ("//", "/"),
    *((f"/p/TOWN-TREES/{name.upper()}/", f"{PATH}/{name}") for name in FILES),
)
QUERY = "source=News-Letter_1&lang=es&x=%0d%0aSet-Cookie:y&a+b=%2F%2Fevil.example"
ELSEWHERE = (
    "//evil.example", "//evil.example/p/town-trees", "///evil.example//", "/%5Cevil.example", "/\\evil.example",
    "/p/town-trees@evil.example", "/p/http://evil.example", "/%2F%2Fevil.example", "/.evil.example/",
    "/static/{name}/", "/p/", "/p/town-tree", "/p/town-trees/nothing/",
)  # fmt: skip


async def head(site: Site, target: str, method: str = "GET") -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to exactly this request target."""
    url = urlsplit(site.root)
    async with patience():
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        try:
            writer.write(f"{method} {target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode())
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        finally:
            writer.close()
            await writer.wait_closed()
    return int(first.split()[1]), {name.title(): value for name, _, value in (line.partition(": ") for line in lines)}


async def test_a_misspelled_address_leads_to_the_right_one_with_its_query(site: Site) -> None:
    for target, path in MISSPELLED:
        for method in ("GET", "HEAD"):
            status, headers = await head(site, target, method)
            assert (status, headers["Location"]) == (301, path), (method, target)
            status, headers = await head(site, f"{target}?{QUERY}", method)
            assert (status, headers["Location"].casefold()) == (301, f"{path}?{QUERY}".casefold()), (method, target)
            assert "Set-Cookie" not in headers
        status, headers = await head(site, f"{target}?{QUERY}", "POST")
        assert (status, headers["Allow"]) == (405, "GET, HEAD"), target


async def test_a_redirect_ends_at_the_page_and_may_be_cached(site: Site) -> None:
    async with site.session.get(f"{site.root}/P/TOWN-TREES/?lang=es") as response:
        assert (response.status, response.url.path_qs) == (200, f"{PATH}?lang=es")
        assert len(response.history) == 1
        assert "max-age=" in response.history[0].headers["Cache-Control"]
        assert response.history[0].headers["X-Content-Type-Options"] == "nosniff"
        assert "Salvemos los olmos" in await response.text()
    _, headers = await head(site, "/p/TOWN-TREES/count.json")
    assert headers["Access-Control-Allow-Origin"] == "*", "scripts of other sites follow it"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_nothing_leads_to_another_site(site: Site) -> None:
    for target in ELSEWHERE:
        status, headers = await head(site, target)
        assert "Location" not in headers, target
        assert status in {400, 404}, target


@pytest.mark.parametrize("path", [f"/p/{SALESFORCE}", f"{PATH}/live", f"{PATH}/embed"])
async def test_the_right_address_is_no_redirect(site: Site, path: str) -> None:
    async with site.session.get(URL(site.root + path, encoded=True), allow_redirects=False) as response:
        assert response.status == 200
    status, headers = await head(site, path, "HEAD")
    assert "Location" not in headers
    assert status == (405 if path.endswith("live") else 200)


ENCODINGS = (
    ("gzip", True),
    ("GZip", True),
    ("x-gzip", True),
    ("*", True),
    ("br, gzip;q=0.1", True),
    ("deflate, gzip ; q=0.8 , *;q=0", True),
    ("gzip\t;\tQ=1.000,identity;q=0", True),
    ("identity;q=0.5, gzip;q=0.5", True),
    (",, gzip,", True),
    ("identity;q=0, *;q=0.001", True),
    ("gzip;q=0", False),
    ("gzip;q=0.000", False),
    ("GZIP; Q=0", False),
    ("gzip;q=0, *", False),
    ("*;q=0", False),
    ("identity;q=0", False),
    ("identity;q=0, *;q=0", False),
    ("br", False),
    ("br, deflate", False),
    ("gzipped", False),
    ("not-gzip", False),
    ("identity, gzip;q=0.5", False),
    ("gzip;q=0.2, *;q=0.3", False),
    ("gzip;q=2", False),
    ("gzip;q=no", False),
    ("", False),
)


async def test_an_answer_is_compressed_only_for_readers_who_want_it(site: Site) -> None:
    async with aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as raw:
        for accepted, packed in (*ENCODINGS, (None, False)):
            headers = {} if accepted is None else {"Accept-Encoding": accepted}
            for path in (PATH, "/static/style.css?v=1"):
                async with raw.get(site.root + path, headers=headers) as response:
                    body = await response.read()
                assert ("Content-Encoding" in response.headers) is packed, accepted
                assert body.startswith(b"\x1f\x8b") is packed
                assert response.headers["Vary"].startswith("Accept-Encoding"), "a cache needs it on both"


async def test_several_lines_of_a_header_are_one_list(site: Site) -> None:
    async with aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as raw:
        lines = [
            ("Accept-Encoding", "br"),
            ("Accept-Encoding", "gzip"),
            ("Accept-Language", "xx"),
            ("Accept-Language", "es"),
        ]
        async with raw.get(site.root + PATH, headers=lines) as response:
            assert response.headers["Content-Encoding"] == "gzip"
        async with raw.get(site.root + PATH, headers=[*lines[2:], ("Accept-Encoding", "identity")]) as response:
            assert "Salvemos los olmos" in await response.text()

"""The log as strangers get it: checkpoints, tiles, and bundles, and the page that checks proofs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from justhtml import JustHTML

from bots.web.log_files import LogFiles
from core.conversation import state as ev
from core.log.tiles import ENTRIES, Tile
from storage.vault import Vault
from tests.bots.web.site import Site, served
from tests.log.publishing import publish, verifier_key
from tests.log.verifier import audit
from tests.world import SALESFORCE, petitions

LOG = f"/p/{SALESFORCE}/log"
SIGNING = (ev.Begin(), ev.Reply("90210"), ev.Confirm())


async def grown(site: Site, *names: str) -> None:
    """These people have signed, everything is published, and the front has noticed."""
    for name in names:
        site.world.person(name).does(*SIGNING)
    publish(site.world)
    await site.surface.counts.refresh()


async def bytes_of(site: Site, path: str) -> bytes:
    async with site.session.get(site.root + path) as response:
        assert response.status == 200, path
        return await response.read()


async def test_before_the_first_checkpoint_there_is_nothing(site: Site) -> None:
    for path in ("/checkpoint", "/tile/0/000", "/tile/entries/000.p/1"):
        assert (await site.get(LOG + path))[0] == 404
    later = await site.page(f"/p/{SALESFORCE}/verify")
    assert "The public log is still empty. It gets its first signatures at the end of the day" in later
    assert "tlog-proof" not in later, "there is nothing to check"
    assert "todavía está vacío" in await site.page(f"/p/{SALESFORCE}/verify?lang=es")
    assert json.loads(await site.page(f"/p/{SALESFORCE}/count.json"))["log"] is None
    assert "public log" not in await site.page(f"/p/{SALESFORCE}")


async def test_a_stranger_recomputes_the_number_from_what_is_served(site: Site) -> None:
    await grown(site, "Ada", "Ben", "Cem")
    files = {}
    for path in ("checkpoint", "tile/entries/000.p/3", "tile/0/000.p/3"):
        files[path] = await bytes_of(site, f"{LOG}/{path}")
    found = audit(files.__getitem__, verifier_key())
    assert found.number == 3
    shown = json.loads(await site.page(f"/p/{SALESFORCE}/count.json"))["log"]
    assert (shown["size"], shown["count"], shown["keys"]) == (3, 3, [verifier_key()])
    assert shown["root"] == files["checkpoint"].decode().split("\n")[2]


async def test_tiles_are_kept_forever_and_checkpoints_for_seconds(site: Site) -> None:
    await grown(site, "Ada")
    for path, kind, cache in (
        ("/checkpoint", "text/plain; charset=utf-8", "public, max-age=3"),
        ("/tile/0/000.p/1", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("/tile/entries/000.p/1", "application/octet-stream", "public, max-age=31536000, immutable"),
    ):
        for method in ("GET", "HEAD"):
            status, text, response = await site.get(LOG + path, method)
            assert (status, bool(text)) == (200, method == "GET")
            assert response.headers["Content-Type"] == kind
            assert response.headers["Cache-Control"] == cache
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert int(response.headers["Content-Length"]) > 30
        again = await site.get(LOG + path, **{"If-None-Match": response.headers["ETag"]})
        assert again[0] == 304


async def test_nothing_after_the_last_checkpoint_is_served(site: Site) -> None:
    await grown(site, "Ada", "Ben")
    site.world.person("Cem").does(*SIGNING)
    await site.surface.counts.refresh()
    for path in ("0/000.p/3", "entries/000.p/3", "0/000", "entries/000", "1/000.p/1", "0/001.p/1"):
        assert (await site.get(f"{LOG}/tile/{path}"))[0] == 404, path
    for path in ("0/000.p/1", "entries/000.p/1", "entries/000.p/2"):
        assert (await site.get(f"{LOG}/tile/{path}"))[0] == 200, path


@pytest.mark.parametrize(
    "path",
    ["0/000.p/0", "0/000.p/256", "0/000.p/01", "00/000.p/1", "0/0.p/1", "-1/000.p/1", "64/000.p/1", "data/000.p/1",
     "0/x000/000.p/1", "0/000.p/1/", "0/%2e%2e/000.p/1", "0/000.P/1", "0/\u0660\u0660\u0660.p/1", "0/000.p/1?x"],
)  # fmt: skip
async def test_an_address_that_no_tile_has_is_not_found(site: Site, path: str) -> None:
    await grown(site, "Ada")
    expected = 200 if "?" in path else 404
    assert (await site.get(f"{LOG}/tile/{path}"))[0] == expected


async def test_only_reading_is_allowed(site: Site) -> None:
    await grown(site, "Ada")
    status, _, response = await site.get(f"{LOG}/checkpoint", "POST")
    assert (status, response.headers["Allow"]) == (405, "GET, HEAD")


async def test_a_tile_is_read_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await grown(site, "Ada", "Ben")
    before = await bytes_of(site, f"{LOG}/tile/entries/000.p/2")
    with monkeypatch.context() as patch:
        patch.setattr(site.surface.counts._services.queries, "log", _never, raising=False)
        assert await bytes_of(site, f"{LOG}/tile/entries/000.p/2") == before
    await grown(site, "Cem")
    after = await bytes_of(site, f"{LOG}/tile/entries/000.p/3")
    assert after.startswith(before)


def _never() -> None:
    raise AssertionError("the tile was read again")


async def test_few_tiles_stay_in_memory(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await grown(site, "Ada", "Ben", "Cem")
    monkeypatch.setattr("bots.web.log_files.TILES_KEPT", 2)
    logs = LogFiles(site.services, site.surface.counts, site.surface.counts._threads)
    tiles = [Tile(ENTRIES, 0, width).path for width in (1, 2, 3)]
    for path in tiles:
        assert await logs.tile(SALESFORCE, path)
    assert [path for _, path in logs._kept] == tiles[1:]


@pytest.mark.server
async def test_a_former_name_leads_to_the_log(tmp_path: Path, vault: Vault) -> None:
    renamed = replace(petitions()[SALESFORCE], formerly=("old-name",))
    async with served(tmp_path, vault, renamed) as site:
        for path in ("log/checkpoint", "log/tile/0/x001/000.p/7", "verify"):
            status, _, response = await site.get(f"/p/old-name/{path}")
            assert (status, response.headers["Location"]) == (301, f"/p/{SALESFORCE}/{path}")
        _, _, response = await site.get("/p/old-name/log/tile/elsewhere//x")
        assert response.headers["Location"] == f"/p/{SALESFORCE}"


async def test_the_page_names_the_checkpoint_and_the_key(site: Site) -> None:
    await grown(site, "Ada", "Ben")
    site.world.person("Cem").does(*SIGNING)
    await site.surface.counts.refresh()
    page = JustHTML(await site.page(f"/p/{SALESFORCE}"), sanitize=False)
    text = " ".join(page.to_text().split())
    assert "2 of them are in the public log as of 2026-11-23 12:00 (UTC)." in text
    assert verifier_key() in text
    assert (await bytes_of(site, f"{LOG}/checkpoint")).decode().split("\n")[2] in text
    assert "2 de ellas están en el registro público" in await site.page(f"/p/{SALESFORCE}?lang=es")


async def test_the_page_that_checks_proofs_can_send_nothing(site: Site) -> None:
    await grown(site, "Ada")
    _, _, response = await site.get(f"/p/{SALESFORCE}/verify")
    policy = response.headers["Content-Security-Policy"]
    assert "connect-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "connect-src 'self'" not in policy
    page = await site.page(f"/p/{SALESFORCE}/verify?lang=es")
    assert verifier_key() in page
    assert "no lo envía a ninguna parte" in page

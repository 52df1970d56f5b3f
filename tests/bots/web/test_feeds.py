"""The count for programs, badges, cards, codes and frames: kept by everybody on the way, honest when it is old."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import zxingcpp
from PIL import Image

from bots.web import counts, live
from core.petition.petition import Decision, PetitionStatus
from core.signatures.signature import SignatureStatus
from storage.queries import SqlQueries
from tests.bots.papers.qr_path import painted
from tests.bots.web.site import PUBLIC, Site
from tests.patience import patience
from tests.world import NOW, SALESFORCE

PATH = f"/p/{SALESFORCE}"


async def count(site: Site) -> dict[str, object]:
    return dict(json.loads(await site.page(f"{PATH}/count.json")))


async def test_the_count_for_programs(site: Site) -> None:
    await site.counts(1234)
    assert await count(site) == {
        "petition": SALESFORCE, "count": 1234, "goal": 2500, "status": "open", "open": True,
        "opens": "2018-07-01T00:00:00+00:00", "closes": "2028-01-01T00:00:00+00:00",
        "as_of": "2026-11-23T12:00:00+00:00", "log": None,
    }  # fmt: skip
    await site.decides(Decision(PetitionStatus.PAUSED, since=NOW))
    paused = await count(site)
    assert (paused["status"], paused["open"]) == ("paused", False)


async def test_the_count_says_until_when_people_could_sign(site: Site) -> None:
    for status in (PetitionStatus.CLOSED, PetitionStatus.VICTORY):
        await site.decides(Decision(status, words="Done.", since=NOW))
        decided = await count(site)
        assert (decided["status"], decided["open"], decided["closes"]) == (status, False, "2026-11-23T12:00:00+00:00")
    site.world.now = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    await site.decides(Decision(since=NOW))
    expired = await count(site)
    assert (expired["status"], expired["open"], expired["closes"]) == ("closed", False, "2028-01-01T00:00:00+00:00")
    assert expired["opens"] == "2018-07-01T00:00:00+00:00"


async def test_before_its_first_day_it_is_not_yet_open(site: Site) -> None:
    site.world.now = dt.datetime(2018, 6, 30, 23, 59, 56, tzinfo=dt.UTC)
    await site.surface.counts.refresh()
    early = await count(site)
    assert (early["status"], early["open"]) == ("not_yet_open", False)
    assert (early["opens"], early["closes"]) == ("2018-07-01T00:00:00+00:00", "2028-01-01T00:00:00+00:00")
    await site.decides(Decision(PetitionStatus.PAUSED, since=NOW))
    assert (await count(site))["status"] == "paused"


async def test_no_cache_keeps_it_beyond_the_moment_at_which_signing_begins_or_ends(site: Site) -> None:
    for opens_or_closes in (dt.datetime(2018, 7, 1, tzinfo=dt.UTC), dt.datetime(2028, 1, 1, tzinfo=dt.UTC)):
        for left in (80_000, 40, 4, 0):
            site.world.now = opens_or_closes - dt.timedelta(seconds=max(left, 1))
            await site.surface.counts.refresh()
            site.world.now = opens_or_closes - dt.timedelta(seconds=left)
            for path in (PATH, "/", f"{PATH}/embed", f"{PATH}/count.json"):
                _, _, response = await site.get(path)
                seconds = [int(each) for each in re.findall(r"=(\d+)", response.headers["Cache-Control"])]
                assert seconds[0] + max(seconds[1:]) <= left, path


async def test_signing_ends_in_time_even_during_an_outage(site: Site) -> None:
    site.world.now = dt.datetime(2027, 12, 31, 23, 59, 50, tzinfo=dt.UTC)
    await site.surface.counts.refresh()
    with site.database_away():
        site.world.now += dt.timedelta(seconds=15)
        await site.surface.counts.refresh()
        assert (await count(site))["status"] == "closed"
        assert "Signing closed at the end of December 31, 2027 (UTC)." in await site.page(PATH)
    site.world.now += dt.timedelta(seconds=5)
    await site.surface.counts.refresh()
    assert "Signing closed at the end of December 31, 2027 (UTC)." in await site.page(PATH)


async def test_any_cache_may_keep_it(site: Site) -> None:
    for path in (PATH, "/", f"{PATH}/count.json", f"{PATH}/badge.svg", f"{PATH}/card.png", f"{PATH}/qr.svg"):
        _, _, response = await site.get(path)
        directives = response.headers["Cache-Control"]
        for word in ("public", "max-age=", "stale-while-revalidate=", "stale-if-error="):
            assert word in directives, path
        tag = response.headers["Etag"]
        status, text, again = await site.get(path, **{"If-None-Match": f'"other", {tag}'})
        assert (status, text, again.headers["Etag"]) == (304, "", tag), path
        status, _, _ = await site.get(path, **{"If-None-Match": '"other"'})
        assert status == 200
    await site.counts(1)
    for path in (PATH, "/", f"{PATH}/count.json", f"{PATH}/badge.svg"):
        _, before, response = await site.get(path)
        await site.counts(1)
        status, after, _ = await site.get(path, **{"If-None-Match": response.headers["Etag"]})
        assert status == 200, path
        assert before != after


async def test_pages_differ_by_language_and_compression(site: Site) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as raw:
        async with raw.get(site.root + PATH, headers={"Accept-Encoding": "gzip"}) as packed:
            small = await packed.read()
        async with raw.get(site.root + PATH, headers={"Accept-Encoding": "identity"}) as plain:
            large = await plain.read()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert len(small) < len(large) / 2
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding, Accept-Language"


async def test_assets_stay_for_good_under_a_name_that_changes(site: Site) -> None:
    _, _, response = await site.get("/static/style.css?v=1")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_a_crowd_never_reaches_the_database(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[str] = []
    clock = asyncio.get_running_loop().time
    begun = clock()
    monkeypatch.setattr(SqlQueries, "tally", lambda *_: queries.append("tally"))
    monkeypatch.setattr(SqlQueries, "decision", lambda *_: queries.append("decision"))
    paths = (PATH, "/", f"{PATH}/count.json", f"{PATH}/badge.svg", f"{PATH}/card.png", f"{PATH}/embed", "/nothing")
    await asyncio.gather(*(site.get(f"{path}?source=a{number}") for number in range(20) for path in paths))
    refreshes = (clock() - begun) / counts.REFRESH_EVERY + 1
    assert queries.count("tally") <= refreshes
    assert queries.count("decision") <= refreshes


async def test_during_an_outage_the_last_count_is_shown_with_its_time(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    await site.counts(7)
    with site.database_away():
        site.world.now += dt.timedelta(seconds=20)
        await site.surface.counts.refresh()
        assert "This count is from" not in await site.page(PATH)
        site.world.now += dt.timedelta(minutes=2)
        await site.surface.counts.refresh()
        assert (await count(site))["count"] == 7
        assert (await count(site))["as_of"] == "2026-11-23T12:00:00+00:00"
        assert "This count is from November 23, 2026, 12:00 (UTC)" in await site.page(PATH)
    await site.counts(1)
    assert (await count(site))["count"] == 8
    assert "This count is from" not in await site.page(PATH)
    warnings = [record.getMessage() for record in caplog.records if "last known counts" in record.getMessage()]
    assert len(warnings) == 1, "once, not at every look"


# --- pictures


async def test_the_card_has_the_size_that_chats_expect_and_follows_the_count(site: Site) -> None:
    async def drawn() -> bytes:
        async with site.session.get(f"{site.root}{PATH}/card.png") as response:
            assert response.headers["Content-Type"] == "image/png"
            return await response.read()

    none, again = await asyncio.gather(drawn(), drawn())
    assert none == again
    assert Image.open(io.BytesIO(none)).size == (1200, 630)
    await site.counts(900)
    assert await drawn() == none, "not drawn again within a minute"
    site.world.now += dt.timedelta(minutes=1)
    await site.surface.counts.refresh()
    assert await drawn() != none


async def test_the_badge_says_the_count(site: Site) -> None:
    await site.counts(12345)
    english, spanish = await site.page(f"{PATH}/badge.svg"), await site.page(f"{PATH}/badge.svg?lang=es")
    assert 'aria-label="Signatures: 12,345"' in english
    assert 'aria-label="Firmas: 12.345"' in spanish


async def test_the_code_leads_to_the_page_with_its_label(site: Site) -> None:
    text = await site.page(f"{PATH}/qr.svg?source=poster")
    (barcode,) = zxingcpp.read_barcodes(painted(text))
    assert barcode.text == f"{PUBLIC}{PATH}?source=poster"


# --- on other sites


async def test_other_sites_may_show_the_counter_and_nothing_else(site: Site) -> None:
    _, text, response = await site.get(f"{PATH}/embed?source=blog")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert f'href="{PUBLIC}{PATH}?source=blog" target="_blank"' in text
    for path in (f"{PATH}/count.json", f"{PATH}/badge.svg", f"{PATH}/card.png"):
        _, _, response = await site.get(path)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_the_counter_has_the_colors_that_its_address_asks_for(site: Site) -> None:
    for query, scheme in (
        ("", "light dark"), ("?colors=light", "light"), ("?colors=dark", "dark"), ("?colors=%22%3E", "light dark"),
        ("?lang=es&colors=dark", "dark"),
    ):  # fmt: skip
        assert f'<meta name="color-scheme" content="{scheme}">' in await site.page(f"{PATH}/embed{query}"), query
    assert 'content="light dark"' in await site.page(f"{PATH}?colors=dark"), "only the counter has another's colors"


# --- live


@asynccontextmanager
async def listening(site: Site) -> AsyncIterator[aiohttp.ClientResponse]:
    async with site.session.get(f"{site.root}{PATH}/live") as response:
        yield response


async def next_count(response: aiohttp.ClientResponse) -> int:
    async with patience():
        async for line in response.content:
            if line.startswith(b"data:"):
                return int(json.loads(line[5:])["count"])
    raise AssertionError("the stream ended")


async def test_listeners_get_every_change(site: Site) -> None:
    async with listening(site) as listener, listening(site) as other:
        assert listener.headers["Content-Type"] == "text/event-stream"
        assert listener.headers["X-Content-Type-Options"] == "nosniff"
        assert [await next_count(listener), await next_count(other)] == [0, 0]
        await site.surface.counts.refresh()
        await site.counts(3)
        assert [await next_count(listener), await next_count(other)] == [3, 3], "and not of what did not change"


async def test_places_are_bounded_and_given_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.surface.live, "_most", 2)
    async with listening(site) as first, listening(site) as second:
        await next_count(first)
        await next_count(second)
        async with listening(site) as third:
            assert third.status == 503
            assert third.headers["Retry-After"]
    async with patience():
        while len(site.surface.live):
            await site.surface.counts.refresh()  # which notices who has left, also where nothing changed
            await asyncio.sleep(0.01)
    async with listening(site) as again:
        assert await next_count(again) == 0


async def test_a_place_is_not_held_for_good(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LONGEST", 0.1)
    async with listening(site) as listener, patience():
        assert b"data:" in await listener.read()
    assert len(site.surface.live) == 0


async def test_the_count_is_refreshed_by_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert counts.REFRESH_EVERY <= 5
    monkeypatch.setattr(counts, "REFRESH_EVERY", 0.01)
    refreshing = asyncio.create_task(site.surface.counts.refresh_forever())
    try:
        async with listening(site) as response:
            assert await next_count(response) == 0
            with site.world.work() as work:
                work.tallies.add(SALESFORCE, SignatureStatus.COUNTED, 2)
                work.commit()
            assert await next_count(response) == 2
    finally:
        refreshing.cancel()

"""The pages in a real browser: axe finds nothing, they fit a narrow screen, count live, and work without scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, expect

from bots.web import live
from core.petition.petition import Decision, PetitionStatus
from storage.vault import Vault
from tests.bots.browsers import listen
from tests.bots.web.arabic import OLIVES, arabic_petition
from tests.bots.web.site import Site, served
from tests.world import NOW, SALESFORCE, TREES, petitions

PATH = f"/p/{SALESFORCE}"
Opened: TypeAlias = Callable[..., Awaitable[Page]]


@pytest.fixture
async def site(tmp_path: Path, vault: Vault) -> AsyncIterator[Site]:
    """With an Arabic petition beside those of the tests."""
    async with served(tmp_path, vault, *petitions().values(), arabic_petition(tmp_path)) as site:
        yield site


@pytest.fixture
def opened(site: Site, browser: Browser, complaints: list[str]) -> Opened:
    """Opens an address of the site in a fresh browser context."""

    async def open_page(path: str, **settings: Any) -> Page:
        page = await browser.new_page(**{"viewport": {"width": 320, "height": 700}} | settings)
        listen(page, complaints, lambda url: url.startswith(site.root))
        await page.goto(site.root + path)
        return page

    return open_page


async def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(site: Site, opened: Opened) -> None:
    await site.counts(1234)
    await site.decides(Decision(PetitionStatus.VICTORY, words="The contract is canceled!", since=NOW), TREES)
    for path, scheme, width in (
        (PATH, "light", 320),
        (f"{PATH}?lang=es", "dark", 1280),
        (f"/p/{TREES}?lang=es", "dark", 320),
        ("/", "light", 390),
        (f"{PATH}/embed", "dark", 320),
        (f"{PATH}/embed?colors=light", "dark", 320),
        (f"/p/{OLIVES}?lang=ar", "light", 320),
        (f"/p/{OLIVES}", "dark", 1280),
        ("/?lang=ar", "dark", 390),
    ):
        page = await opened(path, color_scheme=scheme, viewport={"width": width, "height": 700})
        await page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        results = await Axe().run(page)
        assert results.violations_count == 0, f"{path}\n{results.generate_report()}"
        assert await page.evaluate("document.documentElement.scrollWidth") == width, path
        await page.close()


async def test_the_policy_lets_programs_read_the_data_about_the_sources(opened: Opened) -> None:
    page = await opened(PATH)
    data = await page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    sources = petitions()[SALESFORCE].text("en").sources
    assert [cited["name"] for cited in data["citation"]] == [source.title for source in sources]


async def test_the_count_grows_before_ones_eyes(site: Site, opened: Opened) -> None:
    page = await opened(f"{PATH}?lang=es")
    count, bar = page.locator(".count"), page.locator("progress")
    await expect(count).to_have_text("0")
    await expect(page.locator(".progress")).to_be_visible()
    await site.counts(1234)
    await expect(count).to_have_text("1.234")
    await expect(page.locator("[data-shows=goal]")).to_have_text("2.500")
    assert await bar.evaluate("bar => [bar.value, bar.max]") == [1234, 2500]


async def test_it_comes_back_once_signing_has_ended(site: Site, browser: Browser) -> None:
    page = await browser.new_page()
    await page.clock.install()
    site.world.now = dt.datetime(2027, 12, 31, 23, 59, 50, tzinfo=dt.UTC)
    await site.surface.counts.refresh()
    await page.goto(site.root + PATH)
    await expect(page.get_by_text("You can sign through December 31, 2027 (UTC).")).to_be_visible()
    sign = page.get_by_role("link", name="Sign in Telegram")
    await expect(sign).to_be_visible()
    await page.clock.run_for(80_000)
    await expect(sign).to_be_visible()
    site.world.now += dt.timedelta(seconds=10)
    await site.surface.counts.refresh()
    await page.wait_for_function("comesBack")
    async with page.expect_navigation():
        await page.clock.run_for(80_000)
    await expect(page.get_by_text("Signing closed at the end of December 31, 2027 (UTC).")).to_be_visible()
    await expect(sign).to_be_hidden()
    await page.close()


async def test_without_a_place_among_the_listeners_it_asks_by_itself(
    site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert live.MOST_LISTENERS > 0
    monkeypatch.setattr(site.surface.live, "_most", 0)
    page = await browser.new_page()
    await page.clock.install()
    for path in (PATH, f"{PATH}/embed"):
        async with page.expect_response("**/live") if path == PATH else page.expect_response("**/embed"):
            await page.goto(site.root + path)
        before = await page.locator(".count").inner_text()
        await site.counts(5)
        async with page.expect_response("**/count.json"):
            await page.clock.run_for(31_000)
        await expect(page.locator(".count")).to_have_text(str(int(before) + 5))


async def test_without_scripts_everything_is_there_and_claims_lead_to_sources(site: Site, opened: Opened) -> None:
    await site.counts(1234)
    page = await opened(PATH, java_script_enabled=False)
    await expect(page.locator(".count")).to_have_text("1,234")
    await page.get_by_role("link", name="Source 2: Footwear News").click()
    await expect(page.locator("#source-2")).to_be_in_viewport()
    await page.locator("#source-2 .claims a").click()
    await expect(page.locator("p:target")).to_contain_text("over the moon")
    await expect(page.locator("p:target")).to_be_in_viewport()


async def test_the_keyboard_reaches_everything_from_the_skip_link_on(opened: Opened) -> None:
    page = await opened(PATH)
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    telegram = page.get_by_role("link", name="Sign in Telegram")
    await expect(telegram).to_be_focused()
    assert await telegram.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


async def test_a_code_to_scan_is_only_fetched_where_there_is_room(site: Site, browser: Browser) -> None:
    for width, wanted in ((390, 0), (1280, 1)):
        page = await browser.new_page(viewport={"width": width, "height": 800})
        urls: list[str] = []
        await page.route("**/qr.svg*", partial(_let_through, urls))
        await page.goto(f"{site.root}{PATH}?source=poster", wait_until="load")
        code = page.get_by_alt_text("QR code of this page")
        await (expect(code).to_be_visible() if wanted else expect(code).to_be_hidden())
        await page.wait_for_timeout(100)
        assert urls == [f"{site.root}{PATH}/qr.svg?source=poster"] * wanted


async def test_numbers_of_sources_are_beside_their_titles_in_any_direction(opened: Opened) -> None:
    number = "one => parseFloat(getComputedStyle(one, '::before').width)"
    for path, side in ((f"/p/{OLIVES}?lang=ar", "right"), (f"/p/{OLIVES}", "right"), (PATH, "left")):
        page = await opened(path)
        for item in await page.locator(".sources > li").all():
            outer, title = await item.bounding_box(), await item.locator(".source").bounding_box()
            assert outer
            assert title
            before, after = title["x"] - outer["x"], outer["x"] + outer["width"] - title["x"] - title["width"]
            room = {"left": before, "right": after}[side]
            assert room >= 8 + await item.evaluate(number), "the number and its distance from the edge fit beside it"
        await page.close()


async def test_printed_sources_and_the_page_show_their_addresses(opened: Opened) -> None:
    page = await opened(f"/p/{OLIVES}?lang=ar", color_scheme="dark")
    address, shown = page.locator("a.address"), "one => getComputedStyle(one, '::after').content"
    assert await address.evaluate(shown) == "none"
    await expect(page.locator(".printed")).to_be_hidden()
    await page.emulate_media(media="print", color_scheme="dark")
    assert await address.evaluate(shown) == '"https://courier.example.org/olives"'
    await expect(page.locator(".printed")).to_have_text(f"https://petitions.example.org/p/{OLIVES}")
    await expect(page.locator(".ways")).to_be_hidden()
    ink = await page.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(22, 33, 31)", "dark on white paper"


@pytest.fixture
async def framing(site: Site) -> AsyncIterator[TestServer]:
    """Another site, with the counter in a frame."""

    async def page(request: web.Request) -> web.Response:
        scheme, counter = request.query["scheme"], f"{site.root}{PATH}/embed?{request.query['colors']}"
        frame = f'<!DOCTYPE html><html style="color-scheme:{scheme}"><iframe src="{counter}"></iframe></html>'
        return web.Response(text=frame, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    server = TestServer(app)
    async with server:
        yield server


async def test_the_counter_follows_the_colors_of_the_site_around_it(browser: Browser, framing: TestServer) -> None:
    light, dark = "rgb(251, 250, 246)", "rgb(16, 21, 20)"
    for scheme, colors, expected in (
        ("light", "", light), ("dark", "", dark), ("dark", "colors=light", light), ("light", "colors=dark", dark),
    ):  # fmt: skip
        page = await browser.new_page(color_scheme="null")
        await page.goto(str(framing.make_url("/").with_query(scheme=scheme, colors=colors)))
        counter = page.frame_locator("iframe").locator("body")
        await expect(counter).to_have_css("background-color", expected)
        await page.close()


async def _let_through(urls: list[str], route: Route) -> None:
    urls.append(route.request.url)
    await route.continue_()

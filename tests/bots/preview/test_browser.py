"""The preview in a real browser: axe finds nothing, it fits a phone, loads nothing, and can be followed and printed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.bots.browsers import listen
from tests.bots.preview.booklets import booklet, empty_database
from tests.bots.web.arabic import arabic_petition

Opened: TypeAlias = Callable[..., Awaitable[Page]]
WIDTHS = {"phone": 390, "laptop": 1280}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preview of an Arabic petition, in Arabic and Spanish."""
    folder = tmp_path_factory.mktemp("preview")
    path = folder / "preview.html"
    with empty_database(folder) as database:
        path.write_text(booklet(database, arabic_petition(folder), only=["ar", "es"]), encoding="utf-8")
    return path


@pytest.fixture
def opened(file: Path, browser: Browser, complaints: list[str]) -> Opened:
    """Opens the preview and chooses a surface and a language."""

    async def open_page(surface: str, language: str, screen: str = "laptop", scheme: str = "light") -> Page:
        settings: dict[str, Any] = {"viewport": {"width": WIDTHS[screen], "height": 800}, "color_scheme": scheme}
        page = await browser.new_page(**settings)
        listen(page, complaints, lambda url: is_local(url, file))
        await page.goto(file.as_uri())
        for choice in (surface, language):
            await page.locator(f"input[value='{choice}']").check(force=True)
        return page

    return open_page


def is_local(url: str, file: Path) -> bool:
    """True if the address is the file's, or holds what it leads to."""
    return url.partition("#")[0] == file.as_uri() or url.startswith(("data:", "about:srcdoc"))


async def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(opened: Opened) -> None:
    for surface, language, screen, scheme in (
        ("Telegram", "es", "phone", "light"),
        ("Discord", "ar", "phone", "dark"),
        ("Terminal", "es", "phone", "dark"),
        ("Web page", "ar", "phone", "light"),
        ("Telegram", "ar", "laptop", "dark"),
    ):
        page = await opened(surface, language, screen, scheme)
        results = await Axe().run(page)
        assert results.violations_count == 0, f"{surface} {language}\n{results.generate_report()}"
        assert await page.evaluate("document.documentElement.scrollWidth") == WIDTHS[screen], surface
        await page.close()


async def test_pages_in_frames_have_the_colors_of_the_preview_and_fit_their_frames(opened: Opened) -> None:
    for screen, scheme, paper in (("phone", "dark", "rgb(16, 21, 20)"), ("laptop", "light", "rgb(251, 250, 246)")):
        page = await opened("Web page", "ar", screen, scheme)
        frame = page.locator("iframe:visible").first
        inside = frame.content_frame.locator("html")
        await expect(inside.locator("body")).to_have_css("background-color", paper)
        assert await inside.evaluate("one => one.scrollHeight") <= await frame.evaluate("one => one.offsetHeight")
        assert await inside.evaluate("one => one.scrollWidth <= one.clientWidth")
        await page.close()


async def test_citations_lead_to_sources_within_the_frame(opened: Opened, file: Path) -> None:
    page = await opened("Web page", "ar")
    frame = page.locator("iframe:visible").first.content_frame
    await frame.locator("a.citation").last.click()
    await expect(frame.locator("#source-2:target")).to_be_in_viewport()
    await frame.locator("#source-2 .claims a").click()
    await expect(frame.locator("p:target")).to_be_in_viewport()
    assert page.url.partition("#")[0] == file.as_uri()
    assert len(page.context.pages) == 1


async def test_what_is_chosen_is_printed_whole_and_dark_on_white(opened: Opened) -> None:
    page = await opened("Web page", "es", "phone", "dark")
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    await page.emulate_media(media="print", color_scheme="dark")
    await expect(page.locator(".choices")).to_be_hidden()
    await expect(page.locator("body")).to_have_css("color", "rgb(22, 25, 29)")
    frame = page.locator("iframe:visible").first
    body = frame.content_frame.locator("body")
    await expect(body).to_have_css("color", "rgb(22, 33, 31)")
    for part in (".way", ".more details p"):
        await expect(body.locator(part).first).to_be_visible()
    assert await frame.evaluate("one => one.offsetWidth") == 44 * 16
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert await frame.evaluate("one => one.style.width") == ""

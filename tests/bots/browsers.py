"""A headless browser for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

from tests.tools.debian import TOOLS


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    program = TOOLS["chromium"].find()
    assert program, "CI installs Chromium: see .ci/run"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            await browser.close()


def listen(page: Page, complaints: list[str], is_allowed: Callable[[str], bool]) -> None:
    """Note a page's errors, and its requests for addresses that are not allowed."""
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if is_allowed(request.url) else complaints.append(request.url))

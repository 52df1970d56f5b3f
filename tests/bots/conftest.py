"""Fixtures for tests in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless browser of the system's."""
    from tests.bots.browsers import chromium  # noqa: PLC0415  (it loads Playwright, which few tests need)

    async with chromium() as browser:
        yield browser


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Console errors, and requests that no page may make: there may be none."""
    complaints: list[str] = []
    yield complaints
    assert complaints == []

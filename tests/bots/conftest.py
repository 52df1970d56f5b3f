"""Fixtures for tests of commands, and for tests in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.databases import migrated_sqlite

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture
def migrated(tmp_path: Path) -> None:
    """A migrated database and its key where the command looks for them; migrating takes longer than most commands."""
    migrated_sqlite(tmp_path).close()
    (tmp_path / "secret.key").write_text("k" * 40, encoding="utf-8")


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

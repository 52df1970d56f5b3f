"""A running front."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.vault import Vault
from tests.bots.web.site import Site, served


@pytest.fixture
async def site(tmp_path: Path, vault: Vault) -> AsyncIterator[Site]:
    """With both petitions of the tests."""
    async with served(tmp_path, vault) as site:
        yield site

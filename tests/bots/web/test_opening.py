"""The page changes on the day a petition opens, also while the database doesn't answer."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage.vault import Vault
from tests.bots.web.site import served
from tests.world import SALESFORCE, petitions

PATH = f"/p/{SALESFORCE}"


@pytest.mark.server
async def test_signing_begins_in_time_even_during_an_outage(tmp_path: Path, vault: Vault) -> None:
    petition = replace(petitions()[SALESFORCE], opens=dt.date(2026, 12, 1))
    async with served(tmp_path, vault, petition) as site:
        site.world.now = dt.datetime(2026, 11, 30, 23, 59, 50, tzinfo=dt.UTC)
        await site.surface.counts.refresh()
        assert json.loads(await site.page(f"{PATH}/count.json"))["status"] == "not_yet_open"
        assert "December 1, 2026" in await site.page(PATH)
        with site.database_away():
            site.world.now += dt.timedelta(seconds=15)
            await site.surface.counts.refresh()
            assert json.loads(await site.page(f"{PATH}/count.json"))["status"] == "open"
            assert "December 1, 2026" not in await site.page(PATH)

"""A draft has a page only at its preview link; once it is published, that link leads to the petition."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.petition.petition import Petition
from storage.vault import Vault
from tests.bots.web.site import served
from tests.core.services.test_trials import BANNER, DRAFT, NOTHING, signs
from tests.world import SALESFORCE, TREES, petitions

pytestmark = pytest.mark.server


@pytest.fixture
def draft() -> Petition:
    """The trees as a draft."""
    return replace(petitions()[TREES], is_draft=True)


async def test_a_draft_opens_only_at_its_preview_link(tmp_path: Path, vault: Vault, draft: Petition) -> None:
    async with served(tmp_path, vault, petitions()[SALESFORCE], draft) as site:
        unknown, _, _ = await site.get("/p/oaks")
        for path in (f"/p/{TREES}", f"/p/{TREES}/count.json", f"/p/{TREES}/card.png", f"/p/{TREES}/embed"):
            assert (await site.get(path))[0] == unknown == 404
        _, _, home = await site.get("/")
        assert home.headers["Location"] == f"/p/{SALESFORCE}"
        page = await site.page(f"/p/{DRAFT}")
        assert "This is a draft" in page
        assert '<meta name="robots" content="noindex">' in page
        assert f"start={DRAFT}" in page
        assert "draft" not in await site.page(f"/p/{SALESFORCE}")
        signs(site.world.person("Ada").about(DRAFT))
        await site.surface.counts.refresh()
        assert json.loads(await site.page(f"/p/{DRAFT}/count.json"))["count"] == 0
        assert DRAFT not in (await site.get(f"{site.watch}/metrics"))[1]


async def test_without_a_published_petition_the_list_says_so(tmp_path: Path, vault: Vault, draft: Petition) -> None:
    async with served(tmp_path, vault, draft) as site:
        assert NOTHING.replace("'", "&#39;") in await site.page("/")
        assert BANNER in await site.page(f"/p/{DRAFT}")


async def test_the_preview_link_leads_to_the_published_petition(tmp_path: Path, vault: Vault) -> None:
    async with served(tmp_path, vault) as site:
        status, _, moved = await site.get(f"/p/{DRAFT}?source=flyer&lang=es")
        assert (status, moved.headers["Location"]) == (301, f"/p/{TREES}?source=flyer&lang=es")
        assert "noindex" not in await site.page(f"/p/{TREES}")


async def test_old_addresses_of_a_renamed_petition_lead_to_the_new_ones(tmp_path: Path, vault: Vault) -> None:
    trees = replace(petitions()[TREES], slug="elms", formerly=(TREES,))
    async with served(tmp_path, vault, petitions()[SALESFORCE], trees) as site:
        for part in ("", "/embed", "/count.json", "/badge.svg", "/card.png", "/qr.svg"):
            status, _, moved = await site.get(f"/p/{TREES}{part}?source=flyer")
            assert (status, moved.headers["Location"]) == (301, f"/p/elms{part}?source=flyer")
            assert (await site.get(f"/p/elms{part}"))[0] == 200
        assert "start=elms" in await site.page("/p/elms")
        assert json.loads(await site.page("/p/elms/count.json"))["petition"] == "elms"

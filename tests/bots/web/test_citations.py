"""The sources of a petition as files for reference managers, which its page leads to, and as data on the page."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from bots.web.citations import BIBTEX, CSL
from core.export.citations import csl_json
from tests.bots.web.site import PUBLIC, Site
from tests.world import SALESFORCE, TREES, petitions

PATH = f"/p/{SALESFORCE}"
TEXT = petitions()[SALESFORCE].text("en")

pytestmark = pytest.mark.server


def linked_data(page: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(found)
    return data


async def test_both_files_are_served_with_their_types_for_any_site_and_cached_like_the_page(site: Site) -> None:
    for name, content_type in (("sources.json", CSL), ("sources.bib", BIBTEX)):
        status, text, response = await site.get(f"{PATH}/{name}")
        assert status == 200
        assert response.headers["Content-Type"] == content_type
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"].startswith("public, max-age=10,")
        assert all(source.title in text for source in TEXT.sources)
        status, text, _ = await site.get(f"{PATH}/{name}", **{"If-None-Match": response.headers["ETag"]})
        assert (status, text) == (304, "")
        status, text, _ = await site.get(f"{PATH}/{name}", method="HEAD")
        assert (status, text) == (200, "")
    _, text, _ = await site.get(f"{PATH}/sources.json")
    assert text == csl_json(SALESFORCE, TEXT)


async def test_the_page_leads_to_both_files_in_its_language(site: Site) -> None:
    page = await site.page(f"/p/{TREES}?lang=es")
    for name in ("sources.json", "sources.bib"):
        assert f'href="{PUBLIC}/p/{TREES}/{name}?lang=es"' in page
        assert f'href="/p/{TREES}/{name}?lang=es"' in page
    assert re.search(r'<link rel="alternate" type="application/vnd\.citationstyles\.csl\+json" href=', page)
    assert "tu gestor de referencias" in page
    spanish = petitions()[TREES].text("es")
    _, text, _ = await site.get(f"/p/{TREES}/sources.json?lang=es")
    assert [item["title"] for item in json.loads(text)] == [source.title for source in spanish.sources]
    assert {item["language"] for item in json.loads(text)} == {"es"}


async def test_a_former_address_leads_to_the_files(site: Site) -> None:
    status, _, response = await site.get(f"/P/{SALESFORCE.upper()}/sources.bib/")
    assert (status, response.headers["Location"]) == (301, f"{PATH}/sources.bib")


async def test_the_page_of_a_version_leads_to_no_file_of_the_current_sources(site: Site) -> None:
    assert "sources.bib" not in await site.page(f"{PATH}/v/{TEXT.digest}")


async def test_the_page_names_its_sources_for_search_engines(site: Site) -> None:
    data = linked_data(await site.page(PATH))
    assert data["url"] == f"{PUBLIC}{PATH}"
    assert [source["name"] for source in data["citation"]] == [source.title for source in TEXT.sources]
    assert unescape(data["name"]) == TEXT.title

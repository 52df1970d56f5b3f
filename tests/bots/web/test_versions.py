"""Every version of a petition has a page, with what has changed since, and its JSON, which never changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.web.content import FOREVER
from core.petition.envelope import digest_of, with_digests
from core.petition.versions import PetitionVersion, first_versions, present_versions
from tests.bots.web.site import Site
from tests.core.services.test_rereading import TEXT
from tests.core.services.test_signed_text import shortened
from tests.world import SALESFORCE, TREES, catalog, petitions

PETITION = petitions()[SALESFORCE]
PATH = f"/p/{SALESFORCE}/v/"

pytestmark = pytest.mark.server


def store(site: Site, *versions: PetitionVersion) -> None:
    with site.world.work() as work:
        for version in versions:
            work.versions.remember(version)
        work.commit()


async def test_the_petitions_page_leads_to_its_version(site: Site) -> None:
    page = await site.page(f"/p/{SALESFORCE}")
    assert f'href="{PATH}{TEXT.digest}"' in page
    page = await site.page(PATH + TEXT.digest)
    for words in (TEXT.title, "This is the current version", TEXT.sources[0].publication, TEXT.digest):
        assert words in page
    assert "What has changed since" not in page
    assert "erase it 180 days" in page


async def test_an_earlier_version_is_compared_with_the_current_one(site: Site) -> None:
    old = with_digests(shortened(target="Marc & Co"), catalog())
    (version,) = present_versions(old, site.world.now)
    store(site, version)
    page = await site.page(PATH + version.digest)
    assert "This is an earlier version" in page
    assert "<del>Removed: You must act now.</del>" in page
    assert "<ins>Added: You must cancel your corporations contract with CBP immediately.</ins>" in page
    assert "<del>Removed: Marc &amp; Co</del>" in page
    assert "Quitado: " in await site.page(f"{PATH}{version.digest}?lang=es")


async def test_the_json_is_what_the_digest_is_of_and_kept_forever(site: Site) -> None:
    status, text, response = await site.get(f"{PATH}{TEXT.digest}.json")
    assert status == 200
    assert digest_of(text.encode()) == TEXT.digest
    assert response.headers["Cache-Control"] == FOREVER
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_the_first_form_has_a_page_that_says_so(site: Site) -> None:
    (version,) = first_versions(PETITION, site.world.now)
    store(site, version)
    page = await site.page(PATH + version.digest)
    assert "covers only the title, the letter, and the background" in page
    assert "You must cancel your corporations contract with CBP immediately." in page
    assert "This is the current version" in page
    assert '"undersign-petition/1"' in await site.page(f"{PATH}{version.digest}.json")


@pytest.mark.parametrize("digest", ["0" * 64, petitions()[TREES].text("en").digest, "0" * 63, TEXT.digest.upper()])
async def test_unknown_digests_are_not_found(site: Site, digest: str) -> None:
    for path in (PATH + digest, f"{PATH}{digest}.json"):
        status, _, response = await site.get(path)
        assert status == 404
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_version_whose_words_are_unknown_is_not_found(site: Site) -> None:
    (version,) = first_versions(PETITION, site.world.now)
    store(site, replace(version, content=""))
    assert (await site.get(PATH + version.digest))[0] == 404


async def test_whoever_tries_digests_does_not_reach_the_database_each_time(site: Site) -> None:
    assert (await site.get(PATH + "1" * 64))[0] == 404
    with site.database_away():
        for digit in "23456789":
            assert (await site.get(PATH + digit * 64))[0] == 404

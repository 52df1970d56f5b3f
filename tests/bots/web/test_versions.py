"""Every version of a petition has a page, with what has changed since, and its JSON, which never changes."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace

import pytest

from bots.common.service_threads import ServiceThreads
from bots.web.content import FOREVER
from bots.web.versions import KnownVersions
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


@pytest.mark.parametrize(("seconds", "found"), [(0.0, True), (3600.0, False)])
async def test_the_database_is_not_asked_for_each_unknown_digest(site: Site, seconds: float, found: bool) -> None:
    (version,) = first_versions(PETITION, site.world.now)
    with closing(ServiceThreads(1)) as threads:
        known = KnownVersions(site.services, threads, read_every=seconds)
        assert await known.find(SALESFORCE, version.digest) is None
        store(site, version)
        assert await known.find(SALESFORCE, version.digest) == (version if found else None)


async def test_whoever_asks_during_the_first_read_waits_for_it(site: Site) -> None:
    (version,) = first_versions(PETITION, site.world.now)
    store(site, version)
    with closing(ServiceThreads(1)) as threads:
        known = KnownVersions(site.services, threads)
        found = await asyncio.gather(*(known.find(SALESFORCE, version.digest) for _ in range(3)))
    assert found == [version] * 3


async def test_an_earlier_version_waits_for_a_database_that_is_away_but_the_current_one_does_not(site: Site) -> None:
    with site.database_away("versions"):
        status, text, response = await site.get(PATH + "1" * 64)
        assert (status, response.headers["Retry-After"]) == (503, "5")
        assert "Something went wrong on our end" in text
        assert (await site.get(PATH + TEXT.digest))[0] == 200
    assert (await site.get(PATH + "1" * 64))[0] == 404

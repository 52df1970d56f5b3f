"""The page of a petition shows the state of its sources, and is drawn again when a check finds something else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from justhtml import JustHTML, Node

from core.conversation.source_state import state_of
from core.sources.checks import ArchiveCopy, LinkState, PassageState
from storage.vault import Vault
from tests.bots.web.site import Site, served
from tests.forty_sources import checked, with_forty_sources
from tests.sources_checked import ARCHIVED, WEEK_BEFORE, check_of_source
from tests.world import SALESFORCE, catalog

PATH = f"/p/{SALESFORCE}"
PETITION = with_forty_sources()
pytestmark = pytest.mark.server


@pytest.fixture
async def forty(tmp_path: Path, vault: Vault) -> AsyncIterator[Site]:
    async with served(tmp_path, vault, PETITION) as site:
        yield site


async def entries(site: Site, path: str = PATH) -> list[Node]:
    return list(JustHTML(await site.page(path), sanitize=False).query(".sources > li"))


def links(entry: Node) -> list[str]:
    return [(link.attrs or {}).get("href") or "" for link in entry.query("a.address")]


async def test_forty_sources_show_their_states(forty: Site) -> None:
    await forty.checks(*checked().values())
    for entry, source in zip(await entries(forty), PETITION.text("en").sources, strict=True):
        words = " ".join(entry.to_text().split())
        check = checked().get(source.key)
        said = [catalog().text(each, "en") for each in state_of(check, source, PETITION.day, "en")]
        assert bool(said) is bool(source.link)
        for sentence in said:
            assert sentence in words
        assert (ARCHIVED in links(entry)) is bool(check and check.archive)
        assert (f'"{source.title}" "{source.publication}"' in words) is (source.link is None)
        assert any(":~:text=" in link for link in links(entry)) is bool(source.link and source.quote)


async def test_a_new_check_is_on_the_page_and_the_page_before_is_not_kept(forty: Site) -> None:
    source = PETITION.text("en").sources[0]
    first = await forty.page(PATH)
    await forty.surface.counts.refresh()
    assert await forty.page(PATH) == first
    check = check_of_source(source, LinkState.ALIVE, PassageState.FOUND)
    await forty.checks(check)
    there, *_ = await entries(forty)
    assert "the quoted words are on it." in there.to_text()
    await forty.checks(replace(check, state=LinkState.GONE, archive=ArchiveCopy(ARCHIVED, WEEK_BEFORE)))
    gone, *_ = await entries(forty)
    assert "the page doesn't exist." in gone.to_text()
    assert links(gone) == [f"{source.link}#:~:text=the%20quoted%20words%20of%20source%201", ARCHIVED]


async def test_the_page_says_how_many_sentences_rely_on_a_source(forty: Site) -> None:
    page = JustHTML(await forty.page(PATH), sanitize=False).to_text()
    assert "40 sentences rely on a source. 40 sentences cite no source." in " ".join(page.split())


async def test_a_reader_of_another_language_gets_the_state_in_it(forty: Site) -> None:
    source = PETITION.text("en").sources[0]
    await forty.checks(check_of_source(source, LinkState.GONE))
    there, *_ = await entries(forty, f"{PATH}?lang=es")
    assert "respondió que la página no existe." in there.to_text()

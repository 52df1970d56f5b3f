"""The list, the counter, and the page say what became of a petition, and ask to sign only where people can."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from justhtml import JustHTML

from core.petition.petition import Decision, PetitionStatus
from tests.bots.web.site import Site
from tests.world import NOW, SALESFORCE, TREES

PATH = f"/p/{SALESFORCE}"


async def test_the_list_says_what_it_is_and_what_became_of_each_petition(site: Site) -> None:
    about = "Read each petition, check its sources, and see how many people have signed."
    await site.decides(Decision(PetitionStatus.VICTORY, words="The elms stay.", since=NOW), TREES)
    await site.decides(Decision(PetitionStatus.CLOSED, since=NOW))
    page = JustHTML(await site.page("/"), sanitize=False)
    (description,) = page.query("meta[name=description]")
    assert (description.attrs or {})["content"] == page.query(".summary")[0].to_text() == about
    (unfurled,) = page.query('meta[property="og:description"]')
    assert (unfurled.attrs or {})["content"] == about
    closed, won = (" ".join(item.to_text().split()) for item in page.query(".petitions > li"))
    assert "Signing closed on November 23, 2026." in closed
    assert "Victory! The elms stay." in won
    assert [len(item.query(".won")) for item in page.query(".petitions > li")] == [0, 1]


async def test_the_list_says_what_its_dates_closed_or_still_keep_closed(site: Site) -> None:
    for year, words in (
        (2018, "Signing opens on July 1, 2018 (UTC)."),
        (2028, "Signing closed at the end of December"),
    ):
        site.world.now = dt.datetime(year, 1, 2, tzinfo=dt.UTC)
        await site.surface.counts.refresh()
        assert words in await site.page("/")


async def test_without_a_chat_nothing_asks_to_sign(site: Site) -> None:
    paths = (PATH, f"{PATH}/embed")
    asking = ("Sign this letter", "Read and sign", "Signing takes about a minute", "qr.svg", "Sign in")
    before = "".join([await site.page(path) for path in paths])
    assert [words for words in asking if words not in before] == []
    site.surface.pages.links = replace(site.surface.pages.links, telegram="", discord=None)
    after = "".join([await site.page(path) for path in paths])
    assert [words for words in asking if words in after] == []
    assert "You can&#39;t sign this petition in a chat yet." in after
    assert "Read the petition" in after


async def test_the_counter_says_when_signing_has_ended(site: Site) -> None:
    await site.decides(Decision(PetitionStatus.CLOSED, since=NOW))
    embed = await site.page(f"{PATH}/embed")
    assert "Signing closed on November 23, 2026." in embed
    assert "Read the petition" in embed
    assert "Read and sign" not in embed

"""Stories of careful supporters, who check the sources before they sign."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core.petition.petition import Petition
from core.sources.checks import ArchiveCopy, Checks, LinkState, PassageState
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import Persona, TelegramPersona, TelegramTheatre, TerminalTheatre, Theatre
from tests.scenarios.test_supporters import signs
from tests.sources_checked import ARCHIVED, TWO_WEEKS_BEFORE, WEEK_BEFORE, check_of_source
from tests.world import SALESFORCE, World, petitions, services_of

pytestmark = pytest.mark.server


def linked() -> Petition:
    """The shipped petition, as if its three sources had links and quoted words."""
    petition = petitions()[SALESFORCE]
    text = petition.text("en")
    sources = tuple(
        replace(each, link=f"https://news.example.org/{each.number}", quote=f"words of source {each.number}")
        for each in text.sources
    )
    return replace(petition, texts={"en": replace(text, sources=sources)})


def checked(petition: Petition) -> Checks:
    """One source is as it was, one has moved, and one says something else by now."""
    first, second, third = petition.text("en").sources
    there = check_of_source(first, LinkState.ALIVE, PassageState.FOUND)
    moved = check_of_source(second, LinkState.MOVED, PassageState.FOUND)
    changed = check_of_source(third, LinkState.ALIVE, PassageState.MISSING)
    changed = replace(changed, changed_at=TWO_WEEKS_BEFORE, archive=ArchiveCopy(ARCHIVED, WEEK_BEFORE))
    return {check.key: check for check in (there, moved, changed)}


@pytest.fixture(params=["telegram", "discord", "terminal"])
async def theatre(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> AsyncIterator[Theatre]:
    """A chat platform or a terminal, with a petition whose sources were checked."""
    petition = linked()
    with closing(migrated_sqlite(tmp_path)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault), petitions={SALESFORCE: petition})
        world.checks[SALESFORCE] = checked(petition)
        services = services_of(world, database, vault)
        if request.param == "terminal":
            yield TerminalTheatre(world, services, tmp_path)
            return
        kind = TelegramTheatre if request.param == "telegram" else DiscordTheatre
        async with kind(world, services).playing() as theatre:
            yield theatre


async def to_first_source(person: Persona, theatre: Theatre) -> None:
    await person.opens(SALESFORCE)
    await person.taps("Read")
    await person.taps("Next page")
    await person.taps("[1]" if isinstance(theatre, DiscordTheatre) else "Source 1: Gizmodo")


async def test_greta_checks_three_sources_and_finds_one_that_changed(theatre: Theatre) -> None:
    greta = await theatre.person("Greta")
    await to_first_source(greta, theatre)
    assert "Checked on November 16, 2026: the page is there, and the quoted words are on it." in greta.reads()
    assert "The petition relies on these words of it: “words of source 1”" in greta.reads()
    assert "Read it in the text" not in greta.reads(), "back leads to the line"
    await greta.taps("Next source")
    assert "the page has moved to new.example.net, and the quoted words are on it." in greta.reads()
    await greta.taps("Next source")
    assert "the page is there, but the quoted words weren't found on it." in greta.reads()
    assert "When we looked on November 9, 2026, its text had changed." in greta.reads()
    assert "Archived copy" in greta.reads()
    await greta.taps("Back to the page")
    assert "[3]" in greta.reads()
    await greta.taps("All claims")
    assert "3 sentences rely on a source." in greta.reads()
    assert "17 sentences cite no source." in greta.reads()
    await signs(greta, "Greta")
    await greta.taps("Confirm")
    assert theatre.world.counted() == 1


async def test_the_list_gives_each_state_and_leads_back_to_the_line(theatre: Theatre) -> None:
    hans = await theatre.person("Hans")
    await hans.opens(SALESFORCE)
    await hans.taps("Sources")
    for state in ("there, with the quoted words", ": moved", "without the quoted words; its text has changed"):
        assert state in hans.reads()
    await hans.taps("Source 3: ")
    await hans.taps("Read it in the text")
    assert "[3]" in hans.reads()
    await hans.taps("Back")
    assert "Source 3 of 3" in hans.reads()


async def test_a_footnote_of_the_whole_text_leads_to_its_source(theatre: Theatre) -> None:
    ida = await theatre.person("Ida")
    if not isinstance(ida, TelegramPersona):
        return
    await ida.opens(SALESFORCE)
    await ida.taps("Read it all")
    assert isinstance(theatre, TelegramTheatre)
    (call,) = theatre.server.calls("sendRichMessage")
    payloads = re.findall(r"\?start=([\w-]+)", str(call.params["rich_message"]))
    assert payloads == [f"{SALESFORCE}----source-{number}" for number in (1, 2, 3)]
    await ida.types(f"/start {payloads[2]}")
    assert "the quoted words weren't found on it." in ida.reads()
    await ida.taps("Read it in the text")
    assert "[3]" in ida.reads()

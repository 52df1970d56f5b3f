"""`!erase` in an organizer's direct messages: the worker searches and answers there, and what was shown is erased."""

from __future__ import annotations

from bots.delivery.handling import Pace
from bots.delivery.searches import PersonSearches
from bots.delivery.worker import Worker
from bots.discord.connection import DiscordEndpoint
from bots.discord.messenger import connected
from core.conversation import state as ev
from core.organizer.erase_order import search_topic
from core.organizer.person_search import PersonSearch
from core.outbox import State
from tests.bots.delivery.post_office import working
from tests.bots.discord.test_pictures import organizer
from tests.leaks import leaked
from tests.patience import until
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE, World

TOPIC, MAIL = search_topic("discord").name, "ada@example.org"


def household(world: World) -> None:
    """Two people of one household sign, and one more."""
    for number, (name, mail) in enumerate([("Ada Lovelace", MAIL), ("Ben Lovelace", MAIL), ("Cem", "c@x.org")]):
        answers = {"full_name": name, "postal_code": "90210", "email": mail}
        person = world.person(user_id=f"471100000000{number}", platform="discord")
        person.does(ev.Begin(), ev.Answer(answers), ev.Confirm())


async def work_off(theatre: DiscordTheatre) -> None:
    """Work until no search waits."""
    services, threads = theatre.services, theatre._threads
    place, signing = DiscordEndpoint(theatre.server.base_url, theatre.server.gateway_url), services.signing

    def waits() -> bool:
        with services.queries.outbox() as figures:
            return bool({State.WAITING, State.SENDING} & set(figures.counts(TOPIC)))

    async with connected(services, theatre.server.token, place) as messenger:
        search = PersonSearch(services.organizing, services.queries)
        handler = PersonSearches(search, threads, messenger.files, messenger.to_person)
        pace = Pace(poll=0.02, grace=2)
        async with working(Worker(threads, signing.work, signing.clock, lambda: 0.0, "w", {TOPIC: handler}, pace)):
            await until(lambda: not waits(), "no search waits")


async def test_olga_erases_one_person_of_a_household(theatre: DiscordTheatre) -> None:
    household(theatre.world)
    olga = await organizer(theatre)
    await olga.types(f"!erase {MAIL}")
    assert "I'm searching everything" in olga.dm.last.as_text()
    await work_off(theatre)
    listed = olga.dm.last.as_text()
    assert ["2 accounts match" in listed, "Ada Lovelace" in listed, "Cem" in listed] == [True, True, False]
    await olga.taps("Show what would be erased: no. 1")
    assert "Ben Lovelace" not in olga.dm.last.as_text()
    await olga.taps("Yes, erase everything")
    assert "Done. I withdrew 1 signature" in olga.dm.last.as_text()
    assert theatre.world.counted() == 2
    await olga.types("!audit")
    log = olga.dm.last.as_text()
    assert f"erase do {SALESFORCE}" in log
    assert not leaked((MAIL, "4711"), log)


async def test_olga_finds_one_person_of_a_household(theatre: DiscordTheatre) -> None:
    household(theatre.world)
    olga = await organizer(theatre)
    await olga.types(f"!find {MAIL}")
    await work_off(theatre)
    await olga.taps("Show everything: no. 1")
    assert "Ada Lovelace" in olga.dm.last.as_text()
    await olga.taps("Erase everything about this person")
    await olga.taps("Yes, erase everything")
    assert theatre.world.counted() == 2
    await olga.types("!audit")
    assert [f"find show {SALESFORCE}" in olga.dm.last.as_text(), MAIL in olga.dm.last.as_text()] == [True, False]


async def test_for_everyone_else_there_is_no_such_command(theatre: DiscordTheatre) -> None:
    household(theatre.world)
    mallory = await theatre.person("Mallory")
    await mallory.types(f"!erase {MAIL}")
    assert "searching" not in mallory.dm.last.as_text()
    with theatre.services.queries.outbox() as figures:
        assert not figures.counts(TOPIC)

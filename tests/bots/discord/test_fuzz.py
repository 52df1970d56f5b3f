"""Thousands of random interactions: no exception in the log, no answer missing, and the tally exact."""

from __future__ import annotations

import logging
import random
from collections import Counter
from typing import Any

import pytest

from core.signatures.signature import SignatureStatus
from tests.discord_server.events import Action, create_interaction
from tests.discord_server.forms import submit
from tests.discord_server.kinds import BUTTON, SELECTS, walk
from tests.discord_server.people import Person
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.state import MODAL
from tests.discord_server.views import ChannelView
from tests.effort import scaled
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE, TREES

WORDS = ["90210", "Ada", "US", "=1", "hello", "\u202e", "ada@example.org", "💥" * 40, "x" * 90]
COMMANDS = [
    *("petition show", "petition sign", "petition read", "petition sources", "petition share", "petition count"),
    *("mysignatures", "withdraw", "language", "privacy", "mydata", "forget", "help"),
]
FOR_MODERATORS: list[tuple[str, dict[str, Any]]] = [
    *((f"moderate {order}", {"petition": SALESFORCE}) for order in ("post", "remove", "community")),
    *(("moderate share", {"who": who}) for who in ("Only moderators", "All members, with “Post it here”")),
    *(("moderate language", {"language": code}) for code in ("en", "es", "tlh")),
    *((f"moderate milestones {order}", {}) for order in ("on", "off", "status")),
]
STEPS = scaled(2000)
NAMES = ["Abel", "Baker", "Cole"]


async def step(chance: random.Random, view: ChannelView) -> None:
    """Something that the app lets a person do."""
    if view.modal and chance.random() < 0.8:
        await fill_in(chance, view)
        return
    usable = [
        (message, component)
        for message in view.messages[-5:]
        for component in walk(message.components)
        if component["type"] in {BUTTON, *SELECTS} and component.get("custom_id")
    ]
    if usable and chance.random() < 0.8:
        confirming = [(message, component) for message, component in usable if component.get("label") == "Confirm"]
        message, component = chance.choice(confirming if confirming and chance.random() < 0.5 else usable)
        if component["type"] == BUTTON:
            await view.press_on(message, component["label"], wait=False)
        else:
            await view._use(message, component, {"values": [chance.choice(component["options"])["value"]]}, wait=False)
        return
    if view.user.name == f"Ada {NAMES[0]}" and chance.random() < 0.3:
        words, values = chance.choice(FOR_MODERATORS)
        await view.command(words, wait=False, **values)
        return
    words = chance.choice(COMMANDS)
    more = {"petition": chance.choice([SALESFORCE, TREES, "gone"])} if words.startswith("petition") else {}
    await view.command(words, wait=False, **more)


async def fill_in(chance: random.Random, view: ChannelView) -> None:
    """Send the open form with anything in it that the app would let through."""
    modal = view.modal
    assert modal is not None
    values = {}
    for label in (part for part in modal.components if "component" in part):
        inner = label["component"]
        if inner.get("options"):
            values[label["label"]] = chance.choice(inner["options"])["label"]
        else:
            values[label["label"]] = chance.choice(WORDS)[: inner.get("max_length", 50)]
    data = submit(modal, {name: value if isinstance(value, str) else [value] for name, value in values.items()})
    create_interaction(view._world, view.user, view.channel, Action(MODAL, data, modal.opener.message, modal))


async def test_random_interactions_do_no_harm(theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(20_261_123)
    people = [await theatre.person(f"Ada {name}") for name in NAMES]
    for person in people:
        await person.opens(SALESFORCE)
        await person.taps("Sign")
        await person.types("90210")
        await person.taps("Confirm")
    assert theatre.world.counted() == len(people)
    views = [person.view for person in people]
    moderator = theatre.guild.state.members[views[0].user.id]
    theatre.guild.join(Person(theatre.server, moderator.user), MEMBER | Permission.MANAGE_MESSAGES)
    for number in range(STEPS):
        await step(chance, chance.choice(views))
        if number % 40 == 0:  # settling is a heartbeat, and a client sends 110 in a minute at most
            await theatre.server.settle()
        if number % 100 == 99:
            theatre.server.redeliver(chance.choice(list(theatre.server.world.interactions.values())))
    await theatre.server.settle()
    faults = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert not faults, faults[0].getMessage() + str(faults[0].exc_info)
    assert not theatre.server.failures
    for slug in (SALESFORCE, TREES):
        with theatre.world.work() as work:
            totals = {status: total for status, total in work.tallies.of(slug).totals.items() if total}
        stored = Counter(
            signature.status for signature in theatre.services.queries.signatures(slug, tuple(SignatureStatus))
        )
        assert totals == stored

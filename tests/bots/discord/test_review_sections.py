"""Reviews on Discord: each signature with its decisions beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from bots.common.links import Links
from bots.discord.limits import MOST_COMPONENTS
from bots.discord.renderer import DiscordRenderer
from core.conversation import state as ev
from core.conversation.screen import Button
from core.organizer.command import CommandLine
from tests.core.organizer.test_commands import OLGA, Office
from tests.scenarios.discord_stage import NAMELESS, DiscordTheatre
from tests.world import SALESFORCE, catalog


def test_each_signature_has_its_decisions_beside_it() -> None:
    office = Office()
    office.reads("block label=flyer")
    for name in "ABCDEFGHI":
        person = office.world.person(f"Person {name}", "telegram", name)
        person.does(ev.Open("flyer"), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    view = office.service.run(OLGA, CommandLine("review", SALESFORCE))
    assert view is not None
    message = DiscordRenderer(catalog(), office.world.petitions, Links(discord=1)).render(view)
    beside = [part["accessory"]["label"] for part in message.body if "accessory" in part]
    assert beside == ["Accept", "Invalidate"] * 4
    below = [button["label"] for row in message.rows for button in row["components"]]
    assert below == ["Next", "What holds signatures back"]
    assert message.size <= MOST_COMPONENTS


def test_a_decision_without_room_beside_its_signature_is_below() -> None:
    """Each decision is in one place, since Discord refuses an id that a message has twice."""
    office = Office()
    office.reads("block label=flyer")
    person = office.world.person("Ada", "telegram", "1")
    person.does(ev.Open("flyer"), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    view = office.service.run(OLGA, CommandLine("review", SALESFORCE))
    assert view is not None
    renderer = DiscordRenderer(catalog(), office.world.petitions, Links(discord=1))
    filler = tuple((Button(str(number), order=CommandLine("count", str(number))),) for number in range(14))
    screen = replace(view.screen, buttons=(*view.screen.buttons, *filler))
    message = renderer.render(replace(view, screen=screen))
    assert message.size <= MOST_COMPONENTS
    ids = [part["accessory"]["custom_id"] for part in message.body if "accessory" in part]
    ids += [button["custom_id"] for row in message.rows for button in row["components"]]
    assert len(ids) == len(set(ids))
    (receipt,) = set(re.findall("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", message.text))
    assert {f"!review accept {receipt}", f"!review invalidate {receipt}"} <= set(ids)


async def test_a_decision_goes_on_with_the_list_it_was_taken_on(theatre: DiscordTheatre) -> None:
    for name in ("Ada", "Ben"):
        person = await theatre.person(name)
        await person.view.command("petition sign", petition=SALESFORCE)
        await person.view.submit({"Postal code": "90210", **NAMELESS})
    dm = (await theatre.organizer()).dm()
    dm.say(f"!review {SALESFORCE} status=counted")
    await dm.settle()
    assert "Counted:** 2" in dm.last.as_text()
    await dm.press("Invalidate")
    shown = dm.last.as_text()
    assert "is now “Invalid”" in shown
    assert "Counted:** 1" in shown
    assert "[Invalidate]" in shown
    assert "Nothing to review here" not in shown

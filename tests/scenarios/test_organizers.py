"""Stories of organizers, in their own chat with the bot."""

from __future__ import annotations

import datetime as dt

from tests.scenarios.stage import Persona, Theatre
from tests.world import SALESFORCE


async def organizer(theatre: Theatre, name: str = "Olga") -> Persona:
    """Somebody whom an organizer gave a code."""
    with theatre.world.work() as work:
        work.organizers.invite("OLGASCODE", theatre.world.now + dt.timedelta(hours=1))
        work.commit()
    person = await theatre.person(name)
    await person.opens(SALESFORCE)
    await person.types("/join olgascode")
    assert "you are an organizer now" in person.reads()
    return person


async def test_olga_closes_a_petition_and_a_supporter_sees_it_at_once(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    ben = await theatre.person("Ben")
    await ben.opens(SALESFORCE)
    await olga.types("/help")
    assert "/close" in olga.reads()
    await olga.types(f"/close {SALESFORCE}")
    assert "Nobody can sign any more" in olga.reads()
    await olga.taps("Yes, do it")
    assert "is closed" in olga.reads()
    await ben.opens(SALESFORCE)
    assert "Signing closed on" in ben.reads()
    await olga.types(f"/reopen {SALESFORCE} yes")
    await ben.opens(SALESFORCE)
    assert "Signing closed on" not in ben.reads()
    await olga.types("/audit")
    assert f"/close {SALESFORCE} yes" in olga.reads()


async def test_olga_sets_a_goal_and_tells_of_a_victory(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    await olga.types(f"/goal {SALESFORCE}")
    await olga.taps("5,000")
    await olga.types(f"/victory {SALESFORCE} The contract is cancelled!")
    ben = await theatre.person("Ben")
    await ben.opens(SALESFORCE)
    assert "Victory!" in ben.reads()
    assert "The contract is cancelled!" in ben.reads()
    assert "5,000" in ben.reads()


async def test_to_sam_who_is_no_organizer_the_commands_do_not_exist(theatre: Theatre) -> None:
    sam = await theatre.person("Sam")
    await sam.opens(SALESFORCE)
    said = []
    for line in ("/close", "/nosuchcommand", "/join WRONG", "/audit"):
        await sam.types(line)
        said.append(sam.reads())
    assert len(set(said)) == 1, said

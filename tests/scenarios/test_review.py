"""Stories of review: what was held back is looked through by organizers, and nobody else notices."""

from __future__ import annotations

import re

from tests.scenarios.stage import Persona, Theatre
from tests.scenarios.test_organizers import organizer
from tests.scenarios.test_supporters import signs
from tests.world import SALESFORCE


async def stumbles(theatre: Theatre, name: str) -> Persona:
    """Sign after a first answer that is refused."""
    person = await theatre.person(name)
    await person.opens(SALESFORCE)
    await signs(person, name)
    await person.taps("Edit")
    await person.taps("Edit: Postal code")
    await person.types("nowhere")
    await person.types("90210")
    await person.taps("Confirm")
    return person


async def test_olga_accepts_one_invalidates_the_rest_and_restores_them(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    await olga.types("/review set refused 1")
    assert "1 or more in one conversation" in olga.reads()
    for name in ("Ada", "Ben", "Cem"):
        person = await stumbles(theatre, name)
        assert "Thank you!" in person.reads()
        assert "signature no. 1" in person.reads()
    assert theatre.world.counted() == 0
    await olga.types(f"/review {SALESFORCE}")
    assert "Waiting for review: 3" in olga.reads()
    assert "answers that look like probing: 3" in olga.reads()
    assert "Name: Ada" in olga.reads()
    accept = re.search(r"Accept(?: [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})?", olga.reads())  # beside it, or below all
    assert accept
    await olga.taps(accept[0])
    assert "Waiting for review: 2" in olga.reads()
    assert theatre.world.counted() == 1
    await olga.types(f"/review {SALESFORCE} invalidate reason=refused since=2h")
    assert "Waiting for review: 2" in olga.reads()
    await olga.taps("Mark them as invalid")
    assert "Invalid: +2" in olga.reads()
    assert theatre.world.counted() == 1
    await olga.types(f"/review {SALESFORCE} restore")
    await olga.taps("Restore them")
    await olga.types(f"/review {SALESFORCE} accept")
    await olga.taps("Count them")
    assert theatre.world.counted() == 3
    await olga.types("/audit")
    assert f"{olga.sign}review invalidate {SALESFORCE} reason=refused since=2h: 2" in olga.reads()


async def test_signers_of_invalidated_signatures_see_no_difference(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    ben = await theatre.person("Ben")
    await ben.opens(SALESFORCE)
    await signs(ben, "Ben")
    await ben.taps("Confirm")
    await ben.opens(SALESFORCE)
    before = ben.reads()
    await olga.types(f"/review {SALESFORCE} invalidate status=counted")
    await olga.taps("Mark them as invalid")
    assert theatre.world.counted() == 0
    await ben.opens(SALESFORCE)
    assert ben.reads() == before


async def test_for_sam_there_is_no_review(theatre: Theatre) -> None:
    sam = await theatre.person("Sam")
    await sam.opens(SALESFORCE)
    await sam.types("hi")  # which is welcomed
    replies = []
    for line in ("/review", "/nosuchcommand", "/review set burst 1"):
        await sam.types(line)
        replies.append(sam.reads())
    assert len(set(replies)) == 1, replies

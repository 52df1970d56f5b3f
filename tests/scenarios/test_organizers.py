"""Stories of organizers, in their own chat with the bot."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.scenarios.stage import Persona, Theatre
from tests.scenarios.test_supporters import signs
from tests.world import SALESFORCE


async def organizer(theatre: Theatre, name: str = "Olga") -> Persona:
    """Persona who has become an organizer by a code."""
    with theatre.world.work() as work:
        work.organizers.invite("OLGASCODE", theatre.world.now + dt.timedelta(hours=1))
        work.commit()
    person = await theatre.person(name)
    await person.opens(SALESFORCE)
    await person.types("/join olgascode")
    assert "You're an organizer now" in person.reads()
    return person


async def test_olga_closes_a_petition_and_a_supporter_sees_it_at_once(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    ben = await theatre.person("Ben")
    await ben.opens(SALESFORCE)
    await olga.types("/help")
    assert f"{olga.sign}close" in olga.reads()
    await olga.types(f"/close {SALESFORCE}")
    assert "Nobody will be able to sign" in olga.reads()
    await olga.taps("Close the petition")
    assert "is closed" in olga.reads()
    await ben.opens(SALESFORCE)
    assert "Signing closed on" in ben.reads()
    await olga.types(f"/reopen {SALESFORCE} yes")
    await ben.opens(SALESFORCE)
    assert "Signing closed on" not in ben.reads()
    await olga.types("/audit")
    assert f"{olga.sign}close {SALESFORCE} yes" in olga.reads()


async def test_olga_sets_a_goal_and_tells_of_a_victory(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    await olga.types(f"/goal {SALESFORCE}")
    await olga.taps("5,000")
    ben = await theatre.person("Ben")
    await ben.opens(SALESFORCE)
    assert "5,000" in ben.reads()
    await olga.types(f"/victory {SALESFORCE} The contract is canceled!")
    await olga.taps("Declare victory and stop signing")
    await ben.opens(SALESFORCE)
    assert "Victory!" in ben.reads()
    assert "The contract is canceled!" in ben.reads()
    assert "5,000" not in ben.reads(), "nothing is ahead any more"


async def test_olga_makes_a_link_and_gets_its_code_as_a_picture(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    await olga.types("/link flyer")
    assert "are counted under “flyer”" in olga.reads()
    (picture,) = olga.pictures()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert code.text == f"https://petitions.example.org/p/{SALESFORCE}?source=flyer"


async def test_a_mistyped_command_is_one_tap_from_the_right_one(theatre: Theatre) -> None:
    olga, sam = await organizer(theatre), await theatre.person("Sam")
    await olga.types(f"/stast {SALESFORCE} 30d")
    assert f"Did you mean {olga.sign}stats {SALESFORCE} 30d?" in olga.reads()
    await olga.taps(f"{olga.sign}stats {SALESFORCE} 30d")
    assert "Counted: 0" in olga.reads()
    await sam.opens(SALESFORCE)
    await sam.types(f"/stast {SALESFORCE} 30d")
    assert "Did you mean" not in sam.reads()


@pytest.mark.process
async def test_olga_orders_the_hand_in_and_it_comes(theatre: Theatre, tmp_path: Path) -> None:
    olga, ben = await organizer(theatre), await theatre.person("Ben")
    await ben.opens(SALESFORCE)
    await signs(ben, "Ben")
    await ben.taps("Confirm")
    await olga.types(f"/export {SALESFORCE}")
    assert "Which file would you like for “Tell Salesforce" in olga.reads()
    await olga.taps("PDF to hand in")
    assert "I'm making your file" in olga.reads()
    await theatre.files_arrive(tmp_path / "workshop")
    assert "1 file, 1 signature." in olga.reads()
    await olga.types(f"/export {SALESFORCE} pdf")
    assert "You asked for that file a moment ago" in olga.reads()
    await olga.types("/audit")
    assert f"{olga.sign}export {SALESFORCE} pdf" in olga.reads()


async def test_for_sam_the_organizers_commands_do_not_exist(theatre: Theatre) -> None:
    sam = await theatre.person("Sam")
    await sam.opens(SALESFORCE)
    await sam.types("hi")  # which is welcomed
    replies = []
    for line in ("/close", "/nosuchcommand", "/join WRONG", "/audit"):
        await sam.types(line)
        replies.append(sam.reads())
    assert len(set(replies)) == 1, replies

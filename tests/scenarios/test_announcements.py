"""Olga writes to those who asked for updates, on every surface; supporters elsewhere get it, or do not."""

from __future__ import annotations

from core.conversation import state as ev
from tests.deliveries import Postbox, deliver
from tests.scenarios.stage import Theatre
from tests.scenarios.test_organizers import organizer
from tests.world import SALESFORCE, Talker

TEXT = "The council votes on **Friday**. Come at 18:00!"


def supporter(theatre: Theatre, number: str, platform: str = "telegram", language: str = "en") -> Talker:
    person = theatre.world.person("Ada Lovelace", platform, number, language)
    person.does(ev.Begin(), ev.Reply("90210"), ev.SetUpdates(wanted=True), ev.Confirm())
    return person


async def test_olga_looks_first_and_chooses_who_gets_it(theatre: Theatre) -> None:
    supporter(theatre, "8001")
    supporter(theatre, "8002", "discord", "es")
    supporter(theatre, "8003")
    olga = await organizer(theatre)
    await olga.types("/announce")
    assert "You haven't announced anything yet." in olga.reads()
    await olga.types(f"/announce {SALESFORCE} {TEXT}")
    for words in ("hasn't been sent yet", "Friday", "you signed and asked for updates", "Telegram: 2", "Discord: 1"):
        assert words in olga.reads()
    assert "The same announcement on" in olga.reads(), "another platform's look"
    await olga.taps("People who signed in Spanish: 1")
    assert "Send to 1 person" in olga.reads()
    await olga.taps("Back")
    assert "Everyone who asked for updates: 3" in olga.reads()


async def test_olga_sends_pauses_and_reads_what_became_of_it(theatre: Theatre) -> None:
    ada, ben = supporter(theatre, "8001"), supporter(theatre, "8002", "discord", "es")
    supporter(theatre, "8003")
    olga = await organizer(theatre)
    await olga.types(f"/announce {SALESFORCE} {TEXT}")
    await olga.taps("Everyone who asked for updates: 3")
    await olga.taps("Send to 3 people")
    assert "still collecting the recipients" in olga.reads()
    await olga.taps("Pause")
    assert "Paused. Nothing is sent until you resume." in olga.reads()
    boxes = Postbox("telegram", shut={"8003"}), Postbox("discord")
    await deliver(theatre.world.signing, *boxes)
    assert (boxes[0].got, boxes[1].got) == ([], [])
    ben.does(ev.SetUpdates(wanted=False))
    await olga.taps("Resume")
    await deliver(theatre.world.signing, *boxes)
    assert [who for who, _ in boxes[0].got] == [ada.signer.user_id]
    assert boxes[1].got == []
    await olga.taps("Refresh")
    for words in (
        "Finished sending.", "Sent: 1", "Blocked the bot: 1", "No longer want updates: 1", "Failed: 0", "Uncertain: 0",
    ):  # fmt: skip
        assert words in olga.reads()
    await olga.types("/announce")
    assert "The council votes" in olga.reads()
    await olga.types("/audit")
    assert f"{olga.sign}announcement 1 paused" in olga.reads()
    assert "Announcement on Telegram, not sent (Blocked): 1" in olga.reads()


async def test_olga_cancels_and_nobody_gets_it(theatre: Theatre) -> None:
    supporter(theatre, "8001")
    olga = await organizer(theatre)
    await olga.types(f"/announce {SALESFORCE} {TEXT}")
    await olga.taps("Everyone who asked for updates: 1")
    await olga.taps("Send to 1 person")
    await olga.taps("Cancel the rest")
    assert "Canceled. Nobody else will get it." in olga.reads()
    box = Postbox("telegram")
    await deliver(theatre.world.signing, box)
    assert box.got == []


async def test_olga_sees_which_milestones_were_reached(theatre: Theatre) -> None:
    olga = await organizer(theatre)
    await olga.types("/milestone")
    assert "The first is 100" in olga.reads()


async def test_for_sam_announcements_do_not_exist(theatre: Theatre) -> None:
    sam = await theatre.person("Sam")
    await sam.opens(SALESFORCE)
    await sam.types("hi")  # which is welcomed
    replies = []
    for line in ("/announce Hello", "/announcement 1", "/milestone", "/nosuchcommand"):
        await sam.types(line)
        replies.append(sam.reads())
    assert len(set(replies)) == 1, replies

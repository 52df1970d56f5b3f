"""Milestones on Telegram: who chooses them for a group, and what the group gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.outbox import NewEntry
from core.outreach.milestones import CROSSED
from tests.bots.telegram.test_announcements import delivered, outcomes
from tests.bots.telegram.test_groups import group_of, links
from tests.scenarios.stage import TelegramTheatre
from tests.world import SALESFORCE, TREES


def cross(theatre: TelegramTheatre, number: int = 100) -> None:
    with theatre.world.work() as work:
        payload = {"petition": SALESFORCE, "number": number}
        work.outbox.put([NewEntry(CROSSED, f"{SALESFORCE}:{number}", theatre.world.now, payload)])
        work.commit()


async def test_a_group_whose_administrator_wants_milestones_gets_one(theatre: TelegramTheatre) -> None:
    del theatre.world.petitions[TREES]
    _, mod = group_of(theatre)
    await mod.send("/milestone on")
    assert mod.last.text == (
        "I'll post here each time the count passes a milestone: 100, 1,000, 10,000, and so on. "
        "To stop this, send /milestone off."
    )
    cross(theatre)
    await delivered(theatre)
    assert mod.last.text.startswith("100 people have signed!\n\nTell Salesforce")
    sign, read = links(mod)
    assert sign.startswith("https://t.me/undersign_bot?start=salesforce-cbp--g")
    assert read == f"{sign.removesuffix('--sign')}--read"
    await mod.send("/milestone off")
    assert "Milestone posts are now off" in mod.last.text
    cross(theatre, 1000)
    await delivered(theatre)
    assert "Milestone posts are now off" in mod.last.text
    assert outcomes(theatre, "milestone.telegram") == {"done": 1}


async def test_for_others_in_the_group_the_command_does_not_exist(theatre: TelegramTheatre) -> None:
    group, mod = group_of(theatre)
    member = theatre.server.person(51, "Member").in_group(group)
    await member.send("/milestone on")
    for line in ("/milestone", "/milestone maybe", "/milestone on please"):
        await mod.send(line)
    with pytest.raises(LookupError):
        assert mod.last
    await theatre.registered()
    assert "milestone" in mod.menu()
    assert "milestone" not in member.menu()


async def test_where_telegram_does_not_say_who_administers_nobody_does(theatre: TelegramTheatre) -> None:
    """It may not tell a bot what a member is; who the administrators are, it tells every bot in the group."""
    _, mod = group_of(theatre)
    theatre.server.fail_next("getChatMember", 400, "Bad Request: CHAT_ADMIN_REQUIRED", times=9)
    theatre.server.fail_next("getChatAdministrators", 400, "Bad Request: CHANNEL_PRIVATE")
    await mod.send("/milestone on")
    assert not theatre.server.calls("sendMessage")
    await mod.send("/milestone on")
    assert "a milestone: 100, 1,000" in mod.last.text


@pytest.mark.parametrize("trouble", ["kicked", "upgraded"])
async def test_a_deleted_group_is_not_tried_again_and_an_upgraded_one_is_found(
    theatre: TelegramTheatre, trouble: str
) -> None:
    group, mod = group_of(theatre)
    await mod.send("/milestone on")
    if trouble == "kicked":
        await group.kick_bot()
    else:
        await group.upgrade()
    for number in (100, 1000):
        cross(theatre, number)
        await delivered(theatre)
    if trouble == "kicked":
        assert outcomes(theatre, "milestone.telegram") == {"Blocked": 1}
    else:
        assert "1,000 people" in theatre.server.person(50, "Mod").in_group(group).last.text


async def test_a_group_that_moves_while_nobody_looks_gets_its_milestone(theatre: TelegramTheatre) -> None:
    group, mod = group_of(theatre)
    await mod.send("/milestone on")
    old = group.chat.id
    await group.upgrade()
    await theatre._stop_bot()
    with theatre.world.work() as work:
        follower = work.milestones.followers()[0]
        work.milestones.unfollow("telegram", follower.chat)
        work.milestones.follow(replace(follower, chat=str(old)))
        work.commit()
    cross(theatre)
    await delivered(theatre)
    assert "100 people" in theatre.server.person(50, "Mod").in_group(group).last.text

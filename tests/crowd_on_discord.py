"""What people do on Discord about a crowd's petitions, through the fake server, which refuses what is too large."""

from __future__ import annotations

from typing import Any

from core.messages import Message
from core.outbox import NewEntry
from core.outreach.milestones import CROSSED
from tests.bots.discord.test_announcements import delivered
from tests.crowd import Crowd
from tests.crowd_stage import credit
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.posts import KINDS
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import LOCALES, DiscordTheatre
from tests.world import catalog

_MODERATE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("share", {"who": "All members, with “Post it here”"}),
    ("language", {"language": "zzz " * 50}),
    ("language", {"language": "en"}),
    ("milestones on", {}),
    ("milestones status", {}),
    ("milestones off", {}),
    ("milestones on", {"publish": True}),
    ("milestones on", {}),
)
_PETITION = ("show", "sign", "read", "sources", "share", "count")
_TYPED = ("hello", "/help", "/mysignatures", "/mydata", "/privacy", "/nonsense")


async def play_on_discord(theatre: DiscordTheatre, crowd: Crowd) -> None:
    """Let a moderator and a member use all that a server and a private chat offer; nothing may be refused."""
    slug = next(iter(crowd.every), "")
    mona = theatre.server.person(900, "Mona", LOCALES[crowd.locale])
    theatre.guild.join(mona, MEMBER | Permission.MANAGE_MESSAGES)
    credit(theatre, theatre.services.community_label("discord", str(theatre.guild.id)))
    await _moderates(theatre, mona.in_channel(theatre.channel), slug)
    ada = await theatre.person("Ada", crowd.locale)
    await _takes_part(ada.view, slug, crowd.locale)
    await _writes(ada.dm)
    refused = [
        (call.path.split("/")[1], call.code, call.answer, call.params)
        for call in theatre.server.log
        if call.status >= 400
    ]
    assert not refused, refused
    assert not theatre.server.failures, theatre.server.failures


async def _moderates(theatre: DiscordTheatre, view: ChannelView, slug: str) -> None:
    for order in ("community", "post", "remove"):
        await view.command(f"moderate {order}")
    for order, options in _MODERATE:
        await view.command(f"moderate {order}", **options)
    for order in ("community", "post", "post", "remove") if slug else ():
        await view.command(f"moderate {order}", petition=slug)
    await view.complete("moderate post", "petition", "")
    await view.complete("moderate language", "language", "")
    if slug:
        _cross(theatre, slug)
        await delivered(theatre)
        assert not view.last.ephemeral, "the milestone is posted"


async def _takes_part(view: ChannelView, slug: str, locale: str) -> None:
    for order in _PETITION:
        await view.command(f"petition {order}")
        view.dismiss_modal()
        if slug:
            await view.command(f"petition {order}", petition=slug)
            view.dismiss_modal()
    await view.complete("petition show", "petition", "")
    if slug:
        await view.complete("petition sources", "source", "", petition=slug)
        await view.command("petition share", petition=slug)
        await view.press(catalog().text(Message("discord.post_here"), locale))
        assert not view.last.ephemeral, "the card is posted"


async def _writes(view: ChannelView) -> None:
    for words in _TYPED:
        view.say(words)
        await view.settle()
    view.say("", KINDS["voice"])
    await view.settle()


def _cross(theatre: DiscordTheatre, slug: str) -> None:
    with theatre.world.work() as work:
        payload = {"petition": slug, "number": 1_000_000}
        work.outbox.put([NewEntry(CROSSED, f"{slug}:1000000", theatre.world.now, payload)])
        work.commit()

"""Actions of people on Discord about a crowd's petitions; the fake server refuses what is too large."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from core.conversation import state as ev
from core.conversation.screen import View
from core.messages import Message
from core.organizer.outage import OutageService
from core.organizer.retention import DUE
from core.organizer.source_news import SourceCheckService
from core.outbox import NewEntry
from core.outreach.milestones import CROSSED
from core.signatures.signature import hour_of
from core.sources.checks import LinkState, SourceCheck
from tests.bots.discord.test_announcements import delivered
from tests.bots.discord.test_erasing import work_off
from tests.crowd import Crowd
from tests.crowd_stage import credit
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.posts import KINDS
from tests.discord_server.views import ChannelView
from tests.refusals import check_discord
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
_ORGANIZER = ("help", "stats", "count", "which 2 stats", "organizers", "lists", "audit")
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
    await _organizes(theatre, crowd)
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


async def _organizes(theatre: DiscordTheatre, crowd: Crowd) -> None:
    """Let an organizer join, search among signatures, and read notices."""
    world, olga = theatre.world, theatre.server.person(77, "Olga", LOCALES[crowd.locale])
    with world.work() as work:
        work.organizers.invite("OLGASCODE", world.now + dt.timedelta(days=9))
        work.commit()
    dm = olga.dm()
    for line in ("!join olgascode", *(f"!{name}" for name in _ORGANIZER)):
        dm.say(line)
        await dm.settle()
    held = list(crowd.every)[1:2]
    for slug in held:
        ada = world.person("Ada Lovelace", "discord", "4711", crowd.locale).about(slug)
        ada.does(ev.Begin(), ev.Answer({"full_name": "Ada Lovelace", "postal_code": "90210"}), ev.Confirm())
        for line in (f"!review {slug} status=any name=ada", "!find ada"):
            dm.say(line)
            await dm.settle()
            await work_off(theatre)
        for view in _notices(theatre, str(olga.id), slug):
            check_discord(theatre.surface._renderer.render(view))


def _notices(theatre: DiscordTheatre, organizer: str, slug: str) -> Iterator[View]:
    """The notices about erasing, about outages, and about sources that are gone."""
    services, now = theatre.services, theatre.world.now
    checking, citing = SourceCheckService(services.organizing), next(iter(services.petitions.values()))
    for look in checking.looks(citing):
        gone = SourceCheck(look.source.key, look.source.link or "", now, LinkState.GONE, quote=look.source.quote)
        checking.record(look, gone)
    news = {"organizer": organizer, "petition": citing.slug, "hour": hour_of(now).isoformat()}
    payload = {"organizer": organizer, "kind": DUE, "slug": slug, "day": now.date().isoformat()}
    outage = {"organizer": organizer, "component": f"petition-{slug}", "final": True, "began": "12:00"}
    reported = outage | {"reported": now.isoformat()}
    for found in (
        services.retention.notice("discord", payload),
        OutageService(services.organizing).notice("discord", reported),
        checking.notice("discord", news),
    ):
        assert found
        yield found[1]


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

"""Servers, their languages, and the cards in them: buttons that work for everyone, and counts that stay current."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import discord
from discord.http import HTTPClient, MultipartParameters

from bots.common.service_threads import ServiceThreads
from bots.common.throttle import Throttle
from bots.delivery.fresh_cards import FreshCards
from bots.discord.answers import OddAnswer
from bots.discord.message import DiscordMessage
from bots.discord.publishing import is_published, publish
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import FINAL, PASSING, RESTING, UNREACHED, Refusal
from core.outreach.cards import Card
from core.outreach.communities import Community
from core.platforms import Platform
from core.services.cards import CardService

log = logging.getLogger(__name__)

FORGET_AFTER = dt.timedelta(days=7)
"""The time for which Discord may refuse access to a card before the bot forgets it."""


@dataclass(frozen=True)
class Servers:
    """Knows servers, and keeps their cards current."""

    http: HTTPClient
    threads: ServiceThreads
    cards: CardService
    renderer: DiscordRenderer
    fresh: FreshCards
    new_label: Callable[[str], str]
    _used: Throttle = field(default_factory=Throttle)
    _asked: Throttle = field(default_factory=lambda: Throttle(dt.timedelta(days=1)))

    async def label(self, interaction: discord.Interaction) -> str:
        """The label of the server that an interaction comes from."""
        return (await self.community(interaction)).label

    async def community(self, interaction: discord.Interaction, *, named: bool = False) -> Community:
        """The server that an interaction comes from; if `named`, its name is asked for and stored."""
        server = str(interaction.guild_id)
        title = await self._title(interaction) if named else ""
        return await self.threads.run(self.cards.community, Platform.DISCORD, server, self.new_label(server), title)

    async def learn_name(self, interaction: discord.Interaction) -> None:
        """Ask for the name of the server that an interaction comes from and store it, at most once a day."""
        if self._asked.allows(interaction.guild_id, self.cards.clock()):
            await self.community(interaction, named=True)

    async def _title(self, interaction: discord.Interaction) -> str:
        """The server's name, which interactions leave out; empty if Discord doesn't tell."""
        try:
            found: object = await self.http.get_guild(interaction.guild_id or 0, with_counts=False)
        except (discord.HTTPException, OddAnswer, *UNREACHED):
            return ""
        name = found.get("name") if isinstance(found, dict) else ""
        return name if isinstance(name, str) else ""

    def language(self, interaction: discord.Interaction, community: Community) -> str:
        """The language that moderators chose, or the server's; empty if it has none.

        Without Discord's Community features every server appears to be English, so that says nothing.
        """
        guild = interaction.guild
        says_so = guild is not None and "COMMUNITY" in guild.features
        spoken = self.renderer.catalog.negotiate(str(interaction.guild_locale)) if says_so else ""
        return community.locale or spoken

    async def refresh_forever(self) -> None:
        """Keep the counts on all cards current."""
        await self.fresh.forever(_queue_key, self.edit)

    async def refresh(self) -> None:
        """Queue what is due now in its channel's queue."""
        await self.fresh.look(_queue_key, self.edit)

    async def resume(self, interaction: discord.Interaction) -> None:
        """Try the refused cards of a channel again, since it is used; this looks for them once a minute."""
        channel = str(interaction.channel_id)
        if self._used.allows(channel, self.cards.clock()):
            await self.threads.run(self.cards.resume, Platform.DISCORD, channel)

    async def draw(self, card: Card) -> tuple[str, DiscordMessage]:
        """The digest of what a card should show now, and the card."""
        digest, view = await self.fresh.draw((card.petition, card.locale))
        return digest, self.renderer.card(view, card.label)

    async def edit(self, card: Card) -> bool:
        """Draw a card again; False if it is gone."""
        digest, message = await self.draw(card)
        parameters = MultipartParameters(message.content(), None, None)
        try:
            answer = await self.http.edit_message(int(card.chat), int(card.message), params=parameters)
        except discord.RateLimited as limit:
            await self.threads.run(self.cards.record_pause, card, limit.retry_after)
            return True
        except discord.HTTPException as refusal:
            return await self._record_refusal(card, refusal)
        await self.threads.run(self.cards.record_refreshed, replace(card, published=is_published(answer)), digest)
        return True

    async def _record_refusal(self, card: Card, refusal: discord.HTTPException) -> bool:
        """Record that a card can't be edited now; False if it never can. Only the first refusal is logged."""
        if refusal.code in FINAL:
            log.info("a card is no longer refreshed: %s", Refusal(refusal.code).name.lower().replace("_", " "))
            await self.threads.run(self.cards.forget, card)
            return False
        if card.refused_at is None:
            level = logging.INFO if refusal.code in PASSING | RESTING else logging.WARNING
            log.log(level, "a card was not refreshed: status %s, code %s", refusal.status, refusal.code)
        await self.threads.run(self.cards.record_refused, card, FORGET_AFTER if refusal.code in PASSING else None)
        return True

    async def is_there(self, card: Card) -> bool:
        """True unless a card was deleted. This edits the card; one that may not be edited now is only looked at."""
        return await (self.exists(card) if card.rests(self.cards.clock()) else self.edit(card))

    async def exists(self, card: Card) -> bool:
        """True unless a card was deleted, as far as Discord lets us see; one that was is forgotten."""
        try:
            await self.http.get_message(int(card.chat), int(card.message))
        except discord.NotFound:
            await self.threads.run(self.cards.forget, card)
            return False
        except (discord.HTTPException, discord.RateLimited, OddAnswer, *UNREACHED):
            return True
        return True

    async def publish(self, card: Card) -> bool:
        """Publish a posted card; False if Discord doesn't let us."""
        published = await publish(self.http, card.chat, card.message)
        if published:
            await self.threads.run(self.cards.record_published, card)
        return published

    async def remove(self, card: Card) -> bool:
        """Delete a card and forget it; False if Discord doesn't let us."""
        try:
            await self.http.delete_message(int(card.chat), int(card.message))
        except discord.HTTPException as refusal:
            if refusal.code not in FINAL:
                return False
        await self.threads.run(self.cards.forget, card)
        return True


def _queue_key(card: Card) -> tuple[str, str]:
    return ("card", card.chat)

"""Posting cards: a moderator posts a channel's card, and a member posts one of their own, for everyone to see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import discord

from bots.common.per_chat_queue import PerChatQueue
from bots.common.throttle import Throttle
from bots.discord.message import DiscordMessage
from bots.discord.places import ANNOUNCEMENTS, closed, kind_of, missing
from bots.discord.replies import BLOCKED, GONE, InteractionReply, post_once
from bots.discord.servers import Servers
from core.conversation.screen import Screen, ShareLink
from core.errors import StorageUnavailableError
from core.messages import Message
from core.outreach.cards import Card, PostingRules
from core.petition.collection import find_slug, original_language, published
from core.petition.label import is_community
from core.platforms import Platform

_CHANNELS = "https://discord.com/channels"


@dataclass(frozen=True)
class Posting:
    """Posts cards, or says in one sentence why not."""

    servers: Servers
    queue: PerChatQueue
    new_referral: Callable[[], str]
    _looked: Throttle = field(default_factory=lambda: Throttle(dt.timedelta(hours=1)))

    async def post(self, interaction: discord.Interaction, slug: str, *, publish: bool) -> Message:
        """Post the card of this channel, and publish it if asked to; returns the sentence to answer with."""
        servers, channel = self.servers, str(interaction.channel_id)
        obstacle = self._obstacle(interaction, slug, publish=publish)
        if obstacle:
            return obstacle
        community = await servers.community(interaction, named=True)
        locale = servers.language(interaction, community) or original_language(servers.renderer.petitions, slug)
        card = Card(Platform.DISCORD, channel, "", slug, community.label, locale, "", servers.cards.clock())
        living = await servers.threads.run(servers.cards.living, card)
        if living and await servers.is_there(living):  # unless it was deleted, as only a call shows
            if publish and not living.published:
                return await self._publish(living)
            return Message("discord.above", {"link": _link(interaction, living)})
        digest, message = await servers.draw(card)
        try:
            number = await post_once(servers.http, channel, message, str(interaction.id))
        except discord.HTTPException as refusal:
            if refusal.code in GONE:
                return closed(kind_of(interaction))
            if not _is_forbidden(refusal):
                raise
            return Message("discord.refused")
        posted = replace(card, message=str(number), shown=digest)
        await servers.threads.run(servers.cards.record_posted, posted)
        return await self._publish(posted) if publish else Message("discord.posted")

    def _obstacle(self, interaction: discord.Interaction, slug: str, *, publish: bool) -> Message | None:
        if slug not in published(self.servers.renderer.petitions):
            return Message("discord.which")
        if publish and kind_of(interaction) is not ANNOUNCEMENTS:
            return Message("discord.cannot_publish_here")
        lacking = missing(interaction.app_permissions, kind_of(interaction))
        return Message("discord.missing", {"permissions": lacking}) if lacking else None

    async def _publish(self, card: Card) -> Message:
        return Message("discord.published" if await self.servers.publish(card) else "discord.not_published")

    async def share(self, interaction: discord.Interaction, reply: InteractionReply, slug: str, label: str) -> None:
        """Post a member's own card, which credits them, as the answer to them, so that everyone sees who posted it.

        A member's label has the same shape whether or not they signed, so no card reveals that. An organizer's link has
        its own. None has a server's, which only the moderators' card has.
        """
        servers = self.servers
        catalog, cards = servers.renderer.catalog, servers.cards
        locale = catalog.negotiate(interaction.locale.value)
        why_not = await self._why_not_share(interaction, slug)
        if why_not:
            await reply.tell(DiscordMessage.plain(catalog.words(why_not, locale)))
            return
        label = label if label and not is_community(label) else self.new_referral()
        channel = str(interaction.channel_id)
        card = Card(Platform.DISCORD, channel, "", slug, label, locale, "", cards.clock())
        digest, message = await servers.draw(card)
        try:
            number = await reply.publish(message)
        except discord.HTTPException as refusal:
            if not _is_forbidden(refusal):
                raise
            await reply.tell(DiscordMessage.plain(catalog.words(Message("discord.refused"), locale)))
            return
        if number and interaction.is_guild_integration():  # elsewhere the bot can't edit it later
            await servers.threads.run(cards.record_posted, replace(card, message=str(number), shown=digest))

    async def is_offered(self, interaction: discord.Interaction, screen: Screen) -> bool:
        """True if other people would see a card posted from here, and the person may post that of a screen.

        The tap is checked again, since that may change. So if the rules can't be read now, the button is offered.
        """
        invited = {part.petition for part in screen.parts if isinstance(part, ShareLink)}
        if not invited or not _in_company(interaction) or _may_not_write(interaction):
            return False
        if not interaction.is_guild_integration():
            return True
        try:
            rules = await self._rules(interaction)
        except StorageUnavailableError:
            return True
        slugs = {find_slug(self.servers.renderer.petitions, petition) for petition in invited}
        for card in filter(None, map(rules.moderators_card, slugs)):
            self._look_for(card)
        return all(map(rules.allow, slugs))

    def _look_for(self, card: Card) -> None:
        """Look after the answer, once an hour at most, if a moderators' card still exists: Discord doesn't tell us."""
        if self._looked.allows(card.message, self.servers.cards.clock()):
            self.queue.put(("look", card.chat), partial(self.servers.exists, card))

    async def _rules(self, interaction: discord.Interaction) -> PostingRules:
        """The rules of the server for its members' cards in the channel of an interaction."""
        server, channel = str(interaction.guild_id), str(interaction.channel_id)
        return await self.servers.threads.run(self.servers.cards.posting_rules, Platform.DISCORD, server, channel)

    async def _why_not_share(self, interaction: discord.Interaction, slug: str) -> Message | None:
        servers, channel = self.servers, str(interaction.channel_id)
        if _may_not_write(interaction):
            return Message("discord.may_not_write")
        if interaction.is_guild_integration():
            rules = await self._rules(interaction)
            if not rules.members_post:
                return Message("discord.moderators_post")
            card = rules.moderators_card(slug)
            if card and await servers.is_there(card):
                return Message("discord.moderators_card", {"link": _link(interaction, card)})
        account = str(interaction.user.id)
        claimed = await servers.threads.run(servers.cards.claim_share, Platform.DISCORD, account, channel)
        return None if claimed else Message("discord.posted_today")


def _is_forbidden(refusal: discord.HTTPException) -> bool:
    """True if Discord, or a rule of the server, doesn't let this message be posted here."""
    return isinstance(refusal, discord.Forbidden) or refusal.code in BLOCKED


def _in_company(interaction: discord.Interaction) -> bool:
    """Return true if other people would see a message posted from here."""
    if interaction.context.dm_channel:
        return False
    member = interaction.guild_id is None or interaction.is_guild_integration()
    return member or interaction.permissions.use_external_apps


def _may_not_write(interaction: discord.Interaction) -> bool:
    return interaction.guild_id is not None and bool(missing(interaction.permissions, kind_of(interaction)))


def _link(interaction: discord.Interaction, card: Card) -> str:
    return f"{_CHANNELS}/{interaction.guild_id}/{card.chat}/{card.message}"

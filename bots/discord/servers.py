"""Servers: a moderator posts the petition's card. Its buttons work for everyone, and its count stays current."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import discord
from discord.http import HTTPClient, MultipartParameters

from bots.common.service_threads import ServiceThreads
from bots.delivery.fresh_cards import FreshCards
from bots.discord.answers import OddAnswer
from bots.discord.message import DiscordMessage
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import GONE, UNREACHED, InteractionReply, Refusal, post_once
from core.conversation.screen import View
from core.messages import Message
from core.outreach.cards import Card
from core.outreach.communities import Community
from core.outreach.milestones import Follower
from core.petition.collection import original_language, published
from core.platforms import Platform
from core.services.cards import CardService
from core.services.community import report
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)

_CHANNELS = "https://discord.com/channels"
FORGET_AFTER = dt.timedelta(days=7)
"""The time for which Discord may refuse access to a card before the bot forgets it."""
_THREADS = (discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread)


@dataclass(frozen=True)
class Servers:
    """Posts cards and refreshes them."""

    http: HTTPClient
    threads: ServiceThreads
    cards: CardService
    renderer: DiscordRenderer
    fresh: FreshCards
    new_label: Callable[[str], str]
    new_referral: Callable[[], str]
    milestones: MilestoneService

    async def label(self, interaction: discord.Interaction, title: str = "") -> str:
        """The label of the server that an interaction comes from; its `title` is stored if there is one."""
        return (await self._community(interaction, title)).label

    async def _community(self, interaction: discord.Interaction, title: str = "") -> Community:
        server = str(interaction.guild_id)
        return await self.threads.run(self.cards.community, Platform.DISCORD, server, self.new_label(server), title)

    async def post(self, interaction: discord.Interaction, reply: InteractionReply, slug: str) -> None:
        """Handle `/petition post`: post the card in this channel, or say in one sentence why not."""
        # Acknowledge first: Discord accepts that once, so an interaction that arrives twice posts only once.
        if not await reply.begin():
            return
        locale = self.renderer.catalog.negotiate(interaction.locale.value)
        why_not = self._obstacle(interaction, slug)
        if why_not is None:
            why_not = await self._post_card(interaction, slug) or Message("discord.posted")
        await reply.show(DiscordMessage.plain(self.renderer.catalog.words(why_not, locale)))

    async def _title(self, interaction: discord.Interaction) -> str:
        """The server's name, which interactions leave out; empty if Discord doesn't tell."""
        try:
            found: object = await self.http.get_guild(interaction.guild_id or 0, with_counts=False)
        except (discord.HTTPException, OddAnswer, *UNREACHED):
            return ""
        name = found.get("name") if isinstance(found, dict) else ""
        return name if isinstance(name, str) else ""

    def _obstacle(self, interaction: discord.Interaction, slug: str) -> Message | None:
        allowed = interaction.permissions
        if interaction.guild_id is None:
            return Message("discord.no_server")
        if not (allowed.manage_guild or allowed.manage_messages):
            return Message("discord.not_moderator")
        if not interaction.is_guild_integration():
            return Message("discord.not_member", {"link": self.renderer.links.discord_server})
        if slug not in published(self.renderer.petitions):
            return Message("discord.which")
        missing = tuple(_missing(interaction))
        return Message("discord.missing", {"permissions": missing}) if missing else None

    async def _post_card(self, interaction: discord.Interaction, slug: str, label: str = "") -> Message | None:
        """Post the card and store it; returns None if that worked, else the reason why not."""
        channel = str(interaction.channel_id)
        recent = await self.threads.run(self.cards.recent, Platform.DISCORD, channel, slug)
        if label and recent:
            return Message("discord.recent")  # a second card so soon would be spam
        community = await self._community(interaction, await self._title(interaction))
        locale = community.locale or self._language(interaction) or original_language(self.renderer.petitions, slug)
        now = self.cards.clock()
        card = Card(Platform.DISCORD, channel, "", slug, label or community.label, locale, "", now)
        living = await self.threads.run(self.cards.living, card)
        if living and await self._edit(living):  # unless it was deleted, as only an edit shows
            link = f"{_CHANNELS}/{interaction.guild_id}/{channel}/{living.message}"
            return Message("discord.above", {"link": link})
        digest, message = await self._draw(card)
        try:
            number = await post_once(self.http, channel, message, str(interaction.id))
        except discord.Forbidden as refusal:
            if refusal.code not in GONE:
                return Message("discord.refused")
            permissions = (Message("discord.may_view"), Message("discord.may_send"))
            return Message("discord.missing", {"permissions": permissions})
        await self.threads.run(self.cards.record_posted, replace(card, message=str(number), shown=digest))
        return None

    async def community(self, interaction: discord.Interaction, reply: InteractionReply, slug: str) -> None:
        """Handle `/petition community`: what this server brought, for those who may manage it, or why not."""
        locale = self.renderer.catalog.negotiate(interaction.locale.value)
        why_not = self._not_manager(interaction)
        if why_not:
            await reply.show(DiscordMessage.plain(self.renderer.catalog.words(why_not, locale)))
            return
        petitions = self.renderer.petitions
        chosen = {slug: petitions[slug]} if slug in petitions else petitions
        label = await self.label(interaction)
        screen = await self.threads.run(report, self.fresh.queries, chosen, label, locale, self.cards.clock())
        await reply.show(self.renderer.render(View(screen, locale)))

    def _not_manager(self, interaction: discord.Interaction) -> Message | None:
        """The reason this person may not use a command for the server's managers, or None."""
        if interaction.guild_id is None:
            return Message("discord.which_server")
        if not interaction.permissions.manage_guild:
            return Message("discord.not_manager")
        if not interaction.is_guild_integration():
            return Message("discord.not_member", {"link": self.renderer.links.discord_server})
        return None

    async def pass_on(self, interaction: discord.Interaction, reply: InteractionReply, slug: str, label: str) -> None:
        """Post a signer's own card in the chat they are in. It credits them without naming them.

        If the bot is a member, it posts the card as its own message, since an answer would show who asked for it. Every
        card has a label of the same shape, so no card reveals who signed.
        """
        locale = self.renderer.catalog.negotiate(interaction.locale.value)
        label = label or self.new_referral()
        if interaction.is_guild_integration() and not list(_missing(interaction)):
            if not interaction.permissions.send_messages:
                why_not: Message | None = Message("discord.may_not_write")
            else:
                why_not = await self._post_card(interaction, slug, label)
            await reply.tell(
                DiscordMessage.plain(self.renderer.catalog.words(why_not or Message("discord.passed_on"), locale))
            )
            return
        card = Card(Platform.DISCORD, "", "", slug, label, locale, "", self.cards.clock())
        await reply.publish((await self._draw(card))[1])

    async def follow(self, interaction: discord.Interaction, reply: InteractionReply) -> None:
        """Handle `/petition milestones`: turn milestone posts in this channel on, or off if they are on."""
        if await reply.begin():
            locale = self.renderer.catalog.negotiate(interaction.locale.value)
            message = self._no_follower(interaction) or await self._toggle_following(interaction)
            await reply.show(DiscordMessage.plain(self.renderer.catalog.words(message, locale)))

    def _no_follower(self, interaction: discord.Interaction) -> Message | None:
        missing = tuple(_missing(interaction))
        cannot = Message("discord.missing", {"permissions": missing}) if missing else None
        return self._not_manager(interaction) or cannot

    async def _toggle_following(self, interaction: discord.Interaction) -> Message:
        server, channel = str(interaction.guild_id), str(interaction.channel_id)
        before = await self.threads.run(self.milestones.follower, Platform.DISCORD, server)
        if before and before.channel == channel:
            await self.threads.run(self.milestones.unfollow, Platform.DISCORD, server)
            return Message("discord.milestones_off")
        community = await self._community(interaction)
        locale = community.locale or self._language(interaction)
        follower = Follower(Platform.DISCORD, server, channel, community.label, locale)
        await self.threads.run(self.milestones.follow, follower)
        return Message("discord.milestones_on")

    async def refresh_forever(self) -> None:
        """Keep the counts on all cards current."""
        await self.fresh.forever(_queue_key, self._edit)

    async def refresh(self) -> None:
        """Queue what is due now in its channel's queue."""
        await self.fresh.look(_queue_key, self._edit)

    async def _edit(self, card: Card) -> bool:
        """Draw a card again; False if it is gone."""
        digest, message = await self._draw(card)
        try:
            await self.http.edit_message(card.chat, card.message, params=_parameters(message))
        except discord.HTTPException as refusal:
            return await self._record_refusal(card, refusal)
        await self.threads.run(self.cards.record_refreshed, card, digest)
        return True

    async def _record_refusal(self, card: Card, refusal: discord.HTTPException) -> bool:
        """Record that a card can't be edited now; False if it never can."""
        if refusal.code in (Refusal.UNKNOWN_CHANNEL, Refusal.UNKNOWN_MESSAGE):
            log.info("a card is no longer refreshed: %s", Refusal(refusal.code).name.lower().replace("_", " "))
            await self.threads.run(self.cards.forget, card)
            return False
        if card.refused_at is None:
            level = logging.INFO if refusal.code in GONE else logging.WARNING
            log.log(level, "a card was not refreshed: status %s, code %s", refusal.status, refusal.code)
        await self.threads.run(self.cards.record_refused, card, FORGET_AFTER if refusal.code in GONE else None)
        return True

    async def _draw(self, card: Card) -> tuple[str, DiscordMessage]:
        """The digest of what the card should show now, and the card."""
        digest, view = await self.fresh.draw((card.petition, card.locale))
        return digest, self.renderer.card(view, card.label)

    def _language(self, interaction: discord.Interaction) -> str:
        """The server's language; empty without Discord's Community features, since then it appears to be English."""
        guild = interaction.guild
        says_so = guild is not None and "COMMUNITY" in guild.features
        return self.renderer.catalog.negotiate(str(interaction.guild_locale)) if says_so else ""


def _queue_key(card: Card) -> tuple[str, str]:
    return ("card", card.chat)


def _parameters(message: DiscordMessage) -> MultipartParameters:
    return MultipartParameters(message.content(), None, None)


def _missing(interaction: discord.Interaction) -> Iterator[Message]:
    """The permissions that a card needs and the bot lacks in this channel."""
    allowed, channel = interaction.app_permissions, interaction.channel
    if not allowed.view_channel:
        yield Message("discord.may_view")
    if channel is not None and channel.type in _THREADS:
        if not allowed.send_messages_in_threads:
            yield Message("discord.may_send_in_threads")
    elif not allowed.send_messages:
        yield Message("discord.may_send")

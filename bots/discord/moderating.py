"""Carries out `/moderate`, a command of its own that Discord offers only to those who moderate a server."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import discord
from discord import ChannelType

from bots.discord import moderator_commands as names
from bots.discord import text
from bots.discord.commands import PETITION, Invocation
from bots.discord.limits import LONGEST_OPTION, cut_to
from bots.discord.message import DiscordMessage
from bots.discord.places import ANNOUNCEMENTS, closed_in, kind_of, missing
from bots.discord.posting import Posting
from bots.discord.replies import GONE, InteractionReply
from bots.discord.servers import Servers
from core.conversation.screen import Line, Style, View
from core.messages import Message
from core.outreach.milestones import Follower
from core.platforms import Platform
from core.services.community import MOST_LISTED, report
from core.services.milestones import MilestoneService

ModeratorOrder: TypeAlias = Callable[[discord.Interaction, Invocation, str], Coroutine[Any, Any, Message]]


@dataclass(frozen=True, slots=True)
class ChosenChannel:
    """A channel that a moderator named or is in, with the moderator's permissions there, and ours if they are known."""

    id: str
    kind: ChannelType
    permissions: discord.Permissions
    ours: discord.Permissions | None


@dataclass(frozen=True)
class Moderating:
    """Carries out the orders of moderators. Discord decides who they are; their managers can change that."""

    servers: Servers
    posting: Posting
    milestones: MilestoneService

    async def handle(
        self, interaction: discord.Interaction, reply: InteractionReply, order: Invocation, slug: str
    ) -> None:
        """Carry out an order and answer, which only the moderator sees."""
        locale = self.servers.renderer.catalog.negotiate(interaction.locale.value)
        if order.name == names.COMMUNITY:
            await reply.show(self.servers.renderer.render(await self._report(interaction, slug, locale)))
        # Acknowledge first: Discord accepts that once, so an interaction that arrives twice takes effect once.
        elif await reply.begin():
            words = await self._orders[order.name](interaction, order, slug)
            await reply.show(DiscordMessage.plain(self.servers.renderer.catalog.words(words, locale)))

    @property
    def _orders(self) -> Mapping[str, ModeratorOrder]:
        return {
            names.POST: self._post, names.REMOVE: self._remove, names.SHARE: self._share,
            names.LANGUAGE: self._choose_language, names.MILESTONES_ON: self._follow,
            names.MILESTONES_OFF: self._unfollow, names.MILESTONES_STATUS: self._milestones_status,
        }  # fmt: skip

    async def _report(self, interaction: discord.Interaction, slug: str, locale: str) -> View:
        """Count the signatures through this server."""
        servers, petitions = self.servers, self.servers.renderer.petitions
        chosen = {slug: petitions[slug]} if slug in petitions else petitions
        label = await servers.label(interaction)
        screen = await servers.threads.run(report, servers.fresh.queries, chosen, label, locale, servers.cards.clock())
        if len(chosen) > MOST_LISTED:
            screen = replace(screen, parts=(*screen.parts, Line(Message("discord.community_which"), Style.NOTE)))
        return View(screen, locale)

    async def _post(self, interaction: discord.Interaction, order: Invocation, slug: str) -> Message:
        return await self.posting.post(interaction, slug, publish=_wants(order, names.PUBLISH))

    async def _remove(self, interaction: discord.Interaction, order: Invocation, slug: str) -> Message:
        """Remove the cards of this channel, or those of a petition that the moderator named."""
        servers, channel = self.servers, str(interaction.channel_id)
        posted = await servers.threads.run(servers.cards.posted, Platform.DISCORD, channel)
        cards = [card for card in posted if not order.options.get(PETITION) or card.petition == slug]
        if not cards:
            return Message("discord.no_card")
        if len({card.petition for card in cards}) > 1:
            return Message("discord.remove_which")
        removed = [await servers.remove(card) for card in cards]
        return Message("discord.removed", {"count": len(cards)}) if all(removed) else Message("discord.not_removed")

    async def _share(self, interaction: discord.Interaction, order: Invocation, _: str) -> Message:
        """Choose who may post cards."""
        allowed = order.options.get(names.WHO) == names.MEMBERS
        await self.servers.community(interaction, named=True)
        server = str(interaction.guild_id)
        cards = self.servers.cards
        await self.servers.threads.run(lambda: cards.set_members_post(Platform.DISCORD, server, allowed=allowed))
        return Message("discord.members_may_post" if allowed else "discord.moderators_may_post")

    async def _choose_language(self, interaction: discord.Interaction, order: Invocation, _: str) -> Message:
        """Choose the language of this server's cards and milestone posts."""
        typed = order.options.get(names.LANGUAGE_OPTION, "")
        own_names = names.language_names(self.servers.renderer.catalog)
        codes = [code for code, own in own_names.items() if typed.casefold() in (code.casefold(), own.casefold())]
        if not codes:
            return Message("discord.language_unknown", {"language": text.escaped(cut_to(typed, LONGEST_OPTION))})
        await self.servers.community(interaction, named=True)
        server = str(interaction.guild_id)
        await self.servers.threads.run(self.servers.cards.set_locale, Platform.DISCORD, server, codes[0])
        return Message("discord.language_set", {"language": own_names[codes[0]]})

    async def _follow(self, interaction: discord.Interaction, order: Invocation, _: str) -> Message:
        """Post milestones in a channel from now on."""
        place, publish = _chosen(interaction, order), _wants(order, names.PUBLISH)
        obstacle = await self._why_not_follow(place, publish=publish)
        if obstacle:
            return obstacle
        community = await self.servers.community(interaction, named=True)
        locale = self.servers.language(interaction, community)
        server = str(interaction.guild_id)
        follower = Follower(Platform.DISCORD, server, place.id, community.label, locale, publish)
        await self.servers.threads.run(self.milestones.follow, follower)
        return _following(follower)

    async def _why_not_follow(self, place: ChosenChannel, *, publish: bool) -> Message | None:
        if publish and place.kind is not ANNOUNCEMENTS:
            return Message("discord.cannot_publish_here")
        if missing(place.permissions, place.kind):
            return Message("discord.may_not_choose", {"channel": _mention(place.id)})
        if place.ours is not None and (lacking := missing(place.ours, place.kind)):
            return Message("discord.missing", {"permissions": lacking})
        try:
            await self.servers.http.send_typing(int(place.id))  # only a call shows what the bot may do in there
        except discord.HTTPException as refusal:
            if refusal.code not in GONE:
                return Message("discord.refused_in", {"channel": _mention(place.id)})
            return closed_in(place.kind, _mention(place.id))
        return None

    async def _unfollow(self, interaction: discord.Interaction, _order: Invocation, _slug: str) -> Message:
        server = str(interaction.guild_id)
        await self.servers.threads.run(self.milestones.unfollow, Platform.DISCORD, server)
        return Message("discord.milestones_off")

    async def _milestones_status(self, interaction: discord.Interaction, _order: Invocation, _slug: str) -> Message:
        server = str(interaction.guild_id)
        follower = await self.servers.threads.run(self.milestones.follower, Platform.DISCORD, server)
        return _following(follower) if follower else Message("discord.milestones_off")


def _following(follower: Follower) -> Message:
    key = "discord.milestones_published" if follower.publish else "discord.milestones_on"
    return Message(key, {"channel": _mention(follower.channel)})


def _chosen(interaction: discord.Interaction, order: Invocation) -> ChosenChannel:
    """The channel that the moderator named, or else the one that they are in, of which Discord tells us more."""
    data: Any = interaction.data
    number = order.options.get(names.CHANNEL, "")
    found = data.get("resolved", {}).get("channels", {}).get(number)
    if found is None:
        here = str(interaction.channel_id)
        return ChosenChannel(here, kind_of(interaction), interaction.permissions, interaction.app_permissions)
    kind = discord.enums.try_enum(ChannelType, found["type"])
    return ChosenChannel(number, kind, discord.Permissions(int(found["permissions"])), None)


def _wants(order: Invocation, name: str) -> bool:
    return order.options.get(name) == str(True)


def _mention(channel: str) -> str:
    return f"<#{channel}>"

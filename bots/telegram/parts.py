"""Builds the parts of the surface that bring cards to channels and into chats that the bot doesn't see."""

from __future__ import annotations

from dataclasses import dataclass

from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.services import Services
from bots.telegram.calls import Calls
from bots.telegram.channel_posts import ChannelPosts
from bots.telegram.channel_requests import ChannelRequests
from bots.telegram.channels import Channels
from bots.telegram.choosing import ChannelChoosers
from bots.telegram.groups import Groups
from bots.telegram.inline import Inline
from bots.telegram.inline_cards import InlineCardRefresher
from bots.telegram.renderer import TelegramRenderer
from core.services.inline_cards import InlineCardService


@dataclass(frozen=True)
class PartBuilder:
    """The services, the way to call Telegram, and the queue for answers, which these parts share."""

    services: Services
    calls: Calls
    threads: ServiceThreads
    renderer: TelegramRenderer
    queue: PerChatQueue

    def inline(self) -> Inline:
        """Inline mode, with the cards that are kept current."""
        services = self.services
        cards = InlineCardService(services.signing.work, services.queries, services.cards.clock)
        refresher = InlineCardRefresher(self.calls, self.threads, services.queries, cards, self.renderer, self.queue)
        return Inline(self.calls, services.signing, cards, refresher, self.threads, self.renderer, self.queue)

    def channels(self, groups: Groups) -> tuple[Channels, ChannelRequests]:
        """The handlers of channels, and of the private chats with their administrators."""
        posts = ChannelPosts(self.calls, self.threads, self.services.signing, self.renderer, groups.cards)
        choosers = ChannelChoosers()
        channels = Channels(self.calls, self.threads, self.queue, posts, groups.milestones, choosers)
        return channels, ChannelRequests(self.calls, self.queue, posts, choosers)

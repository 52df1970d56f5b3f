"""Puts the handlers for groups together."""

from __future__ import annotations

from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.delivery.fresh_cards import FreshCards
from bots.services import Services
from bots.telegram.chat_kinds import ChatKinds
from bots.telegram.delivery import Delivery
from bots.telegram.ephemeral import EphemeralMessages
from bots.telegram.group_administration import GroupAdministration
from bots.telegram.group_answers import GroupAnswers
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_screens import GroupScreens
from bots.telegram.group_signing import GroupSigning
from bots.telegram.groups import Groups
from bots.telegram.renderer import TelegramRenderer
from core.platforms import Platform
from core.services.milestones import MilestoneService


def groups_and_signing(
    services: Services, threads: ServiceThreads, queue: PerChatQueue, renderer: TelegramRenderer, delivery: Delivery,
    ephemeral: EphemeralMessages,
) -> tuple[Groups, GroupSigning]:  # fmt: skip
    """The handlers of commands in groups, and those of the conversations there that only one member sees."""
    calls, clock, milestones = ephemeral.calls, services.cards.clock, MilestoneService(services.signing)
    fresh = FreshCards(
        Platform.TELEGRAM, services.signing.published, threads, services.cards, services.queries, queue,
        renderer.card,
    )  # fmt: skip
    cards = GroupCards(
        calls, threads, services.cards, renderer, fresh,
        lambda chat: services.community_label(Platform.TELEGRAM, chat), milestones, ChatKinds(calls),
    )  # fmt: skip
    answers = GroupAnswers(calls, cards, ephemeral, renderer, clock)
    screens = GroupScreens(ephemeral, calls, renderer, delivery, cards.unposted)
    signing = GroupSigning(services.signing, threads, screens, queue, cards, renderer)
    administration = GroupAdministration(cards, answers, services.signing.languages)
    groups = Groups(
        calls, threads, services.queries, renderer, queue, cards, answers, milestones, clock, administration
    )  # fmt: skip
    return groups, signing

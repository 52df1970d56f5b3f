"""Sentences to moderators on Discord, and to members who post cards."""

from __future__ import annotations

from core.messages import Message
from tests.screens.moderating import ANSWERS
from tests.screens.studio import DISCORD, Studio

_CARD = {"link": "https://discord.com/channels/1/2/3"}
_NEWS = {"channel": "<#3>"}
_MAY_VIEW, _MAY_CONNECT, _MAY_SEND, _IN_THREADS = (
    Message(f"discord.may_{what}") for what in ("view", "connect", "send", "send_in_threads")
)


def cards(studio: Studio) -> None:
    """Answers to those who post cards or remove them."""
    for title, message in (
        ("/moderate post", Message("discord.posted")),
        ("/moderate post, published", Message("discord.published")),
        ("/moderate post, where Discord doesn't publish it", Message("discord.not_published")),
        ("/moderate post publish, elsewhere", Message("discord.cannot_publish_here")),
        ("/moderate post where the card already is", Message("discord.above", _CARD)),
        ("/moderate post, with several petitions", Message("discord.which")),
        ("The bot may not post", Message("discord.missing", {"permissions": (_MAY_VIEW, _MAY_SEND)})),
        ("The bot may not post in a thread", Message("discord.missing", {"permissions": (_IN_THREADS,)})),
        ("The bot may not post in a voice channel", Message("discord.missing", {"permissions": (_MAY_CONNECT,)})),
        ("The bot was not added to a private thread", Message("discord.not_in_thread")),
        ("Discord refuses", Message("discord.refused")),
        ("“Sources of this petition”, on another message", Message("discord.not_a_card")),
        ("/moderate remove", Message("discord.removed", {"count": 1})),
        ("/moderate remove, with cards of members", Message("discord.removed", {"count": 3})),
        ("/moderate remove, without a card", Message("discord.no_card")),
        ("/moderate remove, with several petitions", Message("discord.remove_which")),
        ("/moderate community, below the first of many petitions", Message("discord.community_which")),
        ("/moderate remove, in a locked thread", Message("discord.not_removed")),
        ("“Post it here”, by a member who may not write", Message("discord.may_not_write")),
        ("“Post it here”, where only moderators post", Message("discord.moderators_post")),
        ("“Post it here”, where the card is", Message("discord.moderators_card", _CARD)),
        ("“Post it here”, twice on one day", Message("discord.posted_today")),
    ):
        studio.sentence(DISCORD, ANSWERS, title, message)


def choices(studio: Studio) -> None:
    """Answers to moderators who choose who posts, in which language, and where."""
    missing = Message("discord.missing_in", {**_NEWS, "permissions": (_MAY_VIEW, _MAY_SEND)})
    for title, message in (
        ("/moderate share, all members", Message("discord.members_may_post")),
        ("/moderate share, only moderators", Message("discord.moderators_may_post")),
        ("/moderate language", Message("discord.language_set", {"language": "Español"})),
        ("/moderate language, an unknown one", Message("discord.language_unknown", {"language": "Klingon"})),
        ("/moderate milestones on", Message("discord.milestones_on", _NEWS)),
        ("/moderate milestones on, published", Message("discord.milestones_published", _NEWS)),
        ("/moderate milestones off", Message("discord.milestones_off")),
        ("/moderate milestones on, not yours", Message("discord.may_not_choose", _NEWS)),
        ("/moderate milestones on, where the bot may not post", missing),
        ("/moderate milestones on, in another private thread", Message("discord.not_in_that_thread", _NEWS)),
        ("/moderate milestones on, where Discord refuses", Message("discord.refused_in", _NEWS)),
    ):
        studio.sentence(DISCORD, ANSWERS, title, message)

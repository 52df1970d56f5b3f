"""Screens in Telegram groups and channels: refusals, hints below a member's screens, and what administrators read."""

from __future__ import annotations

from core.messages import Command, Message
from tests.screens.studio import TELEGRAM, Studio

GROUPS, CHANNELS, INLINE = "In a group", "In a channel", "In any chat"
_TITLE = {"title": "Elm News"}


def groups(studio: Studio) -> None:
    """Draw the answers to a member of a group, some of which nobody else sees."""
    community = {"command": Command("community", is_signers=True)}
    for title, message in (
        ("/help", Message("telegram.group_help")),
        ("/community, by a member", Message("telegram.administrators_only", community)),
        ("/community, while Telegram is silent", Message("telegram.administrators_unknown", community)),
        ("/milestone", Message("telegram.milestone_how")),
        ("In private, where the bot may not write", Message("telegram.cannot_write", {"group": "Elm Street"})),
        ("Below a question", Message("telegram.reply")),
        ("A button below a screen", Message("telegram.continue_privately")),
        ("A button below the receipt", Message("telegram.keep_receipt")),
    ):
        studio.sentence(TELEGRAM, GROUPS, title, message)


def channels(studio: Studio) -> None:
    """Draw the private answers to the administrator of a channel."""
    command = {"command": Command("petitions", is_signers=True)}
    milestone = _TITLE | {"command": Command("milestone on", is_signers=True)}
    for title, message in (
        ("The bot has become an administrator", Message("channel.offer", _TITLE)),
        ("The same, with several petitions", Message("channel.which", _TITLE)),
        ("A button: post", Message("channel.post")),
        ("A button: not now", Message("channel.not_now")),
        ("After “Not now”", Message("channel.dismissed")),
        ("Posted", Message("channel.posted", _TITLE)),
        ("Asked for again at once", Message("channel.standing", _TITLE)),
        ("Without the right to post", Message("channel.refused", _TITLE)),
        ("Not an administrator there", Message("channel.not_in")),
        ("The petition is gone", Message("channel.gone", command)),
        ("To choose a channel", Message("channel.request")),
        ("Its button", Message("channel.choose")),
        ("/count or /help", Message("channel.help", milestone)),
        ("/milestone on", Message("channel.milestone_on", _TITLE)),
        ("/milestone off", Message("channel.milestone_off", _TITLE)),
        (
            "/milestone",
            Message("channel.milestone_how", milestone),
        ),
    ):
        studio.sentence(TELEGRAM, CHANNELS, title, message)


def inline(studio: Studio) -> None:
    """Draw the button above the results of an inline query."""
    for title, message in (
        ("The button above the petitions", Message("inline.open")),
        ("The button when nothing fits", Message("inline.none")),
    ):
        studio.sentence(TELEGRAM, INLINE, title, message)

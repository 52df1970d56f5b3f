"""The style of each notice: a warning only if something is wrong."""

from __future__ import annotations

from dataclasses import replace

from core.conversation.screen import Line, Style, View
from core.messages import Message

NEWS = frozenset(
    {
        "notice.welcome",
        "notice.cancelled",
        "notice.not_me",
        "notice.forgotten",
        "notice.updates_on",
        "notice.updates_off",
        "notice.no_updates",
        "notice.left",
        "notice.contact",
        "notice.not_signed",
        "notice.no_data",
        "notice.no_proof",
        "notice.proof_later",
        "cover.paused",
        "announcement.draft",
        "review.now",
    }
)
"""The notices that report success or news; all others are warnings."""


def notice_line(notice: Message) -> Line:
    """The line that shows a notice in its style."""
    return Line(notice, Style.NOTICE if notice.key in NEWS else Style.ALERT)


def with_notice(view: View, notice: Message) -> View:
    """The view with a notice above its screen."""
    return replace(view, screen=replace(view.screen, parts=(notice_line(notice), *view.screen.parts)))

"""The style of each notice: a warning only if something is wrong."""

from __future__ import annotations

from core.conversation.screen import Line, Style
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
        "cover.paused",
        "announcement.draft",
        "review.now",
    }
)
"""The notices that report success or news; all others are warnings."""


def notice_line(notice: Message) -> Line:
    """The line that shows a notice in its style."""
    return Line(notice, Style.NOTICE if notice.key in NEWS else Style.ALERT)

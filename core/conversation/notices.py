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
        "notice.whole_unseen",
        "cover.paused",
        "announcement.draft",
        "review.now",
    }
)
"""The notices that report success or news; all others are warnings."""


def notice_line(notice: Message) -> Line:
    """The line that shows a notice in its style."""
    return Line(notice, Style.NOTICE if notice.key in NEWS else Style.ALERT)


def only_news(view: View) -> View:
    """The view after a tap on a receipt, without what the receipt itself says; unchanged if there is nothing else."""
    news = tuple(
        part for part in view.screen.parts if isinstance(part, Line) and part.style in (Style.NOTICE, Style.ALERT)
    )
    is_said = view.screen.is_receipt and not view.is_stale and (news or view.data)
    return replace(view, screen=replace(view.screen, parts=news)) if is_said else view


def with_notice(view: View, notice: Message) -> View:
    """The view with a notice above its screen."""
    return replace(view, screen=replace(view.screen, parts=(notice_line(notice), *view.screen.parts)))

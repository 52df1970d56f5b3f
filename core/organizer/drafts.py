"""`/drafts`: the preview links of petitions that aren't published yet."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation.screen import Line, Part, Screen, ShareLink, Style
from core.messages import Message
from core.organizer.command import OrganizerContext, plain, sentence
from core.petition.petition import Petition


def _drafts(context: OrganizerContext) -> Screen:
    if not context.drafts:
        return sentence("drafts.none")
    heading = Line(Message("drafts.heading", {"count": len(context.drafts)}), Style.HEADING)
    entries = (part for draft in context.drafts.values() for part in _entry(draft, context.locale))
    return Screen((heading, *entries))


def _entry(draft: Petition, locale: str) -> Iterator[Part]:
    title = draft.text(locale).title
    yield ShareLink(draft.slug, "", title, Message("drafts.link", {"title": title}))
    yield Line(Message("drafts.on_discord", {"name": draft.slug}), Style.NOTE)


DRAFTS = plain("drafts", Message("command.drafts"), _drafts, noted=False, only_reads=True)

"""`/drafts`: the preview links of petitions that aren't published yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from core.conversation.paging import page_line, page_of, turning_by_order
from core.conversation.screen import Line, Part, Screen, ShareLink, Style
from core.messages import Message
from core.organizer.command import OrganizerCommand, OrganizerContext, Petitions, name_page, parse_page, sentence
from core.petition.petition import Petition

SHOWN = 8  # drafts on a page, each with its link


@dataclass(frozen=True, slots=True)
class ListDrafts:
    """Show a page (from 0) of the drafts."""

    name: ClassVar[str] = "drafts"
    page: int = 0

    @property
    def argument(self) -> str:
        """The page as people count, except for the first."""
        return name_page(self.page)


def _drafts(context: OrganizerContext, order: ListDrafts) -> Screen:
    if not context.drafts:
        return sentence("drafts.none")
    heading = Line(Message("drafts.heading", {"count": len(context.drafts)}), Style.HEADING)
    drafts, page, pages = page_of(tuple(context.drafts.values()), order.page, SHOWN)
    entries = (part for draft in drafts for part in _entry(draft, context.locale))
    return Screen((heading, *page_line(page, pages), *entries), tuple(turning_by_order(page, pages, ListDrafts)))


def _entry(draft: Petition, locale: str) -> Iterator[Part]:
    title = draft.text(locale).title
    yield ShareLink(draft.slug, "", title, Message("drafts.link", {"title": title}))
    yield Line(Message("drafts.on_discord", {"name": draft.slug}), Style.NOTE)


def _parse(argument: str, _: Petitions) -> ListDrafts:
    return ListDrafts(parse_page(argument))


DRAFTS = OrganizerCommand(ListDrafts.name, Message("command.drafts"), _parse, _drafts, noted=False, only_reads=True)
